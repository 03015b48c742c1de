// form.c - from declarations to controls.
#include "web/form_inside.h"

#include "kernel/auth/actor.h"
#include "kernel/entity/info.h"
#include "kernel/entity/record.h"
#include "kernel/files.h"
#include "kernel/i18n.h"
#include "kernel/tenant.h"

enum { AREA_FROM = 255 };

// ---- Values as text -----------------------------------------------------------------------------

// Plain digits with the reader's decimal mark: what is shown is read again as the same number.
static Str number_text(Ctx *ctx, int64_t value, int digits, bool keep_zeros)
{
    Str text = keep_zeros ? decimal_text(ctx->arena, value, digits)
                          : decimal_short(ctx->arena, value, digits);
    Str mark = ctx->locale ? ctx->locale->decimal : S(".");
    ptrdiff_t dot = str_find_char(text, '.');
    if (dot < 0 || mark.len != 1)
        return text;
    return str_replace_char(ctx->arena, text, '.', mark.ptr[0]);
}

static bool is_unknown(const FieldDef *f, const void *base)
{
    return f->flags & MAYBE && !FIELD_GET(base, f, bool);
}

static int64_t number_of(const FieldDef *f, const void *base)
{
    bool maybe = f->flags & MAYBE;
    if (f->type == FIELD_RATE)
        return maybe ? FIELD_GET(base, f, MaybeRate).value.micro : FIELD_GET(base, f, Rate).micro;
    return maybe ? FIELD_GET(base, f, MaybeInt).value : FIELD_GET(base, f, int64_t);
}

static CurrencyCode currency_at(Ctx *ctx, const EntityDef *e, const void *base, const FieldDef *f,
                                CurrencyCode outer)
{
    if (e)
        return currency_of(ctx, e, base, f, outer);
    return outer.code[0] || !ctx->tenant ? outer : ctx->tenant->base;
}

Str form_spot(Arena *arena, Geo spot)
{
    if (!spot.lat_e7 && !spot.lon_e7)
        return S("");
    return str_format(arena, STR_FMT ", " STR_FMT, STR_ARG(decimal_short(arena, spot.lat_e7, 7)),
                      STR_ARG(decimal_short(arena, spot.lon_e7, 7)));
}

Str form_text(Ctx *ctx, const EntityDef *e, const void *base, const FieldDef *f, CurrencyCode outer)
{
    Arena *arena = ctx->arena;
    switch ((FieldType)f->type) {
    case FIELD_TEXT:
    case FIELD_CODE:
    case FIELD_RICH:
    case FIELD_FORMULA:
    case FIELD_JSON: return FIELD_GET(base, f, Str);
    case FIELD_BOOL: return FIELD_GET(base, f, bool) ? S("true") : S("");
    case FIELD_INT:
        return is_unknown(f, base) ? S("") : number_text(ctx, number_of(f, base), 0, false);
    case FIELD_MONEY:
        return is_unknown(f, base)
                 ? S("")
                 : number_text(ctx, number_of(f, base),
                               currency_digits(currency_at(ctx, e, base, f, outer)), true);
    case FIELD_PRICE:
    case FIELD_QTY:
        return is_unknown(f, base) ? S("") : number_text(ctx, number_of(f, base), 6, false);
    case FIELD_RATE:
        return is_unknown(f, base) ? S("") : number_text(ctx, number_of(f, base), 4, false);
    case FIELD_FX: return number_text(ctx, number_of(f, base), 9, false);
    case FIELD_CURRENCY: return str_copy(arena, currency_text(&FIELD_GET(base, f, CurrencyCode)));
    case FIELD_DATE: return date_text(arena, FIELD_GET(base, f, Date));
    case FIELD_TIME:
        return FIELD_GET(base, f, Time) ? time_text(arena, FIELD_GET(base, f, Time)) : S("");
    case FIELD_CLOCK: return clock_text(arena, FIELD_GET(base, f, Clock));
    case FIELD_ENUM:
    case FIELD_STATE: {
        int value = FIELD_GET(base, f, int);
        return value ? str_from(((const EnumDef *)f->of)->values[value].name) : S("");
    }
    case FIELD_REF:
    case FIELD_CHOICE:
    case FIELD_FILE: return id_text(arena, FIELD_GET(base, f, Id));
    case FIELD_GEO: return form_spot(arena, FIELD_GET(base, f, Geo));
    default: return S("");
    }
}

// ---- Which control ------------------------------------------------------------------------------

bool form_is_settable(const FieldDef *f)
{
    bool is_ours = f->flags & READONLY || f->type == FIELD_STATE || (f->more && f->more->as);
    switch ((FieldType)f->type) {
    case FIELD_LINK:
    case FIELD_POINTS:
    case FIELD_JSON:
    case FIELD_BYTES: return false;
    default: return !is_ours;
    }
}

