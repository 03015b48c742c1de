// serials.c - goods whose every piece has a number of its own. Documents move them all in one way:
// a line says the numbers, one a piece, and each piece is a move of one with its share of the
// line's value. What always holds: a number stands in one place, with the status and lot of its
// last move, so that in every place of ours there are as many numbers as the stock level has
// pieces.
#include "modules/inventory/document.h"

#include "kernel/i18n.h"

#include <stdlib.h>

// ---- Numbers of a line --------------------------------------------------------------------------

static Status add_number(Ctx *ctx, Str number, const char *code, NumberList *numbers)
{
    if (number.len == 0)
        return OK;
    if (numbers->len == SERIALS_MAX)
        return FAIL(ctx, E_INVALID, code, "a line has at most %d serial numbers", SERIALS_MAX);
    *list_push(ctx->arena, numbers) = number;
    return OK;
}

static int by_number(const void *a, const void *b)
{
    return str_compare(*(const Str *)a, *(const Str *)b);
}

static Status check_once(Ctx *ctx, const NumberList *numbers, const char *code)
{
    for (size_t i = 1; i < numbers->len; i++)
        if (str_eq(numbers->items[i - 1], numbers->items[i]))
            return FAIL(ctx, E_INVALID, code, "number " STR_FMT " is there twice",
                        STR_ARG(numbers->items[i]));
    return OK;
}

Status numbers_read(Ctx *ctx, Str text, const char *code, NumberList *ret)
{
    Str row, number;
    *ret = (NumberList){ 0 };
    while (str_next(&text, '\n', &row))
        while (str_next(&row, ',', &number))
            TRY(add_number(ctx, str_trim(number), code, ret));
    if (ret->len)
        qsort(ret->items, ret->len, sizeof(Str), by_number);
    return check_once(ctx, ret, code);
}

bool numbers_have(const NumberList *numbers, Str number)
{
    return numbers->len && bsearch(&number, numbers->items, numbers->len, sizeof(Str), by_number);
}

Str numbers_text(Ctx *ctx, const NumberList *numbers)
{
    Buf text = { .arena = ctx->arena };
    EACH (number, *numbers) {
        if (text.len)
            buf_char(&text, '\n');
        buf_put(&text, *number);
    }
    return buf_str(&text);
}

Status numbers_check(Ctx *ctx, const VariantFacts *variant, Qty quantity, const NumberList *numbers,
                     const char *code)
{
    if (!variant->has_serials && numbers->len == 0)
        return OK;
    if (!variant->has_serials)
        return FAIL(ctx, E_INVALID, code, STR_FMT " has no serial numbers", STR_ARG(variant->sku));
    if ((Wide)numbers->len * MICRO != quantity.micro)
        return FAIL(
            ctx, E_INVALID, code, STR_FMT " needs one serial number a piece: %zu for " STR_FMT,
            STR_ARG(variant->sku), numbers->len, STR_ARG(qty_words(ctx, quantity, variant)));
    return OK;
}

// ---- Where a piece is ---------------------------------------------------------------------------

Status serial_named(Ctx *ctx, Id variant, Str number, Serial *ret)
{
    Id id;
    bool found;
    *ret = (Serial){ 0 };
    TRY(db_maybe(
        ctx, SQL("SELECT id FROM serial WHERE variant_id = $1 AND number = $2", variant, number),
        &found, &id));
    return found ? serial_load(ctx, id, ret) : OK;
}

bool serial_stands(const Serial *serial, Id place, Id lot, StockStatus status)
{
    return serial->state == SERIAL_STATE_IN_STOCK && serial->place == place && serial->lot == lot &&
           serial->status == status;
}

static Status code_of(Ctx *ctx, Id place, Str *ret)
{
    StockPlace found;
    TRY(stock_place(ctx, place, &found));
    *ret = found.code;
    return OK;
}

static Status refuse_elsewhere(Ctx *ctx, Str number, Id is_at, Str wanted)
{
    Str code;
    if (!is_at)
        return FAIL(ctx, E_CONFLICT, "inventory.serial_elsewhere",
                    "number " STR_FMT " is not at " STR_FMT, STR_ARG(number), STR_ARG(wanted));
    TRY(code_of(ctx, is_at, &code));
    return FAIL(ctx, E_CONFLICT, "inventory.serial_elsewhere",
                "number " STR_FMT " is not at " STR_FMT " but at " STR_FMT, STR_ARG(number),
                STR_ARG(wanted), STR_ARG(code));
}

// ---- One move of one piece ----------------------------------------------------------------------

static SerialState serial_state_at(PlaceKind kind)
{
    switch (kind) {
    case PLACE_KIND_CUSTOMER: return SERIAL_STATE_SHIPPED;
    case PLACE_KIND_SUPPLIER: return SERIAL_STATE_RETURNED;
    case PLACE_KIND_LOSS:
    case PLACE_KIND_PRODUCTION: return SERIAL_STATE_SCRAPPED;
    default: return SERIAL_STATE_IN_STOCK;
    }
}

static Status check_leaving(Ctx *ctx, const PieceMove *piece, const Serial *serial)
{
    const char *status = stock_status_enum.values[serial->status].label;
    if (serial->state != SERIAL_STATE_IN_STOCK || serial->place != piece->from->id)
        return refuse_elsewhere(ctx, serial->number, serial->place, piece->from->code);
    if (serial->status != piece->from_status)
        return FAIL(ctx, E_CONFLICT, "inventory.serial_status",
                    "number " STR_FMT " at " STR_FMT " has the status '" STR_FMT "'",
                    STR_ARG(serial->number), STR_ARG(piece->from->code), STR_ARG(tr(ctx, status)));
    if (serial->lot != piece->lot)
        return FAIL(ctx, E_CONFLICT, "inventory.serial_lot", "number " STR_FMT " is of another lot",
                    STR_ARG(serial->number));
    return OK;
}

