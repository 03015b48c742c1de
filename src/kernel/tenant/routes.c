// routes.c - what a company has set and which modules it uses, over the API.
#include "kernel/tenant/routes.h"

#include "kernel/audit.h"
#include "kernel/auth/actor.h"
#include "kernel/http/request.h"
#include "kernel/i18n.h"

// ---- Settings -----------------------------------------------------------------------------------

static const char *permission_of(const Setting *setting)
{
    return setting->permission ? setting->permission : "platform.settings";
}

static void put_choices(Ctx *ctx, const Setting *setting, JsonOut *json)
{
    if (setting->type != SETTING_ENUM)
        return;
    json_key(json, "choices");
    json_open(json, '[');
    for (int i = 1; i < setting->values->count; i++) {
        json_open(json, '{');
        json_key(json, "value");
        json_put_str(json, str_from(setting->values->values[i].name));
        json_key(json, "label");
        json_put_str(json, tr(ctx, setting->values->values[i].label));
        json_close(json, '}');
    }
    json_close(json, ']');
}

static void put_value(Ctx *ctx, const Setting *setting, JsonOut *json)
{
    json_key(json, "value");
    switch (setting->type) {
    case SETTING_BOOL: json_put_bool(json, setting_bool(ctx, setting->name)); return;
    case SETTING_INT: json_put_int(json, setting_int(ctx, setting->name)); return;
    case SETTING_SECRET: json_put_bool(json, setting_text(ctx, setting->name).len > 0); return;
    default: json_put_str(json, setting_text(ctx, setting->name)); return;
    }
}

static void put_setting(Ctx *ctx, const Setting *setting, JsonOut *json)
{
    static const char *const types[] = { "bool", "int", "text", "enum", "ref", "secret" };
    json_open(json, '{');
    json_key(json, "name");
    json_put_str(json, str_from(setting->name));
    json_key(json, "label");
    json_put_str(json, tr(ctx, setting->label));
    json_key(json, "effect");
    json_put_str(json, tr(ctx, setting->effect));
    json_key(json, "type");
    json_put_str(json, str_from(types[setting->type]));
    put_value(ctx, setting, json);
    put_choices(ctx, setting, json);
    json_close(json, '}');
}

Status settings_list(Ctx *ctx)
{
    JsonOut json = { .out = &ctx->request->out };
    json_open(&json, '{');
    json_key(&json, "items");
    json_open(&json, '[');
    for (const Module *const *m = modules_all(); *m; m++)
        for (const Setting *s = (*m)->settings; s && s->name; s++)
            if (tenant_has_module(ctx->tenant, (*m)->name) &&
                actor_may(ctx->actor, permission_of(s)))
                put_setting(ctx, s, &json);
    json_close(&json, ']');
    json_close(&json, '}');
    return respond_json(ctx, 200);
}

static Status value_text(Ctx *ctx, const Json *value, Str *ret)
{
    switch (value->type) {
    case JSON_BOOL: *ret = value->boolean ? S("1") : S("0"); return OK;
    case JSON_STRING:
    case JSON_NUMBER: *ret = value->text; return OK;
    case JSON_NULL: *ret = S(""); return OK;
    default:
        return FAIL(ctx, E_INVALID, "setting.value", "'" STR_FMT "' takes one value",
                    STR_ARG(value->key));
    }
}

Status settings_change(Ctx *ctx)
{
    const Json *body;
    TRY(request_json(ctx, &body));
    for (const Json *member = body->first; member; member = member->next) {
        Str value;
        const Setting *setting = setting_named(member->key);
        if (!setting)
            return FAIL(ctx, E_INVALID, "setting.unknown", "there is no setting '" STR_FMT "'",
                        STR_ARG(member->key));
        TRY(actor_require(ctx, permission_of(setting)));
        TRY(value_text(ctx, member, &value));
        TRY(setting_set(ctx, member->key, value));
    }
    ctx->request->status = 204;
    return OK;
}

// ---- Modules ------------------------------------------------------------------------------------

static void put_module(Ctx *ctx, const Module *module, JsonOut *json)
{
    json_open(json, '{');
    json_key(json, "name");
    json_put_str(json, str_from(module->name));
    json_key(json, "label");
    json_put_str(json, tr(ctx, module->label));
    json_key(json, "is_shared");
    json_put_bool(json, module->is_shared);
    json_key(json, "is_used");
    json_put_bool(json, tenant_has_module(ctx->tenant, module->name));
    json_key(json, "requires");
    json_open(json, '[');
    for (const char *const *r = module->entities ? module->entities->requires : NULL; r && *r; r++)
        json_put_str(json, str_from(*r));
    json_close(json, ']');
    json_close(json, '}');
}

Status modules_list(Ctx *ctx)
{
    JsonOut json = { .out = &ctx->request->out };
    json_open(&json, '{');
    json_key(&json, "items");
    json_open(&json, '[');
    for (const Module *const *m = modules_all(); *m; m++)
        if (strcmp((*m)->name, "control") != 0)
            put_module(ctx, *m, &json);
    json_close(&json, ']');
    json_close(&json, '}');
    return respond_json(ctx, 200);
}

typedef struct Note {
    const char *act;
    Str module;
} Note;

static Status note(Ctx *ctx, void *arg)
{
    const Note *n = arg;
    Buf facts = { .arena = ctx->arena };
    JsonOut json = { .out = &facts };
    json_open(&json, '{');
    json_key(&json, "module");
    json_put_str(&json, n->module);
    json_close(&json, '}');
    return audit_note(ctx, n->act, (Link){ 0 }, buf_str(&facts));
}

static Status change_module(Ctx *ctx, const char *act, Status (*change)(Ctx *, Tenant *, Str))
{
    Note done = { act, ctx->request->params[0] };
    const Module *module = module_named(done.module);
    if (!module || strcmp(module->name, "control") == 0)
        return FAIL(ctx, E_NOT_FOUND, "module.not_found", "there is no module '" STR_FMT "'",
                    STR_ARG(done.module));
    TRY(change(ctx, ctx->tenant, done.module));
    TRY(tenant_transact(ctx, note, &done));
    ctx->request->status = 204;
    return OK;
}

Status modules_subscribe(Ctx *ctx)
{
    return change_module(ctx, "subscribe", tenant_subscribe);
}

Status modules_unsubscribe(Ctx *ctx)
{
    return change_module(ctx, "unsubscribe", tenant_unsubscribe);
}
