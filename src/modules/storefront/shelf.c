// shelf.c - what a shop offers: products that are released, published and have a price in its
// channel, with what is left of them in its warehouses. The price is the one that price_find()
// would name for a single piece, by the same order of lists.
#include "modules/storefront/shelf.h"

#include "kernel/db/db.h"
#include "kernel/i18n.h"

// ---- Categories ---------------------------------------------------------------------------------

Status shelf_categories(Ctx *ctx, const Shop *shop, ShelfCategoryList *ret)
{
    ShelfCategory one = { 0 };
    Rows *rows =
        db_query(ctx, SQL("SELECT c.id, COALESCE(c.above_id, 0), COALESCE(t.body, c.name), c.slug,"
                          " COALESCE(s.body, c.summary) FROM category c"
                          " LEFT JOIN translation t ON t.subject_id = c.id AND t.field = 'name'"
                          " AND t.locale = $1"
                          " LEFT JOIN translation s ON s.subject_id = c.id AND s.field = 'summary'"
                          " AND s.locale = $1"
                          " WHERE c.archived = 0 ORDER BY c.position, c.name_key, c.id LIMIT $2",
                          shop->language, SHELF_CATEGORIES_MAX));
    *ret = (ShelfCategoryList){ 0 };
    while (rows_next(rows, &one.id, &one.above, &one.name, &one.slug, &one.summary))
        *list_push(ctx->arena, ret) = one;
    return rows_end(rows);
}

const ShelfCategory *shelf_category(const ShelfCategoryList *list, Id id)
{
    EACH (one, *list)
        if (one->id == id)
            return one;
    return NULL;
}

const ShelfCategory *shelf_category_by_slug(const ShelfCategoryList *list, Str slug)
{
    EACH (one, *list)
        if (slug.len && str_eq(one->slug, slug))
            return one;
    return NULL;
}

// ---- Reading ------------------------------------------------------------------------------------

// The lists as price_find() looks at them, and the stock of the channel's warehouses.
static Rows *shelf_rows(Ctx *ctx, const Shop *shop, Id category)
{
    Query query = SQL(
        "WITH priced AS (SELECT p.variant_id, p.price, ROW_NUMBER() OVER ("
        " PARTITION BY p.variant_id ORDER BY l.rank,"
        " CASE l.kind WHEN 'contract' THEN 1 WHEN 'sale' THEN 2 ELSE 3 END, l.id,"
        " p.from_qty DESC) AS nth"
        " FROM list_price p JOIN price_list l ON l.id = p.price_list_id"
        " WHERE p.from_qty <= 1000000 AND l.currency = $1 AND l.archived = 0"
        " AND (l.valid_from IS NULL OR l.valid_from <= $2)"
        " AND (l.valid_until IS NULL OR l.valid_until >= $2)"
        " AND (NOT EXISTS (SELECT 1 FROM price_list_channels c WHERE c.owner_id = l.id)"
        " OR EXISTS (SELECT 1 FROM price_list_channels c WHERE c.owner_id = l.id"
        " AND c.target_id = $3))"
        " AND (NOT EXISTS (SELECT 1 FROM price_list_groups g WHERE g.owner_id = l.id)"
        " OR EXISTS (SELECT 1 FROM price_list_groups g WHERE g.owner_id = l.id"
        " AND g.target_id = $4))),"
        " stocked AS (SELECT a.variant_id, sum(a.free - a.reserved) AS pieces"
        " FROM stock_available a WHERE a.warehouse_id IN"
        " (SELECT w.warehouse_id FROM channel_warehouse w WHERE w.channel_id = $3)"
        " GROUP BY a.variant_id)"
        " SELECT p.id, COALESCE(p.category_id, 0), COALESCE(p.brand_id, 0), p.slug,"
        " COALESCE(t.body, p.name), p.name_key, p.sku, p.kind, min(q.price), max(q.price),"
        " count(*), CAST(sum(COALESCE(s.pieces, 0)) AS BIGINT), p.limited_below, p.is_stocked,"
        " p.published_at, COALESCE((SELECT min(m.file_id) FROM product_media m"
        " WHERE m.product_id = p.id AND m.position = (SELECT min(n.position) FROM product_media n"
        " WHERE n.product_id = p.id)), 0)"
        " FROM product p JOIN variant v ON v.product_id = p.id AND v.is_active = 1"
        " JOIN priced q ON q.variant_id = v.id AND q.nth = 1"
        " LEFT JOIN stocked s ON s.variant_id = v.id"
        " LEFT JOIN translation t ON t.subject_id = p.id AND t.field = 'name' AND t.locale = $5"
        " WHERE p.state = 'active' AND p.archived = 0 AND p.slug <> '' AND p.published_at <= $6"
        " AND ($7 = 0 OR p.category_id IN (SELECT below.id FROM category top"
        " JOIN category below ON below.path >= top.path AND below.path < top.path || '~'"
        " WHERE top.id = $7))"
        " GROUP BY p.id, t.body ORDER BY p.id DESC LIMIT $8",
        shop->channel.currency, tenant_today(ctx), shop->store.channel, shop->group, shop->language,
        ctx->now, category, SHELF_MAX);
    return db_query(ctx, query);
}

