// approval.c - what it takes two people for.
//
// Asking checks everything that doing would check and then writes down the input as data; approving
// reads it back and does it, in one transaction with the answer. Between the two the record must
// not change: its version is part of what was asked for.
#include "kernel/approval.h"

#include "base/json.h"
#include "base/utf8.h"
#include "kernel/audit.h"
#include "kernel/auth/actor.h"
#include "kernel/entity/info.h"
#include "kernel/entity/query.h"
#include "kernel/entity/record.h"
#include "kernel/entity/run.h"
#include "kernel/entity/work.h"
#include "kernel/i18n.h"
#include "kernel/inbox.h"
#include "kernel/tenant/cache.h"

enum { WHY_MAX = 500 };

// ---- Rules --------------------------------------------------------------------------------------

bool approval_is_known(const EntityDef *e)
{
    for (const Module *const *m = modules_all(); *m; m++)
        for (const ApprovalRule *r = (*m)->approvals; r && r->entity; r++)
            if (r->entity == e)
                return true;
    return false;
}

// The first rule that bears on it, and why; NULL: it may be done at once.
static Status find_rule(Ctx *ctx, const EntityDef *e, const Action *action, const void *record,
                        const void *input, const ApprovalRule **ret, Str *ret_why)
{
    *ret = NULL;
    for (const Module *const *m = modules_all(); *m; m++)
        for (const ApprovalRule *r = (*m)->approvals; r && r->entity; r++) {
            if (r->entity != e || strcmp(r->action, action->name) != 0 ||
                !tenant_has_module(ctx->tenant, (*m)->name))
                continue;
            TRY(r->needs(ctx, record, input, ret_why));
            if (ret_why->len == 0)
                continue;
            *ret = r;
            return OK;
        }
    return OK;
}

static bool is_person(const Actor *actor)
{
    return actor && actor->member && (actor->kind == ACTOR_STAFF || actor->kind == ACTOR_KEY);
}

bool approval_is_mine_to_answer(const Ctx *ctx, Str permission, Id asked_by)
{
    int n = permission_number(permission);
    const Actor *actor = ctx->actor;
    return is_person(actor) && actor->member != asked_by && n >= 0 && actor->grants &&
           (actor->grants[n / 64] >> (n % 64) & 1);
}

// ---- Asking -------------------------------------------------------------------------------------

static Str input_as_json(Ctx *ctx, const Action *action, const void *input)
{
    Buf out = { .arena = ctx->arena };
    JsonOut json = { .out = &out };
    if (!action->input)
        return S("");
    shape_to_json(ctx, action->input, input, &json);
    return buf_str(&out);
}

static Status refuse_twice(Ctx *ctx, const Action *action, Id id)
{
    Id asked_by;
    Time at;
    bool found;
    TRY(db_maybe(ctx,
                 SQL("SELECT COALESCE(asked_by_id, 0), at FROM approval WHERE subject_id = $1"
                     " AND action = $2 AND state = 'waiting'",
                     id, action->name),
                 &found, &asked_by, &at));
    return found ? FAIL(ctx, E_CONFLICT, "approval.waiting",
                        "this waits for approval already, asked for by " STR_FMT " on " STR_FMT,
                        STR_ARG(house_person_name(ctx, asked_by)), STR_ARG(show_time(ctx, at)))
                 : OK;
}

// Everybody who may answer hears of it.
static Status tell_approvers(Ctx *ctx, const Approval *approval, const Action *action)
{
    Str words = str_format(ctx->arena, STR_FMT ": " STR_FMT, STR_ARG(tr(ctx, action->label)),
                           STR_ARG(approval->why));
    int n = permission_number(approval->permission);
    EACH (member, ctx->tenant->cache->members)
        if (member->id != ctx->actor->member && member->grants[n / 64] >> (n % 64) & 1)
            TRY(inbox_mail(ctx, &(InboxNews){ .member = member->id,
                                              .kind = INBOX_KIND_APPROVAL,
                                              .subject = approval->subject,
                                              .words = words }));
    return OK;
}

