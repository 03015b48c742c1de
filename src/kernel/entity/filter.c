// filter.c - filters as SQL: each value is read by its field's type and bound, never written into the text.
#include "kernel/entity/plan.h"

#include "kernel/entity/codec.h"
#include "kernel/entity/custom.h"
#include "kernel/entity/info.h"
#include "kernel/i18n.h"
#include "kernel/tenant.h"

// A value of a path as an argument. Text is what the query string holds.
static Status value_arg(Plan *plan, const Filter *filter, const FieldDef *f, Str value, Arg *ret)
{
    Ctx *ctx = plan->ctx;
    Date day;
    Id id;
    if (!f) {
        switch (filter->path.kind) {
        case PATH_CREATED:
        case PATH_UPDATED:
        case PATH_AT: {
            Time at;
            if (date_parse(value, &day))
                *ret = arg_int(zone_time(ctx->tenant->zone, day, 0));
            else if (time_parse(value, &at))
                *ret = arg_int(at);
            else
                return FAIL(ctx, E_INVALID, "query.value", "'" STR_FMT "' is no day or time",
                            STR_ARG(value));
            return OK;
        }
        case PATH_FROM:
        case PATH_UNTIL:
            if (!date_parse(value, &day))
                return FAIL(ctx, E_INVALID, "query.value", "'" STR_FMT "' is no day", STR_ARG(value));
            *ret = arg_int(day);
            return OK;
        case PATH_ARCHIVED: *ret = arg_int(str_is(value, "true")); return OK;
        case PATH_VERSION:
        case PATH_POSITION: {
            int64_t n;
            if (!str_int(value, &n))
                return FAIL(ctx, E_INVALID, "query.value", "'" STR_FMT "' is no number", STR_ARG(value));
            *ret = arg_int(n);
            return OK;
        }
        default:
            if (!id_parse(value, &id))
                return FAIL(ctx, E_INVALID, "query.value", "'" STR_FMT "' is no id", STR_ARG(value));
            *ret = arg_int(id);
            return OK;
        }
    }
    void *scratch = arena_alloc(ctx->arena, f->offset + 512);
    size_t before = ctx->failure.problems.len;
    CurrencyCode base = ctx->tenant ? ctx->tenant->base : (CurrencyCode){ "" };
    TRY(field_from_text(ctx, f, base, value, INPUT_IMPORT, scratch));
    if (ctx->failure.problems.len > before)
        return ctx_problems(ctx);
    switch ((FieldType)f->type) {
    case FIELD_TEXT:
    case FIELD_CODE:
    case FIELD_RICH:
    case FIELD_JSON: *ret = arg_text(FIELD_GET(scratch, f, Str)); return OK;
    case FIELD_ENUM:
    case FIELD_STATE:
        *ret = arg_c(((const EnumDef *)f->of)->values[FIELD_GET(scratch, f, int)].name);
        return OK;
    case FIELD_CURRENCY: *ret = arg_currency(FIELD_GET(scratch, f, CurrencyCode)); return OK;
    case FIELD_BOOL: *ret = arg_int(FIELD_GET(scratch, f, bool)); return OK;
    case FIELD_DATE: *ret = arg_int(FIELD_GET(scratch, f, Date)); return OK;
    case FIELD_CLOCK: *ret = arg_int(FIELD_GET(scratch, f, Clock)); return OK;
    case FIELD_RATE:
        *ret = arg_int(f->flags & MAYBE ? FIELD_GET(scratch, f, MaybeRate).value.micro
                                        : FIELD_GET(scratch, f, Rate).micro);
        return OK;
    case FIELD_LINK:
        if (!id_parse(value, &id))
            return FAIL(ctx, E_INVALID, "query.value", "'" STR_FMT "' is no id", STR_ARG(value));
        *ret = arg_int(id);
        return OK;
    default:
        *ret = arg_int(f->flags & MAYBE ? FIELD_GET(scratch, f, MaybeInt).value
                                        : FIELD_GET(scratch, f, int64_t));
        return OK;
    }
}

static Status refuse(Plan *plan, const Filter *filter, const char *why)
{
    return FAIL(plan->ctx, E_INVALID, "query.filter", "'" STR_FMT "' cannot be filtered so: %s",
                STR_ARG(path_text(plan->ctx->arena, &filter->path)), ctx_text(plan->ctx, why));
}

static Status put_compare(Plan *plan, Statement *s, const Filter *filter, const FieldDef *f,
                          const char *sql, const char *operator)
{
    Arg arg;
    TRY(value_arg(plan, filter, f, filter->text, &arg));
    buf_printf(&s->text, " AND %s %s ", sql, operator);
    statement_arg(s, arg);
    return OK;
}

