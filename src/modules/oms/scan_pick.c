// scan_pick.c - a pick list worked through with a scanner, bin by bin in the order of the walk:
// scan the bin, scan each article. What was taken is stored scan by scan, and the list knows where
// its picker stands, so a phone that dies loses nothing and another goes on.
#include "modules/oms/offer.h"
#include "modules/oms/order.h"

#include "kernel/entity/access.h"
#include "kernel/i18n.h"
#include "kernel/tenant.h"
#include "modules/inventory/inventory.h"
#include "web/web.h"

enum { PICKS_MAX = 5000 };

typedef struct Pick {
    Id id, delivery, bin, variant, lot, serial;
    Str bin_code, sku, name, order_number;
    Qty quantity, taken;
    bool is_anywhere;  // in the warehouse at large: there is no bin to scan
} Pick;

typedef struct Walk {
    const PickList *list;
    LIST(Pick) picks;
    int64_t done;
    Pick *now;  // the next one: here, else the first of the walk; NULL: none is left
} Walk;

static bool is_open(const Pick *pick)
{
    return pick->taken.micro < pick->quantity.micro;
}

static bool is_here(const Walk *walk, const Pick *pick)
{
    return pick->is_anywhere || pick->bin == walk->list->bin;
}

// Where the picker stands goes first, then the walk.
static Pick *next_pick(const Walk *walk)
{
    Pick *first = NULL;
    EACH (pick, walk->picks) {
        if (!is_open(pick))
            continue;
        if (is_here(walk, pick))
            return pick;
        first = first ? first : pick;
    }
    return first;
}

#define WALK_QUERY                                                                                 \
    "SELECT p.id, p.delivery_id, p.bin_id, l.variant_id, COALESCE(p.lot_id, 0),"                   \
    " COALESCE(p.serial_id, 0), b.place_code, o.sku, o.name, h.number, p.quantity, p.taken,"       \
    " CASE WHEN p.bin_id = d.warehouse_id THEN 1 ELSE 0 END"                                       \
    " FROM delivery d JOIN delivery_pick p ON p.delivery_id = d.id"                                \
    " JOIN delivery_line l ON l.id = p.line_id JOIN sales_line o ON o.id = l.order_line_id"        \
    " JOIN sales_order h ON h.id = d.sales_order_id JOIN place b ON b.id = p.bin_id"               \
    " WHERE d.pick_list_id = $1 AND d.state = 'picking'"                                           \
    " ORDER BY b.pick_rank, b.path, o.sku, d.number, p.position LIMIT $2"

static Status read_walk(Ctx *ctx, const PickList *list, Walk *ret)
{
    Pick pick = { 0 };
    *ret = (Walk){ .list = list };
    Rows *rows = db_query(ctx, SQL(WALK_QUERY, list->record.id, PICKS_MAX));
    while (rows_next(rows, &pick.id, &pick.delivery, &pick.bin, &pick.variant, &pick.lot,
                     &pick.serial, &pick.bin_code, &pick.sku, &pick.name, &pick.order_number,
                     &pick.quantity, &pick.taken, &pick.is_anywhere)) {
        *list_push(ctx->arena, &ret->picks) = pick;
        ret->done += !is_open(&pick);
    }
    ret->now = next_pick(ret);
    return rows_end(rows);
}

static Str amount(Ctx *ctx, int64_t micro)
{
    return decimal_short(ctx->arena, micro, 6);
}

// ---- The page -----------------------------------------------------------------------------------

static Status facts_of(Ctx *ctx, const Pick *pick, Str *ret)
{
    Str lot = S(""), serial = S("");
    Buf out = { .arena = ctx->arena };
    if (pick->lot)
        TRY(record_title(ctx, &lot_entity, pick->lot, &lot));
    if (pick->serial)
        TRY(record_title(ctx, &serial_entity, pick->serial, &serial));
    if (lot.len)
        buf_put(&out, tr_format(ctx, "lot %s, ", str_c(ctx->arena, lot)));
    if (serial.len)
        buf_put(&out, tr_format(ctx, "serial %s, ", str_c(ctx->arena, serial)));
    buf_put(&out, tr_format(ctx, "order %s", str_c(ctx->arena, pick->order_number)));
    *ret = buf_str(&out);
    return OK;
}

