// test_scan.c - working with a scanner, post by post as a wedge scanner without script would do it:
// what is right moves on, what is wrong changes nothing and says what was expected.
#include "harness.h"

#include "kernel/entity/access.h"
#include "modules/oms/oms.h"
#include "web/desk.h"

typedef struct Bench {
    Desk desk;
    Id id;       // the document that is worked on
    Str target;  // its scanner page
} Bench;

static int64_t number_of(Ctx *ctx, const char *sql)
{
    return fixture_number(ctx, ctx->tenant->db, sql);
}

typedef struct ScanStep {
    const char *name, *fields;
    int status;
    const char *says;  // on the page that answers
} ScanStep;

static void scan_all(Ctx *ctx, const Bench *bench, const ScanStep *steps, size_t count,
                     const char *figure)
{
    for (size_t i = 0; i < count; i++) {
        test_row = steps[i].name;
        int64_t before = number_of(ctx, figure);
        Answered answer = desk_post(ctx, &bench->desk, bench->target, steps[i].fields);
        CHECK_INT(answer.status, steps[i].status);
        CHECK(answer_has(answer, steps[i].says));
        if (steps[i].status == 422) {
            CHECK_INT(number_of(ctx, figure), before);
            CHECK(answer_has(answer, "class=\"hit bad\" role=\"alert\""));
        }
    }
    test_row = NULL;
}

static Str scan_target(Ctx *ctx, const char *list, Id id)
{
    return str_format(ctx->arena, "/admin/%s/~" STR_FMT "/scan", list,
                      STR_ARG(id_text(ctx->arena, id)));
}

// ---- Picking ------------------------------------------------------------------------------------

static Status make_list(Ctx *ctx, void *arg)
{
    Bench *bench = arg;
    IdList deliveries;
    PickList *list = pick_list_new(ctx);
    TRY(delivery_plan(ctx, bench->desk.order.record.id, tenant_today(ctx), &deliveries));
    list->warehouse = bench->desk.shop.room.main;
    TRY(pick_list_save(ctx, list));
    bench->id = list->record.id;
    return action_do(ctx, &pick_list_entity, list, "fill", NULL);
}

static void open_picking(Ctx *ctx, Bench *bench)
{
    desk_open(ctx, &bench->desk);
    desk_pay(ctx, &bench->desk);
    CHECK_OK(ctx, shop_try(ctx, make_list, bench));
    bench->target = scan_target(ctx, "oms/pick-lists", bench->id);
    bench->desk.token = ask_token(ctx, "picker@example.com", "Picking and packing");
}

static const char taken[] = "SELECT CAST(COALESCE(sum(taken), 0) AS BIGINT) FROM delivery_pick";

static void test_pick(void)
{
    static const ScanStep steps[] = {
        { "an article before its bin", "do=code&code=P-1", 422, "scan the bin first: go to A-01" },
        { "another bin", "do=code&code=SECOND", 422, "go to A-01" },
        { "a code of nothing", "do=code&code=4711", 422, "has the code &#39;4711&#39;" },
        { "no code at all", "do=code&code=", 422, "has the code" },
        { "the bin, in small letters", "do=code&code=a-01", 200, "A-01, the right bin" },
        { "an article of no order", "do=code&code=P-3", 422, "P-3 is not it: take P-1" },
        { "the article", "do=code&code=P-1&_once=one", 200, "Scan 1 more" },
        { "the same scan sent again", "do=code&code=P-1&_once=one", 200, "Scan 1 more" },
        { "its second", "do=code&code=P-1", 200, "All 2 are taken" },
        { "one too many", "do=code&code=P-1", 422, "P-1 is not it: take P-2" },
        { "the other article", "do=code&code=P-2", 200, "All of it is taken: 2 picks." },
    };
    Ctx *ctx = test_ctx();
    Bench bench = { 0 };
    open_picking(ctx, &bench);
    Answered page = desk_get(ctx, &bench.desk, bench.target);
    CHECK_INT(page.status, 200);
    CHECK(answer_has(page, "Go to bin") && answer_has(page, "0 of 2 picks"));
    CHECK(answer_has(desk_get(ctx, &bench.desk, S("/admin/scan")), "PL-26-00001"));
    CHECK_INT(desk_get(ctx, &bench.desk, S("/admin/scan?code=pl-26-00001")).status, 303);
    CHECK_INT(desk_get(ctx, &bench.desk, S("/admin/scan?code=PL-26-9")).status, 422);
    scan_all(ctx, &bench, steps, COUNT(steps), taken);
    CHECK_INT(number_of(ctx, taken), 3 * MICRO);
    CHECK_INT(desk_post(ctx, &bench.desk, bench.target, "do=done").status, 303);
    CHECK_INT(number_of(ctx, "SELECT count(*) FROM delivery WHERE state = 'packed'"), 1);
    CHECK_INT(number_of(ctx, "SELECT count(*) FROM pick_list WHERE state = 'done'"), 1);
    CHECK(answer_has(desk_get(ctx, &bench.desk, bench.target), "nothing left to do here"));
    CHECK_INT(desk_post(ctx, &bench.desk, bench.target, "do=code&code=P-1").status, 422);
    shop_verify(ctx);
    desk_close(&bench.desk);
}

