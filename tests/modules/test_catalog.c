// test_catalog.c - products, their variants and prices, and the tree of places they are kept in.
#include "modules/stockroom.h"

#include "kernel/entity/access.h"
#include "kernel/entity/record.h"
#include "kernel/files.h"
#include "kernel/transfer.h"

static void in_stockroom(TxFn fn)
{
    Ctx *ctx = test_ctx();
    Stockroom room;
    stockroom_open(ctx, NULL, &room);
    CHECK_OK(ctx, tenant_transact(ctx, fn, &room));
    stockroom_close(&room);
}

// ---- Variants -----------------------------------------------------------------------------------

static ProductOption *add_option(Ctx *ctx, Product *product, const char *name, const char *codes)
{
    Str rest = str_from(codes), code;
    ProductOption *option = list_push(ctx->arena, &product->options);
    option->name = str_from(name);
    while (str_next_word(&rest, &code)) {
        OptionValue *value = list_push(ctx->arena, &option->values);
        value->name = str_lower_ascii(ctx->arena, code);
        value->value_code = code;
    }
    return option;
}

static Product *shoe(Ctx *ctx, const Stockroom *room)
{
    Product *product = product_new(ctx);
    product->sku = S("OXF");
    product->name = S("Oxford");
    product->unit = room->pieces;
    add_option(ctx, product, "Colour", "BRN BLK");
    add_option(ctx, product, "Size", "41 42 43");
    CHECK_OK(ctx, product_save(ctx, product));
    return product;
}

static Status make_matrix(Ctx *ctx, void *arg)
{
    int64_t added = 0;
    VariantFacts facts;
    Product *product = shoe(ctx, arg);
    CHECK_INT((int64_t)product->variants.len, 0);
    TRY(product_make_variants(ctx, product, &added));
    CHECK_INT(added, 6);
    TRY(product_save(ctx, product));
    CHECK_STR(product->variants.items[0].sku, "OXF-BRN-41");
    CHECK_STR(product->variants.items[5].sku, "OXF-BLK-43");
    TRY(variant_facts(ctx, product->variants.items[4].record.id, &facts));
    CHECK_STR(facts.name, "Oxford, blk, 42");
    OptionValue *more = list_push(ctx->arena, &product->options.items[1].values);
    *more = (OptionValue){ .name = S("44"), .value_code = S("44") };
    TRY(product_save(ctx, product));
    TRY(product_make_variants(ctx, product, &added));
    CHECK_INT(added, 2);  // only what is missing
    TRY(product_save(ctx, product));
    CHECK_INT((int64_t)product->variants.len, 8);
    return OK;
}

static void test_matrix(void)
{
    in_stockroom(make_matrix);
}

static Status break_variants(Ctx *ctx, void *arg)
{
    int64_t added;
    Product *product = shoe(ctx, arg);
    Id brown = product->options.items[0].values.items[0].record.id;
    Id size = product->options.items[1].values.items[0].record.id;
    Variant *variant = list_push(ctx->arena, &product->variants);
    variant->sku = S("OXF-1");
    *list_push(ctx->arena, &variant->choices) = brown;
    CHECK_FAILS(ctx, "variant.choices", product_save(ctx, product));
    *list_push(ctx->arena, &product->variants.items[0].choices) = size;
    TRY(product_save(ctx, product));
    variant = list_push(ctx->arena, &product->variants);
    *variant = product->variants.items[0];
    variant->record = (Child){ 0 };
    variant->sku = S("OXF-2");
    CHECK_FAILS(ctx, "variant.signature", product_save(ctx, product));
    product->options.len = 0;
    CHECK_FAILS(ctx, "product.no_options", product_make_variants(ctx, product, &added));
    return OK;
}

static void test_broken_variants(void)
{
    in_stockroom(break_variants);
}

// ---- Simple products, units, barcodes -----------------------------------------------------------

