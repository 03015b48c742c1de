// list_filters.c - filters of a list: a form of fields by type, and chips for those that are on.
#include "kernel/auth/actor.h"
#include "kernel/entity/info.h"
#include "kernel/entity/record.h"
#include "kernel/i18n.h"
#include "kernel/inbox.h"
#include "web/list.h"

enum { FILTER_FIELDS_MAX = 12 };

// ---- The form -----------------------------------------------------------------------------------

static bool widget_of(const FieldPath *path, FilterWidget *ret)
{
    const FieldDef *f = path->field;
    bool is_time = !f && (path->kind == PATH_AT || path->kind == PATH_CREATED);
    if (path->via || (f && f->flags & (SEALED | PERSONAL)))
        return false;
    if (is_time || (f && (f->type == FIELD_DATE || f->type == FIELD_TIME)))
        *ret = FILTER_DAYS;
    else if (!f)
        return false;
    else if (f->type == FIELD_ENUM || f->type == FIELD_STATE || f->type == FIELD_CHOICE ||
             f->type == FIELD_REF)
        *ret = FILTER_OPTIONS;
    else if (f->type == FIELD_BOOL)
        *ret = FILTER_YES;
    else if (f->type == FIELD_TEXT || f->type == FIELD_CODE)
        *ret = FILTER_WORDS;
    else
        return false;
    return true;
}

static Str with(Ctx *ctx, Str name, const char *operator)
{
    return str_format(ctx->arena, STR_FMT "[%s]", STR_ARG(name), operator);
}

static Status add_field(Ctx *ctx, OptionCache *cache, ListPage *page, const FieldPath *path)
{
    FilterField field = { .name = path_text(ctx->arena, path), .label = tr(ctx, path_label(path)) };
    if (page->filters.len == FILTER_FIELDS_MAX || !widget_of(path, &field.widget))
        return OK;
    if (field.widget == FILTER_OPTIONS) {
        TRY(options_of(ctx, cache, path->field, &field.options));
        if (field.options->is_cut)
            return OK;  // too many to list; the search box finds by what it refers to
    }
    if (field.widget == FILTER_WORDS)
        field.name = with(ctx, field.name, "starts");
    field.name_from = with(ctx, field.name, "from");
    field.name_to = with(ctx, field.name, "to");
    field.value = request_query(ctx->request, str_c(ctx->arena, field.name));
    field.from = request_query(ctx->request, str_c(ctx->arena, field.name_from));
    field.to = request_query(ctx->request, str_c(ctx->arena, field.name_to));
    *list_push(ctx->arena, &page->filters) = field;
    return OK;
}

// ---- Chips --------------------------------------------------------------------------------------

static const char *operator_words(FilterOp op)
{
    static const char *const words[] = {
        [FILTER_IS] = TEXT("is"),           [FILTER_NOT] = TEXT("is not"),
        [FILTER_IN] = TEXT("any of"),       [FILTER_FROM] = TEXT("from"),
        [FILTER_TO] = TEXT("up to"),        [FILTER_ABOVE] = TEXT("above"),
        [FILTER_BELOW] = TEXT("below"),     [FILTER_STARTS] = TEXT("begins with"),
        [FILTER_CONTAINS] = TEXT("has"),    [FILTER_EMPTY] = TEXT("empty:"),
        [FILTER_LAST] = TEXT("last days:"), [FILTER_UNDER] = TEXT("in"),
    };
    return words[op];
}

static const char *operator_name(FilterOp op)
{
    static const char *const names[] = {
        [FILTER_IS] = "",         [FILTER_NOT] = "not",       [FILTER_IN] = "in",
        [FILTER_FROM] = "from",   [FILTER_TO] = "to",         [FILTER_ABOVE] = "above",
        [FILTER_BELOW] = "below", [FILTER_STARTS] = "starts", [FILTER_CONTAINS] = "contains",
        [FILTER_EMPTY] = "empty", [FILTER_LAST] = "last",     [FILTER_UNDER] = "under",
    };
    return names[op];
}

// The name of a record that a filter asks for: only where the asker may see it, else what was
// asked.
static Status record_words(Ctx *ctx, const EntityDef *e, Id id, Str *ret)
{
    bool seen;
    if (!actor_may(ctx->actor, entity_permission(e, false)))
        return OK;
    TRY(entity_may_see(ctx, e, id, &seen));
    return seen ? record_title(ctx, e, id, ret) : OK;
}

