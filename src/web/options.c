// options.c - choices for a field, read once a page.
#include "web/options.h"

#include "kernel/entity/info.h"
#include "kernel/entity/query.h"
#include "kernel/i18n.h"

static void add(Ctx *ctx, OptionList *list, Str value, Str label)
{
    *(Option *)list_push_(ctx->arena, (AnyList *)list, sizeof(Option)) =
        (Option){ .value = value, .label = label };
}

static void fill_words(Ctx *ctx, const EnumDef *words, OptionList *ret)
{
    for (int i = 1; i < words->count; i++)
        add(ctx, ret, str_from(words->values[i].name), tr(ctx, words->values[i].label));
}

static Status fill_choices(Ctx *ctx, const EnumDef *list, OptionList *ret)
{
    Id id;
    Str label;
    Rows *rows = db_query(ctx, SQL("SELECT id, label FROM choice WHERE list_name = $1"
                                   " AND archived = 0 ORDER BY position, id LIMIT 200",
                                   list->name));
    while (rows_next(rows, &id, &label))
        add(ctx, ret, id_text(ctx->arena, id), label);
    return rows_end(rows);
}

// ---- Records ------------------------------------------------------------------------------------

static bool is_word(const FieldDef *f)
{
    return f->type == FIELD_TEXT || f->type == FIELD_CODE;
}

static void add_title_columns(Ctx *ctx, const EntityDef *e, EntityQuery *query)
{
    query->columns.len = 0;
    for (const FieldDef **f = e->info->title; f && *f; f++)
        if (is_word(*f))
            *list_push(ctx->arena, &query->columns) = (FieldPath){ .entity = e, .field = *f };
}

// A SKU says little to people: what stands next in its list goes with it.
static void add_second_column(Ctx *ctx, const EntityDef *e, EntityQuery *query)
{
    EntityQuery own;
    const FieldDef *subtitle = e->subtitle ? entity_field(e, str_from(e->subtitle)) : NULL;
    entity_query_default(ctx, e, &own);
    if (subtitle) {
        *list_push(ctx->arena, &query->columns) = (FieldPath){ .entity = e, .field = subtitle };
        return;
    }
    EACH (path, own.columns) {
        bool is_there = false;
        EACH (title, query->columns)
            is_there |= title->field == path->field && !path->via;
        if (!is_there && path->field && (is_word(path->field) || path->field->type == FIELD_REF)) {
            *list_push(ctx->arena, &query->columns) = *path;
            return;
        }
    }
}

static Str title_of(Ctx *ctx, const EntityRow *row, size_t columns)
{
    Buf out = { .arena = ctx->arena };
    for (size_t i = 0; i < columns; i++) {
        if (!row->cells[i].text.len)
            continue;
        buf_c(&out, out.len ? " " : "");
        buf_put(&out, row->cells[i].text);
    }
    return out.len ? buf_str(&out) : id_text(ctx->arena, row->id);
}

// What somebody may not read cannot be offered; the field then shows what it holds and no more.
static Status fill_records(Ctx *ctx, EntityQuery *query, int limit, bool with_second,
                           OptionList *ret)
{
    EntityRows rows;
    size_t titles = query->columns.len;
    if (with_second)
        add_second_column(ctx, query->entity, query);
    query->limit = limit + 1;
    query->want_count = false;
    Status status = entity_query(ctx, query, &rows);
    if (status == E_DENIED) {
        ctx_recover(ctx);
        ret->is_cut = true;
        return OK;
    }
    TRY(status);
    ret->is_cut = (int)rows.rows.len > limit;
    for (size_t i = 0; i < rows.rows.len && (int)i < limit; i++) {
        const EntityRow *row = &rows.rows.items[i];
        add(ctx, ret, id_text(ctx->arena, row->id), title_of(ctx, row, titles));
        if (query->columns.len > titles)
            ret->items[ret->len - 1].second = row->cells[titles].text;
    }
    return OK;
}

static Status fill(Ctx *ctx, const FieldDef *field, OptionList *ret)
{
    EntityQuery query;
    switch ((FieldType)field->type) {
    case FIELD_ENUM:
    case FIELD_STATE: fill_words(ctx, field->of, ret); return OK;
    case FIELD_CHOICE:
    case FIELD_CHOICES: return fill_choices(ctx, field->of, ret);
    case FIELD_REF:
    case FIELD_REFS:
        entity_query_default(ctx, field->of, &query);
        add_title_columns(ctx, field->of, &query);
        query.is_kept = true;
        return fill_records(ctx, &query, OPTIONS_MAX, false, ret);
    default: return OK;
    }
}

Status options_of(Ctx *ctx, OptionCache *cache, const FieldDef *field, const OptionList **ret)
{
    Str key = str_format(ctx->arena, "%p", field->of);
    OptionList *list = map_get(&cache->lists, key);
    cache->lists.arena = ctx->arena;
    if (!list) {
        list = NEW(ctx->arena, OptionList);
        TRY(fill(ctx, field, list));
        map_put(&cache->lists, key, list);
    }
    *ret = list;
    return OK;
}

// By the search where the entity has one; else by how the title begins.
Status options_search(Ctx *ctx, const EntityDef *target, Str words, int limit, OptionList *ret)
{
    EntityQuery query;
    *ret = (OptionList){ 0 };
    entity_query_default(ctx, target, &query);
    add_title_columns(ctx, target, &query);
    if (words.len && target->search)
        query.search = words;
    else if (words.len && query.columns.len)
        *list_push(ctx->arena, &query.filters) =
            (Filter){ .path = query.columns.items[0], .op = FILTER_CONTAINS, .text = words };
    return fill_records(ctx, &query, limit, true, ret);
}

Status options_second(Ctx *ctx, const EntityDef *target, Id id, Str *ret)
{
    EntityQuery query;
    EntityRows rows;
    Filter filter = { .op = FILTER_IS, .text = id_text(ctx->arena, id) };
    *ret = S("");
    entity_query_default(ctx, target, &query);
    add_title_columns(ctx, target, &query);
    size_t titles = query.columns.len;
    add_second_column(ctx, target, &query);
    TRY(path_resolve(ctx, target, S("id"), &filter.path));
    *list_push(ctx->arena, &query.filters) = filter;
    query.limit = 1;
    TRY(entity_query(ctx, &query, &rows));
    if (rows.rows.len)
        *ret = query.columns.len > titles ? rows.rows.items[0].cells[titles].text
                                          : title_of(ctx, &rows.rows.items[0], titles);
    return OK;
}

Str option_label(const OptionList *list, Str value)
{
    for (size_t i = 0; i < list->len; i++)
        if (str_eq(list->items[i].value, value))
            return list->items[i].label;
    return S("");
}
