// placing.c - a bag becomes an order: through the same action as an order that somebody types, with
// the stock that the bag held, and a payment that is wanted for it.
#include "modules/storefront/checkout.h"

#include "kernel/db/db.h"
#include "kernel/entity/access.h"
#include "kernel/secrets.h"

enum { TOKEN_BYTES = 18, EMAIL_KEY = 40 };

// ---- Who ----------------------------------------------------------------------------------------

// One person is one customer; nothing of her is shown to whoever types the same address.
Str guest_key(Ctx *ctx, Str email)
{
    Str hash = secret_hash(ctx->arena, str_lower_ascii(ctx->arena, email));
    return str_join(ctx->arena, S("web:"), str_sub(hash, 0, EMAIL_KEY));
}

static Postal postal_of(const CheckoutForm *form)
{
    return (Postal){ .recipient = form->name,
                     .street = form->street,
                     .street2 = form->street2,
                     .city = form->city,
                     .region = form->region,
                     .postcode = form->postcode,
                     .country = form->country,
                     .phone = form->phone };
}

static Status make_guest(Ctx *ctx, const Shop *shop, const CheckoutForm *form, Str key, Id *ret)
{
    Party *party = party_new(ctx);
    party->name = form->name;
    party->account_type = ACCOUNT_TYPE_CONSUMER;
    party->is_customer = true;
    party->email = form->email;
    party->phone = form->phone;
    party->language = shop->language;
    party->currency = shop->channel.currency;
    party->external = key;
    *list_push(ctx->arena, &party->addresses) =
        (PartyAddress){ .is_billing = true, .is_delivery = true, .postal = postal_of(form) };
    TRY(party_save(ctx, party));
    *ret = party->record.id;
    return OK;
}

static Status find_customer(Ctx *ctx, const Shop *shop, const CheckoutForm *form, Id *ret)
{
    bool found;
    Str key = guest_key(ctx, form->email);
    *ret = shop->customer;
    if (*ret)
        return OK;
    TRY(db_maybe(ctx,
                 SQL("SELECT id FROM party WHERE external = $1 AND archived = 0 ORDER BY id"
                     " LIMIT 1",
                     key),
                 &found, ret));
    return found ? OK : make_guest(ctx, shop, form, key, ret);
}

// ---- What ---------------------------------------------------------------------------------------

static void fill_order(Ctx *ctx, const Shop *shop, const Checkout *checkout, Id customer,
                       OrderSpec *ret)
{
    const CheckoutForm *form = &checkout->form;
    *ret =
        (OrderSpec){ .channel = shop->store.channel,
                     .customer = customer,
                     .currency = shop->channel.currency,
                     .ship_to = postal_of(form),
                     .bill_to = postal_of(form),
                     .external = str_join(ctx->arena, S("bag-"), id_text(ctx->arena, shop->cart)),
                     .email = form->email,
                     .phone = form->phone,
                     .note = form->note };
    EACH (item, checkout->cart.items)
        *list_push(ctx->arena, &ret->lines) = (OrderLineSpec){ .variant = item->variant,
                                                               .quantity = item->quantity,
                                                               .config = item->config };
}

static Status add_freight(Ctx *ctx, const RateOffer *offer, OrderSpec *order)
{
    OrderChargeSpec freight = { .kind = S("freight"),
                                .name = str_format(ctx->arena, STR_FMT ", " STR_FMT,
                                                   STR_ARG(offer->carrier), STR_ARG(offer->name)),
                                .amount = offer->price };
    bool found;
    TRY(db_maybe(
        ctx,
        SQL("SELECT COALESCE(tax_class_id, 0) FROM carrier_service WHERE id = $1", offer->service),
        &found, &freight.tax_class));
    *list_push(ctx->arena, &order->charges) = freight;
    return OK;
}

// ---- The payment --------------------------------------------------------------------------------

// What is paid at the door leaves before it is paid; that is what the customer chose.
static Status want_payment(Ctx *ctx, const Checkout *checkout, Placed *placed)
{
    SalesOrder *order = &placed->order;
    PaymentSpec spec = { .party = order->customer,
                         .method = checkout->method->id,
                         .subject = { &sales_order_entity, order->record.id },
                         .currency = order->currency,
                         .amount = order->totals.total,
                         .reference = order->number };
    placed->way = checkout->method->way;
    if (order->totals.total.minor <= 0)
        return OK;
    TRY(payment_create(ctx, &spec, &placed->payment));
    if (placed->way != PAYMENT_WAY_COD || order->state != ORDER_STATE_PLACED || order->is_on_hold)
        return OK;
    return action_do(ctx, &sales_order_entity, order, "confirm", NULL);
}

static Status require_open_cart(Ctx *ctx, const Shop *shop)
{
    bool found;
    Id order;
    TRY(db_maybe(ctx, SQL("SELECT COALESCE(sales_order_id, 0) FROM cart WHERE id = $1", shop->cart),
                 &found, &order));
    return found && !order
             ? OK
             : FAIL(ctx, E_CONFLICT, "shop.ordered", "this bag has been ordered already");
}

Status checkout_place(Ctx *ctx, const Shop *shop, const Checkout *checkout, Placed *ret)
{
    OrderSpec spec;
    Id customer;
    *ret = (Placed){ 0 };
    TRY(require_open_cart(ctx, shop));
    TRY(find_customer(ctx, shop, &checkout->form, &customer));
    fill_order(ctx, shop, checkout, customer, &spec);
    TRY(add_freight(ctx, checkout->offer, &spec));
    TRY(stock_release_all(ctx, cart_link(shop)));
    spec.guest_token = secret_token(ctx->arena, TOKEN_BYTES);
    TRY(order_create_placed(ctx, &spec, &ret->order));
    TRY(want_payment(ctx, checkout, ret));
    return cart_close(ctx, shop, ret->order.record.id);
}
