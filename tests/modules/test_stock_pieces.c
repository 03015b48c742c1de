// test_stock_pieces.c - chance over pieces with numbers: whatever is done with them, accepted or
// refused, each stands where a model says, and every place holds as many as its level.
#include "modules/shelves.h"

#include "modules/books.h"

#include "kernel/entity/record.h"

enum { AWAY = -1, NUMBERS = 10, SPOTS = 3, STEPS = 70 };

typedef struct Model {  // where each number should be: a spot, or AWAY
    Shelves s;
    Id spots[SPOTS];
    int at[NUMBERS], seen[NUMBERS];
} Model;

static const char *const names[NUMBERS] = { "S0", "S1", "S2", "S3", "S4",
                                            "S5", "S6", "S7", "S8", "S9" };

typedef struct Some {
    Str text;
    int64_t count;
    bool chosen[NUMBERS];
} Some;

static void choose(Some *some, Ctx *ctx, int number)
{
    Str name = str_from(names[number]);
    some->text = some->count
                   ? str_format(ctx->arena, STR_FMT "," STR_FMT, STR_ARG(some->text), STR_ARG(name))
                   : name;
    some->count++;
    some->chosen[number] = true;
}

static Some some_of(Ctx *ctx, int most)
{
    Some some = { .text = S("") };
    for (int i = 0; i < most; i++) {
        int number = (int)random_below(ctx->random, NUMBERS);
        if (!some.chosen[number])
            choose(&some, ctx, number);
    }
    return some;
}

static bool all_at(const Model *m, const Some *some, int spot)
{
    for (int i = 0; i < NUMBERS; i++)
        if (some->chosen[i] && m->at[i] != spot)
            return false;
    return true;
}

static void put(Model *m, const Some *some, int spot)
{
    for (int i = 0; i < NUMBERS; i++)
        if (some->chosen[i])
            m->at[i] = spot;
}

// Done exactly when the numbers are where they should begin.
static void settle(Ctx *ctx, Model *m, const Some *some, int from, int to, Status status)
{
    bool is_right = all_at(m, some, from);
    CHECK_INT(status == OK, is_right);
    ctx_recover(ctx);
    if (is_right)
        put(m, some, to);
}

static void try_receipt(Ctx *ctx, Model *m)
{
    Some some = some_of(ctx, 4);
    int spot = (int)random_below(ctx->random, 2);
    settle(ctx, m, &some, AWAY, spot,
           shelves_receive(ctx, &m->s, m->spots[spot], some.count, some.text.ptr, ""));
}

static void try_adjustment(Ctx *ctx, Model *m)
{
    bool is_in = random_chance(ctx->random, 2);
    Some some = some_of(ctx, is_in ? 2 : 1);
    int spot = (int)random_below(ctx->random, SPOTS);
    settle(ctx, m, &some, is_in ? AWAY : spot, is_in ? spot : AWAY,
           shelves_adjust(ctx, &m->s, m->spots[spot], is_in ? some.count : -some.count,
                          some.text.ptr, ""));
}

static Status step_transfer(Ctx *ctx, void *arg)
{
    Model *m = arg;
    StockTransfer *transfer = stock_transfer_new(ctx);
    transfer->from = m->spots[0];
    transfer->to = m->spots[2];
    TransferLine *line = list_push(ctx->arena, &transfer->lines);
    line->variant = m->s.variant;
    line->quantity = pieces(1);
    TRY(stock_transfer_save(ctx, transfer));
    m->s.paper = transfer->record.id;
    return OK;
}

// Which piece goes is the plan's to say: the model is told.
static void try_transfer(Ctx *ctx, Model *m)
{
    const EntityDef *e = &stock_transfer_entity;
    CHECK_OK(ctx, tenant_transact(ctx, step_transfer, m));
    Status status = room_act(ctx, e, m->s.paper, "dispatch", S(""));
    bool has_some = false;
    for (int i = 0; i < NUMBERS; i++)
        has_some |= m->at[i] == 0 || m->at[i] == 1;
    CHECK_INT(status == OK, has_some);
    ctx_recover(ctx);
    if (status != OK)
        return;
    CHECK_INT((int64_t)shelf_look(ctx, &m->s, m->s.room.transit).numbers.len, 2);
    CHECK_OK(ctx, room_act(ctx, e, m->s.paper, "receive", S("")));
    Str there = shelf_look(ctx, &m->s, m->spots[2]).numbers;
    for (int i = 0; i < NUMBERS; i++)
        if (str_find(there, str_from(names[i])) >= 0)
            m->at[i] = 2;
}

