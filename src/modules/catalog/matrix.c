// matrix.c - a product's variants as a table, the last option across and the others down, and its
// options as people type them: "Black=BLK, Navy blue".
#include "modules/catalog/product.h"

#include "base/utf8.h"

enum { CODE_LETTERS = 4, CODE_MAX = 16 };

// ---- The table ----------------------------------------------------------------------------------

static Str row_label(Ctx *ctx, const Product *product, const size_t *picks)
{
    Str label = S("");
    for (size_t i = 0; i + 1 < product->options.len; i++) {
        Str name = product->options.items[i].values.items[picks[i]].name;
        label = label.len
                  ? str_format(ctx->arena, STR_FMT ", " STR_FMT, STR_ARG(label), STR_ARG(name))
                  : name;
    }
    return label.len ? label : product->name;
}

static Str corner(Ctx *ctx, const Product *product)
{
    Str text = S("");
    EACH (option, product->options)
        text = text.len ? str_format(ctx->arena, STR_FMT " × " STR_FMT, STR_ARG(text),
                                     STR_ARG(option->name))
                        : option->name;
    return text;
}

static VariantPlace place_of(const Product *product, const Variant *made)
{
    VariantPlace place = { .signature = made->signature, .sku = made->sku };
    EACH (variant, product->variants)
        if (str_eq(variant->signature, made->signature)) {
            place.variant = variant->record.id;
            place.sku = variant->sku;
            place.is_active = variant->is_active;
        }
    return place;
}

Status product_matrix(Ctx *ctx, const Product *product, VariantMatrix *ret)
{
    size_t picks[PRODUCT_OPTIONS_MAX] = { 0 };
    VariantMatrixRow *row = NULL;
    TRY(product_check_matrix(ctx, product));
    const ProductOption *last = &product->options.items[product->options.len - 1];
    *ret = (VariantMatrix){ .corner = corner(ctx, product) };
    EACH (value, last->values)
        *list_push(ctx->arena, &ret->columns) = value->name;
    do {
        if (picks[product->options.len - 1] == 0) {
            row = list_push(ctx->arena, &ret->rows);
            row->label = row_label(ctx, product, picks);
        }
        Variant made = product_combine(ctx, product, picks);
        *list_push(ctx->arena, &row->places) = place_of(product, &made);
    } while (product_next_picks(product, picks));
    return OK;
}

static bool is_wanted(const StrList *wanted, Str signature)
{
    EACH (one, *wanted)
        if (str_eq(*one, signature))
            return true;
    return false;
}

Status product_add_variants(Ctx *ctx, Product *product, const StrList *wanted)
{
    size_t picks[PRODUCT_OPTIONS_MAX] = { 0 };
    TRY(product_check_matrix(ctx, product));
    do {
        Variant made = product_combine(ctx, product, picks);
        if (is_wanted(wanted, made.signature))
            *list_push(ctx->arena, &product->variants) = made;
    } while (product_next_picks(product, picks));
    return OK;
}

// ---- Options as they are typed ------------------------------------------------------------------

// "Navy blue" is NAVY: the first letters and digits, in capitals; what is not ASCII is left out.
static Str code_from(Ctx *ctx, Str name)
{
    Buf out = { .arena = ctx->arena };
    for (size_t i = 0; i < name.len && out.len < CODE_LETTERS; i++) {
        char c = name.ptr[i];
        bool is_kept = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (is_kept)
            buf_char(&out, c);
    }
    return str_upper_ascii(ctx->arena, out.len ? buf_str(&out) : S("X"));
}

static bool has_code(const ProductOption *option, Str code)
{
    EACH (value, option->values)
        if (str_eq(value->value_code, code))
            return true;
    return false;
}

static Str free_code(Ctx *ctx, const ProductOption *option, Str code)
{
    Str free = str_sub(code, 0, CODE_MAX);
    for (int n = 2; has_code(option, free); n++)
        free = str_format(ctx->arena, STR_FMT "%d", STR_ARG(str_sub(code, 0, CODE_MAX - 3)), n);
    return free;
}

// A value of the same name keeps its id, and with it its variants.
static void add_value(Ctx *ctx, const ProductOption *before, Str typed, ProductOption *option)
{
    ptrdiff_t equals = str_find_char(typed, '=');
    Str name = str_trim(equals < 0 ? typed : str_sub(typed, 0, (size_t)equals));
    Str code = equals < 0 ? S("") : str_trim(str_from_at(typed, (size_t)equals + 1));
    OptionValue made = { .record.id = id_next(ctx->now), .name = name };
    if (name.len == 0)
        return;
    EACH (value, before->values)
        if (str_eq_ascii_nocase(value->name, name))
            made = *value;
    if (code.len)
        made.value_code = code;
    if (made.value_code.len == 0 || has_code(option, made.value_code))
        made.value_code = free_code(ctx, option, code_from(ctx, name));
    made.name = name;
    *list_push(ctx->arena, &option->values) = made;
}

static const ProductOption *option_with_id(const Product *product, Id id)
{
    static const ProductOption none;
    EACH (option, product->options)
        if (option->record.id == id)
            return option;
    return &none;
}

void product_set_option(Ctx *ctx, const Product *before, Id id, Str name, Str values, Product *ret)
{
    const ProductOption *old = option_with_id(before, id);
    ProductOption *option = list_push(ctx->arena, &ret->options);
    Str rest = values, one;
    *option = *old;
    option->record.id = old->record.id ? old->record.id : id_next(ctx->now);
    option->name = name;
    option->values.items = NULL;
    option->values.len = option->values.cap = 0;
    while (str_next(&rest, ',', &one))
        add_value(ctx, old, one, option);
}

Str product_option_text(Ctx *ctx, const ProductOption *option)
{
    Buf out = { .arena = ctx->arena };
    EACH (value, option->values)
        buf_printf(&out, "%s" STR_FMT "=" STR_FMT, out.len ? ", " : "", STR_ARG(value->name),
                   STR_ARG(value->value_code));
    return buf_str(&out);
}

// ---- Variants that were there before an option --------------------------------------------------

static bool has_choice(const Variant *variant, const ProductOption *option)
{
    EACH (choice, variant->choices)
        EACH (value, option->values)
            if (value->record.id == *choice)
                return true;
    return false;
}

void product_complete_choices(Ctx *ctx, Product *product)
{
    EACH (variant, product->variants)
        EACH (option, product->options)
            if (option->values.len && !has_choice(variant, option))
                *list_push(ctx->arena, &variant->choices) = option->values.items[0].record.id;
}
