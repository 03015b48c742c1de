// rows.h - the rows of a file that somebody hands in: CSV, XLSX or JSON, told apart by their
// content. Private to kernel/transfer.
//
// Rows come one by one and memory stays flat: what a reader needs lives in an arena of its own,
// which follows the longest row (and, for XLSX, the workbook's shared texts), not the length of the
// file.
#pragma once

#include "base/csv.h"
#include "base/json.h"

#include <stdio.h>

enum { ROW_CELLS_MAX = CSV_FIELDS_MAX, ROW_PIECE = 64 * 1024 };

typedef struct Row {
    int64_t line;   // in the file, as a person counts: line, row of the sheet, number of the item
    StrList cells;  // empty for JSON
    const Json *record;  // JSON: the whole record; else NULL
    const char *bad;     // why the row cannot be read at all; NULL: it can
} Row;

typedef struct RowReader RowReader;

// What one kind of file does. `next` fills the row, or leaves it and says that there is none.
typedef struct RowKind {
    Status (*open)(Ctx *ctx, RowReader *reader);
    Status (*next)(Ctx *ctx, RowReader *reader, Row *ret, bool *ret_found);
    void (*close)(RowReader *reader);
} RowKind;

struct RowReader {
    const RowKind *kind;
    Arena arena;
    const char *path;
    FILE *file;  // CSV and JSON
    void *state;
    StrList headings;  // of the first row; none for JSON
};
extern const RowKind rows_csv, rows_json, rows_xlsx;

// Opens the file and reads the headings; closed with ctx's arena. E_INVALID "import.empty" for a
// file without rows, "import.encoding" for text that is not UTF-8, "import.format" for a damaged
// workbook.
MUST_CHECK Status rows_open(Ctx *ctx, const char *path, RowReader **ret);
// The next row; its texts are good until the one after it.
MUST_CHECK Status rows_read(Ctx *ctx, RowReader *reader, Row *ret, bool *ret_found);
