// returns.c - goods that come back: asked for, received into inspection, decided on one by one, and
// settled with a credit note.
//
// What comes back reverses the very moves it left by, oldest first, so it comes back at its own
// cost. It stands in inspection until somebody has looked at it; only then can it be promised
// again. What is credited is taken from the invoices it was billed on, in the order they were made;
// what was paid goes back to where it came from, and the rest lowers what the customer owes.
#include "modules/oms/order.h"

#include "modules/billing/billing.h"
#include "modules/inventory/inventory.h"
#include "modules/party/party.h"
#include "modules/payments/payments.h"

#include "kernel/entity/access.h"
#include "kernel/tenant.h"

static Link rma_link(const Rma *rma)
{
    return (Link){ &rma_entity, rma->record.id };
}

// ---- Asking -------------------------------------------------------------------------------------

// What other returns of the same line are about: still coming, or settled without coming back.
static Status asked_elsewhere(Ctx *ctx, const Rma *rma, Id order_line, Qty *ret)
{
    return db_one(
        ctx,
        SQL("SELECT CAST(coalesce(sum(l.quantity), 0) AS BIGINT)"
            " FROM rma_line l JOIN rma r ON r.id = l.rma_id"
            " WHERE l.order_line_id = $1 AND r.id <> $2 AND (r.state IN ('requested', 'approved')"
            " OR (r.state <> 'rejected' AND l.disposition = 'keep'))",
            order_line, rma->record.id),
        ret);
}

static Status check_quantity(Ctx *ctx, const Rma *rma, const RmaLine *line, const SalesLine *sold,
                             size_t at)
{
    Qty elsewhere;
    TRY(asked_elsewhere(ctx, rma, sold->record.id, &elsewhere));
    int64_t left = sold->shipped.micro - sold->returned.micro - elsewhere.micro;
    if (line->quantity.micro > left)
        ctx_problem(ctx, str_format(ctx->arena, "lines[%zu].quantity", at), "oms.return_too_much",
                    "of " STR_FMT " only " STR_FMT " can come back", STR_ARG(sold->sku),
                    STR_ARG(decimal_short(ctx->arena, left > 0 ? left : 0, 6)));
    return OK;
}

// Per base unit, less the discount: for people to see; what is credited follows the invoice.
static Status unit_price(Ctx *ctx, const SalesLine *sold, Price *ret)
{
    Wide exact = (Wide)sold->price.micro * (MICRO - sold->discount.micro);
    return price_from_wide(ctx, exact * sold->denominator, (Wide)sold->numerator * MICRO,
                           ROUND_HALF_UP, ret);
}

static Status fill_line(Ctx *ctx, const Rma *rma, SalesOrder *order, RmaLine *line, size_t at)
{
    EACH (sold, order->lines) {
        if (sold->record.id != line->order_line)
            continue;
        line->variant = sold->variant;
        if (line->price.micro == 0)
            TRY(unit_price(ctx, sold, &line->price));
        return check_quantity(ctx, rma, line, sold, at);
    }
    ctx_problem(ctx, str_format(ctx->arena, "lines[%zu].order_line", at), "oms.not_of_order",
                "this line is not of order " STR_FMT, STR_ARG(order->number));
    return OK;
}

static Status fill_from_order(Ctx *ctx, Rma *rma)
{
    SalesOrder order;
    TRY(sales_order_load(ctx, rma->sales_order, &order));
    rma->customer = order.customer;
    rma->channel = order.channel;
    rma->currency = order.currency;
    for (size_t i = 0; i < rma->lines.len; i++)
        if (rma->lines.items[i].order_line)
            TRY(fill_line(ctx, rma, &order, &rma->lines.items[i], i));
    return ctx_problems(ctx);
}

Status rma_before_save(Ctx *ctx, void *record, const void *before)
{
    Rma *rma = record;
    (void)before;
    if (rma->state != RMA_STATE_REQUESTED)
        return OK;
    if (rma->warehouse)
        TRY(place_warehouse(ctx, rma->warehouse, &rma->warehouse));
    return rma->sales_order ? fill_from_order(ctx, rma) : OK;
}

