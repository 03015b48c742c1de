// append.c - adding rows to ledgers and logs, one or many at once.
//
// Most of what a row costs is not the row: the statement is set up, each index is opened and closed
// again (SQLite), or a message goes out and its answer comes back (PostgreSQL). So many rows of one
// call go in by statements of up to 32 rows, each row checked as it would be alone.
#include "kernel/entity/info.h"

#include "base/buf.h"
#include "kernel/entity/record.h"

#include <assert.h>

enum { ARGS_MAX = 960 };  // of one statement

static const size_t sizes[APPEND_SIZES] = { 32, 8, 2, 1 };  // rows of a statement

// "INSERT INTO t (a, b) VALUES ($1, $2), ($3, $4)"
static const char *insert_of(Arena *arena, const EntityInfo *info, size_t rows)
{
    Buf out = { .arena = arena };
    Str one = str_from(info->insert_sql), values = S(" VALUES ");
    size_t n = 1, columns = (size_t)info->slots_written;
    buf_put(&out, str_sub(one, 0, (size_t)str_find(one, values) + values.len));
    for (size_t row = 0; row < rows; row++) {
        buf_c(&out, row ? ", (" : "(");
        for (size_t i = 0; i < columns; i++)
            buf_printf(&out, "%s$%zu", i ? ", " : "", n++);
        buf_char(&out, ')');
    }
    return str_copy(arena, buf_str(&out)).ptr;
}

void append_prepare(Arena *arena, EntityInfo *info)
{
    EACH (slot, info->slots)
        info->slots_written += slot->is_written;
    for (int i = 0; i < APPEND_SIZES; i++)
        if (sizes[i] * (size_t)info->slots_written <= ARGS_MAX)
            info->append_sql[i] = insert_of(arena, info, sizes[i]);
}

static Status make_ready(Ctx *ctx, const EntityDef *e, Entry *entry)
{
    if (entry->id == 0)
        entry->id = id_next(ctx->now);
    if (entry->at == 0)
        entry->at = ctx->now;
    return record_check(ctx, e, entry);
}

static Status insert(Ctx *ctx, const EntityDef *e, const char *sql, char *rows, size_t count)
{
    Arg *args = NEW_ARRAY(ctx->arena, Arg, count * (size_t)e->info->slots_written);
    int len = 0, n;
    for (size_t i = 0; i < count; i++, len += n)
        TRY(slot_args(ctx, e, rows + i * e->size, true, args + len, &n));
    return db_write(ctx, (Query){ sql, args, len });
}

Status record_append_many(Ctx *ctx, const EntityDef *e, void *entries, size_t count)
{
    char *rows = entries;
    assert(entity_is_entry(e) && db_is_writing(ctx));
    for (size_t i = 0; i < count; i++)
        TRY(make_ready(ctx, e, (Entry *)(rows + i * e->size)));
    for (int i = 0; i < APPEND_SIZES; i++)
        for (; e->info->append_sql[i] && count >= sizes[i]; count -= sizes[i]) {
            TRY(insert(ctx, e, e->info->append_sql[i], rows, sizes[i]));
            rows += sizes[i] * e->size;
        }
    return OK;
}

Status record_append(Ctx *ctx, const EntityDef *e, void *entry)
{
    return record_append_many(ctx, e, entry, 1);
}
