// test_stock_serials.c - goods whose pieces have numbers: adjusted, counted and corrected by them.
// After whatever step, accepted or refused, every place holds as many numbers as its level says.
#include "modules/stockroom.h"

#include "modules/books.h"

#include "kernel/verify.h"

typedef struct Shelves {
    Stockroom room;
    Scene scene;
    Id variant, supplier, reason, paper, count;
} Shelves;

// ---- What stands where --------------------------------------------------------------------------

typedef struct Look {
    Shelves *shelves;
    Id place;
    Str numbers;  // in order, a blank between two
    Money worth;
} Look;

static Status step_look(Ctx *ctx, void *arg)
{
    Look *look = arg;
    Str number;
    int64_t count = 0;
    Buf text = { .arena = ctx->arena };
    Rows *rows = db_query(ctx, SQL("SELECT number FROM serial WHERE variant_id = $1"
                                   " AND place_id = $2 AND state = 'in_stock' ORDER BY number",
                                   look->shelves->variant, look->place));
    for (; rows_next(rows, &number); count++)
        buf_printf(&text, "%s" STR_FMT, count ? " " : "", STR_ARG(number));
    TRY(rows_end(rows));
    CHECK_INT(room_level(ctx, look->shelves->variant, look->place).micro, pieces(count).micro);
    look->numbers = buf_str(&text);
    look->worth = room_worth(ctx, look->shelves->variant, look->place);
    return OK;
}

static Look look_at(Ctx *ctx, Shelves *s, Id place)
{
    Look look = { .shelves = s, .place = place };
    CHECK_OK(ctx, tenant_read(ctx, step_look, &look));
    return look;
}

static void stand(Ctx *ctx, Shelves *s, Id place, const char *numbers)
{
    CHECK_STR(look_at(ctx, s, place).numbers, numbers);
}

static Money worth_of(Ctx *ctx, Shelves *s)
{
    return look_at(ctx, s, s->room.main).worth;
}

// Refused with this code and, where people must go and look, the place.
static void refused(Ctx *ctx, Status status, const char *code, const char *words)
{
    CHECK(status != OK);
    CHECK(str_find(ctx->failure.message, str_from(words)) >= 0);
    CHECK_FAILS(ctx, code, status);
}

// ---- Papers -------------------------------------------------------------------------------------

static Str text_of(Ctx *ctx, Id id)
{
    return id_text(ctx->arena, id);
}

static Str line_of(Ctx *ctx, const Shelves *s, int64_t quantity, const char *numbers,
                   const char *more)
{
    return str_format(ctx->arena, "{\"variant\":\"%s\",\"quantity\":\"%lld\",\"serials\":\"%s\"%s}",
                      text_of(ctx, s->variant).ptr, (long long)quantity, numbers, more);
}

static Status receive(Ctx *ctx, Shelves *s, Id place, int64_t quantity, const char *numbers,
                      const char *more)
{
    const EntityDef *e = &goods_receipt_entity;
    Str put = str_format(ctx->arena, ",\"price\":\"10\",\"place\":\"%s\"%s",
                         text_of(ctx, place).ptr, more);
    Str form =
        str_format(ctx->arena, "{\"supplier\":\"%s\",\"warehouse\":\"%s\",\"lines\":[" STR_FMT "]}",
                   text_of(ctx, s->supplier).ptr, text_of(ctx, s->room.main).ptr,
                   STR_ARG(line_of(ctx, s, quantity, numbers, put.ptr)));
    s->paper = room_paper(ctx, e, form);
    return room_act(ctx, e, s->paper, "post", S(""));
}

static Status adjust(Ctx *ctx, Shelves *s, Id place, int64_t quantity, const char *numbers,
                     const char *more)
{
    const EntityDef *e = &stock_adjustment_entity;
    Str form =
        str_format(ctx->arena, "{\"place\":\"%s\",\"reason\":\"%s\",\"lines\":[" STR_FMT "]}",
                   text_of(ctx, place).ptr, text_of(ctx, s->reason).ptr,
                   STR_ARG(line_of(ctx, s, quantity, numbers, more)));
    s->paper = room_paper(ctx, e, form);
    return room_act(ctx, e, s->paper, "post", S(""));
}

