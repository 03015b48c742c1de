// cache.c - building a tenant's cache: settings, subscribed modules, own fields, roles as permission bits,
// webhooks.
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

// ---- Roles -----------------------------------------------------------------------------------------

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
    rows = db_query(ctx, SQL("SELECT role_id, permission, effect FROM role_grant ORDER BY effect, id"));
    while (rows_next(rows, &role, &permission, &effect)) {
        const CachedRole *found = cache_role(cache, role);
        if (found)
            apply_grant(found->grants, permission, str_is(effect, "allow"));
    }
    return rows_end(rows);
}

// ---- Own fields --------------------------------------------------------------------------------------

static void read_options(Ctx *ctx, TenantCache *cache, Str text, CustomField *field)
{
    const Json *json;
    if (text.len == 0 || json_parse(ctx, text, &json) != OK)
        return;
    JSON_EACH (option, json)
        *list_push(&cache->arena, &field->options) =
            (struct CustomOption){ str_copy(&cache->arena, json_str(option, "value_code")),
                                   str_copy(&cache->arena, json_str(option, "label")) };
}

static CustomFieldList *fields_of(TenantCache *cache, Str entity)
{
    CustomFieldList *list = map_get(&cache->custom, entity);
    if (!list) {
        list = NEW(&cache->arena, CustomFieldList);
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
        ctx, SQL("SELECT id, entity, name, label, kind, target, longest, options, is_required, is_filter"
                 " FROM custom_field WHERE archived = 0 ORDER BY entity, position, id"));
    while (rows_next(rows, &id, &entity, &name, &label, &kind, &target, &longest, &options, &required,
                     &filter)) {
        CustomField *field = list_push(&cache->arena, fields_of(cache, entity));
        *field = (CustomField){ .id = id,
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
    TRY(read_custom(ctx, cache));
    return read_webhooks(ctx, cache);
}

const CustomFieldList *custom_fields(const Ctx *ctx, const EntityDef *e)
{
    static const CustomFieldList none;
    const TenantCache *cache = ctx->tenant ? ctx->tenant->cache : NULL;
    const CustomFieldList *found = cache ? map_get(&cache->custom, str_from(e->name)) : NULL;
    return found ? found : &none;
}
