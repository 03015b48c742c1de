// filter.c - filters as SQL: each value is read by its field's type and bound, never written into
// the text.
#include "kernel/entity/plan.h"

#include "base/utf8.h"
#include "gen/kernel.gen.h"
#include "kernel/auth/actor.h"
#include "kernel/entity/codec.h"
#include "kernel/entity/custom.h"
#include "kernel/entity/info.h"
#include "kernel/entity/mask.h"
#include "kernel/i18n.h"
#include "kernel/tenant.h"

static Status no_value(Ctx *ctx, Str value, const char *what)
{
    return FAIL(ctx, E_INVALID, "query.value", "'" STR_FMT "' is no %s", STR_ARG(value),
                ctx_text(ctx, what));
}

// Of what every record has. A whole day of an instant is put_day()'s.
static Status builtin_arg(Ctx *ctx, int kind, Str value, Arg *ret)
{
    Date day;
    Time at;
    int64_t n;
    Id id;
    switch (kind) {
    case PATH_CREATED:
    case PATH_UPDATED:
    case PATH_AT:
        if (date_parse(value, &day))
            at = zone_time(ctx->tenant->zone, day, 0);
        else if (!time_parse(value, &at))
            return no_value(ctx, value, "day or time");
        *ret = arg_int(at);
        return OK;
    case PATH_FROM:
    case PATH_UNTIL:
        if (!date_parse(value, &day))
            return no_value(ctx, value, "day");
        *ret = arg_int(day);
        return OK;
    case PATH_ARCHIVED: *ret = arg_int(str_is(value, "true")); return OK;
    case PATH_VERSION:
    case PATH_POSITION:
        if (!str_int(value, &n))
            return no_value(ctx, value, "number");
        *ret = arg_int(n);
        return OK;
    case PATH_PATH: *ret = arg_text(value); return OK;
    default:
        if (!id_parse(value, &id))
            return no_value(ctx, value, "id");
        *ret = arg_int(id);
        return OK;
    }
}

