// cache.c - building a tenant's cache: settings, subscribed modules, own fields, roles as
// permission bits, webhooks.
#include "kernel/tenant/cache.h"

#include "base/json.h"
#include "gen/kernel.gen.h"

size_t grant_words(void)
{
    return ((size_t)permission_count() + 63) / 64;
}

const CachedRole *cache_role(const TenantCache *cache, Id role)
{
    EACH (r, cache->roles)
        if (r->id == role)
            return r;
    return NULL;
}

static Status read_settings(Ctx *ctx, TenantCache *cache)
{
    Str name, body;
    Rows *rows = db_query(ctx, SQL("SELECT name, body FROM setting_value"));
    while (rows_next(rows, &name, &body)) {
        Str *kept = NEW(&cache->arena, Str);
        *kept = str_copy(&cache->arena, body);
        map_set(&cache->settings, str_copy(&cache->arena, name), kept);
    }
    return rows_end(rows);
}

// ---- Roles --------------------------------------------------------------------------------------

// "oms.*" means every permission below, "*" all there are.
static bool covers(Str pattern, const char *permission)
{
    if (str_is(pattern, "*"))
        return true;
    if (!str_ends(pattern, S(".*")))
        return str_is(pattern, permission);
    return str_starts(str_from(permission), str_sub(pattern, 0, pattern.len - 1));
}

static void apply_grant(uint64_t *grants, Str pattern, bool allow)
{
    for (const Module *const *m = modules_all(); *m; m++)
        for (const Permission *p = (*m)->permissions; p && p->name; p++) {
            int n = permission_number(str_from(p->name));
            if (!covers(pattern, p->name))
                continue;
            if (allow)
                grants[n / 64] |= UINT64_C(1) << (n % 64);
            else
                grants[n / 64] &= ~(UINT64_C(1) << (n % 64));
        }
}

static Status read_roles(Ctx *ctx, TenantCache *cache)
{
    Id id, role;
    Str name, permission, effect;
    Rows *rows = db_query(ctx, SQL("SELECT id, name FROM role WHERE archived = 0 ORDER BY id"));
    while (rows_next(rows, &id, &name))
        *list_push(&cache->arena, &cache->roles) =
            (CachedRole){ id, str_copy(&cache->arena, name),
                          NEW_ARRAY(&cache->arena, uint64_t, grant_words()) };
    TRY(rows_end(rows));
    // Refusals come last, so that they win over whatever allows.
    rows = db_query(ctx,
                    SQL("SELECT role_id, permission, effect FROM role_grant ORDER BY effect, id"));
    while (rows_next(rows, &role, &permission, &effect)) {
        const CachedRole *found = cache_role(cache, role);
        if (found)
            apply_grant(found->grants, permission, str_is(effect, "allow"));
    }
    return rows_end(rows);
}

// ---- Members ------------------------------------------------------------------------------------

const CachedMember *cache_member(const TenantCache *cache, Id user)
{
    EACH (m, cache->members)
        if (m->user == user)
            return m;
    return NULL;
}

static CachedMember *member_with_id(TenantCache *cache, Id id)
{
    EACH (m, cache->members)
        if (m->id == id)
            return m;
    return NULL;
}

static Status read_members(Ctx *ctx, TenantCache *cache)
{
    Id id, user, role;
    Str name;
    bool owner;
    Rows *rows = db_query(ctx, SQL("SELECT id, staff_user, name, is_owner FROM member"
                                   " WHERE staff_user <> 0 AND archived = 0 ORDER BY id"));
    while (rows_next(rows, &id, &user, &name, &owner)) {
        CachedMember *member = list_push(&cache->arena, &cache->members);
        *member = (CachedMember){ id,
                                  user,
                                  str_copy(&cache->arena, name),
                                  NEW_ARRAY(&cache->arena, uint64_t, grant_words()),
                                  { 0 } };
        if (owner)
            apply_grant(member->grants, S("*"), true);
    }
    TRY(rows_end(rows));
    rows = db_query(ctx, SQL("SELECT owner_id, target_id FROM member_roles"));
    while (rows_next(rows, &id, &role)) {
        CachedMember *member = member_with_id(cache, id);
        const CachedRole *found = cache_role(cache, role);
        for (size_t w = 0; member && found && w < grant_words(); w++)
            member->grants[w] |= found->grants[w];
    }
    return rows_end(rows);
}

