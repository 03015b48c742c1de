// trade.c - goods that come in and goods that are sold: receipts, orders from placing to delivery,
// and what else an invoice of the file says.
#include "app/replay/replay.h"

#include "kernel/entity/access.h"
#include "modules/inventory/inventory.h"
#include "modules/ledger/ledger.h"
#include "modules/oms/oms.h"
#include "modules/payments/payments.h"

Qty whole(int64_t units)
{
    return (Qty){ units * MICRO };
}

static Str step_name(Ctx *ctx, const RetailInvoice *invoice, const char *step)
{
    return str_format(ctx->arena, STR_FMT "/%s", STR_ARG(invoice->number), step);
}

// ---- Supply -------------------------------------------------------------------------------------

static Status receive(Ctx *ctx, void *arg)
{
    const Piece *piece = arg;
    GoodsReceipt *receipt = goods_receipt_new(ctx);
    receipt->supplier = piece->replay->supplier;
    receipt->warehouse = piece->replay->warehouse;
    receipt->received_on = piece->supply->on;
    receipt->reference = str_format(
        ctx->arena, "%s-%d", date_text(ctx->arena, piece->supply->on).ptr, piece->supply->number);
    EACH (line, piece->supply->lines)
        *list_push(ctx->arena, &receipt->lines) = (ReceiptLine){ .variant = line->product->variant,
                                                                 .quantity = whole(line->quantity),
                                                                 .price = line->product->cost,
                                                                 .status = STOCK_STATUS_FREE };
    TRY(goods_receipt_save(ctx, receipt));
    return action_do(ctx, &goods_receipt_entity, receipt, "post", NULL);
}

Status replay_supply(Ctx *ctx, const Piece *piece)
{
    Str name =
        str_format(ctx->arena, "supply %d/%d", (int)piece->supply->on, piece->supply->number);
    ctx->now = zone_time(ctx->tenant->zone, piece->supply->on, 7 * 60);
    return once(ctx, name, receive, (void *)piece);
}

// ---- An order -----------------------------------------------------------------------------------

static bool is_sold(const RetailLine *line)
{
    return line->class == LINE_GOODS || line->class == LINE_SERVICE;
}

static Status write(Ctx *ctx, void *arg)
{
    const Piece *piece = arg;
    const RetailInvoice *invoice = piece->invoice;
    SalesOrder order;
    OrderSpec spec = { .channel = piece->replay->channel,
                       .customer = invoice->customer->party,
                       .on = invoice->on,
                       .currency = ctx->tenant->base,
                       .ship_to = { .country = invoice->country },
                       .bill_to = { .country = invoice->country },
                       .external = invoice->number,
                       .warehouse = piece->replay->warehouse };
    EACH (line, invoice->lines)
        if (is_sold(line))
            *list_push(ctx->arena, &spec.lines) =
                (OrderLineSpec){ .variant = line->product->variant,
                                 .quantity = whole(line->quantity),
                                 .price = { true, line->price } };
    return order_create(ctx, &spec, &order);
}

Status replay_order_find(Ctx *ctx, const Replay *replay, Str number, Id *ret)
{
    return db_one(ctx,
                  SQL("SELECT id FROM sales_order WHERE channel_id = $1 AND external = $2",
                      replay->channel, number),
                  ret);
}

static Status place(Ctx *ctx, void *arg)
{
    const Piece *piece = arg;
    SalesOrder order;
    Id id;
    TRY(replay_order_find(ctx, piece->replay, piece->invoice->number, &id));
    TRY(sales_order_load(ctx, id, &order));
    return order_place(ctx, &order);
}

static Status pay(Ctx *ctx, void *arg)
{
    const Piece *piece = arg;
    SalesOrder order;
    Payment payment;
    Id id;
    TRY(replay_order_find(ctx, piece->replay, piece->invoice->number, &id));
    TRY(sales_order_load(ctx, id, &order));
    if (order.totals.total.minor <= 0)
        return OK;
    PaymentSpec spec = { .party = order.customer,
                         .method = piece->replay->method,
                         .subject = { &sales_order_entity, id },
                         .currency = order.currency,
                         .amount = order.totals.total,
                         .on = piece->invoice->on,
                         .reference = piece->invoice->number };
    TRY(payment_receive(ctx, &spec, &payment));
    return order_paid(ctx, id);
}

static Status ship(Ctx *ctx, void *arg)
{
    const Piece *piece = arg;
    IdList deliveries;
    Id id;
    TRY(replay_order_find(ctx, piece->replay, piece->invoice->number, &id));
    TRY(delivery_plan(ctx, id, piece->invoice->on, &deliveries));
    EACH (at, deliveries) {
        Delivery delivery;
        TRY(delivery_load(ctx, *at, &delivery));
        TRY(delivery_ship(ctx, &delivery, piece->invoice->on));
    }
    return OK;
}

static Status bill(Ctx *ctx, void *arg)
{
    const Piece *piece = arg;
    Id id, invoice;
    TRY(replay_order_find(ctx, piece->replay, piece->invoice->number, &id));
    return order_invoice(ctx, id, piece->invoice->on, &invoice);
}

