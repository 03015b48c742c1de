// metrics.h - counters, gauges and histograms in the Prometheus text format at /metrics. Lock-free;
// a metric is a static variable that is named in one table.
#pragma once

#include "base/buf.h"

#include <stdatomic.h>

typedef struct Counter {
    _Atomic int64_t value;
} Counter;
enum { HISTOGRAM_BUCKETS = 16 };
typedef struct Histogram {  // microseconds, buckets 100 us * 2^n
    _Atomic int64_t bucket[HISTOGRAM_BUCKETS];
    _Atomic int64_t sum_us, count;
} Histogram;

static inline void counter_add(Counter *counter, int64_t n)
{
    atomic_fetch_add_explicit(&counter->value, n, memory_order_relaxed);
}
void histogram_add(Histogram *histogram, int64_t us);

// Registered once at start-up; `labels` is "route=\"list\"" or "".
void metrics_counter(const char *name, const char *labels, const char *help, Counter *counter);
void metrics_gauge(const char *name, const char *labels, const char *help, int64_t (*read)(void));
void metrics_histogram(const char *name, const char *labels, const char *help,
                       Histogram *histogram);
void metrics_write(Buf *out);