static void count_begins(Ctx *ctx, Shelves *s, Id place, bool is_blind)
{
    s->count = room_paper(ctx, &stock_count_entity,
                          str_format(ctx->arena, "{\"place\":\"%s\",\"is_blind\":%s}",
                                     text_of(ctx, place).ptr, is_blind ? "true" : "false"));
    CHECK_OK(ctx, room_act(ctx, &stock_count_entity, s->count, "start", S("")));
}

static Status see(Ctx *ctx, Shelves *s, Id place, const char *numbers, const char *more)
{
    Str form = str_format(
        ctx->arena, "{\"lines\":[{\"variant\":\"%s\",\"place\":\"%s\",\"serials\":\"%s\"%s}]}",
        text_of(ctx, s->variant).ptr, text_of(ctx, place).ptr, numbers, more);
    return room_act(ctx, &stock_count_entity, s->count, "enter", form);
}

static Status count_ends(Ctx *ctx, Shelves *s)
{
    return room_act(ctx, &stock_count_entity, s->count, "post", S(""));
}

// ---- A house with numbered goods ----------------------------------------------------------------

typedef struct Kind {
    Shelves *shelves;
    bool has_lots, has_serials;
} Kind;

static Status step_goods(Ctx *ctx, void *arg)
{
    const Kind *kind = arg;
    Shelves *s = kind->shelves;
    s->variant = room_variant_like(ctx, &s->room, kind->has_lots, kind->has_serials);
    return OK;
}

static Status step_furnish(Ctx *ctx, void *arg)
{
    Shelves *s = arg;
    s->supplier = room_supplier(ctx);
    s->reason = room_choice(ctx, "adjust_reason", "correction");
    return OK;
}

static void shelves_open(Ctx *ctx, Shelves *s)
{
    *s = (Shelves){ 0 };
    open_scene(ctx, &s->room, &s->scene);
    books_must(ctx, step_furnish, s);
    books_must(ctx, step_goods, &(Kind){ s, false, true });
}

typedef struct Sale {
    const Shelves *shelves;
    const char *number;
    Id from;
} Sale;

static Status step_sell(Ctx *ctx, void *arg)
{
    const Sale *sale = arg;
    MoveSpec spec = { .variant = sale->shelves->variant,
                      .kind = MOVE_KIND_ISSUE,
                      .from = sale->from,
                      .to = sale->shelves->room.customer,
                      .quantity = pieces(1) };
    TRY(db_one(ctx,
               SQL("SELECT id FROM serial WHERE variant_id = $1 AND number = $2", spec.variant,
                   str_from(sale->number)),
               &spec.serial));
    return stock_move(ctx, &spec, NULL);
}

static void sell(Ctx *ctx, const Shelves *s, Id from, const char *number)
{
    CHECK_OK(ctx, tenant_transact(ctx, step_sell, &(Sale){ s, number, from }));
}

// ---- Adjustments --------------------------------------------------------------------------------

static Status step_amount(Ctx *ctx, void *arg)
{
    Look *look = arg;
    StockAdjustment adjustment;
    TRY(stock_adjustment_load(ctx, look->shelves->paper, &adjustment));
    look->worth = adjustment.lines.items[0].amount;
    return OK;
}

static void test_adjusted(void)
{
    Ctx *ctx = test_ctx();
    Shelves s;
    shelves_open(ctx, &s);
    Id main = s.room.main, bin = s.room.bin;
    CHECK_OK(ctx, receive(ctx, &s, bin, 3, "S1, S2\\r\\nS3", ""));
    stand(ctx, &s, bin, "S1 S2 S3");
    CHECK_OK(ctx, adjust(ctx, &s, bin, -2, "S3\\nS1", ""));
    stand(ctx, &s, bin, "S2");
    CHECK_INT(worth_of(ctx, &s).minor, 1000);
    CHECK_OK(ctx, adjust(ctx, &s, main, 3, "S3,S4,S5", ",\"price\":\"3.335\""));
    stand(ctx, &s, main, "S3 S4 S5");
    Look made = { .shelves = &s };
    CHECK_OK(ctx, tenant_read(ctx, step_amount, &made));
    CHECK_INT(made.worth.minor, 1001);  // 10.005, rounded once
    CHECK_INT(worth_of(ctx, &s).minor, 2001);
    CHECK_OK(ctx, adjust(ctx, &s, main, 1, "S6", ""));  // at the last known cost
    stand(ctx, &s, main, "S3 S4 S5 S6");
    close_scene(ctx, &s.room);
}

