// path.c - field paths ("order_date", "customer.name") and what a query string says in them.
#include "kernel/entity/query.h"

#include "kernel/auth/actor.h"
#include "kernel/entity/custom.h"
#include "kernel/entity/info.h"
#include "kernel/entity/scope.h"

static const struct {
    const char *name, *label;
    int kind;
} builtins[] = {
    { "id", "Id", PATH_ID },
    { "version", "Version", PATH_VERSION },
    { "created_at", "Created", PATH_CREATED },
    { "updated_at", "Changed", PATH_UPDATED },
    { "archived", "Archived", PATH_ARCHIVED },
    { "position", "Position", PATH_POSITION },
    { "at", "Time", PATH_AT },
    { "parent", "Belongs to", PATH_PARENT },
    { "above", "Above", PATH_ABOVE },
    { "path", "Order in the tree", PATH_PATH },
    { "valid_from", "Valid from", PATH_FROM },
    { "valid_to", "Valid to", PATH_UNTIL },
    { "assigned", "Assigned to", PATH_ASSIGNED },
};

static bool has_builtin(const EntityDef *e, int kind)
{
    switch (kind) {
    case PATH_ID: return !entity_is_keyed(e);
    case PATH_VERSION:
    case PATH_CREATED:
    case PATH_UPDATED:
    case PATH_ARCHIVED:
    case PATH_ASSIGNED: return entity_is_root(e);
    case PATH_POSITION: return entity_is_child(e) || e->ordered || e->tree;
    case PATH_AT: return entity_is_entry(e);
    case PATH_PARENT: return e->parent != NULL;
    case PATH_ABOVE:
    case PATH_PATH: return e->tree;
    default: return e->dated != NULL;
    }
}

static bool find_builtin(const EntityDef *e, Str name, FieldPath *ret)
{
    for (size_t i = 0; i < COUNT(builtins); i++)
        if (str_is(name, builtins[i].name) && has_builtin(e, builtins[i].kind)) {
            *ret = (FieldPath){ .entity = e, .kind = builtins[i].kind };
            return true;
        }
    return false;
}

static Status no_such_path(Ctx *ctx, const EntityDef *e, Str text)
{
    Str near = nearest_field(ctx->arena, e, text);
    if (near.len)
        return FAIL(ctx, E_INVALID, "query.field",
                    "there is no field '" STR_FMT "' here; did you mean '" STR_FMT "'?",
                    STR_ARG(text), STR_ARG(near));
    return FAIL(ctx, E_INVALID, "query.field", "there is no field '" STR_FMT "' here",
                STR_ARG(text));
}

static Status find_custom(Ctx *ctx, const EntityDef *e, Str text, FieldPath *ret)
{
    const OwnFieldList *fields = custom_fields(ctx, e);
    EACH (f, *fields)
        if (str_eq(f->name, str_from_at(text, 2))) {
            *ret = (FieldPath){ .entity = e, .kind = PATH_CUSTOM, .custom = f->name };
            return OK;
        }
    return no_such_path(ctx, e, text);
}

static bool may_read(const Ctx *ctx, const FieldDef *f)
{
    return !ctx->actor || actor_may_read_field(ctx->actor, f);
}

// What stands behind a reference is read with the rights that reading it there takes.
static Status resolve_far(Ctx *ctx, const EntityDef *e, const FieldDef *via, Str text, Str name,
                          FieldPath *ret)
{
    if (via->type != FIELD_REF)
        return no_such_path(ctx, e, text);
    const EntityDef *far = via->of;
    const FieldDef *f = entity_field(far, name);
    if (!f || !may_read(ctx, f))
        return no_such_path(ctx, far, name);
    if (ctx->actor)
        TRY(scope_require_read(ctx, far));
    *ret = (FieldPath){ .entity = e, .via = via, .field = f };
    return OK;
}