// The order looks at its returns as they are stored, so this one says its new state first.
static Status tell_order(Ctx *ctx, Rma *rma, RmaState state, SalesOrder *order)
{
    rma->state = state;
    TRY(rma_save(ctx, rma));
    if (!rma->sales_order)
        return OK;
    TRY(order_refresh(ctx, order));
    return sales_order_save(ctx, order);
}

static Status load_order(Ctx *ctx, const Rma *rma, SalesOrder *ret)
{
    *ret = (SalesOrder){ 0 };
    return rma->sales_order ? sales_order_load(ctx, rma->sales_order, ret) : OK;
}

Status rma_after_save(Ctx *ctx, const void *record, const void *before)
{
    const Rma *rma = record;
    SalesOrder order;
    if (before || !rma->sales_order)
        return OK;
    TRY(sales_order_load(ctx, rma->sales_order, &order));
    TRY(order_refresh(ctx, &order));
    return sales_order_save(ctx, &order);
}

Status rma_reject_run(Ctx *ctx, void *record, const void *input)
{
    SalesOrder order;
    (void)input;
    TRY(load_order(ctx, record, &order));
    return tell_order(ctx, record, RMA_STATE_REJECTED, &order);
}

// ---- Receiving ----------------------------------------------------------------------------------

static Status back_spec(Ctx *ctx, const Rma *rma, const RmaLine *line, MoveSpec *ret)
{
    *ret = (MoveSpec){ .variant = line->variant,
                       .kind = MOVE_KIND_CUSTOMER_RETURN,
                       .to = rma->warehouse,
                       .to_status = STOCK_STATUS_QC,
                       .on = rma->received_on,
                       .source = rma_link(rma),
                       .line = { &rma_line_entity, line->record.id },
                       .channel = rma->channel };
    return place_virtual(ctx, PLACE_KIND_CUSTOMER, &ret->from);
}

static Status move_back(Ctx *ctx, const Rma *rma, const RmaLine *line, const StockMoved *left,
                        Qty quantity)
{
    MoveSpec spec;
    MoveDone done;
    TRY(back_spec(ctx, rma, line, &spec));
    spec.quantity = quantity;
    spec.lot = left->lot;
    spec.serial = left->serial;
    spec.reverses = left->move;
    return stock_move(ctx, &spec, &done);
}

static Status receive_alike(Ctx *ctx, const Rma *rma, const RmaLine *line, const SalesLine *sold,
                            const StockMovedList *issues)
{
    int64_t skip = sold->returned.micro, wanted = line->quantity.micro;
    EACH (left, *issues) {
        int64_t here = left->quantity.micro > skip ? left->quantity.micro - skip : 0;
        int64_t take = here < wanted ? here : wanted;
        skip = skip > left->quantity.micro ? skip - left->quantity.micro : 0;
        if (take > 0)
            TRY(move_back(ctx, rma, line, left, (Qty){ take }));
        wanted -= take;
    }
    return OK;
}

// The pieces of the line that are still with the customer, and their numbers.
static Status pieces_out(Ctx *ctx, const StockMovedList *issues, StockMovedList *ret,
                         NumberList *ret_numbers)
{
    *ret = (StockMovedList){ 0 };
    *ret_numbers = (NumberList){ 0 };
    EACH (left, *issues) {
        Serial serial;
        TRY(serial_load(ctx, left->serial, &serial));
        if (serial.state != SERIAL_STATE_SHIPPED)
            continue;
        *list_push(ctx->arena, ret) = *left;
        *list_push(ctx->arena, ret_numbers) = serial.number;
    }
    return OK;
}

static Status receive_number(Ctx *ctx, const Rma *rma, const RmaLine *line, Str number,
                             const StockMovedList *out, const NumberList *numbers)
{
    for (size_t i = 0; i < numbers->len; i++)
        if (str_eq(numbers->items[i], number))
            return move_back(ctx, rma, line, &out->items[i], (Qty){ MICRO });
    return FAIL(ctx, E_INVALID, "oms.serial_not_out",
                "number " STR_FMT " was not sold on this line, or is back already",
                STR_ARG(number));
}