static Status sell_in_boxes(Ctx *ctx, void *arg)
{
    const Stockroom *room = arg;
    Id product_id, variant, dozen, found;
    int64_t numerator, denominator;
    VariantFacts facts;
    Product product;
    SimpleProduct simple = { .sku = S("CUP"),
                             .name = S("Cup"),
                             .unit = room->pieces,
                             .kind = PRODUCT_KIND_GOODS,
                             .is_stocked = true };
    TRY(product_create_simple(ctx, &simple, &product_id, &variant));
    TRY(unit_find(ctx, "unit_code", S("dozen"), &dozen));
    TRY(product_load(ctx, product_id, &product));
    *list_push(ctx->arena, &product.units) = (ProductUnit){
        .unit = dozen, .numerator = 12, .denominator = 1, .barcode = S("4006381333931")
    };
    TRY(product_save(ctx, &product));
    TRY(variant_facts(ctx, variant, &facts));
    CHECK(facts.is_active && facts.is_stocked);
    TRY(variant_unit(ctx, &facts, dozen, &numerator, &denominator));
    CHECK_INT(numerator, 12);
    TRY(variant_unit(ctx, &facts, room->pieces, &numerator, &denominator));
    CHECK_INT(numerator, 1);
    CHECK_FAILS(ctx, "catalog.unit", variant_unit(ctx, &facts, variant, &numerator, &denominator));
    TRY(variant_by_sku(ctx, S("CUP"), &found));
    CHECK(found == variant);
    TRY(variant_by_barcode(ctx, S("4006381333931"), &found));
    CHECK(found == variant);
    TRY(variant_by_barcode(ctx, S("4006381333948"), &found));
    CHECK(found == 0);
    return OK;
}

static void test_units(void)
{
    in_stockroom(sell_in_boxes);
}

// ---- Attributes ---------------------------------------------------------------------------------

static Status describe(Ctx *ctx, void *arg)
{
    const Stockroom *room = arg;
    Attribute *material = attribute_new(ctx);
    material->attribute_code = S("material");
    material->name = S("Material");
    material->kind = ATTRIBUTE_KIND_TEXT;
    TRY(attribute_save(ctx, material));
    Category *category = category_new(ctx);
    category->name = S("Bags");
    *list_push(ctx->arena, &category->attributes) =
        (CategoryAttribute){ .attribute = material->record.id, .is_needed = true };
    TRY(category_save(ctx, category));
    Product *product = product_new(ctx);
    product->sku = product->name = S("BAG");
    product->unit = room->pieces;
    product->category = category->record.id;
    TRY(product_save(ctx, product));
    CHECK_FAILS(ctx, "product.incomplete",
                action_do(ctx, &product_entity, product, "activate", NULL));
    AttributeValue *value = list_push(ctx->arena, &product->values);
    value->attribute = material->record.id;
    CHECK_FAILS(ctx, "attribute_value.kind", product_save(ctx, product));
    product->values.items[0].words = S("Leather");
    TRY(product_save(ctx, product));
    TRY(action_do(ctx, &product_entity, product, "activate", NULL));
    CHECK_FAILS(ctx, "product.no_slug", action_do(ctx, &product_entity, product, "publish", NULL));
    return OK;
}

static void test_attributes(void)
{
    in_stockroom(describe);
}

// ---- Prices -------------------------------------------------------------------------------------

typedef struct PriceSet {
    Id variant, shop, web, dealers;
    Date today;
} PriceSet;

static Id make_channel(Ctx *ctx, const char *code)
{
    Channel *channel = channel_new(ctx);
    channel->channel_code = channel->name = str_from(code);
    channel->split = SPLIT_POLICY_WHOLE;
    CHECK_OK(ctx, channel_save(ctx, channel));
    return channel->record.id;
}

static Id make_group(Ctx *ctx, const char *name)
{
    PartyGroup *group = party_group_new(ctx);
    group->name = str_from(name);
    CHECK_OK(ctx, party_group_save(ctx, group));
    return group->record.id;
}

