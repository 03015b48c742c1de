// seen.c - scopes in the index's terms.
//
// The index may be a second behind, so what goes out is looked at once more: seen_now() asks the
// tables, with the predicate of entity/scope.h. The index's scope keeps counts, facets and ranking
// to what the actor may see.
#include "kernel/search/seen.h"

#include "gen/kernel.gen.h"
#include "kernel/auth/actor.h"
#include "kernel/entity/custom.h"
#include "kernel/entity/info.h"
#include "kernel/entity/mask.h"
#include "kernel/entity/record.h"
#include "kernel/entity/scope.h"
#include "kernel/search/source.h"

// ---- Scopes -------------------------------------------------------------------------------------

// One more condition, at the end of the chain.
static IndexScope *and_also(Ctx *ctx, IndexScope *scope)
{
    IndexScope *more = NEW(ctx->arena, IndexScope);
    while (scope->also)
        scope = (IndexScope *)scope->also;
    scope->also = more;
    return more;
}

static void let_value(Ctx *ctx, IndexScope *scope, Str facet, Str value)
{
    *list_push(ctx->arena, &scope->values) = (IndexValue){ facet, value };
}

// The holder itself: e's own record, or the one it stands in.
static void let_holder(Ctx *ctx, const EntityDef *e, IndexScope *scope, Id id)
{
    if (declared_holder(e) == e)
        *list_push(ctx->arena, &scope->ids) = id;
    else
        let_value(ctx, scope, S(HIDDEN_ROOT), id_text(ctx->arena, id));
}

static void scope_portal(Ctx *ctx, const EntityDef *e, IndexScope *ret)
{
    const Actor *actor = ctx->actor;
    IndexScope *scope = and_also(ctx, ret);
    Str path = scope_portal_path(declared_holder(e), actor->audience);
    if (str_is(path, "id"))
        let_holder(ctx, e, scope, actor->subject.id);
    else if (path.len)
        let_value(ctx, scope, declared_hidden_facet(ctx->arena, path),
                  id_text(ctx->arena, actor->subject.id));
}

// A limit bears on records whose scope fields refer to its kind, and on that kind itself. Without
// values it lets nothing of them through.
static void scope_limit(Ctx *ctx, const EntityDef *e, const ActorLimit *limit, IndexScope *ret)
{
    const EntityDef *holder = declared_holder(e);
    IndexScope mine = { 0 };
    HiddenList hidden = { 0 };
    bool is_own = holder == limit->entity, bears = is_own;
    declared_hidden(ctx, holder, &hidden);
    EACH (id, limit->values)
        if (is_own)
            let_holder(ctx, e, &mine, *id);
    EACH (h, hidden) {
        if (is_own || h->via || !h->is_scope || h->field->of != limit->entity)
            continue;
        bears = true;
        EACH (id, limit->values)
            let_value(ctx, &mine, h->facet, id_text(ctx->arena, *id));
    }
    if (bears)
        *and_also(ctx, ret) = mine;
}

void seen_scope(Ctx *ctx, const EntityDef *e, Archived archived, IndexScope *ret)
{
    const Actor *actor = ctx->actor;
    *ret = (IndexScope){ .is_all = archived == ARCHIVED_ALSO };
    if (!ret->is_all)
        let_value(ctx, ret, S(HIDDEN_ARCHIVED), archived == ARCHIVED_ONLY ? S("1") : S("0"));
    if (!actor || actor->kind == ACTOR_SYSTEM)
        return;
    if (actor->kind == ACTOR_PORTAL) {
        scope_portal(ctx, e, ret);
        return;
    }
    EACH (limit, actor->limits)
        scope_limit(ctx, e, limit, ret);
}

// ---- As it is now -------------------------------------------------------------------------------

// The root record tells whether a row is archived.
static void put_archived(Statement *s, const EntityDef *e, const char *alias, bool wanted)
{
    if (!e->parent) {
        buf_printf(&s->text, " AND %s.archived = %d", alias, wanted);
        return;
    }
    const char *up = str_format(s->ctx->arena, "%s_up", alias).ptr;
    buf_printf(&s->text, " AND EXISTS (SELECT 1 FROM %s %s WHERE %s.id = %s.%s", e->parent->name,
               up, up, alias, e->info->parent_column);
    put_archived(s, e->parent, up, wanted);
    buf_c(&s->text, ")");
}

