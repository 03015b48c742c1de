// test_query.c - lists of records: every operator, orders and pages over equal and absent values,
// the same on both engines.
#include "kernel/market.h"
#include "kernel/secrets.h"

// ---- Operators ----------------------------------------------------------------------------------

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
    market_open(&market);
    for (size_t i = 0; i < COUNT(rows); i++) {
        const char *separator = rows[i].query[0] ? "&" : "";
        bool is_sorted = strstr(rows[i].query, "sort=") != NULL;
        Listing listing = {
            .query = str_format(market.ctx->arena, "%s%s%s", market_filled(&market, rows[i].query),
                                is_sorted ? "" : separator, is_sorted ? "" : "sort=ware_code")
                         .ptr
        };
        test_row = rows[i].query;
        Status status = tenant_read(market.ctx, market_list, &listing);
        if (rows[i].codes) {
            CHECK_OK(market.ctx, status);
            CHECK_STR(listing.codes, rows[i].codes);
        } else {
            CHECK(status == E_INVALID);
        }
        ctx_recover(market.ctx);
    }
    test_row = NULL;
    market_close(&market);
}

static void test_too_many_values(void)
{
    Market market;
    market_open(&market);
    Buf query = { .arena = market.ctx->arena };
    for (int filter = 0; filter < 4; filter++) {
        buf_printf(&query, "%sware_code[in]=A", filter ? "&" : "");
        for (int i = 1; i < 100; i++)
            buf_printf(&query, ",X%d", i);
    }
    buf_char(&query, '\0');
    Listing listing = { .query = query.ptr };
    CHECK_FAILS(market.ctx, "query.values", tenant_read(market.ctx, market_list, &listing));
    market_close(&market);
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
    market_open(&market);
    for (size_t i = 0; i < COUNT(rows); i++) {
        Listing listing = { .query = str_format(market.ctx->arena, "sort=%s", rows[i].sort).ptr };
        test_row = rows[i].sort;
        CHECK_OK(market.ctx, tenant_read(market.ctx, market_list, &listing));
        CHECK_STR(listing.codes, rows[i].codes);
    }
    test_row = NULL;
    market_close(&market);
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
        CHECK_OK(ctx, tenant_read(ctx, market_list, &page));
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
        CHECK_OK(ctx, tenant_read(ctx, market_list, &page));
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
                             market_id(market->ctx, i % 3 == 1 ? market->zarina : market->yusuf))
                      .ptr;
        market_add(market, str_format(market->ctx->arena, "W%02d", i).ptr,
                   str_format(market->ctx->arena, "%s%s%s\"name\":\"%s\"", kinds[i % 3],
                              pieces[i % 4], maker, i % 2 ? "same" : "other")
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
    market_open(&market);
    fill_alike(&market);
    for (size_t i = 0; i < COUNT(sorts); i++) {
        Listing all = { .query = str_format(market.ctx->arena, "sort=%s", sorts[i]).ptr };
        test_row = sorts[i];
        CHECK_OK(market.ctx, tenant_read(market.ctx, market_list, &all));
        CHECK_INT((int64_t)all.rows.rows.len, 25);
        walk(market.ctx, sorts[i], all.codes);
    }
    test_row = NULL;
    market_close(&market);
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
    market_split(ctx, counted->sort, &fields);
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
    market_open(&market);
    Listing two = { .query = "ware_code[in]=A,B&sort=ware_code" };
    CHECK_OK(market.ctx, tenant_read(market.ctx, market_list, &two));
    Id wares[] = { two.rows.rows.items[0].id, two.rows.rows.items[1].id };
    CHECK_OK(market.ctx, tenant_transact(market.ctx, count_wares, wares));
    for (size_t i = 0; i < COUNT(sorts); i++) {
        test_row = sorts[i];
        walk_counts(market.ctx, sorts[i]);
    }
    test_row = NULL;
    market_close(&market);
}

