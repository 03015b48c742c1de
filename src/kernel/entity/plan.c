// plan.c - from paths to joins and expressions.
//
// What a path says of a record that is referred to comes from the rows of it that the actor sees:
// behind a reference to another row there is nothing to show, to find or to sort by. The label of a
// reference (its target's title) is part of the row that refers, and is seen with it.
#include "kernel/entity/plan.h"

#include "kernel/entity/info.h"
#include "kernel/entity/mask.h"
#include "kernel/entity/record.h"
#include "kernel/search.h"
#include "kernel/tenant.h"

#include <assert.h>

static const char *text(Plan *plan, const char *format, ...) PRINTF(2, 3);
static const char *text(Plan *plan, const char *format, ...)
{
    Buf out = { .arena = plan->ctx->arena };
    va_list args;
    va_start(args, format);
    buf_vprintf(&out, format, args);
    va_end(args);
    return buf_str(&out).ptr;
}

// ---- Joins --------------------------------------------------------------------------------------

static const char *join(Plan *plan, Join wanted)
{
    EACH (j, plan->joins)
        if (strcmp(j->from, wanted.from) == 0 && j->field == wanted.field &&
            j->is_scoped == wanted.is_scoped)
            return j->alias;
    wanted.alias = text(plan, "j%zu", plan->joins.len + 1);
    *list_push(plan->ctx->arena, &plan->joins) = wanted;
    return wanted.alias;
}

// For a label or a currency: the row that is referred to, whoever may see it.
static const char *join_target(Plan *plan, const char *from, const FieldDef *field,
                               const EntityDef *target)
{
    return join(plan, (Join){ .from = from, .field = field, .entity = target });
}

// For a path's own value: only where the actor sees that row.
static const char *join_seen(Plan *plan, const FieldDef *via)
{
    const EntityDef *far = via->of;
    bool is_scoped = !plan->query->all_rows && scope_bears_on(plan->ctx, far);
    return join(plan, (Join){ .from = "t", .field = via, .entity = far, .is_scoped = is_scoped });
}

static const char *join_parent(Plan *plan, const char *from, const EntityDef *parent)
{
    return join(plan, (Join){ .from = from, .entity = parent });
}

static const EntityDef *target_of(const FieldDef *f)
{
    if (f->type == FIELD_CHOICE)
        return entity_named(S("choice"));
    if (f->type == FIELD_FILE)
        return entity_named(S("file_row"));
    return f->type == FIELD_REF ? f->of : NULL;
}

static void put_join(Statement *s, const Join *j)
{
    if (!j->field) {
        buf_printf(&s->text, " JOIN %s %s ON %s.id = %s.%s_id", j->entity->name, j->alias, j->alias,
                   j->from, j->entity->name);
        return;
    }
    buf_printf(&s->text, " LEFT JOIN %s %s ON %s.id = %s.%s_id", j->entity->name, j->alias,
               j->alias, j->from, j->field->name);
    if (j->is_scoped)
        scope_where(s, j->entity, j->alias);
}

enum { STATEMENT_VALUES_MAX = 980 };  // of filters, search and scopes; a cursor takes a few more

Status plan_rows(Plan *plan, Statement *s)
{
    Statement where = { .ctx = s->ctx, .text = { .arena = s->ctx->arena }, .args = s->args };
    TRY(plan_where(plan, &where));  // first: filters may join more tables
    s->args = where.args;
    buf_printf(&s->text, " FROM %s t", plan->query->entity->name);
    EACH (j, plan->joins)
        put_join(s, j);
    buf_put(&s->text, buf_str(&where.text));
    if (s->args.len > STATEMENT_VALUES_MAX)
        return FAIL(plan->ctx, E_LIMIT, "query.scope", "your rows are limited by too many records");
    return OK;
}

// ---- Expressions --------------------------------------------------------------------------------

static const char *column_of(Plan *plan, const FieldDef *f, const char *alias)
{
    switch ((FieldType)f->type) {
    case FIELD_REF:
    case FIELD_CHOICE:
    case FIELD_FILE:
    case FIELD_LINK: return text(plan, "%s.%s_id", alias, f->name);
    default: return text(plan, "%s.%s", alias, f->name);
    }
}

static const char *builtin_column(Plan *plan, const FieldPath *path)
{
    if (path->kind == PATH_PARENT)
        return text(plan, "t.%s", path->entity->info->parent_column);
    if (path->kind == PATH_ABOVE)
        return "t.above_id";
    return text(plan, "t." STR_FMT, STR_ARG(path_text(plan->ctx->arena, path)));
}

