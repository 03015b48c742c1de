// test_query.c - lists of records: every operator, orders and pages over equal and absent values,
// and who sees what, the same on both engines.
#include "bazaar.gen.h"
#include "kernel/entity/access.h"
#include "kernel/entity/query.h"
#include "kernel/house.h"
#include "kernel/secrets.h"

// ---- Steps --------------------------------------------------------------------------------------

typedef struct Deed {
    const EntityDef *entity;
    const char *json;
    Id id;
} Deed;

static Status create(Ctx *ctx, void *arg)
{
    Deed *deed = arg;
    const Json *input;
    TRY(json_parse(ctx, str_from(deed->json), &input));
    return access_create(ctx, deed->entity, input, 0, &deed->id);
}

static Id make(Ctx *ctx, const EntityDef *e, const char *json)
{
    Deed deed = { .entity = e, .json = json };
    CHECK_OK(ctx, tenant_transact(ctx, create, &deed));
    return deed.id;
}

static const char *text_of(Ctx *ctx, Id id)
{
    return id_text(ctx->arena, id).ptr;
}

typedef struct Market {
    House house;
    Ctx *ctx;
    Id north, corner, south;  // stalls; the corner is in the north
    Id zarina, yusuf;
    Id soft;
} Market;

static void add(Market *market, const char *code, const char *more)
{
    make(market->ctx, &ware_entity,
         str_format(market->ctx->arena, "{\"ware_code\":\"%s\",%s}", code, more).ptr);
}

static void open_stalls(Market *market)
{
    Ctx *ctx = market->ctx;
    market->north = make(ctx, &stall_entity, "{\"name\":\"North\"}");
    market->south = make(ctx, &stall_entity, "{\"name\":\"South\"}");
    market->corner = make(ctx, &stall_entity,
                          str_format(ctx->arena, "{\"name\":\"Corner\",\"above\":\"%s\"}",
                                     text_of(ctx, market->north))
                              .ptr);
    market->zarina = make(ctx, &maker_entity, "{\"name\":\"Zarina\",\"email\":\"z@example.com\"}");
    market->yusuf = make(ctx, &maker_entity, "{\"name\":\"Yusuf\"}");
    market->soft = make(ctx, &ware_tag_entity, "{\"name\":\"Soft\"}");
}

// Five wares: A to E, with less and less said of them.
static void open_market(Market *market)
{
    Ctx *ctx = market->ctx = test_ctx();
    house_open(ctx, &market->house);
    open_stalls(market);
    add(market, "A",
        str_format(
            ctx->arena,
            "\"name\":\"Rug\",\"kind\":\"rug\",\"maker\":\"%s\",\"stall\":\"%s\",\"pieces\":3,"
            "\"price\":\"10.00\",\"made_on\":\"2026-03-02\","
            "\"seen_at\":\"2026-03-02T23:30:00Z\",\"is_sold\":true,\"tags\":[\"%s\"]",
            text_of(ctx, market->zarina), text_of(ctx, market->corner), text_of(ctx, market->soft))
            .ptr);
    add(market, "B",
        str_format(ctx->arena,
                   "\"name\":\"rug 100%%\",\"kind\":\"rug\",\"maker\":\"%s\",\"stall\":\"%s\","
                   "\"pieces\":3,\"price\":\"2.50\",\"made_on\":\"2026-02-28\","
                   "\"seen_at\":\"2026-03-03T00:00:00Z\"",
                   text_of(ctx, market->yusuf), text_of(ctx, market->south))
            .ptr);
    add(market, "C",
        str_format(ctx->arena,
                   "\"name\":\"Lamp\",\"kind\":\"lamp\",\"maker\":\"%s\",\"pieces\":0,"
                   "\"made_on\":\"2026-03-09\"",
                   text_of(ctx, market->yusuf))
            .ptr);
    add(market, "D", "\"name\":\"Candle\",\"pieces\":-1");
    add(market, "E", "\"name\":\"Émile's table\"");
}

