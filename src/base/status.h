// status.h - how things fail. A failure is a value: a kind, a stable code for machines, a sentence
// for people, the field concerned, and the place in our code.
//
//     TRY(stock_reserve(ctx, ...));                       // passes a failure up
//     return FAIL(ctx, E_CONFLICT, "oms.order.no_lines", "the order has no lines");
//
// The sentence is lower case, without a full stop, and says what and how much. Its format string is
// the key of its translation.
#pragma once

#include "base/list.h"
#include "base/str.h"

typedef struct Ctx Ctx;

// clang-format off
typedef enum Status {
    OK = 0,
    E_INVALID,    // the input breaks a rule                         -> 422 (400 unreadable, 413, 415)
    E_DENIED,     // the caller may not do this                      -> 403 (401 without identity)
    E_NOT_FOUND,  // nothing there, or outside what the caller sees  -> 404
    E_CONFLICT,   // a business rule or a concurrent change          -> 409 (412 for If-Match)
    E_LIMIT,      // too much or too often                           -> 429
    E_BUSY,       // unchanged and worth retrying                    -> 503
    E_INTERNAL,   // our fault; details go to the log only           -> 500
} Status;
// clang-format on

// One thing wrong with one field. `path` is the field's path in the record: "lines[2].quantity".
typedef struct Problem {
    Str path;
    const char *code;
    Str message;
} Problem;
typedef LIST(Problem) ProblemList;

typedef struct Failure {
    Status status;
    const char *code;  // "stock.short": never changes, never translated
    Str message;       // in the caller's language
    ProblemList problems;
    Str extra;  // JSON object with facts for a program (the other person's values, the shortage)
    const char *file;
    int line;
} Failure;

Status ctx_fail(Ctx *ctx, Status status, const char *code, const char *file, int line,
                const char *format, ...) PRINTF(6, 7);

// Notes a problem with a field and goes on, so that a form shows all of them at once.
// ctx_problems() then tells whether there were any: OK, or E_INVALID with all of them.
void ctx_problem(Ctx *ctx, Str path, const char *code, const char *format, ...) PRINTF(4, 5);
MUST_CHECK Status ctx_problems(Ctx *ctx);

// Forgets the failure, after it was dealt with.
void ctx_recover(Ctx *ctx);

// Starts a failure / passes one up. These are macros because they name the place and return.
#define FAIL(ctx, status, code, ...) ctx_fail(ctx, status, code, __FILE__, __LINE__, __VA_ARGS__)
#define TRY(call)                                                                                  \
    do {                                                                                           \
        Status try_ = (call);                                                                      \
        if (try_ != OK)                                                                            \
            return try_;                                                                           \
    } while (0)

const char *status_name(Status status);  // "invalid", "not_found" ...
