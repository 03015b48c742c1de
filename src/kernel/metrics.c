// metrics.c - what the program counts, in one table, written in the Prometheus text format 0.0.4.
//
// Metrics are static variables of those who count; here stands only where they are. The table fills
// up while the program starts and is only read afterwards, so neither counting nor writing takes a
// lock. Rows of one name follow one another: a name is explained once and its rows differ in
// labels.
#include "kernel/metrics.h"

#include "base/number.h"

#include <assert.h>
#include <pthread.h>

enum { METRICS_MAX = 256, BUCKET_FIRST_US = 100 };

typedef enum MetricKind { METRIC_COUNTER, METRIC_GAUGE, METRIC_HISTOGRAM } MetricKind;

typedef struct Metric {
    MetricKind kind;
    const char *name, *labels, *help;
    Counter *counter;
    int64_t (*read)(void);
    Histogram *histogram;
} Metric;

static struct {
    pthread_mutex_t lock;  // of those who register
    Metric rows[METRICS_MAX];
    _Atomic size_t len;
} table = { .lock = PTHREAD_MUTEX_INITIALIZER };

static void add(Metric metric)
{
    pthread_mutex_lock(&table.lock);
    size_t len = atomic_load(&table.len);
    assert(len < METRICS_MAX);
    table.rows[len] = metric;
    atomic_store(&table.len, len + 1);
    pthread_mutex_unlock(&table.lock);
}

void metrics_counter(const char *name, const char *labels, const char *help, Counter *counter)
{
    add((Metric){ METRIC_COUNTER, name, labels, help, .counter = counter });
}

void metrics_gauge(const char *name, const char *labels, const char *help, int64_t (*read)(void))
{
    add((Metric){ METRIC_GAUGE, name, labels, help, .read = read });
}

void metrics_histogram(const char *name, const char *labels, const char *help, Histogram *histogram)
{
    add((Metric){ METRIC_HISTOGRAM, name, labels, help, .histogram = histogram });
}

// Bucket n holds what took at most 100 us * 2^n; what took longer is only in the count.
void histogram_add(Histogram *histogram, int64_t us)
{
    int n = 0;
    while (n < HISTOGRAM_BUCKETS && us > (int64_t)BUCKET_FIRST_US << n)
        n++;
    if (n < HISTOGRAM_BUCKETS)
        atomic_fetch_add_explicit(&histogram->bucket[n], 1, memory_order_relaxed);
    atomic_fetch_add_explicit(&histogram->sum_us, us, memory_order_relaxed);
    atomic_fetch_add_explicit(&histogram->count, 1, memory_order_relaxed);
}

// ---- Writing ------------------------------------------------------------------------------------

static void put_row(Buf *out, const Metric *metric, const char *suffix, const char *more, Str value)
{
    bool has_both = metric->labels[0] && more[0];
    buf_printf(out, "%s%s", metric->name, suffix);
    if (metric->labels[0] || more[0])
        buf_printf(out, "{%s%s%s}", metric->labels, has_both ? "," : "", more);
    buf_printf(out, " " STR_FMT "\n", STR_ARG(value));
}

static Str whole(Buf *out, int64_t n)
{
    return str_format(out->arena, "%lld", (long long)n);
}

// In seconds, as Prometheus wants times. Buckets count everything up to their bound.
static void put_histogram(Buf *out, const Metric *metric)
{
    const Histogram *histogram = metric->histogram;
    int64_t below = 0;
    for (int n = 0; n < HISTOGRAM_BUCKETS; n++) {
        Str bound = decimal_short(out->arena, (int64_t)BUCKET_FIRST_US << n, 6);
        Str label = str_format(out->arena, "le=\"" STR_FMT "\"", STR_ARG(bound));
        below += atomic_load_explicit(&histogram->bucket[n], memory_order_relaxed);
        put_row(out, metric, "_bucket", label.ptr, whole(out, below));
    }
    int64_t count = atomic_load_explicit(&histogram->count, memory_order_relaxed);
    int64_t sum_us = atomic_load_explicit(&histogram->sum_us, memory_order_relaxed);
    put_row(out, metric, "_bucket", "le=\"+Inf\"", whole(out, count));
    put_row(out, metric, "_sum", "", decimal_short(out->arena, sum_us, 6));
    put_row(out, metric, "_count", "", whole(out, count));
}

static void put_metric(Buf *out, const Metric *metric)
{
    switch (metric->kind) {
    case METRIC_COUNTER:
        put_row(out, metric, "", "",
                whole(out, atomic_load_explicit(&metric->counter->value, memory_order_relaxed)));
        break;
    case METRIC_GAUGE: put_row(out, metric, "", "", whole(out, metric->read())); break;
    case METRIC_HISTOGRAM: put_histogram(out, metric); break;
    }
}

void metrics_write(Buf *out)
{
    static const char *const kinds[] = { "counter", "gauge", "histogram" };
    size_t len = atomic_load(&table.len);
    for (size_t i = 0; i < len; i++) {
        const Metric *metric = &table.rows[i];
        if (i == 0 || strcmp(metric->name, metric[-1].name) != 0)
            buf_printf(out, "# HELP %s %s\n# TYPE %s %s\n", metric->name, metric->help,
                       metric->name, kinds[metric->kind]);
        put_metric(out, metric);
    }
}
