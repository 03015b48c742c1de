// routes.c - one's inbox, assigning and approving, over the API.
#include "kernel/inbox/routes.h"

#include "kernel/approval.h"
#include "kernel/auth/actor.h"
#include "kernel/entity/info.h"
#include "kernel/entity/query.h"
#include "kernel/http/request.h"
#include "kernel/http/rest.h"
#include "kernel/inbox.h"

static Status id_param(Ctx *ctx, Id *ret)
{
    if (id_parse(ctx->request->params[0], ret))
        return OK;
    return FAIL(ctx, E_NOT_FOUND, "inbox.not_found", "'" STR_FMT "' is no id",
                STR_ARG(ctx->request->params[0]));
}

static Status done(Ctx *ctx)
{
    return respond(ctx, 204, S(""), S(""));
}

// ---- Reading ------------------------------------------------------------------------------------

static void put_text(JsonOut *json, const char *key, Str value)
{
    json_key(json, key);
    json_put_str(json, value);
}

static void put_subject(Ctx *ctx, const InboxRow *row, JsonOut *json)
{
    json_key(json, "subject");
    if (!row->subject.entity) {
        json_put_null(json);
        return;
    }
    json_open(json, '{');
    put_text(json, "kind", str_from(row->subject.entity->name));
    put_text(json, "id", id_text(ctx->arena, row->subject.id));
    put_text(json, "title", row->title);
    json_close(json, '}');
}

static void put_row(Ctx *ctx, const InboxRow *row, JsonOut *json)
{
    json_open(json, '{');
    put_text(json, "id", id_text(ctx->arena, row->id));
    put_text(json, "kind", str_from(inbox_kind_enum.values[row->kind].name));
    put_text(json, "at", time_text(ctx->arena, row->at));
    put_subject(ctx, row, json);
    put_text(json, "action", row->action);
    put_text(json, "words", row->words);
    put_text(json, "from", row->sender);
    json_key(json, "snoozed_until");
    if (row->snoozed_until)
        json_put_str(json, date_text(ctx->arena, row->snoozed_until));
    else
        json_put_null(json);
    json_key(json, "may_answer");
    json_put_bool(json, row->kind == INBOX_KIND_APPROVAL && !row->is_mine);
    json_close(json, '}');
}

static Status view_of(Ctx *ctx, InboxView *ret)
{
    static const char *const names[] = { "open", "snoozed", "done" };
    Str wanted = request_query(ctx->request, "view");
    *ret = INBOX_OPEN;
    for (int i = 0; i < (int)COUNT(names); i++)
        if (str_is(wanted, names[i])) {
            *ret = (InboxView)i;
            return OK;
        }
    return wanted.len ? FAIL(ctx, E_INVALID, "query.view", "view is open, snoozed or done") : OK;
}

Status inbox_list_route(Ctx *ctx)
{
    JsonOut json = { .out = &ctx->request->out };
    InboxRowList rows;
    InboxView view;
    TRY(view_of(ctx, &view));
    TRY(inbox_read(ctx, view, &rows));
    json_open(&json, '{');
    json_key(&json, "items");
    json_open(&json, '[');
    EACH (row, rows)
        put_row(ctx, row, &json);
    json_close(&json, ']');
    json_close(&json, '}');
    return respond_json(ctx, 200);
}

// ---- One's own entries --------------------------------------------------------------------------

static Status set_done(Ctx *ctx, bool is_done)
{
    Id id;
    TRY(id_param(ctx, &id));
    TRY(inbox_done(ctx, id, is_done));
    return done(ctx);
}

Status inbox_done_route(Ctx *ctx)
{
    return set_done(ctx, true);
}

Status inbox_reopen_route(Ctx *ctx)
{
    return set_done(ctx, false);
}

Status inbox_snooze_route(Ctx *ctx)
{
    const Json *sent;
    Date until = 0;
    Id id;
    TRY(id_param(ctx, &id));
    TRY(request_json(ctx, &sent));
    Str text = json_str(sent, "until");
    if (text.len && !date_parse(text, &until))
        return FAIL(ctx, E_INVALID, "inbox.until", "'" STR_FMT "' is no day", STR_ARG(text));
    TRY(inbox_snooze(ctx, id, until));
    return done(ctx);
}

// ---- Assigning ----------------------------------------------------------------------------------

Status assign_route(Ctx *ctx)
{
    const Json *sent;
    Id record = 0, member = 0;
    bool seen = false;
    TRY(request_json(ctx, &sent));
    const EntityDef *e = entity_named(json_str(sent, "entity"));
    Str whom = json_str(sent, "member");
    if (!e || !entity_is_root(e) || !tenant_has_entity(ctx->tenant, e))
        return FAIL(ctx, E_INVALID, "inbox.entity", "there is no such kind of record");
    TRY(actor_require(ctx, entity_permission(e, true)));
    if (id_parse(json_str(sent, "target"), &record))
        TRY(entity_may_see(ctx, e, record, &seen));
    if (!seen)
        return FAIL(ctx, E_NOT_FOUND, "record.not_found", "there is no such record");
    if (whom.len && !id_parse(whom, &member))
        return FAIL(ctx, E_INVALID, "inbox.member", "there is no such person here");
    TRY(inbox_assign(ctx, (Link){ e, record }, member));
    return done(ctx);
}

// ---- Approving ----------------------------------------------------------------------------------

Status approval_approve_route(Ctx *ctx)
{
    JsonOut json = { .out = &ctx->request->out };
    Link made;
    Id id;
    TRY(id_param(ctx, &id));
    TRY(approval_approve(ctx, id, &made));
    json_open(&json, '{');
    rest_put_made(ctx, made, &json);
    json_close(&json, '}');
    return respond_json(ctx, 200);
}

Status approval_refuse_route(Ctx *ctx)
{
    const Json *sent;
    Id id;
    TRY(id_param(ctx, &id));
    TRY(request_json(ctx, &sent));
    TRY(approval_refuse(ctx, id, json_str(sent, "reason")));
    return done(ctx);
}

Status approval_withdraw_route(Ctx *ctx)
{
    Id id;
    TRY(id_param(ctx, &id));
    TRY(approval_withdraw(ctx, id));
    return done(ctx);
}
