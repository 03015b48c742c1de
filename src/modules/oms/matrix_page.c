// matrix_page.c - lines of an order typed as a table, size by colour: one product, a quantity where
// two headings meet. Only what was typed changes: a quantity makes a line, changes it, or, where it
// is nothing, takes it out. Prices come from the lists as everywhere.
#include "modules/oms/matrix_page.h"

#include "base/json.h"
#include "gen/pages/oms_matrix.h"
#include "kernel/entity/access.h"
#include "kernel/entity/query.h"
#include "kernel/i18n.h"
#include "modules/inventory/inventory.h"

enum { CHOICES_MAX = 20 };

// ---- Which product ------------------------------------------------------------------------------

// What was typed means one product, or some to choose from. Those without options are no table.
static Status find_products(Ctx *ctx, OrderMatrix *page)
{
    EntityQuery query;
    EntityRows rows;
    FormFieldList fields = { 0 };
    *list_push(ctx->arena, &fields) = (FormField){ S("fields"), S("sku,name") };
    *list_push(ctx->arena, &fields) = (FormField){ S("state"), S("active") };
    TRY(entity_query_parse(ctx, &product_entity, &fields, &query));
    query.search = page->asked;
    query.limit = CHOICES_MAX;
    TRY(entity_query(ctx, &query, &rows));
    EACH (row, rows.rows)
        *list_push(ctx->arena, &page->choices) =
            (MatrixChoice){ row->id, row->cells[0].text, row->cells[1].text };
    if (page->choices.len == 1)
        page->product = page->choices.items[0].id;
    return OK;
}

static const SalesLine *line_of(const SalesOrder *order, Id variant)
{
    EACH (line, order->lines)
        if (line->variant == variant && line->config.len == 0)
            return line;
    return NULL;
}

static Status fill_cell(Ctx *ctx, const OrderMatrix *page, const VariantPlace *place,
                        MatrixCell *ret)
{
    const SalesLine *line = place->variant ? line_of(&page->order, place->variant) : NULL;
    Qty free = { 0 };
    *ret = (MatrixCell){ .at = id_text(ctx->arena, place->variant),
                         .is_none = !place->variant || !place->is_active };
    if (ret->is_none)
        return OK;
    TRY(stock_available(ctx, place->variant, page->order.warehouse, &free));
    if (line)
        ret->value = show_qty(ctx, line->quantity, 0);
    ret->hint = tr_format(ctx, "%s free", show_qty(ctx, free, 0).ptr);
    return OK;
}

static Status fill_matrix(Ctx *ctx, OrderMatrix *page)
{
    Product product;
    VariantMatrix found;
    TRY(access_get(ctx, &product_entity, page->product, &product));
    page->product_name = product.name;
    TRY(product_matrix(ctx, &product, &found));
    page->matrix = (Matrix){ .caption = product.name, .corner = found.corner };
    EACH (column, found.columns)
        *list_push(ctx->arena, &page->matrix.columns) = *column;
    EACH (row, found.rows) {
        MatrixRow *drawn = list_push(ctx->arena, &page->matrix.rows);
        drawn->label = row->label;
        EACH (place, row->places)
            TRY(fill_cell(ctx, page, place, list_push(ctx->arena, &drawn->cells)));
    }
    return OK;
}

// ---- The page -----------------------------------------------------------------------------------

static Status require_draft(Ctx *ctx, const SalesOrder *order)
{
    if (record_is_in(&sales_order_entity, order, "draft|quoted"))
        return OK;
    return FAIL(ctx, E_CONFLICT, "document.released",
                "this was released and can no longer be edited here");
}

static Status choose(Ctx *ctx, Str product, OrderMatrix *page)
{
    page->asked = str_trim(request_query(ctx->request, "q"));
    id_parse(product, &page->product);
    if (page->product == 0 && page->asked.len)
        TRY(find_products(ctx, page));
    if (!page->product)
        return OK;
    Status status = fill_matrix(ctx, page);
    if (status != E_CONFLICT)
        return status;
    page->refused = page->refused.len ? page->refused : ctx->failure.message;
    ctx_recover(ctx);
    return OK;
}

static Status draw(Ctx *ctx, Str product, Str refused, int status)
{
    Buf *out = &ctx->request->out;
    OrderMatrix page = { .refused = refused };
    TRY(linked_record(ctx, &sales_order_entity, &page.order));
    TRY(require_draft(ctx, &page.order));
    TRY(choose(ctx, product, &page));
    size_t body = html_begin(out);
    oms_matrix(out, ctx, &page);
    return page_answer(
        ctx,
        &(Page){ .title = tr(ctx, "Size by colour"),
                 .group = nav_group_of(&sales_order_entity),
                 .list = page.order.number,
                 .list_url = record_url(ctx->arena, &sales_order_entity, page.order.record.id),
                 .script = "sheet.js" },
        body, status);
}

Status order_matrix_get(Ctx *ctx)
{
    return draw(ctx, request_query(ctx->request, "product"), S(""), 200);
}

// ---- What was typed -----------------------------------------------------------------------------

static void drop_line(SalesOrder *order, Id variant)
{
    for (size_t i = 0; i < order->lines.len; i++)
        if (&order->lines.items[i] == line_of(order, variant)) {
            list_remove(&order->lines, i);
            return;
        }
}

static Status set_quantity(Ctx *ctx, SalesOrder *order, Id variant, Str typed)
{
    int64_t micro = 0;
    SalesLine *line = (SalesLine *)(uintptr_t)line_of(order, variant);
    if (typed.len && (!read_number(ctx, typed, 6, &micro) || micro < 0))
        return FAIL(ctx, E_INVALID, "scan.quantity", "'" STR_FMT "' is no quantity",
                    STR_ARG(typed));
    if (micro == 0) {
        drop_line(order, variant);
        return OK;
    }
    if (!line) {
        line = list_push(ctx->arena, &order->lines);
        line->variant = variant;
    }
    line->quantity.micro = micro;
    return OK;
}

static Status save(Ctx *ctx, void *arg)
{
    const Json *form = arg;
    const Json *cells = json_get(form, "cells");
    SalesOrder order;
    TRY(linked_record(ctx, &sales_order_entity, &order));
    TRY(require_draft(ctx, &order));
    for (const Json *cell = cells ? cells->first : NULL; cell; cell = cell->next) {
        Id variant;
        Str typed = str_trim(json_str(cell, "value"));
        if (!str_eq(typed, json_str(cell, "was")) && id_parse(json_str(cell, "at"), &variant))
            TRY(set_quantity(ctx, &order, variant, typed));
    }
    return sales_order_save(ctx, &order);
}

Status order_matrix_post(Ctx *ctx)
{
    const Json *form;
    TRY(request_json(ctx, &form));
    Status status = db_try(ctx, save, (void *)(uintptr_t)form);
    if (status == E_INVALID || status == E_CONFLICT) {
        Str refused = ctx->failure.problems.len ? ctx->failure.problems.items[0].message
                                                : ctx->failure.message;
        ctx_recover(ctx);
        return draw(ctx, json_str(form, "product"), refused, 422);
    }
    TRY(status);
    flash_put(ctx, "ok", tr(ctx, "Saved."));
    Str key = str_from_at(ctx->request->params[0], 1);
    return respond_redirect(ctx, url_path(ctx->arena, "/admin/oms/orders/~{}", key).text);
}
