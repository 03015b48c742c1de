// test_looks.c - the looks of a list, asked without a browser: rows and their columns, a board, a
// calendar, bars over time.
#include "harness.h"

#include "web/desk.h"

static void test_tabs(void)
{
    Ctx *ctx = test_ctx();
    Desk desk;
    desk_open(ctx, &desk);
    Answered list = desk_get(ctx, &desk, S("/admin/oms/orders"));
    CHECK_INT(list.status, 200);
    CHECK(
        answer_has(list, "?headline=pending_payment\">Pending payment<span class=\"n\">1</span>"));
    CHECK(!answer_has(list, "?headline=shipped"));  // nothing is in it
    desk_close(&desk);
}

static void test_columns(void)
{
    Ctx *ctx = test_ctx();
    Desk desk;
    desk_open(ctx, &desk);
    Answered list =
        desk_get(ctx, &desk, S("/admin/oms/orders?fields=number&fields=paid&view=list"));
    CHECK_INT(list.status, 200);
    CHECK(answer_has(list, "sort=paid"));
    CHECK(!answer_has(list, "sort=channel"));
    CHECK(answer_has(list, "value=\"paid\" checked"));
    CHECK_INT(desk_get(ctx, &desk, S("/admin/oms/orders?fields=nonsense")).status, 400);
    desk_close(&desk);
}

static void test_board(void)
{
    Ctx *ctx = test_ctx();
    Desk desk;
    desk_open(ctx, &desk);
    Answered board = desk_get(ctx, &desk, S("/admin/oms/orders?view=board"));
    CHECK_INT(board.status, 200);
    CHECK(answer_has(board, "data-column=\"placed\""));
    CHECK(answer_has(board, "data-title=\"SO-25-26-00001\" data-state=\"placed\""));
    CHECK(answer_has(board, "Ada Ltd"));
    CHECK(answer_has(board, "/do/confirm\">Release"));  // asks first: a page
    CHECK(answer_has(board, "<p class=\"sum\">GBP 54.00</p>"));
    desk.token = ask_token(ctx, "viewer@example.com", "Viewer");
    CHECK(!answer_has(desk_get(ctx, &desk, S("/admin/oms/orders?view=board")), "/do/confirm"));
    desk_close(&desk);
}

// The card's menu and the dragged card post the same; a move that is none is refused in words.
static void test_move(void)
{
    Ctx *ctx = test_ctx();
    Desk desk;
    desk_open(ctx, &desk);
    const char *back = "back=%2Fadmin%2Foms%2Forders%3Fview%3Dboard";
    Answered refused = desk_post(ctx, &desk, desk_order(ctx, &desk, "/do/close"), back);
    CHECK_INT(refused.status, 409);
    CHECK(answer_has(refused, "is not possible while it is"));
    Answered moved = desk_post(ctx, &desk, desk_order(ctx, &desk, "/do/confirm"), back);
    CHECK_INT(moved.status, 303);
    CHECK_STR(moved.location, "/admin/oms/orders?view=board");
    CHECK(answer_has(desk_get(ctx, &desk, S("/admin/oms/orders?view=board")),
                     "data-state=\"confirmed\""));
    CHECK_INT(desk_post(ctx, &desk, desk_order(ctx, &desk, "/do/hold"),
                        "words=x&back=https://else.example")
                  .status,
              422);  // never to another site
    desk_close(&desk);
}

static void test_calendar(void)
{
    static const struct {
        const char *name, *target;
        bool is_there;
    } rows[] = {
        { "this month", "/admin/oms/orders?view=calendar", true },
        { "another month", "/admin/oms/orders?view=calendar&_on=2026-05-01", false },
        { "its week", "/admin/oms/orders?view=calendar&_scale=week&_on=2026-03-04", true },
        { "the week after", "/admin/oms/orders?view=calendar&_scale=week&_on=2026-03-11", false },
        { "as an agenda", "/admin/oms/orders?view=calendar&_scale=agenda&_on=2026-03-01", true },
        { "by a day it does not have", "/admin/oms/orders?view=calendar&_by=promised_on", false },
        { "filtered away", "/admin/oms/orders?view=calendar&headline=shipped", false },
        { "by a day that is no day", "/admin/oms/orders?view=calendar&_on=nonsense", true },
    };
    Ctx *ctx = test_ctx();
    Desk desk;
    desk_open(ctx, &desk);
    for (size_t i = 0; i < COUNT(rows); i++) {
        test_row = rows[i].name;
        Answered page = desk_get(ctx, &desk, str_from(rows[i].target));
        CHECK_INT(page.status, 200);
        CHECK(answer_has(page, "SO-25-26-00001") == rows[i].is_there);
    }
    test_row = NULL;
    desk_close(&desk);
}

static void test_gantt(void)
{
    Ctx *ctx = test_ctx();
    Desk desk;
    desk_open(ctx, &desk);
    Answered page = desk_get(ctx, &desk, S("/admin/oms/orders?view=gantt"));
    CHECK_INT(page.status, 200);
    CHECK(answer_has(page, "SO-25-26-00001, from 2 Mar to"));
    CHECK(answer_has(desk_get(ctx, &desk, S("/admin/oms/orders?view=gantt&_on=2027-01-01")),
                     "Nothing in these weeks"));
    // What has no states or days is not offered as such, and asked for it is its rows.
    Answered plain = desk_get(ctx, &desk, S("/admin/platform/roles?view=gantt"));
    CHECK_INT(plain.status, 200);
    CHECK(!answer_has(plain, "data-look"));
    desk_close(&desk);
}

const Test looks_tests[] = {
    { "tabs count the states that something is in", test_tabs },
    { "columns are chosen by boxes", test_columns },
    { "a board has a column a state, and the moves one may make", test_board },
    { "a card moves, or says why it does not", test_move },
    { "a calendar shows a record on its day", test_calendar },
    { "bars reach from one day to another", test_gantt },
    { 0 },
};
