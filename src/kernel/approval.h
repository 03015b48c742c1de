// approval.h - what it takes two people for: a module's table says which actions, when, and who may
// approve (ApprovalRule, module.h). The action's runner then does not do it but asks for it. Who
// approves does it in the same transaction, on the record as it was when it was asked for; the
// trail names both. Nobody approves what she asked for herself.
#pragma once

#include "gen/kernel.gen.h"
#include "kernel/module.h"

// Whether an action of the kind has a rule at all.
bool approval_is_known(const EntityDef *e);

// The runner's question, before it does an action for a person: *ret_asked is the approval that was
// asked for instead, 0 where the action may be done at once. `input` is the action's own, read.
// E_CONFLICT "approval.waiting" where the same waits for an answer already.
MUST_CHECK Status approval_ask(Ctx *ctx, const EntityDef *e, const Action *action,
                               const void *record, const void *input, Id *ret_asked);

// In a lane. *ret_made is what the action made, entity NULL when nothing. E_NOT_FOUND
// "approval.not_found", also for those who may not see the record; E_DENIED "approval.own";
// E_CONFLICT "approval.answered", "approval.overtaken" where the record was changed since.
MUST_CHECK Status approval_approve(Ctx *ctx, Id id, Link *ret_made);
// E_INVALID "approval.reason" without a reason.
MUST_CHECK Status approval_refuse(Ctx *ctx, Id id, Str reason);
// By the one who asked.
MUST_CHECK Status approval_withdraw(Ctx *ctx, Id id);

// What waits for an answer about one record.
typedef struct WaitingApproval {
    Id id;
    Str action, why, who;  // "Credit"
    Time at;
    bool is_mine, may_answer;
} WaitingApproval;
typedef LIST(WaitingApproval) WaitingApprovalList;
MUST_CHECK Status approvals_of(Ctx *ctx, Link subject, WaitingApprovalList *ret);

// Whether the actor may answer what takes this permission and was asked for by that member; the
// record itself is another question.
bool approval_is_mine_to_answer(const Ctx *ctx, Str permission, Id asked_by);
