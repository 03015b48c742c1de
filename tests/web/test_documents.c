// test_documents.c - pages of documents with lines, asked without a browser: what an order's page
// shows, and what its form answers while somebody fills it in.
#include "harness.h"

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

const Test documents_tests[] = {
    { "an order's page shows its lines with their amounts", test_record },
    { "documents are linked from both sides, as far as one may see them", test_linked },
    { "a tag is put on once, by who may", test_tags },
    { "a file is put on a record and taken off", test_files },
    { 0 },
};
