// db.h - SQL from C: literal text with $1 parameters, values bound by their C type, rows scanned
// into typed variables. The same statements run on SQLite and PostgreSQL; the shared dialect is
// described in docs/database.md.
//
//     Rows *rows = db_query(ctx, SQL("SELECT id, number, total FROM sales_order"
//                                    " WHERE customer_id = $1 ORDER BY id LIMIT 50", customer));
//     while (rows_next(rows, &id, &number, &total))
//         ...
//     TRY(rows_end(rows));
//
// SQL() accepts a literal only, so a statement can never be glued together from input, and a C type
// that has no column type (a double, say) does not compile. Each connection keeps the statements
// that were used last prepared.
//
// Everything here needs ctx->conn: inside a lane (kernel/db/lane.h) it is the lane's connection,
// inside db_read() a snapshot. Text and rows live in ctx's arena; there is nothing to close.
#pragma once

#include "kernel/db/args.h"
#include "kernel/entity/entity.h"

// clang-format off
typedef enum ArgType { ARG_NULL, ARG_INT, ARG_TEXT, ARG_BYTES,
                       ARG_CODE,  // up to 7 bytes of text, kept in `number` itself
} ArgType;
typedef struct Arg { ArgType type; int64_t number; Str text; } Arg;
typedef struct Query { const char *text; const Arg *args; int count;
                       bool is_kept;  // few rows, often asked for: see db_query()
} Query;

typedef enum OutType { OUT_INT64, OUT_INT32, OUT_INT16, OUT_BOOL, OUT_TEXT, OUT_CURRENCY, OUT_MAYBE64,
                       OUT_BYTES } OutType;
typedef struct Out { OutType type; void *at; } Out;
// clang-format on
typedef struct Rows Rows;

#define SQL(text, ...) ((Query){ "" text, SQL_ARGS(__VA_ARGS__), ARG_COUNT(__VA_ARGS__) })
#define SQL_ARGS(...)  ((const Arg[ARG_COUNT(__VA_ARGS__) + 1]){ ARG_EACH(ARG, __VA_ARGS__) })
#define SQL_OUTS(...)  ((const Out[ARG_COUNT(__VA_ARGS__) + 1]){ ARG_EACH(OUT, __VA_ARGS__) })

// ---- Reading ------------------------------------------------------------------------------------

// Rows of a query that `is_kept` may be kept in memory by the connection, and given again to those
// who ask the same on a later snapshot, until anything at all is committed; on SQLite they are.
Rows *db_query(Ctx *ctx, Query query);
#define rows_next(rows, ...) rows_next_((rows), SQL_OUTS(__VA_ARGS__), ARG_COUNT(__VA_ARGS__))
bool rows_next_(Rows *rows, const Out *outs, int count);
MUST_CHECK Status rows_end(Rows *rows);  // after the loop: did it end, or break?

// Exactly the first row; E_NOT_FOUND "db.no_row" when there is none.
#define db_one(ctx, query, ...)                                                                    \
    db_one_((ctx), (query), SQL_OUTS(__VA_ARGS__), ARG_COUNT(__VA_ARGS__))
MUST_CHECK Status db_one_(Ctx *ctx, Query query, const Out *outs, int count);

// The first row if there is one; *found says.
#define db_maybe(ctx, query, found, ...)                                                           \
    db_maybe_((ctx), (query), (found), SQL_OUTS(__VA_ARGS__), ARG_COUNT(__VA_ARGS__))
MUST_CHECK Status db_maybe_(Ctx *ctx, Query query, bool *found, const Out *outs, int count);

// ---- Writing (in a lane only) -------------------------------------------------------------------

// Sent and not waited for: on PostgreSQL a whole action is one round trip. Its failure comes out at
// the next read or at the member's end. Use this unless the answer matters.
MUST_CHECK Status db_write(Ctx *ctx, Query query);
// Waited for; how many rows it changed.
MUST_CHECK Status db_change(Ctx *ctx, Query query, int64_t *ret_changed);
// Waits for everything sent and reports the first failure.
MUST_CHECK Status db_flush(Ctx *ctx);

