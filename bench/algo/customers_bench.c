// customers_bench.c - how well churn is foretold: real order lines in, calibration out.
//
//     zcat ../shared/data/retail/online_retail.csv.gz | build/release/bench/customers-bench
//
// Orders before a day tell of each customer; whether he orders in the 45 days from that day on is
// to be foretold. The model is fitted to every second customer and measured on the others.
#include "algo/customers.h"
#include "base/csv.h"
#include "base/date.h"
#include "base/map.h"

#include <math.h>
#include <stdio.h>

enum { AHEAD = 45, FEATURES = 4 };

typedef struct {
    LIST(Date) days;  // of orders, ascending, each once
} Buyer;

typedef struct {
    Ctx *ctx;
    Map buyers;  // of Buyer, by customer number
    Date last;
} Shop;

// Cancelled lines and those without a customer tell nothing.
static void take_row(Shop *shop, const StrList *row)
{
    Date day;
    if (row->len < 7 || row->items[6].len == 0 || str_starts(row->items[0], S("C")) ||
        !date_parse(str_sub(row->items[4], 0, 10), &day))
        return;
    Arena *arena = shop->ctx->arena;
    Buyer *buyer = map_get(&shop->buyers, row->items[6]);
    if (!buyer) {
        buyer = NEW(arena, Buyer);
        map_put(&shop->buyers, str_copy(arena, row->items[6]), buyer);
    }
    if (buyer->days.len == 0 || buyer->days.items[buyer->days.len - 1] < day)
        *list_push(arena, &buyer->days) = day;
    shop->last = day > shop->last ? day : shop->last;
}

static void read_shop(Shop *shop)
{
    CsvReader *reader = csv_reader(shop->ctx->arena, ',');
    char piece[65536];
    StrList row;
    const char *why;
    for (size_t n; (n = fread(piece, 1, sizeof piece, stdin)) > 0;) {
        csv_feed(reader, (Str){ piece, n });
        while (csv_next(reader, &row, &why) == CSV_ROW)
            take_row(shop, &row);
    }
    csv_finish(reader);
    while (csv_next(reader, &row, &why) == CSV_ROW)
        take_row(shop, &row);
}

typedef struct {
    double *x, *gaps, *since;
    bool *came, *is_open;
    int count, gap_count;
} Sample;

// One customer before the cut: days since the last order, orders, mean gap, days known.
static void add_buyer(Sample *sample, const Buyer *buyer, Date cut)
{
    int orders = 0;
    bool came = false;
    for (size_t i = 0; i < buyer->days.len; i++) {
        orders += buyer->days.items[i] < cut;
        came = came || buyer->days.items[i] >= cut;
    }
    if (orders == 0)
        return;
    Date first = buyer->days.items[0], last = buyer->days.items[orders - 1];
    for (int i = 1; i < orders; i++) {
        sample->gaps[sample->gap_count] = buyer->days.items[i] - buyer->days.items[i - 1];
        sample->is_open[sample->gap_count++] = false;
    }
    sample->gaps[sample->gap_count] = cut - last;
    sample->is_open[sample->gap_count++] = true;
    double *row = sample->x + (size_t)sample->count * FEATURES;
    row[0] = cut - last;
    row[1] = log(orders);
    row[2] = orders > 1 ? (double)(last - first) / (orders - 1) : 60;
    row[3] = cut - first;
    sample->since[sample->count] = cut - last;
    sample->came[sample->count++] = came;
}

static Sample sample_of(const Shop *shop, Date cut, int half)
{
    Arena *arena = shop->ctx->arena;
    size_t orders = 0, buyers = shop->buyers.len;
    for (size_t i = 0; i < buyers; i++)
        orders += ((const Buyer *)shop->buyers.values[i])->days.len;
    Sample sample = { .x = NEW_ARRAY(arena, double, buyers *FEATURES),
                      .gaps = NEW_ARRAY(arena, double, orders),
                      .since = NEW_ARRAY(arena, double, buyers),
                      .came = NEW_ARRAY(arena, bool, buyers),
                      .is_open = NEW_ARRAY(arena, bool, orders) };
    for (size_t i = 0; i < buyers; i++)
        if ((int)(i % 2) == half)
            add_buyer(&sample, shop->buyers.values[i], cut);
    return sample;
}

static void show(const char *name, const double *chances, const Sample *sample)
{
    Calibration c = calibration_of(chances, sample->came, sample->count);
    printf("\n%s: %d customers, Brier %.4f, off %.3f\n", name, sample->count, c.brier, c.off);
    printf("| told | came | customers |\n|---|---|---|\n");
    for (int bin = 0; bin < CALIBRATION_BINS; bin++)
        if (c.counts[bin])
            printf("| %.2f | %.2f | %d |\n", c.told[bin], c.came[bin], c.counts[bin]);
}

static Status run(Ctx *ctx, void *arg)
{
    Shop shop = { .ctx = ctx, .buyers = { .arena = ctx->arena } };
    read_shop(&shop);
    if (shop.buyers.len < 100)
        return FAIL(ctx, E_INVALID, "bench.input", "%zu customers on stdin; order lines are wanted",
                    shop.buyers.len);
    Date cut = shop.last - AHEAD + 1;
    Sample known = sample_of(&shop, cut, 0), asked = sample_of(&shop, cut, 1);
    double *chances = NEW_ARRAY(ctx->arena, double, (size_t)asked.count);
    Logistic model = logistic_fit(ctx->arena, known.x, known.came, known.count, FEATURES, 1);
    for (int i = 0; i < asked.count; i++)
        chances[i] = logistic_chance(&model, asked.x + (size_t)i * FEATURES);
    show("Logistic regression", chances, &asked);
    Gaps gaps = gaps_fit(known.gaps, known.is_open, known.gap_count);
    for (int i = 0; i < asked.count; i++)
        chances[i] = gaps_return(&gaps, asked.since[i], AHEAD);
    show("Gaps between orders", chances, &asked);
    return OK;
}

int main(void)
{
    Arena arena = { 0 };
    Ctx ctx = { .arena = &arena };
    Status status = ctx_guard(&ctx, run, NULL);
    if (status != OK)
        fprintf(stderr, "customers-bench: " STR_FMT "\n", STR_ARG(ctx.failure.message));
    arena_release(&arena);
    return status == OK ? 0 : 1;
}
