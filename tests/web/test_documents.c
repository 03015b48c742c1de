// test_documents.c - pages of documents with lines, asked without a browser: what an order's page
// shows, and what its form answers while somebody fills it in.
#include "harness.h"

#include "kernel/entity/access.h"
#include "web/desk.h"

static void test_record(void)
{
    Ctx *ctx = test_ctx();
    Desk desk;
    desk_open(ctx, &desk);
    Answered page = desk_get(ctx, &desk, desk_order(ctx, &desk, ""));
    CHECK_INT(page.status, 200);
    CHECK(answer_has(page, "P-1") &&
          answer_has(page, "20.00"));  // a line, its amount in the order's currency
    CHECK(answer_has(page, "54.00"));
    desk_close(&desk);
}

// ---- What stands beside it ----------------------------------------------------------------------

static void test_linked(void)
{
    Ctx *ctx = test_ctx();
    Desk desk;
    desk_open(ctx, &desk);
    CHECK(!answer_has(desk_get(ctx, &desk, desk_order(ctx, &desk, "")), "DN-26-"));
    desk_pay(ctx, &desk);
    desk_deliver(ctx, &desk);
    Answered page = desk_get(ctx, &desk, desk_order(ctx, &desk, ""));
    CHECK(answer_has(page, "DN-26-00001") && answer_has(page, "PAY-"));
    desk.token = ask_token(ctx, "picker@example.com", "Picking and packing");
    page = desk_get(ctx, &desk, desk_order(ctx, &desk, ""));
    CHECK(answer_has(page, "DN-26-00001"));
    CHECK(!answer_has(page, "PAY-"));  // payments are not hers to see
    desk_close(&desk);
}

static void test_tags(void)
{
    Ctx *ctx = test_ctx();
    Desk desk;
    desk_open(ctx, &desk);
    Str target = desk_order(ctx, &desk, "/tags");
    CHECK_INT(desk_post(ctx, &desk, target, "tag=spring+27").status, 303);
    CHECK_INT(desk_post(ctx, &desk, target, "tag=spring+27").status, 303);
    CHECK(
        answer_has(desk_get(ctx, &desk, desk_order(ctx, &desk, "")), "Take off the tag spring 27"));
    CHECK_INT(fixture_number(ctx, ctx->tenant->db, "SELECT count(*) FROM tagging"), 1);
    desk.token = ask_token(ctx, "sales@example.com", "Sales");
    CHECK_INT(desk_post(ctx, &desk, target, "tag=unheard+of").status, 403);
    desk.token = ask_token(ctx, "viewer@example.com", "Viewer");
    CHECK_INT(desk_post(ctx, &desk, target, "tag=spring+27").status, 403);
    desk_close(&desk);
}

static const char upload[] = "--b\r\nContent-Disposition: form-data; name=\"file\"; "
                             "filename=\"order.txt\"\r\nContent-Type: text/plain\r\n\r\n"
                             "six of each, please\r\n--b--\r\n";

static Answered send_file(Ctx *ctx, const Desk *desk, Str target)
{
    return ask(ctx, &(Asking){ .method = "POST",
                               .target = target,
                               .token = desk->token,
                               .tenant = S("acme"),
                               .type = S("multipart/form-data; boundary=b"),
                               .body = str_from(upload) });
}

static void test_files(void)
{
    Ctx *ctx = test_ctx();
    Desk desk;
    Id attachment = 0;
    desk_open(ctx, &desk);
    Str target = desk_order(ctx, &desk, "/files");
    CHECK_INT(send_file(ctx, &desk, target).status, 303);
    CHECK(answer_has(desk_get(ctx, &desk, desk_order(ctx, &desk, "")), "order.txt"));
    attachment = fixture_number(ctx, ctx->tenant->db, "SELECT id FROM attachment");
    Str gone = str_format(ctx->arena, "/files/" STR_FMT "/remove",
                          STR_ARG(id_text(ctx->arena, attachment)));
    CHECK_INT(desk_post(ctx, &desk, desk_order(ctx, &desk, str_c(ctx->arena, gone)), "").status,
              303);
    CHECK(!answer_has(desk_get(ctx, &desk, desk_order(ctx, &desk, "")), "order.txt"));
    desk.token = ask_token(ctx, "viewer@example.com", "Viewer");
    CHECK_INT(send_file(ctx, &desk, target).status, 403);
    desk_close(&desk);
}

