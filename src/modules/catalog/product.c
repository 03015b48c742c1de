// product.c - what is kept true of products: a product without options has one variant, and every
// variant of one with options is one choice for each of them, no combination twice. Variants are
// told apart by their signature, the ids of their choices in the options' order.
#include "modules/catalog/product.h"

enum { VARIANTS_MAX = 2000 };

// ---- Signatures ---------------------------------------------------------------------------------

static const OptionValue *value_with_id(const ProductOption *option, Id id)
{
    EACH (value, option->values)
        if (value->record.id == id)
            return value;
    return NULL;
}

static const OptionValue *chosen(const ProductOption *option, const Variant *variant)
{
    EACH (choice, variant->choices) {
        const OptionValue *value = value_with_id(option, *choice);
        if (value)
            return value;
    }
    return NULL;
}

static Str joined(Ctx *ctx, Str a, const char *between, Str b)
{
    return a.len ? str_format(ctx->arena, STR_FMT "%s" STR_FMT, STR_ARG(a), between, STR_ARG(b))
                 : b;
}

// Name and signature follow from the choices; false when an option has none, or two.
static bool describe(Ctx *ctx, const Product *product, Variant *variant)
{
    Str signature = S(""), name = S("");
    size_t found = 0;
    EACH (option, product->options) {
        const OptionValue *value = chosen(option, variant);
        if (!value)
            continue;
        found++;
        signature = joined(ctx, signature, "-", id_text(ctx->arena, value->record.id));
        name = joined(ctx, name, ", ", value->name);
    }
    variant->signature = signature;
    variant->name = name.len ? joined(ctx, product->name, ", ", name) : S("");
    return found == product->options.len && found == variant->choices.len;
}

static bool is_repeated(const Product *product, size_t at)
{
    for (size_t i = 0; i < at; i++)
        if (str_eq(product->variants.items[i].signature, product->variants.items[at].signature))
            return true;
    return false;
}

static void check_variant(Ctx *ctx, Product *product, size_t at)
{
    Str path = str_format(ctx->arena, "variants[%zu].choices", at);
    if (!describe(ctx, product, &product->variants.items[at]))
        ctx_problem(ctx, path, "variant.choices", "a variant is one choice of every option");
    else if (is_repeated(product, at))
        ctx_problem(ctx, path, "variant.signature", "there is a variant of these choices already");
}

static void add_only_variant(Ctx *ctx, Product *product)
{
    if (product->variants.len || product->options.len)
        return;
    Variant *only = list_push(ctx->arena, &product->variants);
    only->sku = product->sku;
    only->is_active = true;
}

// ---- Attributes ---------------------------------------------------------------------------------

static bool is_given(AttributeKind kind, const AttributeValue *value)
{
    switch (kind) {
    case ATTRIBUTE_KIND_TEXT: return value->words.len > 0;
    case ATTRIBUTE_KIND_NUMBER:
    case ATTRIBUTE_KIND_YES_NO: return value->amount.known;
    case ATTRIBUTE_KIND_PICK:
    case ATTRIBUTE_KIND_SEVERAL: return value->option != 0;
    case ATTRIBUTE_KIND_DATE: return value->day != 0;
    case ATTRIBUTE_KIND_NONE: break;
    }
    return false;
}

static Status option_fits(Ctx *ctx, const AttributeValue *value, bool *ret)
{
    Id attribute = 0;
    *ret = true;
    if (!value->option)
        return OK;
    TRY(db_maybe(ctx, SQL("SELECT attribute_id FROM attribute_option WHERE id = $1", value->option),
                 ret, &attribute));
    *ret = *ret && attribute == value->attribute;
    return OK;
}

static Status check_value(Ctx *ctx, const AttributeValue *value, size_t at)
{
    Str kind, path = str_format(ctx->arena, "values[%zu]", at);
    bool found, fits;
    if (!value->attribute)
        return OK;  // the declaration says that one is required
    TRY(db_maybe(ctx, SQL("SELECT kind FROM attribute WHERE id = $1", value->attribute), &found,
                 &kind));
    TRY(option_fits(ctx, value, &fits));
    if (found && !is_given((AttributeKind)enum_value(&attribute_kind_enum, kind), value))
        ctx_problem(ctx, path, "attribute_value.kind",
                    "this attribute needs a value of its own kind");
    else if (!fits)
        ctx_problem(ctx, path, "attribute_value.option",
                    "this choice belongs to another attribute");
    return OK;
}

static bool has_value(const Product *product, Id attribute)
{
    EACH (value, product->values)
        if (value->attribute == attribute)
            return true;
    return false;
}

