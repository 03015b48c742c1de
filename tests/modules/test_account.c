// test_account.c - a customer's own pages: the way in leads through her mail, what she sees is hers
// alone, and what she sends back waits for somebody of the house.
#include "modules/stall.h"

#include "gen/oms.gen.h"

static const char address[] =
    "email=nora%40example.com&name=Nora+Aas&street=1+High+Street&city=Leeds"
    "&postcode=LS1+1AA&country=GB";

static Status last_mail(Ctx *ctx, void *arg)
{
    return db_one(ctx, SQL("SELECT body_text FROM mail_message ORDER BY id DESC LIMIT 1"),
                  (Str *)arg);
}

// The link in the mail, as a path on this machine.
static Str mailed_link(Ctx *ctx)
{
    Str text = S(""), rest, link = S(""), host = S("https://shop.example");
    CHECK_OK(ctx, tenant_read(ctx, last_mail, &text));
    ptrdiff_t at = str_find(text, host);
    CHECK(at >= 0);
    rest = str_from_at(text, at < 0 ? 0 : (size_t)at + host.len);
    str_next(&rest, '\n', &link);
    return str_join(ctx->arena, S("/shop/main"), link);
}

static Str order_as_guest(Ctx *ctx, Stall *stall)
{
    Str number = S(""), form = str_format(ctx->arena, "%s&method=" STR_FMT, address,
                                          STR_ARG(id_text(ctx->arena, stall->shop.bank)));
    stall_post(ctx, stall, "/shop/main/cart/add", "product=cup-1&quantity=2");
    Answered placed = stall_post(ctx, stall, "/shop/main/checkout", form.ptr);
    CHECK_INT(placed.status, 303);
    ptrdiff_t at = str_find(placed.location, S("/order/"));
    Str rest = str_from_at(placed.location, (size_t)at + 7);
    str_next(&rest, '?', &number);
    return str_copy(ctx->arena, number);
}

static void become_customer(Ctx *ctx, Stall *stall, const char *email)
{
    Str ask_link = str_format(ctx->arena, "email=%s", email);
    CHECK_INT(stall_post(ctx, stall, "/shop/main/account/link", ask_link.ptr).status, 303);
    Str link = mailed_link(ctx);
    CHECK_INT(stall_get(ctx, stall, link.ptr).status, 200);
    CHECK_INT(stall_post(ctx, stall, link.ptr, "name=Nora&password=short").status, 422);
    Answered in = stall_post(ctx, stall, link.ptr, "name=Nora&password=a+long+enough+one+7");
    CHECK_INT(in.status, 303);
    CHECK(stall->session.len > 0);
    CHECK_INT(stall_get(ctx, stall, link.ptr).status, 404);  // good once
    stall_learn(ctx, stall, "/shop/main/account");
}

typedef struct Sending {
    Stall *stall;
    Str number;
    IdList deliveries;
} Sending;

static Status pay_and_send(Ctx *ctx, void *arg)
{
    Sending *sending = arg;
    SalesOrder order;
    Id id;
    TRY(sales_order_find(ctx, "number", sending->number, &id));
    TRY(sales_order_load(ctx, id, &order));
    TRY(shop_pay(ctx, &sending->stall->shop, &order, order.totals.total.minor));
    TRY(order_paid(ctx, id));
    return shop_deliver(ctx, id, tenant_today(ctx), &sending->deliveries);
}

static void test_account(void)
{
    Ctx *ctx = test_ctx();
    Stall stall;
    stall_open(ctx, &stall, 5);
    Str number = order_as_guest(ctx, &stall);
    CHECK(has_text(stall_get(ctx, &stall, "/shop/main/account").body, "Send me a link"));
    become_customer(ctx, &stall, "nora%40example.com");
    Str mine = stall_get(ctx, &stall, "/shop/main/account").body;
    CHECK(has_text(mine, number.ptr));
    Str page = str_join(ctx->arena, S("/shop/main/account/orders/"), number);
    CHECK_INT(stall_get(ctx, &stall, page.ptr).status, 200);
    CHECK(has_text(stall_get(ctx, &stall, "/shop/main/account").body, "1 High Street"));
    stall_post(ctx, &stall, "/shop/main/account/address",
               "name=Nora+Aas&street=2+Low+Road&city=York&postcode=YO1&country=gb");
    Str both = stall_get(ctx, &stall, "/shop/main/account").body;
    CHECK(has_text(both, "2 Low Road") && has_text(both, "1 High Street"));
    // The second may be used first, chosen at the checkout, and removed.
    Id second = stall_count(ctx, "SELECT max(id) FROM party_address");
    Str second_text = id_text(ctx->arena, second);
    stall_post(ctx, &stall, "/shop/main/cart/add", "product=cup-2");
    Str there = str_join(ctx->arena, S("/shop/main/checkout?to="), second_text);
    CHECK(has_text(stall_get(ctx, &stall, there.ptr).body, "value=\"2 Low Road\""));
    CHECK(has_text(stall_get(ctx, &stall, "/shop/main/checkout").body, "value=\"1 High Street\""));
    stall_post(ctx, &stall, "/shop/main/account/address",
               str_format(ctx->arena, "do=first&id=" STR_FMT, STR_ARG(second_text)).ptr);
    CHECK(has_text(stall_get(ctx, &stall, "/shop/main/checkout").body, "value=\"2 Low Road\""));
    stall_post(ctx, &stall, "/shop/main/account/address",
               str_format(ctx->arena, "do=remove&id=" STR_FMT, STR_ARG(second_text)).ptr);
    CHECK(!has_text(stall_get(ctx, &stall, "/shop/main/account").body, "2 Low Road"));
    stall_post(ctx, &stall, "/shop/main/favourites", "product=cup-4");
    CHECK(has_text(stall_get(ctx, &stall, "/shop/main/account").body, "Cup number 4"));
    stall_post(ctx, &stall, "/shop/main/favourites", "product=cup-4");
    CHECK(!has_text(stall_get(ctx, &stall, "/shop/main/account").body, "Cup number 4"));
    Stall other = stall;
    other.cookie = other.session = other.csrf = S("");
    become_customer(ctx, &other, "mallory%40example.com");
    CHECK_INT(stall_get(ctx, &other, page.ptr).status, 404);
    CHECK(!has_text(stall_get(ctx, &other, "/shop/main/account").body, number.ptr));
    // A form without what the session's forms carry is somebody else's.
    other.csrf = S("");
    Answered old = stall_post(ctx, &other, "/shop/main/favourites", "product=cup-1");
    CHECK_INT(old.status, 403);
    CHECK(has_text(old.body, "This form has become too old") &&
          has_text(old.body, "The Tea Stall"));
    stall_close(&stall);
}