Status plan_expression(Plan *plan, const FieldPath *path, const char **ret_sql,
                       const FieldDef **ret_field, const char **ret_alias)
{
    *ret_alias = "t";
    *ret_field = path->field;
    if (path->kind == PATH_CUSTOM) {
        *ret_sql = "t.extra";
        return OK;
    }
    if (path->kind == PATH_ASSIGNED) {
        *ret_sql = "(SELECT m.name FROM inbox_item w JOIN member m ON m.id = w.member_id"
                   " WHERE w.subject_id = t.id AND w.kind = 'assignment' AND w.state = 'open')";
        return OK;
    }
    if (path->kind != PATH_FIELD) {
        *ret_sql = builtin_column(plan, path);
        return OK;
    }
    if (path->field->type == FIELD_LIST || path->field->type == FIELD_BYTES)
        return FAIL(plan->ctx, E_INVALID, "query.field", "'" STR_FMT "' cannot stand in a list",
                    STR_ARG(path_text(plan->ctx->arena, path)));
    if (path->via)
        *ret_alias = join_seen(plan, path->via);
    *ret_sql = column_of(plan, path->field, *ret_alias);
    return OK;
}

// A target's title as one SQL expression, from its text and code fields; what else its title has is
// left out in lists.
static const char *title_expression(Plan *plan, const EntityDef *target, const char *alias)
{
    Buf out = { .arena = plan->ctx->arena };
    for (const FieldDef **f = target->info->title; *f; f++) {
        bool is_word = (*f)->type == FIELD_TEXT || (*f)->type == FIELD_CODE ||
                       (*f)->type == FIELD_ENUM || (*f)->type == FIELD_STATE ||
                       (*f)->type == FIELD_CURRENCY;
        if (is_word)
            buf_printf(&out, "%s%s.%s", out.len ? " || ' ' || " : "", alias, (*f)->name);
    }
    return out.len ? buf_str(&out).ptr : "''";
}

// The currency at `path`, seen from a row of `e`: "currency", "account.currency",
// "parent.currency".
static const char *currency_at(Plan *plan, const EntityDef *e, Str path, const char *alias)
{
    ptrdiff_t dot = str_find_char(path, '.');
    if (dot < 0)
        return text(plan, "%s." STR_FMT, alias, STR_ARG(path));
    Str step = str_sub(path, 0, (size_t)dot), rest = str_from_at(path, (size_t)dot + 1);
    if (str_is(step, "parent"))
        return currency_at(plan, e->parent, rest, join_parent(plan, alias, e->parent));
    const FieldDef *via = entity_field(e, step);
    return currency_at(plan, via->of, rest, join_target(plan, alias, via, via->of));
}

// Where the currency of an amount stands; NULL: it is in the company's.
static const char *currency_expression(Plan *plan, const EntityDef *e, const FieldDef *f,
                                       const char *alias)
{
    const char *in = f->more ? f->more->in : NULL;
    if (f->flags & BASE)
        return NULL;
    if (in)
        return currency_at(plan, e, str_from(in), alias);
    const FieldDef *own = e->info->currency;
    if (own && own->type == FIELD_CURRENCY)
        return text(plan, "%s.%s", alias, own->name);
    if (!e->parent)
        return NULL;
    return currency_expression(plan, e->parent, f, join_parent(plan, alias, e->parent));
}

// ---- What is selected ---------------------------------------------------------------------------

static int take(Plan *plan, const char *sql, bool is_text)
{
    *list_push(plan->ctx->arena, &plan->selected) = sql;
    *list_push(plan->ctx->arena, &plan->selected_text) = is_text;
    return (int)plan->selected.len - 1;
}

bool plan_is_text(const FieldDef *f)
{
    switch ((FieldType)f->type) {
    case FIELD_TEXT:
    case FIELD_CODE:
    case FIELD_RICH:
    case FIELD_JSON:
    case FIELD_FORMULA:
    case FIELD_SECRET:
    case FIELD_CURRENCY:
    case FIELD_ENUM:
    case FIELD_STATE:
    case FIELD_POINTS:
    case FIELD_SHAPE:
    case FIELD_SHAPES: return true;
    default: return false;
    }
}

static Status take_column(Plan *plan, const FieldPath *path)
{
    const char *sql, *alias;
    const FieldDef *f;
    Taken taken = { -1, -1, -1, false };
    TRY(plan_expression(plan, path, &sql, &f, &alias));
    const EntityDef *holder = path->via ? path->via->of : path->entity;
    const EntityDef *target = f ? target_of(f) : NULL;
    bool is_many = f && (f->type == FIELD_REFS || f->type == FIELD_CHOICES || f->type == FIELD_GEO);
    if (!is_many) {
        taken.is_text =
            f ? plan_is_text(f)
              : path->kind == PATH_CUSTOM || path->kind == PATH_PATH || path->kind == PATH_ASSIGNED;
        taken.value = take(plan, sql, taken.is_text);
    }
    if (target)
        taken.extra =
            take(plan, title_expression(plan, target, join_target(plan, alias, f, target)), true);
    if (f && f->type == FIELD_LINK)
        taken.extra = take(plan, text(plan, "%s.%s_kind", alias, f->name), true);
    const char *currency = f && (f->type == FIELD_MONEY || f->type == FIELD_PRICE)
                             ? currency_expression(plan, holder, f, alias)
                             : NULL;
    if (currency)
        taken.currency = take(plan, currency, true);
    *list_push(plan->ctx->arena, &plan->taken) = taken;
    return OK;
}