static void close_market(Market *market)
{
    house_close(&market->house);
}

// ---- Asking -------------------------------------------------------------------------------------

typedef struct Listing {
    const char *query;  // as in a URL, nothing encoded
    Str after, before;
    EntityQuery asked;
    EntityRows rows;
    Str codes;  // of the rows, with blanks between
} Listing;

static void split(Ctx *ctx, const char *query, FormFieldList *ret)
{
    Str rest = str_from(query), one;
    while (str_next(&rest, '&', &one)) {
        ptrdiff_t equals = str_find_char(one, '=');
        *list_push(ctx->arena, ret) =
            (FormField){ str_sub(one, 0, (size_t)equals), str_from_at(one, (size_t)equals + 1) };
    }
}

static Status list_wares(Ctx *ctx, void *arg)
{
    Listing *listing = arg;
    FormFieldList fields = { 0 };
    Buf codes = { .arena = ctx->arena };
    split(ctx, listing->query, &fields);
    TRY(entity_query_parse(ctx, &ware_entity, &fields, &listing->asked));
    if (listing->after.len)
        listing->asked.after = listing->after;
    if (listing->before.len)
        listing->asked.before = listing->before;
    TRY(entity_query(ctx, &listing->asked, &listing->rows));
    EACH (row, listing->rows.rows)
        buf_printf(&codes, "%s" STR_FMT, codes.len ? " " : "", STR_ARG(row->cells[0].text));
    listing->codes = buf_str(&codes);
    return OK;
}

// ---- Operators ----------------------------------------------------------------------------------

// %n, %s and %c in a query stand for the north, the south and the corner; %z for Zarina, %t the
// tag.
static const char *filled(const Market *market, const char *query)
{
    Buf out = { .arena = market->ctx->arena };
    for (const char *c = query; *c; c++) {
        Id id = *c != '%'   ? 0
              : c[1] == 'n' ? market->north
              : c[1] == 's' ? market->south
              : c[1] == 'c' ? market->corner
              : c[1] == 'z' ? market->zarina
              : c[1] == 't' ? market->soft
                            : 0;
        if (id)
            buf_put(&out, id_text(market->ctx->arena, id));
        else
            buf_char(&out, *c);
        c += id != 0;
    }
    buf_char(&out, '\0');
    return out.ptr;
}

