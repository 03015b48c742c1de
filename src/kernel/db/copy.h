// copy.h - whole tables as values, row by row: what backups are made of. Knows no entity, so that
// it also copies what a later version has added; both engines give and take the same values.
#pragma once

#include "kernel/db/schema.h"

// Calls `row` with the values of `columns` (ARG_NULL, ARG_INT, ARG_TEXT, ARG_BYTES) for every row,
// in the order of the table's key; page by page, so that memory stays flat. Values are good until
// `row` returns; it takes nothing from ctx's arena that it needs longer. On a snapshot.
typedef Status (*CopyRowFn)(Ctx *ctx, const Arg *values, void *arg);
MUST_CHECK Status table_each(Ctx *ctx, const Table *table, const ColumnList *columns, CopyRowFn row,
                             void *arg);
MUST_CHECK Status table_count(Ctx *ctx, const Table *table, int64_t *ret);

// In a transaction of db_bulk. Values as above; sent, not waited for.
MUST_CHECK Status table_put(Ctx *ctx, const Table *table, const ColumnList *columns,
                            const Arg *values);
// Sets one reference of the row with this id, which was put before its target was there.
MUST_CHECK Status table_point(Ctx *ctx, const Table *table, const Column *column, int64_t id,
                              int64_t to);
MUST_CHECK Status table_empty(Ctx *ctx, const Table *table);

// Runs fn in one transaction of its own, alone in db's lane and without a time limit: all of what
// it writes is there afterwards, or none.
MUST_CHECK Status db_bulk(Ctx *ctx, Db *db, TxFn fn, void *arg);

// SQLite: a copy of the file as it stands, while others read and write (SQLite's backup interface).
// E_INVALID "copy.engine" on PostgreSQL, E_CONFLICT "copy.exists".
MUST_CHECK Status db_copy_file(Ctx *ctx, const Db *db, Str to);
