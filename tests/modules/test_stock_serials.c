// test_stock_serials.c - goods whose pieces have numbers: adjusted, counted and corrected by them.
// After whatever is done or refused, every place holds as many numbers as its level says.
#include "modules/shelves.h"

#include "modules/books.h"

#include "kernel/files.h"
#include "kernel/transfer.h"
#include "kernel/verify.h"

static Str text_of(Ctx *ctx, Id id)
{
    return id_text(ctx->arena, id);
}

static Money worth_of(Ctx *ctx, Shelves *s)
{
    return shelf_look(ctx, s, s->room.main).worth;
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
    CHECK_OK(ctx, shelves_receive(ctx, &s, bin, 3, "S1, S2\\r\\nS3", ""));
    shelf_holds(ctx, &s, bin, "S1 S2 S3");
    CHECK_OK(ctx, shelves_adjust(ctx, &s, bin, -2, "S3\\nS1", ""));
    shelf_holds(ctx, &s, bin, "S2");
    CHECK_INT(worth_of(ctx, &s).minor, 1000);
    CHECK_OK(ctx, shelves_adjust(ctx, &s, main, 3, "S3,S4,S5", ",\"price\":\"3.335\""));
    shelf_holds(ctx, &s, main, "S3 S4 S5");
    Look made = { .shelves = &s };
    CHECK_OK(ctx, tenant_read(ctx, step_amount, &made));
    CHECK_INT(made.worth.minor, 1001);  // 10.005, rounded once
    CHECK_INT(worth_of(ctx, &s).minor, 2001);
    CHECK_OK(ctx, shelves_adjust(ctx, &s, main, 1, "S6", ""));  // at the last known cost
    shelf_holds(ctx, &s, main, "S3 S4 S5 S6");
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
    CHECK_OK(ctx, shelves_receive(ctx, &s, s.room.main, 3, "S1,S2,S4", ""));
    CHECK_OK(ctx, shelves_receive(ctx, &s, s.room.bin, 1, "S3", ""));
    shelves_sell(ctx, &s, s.room.main, "S4");
    for (size_t i = 0; i < COUNT(rows); i++) {
        test_row = rows[i].row;
        shelf_refused(ctx,
                      shelves_adjust(ctx, &s, s.room.main, rows[i].quantity, rows[i].numbers, ""),
                      rows[i].code, rows[i].words);
        shelf_holds(ctx, &s, s.room.main, "S1 S2");
        shelf_holds(ctx, &s, s.room.bin, "S3");
    }
    test_row = "more than a line has";
    Buf many = { .arena = ctx->arena };
    for (int i = 0; i <= 1000; i++)
        buf_printf(&many, "%sN%d", i ? "," : "", i);
    shelf_refused(ctx, shelves_adjust(ctx, &s, s.room.main, 1001, buf_str(&many).ptr, ""),
                  "adjustment_line.serials", "at most 1000");
    test_row = "goods without numbers";
    books_must(ctx, shelves_goods, &(Kind){ &s, false, false });
    shelf_refused(ctx, shelves_adjust(ctx, &s, s.room.main, 1, "S1", ""), "adjustment_line.serials",
                  "has no serial numbers");
    CHECK_OK(ctx, shelves_adjust(ctx, &s, s.room.main, 1, "", ""));
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
    CHECK_OK(ctx, shelves_receive(ctx, &s, main, 4, "S1,S2,S3,S4", ""));
    shelves_count(ctx, &s, main, false);
    const CountLine *line = count_of(ctx, &s).lines.items;
    CHECK_INT(line->expected.micro, pieces(4).micro);
    CHECK_STR(line->expected_serials, "S1\nS2\nS3\nS4");
    shelf_refused(ctx, shelves_counted(ctx, &s), "stock_count.uncounted", "1 lines");
    shelf_refused(ctx, shelves_see(ctx, &s, main, "S1,S4", ",\"counted\":\"3\""),
                  "counted_line.serials", "2 for 3 pcs");
    shelf_refused(ctx, shelves_see(ctx, &s, main, "", ",\"counted\":\"3\""), "counted_line.serials",
                  "0 for 3 pcs");
    shelf_refused(ctx, shelves_see(ctx, &s, main, "S1,S1", ""), "counted_line.serials",
                  "S1 is there twice");
    CHECK_OK(ctx, shelves_see(ctx, &s, main, "S1", ",\"counted\":\"1\""));
    CHECK_OK(ctx, shelves_see(ctx, &s, main, "S1,S4,S9", ""));  // said again, better
    line = count_of(ctx, &s).lines.items;
    CHECK_INT(line->counted.value.micro, pieces(3).micro);
    CHECK_STR(line->serials, "S1\nS4\nS9");
    shelves_sell(ctx, &s, main, "S4");  // goods go on moving while people count
    shelves_sell(ctx, &s, main, "S3");
    CHECK_OK(ctx, shelves_receive(ctx, &s, main, 1, "S5", ""));
    CHECK_OK(ctx, shelves_counted(ctx, &s));
    shelf_holds(ctx, &s, main, "S1 S5 S9");  // S2 is lost, S9 was found
    CHECK_INT(worth_of(ctx, &s).minor, 3000);
    close_scene(ctx, &s.room);
}