// Released documents are edited in their open fields only.
static bool is_released(const Source *s)
{
    const FieldDef *state = s->form && s->form->record ? entity_state_field(s->form->entity) : NULL;
    return state && s->form->entity->kind == DOCUMENT && !s->form->is_new &&
           FIELD_GET(s->form->record, state, int) > 1;
}

static bool is_editable(const Source *s, const FieldDef *f)
{
    if (!form_is_settable(f) || (s->entity && !actor_may_read_field(s->ctx->actor, f)))
        return false;
    if (f->flags & FIXED && !s->is_new)
        return false;
    return !(is_released(s) && !(f->flags & OPEN));
}

bool form_has_open(const EntityDef *e)
{
    for (const FieldDef *f = e->fields; f < e->fields + e->count; f++)
        if (f->flags & OPEN && form_is_settable(f))
            return true;
    return false;
}

// The rows of a released document stay as they are, but for what is open in them.
static bool has_open_rows(const Source *s, const FieldDef *f)
{
    return f->type == FIELD_LIST && is_released(s) && form_is_settable(f) && form_has_open(f->of) &&
           actor_may_read_field(s->ctx->actor, f);
}

static Widget widget_of(const FieldDef *f)
{
    switch ((FieldType)f->type) {
    case FIELD_TEXT:
    case FIELD_FORMULA: return f->max > AREA_FROM ? WIDGET_AREA : WIDGET_TEXT;
    case FIELD_RICH: return WIDGET_AREA;
    case FIELD_BOOL: return WIDGET_CHECK;
    case FIELD_INT:
    case FIELD_MONEY:
    case FIELD_PRICE:
    case FIELD_QTY:
    case FIELD_RATE:
    case FIELD_FX: return WIDGET_NUMBER;
    case FIELD_DATE: return WIDGET_DATE;
    case FIELD_TIME: return WIDGET_TIME;
    case FIELD_CLOCK: return WIDGET_CLOCK;
    case FIELD_ENUM:
    case FIELD_CHOICE: return WIDGET_SELECT;
    case FIELD_REF: return WIDGET_PICK;
    case FIELD_REFS:
    case FIELD_CHOICES: return WIDGET_CHECKS;
    case FIELD_SECRET: return WIDGET_SECRET;
    case FIELD_FILE: return WIDGET_FILE;
    default: return WIDGET_TEXT;
    }
}

static Str text_kind(const FieldDef *f)
{
    Str is = f->more && f->more->is ? str_from(f->more->is) : S("");
    if (str_is(is, "email") || str_is(is, "url"))
        return is;
    return str_is(is, "phone") ? S("tel") : S("text");
}

static Str unit_of(const Source *s, const FieldDef *f)
{
    if (f->type == FIELD_RATE)
        return S("%");
    if ((f->type != FIELD_MONEY && f->type != FIELD_PRICE) || !s->base || !s->entity)
        return S("");
    CurrencyCode currency = currency_of(s->ctx, s->entity, s->base, f, s->outer);
    return str_copy(s->ctx->arena, currency_text(&currency));
}

// ---- One input ----------------------------------------------------------------------------------

const Json *form_typed(const Source *s, const char *name)
{
    return s->typed ? json_get(s->typed, name) : NULL;
}

static Str typed_text(const Source *s, const char *name)
{
    const Json *member = form_typed(s, name);
    return member && (member->type == JSON_STRING || member->type == JSON_NUMBER) ? member->text
                                                                                  : S("");
}

static Str own_path(const Source *s, const char *mark, const FieldDef *f)
{
    return str_format(s->ctx->arena, STR_FMT "%s%s", STR_ARG(s->prefix), mark, f->name);
}

static const Cell *cell_of(const Source *s, const FieldDef *f)
{
    for (size_t i = 0; s->row && i < s->query->columns.len; i++)
        if (s->query->columns.items[i].field == f && !s->query->columns.items[i].via)
            return &s->row->cells[i];
    return NULL;
}

static Str initial_text(const Source *s, const FieldDef *f)
{
    if (!s->base)
        return S("");
    return form_text(s->ctx, s->entity, s->base, f, s->outer);
}

static void fill_pick(const Source *s, const FieldDef *f, Input *input)
{
    const Cell *cell = cell_of(s, f);
    Str title = cell && cell->known ? cell->text : S("");
    input->target = ((const EntityDef *)f->of)->name;
    input->path_words = own_path(s, "_t_", f);
    input->path_before = own_path(s, "_o_", f);
    input->before = title;
    input->words = title;
    if (form_typed(s, str_format(s->ctx->arena, "_t_%s", f->name).ptr)) {
        input->words = typed_text(s, str_format(s->ctx->arena, "_t_%s", f->name).ptr);
        input->before = typed_text(s, str_format(s->ctx->arena, "_o_%s", f->name).ptr);
    }
}