static void test_operators(void)
{
    static const struct {
        const char *query, *codes;  // codes NULL: refused
    } rows[] = {
        { "", "A B C D E" },
        { "name=Lamp", "C" },
        { "name[not]=Lamp", "A B D E" },
        { "ware_code[in]=A,C,X", "A C" },
        { "ware_code[in]=", "" },
        { "name[contains]=0%", "B" },
        { "name[contains]=_", "" },
        { "name[contains]=am", "C" },
        { "name[contains]=AM", "" },  // not sorted: as it is written
        { "name[starts]=Ru", "A" },
        { "kind=rug", "A B" },
        { "kind[not]=rug", "C D E" },
        { "kind[in]=rug,lamp", "A B C" },
        { "kind=", "D E" },
        { "kind[empty]=true", "D E" },
        { "kind[empty]=false", "A B C" },
        { "kind=boat", NULL },
        { "kind[starts]=r", NULL },
        { "pieces=3", "A B" },
        { "pieces[not]=3", "C D E" },
        { "pieces[from]=0", "A B C" },
        { "pieces[to]=0", "C D" },
        { "pieces[above]=0", "A B" },
        { "pieces[below]=0", "D" },
        { "pieces[empty]=true", "E" },
        { "pieces=three", NULL },
        { "price[from]=2.50", "A B" },
        { "price[above]=2.50", "A" },
        { "price=2.505", NULL },
        { "is_sold=true", "A" },
        { "is_sold=false", "B C D E" },
        { "made_on=2026-02-28", "B" },
        { "made_on[from]=2026-03-02", "A C" },
        { "made_on[last]=3", "A B" },  // today is the 2nd: nothing of next week
        { "made_on[last]=1", "A" },
        { "made_on[last]=x", NULL },
        { "pieces[last]=3", NULL },
        { "version[last]=3", NULL },
        { "seen_at[to]=2026-03-02", "A" },  // all of that day
        { "seen_at[above]=2026-03-02", "B" },
        { "seen_at=2026-03-02", "A" },
        { "seen_at[from]=2026-03-03", "B" },
        { "seen_at[below]=2026-03-03", "A" },
        { "created_at=2026-03-02", "A B C D E" },
        { "created_at[to]=2026-03-01", "" },
        { "created_at[last]=1", "A B C D E" },
        { "maker=%z", "A" },
        { "maker[not]=%z", "B C D E" },
        { "maker.name=Yusuf", "B C" },
        { "maker.name[not]=Yusuf", "A D E" },
        { "maker.name[empty]=true", "D E" },
        { "maker.name[empty]=false", "A B C" },
        { "stall[under]=%n", "A" },
        { "stall[under]=%s", "B" },
        { "stall[under]=%c", "A" },
        { "maker[under]=%z", NULL },
        { "tags=%t", "A" },
        { "tags[not]=%t", NULL },
        { "spot=1", NULL },
        { "spot[empty]=true", NULL },
        { "sizes=1", NULL },
        { "archived=only", "" },
        { "archived=with", "A B C D E" },
        { "sort=spot", NULL },
        { "sort=tags", NULL },
        { "sort=kind,name,pieces,price", NULL },
        { "pieces[above]=0&kind=rug&name=Rug", "A" },
    };
    Market market;
    open_market(&market);
    for (size_t i = 0; i < COUNT(rows); i++) {
        const char *separator = rows[i].query[0] ? "&" : "";
        bool is_sorted = strstr(rows[i].query, "sort=") != NULL;
        Listing listing = {
            .query = str_format(market.ctx->arena, "%s%s%s", filled(&market, rows[i].query),
                                is_sorted ? "" : separator, is_sorted ? "" : "sort=ware_code")
                         .ptr
        };
        test_row = rows[i].query;
        Status status = tenant_read(market.ctx, list_wares, &listing);
        if (rows[i].codes) {
            CHECK_OK(market.ctx, status);
            CHECK_STR(listing.codes, rows[i].codes);
        } else {
            CHECK(status == E_INVALID);
        }
        ctx_recover(market.ctx);
    }
    test_row = NULL;
    close_market(&market);
}

static void test_too_many_values(void)
{
    Market market;
    open_market(&market);
    Buf query = { .arena = market.ctx->arena };
    for (int filter = 0; filter < 4; filter++) {
        buf_printf(&query, "%sware_code[in]=A", filter ? "&" : "");
        for (int i = 1; i < 100; i++)
            buf_printf(&query, ",X%d", i);
    }
    buf_char(&query, '\0');
    Listing listing = { .query = query.ptr };
    CHECK_FAILS(market.ctx, "query.values", tenant_read(market.ctx, list_wares, &listing));
    close_market(&market);
}

// ---- Orders and pages ---------------------------------------------------------------------------

static void test_orders(void)
{
    static const struct {
        const char *sort, *codes;
    } rows[] = {
        { "ware_code", "A B C D E" },
        { "-ware_code", "E D C B A" },
        { "kind", "D E C A B" },
        { "-kind", "B A C E D" },
        { "pieces", "E D C A B" },
        { "-pieces", "B A C D E" },
        { "-pieces,ware_code", "A B C D E" },
        { "made_on", "D E B A C" },
        { "-made_on", "C A B E D" },
        { "maker", "D E B C A" },
        { "-maker", "A C B E D" },
        { "maker.name", "D E B C A" },
        { "-maker.name,pieces", "A C B E D" },
        { "is_sold,-ware_code", "E D C B A" },
        { "price", "C D E B A" },
        { "-price", "A B E D C" },
    };
    Market market;
    open_market(&market);
    for (size_t i = 0; i < COUNT(rows); i++) {
        Listing listing = { .query = str_format(market.ctx->arena, "sort=%s", rows[i].sort).ptr };
        test_row = rows[i].sort;
        CHECK_OK(market.ctx, tenant_read(market.ctx, list_wares, &listing));
        CHECK_STR(listing.codes, rows[i].codes);
    }
    test_row = NULL;
    close_market(&market);
}

