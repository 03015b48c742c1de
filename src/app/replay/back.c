// back.c - cancellations: what was sold comes back as a return of its order; what nobody can name
// the sale of is credited without reference, and its goods wait in inspection.
#include "app/replay/replay.h"

#include "kernel/entity/access.h"
#include "modules/billing/billing.h"
#include "modules/catalog/catalog.h"
#include "modules/inventory/inventory.h"
#include "modules/oms/oms.h"

typedef struct Back {
    const Piece *piece;
    const RetailInvoice *sold_on;
} Back;

// ---- Of a known order ---------------------------------------------------------------------------

static void add_lines(Ctx *ctx, const Back *back, const SalesOrder *order, Rma *rma)
{
    EACH (line, back->piece->invoice->lines)
        if (line->sold_on == back->sold_on && line->sold)
            *list_push(ctx->arena, &rma->lines) =
                (RmaLine){ .order_line = order->lines.items[line->sold->at].record.id,
                           .variant = line->product->variant,
                           .quantity = whole(-line->quantity),
                           .reason = back->piece->replay->unwanted,
                           .disposition = DISPOSITION_RESTOCK };
}

static Status take_back(Ctx *ctx, void *arg)
{
    const Back *back = arg;
    const RetailInvoice *invoice = back->piece->invoice;
    SalesOrder order;
    Id id;
    ArriveInput on = { .on = invoice->on };
    Rma *rma = rma_new(ctx);
    TRY(replay_order_find(ctx, back->piece->replay, back->sold_on->number, &id));
    TRY(sales_order_load(ctx, id, &order));
    rma->sales_order = id;
    rma->customer = order.customer;
    rma->warehouse = back->piece->replay->warehouse;
    rma->asked_on = invoice->on;
    rma->currency = order.currency;
    rma->note = invoice->number;
    add_lines(ctx, back, &order, rma);
    TRY(rma_save(ctx, rma));
    TRY(action_do(ctx, &rma_entity, rma, "receive", &on));
    TRY(action_do(ctx, &rma_entity, rma, "inspect", NULL));
    return action_do(ctx, &rma_entity, rma, "settle", &on);
}

static bool was_seen(const RetailInvoice *invoice, const RetailLine *line)
{
    for (const RetailLine *before = invoice->lines.items; before < line; before++)
        if (before->sold_on == line->sold_on)
            return true;
    return false;
}

static Status returns_of_orders(Ctx *ctx, const Piece *piece)
{
    EACH (line, piece->invoice->lines) {
        if (!line->sold_on || was_seen(piece->invoice, line))
            continue;
        Back back = { piece, line->sold_on };
        Str name = str_format(ctx->arena, STR_FMT "/" STR_FMT, STR_ARG(piece->invoice->number),
                              STR_ARG(line->sold_on->number));
        TRY(once(ctx, name, take_back, &back));
    }
    return OK;
}

// ---- Without reference --------------------------------------------------------------------------

static bool is_unknown(const RetailLine *line)
{
    return !line->sold && (line->class == LINE_GOODS || line->class == LINE_SERVICE);
}

static bool has_unknown(const RetailInvoice *invoice)
{
    EACH (line, invoice->lines)
        if (is_unknown(line))
            return true;
    return false;
}

static Status into_inspection(Ctx *ctx, const Piece *piece, const RetailLine *line, Id credit)
{
    MoveDone done;
    MoveSpec spec = { .variant = line->product->variant,
                      .kind = MOVE_KIND_CUSTOMER_RETURN,
                      .to = piece->replay->warehouse,
                      .quantity = whole(-line->quantity),
                      .to_status = STOCK_STATUS_QC,
                      .on = piece->invoice->on,
                      .source = { &invoice_entity, credit },
                      .unit_cost = { true, line->product->cost },
                      .channel = piece->replay->channel };
    TRY(place_virtual(ctx, PLACE_KIND_CUSTOMER, &spec.from));
    return stock_move(ctx, &spec, &done);
}

static Status credit(Ctx *ctx, void *arg)
{
    const Piece *piece = arg;
    const RetailInvoice *invoice = piece->invoice;
    Invoice made;
    InvoiceSpec spec = { .kind = INVOICE_KIND_CREDIT_NOTE,
                         .customer = invoice->customer->party,
                         .on = invoice->on,
                         .supply_on = invoice->on,
                         .currency = ctx->tenant->base,
                         .bill_to = { .country = invoice->country },
                         .ship_to = { .country = invoice->country },
                         .channel = piece->replay->channel,
                         .place = piece->replay->warehouse,
                         .reference = invoice->number,
                         .reason = S("Cancelled") };
    EACH (line, invoice->lines)
        if (is_unknown(line))
            *list_push(ctx->arena, &spec.lines) =
                (InvoiceLineSpec){ .variant = line->product->variant,
                                   .name = line->product->name.len ? line->product->name
                                                                   : line->product->sku,
                                   .quantity = whole(-line->quantity),
                                   .price = line->price };
    TRY(invoice_create(ctx, &spec, &made));
    TRY(action_do(ctx, &invoice_entity, &made, "post", NULL));
    EACH (line, invoice->lines)
        if (is_unknown(line) && line->class == LINE_GOODS)
            TRY(into_inspection(ctx, piece, line, made.record.id));
    return OK;
}

Status replay_return(Ctx *ctx, const Piece *piece)
{
    ctx->now = piece->invoice->at;
    TRY(replay_stock_lines(ctx, piece));
    TRY(replay_expenses(ctx, piece));
    TRY(returns_of_orders(ctx, piece));
    if (!has_unknown(piece->invoice))
        return OK;
    Str name = str_format(ctx->arena, STR_FMT "/credit", STR_ARG(piece->invoice->number));
    return once(ctx, name, credit, (void *)piece);
}