typedef struct Refusal {
    const char *row, *numbers, *code, *words;
    int64_t quantity;
} Refusal;

static void test_adjustments_refused(void)
{
    static const Refusal rows[] = {
        { "none", "", "adjustment_line.serials", "0 for 1 pcs", -1 },
        { "too many", "S1,S2", "adjustment_line.serials", "2 for 1 pcs", -1 },
        { "one twice", "S1,S1", "adjustment_line.serials", "S1 is there twice", -2 },
        { "never seen", "S9", "inventory.serial_elsewhere", "S9 is not at MAIN", -1 },
        { "on another shelf", "S3", "inventory.serial_elsewhere", "not at MAIN but at A-01", -1 },
        { "at a customer", "S4", "inventory.serial_elsewhere", "not at MAIN but at CUSTOMER", -1 },
        { "found, and here", "S3", "inventory.serial_here", "in stock already, at A-01", 1 },
        { "one of two is here", "S8,S1", "inventory.serial_here", "at MAIN", 2 },
        { "no plain number", "S\u00e9", "field.ascii", "plain letters", 1 },
    };
    Ctx *ctx = test_ctx();
    Shelves s;
    shelves_open(ctx, &s);
    CHECK_OK(ctx, receive(ctx, &s, s.room.main, 3, "S1,S2,S4", ""));
    CHECK_OK(ctx, receive(ctx, &s, s.room.bin, 1, "S3", ""));
    sell(ctx, &s, s.room.main, "S4");
    for (size_t i = 0; i < COUNT(rows); i++) {
        test_row = rows[i].row;
        refused(ctx, adjust(ctx, &s, s.room.main, rows[i].quantity, rows[i].numbers, ""),
                rows[i].code, rows[i].words);
        stand(ctx, &s, s.room.main, "S1 S2");
        stand(ctx, &s, s.room.bin, "S3");
    }
    test_row = "more than a line has";
    Buf many = { .arena = ctx->arena };
    for (int i = 0; i <= 2000; i++)
        buf_printf(&many, "%sN%d", i ? "," : "", i);
    refused(ctx, adjust(ctx, &s, s.room.main, 2001, buf_str(&many).ptr, ""),
            "adjustment_line.serials", "at most 2000");
    test_row = "goods without numbers";
    books_must(ctx, step_goods, &(Kind){ &s, false, false });
    refused(ctx, adjust(ctx, &s, s.room.main, 1, "S1", ""), "adjustment_line.serials",
            "has no serial numbers");
    CHECK_OK(ctx, adjust(ctx, &s, s.room.main, 1, "", ""));
    close_scene(ctx, &s.room);
}

// ---- Counts -------------------------------------------------------------------------------------

typedef struct Counted {
    Id count;
    StockCount stored;
} Counted;

static Status step_count(Ctx *ctx, void *arg)
{
    Counted *counted = arg;
    return stock_count_load(ctx, counted->count, &counted->stored);
}

static StockCount count_of(Ctx *ctx, const Shelves *s)
{
    Counted counted = { .count = s->count };
    CHECK_OK(ctx, tenant_read(ctx, step_count, &counted));
    return counted.stored;
}