static Str joined(Ctx *ctx, Str a, Str b)
{
    return a.len && b.len ? str_format(ctx->arena, STR_FMT " " STR_FMT, STR_ARG(a), STR_ARG(b))
         : a.len          ? a
                          : b;
}

// All pages from the first to the last, then all from the last to the first.
static void walk(Ctx *ctx, const char *sort, Str all)
{
    Listing page = { .query = str_format(ctx->arena, "sort=%s&limit=3", sort).ptr };
    Str forwards = S(""), backwards = S("");
    for (int pages = 0; pages < 20; pages++) {
        CHECK_OK(ctx, tenant_read(ctx, list_wares, &page));
        forwards = joined(ctx, forwards, page.codes);
        if (!page.rows.next.len)
            break;
        page.after = page.rows.next;
    }
    CHECK(str_eq(forwards, all));
    backwards = page.codes;
    page.after = S("");
    for (int pages = 0; pages < 20 && page.rows.previous.len; pages++) {
        page.before = page.rows.previous;
        CHECK_OK(ctx, tenant_read(ctx, list_wares, &page));
        backwards = joined(ctx, page.codes, backwards);
    }
    CHECK(str_eq(backwards, all));
}

// Twenty wares of few values, many of them absent.
static void fill_alike(Market *market)
{
    static const char *const kinds[] = { "", "\"kind\":\"rug\",", "\"kind\":\"lamp\"," };
    static const char *const pieces[] = { "\"pieces\":1,", "", "\"pieces\":2,", "" };
    for (int i = 0; i < 20; i++) {
        const char *maker =
            i % 3 == 0
                ? ""
                : str_format(market->ctx->arena, "\"maker\":\"%s\",",
                             text_of(market->ctx, i % 3 == 1 ? market->zarina : market->yusuf))
                      .ptr;
        add(market, str_format(market->ctx->arena, "W%02d", i).ptr,
            str_format(market->ctx->arena, "%s%s%s\"name\":\"%s\"", kinds[i % 3], pieces[i % 4],
                       maker, i % 2 ? "same" : "other")
                .ptr);
    }
}

static void test_pages(void)
{
    static const char *const sorts[] = { "ware_code",
                                         "name",
                                         "-name",
                                         "kind",
                                         "-kind",
                                         "pieces",
                                         "-pieces",
                                         "maker",
                                         "-maker",
                                         "maker.name",
                                         "-maker.name",
                                         "kind,-pieces",
                                         "-kind,maker",
                                         "price",
                                         "made_on",
                                         "-made_on,kind",
                                         "created_at",
                                         "-id",
                                         "is_sold,-pieces,name" };
    Market market;
    open_market(&market);
    fill_alike(&market);
    for (size_t i = 0; i < COUNT(sorts); i++) {
        Listing all = { .query = str_format(market.ctx->arena, "sort=%s", sorts[i]).ptr };
        test_row = sorts[i];
        CHECK_OK(market.ctx, tenant_read(market.ctx, list_wares, &all));
        CHECK_INT((int64_t)all.rows.rows.len, 25);
        walk(market.ctx, sorts[i], all.codes);
    }
    test_row = NULL;
    close_market(&market);
}

