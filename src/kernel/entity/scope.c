// scope.c - row scopes.
//
// Somebody from outside sees the rows that a `portal:` note ties to the record they act for, and
// none where there is no such note. Staff see all rows, unless they are limited: then rows where
// any `scope:` field is among their values; a limit without values lets none of these through. A
// child is seen when its root is.
#include "kernel/entity/scope.h"

#include "kernel/auth/actor.h"
#include "kernel/entity/info.h"

#include <assert.h>

// ---- Statements ---------------------------------------------------------------------------------

void statement_arg(Statement *s, Arg arg)
{
    *list_push(s->ctx->arena, &s->args) = arg;
    buf_printf(&s->text, "$%zu", s->args.len);
}

void statement_ids(Statement *s, const IdList *ids)
{
    size_t room = 1;
    assert(ids->len > 0);
    while (room < ids->len)
        room *= 2;
    for (size_t i = 0; i < room; i++) {
        buf_c(&s->text, i ? ", " : "");
        statement_arg(s, arg_int(ids->items[i < ids->len ? i : ids->len - 1]));
    }
}

Query statement_done(Statement *s)
{
    return (Query){ buf_str(&s->text).ptr, s->args.items, (int)s->args.len };
}

// ---- Who sees what ------------------------------------------------------------------------------

Str scope_portal_path(const EntityDef *e, Str audience)
{
    Str rest = str_from(e->portal), word;
    while (str_next_word(&rest, &word)) {
        ptrdiff_t equals = str_find_char(word, '=');
        if (equals > 0 && str_eq(str_sub(word, 0, (size_t)equals), audience))
            return str_from_at(word, (size_t)equals + 1);
    }
    return S("");
}

// "customer", "id", or "delivery.customer": through one reference.
static void put_portal(Statement *s, const EntityDef *e, const char *alias, Str path)
{
    Id subject = s->ctx->actor->subject.id;
    ptrdiff_t dot = str_find_char(path, '.');
    if (path.len == 0) {
        buf_c(&s->text, " AND 1 = 0");
        return;
    }
    if (dot > 0) {
        const FieldDef *via = entity_field(e, str_sub(path, 0, (size_t)dot));
        const EntityDef *far = via->of;
        buf_printf(&s->text, " AND EXISTS (SELECT 1 FROM %s far WHERE far.id = %s.%s_id", far->name,
                   alias, via->name);
        put_portal(s, far, "far", str_from_at(path, (size_t)dot + 1));
        buf_c(&s->text, ")");
        return;
    }
    bool is_id = str_is(path, "id");
    buf_printf(&s->text, " AND %s." STR_FMT "%s = ", alias, STR_ARG(path), is_id ? "" : "_id");
    statement_arg(s, arg_int(subject));
}

// "values)" of an IN; none of them lets nothing through.
static void put_values(Statement *s, const IdList *values)
{
    if (values->len)
        statement_ids(s, values);
    buf_c(&s->text, values->len ? ")" : "NULL)");
}

static void put_limit(Statement *s, const EntityDef *e, const char *alias, const EntityDef *of,
                      const IdList *values)
{
    Str rest = str_from(e->scope), word;
    const char *separator = " AND (";
    while (str_next_word(&rest, &word)) {
        const FieldDef *f = entity_field(e, word);
        if (!f || f->type != FIELD_REF || f->of != of)
            continue;
        buf_printf(&s->text, "%s%s.%s_id IN (", separator, alias, f->name);
        put_values(s, values);
        separator = " OR ";
    }
    if (separator[1] == 'O')
        buf_c(&s->text, ")");
}

// A limit on places also bears on the places themselves.
static void put_own_limit(Statement *s, const char *alias, const IdList *values)
{
    buf_printf(&s->text, " AND %s.id IN (", alias);
    put_values(s, values);
}

static void put_root(Statement *s, const EntityDef *e, const char *alias)
{
    const Actor *actor = s->ctx->actor;
    if (actor->kind == ACTOR_PORTAL) {
        put_portal(s, e, alias, scope_portal_path(e, actor->audience));
        return;
    }
    EACH (limit, actor->limits) {
        if (e == limit->entity)
            put_own_limit(s, alias, &limit->values);
        else
            put_limit(s, e, alias, limit->entity, &limit->values);
    }
}

bool scope_is_open(const Ctx *ctx)
{
    const Actor *actor = ctx->actor;
    return !actor || actor->kind == ACTOR_SYSTEM ||
           (actor->kind != ACTOR_PORTAL && actor->limits.len == 0);
}

void scope_where(Statement *s, const EntityDef *e, const char *alias)
{
    if (scope_is_open(s->ctx))
        return;
    if (!e->parent || e->portal) {
        put_root(s, e, alias);
        return;
    }
    const char *above = str_format(s->ctx->arena, "%s_up", alias).ptr;
    buf_printf(&s->text, " AND EXISTS (SELECT 1 FROM %s %s WHERE %s.id = %s.%s_id", e->parent->name,
               above, above, alias, e->parent->name);
    scope_where(s, e->parent, above);
    buf_c(&s->text, ")");
}

bool scope_bears_on(Ctx *ctx, const EntityDef *e)
{
    Statement s = { .ctx = ctx, .text = { .arena = ctx->arena } };
    scope_where(&s, e, "t");
    return s.text.len > 0;
}

Status scope_require_read(Ctx *ctx, const EntityDef *e)
{
    const Actor *actor = ctx->actor;
    if (actor && actor->kind == ACTOR_PORTAL) {
        const EntityDef *root = e->portal ? e : e->info->root;
        if (scope_portal_path(root, actor->audience).len)
            return OK;
        return FAIL(ctx, E_DENIED, "denied.portal", "this is not open to you");
    }
    return actor_require(ctx, e->info->read_permission);
}
