// matrix_page.c - a product's variants as a page: its options in one line each, and the table of
// what there is of them and what it costs. Only what was changed on the page is changed, so two
// people at two corners of the table do not undo each other's prices.
#include "modules/catalog/matrix_page.h"

#include "base/json.h"
#include "gen/pages/catalog_matrix.h"
#include "kernel/i18n.h"
#include "kernel/tenant.h"

enum { LIST_ROWS_MAX = 20000 };

// ---- What there is ------------------------------------------------------------------------------

static Status read_lists(Ctx *ctx, VariantsPage *page)
{
    PriceListView list;
    Id wanted = 0;
    id_parse(request_query(ctx->request, "list"), &wanted);
    if (!wanted)
        id_parse(form_value(ctx, "list"), &wanted);
    Rows *rows =
        db_query(ctx, SQL("SELECT id, name, currency FROM price_list WHERE archived = 0"
                          " ORDER BY CASE WHEN EXISTS (SELECT 1 FROM list_price p"
                          " JOIN variant v ON v.id = p.variant_id"
                          " WHERE p.price_list_id = price_list.id AND v.product_id = $2)"
                          " THEN 0 ELSE 1 END, CASE kind WHEN 'standard' THEN 0 ELSE 1 END,"
                          " CASE currency WHEN $1 THEN 0 ELSE 1 END, id LIMIT 100",
                          ctx->tenant->base, page->product.record.id));
    while (rows_next(rows, &list.id, &list.name, &list.currency))
        *list_push(ctx->arena, &page->lists) = list;
    TRY(rows_end(rows));
    EACH (one, page->lists)
        if (!page->list || one->id == wanted)
            page->list = one;
    return OK;
}

typedef struct Priced {
    Id variant;
    Price price;
} Priced;
typedef LIST(Priced) PricedList;

static Status read_prices(Ctx *ctx, const VariantsPage *page, PricedList *ret)
{
    Priced priced;
    *ret = (PricedList){ 0 };
    if (!page->list)
        return OK;
    Rows *rows = db_query(ctx, SQL("SELECT p.variant_id, p.price FROM list_price p"
                                   " JOIN variant v ON v.id = p.variant_id WHERE v.product_id = $1"
                                   " AND p.price_list_id = $2 AND p.from_qty = 0",
                                   page->product.record.id, page->list->id));
    while (rows_next(rows, &priced.variant, &priced.price))
        *list_push(ctx->arena, ret) = priced;
    return rows_end(rows);
}

static Str price_of(Ctx *ctx, const VariantsPage *page, const PricedList *prices, Id variant)
{
    EACH (priced, *prices)
        if (variant && priced->variant == variant)
            return show_price(ctx, priced->price, page->list->currency);
    return S("");
}

static Status fill_matrix(Ctx *ctx, VariantsPage *page)
{
    VariantMatrix found;
    PricedList prices;
    page->matrix = (Matrix){ .caption = tr(ctx, "Variants and prices"),
                             .has_ticks = true,
                             .tick = tr(ctx, "Sold") };
    if (product_matrix(ctx, &page->product, &found) != OK) {
        ctx_recover(ctx);
        return OK;
    }
    TRY(read_prices(ctx, page, &prices));
    page->matrix.corner = found.corner;
    EACH (column, found.columns)
        *list_push(ctx->arena, &page->matrix.columns) = *column;
    EACH (row, found.rows) {
        MatrixRow *drawn = list_push(ctx->arena, &page->matrix.rows);
        drawn->label = row->label;
        EACH (place, row->places)
            *list_push(ctx->arena, &drawn->cells) =
                (MatrixCell){ .at = place->signature,
                              .value = price_of(ctx, page, &prices, place->variant),
                              .hint = place->variant ? place->sku : S(""),
                              .is_on = place->variant && place->is_active };
    }
    return OK;
}

static void fill_options(Ctx *ctx, VariantsPage *page)
{
    const Product *product = &page->product;
    for (size_t i = 0; i < product->options.len && i < PRODUCT_OPTIONS_MAX; i++) {
        const ProductOption *option = &product->options.items[i];
        page->options[i] = (OptionView){ id_text(ctx->arena, option->record.id), option->name,
                                         product_option_text(ctx, option) };
    }
    page->option_count = (int)product->options.len < MATRIX_OPTIONS_SHOWN
                           ? MATRIX_OPTIONS_SHOWN
                           : (int)product->options.len;
}

static Status draw(Ctx *ctx, Str refused, int status)
{
    Buf *out = &ctx->request->out;
    VariantsPage page = { .refused = refused };
    TRY(linked_record(ctx, &product_entity, &page.product));
    TRY(read_lists(ctx, &page));
    TRY(fill_matrix(ctx, &page));
    fill_options(ctx, &page);
    size_t body = html_begin(out);
    catalog_variants(out, ctx, &page);
    return page_answer(
        ctx,
        &(Page){ .title = tr(ctx, "Variants and prices"),
                 .group = nav_group_of(&product_entity),
                 .list = page.product.name,
                 .list_url = record_url(ctx->arena, &product_entity, page.product.record.id),
                 .script = "sheet.js" },
        body, status);
}

Status product_matrix_get(Ctx *ctx)
{
    return draw(ctx, S(""), 200);
}

// ---- Options ------------------------------------------------------------------------------------