static void test_cursors(void)
{
    static const char *const rubbish[] = { "x", "____", "\xff\xfe", "Zm9v", "_x8fMQ" };
    Market market;
    market_open(&market);
    for (size_t i = 0; i < COUNT(rubbish); i++) {
        Listing listing = { .query = "sort=name,ware_code", .after = str_from(rubbish[i]) };
        Status status = tenant_read(market.ctx, market_list, &listing);
        CHECK(status == OK || status == E_INVALID);
        ctx_recover(market.ctx);
    }
    Listing both = { .query = "after=a&before=b" };
    CHECK_FAILS(market.ctx, "query.cursor", tenant_read(market.ctx, market_list, &both));
    // A cursor that somebody made: bytes that are no text, where a text is expected.
    static const uint8_t bad[] = { 0xff, 0xfe, 0x1f, '1' };
    Listing made = { .query = "sort=ware_code",
                     .after = base64_text(market.ctx->arena, bad, sizeof bad) };
    CHECK_FAILS(market.ctx, "query.cursor", tenant_read(market.ctx, market_list, &made));
    market_close(&market);
}

// ---- Counts and sums ----------------------------------------------------------------------------

static void test_counts(void)
{
    Market market;
    market_open(&market);
    Listing listing = { .query =
                            "count=true&limit=2&pieces[from]=0&fields=ware_code,price,pieces" };
    CHECK_OK(market.ctx, tenant_read(market.ctx, market_list, &listing));
    CHECK_INT(listing.rows.count, 3);
    CHECK_INT((int64_t)listing.rows.rows.len, 2);
    market_close(&market);
}

typedef struct ByWord {
    int64_t max, counts[8];
} ByWord;

static Status count_by_kind(Ctx *ctx, void *arg)
{
    ByWord *by = arg;
    EntityQuery query;
    entity_query_default(ctx, &ware_entity, &query);
    query.count_max = by->max;
    return entity_counts(ctx, &query, entity_field(&ware_entity, S("kind")), by->counts);
}

// As many as a filter for the word finds, and one more than asked for where there are more.
static void test_counts_by_word(void)
{
    Market market;
    market_open(&market);
    for (int64_t max = 1; max < 5; max++) {
        ByWord by = { .max = max };
        CHECK_OK(market.ctx, tenant_read(market.ctx, count_by_kind, &by));
        for (int i = 1; i < ware_kind_enum.count; i++) {
            Listing listing = { .query = str_format(market.ctx->arena, "count=true&kind=%s",
                                                    ware_kind_enum.values[i].name)
                                             .ptr };
            CHECK_OK(market.ctx, tenant_read(market.ctx, market_list, &listing));
            int64_t there = listing.rows.count;
            CHECK_INT(by.counts[i], there < max + 1 ? there : max + 1);
        }
    }
    market_close(&market);
}

static Status sum_wares(Ctx *ctx, void *arg)
{
    Listing *listing = arg;
    FormFieldList fields = { 0 };
    market_split(ctx, listing->query, &fields);
    TRY(entity_query_parse(ctx, &ware_entity, &fields, &listing->asked));
    listing->asked.want_sums = true;
    return entity_query(ctx, &listing->asked, &listing->rows);
}

static void test_sums(void)
{
    Market market;
    market_open(&market);
    Listing listing = { .query = "fields=ware_code,price,pieces" };
    CHECK_OK(market.ctx, tenant_read(market.ctx, sum_wares, &listing));
    CHECK(!listing.rows.sums[0].known);
    CHECK(listing.rows.sums[1].known);
    CHECK_INT(listing.rows.sums[1].number, 1250);
    Listing none = { .query = "fields=ware_code,price&name=Nothing" };
    CHECK_OK(market.ctx, tenant_read(market.ctx, sum_wares, &none));
    CHECK(!none.rows.sums[1].known);
    market_close(&market);
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
    market_open(&market);
    CHECK_OK(market.ctx, tenant_read(market.ctx, each_ware, &codes));
    CHECK_INT((int64_t)codes.len, 5);
    arena_release(&arena);
    market_close(&market);
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
    return market_list(ctx, &listing);
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
    market_open(&market);
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
    market_close(&market);
}

const Test query_tests[] = {
    { "every operator finds what it says", test_operators },
    { "filters hold so many values", test_too_many_values },
    { "absent values are the smallest, and the id breaks ties", test_orders },
    { "pages join to the whole, forwards and backwards", test_pages },
    { "lists of keyed records page by the whole key", test_keyed_pages },
    { "a cursor that is none is refused", test_cursors },
    { "a count counts all pages", test_counts },
    { "counts by word are those of a filter each", test_counts_by_word },
    { "sums add up in one currency", test_sums },
    { "an export sees every row", test_each },
    { "twenty thousand different questions leave nothing behind", test_many_questions },
    { 0 },
};
