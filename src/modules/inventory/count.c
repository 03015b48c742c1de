// count.c - counting what is there. Starting a count freezes what should be there, so that goods
// may go on moving while people count: posting books the difference between the two, whatever
// happened since. A blind count shows its counters no figures; it takes them when it is posted, so
// nothing should move in between.
//
// Of goods with serial numbers the numbers are counted, and the figures follow from them. A number
// says by itself whether it has moved since the start, so only what still stands where it was
// expected can be missing, and only what does not stand where it was seen has been found.
#include "modules/inventory/document.h"

enum { COUNT_LINES_MAX = 5000 };

static bool is_same(const CountLine *line, const CountLine *other)
{
    return line->variant == other->variant && line->place == other->place &&
           line->lot == other->lot && line->status == other->status;
}

static CountLine *line_like(const StockCount *count, const CountLine *like)
{
    EACH (line, count->lines)
        if (is_same(line, like))
            return line;
    return NULL;
}

// ---- What should be there -----------------------------------------------------------------------

static Status add_expected(Ctx *ctx, StockCount *count, const CountLine *found)
{
    CountLine *line = line_like(count, found);
    if (!line) {
        if (count->lines.len >= COUNT_LINES_MAX)
            return FAIL(ctx, E_LIMIT, "stock_count.too_many",
                        "more than %d lines to count: count part of the warehouse",
                        COUNT_LINES_MAX);
        line = list_push(ctx->arena, &count->lines);
        *line = *found;
    }
    line->expected = found->expected;
    return OK;
}

// Levels of our own in the place and everything below it.
static Status read_expected(Ctx *ctx, StockCount *count)
{
    Str path, status;
    CountLine found = { 0 };
    TRY(db_one(ctx, SQL("SELECT path FROM place WHERE id = $1", count->place), &path));
    Rows *rows = db_query(
        ctx, SQL("SELECT s.variant_id, s.place_id, s.lot_id, s.status, s.on_hand"
                 " FROM place p JOIN stock_level s ON s.place_id = p.id"
                 " WHERE p.path >= $1 AND p.path < $2 AND s.owner_id = 0 AND s.on_hand <> 0"
                 " ORDER BY p.path, s.variant_id, s.lot_id, s.status",
                 path, str_join(ctx->arena, path, S("~"))));
    while (rows_next(rows, &found.variant, &found.place, &found.lot, &status, &found.expected)) {
        found.status = (StockStatus)enum_value(&stock_status_enum, status);
        TRY(add_expected(ctx, count, &found));
    }
    return rows_end(rows);
}

static CountLine line_of_serial(const Serial *serial)
{
    return (CountLine){ .variant = serial->variant,
                        .place = serial->place,
                        .lot = serial->lot,
                        .status = serial->status };
}

// Ends the numbers of one line: those of the next follow.
static Status close_numbers(Ctx *ctx, StockCount *count, const CountLine *of, NumberList *numbers)
{
    CountLine *line = numbers->len ? line_like(count, of) : NULL;
    if (numbers->len > SERIALS_MAX)
        return FAIL(
            ctx, E_LIMIT, "stock_count.too_many",
            "more than %d serial numbers to count in one place: count part of the warehouse",
            SERIALS_MAX);
    if (line)
        line->expected_serials = numbers_text(ctx, numbers);
    *numbers = (NumberList){ 0 };
    return OK;
}

// Which pieces the levels are, in the order of their lines.
static Status read_expected_serials(Ctx *ctx, StockCount *count)
{
    Str path, status;
    Serial found = { 0 };
    CountLine last = { 0 };
    NumberList numbers = { 0 };
    TRY(db_one(ctx, SQL("SELECT path FROM place WHERE id = $1", count->place), &path));
    Rows *rows = db_query(
        ctx, SQL("SELECT s.variant_id, s.place_id, COALESCE(s.lot_id, 0), s.status, s.number"
                 " FROM place p JOIN serial s ON s.place_id = p.id"
                 " WHERE p.path >= $1 AND p.path < $2 AND s.state = 'in_stock'"
                 " ORDER BY s.variant_id, s.place_id, s.lot_id, s.status, s.number",
                 path, str_join(ctx->arena, path, S("~"))));
    while (rows_next(rows, &found.variant, &found.place, &found.lot, &status, &found.number)) {
        found.status = (StockStatus)enum_value(&stock_status_enum, status);
        CountLine line = line_of_serial(&found);
        if (!is_same(&line, &last))
            TRY(close_numbers(ctx, count, &last, &numbers));
        *list_push(ctx->arena, &numbers) = found.number;
        last = line;
    }
    TRY(rows_end(rows));
    return close_numbers(ctx, count, &last, &numbers);
}