static void test_counted(void)
{
    Ctx *ctx = test_ctx();
    Shelves s;
    shelves_open(ctx, &s);
    Id main = s.room.main;
    CHECK_OK(ctx, receive(ctx, &s, main, 4, "S1,S2,S3,S4", ""));
    count_begins(ctx, &s, main, false);
    const CountLine *line = count_of(ctx, &s).lines.items;
    CHECK_INT(line->expected.micro, pieces(4).micro);
    CHECK_STR(line->expected_serials, "S1\nS2\nS3\nS4");
    refused(ctx, count_ends(ctx, &s), "stock_count.uncounted", "1 lines");
    refused(ctx, see(ctx, &s, main, "S1,S4", ",\"counted\":\"3\""), "counted_line.serials",
            "2 for 3 pcs");
    refused(ctx, see(ctx, &s, main, "", ",\"counted\":\"3\""), "counted_line.serials",
            "0 for 3 pcs");
    refused(ctx, see(ctx, &s, main, "S1,S1", ""), "counted_line.serials", "S1 is there twice");
    CHECK_OK(ctx, see(ctx, &s, main, "S1", ",\"counted\":\"1\""));
    CHECK_OK(ctx, see(ctx, &s, main, "S1,S4,S9", ""));  // said again, better
    line = count_of(ctx, &s).lines.items;
    CHECK_INT(line->counted.value.micro, pieces(3).micro);
    CHECK_STR(line->serials, "S1\nS4\nS9");
    sell(ctx, &s, main, "S4");  // goods go on moving while people count
    sell(ctx, &s, main, "S3");
    CHECK_OK(ctx, receive(ctx, &s, main, 1, "S5", ""));
    CHECK_OK(ctx, count_ends(ctx, &s));
    stand(ctx, &s, main, "S1 S5 S9");  // S2 is lost, S9 was found
    CHECK_INT(worth_of(ctx, &s).minor, 3000);
    close_scene(ctx, &s.room);
}

static void test_nothing_left(void)
{
    Ctx *ctx = test_ctx();
    Shelves s;
    shelves_open(ctx, &s);
    CHECK_OK(ctx, receive(ctx, &s, s.room.main, 2, "S1,S2", ""));
    count_begins(ctx, &s, s.room.main, false);
    CHECK_OK(ctx, see(ctx, &s, s.room.main, "", ""));
    CHECK_OK(ctx, count_ends(ctx, &s));
    stand(ctx, &s, s.room.main, "");
    CHECK_INT(worth_of(ctx, &s).minor, 0);
    close_scene(ctx, &s.room);
}

static Status step_moves_out(Ctx *ctx, void *arg)
{
    Look *look = arg;
    return db_one(ctx,
                  SQL("SELECT count(*) FROM stock_move WHERE variant_id = $1 AND to_id = $2",
                      look->shelves->variant, look->place),
                  &look->worth.minor);
}

static void test_wrong_shelf(void)
{
    Ctx *ctx = test_ctx();
    Shelves s;
    shelves_open(ctx, &s);
    Id main = s.room.main, bin = s.room.bin;
    CHECK_OK(ctx, receive(ctx, &s, main, 2, "S1,S2", ""));
    CHECK_OK(ctx, receive(ctx, &s, bin, 1, "S3", ""));
    count_begins(ctx, &s, main, false);
    CHECK_OK(ctx, see(ctx, &s, main, "S2,S3", ""));
    CHECK_OK(ctx, see(ctx, &s, bin, "S1", ""));
    CHECK_OK(ctx, count_ends(ctx, &s));
    stand(ctx, &s, main, "S2 S3");
    stand(ctx, &s, bin, "S1");
    Look lost = { .shelves = &s, .place = s.room.loss };
    CHECK_OK(ctx, tenant_read(ctx, step_moves_out, &lost));
    CHECK_INT(lost.worth.minor, 0);  // nothing was lost and found again
    close_scene(ctx, &s.room);
}