// A part that may fail without spoiling the rest: undone alone when fn fails, whose status comes
// back. For steps whose refusal is an answer and not the end of the action.
MUST_CHECK Status db_try(Ctx *ctx, Status (*fn)(Ctx *ctx, void *arg), void *arg);
// A part with an end of its own (its audit rows, its events) that is undone only with what is
// around it: where fn fails, the caller must fail, too. For many records of one kind under one
// db_try(), since a savepoint costs as much as writing a record.
MUST_CHECK Status db_part(Ctx *ctx, Status (*fn)(Ctx *ctx, void *arg), void *arg);

// A stable copy of a statement that const tables shape (one a table, one a field), kept for the
// life of the program. Never for a text that a request shapes: that one lives in the request's
// arena, and each connection keeps the statements prepared that were used last.
const char *sql_intern(Str text);
size_t sql_interned(void);  // how many are kept

// ---- How C types become SQL values --------------------------------------------------------------

static inline Arg arg_int(int64_t v)
{
    return (Arg){ .type = ARG_INT, .number = v };
}
static inline Arg arg_text(Str v)
{
    return (Arg){ .type = ARG_TEXT, .text = v };
}
static inline Arg arg_c(const char *v)
{
    return arg_text(str_from(v));
}
static inline Arg arg_money(Money v)
{
    return arg_int(v.minor);
}
static inline Arg arg_price(Price v)
{
    return arg_int(v.micro);
}
static inline Arg arg_qty(Qty v)
{
    return arg_int(v.micro);
}
static inline Arg arg_rate(Rate v)
{
    return arg_int(v.micro);
}
static inline Arg arg_fx(Fx v)
{
    return arg_int(v.nano);
}
static inline Arg arg_bytes(Bytes v)
{
    return (Arg){ .type = ARG_BYTES, .text = v.bytes };
}
static inline Arg arg_same(Arg v)
{
    return v;
}
Arg arg_currency(CurrencyCode v);

// An id, day or instant whose 0 means "none" goes into a nullable column as NULL.
static inline Arg arg_opt(int64_t v)
{
    return v ? arg_int(v) : (Arg){ .type = ARG_NULL };
}
static inline Arg arg_maybe_qty(MaybeQty v)
{
    return v.known ? arg_int(v.value.micro) : (Arg){ .type = ARG_NULL };
}

// clang-format off
#define ARG(v) _Generic((v), bool: arg_int, int: arg_int, unsigned: arg_int, int16_t: arg_int, \
    int64_t: arg_int, size_t: arg_int, Str: arg_text, const char *: arg_c, char *: arg_c, \
    Money: arg_money, Price: arg_price, Qty: arg_qty, Rate: arg_rate, Fx: arg_fx, \
    CurrencyCode: arg_currency, Bytes: arg_bytes, MaybeQty: arg_maybe_qty, Arg: arg_same)(v)
// A reference, day or instant that may be absent: OPT(order.customer).
#define OPT(v) arg_opt(v)

#define OUT(p) ((Out){ _Generic((p), int64_t *: OUT_INT64, Money *: OUT_INT64, Price *: OUT_INT64, Qty *: OUT_INT64, \
    Fx *: OUT_INT64, Rate *: OUT_INT32, int32_t *: OUT_INT32, unsigned *: OUT_INT32, int16_t *: OUT_INT16, \
    bool *: OUT_BOOL, Str *: OUT_TEXT, CurrencyCode *: OUT_CURRENCY, MaybeInt *: OUT_MAYBE64, \
    MaybeMoney *: OUT_MAYBE64, MaybePrice *: OUT_MAYBE64, MaybeQty *: OUT_MAYBE64, Bytes *: OUT_BYTES), (p) })
// clang-format on