static Str fields_of(Ctx *ctx, const char *format, const char *sql)
{
    Id line = number_of(ctx, sql);
    return str_format(ctx->arena, "do=%s&line=" STR_FMT, format,
                      STR_ARG(id_text(ctx->arena, line)));
}

static void test_short(void)
{
    static const char first[] = "SELECT p.id FROM delivery_pick p JOIN delivery_line l"
                                " ON l.id = p.line_id WHERE l.quantity = 2000000";
    Ctx *ctx = test_ctx();
    Bench bench = { 0 };
    open_picking(ctx, &bench);
    CHECK_INT(desk_post(ctx, &bench.desk, bench.target, "do=code&code=A-01").status, 200);
    Str most = fields_of(ctx, "count&quantity=3", first),
        one = fields_of(ctx, "more&more=1", first);
    CHECK_INT(desk_post(ctx, &bench.desk, bench.target, most.ptr).status, 422);
    CHECK_INT(desk_post(ctx, &bench.desk, bench.target, "do=count&quantity=few").status, 422);
    CHECK_INT(desk_post(ctx, &bench.desk, bench.target, one.ptr).status, 200);
    CHECK_INT(desk_post(ctx, &bench.desk, bench.target, "do=done").status, 422);
    Str asked = str_format(ctx->arena, STR_FMT "?short=1", STR_ARG(bench.target));
    CHECK(answer_has(desk_get(ctx, &bench.desk, asked), "Are there only 1 of 2?"));
    Str less = fields_of(ctx, "short", first);
    CHECK_INT(desk_post(ctx, &bench.desk, bench.target, less.ptr).status, 200);
    CHECK_INT(number_of(ctx, "SELECT count(*) FROM order_exception WHERE state = 'open'"), 1);
    CHECK_INT(desk_post(ctx, &bench.desk, bench.target, "do=code&code=P-2").status, 200);
    CHECK_INT(desk_post(ctx, &bench.desk, bench.target, "do=done").status, 303);
    CHECK_INT(number_of(ctx, "SELECT CAST(sum(picked) AS BIGINT) FROM delivery_line"), 2 * MICRO);
    CHECK_INT(number_of(ctx, "SELECT CAST(sum(quantity) AS BIGINT) FROM delivery_pick"), 2 * MICRO);
    shop_verify(ctx);
    desk_close(&bench.desk);
}

// ---- Counting -----------------------------------------------------------------------------------

static Status make_count(Ctx *ctx, void *arg)
{
    Bench *bench = arg;
    StockCount *count = stock_count_new(ctx);
    count->place = bench->desk.shop.room.main;
    TRY(stock_count_save(ctx, count));
    bench->id = count->record.id;
    return action_do(ctx, &stock_count_entity, count, "start", NULL);
}

