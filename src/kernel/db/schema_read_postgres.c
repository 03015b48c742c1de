// schema_read_postgres.c - PostgreSQL's catalog as tables.
//
// The server keeps expressions in a form of its own ("paid >= 0" becomes "(paid >= 0)", IN becomes
// = ANY), so the source is taken from the comments that schema_ddl.c left; what has none was made
// by somebody else, shows the server's form, and compares as different.
#include "kernel/db/schema_read.h"

#include "kernel/db/db.h"

#define TABLES                                                                                     \
    " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"                               \
    " AND n.nspname = current_schema() AND c.relkind = 'r'"

static ColumnType type_named(Str name)
{
    if (str_is(name, "integer"))
        return COLUMN_INT;
    if (str_is(name, "bigint"))
        return COLUMN_BIGINT;
    return str_is(name, "bytea") ? COLUMN_BYTES : COLUMN_TEXT;
}

// "'draft'::text" -> "'draft'"; "'0'::bigint" -> "0"; "'\x'::bytea" (no bytes) -> "''".
static Str literal_of(Str expression, ColumnType type)
{
    ptrdiff_t cast = str_find(expression, S("'::"));
    if (cast < 0)
        return expression;
    Str quoted = str_sub(expression, 0, (size_t)cast + 1);
    if (str_is(quoted, "'\\x'"))
        return S("''");
    bool is_number = type == COLUMN_INT || type == COLUMN_BIGINT;
    return is_number ? str_sub(quoted, 1, quoted.len - 2) : quoted;
}

static Status read_tables(Ctx *ctx, TableList *ret)
{
    Table table = { 0 };
    Rows *rows = db_query(
        ctx,
        SQL("SELECT c.relname,"
            " COALESCE((SELECT string_agg(a.attname, ', ' ORDER BY k.place) FROM pg_index i,"
            " LATERAL unnest(i.indkey) WITH ORDINALITY AS k (attnum, place) JOIN pg_attribute a"
            " ON a.attnum = k.attnum WHERE i.indrelid = c.oid AND i.indisprimary"
            " AND a.attrelid = c.oid), 'id'),"
            " EXISTS (SELECT 1 FROM pg_trigger t WHERE t.tgrelid = c.oid"
            " AND t.tgname = c.relname || '_guard')" TABLES " ORDER BY c.relname"));
    while (rows_next(rows, &table.name, &table.key, &table.is_ledger))
        *list_push(ctx->arena, ret) = table;
    return rows_end(rows);
}

static Status read_columns(Ctx *ctx, TableList *ret)
{
    Str table, type, initial, source;
    bool is_generated;
    Column c = { 0 };
    Rows *rows = db_query(
        ctx,
        SQL("SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,"
            " COALESCE(pg_get_expr(d.adbin, d.adrelid), ''), a.attgenerated <> '',"
            " COALESCE(col_description(c.oid, a.attnum), ''), COALESCE(f.relname, ''),"
            " COALESCE(r.confdeltype = 'c', false)" TABLES
            " JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped"
            " LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum"
            " LEFT JOIN pg_constraint r ON r.conrelid = c.oid AND r.contype = 'f'"
            " AND r.conkey = ARRAY[a.attnum]"
            " LEFT JOIN pg_class f ON f.oid = r.confrelid"
            " ORDER BY c.relname, a.attnum"));
    while (rows_next(rows, &table, &c.name, &type, &c.not_null, &initial, &is_generated, &source,
                     &c.references, &c.cascade)) {
        c.type = type_named(type);
        c.initial = is_generated ? S("") : literal_of(initial, c.type);
        c.generated = !is_generated ? S("") : source.len ? source : initial;
        *list_push(ctx->arena, &table_named(ret, table)->columns) = c;
    }
    return rows_end(rows);
}

static Status read_indexes(Ctx *ctx, TableList *ret)
{
    Str table, source;
    TableIndex index = { 0 };
    Rows *rows = db_query(
        ctx, SQL("SELECT c.relname, x.relname, i.indisunique,"
                 " COALESCE(obj_description(x.oid, 'pg_class'), pg_get_indexdef(x.oid))" TABLES
                 " JOIN pg_index i ON i.indrelid = c.oid AND NOT i.indisprimary"
                 " JOIN pg_class x ON x.oid = i.indexrelid ORDER BY c.relname, x.relname"));
    while (rows_next(rows, &table, &index.name, &index.unique, &source)) {
        Str where = S(" WHERE ");
        ptrdiff_t at = str_find(source, where);
        index.columns = at < 0 ? source : str_sub(source, 0, (size_t)at);
        index.where = at < 0 ? S("") : str_from_at(source, (size_t)at + where.len);
        *list_push(ctx->arena, &table_named(ret, table)->indexes) = index;
    }
    return rows_end(rows);
}

static Status read_checks(Ctx *ctx, TableList *ret)
{
    Str table;
    TableCheck check = { 0 };
    Rows *rows = db_query(
        ctx,
        SQL("SELECT c.relname, r.conname,"
            " COALESCE(obj_description(r.oid, 'pg_constraint'), pg_get_constraintdef(r.oid))" TABLES
            " JOIN pg_constraint r ON r.conrelid = c.oid AND r.contype = 'c'"
            " ORDER BY c.relname, r.conname"));
    while (rows_next(rows, &table, &check.name, &check.condition))
        *list_push(ctx->arena, &table_named(ret, table)->checks) = check;
    return rows_end(rows);
}

Status schema_read_postgres(Ctx *ctx, TableList *ret)
{
    *ret = (TableList){ 0 };
    TRY(read_tables(ctx, ret));
    TRY(read_columns(ctx, ret));
    TRY(read_indexes(ctx, ret));
    return read_checks(ctx, ret);
}