static Status arrive(Ctx *ctx, void *arg)
{
    const Piece *piece = arg;
    IdList deliveries = { 0 };
    Id order, id;
    TRY(replay_order_find(ctx, piece->replay, piece->invoice->number, &order));
    Rows *rows = db_query(ctx, SQL("SELECT id FROM delivery WHERE sales_order_id = $1 AND"
                                   " state = 'shipped' ORDER BY id",
                                   order));
    while (rows_next(rows, &id))
        *list_push(ctx->arena, &deliveries) = id;
    TRY(rows_end(rows));
    EACH (at, deliveries)
        TRY(delivery_delivered(ctx, *at, piece->invoice->on));
    return OK;
}

static Status run_order(Ctx *ctx, const Piece *piece)
{
    static const struct {
        const char *name;
        TxFn fn;
    } steps[] = { { "write", write }, { "place", place },  { "pay", pay },
                  { "ship", ship },   { "invoice", bill }, { "arrive", arrive } };
    size_t count = piece->invoice->steps ? (size_t)piece->invoice->steps : COUNT(steps);
    for (size_t i = 0; i < count; i++)
        TRY(once(ctx, step_name(ctx, piece->invoice, steps[i].name), steps[i].fn, (void *)piece));
    return OK;
}

// ---- Stock without revenue ----------------------------------------------------------------------

// What a named customer got for nothing left the house; what has no customer was found or is lost.
static int64_t stock_change(const RetailInvoice *invoice, const RetailLine *line)
{
    bool is_gift = invoice->customer->number.len > 0 && line->quantity > 0;
    return is_gift ? -line->quantity : line->quantity;
}

static bool has_stock_lines(const RetailInvoice *invoice)
{
    EACH (line, invoice->lines)
        if (line->class == LINE_STOCK && !line->product->is_service)
            return true;
    return false;
}

static Status adjust(Ctx *ctx, void *arg)
{
    const Piece *piece = arg;
    const RetailInvoice *invoice = piece->invoice;
    StockAdjustment *adjustment = stock_adjustment_new(ctx);
    int64_t sum = 0;
    adjustment->place = piece->replay->warehouse;
    adjustment->adjusted_on = invoice->on;
    adjustment->note = invoice->number;
    EACH (line, invoice->lines) {
        if (line->class != LINE_STOCK || line->product->is_service)
            continue;
        int64_t change = stock_change(invoice, line);
        sum += change;
        *list_push(ctx->arena, &adjustment->lines) =
            (AdjustmentLine){ .variant = line->product->variant,
                              .quantity = whole(change),
                              .price = { change > 0, line->product->cost },
                              .status = STOCK_STATUS_FREE };
    }
    adjustment->reason = sum > 0                       ? piece->replay->found
                       : invoice->customer->number.len ? piece->replay->sample
                                                       : piece->replay->write_off;
    TRY(stock_adjustment_save(ctx, adjustment));
    return action_do(ctx, &stock_adjustment_entity, adjustment, "post", NULL);
}

Status replay_stock_lines(Ctx *ctx, const Piece *piece)
{
    if (!has_stock_lines(piece->invoice))
        return OK;
    return once(ctx, step_name(ctx, piece->invoice, "stock"), adjust, (void *)piece);
}

// ---- Expenses -----------------------------------------------------------------------------------

// A fee stands in the file as a sale of a negative quantity.
static Money expense_of(const RetailLine *line)
{
    enum { MICRO_PER_PENNY = 10000 };
    return (Money){ -line->quantity * line->price.micro / MICRO_PER_PENNY };
}

static Status add_expense(Ctx *ctx, const RetailLine *line, Voucher *voucher)
{
    Money amount = expense_of(line);
    Id fees, bank;
    if (amount.minor == 0)
        return OK;
    TRY(ledger_account(ctx, PURPOSE_GATEWAY_FEES, 0, 0, ctx->tenant->base, S(""), &fees));
    TRY(ledger_account(ctx, PURPOSE_BANK, 0, 0, ctx->tenant->base, S(""), &bank));
    Money owed = { amount.minor > 0 ? amount.minor : 0 },
          back = { amount.minor < 0 ? -amount.minor : 0 };
    *list_push(ctx->arena, &voucher->lines) = (VoucherLine){
        .account = fees, .debit = owed, .credit = back, .wording = line->product->sku
    };
    *list_push(ctx->arena, &voucher->lines) = (VoucherLine){
        .account = bank, .debit = back, .credit = owed, .wording = line->product->sku
    };
    return OK;
}

static Status spend(Ctx *ctx, void *arg)
{
    const Piece *piece = arg;
    Voucher *voucher = voucher_new(ctx);
    voucher->entry_date = piece->invoice->on;
    voucher->wording = str_join(ctx->arena, S("Fees, "), piece->invoice->number);
    EACH (line, piece->invoice->lines)
        if (line->class == LINE_EXPENSE)
            TRY(add_expense(ctx, line, voucher));
    if (voucher->lines.len == 0)
        return OK;
    TRY(voucher_save(ctx, voucher));
    return action_do(ctx, &voucher_entity, voucher, "post", NULL);
}

Status replay_expenses(Ctx *ctx, const Piece *piece)
{
    EACH (line, piece->invoice->lines)
        if (line->class == LINE_EXPENSE)
            return once(ctx, step_name(ctx, piece->invoice, "fees"), spend, (void *)piece);
    return OK;
}

Status replay_sale(Ctx *ctx, const Piece *piece)
{
    ctx->now = piece->invoice->at;
    TRY(replay_stock_lines(ctx, piece));
    TRY(replay_expenses(ctx, piece));
    return piece->invoice->sold_lines ? run_order(ctx, piece) : OK;
}