// ---- While it is typed --------------------------------------------------------------------------

static Str typed_order(Ctx *ctx, const Desk *desk, const char *more)
{
    return str_format(ctx->arena,
                      "customer=" STR_FMT "&channel=" STR_FMT "&currency=GBP&_version=0%s",
                      STR_ARG(id_text(ctx->arena, desk->shop.customer)),
                      STR_ARG(id_text(ctx->arena, desk->shop.web)), more);
}

static void test_count(void)
{
    static const struct {
        const char *name, *lines, *answer, *absent;
    } rows[] = {
        { "a row by its number", "&lines[0]._t_variant=P-2&lines[0].variant=&lines[0].quantity=3",
          "id=\"c-lines-0-net\">60.00", "form-warnings\"><div" },
        { "its totals", "&lines[0]._t_variant=P-2&lines[0].variant=&lines[0].quantity=3",
          ">72.00</dd>", "form-warnings\"><div" },
        { "rows between empty ones keep their places",
          "&lines[0].id=&lines[1]._t_variant=P-1&lines[1].variant=&lines[1].quantity=2",
          "id=\"c-lines-1-net\">20.00", "c-lines-0" },
        { "a row without its article is left aside",
          "&lines[0].quantity=3&lines[1]._t_variant=P-1&lines[1].variant=&lines[1].quantity=2",
          "id=\"c-lines-1-net\">20.00", "c-lines-0" },
        { "a removed row does not count",
          "&lines[0]._t_variant=P-2&lines[0].variant=&lines[0].quantity=3&lines[0]._remove=1"
          "&lines[1]._t_variant=P-1&lines[1].variant=&lines[1].quantity=1",
          "id=\"c-lines-1-net\">10.00", "60.00" },
        { "what is no number is said",
          "&lines[0]._t_variant=P-1&lines[0].variant=&lines[0].quantity=many",
          "form-warnings\"><div", "c-lines-0-net\">10" },
        { "what is refused is said, and nothing is worked out",
          "&currency=JPY&lines[0]._t_variant=P-1&lines[0].variant=&lines[0].quantity=1",
          "there is no price for P-1 in JPY", "c-lines-0-net" },
    };
    Ctx *ctx = test_ctx();
    Desk desk;
    desk_open(ctx, &desk);
    for (size_t i = 0; i < COUNT(rows); i++) {
        test_row = rows[i].name;
        Str body = typed_order(ctx, &desk, rows[i].lines);
        if (strstr(rows[i].lines, "JPY"))
            body = str_format(ctx->arena, "customer=" STR_FMT "&channel=" STR_FMT "%s",
                              STR_ARG(id_text(ctx->arena, desk.shop.customer)),
                              STR_ARG(id_text(ctx->arena, desk.shop.web)), rows[i].lines);
        Answered answer = desk_post(ctx, &desk, S("/admin/oms/orders/new/count"), body.ptr);
        CHECK_INT(answer.status, 200);
        CHECK(answer_has(answer, rows[i].answer));
        CHECK(!answer_has(answer, rows[i].absent));
    }
    test_row = NULL;
    CHECK_INT(fixture_number(ctx, ctx->tenant->db, "SELECT count(*) FROM sales_order"), 1);
    CHECK_INT(desk_post(ctx, &desk, desk_order(ctx, &desk, "/count"), "").status, 409);  // placed
    desk.token = ask_token(ctx, "viewer@example.com", "Viewer");
    CHECK_INT(desk_post(ctx, &desk, S("/admin/oms/orders/new/count"), "").status, 403);
    desk_close(&desk);
}

