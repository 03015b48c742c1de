// times.c - the histograms of times.h.
#include "kernel/http/times.h"

#include "kernel/metrics.h"

static const char *const labels[TIMED_COUNT] = {
    [TIMED_LIST] = "page=\"list\"",           [TIMED_RECORD] = "page=\"record\"",
    [TIMED_FORM] = "page=\"form\"",           [TIMED_BOARD] = "page=\"board\"",
    [TIMED_CALENDAR] = "page=\"calendar\"",   [TIMED_SHEET] = "page=\"sheet\"",
    [TIMED_REPORT] = "page=\"report\"",       [TIMED_DASHBOARD] = "page=\"dashboard\"",
    [TIMED_SETTINGS] = "page=\"settings\"",   [TIMED_SCANNER] = "page=\"scanner\"",
    [TIMED_PALETTE] = "page=\"palette\"",     [TIMED_PART] = "page=\"part\"",
    [TIMED_SHOP_HOME] = "page=\"shop home\"", [TIMED_SHELF] = "page=\"category\"",
    [TIMED_PRODUCT] = "page=\"product\"",     [TIMED_SEARCH] = "page=\"search\"",
    [TIMED_CART] = "page=\"cart\"",           [TIMED_CHECKOUT] = "page=\"checkout\"",
    [TIMED_ACCOUNT] = "page=\"account\"",
};
static Histogram times[TIMED_COUNT];

void times_register(void)
{
    for (int i = TIMED_NOT + 1; i < TIMED_COUNT; i++)
        metrics_histogram("http_page_time", labels[i], "the same, of pages of one kind", &times[i]);
}

void times_add(Timed timed, Time took)
{
    if (timed != TIMED_NOT)
        histogram_add(&times[timed], took);
}
