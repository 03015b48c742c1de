// settings.c - what people set: one topic a module, the effect in plain words under each field.
#include "web/settings.h"

#include "gen/pages/web_settings.h"
#include "kernel/auth/actor.h"
#include "kernel/i18n.h"
#include "kernel/tenant.h"
#include "web/web.h"

static bool may_set(const Ctx *ctx, const Setting *setting)
{
    return actor_may(ctx->actor, setting->permission ? setting->permission : "platform.settings");
}

// What was typed stands at the setting's name as a path: "inventory.cost_method".
static const Json *typed_value(const Json *sent, const char *name)
{
    Str rest = str_from(name), part;
    const Json *at = sent;
    while (at && str_next(&rest, '.', &part)) {
        const Json *next = NULL;
        for (const Json *one = at->type == JSON_OBJECT ? at->first : NULL; one; one = one->next)
            if (str_eq(one->key, part))
                next = one;
        at = next;
    }
    return at && at->type == JSON_STRING ? at : NULL;
}

// ---- The page -----------------------------------------------------------------------------------

static Status add_setting(Ctx *ctx, OptionCache *cache, const Setting *setting, const Json *sent,
                          SettingGroup *group)
{
    const Json *typed = sent ? typed_value(sent, setting->name) : NULL;
    bool is_secret = setting->type == SETTING_SECRET;
    SettingView view = { .setting = setting };
    view.value = is_secret ? S("") : typed ? typed->text : setting_text(ctx, setting->name);
    FieldDef field = { .name = setting->name,
                       .type = setting->type == SETTING_ENUM ? FIELD_ENUM : FIELD_REF,
                       .of = setting->type == SETTING_ENUM ? (const void *)setting->values
                                                           : (const void *)setting->entity };
    if (field.of)
        TRY(options_of(ctx, cache, &field, &view.options));
    *list_push(ctx->arena, &group->settings) = view;
    return OK;
}

static Status read_groups(Ctx *ctx, const Json *sent, SettingGroupList *ret)
{
    OptionCache cache = { .lists = { .arena = ctx->arena } };
    for (const Module *const *m = modules_all(); *m; m++) {
        SettingGroup group = { .module = *m };
        for (const Setting *s = (*m)->settings; s && s->name; s++)
            if (may_set(ctx, s) && tenant_has_module(ctx->tenant, (*m)->name))
                TRY(add_setting(ctx, &cache, s, sent, &group));
        if (group.settings.len)
            *list_push(ctx->arena, ret) = group;
    }
    return OK;
}

static Status draw(Ctx *ctx, const Json *sent, int status)
{
    SettingGroupList groups = { 0 };
    Buf *out = &ctx->request->out;
    TRY(read_groups(ctx, sent, &groups));
    buf_clear(out);
    size_t body = html_begin(out);
    web_settings(out, ctx, groups);
    return page_answer(ctx, &(Page){ .title = tr(ctx, "Settings"), .group = "Settings" }, body,
                       status);
}

Status settings_page(Ctx *ctx)
{
    ctx->request->timed = TIMED_SETTINGS;
    return draw(ctx, NULL, 200);
}

static Status draw_again(Ctx *ctx, void *arg)
{
    const Json *sent;
    Failure failure = ctx->failure;
    ctx_recover(ctx);
    TRY(request_json(ctx, &sent));
    ctx->failure = failure;
    return draw(ctx, sent, *(int *)arg);
}

Status settings_again(Ctx *ctx, int status)
{
    return tenant_read(ctx, draw_again, &status);
}

// ---- Saving -------------------------------------------------------------------------------------

// A box that is not ticked is not sent: on this page every switch of the module was.
static Status save_one(Ctx *ctx, const Setting *setting, const Json *sent, int *ret_changed)
{
    const Json *typed = typed_value(sent, setting->name);
    Str value = typed ? str_trim(typed->text) : S("");
    if (setting->type == SETTING_BOOL)
        value = typed ? S("true") : S("false");
    else if (!typed || (setting->type == SETTING_SECRET && value.len == 0))
        return OK;
    if (str_eq(value, setting_text(ctx, setting->name)))
        return OK;
    Status status = setting_set(ctx, str_from(setting->name), value);
    if (status == E_INVALID && ctx->failure.problems.len == 0) {
        Str message = ctx->failure.message;
        ctx_recover(ctx);
        ctx_problem(ctx, str_from(setting->name), "setting.value", STR_FMT, STR_ARG(message));
        return OK;
    }
    (*ret_changed)++;
    return status;
}

Status settings_post(Ctx *ctx)
{
    const Module *module = module_named(ctx->request->params[0]);
    const Json *sent;
    int changed = 0;
    if (!module || !tenant_has_module(ctx->tenant, module->name))
        return FAIL(ctx, E_NOT_FOUND, "http.not_found", "there is no such page");
    TRY(request_json(ctx, &sent));
    for (const Setting *s = module->settings; s && s->name; s++)
        if (may_set(ctx, s))
            TRY(save_one(ctx, s, sent, &changed));
    TRY(ctx_problems(ctx));
    flash_put(ctx, "ok", changed ? tr(ctx, "Saved.") : tr(ctx, "Nothing was changed."));
    return respond_redirect(ctx, S("/admin/settings"));
}
