// scan_count.c - a count worked through with a scanner: scan the bin, then each thing that lies in
// it; every scan is one more. When the bin is done, what was expected there and not seen is none.
#include "modules/inventory/document.h"

#include "kernel/auth/actor.h"
#include "kernel/entity/info.h"
#include "kernel/i18n.h"
#include "web/web.h"

// ---- Where the counter stands -------------------------------------------------------------------

// A count of one bin, or of a place where everything lies in one bin, needs no bin to be scanned.
static Id place_of(const StockCount *count)
{
    if (count->bin)
        return count->bin;
    EACH (line, count->lines)
        if (line->place != count->place)
            return 0;
    return count->place;
}

static Status is_inside(Ctx *ctx, Id place, Id within, bool *ret)
{
    int64_t count;
    TRY(db_one(ctx,
               SQL("SELECT count(*) FROM place p JOIN place w ON w.id = $2"
                   " WHERE p.id = $1 AND p.path >= w.path AND p.path < w.path || '~'",
                   place, within),
               &count));
    *ret = count > 0;
    return OK;
}

static Status place_code_of(Ctx *ctx, Id place, Str *ret)
{
    StockPlace found;
    TRY(stock_place(ctx, place, &found));
    *ret = found.code;
    return OK;
}

static int64_t open_lines(const StockCount *count, Id place)
{
    int64_t open = 0;
    EACH (line, count->lines)
        open += (!place || line->place == place) && !line->counted.known;
    return open;
}

static Id next_place(const StockCount *count, Id but)
{
    EACH (line, count->lines)
        if (!line->counted.known && line->place != but)
            return line->place;
    return 0;
}

// ---- The page -----------------------------------------------------------------------------------

static Str shown(Ctx *ctx, Qty quantity, const VariantFacts *facts)
{
    return show_qty(ctx, quantity, facts->unit_digits);
}

static Status show_line(Ctx *ctx, const StockCount *count, const CountLine *line, ScanPage *page)
{
    VariantFacts facts;
    TRY(variant_facts(ctx, line->variant, &facts));
    page->line = line->record.id;
    page->name = facts.name;
    page->sku = facts.sku;
    page->counted = tr(ctx, "Counted");
    page->quantity = line->counted.value;
    page->digits = facts.unit_digits;
    if (!count->is_blind)
        page->wanted = (MaybeQty){ true, line->expected };
    if (line->lot)
        TRY(record_title(ctx, &lot_entity, line->lot, &page->facts));
    return OK;
}

static Status show_rows(Ctx *ctx, const StockCount *count, Id place, Id here, ScanPage *page)
{
    EACH (line, count->lines) {
        VariantFacts facts;
        if (line->place != place || page->rows.len >= SCAN_ROWS_MAX)
            continue;
        TRY(variant_facts(ctx, line->variant, &facts));
        Str counted = line->counted.known ? shown(ctx, line->counted.value, &facts) : S("–");
        Str expected = shown(ctx, line->expected, &facts);
        *list_push(ctx->arena, &page->rows) =
            (ScanRow){ .label = facts.sku,
                       .second = facts.name,
                       .count = count->is_blind
                                  ? counted
                                  : tr_format(ctx, "%s of %s", counted.ptr, expected.ptr),
                       .is_done = line->counted.known,
                       .is_here = line->record.id == here };
        if (line->record.id == here)
            TRY(show_line(ctx, count, line, page));
    }
    return OK;
}

static void show_buttons(Ctx *ctx, const StockCount *count, Id place, ScanPage *page)
{
    page->first.label = tr(ctx, "Use this code");
    if (place && open_lines(count, place))
        page->second = (ScanButton){ tr(ctx, "Nothing else is here"), "rest" };
    if (count->lines.len && open_lines(count, 0) == 0 && actor_may(ctx->actor, "inventory.post"))
        page->first = (ScanButton){ tr(ctx, "Post the count"), NULL,
                                    record_page_url(ctx->arena, &stock_count_entity,
                                                    count->record.id, "do/post") };
}

Status count_scan_show(Ctx *ctx, const void *record, Id line, ScanPage *ret)
{
    const StockCount *count = record;
    Id place = place_of(count), next = next_place(count, place);
    Str whole;
    ret->of = (int64_t)count->lines.len;
    ret->done = ret->of - open_lines(count, 0);
    TRY(place_code_of(ctx, count->place, &whole));
    ret->note = tr_format(ctx, "%lld of %lld lines · %s", (long long)ret->done, (long long)ret->of,
                          str_c(ctx->arena, whole));
    ret->task = place ? tr(ctx, "Count at") : tr(ctx, "Go to bin");
    if (place || next)
        TRY(place_code_of(ctx, place ? place : next, &ret->place));
    if (place && next)
        TRY(place_code_of(ctx, next, &ret->next));
    if (place)
        TRY(show_rows(ctx, count, place, line, ret));
    show_buttons(ctx, count, place, ret);
    return OK;
}

// ---- Scans --------------------------------------------------------------------------------------

static Status stand_at(Ctx *ctx, StockCount *count, Id place, ScanSaid *ret)
{
    bool inside;
    Str code, whole;
    TRY(is_inside(ctx, place, count->place, &inside));
    TRY(place_code_of(ctx, place, &code));
    TRY(place_code_of(ctx, count->place, &whole));
    if (!inside)
        return FAIL(ctx, E_INVALID, "stock_count.elsewhere",
                    STR_FMT " is not part of this count: it is of " STR_FMT, STR_ARG(code),
                    STR_ARG(whole));
    count->bin = place;
    ret->words = tr_format(ctx, "Counting at %s", str_c(ctx->arena, code));
    ret->more = tr(ctx, "Scan each thing that lies here");
    return stock_count_save(ctx, count);
}

