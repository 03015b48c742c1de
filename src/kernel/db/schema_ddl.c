// schema_ddl.c - tables as statements.
#include "kernel/db/schema_ddl.h"

#include "kernel/db/schema_read.h"

static bool is_sqlite(const Ddl *ddl)
{
    return ddl->engine == ENGINE_SQLITE;
}

const char *ddl_type(Engine engine, ColumnType type)
{
    static const char *const sqlite[] = { "INT", "INTEGER", "TEXT", "BLOB" };
    static const char *const postgres[] = { "INTEGER", "BIGINT", "TEXT", "BYTEA" };
    return engine == ENGINE_SQLITE ? sqlite[type] : postgres[type];
}

// ---- Parts of a table ---------------------------------------------------------------------------

static void column(const Ddl *ddl, const Column *c)
{
    bool is_blob = is_sqlite(ddl) && c->type == COLUMN_BYTES;
    buf_printf(ddl->out, STR_FMT " %s", STR_ARG(c->name), ddl_type(ddl->engine, c->type));
    if (c->not_null)
        buf_c(ddl->out, " NOT NULL");
    if (c->initial.len)
        buf_printf(ddl->out, " DEFAULT %s" STR_FMT, is_blob ? "x" : "", STR_ARG(c->initial));
    if (c->generated.len)
        buf_printf(ddl->out, " GENERATED ALWAYS AS (" STR_FMT ") %s", STR_ARG(c->generated),
                   is_sqlite(ddl) ? "VIRTUAL" : "STORED");
    if (c->references.len && is_sqlite(ddl))
        buf_printf(ddl->out, " REFERENCES " STR_FMT " (id)%s", STR_ARG(c->references),
                   c->cascade ? " ON DELETE CASCADE" : "");
}

static bool is_clustered(const Table *table)
{
    return !str_is(table->key, "id");
}

// What PostgreSQL is to remember of a source text.
static void comment(const Ddl *ddl, Str source)
{
    buf_c(ddl->out, " IS '");
    for (size_t i = 0; i < source.len; i++) {
        if (source.ptr[i] == '\'')
            buf_char(ddl->out, '\'');
        buf_char(ddl->out, source.ptr[i]);
    }
    buf_c(ddl->out, "';\n");
}

static void comment_column(const Ddl *ddl, Str table, const Column *c)
{
    if (is_sqlite(ddl) || !c->generated.len)
        return;
    buf_printf(ddl->out, "COMMENT ON COLUMN " STR_FMT "." STR_FMT, STR_ARG(table),
               STR_ARG(c->name));
    comment(ddl, c->generated);
}

static void comment_check(const Ddl *ddl, Str table, const TableCheck *check)
{
    if (is_sqlite(ddl))
        return;
    buf_printf(ddl->out, "COMMENT ON CONSTRAINT " STR_FMT " ON " STR_FMT, STR_ARG(check->name),
               STR_ARG(table));
    comment(ddl, check->condition);
}

// ---- Whole tables -------------------------------------------------------------------------------

void ddl_table(const Ddl *ddl, const Table *table, Str name)
{
    buf_printf(ddl->out, "CREATE TABLE " STR_FMT " (", STR_ARG(name));
    EACH (c, table->columns) {
        buf_c(ddl->out, c == table->columns.items ? "\n  " : ",\n  ");
        column(ddl, c);
    }
    buf_printf(ddl->out, ",\n  PRIMARY KEY (" STR_FMT ")", STR_ARG(table->key));
    EACH (check, table->checks)
        buf_printf(ddl->out, ",\n  CONSTRAINT " STR_FMT " CHECK (" STR_FMT ")",
                   STR_ARG(check->name), STR_ARG(check->condition));
    buf_printf(ddl->out, "\n)%s;\n",
               !is_sqlite(ddl)       ? ""
               : is_clustered(table) ? " WITHOUT ROWID, STRICT"
                                     : " STRICT");
    EACH (c, table->columns)
        comment_column(ddl, name, c);
    EACH (check, table->checks)
        comment_check(ddl, name, check);
}