Status shelf_read(Ctx *ctx, const Shop *shop, Id category, ShelfItemList *ret)
{
    ShelfItem item = { 0 };
    Str kind;
    Rows *rows = shelf_rows(ctx, shop, category ? category : shop->store.category);
    *ret = (ShelfItemList){ 0 };
    while (rows_next(rows, &item.product, &item.category, &item.brand, &item.slug, &item.name,
                     &item.key, &item.sku, &kind, &item.from, &item.to, &item.variants,
                     &item.available, &item.limited_below, &item.is_stocked, &item.published_at,
                     &item.file)) {
        item.kind = (ProductKind)enum_value(&product_kind_enum, kind);
        *list_push(ctx->arena, ret) = item;
    }
    return rows_end(rows);
}

Availability shelf_badge(const ShelfItem *item)
{
    if (item->kind == PRODUCT_KIND_MADE_TO_ORDER)
        return AVAILABILITY_MADE_TO_ORDER;
    if (!item->is_stocked)
        return AVAILABILITY_IN_STOCK;
    if (item->available.micro <= 0)
        return AVAILABILITY_OUT_OF_STOCK;
    bool is_limited =
        item->limited_below.known && item->available.micro < item->limited_below.value.micro;
    return is_limited ? AVAILABILITY_LIMITED : AVAILABILITY_IN_STOCK;
}

static bool is_out(const ShelfItem *item)
{
    return shelf_badge(item) == AVAILABILITY_OUT_OF_STOCK;
}

// ---- Orders -------------------------------------------------------------------------------------

static int newest(const ShelfItem *a, const ShelfItem *b)
{
    if (a->published_at != b->published_at)
        return a->published_at > b->published_at ? -1 : 1;
    return (a->product > b->product) - (a->product < b->product);
}

static int by_best(const void *x, const void *y)
{
    const ShelfItem *a = x, *b = y;
    if (is_out(a) != is_out(b))
        return is_out(a) ? 1 : -1;
    return a->rank != b->rank ? a->rank - b->rank : newest(a, b);
}

static int by_newest(const void *x, const void *y)
{
    return newest(x, y);
}

static int by_price(const void *x, const void *y)
{
    const ShelfItem *a = x, *b = y;
    if (a->from.micro != b->from.micro)
        return a->from.micro < b->from.micro ? -1 : 1;
    return newest(a, b);
}

static int by_price_down(const void *x, const void *y)
{
    const ShelfItem *a = x, *b = y;
    if (a->to.micro != b->to.micro)
        return a->to.micro > b->to.micro ? -1 : 1;
    return newest(a, b);
}

static int by_name(const void *x, const void *y)
{
    const ShelfItem *a = x, *b = y;
    int order = str_compare(a->key, b->key);
    return order ? order : newest(a, b);
}

static const struct {
    const char *name, *label;
    int (*compare)(const void *, const void *);
} sorts[] = {
    [SHELF_BEST] = { "", TEXT("Best match"), by_best },
    [SHELF_NEW] = { "new", TEXT("Newest first"), by_newest },
    [SHELF_CHEAP] = { "price", TEXT("Price, low to high"), by_price },
    [SHELF_DEAR] = { "-price", TEXT("Price, high to low"), by_price_down },
    [SHELF_NAME] = { "name", TEXT("Name"), by_name },
};

const char *shelf_sort_name(ShelfSort sort)
{
    return sorts[sort].name;
}

