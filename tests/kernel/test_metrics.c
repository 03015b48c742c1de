// test_metrics.c - counters and histograms, and how they are written.
#include "harness.h"
#include "kernel/metrics.h"

static Counter boots_seen, shoes_seen;
static Histogram fitting_time;

static int64_t shelf_size(void)
{
    return 42;
}

static void test_text(void)
{
    metrics_counter("test_seen_total", "kind=\"boot\"", "what was seen", &boots_seen);
    metrics_counter("test_seen_total", "kind=\"shoe\"", "what was seen", &shoes_seen);
    metrics_gauge("test_shelf", "", "room on the shelf", shelf_size);
    metrics_histogram("test_fitting", "", "time to fit", &fitting_time);
    counter_add(&boots_seen, 3);
    counter_add(&shoes_seen, 2);
    histogram_add(&fitting_time, 100);  // the first bucket's bound belongs to it
    histogram_add(&fitting_time, 101);
    histogram_add(&fitting_time, 3276800);    // the last bucket
    histogram_add(&fitting_time, 600000000);  // none
    Buf out = { .arena = test_ctx()->arena };
    metrics_write(&out);
    Str text = buf_str(&out);
    text = str_from_at(text, (size_t)str_find(text, S("# HELP test_seen_total")));
    CHECK(str_starts(text, S("# HELP test_seen_total what was seen\n"
                             "# TYPE test_seen_total counter\n"
                             "test_seen_total{kind=\"boot\"} 3\n"
                             "test_seen_total{kind=\"shoe\"} 2\n"
                             "# HELP test_shelf room on the shelf\n"
                             "# TYPE test_shelf gauge\n"
                             "test_shelf 42\n"
                             "# HELP test_fitting time to fit\n"
                             "# TYPE test_fitting histogram\n"
                             "test_fitting_bucket{le=\"0.0001\"} 1\n"
                             "test_fitting_bucket{le=\"0.0002\"} 2\n")));
    CHECK(str_find(text, S("test_fitting_bucket{le=\"3.2768\"} 3\n"
                           "test_fitting_bucket{le=\"+Inf\"} 4\n"
                           "test_fitting_sum 603.277001\n"
                           "test_fitting_count 4\n")) > 0);
}

const Test metrics_tests[] = {
    { "metrics are written as Prometheus reads them", test_text },
    { 0 },
};
