// brief.c - a record in little, from the columns that its list shows: what it is called, whose it
// is, three facts, an amount. And which looks an entity gives room for.
#include "web/list_look.h"

#include "kernel/auth/actor.h"
#include "kernel/entity/info.h"
#include "kernel/i18n.h"

enum { FACTS_MAX = 3, BRIEF_COLUMNS_MAX = 12 };

bool look_has_board(const EntityDef *e)
{
    const Machine *machine = machine_of(e);
    return machine && machine->field && entity_state_field(e);
}

static bool is_day(const Ctx *ctx, const FieldDef *f)
{
    return f->type == FIELD_DATE && !(f->flags & (SEALED | PERSONAL)) &&
           actor_may_read_field(ctx->actor, f);
}

// The one that was asked for, else the first among the list's own columns, else the first of all.
const FieldDef *look_day(Ctx *ctx, const EntityDef *e, Str wanted)
{
    EntityQuery query;
    const FieldDef *f = wanted.len ? entity_field(e, wanted) : NULL;
    if (f && is_day(ctx, f))
        return f;
    entity_query_default(ctx, e, &query);
    EACH (path, query.columns)
        if (path->field && !path->via && is_day(ctx, path->field))
            return path->field;
    for (f = e->fields; f < e->fields + e->count; f++)
        if (is_day(ctx, f))
            return f;
    return NULL;
}

// What was agreed to begin and what was promised: the first two days it declares.
bool look_span(const Ctx *ctx, const EntityDef *e, const FieldDef **ret_from,
               const FieldDef **ret_to)
{
    *ret_from = *ret_to = NULL;
    if (e->kind != DOCUMENT)
        return false;
    for (const FieldDef *f = e->fields; f < e->fields + e->count; f++) {
        if (!is_day(ctx, f))
            continue;
        if (*ret_from) {
            *ret_to = f;
            return true;
        }
        *ret_from = f;
    }
    return false;
}

// ---- Columns ------------------------------------------------------------------------------------

static bool has_column(const EntityQuery *query, const FieldDef *f)
{
    EACH (path, query->columns)
        if (path->field == f && !path->via)
            return true;
    return false;
}

static void add_column(Ctx *ctx, EntityQuery *query, const FieldDef *f)
{
    if (f && !has_column(query, f) && actor_may_read_field(ctx->actor, f))
        *list_push(ctx->arena, &query->columns) =
            (FieldPath){ .entity = query->entity, .field = f };
}

void brief_columns(Ctx *ctx, EntityQuery *query)
{
    const EntityDef *e = query->entity;
    if (query->columns.len > BRIEF_COLUMNS_MAX)
        query->columns.len = BRIEF_COLUMNS_MAX;
    for (const FieldDef **f = e->info->title; f && *f; f++)
        add_column(ctx, query, *f);
    add_column(ctx, query, entity_state_field(e));
}

// ---- One record ---------------------------------------------------------------------------------

static bool is_title(const EntityDef *e, const FieldDef *field)
{
    for (const FieldDef **f = e->info->title; f && *f; f++)
        if (*f == field)
            return true;
    return false;
}

static void append(Buf *out, Str words)
{
    if (words.len)
        buf_printf(out, "%s" STR_FMT, out->len ? " " : "", STR_ARG(words));
}

static void take_cell(Ctx *ctx, const EntityDef *e, const Cell *cell, Buf *title, Brief *brief)
{
    const FieldDef *f = cell->path->field;
    Shown shown = value_of_cell(ctx, cell);
    if (!f || shown.kind == SHOWN_EMPTY)
        return;
    if (!cell->path->via && is_title(e, f))
        append(title, shown.text);
    else if (f == entity_state_field(e))
        brief->state = cell->text;
    else if (f->type == FIELD_MONEY && !brief->amount.len)
        brief->amount = shown.text, brief->currency = shown.before;
    else if (f->type == FIELD_REF && !brief->second.len)
        brief->second = shown.text;
    else if ((shown.kind == SHOWN_PILL || shown.kind == SHOWN_STATE) &&
             brief->flag.kind == SHOWN_EMPTY)
        brief->flag = shown;
    else if (brief->facts.len < FACTS_MAX && shown.kind != SHOWN_LONG && shown.kind != SHOWN_PILL)
        *(Str *)list_push(ctx->arena, &brief->facts) = shown.text;
}

Brief brief_of(Ctx *ctx, const EntityQuery *query, const EntityRow *row)
{
    Buf title = { .arena = ctx->arena };
    Brief brief = { .id = row->id, .url = record_url(ctx->arena, query->entity, row->id) };
    for (size_t i = 0; i < query->columns.len; i++)
        take_cell(ctx, query->entity, &row->cells[i], &title, &brief);
    brief.title = title.len ? buf_str(&title) : id_text(ctx->arena, row->id);
    return brief;
}