// Limits on a tree hold for everything below.
static Status add_below(Ctx *ctx, TenantCache *cache, const EntityDef *e, Id top, IdList *values)
{
    Id id;
    *list_push(&cache->arena, values) = top;
    if (!e->tree)
        return OK;
    const char *sql =
        sql_intern(str_format(ctx->arena,
                              "SELECT below.id FROM %s top JOIN %s below ON"
                              " below.path > top.path AND below.path < top.path || '~'"
                              " WHERE top.id = $1",
                              e->name, e->name));
    Rows *rows = db_query(ctx, (Query){ sql, (Arg[]){ arg_int(top) }, 1 });
    while (rows_next(rows, &id))
        *list_push(&cache->arena, values) = id;
    return rows_end(rows);
}

static ActorLimit *limit_on(TenantCache *cache, CachedMember *member, const EntityDef *e)
{
    EACH (limit, member->limits)
        if (limit->entity == e)
            return limit;
    ActorLimit *limit = list_push(&cache->arena, &member->limits);
    limit->entity = e;
    return limit;
}

static Status read_limits(Ctx *ctx, TenantCache *cache)
{
    LIST(struct {
        Id member;
        Str kind;
        Id target;
    })
    found = { 0 };
    Id member, target;
    Str kind;
    Rows *rows = db_query(
        ctx, SQL("SELECT member_id, target_kind, target_id FROM member_limit ORDER BY id"));
    while (rows_next(rows, &member, &kind, &target))
        *list_push(ctx->arena, &found) = (typeof(*found.items)){ member, kind, target };
    TRY(rows_end(rows));
    EACH (f, found) {
        CachedMember *limited = member_with_id(cache, f->member);
        const EntityDef *e = entity_named(f->kind);
        if (limited && e)
            TRY(add_below(ctx, cache, e, f->target, &limit_on(cache, limited, e)->values));
    }
    return OK;
}

// ---- Own fields ---------------------------------------------------------------------------------

static void read_options(Ctx *ctx, TenantCache *cache, Str text, OwnField *field)
{
    const Json *json;
    if (text.len == 0 || json_parse(ctx, text, &json) != OK)
        return;
    JSON_EACH (option, json)
        *list_push(&cache->arena, &field->options) =
            (struct OwnOption){ str_copy(&cache->arena, json_str(option, "value_code")),
                                str_copy(&cache->arena, json_str(option, "label")) };
}

static OwnFieldList *fields_of(TenantCache *cache, Str entity)
{
    OwnFieldList *list = map_get(&cache->custom, entity);
    if (!list) {
        list = NEW(&cache->arena, OwnFieldList);
        map_set(&cache->custom, str_copy(&cache->arena, entity), list);
    }
    return list;
}

static Status read_custom(Ctx *ctx, TenantCache *cache)
{
    Id id;
    Str entity, name, label, kind, target, options;
    int64_t longest;
    bool required, filter;
    Rows *rows = db_query(
        ctx,
        SQL("SELECT id, entity, name, label, kind, target, longest, options, is_required, is_filter"
            " FROM custom_field WHERE archived = 0 ORDER BY entity, position, id"));
    while (rows_next(rows, &id, &entity, &name, &label, &kind, &target, &longest, &options,
                     &required, &filter)) {
        OwnField *field = list_push(&cache->arena, fields_of(cache, entity));
        *field = (OwnField){ .id = id,
                             .name = str_copy(&cache->arena, name),
                             .label = str_copy(&cache->arena, label),
                             .kind = enum_value(&custom_type_enum, kind),
                             .target = entity_named(target),
                             .longest = (int)longest,
                             .is_required = required,
                             .is_filter = filter };
        read_options(ctx, cache, options, field);
    }
    return rows_end(rows);
}

static Status read_webhooks(Ctx *ctx, TenantCache *cache)
{
    Id id;
    Str events;
    Rows *rows = db_query(ctx, SQL("SELECT id, events FROM webhook_endpoint"
                                   " WHERE is_active = 1 AND archived = 0 ORDER BY id"));
    while (rows_next(rows, &id, &events))
        *list_push(&cache->arena, &cache->webhooks) =
            (CachedWebhook){ id, str_copy(&cache->arena, events) };
    return rows_end(rows);
}

Status cache_build(Ctx *ctx, TenantCache *cache)
{
    Map empty = { .arena = &cache->arena };
    cache->settings = cache->custom = empty;
    cache->built_at = ctx->now;
    TRY(read_settings(ctx, cache));
    TRY(read_roles(ctx, cache));
    TRY(read_members(ctx, cache));
    TRY(read_limits(ctx, cache));
    TRY(read_custom(ctx, cache));
    return read_webhooks(ctx, cache);
}

const OwnFieldList *custom_fields(const Ctx *ctx, const EntityDef *e)
{
    static const OwnFieldList none;
    const TenantCache *cache = ctx->tenant ? ctx->tenant->cache : NULL;
    const OwnFieldList *found = cache ? map_get(&cache->custom, str_from(e->name)) : NULL;
    return found ? found : &none;
}
