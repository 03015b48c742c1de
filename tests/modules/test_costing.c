// test_costing.c - the pure costing engine: published cases, long exact walks, and laws that hold
// for any chain of moves.
#include "modules/valuation.h"

// ---- A chain in memory --------------------------------------------------------------------------

typedef struct Played {
    Id move;
    Str ref;
    bool is_in;
    Qty quantity;
    Money value;  // with its corrections
} Played;

typedef struct Player {
    Ctx *ctx;
    CostState state;
    int64_t minor;
    LIST(Played) moves;
    Money owned, revalued;  // sum of all effects; and those of costs and methods
    Id last;
} Player;

static Played *played(Player *player, Id move)
{
    EACH (p, player->moves)
        if (p->move == move)
            return p;
    return NULL;
}

static Played *played_as(Player *player, Str ref)
{
    EACH (p, player->moves)
        if (str_eq(p->ref, ref))
            return p;
    test_fail(__FILE__, __LINE__, "no step '" STR_FMT "'", STR_ARG(ref));
    return player->moves.items;
}

static void apply(Player *player, CostMove move, Str ref)
{
    CostEffectList effects = { 0 };
    bool is_in = move.kind == VALUE_KIND_IN || move.kind == VALUE_KIND_RETURN;
    move.move = ++player->last;
    move.on = 1000 + (Date)player->last;
    *list_push(player->ctx->arena, &player->moves) =
        (Played){ move.move, ref, is_in, move.quantity, { 0 } };
    CHECK_OK(player->ctx, cost_apply(player->ctx, &player->state, &move, player->minor, &effects));
    CHECK(effects.len > 0 && effects.items[0].is_own && effects.items[0].move == move.move);
    EACH (effect, effects) {
        CHECK(effect->on == 1000 + (Date)effect->move);
        played(player, effect->move)->value.minor += effect->delta.minor;
        player->owned.minor += effect->delta.minor;
        if (move.kind == VALUE_KIND_COST || move.kind == VALUE_KIND_METHOD)
            player->revalued.minor += effect->delta.minor;
    }
}

static Money part_of(Player *player, const Played *of, Qty part)
{
    Money ret = { 0 }, value = of->is_in ? of->value : money_neg(of->value);
    CHECK_OK(player->ctx, cost_share(player->ctx, value, part, of->quantity, &ret));
    return ret;
}

static void bring(Player *player, ValueKind kind, const Played *like, Qty quantity)
{
    Money value = part_of(player, like, quantity);
    apply(player, (CostMove){ .kind = kind, .quantity = quantity, .value = { true, value } },
          S("again"));
}

// Another quantity moved than was said: the difference moves now, at the cost of then where it
// comes in.
static void edit(Player *player, const CaseStep *step)
{
    Played was = *played_as(player, step->of);
    int64_t more = step->quantity.micro - was.quantity.micro;
    Qty by = { more < 0 ? -more : more };
    if (was.is_in == (more > 0))
        bring(player, was.is_in ? VALUE_KIND_IN : VALUE_KIND_RETURN, &was, by);
    else
        apply(player, (CostMove){ .kind = VALUE_KIND_OUT, .quantity = by }, S("correction"));
}

static void open_below_zero(Player *player, const CaseStep *step)
{
    apply(player, (CostMove){ .kind = VALUE_KIND_COST, .unit_cost = step->cost }, S("cost"));
    apply(player, (CostMove){ .kind = VALUE_KIND_OUT, .quantity = step->quantity }, S("open"));
}

static void play(Player *player, const CaseStep *step)
{
    switch (step->op) {
    case CASE_IN:
        apply(player,
              (CostMove){
                  .kind = VALUE_KIND_IN, .quantity = step->quantity, .unit_cost = step->cost },
              step->ref);
        break;
    case CASE_OUT:
    case CASE_RETURN_IN:
        apply(player,
              (CostMove){
                  .kind = VALUE_KIND_OUT, .quantity = step->quantity, .at_rate = step->at_rate },
              step->ref);
        break;
    case CASE_RETURN_OUT: {
        Played *of = played_as(player, step->of);
        Money value = part_of(player, of, step->quantity);
        apply(player,
              (CostMove){
                  .kind = VALUE_KIND_RETURN, .quantity = step->quantity, .value = { true, value } },
              step->ref);
        break;
    }
    case CASE_SET_COST:
        apply(player, (CostMove){ .kind = VALUE_KIND_COST, .unit_cost = step->cost }, step->ref);
        break;
    case CASE_SET_METHOD:
        apply(player, (CostMove){ .kind = VALUE_KIND_METHOD, .method = step->method }, step->ref);
        break;
    case CASE_EDIT: edit(player, step); break;
    case CASE_OPEN: open_below_zero(player, step); break;
    case CASE_DROPSHIP: break;  // never ours: no chain sees it
    }
}

