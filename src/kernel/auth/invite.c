// invite.c - letting people in.
#include "kernel/auth/invite.h"

#include "gen/control.gen.h"
#include "gen/kernel.gen.h"
#include "kernel/config.h"
#include "kernel/entity/record.h"
#include "kernel/i18n.h"
#include "kernel/mail.h"
#include "kernel/secrets.h"

enum { INVITATION_BYTES = 24 };

// ---- Sending ------------------------------------------------------------------------------------

typedef struct NewInvitation {
    const Member *member;
    Id tenant;
    Str token;
    Time expires_at;
} NewInvitation;

static Status write_invitation(Ctx *ctx, void *arg)
{
    const NewInvitation *n = arg;
    TRY(db_write(ctx, SQL("UPDATE invitation SET expires_at = $1 WHERE email = $2"
                          " AND tenant_id = $3 AND expires_at > $1",
                          ctx->now, n->member->login, n->tenant)));
    Invitation *row = invitation_new(ctx);
    row->email = n->member->login;
    row->tenant = n->tenant;
    row->token_hash = secret_hash(ctx->arena, n->token);
    row->expires_at = n->expires_at;
    row->invited_by = ctx->actor->name;
    return invitation_save(ctx, row);
}

static Status queue_mail(Ctx *ctx, const NewInvitation *n)
{
    Id id;
    Str who = ctx->actor->name, company = ctx->tenant->name;
    Str path = str_format(ctx->arena, "/admin/invitation/" STR_FMT, STR_ARG(n->token));
    Str link = config_site_url(ctx->arena, path);
    Mail mail = {
        .to = n->member->login,
        .to_name = n->member->name,
        .subject =
            tr_format(ctx, STR_FMT " invites you to " STR_FMT, STR_ARG(who), STR_ARG(company)),
        .text = tr_format(
            ctx,
            STR_FMT " lets you into " STR_FMT ". Choose your password here:\n\n" STR_FMT
                    "\n\nThe link works once, until " STR_FMT ".",
            STR_ARG(who), STR_ARG(company), STR_ARG(link), STR_ARG(show_time(ctx, n->expires_at))),
        .about = { &member_entity, n->member->record.id },
    };
    return mail_queue(ctx, &mail, &id);
}

Status member_run_invite(Ctx *ctx, void *record, const void *input)
{
    Member *member = record;
    NewInvitation n = { .member = member, .tenant = ctx->tenant->id };
    (void)input;
    if (member->staff_user)
        return FAIL(ctx, E_CONFLICT, "invitation.is_in", STR_FMT " can sign in already",
                    STR_ARG(member->name));
    if (member->audience.len)
        return FAIL(ctx, E_CONFLICT, "invitation.outside",
                    "customers and suppliers are not let in here");
    n.token = secret_token(ctx->arena, INVITATION_BYTES);
    n.expires_at = ctx->now + INVITATION_LIVES_D * DAY;
    TRY(db_transact(ctx, control_db(), write_invitation, &n));
    TRY(queue_mail(ctx, &n));
    member->invited_at = ctx->now;
    return member_save(ctx, member);
}

// ---- Accepting ----------------------------------------------------------------------------------

typedef struct Reading {
    Str hash;
    InvitationFacts *facts;
    Id user;
} Reading;

static Status read_facts(Ctx *ctx, void *arg)
{
    Reading *reading = arg;
    InvitationFacts *facts = reading->facts;
    Time expires_at, accepted_at;
    bool found;
    TRY(db_maybe(ctx,
                 SQL("SELECT i.email, t.name, i.invited_by, i.tenant_id, i.expires_at,"
                     " COALESCE(i.accepted_at, 0), COALESCE((SELECT u.id FROM staff_user u"
                     " WHERE u.login = i.email), 0) FROM invitation i"
                     " JOIN tenant_record t ON t.id = i.tenant_id WHERE i.token_hash = $1",
                     reading->hash),
                 &found, &facts->email, &facts->company, &facts->invited_by, &facts->tenant,
                 &expires_at, &accepted_at, &reading->user));
    if (!found)
        return FAIL(ctx, E_NOT_FOUND, "invitation.unknown", "there is no such invitation");
    if (accepted_at || expires_at <= ctx->now)
        return FAIL(ctx, E_DENIED, "invitation.over",
                    "this invitation was used or is too old: ask for a new one");
    facts->has_user = reading->user != 0;
    return OK;
}

Status invitation_read(Ctx *ctx, Str token, InvitationFacts *ret)
{
    Reading reading = { .hash = secret_hash(ctx->arena, token), .facts = ret };
    return db_read(ctx, control_db(), read_facts, &reading);
}

static Status member_waits(Ctx *ctx, void *arg)
{
    Id id;
    TRY(record_find(ctx, &member_entity, "login", *(const Str *)arg, &id));
    if (!id)
        return FAIL(ctx, E_CONFLICT, "invitation.withdrawn", "this invitation was withdrawn");
    return OK;
}

static Status mark_accepted(Ctx *ctx, void *arg)
{
    return db_write(ctx, SQL("UPDATE invitation SET accepted_at = $1 WHERE token_hash = $2",
                             ctx->now, *(const Str *)arg));
}

// Whoever has a user proves it first; a new one has the password that was just chosen.
static Status the_user(Ctx *ctx, const Reading *reading, Str name, const LoginSpec *login,
                       SessionTokens *tokens, Id *ret)
{
    *ret = reading->user;
    if (!*ret) {
        UserSpec spec = { login->login, name, login->password, ctx->locale->tag };
        if (str_trim(name).len == 0)
            ctx_problem(ctx, S("name"), "field.required", "this is needed");
        TRY(ctx_problems(ctx));
        TRY(user_create(ctx, &spec, ret));
    }
    return session_login(ctx, login, tokens);
}

static Status join(Ctx *ctx, Str name, Id user)
{
    Id member;
    Actor *before = ctx->actor, joining = actor_system;
    joining.name = name;
    ctx->actor = &joining;
    Status status = member_add(ctx, user, S(""), &member);
    ctx->actor = before;
    return status;
}

Status invitation_accept(Ctx *ctx, Str token, Str name, const LoginSpec *login, SessionTokens *ret)
{
    InvitationFacts facts;
    Reading reading = { .hash = secret_hash(ctx->arena, token), .facts = &facts };
    LoginSpec as = *login;
    Tenant *tenant;
    Id user;
    TRY(db_read(ctx, control_db(), read_facts, &reading));
    TRY(tenant_open_id(ctx, facts.tenant, &tenant));
    tenant_enter(ctx, tenant);
    TRY(tenant_read(ctx, member_waits, &facts.email));
    as.login = facts.email;
    TRY(the_user(ctx, &reading, name, &as, ret, &user));
    TRY(join(ctx, name.len ? name : facts.email, user));
    return db_transact(ctx, control_db(), mark_accepted, &reading.hash);
}