static Status count_wares(Ctx *ctx, void *arg)
{
    const Id *wares = arg;  // two
    for (int i = 0; i < 40; i++)
        TRY(db_write(ctx, SQL("INSERT INTO ware_count (ware_id, seen_on, shelf, pieces)"
                              " VALUES ($1, $2, $3, $4)",
                              wares[i % 2], (int64_t)(i / 8),
                              str_format(ctx->arena, "S%d", i / 2 % 4), (int64_t)(i % 3))));
    return OK;
}

typedef struct Counted {
    const char *sort;
    Str after, before;
    EntityRows rows;
    Str words;  // of the rows: ware, day and shelf
} Counted;

static Status list_counts(Ctx *ctx, void *arg)
{
    Counted *counted = arg;
    EntityQuery query;
    FormFieldList fields = { 0 };
    Buf words = { .arena = ctx->arena };
    split(ctx, counted->sort, &fields);
    TRY(entity_query_parse(ctx, &ware_count_entity, &fields, &query));
    query.after = counted->after;
    query.before = counted->before;
    TRY(entity_query(ctx, &query, &counted->rows));
    EACH (row, counted->rows.rows)
        buf_printf(&words, "%s%lld/%lld/" STR_FMT, words.len ? " " : "",
                   (long long)row->cells[0].number, (long long)row->cells[1].number,
                   STR_ARG(row->cells[2].text));
    counted->words = buf_str(&words);
    return OK;
}

static void walk_counts(Ctx *ctx, const char *sort)
{
    const char *fields = "fields=ware,seen_on,shelf";
    Counted all = { .sort = str_format(ctx->arena, "%s%s", fields, sort).ptr };
    Counted page = { .sort = str_format(ctx->arena, "%s%s&limit=7", fields, sort).ptr };
    Str forwards = S("");
    CHECK_OK(ctx, tenant_read(ctx, list_counts, &all));
    CHECK_INT((int64_t)all.rows.rows.len, 40);
    for (int pages = 0; pages < 20; pages++) {
        CHECK_OK(ctx, tenant_read(ctx, list_counts, &page));
        forwards = joined(ctx, forwards, page.words);
        if (!page.rows.next.len)
            break;
        page.after = page.rows.next;
    }
    CHECK(str_eq(forwards, all.words));
    Str backwards = page.words;
    page.after = S("");
    for (int pages = 0; pages < 20 && page.rows.previous.len; pages++) {
        page.before = page.rows.previous;
        CHECK_OK(ctx, tenant_read(ctx, list_counts, &page));
        backwards = joined(ctx, page.words, backwards);
    }
    CHECK(str_eq(backwards, all.words));
}

static void test_keyed_pages(void)
{
    static const char *const sorts[] = { "", "&sort=pieces", "&sort=-pieces",
                                         "&sort=-shelf,pieces" };
    Market market;
    open_market(&market);
    Listing two = { .query = "ware_code[in]=A,B&sort=ware_code" };
    CHECK_OK(market.ctx, tenant_read(market.ctx, list_wares, &two));
    Id wares[] = { two.rows.rows.items[0].id, two.rows.rows.items[1].id };
    CHECK_OK(market.ctx, tenant_transact(market.ctx, count_wares, wares));
    for (size_t i = 0; i < COUNT(sorts); i++) {
        test_row = sorts[i];
        walk_counts(market.ctx, sorts[i]);
    }
    test_row = NULL;
    close_market(&market);
}

static void test_cursors(void)
{
    static const char *const rubbish[] = { "x", "____", "\xff\xfe", "Zm9v", "_x8fMQ" };
    Market market;
    open_market(&market);
    for (size_t i = 0; i < COUNT(rubbish); i++) {
        Listing listing = { .query = "sort=name,ware_code", .after = str_from(rubbish[i]) };
        Status status = tenant_read(market.ctx, list_wares, &listing);
        CHECK(status == OK || status == E_INVALID);
        ctx_recover(market.ctx);
    }
    Listing both = { .query = "after=a&before=b" };
    CHECK_FAILS(market.ctx, "query.cursor", tenant_read(market.ctx, list_wares, &both));
    // A cursor that somebody made: bytes that are no text, where a text is expected.
    static const uint8_t bad[] = { 0xff, 0xfe, 0x1f, '1' };
    Listing made = { .query = "sort=ware_code",
                     .after = base64_text(market.ctx->arena, bad, sizeof bad) };
    CHECK_FAILS(market.ctx, "query.cursor", tenant_read(market.ctx, list_wares, &made));
    close_market(&market);
}

