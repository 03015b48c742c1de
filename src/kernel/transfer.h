// transfer.h - data in and out: imports from CSV, XLSX and JSON with column mapping, a dry run, a
// file of the rows that were refused and why, resuming; exports of any list as CSV, XLSX or JSON,
// row by row.
#pragma once

#include "kernel/entity/access.h"
#include "kernel/entity/query.h"
#include "kernel/job.h"

enum { IMPORT_ROWS_MAX = 5000000, IMPORT_BATCH = 200 };

typedef struct ImportRun ImportRun;  // gen/kernel.gen.h

typedef struct ImportSpec {
    const EntityDef *entity;
    Id file;       // the uploaded file
    Str mapping;   // JSON object: column heading -> field path; "": guessed
    bool dry_run;  // checks every row, writes none
    bool stop_at_error;
} ImportSpec;

// The first rows and a guessed mapping, for the wizard.
typedef struct ImportPreview {
    LIST(Str) headings, guessed;  // guessed[i]: field path for headings[i], "" none
    LIST(Str *) rows;             // at most 10
    int64_t row_count;
} ImportPreview;
MUST_CHECK Status import_preview(Ctx *ctx, const EntityDef *e, const char *path,
                                 ImportPreview *ret);

// In a lane: an import_run and the job that does it. It commits in batches and resumes behind the
// last.
MUST_CHECK Status import_start(Ctx *ctx, const ImportSpec *spec, Id *ret_run);
// Does it (or the rest of it) in this thread; outside a lane. `job` may be NULL: nobody is told.
MUST_CHECK Status import_run_all(Ctx *ctx, Id run, const JobRun *job, ImportRun *ret);

// On a snapshot. The columns are the query's; each piece is good until the next,
// and write() takes nothing from ctx's arena, which is rewound page by page.
typedef enum ExportFormat { EXPORT_CSV, EXPORT_XLSX, EXPORT_JSON } ExportFormat;
MUST_CHECK Status export_query(Ctx *ctx, const EntityQuery *query, ExportFormat format,
                               void (*write)(Str piece, void *arg), void *arg);