// What the category asks for must be there before the product is sold.
Status product_check_complete(Ctx *ctx, const void *record)
{
    const Product *product = record;
    Id attribute;
    Str name, missing = S("");
    Rows *rows =
        db_query(ctx, SQL("SELECT a.id, a.name FROM category_attribute c"
                          " JOIN attribute a ON a.id = c.attribute_id"
                          " WHERE c.category_id = $1 AND c.is_needed = 1 ORDER BY c.position",
                          product->category));
    while (rows_next(rows, &attribute, &name))
        if (!has_value(product, attribute))
            missing = joined(ctx, missing, ", ", name);
    TRY(rows_end(rows));
    if (missing.len)
        return FAIL(ctx, E_CONFLICT, "product.incomplete", "its category asks for: " STR_FMT,
                    STR_ARG(missing));
    return product->variants.len
             ? OK
             : FAIL(ctx, E_CONFLICT, "product.no_variants", "it has no variants yet");
}

// ---- Saving -------------------------------------------------------------------------------------

static void check_units(Ctx *ctx, const Product *product)
{
    for (size_t i = 0; i < product->units.len; i++)
        if (product->units.items[i].unit == product->unit)
            ctx_problem(ctx, str_format(ctx->arena, "units[%zu].unit", i), "product_unit.base",
                        "this is the unit it is counted in already");
}

Status product_check(Ctx *ctx, void *record, const void *before)
{
    Product *product = record;
    (void)before;
    add_only_variant(ctx, product);
    if (product->options.len > PRODUCT_OPTIONS_MAX)
        ctx_problem(ctx, S("options"), "product.options", "a product has at most %d options",
                    PRODUCT_OPTIONS_MAX);
    if (product->variants.len > VARIANTS_MAX)
        return FAIL(ctx, E_INVALID, "catalog.too_many", "a product has at most %d variants",
                    VARIANTS_MAX);
    for (size_t i = 0; i < product->variants.len; i++)
        check_variant(ctx, product, i);
    for (size_t i = 0; i < product->values.len; i++)
        TRY(check_value(ctx, &product->values.items[i], i));
    check_units(ctx, product);
    return ctx_problems(ctx);
}

// ---- The matrix ---------------------------------------------------------------------------------

static bool has_signature(const Product *product, Str signature)
{
    EACH (variant, product->variants)
        if (str_eq(variant->signature, signature))
            return true;
    return false;
}

Variant product_combine(Ctx *ctx, const Product *product, const size_t *picks)
{
    Variant variant = { .sku = product->sku, .is_active = true };
    for (size_t i = 0; i < product->options.len; i++) {
        const OptionValue *value = &product->options.items[i].values.items[picks[i]];
        *list_push(ctx->arena, &variant.choices) = value->record.id;
        variant.sku = joined(ctx, variant.sku, "-", value->value_code);
    }
    describe(ctx, product, &variant);
    return variant;
}

// Counts the picks up like an odometer, the last option first; false after the last combination.
bool product_next_picks(const Product *product, size_t *picks)
{
    for (size_t i = product->options.len; i-- > 0;) {
        if (++picks[i] < product->options.items[i].values.len)
            return true;
        picks[i] = 0;
    }
    return false;
}

Status product_check_matrix(Ctx *ctx, const Product *product)
{
    size_t count = 1;
    if (product->options.len == 0 || product->options.len > PRODUCT_OPTIONS_MAX)
        return FAIL(ctx, E_CONFLICT, "product.no_options", "it has no options to combine");
    EACH (option, product->options) {
        if (option->values.len == 0)
            return FAIL(ctx, E_CONFLICT, "product.no_values",
                        "the option '" STR_FMT "' has no values", STR_ARG(option->name));
        count *= option->values.len;
        if (count > VARIANTS_MAX)
            return FAIL(ctx, E_INVALID, "catalog.too_many", "a product has at most %d variants",
                        VARIANTS_MAX);
    }
    return OK;
}

Status product_make_variants(Ctx *ctx, Product *product, int64_t *ret_added)
{
    size_t picks[PRODUCT_OPTIONS_MAX] = { 0 };
    int64_t added = 0;
    TRY(product_check_matrix(ctx, product));
    EACH (variant, product->variants)
        describe(ctx, product, variant);
    do {
        Variant made = product_combine(ctx, product, picks);
        if (has_signature(product, made.signature))
            continue;
        *list_push(ctx->arena, &product->variants) = made;
        added++;
    } while (product_next_picks(product, picks));
    *ret_added = added;
    return OK;
}

Status product_create_simple(Ctx *ctx, const SimpleProduct *simple, Id *ret_product,
                             Id *ret_variant)
{
    Product *product = product_new(ctx);
    product->sku = simple->sku;
    product->name = simple->name;
    product->unit = simple->unit;
    product->tax_class = simple->tax_class;
    product->category = simple->category;
    product->kind = simple->kind ? simple->kind : PRODUCT_KIND_GOODS;
    product->is_stocked = simple->is_stocked;
    TRY(product_save(ctx, product));
    TRY(action_do(ctx, &product_entity, product, "activate", NULL));
    *ret_product = product->record.id;
    *ret_variant = product->variants.items[0].record.id;
    return OK;
}
