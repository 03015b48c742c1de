// story.c - day after day: what the week needs is received, what the invoices say is sold, what the
// cancellations say comes back.
//
// Pieces of one kind and chapter (a day, or several short ones) do not depend on each other, so
// several threads tell them at once and share the commits of the lane. Between the kinds everybody
// waits.
#include "app/replay/replay.h"

#include "app/app.h"
#include "kernel/auth/actor.h"
#include "kernel/job/queue.h"
#include "kernel/secrets.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

enum { SUPPLY_LINES = 100, THREADS_MAX = 64, ARENA_MAX = 256 << 20, CHAPTER = 32 };

// ---- What each week needs -----------------------------------------------------------------------

static Date week_of(Date on)
{
    return on - (date_weekday(on) - 1);
}

static int64_t needed(const RetailInvoice *invoice, const RetailLine *line)
{
    if (line->product->is_service || invoice->is_cancellation)
        return 0;
    if (line->class == LINE_GOODS)
        return line->quantity;
    bool is_gift = invoice->customer->number.len > 0 && line->quantity > 0;
    return line->class == LINE_STOCK && (is_gift || line->quantity < 0) ? llabs(line->quantity) : 0;
}

static void need(Arena *arena, Map *week, const RetailProduct *product, int64_t quantity)
{
    SupplyLine *line = map_get(week, product->sku);
    if (!line) {
        line = NEW(arena, SupplyLine);
        line->product = product;
        map_put(week, product->sku, line);
    }
    line->quantity += quantity;
}

static void end_week(Arena *arena, Date monday, const Map *week, SupplyList *ret)
{
    Supply *supply = NULL;
    for (size_t i = 0; i < week->len; i++) {
        if (i % SUPPLY_LINES == 0) {
            supply = list_push(arena, ret);
            *supply = (Supply){ .on = monday, .number = (int)(i / SUPPLY_LINES) + 1 };
        }
        *list_push(arena, &supply->lines) = *(SupplyLine *)week->values[i];
    }
}

static void plan_supplies(const Replay *replay, SupplyList *ret)
{
    Arena *arena = replay->retail.arena;
    Map week = { .arena = arena };
    Date monday = 0;
    EACH (at, replay->retail.invoices) {
        const RetailInvoice *invoice = *at;
        if (week_of(invoice->on) != monday) {
            end_week(arena, monday, &week, ret);
            week = (Map){ .arena = arena };
            monday = week_of(invoice->on);
        }
        EACH (line, invoice->lines) {
            int64_t quantity = needed(invoice, line);
            if (quantity > 0)
                need(arena, &week, line->product, quantity);
        }
    }
    end_week(arena, monday, &week, ret);
}

// ---- Several at once ----------------------------------------------------------------------------

typedef Status (*PieceFn)(Ctx *ctx, const Piece *piece);
typedef struct Crowd {
    const Replay *replay;
    const Piece *pieces;
    size_t count;
    PieceFn fn;
    atomic_size_t next;
    atomic_bool has_failed;
    pthread_mutex_t lock;
    char words[600];  // of the first failure
} Crowd;

typedef struct Turn {
    Crowd *crowd;
    const Piece *piece;
} Turn;

static Status run_piece(Ctx *ctx, void *arg)
{
    const Turn *turn = arg;
    Tenant *tenant;
    TRY(tenant_open(ctx, turn->crowd->replay->tenant, &tenant));
    tenant_enter(ctx, tenant);
    return turn->crowd->fn(ctx, turn->piece);
}

static void note_failure(Crowd *crowd, const Ctx *ctx, const Piece *piece)
{
    Str number = piece->invoice ? piece->invoice->number : S("supply");
    pthread_mutex_lock(&crowd->lock);
    if (!crowd->has_failed)
        snprintf(crowd->words, sizeof crowd->words, STR_FMT ": %s: " STR_FMT "%s" STR_FMT,
                 STR_ARG(number), ctx->failure.code, STR_ARG(ctx->failure.message),
                 ctx->failure.problems.len ? ": " : "",
                 STR_ARG(ctx->failure.problems.len ? ctx->failure.problems.items[0].path : S("")));
    crowd->has_failed = true;
    pthread_mutex_unlock(&crowd->lock);
}