static Str next_bin(const Walk *walk)
{
    EACH (pick, walk->picks)
        if (is_open(pick) && pick->bin != walk->now->bin)
            return pick->bin_code;
    return S("");
}

static void show_rows(Ctx *ctx, const Walk *walk, ScanPage *page)
{
    EACH (pick, walk->picks) {
        if (pick->bin != walk->now->bin || page->rows.len >= SCAN_ROWS_MAX)
            continue;
        Str count = tr_format(ctx, "%s of %s", amount(ctx, pick->taken.micro).ptr,
                              amount(ctx, pick->quantity.micro).ptr);
        *list_push(ctx->arena, &page->rows) = (ScanRow){ .label = pick->sku,
                                                         .second = pick->name,
                                                         .count = count,
                                                         .is_done = !is_open(pick),
                                                         .is_here = pick == walk->now };
    }
}

static Status show_article(Ctx *ctx, const Walk *walk, ScanPage *page)
{
    const Pick *pick = walk->now;
    page->line = pick->id;
    page->name = pick->name;
    page->sku = pick->sku;
    TRY(facts_of(ctx, pick, &page->facts));
    page->second = (ScanButton){ tr(ctx, "Short…"), NULL, url_query(ctx, "", "short", S("1")) };
    if (!is_here(walk, pick))
        return OK;
    page->counted = tr(ctx, "Taken");
    page->quantity = pick->taken;
    page->wanted = (MaybeQty){ true, pick->quantity };
    if (pick->taken.micro > 0)
        page->first =
            (ScanButton){ tr_format(ctx, "All %s are taken", amount(ctx, pick->quantity.micro).ptr),
                          "all" };
    return OK;
}

static void ask_short(Ctx *ctx, const Pick *pick, ScanPage *page)
{
    page->question =
        tr_format(ctx, "Are there only %s of %s? The rest stays open in its order.",
                  amount(ctx, pick->taken.micro).ptr, amount(ctx, pick->quantity.micro).ptr);
    page->first =
        (ScanButton){ tr_format(ctx, "Only %s", amount(ctx, pick->taken.micro).ptr), "short" };
    page->second = (ScanButton){ tr(ctx, "Back"), NULL, url_query(ctx, "short", "", S("")) };
}

static void show_end(Ctx *ctx, const Walk *walk, ScanPage *page)
{
    if (walk->picks.len == 0) {
        page->finished = tr(ctx, "Nothing is to be taken for this list.");
        page->first = (ScanButton){ tr(ctx, "Take in deliveries"), "fill" };
        page->second = (ScanButton){ tr(ctx, "Done"), "done" };
        return;
    }
    page->finished = tr_plural(ctx, "All of it is taken: %lld pick.",
                               "All of it is taken: %lld picks.", (int64_t)walk->picks.len);
    page->first = (ScanButton){ tr(ctx, "Packed"), "done" };
}

Status pick_scan_show(Ctx *ctx, const void *record, Id line, ScanPage *ret)
{
    Walk walk;
    Str warehouse;
    (void)line;
    TRY(read_walk(ctx, record, &walk));
    TRY(record_title(ctx, &place_entity, walk.list->warehouse, &warehouse));
    ret->done = walk.done;
    ret->of = (int64_t)walk.picks.len;
    ret->note = tr_format(ctx, "%lld of %lld picks · %s", (long long)ret->done, (long long)ret->of,
                          str_c(ctx->arena, warehouse));
    if (!walk.now) {
        show_end(ctx, &walk, ret);
        return OK;
    }
    ret->task = is_here(&walk, walk.now) ? tr(ctx, "Take at") : tr(ctx, "Go to bin");
    ret->place = walk.now->bin_code;
    ret->next = next_bin(&walk);
    ret->first.label = tr(ctx, "Use this code");
    TRY(show_article(ctx, &walk, ret));
    show_rows(ctx, &walk, ret);
    if (scan_asks(ctx, "short"))
        ask_short(ctx, walk.now, ret);
    return OK;
}

