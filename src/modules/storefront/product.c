// product.c - one product: which variant is meant, what it costs here, whether it is there, when it
// could arrive.
#include "modules/storefront/product.h"
#include "modules/storefront/visit.h"

#include "gen/pages/storefront_product.h"
#include "kernel/db/db.h"
#include "kernel/i18n.h"
#include "modules/logistics/logistics.h"

enum { RELATED = 4, PICTURES_MAX = 8, WEIGHT_UNKNOWN_G = 500 };

// ---- Which variant ------------------------------------------------------------------------------

static Str form_text_of(const FormFieldList *form, Str name)
{
    EACH (field, *form)
        if (str_eq(field->name, name))
            return field->value;
    return S("");
}

static Str option_field(Ctx *ctx, size_t at)
{
    return str_format(ctx->arena, "o%zu", at);
}

static bool has_choice(const Variant *variant, Id choice)
{
    EACH (one, variant->choices)
        if (*one == choice)
            return true;
    return false;
}

// How many of the form's choices it has; -1 when it lacks one that was made.
static int agreement(Ctx *ctx, const Product *product, const Variant *variant,
                     const FormFieldList *form)
{
    int agreed = 0;
    for (size_t i = 0; i < product->options.len; i++) {
        Id choice;
        if (!id_parse(form_text_of(form, option_field(ctx, i)), &choice))
            continue;
        if (!has_choice(variant, choice))
            return -1;
        agreed++;
    }
    return agreed;
}

const Variant *product_variant(Ctx *ctx, const Product *product, const FormFieldList *form)
{
    Str sku = form_text_of(form, S("v"));
    const Variant *first = NULL;
    EACH (variant, product->variants)
        if (variant->is_active && agreement(ctx, product, variant, form) > 0)
            return variant;
    EACH (variant, product->variants) {
        if (variant->is_active && str_eq(variant->sku, sku))
            return variant;
        first = first || !variant->is_active ? first : variant;
    }
    return first;
}

// ---- Its options --------------------------------------------------------------------------------

typedef struct StockRow {
    Id variant;
    Qty pieces;
} StockRow;
typedef LIST(StockRow) StockRowList;

static Status read_stock(Ctx *ctx, const Shop *shop, Id product, StockRowList *ret)
{
    StockRow row;
    Rows *rows = db_query(ctx, SQL("SELECT a.variant_id, CAST(sum(a.free - a.reserved) AS BIGINT)"
                                   " FROM stock_available a JOIN variant v ON v.id = a.variant_id"
                                   " JOIN channel_warehouse w ON w.warehouse_id = a.warehouse_id"
                                   " WHERE v.product_id = $1 AND w.channel_id = $2"
                                   " GROUP BY a.variant_id LIMIT 2000",
                                   product, shop->store.channel));
    *ret = (StockRowList){ 0 };
    while (rows_next(rows, &row.variant, &row.pieces))
        *list_push(ctx->arena, ret) = row;
    return rows_end(rows);
}

static bool is_there(const Product *product, const Variant *variant, const StockRowList *stock)
{
    if (!product->is_stocked || product->kind == PRODUCT_KIND_MADE_TO_ORDER)
        return true;
    EACH (row, *stock)
        if (row->variant == variant->record.id)
            return row->pieces.micro > 0;
    return false;
}

// Whether the choice, with the others as they are, is a variant that can be had.
static bool is_left(const ProductView *view, size_t option, Id choice, const StockRowList *stock)
{
    const Product *product = &view->product;
    EACH (variant, product->variants) {
        bool fits = variant->is_active && has_choice(variant, choice);
        for (size_t i = 0; fits && i < product->options.len; i++)
            if (i != option)
                EACH (value, product->options.items[i].values)
                    if (has_choice(view->variant, value->record.id))
                        fits = fits && has_choice(variant, value->record.id);
        if (fits && is_there(product, variant, stock))
            return true;
    }
    return false;
}