// ---- What must always hold ----------------------------------------------------------------------

static void check_layers(const CostState *state)
{
    Wide quantity = 0, amount = 0, rest = 0;
    bool has_owed = false, has_left = false;
    EACH (layer, state->layers) {
        quantity += layer->quantity.micro;
        amount += layer->worth.amount.minor;
        rest += layer->worth.rest;
        has_owed |= layer->quantity.micro < 0;
        has_left |= layer->quantity.micro > 0;
        if (layer->quantity.micro == 0)
            CHECK(layer->worth.amount.minor == 0 && layer->worth.rest == 0);
    }
    CHECK(!(has_owed && has_left));
    bool by_layers = state->method == COST_METHOD_FIFO || state->method == COST_METHOD_LIFO;
    if (by_layers || state->quantity.micro <= 0) {
        CHECK_INT((int64_t)quantity, state->quantity.micro);
        CHECK_INT((int64_t)amount, state->worth.amount.minor);
        CHECK_INT((int64_t)rest, state->worth.rest);
    } else {
        CHECK(!has_owed);
    }
}

static void check_state(const Player *player)
{
    CHECK_INT(player->owned.minor, player->state.worth.amount.minor);
    if (player->state.quantity.micro == 0)
        CHECK(player->state.worth.amount.minor == 0 && player->state.worth.rest == 0);
    check_layers(&player->state);
}

// ---- Published cases ----------------------------------------------------------------------------

static void check_unit_cost(const Player *player, const ValuationCase *c)
{
    Money whole;
    Price rate = player->state.last_rate;
    if (player->state.quantity.micro)
        CHECK_OK(player->ctx, cost_rate(player->ctx, player->state.worth, player->state.quantity,
                                        player->minor, &rate));
    CHECK_OK(player->ctx, cost_value(player->ctx, (Qty){ MICRO }, rate, player->minor, &whole));
    CHECK_INT(whole.minor, c->unit_cost.value.micro / (MICRO / power10(c->digits)));
}

static void check_case_layers(const Player *player, const ValuationCase *c)
{
    size_t at = 0;
    EACH (layer, player->state.layers) {
        Price rate;
        if (layer->quantity.micro == 0)
            continue;
        CHECK(at < c->layers.len);
        CHECK_OK(player->ctx,
                 cost_rate(player->ctx, layer->worth, layer->quantity, player->minor, &rate));
        CHECK_INT(layer->quantity.micro, c->layers.items[at].quantity.micro);
        CHECK_INT(rate.micro, c->layers.items[at].rate.micro);
        at++;
    }
    CHECK_INT((int64_t)at, (int64_t)c->layers.len);
}

static void check_consumed(const Player *player, const ValuationCase *c)
{
    int64_t total = 0;
    EACH (layer, c->consumed)
        total -= layer->quantity.micro / MICRO * (layer->rate.micro / (MICRO / 100));
    CHECK_INT(player->moves.items[player->moves.len - 1].value.minor, total);
}

static void check_case(const Player *player, const ValuationCase *c)
{
    CHECK_INT(player->state.quantity.micro, c->quantity.value.micro);
    if (c->value.known)
        CHECK_INT(player->state.worth.amount.minor, c->value.value.minor);
    if (c->revaluation.known)
        CHECK_INT(player->revalued.minor, c->revaluation.value.minor);
    if (c->unit_cost.known)
        check_unit_cost(player, c);
    for (size_t i = 0; i < c->move_values.len; i++)
        CHECK_INT(player->moves.items[i].value.minor, c->move_values.items[i].minor);
    if (c->layers.len)
        check_case_layers(player, c);
    if (c->consumed.len)
        check_consumed(player, c);
}

static Player player_new(Ctx *ctx, CostMethod method, int digits)
{
    return (Player){ .ctx = ctx,
                     .state.method = method,
                     .minor = currency_minor(case_currency(digits)) };
}

