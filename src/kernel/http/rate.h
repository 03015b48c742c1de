// rate.h - how often somebody may ask: a token bucket per key. Kept in memory, per process;
// bounded, so that a flood of keys costs no more than a full table.
#pragma once

#include "kernel/http/request.h"

typedef struct RateState {
    int limit;      // tokens in a full bucket
    int remaining;  // tokens left
    int reset_s;    // until it is full again
    int retry_s;    // until the next token; 0 when one was taken
} RateState;

// Takes a token from the bucket of `key`, which refills by `per_minute` and holds `burst`, both
// above 0. E_LIMIT "rate.limit" when there is none; *ret (may be NULL) is written in either case.
// Thread-safe.
MUST_CHECK Status rate_take(Ctx *ctx, Str key, int per_minute, int burst, RateState *ret);

// RateLimit-Limit, -Remaining and -Reset (IETF draft-polli-ratelimit-headers-05) and, when refused,
// Retry-After on the answer.
void rate_headers(Ctx *ctx, const RateState *state);
