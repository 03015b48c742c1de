// checkout.c - what the checkout offers and comes to, and its rules.
#include "modules/storefront/checkout.h"

#include "base/utf8.h"
#include "kernel/db/db.h"
#include "kernel/entity/formats.h"
#include "kernel/i18n.h"
#include "kernel/secrets.h"
#include "modules/company/company.h"
#include "modules/party/party.h"
#include "modules/tax/tax.h"

enum { WEIGHT_UNKNOWN_G = 500, LINK_LIVES_DAYS = 400 };

// ---- What can be chosen -------------------------------------------------------------------------

static void read_countries(Ctx *ctx, const Shop *shop, Checkout *checkout)
{
    Str rest = shop->store.countries, code;
    bool is_known = false;
    while (str_next_word(&rest, &code)) {
        *list_push(ctx->arena, &checkout->countries) = code;
        is_known |= str_eq(code, checkout->form.country);
    }
    if (!is_known)
        checkout->form.country =
            checkout->countries.len ? checkout->countries.items[0] : ctx->tenant->country;
}

static Status read_offers(Ctx *ctx, const Shop *shop, Checkout *checkout)
{
    int64_t weight = checkout->cart.weight_g;
    TRY(rate_offers(ctx, checkout->form.country, checkout->form.postcode,
                    weight ? weight : WEIGHT_UNKNOWN_G, checkout->cart.total,
                    shop->channel.currency, ctx->now, &checkout->offers));
    EACH (offer, checkout->offers)
        if (!checkout->offer || offer->service == checkout->form.service)
            checkout->offer = offer;
    return OK;
}

static Status read_methods(Ctx *ctx, const Shop *shop, Checkout *checkout)
{
    CheckoutMethod method;
    Str way;
    Rows *rows = db_query(
        ctx,
        SQL("SELECT m.id, COALESCE(t.body, m.name), m.instructions, m.way"
            " FROM payment_method m"
            " LEFT JOIN translation t ON t.subject_id = m.id AND t.field = 'name'"
            " AND t.locale = $3"
            " WHERE m.is_active = 1 AND m.archived = 0 AND m.way IN ('gateway', 'bank', 'cod')"
            " AND (m.currency = '' OR m.currency = $1)"
            " AND (NOT EXISTS (SELECT 1 FROM payment_method_channels c WHERE c.owner_id = m.id)"
            " OR EXISTS (SELECT 1 FROM payment_method_channels c WHERE c.owner_id = m.id"
            " AND c.target_id = $2))"
            " ORDER BY CASE m.way WHEN 'gateway' THEN 1 WHEN 'bank' THEN 2 ELSE 3 END,"
            " m.position, m.id LIMIT $4",
            shop->channel.currency, shop->store.channel, shop->language, METHODS_MAX));
    while (rows_next(rows, &method.id, &method.name, &method.instructions, &way)) {
        method.way = (PaymentWay)enum_value(&payment_way_enum, way);
        *list_push(ctx->arena, &checkout->methods) = method;
    }
    TRY(rows_end(rows));
    EACH (one, checkout->methods)
        if (!checkout->method || one->id == checkout->form.method)
            checkout->method = one;
    return OK;
}

// ---- What it comes to ---------------------------------------------------------------------------

static Status service_class(Ctx *ctx, Id service, Id *ret)
{
    bool found;
    *ret = 0;
    return db_maybe(
        ctx, SQL("SELECT COALESCE(tax_class_id, 0) FROM carrier_service WHERE id = $1", service),
        &found, ret);
}

static Status where_to(Ctx *ctx, const Shop *shop, const Checkout *checkout, TaxWhere *ret)
{
    Postal from;
    PartyFacts party = { .tax_status = TAX_STATUS_REGULAR };
    TRY(place_address(ctx, 0, &from));
    if (shop->customer)
        TRY(party_facts(ctx, shop->customer, &party));
    *ret = (TaxWhere){ .from_country = from.country.len ? from.country : ctx->tenant->country,
                       .from_region = from.region,
                       .to_country = checkout->form.country,
                       .to_region = checkout->form.region,
                       .buyer_status = (int)party.tax_status,
                       .on = tenant_today(ctx) };
    return OK;
}