// A value of a path as an argument. Text is what the query string holds.
static Status value_arg(Plan *plan, const Filter *filter, const FieldDef *f, Str value, Arg *ret)
{
    Ctx *ctx = plan->ctx;
    Id id;
    if (!f)
        return builtin_arg(ctx, filter->path.kind, value, ret);
    if (f->type == FIELD_LINK) {  // ids are unique over all kinds: the kind need not be said
        if (!id_parse(value, &id))
            return no_value(ctx, value, "id");
        *ret = arg_int(id);
        return OK;
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

// A day of a time is all of it, by the company's clock.
static void put_day(Plan *plan, Statement *s, FilterOp op, const char *sql, Date day)
{
    const Zone *zone = plan->ctx->tenant->zone;
    Arg start = arg_int(zone_time(zone, day, 0)), end = arg_int(zone_time(zone, day + 1, 0));
    bool is_above = op == FILTER_ABOVE, is_below = op == FILTER_BELOW;
    if (op == FILTER_NOT)
        buf_printf(&s->text, " AND (%s IS NULL OR NOT (1 = 1", sql);
    if (op == FILTER_IS || op == FILTER_NOT || op == FILTER_FROM || is_above) {
        buf_printf(&s->text, " AND %s >= ", sql);
        statement_arg(s, is_above ? end : start);
    }
    if (op == FILTER_IS || op == FILTER_NOT || op == FILTER_TO || is_below) {
        buf_printf(&s->text, " AND %s < ", sql);
        statement_arg(s, is_below ? start : end);
    }
    if (op == FILTER_NOT)
        buf_c(&s->text, "))");
}

// Filled up to the next power of two with the last one, so that lists of all lengths make few
// shapes.
static Status put_in(Plan *plan, Statement *s, const Filter *filter, const FieldDef *f,
                     const char *sql)
{
    enum { IN_MAX = 100 };
    Str rest = filter->text, one;
    Arg arg = { 0 };
    size_t n = 0, room = 1;
    buf_printf(&s->text, " AND %s IN (", sql);
    while (str_next(&rest, ',', &one)) {
        if (++n > IN_MAX)
            return refuse(plan, filter, "at most 100 values");
        TRY(value_arg(plan, filter, f, one, &arg));
        buf_c(&s->text, n > 1 ? ", " : "");
        statement_arg(s, arg);
    }
    while (room < n)
        room *= 2;
    for (size_t i = n; n && i < room; i++) {
        buf_c(&s->text, ", ");
        statement_arg(s, arg);
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

// By what `size:` declares: "500", "100k", "10M".
static bool is_large(const EntityDef *e)
{
    enum { LARGE = 100 };  // thousands of rows: what reads all of them is no answer to a page
    char *unit = NULL;
    long n = e->rows ? strtol(e->rows, &unit, 10) : 0;
    return n > 0 && (*unit == 'M' || (*unit == 'k' ? n : n / 1000) >= LARGE);
}

static Status put_contains(Plan *plan, Statement *s, const Filter *filter, const FieldDef *f,
                           const char *sql)
{
    if (!is_text_type(f))
        return refuse(plan, filter, "it is no text");
    Buf pattern = { .arena = plan->ctx->arena };
    bool folded = f->flags & SORTED;
    if (!folded && is_large(filter->path.via ? filter->path.via->of : filter->path.entity))
        return refuse(plan, filter, "there are too many of them; use [starts], or search by words");
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

// Words are empty, or absent behind a reference that leads nowhere; all else is absent.
static Status put_empty(Plan *plan, Statement *s, const Filter *filter, const FieldDef *f,
                        const char *sql)
{
    bool wants_empty = !str_is(filter->text, "false"), is_text = f && plan_is_text(f);
    if (!is_text)
        buf_printf(&s->text, " AND %s IS %s", sql, wants_empty ? "NULL" : "NOT NULL");
    else if (wants_empty)
        buf_printf(&s->text, " AND (%s IS NULL OR %s = '')", sql, sql);
    else
        buf_printf(&s->text, " AND %s <> ''", sql);
    return OK;
}

// An instant, and not a day or anything else.
static bool is_instant(const Filter *filter, const FieldDef *f)
{
    int kind = filter->path.kind;
    return f ? f->type == FIELD_TIME
             : kind == PATH_CREATED || kind == PATH_UPDATED || kind == PATH_AT;
}

static bool is_day(const Filter *filter, const FieldDef *f)
{
    return f ? f->type == FIELD_DATE
             : filter->path.kind == PATH_FROM || filter->path.kind == PATH_UNTIL;
}

static Status put_last(Plan *plan, Statement *s, const Filter *filter, const FieldDef *f,
                       const char *sql)
{
    enum { DAYS_MAX = 36500 };
    const Zone *zone = plan->ctx->tenant->zone;
    bool is_time = is_instant(filter, f);
    int64_t days;
    if (!is_time && !is_day(filter, f))
        return refuse(plan, filter, "it is no day");
    if (!str_int(filter->text, &days) || days < 0 || days > DAYS_MAX)
        return refuse(plan, filter, "the number of days is missing");
    Date tomorrow = tenant_today(plan->ctx) + 1, from = tomorrow - (Date)days;
    buf_printf(&s->text, " AND %s >= ", sql);
    statement_arg(s, arg_int(is_time ? zone_time(zone, from, 0) : from));
    buf_printf(&s->text, " AND %s < ", sql);
    statement_arg(s, arg_int(is_time ? zone_time(zone, tomorrow, 0) : tomorrow));
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
    buf_printf(&s->text,
               " AND EXISTS (SELECT 1 FROM %s_%s r WHERE r.owner_id = t.id AND r.target_id = ",
               filter->path.entity->name, f->name);
    statement_arg(s, arg);
    buf_c(&s->text, ")");
    return OK;
}

// As custom_index() keeps it.
static Status put_own(Plan *plan, Statement *s, const Filter *filter, const OwnField *own)
{
    int64_t amount = 0;
    Str words = utf8_cut(filter->text, CUSTOM_WORDS_MAX);
    bool is_number = own->kind == CUSTOM_TYPE_NUMBER || own->kind == CUSTOM_TYPE_MONEY;
    if (!own->is_filter || filter->op != FILTER_IS)
        return refuse(plan, filter, "this field is not set up for it");
    if (is_number && !decimal_parse(filter->text, 6, &amount))
        return no_value(plan->ctx, filter->text, "number");
    if (own->kind == CUSTOM_TYPE_YES_NO)
        words = str_is(words, "true") || str_is(words, "1") ? S("1") : S("0");
    buf_c(&s->text, " AND EXISTS (SELECT 1 FROM custom_value v WHERE v.subject_id = t.id"
                    " AND v.field_id = ");
    statement_arg(s, arg_int(own->id));
    buf_printf(&s->text, " AND v.%s = ", is_number ? "amount" : "words");
    statement_arg(s, is_number ? arg_int(amount) : arg_text(words));
    buf_c(&s->text, ")");
    return OK;
}

static Status put_custom(Plan *plan, Statement *s, const Filter *filter)
{
    EACH (own, *custom_fields(plan->ctx, filter->path.entity))
        if (str_eq(own->name, filter->path.custom))
            return put_own(plan, s, filter, own);
    return refuse(plan, filter, "there is no such own field");
}

// By a member's id, or "me"; `empty` says that it is nobody's.
static Status put_assigned(Plan *plan, Statement *s, const Filter *filter)
{
    const Actor *actor = plan->ctx->actor;
    Id member = str_is(filter->text, "me") && actor ? actor->member : 0;
    bool is_nobody = filter->op == FILTER_EMPTY && !str_is(filter->text, "false");
    if (filter->op != FILTER_IS && filter->op != FILTER_EMPTY)
        return refuse(plan, filter, "say whose it is, or me");
    if (filter->op == FILTER_IS && !member && !id_parse(filter->text, &member))
        return no_value(plan->ctx, filter->text, "id");
    buf_printf(&s->text,
               " AND %sEXISTS (SELECT 1 FROM inbox_item w WHERE w.subject_id = t.id"
               " AND w.kind = 'assignment' AND w.state = 'open'",
               is_nobody ? "NOT " : "");
    if (filter->op == FILTER_IS) {
        buf_c(&s->text, " AND w.member_id = ");
        statement_arg(s, arg_int(member));
    }
    buf_c(&s->text, ")");
    return OK;
}

static bool can_be_filtered(const FieldDef *f)
{
    switch ((FieldType)f->type) {
    case FIELD_GEO:
    case FIELD_POINTS:
    case FIELD_SHAPE:
    case FIELD_SHAPES:
    case FIELD_JSON:
    case FIELD_FORMULA:
    case FIELD_SECRET: return false;
    default: return !(f->flags & SEALED);
    }
}

// Comparing would find out, letter by letter, what is shown masked; whoever knows it whole may ask.
static bool finds_out(const Ctx *ctx, const Filter *filter, const FieldDef *f)
{
    bool is_whole = filter->op == FILTER_IS || filter->op == FILTER_NOT ||
                    filter->op == FILTER_IN || filter->op == FILTER_EMPTY;
    return !is_whole && field_is_masked(ctx, f, true);
}

static bool is_compared(FilterOp op)
{
    return op == FILTER_IS || op == FILTER_NOT || (op >= FILTER_FROM && op <= FILTER_BELOW);
}

static Status put_filter(Plan *plan, Statement *s, const Filter *filter)
{
    const char *sql, *alias;
    const FieldDef *f;
    Date day;
    if (filter->path.kind == PATH_CUSTOM)
        return put_custom(plan, s, filter);
    if (filter->path.kind == PATH_ASSIGNED)
        return put_assigned(plan, s, filter);
    TRY(plan_expression(plan, &filter->path, &sql, &f, &alias));
    if (f && (f->type == FIELD_REFS || f->type == FIELD_CHOICES))
        return put_many(plan, s, filter, f);
    if (f && !can_be_filtered(f))
        return refuse(plan, filter, "it has no single value that can be compared");
    if (f && finds_out(plan->ctx, filter, f))
        return refuse(plan, filter, "you see it masked");
    if (is_compared(filter->op) && is_instant(filter, f) && date_parse(filter->text, &day)) {
        put_day(plan, s, filter->op, sql, day);
        return OK;
    }
    switch (filter->op) {
    case FILTER_IS:
        if (filter->text.len == 0)
            return put_empty(plan, s, filter, f, sql);
        return put_compare(plan, s, filter, f, sql, "=");
    case FILTER_NOT: return put_compare(plan, s, filter, f, sql, "IS DISTINCT FROM");
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

enum { VALUES_MAX = 300 };  // of all filters

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
    return OK;
}
