// test_stock_value.c - stock's worth through the real moves and tables: the published cases and
// walks, and the law that a chain's worth is that of its days, in whatever order its entries were
// written.
#include "modules/stockroom.h"
#include "modules/valuation.h"

#include "modules/inventory/stock.h"

// ---- Playing a case -----------------------------------------------------------------------------

typedef struct Played {
    Str ref;
    Id move;
    bool is_in;
} Played;

typedef struct Play {
    Stockroom *room;
    const ValuationCase *c;
    const Walk *walk;
    Id variant, warehouse;
    LIST(Played) steps;
    Date on;
    LIST(CaseStep) todo;
    size_t done;
    const WalkCheck *check;
    int64_t issues;  // since the stock was last empty
} Play;

enum { STEPS_AT_ONCE = 2 };

static Id move_as(const Play *play, Str ref)
{
    EACH (step, play->steps)
        if (str_eq(step->ref, ref))
            return step->move;
    test_fail(__FILE__, __LINE__, "no step '" STR_FMT "'", STR_ARG(ref));
    return 0;
}

static Status move(Ctx *ctx, Play *play, MoveKind kind, Id from, Id to, const CaseStep *step)
{
    MoveDone done;
    MoveSpec spec = { .variant = play->variant,
                      .kind = kind,
                      .from = from,
                      .to = to,
                      .quantity = step->quantity,
                      .unit_cost = step->cost,
                      .at_rate = step->at_rate,
                      .reverses = kind == MOVE_KIND_CUSTOMER_RETURN ? move_as(play, step->of) : 0,
                      .on = play->on };
    TRY(stock_move(ctx, &spec, &done));
    *list_push(ctx->arena, &play->steps) = (Played){ step->ref, done.move, to == play->warehouse };
    return OK;
}

static Status set_cost(Ctx *ctx, Play *play, const CaseStep *step)
{
    return stock_set_cost(ctx, play->variant, play->warehouse, step->cost.value, play->on);
}

static Status play_step(Ctx *ctx, Play *play, const CaseStep *step)
{
    const Stockroom *room = play->room;
    Id here = play->warehouse;
    MoveDone done;
    CaseStep plain = { .quantity = step->quantity, .ref = step->ref };
    switch (step->op) {
    case CASE_IN: return move(ctx, play, MOVE_KIND_RECEIPT, room->supplier, here, step);
    case CASE_OUT: return move(ctx, play, MOVE_KIND_ISSUE, here, room->customer, step);
    case CASE_RETURN_IN:
        return move(ctx, play, MOVE_KIND_SUPPLIER_RETURN, here, room->supplier, step);
    case CASE_RETURN_OUT:
        return move(ctx, play, MOVE_KIND_CUSTOMER_RETURN, room->customer, here, step);
    case CASE_SET_COST: return set_cost(ctx, play, step);
    case CASE_SET_METHOD: return stock_set_method(ctx, play->variant, here, step->method, play->on);
    case CASE_EDIT:
        return stock_correct(ctx, move_as(play, step->of), step->quantity, play->on, (Link){ 0 },
                             &done);
    case CASE_OPEN:
        TRY(set_cost(ctx, play, step));
        return move(ctx, play, MOVE_KIND_ISSUE, here, room->customer, &plain);
    case CASE_DROPSHIP:
        return move(ctx, play, MOVE_KIND_RECEIPT, room->supplier, room->customer, &plain);
    }
    return OK;
}

// ---- What a case ends with ----------------------------------------------------------------------

static Money value_of(Ctx *ctx, const Play *play, Id moved)
{
    Qty quantity;
    Money value = { 0 };
    ChainKey key = { play->variant, play->warehouse };
    CHECK_OK(ctx, chain_value_of(ctx, key, play->on, moved, &quantity, &value));
    return value;
}

static void check_layers(Ctx *ctx, const Play *play)
{
    Qty quantity;
    Worth worth;
    size_t at = 0;
    Rows *rows = db_query(ctx, SQL("SELECT quantity, amount, rest FROM cost_layer"
                                   " WHERE variant_id = $1 ORDER BY moved_on, move",
                                   play->variant));
    while (rows_next(rows, &quantity, &worth.amount, &worth.rest)) {
        Price rate;
        CHECK(at < play->c->layers.len);
        if (at >= play->c->layers.len)
            break;
        CHECK_OK(ctx, cost_rate(ctx, worth, quantity, currency_minor(ctx->tenant->base), &rate));
        CHECK_INT(quantity.micro, play->c->layers.items[at].quantity.micro);
        CHECK_INT(rate.micro, play->c->layers.items[at].rate.micro);
        at++;
    }
    CHECK_OK(ctx, rows_end(rows));
    CHECK_INT((int64_t)at, (int64_t)play->c->layers.len);
}