// ---- Scans --------------------------------------------------------------------------------------

static Status refuse_place(Ctx *ctx, const Walk *walk, Str code)
{
    return FAIL(ctx, E_INVALID, "oms.scan_bin",
                "nothing of this list is to be taken from " STR_FMT ": go to " STR_FMT,
                STR_ARG(code), STR_ARG(walk->now->bin_code));
}

static Status go_to_bin(Ctx *ctx, const Walk *walk, PickList *list, const ScanAct *act,
                        const Scanned *what, ScanSaid *ret)
{
    EACH (pick, walk->picks) {
        if (pick->bin != what->place || !is_open(pick))
            continue;
        list->bin = what->place;
        ret->words = tr_format(ctx, "%s, the right bin", str_c(ctx->arena, pick->bin_code));
        ret->more = tr_format(ctx, "Take %s of %s",
                              amount(ctx, pick->quantity.micro - pick->taken.micro).ptr,
                              str_c(ctx->arena, pick->sku));
        return pick_list_save(ctx, list);
    }
    return refuse_place(ctx, walk, act->code);
}

static bool fits(const Pick *pick, const Scanned *what)
{
    return pick->variant == what->variant && (!what->lot || !pick->lot || pick->lot == what->lot) &&
           (!pick->serial || pick->serial == what->serial);
}

static Pick *pick_for(const Walk *walk, const Scanned *what)
{
    EACH (pick, walk->picks)
        if (is_open(pick) && is_here(walk, pick) && fits(pick, what))
            return pick;
    return NULL;
}

static Status refuse_article(Ctx *ctx, const Walk *walk, Str code)
{
    const Pick *now = walk->now;
    Str number;
    if (!is_here(walk, now))
        return FAIL(ctx, E_INVALID, "oms.scan_bin_first", "scan the bin first: go to " STR_FMT,
                    STR_ARG(now->bin_code));
    if (now->serial) {
        TRY(record_title(ctx, &serial_entity, now->serial, &number));
        return FAIL(ctx, E_INVALID, "oms.scan_serial",
                    STR_FMT " is not it: take " STR_FMT " with the serial number " STR_FMT,
                    STR_ARG(code), STR_ARG(now->sku), STR_ARG(number));
    }
    if (now->lot) {
        TRY(record_title(ctx, &lot_entity, now->lot, &number));
        return FAIL(ctx, E_INVALID, "oms.scan_lot",
                    STR_FMT " is not it: take " STR_FMT " of the lot " STR_FMT, STR_ARG(code),
                    STR_ARG(now->sku), STR_ARG(number));
    }
    return FAIL(ctx, E_INVALID, "oms.scan_article",
                STR_FMT " is not it: take " STR_FMT ", " STR_FMT, STR_ARG(code), STR_ARG(now->sku),
                STR_ARG(now->name));
}

static Status set_taken(Ctx *ctx, const Pick *pick, int64_t micro)
{
    Delivery delivery;
    if (micro > pick->quantity.micro)
        return FAIL(ctx, E_INVALID, "oms.scan_too_many",
                    "only " STR_FMT " of " STR_FMT " are wanted here",
                    STR_ARG(amount(ctx, pick->quantity.micro)), STR_ARG(pick->sku));
    TRY(delivery_load(ctx, pick->delivery, &delivery));
    EACH (row, delivery.picks)
        if (row->record.id == pick->id)
            row->taken.micro = micro;
    return delivery_save(ctx, &delivery);
}

static void say_taken(Ctx *ctx, const Pick *pick, int64_t taken, ScanSaid *ret)
{
    int64_t left = pick->quantity.micro - taken;
    ret->words = tr_format(ctx, "%s, the right article", str_c(ctx->arena, pick->sku));
    ret->more = left ? tr_format(ctx, "Scan %s more, or type the quantity", amount(ctx, left).ptr)
                     : tr_format(ctx, "All %s are taken", amount(ctx, taken).ptr);
}