static Status check_coming(Ctx *ctx, const Serial *serial)
{
    Str code;
    if (serial->state != SERIAL_STATE_IN_STOCK)
        return OK;
    TRY(code_of(ctx, serial->place, &code));
    return FAIL(ctx, E_CONFLICT, "inventory.serial_here",
                "number " STR_FMT " is in stock already, at " STR_FMT, STR_ARG(serial->number),
                STR_ARG(code));
}

static Status check_piece(Ctx *ctx, const PieceMove *piece, const Serial *serial)
{
    if (serial->variant != piece->variant->id)
        return FAIL(ctx, E_INVALID, "inventory.serial_other",
                    "number " STR_FMT " is not of " STR_FMT, STR_ARG(serial->number),
                    STR_ARG(piece->variant->sku));
    if (piece->quantity.micro != MICRO)
        return FAIL(ctx, E_INVALID, "inventory.serial_one", "a serial number is one piece");
    return piece->from->warehouse ? check_leaving(ctx, piece, serial) : check_coming(ctx, serial);
}

Status serial_follow(Ctx *ctx, const PieceMove *piece)
{
    Serial serial;
    TRY(serial_load(ctx, piece->serial, &serial));
    TRY(check_piece(ctx, piece, &serial));
    serial.place = piece->to->id;
    serial.state = serial_state_at(piece->to->kind);
    serial.status = piece->to_status;
    serial.lot = piece->lot;
    return serial_save(ctx, &serial);
}

// ---- A line, piece by piece ---------------------------------------------------------------------

// A number that was here before comes again; a new one begins now.
static Status serial_coming(Ctx *ctx, Id variant, Str number, Id *ret)
{
    Serial known;
    TRY(serial_named(ctx, variant, number, &known));
    *ret = known.record.id;
    if (*ret)
        return OK;
    Serial *serial = serial_new(ctx);
    serial->variant = variant;
    serial->number = number;
    TRY(serial_save(ctx, serial));
    *ret = serial->record.id;
    return OK;
}

// A number knows its lot, so that nobody has to say both.
static Status serial_leaving(Ctx *ctx, const StockPlace *from, Str number, MoveSpec *piece)
{
    Serial known;
    TRY(serial_named(ctx, piece->variant, number, &known));
    if (!known.record.id)
        return refuse_elsewhere(ctx, number, 0, from->code);
    piece->serial = known.record.id;
    if (!piece->lot)
        piece->lot = known.lot;
    return OK;
}

// A price per piece is rounded once, with the whole line.
static Status divide_value(Ctx *ctx, const MoveSpec *whole, size_t count, Money *ret_parts)
{
    int64_t *alike = NEW_ARRAY(ctx->arena, int64_t, count);
    Money value = whole->value.value;
    if (!whole->value.known && whole->unit_cost.known)
        TRY(cost_value(ctx, whole->quantity, whole->unit_cost.value,
                       currency_minor(ctx->tenant->base), &value));
    money_split(value, alike, count, ret_parts);
    return OK;
}

static Status move_piece(Ctx *ctx, const MoveSpec *whole, Str number, Money value, ValueBook *book,
                         Money *sum)
{
    StockPlace from;
    MoveDone done;
    MoveSpec piece = *whole;
    piece.quantity = (Qty){ MICRO };
    piece.value = (MaybeMoney){ whole->value.known || whole->unit_cost.known, value };
    TRY(stock_place(ctx, whole->from, &from));
    if (from.warehouse)
        TRY(serial_leaving(ctx, &from, number, &piece));
    else
        TRY(serial_coming(ctx, whole->variant, number, &piece.serial));
    TRY(stock_move_unbooked(ctx, &piece, book, &done));
    return money_add(ctx, *sum, done.value, sum);
}

// In the books a line is one entry, however many pieces it has.
Status stock_move_pieces(Ctx *ctx, const MoveSpec *spec, const NumberList *numbers,
                         Money *ret_value)
{
    Money sum = { 0 };
    ValueBook book = { 0 };
    Money *parts = NEW_ARRAY(ctx->arena, Money, numbers->len);
    if (numbers->len)
        TRY(divide_value(ctx, spec, numbers->len, parts));
    for (size_t i = 0; i < numbers->len; i++)
        TRY(move_piece(ctx, spec, numbers->items[i], parts[i], &book, &sum));
    *ret_value = sum;
    return book_post(ctx, &book);
}

Status stock_move_line(Ctx *ctx, const MoveSpec *spec, Str serials, const char *code,
                       Money *ret_value)
{
    VariantFacts variant;
    NumberList numbers;
    MoveDone done;
    TRY(variant_facts(ctx, spec->variant, &variant));
    TRY(numbers_read(ctx, serials, code, &numbers));
    TRY(numbers_check(ctx, &variant, spec->quantity, &numbers, code));
    if (variant.has_serials)
        return stock_move_pieces(ctx, spec, &numbers, ret_value);
    TRY(stock_move(ctx, spec, &done));
    *ret_value = done.value;
    return OK;
}
