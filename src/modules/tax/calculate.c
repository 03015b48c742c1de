// calculate.c - the arithmetic of taxes. No database, no clock, no settings: rates come in as
// rules, amounts come out.
//
// Each tax on each item is first an exact fraction: amount x rate / 1 000 000, or, where the price
// contains the tax, amount x rate / (1 000 000 + all rates that are charged). Fractions are rounded
// once, half away from zero, and what is rounded is what the company has chosen:
//
//   line      each tax of each item
//   rate      the sum of each tax at each rate
//   document  the sum of each tax
//
// A rounded sum is handed back to the items by money_split(), so items always add up to it. Taxes
// of different names are never mixed: CGST and SGST of equal rates come out equal, and a document
// of one item gives the same under all three.
#include "modules/tax/tax.h"

#include "kernel/i18n.h"

#include <assert.h>

typedef struct Piece {  // one tax on one item
    TaxItem *item;
    const TaxRule *rule;
    TaxPart *part;
    Wide above, below;  // the exact tax: above / below minor units; below > 0
    bool is_done;
} Piece;
typedef LIST(Piece) PieceList;

// ---- Sums of fractions --------------------------------------------------------------------------

typedef struct Exact {  // whole + above / below, with 0 <= above < below
    Wide whole, above, below;
} Exact;