// Which pieces came back is said, but where all of them do.
static Status receive_pieces(Ctx *ctx, const Rma *rma, const RmaLine *line,
                             const VariantFacts *facts, const StockMovedList *issues)
{
    StockMovedList out;
    NumberList numbers, said;
    TRY(pieces_out(ctx, issues, &out, &numbers));
    TRY(numbers_read(ctx, line->serials, "rma_line.serials", &said));
    if (said.len == 0 && line->quantity.micro == (int64_t)numbers.len * MICRO)
        said = numbers;
    TRY(numbers_check(ctx, facts, line->quantity, &said, "rma_line.serials"));
    EACH (number, said)
        TRY(receive_number(ctx, rma, line, *number, &out, &numbers));
    return OK;
}

static Status receive_sold(Ctx *ctx, const Rma *rma, const RmaLine *line, const VariantFacts *facts,
                           SalesLine *sold)
{
    StockMovedList issues;
    TRY(stock_moved(ctx, (Link){ &sales_line_entity, sold->record.id }, MOVE_KIND_ISSUE, &issues));
    TRY(facts->has_serials ? receive_pieces(ctx, rma, line, facts, &issues)
                           : receive_alike(ctx, rma, line, sold, &issues));
    sold->returned.micro += line->quantity.micro;
    return OK;
}

// Sold elsewhere, or before us.
static Status receive_unsold(Ctx *ctx, const Rma *rma, const RmaLine *line)
{
    Money value;
    MoveSpec spec;
    TRY(back_spec(ctx, rma, line, &spec));
    spec.quantity = line->quantity;
    return stock_move_line(ctx, &spec, line->serials, "rma_line.serials", &value);
}

static Status receive_line(Ctx *ctx, Rma *rma, RmaLine *line, SalesOrder *order)
{
    VariantFacts facts;
    SalesLine *sold = line->order_line ? order_line_by_id(order, line->order_line) : NULL;
    if (line->disposition == DISPOSITION_KEEP)
        return OK;
    TRY(variant_facts(ctx, line->variant, &facts));
    line->received = line->quantity;
    if (sold)
        return receive_sold(ctx, rma, line, &facts, sold);
    return facts.is_stocked ? receive_unsold(ctx, rma, line) : OK;
}

Status rma_receive_run(Ctx *ctx, void *record, const void *input)
{
    Rma *rma = record;
    const ArriveInput *given = input;
    SalesOrder order;
    rma->received_on = given && given->on ? given->on : tenant_today(ctx);
    TRY(load_order(ctx, rma, &order));
    EACH (line, rma->lines)
        TRY(receive_line(ctx, rma, line, &order));
    return tell_order(ctx, rma, RMA_STATE_RECEIVED, &order);
}

// ---- Inspecting ---------------------------------------------------------------------------------

Status rma_inspect_check(Ctx *ctx, const void *record)
{
    const Rma *rma = record;
    EACH (line, rma->lines)
        if (line->disposition == DISPOSITION_UNDECIDED)
            return FAIL(ctx, E_CONFLICT, "oms.undecided", "say for each line what becomes of it");
    return OK;
}

// Out of inspection: back among what can be promised, kept apart for the supplier, or away.
static Status dispose(Ctx *ctx, const Rma *rma, const RmaLine *line, Id lot, Id serial,
                      Qty quantity)
{
    MoveDone done;
    MoveSpec spec = { .variant = line->variant,
                      .kind = MOVE_KIND_STATUS,
                      .from = rma->warehouse,
                      .to = rma->warehouse,
                      .quantity = quantity,
                      .lot = lot,
                      .serial = serial,
                      .from_status = STOCK_STATUS_QC,
                      .to_status = STOCK_STATUS_FREE,
                      .on = tenant_today(ctx),
                      .source = rma_link(rma),
                      .line = { &rma_line_entity, line->record.id },
                      .channel = rma->channel };
    if (spec.on < rma->received_on)
        spec.on = rma->received_on;
    if (line->disposition == DISPOSITION_SUPPLIER)
        spec.to_status = STOCK_STATUS_HOLD;
    if (line->disposition == DISPOSITION_SCRAP) {
        spec.kind = MOVE_KIND_SCRAP;
        TRY(place_virtual(ctx, PLACE_KIND_LOSS, &spec.to));
    }
    return stock_move(ctx, &spec, &done);
}