static void *work(void *arg)
{
    Crowd *crowd = arg;
    Arena arena = { .limit = ARENA_MAX };
    Random random;
    secret_random(&random.state, sizeof random.state);
    for (size_t at; (at = crowd->next++) < crowd->count && !crowd->has_failed;) {
        Ctx ctx = {
            .arena = &arena, .now = clock_now(), .random = &random, .actor = &actor_system
        };
        Turn turn = { crowd, &crowd->pieces[at] };
        if (ctx_guard(&ctx, run_piece, &turn) != OK)
            note_failure(crowd, &ctx, turn.piece);
        arena_clear(&arena);
    }
    arena_release(&arena);
    return NULL;
}

static Status tell_all(Ctx *ctx, const Replay *replay, const Piece *pieces, size_t count,
                       PieceFn fn)
{
    Crowd crowd = { .replay = replay,
                    .pieces = pieces,
                    .count = count,
                    .fn = fn,
                    .lock = PTHREAD_MUTEX_INITIALIZER };
    pthread_t threads[THREADS_MAX];
    int started = 0, wanted = (int)count < replay->threads ? (int)count : replay->threads;
    while (started < wanted && pthread_create(&threads[started], NULL, work, &crowd) == 0)
        started++;
    if (started == 0)
        work(&crowd);
    while (started > 0)
        pthread_join(threads[--started], NULL);
    return crowd.has_failed ? FAIL(ctx, E_INTERNAL, "replay.failed", "%s", crowd.words) : OK;
}

// ---- Days ---------------------------------------------------------------------------------------

typedef LIST(Piece) PieceList;

static Status tell_supplies(Ctx *ctx, const Replay *replay, const SupplyList *supplies, size_t *at,
                            Date until)
{
    PieceList pieces = { 0 };
    while (*at < supplies->len && supplies->items[*at].on <= until)
        *list_push(ctx->arena, &pieces) =
            (Piece){ .replay = replay, .supply = &supplies->items[(*at)++] };
    return tell_all(ctx, replay, pieces.items, pieces.len, replay_supply);
}

static Status tell_chapter(Ctx *ctx, const Replay *replay, size_t from, size_t until)
{
    PieceList sales = { 0 }, returns = { 0 };
    for (size_t i = from; i < until; i++) {
        const RetailInvoice *invoice = replay->retail.invoices.items[i];
        PieceList *list = invoice->is_cancellation ? &returns : &sales;
        *list_push(ctx->arena, list) = (Piece){ .replay = replay, .invoice = invoice };
    }
    TRY(tell_all(ctx, replay, sales.items, sales.len, replay_sale));
    return tell_all(ctx, replay, returns.items, returns.len, replay_return);
}

// Whole days of one week, until there is enough to tell at once.
static size_t end_of_chapter(const Replay *replay, size_t from)
{
    RetailInvoice *const *invoices = replay->retail.invoices.items;
    size_t at = from;
    while (at < replay->retail.invoices.len &&
           week_of(invoices[at]->on) == week_of(invoices[from]->on) &&
           (invoices[at]->on == invoices[at > from ? at - 1 : from]->on || at - from < CHAPTER))
        at++;
    return at;
}

static Status tell_days(Ctx *ctx, const Replay *replay, const SupplyList *supplies)
{
    size_t supplied = 0, count = replay->retail.invoices.len;
    for (size_t from = 0, until; from < count; from = until) {
        ArenaMark mark = arena_mark(ctx->arena);
        until = end_of_chapter(replay, from);
        TRY(tell_supplies(ctx, replay, supplies, &supplied,
                          replay->retail.invoices.items[from]->on));
        TRY(tell_chapter(ctx, replay, from, until));
        arena_rewind(ctx->arena, mark);
        app_progress("invoices", (int64_t)until, (int64_t)count);
    }
    return OK;
}

// Ids are made from the clock and never go back: told the time first, they stay newer than all
// others while the clock stands in the past.
Status replay_run(Ctx *ctx, Replay *replay)
{
    SupplyList supplies = { 0 };
    Time now = ctx->now;
    (void)id_next(clock_now());
    if (replay->retail.invoices.len == 0)
        return FAIL(ctx, E_INVALID, "replay.empty", "there are no invoices in the file");
    replay->threads = replay->threads < 1           ? 1
                    : replay->threads < THREADS_MAX ? replay->threads
                                                    : THREADS_MAX;
    plan_supplies(replay, &supplies);
    ctx->now = replay->retail.invoices.items[0]->at - DAY;
    Status status = replay_company(ctx, replay);
    if (status == OK)
        status = tell_days(ctx, replay, &supplies);
    ctx->now = now;
    return status;
}