static void put_seen(Statement *s, const EntityDef *e, Archived archived)
{
    scope_where(s, e, "t");
    if (archived != ARCHIVED_ALSO && entity_is_root(e->info->root))
        put_archived(s, e, "t", archived == ARCHIVED_ONLY);
}

static Status read_ids(Ctx *ctx, Statement *s, IdList *ret)
{
    Id id;
    Rows *rows = db_query(ctx, statement_done(s));
    while (rows_next(rows, &id))
        *list_push(ctx->arena, ret) = id;
    return rows_end(rows);
}

static bool holds(const IdList *list, Id id)
{
    EACH (one, *list)
        if (*one == id)
            return true;
    return false;
}

static Status seen_some(Ctx *ctx, const EntityDef *e, Archived archived, const IdList *ids,
                        IdList *ret)
{
    IdList found = { 0 };
    Statement s = { .ctx = ctx, .text = { .arena = ctx->arena } };
    buf_printf(&s.text, "SELECT t.id FROM %s t WHERE t.id IN (", e->name);
    statement_ids(&s, ids);
    buf_c(&s.text, ")");
    put_seen(&s, e, archived);
    TRY(read_ids(ctx, &s, &found));
    EACH (id, *ids)
        if (holds(&found, *id))
            *list_push(ctx->arena, ret) = *id;
    return OK;
}

Status seen_now(Ctx *ctx, const EntityDef *e, Archived archived, const IdList *ids, IdList *ret)
{
    *ret = (IdList){ 0 };
    for (size_t from = 0; from < ids->len; from += SOURCE_IDS_MAX) {
        size_t left = ids->len - from;
        IdList some = { ids->items + from, left < SOURCE_IDS_MAX ? left : SOURCE_IDS_MAX, 0 };
        TRY(seen_some(ctx, e, archived, &some, ret));
    }
    return OK;
}

// ---- Found at once ------------------------------------------------------------------------------

static bool is_exact_field(const Ctx *ctx, const FieldDef *f)
{
    bool is_word = f->type == FIELD_TEXT || f->type == FIELD_CODE;
    return is_word && f->flags & UNIQUE && !(f->flags & SEALED) &&
           actor_may_read_field(ctx->actor, f) && !field_is_masked(ctx, f, true);
}

// As typed, and in the two cases that codes are kept in.
static void put_spellings(Statement *s, Str words)
{
    Arena *arena = s->ctx->arena;
    statement_arg(s, arg_text(words));
    buf_c(&s->text, ", ");
    statement_arg(s, arg_text(str_upper_ascii(arena, words)));
    buf_c(&s->text, ", ");
    statement_arg(s, arg_text(str_lower_ascii(arena, words)));
}

Status seen_exact(Ctx *ctx, const EntityDef *e, Archived archived, Str words, IdList *ret)
{
    enum { WORDS_MAX = 200 };
    Statement s = { .ctx = ctx, .text = { .arena = ctx->arena } };
    const char *separator = " WHERE (";
    *ret = (IdList){ 0 };
    words = str_trim(words);
    if (words.len == 0 || words.len > WORDS_MAX)
        return OK;
    buf_printf(&s.text, "SELECT t.id FROM %s t", e->name);
    for (const FieldDef *f = e->fields; f < e->fields + e->count; f++) {
        if (!is_exact_field(ctx, f))
            continue;
        buf_printf(&s.text, "%st.%s IN (", separator, f->name);
        put_spellings(&s, words);
        buf_c(&s.text, ")");
        separator = " OR ";
    }
    if (separator[1] == 'W')
        return OK;
    buf_c(&s.text, ")");
    put_seen(&s, e, archived);
    buf_printf(&s.text, " ORDER BY t.id LIMIT %d", EXACT_MAX);
    return read_ids(ctx, &s, ret);
}

// ---- Facets -------------------------------------------------------------------------------------

static bool may_count(const Ctx *ctx, const FieldDef *f)
{
    return f && actor_may_read_field(ctx->actor, f) && !field_is_masked(ctx, f, true);
}

static bool is_own_facet(const OwnField *own)
{
    return own->is_filter && (own->kind == CUSTOM_TYPE_PICK || own->kind == CUSTOM_TYPE_YES_NO);
}

static bool has_own_fields(const EntityDef *e)
{
    return !entity_is_entry(e) && !entity_is_keyed(e);
}

