// demo_shop.c - the demo company's online shop: the products of the story under readable names, in
// categories, with prices that include tax, stock to sell, ways to deliver and to pay, and pages.
//
// The file of sales knows none of this but names and prices; names are sorted into categories by
// what they speak of.
#include "app/demo_shop.h"

#include "app/demo_pages.h"
#include "gen/catalog.gen.h"
#include "gen/inventory.gen.h"
#include "gen/logistics.gen.h"
#include "gen/payments.gen.h"
#include "gen/storefront.gen.h"
#include "kernel/auth/actor.h"
#include "kernel/db/db.h"
#include "kernel/entity/access.h"
#include "kernel/search.h"
#include "modules/catalog/catalog.h"

enum { PIECES = 60, WEIGHT_G = 400, LIMITED_BELOW = 12, MINUTES = 30 };

typedef struct Stall {
    Id warehouse, channel, list, supplier, unit, colour;
} Stall;

// ---- What names speak of ------------------------------------------------------------------------

static const struct Section {
    const char *slug, *name, *summary, *words;
} sections[] = {
    { "tea-time", "Tea time", "Cakestands, cups and everything a tray wants.",
      "cakestand teacup napkin" },
    { "bags", "Bags", "Shoppers that carry a week, lunch bags that carry a day.",
      "bag shopper lunch" },
    { "lights", "Lights and candles", "Glass, wire and wax for the end of the day.",
      "t-light candle" },
    { "party", "Party", "Bunting, ribbons and paper chains.", "bunting chain ribbon" },
    { "kitchen", "Kitchen and baking", "Tins, moulds and cases, in the pattern of the house.",
      "cake baking cookie mould jam tin bowl recipe popcorn" },
    { "home", "For the home", "Small things for walls, shelves and doorsteps.", "" },
};
static const char *const colours[] = { "red", "pink", "green", "blue", "black", "white", "yellow" };

static bool speaks_of(Ctx *ctx, Str name, const char *words)
{
    Str rest = str_from(words), word;
    Str lower = str_join(ctx->arena, S(" "), str_lower_ascii(ctx->arena, name));
    while (str_next_word(&rest, &word))
        if (str_find(lower, str_join(ctx->arena, S(" "), word)) >= 0)
            return true;
    return false;
}

static size_t section_of(Ctx *ctx, Str name)
{
    size_t i = 0;
    while (i + 1 < COUNT(sections) && !speaks_of(ctx, name, sections[i].words))
        i++;
    return i;
}

// "SET/20 RED RETROSPOT PAPER NAPKINS " is "Set/20 red retrospot paper napkins".
static Str readable_name(Ctx *ctx, Str name)
{
    Str rest = str_lower_ascii(ctx->arena, name), word;
    Buf out = { .arena = ctx->arena };
    while (str_next_word(&rest, &word))
        buf_printf(&out, "%s" STR_FMT, out.len ? " " : "", STR_ARG(word));
    while (out.len && out.ptr[out.len - 1] == '.')
        buf_cut(&out, out.len - 1);
    if (out.len && out.ptr[0] >= 'a' && out.ptr[0] <= 'z')
        out.ptr[0] = (char)(out.ptr[0] - 'a' + 'A');
    return buf_str(&out);
}

static Str slug_of(Ctx *ctx, Str name)
{
    Buf out = { .arena = ctx->arena };
    for (size_t i = 0; i < name.len; i++) {
        char c = (char)(name.ptr[i] | 32);
        bool is_letter = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (is_letter)
            buf_char(&out, c);
        else if (out.len && out.ptr[out.len - 1] != '-')
            buf_char(&out, '-');
    }
    while (out.len && out.ptr[out.len - 1] == '-')
        buf_cut(&out, out.len - 1);
    return buf_str(&out);
}

// ---- The frame ----------------------------------------------------------------------------------