static void add_options(Ctx *ctx, ProductView *view, const StockRowList *stock)
{
    for (size_t i = 0; i < view->product.options.len; i++) {
        const ProductOption *option = &view->product.options.items[i];
        OptionView *shown = list_push(ctx->arena, &view->options);
        *shown = (OptionView){ .label = option->name, .field = option_field(ctx, i) };
        EACH (value, option->values) {
            bool is_chosen = has_choice(view->variant, value->record.id);
            *list_push(ctx->arena, &shown->choices) =
                (OptionChoice){ .id = value->record.id,
                                .label = value->name,
                                .colour = value->colour,
                                .is_chosen = is_chosen,
                                .is_left = is_left(view, i, value->record.id, stock) };
            shown->chosen = is_chosen ? value->name : shown->chosen;
            shown->has_colours |= value->colour.len > 0;
        }
    }
}

// ---- What is known of it ------------------------------------------------------------------------

static void add_fact(Ctx *ctx, ProductView *view, const char *label, Str value)
{
    if (value.len)
        *list_push(ctx->arena, &view->facts) = (FactRow){ tr(ctx, label), value };
}

static void add_measures(Ctx *ctx, ProductView *view)
{
    const Product *p = &view->product;
    int64_t weight = view->variant->weight_g ? view->variant->weight_g : p->weight_g;
    if (p->length_mm && p->width_mm && p->height_mm)
        add_fact(ctx, view, "Size",
                 str_format(ctx->arena, "%lld × %lld × %lld mm", (long long)p->length_mm,
                            (long long)p->width_mm, (long long)p->height_mm));
    if (weight)
        add_fact(ctx, view, "Weight",
                 str_format(ctx->arena, STR_FMT " g", STR_ARG(show_number(ctx, weight, 0))));
    add_fact(ctx, view, "Made in", show_country(ctx, p->country));
}

static Str attribute_text(Ctx *ctx, Str option, Str words, MaybeQty amount, Date day, Str unit)
{
    if (option.len)
        return option;
    if (amount.known)
        return str_format(ctx->arena, STR_FMT "%s" STR_FMT, STR_ARG(show_qty(ctx, amount.value, 0)),
                          unit.len ? " " : "", STR_ARG(unit));
    return day ? show_date_long(ctx, day) : words;
}

static Status add_attributes(Ctx *ctx, const Shop *shop, ProductView *view)
{
    Str label, option, words, unit;
    MaybeQty amount;
    Date day;
    Rows *rows =
        db_query(ctx, SQL("SELECT COALESCE(t.body, a.name), COALESCE(u.body, o.name, ''), v.words,"
                          " v.amount, COALESCE(v.day, 0), COALESCE(n.unit_code, '')"
                          " FROM attribute_value v JOIN attribute a ON a.id = v.attribute_id"
                          " LEFT JOIN attribute_option o ON o.id = v.option_id"
                          " LEFT JOIN unit n ON n.id = a.unit_id"
                          " LEFT JOIN translation t ON t.subject_id = a.id AND t.field = 'name'"
                          " AND t.locale = $2"
                          " LEFT JOIN translation u ON u.subject_id = o.id AND u.field = 'name'"
                          " AND u.locale = $2"
                          " WHERE v.product_id = $1 ORDER BY v.position LIMIT 100",
                          view->product.record.id, shop->language));
    while (rows_next(rows, &label, &option, &words, &amount, &day, &unit))
        *list_push(ctx->arena, &view->facts) =
            (FactRow){ label, attribute_text(ctx, option, words, amount, day, unit) };
    return rows_end(rows);
}

// ---- Price, stock, delivery ---------------------------------------------------------------------

