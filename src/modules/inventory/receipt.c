// receipt.c - goods that come from a supplier. Posting puts each line where it says at its price;
// what is not billed yet stands in the books until the supplier's invoice comes. A posted receipt
// is not changed: saying afterwards that another quantity came makes a correcting move on the day
// it is said.
#include "modules/inventory/document.h"

// ---- Figures ------------------------------------------------------------------------------------

static Status line_amount(Ctx *ctx, const GoodsReceipt *receipt, ReceiptLine *line)
{
    return cost_value(ctx, line->quantity, line->price, currency_minor(receipt->currency),
                      &line->amount);
}

Status receipt_check(Ctx *ctx, void *record, const void *before)
{
    GoodsReceipt *receipt = record;
    Money total = { 0 };
    (void)before;
    EACH (line, receipt->lines) {
        TRY(line_amount(ctx, receipt, line));
        TRY(money_add(ctx, total, line->amount, &total));
    }
    receipt->total = total;
    return OK;
}

Status stock_fx(Ctx *ctx, CurrencyCode currency, Date on, Fx *fx)
{
    if (fx->nano || currency_eq(currency, ctx->tenant->base))
        return OK;
    return ledger_fx(ctx, currency, on, fx);
}

// ---- Posting ------------------------------------------------------------------------------------

typedef struct ReceiptPosting {
    GoodsReceipt *receipt;
    Id supplier;  // the place
} ReceiptPosting;

static Status line_value(Ctx *ctx, const GoodsReceipt *receipt, const ReceiptLine *line,
                         MaybeMoney *ret)
{
    ret->known = line->price.micro != 0;  // no price: at the last known cost
    return money_convert(ctx, line->amount, receipt->currency, ctx->tenant->base, receipt->fx,
                         &ret->value);
}

static MoveSpec line_move(const ReceiptPosting *posting, const ReceiptLine *line)
{
    const GoodsReceipt *receipt = posting->receipt;
    return (MoveSpec){ .variant = line->variant,
                       .kind = MOVE_KIND_RECEIPT,
                       .from = posting->supplier,
                       .to = line->place ? line->place : receipt->warehouse,
                       .quantity = line->quantity,
                       .lot = line->lot,
                       .from_status = STOCK_STATUS_FREE,
                       .to_status = line->status,
                       .on = receipt->received_on,
                       .source = { &goods_receipt_entity, receipt->record.id },
                       .line = { &receipt_line_entity, line->record.id } };
}

static Status post_line(Ctx *ctx, const ReceiptPosting *posting, const ReceiptLine *line)
{
    Money value;
    MoveSpec spec = line_move(posting, line);
    TRY(line_value(ctx, posting->receipt, line, &spec.value));
    return stock_move_line(ctx, &spec, line->serials, "receipt_line.serials", &value);
}

Status receipt_may_post(Ctx *ctx, const void *record)
{
    const GoodsReceipt *receipt = record;
    if (receipt->lines.len == 0)
        return FAIL(ctx, E_CONFLICT, "goods_receipt.no_lines", "the receipt has no lines");
    return OK;
}

static Status check_put(Ctx *ctx, const GoodsReceipt *receipt, const ReceiptLine *line)
{
    Id warehouse;
    if (!line->place)
        return OK;
    TRY(place_warehouse(ctx, line->place, &warehouse));
    if (warehouse != receipt->warehouse)
        return FAIL(ctx, E_INVALID, "receipt_line.place",
                    "goods are put to a place in the warehouse");
    return OK;
}

Status receipt_post(Ctx *ctx, void *record, const void *input)
{
    GoodsReceipt *receipt = record;
    ReceiptPosting posting = { .receipt = receipt };
    (void)input;
    TRY(receipt_check(ctx, receipt, NULL));
    TRY(stock_fx(ctx, receipt->currency, receipt->received_on, &receipt->fx));
    TRY(place_virtual(ctx, PLACE_KIND_SUPPLIER, &posting.supplier));
    EACH (line, receipt->lines) {
        TRY(check_put(ctx, receipt, line));
        TRY(post_line(ctx, &posting, line));
    }
    return OK;
}

// ---- Corrections --------------------------------------------------------------------------------

Status line_moves(Ctx *ctx, Id line, MoveKind kind, StockMoveListOf *ret)
{
    Id id;
    IdList ids = { 0 };
    Rows *rows = db_query(ctx, SQL("SELECT id FROM stock_move WHERE line_id = $1 AND kind = $2"
                                   " AND reverses_id IS NULL ORDER BY id",
                                   line, move_kind_enum.values[kind].name));
    while (rows_next(rows, &id))
        *list_push(ctx->arena, &ids) = id;
    TRY(rows_end(rows));
    EACH (each, ids)
        TRY(stock_move_load(ctx, *each, list_push(ctx->arena, ret)));
    return OK;
}

