// test_query_scopes.c - lists of records: who sees what of them.
#include "kernel/market.h"

static Str seen(Ctx *ctx, const char *query)
{
    Listing listing = { .query = query };
    CHECK_OK(ctx, tenant_read(ctx, market_list, &listing));
    CHECK(listing.rows.count < 0 || listing.rows.count == (int64_t)listing.rows.rows.len);
    return listing.codes;
}

static void test_scopes(void)
{
    Market market;
    market_open(&market);
    Ctx *ctx = market.ctx;
    Actor *actor = house_actor(ctx, "bazaar.view");
    ctx->actor = actor;
    CHECK_STR(seen(ctx, "sort=ware_code&count=true"), "A B C D E");
    ActorLimit *limit = list_push(ctx->arena, &actor->limits);
    limit->entity = &stall_entity;
    CHECK_STR(seen(ctx, "sort=ware_code&count=true"), "");  // limited to nothing
    *list_push(ctx->arena, &limit->values) = market.south;
    CHECK_STR(seen(ctx, "sort=ware_code&count=true"), "B");
    *list_push(ctx->arena, &limit->values) = market.corner;
    CHECK_STR(seen(ctx, "sort=ware_code&count=true"), "A B");
    CHECK_STR(seen(ctx, "sort=ware_code&count=true&name=Lamp"), "");

    ctx->actor = &(Actor){ .kind = ACTOR_PORTAL,
                           .audience = S("maker"),
                           .subject = { &maker_entity, market.yusuf } };
    CHECK_STR(seen(ctx, "sort=ware_code&count=true"), "B C");
    ctx->actor = &(Actor){ .kind = ACTOR_PORTAL,
                           .audience = S("nobody"),
                           .subject = { &maker_entity, market.yusuf } };
    Listing listing = { .query = "sort=ware_code" };
    CHECK_FAILS(ctx, "denied.portal", tenant_read(ctx, market_list, &listing));
    ctx->actor = house_actor(ctx, "platform.view");
    CHECK_FAILS(ctx, "denied.permission", tenant_read(ctx, market_list, &listing));
    market_close(&market);
}

// What one may not read, or reads masked, cannot be found out by filtering and sorting either.
static void test_kept_fields(void)
{
    static const char *const refused[] = {
        "cost_note=x",           "sort=cost_note",          "fields=cost_note",
        "maker.email[starts]=z", "maker.email[contains]=z", "maker.email[from]=z",
        "sort=maker.email",
    };
    Market market;
    market_open(&market);
    Ctx *ctx = market.ctx;
    CHECK_STR(seen(ctx, "maker.email[starts]=z"), "A");
    ctx->actor = house_actor(ctx, "bazaar.view");
    for (size_t i = 0; i < COUNT(refused); i++) {
        Listing listing = { .query = refused[i] };
        test_row = refused[i];
        CHECK(tenant_read(ctx, market_list, &listing) == E_INVALID);
        ctx_recover(ctx);
    }
    test_row = NULL;
    CHECK_STR(seen(ctx, "maker.email=z@example.com"), "A");  // who knows it whole may ask
    Listing masked = { .query = "fields=ware_code,maker.email&maker.email[empty]=false" };
    CHECK_OK(ctx, tenant_read(ctx, market_list, &masked));
    CHECK(masked.rows.rows.items[0].cells[1].masked);
    CHECK(!str_is(masked.rows.rows.items[0].cells[1].text, "z@example.com"));
    market_close(&market);
}

// The guild of the weavers is at home in the south, that of the smiths in the north; their wares
// are both sold in the south.
static void open_guilds(Market *market)
{
    static const struct {
        const char *code, *guild;
    } wares[] = { { "V", "Weavers" }, { "W", "Smiths" } };
    Ctx *ctx = market->ctx;
    for (size_t i = 0; i < COUNT(wares); i++) {
        Id home = i ? market->north : market->south;
        Id guild = market_make(
            ctx, &guild_entity,
            str_format(ctx->arena, "{\"name\":\"%s\",\"motto\":\"Never %s\",\"home\":\"%s\"}",
                       wares[i].guild, wares[i].code, market_id(ctx, home))
                .ptr);
        market_add(market, wares[i].code,
                   str_format(ctx->arena, "\"name\":\"Cloth\",\"guild\":\"%s\",\"stall\":\"%s\"",
                              market_id(ctx, guild), market_id(ctx, market->south))
                       .ptr);
    }
}

