// test_inbox.c - what waits for whom: records assigned, people named, things that take two.
#include "harness.h"

#include "kernel/audit.h"
#include "web/desk.h"

typedef struct Office {
    Desk desk;
    Str owner, sales, viewer;  // tokens
    Id sales_member;
} Office;

static void office_open(Ctx *ctx, Office *office)
{
    *office = (Office){ 0 };
    desk_open(ctx, &office->desk);
    office->owner = office->desk.token;
    office->sales = ask_token(ctx, "sales@example.com", "Sales");
    office->viewer = ask_token(ctx, "viewer@example.com", "Viewer");
    office->sales_member = fixture_number(
        ctx, ctx->tenant->db, "SELECT id FROM member WHERE login = 'sales@example.com'");
}

static void office_close(Office *office)
{
    desk_close(&office->desk);
}

static Answered get_as(Ctx *ctx, const Office *office, Str token, const char *target)
{
    Desk desk = office->desk;
    desk.token = token;
    return desk_get(ctx, &desk, str_from(target));
}

static Answered post_as(Ctx *ctx, const Office *office, Str token, Str target, const char *fields)
{
    Desk desk = office->desk;
    desk.token = token;
    return desk_post(ctx, &desk, target, fields);
}

static int64_t number_in(Ctx *ctx, const char *sql)
{
    return fixture_number(ctx, ctx->tenant->db, sql);
}

static Str entry_address(Ctx *ctx, const char *sql)
{
    return str_format(ctx->arena, "/admin/inbox/" STR_FMT,
                      STR_ARG(id_text(ctx->arena, number_in(ctx, sql))));
}

// ---- Naming somebody ----------------------------------------------------------------------------

static void test_mention(void)
{
    Ctx *ctx = test_ctx();
    Office office;
    office_open(ctx, &office);
    Str target = desk_order(ctx, &office.desk, "/comment");
    post_as(ctx, &office, office.owner, target,
            "comment=please+look%2C+%40Sales%40example.com%2C+and+%40nobody+else");
    post_as(ctx, &office, office.owner, target, "comment=write+to+bob%40sales%40example.com");
    CHECK_INT(number_in(ctx, "SELECT count(*) FROM inbox_item"), 1);
    CHECK_INT(number_in(ctx, "SELECT count(*) FROM mail_message"
                             " WHERE address = 'sales@example.com'"),
              1);
    Answered page = get_as(ctx, &office, office.sales, "/admin/inbox");
    CHECK(answer_has(page, "please look") && answer_has(page, "SO-"));
    CHECK(answer_has(get_as(ctx, &office, office.sales, "/admin"), "n hot\">1<"));
    CHECK(!answer_has(get_as(ctx, &office, office.owner, "/admin/inbox"), "please look"));
    office_close(&office);
}

static void test_wish_for_no_mails(void)
{
    Ctx *ctx = test_ctx();
    Office office;
    office_open(ctx, &office);
    CHECK_INT(post_as(ctx, &office, office.sales, S("/admin/account/mails"), "").status, 303);
    post_as(ctx, &office, office.owner, desk_order(ctx, &office.desk, "/comment"),
            "comment=%40sales%40example.com");
    CHECK_INT(number_in(ctx, "SELECT count(*) FROM inbox_item"), 1);
    CHECK_INT(number_in(ctx, "SELECT count(*) FROM mail_message"), 0);
    office_close(&office);
}

// What somebody may not see she does not see in her inbox, either.
static void test_mention_of_what_is_hidden(void)
{
    Ctx *ctx = test_ctx();
    Office office;
    office_open(ctx, &office);
    Str cashier = ask_token(ctx, "cashier@example.com", "Cashier");
    post_as(ctx, &office, office.owner, desk_order(ctx, &office.desk, "/comment"),
            "comment=the+margin+is+thin%2C+%40cashier%40example.com");
    Answered page = get_as(ctx, &office, cashier, "/admin/inbox");
    CHECK(answer_has(page, "Mentioned you"));
    CHECK(!answer_has(page, "margin") && !answer_has(page, "SO-"));
    office_close(&office);
}

// ---- Assigning ----------------------------------------------------------------------------------

static Answered assign(Ctx *ctx, const Office *office, Str token, Id member)
{
    Str field = member ? id_text(ctx->arena, member) : S("");
    return post_as(ctx, office, token, desk_order(ctx, &office->desk, "/assign"),
                   str_format(ctx->arena, "member=" STR_FMT, STR_ARG(field)).ptr);
}