static PriceList *make_list(Ctx *ctx, const char *name, PriceKind kind, int64_t rank)
{
    PriceList *list = price_list_new(ctx);
    list->name = str_from(name);
    list->kind = kind;
    list->rank = rank;
    list->currency = (CurrencyCode){ "GBP" };
    return list;
}

static void add_price(Ctx *ctx, PriceList *list, Id variant, int64_t from, int64_t pence)
{
    *list_push(ctx->arena, &list->prices) =
        (ListPrice){ .variant = variant, .from_qty = pieces(from), .price = { pence * 10000 } };
}

static Status make_prices(Ctx *ctx, Stockroom *room, PriceSet *set)
{
    set->variant = room_variant(ctx, room);
    set->shop = make_channel(ctx, "shop");
    set->web = make_channel(ctx, "web");
    set->dealers = make_group(ctx, "Dealers");
    set->today = tenant_today(ctx);
    PriceList *list = make_list(ctx, "Everybody", PRICE_KIND_STANDARD, 100);
    add_price(ctx, list, set->variant, 0, 1000);
    add_price(ctx, list, set->variant, 10, 900);
    TRY(price_list_save(ctx, list));
    PriceList *web = make_list(ctx, "Web", PRICE_KIND_SALE, 100);
    web->valid_until = set->today + 5;
    *list_push(ctx->arena, &web->channels) = set->web;
    add_price(ctx, web, set->variant, 0, 800);
    TRY(price_list_save(ctx, web));
    PriceList *dealers = make_list(ctx, "Dealers", PRICE_KIND_CONTRACT, 50);
    *list_push(ctx->arena, &dealers->groups) = set->dealers;
    add_price(ctx, dealers, set->variant, 5, 700);
    return price_list_save(ctx, dealers);
}

static Status ask_prices(Ctx *ctx, void *arg)
{
    PriceSet set = { 0 };
    TRY(make_prices(ctx, arg, &set));
    // clang-format off
    const struct {
        const char *row;
        Id channel, group;
        int64_t count, days;
        const char *currency;
        int64_t pence;
        const char *why;  // the list that it comes from
    } rows[] = {
        { "one, in the shop", set.shop, 0, 1, 0, "GBP", 1000, "Everybody" },
        { "a band", set.shop, 0, 12, 0, "GBP", 900, "Everybody, from 10" },
        { "below the band", set.shop, 0, 9, 0, "GBP", 1000, "Everybody" },
        { "a sale, in its channel only", set.web, 0, 12, 0, "GBP", 800, "Web" },
        { "on its last day", set.web, 0, 1, 5, "GBP", 800, "Web" },
        { "and the day after", set.web, 0, 1, 6, "GBP", 1000, "Everybody" },
        { "a contract, from its band", set.web, set.dealers, 5, 0, "GBP", 700, "Dealers, from 5" },
        { "not below it", set.web, set.dealers, 4, 0, "GBP", 800, "Web" },
        { "nobody says a price in dollars", set.shop, 0, 1, 0, "USD", -1, "" },
    };
    // clang-format on
    for (size_t i = 0; i < COUNT(rows); i++) {
        PriceAnswer answer;
        PriceQuestion question = { .variant = set.variant,
                                   .channel = rows[i].channel,
                                   .group = rows[i].group,
                                   .quantity = pieces(rows[i].count),
                                   .on = set.today + (Date)rows[i].days };
        memcpy(question.currency.code, rows[i].currency, 4);
        test_row = rows[i].row;
        CHECK_OK(ctx, price_find(ctx, &question, &answer));
        CHECK_INT(answer.is_known ? answer.price.micro / 10000 : -1, rows[i].pence);
        CHECK_STR(answer.why, rows[i].why);
    }
    return OK;
}

static void test_prices(void)
{
    in_stockroom(ask_prices);
}

// ---- Places -------------------------------------------------------------------------------------

