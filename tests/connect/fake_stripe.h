// fake_stripe.h - Stripe as far as we use it, in a thread of its own: it checks what it gets,
// remembers idempotency keys, and misbehaves when told to. Its webhooks are made here and delivered
// by the test.
#pragma once

#include "kernel/wire.h"

#include <pthread.h>

enum { FAKE_MAX = 32, FAKE_TEXT = 64 };

typedef struct FakeIntent {
    char id[FAKE_TEXT], payment[FAKE_TEXT], currency[8], status[FAKE_TEXT];
    int64_t amount, received;
    bool is_refused;  // a card was, and another is awaited
    bool is_settled;  // with a balance transaction: its gross and fee, in its own currency
    int64_t gross, fee;
    char settled_in[8];
} FakeIntent;
typedef struct FakeRefund {
    char id[FAKE_TEXT], intent[FAKE_TEXT], refund[FAKE_TEXT], status[FAKE_TEXT];
    int64_t amount;
} FakeRefund;
typedef struct FakeKey {  // an idempotency key, what came with it and what was made
    char key[FAKE_TEXT], object[FAKE_TEXT];
    uint64_t body;
} FakeKey;

typedef enum FakeMood {
    FAKE_FAIR,
    FAKE_ERROR,      // 500, nothing done
    FAKE_TOO_MANY,   // 429, nothing done
    FAKE_DEAF,       // hangs up, nothing done
    FAKE_FORGETFUL,  // does it and hangs up: the answer is lost
    FAKE_REFUSES,    // 400 for good
    FAKE_SLOW_BANK,  // refunds stay pending
    FAKE_SLOW,       // does it, and answers when nobody waits any more
} FakeMood;

typedef struct FakeStripe {
    int port, listen_fd, stop[2];
    pthread_t thread;
    pthread_mutex_t lock;
    FakeMood moods[FAKE_MAX];  // of the next requests, in order; then fair
    int mood_count, mood_at;
    FakeIntent intents[FAKE_MAX];
    FakeRefund refunds[FAKE_MAX];
    FakeKey keys[FAKE_MAX];
    int intent_count, refund_count, key_count, request_count;
    char complaint[200];  // the first thing that was wrong with a request; "" when all was well
} FakeStripe;

extern const char *const fake_secret_key, *const fake_webhook_secret;

void fake_stripe_open(FakeStripe *fake);
void fake_stripe_close(FakeStripe *fake);
void fake_stripe_mood(FakeStripe *fake, FakeMood mood);  // of a further request
Str fake_stripe_url(Arena *arena, const FakeStripe *fake);

// The customer does something; nobody is told.
void fake_pays(FakeStripe *fake, int intent, int64_t received);
void fake_card_refused(FakeStripe *fake, int intent);
// Some time later Stripe knows what it keeps: of `gross`, in the currency it settles in.
void fake_settles(FakeStripe *fake, int intent, const char *currency, int64_t gross, int64_t fee);
void fake_refund_done(FakeStripe *fake, int refund);

// The event about the object as it stands, and the value of its signature header.
Str fake_intent_event(Ctx *ctx, FakeStripe *fake, int intent, const char *type);
Str fake_refund_event(Ctx *ctx, FakeStripe *fake, int refund, const char *type);
Str fake_dispute_event(Ctx *ctx, FakeStripe *fake, int intent, const char *type,
                       const char *status);
Str fake_signature(Ctx *ctx, const char *secret, Time at, Str body);