static Status value_words(Ctx *ctx, const Filter *filter, Str one, Str *ret)
{
    const FieldDef *f = filter->path.field;
    Date date;
    Id id;
    *ret = one;
    if (filter->path.kind == PATH_ASSIGNED)
        *ret = str_is(one, "me")  ? tr(ctx, "me")
             : id_parse(one, &id) ? house_person_name(ctx, id)
                                  : one;
    else if (f && (f->type == FIELD_ENUM || f->type == FIELD_STATE)) {
        const EnumDef *words = f->of;
        int value = enum_value(words, one);
        *ret = value ? tr(ctx, words->values[value].label) : one;
    } else if (f && f->type == FIELD_BOOL) {
        *ret = str_is(one, "true") ? tr(ctx, "yes") : tr(ctx, "no");
    } else if (date_parse(one, &date)) {
        *ret = show_date(ctx, date);
    } else if (f && f->type == FIELD_REF && id_parse(one, &id)) {
        return record_words(ctx, f->of, id, ret);
    } else if (f && f->type == FIELD_CHOICE && id_parse(one, &id)) {
        return record_title(ctx, entity_named(S("choice")), id, ret);
    }
    return OK;
}

static Status add_chip(Ctx *ctx, ListPage *page, const Filter *filter)
{
    Str path = path_text(ctx->arena, &filter->path), rest = filter->text, one;
    const char *name = operator_name(filter->op);
    Str field = name[0] ? with(ctx, path, name) : path;
    Buf words = { .arena = ctx->arena };
    buf_put(&words, tr(ctx, operator_words(filter->op)));
    for (bool is_first = true; str_next(&rest, ',', &one); is_first = false) {
        Str value;
        TRY(value_words(ctx, filter, one, &value));
        buf_c(&words, is_first ? " " : ", ");
        buf_put(&words, value);
    }
    Str without = str_join(ctx->arena, S("after before "), field);
    *list_push(ctx->arena, &page->chips) =
        (Chip){ .label = tr(ctx, path_label(&filter->path)),
                .words = buf_str(&words),
                .without = url_query(ctx, str_c(ctx->arena, without), "", S("")) };
    return OK;
}

// Whose it is: nobody's column as a rule, but asked for in every list.
static void add_assigned(Ctx *ctx, ListPage *page)
{
    OptionList *options = NEW(ctx->arena, OptionList);
    HousePersonList people = house_people(ctx);
    *list_push(ctx->arena, options) = (Option){ S("me"), tr(ctx, "me"), S("") };
    EACH (person, people)
        if (person->member != ctx->actor->member)
            *list_push(ctx->arena, options) =
                (Option){ id_text(ctx->arena, person->member), person->name, S("") };
    *list_push(ctx->arena, &page->filters) =
        (FilterField){ .widget = FILTER_OPTIONS,
                       .name = S("assigned"),
                       .label = tr(ctx, "Assigned to"),
                       .value = request_query(ctx->request, "assigned"),
                       .options = options };
}

enum { CHIPS_COUNTED = 5 };

static EntityQuery query_without(Ctx *ctx, const EntityQuery *query, size_t left_out)
{
    EntityQuery rest = *query;
    rest.filters = (FilterList){ 0 };
    rest.want_count = true;
    rest.want_sums = false;
    for (size_t i = 0; i < query->filters.len; i++)
        if (i != left_out)
            *list_push(ctx->arena, &rest.filters) = query->filters.items[i];
    return rest;
}

Status list_without(Ctx *ctx, ListPage *page)
{
    for (size_t i = 0; i < page->chips.len && i < CHIPS_COUNTED; i++) {
        EntityQuery rest = query_without(ctx, &page->query, i);
        EntityRows rows;
        TRY(entity_totals(ctx, &rest, &rows));
        if (rows.count > 0)
            page->chips.items[i].others = list_count_words(ctx, rows.count);
    }
    return OK;
}

Status list_filters(Ctx *ctx, ListPage *page)
{
    OptionCache cache = { .lists = { .arena = ctx->arena } };
    bool is_part = page_wants_part(ctx, "rows");
    EACH (filter, page->query.filters)
        TRY(add_chip(ctx, page, filter));
    for (size_t i = 0; !is_part && i < page->query.columns.len; i++)
        TRY(add_field(ctx, &cache, page, &page->query.columns.items[i]));
    if (!is_part && entity_is_root(page->entity))
        add_assigned(ctx, page);
    return OK;
}
