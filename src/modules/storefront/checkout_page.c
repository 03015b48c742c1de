// checkout_page.c - the checkout as a page: what was typed comes back whatever happens, and a form
// that is sent twice is carried out once.
#include "base/json.h"
#include "gen/pages/storefront_checkout.h"
#include "kernel/db/db.h"
#include "kernel/i18n.h"
#include "modules/party/party.h"
#include "modules/storefront/checkout.h"
#include "modules/storefront/visit.h"

static Str typed(const Json *form, const char *name)
{
    return str_trim(json_str(form, name));
}

static void read_form(Ctx *ctx, const Json *json, CheckoutForm *ret)
{
    *ret = (CheckoutForm){ .email = typed(json, "email"),
                           .phone = typed(json, "phone"),
                           .name = typed(json, "name"),
                           .street = typed(json, "street"),
                           .street2 = typed(json, "street2"),
                           .postcode = str_upper_ascii(ctx->arena, typed(json, "postcode")),
                           .city = typed(json, "city"),
                           .region = typed(json, "region"),
                           .country = typed(json, "country"),
                           .note = typed(json, "note") };
    if (!id_parse(typed(json, "service"), &ret->service))
        ret->service = 0;
    if (!id_parse(typed(json, "method"), &ret->method))
        ret->method = 0;
    if (!str_int(typed(json, "goods"), &ret->goods))
        ret->goods = -1;
}

static Status draw(Ctx *ctx, const Shop *shop, const Checkout *checkout, int status)
{
    Buf *out = &ctx->request->out;
    buf_clear(out);
    size_t body = html_begin(out);
    storefront_checkout(out, ctx, shop, checkout);
    ShopHead head = { .title = tr(ctx, "Checkout"), .is_bare = true };
    return shop_answer(ctx, shop, &head, body, status);
}

// The saved addresses to choose from, and the one that the address of the page names ("to").
static void take_saved(Ctx *ctx, const Party *party, Checkout *checkout, Postal *address)
{
    Id wanted;
    if (!id_parse(request_query(ctx->request, "to"), &wanted))
        wanted = 0;
    EACH (one, party->addresses) {
        *list_push(ctx->arena, &checkout->saved) = (SavedAddress){ one->record.id, one->postal };
        if (one->record.id == wanted)
            *address = one->postal;
    }
}

// Whoever has signed in need not type again what we know.
static Status prefill(Ctx *ctx, const Shop *shop, Checkout *checkout)
{
    CheckoutForm *form = &checkout->form;
    Party party;
    Postal address;
    form->goods = -1;
    if (!shop->customer)
        return OK;
    TRY(party_load(ctx, shop->customer, &party));
    TRY(party_address_find(ctx, shop->customer, true, &address));
    take_saved(ctx, &party, checkout, &address);
    *form = (CheckoutForm){ .email = party.email,
                            .phone = party.phone,
                            .name = address.recipient.len ? address.recipient : party.name,
                            .street = address.street,
                            .street2 = address.street2,
                            .postcode = address.postcode,
                            .city = address.city,
                            .region = address.region,
                            .country = address.country,
                            .goods = -1 };
    return OK;
}

Status checkout_page_get(Ctx *ctx)
{
    ctx->request->timed = TIMED_CHECKOUT;
    Shop shop;
    Checkout checkout = { 0 };
    TRY(shop_enter(ctx, &shop));
    TRY(prefill(ctx, &shop, &checkout));
    TRY(checkout_fill(ctx, &shop, &checkout));
    if (checkout.cart.items.len == 0 || checkout.cart.has_shortage)
        return respond_redirect(ctx, shop_url(ctx, &shop, "/cart").text);
    visit_note(ctx, &shop, VISIT_KIND_CHECKOUT);
    return draw(ctx, &shop, &checkout, 200);
}

typedef struct Placing {
    const Shop *shop;
    const Checkout *checkout;
    Placed placed;
} Placing;

static Status place(Ctx *ctx, void *arg)
{
    Placing *placing = arg;
    return checkout_place(ctx, placing->shop, placing->checkout, &placing->placed);
}

// A refusal is drawn from what was typed, and leaves nothing else behind.
static Status draw_refusal(Ctx *ctx, const Shop *shop, Checkout *checkout, Status status)
{
    Failure failure = ctx->failure;
    if (status == E_BUSY || status == E_INTERNAL)
        return status;
    ctx_recover(ctx);
    *checkout = (Checkout){ .form = checkout->form };
    TRY(checkout_fill(ctx, shop, checkout));
    ctx->failure = failure;
    Status drawn = draw(ctx, shop, checkout, status == E_INVALID ? 422 : 409);
    ctx_recover(ctx);
    return drawn;
}

Status checkout_post(Ctx *ctx)
{
    Shop shop;
    Checkout checkout = { 0 };
    const Json *json;
    TRY(shop_enter(ctx, &shop));
    TRY(request_json(ctx, &json));
    read_form(ctx, json, &checkout.form);
    if (!shop.cart)
        return respond_redirect(ctx, shop_url(ctx, &shop, "/cart").text);
    TRY(cart_hold(ctx, &shop));
    TRY(checkout_fill(ctx, &shop, &checkout));
    if (checkout.cart.items.len == 0)
        return respond_redirect(ctx, shop_url(ctx, &shop, "/cart").text);
    if (json_str(json, "again").len)
        return draw(ctx, &shop, &checkout, 200);
    Status status = checkout_check(ctx, &shop, &checkout);
    if (status != OK)
        return draw_refusal(ctx, &shop, &checkout, status);
    Placing placing = { .shop = &shop, .checkout = &checkout };
    status = db_try(ctx, place, &placing);
    if (status != OK)
        return draw_refusal(ctx, &shop, &checkout, status);
    const Placed *placed = &placing.placed;
    bool pays_now = placed->way == PAYMENT_WAY_GATEWAY && placed->payment.record.id;
    Url next = pays_now ? pay_url(ctx, &shop, placed->payment.number)
                        : order_url(ctx, &shop, placed->order.number);
    return respond_redirect(ctx, next.text);
}