// ---- Counts and sums ----------------------------------------------------------------------------

static void test_counts(void)
{
    Market market;
    open_market(&market);
    Listing listing = { .query =
                            "count=true&limit=2&pieces[from]=0&fields=ware_code,price,pieces" };
    CHECK_OK(market.ctx, tenant_read(market.ctx, list_wares, &listing));
    CHECK_INT(listing.rows.count, 3);
    CHECK_INT((int64_t)listing.rows.rows.len, 2);
    close_market(&market);
}

static Status sum_wares(Ctx *ctx, void *arg)
{
    Listing *listing = arg;
    FormFieldList fields = { 0 };
    split(ctx, listing->query, &fields);
    TRY(entity_query_parse(ctx, &ware_entity, &fields, &listing->asked));
    listing->asked.want_sums = true;
    return entity_query(ctx, &listing->asked, &listing->rows);
}

static void test_sums(void)
{
    Market market;
    open_market(&market);
    Listing listing = { .query = "fields=ware_code,price,pieces" };
    CHECK_OK(market.ctx, tenant_read(market.ctx, sum_wares, &listing));
    CHECK(!listing.rows.sums[0].known);
    CHECK(listing.rows.sums[1].known);
    CHECK_INT(listing.rows.sums[1].number, 1250);
    Listing none = { .query = "fields=ware_code,price&name=Nothing" };
    CHECK_OK(market.ctx, tenant_read(market.ctx, sum_wares, &none));
    CHECK(!none.rows.sums[1].known);
    close_market(&market);
}

static Status add_code(Ctx *ctx, const EntityRow *row, void *arg)
{
    Buf *codes = arg;
    buf_put(codes, row->cells[0].text);
    return OK;
}

static Status each_ware(Ctx *ctx, void *arg)
{
    EntityQuery query;
    entity_query_default(ctx, &ware_entity, &query);
    return entity_each(ctx, &query, add_code, arg);
}

static void test_each(void)
{
    Market market;
    Arena arena = { 0 };
    Buf codes = { .arena = &arena };
    open_market(&market);
    CHECK_OK(market.ctx, tenant_read(market.ctx, each_ware, &codes));
    CHECK_INT((int64_t)codes.len, 5);
    arena_release(&arena);
    close_market(&market);
}

// ---- Many different questions -------------------------------------------------------------------

static const char *const pieces_of_queries[] = {
    "name=Rug",
    "kind=rug",
    "pieces=1",
    "pieces[from]=0",
    "pieces[to]=9",
    "price[from]=1",
    "price[to]=9",
    "made_on[from]=2026-01-01",
    "made_on[to]=2026-12-31",
    "is_sold=true",
    "ware_code=A",
    "ware_code[starts]=A",
    "kind[not]=lamp",
    "name[not]=Lamp",
    "pieces[empty]=false",
};

// The pieces whose bits are set in `which`: another statement for each.
static Status ask_combination(Ctx *ctx, unsigned which)
{
    Listing listing = { 0 };
    Buf query = { .arena = ctx->arena };
    buf_c(&query, "fields=ware_code&sort=ware_code");
    for (size_t i = 0; i < COUNT(pieces_of_queries); i++)
        if (which >> i & 1)
            buf_printf(&query, "&%s", pieces_of_queries[i]);
    listing.query = buf_str(&query).ptr;
    return list_wares(ctx, &listing);
}