// By code that knows nothing of numbers.
static Status step_figure_only(Ctx *ctx, void *arg)
{
    StockCount count;
    TRY(stock_count_load(ctx, ((Shelves *)arg)->count, &count));
    count.lines.items[0].counted = (MaybeQty){ true, pieces(2) };
    return stock_count_save(ctx, &count);
}

static void test_nothing_left(void)
{
    Ctx *ctx = test_ctx();
    Shelves s;
    shelves_open(ctx, &s);
    CHECK_OK(ctx, shelves_receive(ctx, &s, s.room.main, 2, "S1,S2", ""));
    shelves_count(ctx, &s, s.room.main, false);
    books_must(ctx, step_figure_only, &s);
    shelf_refused(ctx, shelves_counted(ctx, &s), "count_line.serials", "0 for 2 pcs");
    CHECK_OK(ctx, shelves_see(ctx, &s, s.room.main, "", ""));
    CHECK_OK(ctx, shelves_counted(ctx, &s));
    shelf_holds(ctx, &s, s.room.main, "");
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
    CHECK_OK(ctx, shelves_receive(ctx, &s, main, 2, "S1,S2", ""));
    CHECK_OK(ctx, shelves_receive(ctx, &s, bin, 1, "S3", ""));
    shelves_count(ctx, &s, main, false);
    CHECK_OK(ctx, shelves_see(ctx, &s, main, "S2,S3", ""));
    CHECK_OK(ctx, shelves_see(ctx, &s, bin, "S1", ""));
    CHECK_OK(ctx, shelves_counted(ctx, &s));
    shelf_holds(ctx, &s, main, "S2 S3");
    shelf_holds(ctx, &s, bin, "S1");
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
    CHECK_OK(ctx, shelves_receive(ctx, &s, main, 2, "S1,S2", ""));
    CHECK_OK(ctx, shelves_receive(ctx, &s, bin, 1, "S3", ""));
    shelves_count(ctx, &s, bin, false);
    CHECK_OK(ctx, shelves_see(ctx, &s, bin, "S3,S1", ""));
    shelf_refused(ctx, shelves_counted(ctx, &s), "inventory.serial_here",
                  "S1 is in stock already, at MAIN");
    shelf_holds(ctx, &s, bin, "S3");
    shelves_count(ctx, &s, main, false);
    CHECK_OK(ctx, shelves_see(ctx, &s, bin, "S3,S1", ""));
    CHECK_OK(ctx, shelves_see(ctx, &s, main, "S1,S2", ""));  // in two places at once
    shelf_refused(ctx, shelves_counted(ctx, &s), "inventory.serial_here",
                  "S1 is in stock already, at MAIN");
    shelf_holds(ctx, &s, main, "S1 S2");
    close_scene(ctx, &s.room);
}

static void test_blind(void)
{
    Ctx *ctx = test_ctx();
    Shelves s;
    shelves_open(ctx, &s);
    Id main = s.room.main;
    CHECK_OK(ctx, shelves_receive(ctx, &s, main, 3, "S1,S2,S3", ""));
    shelves_count(ctx, &s, main, true);
    const CountLine *line = count_of(ctx, &s).lines.items;
    CHECK_INT(line->expected.micro, 0);
    CHECK_STR(line->expected_serials, "");
    CHECK_OK(ctx, shelves_see(ctx, &s, main, "S3,S2,S7", ""));
    CHECK_OK(ctx, shelves_counted(ctx, &s));
    shelf_holds(ctx, &s, main, "S2 S3 S7");
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
    CHECK_OK(ctx, shelves_receive(ctx, &s, main, 1, "S1", ""));
    CHECK_OK(ctx, shelves_receive(ctx, &s, main, 1, "S2", ",\"status\":\"qc\""));
    Look planned = { .shelves = &s, .place = main };
    CHECK_OK(ctx, tenant_read(ctx, step_plan, &planned));
    CHECK_INT(planned.worth.minor, 1);  // what is inspected is not picked
    shelf_refused(ctx, shelves_adjust(ctx, &s, main, -1, "S2", ""), "inventory.serial_status",
                  "'In inspection'");
    shelves_count(ctx, &s, main, false);
    CHECK_OK(ctx, shelves_see(ctx, &s, main, "S1,S2", ""));
    CHECK_OK(ctx, shelves_see(ctx, &s, main, "", ",\"status\":\"qc\""));
    CHECK_OK(ctx, shelves_counted(ctx, &s));
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
    books_must(ctx, shelves_goods, &(Kind){ &s, true, true });
    books_must(ctx, step_lots, &s);
    Str a = str_format(ctx->arena, ",\"lot\":\"%s\"", text_of(ctx, s.scene.lot_a).ptr);
    Str b = str_format(ctx->arena, ",\"lot\":\"%s\"", text_of(ctx, s.scene.lot_b).ptr);
    CHECK_OK(ctx, shelves_receive(ctx, &s, main, 2, "S1,S2", a.ptr));
    CHECK_OK(ctx, shelves_receive(ctx, &s, main, 1, "S3", b.ptr));
    shelf_refused(ctx, shelves_adjust(ctx, &s, main, -1, "S1", b.ptr), "inventory.serial_lot",
                  "another lot");
    CHECK_OK(ctx, shelves_adjust(ctx, &s, main, -1, "S1", ""));  // its lot is known
    shelves_count(ctx, &s, main, true);
    CHECK_OK(ctx, shelves_see(ctx, &s, main, "S2", b.ptr));
    CHECK_OK(ctx, shelves_see(ctx, &s, main, "S3", a.ptr));
    CHECK_OK(ctx, shelves_counted(ctx, &s));  // each was in the other's box
    shelf_holds(ctx, &s, main, "S2 S3");
    shelf_refused(ctx, shelves_adjust(ctx, &s, main, -1, "S2", a.ptr), "inventory.serial_lot",
                  "another lot");
    CHECK_OK(ctx, shelves_adjust(ctx, &s, main, -1, "S2", b.ptr));
    close_scene(ctx, &s.room);
}

