// search_bench.c - the figures of docs/search.md: time and size of an index of 100,000 products,
// queries warm and cold, with facets and without, and NDCG@10 on the judged searches. Beside it the
// same products and queries in SQLite's own full-text index (FTS5, ranked by its BM25, 20 hits and
// their count), which knows no typing mistakes, joined words or facets: the floor.
//
//     search_bench SHARED_FOLDER [products]
#include "../tests/kernel/search_fixture.h"
#include "base/random.h"

#include <sqlite3.h>
#include <time.h>

enum { PRODUCTS = 100000, BATCH = 500, CACHE_BYTES = 64 << 20, RUNS = 50, FLOOR_RUNS = 9 };

static const char *const queries[] = {
    "black",
    "usb",
    "hp",
    "cable",
    "original",
    "black usb cable",
    "hp toner cartridge",
    "laser printer black",
    "black original",
    "wireless mouse",
    "blac",
    "c",
    "wallte",
    "keybord black",
    "nosuchword black",
};

static double now_ms(void)
{
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    return (double)at.tv_sec * 1e3 + (double)at.tv_nsec / 1e6;
}

static Status one_search(MemoryIndex *index, Ctx *ctx, const char *words, bool with_facets,
                         int64_t *ret_count)
{
    Index all;
    IndexAnswer answer;
    IndexQuery query = { .words = str_from(words), .scope.is_all = true, .limit = 20 };
    static Str names[] = {
        { "brand", 5 }, { "colour", 6 }, { "type", 4 }, { "year", 4 }, { "country", 7 }
    };
    if (with_facets) {
        query.facets.items = names;
        query.facets.len = COUNT(names);
    }
    TRY(memory_open(index, ctx, &all));
    TRY(index_search(ctx, &all, &query, &answer));
    *ret_count = answer.count;
    return OK;
}

static double timed_search(MemoryIndex *index, const char *words, bool with_facets,
                           int64_t *ret_count)
{
    Arena arena = { 0 };
    Ctx ctx = *index->ctx;
    ctx.arena = &arena;
    double start = now_ms();
    if (one_search(index, &ctx, words, with_facets, ret_count) != OK) {
        fprintf(stderr, STR_FMT "\n", STR_ARG(ctx.failure.message));
        exit(1);
    }
    double taken = now_ms() - start;
    arena_release(&arena);
    return taken;
}

