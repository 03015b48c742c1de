// shop.c - a house that sells.
#include "modules/shop.h"

#include "kernel/entity/access.h"
#include "kernel/job.h"
#include "kernel/verify.h"

static Id make_channel(Ctx *ctx, const char *code, SplitPolicy split, bool needs_payment,
                       const Stockroom *room)
{
    Channel *channel = channel_new(ctx);
    channel->channel_code = channel->name = str_from(code);
    channel->currency = ctx->tenant->base;
    channel->split = split;
    channel->needs_payment = needs_payment;
    list_push(ctx->arena, &channel->warehouses)->warehouse = room->main;
    list_push(ctx->arena, &channel->warehouses)->warehouse = room->second;
    CHECK_OK(ctx, channel_save(ctx, channel));
    return channel->record.id;
}

static Id make_customer(Ctx *ctx, const char *name)
{
    Party *party = party_new(ctx);
    party->name = str_from(name);
    party->is_customer = true;
    PartyAddress *address = list_push(ctx->arena, &party->addresses);
    address->is_billing = address->is_delivery = true;
    address->postal = (Postal){ .street = S("1 High Street"),
                                .city = S("Leeds"),
                                .postcode = S("LS1 1AA"),
                                .country = S("GB") };
    CHECK_OK(ctx, party_save(ctx, party));
    return party->record.id;
}

static Status make_prices(Ctx *ctx, const Shop *shop)
{
    PriceList *list = price_list_new(ctx);
    list->name = S("Standard");
    list->currency = ctx->tenant->base;
    for (int i = 0; i < SHOP_VARIANTS; i++) {
        ListPrice *price = list_push(ctx->arena, &list->prices);
        price->variant = shop->variants[i];
        price->price.micro = (int64_t)(i + 1) * 10 * MICRO;
    }
    return price_list_save(ctx, list);
}

typedef struct Opening {
    Shop *shop;
    int64_t in_main, in_second;
    int variant;  // which is made
} Opening;

static Status make_variant(Ctx *ctx, const Shop *shop, int number, Id *ret)
{
    Id product;
    Str sku = str_format(ctx->arena, "P-%d", number);
    return product_create_simple(ctx,
                                 &(SimpleProduct){ .sku = sku,
                                                   .name = sku,
                                                   .unit = shop->room.pieces,
                                                   .kind = PRODUCT_KIND_GOODS,
                                                   .is_stocked = true },
                                 &product, ret);
}

static Status stock_up(Ctx *ctx, void *arg)
{
    const Opening *opening = arg;
    Shop *shop = opening->shop;
    int i = opening->variant;
    MoveDone done;
    TRY(make_variant(ctx, shop, i + 1, &shop->variants[i]));
    int64_t cents = (i + 1) * 500;
    if (opening->in_main)
        TRY(room_receive(ctx, &shop->room, shop->variants[i], shop->room.bin, opening->in_main,
                         cents, 0, &done));
    if (opening->in_second)
        TRY(room_receive(ctx, &shop->room, shop->variants[i], shop->room.second, opening->in_second,
                         cents, 0, &done));
    return OK;
}

static Status furnish(Ctx *ctx, void *arg)
{
    Shop *shop = arg;
    shop->web = make_channel(ctx, "web", SPLIT_POLICY_SPLIT, true, &shop->room);
    shop->wholesale = make_channel(ctx, "wholesale", SPLIT_POLICY_BACKORDER, false, &shop->room);
    shop->customer = make_customer(ctx, "Ada Ltd");
    shop->on_account = make_customer(ctx, "Big Store plc");
    TRY(payment_method_find(ctx, "method_code", S("bank"), &shop->bank));
    CHECK(shop->bank != 0);
    return make_prices(ctx, shop);
}

void shop_open(Ctx *ctx, Shop *ret, int64_t in_main, int64_t in_second)
{
    Opening opening = { ret, in_main, in_second, 0 };
    *ret = (Shop){ 0 };
    stockroom_open(ctx, NULL, &ret->room);
    for (; opening.variant < SHOP_VARIANTS; opening.variant++)
        CHECK_OK(ctx, shop_try(ctx, stock_up, &opening));
    CHECK_OK(ctx, shop_try(ctx, furnish, ret));
}

void shop_close(Shop *shop)
{
    stockroom_close(&shop->room);
}

// ---- Steps --------------------------------------------------------------------------------------

void shop_spec(Ctx *ctx, const Shop *shop, const Basket *basket, OrderSpec *ret)
{
    *ret = (OrderSpec){ .channel = basket->channel ? basket->channel : shop->web,
                        .customer = basket->customer ? basket->customer : shop->customer };
    for (int i = 0; i < SHOP_VARIANTS; i++)
        if (basket->pieces[i])
            *list_push(ctx->arena, &ret->lines) = (OrderLineSpec){
                .variant = shop->variants[i],
                .quantity = pieces(basket->pieces[i]),
            };
    if (basket->freight)
        *list_push(ctx->arena, &ret->charges) = (OrderChargeSpec){ .kind = S("freight"),
                                                                   .name = S("Delivery"),
                                                                   .amount = { basket->freight } };
}

Status shop_order(Ctx *ctx, const Shop *shop, const Basket *basket, SalesOrder *ret)
{
    OrderSpec spec;
    shop_spec(ctx, shop, basket, &spec);
    return order_create_placed(ctx, &spec, ret);
}

Status shop_pay(Ctx *ctx, const Shop *shop, const SalesOrder *order, int64_t minor)
{
    Payment payment;
    PaymentSpec spec = { .party = order->customer,
                         .method = shop->bank,
                         .subject = { &sales_order_entity, order->record.id },
                         .currency = order->currency,
                         .amount = { minor } };
    return payment_receive(ctx, &spec, &payment);
}

Status shop_deliver(Ctx *ctx, Id order, Date on, IdList *ret)
{
    TRY(delivery_plan(ctx, order, on, ret));
    EACH (id, *ret) {
        Delivery delivery;
        TRY(delivery_load(ctx, *id, &delivery));
        TRY(delivery_pick_all(ctx, &delivery));
        TRY(delivery_ship(ctx, &delivery, on));
    }
    return OK;
}

Status shop_act(Ctx *ctx, Id id, const char *action, const void *input)
{
    SalesOrder order;
    TRY(sales_order_load(ctx, id, &order));
    return action_do(ctx, &sales_order_entity, &order, action, input);
}

// ---- Outside ------------------------------------------------------------------------------------

Status shop_try(Ctx *ctx, TxFn step, void *arg)
{
    Status status = tenant_transact(ctx, step, arg);
    for (int again = 0; status == E_BUSY && again < 20; again++) {
        ctx_recover(ctx);
        status = tenant_transact(ctx, step, arg);
    }
    return status;
}

void shop_jobs(Ctx *ctx)
{
    int ran;
    CHECK_OK(ctx, jobs_run_due(ctx, &ran));
}

static void found(const char *check, Str sentence, void *arg)
{
    (void)arg;
    test_fail(__FILE__, __LINE__, "verify: %s: " STR_FMT, check, STR_ARG(sentence));
}

void shop_verify(Ctx *ctx)
{
    VerifyRun run = { .report = found };
    CHECK_OK(ctx, verify_run(ctx, &run));
    CHECK_INT(run.findings, 0);
}
