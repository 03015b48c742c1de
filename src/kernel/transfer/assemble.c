// assemble.c - rows become records, as the JSON tree that REST would bring.
//
// Where columns go to child rows, a row goes on with the record before it when the record's own
// columns are the same (its key, where it has one) or all empty. An empty cell says nothing: a new
// record gets its default, an old one keeps what it has.
#include "kernel/transfer/assemble.h"

enum { CHILDREN_OF_ONE_MAX = 5000 };

// ---- Trees --------------------------------------------------------------------------------------

static Json *append(Arena *arena, Json *parent, JsonType type, Str key)
{
    Json *node = NEW(arena, Json), **at = &parent->first;
    *node = (Json){ .type = type, .key = key };
    while (*at)
        at = &(*at)->next;
    *at = node;
    parent->count++;
    return node;
}

static Json *member(Arena *arena, Json *parent, JsonType type, const char *key)
{
    Json *found = (Json *)json_get(parent, key);
    return found ? found : append(arena, parent, type, str_from(key));
}

// Several in one cell: "red; blue".
static void put_many(Arena *arena, Json *list, Str text)
{
    Str one;
    while (str_next(&text, ';', &one))
        if (str_trim(one).len)
            append(arena, list, JSON_STRING, S(""))->text = str_copy(arena, str_trim(one));
}

static void put_cell(Arena *arena, Json *object, const FieldDef *f, Str text)
{
    if (f->type == FIELD_REFS || f->type == FIELD_CHOICES)
        put_many(arena, member(arena, object, JSON_ARRAY, f->name), text);
    else
        append(arena, object, JSON_STRING, str_from(f->name))->text = str_copy(arena, text);
}

// ---- One row ------------------------------------------------------------------------------------

static Str cell_at(const Row *row, size_t i)
{
    return i < row->cells.len ? str_trim(row->cells.items[i]) : S("");
}

static bool is_child(const Target *target)
{
    return target->field && target->field->type == FIELD_LIST;
}

static void put_own(Arena *arena, const Mapping *mapping, const Row *row, Json *object)
{
    for (size_t i = 0; i < mapping->headings.len; i++) {
        const Target *target = &mapping->targets[i];
        Str text = cell_at(row, i);
        if (text.len == 0 || is_child(target) || (!target->field && !target->is_id))
            continue;
        if (target->is_id)
            append(arena, object, JSON_STRING, S("id"))->text = str_copy(arena, text);
        else if (target->inner)
            put_cell(arena, member(arena, object, JSON_OBJECT, target->field->name), target->inner,
                     text);
        else
            put_cell(arena, object, target->field, text);
    }
}

// One child for each list that has a cell in this row.
static bool put_children(Arena *arena, const Mapping *mapping, const Row *row, Json *object)
{
    const FieldDef *list = NULL;
    Json *child = NULL;
    for (size_t i = 0; i < mapping->headings.len; i++) {
        const Target *target = &mapping->targets[i];
        Str text = cell_at(row, i);
        if (!is_child(target) || text.len == 0)
            continue;
        if (target->field != list)
            child = append(arena, member(arena, object, JSON_ARRAY, target->field->name),
                           JSON_OBJECT, S(""));
        list = target->field;
        put_cell(arena, child, target->inner, text);
    }
    return list != NULL;
}

// ---- Which rows belong together -----------------------------------------------------------------

static bool is_own(const Target *target)
{
    return (target->field || target->is_id) && !is_child(target);
}

static bool goes_on(const Mapping *mapping, const Row *first, const Row *row)
{
    bool is_blank = true, is_same = true;
    if (!mapping->has_children || row->bad)
        return false;
    for (size_t i = 0; i < mapping->headings.len; i++) {
        if (!is_own(&mapping->targets[i]))
            continue;
        is_blank = is_blank && cell_at(row, i).len == 0;
        if (mapping->key_column < 0 || mapping->key_column == (int)i)
            is_same = is_same && str_eq(cell_at(row, i), cell_at(first, i));
    }
    return is_blank || is_same;
}

static Row keep_row(Arena *arena, const Row *row)
{
    Row kept = *row;
    kept.cells = (StrList){ 0 };
    EACH (cell, row->cells)
        *list_push(arena, &kept.cells) = str_copy(arena, *cell);
    return kept;
}

static Status take_row(Ctx *ctx, Assembler *a, Row *ret, bool *ret_found)
{
    *ret_found = a->has_ahead;
    if (a->has_ahead)
        *ret = keep_row(ctx->arena, &a->ahead);
    a->has_ahead = false;
    if (*ret_found)
        return OK;
    TRY(rows_read(ctx, a->reader, ret, ret_found));
    if (*ret_found)
        *ret = keep_row(ctx->arena, ret);
    return OK;
}

static void put_back(Assembler *a, const Row *row)
{
    arena_clear(&a->ahead_arena);
    a->ahead = keep_row(&a->ahead_arena, row);
    a->has_ahead = true;
}

static const char *check_width(const Mapping *mapping, const Row *row)
{
    if (row->bad)
        return row->bad;
    for (size_t i = mapping->headings.len; i < row->cells.len; i++)
        if (cell_at(row, i).len)
            return "the row has more cells than there are headings";
    return NULL;
}

static void add_row(Ctx *ctx, const Mapping *mapping, const Row *row, Json *object, Draft *ret)
{
    const char *bad = check_width(mapping, row);
    *list_push(ctx->arena, &ret->lines) = row->line;
    ret->bad = ret->bad ? ret->bad : bad;
    if (put_children(ctx->arena, mapping, row, object))
        *list_push(ctx->arena, &ret->children) = row->line;
}

static Status assemble_rows(Ctx *ctx, Assembler *a, Draft *ret, bool *ret_found)
{
    Row first, row;
    bool more = true;
    TRY(take_row(ctx, a, &first, ret_found));
    if (!*ret_found)
        return OK;
    Json *object = NEW(ctx->arena, Json);
    object->type = JSON_OBJECT;
    put_own(ctx->arena, a->mapping, &first, object);
    add_row(ctx, a->mapping, &first, object, ret);
    while (a->mapping->has_children && !first.bad && ret->lines.len <= CHILDREN_OF_ONE_MAX) {
        TRY(take_row(ctx, a, &row, &more));
        if (!more)
            break;
        if (!goes_on(a->mapping, &first, &row)) {
            put_back(a, &row);
            break;
        }
        add_row(ctx, a->mapping, &row, object, ret);
    }
    ret->input = object;
    return OK;
}

// The reader's tree goes with its next row.
static Status copy_tree(Ctx *ctx, const Json *tree, const Json **ret)
{
    Buf text = { .arena = ctx->arena };
    JsonOut json = { .out = &text };
    json_put_tree(&json, tree);
    return json_parse(ctx, buf_str(&text), ret);
}

Status assemble_next(Ctx *ctx, Assembler *a, Draft *ret, bool *ret_found)
{
    Row row;
    *ret = (Draft){ 0 };
    if (a->mapping)
        return assemble_rows(ctx, a, ret, ret_found);
    TRY(rows_read(ctx, a->reader, &row, ret_found));
    if (!*ret_found)
        return OK;
    *list_push(ctx->arena, &ret->lines) = row.line;
    ret->bad = row.bad;
    return row.record ? copy_tree(ctx, row.record, &ret->input) : OK;
}
