// sheet.h - a list edited as a sheet: its rows as cells that can be typed into. Private to web.
#pragma once

#include "web/form.h"
#include "web/list.h"

MUST_CHECK Status sheet_page(Ctx *ctx, ListPage *page);
MUST_CHECK Status sheet_save_post(Ctx *ctx);  // POST /admin/{module}/{collection}/_sheet
MUST_CHECK Status sheet_again(Ctx *ctx, int status);

bool sheet_is_possible(const Ctx *ctx, const EntityDef *e);

typedef struct SheetRow {
    Str id, title;
    int64_t version;
    Url url;
    InputList cells;
} SheetRow;
typedef struct Sheet {
    ListPage *list;
    Str back;  // the list it came from
    Str columns;
    LIST(SheetRow) rows;
} Sheet;

enum { SHEET_ROWS = 50 };
