// schema_read_sqlite.c - SQLite's catalog as tables.
//
// The catalog keeps the text of each CREATE statement, which schema_ddl.c wrote (ALTER TABLE ADD
// COLUMN appends to it), so it is read back by a small reader of just that form. What it does not
// understand (other programs' tables, search's own) comes out as columns of no interest and is
// never compared.
#include "kernel/db/schema_read.h"

#include "kernel/db/db.h"

#include <ctype.h>

// ---- Reading the text ---------------------------------------------------------------------------

static void skip_blanks(Str *text)
{
    while (text->len && isspace((unsigned char)text->ptr[0]))
        *text = str_from_at(*text, 1);
}

// Takes `word` (in capitals, one blank between its parts) off the front; false when it is not
// there.
static bool take(Str *text, const char *word)
{
    skip_blanks(text);
    if (!str_starts(*text, str_from(word)))
        return false;
    *text = str_from_at(*text, strlen(word));
    return true;
}

// Where the bracket that opens at 0 is closed; quoted text does not count.
static size_t closing(Str text)
{
    int depth = 0;
    bool is_quoted = false;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (c == '\'')
            is_quoted = !is_quoted;
        if (is_quoted)
            continue;
        depth += (c == '(') - (c == ')');
        if (depth == 0 && c == ')')
            return i;
    }
    return text.len ? text.len - 1 : 0;
}

// "(a, (b))" off the front: "a, (b)".
static Str take_brackets(Str *text)
{
    skip_blanks(text);
    size_t end = closing(*text);
    Str inner = str_sub(*text, 1, end > 0 ? end - 1 : 0);
    *text = str_from_at(*text, end + 1);
    return inner;
}

static Str take_name(Str *text)
{
    skip_blanks(text);
    bool is_quoted = text->len && text->ptr[0] == '"';  // as ALTER TABLE RENAME leaves it
    size_t at = is_quoted;
    while (at < text->len && (isalnum((unsigned char)text->ptr[at]) || text->ptr[at] == '_'))
        at++;
    Str name = str_sub(*text, is_quoted, at - is_quoted);
    *text = str_from_at(*text, at + is_quoted);
    return name;
}

// A literal: 12, -3, 'it''s', x''.
static Str take_literal(Str *text)
{
    skip_blanks(text);
    size_t at = text->len && text->ptr[0] == 'x';
    if (at < text->len && text->ptr[at] == '\'') {
        for (at++; at < text->len &&
                   (text->ptr[at] != '\'' || (at + 1 < text->len && text->ptr[at + 1] == '\''));
             at++)
            at += text->ptr[at] == '\'';
        at++;
    } else {
        while (at < text->len && (isalnum((unsigned char)text->ptr[at]) || text->ptr[at] == '-'))
            at++;
    }
    Str literal = str_sub(*text, 0, at);
    *text = str_from_at(*text, at);
    return literal.len && literal.ptr[0] == 'x' ? str_from_at(literal, 1) : literal;
}

// The next part between commas on the top level.
static bool next_item(Str *rest, Str *ret)
{
    int depth = 0;
    bool is_quoted = false;
    size_t at = 0;
    skip_blanks(rest);
    for (; at < rest->len; at++) {
        char c = rest->ptr[at];
        if (c == '\'')
            is_quoted = !is_quoted;
        if (is_quoted)
            continue;
        depth += (c == '(') - (c == ')');
        if (c == ',' && depth == 0)
            break;
    }
    *ret = str_sub(*rest, 0, at);
    *rest = str_from_at(*rest, at + 1);
    return ret->len > 0;
}

// ---- Tables -------------------------------------------------------------------------------------

static ColumnType type_named(Str name)
{
    if (str_is(name, "INT"))
        return COLUMN_INT;
    if (str_is(name, "INTEGER"))
        return COLUMN_BIGINT;
    return str_is(name, "BLOB") ? COLUMN_BYTES : COLUMN_TEXT;
}

static void read_column(Arena *arena, Str item, Table *table)
{
    Column c = { .name = take_name(&item) };
    c.type = type_named(take_name(&item));
    c.not_null = take(&item, "NOT NULL");
    if (take(&item, "DEFAULT"))
        c.initial = take_literal(&item);
    if (take(&item, "GENERATED ALWAYS AS")) {
        c.generated = take_brackets(&item);
        take(&item, "VIRTUAL");
    }
    if (take(&item, "REFERENCES")) {
        c.references = take_name(&item);
        take_brackets(&item);
        c.cascade = take(&item, "ON DELETE CASCADE");
    }
    *list_push(arena, &table->columns) = c;
}

static void read_item(Arena *arena, Str item, Table *table)
{
    if (take(&item, "PRIMARY KEY")) {
        table->key = take_brackets(&item);
    } else if (take(&item, "CONSTRAINT")) {
        TableCheck check = { .name = take_name(&item) };
        if (!take(&item, "CHECK"))
            return;
        check.condition = take_brackets(&item);
        *list_push(arena, &table->checks) = check;
    } else {
        read_column(arena, item, table);
    }
}

static void read_table(Arena *arena, Str name, Str sql, TableList *tables)
{
    ptrdiff_t at = str_find_char(sql, '(');
    if (at < 0 || str_starts(sql, S("CREATE VIRTUAL")))
        return;
    Table *table = list_push(arena, tables);
    Str rest = str_from_at(sql, (size_t)at), items = take_brackets(&rest), item;
    table->name = name;
    table->key = S("id");
    while (next_item(&items, &item))
        read_item(arena, item, table);
}

static void read_index(Arena *arena, Str name, Str sql, Table *table)
{
    ptrdiff_t at = str_find_char(sql, '(');
    if (!table || at < 0)
        return;
    Str rest = str_from_at(sql, (size_t)at);
    TableIndex index = { .name = name, .unique = str_starts(sql, S("CREATE UNIQUE")) };
    index.columns = take_brackets(&rest);
    if (take(&rest, "WHERE"))
        index.where = str_trim(rest);
    *list_push(arena, &table->indexes) = index;
}

Status schema_read_sqlite(Ctx *ctx, TableList *ret)
{
    Str type, name, table_name, sql;
    *ret = (TableList){ 0 };
    Rows *rows =
        db_query(ctx, SQL("SELECT type, name, tbl_name, sql FROM sqlite_schema"
                          " WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
                          " ORDER BY type <> 'table', tbl_name, name"));
    while (rows_next(rows, &type, &name, &table_name, &sql)) {
        Table *table = table_named(ret, table_name);
        if (str_is(type, "table"))
            read_table(ctx->arena, name, sql, ret);
        else if (str_is(type, "index"))
            read_index(ctx->arena, name, sql, table);
        else if (str_is(type, "trigger") && table && str_ends(name, S("_guard_update")))
            table->is_ledger = true;
    }
    return rows_end(rows);
}