// The line of an article here. Its lot is known where it was scanned, or where only one lies here.
static Status line_here(Ctx *ctx, StockCount *count, Id place, const Scanned *what, CountLine **ret)
{
    VariantFacts facts;
    size_t found = 0;
    TRY(variant_facts(ctx, what->variant, &facts));
    EACH (line, count->lines)
        if (line->place == place && line->variant == what->variant &&
            (!what->lot || line->lot == what->lot)) {
            *ret = line;
            found++;
        }
    if (found == 1)
        return OK;
    if (facts.has_lots && !what->lot)
        return FAIL(ctx, E_INVALID, "stock_count.lot",
                    STR_FMT " is kept in lots: scan the number of the lot", STR_ARG(facts.sku));
    if (found > 1)
        return OK;  // the same in several states: the last one
    *ret = list_push(ctx->arena, &count->lines);
    **ret = (CountLine){
        .variant = what->variant, .place = place, .lot = what->lot, .status = STOCK_STATUS_FREE
    };
    return OK;
}

static Status say_counted(Ctx *ctx, const CountLine *line, ScanSaid *ret)
{
    VariantFacts facts;
    TRY(variant_facts(ctx, line->variant, &facts));
    ret->line = line->record.id;
    ret->words = tr_format(ctx, "%s: %s counted", str_c(ctx->arena, facts.sku),
                           str_c(ctx->arena, shown(ctx, line->counted.value, &facts)));
    return OK;
}

// Pieces with numbers are counted by these, each once.
static Status add_piece(Ctx *ctx, const VariantFacts *facts, const Scanned *what, CountLine *line)
{
    Serial serial;
    NumberList seen;
    if (!what->serial)
        return FAIL(ctx, E_INVALID, "stock_count.serials",
                    STR_FMT " has serial numbers: scan that of each piece", STR_ARG(facts->sku));
    TRY(serial_load(ctx, what->serial, &serial));
    TRY(numbers_read(ctx, line->serials, "count_line.serials", &seen));
    if (numbers_have(&seen, serial.number))
        return FAIL(ctx, E_INVALID, "stock_count.serials",
                    "number " STR_FMT " has been counted here already", STR_ARG(serial.number));
    *list_push(ctx->arena, &seen) = serial.number;
    line->serials = numbers_text(ctx, &seen);
    line->counted = (MaybeQty){ true, { (int64_t)seen.len * MICRO } };
    return OK;
}

static Status add_scanned(Ctx *ctx, const Scanned *what, CountLine *line)
{
    VariantFacts facts;
    TRY(variant_facts(ctx, what->variant, &facts));
    if (facts.has_serials)
        return add_piece(ctx, &facts, what, line);
    line->counted = (MaybeQty){ true, { line->counted.value.micro + what->quantity.micro } };
    return OK;
}

static Status one_more(Ctx *ctx, StockCount *count, const Scanned *what, ScanSaid *ret)
{
    Id place = place_of(count);
    CountLine *line = NULL;
    if (!place)
        return FAIL(ctx, E_INVALID, "stock_count.bin_first", "scan the bin first");
    TRY(line_here(ctx, count, place, what, &line));
    TRY(add_scanned(ctx, what, line));
    ptrdiff_t at = line - count->lines.items;
    TRY(stock_count_save(ctx, count));
    return say_counted(ctx, &count->lines.items[at], ret);
}

static Status scan_code(Ctx *ctx, StockCount *count, Str code, ScanSaid *ret)
{
    Scanned what;
    TRY(stock_scanned(ctx, code, &what));
    if (what.place)
        return stand_at(ctx, count, what.place, ret);
    return one_more(ctx, count, &what, ret);
}

// ---- Buttons ------------------------------------------------------------------------------------

// Of pieces with numbers the figure is theirs: nobody types another.
static Status check_figure(Ctx *ctx, const CountLine *line, Qty counted)
{
    VariantFacts facts;
    NumberList seen;
    TRY(variant_facts(ctx, line->variant, &facts));
    TRY(numbers_read(ctx, line->serials, "count_line.serials", &seen));
    return numbers_check(ctx, &facts, counted, &seen, "count_line.serials");
}

static Status set_counted(Ctx *ctx, StockCount *count, const ScanAct *act, ScanSaid *ret)
{
    EACH (line, count->lines)
        if (line->record.id == act->line && act->quantity.known) {
            TRY(check_figure(ctx, line, act->quantity.value));
            line->counted = act->quantity;
            TRY(stock_count_save(ctx, count));
            return say_counted(ctx, line, ret);
        }
    return FAIL(ctx, E_CONFLICT, "scan.over", "this is done already: nothing was changed");
}

static Status nothing_else(Ctx *ctx, StockCount *count, ScanSaid *ret)
{
    Id place = place_of(count);
    int64_t none = place ? open_lines(count, place) : 0;
    EACH (line, count->lines)
        if (line->place == place && !line->counted.known)
            line->counted = (MaybeQty){ .known = true };
    ret->words =
        tr_plural(ctx, "Done here: %lld line has none.", "Done here: %lld lines have none.", none);
    count->bin = 0;
    return stock_count_save(ctx, count);
}

Status count_scan_act(Ctx *ctx, void *record, const ScanAct *act, ScanSaid *ret)
{
    *ret = (ScanSaid){ .tone = "ok" };
    if (str_is(act->verb, "code"))
        return scan_code(ctx, record, act->code, ret);
    if (str_is(act->verb, "rest"))
        return nothing_else(ctx, record, ret);
    return set_counted(ctx, record, act, ret);
}