static bool is_among(const Input *input)
{
    return input->value.len == 0 || option_label(input->options, input->value).len > 0;
}

// Few records are a list to choose from, many are found by typing.
static Status fill_options(const Source *s, const FieldDef *f, Input *input)
{
    TRY(options_of(s->ctx, s->options, f, &input->options));
    if (f->type != FIELD_REF)
        return OK;
    bool is_list = !input->options->is_cut && is_among(input);
    input->widget = is_list ? WIDGET_SELECT : WIDGET_PICK;
    if (!is_list)
        fill_pick(s, f, input);
    return OK;
}

static Status fill_values(const Source *s, const FieldDef *f, Input *input)
{
    const Json *typed = form_typed(s, f->name);
    TRY(options_of(s->ctx, s->options, f, &input->options));
    if (typed && typed->type == JSON_ARRAY) {
        for (const Json *one = typed->first; one; one = one->next)
            *(Str *)list_push(s->ctx->arena, &input->values) = one->text;
    } else if (typed) {
        *(Str *)list_push(s->ctx->arena, &input->values) = typed->text;
    } else if (s->base && !s->typed) {
        EACH (id, FIELD_GET(s->base, f, IdList))
            *(Str *)list_push(s->ctx->arena, &input->values) = id_text(s->ctx->arena, *id);
    }
    return OK;
}

// The stored file's name and link; a new one is uploaded first and put here by its id.
static Status fill_file(const Source *s, const FieldDef *f, Input *input)
{
    StoredFile file;
    Id id;
    input->is_image = f->flags & IMAGE;
    if (!id_parse(input->value, &id))
        return OK;
    if (file_find(s->ctx, id, &file) != OK) {
        ctx_recover(s->ctx);
        return OK;
    }
    input->words = file.name;
    input->link = (Url){ file_link(s->ctx, &file) };
    return OK;
}

static Str shown_text(const Source *s, const FieldDef *f)
{
    const Cell *cell = cell_of(s, f);
    if (cell)
        return value_of_cell(s->ctx, cell).text;
    return initial_text(s, f);
}

Status form_input(const Source *s, const FieldDef *f, Input *ret)
{
    bool is_typed = form_typed(s, f->name) != NULL;
    Str value = is_typed ? typed_text(s, f->name) : initial_text(s, f);
    *ret = (Input){ .widget = is_editable(s, f) ? widget_of(f) : WIDGET_SHOWN,
                    .path = own_path(s, "", f),
                    .path_check = own_path(s, "_b_", f),
                    .label = tr(s->ctx, f->label),
                    .value = value,
                    .unit = unit_of(s, f),
                    .kind = text_kind(f),
                    .max = (int)f->max,
                    .is_required =
                        f->flags & REQUIRED && !(f->more && (f->more->copy || f->more->initial)),
                    .is_mono = f->type == FIELD_CODE };
    ret->is_wide = ret->widget == WIDGET_AREA;
    ret->is_on = value.len > 0 && (!s->typed || is_typed);
    switch (ret->widget) {
    case WIDGET_SHOWN: ret->value = shown_text(s, f); return OK;
    case WIDGET_SELECT:
    case WIDGET_PICK: return fill_options(s, f, ret);
    case WIDGET_CHECKS: return fill_values(s, f, ret);
    case WIDGET_FILE: return fill_file(s, f, ret);
    default: return OK;
    }
}

// A new row's numbers are empty, not 0: nobody should have to delete them.
void form_clear_zero(const Source *s, const FieldDef *f, Input *input)
{
    bool is_zero = s->is_new && !s->typed && input->widget == WIDGET_NUMBER && s->base &&
                   field_is_empty(f, s->base);
    if (is_zero)
        input->value = S("");
}

static Status add_input(const Source *s, const FieldDef *f, InputList *list)
{
    Input input;
    TRY(form_input(s, f, &input));
    form_clear_zero(s, f, &input);
    if (input.widget == WIDGET_SHOWN && (s->is_new || input.value.len == 0))
        return OK;
    *list_push(s->ctx->arena, list) = input;
    return OK;
}

// ---- Shapes -------------------------------------------------------------------------------------

bool form_is_scalar(const FieldDef *f)
{
    return f->type != FIELD_LIST && f->type != FIELD_SHAPE && f->type != FIELD_SHAPES;
}

Status form_shape_inputs(const Source *s, const ShapeDef *shape, InputList *ret)
{
    for (int i = 0; i < shape->count; i++)
        if (form_is_scalar(&shape->fields[i]))
            TRY(add_input(s, &shape->fields[i], ret));
    return OK;
}

