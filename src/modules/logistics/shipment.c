// shipment.c - a delivery in a carrier's hands: booked, on its way, there or back. Each step is an
// event of its own, kept as it was told; reaching the customer is told to the delivery, and so to
// the order.
#include "modules/logistics/shipment.h"

#include "modules/logistics/rates.h"
#include "modules/oms/oms.h"
#include "modules/payments/payments.h"

#include "kernel/entity/access.h"
#include "kernel/i18n.h"
#include "kernel/pdf.h"
#include "kernel/tenant.h"

// ---- Zones --------------------------------------------------------------------------------------

Status zone_before_save(Ctx *ctx, void *record, const void *before)
{
    RateZone *zone = record;
    (void)before;
    EACH (area, zone->areas) {
        area->country = str_upper_ascii(ctx->arena, area->country);
        area->postcode_starts = postcode_key(ctx->arena, area->postcode_starts);
    }
    return OK;
}

// ---- Booking ------------------------------------------------------------------------------------

static Status expect_on(Ctx *ctx, Shipment *shipment, const Delivery *delivery)
{
    RateOfferList offers;
    TRY(rate_offers(ctx, delivery->ship_to.country, delivery->ship_to.postcode, shipment->weight_g,
                    (Money){ 0 }, shipment->currency, ctx->now, &offers));
    EACH (offer, offers) {
        if (offer->service != shipment->service)
            continue;
        shipment->expected_on = offer->until;
        if (shipment->cost.minor == 0)
            shipment->cost = offer->price;
    }
    return OK;
}

Status shipment_before_save(Ctx *ctx, void *record, const void *before)
{
    Shipment *shipment = record;
    Delivery delivery;
    if (before || !shipment->delivery)
        return OK;
    TRY(delivery_load(ctx, shipment->delivery, &delivery));
    if (delivery.state == GOODS_STATE_CANCELLED || delivery.state == GOODS_STATE_DELIVERED)
        return FAIL(ctx, E_CONFLICT, "logistics.delivery_over", "delivery " STR_FMT " is %s",
                    STR_ARG(delivery.number), goods_state_enum.values[delivery.state].label);
    shipment->customer = delivery.customer;
    if (shipment->weight_g == 0)
        shipment->weight_g = delivery.weight_g;
    TRY(payments_to_collect(ctx, (Link){ &sales_order_entity, delivery.sales_order },
                            &shipment->cod));
    return shipment->expected_on ? OK : expect_on(ctx, shipment, &delivery);
}

// Whoever looks at the delivery sees who has it and under which number.
Status shipment_after_save(Ctx *ctx, const void *record, const void *before)
{
    const Shipment *shipment = record, *was = before;
    Delivery delivery;
    CarrierService service;
    Carrier carrier;
    if (was && str_eq(was->tracking, shipment->tracking) && was->service == shipment->service)
        return OK;
    TRY(delivery_load(ctx, shipment->delivery, &delivery));
    TRY(carrier_service_load(ctx, shipment->service, &service));
    TRY(carrier_load(ctx, service.record.parent, &carrier));
    delivery.tracking = shipment->tracking;
    delivery.carrier_name = carrier.name;
    return delivery_save(ctx, &delivery);
}

// ---- On its way ---------------------------------------------------------------------------------

static Status add_event(Ctx *ctx, const Shipment *shipment, TrackKind kind, Str location, Str words)
{
    TrackEvent event = { .record = { .id = id_next(ctx->now), .parent = shipment->record.id },
                         .kind = kind,
                         .happened_at = ctx->now,
                         .location = location,
                         .words = words };
    event.external = str_join(ctx->arena, S("own:"), id_text(ctx->arena, event.record.id));
    return track_event_append(ctx, &event);
}

Status shipment_collect_run(Ctx *ctx, void *record, const void *input)
{
    (void)input;
    return add_event(ctx, record, TRACK_KIND_COLLECTED, S(""), S(""));
}

Status shipment_depart_run(Ctx *ctx, void *record, const void *input)
{
    (void)input;
    return add_event(ctx, record, TRACK_KIND_IN_TRANSIT, S(""), S(""));
}

Status shipment_return_run(Ctx *ctx, void *record, const void *input)
{
    (void)input;
    return add_event(ctx, record, TRACK_KIND_RETURNED, S(""), S(""));
}

Status shipment_deliver_run(Ctx *ctx, void *record, const void *input)
{
    Shipment *shipment = record;
    Delivery delivery;
    (void)input;
    shipment->delivered_on = tenant_today(ctx);
    TRY(add_event(ctx, shipment, TRACK_KIND_DELIVERED, S(""), S("")));
    TRY(delivery_load(ctx, shipment->delivery, &delivery));
    return delivery.state == GOODS_STATE_DELIVERED
             ? OK
             : delivery_delivered(ctx, shipment->delivery, shipment->delivered_on);
}

// What only tells where it is; the ways that move a shipment are actions of their own.
Status shipment_track_run(Ctx *ctx, void *record, const void *input)
{
    const TrackInput *told = input;
    bool is_step = told->kind == TRACK_KIND_COLLECTED || told->kind == TRACK_KIND_DELIVERED ||
                   told->kind == TRACK_KIND_RETURNED;
    if (is_step)
        return FAIL(ctx, E_INVALID, "logistics.step", "'%s' is a step of its own: use its button",
                    track_kind_enum.values[told->kind].label);
    return add_event(ctx, record, told->kind, told->location, told->words);
}

// ---- Checking -----------------------------------------------------------------------------------

Status shipment_check(Ctx *ctx, VerifyRun *run)
{
    Str number;
    Rows *rows = db_query(ctx, SQL("SELECT s.number FROM shipment s"
                                   " WHERE (s.state = 'delivered') <> (s.delivered_on IS NOT NULL)"
                                   " OR (s.state = 'delivered' AND NOT EXISTS"
                                   " (SELECT 1 FROM track_event e"
                                   " WHERE e.shipment_id = s.id AND e.kind = 'delivered'))"
                                   " ORDER BY s.id LIMIT 1000"));
    while (rows_next(rows, &number))
        verify_found(ctx, run, "logistics.shipments",
                     "shipment " STR_FMT ": its state and its events differ", STR_ARG(number));
    return rows_end(rows);
}

// ---- The label ----------------------------------------------------------------------------------

static void put_address(Ctx *ctx, Pdf *pdf, const Postal *to)
{
    Str lines[] = { tr(ctx, "Ship to"), to->recipient, to->street, to->street2,
                    to->postcode,       to->city,      to->region, to->country };
    pdf_address(pdf, lines, COUNT(lines));
}

Status shipment_label(Ctx *ctx, const void *record, Str *ret_pdf)
{
    const Shipment *shipment = record;
    Delivery delivery;
    TRY(delivery_load(ctx, shipment->delivery, &delivery));
    Str language = ctx->locale ? ctx->locale->tag : ctx->tenant->language;
    Pdf *pdf = pdf_new(ctx, PDF_LABEL_100X150, shipment->number, language);
    pdf_text(pdf, PDF_LARGE, PDF_START, ctx->tenant->name);
    pdf_rule(pdf);
    put_address(ctx, pdf, &delivery.ship_to);
    pdf_space(pdf, 6);
    pdf_text(pdf, PDF_DIM, PDF_START, delivery.carrier_name);
    pdf_code128(pdf, shipment->tracking.len ? shipment->tracking : shipment->number, 22);
    pdf_space(pdf, 4);
    pdf_qr(pdf, delivery.number, 22);
    return pdf_finish(pdf, ret_pdf);
}