static void test_cases(void)
{
    Ctx *ctx = test_ctx();
    ValuationCaseList cases;
    if (!valuation_cases(ctx, &cases))
        return;
    EACH (c, cases) {
        test_row = c->id;
        Player player = player_new(ctx, c->method, c->digits);
        EACH (step, c->steps) {
            play(&player, step);
            check_state(&player);
        }
        check_case(&player, c);
    }
}

// ---- Walks --------------------------------------------------------------------------------------

static void walk_through(Ctx *ctx, const Walk *walk)
{
    Player player = player_new(ctx, walk->method, 2);
    int64_t issues = 0;  // since the stock was last empty
    int64_t done = 0;
    const WalkCheck *check = walk->checks.items;
    EACH (step, walk->steps) {
        play(&player, &(CaseStep){ .op = step->is_in ? CASE_IN : CASE_OUT,
                                   .quantity = step->quantity,
                                   .cost = { step->is_in, step->cost } });
        issues = player.state.quantity.micro == 0 ? 0 : issues + !step->is_in;
        if (++done == check->after)
            check_walk_value(walk, check++, player.state.quantity, player.state.worth, issues);
    }
    CHECK(check == list_end(walk->checks));
    check_state(&player);
}

static void test_walks(void)
{
    Ctx *ctx = test_ctx();
    WalkList walks;
    if (!valuation_walks(ctx, &walks))
        return;
    EACH (walk, walks) {
        test_row = walk->id;
        walk_through(ctx, walk);
    }
}

// ---- Laws ---------------------------------------------------------------------------------------

static Qty some_quantity(Ctx *ctx)
{
    return (Qty){ random_chance(ctx->random, 3) ? 1 + random_below(ctx->random, 20 * MICRO)
                                                : MICRO * (1 + random_below(ctx->random, 20)) };
}

static CostMove some_move(Player *player)
{
    Ctx *ctx = player->ctx;
    Qty quantity = some_quantity(ctx);
    Price cost = { random_below(ctx->random, 500 * MICRO) };
    int64_t what = random_below(ctx->random, 20);
    if (what < 8)
        return (
            CostMove){ .kind = VALUE_KIND_IN, .quantity = quantity, .unit_cost = { true, cost } };
    if (what < 15)
        return (CostMove){ .kind = VALUE_KIND_OUT, .quantity = quantity };
    if (what < 17 && player->state.quantity.micro > 0)  // all there is
        return (CostMove){ .kind = VALUE_KIND_OUT, .quantity = player->state.quantity };
    if (what == 17)
        return (CostMove){ .kind = VALUE_KIND_COST, .unit_cost = { true, cost } };
    if (what == 18 && player->moves.len) {
        const Played *of =
            &player->moves.items[random_below(ctx->random, (int64_t)player->moves.len)];
        if (of->is_in)
            return (CostMove){ .kind = VALUE_KIND_LATE,
                               .value = { true, { random_below(ctx->random, 10000) } },
                               .origin = of->move,
                               .whole = of->quantity };
    }
    CostMethod method = (CostMethod)(1 + random_below(ctx->random, 4));
    bool stays = random_chance(ctx->random, 2);
    return (CostMove){ .kind = VALUE_KIND_METHOD, .method = method, .value = { stays, { 0 } } };
}

static void test_laws(void)
{
    Ctx *ctx = test_ctx();
    for (int chain = 0; chain < 400; chain++) {
        ArenaMark mark = arena_mark(ctx->arena);
        Player player = player_new(ctx, (CostMethod)(1 + chain % 4), chain % 3 ? 2 : 0);
        for (int i = 0; i < 100; i++) {
            apply(&player, some_move(&player), S(""));
            check_state(&player);
        }
        arena_rewind(ctx->arena, mark);
    }
}