static Wide common_divisor(Wide a, Wide b)
{
    while (b) {
        Wide rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

// False and unchanged when the common denominator outgrows its room. Denominators are below 2^32
// and those of real rates share most of their factors: 1.19 and 1.07 have 119 x 107.
static bool exact_add(Exact *sum, Wide above, Wide below)
{
    static const Wide room = (Wide)1 << 120;
    Wide shared = common_divisor(sum->below, below), times = below / shared;
    if (sum->below > room / times)
        return false;
    Wide common = sum->below * times;
    Wide whole = wide_div(above, below, ROUND_FLOOR), rest = above - whole * below;
    Wide fraction = sum->above * times + rest * (common / below);
    *sum = (Exact){ sum->whole + whole + fraction / common, fraction % common, common };
    return true;
}

// Half away from zero; `whole` is the floor, so a negative half stays where it is.
static Wide exact_round(const Exact *sum)
{
    Wide rest = sum->below - sum->above;
    bool is_up = sum->above > rest || (sum->above == rest && sum->whole >= 0);
    return sum->whole + (is_up ? 1 : 0);
}

// ---- What is taxed how --------------------------------------------------------------------------

static Wide charged_rates(const TaxRuleList *rules, Id tax_class)
{
    Wide sum = 0;
    EACH (rule, *rules)
        if (rule->tax_class == tax_class && !rule->is_reverse)
            sum += rule->rate.micro;
    return sum;
}

static Str explain(Ctx *ctx, const TaxRule *rule, bool is_included)
{
    if (is_included && !rule->is_reverse && rule->rate.micro && rule->why.len)
        return tr_format(ctx, "%s, contained in the price", str_c(ctx->arena, rule->why));
    return rule->why;
}

static void add_pieces(Ctx *ctx, const TaxRuleList *rules, bool is_included, TaxItem *item,
                       PieceList *pieces)
{
    Wide below = MICRO + (is_included ? charged_rates(rules, item->tax_class) : 0);
    item->taxes = (TaxPartList){ 0 };
    EACH (rule, *rules) {
        if (rule->tax_class != item->tax_class || item->tax_class == 0)
            continue;
        *list_push(ctx->arena, &item->taxes) = (TaxPart){ .component = rule->component,
                                                          .place = rule->place,
                                                          .rate = rule->rate,
                                                          .is_reverse = rule->is_reverse,
                                                          .why = explain(ctx, rule, is_included) };
        *list_push(ctx->arena, pieces) =
            (Piece){ .item = item,
                     .rule = rule,
                     .above = (Wide)item->amount.minor * rule->rate.micro,
                     .below = below };
    }
}

// Lists move while they grow, so the parts are pointed at only now.
static void point_at_parts(PieceList *pieces)
{
    size_t at = 0;
    const TaxItem *item = NULL;
    EACH (piece, *pieces) {
        at = piece->item == item ? at + 1 : 0;
        item = piece->item;
        piece->part = &piece->item->taxes.items[at];
    }
}

// ---- Rounding -----------------------------------------------------------------------------------

static Status round_lines(Ctx *ctx, PieceList *pieces)
{
    EACH (piece, *pieces)
        TRY(money_from_wide(ctx, piece->above, piece->below, ROUND_HALF_UP, &piece->part->tax));
    return OK;
}

static bool is_rounded_with(const Piece *piece, const Piece *first, TaxRounding how)
{
    const TaxRule *a = piece->rule, *b = first->rule;
    return a->component == b->component && a->is_reverse == b->is_reverse &&
           str_eq(a->place, b->place) &&
           (how == TAX_ROUNDING_DOCUMENT || a->rate.micro == b->rate.micro);
}

// Splits `total` over the pieces of one sign, in proportion to their exact taxes.
static void split_side(Ctx *ctx, Piece **group, size_t n, bool below_zero, Money total)
{
    Piece **side = NEW_ARRAY(ctx->arena, Piece *, n);
    Wide *exact = NEW_ARRAY(ctx->arena, Wide, n), sum = 0;
    size_t count = 0;
    int shift = 0;
    for (size_t i = 0; i < n; i++) {
        Wide micro = wide_div(group[i]->above * MICRO, group[i]->below, ROUND_HALF_UP);
        if ((micro < 0) != below_zero)
            continue;
        side[count] = group[i];
        exact[count] = below_zero ? -micro : micro;
        sum += exact[count++];
    }
    if (count == 0)
        return;
    while (sum >> shift > INT64_MAX)
        shift++;
    int64_t *weights = NEW_ARRAY(ctx->arena, int64_t, count);
    Money *parts = NEW_ARRAY(ctx->arena, Money, count);
    for (size_t i = 0; i < count; i++)
        weights[i] = (int64_t)(exact[i] >> shift);
    money_split(total, weights, count, parts);
    for (size_t i = 0; i < count; i++)
        side[i]->part->tax = parts[i];
}

// What is above zero gets its own rounded sum and what is below the rest of the whole: a discount
// line then carries its tax, not a share of everybody's.
static Status hand_out(Ctx *ctx, Piece **group, size_t n, const Exact *sum, const Exact *positive)
{
    Money total, upper;
    bool has_negative = false;
    for (size_t i = 0; i < n; i++)
        has_negative |= group[i]->above < 0;
    TRY(wide_fit(ctx, exact_round(sum), &total.minor));
    TRY(wide_fit(ctx, exact_round(positive), &upper.minor));
    upper = has_negative ? upper : total;
    split_side(ctx, group, n, false, upper);
    split_side(ctx, group, n, true, (Money){ total.minor - upper.minor });
    return OK;
}

static Status round_group(Ctx *ctx, PieceList *pieces, Piece *first, TaxRounding how, Piece **group)
{
    Exact sum = { .below = 1 }, positive = { .below = 1 };
    size_t n = 0;
    for (Piece *piece = first; piece != list_end(*pieces); piece++) {
        if (piece->is_done || !is_rounded_with(piece, first, how) ||
            !exact_add(&sum, piece->above, piece->below))
            continue;
        bool fits = piece->above <= 0 || exact_add(&positive, piece->above, piece->below);
        assert(fits);  // fewer fractions than in `sum`
        piece->is_done = true;
        group[n++] = piece;
    }
    assert(first->is_done);
    return hand_out(ctx, group, n, &sum, &positive);
}

static Status round_groups(Ctx *ctx, PieceList *pieces, TaxRounding how)
{
    Piece **group = NEW_ARRAY(ctx->arena, Piece *, pieces->len + 1);
    EACH (piece, *pieces)
        if (!piece->is_done)
            TRY(round_group(ctx, pieces, piece, how, group));
    return OK;
}

// ---- Totals -------------------------------------------------------------------------------------

static Status total_item(Ctx *ctx, bool is_included, TaxItem *item, Money *reverse)
{
    item->tax = (Money){ 0 };
    EACH (part, item->taxes) {
        Money *sum = part->is_reverse ? reverse : &item->tax;
        TRY(money_add(ctx, *sum, part->tax, sum));
    }
    item->net = item->amount;
    if (is_included)
        TRY(money_sub(ctx, item->amount, item->tax, &item->net));
    EACH (part, item->taxes)
        part->taxable = item->net;
    return OK;
}

static Status round_total(Ctx *ctx, TaxDocument *document)
{
    Money exact;
    TRY(money_add(ctx, document->net, document->tax, &exact));
    document->total = exact;
    if (document->round_to.minor > 0) {
        Wide steps = wide_div(exact.minor, document->round_to.minor, ROUND_HALF_UP);
        TRY(wide_fit(ctx, steps * document->round_to.minor, &document->total.minor));
    }
    return money_sub(ctx, document->total, exact, &document->rounding_difference);
}

Status tax_calculate(Ctx *ctx, const TaxRuleList *rules, TaxDocument *document)
{
    PieceList pieces = { 0 };
    Money zero = { 0 };
    for (size_t i = 0; i < document->count; i++)
        add_pieces(ctx, rules, document->is_tax_included, &document->items[i], &pieces);
    point_at_parts(&pieces);
    TRY(document->rounding == TAX_ROUNDING_LINE ? round_lines(ctx, &pieces)
                                                : round_groups(ctx, &pieces, document->rounding));
    document->net = document->tax = document->reverse_tax = zero;
    for (size_t i = 0; i < document->count; i++) {
        TaxItem *item = &document->items[i];
        TRY(total_item(ctx, document->is_tax_included, item, &document->reverse_tax));
        TRY(money_add(ctx, document->net, item->net, &document->net));
        TRY(money_add(ctx, document->tax, item->tax, &document->tax));
    }
    return round_total(ctx, document);
}
