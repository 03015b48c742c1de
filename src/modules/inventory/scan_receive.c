// scan_receive.c - a goods receipt filled with a scanner: each article that is scanned is one more
// of its line; a bin that is scanned in between says where what follows is put.
#include "modules/inventory/document.h"

#include "kernel/auth/actor.h"
#include "kernel/i18n.h"
#include "web/web.h"

// ---- The page -----------------------------------------------------------------------------------

static Status show_line(Ctx *ctx, const ReceiptLine *line, const VariantFacts *facts,
                        ScanPage *page)
{
    page->line = line->record.id;
    page->name = facts->name;
    page->sku = facts->sku;
    page->counted = tr(ctx, "Received");
    page->quantity = line->quantity;
    page->digits = facts->unit_digits;
    return line->lot ? record_title(ctx, &lot_entity, line->lot, &page->facts) : OK;
}

static Status show_rows(Ctx *ctx, const GoodsReceipt *receipt, Id here, ScanPage *page)
{
    for (size_t i = receipt->lines.len; i-- > 0 && page->rows.len < SCAN_ROWS_MAX;) {
        const ReceiptLine *line = &receipt->lines.items[i];
        VariantFacts facts;
        TRY(variant_facts(ctx, line->variant, &facts));
        *list_push(ctx->arena, &page->rows) =
            (ScanRow){ .label = facts.sku,
                       .second = facts.name,
                       .count = show_qty(ctx, line->quantity, facts.unit_digits),
                       .is_done = line->record.id != here,
                       .is_here = line->record.id == here };
        if (line->record.id == here)
            TRY(show_line(ctx, line, &facts, page));
    }
    return OK;
}

Status receipt_scan_show(Ctx *ctx, const void *record, Id line, ScanPage *ret)
{
    const GoodsReceipt *receipt = record;
    StockPlace place;
    Str supplier;
    TRY(stock_place(ctx, receipt->bin ? receipt->bin : receipt->warehouse, &place));
    TRY(record_title(ctx, &party_entity, receipt->supplier, &supplier));
    ret->note = tr_plural(ctx, "%lld line", "%lld lines", (int64_t)receipt->lines.len);
    ret->note =
        str_format(ctx->arena, STR_FMT " · " STR_FMT, STR_ARG(supplier), STR_ARG(ret->note));
    ret->task = tr(ctx, "Put to");
    ret->place = place.code;
    ret->first.label = tr(ctx, "Use this code");
    TRY(show_rows(ctx, receipt, line, ret));
    if (receipt->lines.len && actor_may(ctx->actor, "inventory.post"))
        ret->second = (ScanButton){ tr(ctx, "Post the receipt"), NULL,
                                    record_page_url(ctx->arena, &goods_receipt_entity,
                                                    receipt->record.id, "do/post") };
    return OK;
}

// ---- Scans --------------------------------------------------------------------------------------

static Status put_to(Ctx *ctx, GoodsReceipt *receipt, Id id, ScanSaid *ret)
{
    StockPlace place, whole;
    TRY(stock_place(ctx, id, &place));
    TRY(stock_place(ctx, receipt->warehouse, &whole));
    if (place.warehouse != whole.warehouse)
        return FAIL(ctx, E_INVALID, "receipt_line.place",
                    "goods are put to a place in the warehouse");
    receipt->bin = id;
    ret->words = tr_format(ctx, "What follows is put to %s", str_c(ctx->arena, place.code));
    return goods_receipt_save(ctx, receipt);
}

static Status check_kind(Ctx *ctx, const VariantFacts *facts, const Scanned *what)
{
    if (facts->has_serials)
        return FAIL(ctx, E_INVALID, "goods_receipt.serials",
                    STR_FMT " has serial numbers: enter them in the receipt", STR_ARG(facts->sku));
    if (facts->has_lots && !what->lot)
        return FAIL(ctx, E_INVALID, "goods_receipt.lot",
                    STR_FMT " is kept in lots: scan the number of the lot", STR_ARG(facts->sku));
    return OK;
}

static size_t line_here(Ctx *ctx, GoodsReceipt *receipt, const Scanned *what)
{
    for (size_t i = 0; i < receipt->lines.len; i++) {
        const ReceiptLine *line = &receipt->lines.items[i];
        if (line->variant == what->variant && line->lot == what->lot &&
            line->place == receipt->bin && line->status == STOCK_STATUS_FREE)
            return i;
    }
    *list_push(ctx->arena, &receipt->lines) = (ReceiptLine){ .variant = what->variant,
                                                             .lot = what->lot,
                                                             .place = receipt->bin,
                                                             .status = STOCK_STATUS_FREE };
    return receipt->lines.len - 1;
}

static Status say_received(Ctx *ctx, const ReceiptLine *line, ScanSaid *ret)
{
    VariantFacts facts;
    TRY(variant_facts(ctx, line->variant, &facts));
    ret->line = line->record.id;
    ret->words = tr_format(ctx, "%s: %s received", str_c(ctx->arena, facts.sku),
                           str_c(ctx->arena, show_qty(ctx, line->quantity, facts.unit_digits)));
    return OK;
}

static Status one_more(Ctx *ctx, GoodsReceipt *receipt, const Scanned *what, ScanSaid *ret)
{
    VariantFacts facts;
    TRY(variant_facts(ctx, what->variant, &facts));
    TRY(check_kind(ctx, &facts, what));
    size_t at = line_here(ctx, receipt, what);
    receipt->lines.items[at].quantity.micro += what->quantity.micro;
    TRY(goods_receipt_save(ctx, receipt));
    return say_received(ctx, &receipt->lines.items[at], ret);
}

static Status scan_code(Ctx *ctx, GoodsReceipt *receipt, Str code, ScanSaid *ret)
{
    Scanned what;
    TRY(stock_scanned(ctx, code, &what));
    if (what.place)
        return put_to(ctx, receipt, what.place, ret);
    return one_more(ctx, receipt, &what, ret);
}

// ---- The quantity, typed ------------------------------------------------------------------------

// None of it: the line goes.
static Status set_received(Ctx *ctx, GoodsReceipt *receipt, const ScanAct *act, ScanSaid *ret)
{
    for (size_t at = 0; at < receipt->lines.len; at++) {
        ReceiptLine *line = &receipt->lines.items[at];
        if (line->record.id != act->line || !act->quantity.known)
            continue;
        line->quantity = act->quantity.value;
        if (line->quantity.micro == 0) {
            ret->words = tr(ctx, "The line is gone.");
            list_remove(&receipt->lines, at);
            return goods_receipt_save(ctx, receipt);
        }
        TRY(goods_receipt_save(ctx, receipt));
        return say_received(ctx, line, ret);
    }
    return FAIL(ctx, E_CONFLICT, "scan.over", "this is done already: nothing was changed");
}

Status receipt_scan_act(Ctx *ctx, void *record, const ScanAct *act, ScanSaid *ret)
{
    *ret = (ScanSaid){ .tone = "ok" };
    if (str_is(act->verb, "code"))
        return scan_code(ctx, record, act->code, ret);
    return set_received(ctx, record, act, ret);
}