// Whatever came in is either still there or went out: no cent is lost between the methods.
static void test_settling(void)
{
    Ctx *ctx = test_ctx();
    Player player = player_new(ctx, COST_METHOD_FIFO, 2);
    apply(&player, (CostMove){ .kind = VALUE_KIND_COST, .unit_cost = { true, { 10 * MICRO } } },
          S("cost"));
    apply(&player, (CostMove){ .kind = VALUE_KIND_OUT, .quantity = { 3 * MICRO } }, S("a"));
    apply(&player, (CostMove){ .kind = VALUE_KIND_OUT, .quantity = { 4 * MICRO } }, S("b"));
    CHECK_INT(player.state.worth.amount.minor, -7000);
    Money brought = { 10000 };  // 10 pieces at 10.00: settles a whole, b whole, 3 are left
    apply(
        &player,
        (CostMove){ .kind = VALUE_KIND_IN, .quantity = { 10 * MICRO }, .value = { true, brought } },
        S("c"));
    CHECK_INT(player.state.worth.amount.minor, 3000);
    apply(&player, (CostMove){ .kind = VALUE_KIND_OUT, .quantity = { 5 * MICRO } }, S("d"));
    CHECK_INT(played_as(&player, S("d"))->value.minor, -5000);
    brought.minor = 3300;  // 3 at 11: two settle d, and d costs two more
    apply(
        &player,
        (CostMove){ .kind = VALUE_KIND_IN, .quantity = { 3 * MICRO }, .value = { true, brought } },
        S("e"));
    CHECK_INT(played_as(&player, S("d"))->value.minor, -5200);
    CHECK_INT(player.state.worth.amount.minor, 1100);
}

static void test_late_cost(void)
{
    // clang-format off
    static const struct {
        const char *row;
        CostMethod method;
        int64_t out, newer;  // of 10 that came in
        int64_t want;        // of a late cost of 100.00, this enters the stock
    } rows[] = {
        { "all is there",                      COST_METHOD_FIFO,    0,  0, 10000 },
        { "four of ten are left",              COST_METHOD_FIFO,    6,  0,  4000 },
        { "all was sold",                      COST_METHOD_FIFO,   10,  0,     0 },
        { "the newest leave first",            COST_METHOD_LIFO,    6,  5,  9000 },
        { "average: the oldest left first",    COST_METHOD_AVERAGE, 6,  0,  4000 },
        { "average: newer ones are not meant", COST_METHOD_AVERAGE, 6,  5,  4000 },
        { "average: all of it was sold",       COST_METHOD_AVERAGE, 12, 5,     0 },
        { "standard cost does not move",       COST_METHOD_STANDARD, 0, 0,     0 },
    };
    // clang-format on
    Ctx *ctx = test_ctx();
    for (size_t i = 0; i < COUNT(rows); i++) {
        test_row = rows[i].row;
        Player player = player_new(ctx, rows[i].method, 2);
        apply(&player,
              (CostMove){ .kind = VALUE_KIND_IN,
                          .quantity = { 10 * MICRO },
                          .unit_cost = { true, { 5 * MICRO } } },
              S("receipt"));
        Id receipt = player.last;
        if (rows[i].newer)
            apply(&player,
                  (CostMove){ .kind = VALUE_KIND_IN,
                              .quantity = { rows[i].newer * MICRO },
                              .unit_cost = { true, { 7 * MICRO } } },
                  S("newer"));
        if (rows[i].out)
            apply(&player,
                  (CostMove){ .kind = VALUE_KIND_OUT, .quantity = { rows[i].out * MICRO } },
                  S("out"));
        apply(&player,
              (CostMove){ .kind = VALUE_KIND_LATE,
                          .value = { true, { 10000 } },
                          .origin = receipt,
                          .whole = { 10 * MICRO },
                          .newer = { rows[i].newer * MICRO } },
              S("freight"));
        CHECK_INT(played_as(&player, S("freight"))->value.minor, rows[i].want);
        check_state(&player);
    }
}

static void test_overflow(void)
{
    Ctx *ctx = test_ctx();
    CostEffectList effects = { 0 };
    CostState state = { .method = COST_METHOD_AVERAGE };
    CostMove huge = { .kind = VALUE_KIND_IN,
                      .quantity = { INT64_MAX / 2 },
                      .unit_cost = { true, { INT64_MAX / 2 } } };
    CHECK_FAILS(ctx, "number.range",
                cost_apply(ctx, &state, &huge, currency_minor(case_currency(2)), &effects));
}

const Test costing_tests[] = {
    { "published cases end with the published quantity, value and layers", test_cases },
    { "long walks stay within a cent an issue of the exact value", test_walks },
    { "values are the sum of their moves, and nothing is worth nothing", test_laws },
    { "a receipt settles what is owed, oldest first, at its own cost", test_settling },
    { "late cost goes to what is left of the goods it belongs to", test_late_cost },
    { "amounts too large to keep are refused", test_overflow },
    { 0 },
};