typedef struct Combinations {
    unsigned from, to;
} Combinations;

static Status ask_combinations(Ctx *ctx, void *arg)
{
    const Combinations *asked = arg;
    for (unsigned which = asked->from; which < asked->to; which++) {
        ArenaMark mark = arena_mark(ctx->arena);
        TRY(ask_combination(ctx, which));
        arena_rewind(ctx->arena, mark);
    }
    return OK;
}

static Status count_prepared(Ctx *ctx, void *ret)
{
    return db_one(ctx, SQL("SELECT count(*) FROM pg_prepared_statements"), (int64_t *)ret);
}

static void test_many_questions(void)
{
    enum { DIFFERENT = 20000, AT_ONCE = 500, KEPT_MAX = 2000 };
    Market market;
    open_market(&market);
    Combinations asked = { 0, 1 };
    CHECK_OK(market.ctx, tenant_read(market.ctx, ask_combinations, &asked));
    size_t kept = sql_interned();
    while (asked.to < DIFFERENT) {
        asked = (Combinations){ asked.to, asked.to + AT_ONCE };
        CHECK_OK(market.ctx, tenant_read(market.ctx, ask_combinations, &asked));
        int64_t prepared = 0;
        if (fixture_is_postgres())
            CHECK_OK(market.ctx, tenant_read(market.ctx, count_prepared, &prepared));
        CHECK(prepared <= KEPT_MAX + AT_ONCE + 50);
    }
    CHECK_INT((int64_t)sql_interned(), (int64_t)kept);
    close_market(&market);
}

// ---- Who sees what ------------------------------------------------------------------------------

static Str seen(Ctx *ctx, const char *query)
{
    Listing listing = { .query = query };
    CHECK_OK(ctx, tenant_read(ctx, list_wares, &listing));
    CHECK(listing.rows.count < 0 || listing.rows.count == (int64_t)listing.rows.rows.len);
    return listing.codes;
}

static void test_scopes(void)
{
    Market market;
    open_market(&market);
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
    CHECK_FAILS(ctx, "denied.portal", tenant_read(ctx, list_wares, &listing));
    ctx->actor = house_actor(ctx, "platform.view");
    CHECK_FAILS(ctx, "denied.permission", tenant_read(ctx, list_wares, &listing));
    close_market(&market);
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
    open_market(&market);
    Ctx *ctx = market.ctx;
    CHECK_STR(seen(ctx, "maker.email[starts]=z"), "A");
    ctx->actor = house_actor(ctx, "bazaar.view");
    for (size_t i = 0; i < COUNT(refused); i++) {
        Listing listing = { .query = refused[i] };
        test_row = refused[i];
        CHECK(tenant_read(ctx, list_wares, &listing) == E_INVALID);
        ctx_recover(ctx);
    }
    test_row = NULL;
    CHECK_STR(seen(ctx, "maker.email=z@example.com"), "A");  // who knows it whole may ask
    Listing masked = { .query = "fields=ware_code,maker.email&maker.email[empty]=false" };
    CHECK_OK(ctx, tenant_read(ctx, list_wares, &masked));
    CHECK(masked.rows.rows.items[0].cells[1].masked);
    CHECK(!str_is(masked.rows.rows.items[0].cells[1].text, "z@example.com"));
    close_market(&market);
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
        Id guild =
            make(ctx, &guild_entity,
                 str_format(ctx->arena, "{\"name\":\"%s\",\"motto\":\"Never %s\",\"home\":\"%s\"}",
                            wares[i].guild, wares[i].code, text_of(ctx, home))
                     .ptr);
        add(market, wares[i].code,
            str_format(ctx->arena, "\"name\":\"Cloth\",\"guild\":\"%s\",\"stall\":\"%s\"",
                       text_of(ctx, guild), text_of(ctx, market->south))
                .ptr);
    }
}