Status approval_ask(Ctx *ctx, const EntityDef *e, const Action *action, const void *record,
                    const void *input, Id *ret_asked)
{
    const ApprovalRule *rule;
    Str why = S("");
    Id id = *(const Id *)record;
    *ret_asked = 0;
    if (!is_person(ctx->actor))
        return OK;
    TRY(find_rule(ctx, e, action, record, input, &rule, &why));
    if (!rule)
        return OK;
    TRY(action_require(ctx, e, action, record));
    TRY(refuse_twice(ctx, action, id));
    Approval approval = { .state = APPROVAL_STATE_WAITING,
                          .subject = { e, id },
                          .action = str_from(action->name),
                          .permission = str_from(rule->permission),
                          .why = utf8_cut(why, WHY_MAX),
                          .input = input_as_json(ctx, action, input),
                          .reason = utf8_cut(work_of(ctx)->reason, WHY_MAX),
                          .seen_version = ((const Record *)record)->version,
                          .asked_by = ctx->actor->member };
    TRY(approval_append(ctx, &approval));
    *ret_asked = approval.record.id;
    TRY(tell_approvers(ctx, &approval, action));
    return audit_note_why(ctx, "ask_approval", approval.subject, approval.why);
}

// ---- Answering ----------------------------------------------------------------------------------

static Status not_found(Ctx *ctx)
{
    return FAIL(ctx, E_NOT_FOUND, "approval.not_found", "nothing like this was asked for");
}

// Whoever may not see the record does not learn that something was asked for, either.
static Status open_approval(Ctx *ctx, Id id, Approval *ret)
{
    bool found, seen = false;
    TRY(db_maybe(ctx, SQL("SELECT id FROM approval WHERE id = $1", id), &found, &id));
    if (!found)
        return not_found(ctx);
    TRY(approval_load(ctx, id, ret));
    const EntityDef *e = ret->subject.entity;
    if (!e || !is_person(ctx->actor) || !tenant_has_entity(ctx->tenant, e))
        return not_found(ctx);
    if (actor_may(ctx->actor, entity_permission(e, false)))
        TRY(entity_may_see(ctx, e, ret->subject.id, &seen));
    if (!seen)
        return not_found(ctx);
    if (ret->state != APPROVAL_STATE_WAITING)
        return FAIL(ctx, E_CONFLICT, "approval.answered", "this was answered already: %s",
                    ctx_text(ctx, approval_state_enum.values[ret->state].label));
    return OK;
}

static Status require_other(Ctx *ctx, const Approval *approval)
{
    if (approval->asked_by == ctx->actor->member)
        return FAIL(ctx, E_DENIED, "approval.own",
                    "nobody approves what she asked for herself; somebody else has to");
    return actor_require(ctx, str_c(ctx->arena, approval->permission));
}

static Status answer(Ctx *ctx, Approval *approval, ApprovalState state, Str words)
{
    approval->state = state;
    approval->answered_by = ctx->actor->member;
    approval->answered_at = ctx->now;
    approval->answer = utf8_cut(words, WHY_MAX);
    return approval_update(ctx, approval);
}

static Str action_label(Ctx *ctx, const Approval *approval)
{
    const Action *action = action_named(approval->subject.entity, approval->action);
    return action ? tr(ctx, action->label) : approval->action;
}

static Status tell_asker(Ctx *ctx, const Approval *approval, Str words)
{
    return inbox_put(ctx, &(InboxNews){ .member = approval->asked_by,
                                        .kind = INBOX_KIND_ANSWER,
                                        .subject = approval->subject,
                                        .words = words });
}

// ---- Doing what was asked for -------------------------------------------------------------------

// The right to it may have been taken away since.
static Status require_asker(Ctx *ctx, const Approval *approval, const Action *action)
{
    int n = permission_number(str_from(action->permission));
    EACH (member, ctx->tenant->cache->members)
        if (member->id == approval->asked_by && n >= 0 && member->grants[n / 64] >> (n % 64) & 1)
            return OK;
    return FAIL(ctx, E_CONFLICT, "approval.asker",
                "who asked for it may not do it any more; refuse it");
}