static void check_unit_cost(Ctx *ctx, const Play *play)
{
    Money whole;
    StockCost cost;
    Price rate;
    int64_t minor = currency_minor(ctx->tenant->base);
    CHECK_OK(ctx, chain_cost(ctx, (ChainKey){ play->variant, play->warehouse }, &cost));
    rate = cost.last_rate;
    if (cost.quantity.micro)
        CHECK_OK(ctx,
                 cost_rate(ctx, (Worth){ cost.amount, cost.rest }, cost.quantity, minor, &rate));
    CHECK_OK(ctx, cost_value(ctx, (Qty){ MICRO }, rate, minor, &whole));
    CHECK_INT(whole.minor, play->c->unit_cost.value.micro / (MICRO / power10(play->c->digits)));
}

static void check_revaluation(Ctx *ctx, const Play *play)
{
    Money sum;
    CHECK_OK(ctx, db_one(ctx,
                         SQL("SELECT CAST(COALESCE(sum(amount), 0) AS BIGINT) FROM stock_value"
                             " WHERE variant_id = $1 AND kind IN ('cost', 'method')",
                             play->variant),
                         &sum));
    CHECK_INT(sum.minor, play->c->revaluation.value.minor);
}

static int64_t consumed(const ValuationCase *c)
{
    int64_t total = 0;
    EACH (layer, c->consumed)
        total -= layer->quantity.micro / MICRO * (layer->rate.micro / (MICRO / 100));
    return total;
}

static void check_end(Ctx *ctx, const Play *play)
{
    const ValuationCase *c = play->c;
    Qty quantity;
    Money value;
    CHECK_OK(ctx, stock_worth(ctx, play->variant, 0, &quantity, &value));
    CHECK_INT(quantity.micro, c->quantity.value.micro);
    CHECK_INT(room_level(ctx, play->variant, play->warehouse).micro, c->quantity.value.micro);
    if (c->value.known)
        CHECK_INT(value.minor, c->value.value.minor);
    if (c->unit_cost.known)
        check_unit_cost(ctx, play);
    if (c->revaluation.known)
        check_revaluation(ctx, play);
    for (size_t i = 0; i < c->move_values.len; i++)
        CHECK_INT(value_of(ctx, play, play->steps.items[i].move).minor,
                  c->move_values.items[i].minor);
    if (c->layers.len)
        check_layers(ctx, play);
    if (c->consumed.len)
        CHECK_INT(value_of(ctx, play, play->steps.items[play->steps.len - 1].move).minor,
                  consumed(c));
}

// The chain worked through again from its beginning gives what is stored, and the months add up to
// it.
static void check_chain(Ctx *ctx, ChainKey key)
{
    StockCost stored, again;
    int64_t wrong;
    Qty quantity, months;
    Money value, month_value;
    CHECK_OK(ctx, chain_cost(ctx, key, &stored));
    CHECK_OK(ctx, chain_recompute(ctx, key, &again, &wrong));
    CHECK_INT(wrong, 0);
    CHECK_INT(again.quantity.micro, stored.quantity.micro);
    CHECK_INT(again.amount.minor, stored.amount.minor);
    CHECK_INT(again.rest, stored.rest);
    CHECK_OK(ctx, stock_worth_on(ctx, key.variant, key.warehouse, DATE_MAX, &quantity, &value));
    CHECK_INT(quantity.micro, stored.quantity.micro);
    CHECK_INT(value.minor, stored.amount.minor);
    CHECK_OK(ctx, db_one(ctx,
                         SQL("SELECT CAST(COALESCE(sum(quantity), 0) AS BIGINT),"
                             " CAST(COALESCE(sum(amount), 0) AS BIGINT) FROM stock_month"
                             " WHERE variant_id = $1 AND warehouse_id = $2",
                             key.variant, key.warehouse),
                         &months, &month_value));
    CHECK_INT(months.micro, stored.quantity.micro);
    CHECK_INT(month_value.minor, stored.amount.minor);
}

// ---- In turns of the lane -----------------------------------------------------------------------

static Status begin(Ctx *ctx, void *arg)
{
    Play *play = arg;
    play->variant = room_variant(ctx, play->room);
    play->on = tenant_today(ctx);
    if (!play->warehouse)
        play->warehouse = room_warehouse(ctx, "LOOSE", true);
    return stock_set_method(ctx, play->variant, play->warehouse,
                            play->c ? play->c->method : play->walk->method, play->on);
}

