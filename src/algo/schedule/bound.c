// bound.c - lower bounds of a job shop's makespan.
#include "algo/schedule/bound.h"

enum { POOLS_MAX = 400 };  // sets of machines that are looked at

typedef struct Work {
    int64_t head, duration, tail;  // least time before it, in it, behind it
} Work;

typedef struct Bounds {
    const JobShop *shop;
    Work *work;  // of each operation
    Work *own;   // room for one machine's
    int *heap;
    bool *is_in_pool;  // of each machine
    int64_t bound;
} Bounds;

static void raise_to(Bounds *b, int64_t bound)
{
    b->bound = bound > b->bound ? bound : b->bound;
}

// ---- Jobs ---------------------------------------------------------------------------------------

static int64_t soonest_end(const JobShop *shop, int u, int64_t ready)
{
    int64_t soonest = INT64_MAX;
    for (int o = 0; o < shop->operation[u].options; o++) {
        const JobShopOption *option = shop->option + shop->operation[u].first_option + o;
        const Calendar *calendar = shop->machine[option->machine].calendar;
        int64_t end = ready + option->duration;
        if (calendar) {
            int64_t start = shop->operation[u].is_whole
                              ? calendar_whole(calendar, ready, option->duration)
                              : calendar_open(calendar, ready);
            end = calendar_end(calendar, start, option->duration);
        }
        soonest = end < soonest ? end : soonest;
    }
    return soonest;
}

static int64_t fastest(const JobShop *shop, int u)
{
    int64_t least = INT64_MAX;
    for (int o = 0; o < shop->operation[u].options; o++) {
        int64_t duration = shop->option[shop->operation[u].first_option + o].duration;
        least = duration < least ? duration : least;
    }
    return least;
}

static void by_job(Bounds *b, const JobShopJob *job)
{
    int64_t ready = job->release, tail = 0;
    for (int i = 0; i < job->operations; i++) {
        int u = job->first + i;
        b->work[u].head = ready;
        b->work[u].duration = fastest(b->shop, u);
        ready = soonest_end(b->shop, u, ready);
    }
    for (int i = job->operations - 1; i >= 0; i--) {
        b->work[job->first + i].tail = tail;
        tail += b->work[job->first + i].duration;
    }
    if (job->operations)
        raise_to(b, ready);
}

// ---- Machines -----------------------------------------------------------------------------------

static int by_head(const void *a, const void *b)
{
    const Work *x = a, *y = b;
    return x->head < y->head ? -1 : x->head > y->head;
}

// The heap's top is the waiting work with the longest tail.
static void heap_push(Bounds *b, int *size, int work)
{
    int at = (*size)++;
    for (; at > 0 && b->own[b->heap[(at - 1) / 2]].tail < b->own[work].tail; at = (at - 1) / 2)
        b->heap[at] = b->heap[(at - 1) / 2];
    b->heap[at] = work;
}

static void heap_pop(Bounds *b, int *size)
{
    int last = b->heap[--*size], at = 0;
    for (int child; (child = 2 * at + 1) < *size; at = child) {
        if (child + 1 < *size && b->own[b->heap[child + 1]].tail > b->own[b->heap[child]].tail)
            child++;
        if (b->own[b->heap[child]].tail <= b->own[last].tail)
            break;
        b->heap[at] = b->heap[child];
    }
    b->heap[at] = last;
}

// Jackson's preemptive schedule of own[0..n): always the longest tail of what is there.
static int64_t preemptive(Bounds *b, int n)
{
    qsort(b->own, (size_t)n, sizeof *b->own, by_head);
    int64_t time = 0, makespan = 0;
    int waiting = 0;
    for (int next = 0; next < n || waiting;) {
        if (!waiting && b->own[next].head > time)
            time = b->own[next].head;
        while (next < n && b->own[next].head <= time)
            heap_push(b, &waiting, next++);
        Work *work = b->own + b->heap[0];
        int64_t until = time + work->duration;
        if (next < n && b->own[next].head < until)
            until = b->own[next].head;
        work->duration -= until - time;
        time = until;
        if (work->duration > 0)
            continue;
        makespan = time + work->tail > makespan ? time + work->tail : makespan;
        heap_pop(b, &waiting);
    }
    return makespan;
}