static Status read_input(Ctx *ctx, const Approval *approval, const Action *action, void **ret)
{
    const Json *json;
    *ret = NULL;
    if (!action->input)
        return OK;
    *ret = arena_alloc(ctx->arena, action->input->size);
    TRY(json_parse(ctx, approval->input, &json));
    TRY(shape_from_json(ctx, action->input, json, 0, *ret));
    return ctx_problems(ctx);
}

static Status carry_out(Ctx *ctx, const Approval *approval)
{
    const EntityDef *e = approval->subject.entity;
    const Action *action = action_named(e, approval->action);
    void *record = record_new(ctx, e), *input;
    if (!action)
        return FAIL(ctx, E_CONFLICT, "approval.gone", "there is no such action any more");
    TRY(require_asker(ctx, approval, action));
    TRY(record_load(ctx, e, approval->subject.id, record));
    if (((const Record *)record)->version != approval->seen_version)
        return FAIL(ctx, E_CONFLICT, "approval.overtaken",
                    "it was changed after this was asked for; refuse it, so that it is asked for "
                    "as it is now");
    TRY(read_input(ctx, approval, action, &input));
    audit_reason(
        ctx,
        tr_format(ctx, "asked for by %.*s", STR_ARG(house_person_name(ctx, approval->asked_by))),
        approval->reason);
    return action_perform(ctx, e, action, record, input);
}

Status approval_approve(Ctx *ctx, Id id, Link *ret_made)
{
    Approval approval;
    TRY(open_approval(ctx, id, &approval));
    TRY(require_other(ctx, &approval));
    TRY(carry_out(ctx, &approval));
    *ret_made = work_of(ctx)->made;
    TRY(answer(ctx, &approval, APPROVAL_STATE_APPROVED, S("")));
    Str words = tr_format(ctx, "Approved and done: %.*s", STR_ARG(action_label(ctx, &approval)));
    return tell_asker(ctx, &approval, words);
}

Status approval_refuse(Ctx *ctx, Id id, Str reason)
{
    Approval approval;
    TRY(open_approval(ctx, id, &approval));
    TRY(require_other(ctx, &approval));
    if (str_trim(reason).len == 0)
        return FAIL(ctx, E_INVALID, "approval.reason", "say why it is refused");
    TRY(answer(ctx, &approval, APPROVAL_STATE_REFUSED, reason));
    TRY(audit_note_why(ctx, "refuse_approval", approval.subject, reason));
    Str words = tr_format(ctx, "Refused: %.*s. %.*s", STR_ARG(action_label(ctx, &approval)),
                          STR_ARG(reason));
    return tell_asker(ctx, &approval, words);
}

Status approval_withdraw(Ctx *ctx, Id id)
{
    Approval approval;
    TRY(open_approval(ctx, id, &approval));
    if (approval.asked_by != ctx->actor->member)
        return FAIL(ctx, E_DENIED, "approval.not_own", "only who asked for it takes it back");
    TRY(answer(ctx, &approval, APPROVAL_STATE_WITHDRAWN, S("")));
    return audit_note_why(ctx, "withdraw_approval", approval.subject, S(""));
}

// ---- Of one record ------------------------------------------------------------------------------

Status approvals_of(Ctx *ctx, Link subject, WaitingApprovalList *ret)
{
    WaitingApproval one = { 0 };
    Str action, permission;
    Id asked_by;
    *ret = (WaitingApprovalList){ 0 };
    Rows *rows = db_query(ctx, SQL("SELECT id, at, action, permission, why,"
                                   " COALESCE(asked_by_id, 0) FROM approval"
                                   " WHERE subject_id = $1 AND state = 'waiting'"
                                   " ORDER BY id LIMIT 20",
                                   subject.id));
    while (rows_next(rows, &one.id, &one.at, &action, &permission, &one.why, &asked_by)) {
        const Action *a = action_named(subject.entity, action);
        one.action = a ? tr(ctx, a->label) : action;
        one.who = house_person_name(ctx, asked_by);
        one.is_mine = asked_by == ctx->actor->member;
        one.may_answer = approval_is_mine_to_answer(ctx, permission, asked_by);
        *list_push(ctx->arena, ret) = one;
    }
    return rows_end(rows);
}
