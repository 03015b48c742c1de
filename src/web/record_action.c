// record_action.c - what can be done to a record beyond editing it: the page that asks, and the
// act.
#include "gen/pages/web_form.h"
#include "kernel/auth/actor.h"
#include "kernel/entity/info.h"
#include "kernel/entity/record.h"
#include "kernel/i18n.h"
#include "kernel/tenant.h"
#include "web/action.h"

static const Action *action_of(const EntityDef *e, Str name)
{
    const Machine *machine = machine_of(e);
    for (const Action *a = machine ? machine->actions : NULL; a && a->name; a++)
        if (str_is(name, a->name) && !(a->flags & (ACTION_INTERNAL | ACTION_NO_RECORD)))
            return a;
    return NULL;
}

static Status open_action(Ctx *ctx, ActionForm *ret)
{
    const EntityDef *e;
    TRY(page_entity(ctx, &e));
    *ret = (ActionForm){ .entity = e, .action = action_of(e, ctx->request->params[3]) };
    TRY(record_key(ctx, e, &ret->id));
    if (!ret->action)
        return FAIL(ctx, E_NOT_FOUND, "http.not_found", "there is no such action here");
    TRY(actor_require_action(ctx, e, ret->action));
    return OK;
}

static const void *defaults_of(Ctx *ctx, const ShapeDef *shape)
{
    void *value = arena_alloc(ctx->arena, shape->size);
    shape_defaults(ctx, shape, value);
    return value;
}

static Status draw(Ctx *ctx, ActionForm *form, const Json *typed, int status)
{
    Buf *out = &ctx->request->out;
    const EntityDef *e = form->entity;
    OptionCache options = { .lists = { .arena = ctx->arena } };
    void *record = arena_alloc(ctx->arena, e->size);
    TRY(access_get(ctx, e, form->id, record));
    form->version = entity_is_root(e) ? ((const Record *)record)->version : 0;
    TRY(record_title(ctx, e, form->id, &form->title));
    form->reason_code = typed ? json_str(typed, "reason_code") : S("");
    form->reason_words = typed ? json_str(typed, "reason_words") : S("");
    if (form->action->input)
        TRY(form_shape(ctx, &options, form->action->input, defaults_of(ctx, form->action->input),
                       typed, S(""), &form->inputs));
    buf_clear(out);
    size_t body = html_begin(out);
    web_action(out, ctx, form);
    return page_answer(ctx,
                       &(Page){ .title = tr(ctx, form->action->label),
                                .group = nav_group_of(e),
                                .list = form->title,
                                .list_url = record_url(ctx->arena, e, form->id) },
                       body, status);
}

Status action_page(Ctx *ctx)
{
    ActionForm form;
    TRY(open_action(ctx, &form));
    return draw(ctx, &form, NULL, 200);
}

typedef struct Again {
    int status;
} Again;

static Status draw_again(Ctx *ctx, void *arg)
{
    const Again *again = arg;
    const Json *sent;
    ActionForm form;
    Failure failure = ctx->failure;
    ctx_recover(ctx);
    TRY(request_json(ctx, &sent));
    TRY(open_action(ctx, &form));
    form.failure = &failure;
    ctx->failure = failure;
    return draw(ctx, &form, sent, again->status);
}

Status action_again(Ctx *ctx, int status)
{
    Again again = { .status = status };
    return tenant_read(ctx, draw_again, &again);
}

static Status tell(Ctx *ctx, const Action *action, Link made)
{
    if (action_was_asked(made))
        flash_put(ctx, "ok",
                  tr_format(ctx, "Asked for approval: %s. It is done when somebody approves it.",
                            tr(ctx, action->label).ptr));
    else
        flash_put(ctx, "ok", tr_format(ctx, "Done: %s.", tr(ctx, action->label).ptr));
    return OK;
}

Status record_action_post(Ctx *ctx)
{
    ActionForm form;
    const Json *sent, *input;
    int64_t version = 0;
    Link made;
    TRY(open_action(ctx, &form));
    TRY(request_json(ctx, &sent));
    str_int(json_str(sent, "_version"), &version);
    TRY(form_read_shape(ctx, form.action->input, sent, &input));
    TRY(action_run(ctx, form.entity, form.id, version, form.action->name, input, INPUT_FORM,
                   &made));
    TRY(tell(ctx, form.action, made));
    Str back = json_str(sent, "back");
    Url there;
    if (back.len) {
        TRY(url_local(ctx, back, &there));
        return respond_redirect(ctx, there.text);
    }
    bool is_shown = made.entity && entity_is_open(ctx, made.entity);
    Url next = is_shown ? record_url(ctx->arena, made.entity, made.id)
                        : record_url(ctx->arena, form.entity, form.id);
    return respond_redirect(ctx, next.text);
}