// By the one calculator, as the order will be.
static Status add_up(Ctx *ctx, const Shop *shop, Checkout *checkout)
{
    size_t lines = checkout->cart.items.len, count = lines + (checkout->offer ? 1 : 0);
    TaxItem *items = NEW_ARRAY(ctx->arena, TaxItem, count + 1);
    TaxDocument document = { .currency = shop->channel.currency,
                             .is_tax_included = shop->channel.is_tax_included,
                             .items = items,
                             .count = count };
    TaxWhere where;
    for (size_t i = 0; i < lines; i++)
        items[i] = (TaxItem){ .tax_class = checkout->cart.items.items[i].tax_class,
                              .amount = checkout->cart.items.items[i].total };
    if (checkout->offer) {
        items[lines].amount = checkout->offer->price;
        TRY(service_class(ctx, checkout->offer->service, &items[lines].tax_class));
    }
    TRY(where_to(ctx, shop, checkout, &where));
    TRY(tax_apply(ctx, &where, &document));
    checkout->tax = document.tax;
    checkout->total = document.total;
    return OK;
}

Status checkout_fill(Ctx *ctx, const Shop *shop, Checkout *checkout)
{
    TRY(cart_view(ctx, shop, &checkout->cart));
    read_countries(ctx, shop, checkout);
    TRY(read_offers(ctx, shop, checkout));
    TRY(read_methods(ctx, shop, checkout));
    return add_up(ctx, shop, checkout);
}

// ---- Its rules ----------------------------------------------------------------------------------

static void require(Ctx *ctx, const char *field, Str value, int max, const char *english)
{
    if (value.len == 0)
        ctx_problem(ctx, str_from(field), "field.required", "%s", ctx_text(ctx, english));
    else if (utf8_len(value) > (size_t)max)
        ctx_problem(ctx, str_from(field), "field.long", "at most %d characters", max);
}

Status checkout_check(Ctx *ctx, const Shop *shop, const Checkout *checkout)
{
    const CheckoutForm *f = &checkout->form;
    require(ctx, "email", f->email, 254, TEXT("enter an e-mail address for the receipt"));
    if (f->email.len && !format_named("email")->matches(f->email))
        ctx_problem(ctx, S("email"), "format.email", "this is no e-mail address");
    if (f->phone.len && !format_named("phone")->matches(f->phone))
        ctx_problem(ctx, S("phone"), "format.phone",
                    "enter a telephone number the courier can call");
    require(ctx, "name", f->name, 120, TEXT("enter the name on the parcel"));
    require(ctx, "street", f->street, 200, TEXT("enter street and number"));
    require(ctx, "city", f->city, 80, TEXT("enter the town"));
    require(ctx, "postcode", f->postcode, 16, TEXT("enter the postcode"));
    if (utf8_len(f->street2) > 200 || utf8_len(f->region) > 80)
        ctx_problem(ctx, S("street2"), "field.long", "at most %d characters", 200);
    if (utf8_len(f->note) > 1000)
        ctx_problem(ctx, S("note"), "field.long", "at most %d characters", 1000);
    if (!checkout->offer)
        ctx_problem(ctx, S("service"), "shop.no_delivery", "nothing is delivered to this address");
    if (!checkout->method)
        ctx_problem(ctx, S("method"), "shop.no_method", "there is no way to pay yet");
    if (f->goods >= 0 && f->goods != checkout->cart.total.minor)
        ctx_problem(ctx, S(""), "shop.changed", "the goods now come to %s: please look again",
                    shop_money(ctx, checkout->cart.total, shop->channel.currency).ptr);
    if (checkout->cart.has_shortage)
        ctx_problem(ctx, S(""), "shop.short",
                    "not all of it can be had any more: look at your bag");
    return ctx_problems(ctx);
}

// ---- Signed addresses ---------------------------------------------------------------------------

static Str path_of(Ctx *ctx, const char *folder, Str number)
{
    return str_format(ctx->arena, "/%s/" STR_FMT, folder, STR_ARG(url_encode(ctx->arena, number)));
}

static Str signed_path(Ctx *ctx, const char *folder, Str number)
{
    return link_sign(ctx, path_of(ctx, folder, number), ctx->now + LINK_LIVES_DAYS * DAY);
}

Url order_url(Ctx *ctx, const Shop *shop, Str number)
{
    return shop_url_(ctx, shop, (Url){ signed_path(ctx, "order", number) });
}

Url pay_url(Ctx *ctx, const Shop *shop, Str number)
{
    return shop_url_(ctx, shop, (Url){ signed_path(ctx, "pay", number) });
}

Str order_absolute(Ctx *ctx, const Shop *shop, Str number)
{
    return shop_absolute(ctx, shop, shop->language, signed_path(ctx, "order", number));
}

bool order_link_ok(Ctx *ctx, const char *folder, Str number)
{
    return link_ok(ctx, path_of(ctx, folder, number), request_query(ctx->request, "expires"),
                   request_query(ctx->request, "sig"));
}
