// form_rows.c - tables of rows in a form: the lines of a document, the contacts of a party.
#include "web/form_inside.h"

#include "kernel/auth/actor.h"
#include "kernel/entity/info.h"
#include "kernel/i18n.h"

static Source row_source(const Source *outer, const FieldDef *list, size_t i)
{
    Source s = *outer;
    s.entity = list->type == FIELD_LIST ? list->of : NULL;
    s.prefix = str_format(s.ctx->arena, STR_FMT "%s[%zu].", STR_ARG(outer->prefix), list->name, i);
    s.row = NULL;
    s.typed = NULL;
    s.base = NULL;
    return s;
}

// What is worked out stands in the row as a figure, to be replaced when the server answers.
static void add_figure(const Source *s, const FieldDef *f, InputRow *row)
{
    Input *input = list_push(s->ctx->arena, &row->inputs);
    *input = (Input){ .widget = WIDGET_FIGURE,
                      .path = str_format(s->ctx->arena, STR_FMT "%s", STR_ARG(s->prefix), f->name),
                      .label = tr(s->ctx, f->label),
                      .is_end = true };
    if (s->base)
        input->shown = form_figure(s->ctx, s->entity, s->base, f, s->outer);
}

static Status add_control(const Source *s, const FieldDef *f, InputList *list)
{
    Input input;
    TRY(form_input(s, f, &input));
    form_clear_zero(s, f, &input);
    input.is_end = input.widget == WIDGET_NUMBER ||
                   (input.widget == WIDGET_SHOWN && value_is_number(&(FieldPath){ .field = f }));
    *list_push(s->ctx->arena, list) = input;
    return OK;
}

static bool is_seen(const Source *s, const FieldDef *f)
{
    return f && form_is_scalar(f) && actor_may_read_field(s->ctx->actor, f);
}

static bool is_among(const char *names, const char *name)
{
    Str rest = str_from(names), one;
    while (str_next_word(&rest, &one))
        if (str_is(one, name))
            return true;
    return false;
}

// The list's own columns in their order, worked-out ones too; what else a row has stands behind
// "More". Without columns of its own a row shows all that can be set.
static Status child_inputs(const Source *s, const EntityDef *child, InputRow *row)
{
    Str rest = str_from(child->columns), name;
    while (str_next_word(&rest, &name)) {
        const FieldDef *f = entity_field(child, name);
        if (!is_seen(s, f))
            continue;
        if (form_is_settable(f))
            TRY(add_control(s, f, &row->inputs));
        else
            add_figure(s, f, row);
    }
    for (const FieldDef *f = child->fields; f < child->fields + child->count; f++) {
        bool is_there = child->columns && is_among(child->columns, f->name);
        if (is_seen(s, f) && form_is_settable(f) && !is_there)
            TRY(add_control(s, f, child->columns ? &row->more : &row->inputs));
    }
    return OK;
}

static Status row_inputs(const Source *s, const FieldDef *list, InputRow *row)
{
    if (list->type == FIELD_SHAPES)
        return form_shape_inputs(s, list->of, &row->inputs);
    return child_inputs(s, list->of, row);
}

static InputRow *add_row(const Source *s, InputGroup *group, Str id)
{
    InputRow *row = list_push(s->ctx->arena, &group->rows);
    row->id = id;
    row->path = str_sub(s->prefix, 0, s->prefix.len - 1);
    return row;
}

// The rows' own titles of what they refer to: one statement for all rows.
static Status read_titles(const Source *s, const FieldDef *list, EntityQuery *query,
                          EntityRows *ret)
{
    const EntityDef *child = list->of;
    Filter parent = { .op = FILTER_IS, .text = id_text(s->ctx->arena, *(const Id *)s->base) };
    *ret = (EntityRows){ 0 };
    *query = (EntityQuery){ .entity = child, .limit = FORM_ROWS_MAX };
    for (const FieldDef *f = child->fields; f < child->fields + child->count; f++)
        if ((f->type == FIELD_REF || f->type == FIELD_ENUM || f->type == FIELD_CHOICE) &&
            actor_may_read_field(s->ctx->actor, f))
            *list_push(s->ctx->arena, &query->columns) = (FieldPath){ .entity = child, .field = f };
    if (s->is_new || query->columns.len == 0)
        return OK;
    TRY(path_resolve(s->ctx, child, S("parent"), &parent.path));
    *list_push(s->ctx->arena, &query->filters) = parent;
    return entity_query(s->ctx, query, ret);
}

