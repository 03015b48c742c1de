// landed.c - what it cost to get goods here: freight, duty, insurance. Each charge is split over
// the receipt's lines by value, quantity, weight or volume, and added to what came in by them, also
// weeks later: what is left of it is worth more, and what was sold of it has cost more.
#include "modules/inventory/document.h"

typedef struct Share {  // one line of the receipt
    const ReceiptLine *line;
    Wide weight;
} Share;
typedef LIST(Share) ShareList;

// ---- Weights ------------------------------------------------------------------------------------

static Status weigh(Ctx *ctx, SplitBasis basis, const ReceiptLine *line, Wide *ret)
{
    VariantFacts variant;
    *ret = line->amount.minor;
    if (basis == SPLIT_BASIS_VALUE)
        return OK;
    *ret = line->quantity.micro;
    if (basis == SPLIT_BASIS_QUANTITY)
        return OK;
    TRY(variant_facts(ctx, line->variant, &variant));
    *ret *= basis == SPLIT_BASIS_WEIGHT ? variant.weight_g : variant.volume_mm3;
    return OK;
}

// Products of quantity and volume do not fit: all are made smaller alike, to 40 bits.
static void fit_weights(const ShareList *shares, int64_t *weights)
{
    Wide most = 0;
    int shift = 0;
    EACH (share, *shares)
        most = share->weight > most ? share->weight : most;
    while ((most >> shift) >= (Wide)1 << 40)
        shift++;
    for (size_t i = 0; i < shares->len; i++)
        weights[i] = (int64_t)(shares->items[i].weight >> shift);
}

static Status check_weights(Ctx *ctx, SplitBasis basis, const ShareList *shares)
{
    EACH (share, *shares)
        if (share->weight > 0)
            return OK;
    return FAIL(ctx, E_CONFLICT, "landed_cost.no_weights",
                "the goods have nothing to split by: '%s' is 0 for all of them",
                split_basis_enum.values[basis].label);
}

// ---- Adding -------------------------------------------------------------------------------------

// A line whose goods came one by one gives each its part.
static Status add_to_line(Ctx *ctx, const LandedCost *cost, const ReceiptLine *line, Money amount)
{
    StockMoveListOf moves = { 0 };
    TRY(line_moves(ctx, line->record.id, MOVE_KIND_RECEIPT, &moves));
    if (moves.len == 0 || amount.minor == 0)
        return OK;
    Money *parts = NEW_ARRAY(ctx->arena, Money, moves.len);
    int64_t *weights = NEW_ARRAY(ctx->arena, int64_t, moves.len);
    for (size_t i = 0; i < moves.len; i++)
        weights[i] = moves.items[i].quantity.micro;
    money_split(amount, weights, moves.len, parts);
    for (size_t i = 0; i < moves.len; i++)
        if (parts[i].minor)
            TRY(stock_add_cost(ctx, moves.items[i].record.id, parts[i], cost->costed_on,
                               (Link){ &landed_cost_entity, cost->record.id }));
    return OK;
}

static Status split_charge(Ctx *ctx, const LandedCost *cost, const GoodsReceipt *receipt,
                           const LandedCharge *charge, Money *totals)
{
    Money base;
    ShareList shares = { 0 };
    SplitBasis basis = charge->basis ? charge->basis : cost->basis;
    Money *parts = NEW_ARRAY(ctx->arena, Money, receipt->lines.len);
    int64_t *weights = NEW_ARRAY(ctx->arena, int64_t, receipt->lines.len);
    TRY(money_convert(ctx, charge->amount, cost->currency, ctx->tenant->base, cost->fx, &base));
    EACH (line, receipt->lines) {
        Share *share = list_push(ctx->arena, &shares);
        share->line = line;
        TRY(weigh(ctx, basis, line, &share->weight));
    }
    TRY(check_weights(ctx, basis, &shares));
    fit_weights(&shares, weights);
    money_split(base, weights, shares.len, parts);
    for (size_t i = 0; i < shares.len; i++)
        TRY(money_add(ctx, totals[i], parts[i], &totals[i]));
    return OK;
}

Status landed_check(Ctx *ctx, void *record, const void *before)
{
    LandedCost *cost = record;
    Money total = { 0 };
    (void)before;
    EACH (charge, cost->charges)
        TRY(money_add(ctx, total, charge->amount, &total));
    cost->total = total;
    return OK;
}

Status landed_post(Ctx *ctx, void *record, const void *input)
{
    LandedCost *cost = record;
    GoodsReceipt receipt;
    (void)input;
    if (cost->charges.len == 0)
        return FAIL(ctx, E_CONFLICT, "landed_cost.no_charges", "there is no charge to add");
    TRY(goods_receipt_load(ctx, cost->receipt, &receipt));
    if (receipt.state != RECEIPT_STATE_POSTED)
        return FAIL(ctx, E_CONFLICT, "landed_cost.not_received",
                    "receipt " STR_FMT " is not posted yet", STR_ARG(receipt.number));
    TRY(stock_fx(ctx, cost->currency, cost->costed_on, &cost->fx));
    Money *totals = NEW_ARRAY(ctx->arena, Money, receipt.lines.len);
    EACH (charge, cost->charges)
        TRY(split_charge(ctx, cost, &receipt, charge, totals));
    for (size_t i = 0; i < receipt.lines.len; i++)
        TRY(add_to_line(ctx, cost, &receipt.lines.items[i], totals[i]));
    return OK;
}