Status form_shape(Ctx *ctx, OptionCache *options, const ShapeDef *shape, const void *value,
                  const Json *typed, Str prefix, InputList *ret)
{
    Source s = { .ctx = ctx,
                 .options = options,
                 .base = value,
                 .typed = typed,
                 .prefix = prefix,
                 .is_new = true };
    return form_shape_inputs(&s, shape, ret);
}

// ---- The whole ----------------------------------------------------------------------------------

static InputGroup *section_of(Ctx *ctx, Form *form, const FieldDef *f)
{
    Str title = f->section && f->section[0] ? tr(ctx, f->section) : S("");
    EACH (group, form->groups)
        if (!group->is_rows && group->key.len == 0 && str_eq(group->title, title))
            return group;
    InputGroup *group = list_push(ctx->arena, &form->groups);
    *group = (InputGroup){ .title = title, .is_closed = (f->flags & FOLDED) != 0 };
    return group;
}

static Status add_shape(const Source *s, const FieldDef *f, Form *form)
{
    const ShapeDef *shape = f->of;
    Source inner = *s;
    if (shape->one_of)
        return OK;  // of one kind among several: changed by pages of its own
    inner.entity = NULL;
    inner.base = s->base ? (const char *)s->base + f->offset : NULL;
    inner.typed = form_typed(s, f->name);
    inner.prefix = str_format(s->ctx->arena, STR_FMT "%s.", STR_ARG(s->prefix), f->name);
    InputGroup group = { .title = tr(s->ctx, f->label),
                         .key = str_from(f->name),
                         .is_closed = !(f->flags & REQUIRED) };
    TRY(form_shape_inputs(&inner, shape, &group.inputs));
    *list_push(s->ctx->arena, &form->groups) = group;
    return OK;
}

static bool is_large(const Source *s, const FieldDef *list)
{
    return s->base && FIELD_GET(s->base, list, AnyList).len > FORM_ROWS_MAX;
}

static Status add_field(const Source *s, const FieldDef *f, int blank, Form *form)
{
    bool is_rows = f->type == FIELD_LIST || f->type == FIELD_SHAPES;
    bool is_child = f->type == FIELD_LIST && !entity_is_child(f->of);
    bool is_shown = is_editable(s, f) || has_open_rows(s, f);
    if (is_rows && (!is_shown || is_large(s, f) || is_child))
        return OK;
    if (f->type == FIELD_SHAPES && ((const ShapeDef *)f->of)->one_of)
        return OK;
    if (is_rows)
        return form_table(s, f, is_editable(s, f) ? blank : 0, form);
    if (f->type == FIELD_SHAPE)
        return is_editable(s, f) ? add_shape(s, f, form) : OK;
    InputList added = { 0 };
    TRY(add_input(s, f, &added));
    if (added.len)
        *list_push(s->ctx->arena, &section_of(s->ctx, form, f)->inputs) = added.items[0];
    return OK;
}

static int group_order(const InputGroup *group)
{
    return group->is_closed ? 2 : group->is_rows ? 1 : 0;
}

// Fields first, then tables, then what is folded: the order in which people fill it in.
static void sort_groups(Ctx *ctx, Form *form)
{
    InputGroup *sorted = NEW_ARRAY(ctx->arena, InputGroup, form->groups.len + 1);
    size_t n = 0;
    for (int order = 0; order <= 2; order++)
        EACH (group, form->groups)
            if (group_order(group) == order)
                sorted[n++] = *group;
    form->groups.items = sorted;
}

Status form_fill(Ctx *ctx, Form *form, const Json *typed, int blank)
{
    const EntityDef *e = form->entity;
    EntityQuery *query = NEW(ctx->arena, EntityQuery);
    EntityRow row = { 0 };
    form->options.lists.arena = ctx->arena;
    if (!form->is_new)
        TRY(record_cells(ctx, e, *(const Id *)form->record, query, &row));
    const FieldDef *own = e->info->currency;
    Source s = { .ctx = ctx,
                 .form = form,
                 .options = &form->options,
                 .entity = e,
                 .base = form->record,
                 .typed = typed,
                 .row = form->is_new ? NULL : &row,
                 .query = query,
                 .outer = own ? FIELD_GET(form->record, own, CurrencyCode) : (CurrencyCode){ "" },
                 .prefix = S(""),
                 .is_new = form->is_new };
    for (const FieldDef *f = e->fields; f < e->fields + e->count; f++)
        if (f->type != FIELD_BYTES)
            TRY(add_field(&s, f, blank, form));
    TRY(form_own_fields(ctx, form, typed));
    sort_groups(ctx, form);
    return OK;
}