static Status set_options(Ctx *ctx, const Json *form, Product *product)
{
    Product before = *product;
    const Json *options = json_get(form, "options");
    product->options = (ProductOptionList){ 0 };
    for (const Json *one = options ? options->first : NULL; one; one = one->next) {
        Id id = 0;
        Str name = str_trim(json_str(one, "name"));
        id_parse(json_str(one, "id"), &id);
        if (name.len)
            product_set_option(ctx, &before, id, name, json_str(one, "values"), product);
    }
    TRY(product_check_matrix(ctx, product));
    product_complete_choices(ctx, product);
    return product_save(ctx, product);
}

// ---- Variants and prices ------------------------------------------------------------------------

typedef struct CellTyped {
    Str signature, value;
    bool is_on, was_on, is_price_changed;
} CellTyped;
typedef LIST(CellTyped) CellTypedList;

static void read_cells(Ctx *ctx, const Json *form, CellTypedList *ret)
{
    const Json *cells = json_get(form, "cells");
    Str all = str_trim(json_str(form, "all"));
    for (const Json *one = cells ? cells->first : NULL; one; one = one->next) {
        CellTyped *cell = list_push(ctx->arena, ret);
        *cell = (CellTyped){ .signature = json_str(one, "at"),
                             .value = str_trim(json_str(one, "value")),
                             .is_on = json_str(one, "on").len > 0,
                             .was_on = json_str(one, "was_on").len > 0 };
        if (cell->value.len == 0 && cell->is_on)
            cell->value = all;
        cell->is_price_changed = !str_eq(cell->value, json_str(one, "was"));
    }
}

static Variant *variant_with(Product *product, Str signature)
{
    EACH (variant, product->variants)
        if (str_eq(variant->signature, signature))
            return variant;
    return NULL;
}

static Status set_variants(Ctx *ctx, const CellTypedList *cells, Product *product)
{
    StrList wanted = { 0 };
    EACH (cell, *cells) {
        Variant *variant = variant_with(product, cell->signature);
        if (!variant && cell->is_on)
            *list_push(ctx->arena, &wanted) = cell->signature;
        else if (variant && cell->is_on != cell->was_on)
            variant->is_active = cell->is_on;
    }
    if (wanted.len)
        TRY(product_add_variants(ctx, product, &wanted));
    return product_save(ctx, product);
}

static ListPrice *price_row(Ctx *ctx, PriceList *list, Id variant)
{
    EACH (price, list->prices)
        if (price->variant == variant && price->from_qty.micro == 0)
            return price;
    ListPrice *added = list_push(ctx->arena, &list->prices);
    added->variant = variant;
    return added;
}

static void drop_price(PriceList *list, Id variant)
{
    for (size_t i = 0; i < list->prices.len; i++)
        if (list->prices.items[i].variant == variant && list->prices.items[i].from_qty.micro == 0) {
            list_remove(&list->prices, i);
            return;
        }
}

static Status set_price(Ctx *ctx, const CellTyped *cell, const Variant *variant, PriceList *list)
{
    int64_t micro;
    if (cell->value.len == 0) {
        drop_price(list, variant->record.id);
        return OK;
    }
    if (!read_number(ctx, cell->value, 6, &micro) || micro < 0)
        return FAIL(ctx, E_INVALID, "catalog.no_price", "'" STR_FMT "' is no price for " STR_FMT,
                    STR_ARG(cell->value), STR_ARG(variant->sku));
    price_row(ctx, list, variant->record.id)->price.micro = micro;
    return OK;
}

static Status check_size(Ctx *ctx, Id list)
{
    int64_t rows;
    TRY(db_one(ctx, SQL("SELECT count(*) FROM list_price WHERE price_list_id = $1", list), &rows));
    if (rows > LIST_ROWS_MAX)
        return FAIL(ctx, E_LIMIT, "catalog.list_too_long",
                    "this list has more than %d prices: change it by an import", LIST_ROWS_MAX);
    return OK;
}

static Status set_prices(Ctx *ctx, const CellTypedList *cells, Id id, Product *product)
{
    PriceList list;
    bool has_changed = false;
    EACH (cell, *cells)
        has_changed |= cell->is_price_changed;
    if (!has_changed)
        return OK;
    TRY(check_size(ctx, id));
    TRY(access_get(ctx, &price_list_entity, id, &list));
    EACH (cell, *cells) {
        const Variant *variant = variant_with(product, cell->signature);
        if (variant && cell->is_price_changed)
            TRY(set_price(ctx, cell, variant, &list));
    }
    return price_list_save(ctx, &list);
}

static Status save(Ctx *ctx, void *arg)
{
    const Json *form = arg;
    Product product;
    CellTypedList cells = { 0 };
    Id list = 0;
    TRY(linked_record(ctx, &product_entity, &product));
    if (str_is(json_str(form, "do"), "options"))
        return set_options(ctx, form, &product);
    read_cells(ctx, form, &cells);
    TRY(set_variants(ctx, &cells, &product));
    return id_parse(json_str(form, "list"), &list) ? set_prices(ctx, &cells, list, &product) : OK;
}

Status product_matrix_post(Ctx *ctx)
{
    const Json *form;
    TRY(request_json(ctx, &form));
    Status status = db_try(ctx, save, (void *)(uintptr_t)form);
    if (status == E_INVALID || status == E_CONFLICT || status == E_LIMIT) {
        Str refused = ctx->failure.problems.len ? ctx->failure.problems.items[0].message
                                                : ctx->failure.message;
        ctx_recover(ctx);
        return draw(ctx, refused, 422);
    }
    TRY(status);
    flash_put(ctx, "ok", tr(ctx, "Saved."));
    return respond_redirect(ctx, url_query(ctx, "", "list", json_str(form, "list")).text);
}
