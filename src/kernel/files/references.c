// references.c - finding what refers to stored files.
//
// The entities' tables say which columns hold files, so a new module's files are found without a
// line here. Files inside JSON are found by looking for anything that reads like an id: what looks
// like one and is none costs nothing, while a file taken away by mistake is gone.
#include "kernel/files/references.h"

#include "gen/kernel.gen.h"
#include "kernel/entity/info.h"
#include "kernel/tenant.h"

#include <ctype.h>

enum { ID_CHARS = 13, PAGE_ROWS = 500 };

// ---- Which columns ------------------------------------------------------------------------------

static bool shape_has_file(const ShapeDef *shape)
{
    for (int i = 0; shape->one_of && i < shape->count; i++)
        if (shape_has_file(shape->one_of[i]))
            return true;
    for (const FieldDef *f = shape->fields; !shape->one_of && f < shape->fields + shape->count;
         f++) {
        bool is_shape = f->type == FIELD_SHAPE || f->type == FIELD_SHAPES;
        if (f->type == FIELD_FILE || (is_shape && shape_has_file(f->of)))
            return true;
    }
    return false;
}

static bool is_history(const EntityDef *e)
{
    return e == &audit_row_entity || e == &event_entity;
}

static bool may_name_files(const EntityDef *e, const FieldDef *f)
{
    if (f->type == FIELD_SHAPE || f->type == FIELD_SHAPES)
        return shape_has_file(f->of);
    return f->type == FIELD_JSON && !(f->flags & SEALED) && !is_history(e);
}

static void add_columns(Ctx *ctx, const EntityDef *e, FileColumnList *ret)
{
    EACH (slot, e->info->slots) {
        bool is_file = slot->field && slot->field->type == FIELD_FILE;
        bool is_text = slot->field && may_name_files(e, slot->field);
        if (is_file || is_text)
            *list_push(ctx->arena, ret) = (FileColumn){ e, slot->column, is_text };
    }
}

void file_columns(Ctx *ctx, FileColumnList *ret)
{
    size_t count;
    const EntityDef *const *all = entities_all(&count);
    for (size_t i = 0; i < count; i++)
        if (tenant_has_entity(ctx->tenant, all[i]))
            add_columns(ctx, all[i], ret);
}

// ---- Marking ------------------------------------------------------------------------------------

static void mark(FileMarkList *marks, Id id)
{
    size_t low = 0, high = marks->len;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (marks->items[middle].id < id)
            low = middle + 1;
        else
            high = middle;
    }
    if (low < marks->len && marks->items[low].id == id)
        marks->items[low].is_used = true;
}

static void mark_in_text(FileMarkList *marks, Str text)
{
    while (text.len >= ID_CHARS) {
        size_t run = 0;
        Id id;
        while (run < text.len && isalnum((unsigned char)text.ptr[run]))
            run++;
        if (run == ID_CHARS && id_parse(str_sub(text, 0, ID_CHARS), &id))
            mark(marks, id);
        text = str_from_at(text, run + 1);
    }
}

static const char *written_at(const EntityDef *e)
{
    if (entity_is_entry(e))
        return "at";
    return entity_is_root(e) ? "updated_at" : "$2";
}

// Page by page, in order of id, so that memory stays flat; a keyed table has no id, and is small.
static const char *page_sql(Ctx *ctx, const FileColumn *column)
{
    const EntityDef *e = column->entity;
    bool is_keyed = entity_is_keyed(e);
    Str sql = str_format(
        ctx->arena, "SELECT %s, %s FROM %s WHERE %s > $1 AND %s >= $2 AND %s ORDER BY %s LIMIT %d",
        is_keyed ? "1" : "id", column->column, e->name, is_keyed ? "1" : "id", written_at(e),
        column->is_text ? str_format(ctx->arena, "%s <> ''", column->column).ptr
                        : str_format(ctx->arena, "%s IS NOT NULL", column->column).ptr,
        is_keyed ? "1" : "id", is_keyed ? 1000000 : PAGE_ROWS);
    return sql_intern(sql);
}

static Status mark_page(Ctx *ctx, const FileColumn *column, const char *sql, Time since, Id *after,
                        int *ret_rows, FileMarkList *marks)
{
    Query query = { sql, (Arg[]){ arg_int(*after), arg_int(since) }, 2 };
    Rows *rows = db_query(ctx, query);
    Str text;
    Id file;
    *ret_rows = 0;
    while (column->is_text ? rows_next(rows, after, &text) : rows_next(rows, after, &file)) {
        ++*ret_rows;
        if (column->is_text)
            mark_in_text(marks, text);
        else
            mark(marks, file);
    }
    return rows_end(rows);
}

Status file_mark(Ctx *ctx, const FileColumn *column, Time since, FileMarkList *marks)
{
    const char *sql = page_sql(ctx, column);
    Id after = 0;
    int rows;
    do {
        ArenaMark here = arena_mark(ctx->arena);
        TRY(mark_page(ctx, column, sql, since, &after, &rows, marks));
        arena_rewind(ctx->arena, here);
    } while (rows == PAGE_ROWS);
    return OK;
}