void ddl_index(const Ddl *ddl, const Table *table, const TableIndex *index)
{
    buf_printf(ddl->out, "CREATE %sINDEX " STR_FMT " ON " STR_FMT " (" STR_FMT ")",
               index->unique ? "UNIQUE " : "", STR_ARG(index->name), STR_ARG(table->name),
               STR_ARG(index->columns));
    if (index->where.len)
        buf_printf(ddl->out, " WHERE " STR_FMT, STR_ARG(index->where));
    buf_c(ddl->out, ";\n");
    if (is_sqlite(ddl))
        return;
    Str source = str_format(ddl->out->arena, STR_FMT "%s" STR_FMT, STR_ARG(index->columns),
                            index->where.len ? " WHERE " : "", STR_ARG(index->where));
    buf_printf(ddl->out, "COMMENT ON INDEX " STR_FMT, STR_ARG(index->name));
    comment(ddl, source);
}

void ddl_indexes(const Ddl *ddl, const Table *table)
{
    EACH (index, table->indexes)
        ddl_index(ddl, table, index);
}

// Its SQLSTATE is the driver's sign (postgres_fail.c).
static const char guard_function[] =
    "CREATE OR REPLACE FUNCTION ledger_guard() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
    " RAISE EXCEPTION '% is only ever added to', TG_TABLE_NAME USING ERRCODE = 'LEDGE'; END $$;\n";

void ddl_guard(const Ddl *ddl, const Table *table)
{
    Str name = table->name;
    if (!is_sqlite(ddl)) {
        buf_c(ddl->out, guard_function);
        buf_printf(ddl->out,
                   "CREATE TRIGGER " STR_FMT "_guard BEFORE UPDATE OR DELETE ON " STR_FMT
                   " FOR EACH ROW EXECUTE FUNCTION ledger_guard();\n",
                   STR_ARG(name), STR_ARG(name));
        return;
    }
    static const char *const acts[] = { "UPDATE", "DELETE" };
    for (size_t i = 0; i < COUNT(acts); i++)
        buf_printf(ddl->out,
                   "CREATE TRIGGER " STR_FMT "_guard_%s BEFORE %s ON " STR_FMT
                   " BEGIN SELECT RAISE(ABORT, '" STR_FMT " is only ever added to'); END;\n",
                   STR_ARG(name), i == 0 ? "update" : "delete", acts[i], STR_ARG(name),
                   STR_ARG(name));
}

void ddl_add_column(const Ddl *ddl, const Table *table, const Column *c)
{
    buf_printf(ddl->out, "ALTER TABLE " STR_FMT " ADD COLUMN ", STR_ARG(table->name));
    column(ddl, c);
    buf_c(ddl->out, ";\n");
    comment_column(ddl, table->name, c);
    if (c->references.len && !is_sqlite(ddl))
        ddl_reference(ddl, table, c);
}

// ---- PostgreSQL only ----------------------------------------------------------------------------

void ddl_reference(const Ddl *ddl, const Table *table, const Column *c)
{
    buf_printf(ddl->out,
               "ALTER TABLE " STR_FMT " ADD FOREIGN KEY (" STR_FMT ") REFERENCES " STR_FMT
               " (id)%s;\n",
               STR_ARG(table->name), STR_ARG(c->name), STR_ARG(c->references),
               c->cascade ? " ON DELETE CASCADE" : "");
}

// By its column: the server chose the constraint's name.
void ddl_drop_reference(const Ddl *ddl, const Table *table, const Column *c)
{
    buf_printf(ddl->out,
               "DO $$ DECLARE found name; BEGIN\n"
               "  SELECT r.conname INTO found FROM pg_constraint r JOIN pg_attribute a"
               " ON a.attrelid = r.conrelid AND r.conkey = ARRAY[a.attnum]\n"
               "  WHERE r.contype = 'f' AND r.conrelid = '" STR_FMT
               "'::regclass AND a.attname = '" STR_FMT "';\n"
               "  EXECUTE format('ALTER TABLE " STR_FMT " DROP CONSTRAINT %%I', found);\nEND $$;\n",
               STR_ARG(table->name), STR_ARG(c->name), STR_ARG(table->name));
}

void ddl_check(const Ddl *ddl, const Table *table, const TableCheck *check)
{
    buf_printf(ddl->out,
               "ALTER TABLE " STR_FMT " ADD CONSTRAINT " STR_FMT " CHECK (" STR_FMT ");\n",
               STR_ARG(table->name), STR_ARG(check->name), STR_ARG(check->condition));
    comment_check(ddl, table->name, check);
}
