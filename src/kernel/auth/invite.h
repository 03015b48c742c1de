// invite.h - letting people in: who manages users makes a row for somebody (login, name, roles) and
// has an invitation sent; the link in the mail leads to a page where a password is chosen.
//
// Somebody who has a user already, because another company let them in, proves it with its
// password. An invitation works once and for a week; a newer one to the same address ends the
// older.
#pragma once

#include "kernel/auth/actor.h"

enum { INVITATION_LIVES_D = 7 };

// The action "invite" of a member, in the tenant's lane.
MUST_CHECK Status member_run_invite(Ctx *ctx, void *member, const void *input);

typedef struct InvitationFacts {
    Str email, company, invited_by;
    Id tenant;
    bool has_user;  // so the password is asked for, not chosen
} InvitationFacts;

// What a link stands for. E_NOT_FOUND "invitation.unknown", E_DENIED "invitation.over".
MUST_CHECK Status invitation_read(Ctx *ctx, Str token, InvitationFacts *ret);

// Makes the user (or checks its password), joins it to the member's row and signs in. `name` is for
// new users only. What a member's row says they may do is not touched. E_CONFLICT
// "invitation.withdrawn" where that row is gone.
MUST_CHECK Status invitation_accept(Ctx *ctx, Str token, Str name, const LoginSpec *login,
                                    SessionTokens *ret);