static void test_count(void)
{
    static const ScanStep steps[] = {
        { "an article before its bin", "do=code&code=P-1", 422, "scan the bin first" },
        { "a bin elsewhere", "do=code&code=SECOND", 422, "it is of MAIN" },
        { "the bin", "do=code&code=A-01", 200, "Counting at A-01" },
        { "a code of nothing", "do=code&code=4711", 422, "has the code" },
        { "one", "do=code&code=P-1", 200, "P-1: 1 counted" },
        { "and one", "do=code&code=P-1", 200, "P-1: 2 counted" },
        { "another article", "do=code&code=P-2", 200, "P-2: 1 counted" },
        { "the rest is none", "do=rest", 200, "Done here: 2 lines have none." },
    };
    static const char counted[] =
        "SELECT CAST(COALESCE(sum(counted), 0) AS BIGINT) FROM count_line";
    static const char line[] = "SELECT l.id FROM count_line l JOIN variant v"
                               " ON v.id = l.variant_id WHERE v.sku = 'P-1'";
    Ctx *ctx = test_ctx();
    Bench bench = { 0 };
    desk_open(ctx, &bench.desk);
    CHECK_OK(ctx, shop_try(ctx, make_count, &bench));
    bench.target = scan_target(ctx, "inventory/counts", bench.id);
    CHECK(answer_has(desk_get(ctx, &bench.desk, bench.target), "0 of 4 lines"));
    scan_all(ctx, &bench, steps, COUNT(steps), counted);
    Str ten = fields_of(ctx, "count&quantity=10", line);
    CHECK_INT(desk_post(ctx, &bench.desk, bench.target, ten.ptr).status, 200);
    CHECK_INT(number_of(ctx, counted), 11 * MICRO);
    Answered page = desk_get(ctx, &bench.desk, bench.target);
    CHECK(answer_has(page, "4 of 4 lines") && answer_has(page, "Post the count"));
    bench.desk.token = ask_token(ctx, "viewer@example.com", "Viewer");
    CHECK_INT(desk_get(ctx, &bench.desk, bench.target).status, 404);
    CHECK_INT(desk_post(ctx, &bench.desk, bench.target, "do=code&code=P-1").status, 404);
    CHECK(answer_has(desk_get(ctx, &bench.desk, S("/admin/scan")), "Your roles pick, count"));
    desk_close(&bench.desk);
}

static Status make_piece(Ctx *ctx, const Stockroom *room, Id variant, const char *number)
{
    Serial *serial = serial_new(ctx);
    serial->variant = variant;
    serial->number = str_from(number);
    TRY(serial_save(ctx, serial));
    MoveSpec spec = { .variant = variant,
                      .kind = MOVE_KIND_RECEIPT,
                      .from = room->supplier,
                      .to = room->bin,
                      .quantity = pieces(1),
                      .serial = serial->record.id,
                      .unit_cost = { true, { 5 * MICRO } } };
    return stock_move(ctx, &spec, NULL);
}

static Status make_count_of_pieces(Ctx *ctx, void *arg)
{
    Bench *bench = arg;
    Stockroom *room = &bench->desk.shop.room;
    room->products = SHOP_VARIANTS;  // the shop has made so many by itself
    Id variant = room_variant_like(ctx, room, false, true);
    TRY(make_piece(ctx, room, variant, "N1"));
    TRY(make_piece(ctx, room, variant, "N2"));
    TRY(make_piece(ctx, room, variant, "N3"));
    return make_count(ctx, bench);
}

