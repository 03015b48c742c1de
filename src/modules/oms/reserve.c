// reserve.c - promising stock to an order: what its channel's rule gives, held firmly per line and
// warehouse. Rows are taken in key order (variant, then warehouse), so that two who want the same
// never wait for each other in a ring, whatever lies below.
#include "modules/oms/allocate.h"
#include "modules/oms/order.h"

#include "modules/inventory/inventory.h"

#include "base/buf.h"

#include <stdlib.h>

typedef struct Wanted {  // one variant of the order, over all its lines
    Id variant;
    Str sku;
} Wanted;

typedef struct Sharing {
    LIST(Wanted) variants;  // by id
    IdList warehouses;
    AllocationTable table;
} Sharing;

static Qty line_unreserved(const SalesLine *line)
{
    return (Qty){ line_open(line).micro - line->reserved.micro };
}

static int by_variant(const void *a, const void *b)
{
    Id x = ((const Wanted *)a)->variant, y = ((const Wanted *)b)->variant;
    return (x > y) - (x < y);
}

static Wanted *find_wanted(const Sharing *sharing, Id variant)
{
    Wanted key = { .variant = variant };
    if (sharing->variants.len == 0)
        return NULL;
    return bsearch(&key, sharing->variants.items, sharing->variants.len, sizeof key, by_variant);
}

static Status collect_variants(Ctx *ctx, const SalesOrder *order, bool is_made, Sharing *ret)
{
    VariantFacts facts;
    EACH (line, order->lines) {
        if (line_unreserved(line).micro <= 0)
            continue;
        TRY(variant_facts(ctx, line->variant, &facts));
        if (facts.is_stocked && (facts.kind == PRODUCT_KIND_MADE_TO_ORDER) == is_made)
            *list_push(ctx->arena, &ret->variants) = (Wanted){ line->variant, facts.sku };
    }
    if (ret->variants.len == 0)
        return OK;
    qsort(ret->variants.items, ret->variants.len, sizeof(Wanted), by_variant);
    size_t kept = 1;
    for (size_t i = 1; i < ret->variants.len; i++)
        if (ret->variants.items[i].variant != ret->variants.items[kept - 1].variant)
            ret->variants.items[kept++] = ret->variants.items[i];
    ret->variants.len = kept;
    return OK;
}

static Status collect_warehouses(Ctx *ctx, const SalesOrder *order, const Channel *channel,
                                 Sharing *ret)
{
    if (order->warehouse) {
        *list_push(ctx->arena, &ret->warehouses) = order->warehouse;
        return OK;
    }
    EACH (row, channel->warehouses)
        *list_push(ctx->arena, &ret->warehouses) = row->warehouse;
    return OK;
}

static Status fill_table(Ctx *ctx, const SalesOrder *order, Sharing *a)
{
    size_t cells = a->variants.len * a->warehouses.len;
    Qty *wanted = NEW_ARRAY(ctx->arena, Qty, a->variants.len + 1);
    Qty *is_free = NEW_ARRAY(ctx->arena, Qty, cells + 1);
    EACH (line, order->lines) {
        const Wanted *of = find_wanted(a, line->variant);
        if (of)
            wanted[of - a->variants.items].micro += line_unreserved(line).micro;
    }
    for (size_t v = 0; v < a->variants.len; v++)
        for (size_t w = 0; w < a->warehouses.len; w++)
            TRY(stock_available(ctx, a->variants.items[v].variant, a->warehouses.items[w],
                                &is_free[v * a->warehouses.len + w]));
    a->table = (AllocationTable){ .variants = a->variants.len,
                                  .warehouses = a->warehouses.len,
                                  .wanted = wanted,
                                  .free = is_free,
                                  .taken = NEW_ARRAY(ctx->arena, Qty, cells + 1) };
    return OK;
}

// ---- Handing out --------------------------------------------------------------------------------

static Status reserve_line(Ctx *ctx, const SalesOrder *order, SalesLine *line, Id warehouse,
                           int64_t held, int64_t more)
{
    ReserveSpec spec = { .kind = HOLD_KIND_ORDER,
                         .source = order_link(order),
                         .line = line->record.id,
                         .variant = line->variant,
                         .warehouse = warehouse,
                         .quantity = { held + more },
                         .is_first = order_is_fresh(order) };
    line->reserved.micro += more;
    return stock_reserve(ctx, &spec);
}

