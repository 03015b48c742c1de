// kept.c - answers that a lane's connection remembers.
//
// A shape is a statement: its text, the tables it names, and a count that goes up when one of them
// is written to. An answer belongs to a shape and its arguments and remembers the count; one of an
// older count is as good as not there. Memory is given back only when a transaction begins, since
// somebody may still be reading rows before that.
#include "kernel/db/kept.h"

#include "kernel/db/driver.h"

#include <assert.h>
#include <ctype.h>
#include <stdatomic.h>
#include <stdlib.h>

enum { BUCKETS = 1024, SHAPE_BUCKETS = 128, TABLES_MAX = 24, BYTES_MAX = 512 * 1024 };

typedef struct Kept Kept;
typedef struct Shape Shape;
struct Shape {
    Shape *next, *next_known;
    const char *text;  // a copy
    int64_t count;     // of forgettings
    size_t table_count;
    uint64_t tables[TABLES_MAX];  // hashes of their names
};

typedef struct Answer Answer;
struct Answer {
    Answer *next;
    const Shape *shape;
    int64_t epoch, count;  // of the store, of the shape, when it was given
    uint64_t hash;
    const Arg *args;
    int arg_count, width;
    LIST(Cell) cells;  // row by row
};

struct Kept {
    Arena arena;         // answers
    Arena shapes_arena;  // as long as the connection
    Shape *shapes[SHAPE_BUCKETS], *known;
    Answer *answers[BUCKETS];
    uint64_t table_bits;  // one of each table that a shape names: most writes are none of theirs
    int64_t epoch;        // goes up when all is forgotten
    int64_t version;      // Driver.version, when the transaction began; 0: forget at the next
    bool is_open;         // a transaction runs
};

static bool (*_Atomic find_table)(Str name, Str *ret_owner);

void kept_set_tables(bool (*find)(Str name, Str *ret_owner))
{
    find_table = find;
}

// ---- Tables of a statement ----------------------------------------------------------------------

