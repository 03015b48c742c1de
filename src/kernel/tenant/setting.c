// setting.c - what the tenant has set, or what the declaration starts with.
#include "base/json.h"
#include "kernel/audit.h"
#include "kernel/tenant/cache.h"

#include <assert.h>

static Str value_of(const Ctx *ctx, const char *name, const Setting **ret)
{
    const Setting *setting = setting_named(str_from(name));
    assert(setting);
    *ret = setting;
    const TenantCache *cache = ctx->tenant ? ctx->tenant->cache : NULL;
    const Str *own = cache ? map_get(&cache->settings, str_from(name)) : NULL;
    return own ? *own : str_from(setting->initial);
}

Str setting_text(const Ctx *ctx, const char *name)
{
    const Setting *setting;
    return value_of(ctx, name, &setting);
}

bool setting_bool(const Ctx *ctx, const char *name)
{
    return str_is(setting_text(ctx, name), "1");
}

int64_t setting_int(const Ctx *ctx, const char *name)
{
    int64_t value = 0;
    str_int(setting_text(ctx, name), &value);
    return value;
}

int setting_enum(const Ctx *ctx, const char *name)
{
    const Setting *setting;
    Str word = value_of(ctx, name, &setting);
    return enum_value(setting->values, word);
}

Id setting_ref(const Ctx *ctx, const char *name)
{
    Id id = 0;
    id_parse(setting_text(ctx, name), &id);
    return id;
}

static Status check(Ctx *ctx, const Setting *setting, Str value)
{
    int64_t number;
    Id id;
    switch (setting->type) {
    case SETTING_BOOL:
        if (!str_is(value, "0") && !str_is(value, "1"))
            return FAIL(ctx, E_INVALID, "setting.value", "'%s' is 0 or 1", setting->name);
        return OK;
    case SETTING_INT:
        if (!str_int(value, &number))
            return FAIL(ctx, E_INVALID, "setting.value", "'%s' is a whole number", setting->name);
        return OK;
    case SETTING_ENUM:
        if (!enum_value(setting->values, value))
            return FAIL(ctx, E_INVALID, "setting.value", "'" STR_FMT "' is not a choice for '%s'",
                        STR_ARG(value), setting->name);
        return OK;
    case SETTING_REF:
        if (value.len && !id_parse(value, &id))
            return FAIL(ctx, E_INVALID, "setting.value", "'%s' is the id of a record",
                        setting->name);
        return OK;
    default:
        if (value.len > 4000)
            return FAIL(ctx, E_INVALID, "setting.value", "'%s' has at most 4000 characters",
                        setting->name);
        return OK;
    }
}

// Settings are no records: what somebody set is an entry of its own in the trail.
static Status note_change(Ctx *ctx, const Setting *setting, Str value)
{
    Buf facts = { .arena = ctx->arena };
    JsonOut json = { .out = &facts };
    json_open(&json, '{');
    json_key(&json, "name");
    json_put_str(&json, str_from(setting->name));
    json_key(&json, "value");
    json_put_str(&json, setting->type == SETTING_SECRET ? S("***") : value);
    json_close(&json, '}');
    return audit_note(ctx, "setting", (Link){ 0 }, buf_str(&facts));
}

Status setting_set(Ctx *ctx, Str name, Str value)
{
    const Setting *setting = setting_named(name);
    if (!setting)
        return FAIL(ctx, E_NOT_FOUND, "setting.unknown", "there is no setting '" STR_FMT "'",
                    STR_ARG(name));
    TRY(check(ctx, setting, value));
    Id member = ctx->actor ? ctx->actor->member : 0;
    TRY(db_write(ctx, SQL("INSERT INTO setting_value (name, body, changed_at, member_id)"
                          " VALUES ($1, $2, $3, $4) ON CONFLICT (name) DO UPDATE"
                          " SET body = excluded.body, changed_at = excluded.changed_at,"
                          " member_id = excluded.member_id",
                          name, value, ctx->now, member)));
    TRY(note_change(ctx, setting, value));
    tenant_cache_stale(ctx);
    return OK;
}