// Of two who changed one record, the second says field by field whose word stands.
static void test_merge(void)
{
    Ctx *ctx = test_ctx();
    Desk desk;
    desk_open(ctx, &desk);
    Str save = desk_order(ctx, &desk, "/save");
    int64_t version = fixture_number(ctx, ctx->tenant->db, "SELECT version FROM sales_order");
    Str first =
        str_format(ctx->arena, "_version=%lld&reference=theirs&note=theirs", (long long)version);
    Str second =
        str_format(ctx->arena, "_version=%lld&reference=mine&note=mine", (long long)version);
    CHECK_INT(desk_post(ctx, &desk, save, first.ptr).status, 303);
    CHECK_INT(desk_post(ctx, &desk, save, second.ptr).status, 409);
    Str merged =
        str_format(ctx->arena,
                   "_version=%lld&reference=mine&note=mine&_keep.note=theirs&_keep.reference=yours",
                   (long long)version + 1);
    CHECK_INT(desk_post(ctx, &desk, save, merged.ptr).status, 303);
    CHECK_INT(fixture_number(
                  ctx, ctx->tenant->db,
                  "SELECT count(*) FROM sales_order WHERE reference = 'mine' AND note = 'theirs'"),
              1);
    desk_close(&desk);
}

// ---- After it was released ----------------------------------------------------------------------

static Status ask_back(Ctx *ctx, void *arg)
{
    Desk *desk = arg;
    Rma *rma = rma_new(ctx);
    rma->sales_order = desk->order.record.id;
    rma->customer = desk->order.customer;
    rma->warehouse = desk->shop.room.main;
    rma->currency = desk->order.currency;
    RmaLine *line = list_push(ctx->arena, &rma->lines);
    line->order_line = desk->order.lines.items[0].record.id;
    line->variant = desk->order.lines.items[0].variant;
    line->quantity = pieces(2);
    line->disposition = DISPOSITION_UNDECIDED;
    TRY(db_one(
        ctx,
        SQL("SELECT id FROM choice WHERE list_name = 'return_reason' AND value_code = 'unwanted'"),
        &line->reason));
    TRY(rma_save(ctx, rma));
    return action_do(ctx, &rma_entity, rma, "receive", NULL);
}

static void test_open_rows(void)
{
    static const struct {
        const char *name, *fields;
        int status;
    } rows[] = {
        { "a quantity is not open", "&lines[0].quantity=1", 422 },
        { "a row is not taken out", "&lines[0]._remove=1", 422 },
        { "a row is not added", "&lines[0].disposition=restock&lines[1].quantity=1", 422 },
        { "what is open is changed", "&lines[0].disposition=restock", 303 },
    };
    Ctx *ctx = test_ctx();
    Desk desk;
    desk_open(ctx, &desk);
    desk_pay(ctx, &desk);
    desk_deliver(ctx, &desk);
    CHECK_OK(ctx, shop_try(ctx, ask_back, &desk));
    Id rma = fixture_number(ctx, ctx->tenant->db, "SELECT id FROM rma");
    Id line = fixture_number(ctx, ctx->tenant->db, "SELECT id FROM rma_line");
    Str target =
        str_format(ctx->arena, "/admin/oms/returns/~" STR_FMT, STR_ARG(id_text(ctx->arena, rma)));
    Answered form = desk_get(ctx, &desk, str_join(ctx->arena, target, S("/edit")));
    CHECK(answer_has(form, "lines[0].disposition") && !answer_has(form, "lines[0].quantity"));
    CHECK(!answer_has(form, "lines[0]._remove"));
    for (size_t i = 0; i < COUNT(rows); i++) {
        test_row = rows[i].name;
        Str fields = str_format(ctx->arena, "_version=0&lines[0].id=" STR_FMT "%s",
                                STR_ARG(id_text(ctx->arena, line)), rows[i].fields);
        Answered saved =
            desk_post(ctx, &desk, str_join(ctx->arena, target, S("/save")), fields.ptr);
        CHECK_INT(saved.status, rows[i].status);
    }
    test_row = NULL;
    CHECK_INT(fixture_number(ctx, ctx->tenant->db,
                             "SELECT count(*) FROM rma_line WHERE disposition = 'restock'"
                             " AND quantity = 2000000"),
              1);
    desk_close(&desk);
}

const Test documents_tests[] = {
    { "an order's page shows its lines with their amounts", test_record },
    { "documents are linked from both sides, as far as one may see them", test_linked },
    { "a tag is put on once, by who may", test_tags },
    { "a file is put on a record and taken off", test_files },
    { "an order is worked out while it is typed, and not saved", test_count },
    { "a released document's rows are open where they say so", test_open_rows },
    { "the second of two chooses field by field whose word stands", test_merge },
    { 0 },
};
