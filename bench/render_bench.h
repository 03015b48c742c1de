// render_bench.h - what the measured page shows.
#pragma once

#include "web/html.h"

typedef struct BenchOrder {
    Str number, customer, state, date, total, owner;
    int64_t lines;
    bool is_late;
} BenchOrder;