// ---- Receipts that were wrong -------------------------------------------------------------------

static void test_corrected(void)
{
    static const char code[] = "receipt_correction.serials";
    Ctx *ctx = test_ctx();
    Shelves s;
    shelves_open(ctx, &s);
    Id main = s.room.main;
    CHECK_OK(ctx, shelves_receive(ctx, &s, main, 1, "S9", ""));
    CHECK_OK(ctx, shelves_receive(ctx, &s, main, 3, "S1,S2,S3", ""));
    shelf_refused(ctx, shelves_correct(ctx, &s, 2, ""), code, "0 for 1 pcs");
    shelf_refused(ctx, shelves_correct(ctx, &s, 2, "S1,S3"), code, "2 for 1 pcs");
    shelf_refused(ctx, shelves_correct(ctx, &s, 2, "S9"), code, "S9 did not come with this line");
    CHECK_OK(ctx, shelves_correct(ctx, &s, 2, "S2"));
    shelf_holds(ctx, &s, main, "S1 S3 S9");
    CHECK_OK(ctx, shelves_correct(ctx, &s, 2, ""));  // says the same
    shelf_refused(ctx, shelves_correct(ctx, &s, 1, "S2"), code, "S2 did not come with this line");
    shelf_refused(ctx, shelves_correct(ctx, &s, 4, "S1,S7"), "inventory.serial_here",
                  "S1 is in stock already");
    CHECK_OK(ctx,
             shelves_correct(ctx, &s, 4, "S2,S7"));  // two came besides, and one of them was known
    shelf_holds(ctx, &s, main, "S1 S2 S3 S7 S9");
    CHECK_INT(worth_of(ctx, &s).minor, 5000);
    shelves_sell(ctx, &s, main, "S1");
    shelf_refused(ctx, shelves_correct(ctx, &s, 3, "S1"), "inventory.serial_elsewhere",
                  "but at CUSTOMER");
    CHECK_OK(ctx, shelves_correct(ctx, &s, 1, "S2,S3,S7"));
    shelf_holds(ctx, &s, main, "S9");
    CHECK_INT(worth_of(ctx, &s).minor, 1000);
    close_scene(ctx, &s.room);
}

// ---- From a file --------------------------------------------------------------------------------

typedef struct Upload {
    FilePart part;
    Id run, paper;
    ImportRun done;
} Upload;

static Status step_upload(Ctx *ctx, void *arg)
{
    Upload *upload = arg;
    ImportSpec spec = { .entity = &stock_adjustment_entity, .mapping = S("") };
    TRY(file_add(ctx, &upload->part, &spec.file));
    return import_start(ctx, &spec, &upload->run);
}

static Status step_paper(Ctx *ctx, void *arg)
{
    return db_one(ctx, SQL("SELECT id FROM stock_adjustment"), &((Upload *)arg)->paper);
}

static void test_from_a_file(void)
{
    Ctx *ctx = test_ctx();
    Shelves s;
    Upload upload = { 0 };
    shelves_open(ctx, &s);
    CHECK_OK(ctx, file_write(ctx, S("found.csv"),
                             S("place,reason,lines.variant,lines.quantity,lines.serials\n"
                               "MAIN,found,P-1,2,\"S1, S2\"\n"),
                             false, &upload.part));
    CHECK_OK(ctx, tenant_transact(ctx, step_upload, &upload));
    CHECK_OK(ctx, import_run_all(ctx, upload.run, NULL, &upload.done));
    CHECK_OK(ctx, tenant_read(ctx, step_paper, &upload));
    CHECK_OK(ctx, room_act(ctx, &stock_adjustment_entity, upload.paper, "post", S("")));
    shelf_holds(ctx, &s, s.room.main, "S1 S2");
    close_scene(ctx, &s.room);
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
    CHECK_OK(ctx, shelves_receive(ctx, &s, s.room.main, 2, "S1,S2", ""));
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
    { "numbers come from a file's column", test_from_a_file },
    { "verify finds a number that is missing", test_verify_counts },
    { 0 },
};
