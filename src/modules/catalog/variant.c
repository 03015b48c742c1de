// variant.c - what other modules ask of a variant: its facts in one statement, itself by SKU or
// barcode, and how many base units a unit of it is.
#include "modules/catalog/catalog.h"

#include "kernel/db/kept.h"
#include "kernel/entity/memo.h"

static const MemoKind facts_memo = { (const EntityDef *const[]){ &variant_entity, &product_entity,
                                                                 &unit_entity, NULL } };

static Status read_facts(Ctx *ctx, Id variant, VariantFacts *ret)
{
    VariantFacts facts = { .id = variant };
    Str kind;
    bool found;
    Query query = SQL(
        "SELECT v.product_id, COALESCE(p.category_id, 0), p.unit_id, COALESCE(p.tax_class_id, 0),"
        " v.sku, CASE WHEN v.name <> '' THEN v.name ELSE p.name END, u.unit_code, p.hsn, p.kind,"
        " CASE WHEN v.is_active = 1 AND p.state = 'active' THEN 1 ELSE 0 END, p.is_stocked,"
        " p.has_lots, p.has_serials, p.is_returnable,"
        " CASE WHEN v.weight_g > 0 THEN v.weight_g ELSE p.weight_g END, p.length_mm *"
        " p.width_mm * p.height_mm, p.lead_days, u.digits,"
        " p.limited_below FROM variant v JOIN product p ON p.id = v.product_id"
        " JOIN unit u ON u.id = p.unit_id WHERE v.id = $1",
        variant);
    TRY(kept_maybe(ctx, query, &found, &facts.product, &facts.category, &facts.unit,
                   &facts.tax_class, &facts.sku, &facts.name, &facts.unit_code, &facts.hsn, &kind,
                   &facts.is_active, &facts.is_stocked, &facts.has_lots, &facts.has_serials,
                   &facts.is_returnable, &facts.weight_g, &facts.volume_mm3, &facts.lead_days,
                   &facts.unit_digits, &facts.limited_below));
    if (!found)
        return FAIL(ctx, E_NOT_FOUND, "variant.not_found", "there is no such variant");
    facts.kind = (ProductKind)enum_value(&product_kind_enum, kind);
    *ret = facts;
    return OK;
}

Status variant_facts(Ctx *ctx, Id variant, VariantFacts *ret)
{
    const VariantFacts *known = memo_get(ctx, &facts_memo, 0, variant);
    if (known) {
        *ret = *known;
        return OK;
    }
    VariantFacts *facts = NEW(ctx->arena, VariantFacts);
    TRY(read_facts(ctx, variant, facts));
    memo_put(ctx, &facts_memo, 0, variant, facts);
    *ret = *facts;
    return OK;
}

Status variant_by_sku(Ctx *ctx, Str sku, Id *ret)
{
    Id id = 0;
    bool found;
    TRY(db_maybe(ctx, SQL("SELECT id FROM variant WHERE sku = $1", sku), &found, &id));
    *ret = id;
    return OK;
}

// A pack has a barcode of its own; it leads to the product's only variant.
static Status variant_by_pack(Ctx *ctx, Str code, Id *ret, Qty *ret_quantity)
{
    int64_t count = 0, numerator = 0, denominator = 1;
    Query query = SQL("SELECT COALESCE(min(v.id), 0), count(*), COALESCE(min(u.numerator), 0),"
                      " COALESCE(min(u.denominator), 1) FROM product_unit u"
                      " JOIN variant v ON v.product_id = u.product_id WHERE u.barcode = $1",
                      code);
    TRY(db_one(ctx, query, ret, &count, &numerator, &denominator));
    if (count > 1)
        *ret = 0;
    ret_quantity->micro = (int64_t)((Wide)numerator * MICRO / denominator);
    return OK;
}

static Status variant_by_any_barcode(Ctx *ctx, Str code, Id *ret, Qty *ret_quantity)
{
    Id id = 0;
    bool found;
    *ret = 0;
    *ret_quantity = (Qty){ MICRO };
    if (code.len == 0)
        return OK;
    TRY(db_maybe(ctx, SQL("SELECT id FROM variant WHERE barcode = $1", code), &found, &id));
    *ret = id;
    return found ? OK : variant_by_pack(ctx, code, ret, ret_quantity);
}

Status variant_by_barcode(Ctx *ctx, Str code, Id *ret)
{
    Qty quantity;
    return variant_by_any_barcode(ctx, code, ret, &quantity);
}

Status variant_by_label(Ctx *ctx, Str code, Id *ret, Qty *ret_quantity)
{
    TRY(variant_by_any_barcode(ctx, code, ret, ret_quantity));
    if (*ret)
        return OK;
    *ret_quantity = (Qty){ MICRO };
    return variant_by_sku(ctx, code, ret);
}

Status variant_unit(Ctx *ctx, const VariantFacts *variant, Id unit, int64_t *ret_numerator,
                    int64_t *ret_denominator)
{
    bool found;
    int64_t numerator = 1, denominator = 1;
    if (unit && unit != variant->unit) {
        Query query = SQL("SELECT numerator, denominator FROM product_unit"
                          " WHERE product_id = $1 AND unit_id = $2",
                          variant->product, unit);
        TRY(db_maybe(ctx, query, &found, &numerator, &denominator));
        if (!found)
            return FAIL(ctx, E_INVALID, "catalog.unit", STR_FMT " is not sold in this unit",
                        STR_ARG(variant->sku));
    }
    *ret_numerator = numerator;
    *ret_denominator = denominator;
    return OK;
}