static void test_permission_behind_a_reference(void)
{
    static const char *const asked[] = { "guild.name=Weavers", "guild.name[starts]=W",
                                         "guild.motto[empty]=false", "fields=guild.name",
                                         "sort=-guild.name" };
    Market market;
    open_market(&market);
    open_guilds(&market);
    Ctx *ctx = market.ctx;
    for (size_t i = 0; i < COUNT(asked); i++) {
        Listing listing = { .query = asked[i] };
        test_row = asked[i];
        ctx->actor = house_actor(ctx, "bazaar.view");
        CHECK_FAILS(ctx, "denied.permission", tenant_read(ctx, list_wares, &listing));
        ctx->actor = house_actor(ctx, "bazaar.view bazaar.guilds");
        CHECK_OK(ctx, tenant_read(ctx, list_wares, &listing));
    }
    test_row = NULL;
    Listing kept = { .query = "guild.secret=x" };
    CHECK_FAILS(ctx, "query.field", tenant_read(ctx, list_wares, &kept));
    ctx->actor = house_actor(ctx, "bazaar.view");
    Listing label = { .query = "fields=guild&ware_code=W" };  // of the ware, not of the guild
    CHECK_OK(ctx, tenant_read(ctx, list_wares, &label));
    CHECK_STR(label.rows.rows.items[0].cells[0].text, "Smiths");
    ctx->actor = &(Actor){ .kind = ACTOR_PORTAL,
                           .audience = S("maker"),
                           .subject = { &maker_entity, market.yusuf } };
    Listing portal = { .query = "stall.name=South" };
    CHECK_FAILS(ctx, "denied.portal", tenant_read(ctx, list_wares, &portal));
    close_market(&market);
}

static void test_contains_in_large_tables(void)
{
    Market market;
    open_market(&market);
    open_guilds(&market);
    CHECK_STR(seen(market.ctx, "guild.name[contains]=MITH"), "W");  // keeps its words folded
    Listing motto = { .query = "guild.motto[contains]=ever" };
    CHECK_FAILS(market.ctx, "query.filter", tenant_read(market.ctx, list_wares, &motto));
    CHECK_STR(seen(market.ctx, "ware_code[contains]=W"), "W");  // of a small table
    close_market(&market);
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
    open_market(&market);
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
        CHECK_STR(seen(ctx, filled(&market, query)), rows[i].all);
        ctx->actor = limited;
        CHECK_STR(seen(ctx, filled(&market, query)), rows[i].limited);
    }
    test_row = NULL;
    Listing cells = { .query = "fields=ware_code,guild,guild.name,guild.home&ware_code=W" };
    CHECK_OK(ctx, tenant_read(ctx, list_wares, &cells));
    const Cell *shown = cells.rows.rows.items[0].cells;
    CHECK_STR(shown[1].text, "Smiths");  // the label belongs to the ware
    CHECK(!shown[2].known && shown[2].text.len == 0);
    CHECK(!shown[3].known && shown[3].text.len == 0);
    close_market(&market);
}

const Test query_tests[] = {
    { "every operator finds what it says", test_operators },
    { "filters hold so many values", test_too_many_values },
    { "absent values are the smallest, and the id breaks ties", test_orders },
    { "pages join to the whole, forwards and backwards", test_pages },
    { "lists of keyed records page by the whole key", test_keyed_pages },
    { "a cursor that is none is refused", test_cursors },
    { "a count counts all pages", test_counts },
    { "sums add up in one currency", test_sums },
    { "an export sees every row", test_each },
    { "twenty thousand different questions leave nothing behind", test_many_questions },
    { "scopes bear on rows and counts", test_scopes },
    { "what is kept from somebody cannot be asked for", test_kept_fields },
    { "a path through a reference takes the right to read there",
      test_permission_behind_a_reference },
    { "a path through a reference sees one's own rows", test_rows_behind_a_reference },
    { "words inside a text are not looked for in large tables", test_contains_in_large_tables },
    { 0 },
};
