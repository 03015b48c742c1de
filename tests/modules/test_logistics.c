// test_logistics.c - who carries a parcel where for how much, and a shipment from booking to the
// door.
#include "kernel/entity/access.h"
#include "modules/books.h"
#include "modules/logistics/logistics.h"
#include "modules/shop.h"

typedef struct Post {
    Shop shop;
    Id carrier, standard, express;  // services
    SalesOrder order;
    IdList deliveries;
    Shipment shipment;
    const char *country, *postcode;
    int64_t grams, total;
    Time at;
    RateOfferList offers;
} Post;

// ---- Rates --------------------------------------------------------------------------------------

static Status make_zone(Ctx *ctx, const char *name, const char *starts, Id *ret)
{
    RateZone *zone = rate_zone_new(ctx);
    zone->name = str_from(name);
    ZoneArea *area = list_push(ctx->arena, &zone->areas);
    area->country = S("gb");
    area->postcode_starts = str_from(starts);
    TRY(rate_zone_save(ctx, zone));
    *ret = zone->record.id;
    return OK;
}

static Status make_card(Ctx *ctx, Id service, Id zone, int64_t price, int64_t days)
{
    RateCard *card = rate_card_new(ctx);
    card->service = service;
    card->zone = zone;
    card->currency = ctx->tenant->base;
    card->days_min = days;
    card->days_max = days + 1;
    card->free_from = (MaybeMoney){ true, { 10000 } };
    RateBand *band = list_push(ctx->arena, &card->bands);
    band->to_g = 2000;
    band->price.minor = price;
    band->per_kg.minor = 100;
    return rate_card_save(ctx, card);
}

static Status make_carrier(Ctx *ctx, Post *post)
{
    Carrier *carrier = carrier_new(ctx);
    carrier->carrier_code = S("post");
    carrier->name = S("Royal Post");
    CarrierService *standard = list_push(ctx->arena, &carrier->services);
    *standard = (CarrierService){
        .service_code = S("std"), .name = S("Standard"), .handling_days = 1, .is_active = true
    };
    CarrierService *express = list_push(ctx->arena, &carrier->services);
    *express = (CarrierService){ .service_code = S("exp"),
                                 .name = S("Express"),
                                 .max_weight_g = 5000,
                                 .cutoff = 14 * 60 + 1,
                                 .is_active = true };
    TRY(carrier_save(ctx, carrier));
    post->carrier = carrier->record.id;
    post->standard = carrier->services.items[0].record.id;
    post->express = carrier->services.items[1].record.id;
    return OK;
}

static Status step_furnish(Ctx *ctx, void *arg)
{
    Post *post = arg;
    Id britain, islands;
    TRY(make_carrier(ctx, post));
    TRY(make_zone(ctx, "Britain", "", &britain));
    TRY(make_zone(ctx, "Northern Ireland", "bt", &islands));
    TRY(make_card(ctx, post->standard, britain, 400, 2));
    TRY(make_card(ctx, post->standard, islands, 900, 4));
    return make_card(ctx, post->express, britain, 1200, 1);
}

static Status step_offers(Ctx *ctx, void *arg)
{
    Post *post = arg;
    return rate_offers(ctx, str_from(post->country), str_from(post->postcode), post->grams,
                       (Money){ post->total }, ctx->tenant->base, post->at, &post->offers);
}

static void ask(Ctx *ctx, Post *post, const char *country, const char *postcode, int64_t grams,
                int64_t total)
{
    post->country = country;
    post->postcode = postcode;
    post->grams = grams;
    post->total = total;
    post->at = post->at ? post->at : ctx->now;
    CHECK_OK(ctx, tenant_read(ctx, step_offers, post));
}