void seen_facets(Ctx *ctx, const EntityDef *e, NameList *ret)
{
    Str rest = str_from(e->facets), name;
    while (str_next_word(&rest, &name))
        if (may_count(ctx, entity_field(e, name)))
            *list_push(ctx->arena, ret) = name;
    if (!has_own_fields(e))
        return;
    EACH (own, *custom_fields(ctx, e))
        if (is_own_facet(own))
            *list_push(ctx->arena, ret) = str_join(ctx->arena, S("x_"), own->name);
}

static Status no_value(Ctx *ctx, Str text)
{
    return FAIL(ctx, E_INVALID, "search.value", "'" STR_FMT "' is no value of this filter",
                STR_ARG(text));
}

// A value as an index holds it.
static Status key_of(Ctx *ctx, const FieldDef *f, Str text, Str *ret)
{
    Id id;
    *ret = text;
    if (!f)
        return OK;
    switch ((FieldType)f->type) {
    case FIELD_REF:
    case FIELD_REFS:
    case FIELD_CHOICE:
    case FIELD_CHOICES:
        if (!id_parse(text, &id))
            return no_value(ctx, text);
        *ret = id_text(ctx->arena, id);
        return OK;
    case FIELD_ENUM:
    case FIELD_STATE: return enum_value(f->of, text) ? OK : no_value(ctx, text);
    case FIELD_BOOL: *ret = str_is(text, "true") || str_is(text, "1") ? S("1") : S("0"); return OK;
    default: return OK;
    }
}

static bool is_facet(Ctx *ctx, const FieldPath *path, Str name)
{
    NameList names = { 0 };
    seen_facets(ctx, path->entity, &names);
    EACH (one, names)
        if (str_eq(*one, name))
            return true;
    return false;
}

Status seen_filter(Ctx *ctx, const Filter *filter, IndexFilter *ret)
{
    enum { VALUES_MAX = 100 };
    Str name = path_text(ctx->arena, &filter->path), rest = filter->text, one;
    bool is_many = filter->op == FILTER_IN;
    *ret = (IndexFilter){ .facet = name, .is_not = filter->op == FILTER_NOT };
    if (filter->path.via || !is_facet(ctx, &filter->path, name))
        return FAIL(ctx, E_INVALID, "search.filter", "'" STR_FMT "' is no filter of this search",
                    STR_ARG(name));
    if (!is_many && filter->op != FILTER_IS && filter->op != FILTER_NOT)
        return FAIL(ctx, E_INVALID, "search.filter",
                    "'" STR_FMT "' is filtered by its values: is, not or in", STR_ARG(name));
    while (is_many ? str_next(&rest, ',', &one) : ret->values.len == 0) {
        if (ret->values.len == VALUES_MAX)
            return FAIL(ctx, E_INVALID, "search.values", "at most %d values", VALUES_MAX);
        TRY(key_of(ctx, filter->path.field, is_many ? one : filter->text,
                   list_push(ctx->arena, &ret->values)));
    }
    return OK;
}

static Str own_label(Ctx *ctx, const EntityDef *e, Str facet, Str value)
{
    EACH (own, *custom_fields(ctx, e)) {
        if (!str_eq(own->name, str_from_at(facet, 2)))
            continue;
        if (own->kind == CUSTOM_TYPE_YES_NO)
            return str_from(ctx_text(ctx, str_is(value, "1") ? "Yes" : "No"));
        EACH (option, own->options)
            if (str_eq(option->code, value))
                return option->label;
    }
    return value;
}

Status seen_label(Ctx *ctx, const EntityDef *e, Str facet, Str value, Str *ret)
{
    const FieldDef *f = entity_field(e, facet);
    Id id;
    *ret = value;
    if (!f) {
        *ret = own_label(ctx, e, facet, value);
        return OK;
    }
    switch ((FieldType)f->type) {
    case FIELD_REF:
    case FIELD_REFS: return id_parse(value, &id) ? record_title(ctx, f->of, id, ret) : OK;
    case FIELD_CHOICE:
    case FIELD_CHOICES:
        return id_parse(value, &id) ? record_title(ctx, entity_named(S("choice")), id, ret) : OK;
    case FIELD_ENUM:
    case FIELD_STATE: {
        const EnumDef *words = f->of;
        *ret = str_from(ctx_text(ctx, words->values[enum_value(words, value)].label));
        return OK;
    }
    case FIELD_BOOL: *ret = str_from(ctx_text(ctx, str_is(value, "1") ? "Yes" : "No")); return OK;
    default: return OK;
    }
}