static bool is_word(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

static bool names(const Shape *shape, uint64_t table)
{
    for (size_t i = 0; i < shape->table_count; i++)
        if (shape->tables[i] == table)
            return true;
    return false;
}

static void add_table(Kept *kept, Shape *shape, Str name)
{
    uint64_t hash = str_hash(name);
    if (names(shape, hash))
        return;
    assert(shape->table_count < TABLES_MAX);
    shape->tables[shape->table_count++] = hash;
    kept->table_bits |= UINT64_C(1) << (hash % 64);
}

// Every word that is a table's name, wherever it stands: one too many costs an answer, one too few
// would make a wrong one.
static void find_tables(Kept *kept, Shape *shape)
{
    bool (*find)(Str name, Str * ret_owner) = find_table;
    for (const char *at = shape->text; *at;) {
        const char *end = at;
        Str owner;
        while (is_word(*end))
            end++;
        Str word = { at, (size_t)(end - at) };
        while (word.len && find && find(word, &owner)) {
            add_table(kept, shape, word);
            word = owner;
        }
        at = end + (end == at);
    }
    assert(!find || shape->table_count > 0);
}

// "WITH ..." reads, unless a verb of writing stands in it.
static bool is_question(const char *text)
{
    if (strncmp(text, "SELECT ", 7) == 0)
        return true;
    return strncmp(text, "WITH ", 5) == 0 && !strstr(text, "INSERT ") && !strstr(text, "UPDATE ") &&
           !strstr(text, "DELETE ");
}

// "UPDATE x SET ...": x; "" where it cannot be told.
static Str written_table(const char *text)
{
    static const Str verbs[] = { { "INSERT INTO ", 12 }, { "UPDATE ", 7 }, { "DELETE FROM ", 12 } };
    for (size_t i = 0; i < COUNT(verbs); i++) {
        if (strncmp(text, verbs[i].ptr, verbs[i].len) != 0)
            continue;
        const char *start = text + verbs[i].len, *end = start;
        while (is_word(*end))
            end++;
        return (Str){ start, (size_t)(end - start) };
    }
    return S("");
}

// ---- Forgetting ---------------------------------------------------------------------------------

void kept_forget(Conn *conn)
{
    if (conn->kept)
        conn->kept->epoch++;
}

void kept_wrote(Conn *conn, const char *text)
{
    Kept *kept = conn->kept;
    if (!kept || is_question(text))
        return;
    Str table = written_table(text);
    uint64_t hash = str_hash(table);
    if (table.len == 0)
        kept->epoch++;
    else if (kept->table_bits >> (hash % 64) & 1)
        for (Shape *shape = kept->known; shape; shape = shape->next_known)
            shape->count += names(shape, hash);
}

static void clear(Kept *kept)
{
    arena_clear(&kept->arena);
    memset(kept->answers, 0, sizeof kept->answers);
}

void kept_begin(Conn *conn)
{
    if (!conn->kept && !(conn->kept = calloc(1, sizeof *conn->kept)))
        return;
    Kept *kept = conn->kept;
    int64_t version = conn->driver->version(conn);
    bool is_same = version && version == kept->version;
    if (!is_same)
        kept->epoch++;
    if (!is_same || kept->arena.used > BYTES_MAX)
        clear(kept);
    kept->version = version;
    kept->is_open = true;
}

void kept_end(Conn *conn)
{
    if (conn->kept)
        conn->kept->is_open = false;
}

void kept_free(Conn *conn)
{
    if (!conn->kept)
        return;
    arena_release(&conn->kept->arena);
    arena_release(&conn->kept->shapes_arena);
    free(conn->kept);
    conn->kept = NULL;
}

// ---- Finding ------------------------------------------------------------------------------------

// By the text's address, which is that of a literal; looked at all the same, in case it is not.
static Shape *shape_of(Kept *kept, const char *text)
{
    Shape **bucket = &kept->shapes[(uintptr_t)text / 16 % SHAPE_BUCKETS];
    for (Shape *shape = *bucket; shape; shape = shape->next)
        if (strcmp(shape->text, text) == 0)
            return shape;
    Shape *shape = NEW(&kept->shapes_arena, Shape);
    shape->text = str_c(&kept->shapes_arena, str_from(text));
    shape->next = *bucket;
    shape->next_known = kept->known;
    *bucket = kept->known = shape;
    find_tables(kept, shape);
    return shape;
}

static uint64_t mix(uint64_t hash, uint64_t value)
{
    hash = (hash ^ value) * 0x9E3779B97F4A7C15u;
    return hash ^ hash >> 29;
}

static uint64_t hash_of(const Shape *shape, Query query)
{
    uint64_t hash = (uintptr_t)shape;
    for (int i = 0; i < query.count; i++) {
        const Arg *arg = &query.args[i];
        bool is_text = arg->type == ARG_TEXT || arg->type == ARG_BYTES;
        hash = mix(hash, is_text ? str_hash(arg->text) : (uint64_t)arg->number);
    }
    return hash;
}

static bool same_arg(const Arg *a, const Arg *b)
{
    if (a->type != b->type)
        return false;
    bool is_text = a->type == ARG_TEXT || a->type == ARG_BYTES;
    return a->type == ARG_NULL || (is_text ? str_eq(a->text, b->text) : a->number == b->number);
}

static bool is_answer(const Kept *kept, const Answer *answer, const Shape *shape, uint64_t hash,
                      Query query)
{
    if (answer->hash != hash || answer->shape != shape || answer->epoch != kept->epoch ||
        answer->count != shape->count || answer->arg_count != query.count)
        return false;
    for (int i = 0; i < query.count; i++)
        if (!same_arg(&answer->args[i], &query.args[i]))
            return false;
    return true;
}

static Answer *find(const Kept *kept, const Shape *shape, uint64_t hash, Query query)
{
    for (Answer *answer = kept->answers[hash % BUCKETS]; answer; answer = answer->next)
        if (is_answer(kept, answer, shape, hash, query))
            return answer;
    return NULL;
}

// ---- Rows of an answer --------------------------------------------------------------------------

typedef struct KeptRows {
    Rows rows;
    const Answer *answer;
    size_t at;  // behind the current row
} KeptRows;

static bool next_row(Rows *base)
{
    KeptRows *rows = (KeptRows *)base;
    if (rows->at >= rows->answer->cells.len)
        return false;
    rows->at += (size_t)rows->answer->width;
    return true;
}

static int row_width(const Rows *base)
{
    return ((const KeptRows *)base)->answer->width;
}

static void row_cell(Rows *base, int column, Cell *ret)
{
    const KeptRows *rows = (const KeptRows *)base;
    const Answer *answer = rows->answer;
    *ret = answer->cells.items[rows->at - (size_t)answer->width + (size_t)column];
}

static void close_rows(Rows *base) {}

static const Driver kept_rows = {
    .next_row = next_row, .row_width = row_width, .row_cell = row_cell, .close_rows = close_rows
};

static Rows *rows_of(Ctx *ctx, const Answer *answer)
{
    KeptRows *rows = NEW(ctx->arena, KeptRows);
    rows->rows = (Rows){ .driver = &kept_rows, .ctx = ctx, .conn = ctx->conn };
    rows->answer = answer;
    return &rows->rows;
}

// ---- Asking -------------------------------------------------------------------------------------

static const Arg *copy_args(Arena *arena, Query query)
{
    Arg *args = NEW_ARRAY(arena, Arg, (size_t)query.count + 1);
    for (int i = 0; i < query.count; i++) {
        args[i] = query.args[i];
        args[i].text = str_copy(arena, query.args[i].text);
    }
    return args;
}

static void take_row(Arena *arena, Rows *rows, Answer *answer)
{
    for (int i = 0; i < answer->width; i++) {
        Cell *cell = list_push(arena, &answer->cells);
        rows->driver->row_cell(rows, i, cell);
        if (cell->type == CELL_TEXT || cell->type == CELL_BYTES)
            cell->text = str_copy(arena, cell->text);
    }
}

// All of its rows, or the failed rows themselves.
static Rows *ask(Kept *kept, Ctx *ctx, Shape *shape, uint64_t hash, Query query)
{
    bool has_room = kept->arena.used < BYTES_MAX;
    Arena *arena = has_room ? &kept->arena : ctx->arena;
    int64_t epoch = kept->epoch, count = shape->count;
    Rows *rows = db_query(ctx, query);
    if (rows->is_over)
        return rows;
    Answer *answer = NEW(arena, Answer);
    *answer = (Answer){ .shape = shape,
                        .epoch = epoch,
                        .count = count,
                        .hash = hash,
                        .args = copy_args(arena, query),
                        .arg_count = query.count,
                        .width = rows->driver->row_width(rows) };
    while (rows->driver->next_row(rows))
        take_row(arena, rows, answer);
    rows->is_over = true;
    rows->has_failed = rows->conn->has_failed;
    rows->driver->close_rows(rows);
    if (rows->has_failed)
        return rows;
    if (has_room) {
        answer->next = kept->answers[hash % BUCKETS];
        kept->answers[hash % BUCKETS] = answer;
    }
    return rows_of(ctx, answer);
}

Rows *kept_query(Ctx *ctx, Query query)
{
    Kept *kept = ctx->conn->kept;
    if (!ctx->conn->is_writing || !kept || !kept->is_open || ctx->conn->has_failed)
        return db_query(ctx, query);
    Shape *shape = shape_of(kept, query.text);
    uint64_t hash = hash_of(shape, query);
    const Answer *answer = find(kept, shape, hash, query);
    return answer ? rows_of(ctx, answer) : ask(kept, ctx, shape, hash, query);
}

Status kept_maybe_(Ctx *ctx, Query query, bool *found, const Out *outs, int count)
{
    Rows *rows = kept_query(ctx, query);
    *found = rows_next_(rows, outs, count);
    return rows_end(rows);
}