static Status scan_code(Ctx *ctx, const Walk *walk, PickList *list, const ScanAct *act,
                        ScanSaid *ret)
{
    Scanned what;
    TRY(stock_scanned(ctx, act->code, &what));
    if (what.place)
        return go_to_bin(ctx, walk, list, act, &what, ret);
    const Pick *pick = pick_for(walk, &what);
    if (!pick)
        return refuse_article(ctx, walk, act->code);
    int64_t taken = pick->taken.micro + what.quantity.micro;
    TRY(set_taken(ctx, pick, taken));
    say_taken(ctx, pick, taken, ret);
    return OK;
}

// ---- Buttons ------------------------------------------------------------------------------------

static Status pick_of_line(Ctx *ctx, const Walk *walk, Id line, const Pick **ret)
{
    *ret = NULL;
    EACH (pick, walk->picks)
        if (pick->id == line)
            *ret = pick;
    if (!*ret || !is_here(walk, *ret))
        return FAIL(ctx, E_CONFLICT, "oms.scan_bin_first", "scan the bin first: go to " STR_FMT,
                    STR_ARG(walk->now->bin_code));
    return OK;
}

static Status leave_short(Ctx *ctx, const Walk *walk, Id line, ScanSaid *ret)
{
    EACH (pick, walk->picks) {
        Delivery delivery;
        if (pick->id != line)
            continue;
        TRY(delivery_load(ctx, pick->delivery, &delivery));
        TRY(delivery_pick_short(ctx, &delivery, line));
        ret->words = tr_format(ctx, "%s: noted as short", str_c(ctx->arena, pick->sku));
        return delivery_save(ctx, &delivery);
    }
    return FAIL(ctx, E_CONFLICT, "scan.over", "this is done already: nothing was changed");
}

static Status pack_all(Ctx *ctx, const Walk *walk)
{
    Id packed = 0;
    Delivery delivery;
    EACH (pick, walk->picks) {
        if (pick->delivery == packed)
            continue;
        TRY(delivery_load(ctx, pick->delivery, &delivery));
        if (delivery.state == GOODS_STATE_PICKING)
            TRY(action_do(ctx, &delivery_entity, &delivery, "pack", NULL));
        packed = pick->delivery;
    }
    return OK;
}

static Status finish(Ctx *ctx, const Walk *walk, PickList *list, ScanSaid *ret)
{
    if (walk->now)
        return FAIL(ctx, E_CONFLICT, "oms.scan_open", "there is still something to take: " STR_FMT,
                    STR_ARG(walk->now->sku));
    TRY(pack_all(ctx, walk));
    list->bin = 0;
    TRY(action_do(ctx, &pick_list_entity, list, "done", NULL));
    ret->next = record_url(ctx->arena, &pick_list_entity, list->record.id);
    flash_put(ctx, "ok", tr(ctx, "Everything is taken and packed."));
    return OK;
}

Status pick_scan_act(Ctx *ctx, void *record, const ScanAct *act, ScanSaid *ret)
{
    const Pick *pick;
    Walk walk;
    TRY(read_walk(ctx, record, &walk));
    *ret = (ScanSaid){ .tone = "ok" };
    if (str_is(act->verb, "done"))
        return finish(ctx, &walk, record, ret);
    if (str_is(act->verb, "fill") && !walk.now) {
        ret->words = tr(ctx, "Deliveries were taken in.");
        return action_do(ctx, &pick_list_entity, record, "fill", NULL);
    }
    if (!walk.now)
        return FAIL(ctx, E_CONFLICT, "scan.over", "this is done already: nothing was changed");
    if (str_is(act->verb, "code"))
        return scan_code(ctx, &walk, record, act, ret);
    if (str_is(act->verb, "short"))
        return leave_short(ctx, &walk, act->line, ret);
    TRY(pick_of_line(ctx, &walk, act->line, &pick));
    int64_t taken = str_is(act->verb, "all") ? pick->quantity.micro : act->quantity.value.micro;
    TRY(set_taken(ctx, pick, taken));
    say_taken(ctx, pick, taken, ret);
    return OK;
}
