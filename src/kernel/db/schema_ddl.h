// schema_ddl.h - tables as statements of either engine. Private to kernel/db.
//
// The text that is written here is read back by schema_read_*.c: on SQLite from the catalog, which
// keeps it word for word; on PostgreSQL, which keeps expressions in a form of its own, from
// comments that hold the source of each check, index and computed column.
#pragma once

#include "base/buf.h"
#include "kernel/db/schema.h"

typedef struct Ddl {
    Buf *out;
    Engine engine;
} Ddl;

// The table, its checks, indexes and guard; `name` is what to call it. References stand inside on
// SQLite; on PostgreSQL, which wants their targets to exist, ddl_reference() adds them.
void ddl_table(const Ddl *ddl, const Table *table, Str name);
void ddl_indexes(const Ddl *ddl, const Table *table);
void ddl_guard(const Ddl *ddl, const Table *table);  // a ledger's triggers

void ddl_add_column(const Ddl *ddl, const Table *table, const Column *column);
void ddl_index(const Ddl *ddl, const Table *table, const TableIndex *index);

// ---- PostgreSQL only ----------------------------------------------------------------------------

void ddl_reference(const Ddl *ddl, const Table *table, const Column *column);
void ddl_drop_reference(const Ddl *ddl, const Table *table, const Column *column);
void ddl_check(const Ddl *ddl, const Table *table, const TableCheck *check);
const char *ddl_type(Engine engine, ColumnType type);