static Status add_price(Ctx *ctx, const Shop *shop, ProductView *view)
{
    PriceAnswer answer;
    PriceQuestion question = { .variant = view->variant->record.id,
                               .channel = shop->store.channel,
                               .group = shop->group,
                               .quantity = { MICRO },
                               .currency = shop->channel.currency,
                               .on = tenant_today(ctx) };
    TRY(price_find(ctx, &question, &answer));
    view->has_price = answer.is_known;
    view->price = answer.price;
    return stock_badge(ctx, view->variant->record.id, shop->store.channel, &view->badge,
                       &view->available);
}

static Status add_delivery(Ctx *ctx, const Shop *shop, ProductView *view)
{
    RateOfferList offers;
    Str rest = shop->store.countries, country = S("");
    Money price = { 0 };
    str_next_word(&rest, &country);
    int64_t weight = view->variant->weight_g ? view->variant->weight_g : view->product.weight_g;
    if (view->product.kind == PRODUCT_KIND_MADE_TO_ORDER && view->product.lead_days)
        view->made_by =
            tr_format(ctx, "Made for you, ready by %s",
                      show_date(ctx, tenant_today(ctx) + (Date)view->product.lead_days).ptr);
    TRY(money_from_wide(ctx, (Wide)view->price.micro * MICRO,
                        currency_minor(shop->channel.currency), ROUND_HALF_UP, &price));
    TRY(rate_offers(ctx, country, S(""), weight ? weight : WEIGHT_UNKNOWN_G, price,
                    shop->channel.currency, ctx->now, &offers));
    if (offers.len == 0)
        return OK;
    const RateOffer *best = offers.items;
    Str cost = best->price.minor ? shop_money(ctx, best->price, best->currency) : tr(ctx, "Free");
    view->delivery = tr_format(ctx, "%s to %s, %s to %s", cost.ptr, show_country(ctx, country).ptr,
                               show_date(ctx, best->from).ptr, show_date(ctx, best->until).ptr);
    return OK;
}

// ---- Around it ----------------------------------------------------------------------------------

static Status add_pictures(Ctx *ctx, ProductView *view)
{
    EACH (media, view->product.media) {
        Picture picture;
        if (view->pictures.len == PICTURES_MAX)
            break;
        TRY(picture_of(ctx, media->file, view->product.name, 1200, &picture));
        picture.alt = media->alt.len ? media->alt : view->product.name;
        *list_push(ctx->arena, &view->pictures) = picture;
    }
    if (view->pictures.len == 0)
        picture_drawn(ctx, view->product.name, list_push(ctx->arena, &view->pictures));
    return OK;
}

static bool is_related(const Product *product, Id other)
{
    EACH (related, product->related)
        if (related->other == other)
            return true;
    return false;
}

// What somebody has said goes with it, then what else is in its category.
static Status add_related(Ctx *ctx, const Shop *shop, ProductView *view)
{
    ShelfItemList all;
    TRY(shelf_read(ctx, shop, view->product.category, &all));
    for (int turn = 0; turn < 2; turn++)
        EACH (item, all) {
            bool is_it = item->product == view->product.record.id;
            if (!is_it && view->related.len < RELATED &&
                is_related(&view->product, item->product) == (turn == 0))
                *list_push(ctx->arena, &view->related) = *item;
        }
    return OK;
}

static Status add_trail(Ctx *ctx, const Shop *shop, ProductView *view)
{
    const ShelfCategory *up[20];
    size_t depth = 0;
    ShelfCategoryList *all = NEW(ctx->arena, ShelfCategoryList);
    TRY(shelf_categories(ctx, shop, all));
    for (const ShelfCategory *at = shelf_category(all, view->product.category);
         at && depth < COUNT(up); at = shelf_category(all, at->above))
        up[depth++] = at;
    while (depth)
        *list_push(ctx->arena, &view->trail) = up[--depth];
    return OK;
}

// ---- The whole ----------------------------------------------------------------------------------

