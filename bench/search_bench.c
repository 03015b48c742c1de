// search_bench.c - the figures of docs/search.md: time and size of an index of 100,000 products,
// queries warm and cold, with facets and without, and NDCG@10 on the judged searches.
//
//     search_bench SHARED_FOLDER [products]
#include "../tests/kernel/search_fixture.h"
#include "base/random.h"

#include <time.h>

enum { PRODUCTS = 100000, BATCH = 500, CACHE_BYTES = 64 << 20, RUNS = 50 };

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
    printf("cache %.1f MB\n", (double)cache_bytes(large->cache) / 1e6);
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
