// assemble.h - from rows to records: one row a record, or several where a record has children.
// Private to kernel/transfer.
#pragma once

#include "kernel/transfer/mapping.h"
#include "kernel/transfer/rows.h"

typedef LIST(int64_t) LineList;

typedef struct Draft {  // of one record
    const Json *input;  // as access_upsert() takes it
    LineList lines;     // of the file that it is made of
    LineList children;  // the line that each child row came from
    const char *bad;    // why it cannot be read; NULL: it can
} Draft;

typedef struct Assembler {
    RowReader *reader;
    const Mapping *mapping;  // NULL for JSON, whose records are whole
    Arena ahead_arena;       // of the row read too far
    Row ahead;
    bool has_ahead;
} Assembler;

// The next record, in ctx's arena.
MUST_CHECK Status assemble_next(Ctx *ctx, Assembler *assembler, Draft *ret, bool *ret_found);