static Status find_product(Ctx *ctx, const Shop *shop, Str slug, Id *ret, bool *ret_found)
{
    return db_maybe(
        ctx,
        SQL("SELECT p.id FROM product p WHERE p.slug = $1 AND p.state = 'active'"
            " AND p.archived = 0 AND p.published_at <= $2"
            " AND ($3 = 0 OR p.category_id IN (SELECT below.id FROM category top"
            " JOIN category below ON below.path >= top.path AND below.path < top.path || '~'"
            " WHERE top.id = $3))",
            slug, ctx->now, shop->store.category),
        ret_found, ret);
}

Status product_view(Ctx *ctx, const Shop *shop, Str slug, const FormFieldList *form,
                    ProductView *ret, bool *ret_found)
{
    Id id;
    StockRowList stock;
    *ret = (ProductView){ 0 };
    TRY(find_product(ctx, shop, slug, &id, ret_found));
    if (!*ret_found)
        return OK;
    TRY(product_load(ctx, id, &ret->product));
    ret->variant = product_variant(ctx, &ret->product, form);
    *ret_found = ret->variant != NULL;
    if (!*ret_found)
        return OK;
    TRY(read_stock(ctx, shop, id, &stock));
    add_options(ctx, ret, &stock);
    personal_fields(ctx, shop, &ret->product, form, &ret->wishes);
    TRY(add_price(ctx, shop, ret));
    TRY(add_delivery(ctx, shop, ret));
    TRY(add_pictures(ctx, ret));
    TRY(add_trail(ctx, shop, ret));
    add_fact(ctx, ret, "Reference", ret->variant->sku);
    TRY(add_attributes(ctx, shop, ret));
    add_measures(ctx, ret);
    return add_related(ctx, shop, ret);
}

static Str product_description(Ctx *ctx, const ProductView *view)
{
    const Product *product = &view->product;
    return product->summary.len ? product->summary
                                : str_format(ctx->arena, STR_FMT " (" STR_FMT ")",
                                             STR_ARG(product->name), STR_ARG(view->variant->sku));
}

// Choices made without script come as "o0=...": the address that is kept names the variant.
static bool has_choices(const Ctx *ctx)
{
    return request_query(ctx->request, "o0").len > 0;
}

static Status answer_product(Ctx *ctx, const Shop *shop, const ProductView *view, int status)
{
    Str slug = url_encode(ctx->arena, view->product.slug);
    ShopHead head = { .title = view->product.name,
                      .description = product_description(ctx, view),
                      .canonical = status == 200 ? str_join(ctx->arena, S("/p/"), slug) : S(""),
                      .json_ld = product_json_ld(ctx, shop, view),
                      .has_alternates = true };
    size_t body = html_begin(&ctx->request->out);
    storefront_product(&ctx->request->out, ctx, shop, view);
    return shop_answer(ctx, shop, &head, body, status);
}

Status product_page_get(Ctx *ctx)
{
    ctx->request->timed = TIMED_PRODUCT;
    Shop shop;
    ProductView view;
    bool found;
    TRY(shop_enter(ctx, &shop));
    Str slug = ctx->request->params[1];
    TRY(product_view(ctx, &shop, slug, &ctx->request->query, &view, &found));
    if (!found)
        return shop_missing(ctx, &shop);
    if (has_choices(ctx))
        return respond_redirect(ctx,
                                shop_url(ctx, &shop, "/p/{}?v={}", slug, view.variant->sku).text);
    visit_note(ctx, &shop, VISIT_KIND_PRODUCT);
    return answer_product(ctx, &shop, &view, 200);
}

Status product_page_again(Ctx *ctx, const Shop *shop, Str slug, const FormFieldList *form)
{
    ProductView view;
    bool found;
    Failure failure = ctx->failure;
    ctx_recover(ctx);
    TRY(product_view(ctx, shop, slug, form, &view, &found));
    if (!found)
        return shop_missing(ctx, shop);
    ctx->failure = failure;
    Status status = answer_product(ctx, shop, &view, 422);
    ctx_recover(ctx);
    return status;
}
