// rows.c - recording what rows an action writes, and the statements that write them again.
#include "floor/rows_inside.h"

#include "base/buf.h"

static struct {
    const char *file_end;
    bool is_on;
    Arena arena;
    ChangeList changes;
} recorder;

void rows_fail(const char *what, const char *more)
{
    fprintf(stderr, "floor: %s: %s\n", what, more);
    exit(1);
}

const ChangeList *rows_recorded(void)
{
    return &recorder.changes;
}

// ---- Recording ----------------------------------------------------------------------------------

static Value keep(sqlite3_value *value)
{
    Value kept = { .type = sqlite3_value_type(value), .number = sqlite3_value_int64(value) };
    if (kept.type == SQLITE_TEXT || kept.type == SQLITE_BLOB) {
        const void *bytes = kept.type == SQLITE_TEXT ? (const void *)sqlite3_value_text(value)
                                                     : sqlite3_value_blob(value);
        kept.len = sqlite3_value_bytes(value);
        kept.bytes = (char *)str_copy(&recorder.arena, (Str){ bytes, (size_t)kept.len }).ptr;
    }
    return kept;
}

typedef int ReadColumn(sqlite3 *db, int column, sqlite3_value **ret);

// Columns that SQLite works out are counted but not stored, and not told.
static Value *keep_row(sqlite3 *db, int *count, ReadColumn *read)
{
    Value *row = NEW_ARRAY(&recorder.arena, Value, (size_t)*count);
    for (int i = 0; i < *count; i++) {
        sqlite3_value *value = NULL;
        int result = read(db, i, &value);
        if (result == SQLITE_RANGE)
            *count = i;
        else if (result != SQLITE_OK)
            rows_fail("a row cannot be read", sqlite3_errmsg(db));
        else
            row[i] = keep(value);
    }
    return row;
}

// What triggers and foreign keys do besides is done again by the same triggers and keys.
static void note(void *arg, sqlite3 *db, int op, const char *schema, const char *table,
                 sqlite3_int64 from, sqlite3_int64 to)
{
    (void)arg, (void)schema, (void)from, (void)to;
    Str file = str_from(sqlite3_db_filename(db, "main"));
    if (!recorder.is_on || sqlite3_preupdate_depth(db) > 0 ||
        !str_ends(file, str_from(recorder.file_end)))
        return;
    Change *change = list_push(&recorder.arena, &recorder.changes);
    *change = (Change){ .table = str_copy(&recorder.arena, str_from(table)).ptr,
                        .op = op,
                        .count = sqlite3_preupdate_count(db) };
    if (op != SQLITE_INSERT)
        change->before = keep_row(db, &change->count, sqlite3_preupdate_old);
    if (op != SQLITE_DELETE)
        change->after = keep_row(db, &change->count, sqlite3_preupdate_new);
}

static int watch(sqlite3 *db, char **ret_error, const struct sqlite3_api_routines *api)
{
    (void)ret_error, (void)api;
    sqlite3_preupdate_hook(db, note, NULL);
    return SQLITE_OK;
}

void rows_watch(const char *file_end)
{
    recorder.file_end = file_end;
    sqlite3_auto_extension((void (*)(void))watch);
}

void rows_record(bool on)
{
    recorder.is_on = on;
}

// ---- Statements ---------------------------------------------------------------------------------

typedef struct Shape {  // of a table
    const char *table;
    int count;
    const char *names[COLUMNS_MAX];
    bool is_key[COLUMNS_MAX];
} Shape;
typedef LIST(Shape) ShapeList;

static Shape *shape_read(Arena *arena, sqlite3 *file, ShapeList *shapes, const char *table)
{
    sqlite3_stmt *stmt;
    Shape *shape = list_push(arena, shapes);
    *shape = (Shape){ .table = table };
    if (sqlite3_prepare_v2(file, "SELECT name, pk FROM pragma_table_info(?1) ORDER BY cid", -1,
                           &stmt, NULL) != SQLITE_OK)
        rows_fail(table, sqlite3_errmsg(file));
    sqlite3_bind_text(stmt, 1, table, -1, SQLITE_STATIC);
    for (; sqlite3_step(stmt) == SQLITE_ROW && shape->count < COLUMNS_MAX; shape->count++) {
        shape->names[shape->count] =
            str_copy(arena, str_from((const char *)sqlite3_column_text(stmt, 0))).ptr;
        shape->is_key[shape->count] = sqlite3_column_int(stmt, 1) > 0;
    }
    sqlite3_finalize(stmt);
    return shape;
}

static const Shape *shape_of(Arena *arena, sqlite3 *file, ShapeList *shapes, const Change *change)
{
    Shape *found = NULL;
    EACH (shape, *shapes)
        if (strcmp(shape->table, change->table) == 0)
            found = shape;
    if (!found)
        found = shape_read(arena, file, shapes, change->table);
    if (found->count != change->count)
        rows_fail(change->table, "has other columns than were recorded");
    return found;
}

static bool is_same(const Value *a, const Value *b)
{
    return a->type == b->type && a->number == b->number && a->len == b->len &&
           (a->len == 0 || memcmp(a->bytes, b->bytes, (size_t)a->len) == 0);
}

