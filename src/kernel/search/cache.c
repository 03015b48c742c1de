// cache.c - a hash table of items in a ring, most recently used first.
//
// Loading happens outside the lock: two threads that miss the same key both load, and the second
// takes the first one's. An item is freed when it is neither in the table nor pinned.
#include "kernel/search/cache.h"

#include <assert.h>
#include <pthread.h>

enum { BUCKETS = 4096 };

typedef struct Item Item;
struct Item {
    Item *same_bucket;
    Item *newer, *older;  // the ring
    CacheKey key;
    Arena arena;
    const void *value;
    size_t bytes;
    int pins;
    bool is_listed;  // in the table
};

struct Cache {
    pthread_mutex_t lock;
    Item ring;  // ring.older is the newest item, ring.newer the oldest
    Item *buckets[BUCKETS];
    size_t bytes, limit;
};

typedef struct Pin {
    Cache *cache;
    Item *item;
} Pin;

Cache *cache_new(size_t limit_bytes)
{
    Cache *cache = calloc(1, sizeof *cache);
    assert(cache);
    pthread_mutex_init(&cache->lock, NULL);
    cache->ring.newer = cache->ring.older = &cache->ring;
    cache->limit = limit_bytes;
    return cache;
}

static Item **bucket_of(Cache *cache, const CacheKey *key)
{
    uint64_t h = (uint64_t)key->segment * UINT64_C(0x9e3779b97f4a7c15);
    h = (h ^ h >> 29 ^ key->kind) * UINT64_C(0xbf58476d1ce4e5b9);
    h = (h ^ h >> 32 ^ key->at) * UINT64_C(0x94d049bb133111eb);
    return &cache->buckets[(h >> 32) % BUCKETS];
}

static bool is_same(const CacheKey *a, const CacheKey *b)
{
    return a->segment == b->segment && a->kind == b->kind && a->at == b->at;
}

static Item *find(Cache *cache, const CacheKey *key)
{
    Item *item = *bucket_of(cache, key);
    while (item && !is_same(&item->key, key))
        item = item->same_bucket;
    return item;
}

static void ring_out(Item *item)
{
    item->newer->older = item->older;
    item->older->newer = item->newer;
}

static void ring_in(Cache *cache, Item *item)
{
    item->newer = &cache->ring;
    item->older = cache->ring.older;
    item->older->newer = item;
    cache->ring.older = item;
}

static void item_free(Item *item)
{
    arena_release(&item->arena);
    free(item);
}

static void list_out(Cache *cache, Item *item)
{
    Item **at = bucket_of(cache, &item->key);
    while (*at != item)
        at = &(*at)->same_bucket;
    *at = item->same_bucket;
    ring_out(item);
    item->is_listed = false;
    cache->bytes -= item->bytes;
    if (item->pins == 0)
        item_free(item);
}

static void list_in(Cache *cache, Item *item)
{
    Item **at = bucket_of(cache, &item->key);
    item->same_bucket = *at;
    *at = item;
    ring_in(cache, item);
    item->is_listed = true;
    cache->bytes += item->bytes;
    while (cache->bytes > cache->limit)
        list_out(cache, cache->ring.newer);
}

static void unpin(void *arg)
{
    Pin *pin = arg;
    if (!pin->item)
        return;
    pthread_mutex_lock(&pin->cache->lock);
    if (--pin->item->pins == 0 && !pin->item->is_listed)
        item_free(pin->item);
    pthread_mutex_unlock(&pin->cache->lock);
}

static Item *take(Cache *cache, const CacheKey *key)
{
    Item *item = find(cache, key);
    if (!item)
        return NULL;
    item->pins++;
    ring_out(item);
    ring_in(cache, item);
    return item;
}

// A new item that only `pin` holds, so that it goes when loading fails or unwinds.
static Item *item_new(Ctx *ctx, Pin *pin, CacheKey key)
{
    Item *item = calloc(1, sizeof *item);
    assert(item);
    item->key = key;
    item->pins = 1;
    item->arena.on_limit = ctx->arena->on_limit;
    item->arena.on_limit_arg = ctx->arena->on_limit_arg;
    pin->item = item;
    return item;
}

// Puts the loaded item into the table, or takes the one that another thread put there meanwhile.
static Item *settle(Cache *cache, Item *item)
{
    Item *other = take(cache, &item->key);
    if (other) {
        item_free(item);
        return other;
    }
    list_in(cache, item);
    return item;
}

Status cache_use(Ctx *ctx, Cache *cache, CacheKey key, CacheLoad load, const void *arg,
                 const void **ret)
{
    Pin *pin = NEW(ctx->arena, Pin);
    arena_defer(ctx->arena, unpin, pin);
    pin->cache = cache;
    pthread_mutex_lock(&cache->lock);
    pin->item = take(cache, &key);
    pthread_mutex_unlock(&cache->lock);
    if (pin->item) {
        *ret = pin->item->value;
        return OK;
    }
    size_t more = 0;
    Item *item = item_new(ctx, pin, key);
    ArenaMark mark = arena_mark(ctx->arena);
    TRY(load(ctx, &item->arena, arg, &item->value, &more));
    arena_rewind(ctx->arena, mark);
    item->arena.on_limit = NULL;
    item->bytes = sizeof *item + item->arena.used + more;
    pthread_mutex_lock(&cache->lock);
    pin->item = settle(cache, item);
    pthread_mutex_unlock(&cache->lock);
    *ret = pin->item->value;
    return OK;
}

size_t cache_bytes(Cache *cache)
{
    pthread_mutex_lock(&cache->lock);
    size_t bytes = cache->bytes;
    pthread_mutex_unlock(&cache->lock);
    return bytes;
}

void cache_clear(Cache *cache)
{
    pthread_mutex_lock(&cache->lock);
    while (cache->ring.newer != &cache->ring)
        list_out(cache, cache->ring.newer);
    pthread_mutex_unlock(&cache->lock);
}

void cache_free(Cache *cache)
{
    cache_clear(cache);
    pthread_mutex_destroy(&cache->lock);
    free(cache);
}