// ---- Sorting ------------------------------------------------------------------------------------

static bool can_be_sorted(const Ctx *ctx, const FieldPath *path)
{
    const FieldDef *f = path->field;
    if (!f)
        return path->kind != PATH_CUSTOM && path->kind != PATH_ASSIGNED;
    switch ((FieldType)f->type) {
    case FIELD_REFS:
    case FIELD_CHOICES:
    case FIELD_GEO:
    case FIELD_POINTS:
    case FIELD_SHAPE:
    case FIELD_SHAPES:
    case FIELD_JSON:
    case FIELD_FORMULA:
    case FIELD_SECRET: return false;
    default: return !(f->flags & SEALED) && !field_is_masked(ctx, f, true);
    }
}

static bool has_null(const EntityDef *e, const FieldPath *path)
{
    EACH (slot, e->info->slots)
        if (path->field && slot->field == path->field)
            return slot->is_nullable;
    return path->kind == PATH_UNTIL || path->kind == PATH_ABOVE;
}

// Words that are absent, because the reference leads nowhere, sort and page as empty ones.
static void take_order(Plan *plan, const char *sql, bool is_text, bool is_nullable, bool is_down)
{
    assert(plan->order_count < (int)COUNT(plan->order));
    if (is_text && is_nullable)
        sql = text(plan, "COALESCE(%s, '')", sql);
    typeof(*plan->order) *order = &plan->order[plan->order_count++];
    order->sql = sql;
    order->is_text = is_text;
    order->is_nullable = is_nullable && !is_text;
    order->is_down = is_down;
    order->at = take(plan, sql, is_text);
}

static void order_by_key(Plan *plan, bool is_down)
{
    const EntityDef *e = plan->query->entity;
    Str rest = str_from(e->key), word;
    while (str_next_word(&rest, &word)) {
        FieldPath path = { .entity = e, .field = entity_field(e, word) };
        take_order(plan, column_of(plan, path.field, "t"), plan_is_text(path.field),
                   has_null(e, &path), is_down);
    }
}

// What breaks the ties.
static void order_by_identity(Plan *plan)
{
    bool is_down = plan->query->sort_count > 0 && plan->query->sort[0].descending;
    if (entity_is_keyed(plan->query->entity))
        order_by_key(plan, is_down);
    else
        take_order(plan, "t.id", false, false, is_down);
}

static Status sort_by(Plan *plan, int i)
{
    const Sort *sort = &plan->query->sort[i];
    const char *sql, *alias;
    const FieldDef *f;
    if (!can_be_sorted(plan->ctx, &sort->path))
        return FAIL(plan->ctx, E_INVALID, "query.sort", "'" STR_FMT "' cannot be sorted by",
                    STR_ARG(path_text(plan->ctx->arena, &sort->path)));
    TRY(plan_expression(plan, &sort->path, &sql, &f, &alias));
    const EntityDef *target = f ? target_of(f) : NULL;
    bool is_text = f ? plan_is_text(f) : sort->path.kind == PATH_PATH;
    if (target) {
        const char *far = join_target(plan, alias, f, target);
        const FieldDef *name = target->info->title[0];
        bool sorted = name && name->flags & SORTED;
        sql =
            sorted ? text(plan, "%s.%s_key", far, name->name) : title_expression(plan, target, far);
        is_text = true;
    } else if (f && f->flags & SORTED) {
        sql = text(plan, "%s_key", sql);
    }
    take_order(plan, sql, is_text,
               target || sort->path.via || has_null(plan->query->entity, &sort->path),
               sort->descending);
    return OK;
}

enum { SEARCHED_MAX = 512 };

static Status search(Plan *plan)
{
    const EntityQuery *query = plan->query;
    if (query->search.len == 0)
        return OK;
    plan->is_searched = true;
    Archived archived = query->only_archived ? ARCHIVED_ONLY
                      : query->with_archived ? ARCHIVED_ALSO
                                             : ARCHIVED_NO;
    return search_ids(plan->ctx, query->entity, query->search, archived, SEARCHED_MAX,
                      &plan->found);
}

Status plan_make(Ctx *ctx, const EntityQuery *query, Plan *ret)
{
    *ret = (Plan){ .ctx = ctx, .query = query };
    take(ret, entity_is_keyed(query->entity) ? "0" : "t.id", false);
    take(ret, entity_is_root(query->entity) ? "t.version" : "0", false);
    EACH (path, query->columns)
        TRY(take_column(ret, path));
    for (int i = 0; i < query->sort_count; i++)
        TRY(sort_by(ret, i));
    order_by_identity(ret);
    return search(ret);
}
