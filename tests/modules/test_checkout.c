// test_checkout.c - buying, from the outside: what is put aside is held, what cannot be kept is
// said before anybody pays, a form sent twice is one order, and the payment may come late, twice or
// never.
#include "modules/stall.h"

#include "app/app.h"
#include "connect/fake_stripe.h"
#include "gen/payments.gen.h"
#include "kernel/secrets.h"
#include "modules/ledger/ledger.h"

#include <time.h>

#define ADDRESS                                                                                    \
    "email=nora%40example.com&name=Nora+Aas&street=1+High+Street&city=Leeds&postcode=LS1+1AA"      \
    "&country=GB"

static Str number_in(Ctx *ctx, Str location)
{
    ptrdiff_t at = str_find(location, S("/order/"));
    Str rest = at < 0 ? S("") : str_from_at(location, (size_t)at + 7), number = S("");
    str_next(&rest, '?', &number);
    return str_copy(ctx->arena, number);
}

static Str order_form(Ctx *ctx, Id method, const char *more)
{
    return str_format(ctx->arena, "%s&method=" STR_FMT "%s", ADDRESS,
                      STR_ARG(id_text(ctx->arena, method)), more);
}

static int64_t held(Ctx *ctx)
{
    return stall_count(
        ctx, "SELECT CAST(COALESCE(sum(reserved), 0) AS BIGINT) / 1000000 FROM stock_available");
}

// ---- The bag ------------------------------------------------------------------------------------

static void test_bag(void)
{
    Ctx *ctx = test_ctx();
    Stall stall;
    stall_open(ctx, &stall, 5);
    CHECK(has_text(stall_get(ctx, &stall, "/shop/main/cart").body, "Your bag is empty"));
    Answered added = stall_post(ctx, &stall, "/shop/main/cart/add", "product=cup-2&quantity=3");
    CHECK_INT(added.status, 303);
    CHECK_STR(added.location, "/shop/main/cart");
    CHECK_INT(held(ctx), 3);
    Str bag = stall_get(ctx, &stall, "/shop/main/cart").body;
    CHECK(has_text(bag, "£60.00") && has_text(bag, "Held for you until"));
    CHECK(has_text(stall_get(ctx, &stall, "/shop/main").body, "Bag, 3 items"));
    stall_post(ctx, &stall, "/shop/main/cart/add", "product=cup-2&quantity=1");
    CHECK_INT(held(ctx), 4);
    Str id = id_text(ctx->arena, stall.shop.variants[1]);
    stall_post(ctx, &stall, "/shop/main/cart",
               str_format(ctx->arena, "q-" STR_FMT "=2", STR_ARG(id)).ptr);
    CHECK_INT(held(ctx), 2);
    stall_post(
        ctx, &stall, "/shop/main/cart",
        str_format(ctx->arena, "q-" STR_FMT "=2&remove=" STR_FMT, STR_ARG(id), STR_ARG(id)).ptr);
    CHECK_INT(held(ctx), 0);
    CHECK_INT(stall_post(ctx, &stall, "/shop/main/cart/add", "product=nothing").status, 404);
    stall_close(&stall);
}

static void test_short(void)
{
    Ctx *ctx = test_ctx();
    Stall stall;
    stall_open(ctx, &stall, 5);
    stall_post(ctx, &stall, "/shop/main/cart/add", "product=cup-1&quantity=4");
    Stall other = stall;
    other.cookie = S("");
    stall_post(ctx, &other, "/shop/main/cart/add", "product=cup-1&quantity=3");
    CHECK(!str_eq(other.cookie, stall.cookie));
    CHECK(has_text(stall_get(ctx, &other, "/shop/main/cart").body, "Only 1 of these can be had"));
    CHECK_STR(stall_post(ctx, &other, "/shop/main/cart", "checkout=1").location, "/shop/main/cart");
    CHECK_STR(stall_get(ctx, &other, "/shop/main/checkout").location, "/shop/main/cart");
    ctx->now += HOUR;  // the first bag's time is over
    Str id = id_text(ctx->arena, stall.shop.variants[0]);
    shop_jobs(ctx);
    stall_post(ctx, &other, "/shop/main/cart",
               str_format(ctx->arena, "q-" STR_FMT "=3", STR_ARG(id)).ptr);
    CHECK(!has_text(stall_get(ctx, &other, "/shop/main/cart").body, "can be had"));
    stall_close(&stall);
}

