// ctx.h - what code may touch of the world: memory, the clock, chance, a database, who is asking.
//
// Everything that makes two runs differ reaches code through here, so that a test can replay it. A
// Ctx belongs to one thread at a time. base/ only knows the first part; the rest are the kernel's
// own structures, which base/ never looks into.
#pragma once

#include "base/status.h"

typedef int64_t Time;  // microseconds since 1970-01-01, UTC; 0 is "none"

typedef struct Random {
    uint64_t state;
} Random;

struct Ctx {
    Arena *arena;
    Time now;        // the only clock
    Random *random;  // the only chance
    Failure failure;

    // English to the caller's language; NULL leaves English. Format strings keep their conversions.
    const char *(*translate)(const Ctx *ctx, const char *english);

    struct Tenant *tenant;    // whose books these are; NULL in the control database
    struct Conn *conn;        // the open transaction's connection; NULL outside one
    struct Actor *actor;      // who is asking; NULL only at start-up
    struct Locale *locale;    // language, formats, zone
    struct Request *request;  // the HTTP request being answered, if any
    struct Effects *effects;  // what shall happen after the commit (kernel/db/lane.h)
    uint64_t trace;           // the request's id in the log and in error answers
};

// Runs fn(ctx, arg) so that reaching the arena's cap comes back here as E_LIMIT "memory.limit"
// instead of ending the program: the only setjmp there is. Nests.
Status ctx_guard(Ctx *ctx, Status (*fn)(Ctx *ctx, void *arg), void *arg);

// Text from a translation key: the English itself, or what stands behind its context.
const char *ctx_text(const Ctx *ctx, const char *english);
const char *text_english(const char *key);