// Somebody looks at both shelves of the warehouse, and sees what is there, elsewhere, or strange.
static int seen_at(Ctx *ctx, const Model *m, int number)
{
    int spot = m->at[number];
    if (spot == AWAY || spot == 2)
        return random_chance(ctx->random, 8) ? (int)random_below(ctx->random, 2) : spot;
    if (random_chance(ctx->random, 5))
        return AWAY;
    return random_chance(ctx->random, 5) ? 1 - spot : spot;
}

static void try_count(Ctx *ctx, Model *m)
{
    Some some[2] = { { .text = S("") }, { .text = S("") } };
    bool is_right = true;
    shelves_count(ctx, &m->s, m->spots[0], random_chance(ctx->random, 2));
    for (int i = 0; i < NUMBERS; i++) {
        m->seen[i] = seen_at(ctx, m, i);
        if (m->seen[i] == 0 || m->seen[i] == 1) {
            choose(&some[m->seen[i]], ctx, i);
            is_right &= m->at[i] != 2;
        }
    }
    for (int spot = 0; spot < 2; spot++)
        CHECK_OK(ctx, shelves_see(ctx, &m->s, m->spots[spot], some[spot].text.ptr, ""));
    CHECK_INT(shelves_counted(ctx, &m->s) == OK, is_right);
    ctx_recover(ctx);
    if (is_right)
        memcpy(m->at, m->seen, sizeof m->at);
}

static void try_correction(Ctx *ctx, Model *m)
{
    Some some = some_of(ctx, 3);
    int spot = (int)random_below(ctx->random, 2), wrong = 0;
    if (!all_at(m, &some, AWAY))
        return;
    CHECK_OK(ctx, shelves_receive(ctx, &m->s, m->spots[spot], some.count, some.text.ptr, ""));
    put(m, &some, spot);
    while (!some.chosen[wrong])
        wrong++;
    CHECK_OK(ctx, shelves_correct(ctx, &m->s, some.count - 1, names[wrong]));
    m->at[wrong] = AWAY;
}

static void try_sale(Ctx *ctx, Model *m)
{
    for (int i = 0; i < NUMBERS; i++)
        if (m->at[i] != AWAY) {
            shelves_sell(ctx, &m->s, m->spots[m->at[i]], names[i]);
            m->at[i] = AWAY;
            return;
        }
}

static void compare(Ctx *ctx, Model *m)
{
    for (int spot = 0; spot < SPOTS; spot++) {
        Some there = { .text = S("") };
        for (int i = 0; i < NUMBERS; i++)
            if (m->at[i] == spot)
                choose(&there, ctx, i);
        Str found = shelf_look(ctx, &m->s, m->spots[spot]).numbers;
        CHECK_STR(str_replace_char(ctx->arena, found, ' ', ','), there.text.ptr);
    }
}

static void test_whatever_happens(void)
{
    static void (*const deeds[])(Ctx * ctx, Model * m) = { try_receipt,  try_adjustment, try_count,
                                                           try_transfer, try_correction, try_sale,
                                                           try_receipt,  try_count };
    Ctx *ctx = test_ctx();
    Model m;
    shelves_open(ctx, &m.s);
    m.spots[0] = m.s.room.main;
    m.spots[1] = m.s.room.bin;
    m.spots[2] = m.s.room.second;
    for (int i = 0; i < NUMBERS; i++)
        m.at[i] = AWAY;
    for (int step = 0; step < STEPS; step++) {
        test_row = str_format(ctx->arena, "step %d", step).ptr;
        deeds[random_below(ctx->random, COUNT(deeds))](ctx, &m);
        compare(ctx, &m);
        if (step % 10 == 9)
            books_verify(ctx);
    }
    close_scene(ctx, &m.s.room);
}

const Test stock_pieces_tests[] = {
    { "whatever happens, a level is as many pieces as numbers", test_whatever_happens },
    { 0 },
};
