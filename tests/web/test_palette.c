// test_palette.c - finding: sums, documents by number, actions of the record one looks at, places.
#include "harness.h"

#include "kernel/i18n.h"
#include "kernel/search.h"
#include "web/desk.h"
#include "web/sum.h"

static void test_sum(void)
{
    static const struct {
        const char *text;
        int64_t micro;  // -1: no sum
    } rows[] = {
        { "1200*0.96", 1152000000 },
        { "1200 x 0.96", 1152000000 },
        { "1,200 * 2", 2400000000 },
        { "2+3*4", 14000000 },
        { "(2+3)*4", 20000000 },
        { "-2*3", -6000000 },
        { "10/4", 2500000 },
        { "10/3", 3333333 },
        { "10/-4", -2500000 },
        { "1-1", 0 },
        { "7-10", -3000000 },
        { "42", -1 },
        { "SO-25-26-00001", -1 },
        { "2*", -1 },
        { "(2*3", -1 },
        { "2*3 apples", -1 },
        { "1/0", -1 },
        { "", -1 },
        { "9000000000*9000000000", -1 },
        { "((((((((((((((((((((((1+1))))))))))))))))))))))", -1 },
    };
    Ctx *ctx = test_ctx();
    House house;
    house_open(ctx, &house);
    locale_enter(ctx, locale_best(S(""), S("en")), NULL);
    for (size_t i = 0; i < COUNT(rows); i++) {
        int64_t micro = -1;
        test_row = rows[i].text;
        bool is_sum = sum_read(ctx, str_from(rows[i].text), &micro);
        CHECK(is_sum == (rows[i].micro != -1));
        CHECK_INT(micro, rows[i].micro);
    }
    test_row = NULL;
    house_close(&house);
}

static void test_found(void)
{
    Ctx *ctx = test_ctx();
    Desk desk;
    int64_t done;
    desk_open(ctx, &desk);
    CHECK_OK(ctx, search_refresh(ctx, &done));
    Str order = id_text(ctx->arena, desk.order.record.id);
    Str from =
        str_format(ctx->arena, "&from=%%2Fadmin%%2Foms%%2Forders%%2F~" STR_FMT, STR_ARG(order));
    const struct {
        const char *name;
        Str query;
        const char *there, *absent;
    } rows[] = {
        { "a document by its number", S("q=SO-25-26-00001"), "/admin/oms/orders/~", "Go to" },
        { "narrowed to numbers", S("q=%23SO-25-26-00001"), "/admin/oms/orders/~", "Go to" },
        { "narrowed to people", S("q=%40Ada"), "/admin/party/parties/~", "/admin/oms/orders/~" },
        { "a place", S("q=deliver"), "href=\"/admin/oms/deliveries\"", "Actions here" },
        { "a thing to make", S("q=new%3A+order"), "href=\"/admin/oms/orders/new\"", "Documents" },
        { "what can be done here", str_join(ctx->arena, S("q=release"), from), "/do/confirm",
          "do/hold" },
        { "actions alone", str_join(ctx->arena, S("q=%3E"), from), "/do/hold", "Documents" },
        { "a sum", S("q=1200*0.96"), "<output>1,152</output>", "Nothing found" },
        { "keys", S("q=%3F"), "/admin/keys", "Nothing found" },
        { "nothing", S("q=zzzqqq"), "Nothing found", "Documents" },
        { "from a page that is no record", S("q=%3E&from=%2Fadmin%2Foms%2Forders"), "Go to",
          "/do/" },
        { "from a page that is not there", S("q=%3E&from=%2Fadmin%2Foms%2Forders%2F~0000000000001"),
          "Go to", "/do/" },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        test_row = rows[i].name;
        Answered page =
            desk_get(ctx, &desk, str_join(ctx->arena, S("/admin/search?"), rows[i].query));
        ptrdiff_t at = str_find(page.body, S("class=\"found\""));
        CHECK_INT(page.status, 200);
        CHECK(at > 0);
        page.body = str_from_at(page.body, (size_t)at);
        CHECK(answer_has(page, rows[i].there));
        CHECK(!answer_has(page, rows[i].absent));
    }
    test_row = NULL;
    desk.token = ask_token(ctx, "picker@example.com", "Picking and packing");
    Str target = str_join(ctx->arena, S("/admin/search?q=release"), from);
    CHECK(!answer_has(desk_get(ctx, &desk, target), "/do/confirm"));  // not hers to release
    desk_close(&desk);
}

static void test_keys(void)
{
    Ctx *ctx = test_ctx();
    Desk desk;
    desk_open(ctx, &desk);
    Answered page = desk_get(ctx, &desk, S("/admin/keys"));
    CHECK_INT(page.status, 200);
    CHECK(answer_has(page, "<kbd>G O</kbd></dt><dd>Orders"));
    CHECK_INT(desk_post(ctx, &desk, S("/admin/account/keys"), "").status, 303);
    desk_close(&desk);
}

const Test palette_tests[] = {
    { "a sum is worked out, and nothing else is taken for one", test_sum },
    { "what is typed finds documents, actions, places", test_found },
    { "keys are listed with the letters of one's own menu", test_keys },
    { 0 },
};