// ---- The checkout -------------------------------------------------------------------------------

static void test_refusals(void)
{
    static const struct {
        const char *name, *form, *says;
    } rows[] = {
        { "nothing typed", "buy=1", "enter an e-mail address for the receipt" },
        { "no address of mail", "email=nora&name=N&street=S&city=C&postcode=P",
          "this is no e-mail address" },
        { "no town", "email=n%40example.com&name=N&street=S&postcode=P", "enter the town" },
        { "a country nothing goes to", ADDRESS "&country=IE", NULL },
        { "other prices than were shown", ADDRESS "&goods=1", "the goods now come to" },
        { "a telephone that is none", ADDRESS "&phone=abc",
          "enter a telephone number the courier can call" },
    };
    Ctx *ctx = test_ctx();
    Stall stall;
    stall_open(ctx, &stall, 5);
    stall_post(ctx, &stall, "/shop/main/cart/add", "product=cup-1");
    for (size_t i = 0; i < COUNT(rows); i++) {
        if (!rows[i].says)
            continue;
        test_row = rows[i].name;
        Answered page = stall_post(ctx, &stall, "/shop/main/checkout", rows[i].form);
        CHECK_INT(page.status, 422);
        CHECK(has_text(page.body, rows[i].says));
        CHECK(has_text(page.body, "<title>Error: "));
    }
    test_row = NULL;
    Answered nowhere = stall_post(ctx, &stall, "/shop/main/checkout",
                                  "email=n%40example.com&name=N&street=S&city=C&postcode=P"
                                  "&country=IE");
    CHECK_INT(nowhere.status, 422);
    CHECK(has_text(nowhere.body, "nothing is delivered to this address"));
    CHECK(has_text(nowhere.body, "value=\"n@example.com\""));
    CHECK_INT(stall_count(ctx, "SELECT count(*) FROM sales_order"), 0);
    stall_close(&stall);
}

static void test_bought(void)
{
    Ctx *ctx = test_ctx();
    Stall stall;
    stall_open(ctx, &stall, 5);
    stall_post(ctx, &stall, "/shop/main/cart/add", "product=cup-1&quantity=2");
    Str before = stall_get(ctx, &stall, "/shop/main/checkout").body;
    CHECK(has_text(before, "£20.00") && has_text(before, "£5.00"));
    Str form = order_form(ctx, stall.shop.bank, "&goods=2000&_once=k1");
    Answered placed = stall_post(ctx, &stall, "/shop/main/checkout", form.ptr);
    CHECK_INT(placed.status, 303);
    stall.cookie = stall.cookie.len ? stall.cookie : S("cart=gone");
    Str page = stall_get(ctx, &stall, placed.location.ptr).body;
    CHECK(has_text(page, "Thank you for your order"));
    CHECK(has_text(page, "by bank transfer"));
    CHECK_INT(held(ctx), 2);
    CHECK_INT(stall_count(ctx, "SELECT count(*) FROM sales_order WHERE state = 'placed'"), 1);
    CHECK_INT(stall_count(ctx, "SELECT count(*) FROM payment WHERE state = 'wanted'"), 1);
    CHECK_INT(stall_count(ctx, "SELECT p.wanted - o.total FROM payment p"
                               " JOIN sales_order o ON o.id = p.subject_id"),
              0);
    // Sent again, by the same form and by another one: the same order, or none.
    Answered again = stall_post(ctx, &stall, "/shop/main/checkout", form.ptr);
    CHECK_INT(again.status, 303);
    stall_post(ctx, &stall, "/shop/main/checkout",
               order_form(ctx, stall.shop.bank, "&_once=k2").ptr);
    CHECK_INT(stall_count(ctx, "SELECT count(*) FROM sales_order"), 1);
    // Only by the signed link, or by number and address of mail together.
    Str number = number_in(ctx, placed.location);
    Str bare = str_format(ctx->arena, "/shop/main/order/" STR_FMT, STR_ARG(number));
    CHECK_INT(stall_get(ctx, &stall, bare.ptr).status, 404);
    Str wrong =
        str_format(ctx->arena, "number=" STR_FMT "&email=x%%40example.com", STR_ARG(number));
    CHECK_INT(stall_post(ctx, &stall, "/shop/main/track", wrong.ptr).status, 422);
    Str right =
        str_format(ctx->arena, "number=" STR_FMT "&email=NORA%%40example.com", STR_ARG(number));
    CHECK_INT(stall_post(ctx, &stall, "/shop/main/track", right.ptr).status, 303);
    shop_jobs(ctx);
    CHECK_INT(stall_count(ctx, "SELECT count(*) FROM mail_message"), 1);
    shop_verify(ctx);
    stall_close(&stall);
}