static Status check_walk(Ctx *ctx, Play *play)
{
    StockCost cost;
    bool is_out = !play->walk->steps.items[play->done - 1].is_in;
    TRY(chain_cost(ctx, (ChainKey){ play->variant, play->warehouse }, &cost));
    play->issues = cost.quantity.micro == 0 ? 0 : play->issues + is_out;
    if ((int64_t)play->done == play->check->after)
        check_walk_value(play->walk, play->check++, cost.quantity,
                         (Worth){ cost.amount, cost.rest }, play->issues);
    return OK;
}

static Status some_steps(Ctx *ctx, void *arg)
{
    Play *play = arg;
    for (int i = 0; i < STEPS_AT_ONCE && play->done < play->todo.len; i++) {
        TRY(play_step(ctx, play, &play->todo.items[play->done++]));
        if (play->walk)
            TRY(check_walk(ctx, play));
    }
    return OK;
}

static Status end(Ctx *ctx, void *arg)
{
    Play *play = arg;
    if (play->c)
        check_end(ctx, play);
    else
        CHECK(play->check == list_end(play->walk->checks));
    check_chain(ctx, (ChainKey){ play->variant, play->warehouse });
    return OK;
}

static void play_through(Ctx *ctx, Play *play)
{
    CHECK_OK(ctx, tenant_transact(ctx, begin, play));
    while (play->done < play->todo.len) {
        Status status = tenant_transact(ctx, some_steps, play);
        CHECK_OK(ctx, status);
        if (status != OK)
            return;
    }
    CHECK_OK(ctx, tenant_read(ctx, end, play));
}

// ---- Cases and walks ----------------------------------------------------------------------------

static void play_cases(Ctx *ctx, const ValuationCaseList *cases, int digits)
{
    Stockroom room;
    Id loose = 0;
    stockroom_open(ctx, case_currency(digits).code, &room);
    EACH (c, *cases) {
        Play play = { .room = &room, .c = c, .warehouse = loose };
        test_row = c->id;
        if (c->digits != digits)
            continue;
        EACH (step, c->steps)
            *list_push(ctx->arena, &play.todo) = *step;
        play_through(ctx, &play);
        loose = play.warehouse;
    }
    stockroom_close(&room);
}

static void test_cases(void)
{
    for (int digits = 0; digits <= 2; digits += 2) {
        Ctx *ctx = test_ctx();
        ValuationCaseList cases;
        if (!valuation_cases(ctx, &cases))
            return;
        play_cases(ctx, &cases, digits);
    }
}

static void play_walk(Ctx *ctx, Play *play)
{
    play->check = play->walk->checks.items;
    EACH (step, play->walk->steps)
        *list_push(ctx->arena, &play->todo) = (CaseStep){ .op = step->is_in ? CASE_IN : CASE_OUT,
                                                          .quantity = step->quantity,
                                                          .cost = { step->is_in, step->cost } };
    play_through(ctx, play);
}

enum { LONG_WALK = 500 };  // steps

static void play_walks(bool long_ones)
{
    Ctx *ctx = test_ctx();
    WalkList walks;
    Stockroom room;
    Id loose = 0;
    if (!valuation_walks(ctx, &walks))
        return;
    stockroom_open(ctx, "EUR", &room);
    EACH (walk, walks) {
        Play play = { .room = &room, .walk = walk, .warehouse = loose };
        test_row = walk->id;
        if ((walk->steps.len >= LONG_WALK) != long_ones)
            continue;
        play_walk(ctx, &play);
        loose = play.warehouse;
    }
    stockroom_close(&room);
}

static void test_walks(void)
{
    play_walks(false);
}

static void test_long_walks(void)
{
    play_walks(true);
}

// ---- Whatever order entries are written in ------------------------------------------------------

typedef struct Planned {  // on a day of its own
    int kind;             // 0 in, 1 out, 2 cost, 3 method
    int64_t count, cents;
    CostMethod method;
    Date on;
} Planned;

enum { PLANNED = 24, TRIALS = 12 };

typedef struct Trial {
    Stockroom *room;
    Id warehouse, straight, mixed;  // the same plan in order, and in any order
    Planned plan[PLANNED], shuffled[PLANNED];
    int done;
} Trial;