static Status make_channel(Ctx *ctx, Stall *stall)
{
    Channel *channel = channel_new(ctx);
    TRY(place_find(ctx, "place_code", S("WH"), &stall->warehouse));
    TRY(party_find(ctx, "number", S("S-GIFTS"), &stall->supplier));
    TRY(unit_find(ctx, "unit_code", S("pcs"), &stall->unit));
    channel->channel_code = S("shop");
    channel->name = S("Online shop");
    channel->is_tax_included = true;
    channel->needs_payment = true;
    channel->hold_minutes = MINUTES;
    *list_push(ctx->arena, &channel->warehouses) =
        (ChannelWarehouse){ .warehouse = stall->warehouse };
    TRY(channel_save(ctx, channel));
    stall->channel = channel->record.id;
    return OK;
}

static Status make_sections(Ctx *ctx, Id ret[COUNT(sections)])
{
    for (size_t i = 0; i < COUNT(sections); i++) {
        Category *category = category_new(ctx);
        category->name = str_from(sections[i].name);
        category->slug = str_from(sections[i].slug);
        category->summary = str_from(sections[i].summary);
        TRY(category_save(ctx, category));
        ret[i] = category->record.id;
    }
    return OK;
}

static Status make_colours(Ctx *ctx, Attribute *ret)
{
    Attribute *colour = attribute_new(ctx);
    colour->attribute_code = S("colour");
    colour->name = S("Colour");
    colour->kind = ATTRIBUTE_KIND_PICK;
    colour->is_facet = true;
    for (size_t i = 0; i < COUNT(colours); i++)
        *list_push(ctx->arena, &colour->options) =
            (AttributeOption){ .name = readable_name(ctx, str_from(colours[i])) };
    TRY(attribute_save(ctx, colour));
    *ret = *colour;
    return OK;
}

static Status make_deliveries(Ctx *ctx)
{
    RateZone *zone = rate_zone_new(ctx);
    Carrier *carrier = carrier_new(ctx);
    zone->name = S("Great Britain and Ireland");
    list_push(ctx->arena, &zone->areas)->country = S("GB");
    list_push(ctx->arena, &zone->areas)->country = S("IE");
    TRY(rate_zone_save(ctx, zone));
    carrier->carrier_code = S("post");
    carrier->name = S("Post");
    carrier->is_active = true;
    *list_push(ctx->arena, &carrier->services) = (CarrierService){ .service_code = S("std"),
                                                                   .name = S("Parcel to the door"),
                                                                   .handling_days = 1,
                                                                   .is_active = true };
    *list_push(ctx->arena, &carrier->services) = (CarrierService){ .service_code = S("next"),
                                                                   .name = S("Next working day"),
                                                                   .is_active = true };
    TRY(carrier_save(ctx, carrier));
    for (size_t i = 0; i < carrier->services.len; i++) {
        bool is_quick = i == 1;
        RateCard *card = rate_card_new(ctx);
        card->service = carrier->services.items[i].record.id;
        card->zone = zone->record.id;
        card->days_min = is_quick ? 1 : 2;
        card->days_max = is_quick ? 1 : 4;
        if (!is_quick)
            card->free_from = (MaybeMoney){ true, { 5000 } };
        *list_push(ctx->arena, &card->bands) =
            (RateBand){ .to_g = 2000, .price = { is_quick ? 795 : 395 }, .per_kg = { 120 } };
        TRY(rate_card_save(ctx, card));
    }
    return OK;
}

// The story's own way to pay is for its own channel.
static Status keep_methods_apart(Ctx *ctx)
{
    Id method, wholesale;
    PaymentMethod transfer;
    TRY(payment_method_find(ctx, "method_code", S("transfer"), &method));
    TRY(channel_find(ctx, "channel_code", S("wholesale"), &wholesale));
    TRY(payment_method_load(ctx, method, &transfer));
    *list_push(ctx->arena, &transfer.channels) = wholesale;
    return payment_method_save(ctx, &transfer);
}

// ---- Products -----------------------------------------------------------------------------------

typedef struct Sold {
    Id product, variant;
    Price price;
} Sold;
typedef LIST(Sold) SoldList;

static Status read_sold(Ctx *ctx, SoldList *ret)
{
    Sold one = { 0 };
    Rows *rows = db_query(ctx, SQL("SELECT p.id, v.id, COALESCE((SELECT max(l.price)"
                                   " FROM sales_line l WHERE l.variant_id = v.id), 0)"
                                   " FROM product p JOIN variant v ON v.product_id = p.id"
                                   " WHERE p.kind = 'goods' AND p.state = 'active'"
                                   " ORDER BY p.id LIMIT 200"));
    while (rows_next(rows, &one.product, &one.variant, &one.price))
        if (one.price.micro > 0)
            *list_push(ctx->arena, ret) = one;
    return rows_end(rows);
}