Status path_resolve(Ctx *ctx, const EntityDef *e, Str text, FieldPath *ret)
{
    ptrdiff_t dot = str_find_char(text, '.');
    Str first = dot > 0 ? str_sub(text, 0, (size_t)dot) : text;
    const FieldDef *f = entity_field(e, first);
    if (str_starts(text, S("x_")))
        return find_custom(ctx, e, text, ret);
    if (!f)
        return find_builtin(e, text, ret) ? OK : no_such_path(ctx, e, text);
    if (!may_read(ctx, f))
        return no_such_path(ctx, e, text);
    if (dot < 0) {
        *ret = (FieldPath){ .entity = e, .field = f };
        return OK;
    }
    return resolve_far(ctx, e, f, text, str_from_at(text, (size_t)dot + 1), ret);
}

static const char *builtin_name(int kind, bool label)
{
    for (size_t i = 0; i < COUNT(builtins); i++)
        if (builtins[i].kind == kind)
            return label ? builtins[i].label : builtins[i].name;
    return "";
}

Str path_text(Arena *arena, const FieldPath *path)
{
    if (path->kind == PATH_CUSTOM)
        return str_join(arena, S("x_"), path->custom);
    if (path->kind != PATH_FIELD)
        return str_from(builtin_name(path->kind, false));
    if (path->via)
        return str_format(arena, "%s.%s", path->via->name, path->field->name);
    return str_from(path->field->name);
}

const char *path_label(const FieldPath *path)
{
    if (path->kind == PATH_CUSTOM)
        return path->custom.ptr;
    return path->kind == PATH_FIELD ? path->field->label : builtin_name(path->kind, true);
}

// ---- Query strings ------------------------------------------------------------------------------

static const struct {
    const char *name;
    FilterOp op;
} operators[] = {
    { "", FILTER_IS },           { "is", FILTER_IS },
    { "not", FILTER_NOT },       { "in", FILTER_IN },
    { "from", FILTER_FROM },     { "to", FILTER_TO },
    { "above", FILTER_ABOVE },   { "below", FILTER_BELOW },
    { "starts", FILTER_STARTS }, { "contains", FILTER_CONTAINS },
    { "empty", FILTER_EMPTY },   { "last", FILTER_LAST },
    { "under", FILTER_UNDER },
};

// "order_date[from]" -> path and operator.
static Status parse_filter(Ctx *ctx, const EntityDef *e, const FormField *param, EntityQuery *query)
{
    ptrdiff_t open = str_find_char(param->name, '[');
    Str path = open > 0 ? str_sub(param->name, 0, (size_t)open) : param->name, word = S("");
    if (open > 0) {
        if (!str_ends(param->name, S("]")))
            return FAIL(ctx, E_INVALID, "query.operator", "'" STR_FMT "' is not closed with ]",
                        STR_ARG(param->name));
        word = str_sub(param->name, (size_t)open + 1, param->name.len - (size_t)open - 2);
    }
    if (query->filters.len >= 20)
        return FAIL(ctx, E_INVALID, "query.filters", "at most 20 filters");
    for (size_t i = 0; i < COUNT(operators); i++)
        if (str_is(word, operators[i].name)) {
            Filter filter = { .op = operators[i].op, .text = param->value };
            TRY(path_resolve(ctx, e, path, &filter.path));
            *list_push(ctx->arena, &query->filters) = filter;
            return OK;
        }
    return FAIL(ctx, E_INVALID, "query.operator",
                "[" STR_FMT
                "] is no operator; use in, not, from, to, above, below, starts, contains, "
                "empty, last or under",
                STR_ARG(word));
}

static Status parse_sort(Ctx *ctx, const EntityDef *e, Str text, char separator, EntityQuery *query)
{
    Str one;
    query->sort_count = 0;
    while (separator == ',' ? str_next(&text, ',', &one) : str_next_word(&text, &one)) {
        bool descending = str_starts(one, S("-"));
        if (query->sort_count == SORT_MAX)
            return FAIL(ctx, E_INVALID, "query.sort", "at most %d fields to sort by", SORT_MAX);
        Sort *sort = &query->sort[query->sort_count];
        TRY(path_resolve(ctx, e, descending ? str_from_at(one, 1) : one, &sort->path));
        sort->descending = descending;
        query->sort_count++;
    }
    return OK;
}