static void test_assign(void)
{
    Ctx *ctx = test_ctx();
    Office office;
    office_open(ctx, &office);
    CHECK_INT(assign(ctx, &office, office.viewer, office.sales_member).status, 403);
    CHECK_INT(assign(ctx, &office, office.owner, 12345).status, 422);
    CHECK_INT(assign(ctx, &office, office.owner, office.sales_member).status, 303);
    CHECK(answer_has(get_as(ctx, &office, office.sales, "/admin/inbox"), "Assigned to you"));
    CHECK(answer_has(get_as(ctx, &office, office.sales, "/admin/oms/orders?assigned=me"), "SO-"));
    CHECK(!answer_has(get_as(ctx, &office, office.owner, "/admin/oms/orders?assigned=me"), "SO-"));
    CHECK(!answer_has(get_as(ctx, &office, office.owner, "/admin/oms/orders?assigned[empty]=true"),
                      "SO-"));
    CHECK(
        answer_has(get_as(ctx, &office, office.owner, "/api/v1/oms/orders?fields=number,assigned"),
                   "sales@example.com"));
    Answered page = desk_get(ctx, &office.desk, desk_order(ctx, &office.desk, ""));
    CHECK(answer_has(page, "assigned it") && answer_has(page, "<ins>sales@example.com</ins>"));
    office_close(&office);
}

// A record is one person's: the next one takes it over, and whoever finishes it lets it go.
static void test_assigned_to_one(void)
{
    Ctx *ctx = test_ctx();
    Office office;
    office_open(ctx, &office);
    Id owner = number_in(ctx, "SELECT id FROM member WHERE login = 'owner@example.com'");
    assign(ctx, &office, office.owner, office.sales_member);
    assign(ctx, &office, office.sales, owner);
    CHECK_INT(number_in(ctx, "SELECT count(*) FROM inbox_item WHERE state = 'open'"), 1);
    CHECK(!answer_has(get_as(ctx, &office, office.sales, "/admin/inbox"), "Assigned to you"));
    Str mine = entry_address(ctx, "SELECT id FROM inbox_item WHERE state = 'open'");
    CHECK_INT(post_as(ctx, &office, office.sales, mine, "do=done").status, 404);
    CHECK_INT(post_as(ctx, &office, office.owner, mine, "do=done").status, 303);
    CHECK_INT(number_in(ctx, "SELECT count(*) FROM inbox_item WHERE state = 'open'"), 0);
    CHECK(answer_has(get_as(ctx, &office, office.owner, "/admin/inbox?view=done"), "SO-"));
    CHECK_INT(post_as(ctx, &office, office.owner, mine, "do=reopen").status, 303);
    CHECK(answer_has(get_as(ctx, &office, office.owner, "/admin/oms/orders?assigned=me"), "SO-"));
    office_close(&office);
}

static Status day_has_come(Ctx *ctx, void *arg)
{
    (void)arg;
    return db_write(ctx, SQL("UPDATE inbox_item SET snoozed_until = $1", tenant_today(ctx)));
}

static void test_snooze(void)
{
    Ctx *ctx = test_ctx();
    Office office;
    office_open(ctx, &office);
    assign(ctx, &office, office.owner, office.sales_member);
    Str entry = entry_address(ctx, "SELECT id FROM inbox_item");
    CHECK_INT(post_as(ctx, &office, office.sales, entry, "do=snooze&until=2026-01-01").status, 422);
    CHECK_INT(post_as(ctx, &office, office.sales, entry, "do=snooze&until=2026-03-05").status, 303);
    CHECK(!answer_has(get_as(ctx, &office, office.sales, "/admin/inbox"), "Assigned to you"));
    CHECK(
        answer_has(get_as(ctx, &office, office.sales, "/admin/inbox?view=snoozed"), "until 5 Mar"));
    CHECK_OK(ctx, tenant_transact(ctx, day_has_come, NULL));
    CHECK(answer_has(get_as(ctx, &office, office.sales, "/admin/inbox"), "Assigned to you"));
    office_close(&office);
}

// ---- What takes two people ----------------------------------------------------------------------

typedef struct Limit {
    const char *setting, *value;
} Limit;

static Status set_limit(Ctx *ctx, void *arg)
{
    const Limit *limit = arg;
    return setting_set(ctx, str_from(limit->setting), str_from(limit->value));
}

static void limit(Ctx *ctx, const char *setting, const char *value)
{
    Tenant *tenant;
    CHECK_OK(ctx, tenant_transact(ctx, set_limit, &(Limit){ setting, value }));
    CHECK_OK(ctx, tenant_open(ctx, ctx->tenant->code, &tenant));
    tenant_enter(ctx, tenant);
}

static Str invoice_address(Ctx *ctx, const char *more)
{
    Id id = number_in(ctx, "SELECT id FROM invoice WHERE kind = 'invoice' AND state = 'posted'");
    return str_format(ctx->arena, "/admin/billing/invoices/~" STR_FMT "%s",
                      STR_ARG(id_text(ctx->arena, id)), more);
}