static Status place_in(Ctx *ctx, const char *code, PlaceKind kind, Id above)
{
    Place *place = place_new(ctx);
    place->place_code = place->name = str_from(code);
    place->kind = kind;
    place->above = above;
    return place_save(ctx, place);
}

static Status build_places(Ctx *ctx, void *arg)
{
    const Stockroom *room = arg;
    CHECK_FAILS(ctx, "place.alone", place_in(ctx, "B", PLACE_KIND_BIN, 0));
    CHECK_FAILS(ctx, "place.above", place_in(ctx, "W", PLACE_KIND_WAREHOUSE, room->main));
    CHECK_FAILS(ctx, "place.above", place_in(ctx, "B", PLACE_KIND_BIN, room->customer));
    CHECK_FAILS(ctx, "place.above", place_in(ctx, "Z", PLACE_KIND_ZONE, room->bin));
    TRY(place_in(ctx, "Z", PLACE_KIND_ZONE, room->main));
    Channel *channel = channel_new(ctx);
    channel->channel_code = channel->name = S("shop");
    channel->split = SPLIT_POLICY_WHOLE;
    list_push(ctx->arena, &channel->warehouses)->warehouse = room->bin;
    CHECK_FAILS(ctx, "channel.warehouse", channel_save(ctx, channel));
    return OK;
}

static void test_places(void)
{
    in_stockroom(build_places);
}

// ---- Importing ----------------------------------------------------------------------------------

typedef struct Upload {
    FilePart part;
    Id run;
} Upload;

static Status begin_import(Ctx *ctx, void *arg)
{
    Upload *upload = arg;
    ImportSpec spec = { .entity = &product_entity,
                        .mapping = S("{\"sku\":\"sku\",\"name\":\"name\",\"unit\":\"unit\","
                                     "\"variant\":\"variants.sku\","
                                     "\"weight\":\"variants.weight_g\"}") };
    TRY(file_add(ctx, &upload->part, &spec.file));
    return import_start(ctx, &spec, &upload->run);
}

static Status only_weight(Ctx *ctx, void *arg)
{
    int64_t *ret = arg;
    return db_one(ctx, SQL("SELECT weight_g FROM variant WHERE sku = 'P-1'"), ret);
}

// A product comes a second time, whose variant the first time made, and then a row that is refused:
// what was saved with it is saved again, and the variant has another id by then.
static void test_a_product_twice_in_a_file(void)
{
    Ctx *ctx = test_ctx();
    Stockroom room;
    Upload upload = { 0 };
    ImportRun done;
    int64_t weight = 0;
    Str csv = S("sku,name,unit,variant,weight\nP-1,Mule,pcs,P-1,10\nP-2,Boot,pcs,P-2,10\n"
                "P-1,Mule,pcs,P-1,20\nP-3,,pcs,P-3,10\nP-4,Clog,pcs,P-4,10\n");
    stockroom_open(ctx, NULL, &room);
    CHECK_OK(ctx, file_write(ctx, S("p.csv"), csv, false, &upload.part));
    CHECK_OK(ctx, tenant_transact(ctx, begin_import, &upload));
    CHECK_OK(ctx, import_run_all(ctx, upload.run, NULL, &done));
    CHECK_INT(done.rows_done, 4);
    CHECK_INT(done.rows_created, 3);
    CHECK_INT(done.rows_bad, 1);
    CHECK_OK(ctx, tenant_read(ctx, only_weight, &weight));
    CHECK_INT(weight, 20);
    stockroom_close(&room);
}

const Test catalog_tests[] = {
    { "options become variants, each combination once", test_matrix },
    { "a variant is one choice of every option", test_broken_variants },
    { "a product is found and counted in its packs", test_units },
    { "a category asks for attributes before it is sold", test_attributes },
    { "a price is that of the list that fits best", test_prices },
    { "a product twice in a file, and a row that is refused", test_a_product_twice_in_a_file },
    { "bins stand in warehouses, and channels sell from those", test_places },
    { 0 },
};
