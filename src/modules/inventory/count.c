// count.c - counting what is there. Starting a count freezes what should be there, so that goods
// may go on moving while people count: posting books the difference between the two, whatever
// happened since. A blind count shows its counters no figures; it takes them when it is posted, so
// nothing should move in between.
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
    }
    return OK;
}

// ---- What is there ------------------------------------------------------------------------------

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
    line->counted = (MaybeQty){ true, said->counted };
    return OK;
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

static Status post_line(Ctx *ctx, const StockCount *count, const CountLine *line, Id loss)
{
    int64_t more = line->counted.value.micro - line->expected.micro;
    bool is_in = more > 0;
    if (more == 0)
        return OK;
    MoveSpec spec = { .variant = line->variant,
                      .kind = MOVE_KIND_COUNT,
                      .from = is_in ? loss : line->place,
                      .to = is_in ? line->place : loss,
                      .quantity = { is_in ? more : -more },
                      .lot = line->lot,
                      .from_status = is_in ? STOCK_STATUS_FREE : line->status,
                      .to_status = is_in ? line->status : STOCK_STATUS_FREE,
                      .on = count->counted_on,
                      .source = { &stock_count_entity, count->record.id },
                      .line = { &count_line_entity, line->record.id } };
    return stock_move(ctx, &spec, NULL);
}

Status count_post(Ctx *ctx, void *record, const void *input)
{
    StockCount *count = record;
    Id loss;
    (void)input;
    TRY(check_counted(ctx, count));
    if (count->is_blind)
        TRY(read_expected(ctx, count));
    TRY(check_counted(ctx, count));
    TRY(place_virtual(ctx, PLACE_KIND_LOSS, &loss));
    EACH (line, count->lines)
        TRY(post_line(ctx, count, line, loss));
    return OK;
}