static void add_colour(Ctx *ctx, const Attribute *colour, Product *product)
{
    for (size_t i = 0; i < COUNT(colours); i++)
        if (speaks_of(ctx, product->name, colours[i])) {
            *list_push(ctx->arena, &product->values) =
                (AttributeValue){ .attribute = colour->record.id,
                                  .option = colour->options.items[i].record.id };
            return;
        }
}

static Status show_product(Ctx *ctx, const Sold *sold, const Attribute *colour, const Id *section)
{
    Product product;
    Id taken;
    TRY(product_load(ctx, sold->product, &product));
    product.name = readable_name(ctx, product.name);
    product.slug = slug_of(ctx, product.name);
    TRY(product_find(ctx, "slug", product.slug, &taken));
    if (taken)
        product.slug = slug_of(ctx, str_format(ctx->arena, STR_FMT " " STR_FMT,
                                               STR_ARG(product.name), STR_ARG(product.sku)));
    product.category = section[section_of(ctx, product.name)];
    product.weight_g = WEIGHT_G;
    product.limited_below = (MaybeQty){ true, { LIMITED_BELOW * (int64_t)MICRO } };
    product.published_at = ctx->now;
    add_colour(ctx, colour, &product);
    return product_save(ctx, &product);
}

// What a trader paid, with tax, up to the next five pence.
static Price shop_price_of(Price price)
{
    enum { FIVE_PENCE = 50000 };
    int64_t gross = price.micro / 5 * 6;
    return (Price){ (gross + FIVE_PENCE - 1) / FIVE_PENCE * FIVE_PENCE };
}

static Status make_prices(Ctx *ctx, const Stall *stall, const SoldList *sold)
{
    PriceList *list = price_list_new(ctx);
    list->name = S("Online shop");
    list->is_tax_included = true;
    *list_push(ctx->arena, &list->channels) = stall->channel;
    EACH (one, *sold)
        *list_push(ctx->arena, &list->prices) =
            (ListPrice){ .variant = one->variant, .price = shop_price_of(one->price) };
    return price_list_save(ctx, list);
}

// Every third is left as the story left it, so that the shop has all kinds of badges.
static Status make_stock(Ctx *ctx, const Stall *stall, const SoldList *sold)
{
    GoodsReceipt *receipt = goods_receipt_new(ctx);
    receipt->supplier = stall->supplier;
    receipt->warehouse = stall->warehouse;
    receipt->received_on = tenant_today(ctx);
    receipt->reference = S("SHOP-1");
    for (size_t i = 0; i < sold->len; i++)
        if (i % 7 != 3)
            *list_push(ctx->arena, &receipt->lines) =
                (ReceiptLine){ .variant = sold->items[i].variant,
                               .quantity = { (i % 5 ? PIECES : 8) * (int64_t)MICRO },
                               .price = { sold->items[i].price.micro / 2 },
                               .status = STOCK_STATUS_FREE };
    TRY(goods_receipt_save(ctx, receipt));
    return action_do(ctx, &goods_receipt_entity, receipt, "post", NULL);
}

