// transfer.h - data in and out: imports from CSV, XLSX and JSON with column mapping, a dry run, a
// file of the rows that were refused and why, resuming; exports of any list as CSV, XLSX or JSON,
// row by row.
#pragma once

#include "base/csv.h"
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

// Refused rows with their cells, the first `limit`, on a snapshot: to be corrected where they are
// shown.
typedef struct ImportProblem {
    int64_t line;
    StrList cells;  // as many as there are headings
    Str problem;
} ImportProblem;
typedef struct ImportProblems {
    StrList headings;
    LIST(ImportProblem) rows;
} ImportProblems;
MUST_CHECK Status import_problems(Ctx *ctx, Id run, const char *path, int limit,
                                  ImportProblems *ret);
// The same file as CSV with some cells replaced. E_INVALID "import.not_a_table" for JSON, E_LIMIT
// "import.fix_size" for what is too large to be corrected in one request.
typedef struct CellFix {
    int64_t line;
    int column;
    Str text;
} CellFix;
enum { IMPORT_FIX_BYTES = 8 << 20 };
MUST_CHECK Status import_fix(Ctx *ctx, const char *path, const CellFix *fixes, size_t count,
                             Str *ret_csv);

// What an import made is taken back: new records are deleted, one by one, where nothing refers to
// them yet; what it changed stays changed. Outside a lane.
typedef struct ImportUndone {
    int64_t gone, kept;
} ImportUndone;
MUST_CHECK Status import_undo(Ctx *ctx, Id run, ImportUndone *ret);

// On a snapshot. The columns are the query's; each piece is good until the next,
// and write() takes nothing from ctx's arena, which is rewound page by page.
typedef enum ExportFormat { EXPORT_CSV, EXPORT_XLSX, EXPORT_JSON } ExportFormat;
MUST_CHECK Status export_query(Ctx *ctx, const EntityQuery *query, ExportFormat format,
                               void (*write)(Str piece, void *arg), void *arg);
