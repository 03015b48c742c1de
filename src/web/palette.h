// palette.h - one box that finds documents, actions, pages: Ctrl K, and a page of its own. Private
// to web.
#pragma once

#include "web/web.h"

MUST_CHECK Status search_page(Ctx *ctx);  // GET /admin/search?q=&from=
MUST_CHECK Status keys_page(Ctx *ctx);    // GET /admin/keys

typedef struct Hit {
    Str title, second;
    const char *icon;
    Url url;
} Hit;
typedef struct HitGroup {
    const char *label;
    LIST(Hit) hits;
} HitGroup;

typedef struct Found {
    Str words;   // as typed
    Str answer;  // of a sum; ""
    HitGroup documents, actions, places, creations, recent;
    Str from;  // the page that was asked from
} Found;

typedef struct KeyRow {
    const char *keys, *does;
} KeyRow;
typedef struct KeyGroup {
    const char *label;
    const KeyRow *rows;
    size_t count;
} KeyGroup;
