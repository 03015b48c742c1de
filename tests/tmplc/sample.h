// sample.h - what the sample template shows: an order as a page would see it.
#pragma once

#include "web/html.h"

typedef struct SampleLine {
    Str sku, name;
    Str quantity, price;  // shown, or as typed
    bool is_gift;
} SampleLine;

typedef struct SampleOrder {
    Str number, customer, note, total;
    int64_t line_count;
    const SampleLine *lines;
    bool is_late, is_express;
    Url site;
} SampleOrder;