static void put_value(Buf *out, Change *change, const char *before, const char *name,
                      const char *after, const Value *value)
{
    change->values[change->value_count++] = value;
    buf_printf(out, "%s\"%s\"%s$%d", before, name, after, change->value_count);
}

static void put_insert(Buf *out, const Shape *shape, Change *change)
{
    buf_printf(out, "INSERT INTO \"%s\" (", shape->table);
    for (int i = 0; i < shape->count; i++)
        buf_printf(out, "%s\"%s\"", i ? ", " : "", shape->names[i]);
    buf_put(out, S(") VALUES ("));
    for (int i = 0; i < shape->count; i++) {
        change->values[change->value_count++] = &change->after[i];
        buf_printf(out, "%s$%d", i ? ", " : "", i + 1);
    }
    buf_char(out, ')');
}

static void put_where(Buf *out, const Shape *shape, Change *change)
{
    const char *word = " WHERE ";
    for (int i = 0; i < shape->count; i++)
        if (shape->is_key[i]) {
            put_value(out, change, word, shape->names[i], " = ", &change->before[i]);
            word = " AND ";
        }
}

static void put_update(Buf *out, const Shape *shape, Change *change)
{
    buf_printf(out, "UPDATE \"%s\"", shape->table);
    for (int i = 0; i < shape->count; i++)
        if (!is_same(&change->before[i], &change->after[i]))
            put_value(out, change, change->value_count ? ", " : " SET ", shape->names[i], " = ",
                      &change->after[i]);
    if (change->value_count == 0)  // set to what it was: still a row that is written
        put_value(out, change, " SET ", shape->names[0], " = ", &change->after[0]);
    put_where(out, shape, change);
}

static int statement_of(RowsFloor *floor, Str text)
{
    for (size_t i = 0; i < floor->statements.len; i++)
        if (str_is(text, floor->statements.items[i].text))
            return (int)i;
    Statement *statement = list_push(&floor->arena, &floor->statements);
    *statement = (Statement){ .text = (char *)str_copy(&floor->arena, text).ptr };
    snprintf(statement->name, sizeof statement->name, "s%zu", floor->statements.len);
    return (int)floor->statements.len - 1;
}

static void settle(RowsFloor *floor, const Shape *shape, Change *change)
{
    Buf out = { .arena = &floor->arena };
    change->values = NEW_ARRAY(&floor->arena, const Value *, 2 * (size_t)shape->count);
    change->value_count = 0;
    if (change->op == SQLITE_INSERT)
        put_insert(&out, shape, change);
    else if (change->op == SQLITE_UPDATE)
        put_update(&out, shape, change);
    else {
        buf_printf(&out, "DELETE FROM \"%s\"", shape->table);
        put_where(&out, shape, change);
    }
    change->statement = statement_of(floor, buf_str(&out));
}

// ---- The floor ----------------------------------------------------------------------------------

// The tables' columns in the order in which they were recorded, which is SQLite's.
static sqlite3 *open_pattern(const char *file)
{
    sqlite3 *db;
    if (sqlite3_open_v2(file, &db, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK)
        rows_fail(file, sqlite3_errmsg(db));
    return db;
}

RowsFloor *rows_floor_open(const DbPlace *place, const char *pattern, const char *first)
{
    RowsFloor *floor = calloc(1, sizeof *floor);
    ShapeList shapes = { 0 };
    sqlite3 *file = open_pattern(pattern);
    for (size_t i = 0; i < recorder.changes.len; i++) {
        Change *change = &recorder.changes.items[i];
        settle(floor, shape_of(&floor->arena, file, &shapes, change), change);
        if (change->op == SQLITE_INSERT && strcmp(change->table, first) == 0)
            *list_push(&floor->arena, &floor->starts) = (int)i;
    }
    sqlite3_close(file);
    rows_write_open(floor, place);
    EACH (statement, floor->statements)
        rows_write_prepare(floor, statement);
    return floor;
}

void rows_floor_close(RowsFloor *floor)
{
    rows_write_close(floor);
    arena_release(&floor->arena);
    free(floor);
}

int rows_floor_actions(const RowsFloor *floor)
{
    return (int)floor->starts.len;
}

double rows_floor_rows(const RowsFloor *floor)
{
    size_t first = floor->starts.len ? (size_t)floor->starts.items[0] : 0;
    return (double)(recorder.changes.len - first) / (double)floor->starts.len;
}

static const Change *action_start(const RowsFloor *floor, int action)
{
    return recorder.changes.items + (action < (int)floor->starts.len
                                         ? (size_t)floor->starts.items[action]
                                         : recorder.changes.len);
}

int rows_floor_write(RowsFloor *floor, int group, int count)
{
    int done = 0;
    while (done < count && floor->next < (int)floor->starts.len) {
        int end = floor->next + (group < count - done ? group : count - done);
        if (end > (int)floor->starts.len)
            end = (int)floor->starts.len;
        rows_write_group(floor, action_start(floor, floor->next), action_start(floor, end));
        done += end - floor->next;
        floor->next = end;
    }
    return done;
}