static void test_seen_in_another_place(void)
{
    Ctx *ctx = test_ctx();
    Shelves s;
    shelves_open(ctx, &s);
    Id main = s.room.main, bin = s.room.bin;
    CHECK_OK(ctx, receive(ctx, &s, main, 2, "S1,S2", ""));
    CHECK_OK(ctx, receive(ctx, &s, bin, 1, "S3", ""));
    count_begins(ctx, &s, bin, false);
    CHECK_OK(ctx, see(ctx, &s, bin, "S3,S1", ""));
    refused(ctx, count_ends(ctx, &s), "inventory.serial_here", "S1 is in stock already, at MAIN");
    stand(ctx, &s, bin, "S3");
    count_begins(ctx, &s, main, false);
    CHECK_OK(ctx, see(ctx, &s, bin, "S3,S1", ""));
    CHECK_OK(ctx, see(ctx, &s, main, "S1,S2", ""));  // in two places at once
    refused(ctx, count_ends(ctx, &s), "inventory.serial_here", "S1 is in stock already, at MAIN");
    stand(ctx, &s, main, "S1 S2");
    close_scene(ctx, &s.room);
}

static void test_blind(void)
{
    Ctx *ctx = test_ctx();
    Shelves s;
    shelves_open(ctx, &s);
    Id main = s.room.main;
    CHECK_OK(ctx, receive(ctx, &s, main, 3, "S1,S2,S3", ""));
    count_begins(ctx, &s, main, true);
    const CountLine *line = count_of(ctx, &s).lines.items;
    CHECK_INT(line->expected.micro, 0);
    CHECK_STR(line->expected_serials, "");
    CHECK_OK(ctx, see(ctx, &s, main, "S3,S2,S7", ""));
    CHECK_OK(ctx, count_ends(ctx, &s));
    stand(ctx, &s, main, "S2 S3 S7");
    line = count_of(ctx, &s).lines.items;
    CHECK_STR(line->expected_serials, "S1\nS2\nS3");
    close_scene(ctx, &s.room);
}

// ---- Status and lot -----------------------------------------------------------------------------

static Status step_plan(Ctx *ctx, void *arg)
{
    Look *look = arg;
    PickSourceList plan;
    Qty missing;
    TRY(stock_pick_plan(ctx, look->shelves->variant, look->place, pieces(2), &plan, &missing));
    look->worth.minor = (int64_t)plan.len;
    return OK;
}

static void test_in_inspection(void)
{
    Ctx *ctx = test_ctx();
    Shelves s;
    shelves_open(ctx, &s);
    Id main = s.room.main;
    CHECK_OK(ctx, receive(ctx, &s, main, 1, "S1", ""));
    CHECK_OK(ctx, receive(ctx, &s, main, 1, "S2", ",\"status\":\"qc\""));
    Look planned = { .shelves = &s, .place = main };
    CHECK_OK(ctx, tenant_read(ctx, step_plan, &planned));
    CHECK_INT(planned.worth.minor, 1);  // what is inspected is not picked
    refused(ctx, adjust(ctx, &s, main, -1, "S2", ""), "inventory.serial_status", "'In inspection'");
    count_begins(ctx, &s, main, false);
    CHECK_OK(ctx, see(ctx, &s, main, "S1,S2", ""));
    CHECK_OK(ctx, see(ctx, &s, main, "", ",\"status\":\"qc\""));
    CHECK_OK(ctx, count_ends(ctx, &s));
    CHECK_OK(ctx, tenant_read(ctx, step_plan, &planned));
    CHECK_INT(planned.worth.minor, 2);
    close_scene(ctx, &s.room);
}

static Status step_lots(Ctx *ctx, void *arg)
{
    Shelves *s = arg;
    s->scene.lot_a = room_lot(ctx, s->variant, "LA", 0);
    s->scene.lot_b = room_lot(ctx, s->variant, "LB", 0);
    return OK;
}