static void test_permission_behind_a_reference(void)
{
    static const char *const asked[] = { "guild.name=Weavers", "guild.name[starts]=W",
                                         "guild.motto[empty]=false", "fields=guild.name",
                                         "sort=-guild.name" };
    Market market;
    market_open(&market);
    open_guilds(&market);
    Ctx *ctx = market.ctx;
    for (size_t i = 0; i < COUNT(asked); i++) {
        Listing listing = { .query = asked[i] };
        test_row = asked[i];
        ctx->actor = house_actor(ctx, "bazaar.view");
        CHECK_FAILS(ctx, "denied.permission", tenant_read(ctx, market_list, &listing));
        ctx->actor = house_actor(ctx, "bazaar.view bazaar.guilds");
        CHECK_OK(ctx, tenant_read(ctx, market_list, &listing));
    }
    test_row = NULL;
    Listing kept = { .query = "guild.secret=x" };
    CHECK_FAILS(ctx, "query.field", tenant_read(ctx, market_list, &kept));
    ctx->actor = house_actor(ctx, "bazaar.view");
    Listing label = { .query = "fields=guild&ware_code=W" };  // of the ware, not of the guild
    CHECK_OK(ctx, tenant_read(ctx, market_list, &label));
    CHECK_STR(label.rows.rows.items[0].cells[0].text, "Smiths");
    ctx->actor = &(Actor){ .kind = ACTOR_PORTAL,
                           .audience = S("maker"),
                           .subject = { &maker_entity, market.yusuf } };
    Listing portal = { .query = "stall.name=South" };
    CHECK_FAILS(ctx, "denied.portal", tenant_read(ctx, market_list, &portal));
    market_close(&market);
}

static void test_contains_in_large_tables(void)
{
    Market market;
    market_open(&market);
    open_guilds(&market);
    CHECK_STR(seen(market.ctx, "guild.name[contains]=MITH"), "W");  // keeps its words folded
    Listing motto = { .query = "guild.motto[contains]=ever" };
    CHECK_FAILS(market.ctx, "query.filter", tenant_read(market.ctx, market_list, &motto));
    CHECK_STR(seen(market.ctx, "ware_code[contains]=W"), "W");  // of a small table
    market_close(&market);
}

static void test_rows_behind_a_reference(void)
{
    static const struct {
        const char *query, *all, *limited;
    } rows[] = {
        { "guild.name=Smiths", "W", "" },
        { "guild.name[starts]=s", "W", "" },
        { "guild.name[from]=A", "V W", "V" },
        { "guild.name[not]=Smiths", "B V", "B V W" },
        { "guild.name[empty]=true", "B", "B W" },
        { "guild.motto[in]=Never V,Never W", "V W", "V" },
        { "guild.home[under]=%n", "W", "" },
        { "guild.name[empty]=false&sort=-guild.name", "V W", "V" },
        { "stall.name=South&sort=guild.name,-ware_code", "B W V", "W B V" },
    };
    Market market;
    market_open(&market);
    open_guilds(&market);
    Ctx *ctx = market.ctx;
    Actor *limited = house_actor(ctx, "bazaar.view bazaar.guilds");
    ActorLimit *limit = list_push(ctx->arena, &limited->limits);
    limit->entity = &stall_entity;
    *list_push(ctx->arena, &limit->values) = market.south;
    for (size_t i = 0; i < COUNT(rows); i++) {
        const char *sort = strstr(rows[i].query, "sort=") ? "" : "&sort=ware_code";
        const char *query =
            str_format(ctx->arena, "count=true&stall=%%s&%s%s", rows[i].query, sort).ptr;
        test_row = rows[i].query;
        ctx->actor = house_actor(ctx, "bazaar.view bazaar.guilds");
        CHECK_STR(seen(ctx, market_filled(&market, query)), rows[i].all);
        ctx->actor = limited;
        CHECK_STR(seen(ctx, market_filled(&market, query)), rows[i].limited);
    }
    test_row = NULL;
    Listing cells = { .query = "fields=ware_code,guild,guild.name,guild.home&ware_code=W" };
    CHECK_OK(ctx, tenant_read(ctx, market_list, &cells));
    const Cell *shown = cells.rows.rows.items[0].cells;
    CHECK_STR(shown[1].text, "Smiths");  // the label belongs to the ware
    CHECK(!shown[2].known && shown[2].text.len == 0);
    CHECK(!shown[3].known && shown[3].text.len == 0);
    market_close(&market);
}

const Test query_scopes_tests[] = {
    { "scopes bear on rows and counts", test_scopes },
    { "what is kept from somebody cannot be asked for", test_kept_fields },
    { "a path through a reference takes the right to read there",
      test_permission_behind_a_reference },
    { "a path through a reference sees one's own rows", test_rows_behind_a_reference },
    { "words inside a text are not looked for in large tables", test_contains_in_large_tables },
    { 0 },
};
