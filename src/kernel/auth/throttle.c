// throttle.c - slowing down guessers: after a few failures for one login or one address, further
// tries are refused for a while that doubles. In memory, bounded, forgotten after an hour; a
// correct password clears the login's.
#include "kernel/auth/throttle.h"

#include <pthread.h>

enum { SLOTS = 4096, FREE_TRIES_LOGIN = 5, FREE_TRIES_ADDRESS = 30, WAIT_MAX_S = 900 };

typedef struct Slot {
    uint64_t key;
    int failures;
    Time last;
} Slot;

static Slot slots[SLOTS];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

// Two places for each key; the older one gives way.
static Slot *slot_of(uint64_t key, Time now)
{
    Slot *a = &slots[key % SLOTS], *b = &slots[(key >> 32) % SLOTS];
    if (a->key == key || b->key == key)
        return a->key == key ? a : b;
    Slot *older = a->last <= b->last ? a : b;
    *older = (Slot){ .key = key, .last = now };
    return older;
}

static int64_t wait_s(const Slot *slot, int free_tries, Time now)
{
    int over = slot->failures - free_tries;
    if (over < 0 || now - slot->last > HOUR)
        return 0;
    int64_t wait = over > 9 ? WAIT_MAX_S : (int64_t)2 << over;
    int64_t left = wait - (now - slot->last) / SECOND;
    return left > 0 ? left : 0;
}

static uint64_t key_of(const char *kind, Str value)
{
    return str_hash(value) * 31 + str_hash(str_from(kind));
}

Status throttle_check(Ctx *ctx, Str login, Str address)
{
    pthread_mutex_lock(&lock);
    int64_t a = wait_s(slot_of(key_of("login", login), ctx->now), FREE_TRIES_LOGIN, ctx->now);
    int64_t b = wait_s(slot_of(key_of("address", address), ctx->now), FREE_TRIES_ADDRESS, ctx->now);
    pthread_mutex_unlock(&lock);
    int64_t wait = a > b ? a : b;
    if (wait == 0)
        return OK;
    Status status = FAIL(ctx, E_LIMIT, "login.throttled",
                         "too many wrong tries; try again in %lld seconds", (long long)wait);
    ctx->failure.extra = str_format(ctx->arena, "{\"retry_after\":%lld}", (long long)wait);
    return status;
}

static void note(uint64_t key, Time now)
{
    Slot *slot = slot_of(key, now);
    slot->failures = now - slot->last > HOUR ? 1 : slot->failures + 1;
    slot->last = now;
}

void throttle_failed(Ctx *ctx, Str login, Str address)
{
    pthread_mutex_lock(&lock);
    note(key_of("login", login), ctx->now);
    if (address.len)
        note(key_of("address", address), ctx->now);
    pthread_mutex_unlock(&lock);
}

void throttle_passed(Ctx *ctx, Str login)
{
    pthread_mutex_lock(&lock);
    slot_of(key_of("login", login), ctx->now)->failures = 0;
    pthread_mutex_unlock(&lock);
}