// One that is made when it is ordered, in sizes.
static Status make_slate(Ctx *ctx, const Stall *stall, const Id *section)
{
    static const char *const sizes[][2] = { { "Small, 12 cm", "S" }, { "Large, 18 cm", "L" } };
    static const char *const cords[][2] = { { "Jute cord", "J" }, { "Red ribbon", "R" } };
    Product *slate = product_new(ctx);
    int64_t added;
    slate->sku = S("SLATE");
    slate->name = S("Slate heart, lettered by hand");
    slate->summary = S("Cut from Welsh slate and lettered in our workshop after you order.");
    slate->story = S("Each heart is riven, drilled and rubbed smooth by hand, so no two are quite "
                     "alike.\n\n- Chalk wipes off with a damp cloth\n- The cord is tied for you");
    slate->kind = PRODUCT_KIND_MADE_TO_ORDER;
    slate->unit = stall->unit;
    slate->category = section[COUNT(sections) - 1];
    slate->slug = S("slate-heart");
    slate->lead_days = 8;
    slate->weight_g = 650;
    slate->published_at = ctx->now;
    slate->country = S("GB");
    *list_push(ctx->arena, &slate->wishes) =
        (ProductWish){ .label = S("Lettering"),
                       .kind = WISH_KIND_TEXT,
                       .hint = S("As you write it, in our workshop's round hand."),
                       .letters_max = 24,
                       .is_needed = true };
    *list_push(ctx->arena, &slate->wishes) =
        (ProductWish){ .label = S("Gift box"),
                       .kind = WISH_KIND_PICK,
                       .choices = S("Plain card\nRed card with a ribbon"),
                       .letters_max = 30,
                       .price_add = { 2 * (int64_t)MICRO } };
    ProductOption *size = list_push(ctx->arena, &slate->options);
    size->name = S("Size");
    for (size_t i = 0; i < COUNT(sizes); i++)
        *list_push(ctx->arena, &size->values) =
            (OptionValue){ .name = str_from(sizes[i][0]), .value_code = str_from(sizes[i][1]) };
    ProductOption *cord = list_push(ctx->arena, &slate->options);
    cord->name = S("Cord");
    for (size_t i = 0; i < COUNT(cords); i++)
        *list_push(ctx->arena, &cord->values) =
            (OptionValue){ .name = str_from(cords[i][0]), .value_code = str_from(cords[i][1]) };
    TRY(product_save(ctx, slate));
    TRY(product_make_variants(ctx, slate, &added));
    TRY(product_save(ctx, slate));
    TRY(action_do(ctx, &product_entity, slate, "activate", NULL));
    PriceList *list = price_list_new(ctx);
    list->name = S("Made to order");
    list->is_tax_included = true;
    *list_push(ctx->arena, &list->channels) = stall->channel;
    EACH (variant, slate->variants)
        *list_push(ctx->arena, &list->prices) = (ListPrice){
            .variant = variant->record.id,
            .price = { (str_find(variant->sku, S("-L")) >= 0 ? 18 : 12) * (int64_t)MICRO }
        };
    return price_list_save(ctx, list);
}

// ---- The shop -----------------------------------------------------------------------------------

static Status make_store(Ctx *ctx, const Stall *stall)
{
    Store *store = store_new(ctx);
    store->store_code = S("gifts");
    store->name = S("Gifts & Co.");
    store->channel = stall->channel;
    store->languages = S("en es");
    store->strip = S("Free delivery from £50. Returns within 30 days.");
    store->summary = S("Small, well made things for tables, walls and tea times, from our own "
                       "warehouse.");
    store->countries = S("GB IE");
    store->return_days = 30;
    store->email = S("hello@gifts.example");
    store->phone = S("+442079460000");
    store->address = S("1 Harbour Row, Bristol");
    return store_save(ctx, store);
}

static Status make_shop(Ctx *ctx, void *arg)
{
    Stall stall = { 0 };
    Attribute colour;
    SoldList sold = { 0 };
    Id section[COUNT(sections)];
    (void)arg;
    TRY(make_channel(ctx, &stall));
    TRY(make_sections(ctx, section));
    TRY(make_colours(ctx, &colour));
    TRY(make_deliveries(ctx));
    TRY(keep_methods_apart(ctx));
    TRY(read_sold(ctx, &sold));
    EACH (one, sold)
        TRY(show_product(ctx, one, &colour, section));
    TRY(make_prices(ctx, &stall, &sold));
    TRY(make_stock(ctx, &stall, &sold));
    TRY(make_slate(ctx, &stall, section));
    TRY(make_store(ctx, &stall));
    return demo_pages(ctx, stall.channel);
}

static Status find_shop(Ctx *ctx, void *arg)
{
    return store_find(ctx, "store_code", S("gifts"), arg);
}

Status demo_shop(Ctx *ctx)
{
    Id store;
    int64_t read;
    TRY(tenant_read(ctx, find_shop, &store));
    if (store)
        return OK;
    TRY(tenant_transact(ctx, make_shop, NULL));
    return search_refresh(ctx, &read);
}