static int64_t held_there(const StockHeldList *held, Id line, Id warehouse)
{
    EACH (h, *held)
        if (h->line == line && h->warehouse == warehouse)
            return h->quantity.micro;
    return 0;
}

// What the warehouse gives of the variant goes to the lines that want it, in their order.
static Status hand_out(Ctx *ctx, SalesOrder *order, const StockHeldList *held, Id variant,
                       Id warehouse, int64_t given)
{
    EACH (line, order->lines) {
        int64_t want = line_unreserved(line).micro;
        int64_t take = want < given ? want : given;
        if (line->variant != variant || take <= 0)
            continue;
        TRY(reserve_line(ctx, order, line, warehouse, held_there(held, line->record.id, warehouse),
                         take));
        given -= take;
    }
    return OK;
}

static Status take_all(Ctx *ctx, SalesOrder *order, const Sharing *a)
{
    StockHeldList held = { 0 };
    if (!order_is_fresh(order))
        TRY(stock_held(ctx, order_link(order), &held));
    for (size_t v = 0; v < a->variants.len; v++)
        for (size_t w = 0; w < a->warehouses.len; w++) {
            int64_t given = a->table.taken[v * a->warehouses.len + w].micro;
            if (given > 0)
                TRY(hand_out(ctx, order, &held, a->variants.items[v].variant,
                             a->warehouses.items[w], given));
        }
    return OK;
}

static Status refuse(Ctx *ctx, const Sharing *a, size_t variant, Qty missing)
{
    return FAIL(ctx, E_CONFLICT, "stock_available.short", "short of " STR_FMT " by " STR_FMT,
                STR_ARG(a->variants.items[variant].sku),
                STR_ARG(decimal_short(ctx->arena, missing.micro, 6)));
}

static Status note_short(Ctx *ctx, SalesOrder *order)
{
    Buf words = { .arena = ctx->arena };
    EACH (line, order->lines) {
        VariantFacts facts;
        int64_t left = line_unreserved(line).micro;
        if (left <= 0)
            continue;
        TRY(variant_facts(ctx, line->variant, &facts));
        if (facts.is_stocked && words.len < 400)
            buf_printf(&words, "%s" STR_FMT " of " STR_FMT, words.len ? ", " : "",
                       STR_ARG(decimal_short(ctx->arena, left, 6)), STR_ARG(line->sku));
    }
    if (words.len)
        return exception_raise_in(ctx, order, "oms.short", buf_str(&words));
    return order_is_fresh(order) ? OK : exception_solve(ctx, order->record.id, "oms.short");
}

static Status share(Ctx *ctx, SalesOrder *order, const Channel *channel, bool is_made,
                    SplitPolicy policy)
{
    Sharing a = { 0 };
    size_t variant = 0;
    Qty missing = { 0 };
    TRY(collect_variants(ctx, order, is_made, &a));
    TRY(collect_warehouses(ctx, order, channel, &a));
    TRY(fill_table(ctx, order, &a));
    if (!allocate(&a.table, policy, &variant, &missing))
        return refuse(ctx, &a, variant, missing);
    return take_all(ctx, order, &a);
}

// What is made to order need not be there; it waits for its production, whatever else the order
// holds and whatever the channel's rule says of that.
Status order_reserve(Ctx *ctx, SalesOrder *order)
{
    Channel channel;
    TRY(channel_load(ctx, order->channel, &channel));
    TRY(share(ctx, order, &channel, false, channel.split));
    TRY(share(ctx, order, &channel, true, SPLIT_POLICY_BACKORDER));
    return note_short(ctx, order);
}

Status order_release_stock(Ctx *ctx, SalesOrder *order)
{
    EACH (line, order->lines)
        line->reserved = (Qty){ 0 };
    TRY(exception_solve(ctx, order->record.id, "oms.short"));
    return stock_release_all(ctx, order_link(order));
}