static Status put_in(Plan *plan, Statement *s, const Filter *filter, const FieldDef *f, const char *sql)
{
    Str rest = filter->text, one;
    const char *separator = "";
    int n = 0;
    buf_printf(&s->text, " AND %s IN (", sql);
    while (str_next(&rest, ',', &one)) {
        Arg arg;
        if (++n > 100)
            return refuse(plan, filter, "at most 100 values");
        TRY(value_arg(plan, filter, f, one, &arg));
        buf_c(&s->text, separator);
        statement_arg(s, arg);
        separator = ", ";
    }
    buf_c(&s->text, n ? ")" : "NULL)");
    return OK;
}

static bool is_text_type(const FieldDef *f)
{
    return f && (f->type == FIELD_TEXT || f->type == FIELD_CODE || f->type == FIELD_RICH);
}

// Folded where the field keeps a folded copy; a code is compared as it is written.
static Status put_starts(Plan *plan, Statement *s, const Filter *filter, const FieldDef *f,
                         const char *sql)
{
    if (!is_text_type(f))
        return refuse(plan, filter, "it is no text");
    bool folded = f->flags & SORTED;
    Str start = folded ? fold_text(plan->ctx, filter->text) : filter->text;
    const char *column = folded ? str_format(plan->ctx->arena, "%s_fold", sql).ptr : sql;
    buf_printf(&s->text, " AND %s >= ", column);
    statement_arg(s, arg_text(start));
    buf_printf(&s->text, " AND %s < ", column);
    statement_arg(s, arg_text(str_join(plan->ctx->arena, start, S("\xF4\x8F\xBF\xBF"))));
    return OK;
}

static Status put_contains(Plan *plan, Statement *s, const Filter *filter, const FieldDef *f,
                           const char *sql)
{
    if (!is_text_type(f))
        return refuse(plan, filter, "it is no text");
    Buf pattern = { .arena = plan->ctx->arena };
    bool folded = f->flags & SORTED;
    Str what = folded ? fold_text(plan->ctx, filter->text) : filter->text;
    buf_char(&pattern, '%');
    for (size_t i = 0; i < what.len; i++) {
        if (strchr("%_\\", what.ptr[i]))
            buf_char(&pattern, '\\');
        buf_char(&pattern, what.ptr[i]);
    }
    buf_char(&pattern, '%');
    buf_printf(&s->text, " AND %s%s LIKE ", sql, folded ? "_fold" : "");
    statement_arg(s, arg_text(buf_str(&pattern)));
    buf_c(&s->text, " ESCAPE '\\'");
    return OK;
}

static Status put_empty(Plan *plan, Statement *s, const Filter *filter, const FieldDef *f,
                        const char *sql)
{
    bool wants_empty = !str_is(filter->text, "false");
    const char *empty = is_text_type(f) ? "= ''" : "IS NULL", *full = is_text_type(f) ? "<> ''"
                                                                                       : "IS NOT NULL";
    buf_printf(&s->text, " AND %s %s", sql, wants_empty ? empty : full);
    return OK;
}

static Status put_last(Plan *plan, Statement *s, const Filter *filter, const FieldDef *f, const char *sql)
{
    int64_t days;
    if (!str_int(filter->text, &days) || days < 0 || days > 36500)
        return refuse(plan, filter, "the number of days is missing");
    Date from = tenant_today(plan->ctx) - (Date)days + 1;
    bool is_time = f ? f->type == FIELD_TIME : filter->path.kind != PATH_FROM;
    if (f && f->type != FIELD_DATE && !is_time)
        return refuse(plan, filter, "it is no day");
    buf_printf(&s->text, " AND %s >= ", sql);
    statement_arg(s, arg_int(is_time ? zone_time(plan->ctx->tenant->zone, from, 0) : from));
    return OK;
}

// A tree's node and everything below it: one range of paths.
static Status put_under(Plan *plan, Statement *s, const Filter *filter, const FieldDef *f,
                        const char *sql)
{
    const EntityDef *tree = f && f->type == FIELD_REF ? f->of : filter->path.entity;
    Id id;
    if (!tree->tree || !id_parse(filter->text, &id))
        return refuse(plan, filter, "it does not stand in a tree");
    buf_printf(&s->text,
               " AND %s IN (SELECT below.id FROM %s top JOIN %s below ON below.path >= top.path"
               " AND below.path < top.path || '~' WHERE top.id = ",
               f ? sql : "t.id", tree->name, tree->name);
    statement_arg(s, arg_int(id));
    buf_c(&s->text, ")");
    return OK;
}