static int rising(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

// ---- The floor ----------------------------------------------------------------------------------

typedef struct Floor {
    sqlite3 *db;
    sqlite3_stmt *hits, *count;
} Floor;

static void must(Floor *floor, bool is_good)
{
    if (is_good)
        return;
    fprintf(stderr, "floor: %s\n", sqlite3_errmsg(floor->db));
    exit(1);
}

static sqlite3_stmt *prepare(Floor *floor, const char *sql)
{
    sqlite3_stmt *stmt = NULL;
    must(floor, sqlite3_prepare_v2(floor->db, sql, -1, &stmt, NULL) == SQLITE_OK);
    return stmt;
}

static void put_floor(Floor *floor, sqlite3_stmt *insert, const IndexDoc *doc)
{
    sqlite3_bind_int64(insert, 1, doc->id);
    for (int field = 0; field < 3; field++) {
        Str text = { 0 };
        EACH (one, doc->texts)
            if (one->field == field)
                text = one->text;
        sqlite3_bind_text(insert, field + 2, text.ptr, (int)text.len, SQLITE_STATIC);
    }
    must(floor, sqlite3_step(insert) == SQLITE_DONE);
    sqlite3_reset(insert);
}

static void fill_floor(Floor *floor, const IndexDocList *docs)
{
    double start = now_ms();
    must(floor, sqlite3_open(":memory:", &floor->db) == SQLITE_OK);
    must(floor, sqlite3_exec(floor->db,
                             "CREATE VIRTUAL TABLE product USING fts5(a, b, c, content='',"
                             " tokenize='unicode61 remove_diacritics 2')",
                             NULL, NULL, NULL) == SQLITE_OK);
    sqlite3_stmt *insert = prepare(floor, "INSERT INTO product (rowid, a, b, c) VALUES (?,?,?,?)");
    for (size_t i = 0; i < docs->len; i++) {
        if (i % BATCH == 0)
            must(floor, sqlite3_exec(floor->db, i ? "COMMIT; BEGIN" : "BEGIN", NULL, NULL, NULL) ==
                            SQLITE_OK);
        put_floor(floor, insert, &docs->items[i]);
    }
    must(floor, sqlite3_exec(floor->db, "COMMIT", NULL, NULL, NULL) == SQLITE_OK);
    sqlite3_finalize(insert);
    floor->hits = prepare(floor, "SELECT rowid FROM product WHERE product MATCH ?"
                                 " ORDER BY bm25(product, 8, 3, 1) LIMIT 20");
    floor->count = prepare(floor, "SELECT count(*) FROM product WHERE product MATCH ?");
    printf("floor: the same products in FTS5: %.0f ms\n", now_ms() - start);
}

// "black usb cab" as FTS5 says it: all words, the last one open.
static Str floor_words(Arena *arena, const char *words)
{
    Buf out = { .arena = arena };
    Str rest = str_from(words), word;
    while (str_next_word(&rest, &word))
        buf_printf(&out, "%s\"" STR_FMT "\"", out.len ? " " : "", STR_ARG(word));
    buf_char(&out, '*');
    return buf_str(&out);
}

static int64_t run_floor(Floor *floor, sqlite3_stmt *stmt, Str words)
{
    int64_t last = 0;
    sqlite3_bind_text(stmt, 1, words.ptr, (int)words.len, SQLITE_STATIC);
    while (sqlite3_step(stmt) == SQLITE_ROW)
        last = sqlite3_column_int64(stmt, 0);
    must(floor, sqlite3_reset(stmt) == SQLITE_OK);
    return last;
}

static void print_ratios(MemoryIndex *index, Floor *floor)
{
    printf("\n%-22s %9s %9s %9s %7s\n", "words", "hits", "FTS5 hits", "FTS5 ms", "ratio");
    for (size_t q = 0; q < COUNT(queries); q++) {
        double own[FLOOR_RUNS], theirs[FLOOR_RUNS];
        Str words = floor_words(index->ctx->arena, queries[q]);
        int64_t count, floor_count = 0;
        for (int i = 0; i < FLOOR_RUNS; i++) {
            double start = now_ms();
            run_floor(floor, floor->hits, words);
            floor_count = run_floor(floor, floor->count, words);
            theirs[i] = now_ms() - start;
            own[i] = timed_search(index, queries[q], false, &count);
        }
        qsort(own, FLOOR_RUNS, sizeof *own, rising);
        qsort(theirs, FLOOR_RUNS, sizeof *theirs, rising);
        printf("%-22s %9lld %9lld %9.3f %7.3f\n", queries[q], (long long)count,
               (long long)floor_count, theirs[FLOOR_RUNS / 2],
               own[FLOOR_RUNS / 2] / theirs[FLOOR_RUNS / 2]);
    }
}

static void close_floor(Floor *floor)
{
    sqlite3_finalize(floor->hits);
    sqlite3_finalize(floor->count);
    sqlite3_close(floor->db);
}

// ---- Tables -------------------------------------------------------------------------------------

static void print_queries(MemoryIndex *index, bool with_facets)
{
    printf("%-22s %8s %9s %9s %9s   %s\n", "words", "hits", "cold ms", "median", "p99",
           with_facets ? "with 5 facets" : "");
    for (size_t q = 0; q < COUNT(queries); q++) {
        double times[RUNS];
        int64_t count;
        cache_clear(index->cache);
        double cold = timed_search(index, queries[q], with_facets, &count);
        for (int i = 0; i < RUNS; i++)
            times[i] = timed_search(index, queries[q], with_facets, &count);
        qsort(times, RUNS, sizeof *times, rising);
        printf("%-22s %8lld %9.2f %9.3f %9.3f\n", queries[q], (long long)count, cold,
               times[RUNS / 2], times[RUNS - 1]);
    }
}

static Status fill(MemoryIndex *index, const IndexDocList *docs)
{
    double start = now_ms(), merging = 0, longest = 0;
    for (size_t from = 0; from < docs->len; from += BATCH) {
        size_t count = docs->len - from < BATCH ? docs->len - from : BATCH;
        double before = now_ms();
        TRY(memory_put(index, docs->items + from, count));
        double put = now_ms() - before;
        longest = put > longest ? put : longest;
        before = now_ms();
        for (bool more = true; more;)
            TRY(memory_merge(index, &more));
        merging += now_ms() - before;
    }
    printf("%zu products in batches of %d: %.0f ms, of it merging %.0f; longest batch %.0f ms; "
           "%zu segments, %.1f MB\n",
           docs->len, BATCH, now_ms() - start, merging, longest, index->segments.len,
           (double)memory_bytes(index) / 1e6);
    return OK;
}

static void print_judged(const Judged *judged, double ndcg)
{
    if (getenv("EACH"))
        printf("  %-26.*s %.3f\n", (int)judged->words.len, judged->words.ptr, ndcg);
}

static Status run(Ctx *ctx, const char *shared, size_t count)
{
    Random random = { 42 };
    IndexDocList products = { 0 }, mixed = { 0 };
    JudgedList judged = { 0 };
    int ndcg;
    TRY(products_load(ctx, shared, &products));
    TRY(judged_load(ctx, shared, &judged));

    MemoryIndex *small = memory_index(ctx, CACHE_BYTES);
    TRY(fill(small, &products));
    TRY(judged_score(small, &judged, print_judged, &ndcg));
    printf("NDCG@10 %.4f\n\n", ndcg / 1e4);

    products_mix(ctx, &products, count, &random, &mixed);
    MemoryIndex *large = memory_index(ctx, CACHE_BYTES);
    TRY(fill(large, &mixed));
    print_queries(large, false);
    print_queries(large, true);
    printf("cache %.1f MB\n\n", (double)cache_bytes(large->cache) / 1e6);
    Floor floor = { 0 };
    fill_floor(&floor, &mixed);
    print_ratios(large, &floor);
    close_floor(&floor);
    TRY(memory_merge_all(large));
    printf("\nmerged into one segment of %.1f MB\n", (double)memory_bytes(large) / 1e6);
    print_queries(large, false);
    print_queries(large, true);
    return OK;
}

int main(int argc, char **argv)
{
    Arena arena = { 0 };
    Ctx ctx = { .arena = &arena };
    int64_t count = PRODUCTS;
    if (argc < 2 || (argc > 2 && !str_int(str_from(argv[2]), &count))) {
        fprintf(stderr, "usage: search_bench SHARED_FOLDER [products]\n");
        return 2;
    }
    Status status = run(&ctx, argv[1], (size_t)count);
    if (status != OK)
        fprintf(stderr, STR_FMT "\n", STR_ARG(ctx.failure.message));
    arena_release(&arena);
    return status != OK;
}