// By lot and serial number, as they came back.
static Status dispose_line(Ctx *ctx, const Rma *rma, const RmaLine *line)
{
    StockMovedList came;
    TRY(stock_moved(ctx, (Link){ &rma_line_entity, line->record.id }, MOVE_KIND_CUSTOMER_RETURN,
                    &came));
    EACH (c, came)
        TRY(dispose(ctx, rma, line, c->lot, c->serial, c->quantity));
    return OK;
}

Status rma_inspect_run(Ctx *ctx, void *record, const void *input)
{
    Rma *rma = record;
    (void)input;
    EACH (line, rma->lines) {
        if (line->received.micro == 0)
            continue;
        TRY(dispose_line(ctx, rma, line));
        if (line->disposition == DISPOSITION_RESTOCK)
            line->restocked = line->received;
    }
    return OK;
}

// ---- Settling -----------------------------------------------------------------------------------

static Qty line_credited(const RmaLine *line)
{
    return line->disposition == DISPOSITION_KEEP ? line->quantity : line->received;
}

static Status credited_before(Ctx *ctx, Id order_line, Qty *ret)
{
    return db_one(ctx,
                  SQL("SELECT CAST(coalesce(sum(CASE WHEN l.disposition = 'keep' THEN l.quantity"
                      " ELSE l.received END), 0) AS BIGINT)"
                      " FROM rma_line l JOIN rma r ON r.id = l.rma_id"
                      " WHERE l.order_line_id = $1 AND r.state = 'settled'",
                      order_line),
                  ret);
}

typedef struct Wish {  // what is still to be credited of one return line, base units
    RmaLine *line;
    const SalesLine *sold;
    int64_t skip, wanted;
} Wish;
typedef LIST(Wish) WishList;

static Status collect_wishes(Ctx *ctx, Rma *rma, SalesOrder *order, WishList *ret)
{
    *ret = (WishList){ 0 };
    EACH (line, rma->lines) {
        Qty before;
        if (!line->order_line || line_credited(line).micro == 0)
            continue;
        TRY(credited_before(ctx, line->order_line, &before));
        *list_push(ctx->arena, ret) = (Wish){ .line = line,
                                              .sold = order_line_by_id(order, line->order_line),
                                              .skip = before.micro,
                                              .wanted = line_credited(line).micro };
    }
    return OK;
}

// How much of an invoice's line the wish takes, in the invoice's own unit.
static Status take_of(Ctx *ctx, Wish *wish, const InvoiceLine *line, Qty *ret)
{
    Qty base;
    *ret = (Qty){ 0 };
    if (line->source.id != wish->sold->record.id)
        return OK;
    TRY(qty_convert(ctx, line->quantity, wish->sold->numerator, wish->sold->denominator, &base));
    int64_t here = base.micro > wish->skip ? base.micro - wish->skip : 0;
    int64_t take = here < wish->wanted ? here : wish->wanted;
    wish->skip = wish->skip > base.micro ? wish->skip - base.micro : 0;
    wish->wanted -= take;
    if (take == base.micro) {
        *ret = line->quantity;
        return OK;
    }
    return qty_convert(ctx, (Qty){ take }, wish->sold->denominator, wish->sold->numerator, ret);
}

static Status take_from_invoice(Ctx *ctx, const Invoice *invoice, WishList *wishes, Qty *quantities,
                                bool *ret_any)
{
    *ret_any = false;
    for (size_t i = 0; i < invoice->lines.len; i++)
        EACH (wish, *wishes) {
            Qty taken;
            TRY(take_of(ctx, wish, &invoice->lines.items[i], &taken));
            quantities[i].micro += taken.micro;
            *ret_any |= taken.micro > 0;
        }
    return OK;
}

static void note_amounts(Rma *rma, const Invoice *credit)
{
    EACH (credited, credit->lines)
        EACH (line, rma->lines)
            if (credited->source.id == line->order_line && line->order_line) {
                line->net.minor += credited->net.minor;
                line->tax.minor += credited->tax.minor;
                break;
            }
    rma->refund_due.minor += credit->totals.total.minor;
    rma->credit_note = credit->record.id;
}

// Posting the credit note has lowered what is owed on the invoice; what is left of it was paid, and
// goes back to where it came from.
static Status pay_back(Ctx *ctx, const Rma *rma, const Invoice *credit)
{
    Money back, left = { credit->totals.total.minor - credit->settled.minor };
    if (left.minor <= 0)
        return OK;
    return payments_give_back(ctx, (Link){ &sales_order_entity, rma->sales_order }, left,
                              S("goods came back"), (Link){ &invoice_entity, credit->record.id },
                              &back);
}