static void make_plan(Ctx *ctx, Trial *trial)
{
    for (int i = 0; i < PLANNED; i++) {
        int dice = (int)random_below(ctx->random, 20);
        trial->plan[i] = (Planned){ .kind = dice < 8  ? 0
                                          : dice < 17 ? 1
                                          : dice < 18 ? 2
                                                      : 3,
                                    .count = 1 + random_below(ctx->random, 9),
                                    .cents = 100 + random_below(ctx->random, 900),
                                    .method = 1 + (CostMethod)random_below(ctx->random, 4),
                                    .on = DATE_1970 + 20000 + i * 5 };
    }
}

static Status write_planned(Ctx *ctx, const Trial *trial, Id variant, const Planned *p)
{
    Price cost = { p->cents * 10000 };
    MoveDone done;
    switch (p->kind) {
    case 0:
        return room_receive(ctx, trial->room, variant, trial->warehouse, p->count, p->cents, p->on,
                            &done);
    case 1: return room_issue(ctx, trial->room, variant, trial->warehouse, p->count, p->on, &done);
    case 2: return stock_set_cost(ctx, variant, trial->warehouse, cost, p->on);
    default: return stock_set_method(ctx, variant, trial->warehouse, p->method, p->on);
    }
}

static void shuffle(Ctx *ctx, Planned *plan)
{
    for (size_t i = PLANNED; i > 1; i--) {
        size_t j = (size_t)random_below(ctx->random, (int64_t)i);
        Planned other = plan[i - 1];
        plan[i - 1] = plan[j];
        plan[j] = other;
    }
}

static Status begin_trial(Ctx *ctx, void *arg)
{
    Trial *trial = arg;
    trial->straight = room_variant(ctx, trial->room);
    trial->mixed = room_variant(ctx, trial->room);
    if (!trial->warehouse)
        trial->warehouse = room_warehouse(ctx, "LOOSE", true);
    return OK;
}

static Status write_some(Ctx *ctx, void *arg)
{
    Trial *trial = arg;
    for (int i = 0; i < 2; i++, trial->done++) {
        TRY(write_planned(ctx, trial, trial->straight, &trial->plan[trial->done]));
        TRY(write_planned(ctx, trial, trial->mixed, &trial->shuffled[trial->done]));
    }
    return OK;
}

static Status check_trial(Ctx *ctx, void *arg)
{
    Trial *trial = arg;
    check_chain(ctx, (ChainKey){ trial->mixed, trial->warehouse });
    check_chain(ctx, (ChainKey){ trial->straight, trial->warehouse });
    return OK;
}

static Status compare_days(Ctx *ctx, void *arg)
{
    Trial *trial = arg;
    for (const Planned *p = trial->plan; p < trial->plan + PLANNED; p++) {
        Qty a, b;
        Money worth_a, worth_b;
        TRY(stock_worth_on(ctx, trial->straight, trial->warehouse, p->on, &a, &worth_a));
        TRY(stock_worth_on(ctx, trial->mixed, trial->warehouse, p->on, &b, &worth_b));
        CHECK_INT(a.micro, b.micro);
        CHECK_INT(worth_a.minor, worth_b.minor);
    }
    return OK;
}

static void try_order(Ctx *ctx, Trial *trial)
{
    trial->done = 0;
    make_plan(ctx, trial);
    memcpy(trial->shuffled, trial->plan, sizeof trial->plan);
    shuffle(ctx, trial->shuffled);
    CHECK_OK(ctx, tenant_transact(ctx, begin_trial, trial));
    while (trial->done < PLANNED) {
        int before = trial->done;
        CHECK_OK(ctx, tenant_transact(ctx, write_some, trial));
        if (trial->done == before)
            return;
        CHECK_OK(ctx, tenant_read(ctx, check_trial, trial));
    }
    CHECK_OK(ctx, tenant_read(ctx, compare_days, trial));
}

static void test_any_order(void)
{
    Ctx *ctx = test_ctx();
    Stockroom room;
    stockroom_open(ctx, "EUR", &room);
    Trial trial = { .room = &room };
    for (int i = 0; i < TRIALS; i++)
        try_order(ctx, &trial);
    stockroom_close(&room);
}

const Test stock_value_tests[] = {
    { "published cases end as they should when goods really move", test_cases },
    { "walks stay within a cent an issue when goods really move", test_walks },
    { "entries written in any order are worth what their days make them", test_any_order },
    { 0 },
};

// Thousands of moves one by one: run on both engines each night, `entrepot-tests stock_walks`.
const Test stock_walks_tests[] = {
    { "long walks stay within a cent an issue when goods really move", test_long_walks },
    { 0 },
};