typedef struct Correcting {
    ReceiptPosting posting;
    const ReceiptLine *line;
    VariantFacts variant;
    const ReceiptCorrection *said;
    NumberList numbers;  // of the difference: what did not come, or came besides
    Date on;
} Correcting;

static const char numbers_field[] = "receipt_correction.serials";

static const ReceiptLine *line_with_id(const GoodsReceipt *receipt, Id id)
{
    EACH (line, receipt->lines)
        if (line->record.id == id)
            return line;
    return NULL;
}

static Status correct_quantity(Ctx *ctx, const Correcting *c)
{
    MoveDone done;
    StockMoveListOf moves = { 0 };
    TRY(numbers_check(ctx, &c->variant, c->said->quantity, &c->numbers, numbers_field));
    TRY(line_moves(ctx, c->said->line, MOVE_KIND_RECEIPT, &moves));
    if (moves.len != 1)
        return FAIL(ctx, E_CONFLICT, "receipt_correction.line",
                    "these goods had serial numbers when they came: adjust the stock instead");
    return stock_correct(ctx, moves.items[0].record.id, c->said->quantity, c->on,
                         (Link){ &goods_receipt_entity, c->posting.receipt->record.id }, &done);
}

// What the line stands for by now, with what was corrected before.
static Status line_stands(Ctx *ctx, Id line, Qty *ret)
{
    return db_one(ctx,
                  SQL("SELECT CAST(COALESCE(sum(CASE WHEN reverses_id IS NULL THEN quantity"
                      " ELSE -quantity END), 0) AS BIGINT)"
                      " FROM stock_move WHERE line_id = $1 AND kind = 'receipt'",
                      line),
                  ret);
}

// The move that brought a piece, unless it was taken back.
static Status move_of_number(Ctx *ctx, const Correcting *c, Str number, Id *ret)
{
    Serial serial;
    bool found;
    TRY(serial_named(ctx, c->variant.id, number, &serial));
    TRY(db_maybe(ctx,
                 SQL("SELECT m.id FROM stock_move m WHERE m.line_id = $1 AND m.kind = 'receipt'"
                     " AND m.serial_id = $2 AND m.reverses_id IS NULL AND NOT EXISTS (SELECT 1"
                     " FROM stock_move b WHERE b.reverses_id = m.id AND b.kind = 'receipt')",
                     c->line->record.id, serial.record.id),
                 &found, ret));
    if (!found)
        return FAIL(ctx, E_CONFLICT, numbers_field,
                    "number " STR_FMT " did not come with this line", STR_ARG(number));
    return OK;
}

static Status take_back(Ctx *ctx, const Correcting *c)
{
    Link receipt = { &goods_receipt_entity, c->posting.receipt->record.id };
    EACH (number, c->numbers) {
        Id move;
        MoveDone done;
        TRY(move_of_number(ctx, c, *number, &move));
        TRY(stock_correct(ctx, move, (Qty){ 0 }, c->on, receipt, &done));
    }
    return OK;
}

// Pieces that came besides cost what the line's others did.
static Status bring_more(Ctx *ctx, const Correcting *c, Qty more)
{
    Money value;
    MoveSpec spec = line_move(&c->posting, c->line);
    TRY(line_value(ctx, c->posting.receipt, c->line, &spec.value));
    TRY(cost_share(ctx, spec.value.value, more, c->line->quantity, &spec.value.value));
    spec.quantity = more;
    spec.on = c->on;
    return stock_move_pieces(ctx, &spec, &c->numbers, &value);
}

static Status correct_pieces(Ctx *ctx, const Correcting *c)
{
    Qty stands;
    TRY(line_stands(ctx, c->said->line, &stands));
    int64_t more = c->said->quantity.micro - stands.micro;
    Qty difference = { more < 0 ? -more : more };
    TRY(numbers_check(ctx, &c->variant, difference, &c->numbers, numbers_field));
    return more > 0 ? bring_more(ctx, c, difference) : take_back(ctx, c);
}

Status receipt_correct(Ctx *ctx, void *record, const void *input)
{
    GoodsReceipt *receipt = record;
    const ReceiptCorrection *said = input;
    Correcting c = { .posting = { .receipt = receipt },
                     .line = line_with_id(receipt, said->line),
                     .said = said,
                     .on = tenant_today(ctx) };
    if (!c.line)
        return FAIL(ctx, E_INVALID, "receipt_correction.line", "this line is of another receipt");
    TRY(numbers_read(ctx, said->serials, numbers_field, &c.numbers));
    TRY(variant_facts(ctx, c.line->variant, &c.variant));
    TRY(place_virtual(ctx, PLACE_KIND_SUPPLIER, &c.posting.supplier));
    return c.variant.has_serials ? correct_pieces(ctx, &c) : correct_quantity(ctx, &c);
}