static Status credit_invoice(Ctx *ctx, Rma *rma, Id id, WishList *wishes, Date on)
{
    Invoice invoice, credit;
    bool any;
    TRY(invoice_load(ctx, id, &invoice));
    Qty *quantities = NEW_ARRAY(ctx->arena, Qty, invoice.lines.len + 1);
    TRY(take_from_invoice(ctx, &invoice, wishes, quantities, &any));
    if (!any)
        return OK;
    Str reason = str_format(ctx->arena, "Return " STR_FMT, STR_ARG(rma->number));
    TRY(invoice_credit(ctx, &invoice, quantities, false, reason, on, rma_link(rma), &credit));
    note_amounts(rma, &credit);
    return pay_back(ctx, rma, &credit);
}

static Status credit_sold(Ctx *ctx, Rma *rma, SalesOrder *order, Date on)
{
    WishList wishes;
    Id id;
    IdList invoices = { 0 };
    TRY(collect_wishes(ctx, rma, order, &wishes));
    Rows *rows = db_query(ctx, SQL("SELECT DISTINCT invoice_id FROM delivery"
                                   " WHERE sales_order_id = $1 AND invoice_id IS NOT NULL"
                                   " ORDER BY invoice_id",
                                   order->record.id));
    while (rows_next(rows, &id))
        *list_push(ctx->arena, &invoices) = id;
    TRY(rows_end(rows));
    EACH (at, invoices)
        TRY(credit_invoice(ctx, rma, *at, &wishes, on));
    EACH (wish, wishes)
        if (wish->wanted > 0)
            return FAIL(ctx, E_CONFLICT, "oms.return_not_invoiced",
                        STR_FMT " was not invoiced yet: invoice the order first",
                        STR_ARG(wish->sold->sku));
    return OK;
}

// Goods that nobody knows the sale of are credited at the price written on the return.
static Status credit_unsold(Ctx *ctx, Rma *rma, Date on)
{
    Channel channel = { 0 };
    Invoice credit;
    InvoiceSpec spec = { .kind = INVOICE_KIND_CREDIT_NOTE,
                         .customer = rma->customer,
                         .on = on,
                         .supply_on = on,
                         .currency = rma->currency,
                         .source = rma_link(rma),
                         .channel = rma->channel,
                         .place = rma->warehouse,
                         .reason =
                             str_format(ctx->arena, "Return " STR_FMT, STR_ARG(rma->number)) };
    if (rma->channel)
        TRY(channel_load(ctx, rma->channel, &channel));
    spec.is_tax_included = channel.is_tax_included;
    EACH (line, rma->lines) {
        VariantFacts facts;
        if (line->order_line || line_credited(line).micro == 0)
            continue;
        TRY(variant_facts(ctx, line->variant, &facts));
        *list_push(ctx->arena, &spec.lines) =
            (InvoiceLineSpec){ .variant = line->variant,
                               .name = facts.name,
                               .unit_code = facts.unit_code,
                               .hsn = facts.hsn,
                               .quantity = line_credited(line),
                               .price = line->price,
                               .tax_class = facts.tax_class,
                               .source = { &rma_line_entity, line->record.id } };
    }
    if (spec.lines.len == 0)
        return OK;
    TRY(invoice_create(ctx, &spec, &credit));
    TRY(action_do(ctx, &invoice_entity, &credit, "post", NULL));
    rma->refund_due.minor += credit.totals.total.minor;
    rma->credit_note = credit.record.id;
    return OK;
}

Status rma_settle_run(Ctx *ctx, void *record, const void *input)
{
    Rma *rma = record;
    const ArriveInput *given = input;
    Date on = given && given->on ? given->on : tenant_today(ctx);
    SalesOrder order;
    TRY(load_order(ctx, rma, &order));
    if (rma->sales_order)
        TRY(credit_sold(ctx, rma, &order, on));
    TRY(credit_unsold(ctx, rma, on));
    if (rma->sales_order)
        TRY(order_take_payments(ctx, &order));
    return tell_order(ctx, rma, RMA_STATE_SETTLED, &order);
}
