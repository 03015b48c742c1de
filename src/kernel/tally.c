// tally.c - one table for all companies, looked up by hash with open addressing. A company's rows
// are taken out together, and the table is packed anew then, so no row ever stands behind a hole.
#include "kernel/tally.h"

#include "kernel/tenant.h"

#include <pthread.h>

enum { PLACES = TALLIES_MAX * 2 };

typedef struct Row {
    Id tenant;  // 0: free
    Tally tally;
} Row;

static struct {
    pthread_mutex_t lock;
    Row rows[PLACES];
    int used;
} table = { .lock = PTHREAD_MUTEX_INITIALIZER };

static bool is_same(const Row *a, const Row *b)
{
    return a->tenant == b->tenant && a->tally.subject == b->tally.subject &&
           a->tally.day == b->tally.day && a->tally.kind == b->tally.kind;
}

static size_t place_of(const Row *row)
{
    uint64_t h = (uint64_t)row->tenant * 0x9E3779B97F4A7C15u ^ (uint64_t)row->tally.subject;
    h = (h ^ (uint64_t)row->tally.day) * 0xC2B2AE3D27D4EB4Fu ^ (uintptr_t)row->tally.kind;
    return (h ^ h >> 29) % PLACES;
}

static void add(const Row *row)
{
    size_t at = place_of(row);
    while (table.rows[at].tenant && !is_same(&table.rows[at], row))
        at = (at + 1) % PLACES;
    if (table.rows[at].tenant) {
        table.rows[at].tally.count += row->tally.count;
        return;
    }
    if (table.used == TALLIES_MAX)
        return;
    table.rows[at] = *row;
    table.used++;
}

void tally_add(const Ctx *ctx, Id subject, const char *kind)
{
    Row row = { ctx->tenant->id, { subject, tenant_today(ctx), kind, 1 } };
    pthread_mutex_lock(&table.lock);
    add(&row);
    pthread_mutex_unlock(&table.lock);
}

// Those of other companies are set aside and put in again.
static int take_out(Id tenant, Tally *taken, Row *others)
{
    int count = 0, rest = 0;
    for (size_t at = 0; at < PLACES; at++) {
        if (table.rows[at].tenant == tenant)
            taken[count++] = table.rows[at].tally;
        else if (table.rows[at].tenant)
            others[rest++] = table.rows[at];
        table.rows[at] = (Row){ 0 };
    }
    table.used = 0;
    for (int i = 0; i < rest; i++)
        add(&others[i]);
    return count;
}

void tally_take(Ctx *ctx, TallyList *ret)
{
    Tally *taken = NEW_ARRAY(ctx->arena, Tally, TALLIES_MAX);
    Row *others = NEW_ARRAY(ctx->arena, Row, TALLIES_MAX);
    pthread_mutex_lock(&table.lock);
    int count = take_out(ctx->tenant->id, taken, others);
    pthread_mutex_unlock(&table.lock);
    *ret = (TallyList){ .items = taken, .len = (size_t)count, .cap = TALLIES_MAX };
}
