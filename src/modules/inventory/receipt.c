// receipt.c - goods that come from a supplier. Posting puts each line where it says at its price;
// what is not billed yet stands in the books until the supplier's invoice comes. A posted receipt
// is not changed: saying afterwards that another quantity came makes a correcting move on the day
// it is said.
#include "modules/inventory/document.h"

#include "base/json.h"

enum { SERIALS_MAX = 2000 };

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

// ---- Serial numbers -----------------------------------------------------------------------------

typedef LIST(Str) NumberList;

static Status serial_numbers(Ctx *ctx, const ReceiptLine *line, NumberList *ret)
{
    const Json *json;
    if (str_trim(line->serials).len == 0)
        return OK;
    TRY(json_parse(ctx, line->serials, &json));
    if (json->type != JSON_ARRAY)
        return FAIL(ctx, E_INVALID, "receipt_line.serials", "serial numbers are a list of texts");
    JSON_EACH (item, json)
        *list_push(ctx->arena, ret) = str_trim(item->text);
    return OK;
}

static Status check_numbers(Ctx *ctx, const VariantFacts *variant, const ReceiptLine *line,
                            const NumberList *numbers)
{
    if (numbers->len > SERIALS_MAX)
        return FAIL(ctx, E_INVALID, "receipt_line.serials", "a line has at most %d serial numbers",
                    SERIALS_MAX);
    if ((Wide)numbers->len * MICRO != line->quantity.micro)
        return FAIL(ctx, E_INVALID, "receipt_line.serials",
                    STR_FMT " needs one serial number a piece: %zu for " STR_FMT,
                    STR_ARG(variant->sku), numbers->len,
                    STR_ARG(qty_words(ctx, line->quantity, variant)));
    return OK;
}

// A number that was here before comes again; a new one begins now.
static Status serial_of(Ctx *ctx, Id variant, Str number, Id *ret)
{
    bool found;
    TRY(db_maybe(
        ctx, SQL("SELECT id FROM serial WHERE variant_id = $1 AND number = $2", variant, number),
        &found, ret));
    if (found)
        return OK;
    Serial *serial = serial_new(ctx);
    serial->variant = variant;
    serial->number = number;
    TRY(serial_save(ctx, serial));
    *ret = serial->record.id;
    return OK;
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

static Status move_pieces(Ctx *ctx, MoveSpec spec, const NumberList *numbers)
{
    Money *parts = NEW_ARRAY(ctx->arena, Money, numbers->len);
    int64_t *weights = NEW_ARRAY(ctx->arena, int64_t, numbers->len);
    money_split(spec.value.value, weights, numbers->len, parts);
    spec.quantity = (Qty){ MICRO };
    for (size_t i = 0; i < numbers->len; i++) {
        spec.value.value = parts[i];
        TRY(serial_of(ctx, spec.variant, numbers->items[i], &spec.serial));
        TRY(stock_move(ctx, &spec, NULL));
    }
    return OK;
}

static Status post_line(Ctx *ctx, const ReceiptPosting *posting, const ReceiptLine *line)
{
    VariantFacts variant;
    NumberList numbers = { 0 };
    MoveSpec spec = line_move(posting, line);
    TRY(line_value(ctx, posting->receipt, line, &spec.value));
    TRY(variant_facts(ctx, line->variant, &variant));
    if (!variant.has_serials)
        return stock_move(ctx, &spec, NULL);
    TRY(serial_numbers(ctx, line, &numbers));
    TRY(check_numbers(ctx, &variant, line, &numbers));
    return move_pieces(ctx, spec, &numbers);
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

static bool has_line(const GoodsReceipt *receipt, Id line)
{
    EACH (own, receipt->lines)
        if (own->record.id == line)
            return true;
    return false;
}

Status receipt_correct(Ctx *ctx, void *record, const void *input)
{
    const GoodsReceipt *receipt = record;
    const ReceiptCorrection *said = input;
    StockMoveListOf moves = { 0 };
    MoveDone done;
    if (!has_line(receipt, said->line))
        return FAIL(ctx, E_INVALID, "receipt_correction.line", "this line is of another receipt");
    TRY(line_moves(ctx, said->line, MOVE_KIND_RECEIPT, &moves));
    if (moves.len != 1)
        return FAIL(ctx, E_CONFLICT, "receipt_correction.serials",
                    "goods with serial numbers are sent back one by one");
    return stock_correct(ctx, moves.items[0].record.id, said->quantity, tenant_today(ctx),
                         (Link){ &goods_receipt_entity, receipt->record.id }, &done);
}