static void test_cash_on_delivery(void)
{
    Ctx *ctx = test_ctx();
    Stall stall;
    stall_open(ctx, &stall, 5);
    int64_t cod = stall_count(ctx, "SELECT id FROM payment_method WHERE way = 'cod'");
    stall_post(ctx, &stall, "/shop/main/cart/add", "product=cup-3");
    Answered placed = stall_post(ctx, &stall, "/shop/main/checkout", order_form(ctx, cod, "").ptr);
    CHECK_INT(placed.status, 303);
    CHECK_INT(stall_count(ctx, "SELECT count(*) FROM sales_order WHERE state = 'confirmed'"), 1);
    CHECK(has_text(stall_get(ctx, &stall, placed.location.ptr).body, "Paid at the door"));
    shop_verify(ctx);
    stall_close(&stall);
}

// Two who want the last one: the second is told at the bag, and nobody is sold what is not there.
static void test_last_one(void)
{
    Ctx *ctx = test_ctx();
    Stall stall;
    stall_open(ctx, &stall, 1);
    stall_post(ctx, &stall, "/shop/main/cart/add", "product=cup-1");
    Stall other = stall;
    other.cookie = S("");
    ctx->now += HOUR;
    stall_post(ctx, &other, "/shop/main/cart/add", "product=cup-1");
    shop_jobs(ctx);
    stall_post(ctx, &other, "/shop/main/cart", "checkout=1");
    CHECK_INT(
        stall_post(ctx, &other, "/shop/main/checkout", order_form(ctx, stall.shop.bank, "").ptr)
            .status,
        303);
    Answered late =
        stall_post(ctx, &stall, "/shop/main/checkout", order_form(ctx, stall.shop.bank, "").ptr);
    CHECK_INT(late.status, 422);
    CHECK(has_text(late.body, "not all of it can be had any more"));
    CHECK_INT(stall_count(ctx, "SELECT count(*) FROM sales_order"), 1);
    shop_verify(ctx);
    stall_close(&stall);
}

// ---- By card ------------------------------------------------------------------------------------

typedef struct Card {
    FakeStripe fake;
    Id method;
} Card;

static Status make_card(Ctx *ctx, void *arg)
{
    Card *card = arg;
    PaymentMethod *method = payment_method_new(ctx);
    method->method_code = S("card");
    method->name = S("Card");
    method->way = PAYMENT_WAY_GATEWAY;
    method->provider = S("stripe");
    method->endpoint = fake_stripe_url(ctx->arena, &card->fake);
    TRY(secret_seal(ctx, S("secret.secret_key"), str_from(fake_secret_key),
                    &method->secret_key.sealed));
    TRY(secret_seal(ctx, S("secret.webhook_secret"), str_from(fake_webhook_secret),
                    &method->webhook_secret.sealed));
    TRY(ledger_account(ctx, PURPOSE_GATEWAY_CLEARING, 0, 0, ctx->tenant->base, S(""),
                       &method->account));
    TRY(payment_method_save(ctx, method));
    card->method = method->record.id;
    return OK;
}