static void test_count_pieces(void)
{
    static const ScanStep steps[] = {
        { "the bin", "do=code&code=A-01", 200, "Counting at A-01" },
        { "an article, not its piece", "do=code&code=P-5", 422, "scan that of each piece" },
        { "a piece", "do=code&code=N2", 200, "P-5: 1 counted" },
        { "the same again", "do=code&code=N2", 422, "counted here already" },
        { "another", "do=code&code=N1", 200, "P-5: 2 counted" },
    };
    static const char counted[] =
        "SELECT CAST(COALESCE(sum(counted), 0) AS BIGINT) FROM count_line";
    static const char line[] = "SELECT l.id FROM count_line l JOIN variant v"
                               " ON v.id = l.variant_id WHERE v.sku = 'P-5'";
    Ctx *ctx = test_ctx();
    Bench bench = { 0 };
    desk_open(ctx, &bench.desk);
    CHECK_OK(ctx, shop_try(ctx, make_count_of_pieces, &bench));
    bench.target = scan_target(ctx, "inventory/counts", bench.id);
    scan_all(ctx, &bench, steps, COUNT(steps), counted);
    Answered typed =
        desk_post(ctx, &bench.desk, bench.target, fields_of(ctx, "count&quantity=10", line).ptr);
    CHECK_INT(typed.status, 422);
    CHECK(answer_has(typed, "2 for 10 pcs"));
    CHECK_INT(number_of(ctx, "SELECT count(*) FROM count_line WHERE serials = 'N2\nN1'"), 1);
    desk_close(&bench.desk);
}

// ---- Receiving ----------------------------------------------------------------------------------

static Status make_receipt(Ctx *ctx, void *arg)
{
    Bench *bench = arg;
    GoodsReceipt *receipt = goods_receipt_new(ctx);
    Product product;
    VariantFacts facts;
    TRY(variant_facts(ctx, bench->desk.shop.variants[0], &facts));
    TRY(product_load(ctx, facts.product, &product));
    ProductUnit *box = list_push(ctx->arena, &product.units);
    TRY(unit_find(ctx, "unit_code", S("dozen"), &box->unit));
    box->numerator = 12;
    box->denominator = 1;
    box->barcode = S("4006381333931");
    TRY(product_save(ctx, &product));
    receipt->supplier = room_supplier(ctx);
    receipt->warehouse = bench->desk.shop.room.main;
    receipt->currency = ctx->tenant->base;
    TRY(goods_receipt_save(ctx, receipt));
    bench->id = receipt->record.id;
    return OK;
}

static void test_receive(void)
{
    static const ScanStep steps[] = {
        { "an article", "do=code&code=P-1", 200, "P-1: 1 received" },
        { "a box of them", "do=code&code=4006381333931", 200, "P-1: 13 received" },
        { "a bin elsewhere", "do=code&code=SECOND", 422, "a place in the warehouse" },
        { "a bin", "do=code&code=A-01", 200, "What follows is put to A-01" },
        { "the same article, put there", "do=code&code=P-1", 200, "P-1: 1 received" },
        { "a code of nothing", "do=code&code=4711", 422, "has the code" },
    };
    static const char received[] =
        "SELECT CAST(COALESCE(sum(quantity), 0) AS BIGINT) FROM receipt_line";
    static const char line[] = "SELECT id FROM receipt_line WHERE place_id IS NOT NULL";
    Ctx *ctx = test_ctx();
    Bench bench = { 0 };
    desk_open(ctx, &bench.desk);
    CHECK_OK(ctx, shop_try(ctx, make_receipt, &bench));
    bench.target = scan_target(ctx, "inventory/receipts", bench.id);
    scan_all(ctx, &bench, steps, COUNT(steps), received);
    CHECK_INT(number_of(ctx, received), 14 * MICRO);
    Str none = fields_of(ctx, "count&quantity=0", line);
    CHECK(answer_has(desk_post(ctx, &bench.desk, bench.target, none.ptr), "The line is gone."));
    CHECK_INT(number_of(ctx, received), 13 * MICRO);
    CHECK(answer_has(desk_get(ctx, &bench.desk, bench.target), "Post the receipt"));
    desk_close(&bench.desk);
}

const Test scan_tests[] = {
    { "a list is picked bin by bin, and what is wrong changes nothing", test_pick },
    { "what is not there is left out and told", test_short },
    { "a bin is counted thing by thing, and the rest is none", test_count },
    { "pieces with numbers are counted by these, each once", test_count_pieces },
    { "goods are received by the piece and by the box", test_receive },
    { 0 },
};
