// schema_read.h - the catalogs of both engines as tables. Private to kernel/db.
#pragma once

#include "kernel/db/schema.h"

MUST_CHECK Status schema_read_sqlite(Ctx *ctx, TableList *ret);
MUST_CHECK Status schema_read_postgres(Ctx *ctx, TableList *ret);

Table *table_named(const TableList *tables, Str name);  // NULL: there is none
Column *column_in(const Table *table, Str name);        // NULL: it has none