static const EntityRow *titles_of(const EntityRows *rows, Id id)
{
    EACH (row, rows->rows)
        if (row->id == id)
            return row;
    return NULL;
}

static const void *item_with(const FieldDef *list, const void *base, Str id_words)
{
    const EntityDef *child = list->of;
    const AnyList *items = &FIELD_GET(base, list, AnyList);
    Id id;
    if (!id_parse(id_words, &id))
        return NULL;
    for (size_t i = 0; i < items->len; i++) {
        const char *item = (const char *)items->items + i * child->size;
        if (*(const Id *)item == id)
            return item;
    }
    return NULL;
}

static Status typed_rows(const Source *s, const FieldDef *list, const Json *typed,
                         const EntityQuery *query, const EntityRows *titles, InputGroup *group)
{
    for (const Json *one = typed->first; one; one = one->next) {
        Source row = row_source(s, list, group->rows.len);
        Str id = json_str(one, "id");
        row.typed = one;
        row.query = query;
        row.base = list->type == FIELD_LIST && s->base ? item_with(list, s->base, id) : NULL;
        row.row = row.base ? titles_of(titles, *(const Id *)row.base) : NULL;
        row.is_new = row.base == NULL;
        TRY(row_inputs(&row, list, add_row(&row, group, id)));
    }
    return OK;
}

static Status kept_rows(const Source *s, const FieldDef *list, const EntityQuery *query,
                        const EntityRows *titles, InputGroup *group)
{
    const AnyList *items = &FIELD_GET(s->base, list, AnyList);
    bool is_child = list->type == FIELD_LIST;
    size_t size =
        is_child ? ((const EntityDef *)list->of)->size : ((const ShapeDef *)list->of)->size;
    for (size_t i = 0; i < items->len; i++) {
        Source row = row_source(s, list, i);
        row.base = (const char *)items->items + i * size;
        Id id = is_child ? *(const Id *)row.base : 0;
        row.query = query;
        row.row = id ? titles_of(titles, id) : NULL;
        row.is_new = false;
        TRY(row_inputs(&row, list, add_row(&row, group, id_text(s->ctx->arena, id))));
    }
    return OK;
}

static Status blank_rows(const Source *s, const FieldDef *list, int count, InputGroup *group)
{
    for (int i = 0; i < count; i++) {
        Source row = row_source(s, list, group->rows.len);
        row.is_new = true;
        InputRow *added = add_row(&row, group, S(""));
        added->is_blank = true;
        TRY(row_inputs(&row, list, added));
    }
    return OK;
}

// A document's first list is what it is about; its sums stand below it.
static bool is_first_counted(const Source *s, const FieldDef *list, const Form *form)
{
    EACH (group, form->groups)
        if (group->is_rows)
            return false;
    return list->type == FIELD_LIST && s->form && form_is_counted(form->entity, form->record);
}

Status form_table(const Source *s, const FieldDef *list, int blank, Form *form)
{
    InputGroup group = { .title = tr(s->ctx, list->label),
                         .key = str_from(list->name),
                         .is_rows = true,
                         .is_fixed = blank == 0,
                         .is_counted = is_first_counted(s, list, form) };
    EntityQuery *query = NEW(s->ctx->arena, EntityQuery);
    EntityRows titles = { 0 };
    const Json *typed = form_typed(s, list->name);
    if (list->type == FIELD_LIST)
        TRY(read_titles(s, list, query, &titles));
    if (typed && typed->type == JSON_ARRAY)
        TRY(typed_rows(s, list, typed, query, &titles, &group));
    else if (s->base && !s->typed)
        TRY(kept_rows(s, list, query, &titles, &group));
    TRY(blank_rows(s, list, blank, &group));
    *list_push(s->ctx->arena, &form->groups) = group;
    return OK;
}
