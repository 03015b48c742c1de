// test_letters.c - what a shop writes: one mail for one reason, as text and as HTML, in the shop's
// language of that customer; and the office's look at all of them.
#include "modules/stall.h"

#include "gen/kernel.gen.h"

typedef struct Told {
    Str subjects, html, text;
    int64_t count;
} Told;

static Status read_mails(Ctx *ctx, void *arg)
{
    Told *told = arg;
    Str subject, html, text;
    Buf subjects = { .arena = ctx->arena };
    Rows *rows = db_query(ctx, SQL("SELECT subject_line, body_html, body_text FROM mail_message"
                                   " ORDER BY id"));
    while (rows_next(rows, &subject, &html, &text)) {
        buf_printf(&subjects, STR_FMT "\n", STR_ARG(subject));
        told->html = html;
        told->text = text;
        told->count++;
    }
    told->subjects = buf_str(&subjects);
    return rows_end(rows);
}

static Told mails(Ctx *ctx)
{
    Told told = { 0 };
    CHECK_OK(ctx, tenant_read(ctx, read_mails, &told));
    return told;
}

static void buy(Ctx *ctx, Stall *stall, const char *shop)
{
    Str form = str_format(ctx->arena,
                          "email=nora%%40example.com&name=Nora+Aas&street=1+High+Street&city=Leeds"
                          "&postcode=LS1+1AA&country=GB&method=" STR_FMT,
                          STR_ARG(id_text(ctx->arena, stall->shop.bank)));
    stall_post(ctx, stall, str_format(ctx->arena, "/shop/%s/cart/add", shop).ptr, "product=cup-1");
    CHECK_INT(
        stall_post(ctx, stall, str_format(ctx->arena, "/shop/%s/checkout", shop).ptr, form.ptr)
            .status,
        303);
    stall->cookie = S("");
    shop_jobs(ctx);
}

static Status load_order(Ctx *ctx, SalesOrder *ret)
{
    Id id;
    TRY(db_one(ctx, SQL("SELECT max(id) FROM sales_order"), &id));
    return sales_order_load(ctx, id, ret);
}

static Status step_pay(Ctx *ctx, void *arg)
{
    Stall *stall = arg;
    SalesOrder order;
    TRY(load_order(ctx, &order));
    TRY(shop_pay(ctx, &stall->shop, &order, order.totals.total.minor));
    return order_paid(ctx, order.record.id);
}

static Status step_ship(Ctx *ctx, void *arg)
{
    SalesOrder order;
    IdList deliveries;
    Delivery delivery;
    (void)arg;
    TRY(load_order(ctx, &order));
    TRY(delivery_plan(ctx, order.record.id, tenant_today(ctx), &deliveries));
    TRY(delivery_load(ctx, deliveries.items[0], &delivery));
    delivery.tracking = S("RP123456789GB");
    TRY(delivery_save(ctx, &delivery));
    return delivery_ship(ctx, &delivery, tenant_today(ctx));
}

static Status step_arrive(Ctx *ctx, void *arg)
{
    Id id;
    (void)arg;
    TRY(db_one(ctx, SQL("SELECT max(id) FROM delivery"), &id));
    return delivery_delivered(ctx, id, tenant_today(ctx));
}

static Status step_cancel(Ctx *ctx, void *arg)
{
    SalesOrder order;
    CancelInput why = { .words = S("changed her mind") };
    (void)arg;
    TRY(load_order(ctx, &order));
    TRY(db_one(ctx, SQL("SELECT min(id) FROM choice WHERE list_name = 'cancel_reason'"),
               &why.reason));
    return shop_act(ctx, order.record.id, "cancel", &why);
}

static void step(Ctx *ctx, Stall *stall, TxFn fn)
{
    CHECK_OK(ctx, shop_try(ctx, fn, stall));
    shop_jobs(ctx);
}

static void test_story(void)
{
    Ctx *ctx = test_ctx();
    Stall stall;
    stall_open(ctx, &stall, 5);
    buy(ctx, &stall, "main");
    Told first = mails(ctx);
    CHECK_INT(first.count, 1);
    CHECK(has_text(first.subjects, " received\n"));
    CHECK(has_text(first.text, "1 × Cup number 1") && has_text(first.html, "1 × Cup number 1"));
    CHECK(has_text(first.text, "https://shop.example/order/"));
    CHECK(has_text(first.html, "href=\"https://shop.example/order/"));
    step(ctx, &stall, step_pay);
    CHECK(has_text(mails(ctx).subjects, " is paid\n"));
    step(ctx, &stall, step_ship);
    Told sent = mails(ctx);
    CHECK(has_text(sent.subjects, " is on its way\n"));
    CHECK(has_text(sent.text, "Tracking number: RP123456789GB"));
    step(ctx, &stall, step_arrive);
    Told last = mails(ctx);
    CHECK(has_text(last.subjects, " has been delivered\n"));
    CHECK_INT(last.count, 4);
    stall_close(&stall);
}

// Paid and called off: she is told that, and what goes back; each once.
static void test_cancelled(void)
{
    Ctx *ctx = test_ctx();
    Stall stall;
    stall_open(ctx, &stall, 5);
    buy(ctx, &stall, "main.es");
    CHECK(has_text(mails(ctx).subjects, "Pedido SO-"));
    step(ctx, &stall, step_pay);
    step(ctx, &stall, step_cancel);
    Told told = mails(ctx);
    CHECK(has_text(told.subjects, "Reembolso del pedido SO-"));
    CHECK(has_text(told.subjects, " se ha cancelado\n"));
    CHECK_INT(told.count, 4);
    stall_close(&stall);
}

static void test_preview(void)
{
    static const char *const kinds[] = { "received", "paid",      "shipped", "delivered",
                                         "refunded", "cancelled", "account" };
    Ctx *ctx = test_ctx();
    Stall stall;
    stall_open(ctx, &stall, 5);
    Str token = ask_token(ctx, "owner@example.com", "Owner");
    for (size_t i = 0; i < COUNT(kinds); i++) {
        test_row = kinds[i];
        Str target = str_format(ctx->arena, "/admin/storefront/mails/main/%s/es", kinds[i]);
        Answered mail = ask(ctx, &(Asking){ .method = "GET",
                                            .target = target,
                                            .token = token,
                                            .tenant = ctx->tenant->code });
        CHECK_INT(mail.status, 200);
        CHECK(has_text(mail.body, "lang=\"es\"") && has_text(mail.body, "The Tea Stall"));
        target = str_format(ctx->arena, "/admin/storefront/mails?kind=%s&language=en", kinds[i]);
        Answered page = ask(ctx, &(Asking){ .method = "GET",
                                            .target = target,
                                            .token = token,
                                            .tenant = ctx->tenant->code });
        CHECK_INT(page.status, 200);
        CHECK(has_text(page.body, "The Tea Stall"));
    }
    test_row = NULL;
    stall_close(&stall);
}

const Test letters_tests[] = {
    { "a customer is told of every step of her order, once", test_story },
    { "a customer is told that her order is cancelled and what goes back", test_cancelled },
    { "every mail can be looked at in every language of a shop", test_preview },
    { 0 },
};
