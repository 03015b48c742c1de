// rules.c - the rates that hold for some classes, there and then. What is taxed where follows from
// place.c; which rate that is, from dated rows: of each class, component and scope the latest that
// had begun, in the deepest place there is (the state before the country).
#include "modules/tax/place.h"

#include "kernel/db/kept.h"
#include "kernel/i18n.h"
#include "kernel/tenant.h"
#include "modules/tax/region.h"

// ---- What there is ------------------------------------------------------------------------------

typedef struct RateRow {
    Id tax_class;
    TaxComponent component;
    TaxScope scope;
    Rate rate;
    Str place, law;
    Date valid_to;
} RateRow;
typedef LIST(RateRow) RateRowList;

static bool is_same(const RateRow *a, const RateRow *b)
{
    return a->tax_class == b->tax_class && a->component == b->component && a->scope == b->scope;
}

static Str place_code(Ctx *ctx, Str country, Str region)
{
    Str code = region_code(country, region);
    return code.len ? str_format(ctx->arena, STR_FMT "-" STR_FMT, STR_ARG(country), STR_ARG(code))
                    : S("");
}

// The rows come in the order of preference, so the first of each kind is the one; one that has
// ended by then stands for "none".
static Status read_rates(Ctx *ctx, const TaxPlan *plan, Date on, RateRowList *ret)
{
    RateRow row = { 0 };
    Str component, scope;
    MaybeInt valid_to;
    Str region = place_code(ctx, plan->country, plan->region);
    Rows *rows = kept_query(
        ctx, SQL("SELECT r.tax_class_id, r.component, r.scope, r.rate, p.place_code, r.law,"
                 " r.valid_to FROM tax_rate r JOIN tax_place p ON p.id = r.place_id"
                 " WHERE p.place_code IN ($1, $2) AND r.valid_from <= $3 AND r.archived = 0"
                 " ORDER BY r.tax_class_id, r.component, r.scope, p.path DESC, r.valid_from DESC",
                 plan->country, region, on));
    *ret = (RateRowList){ 0 };
    while (rows_next(rows, &row.tax_class, &component, &scope, &row.rate, &row.place, &row.law,
                     &valid_to)) {
        row.component = (TaxComponent)enum_value(&tax_component_enum, component);
        row.scope = (TaxScope)enum_value(&tax_scope_enum, scope);
        row.valid_to = (Date)valid_to.value;
        if (ret->len == 0 || !is_same(&row, &ret->items[ret->len - 1]))
            *list_push(ctx->arena, ret) = row;
    }
    return rows_end(rows);
}

// ---- What of it holds ---------------------------------------------------------------------------

static bool is_asked(Id tax_class, const Id *classes, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (classes[i] == tax_class)
            return true;
    return false;
}

// What leaves the country at 0 % shows the components it would have had between regions.
static bool has_scope(const TaxPlan *plan, const RateRow *row, bool has_export)
{
    if (row->scope == TAX_SCOPE_ANY || row->scope == plan->scope)
        return true;
    if (plan->scope == TAX_SCOPE_EXPORT)
        return !has_export && row->scope == TAX_SCOPE_BETWEEN;
    return row->scope == TAX_SCOPE_REVERSE;
}

static Str why_of(Ctx *ctx, const TaxPlan *plan, const RateRow *row)
{
    if (plan->why)
        return tr(ctx, plan->why);
    if (row->scope == TAX_SCOPE_REVERSE)
        return tr(ctx, TEXT("the buyer owes the tax"));
    Str rate = show_percent(ctx, row->rate);
    return row->law.len ? tr_format(ctx, "%s in %s, %s", rate.ptr, str_c(ctx->arena, row->place),
                                    str_c(ctx->arena, row->law))
                        : tr_format(ctx, "%s in %s", rate.ptr, str_c(ctx->arena, row->place));
}