static Status put_many(Plan *plan, Statement *s, const Filter *filter, const FieldDef *f)
{
    Arg arg;
    Id id;
    if (filter->op != FILTER_IS || !id_parse(filter->text, &id))
        return refuse(plan, filter, "a list is filtered by one id that it holds");
    arg = arg_int(id);
    buf_printf(&s->text, " AND EXISTS (SELECT 1 FROM %s_%s r WHERE r.owner_id = t.id AND r.target_id = ",
               filter->path.entity->name, f->name);
    statement_arg(s, arg);
    buf_c(&s->text, ")");
    return OK;
}

static Status put_custom(Plan *plan, Statement *s, const Filter *filter)
{
    const OwnFieldList *fields = custom_fields(plan->ctx, filter->path.entity);
    EACH (f, *fields) {
        int64_t amount = 0;
        if (!str_eq(f->name, filter->path.custom))
            continue;
        if (!f->is_filter || filter->op != FILTER_IS)
            return refuse(plan, filter, "this field is not set up for it");
        bool is_number = decimal_parse(filter->text, 6, &amount) && f->kind == 2;
        buf_c(&s->text, " AND EXISTS (SELECT 1 FROM custom_value v WHERE v.subject_id = t.id"
                        " AND v.field_id = ");
        statement_arg(s, arg_int(f->id));
        buf_printf(&s->text, " AND v.%s = ", is_number ? "amount" : "words");
        statement_arg(s, is_number ? arg_int(amount) : arg_text(filter->text));
        buf_c(&s->text, ")");
    }
    return OK;
}

static Status put_filter(Plan *plan, Statement *s, const Filter *filter)
{
    const char *sql, *alias;
    const FieldDef *f;
    if (filter->path.kind == PATH_CUSTOM)
        return put_custom(plan, s, filter);
    TRY(plan_expression(plan, &filter->path, &sql, &f, &alias));
    if (f && (f->type == FIELD_REFS || f->type == FIELD_CHOICES))
        return put_many(plan, s, filter, f);
    if (f && f->flags & SEALED)
        return refuse(plan, filter, "it is kept sealed");
    switch (filter->op) {
    case FILTER_IS:
        if (filter->text.len == 0)
            return put_empty(plan, s, filter, f, sql);
        return put_compare(plan, s, filter, f, sql, "=");
    case FILTER_NOT: return put_compare(plan, s, filter, f, sql, "<>");
    case FILTER_FROM: return put_compare(plan, s, filter, f, sql, ">=");
    case FILTER_TO: return put_compare(plan, s, filter, f, sql, "<=");
    case FILTER_ABOVE: return put_compare(plan, s, filter, f, sql, ">");
    case FILTER_BELOW: return put_compare(plan, s, filter, f, sql, "<");
    case FILTER_IN: return put_in(plan, s, filter, f, sql);
    case FILTER_STARTS: return put_starts(plan, s, filter, f, sql);
    case FILTER_CONTAINS: return put_contains(plan, s, filter, f, sql);
    case FILTER_EMPTY: return put_empty(plan, s, filter, f, sql);
    case FILTER_LAST: return put_last(plan, s, filter, f, sql);
    case FILTER_UNDER: return put_under(plan, s, filter, f, sql);
    }
    return OK;
}

// Values of all filters, and with what the search box and the scope add; a cursor takes a few more.
enum { VALUES_MAX = 300, STATEMENT_VALUES_MAX = 980 };

Status plan_where(Plan *plan, Statement *s)
{
    const EntityQuery *query = plan->query;
    buf_c(&s->text, " WHERE 1 = 1");
    if (entity_is_root(query->entity) && !query->with_archived)
        buf_printf(&s->text, " AND t.archived = %d", query->only_archived ? 1 : 0);
    EACH (filter, query->filters)
        TRY(put_filter(plan, s, filter));
    if (s->args.len > VALUES_MAX)
        return FAIL(plan->ctx, E_INVALID, "query.values", "at most %d values in all filters",
                    VALUES_MAX);
    if (plan->is_searched && plan->found.len == 0)
        buf_c(&s->text, " AND 1 = 0");
    if (plan->found.len) {
        buf_c(&s->text, " AND t.id IN (");
        statement_ids(s, &plan->found);
        buf_c(&s->text, ")");
    }
    if (!query->all_rows)
        scope_where(s, query->entity, "t");
    if (s->args.len > STATEMENT_VALUES_MAX)
        return FAIL(plan->ctx, E_LIMIT, "query.scope", "your rows are limited by too many records");
    return OK;
}