static Str approval_address(Ctx *ctx)
{
    Id id = number_in(ctx, "SELECT max(id) FROM approval");
    return str_format(ctx->arena, "/admin/approvals/" STR_FMT, STR_ARG(id_text(ctx->arena, id)));
}

static const char credit[] = "reason=broken&on=2026-03-02&with_charges=on&_b_with_charges=1";

static int64_t credit_notes(Ctx *ctx)
{
    return number_in(ctx, "SELECT count(*) FROM invoice WHERE kind = 'credit_note'");
}

// An invoice of 54.00, and an accountant who may credit it.
static Str office_with_invoice(Ctx *ctx, Office *office, const char *above)
{
    office_open(ctx, office);
    desk_pay(ctx, &office->desk);
    desk_deliver(ctx, &office->desk);
    limit(ctx, "billing.approve_above", above);
    return ask_token(ctx, "accountant@example.com", "Accountant");
}

static void test_under_the_limit(void)
{
    Ctx *ctx = test_ctx();
    Office office;
    Str accountant = office_with_invoice(ctx, &office, "54");
    CHECK_INT(post_as(ctx, &office, accountant, invoice_address(ctx, "/do/credit"), credit).status,
              303);
    CHECK_INT(credit_notes(ctx), 1);
    CHECK_INT(number_in(ctx, "SELECT count(*) FROM approval"), 0);
    office_close(&office);
}

static void test_approve(void)
{
    Ctx *ctx = test_ctx();
    Office office;
    Str accountant = office_with_invoice(ctx, &office, "50");
    Str act = invoice_address(ctx, "/do/credit");
    CHECK_INT(post_as(ctx, &office, accountant, act, credit).status, 303);
    CHECK_INT(credit_notes(ctx), 0);
    CHECK_INT(post_as(ctx, &office, accountant, act, credit).status, 409);  // it waits already
    Answered page = get_as(ctx, &office, accountant, str_c(ctx->arena, invoice_address(ctx, "")));
    CHECK(answer_has(page, "Credit waits for approval.") && answer_has(page, "above the limit of"));

    page = get_as(ctx, &office, office.owner, "/admin/inbox");
    CHECK(answer_has(page, "GBP 54.00 is above the limit of 50.00"));
    CHECK(answer_has(page, "n hot\">1<"));
    CHECK(!answer_has(get_as(ctx, &office, office.sales, "/admin/inbox"), "above the limit"));

    Str approval = approval_address(ctx);
    CHECK_INT(post_as(ctx, &office, accountant, approval, "do=approve").status, 403);
    CHECK_INT(post_as(ctx, &office, office.sales, approval, "do=approve").status, 403);
    CHECK_INT(post_as(ctx, &office, office.owner, approval, "do=approve").status, 303);
    CHECK_INT(credit_notes(ctx), 1);
    CHECK_INT(post_as(ctx, &office, office.owner, approval, "do=approve").status, 409);
    CHECK(
        answer_has(get_as(ctx, &office, accountant, "/admin/inbox"), "Approved and done: Credit"));
    CHECK_INT(number_in(ctx, "SELECT count(*) FROM audit_row a JOIN member m ON m.id = a.member_id"
                             " WHERE a.act = 'invoice.credit' AND m.login = 'owner@example.com'"
                             " AND a.reason = 'asked for by accountant@example.com'"),
              1);
    shop_verify(ctx);
    office_close(&office);
}

static void test_refuse(void)
{
    Ctx *ctx = test_ctx();
    Office office;
    Str accountant = office_with_invoice(ctx, &office, "50");
    post_as(ctx, &office, accountant, invoice_address(ctx, "/do/credit"), credit);
    Str approval = approval_address(ctx);
    CHECK_INT(post_as(ctx, &office, office.owner, approval, "do=refuse&reason=+").status, 422);
    CHECK_INT(post_as(ctx, &office, office.owner, approval, "do=refuse&reason=not+ours").status,
              303);
    CHECK_INT(credit_notes(ctx), 0);
    CHECK(answer_has(get_as(ctx, &office, accountant, "/admin/inbox"), "not ours"));
    CHECK_INT(post_as(ctx, &office, accountant, invoice_address(ctx, "/do/credit"), credit).status,
              303);  // it may be asked for again
    CHECK_INT(post_as(ctx, &office, office.owner, approval_address(ctx), "do=withdraw").status,
              403);
    CHECK_INT(post_as(ctx, &office, accountant, approval_address(ctx), "do=withdraw").status, 303);
    CHECK_INT(number_in(ctx, "SELECT count(*) FROM approval WHERE state = 'withdrawn'"), 1);
    office_close(&office);
}

