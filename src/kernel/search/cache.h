// cache.h - what was read and decoded, kept for the next query, within a limit of bytes.
//
// Segments never change, so nothing here is ever stale; the least recently used goes first. A value
// is pinned from cache_use() until the arena of the asking context is cleared or rewound: it stays
// readable that long, even when it is pushed out in between. Shared by all threads.
#pragma once

#include "base/id.h"

typedef struct Cache Cache;

typedef struct CacheKey {
    Id segment;
    uint32_t kind;
    uint64_t at;
} CacheKey;

// Makes the value in `into`, which becomes the item's own arena; temporary things go to ctx's.
// `*ret_more` may be set to bytes that the arena does not count.
typedef Status (*CacheLoad)(Ctx *ctx, Arena *into, const void *arg, const void **ret,
                            size_t *ret_more);

Cache *cache_new(size_t limit_bytes);
void cache_free(Cache *cache);  // nothing may be pinned

MUST_CHECK Status cache_use(Ctx *ctx, Cache *cache, CacheKey key, CacheLoad load, const void *arg,
                            const void **ret);

size_t cache_bytes(Cache *cache);  // what it holds now, without what is only pinned
void cache_clear(Cache *cache);