const char *shelf_sort_label(ShelfSort sort)
{
    return sorts[sort].label;
}

static void sort_items(ShelfItemList *items, ShelfSort sort)
{
    if (items->len)
        qsort(items->items, items->len, sizeof *items->items, sorts[sort].compare);
}

Status shelf_featured(Ctx *ctx, const Shop *shop, Str category_slug, size_t limit,
                      ShelfItemList *ret)
{
    Id category = 0;
    if (category_slug.len)
        TRY(category_find(ctx, "slug", category_slug, &category));
    TRY(shelf_read(ctx, shop, category, ret));
    sort_items(ret, SHELF_BEST);
    ret->len = ret->len < limit ? ret->len : limit;
    return OK;
}

// ---- Facets -------------------------------------------------------------------------------------

static bool has_mark(const ShelfItem *item, Id mark)
{
    EACH (one, item->marks)
        if (*one == mark)
            return true;
    return false;
}

static bool fits_facet(const ShelfItem *item, const ShelfFacet *facet)
{
    bool is_asked = false;
    EACH (choice, facet->choices) {
        if (choice->is_on && has_mark(item, choice->id))
            return true;
        is_asked |= choice->is_on;
    }
    return !is_asked;
}

static bool fits_price(const ShelfItem *item, const ShelfView *view)
{
    return (!view->price_from.micro || item->to.micro >= view->price_from.micro) &&
           (!view->price_to.micro || item->from.micro <= view->price_to.micro);
}

// `but`: the facet that does not count. NULL: all do.
static bool fits(const ShelfItem *item, const ShelfView *view, const ShelfFacet *but)
{
    EACH (facet, view->facets)
        if (facet != but && !fits_facet(item, facet))
            return false;
    return fits_price(item, view) && !(view->only_available && is_out(item));
}

static void count_choices(const ShelfItemList *all, ShelfView *view)
{
    EACH (facet, view->facets)
        EACH (item, *all)
            if (fits(item, view, facet))
                EACH (choice, facet->choices)
                    choice->count += has_mark(item, choice->id);
    bool only = view->only_available;
    view->only_available = true;
    EACH (item, *all)
        view->available += fits(item, view, NULL);
    view->only_available = only;
}

static ShelfFacet *facet_named(Ctx *ctx, ShelfView *view, Str label)
{
    EACH (facet, view->facets)
        if (str_eq(facet->label, label))
            return facet;
    ShelfFacet *facet = list_push(ctx->arena, &view->facets);
    facet->label = label;
    return facet;
}

static void add_choice(Ctx *ctx, ShelfView *view, Str facet_label, Id id, Str label)
{
    ShelfFacet *facet = facet_named(ctx, view, facet_label);
    EACH (choice, facet->choices)
        if (choice->id == id)
            return;
    *list_push(ctx->arena, &facet->choices) = (ShelfChoice){ .id = id, .label = label };
}

static ShelfItem *item_with(ShelfItemList *all, Id product)
{
    size_t from = 0, to = all->len;  // read by falling ids
    while (from < to) {
        size_t middle = (from + to) / 2;
        if (all->items[middle].product == product)
            return &all->items[middle];
        if (all->items[middle].product > product)
            from = middle + 1;
        else
            to = middle;
    }
    return NULL;
}

static Status add_options(Ctx *ctx, const Shop *shop, ShelfItemList *all, ShelfView *view)
{
    Id product, option;
    Str attribute, label;
    Rows *rows =
        db_query(ctx, SQL("SELECT v.product_id, COALESCE(t.body, a.name), o.id,"
                          " COALESCE(u.body, o.name) FROM attribute a"
                          " JOIN attribute_option o ON o.attribute_id = a.id"
                          " JOIN attribute_value v ON v.option_id = o.id"
                          " LEFT JOIN translation t ON t.subject_id = a.id AND t.field = 'name'"
                          " AND t.locale = $1"
                          " LEFT JOIN translation u ON u.subject_id = o.id AND u.field = 'name'"
                          " AND u.locale = $1"
                          " WHERE a.is_facet = 1 AND a.archived = 0"
                          " ORDER BY a.id, o.position, v.id LIMIT $2",
                          shop->language, SHELF_MAX * 10));
    while (rows_next(rows, &product, &attribute, &option, &label)) {
        ShelfItem *item = item_with(all, product);
        if (!item)
            continue;
        add_choice(ctx, view, attribute, option, label);
        *list_push(ctx->arena, &item->marks) = option;
    }
    return rows_end(rows);
}