Status count_start(Ctx *ctx, void *record, const void *input)
{
    StockCount *count = record;
    StockPlace place;
    (void)input;
    TRY(stock_place(ctx, count->place, &place));
    if (!place.warehouse)
        return FAIL(ctx, E_INVALID, "stock_count.place", "only places of our own can be counted");
    TRY(read_expected(ctx, count));
    EACH (line, count->lines) {
        if (count->is_blind)
            line->expected = (Qty){ 0 };
        line->counted = (MaybeQty){ 0 };
        line->serials = line->expected_serials = S("");
    }
    return count->is_blind ? OK : read_expected_serials(ctx, count);
}

// ---- What is there ------------------------------------------------------------------------------

// Of goods with serial numbers the figure follows from the numbers.
static Status take_counted(Ctx *ctx, const CountedLine *said, CountLine *line)
{
    VariantFacts variant;
    NumberList seen;
    Qty counted = said->counted;
    TRY(variant_facts(ctx, said->variant, &variant));
    TRY(numbers_read(ctx, said->serials, "counted_line.serials", &seen));
    if (variant.has_serials && counted.micro == 0)
        counted.micro = (int64_t)seen.len * MICRO;
    TRY(numbers_check(ctx, &variant, counted, &seen, "counted_line.serials"));
    line->counted = (MaybeQty){ true, counted };
    line->serials = numbers_text(ctx, &seen);
    return OK;
}

static Status enter_line(Ctx *ctx, StockCount *count, const CountedLine *said)
{
    CountLine key = { .variant = said->variant,
                      .place = said->place ? said->place : count->place,
                      .lot = said->lot,
                      .status = said->status ? said->status : STOCK_STATUS_FREE };
    CountLine *line = line_like(count, &key);
    if (!line) {
        if (count->lines.len >= COUNT_LINES_MAX)
            return FAIL(ctx, E_LIMIT, "stock_count.too_many", "a count has at most %d lines",
                        COUNT_LINES_MAX);
        line = list_push(ctx->arena, &count->lines);
        *line = key;
    }
    return take_counted(ctx, said, line);
}

Status count_enter(Ctx *ctx, void *record, const void *input)
{
    const CountedInput *counted = input;
    if (counted->lines.len == 0)
        return FAIL(ctx, E_INVALID, "stock_count.nothing", "nothing was counted");
    EACH (line, counted->lines)
        TRY(enter_line(ctx, record, line));
    return OK;
}

// ---- The difference -----------------------------------------------------------------------------

static Status check_counted(Ctx *ctx, const StockCount *count)
{
    int64_t missing = 0;
    EACH (line, count->lines)
        missing += !line->counted.known;
    if (missing)
        return FAIL(ctx, E_CONFLICT, "stock_count.uncounted",
                    "%lld lines have not been counted yet", (long long)missing);
    return OK;
}

typedef struct Seen {  // a line of goods with serial numbers
    const CountLine *line;
    NumberList expected, seen;
} Seen;
typedef struct Difference {
    const StockCount *count;
    Id loss;
    LIST(Seen) pieces;
} Difference;

static MoveSpec line_move(const Difference *d, const CountLine *line, bool is_in)
{
    return (MoveSpec){ .variant = line->variant,
                       .kind = MOVE_KIND_COUNT,
                       .from = is_in ? d->loss : line->place,
                       .to = is_in ? line->place : d->loss,
                       .lot = line->lot,
                       .from_status = is_in ? STOCK_STATUS_FREE : line->status,
                       .to_status = is_in ? line->status : STOCK_STATUS_FREE,
                       .on = d->count->counted_on,
                       .source = { &stock_count_entity, d->count->record.id },
                       .line = { &count_line_entity, line->record.id } };
}

