// backup_tables.h - which tables a backup has, and in which order. Private to kernel/tenant.
#pragma once

#include "kernel/db/schema.h"

// Of the connected tenant: those that modules declare and that are there, after what they refer to
// (as far as that is possible: trees and circles are settled when restoring).
MUST_CHECK Status backup_tables(Ctx *ctx, TableList *ret);
// What is stored of a table: all but computed columns.
void backup_columns(Arena *arena, const Table *table, ColumnList *ret);
const Table *backup_table_named(const TableList *tables, Str name);  // NULL: none