// All of own[0..n) after the least head, through the closed hours, before the least tail.
static int64_t through_calendar(const Bounds *b, int n, const Calendar *calendar)
{
    int64_t head = INT64_MAX, tail = INT64_MAX, sum = 0;
    for (int i = 0; i < n; i++) {
        head = b->own[i].head < head ? b->own[i].head : head;
        tail = b->own[i].tail < tail ? b->own[i].tail : tail;
        sum += b->own[i].duration;
    }
    return calendar_end(calendar, calendar_open(calendar, head), sum) + tail;
}

static void by_machine(Bounds *b, int machine, const int *own, int n)
{
    for (int i = 0; i < n; i++)
        b->own[i] = b->work[own[i]];
    const Calendar *calendar = b->shop->machine[machine].calendar;
    if (calendar && n)
        raise_to(b, through_calendar(b, n, calendar));
    raise_to(b, preemptive(b, n));
}

static void by_machines(Ctx *ctx, Bounds *b)
{
    const JobShop *shop = b->shop;
    int *from = NEW_ARRAY(ctx->arena, int, (size_t)shop->machines + 2);
    int *own = NEW_ARRAY(ctx->arena, int, (size_t)shop->operations + 1);
    for (int u = 0; u < shop->operations; u++)
        if (shop->operation[u].options == 1)
            from[shop->option[shop->operation[u].first_option].machine + 2]++;
    for (int m = 0; m < shop->machines; m++)
        from[m + 2] += from[m + 1];
    for (int u = 0; u < shop->operations; u++)
        if (shop->operation[u].options == 1)
            own[from[shop->option[shop->operation[u].first_option].machine + 1]++] = u;
    for (int m = 0; m < shop->machines; m++)
        by_machine(b, m, own + from[m], from[m + 1] - from[m]);
}

// ---- Sets of machines ---------------------------------------------------------------------------

static bool is_within(const Bounds *b, int u)
{
    const JobShopOperation *operation = b->shop->operation + u;
    for (int o = 0; o < operation->options; o++)
        if (!b->is_in_pool[b->shop->option[operation->first_option + o].machine])
            return false;
    return true;
}

// What must run on the machines of the pool, shared out evenly.
static void by_pool(Bounds *b, int machines)
{
    int64_t head = INT64_MAX, tail = INT64_MAX, sum = 0;
    for (int u = 0; u < b->shop->operations; u++) {
        if (!is_within(b, u))
            continue;
        head = b->work[u].head < head ? b->work[u].head : head;
        tail = b->work[u].tail < tail ? b->work[u].tail : tail;
        sum += b->work[u].duration;
    }
    if (sum > 0)
        raise_to(b, head + (sum + machines - 1) / machines + tail);
}

// The machines of u are the pool; all machines when u is none.
static int make_pool(Bounds *b, int u)
{
    int machines = 0;
    for (int m = 0; m < b->shop->machines; m++)
        b->is_in_pool[m] = u < 0;
    if (u < 0)
        return b->shop->machines;
    const JobShopOperation *operation = b->shop->operation + u;
    for (int o = 0; o < operation->options; o++) {
        bool *is_in = b->is_in_pool + b->shop->option[operation->first_option + o].machine;
        machines += !*is_in;
        *is_in = true;
    }
    return machines;
}

static void by_pools(Bounds *b)
{
    int pools = 0;
    by_pool(b, make_pool(b, -1));
    for (int u = 0; u < b->shop->operations && pools < POOLS_MAX; u++) {
        if (b->shop->operation[u].options == 1)
            continue;
        by_pool(b, make_pool(b, u));
        pools++;
    }
}

int64_t jobshop_bound(Ctx *ctx, const JobShop *shop)
{
    size_t n = (size_t)shop->operations + 1;
    Bounds b = { .shop = shop,
                 .work = NEW_ARRAY(ctx->arena, Work, n),
                 .own = NEW_ARRAY(ctx->arena, Work, n),
                 .heap = NEW_ARRAY(ctx->arena, int, n),
                 .is_in_pool = NEW_ARRAY(ctx->arena, bool, (size_t)shop->machines) };
    for (int j = 0; j < shop->jobs; j++)
        by_job(&b, shop->job + j);
    by_machines(ctx, &b);
    by_pools(&b);
    return b.bound;
}