static void test_lots(void)
{
    Ctx *ctx = test_ctx();
    Shelves s;
    shelves_open(ctx, &s);
    Id main = s.room.main;
    books_must(ctx, step_goods, &(Kind){ &s, true, true });
    books_must(ctx, step_lots, &s);
    Str a = str_format(ctx->arena, ",\"lot\":\"%s\"", text_of(ctx, s.scene.lot_a).ptr);
    Str b = str_format(ctx->arena, ",\"lot\":\"%s\"", text_of(ctx, s.scene.lot_b).ptr);
    CHECK_OK(ctx, receive(ctx, &s, main, 2, "S1,S2", a.ptr));
    CHECK_OK(ctx, receive(ctx, &s, main, 1, "S3", b.ptr));
    refused(ctx, adjust(ctx, &s, main, -1, "S1", b.ptr), "inventory.serial_lot", "another lot");
    CHECK_OK(ctx, adjust(ctx, &s, main, -1, "S1", ""));  // its lot is known
    count_begins(ctx, &s, main, true);
    CHECK_OK(ctx, see(ctx, &s, main, "S2", b.ptr));
    CHECK_OK(ctx, see(ctx, &s, main, "S3", a.ptr));
    CHECK_OK(ctx, count_ends(ctx, &s));  // each was in the other's box
    stand(ctx, &s, main, "S2 S3");
    refused(ctx, adjust(ctx, &s, main, -1, "S2", a.ptr), "inventory.serial_lot", "another lot");
    CHECK_OK(ctx, adjust(ctx, &s, main, -1, "S2", b.ptr));
    close_scene(ctx, &s.room);
}

// ---- Receipts that were wrong -------------------------------------------------------------------

static Status step_line(Ctx *ctx, void *arg)
{
    Look *look = arg;
    GoodsReceipt receipt;
    TRY(goods_receipt_load(ctx, look->shelves->paper, &receipt));
    look->place = receipt.lines.items[0].record.id;
    return OK;
}

static Status correct(Ctx *ctx, Shelves *s, int64_t quantity, const char *numbers)
{
    Look line = { .shelves = s };
    CHECK_OK(ctx, tenant_read(ctx, step_line, &line));
    return room_act(ctx, &goods_receipt_entity, s->paper, "correct",
                    str_format(ctx->arena,
                               "{\"line\":\"%s\",\"quantity\":\"%lld\",\"serials\":\"%s\"}",
                               text_of(ctx, line.place).ptr, (long long)quantity, numbers));
}

static void test_corrected(void)
{
    static const char code[] = "receipt_correction.serials";
    Ctx *ctx = test_ctx();
    Shelves s;
    shelves_open(ctx, &s);
    Id main = s.room.main;
    CHECK_OK(ctx, receive(ctx, &s, main, 1, "S9", ""));
    CHECK_OK(ctx, receive(ctx, &s, main, 3, "S1,S2,S3", ""));
    refused(ctx, correct(ctx, &s, 2, ""), code, "0 for 1 pcs");
    refused(ctx, correct(ctx, &s, 2, "S1,S3"), code, "2 for 1 pcs");
    refused(ctx, correct(ctx, &s, 2, "S9"), code, "S9 did not come with this line");
    CHECK_OK(ctx, correct(ctx, &s, 2, "S2"));
    stand(ctx, &s, main, "S1 S3 S9");
    CHECK_OK(ctx, correct(ctx, &s, 2, ""));  // says the same
    refused(ctx, correct(ctx, &s, 1, "S2"), code, "S2 did not come with this line");
    refused(ctx, correct(ctx, &s, 4, "S1,S7"), "inventory.serial_here", "S1 is in stock already");
    CHECK_OK(ctx, correct(ctx, &s, 4, "S2,S7"));  // two came besides, and one of them was known
    stand(ctx, &s, main, "S1 S2 S3 S7 S9");
    CHECK_INT(worth_of(ctx, &s).minor, 5000);
    sell(ctx, &s, main, "S1");
    refused(ctx, correct(ctx, &s, 3, "S1"), "inventory.serial_elsewhere", "but at CUSTOMER");
    CHECK_OK(ctx, correct(ctx, &s, 1, "S2,S3,S7"));
    stand(ctx, &s, main, "S9");
    CHECK_INT(worth_of(ctx, &s).minor, 1000);
    close_scene(ctx, &s.room);
}

// ---- Whatever happens ---------------------------------------------------------------------------

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
           receive(ctx, &m->s, m->spots[spot], some.count, some.text.ptr, ""));
}

