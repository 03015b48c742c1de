// rate.c - token buckets in a fixed table.
//
// A bucket is one number: the time at which it is full again (the generic cell rate algorithm).
// Taking a token moves that time by the price of one; a request is refused when it would move
// further away than a whole bucket. A full bucket says no more than an absent one, so the table
// forgets those first: a set holds eight, and a newcomer takes the place of the one that is full
// soonest. Sets are locked by stripes.
#include "kernel/http/rate.h"

#include "base/date.h"
#include "base/number.h"

#include <assert.h>
#include <pthread.h>

enum { SETS = 8192, WAYS = 8, STRIPES = 64 };

typedef struct Bucket {
    uint64_t key;  // two hashes of it; 0 is free
    uint64_t key_too;
    Time full_at;
} Bucket;

static struct {
    Bucket buckets[SETS][WAYS];
    pthread_mutex_t locks[STRIPES];
    pthread_once_t once;
} table = { .once = PTHREAD_ONCE_INIT };

static void table_start(void)
{
    for (int i = 0; i < STRIPES; i++)
        pthread_mutex_init(&table.locks[i], NULL);
}

// A second hash, so that two keys meet in one bucket once in 2^128.
static uint64_t second_hash(Str key)
{
    uint64_t h = 0x9E3779B97F4A7C15u ^ key.len;
    for (size_t i = 0; i < key.len; i++)
        h = (h ^ (unsigned char)key.ptr[i]) * 0xC2B2AE3D27D4EB4Fu;
    return h ^ (h >> 29);
}

static Bucket *bucket_for(Bucket set[WAYS], uint64_t key, uint64_t key_too)
{
    Bucket *oldest = set;
    for (Bucket *bucket = set; bucket < set + WAYS; bucket++) {
        if (bucket->key == key && bucket->key_too == key_too)
            return bucket;
        if (bucket->full_at < oldest->full_at)
            oldest = bucket;
    }
    *oldest = (Bucket){ key, key_too, 0 };
    return oldest;
}

static int ceil_s(Time time)
{
    return (int)((time + SECOND - 1) / SECOND);
}

Status rate_take(Ctx *ctx, Str key, int per_minute, int burst, RateState *ret)
{
    assert(per_minute > 0 && per_minute <= MICRO && burst > 0);
    pthread_once(&table.once, table_start);
    Time token = MINUTE / per_minute, whole = token * burst;
    uint64_t hash = str_hash(key), hash_too = second_hash(key);
    size_t set = hash % SETS;

    pthread_mutex_lock(&table.locks[set % STRIPES]);
    Bucket *bucket = bucket_for(table.buckets[set], hash, hash_too);
    Time missing = bucket->full_at - ctx->now;
    if (missing < 0)
        missing = 0;
    if (missing > whole)  // the clock went back, or the limit was lowered
        missing = whole;
    Time wait = missing + token - whole;  // until there is a token
    if (wait <= 0)
        missing += token;
    bucket->full_at = ctx->now + missing;
    pthread_mutex_unlock(&table.locks[set % STRIPES]);

    RateState state = { .limit = burst,
                        .remaining = (int)((whole - missing) / token),
                        .reset_s = ceil_s(missing),
                        .retry_s = wait > 0 ? ceil_s(wait) : 0 };
    if (ret)
        *ret = state;
    if (wait > 0)
        return FAIL(ctx, E_LIMIT, "rate.limit", "too many requests; try again in %d s",
                    state.retry_s);
    return OK;
}

static void number_header(Ctx *ctx, const char *name, int value)
{
    respond_header(ctx, name, str_format(ctx->arena, "%d", value));
}

void rate_headers(Ctx *ctx, const RateState *state)
{
    number_header(ctx, "ratelimit-limit", state->limit);
    number_header(ctx, "ratelimit-remaining", state->remaining);
    number_header(ctx, "ratelimit-reset", state->reset_s);
    if (state->retry_s)
        number_header(ctx, "retry-after", state->retry_s);
}