static Status post_quantity(Ctx *ctx, const Difference *d, const CountLine *line)
{
    int64_t more = line->counted.value.micro - line->expected.micro;
    if (more == 0)
        return OK;
    MoveSpec spec = line_move(d, line, more > 0);
    spec.quantity = (Qty){ more > 0 ? more : -more };
    return stock_move(ctx, &spec, NULL);
}

static Status post_line(Ctx *ctx, Difference *d, const CountLine *line)
{
    VariantFacts variant;
    TRY(variant_facts(ctx, line->variant, &variant));
    if (!variant.has_serials)
        return post_quantity(ctx, d, line);
    Seen *seen = list_push(ctx->arena, &d->pieces);
    seen->line = line;
    TRY(numbers_read(ctx, line->expected_serials, "count_line.expected_serials", &seen->expected));
    TRY(numbers_read(ctx, line->serials, "count_line.serials", &seen->seen));
    return numbers_check(ctx, &variant, line->counted.value, &seen->seen, "count_line.serials");
}

// ---- Pieces -------------------------------------------------------------------------------------

// Where this count has found the piece instead; NULL: nowhere.
static const CountLine *seen_elsewhere(const Difference *d, const CountLine *line, Str number)
{
    EACH (other, d->pieces) {
        bool is_like = other->line->variant == line->variant && other->line->lot == line->lot;
        if (is_like && other->line != line && numbers_have(&other->seen, number))
            return other->line;
    }
    return NULL;
}

// A piece on the wrong shelf is put where it was seen; one that was seen nowhere is lost.
static Status post_missing(Ctx *ctx, const Difference *d, const Seen *piece, Str number)
{
    Serial serial;
    const CountLine *line = piece->line;
    MoveSpec spec = line_move(d, line, false);
    TRY(serial_named(ctx, line->variant, number, &serial));
    if (!serial_stands(&serial, line->place, line->lot, line->status))
        return OK;  // it has moved since the count began
    const CountLine *found = seen_elsewhere(d, line, number);
    if (found) {
        spec.to = found->place;
        spec.to_status = found->status;
    }
    spec.serial = serial.record.id;
    spec.quantity = (Qty){ MICRO };
    return stock_move(ctx, &spec, NULL);
}

static Status post_found(Ctx *ctx, const Difference *d, const Seen *piece)
{
    Money value;
    NumberList found = { 0 };
    const CountLine *line = piece->line;
    MoveSpec spec = line_move(d, line, true);
    EACH (number, piece->seen) {
        Serial serial;
        if (numbers_have(&piece->expected, *number))
            continue;
        TRY(serial_named(ctx, line->variant, *number, &serial));
        if (!serial_stands(&serial, line->place, line->lot, line->status))
            *list_push(ctx->arena, &found) = *number;
    }
    return stock_move_pieces(ctx, &spec, &found, &value);
}

static Status post_pieces(Ctx *ctx, const Difference *d)
{
    EACH (piece, d->pieces)
        EACH (number, piece->expected)
            if (!numbers_have(&piece->seen, *number))
                TRY(post_missing(ctx, d, piece, *number));
    EACH (piece, d->pieces)
        TRY(post_found(ctx, d, piece));
    return OK;
}

Status count_post(Ctx *ctx, void *record, const void *input)
{
    StockCount *count = record;
    Difference difference = { .count = count };
    (void)input;
    TRY(check_counted(ctx, count));
    if (count->is_blind) {
        TRY(read_expected(ctx, count));
        TRY(read_expected_serials(ctx, count));
    }
    TRY(check_counted(ctx, count));
    TRY(place_virtual(ctx, PLACE_KIND_LOSS, &difference.loss));
    EACH (line, count->lines)
        TRY(post_line(ctx, &difference, line));
    return post_pieces(ctx, &difference);
}