// The provider does not answer at first; then it does, is paid, and the customer comes back twice.
static void test_card(void)
{
    Ctx *ctx = test_ctx();
    Stall stall;
    Card card = { 0 };
    ctx->now = (Time)time(NULL) * SECOND;  // what a call may take is counted from now
    stall_open(ctx, &stall, 5);
    gateways_use(app_gateways);
    fake_stripe_open(&card.fake);
    CHECK_OK(ctx, shop_try(ctx, make_card, &card));
    stall_post(ctx, &stall, "/shop/main/cart/add", "product=cup-1");
    Answered placed =
        stall_post(ctx, &stall, "/shop/main/checkout", order_form(ctx, card.method, "").ptr);
    CHECK_INT(placed.status, 303);
    CHECK(str_find(placed.location, S("/shop/main/pay/")) == 0);
    fake_stripe_mood(&card.fake, FAKE_ERROR);
    Answered silent = stall_get(ctx, &stall, placed.location.ptr);
    CHECK_INT(silent.status, 503);
    CHECK(has_text(silent.body, "does not answer. Your order is kept"));
    Answered pay = stall_get(ctx, &stall, placed.location.ptr);
    CHECK_INT(pay.status, 200);
    CHECK(has_text(pay.body, "data-secret=\"pi_1_secret\""));
    CHECK_INT(stall_count(ctx, "SELECT count(*) FROM sales_order WHERE state = 'placed'"), 1);
    fake_pays(&card.fake, 0, card.fake.intents[0].amount);
    Str back = str_join(ctx->arena, placed.location, S("&payment_intent=pi_1"));
    for (int turn = 0; turn < 2; turn++) {
        Answered returned = stall_get(ctx, &stall, back.ptr);
        CHECK_INT(returned.status, 303);
        CHECK(has_text(returned.location, "/shop/main/order/"));
    }
    shop_jobs(ctx);
    CHECK_INT(stall_count(ctx, "SELECT count(*) FROM sales_order WHERE payment = 'paid'"), 1);
    CHECK_INT(stall_count(ctx, "SELECT count(*) FROM mail_message"), 2);
    CHECK_INT(stall_get(ctx, &stall, "/shop/main/pay/PAY-00001").status, 404);
    shop_verify(ctx);
    fake_stripe_close(&card.fake);
    stall_close(&stall);
}

// Never handled: the order stays where it is, can be seen, and is not released.
static void test_never_paid(void)
{
    Ctx *ctx = test_ctx();
    Stall stall;
    Card card = { 0 };
    ctx->now = (Time)time(NULL) * SECOND;  // what a call may take is counted from now
    stall_open(ctx, &stall, 5);
    gateways_use(app_gateways);
    fake_stripe_open(&card.fake);
    CHECK_OK(ctx, shop_try(ctx, make_card, &card));
    stall_post(ctx, &stall, "/shop/main/cart/add", "product=cup-1");
    Answered placed =
        stall_post(ctx, &stall, "/shop/main/checkout", order_form(ctx, card.method, "").ptr);
    stall_get(ctx, &stall, placed.location.ptr);
    ctx->now += 4 * DAY;
    shop_jobs(ctx);
    CHECK_INT(stall_count(ctx, "SELECT count(*) FROM sales_order WHERE state = 'placed'"), 1);
    CHECK_INT(stall_count(ctx, "SELECT count(*) FROM sales_order WHERE payment = 'unpaid'"), 1);
    fake_stripe_close(&card.fake);
    stall_close(&stall);
}

const Test checkout_tests[] = {
    { "a bag holds what is put into it, and lets go of what is taken out", test_bag },
    { "what a bag cannot keep is said before the checkout", test_short },
    { "a checkout says what is wrong and keeps what was typed", test_refusals },
    { "a guest buys once, however often the form is sent", test_bought },
    { "what is paid at the door is released at once", test_cash_on_delivery },
    { "the last piece is sold once", test_last_one },
    { "a card payment may be answered late and come back twice", test_card },
    { "an order whose payment never comes waits", test_never_paid },
    { 0 },
};