static void try_adjustment(Ctx *ctx, Model *m)
{
    bool is_in = random_chance(ctx->random, 2);
    Some some = some_of(ctx, is_in ? 2 : 1);
    int spot = (int)random_below(ctx->random, SPOTS);
    settle(ctx, m, &some, is_in ? AWAY : spot, is_in ? spot : AWAY,
           adjust(ctx, &m->s, m->spots[spot], is_in ? some.count : -some.count, some.text.ptr, ""));
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
    CHECK_INT((int64_t)look_at(ctx, &m->s, m->s.room.transit).numbers.len, 2);
    CHECK_OK(ctx, room_act(ctx, e, m->s.paper, "receive", S("")));
    Str there = look_at(ctx, &m->s, m->spots[2]).numbers;
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
    count_begins(ctx, &m->s, m->spots[0], random_chance(ctx->random, 2));
    for (int i = 0; i < NUMBERS; i++) {
        m->seen[i] = seen_at(ctx, m, i);
        if (m->seen[i] == 0 || m->seen[i] == 1) {
            choose(&some[m->seen[i]], ctx, i);
            is_right &= m->at[i] != 2;
        }
    }
    for (int spot = 0; spot < 2; spot++)
        CHECK_OK(ctx, see(ctx, &m->s, m->spots[spot], some[spot].text.ptr, ""));
    CHECK_INT(count_ends(ctx, &m->s) == OK, is_right);
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
    CHECK_OK(ctx, receive(ctx, &m->s, m->spots[spot], some.count, some.text.ptr, ""));
    put(m, &some, spot);
    while (!some.chosen[wrong])
        wrong++;
    CHECK_OK(ctx, correct(ctx, &m->s, some.count - 1, names[wrong]));
    m->at[wrong] = AWAY;
}

static void try_sale(Ctx *ctx, Model *m)
{
    for (int i = 0; i < NUMBERS; i++)
        if (m->at[i] != AWAY) {
            sell(ctx, &m->s, m->spots[m->at[i]], names[i]);
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
        Str found = look_at(ctx, &m->s, m->spots[spot]).numbers;
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

// ---- What verify finds --------------------------------------------------------------------------

enum { HEARD = 200 };

static void hear(const char *check, Str sentence, void *arg)
{
    snprintf(arg, HEARD, "%s: " STR_FMT, check, STR_ARG(sentence));
}

static Status step_spoil(Ctx *ctx, void *arg)
{
    const Shelves *s = arg;
    return db_write(ctx, SQL("UPDATE serial SET state = 'shipped' WHERE variant_id = $1"
                             " AND number = 'S2'",
                             s->variant));
}

static void test_verify_counts(void)
{
    Ctx *ctx = test_ctx();
    Shelves s;
    shelves_open(ctx, &s);
    CHECK_OK(ctx, receive(ctx, &s, s.room.main, 2, "S1,S2", ""));
    books_verify(ctx);
    books_must(ctx, step_spoil, &s);
    char heard[HEARD] = "";
    VerifyRun run = { .report = hear, .arg = heard };
    CHECK_OK(ctx, verify_run(ctx, &run));
    CHECK_INT(run.findings, 1);
    CHECK_STR(str_from(heard),
              "inventory.serials: P-1 at MAIN: a level of 2 and 1 serial numbers that stand there");
    stockroom_close(&s.room);
}

const Test stock_serials_tests[] = {
    { "pieces are lost and found by their numbers", test_adjusted },
    { "an adjustment says which pieces, and they must be there", test_adjustments_refused },
    { "a count of pieces follows from the numbers that were seen", test_counted },
    { "a shelf counted empty has lost all its numbers", test_nothing_left },
    { "a piece on the wrong shelf is put there, neither lost nor found", test_wrong_shelf },
    { "a piece seen where it cannot be is refused with where it is", test_seen_in_another_place },
    { "a blind count takes the numbers when it ends", test_blind },
    { "a piece in inspection is not a free one", test_in_inspection },
    { "a piece is of one lot", test_lots },
    { "a receipt is corrected by the numbers of the pieces", test_corrected },
    { "whatever happens, a level is as many pieces as numbers", test_whatever_happens },
    { "verify finds a number that is missing", test_verify_counts },
    { 0 },
};