static void test_overtaken(void)
{
    Ctx *ctx = test_ctx();
    Office office;
    Str accountant = office_with_invoice(ctx, &office, "50");
    post_as(ctx, &office, accountant, invoice_address(ctx, "/do/credit"), credit);
    Str version = str_format(ctx->arena, "_version=%lld&reference=changed",
                             (long long)number_in(ctx, "SELECT max(version) FROM invoice"
                                                       " WHERE kind = 'invoice'"));
    CHECK_INT(post_as(ctx, &office, accountant, invoice_address(ctx, "/save"), version.ptr).status,
              303);
    CHECK_INT(post_as(ctx, &office, office.owner, approval_address(ctx), "do=approve").status, 409);
    CHECK_INT(credit_notes(ctx), 0);
    office_close(&office);
}

// Programs ask the same way, and hear that it was only asked for.
static void test_over_the_api(void)
{
    Ctx *ctx = test_ctx();
    Office office;
    Str accountant = office_with_invoice(ctx, &office, "50");
    Id invoice = number_in(ctx, "SELECT id FROM invoice WHERE kind = 'invoice'");
    Str target = str_format(ctx->arena, "/api/v1/billing/invoices/" STR_FMT "/credit",
                            STR_ARG(id_text(ctx->arena, invoice)));
    Asking asking = { .method = "POST",
                      .target = target,
                      .token = accountant,
                      .tenant = S("acme"),
                      .body = S("{\"reason\":\"broken\",\"on\":\"2026-03-02\"}") };
    Answered answer = ask(ctx, &asking);
    CHECK_INT(answer.status, 202);
    CHECK(answer_has(answer, "\"kind\":\"approval\""));
    CHECK(answer_has(get_as(ctx, &office, office.owner, "/api/v1/platform/inbox"),
                     "\"may_answer\":true"));
    asking.target =
        str_format(ctx->arena, "/api/v1/platform/approvals/" STR_FMT "/approve",
                   STR_ARG(id_text(ctx->arena, number_in(ctx, "SELECT id FROM approval"))));
    asking.token = office.owner;
    asking.body = S("");
    answer = ask(ctx, &asking);
    CHECK_INT(answer.status, 200);
    CHECK(answer_has(answer, "\"kind\":\"invoice\""));
    CHECK_INT(credit_notes(ctx), 1);
    office_close(&office);
}

// Prices below what the goods stand in the books for; nothing is asked where no cost is known.
static void test_below_cost(void)
{
    Ctx *ctx = test_ctx();
    Office office;
    office_open(ctx, &office);
    limit(ctx, "oms.approve_below_cost", "1");
    CHECK(!answer_has(get_as(ctx, &office, office.owner, "/admin/inbox"), "below its cost"));
    Str lines = str_format(ctx->arena,
                           "customer=" STR_FMT "&channel=" STR_FMT "&currency=GBP&_version=0"
                           "&lines[0]._t_variant=P-1&lines[0].variant=&lines[0].quantity=1"
                           "&lines[0].price=0.01&_b_lines[0].is_price_fixed=1"
                           "&lines[0]._b_is_price_fixed=1&lines[0].is_price_fixed=on",
                           STR_ARG(id_text(ctx->arena, office.desk.shop.customer)),
                           STR_ARG(id_text(ctx->arena, office.desk.shop.web)));
    CHECK_INT(
        post_as(ctx, &office, office.sales, S("/admin/oms/orders/new/save"), lines.ptr).status,
        303);
    Id order = number_in(ctx, "SELECT max(id) FROM sales_order");
    Str place = str_format(ctx->arena, "/admin/oms/orders/~" STR_FMT "/do/place",
                           STR_ARG(id_text(ctx->arena, order)));
    CHECK_INT(post_as(ctx, &office, office.sales, place, "").status, 303);
    CHECK(answer_has(get_as(ctx, &office, office.owner, "/admin/inbox"), "is sold below its cost"));
    CHECK_INT(post_as(ctx, &office, office.owner, approval_address(ctx), "do=approve").status, 303);
    CHECK_INT(number_in(ctx, "SELECT count(*) FROM sales_order WHERE state = 'draft'"), 0);
    office_close(&office);
}

const Test inbox_tests[] = {
    { "a note that names somebody waits for her, and is mailed", test_mention },
    { "whoever wants no mails gets none", test_wish_for_no_mails },
    { "a mention shows nothing of what its reader may not see", test_mention_of_what_is_hidden },
    { "a record is assigned, listed by whose it is, and says so in its trail", test_assign },
    { "a record is one person's at a time", test_assigned_to_one },
    { "an entry is put off and comes back on its day", test_snooze },
    { "what is not above the limit is done at once", test_under_the_limit },
    { "what is above the limit is asked for, approved by another, and done then", test_approve },
    { "what is refused is not done, and says why", test_refuse },
    { "what was changed since it was asked for is not done", test_overtaken },
    { "over the API the same is asked for and approved", test_over_the_api },
    { "an order below cost is placed by two people", test_below_cost },
    { 0 },
};