static Status add_brands(Ctx *ctx, ShelfItemList *all, ShelfView *view)
{
    Id id;
    Str label;
    Rows *rows = db_query(ctx, SQL("SELECT id, label FROM choice WHERE list_name = 'brand'"
                                   " ORDER BY position, label LIMIT 500"));
    while (rows_next(rows, &id, &label)) {
        bool is_there = false;
        EACH (item, *all) {
            if (item->brand != id)
                continue;
            *list_push(ctx->arena, &item->marks) = id;
            is_there = true;
        }
        if (is_there)
            add_choice(ctx, view, tr(ctx, "Brand"), id, label);
    }
    return rows_end(rows);
}

// An item carries its category and all above it, so that the branches below the one shown count.
static void add_branches(Ctx *ctx, const ShelfCategoryList *categories, ShelfItemList *all,
                         Id category, ShelfView *view)
{
    EACH (item, *all) {
        const ShelfCategory *at = shelf_category(categories, item->category);
        for (int depth = 0; at && depth < 20; depth++) {
            *list_push(ctx->arena, &item->marks) = at->id;
            at = shelf_category(categories, at->above);
        }
    }
    EACH (one, *categories) {
        bool is_there = false;
        EACH (item, *all)
            is_there |= one->above == category && has_mark(item, one->id);
        if (is_there)
            add_choice(ctx, view, tr(ctx, "Category"), one->id, one->name);
    }
}

// ---- What was chosen ----------------------------------------------------------------------------

static Price asked_price(const Ctx *ctx, const char *name)
{
    int64_t micro;
    Str text = str_trim(request_query(ctx->request, name));
    bool is_price = text.len && read_number(ctx, text, 6, &micro) && micro > 0;
    return (Price){ is_price ? micro : 0 };
}

static bool is_chosen(const Ctx *ctx, Id id)
{
    Id one;
    EACH (field, ctx->request->query)
        if (str_is(field->name, "f") && id_parse(field->value, &one) && one == id)
            return true;
    return false;
}

static void read_choices(const Ctx *ctx, ShelfView *view)
{
    Str sort = request_query(ctx->request, "sort");
    for (size_t i = 0; i < COUNT(sorts); i++)
        if (str_is(sort, sorts[i].name))
            view->sort = (ShelfSort)i;
    view->only_available = str_is(request_query(ctx->request, "available"), "1");
    view->price_from = asked_price(ctx, "from");
    view->price_to = asked_price(ctx, "to");
    view->is_narrowed =
        view->only_available || view->price_from.micro > 0 || view->price_to.micro > 0;
    EACH (facet, view->facets)
        EACH (choice, facet->choices) {
            choice->is_on = is_chosen(ctx, choice->id);
            view->is_narrowed |= choice->is_on;
        }
}

static void take_page(Ctx *ctx, const ShelfItemList *matching, ShelfView *view)
{
    int64_t page = 1;
    view->count = (int64_t)matching->len;
    view->pages = (view->count + SHELF_PAGE - 1) / SHELF_PAGE;
    view->pages = view->pages ? view->pages : 1;
    if (!str_int(request_query(ctx->request, "page"), &page) || page < 1)
        page = 1;
    view->page = page < view->pages ? page : view->pages;
    size_t from = (size_t)(view->page - 1) * SHELF_PAGE;
    for (size_t i = from; i < matching->len && i < from + SHELF_PAGE; i++)
        *list_push(ctx->arena, &view->items) = matching->items[i];
}

Status shelf_view(Ctx *ctx, const Shop *shop, const ShelfCategoryList *categories,
                  ShelfItemList *all, Id category, ShelfView *view)
{
    ShelfItemList matching = { 0 };
    add_branches(ctx, categories, all, category, view);
    TRY(add_brands(ctx, all, view));
    TRY(add_options(ctx, shop, all, view));
    read_choices(ctx, view);
    count_choices(all, view);
    EACH (item, *all)
        if (fits(item, view, NULL))
            *list_push(ctx->arena, &matching) = *item;
    sort_items(&matching, view->sort);
    take_page(ctx, &matching, view);
    view->is_cut = all->len == SHELF_MAX;
    return OK;
}