static void test_offers_by_zone_weight_and_day(void)
{
    Ctx *ctx = test_ctx();  // Monday, 2 March 2026, 10:00 in London
    Post post = { 0 };
    shop_open(ctx, &post.shop, 10, 0);
    books_must(ctx, step_furnish, &post);
    ask(ctx, &post, "GB", "LS1 1AA", 1500, 5000);
    CHECK_INT(post.offers.len, 2);
    CHECK_STR(post.offers.items[0].name, "Standard");
    CHECK_INT(post.offers.items[0].price.minor, 400);
    CHECK_INT(post.offers.items[0].from, books_day("2026-03-05"));
    CHECK_INT(post.offers.items[0].until, books_day("2026-03-06"));
    CHECK_INT(post.offers.items[1].price.minor, 1200);
    CHECK_INT(post.offers.items[1].from, books_day("2026-03-03"));

    ask(ctx, &post, "GB", "bt1 5gs", 2001, 5000);  // the closer zone, a further kilogram
    CHECK_INT(post.offers.items[0].price.minor, 1000);
    ask(ctx, &post, "GB", "LS1 1AA", 6000, 5000);  // too heavy for express
    CHECK_INT(post.offers.len, 1);
    ask(ctx, &post, "GB", "LS1 1AA", 500, 10000);  // dear enough to be free
    CHECK_INT(post.offers.items[0].price.minor, 0);
    ask(ctx, &post, "FR", "75001", 500, 5000);
    CHECK_INT(post.offers.len, 0);

    post.at = ctx->now + 5 * HOUR;  // after the cut-off
    ask(ctx, &post, "GB", "LS1 1AA", 500, 5000);
    CHECK_INT(post.offers.items[1].from, books_day("2026-03-04"));
    shop_close(&post.shop);
}

// ---- Shipments ----------------------------------------------------------------------------------

static Status step_ship(Ctx *ctx, void *arg)
{
    Post *post = arg;
    TRY(shop_order(ctx, &post->shop,
                   &(Basket){ .pieces = { 1 },
                              .channel = post->shop.wholesale,
                              .customer = post->shop.on_account },
                   &post->order));
    TRY(shop_deliver(ctx, post->order.record.id, tenant_today(ctx), &post->deliveries));
    Shipment *shipment = shipment_new(ctx);
    shipment->delivery = post->deliveries.items[0];
    shipment->service = post->standard;
    shipment->tracking = S("RP123456789GB");
    shipment->currency = ctx->tenant->base;
    TRY(shipment_save(ctx, shipment));
    post->shipment = *shipment;
    return OK;
}

static Status step_track(Ctx *ctx, void *arg)
{
    Post *post = arg;
    TrackInput out = { .kind = TRACK_KIND_OUT, .location = S("Leeds") };
    TRY(action_do(ctx, &shipment_entity, &post->shipment, "collect", NULL));
    TRY(action_do(ctx, &shipment_entity, &post->shipment, "track", &out));
    TRY(action_do(ctx, &shipment_entity, &post->shipment, "deliver", NULL));
    return sales_order_load(ctx, post->order.record.id, &post->order);
}

static Status step_look(Ctx *ctx, void *arg)
{
    Delivery delivery;
    TRY(delivery_load(ctx, ((Post *)arg)->deliveries.items[0], &delivery));
    CHECK_STR(delivery.tracking, "RP123456789GB");
    CHECK_STR(delivery.carrier_name, "Royal Post");
    CHECK_INT(delivery.state, GOODS_STATE_DELIVERED);
    return OK;
}

static Status step_step_by_tracking(Ctx *ctx, void *arg)
{
    Post *post = arg;
    TrackInput there = { .kind = TRACK_KIND_DELIVERED };
    Shipment shipment;
    TRY(shipment_load(ctx, post->shipment.record.id, &shipment));
    return action_do(ctx, &shipment_entity, &shipment, "track", &there);
}

static void test_from_booking_to_the_door(void)
{
    Ctx *ctx = test_ctx();
    Post post = { 0 };
    shop_open(ctx, &post.shop, 10, 0);
    books_must(ctx, step_furnish, &post);
    books_must(ctx, step_ship, &post);
    CHECK_INT(post.shipment.expected_on, books_day("2026-03-06"));
    CHECK_INT(post.shipment.cost.minor, 400);
    CHECK_FAILS(ctx, "logistics.step", tenant_transact(ctx, step_step_by_tracking, &post));
    books_must(ctx, step_track, &post);
    CHECK_INT(post.order.headline, HEADLINE_DELIVERED);
    CHECK_INT(fixture_number(ctx, ctx->tenant->db, "SELECT count(*) FROM track_event"), 3);
    CHECK_OK(ctx, tenant_read(ctx, step_look, &post));
    CHECK_FAILS(ctx, "state.not_allowed", tenant_transact(ctx, step_step_by_tracking, &post));
    shop_verify(ctx);
    shop_close(&post.shop);
}

const Test logistics_tests[] = {
    { "offers follow zone, weight, worth and day", test_offers_by_zone_weight_and_day },
    { "a shipment goes from booking to the door, and its order with it",
      test_from_booking_to_the_door },
    { 0 },
};