static void add_rule(Ctx *ctx, const TaxPlan *plan, const RateRow *row, TaxRuleList *ret)
{
    // An export at a rate of its own is charged that rate, to be claimed back.
    bool is_zero = plan->is_zero && row->scope != TAX_SCOPE_EXPORT;
    *list_push(ctx->arena, ret) =
        (TaxRule){ .tax_class = row->tax_class,
                   .component = row->component,
                   .rate = is_zero ? (Rate){ 0 } : row->rate,
                   .place = row->place,
                   .is_reverse = plan->is_reverse || row->scope == TAX_SCOPE_REVERSE,
                   .why = why_of(ctx, plan, row) };
}

static Status home_facts(Ctx *ctx, const TaxWhere *where, PlaceFacts *ret)
{
    bool found, has_regions = false;
    int64_t abroad = 0;
    TRY(kept_maybe(
        ctx, SQL("SELECT has_regions FROM tax_place WHERE place_code = $1", where->from_country),
        &found, &has_regions));
    if (where->to_country.len && !str_eq(where->to_country, where->from_country))
        TRY(db_one(ctx,
                   SQL("SELECT count(*) FROM tax_rate r JOIN tax_place p ON p.id = r.place_id"
                       " WHERE p.place_code = $1 AND r.valid_from <= $2 AND r.archived = 0",
                       where->to_country, where->on),
                   &abroad));
    *ret = (PlaceFacts){ .has_regions = found && has_regions, .is_home_abroad = abroad > 0 };
    return OK;
}

Status tax_rules(Ctx *ctx, const TaxWhere *given, const Id *classes, size_t count, TaxRuleList *ret)
{
    TaxWhere where = *given;
    PlaceFacts facts;
    RateRowList rates;
    bool has_export = false;
    if (where.from_country.len == 0)
        where.from_country = ctx->tenant->country;
    TRY(home_facts(ctx, &where, &facts));
    TaxPlan plan = tax_plan(&where, &facts);
    TRY(read_rates(ctx, &plan, where.on, &rates));
    *ret = (TaxRuleList){ 0 };
    EACH (row, rates)
        has_export |=
            row->scope == TAX_SCOPE_EXPORT && (!row->valid_to || row->valid_to > where.on);
    EACH (row, rates)
        if ((!row->valid_to || row->valid_to > where.on) && has_scope(&plan, row, has_export) &&
            is_asked(row->tax_class, classes, count))
            add_rule(ctx, &plan, row, ret);
    return OK;
}

// Short regions only ("US-CA"): longer ones are words, and no code.
Str tax_place_text(Ctx *ctx, Str country, Str region)
{
    Str code = region_code(country, region);
    return code.len && code.len <= 3 ? place_code(ctx, country, region) : country;
}

// ---- Both in one --------------------------------------------------------------------------------

Status tax_default_class(Ctx *ctx, Id *ret)
{
    bool found;
    Id id = 0;
    TRY(kept_maybe(ctx,
                   SQL("SELECT id FROM tax_class WHERE is_default = 1 AND archived = 0"
                       " ORDER BY id LIMIT 1"),
                   &found, &id));
    *ret = found ? id : 0;
    return OK;
}

static Status fill_classes(Ctx *ctx, TaxDocument *document, IdList *classes)
{
    Id standard = 0;
    bool asked = false;
    for (size_t i = 0; i < document->count; i++) {
        TaxItem *item = &document->items[i];
        if (item->tax_class == 0 && !asked) {
            TRY(tax_default_class(ctx, &standard));
            asked = true;
        }
        if (item->tax_class == 0)
            item->tax_class = standard;
        if (!is_asked(item->tax_class, classes->items, classes->len))
            *list_push(ctx->arena, classes) = item->tax_class;
    }
    return OK;
}

Status tax_apply(Ctx *ctx, const TaxWhere *where, TaxDocument *document)
{
    TaxRuleList rules;
    IdList classes = { 0 };
    TRY(fill_classes(ctx, document, &classes));
    TRY(tax_rules(ctx, where, classes.items, classes.len, &rules));
    document->rounding = (TaxRounding)setting_enum(ctx, "tax.rounding");
    if (currency_eq(document->currency, ctx->tenant->base))
        document->round_to.minor = setting_int(ctx, "tax.round_total_to");
    return tax_calculate(ctx, &rules, document);
}
