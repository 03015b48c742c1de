// backup_tables.c - the tables of a company, needs before needers.
#include "kernel/tenant/backup_tables.h"

#include "kernel/module.h"

const Table *backup_table_named(const TableList *tables, Str name)
{
    EACH (table, *tables)
        if (str_eq(table->name, name))
            return table;
    return NULL;
}

void backup_columns(Arena *arena, const Table *table, ColumnList *ret)
{
    *ret = (ColumnList){ 0 };
    EACH (column, table->columns)
        if (column->generated.len == 0)
            *list_push(arena, ret) = *column;
}

static void declared_tables(Arena *arena, TableList *ret)
{
    LIST(const EntityModule *) modules = { 0 };
    for (const Module *const *m = modules_all(); *m; m++)
        if ((*m)->entities && strcmp((*m)->name, "control") != 0)
            *list_push(arena, &modules) = (*m)->entities;
    *list_push(arena, &modules) = NULL;
    schema_of_modules(arena, modules.items, ret);
}

typedef struct Sorting {
    Arena *arena;
    const TableList *from;
    bool *is_seen;  // one each of `from`
    TableList *to;
} Sorting;

// A circle is cut where it closes.
static void place(const Sorting *s, const Table *table)
{
    size_t at = (size_t)(table - s->from->items);
    if (s->is_seen[at])
        return;
    s->is_seen[at] = true;
    EACH (column, table->columns) {
        const Table *target =
            column->references.len ? backup_table_named(s->from, column->references) : NULL;
        if (target)
            place(s, target);
    }
    *list_push(s->arena, s->to) = *table;
}

// As they are there: a company of an older version may miss columns.
Status backup_tables(Ctx *ctx, TableList *ret)
{
    TableList declared = { 0 }, present, both = { 0 };
    declared_tables(ctx->arena, &declared);
    TRY(schema_read(ctx, &present));
    EACH (table, present)
        if (backup_table_named(&declared, table->name))
            *list_push(ctx->arena, &both) = *table;
    *ret = (TableList){ 0 };
    Sorting sorting = { ctx->arena, &both, NEW_ARRAY(ctx->arena, bool, both.len + 1), ret };
    EACH (table, both)
        place(&sorting, table);
    return OK;
}