static void test_sign_in(void)
{
    Ctx *ctx = test_ctx();
    Stall stall;
    stall_open(ctx, &stall, 5);
    become_customer(ctx, &stall, "nora%40example.com");
    CHECK_INT(stall_post(ctx, &stall, "/shop/main/account/sign-out", "x=1").status, 303);
    stall.session = stall.csrf = S("");
    Answered wrong = stall_post(ctx, &stall, "/shop/main/account/sign-in",
                                "email=nora%40example.com&password=not+this+one");
    CHECK_INT(wrong.status, 401);
    CHECK(has_text(wrong.body, "do not belong together"));
    CHECK(has_text(wrong.body, "value=\"nora@example.com\""));
    Answered right = stall_post(ctx, &stall, "/shop/main/account/sign-in",
                                "email=NORA%40example.com&password=a+long+enough+one+7");
    CHECK_INT(right.status, 303);
    CHECK(has_text(stall_get(ctx, &stall, "/shop/main/account").body, "Hello, Nora"));
    Answered admin = stall_get(ctx, &stall, "/admin");
    CHECK(admin.status == 403 || admin.status == 401);
    stall_close(&stall);
}

static void test_return(void)
{
    Ctx *ctx = test_ctx();
    Stall stall;
    stall_open(ctx, &stall, 5);
    Sending sending = { .stall = &stall, .number = order_as_guest(ctx, &stall) };
    become_customer(ctx, &stall, "nora%40example.com");
    Str page = str_join(ctx->arena, S("/shop/main/account/orders/"), sending.number);
    CHECK(!has_text(stall_get(ctx, &stall, page.ptr).body, "Send something back"));
    CHECK_OK(ctx, shop_try(ctx, pay_and_send, &sending));
    Str sent = stall_get(ctx, &stall, page.ptr).body;
    CHECK(has_text(sent, "Send something back") && has_text(sent, "Invoice INV-"));
    Answered paper = stall_get(ctx, &stall, str_join(ctx->arena, page, S("/confirmation")).ptr);
    CHECK_STR(paper.type, "application/pdf");
    Str line =
        str_format(ctx->arena, "r-" STR_FMT "=1&reason=" STR_FMT,
                   STR_ARG(id_text(ctx->arena, stall_count(ctx, "SELECT id FROM sales_line"))),
                   STR_ARG(id_text(ctx->arena, stall_count(ctx, "SELECT min(id) FROM choice WHERE"
                                                                " list_name = 'return_reason'"))));
    Str back = str_join(ctx->arena, page, S("/return"));
    CHECK_INT(stall_post(ctx, &stall, back.ptr, line.ptr).status, 303);
    CHECK_INT(stall_count(ctx, "SELECT count(*) FROM rma WHERE state = 'requested'"), 1);
    Str after = stall_get(ctx, &stall, page.ptr).body;
    CHECK(has_text(after, "Return RMA-"));
    ptrdiff_t slip = str_find(after, S("/slip/RMA-"));
    Str slip_url = S(""), rest = str_from_at(after, slip < 0 ? 0 : (size_t)slip);
    str_next(&rest, '"', &slip_url);
    paper = stall_get(ctx, &stall, str_join(ctx->arena, page, slip_url).ptr);
    CHECK_STR(paper.type, "application/pdf");
    CHECK_INT(stall_get(ctx, &stall, str_join(ctx->arena, page, S("/slip/RMA-0")).ptr).status, 404);
    CHECK_INT(stall_count(ctx, "SELECT quantity / 1000000 FROM rma_line"), 1);
    shop_verify(ctx);
    stall_close(&stall);
}

const Test account_tests[] = {
    { "the way into an account leads through the mail, and what it shows is one customer's",
      test_account },
    { "a customer signs in and out, and is nobody in the house", test_sign_in },
    { "what came can be sent back, within its days", test_return },
    { 0 },
};