static Status parse_fields(Ctx *ctx, const EntityDef *e, Str text, EntityQuery *query)
{
    Str one;
    query->columns.len = 0;
    while (str_next(&text, ',', &one)) {
        if (query->columns.len == 40)
            return FAIL(ctx, E_INVALID, "query.fields", "at most 40 fields");
        TRY(path_resolve(ctx, e, one, list_push(ctx->arena, &query->columns)));
    }
    return OK;
}

static Status parse_limit(Ctx *ctx, Str text, EntityQuery *query)
{
    int64_t limit;
    if (!str_int(text, &limit) || limit < 1 || limit > QUERY_LIMIT_MAX)
        return FAIL(ctx, E_INVALID, "query.limit", "limit is a number from 1 to %d",
                    QUERY_LIMIT_MAX);
    query->limit = (int)limit;
    return OK;
}

static Status parse_archived(Ctx *ctx, Str text, EntityQuery *query)
{
    query->with_archived = str_is(text, "with") || str_is(text, "true");
    query->only_archived = str_is(text, "only");
    if (!query->with_archived && !query->only_archived && !str_is(text, "false"))
        return FAIL(ctx, E_INVALID, "query.archived", "archived is with, only or false");
    return OK;
}

// What pages and clients say beside filters; unknown names are filters, and so complained about.
static Status parse_param(Ctx *ctx, const EntityDef *e, const FormField *param, EntityQuery *query)
{
    static const char *const elsewhere[] = {
        "view", "format", "include", "layout", "part", "select"
    };
    for (size_t i = 0; i < COUNT(elsewhere); i++)
        if (str_is(param->name, elsewhere[i]))
            return OK;
    if (str_is(param->name, "sort"))
        return parse_sort(ctx, e, param->value, ',', query);
    if (str_is(param->name, "fields"))
        return parse_fields(ctx, e, param->value, query);
    if (str_is(param->name, "limit"))
        return parse_limit(ctx, param->value, query);
    if (str_is(param->name, "archived"))
        return parse_archived(ctx, param->value, query);
    if (str_is(param->name, "q")) {
        query->search = str_trim(param->value);
        return OK;
    }
    if (str_is(param->name, "after") || str_is(param->name, "before")) {
        *(str_is(param->name, "after") ? &query->after : &query->before) = param->value;
        return OK;
    }
    if (str_is(param->name, "count")) {
        query->want_count = !str_is(param->value, "false");
        return OK;
    }
    return parse_filter(ctx, e, param, query);
}

Status entity_query_parse(Ctx *ctx, const EntityDef *e, const FormFieldList *params,
                          EntityQuery *ret)
{
    entity_query_default(ctx, e, ret);
    EACH (param, *params)
        TRY(parse_param(ctx, e, param, ret));
    if (ret->after.len && ret->before.len)
        return FAIL(ctx, E_INVALID, "query.cursor", "after and before exclude each other");
    return OK;
}

// A title alone where nothing is said.
static const char *default_columns(const EntityDef *e)
{
    return e->columns ? e->columns : e->title ? e->title : "id";
}

void entity_query_default(Ctx *ctx, const EntityDef *e, EntityQuery *ret)
{
    *ret = (EntityQuery){ .entity = e, .limit = QUERY_LIMIT };
    Str rest = str_from(default_columns(e)), word;
    while (str_next_word(&rest, &word)) {
        FieldPath path;
        if (path_resolve(ctx, e, word, &path) == OK)
            *list_push(ctx->arena, &ret->columns) = path;
        else
            ctx_recover(ctx);  // a column this actor may not read is simply not there
    }
    const char *sort = e->sort            ? e->sort
                     : entity_is_child(e) ? "position"
                     : e->title           ? e->title
                                          : "id";
    if (parse_sort(ctx, e, str_from(sort), ' ', ret) != OK) {
        ctx_recover(ctx);
        ret->sort_count = 0;
    }
}
