// import_page.h - the import wizard: choose, match columns, check, correct, import, undo. Private
// to web.
#pragma once

#include "gen/kernel.gen.h"
#include "kernel/files.h"
#include "kernel/transfer.h"
#include "web/value.h"
#include "web/web.h"

MUST_CHECK Status import_page(Ctx *ctx);         // GET  /admin/import
MUST_CHECK Status import_upload_post(Ctx *ctx);  // POST /admin/import: a file, or text pasted
MUST_CHECK Status import_match_page(Ctx *ctx);   // GET  /admin/import/match?file=&entity=
MUST_CHECK Status import_check_post(Ctx *ctx);   // POST /admin/import/match
MUST_CHECK Status import_run_page(Ctx *ctx);     // GET  /admin/import/{id}
MUST_CHECK Status import_fix_post(Ctx *ctx);     // POST /admin/import/{id}/fix
MUST_CHECK Status import_go_post(Ctx *ctx);      // POST /admin/import/{id}/start
MUST_CHECK Status import_undo_post(Ctx *ctx);    // POST /admin/import/{id}/undo

typedef LIST(const EntityDef *) EntityList;

typedef struct ImportChoice {  // step 1
    EntityList entities;
    const EntityDef *entity;  // asked for; NULL
} ImportChoice;

typedef struct ImportTarget {
    Str path, label;
} ImportTarget;
typedef struct ImportColumn {
    Str heading, path;  // what it is taken for; "" left out
    Str samples[3];
} ImportColumn;
typedef struct ImportMatch {  // step 2
    const EntityDef *entity;
    StoredFile file;
    int64_t row_count;
    LIST(ImportColumn) columns;
    LIST(ImportTarget) targets;
    bool is_table;  // JSON has no columns to match
} ImportMatch;

typedef struct ImportCell {
    Str text;
    bool is_bad;
} ImportCell;
typedef struct ImportBadRow {
    int64_t line;
    Str problem;
    LIST(ImportCell) cells;
} ImportBadRow;
typedef struct ImportView {  // steps 3 and 4
    const EntityDef *entity;
    ImportRun run;
    Id job;
    StrList headings;
    LIST(ImportBadRow) rows;
    Url refused;  // ""
    bool is_running, may_fix, may_start, may_undo;
} ImportView;

enum { IMPORT_PROBLEMS_SHOWN = 50, IMPORT_UNDO_H = 24 };
