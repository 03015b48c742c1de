// test_invite.c - letting people in by mail: once, for a week, only those who may, and nobody who
// cannot prove who they are.
#include "gen/kernel.gen.h"
#include "kernel/auth/invite.h"
#include "kernel/entity/access.h"
#include "kernel/entity/record.h"
#include "kernel/house.h"

static const char *const password = "rain on the roof";

typedef struct Guest {
    const char *login;
    Id member;
    Str token;  // from the last mail
} Guest;

// ---- Steps --------------------------------------------------------------------------------------

static Status make_member(Ctx *ctx, void *arg)
{
    Guest *guest = arg;
    Id role;
    TRY(record_find(ctx, &role_entity, "name", S("Viewer"), &role));
    const Json *input;
    Str json =
        str_format(ctx->arena, "{\"login\":\"%s\",\"name\":\"Nadia\",\"roles\":[\"" STR_FMT "\"]}",
                   guest->login, STR_ARG(id_text(ctx->arena, role)));
    TRY(json_parse(ctx, json, &input));
    return access_create(ctx, &member_entity, input, 0, &guest->member);
}

static Status invite(Ctx *ctx, void *arg)
{
    const Guest *guest = arg;
    Member member;
    Link made;
    TRY(member_load(ctx, guest->member, &member));
    return action_run(ctx, &member_entity, guest->member, member.record.version, "invite", NULL, 0,
                      &made);
}

static Status read_mail(Ctx *ctx, void *arg)
{
    Guest *guest = arg;
    Str text;
    TRY(db_one(ctx,
               SQL("SELECT body_text FROM mail_message WHERE address = $1 ORDER BY id DESC LIMIT 1",
                   guest->login),
               &text));
    Str door = S("/admin/invitation/");
    ptrdiff_t at = str_find(text, door);
    CHECK(at > 0);
    Str rest = str_from_at(text, (size_t)at + door.len);
    guest->token = str_copy(ctx->arena, str_sub(rest, 0, (size_t)str_find_char(rest, '\n')));
    return OK;
}

static Status withdraw(Ctx *ctx, void *arg)
{
    const Guest *guest = arg;
    Member member;
    TRY(member_load(ctx, guest->member, &member));
    return access_delete(ctx, &member_entity, guest->member, member.record.version);
}

static void send(Ctx *ctx, Guest *guest)
{
    CHECK_OK(ctx, tenant_transact(ctx, invite, guest));
    CHECK_OK(ctx, tenant_read(ctx, read_mail, guest));
}

static Status accept(Ctx *ctx, const Guest *guest, const char *words, SessionTokens *ret)
{
    LoginSpec login = { .password = str_from(words), .address = S("192.0.2.1") };
    return invitation_accept(ctx, guest->token, S("Nadia Alam"), &login, ret);
}

// As the next request would find them: with what has just changed.
static void enter(Ctx *ctx, const SessionTokens *tokens)
{
    Tenant *tenant;
    CHECK_OK(ctx, tenant_open(ctx, ctx->tenant->code, &tenant));
    tenant_enter(ctx, tenant);
    CHECK_OK(ctx, session_enter(ctx, tokens->token));
}

// ---- Tests --------------------------------------------------------------------------------------

static void test_in_by_mail(void)
{
    Ctx *ctx = test_ctx();
    House house;
    SessionTokens tokens;
    InvitationFacts facts;
    Guest guest = { "nadia@example.com" };
    house_open(ctx, &house);
    CHECK_OK(ctx, tenant_transact(ctx, make_member, &guest));
    send(ctx, &guest);
    CHECK_OK(ctx, invitation_read(ctx, guest.token, &facts));
    CHECK_STR(facts.email, "nadia@example.com");
    CHECK(!facts.has_user);
    CHECK_FAILS(ctx, "password.length", accept(ctx, &guest, "short", &tokens));
    CHECK_OK(ctx, accept(ctx, &guest, password, &tokens));
    CHECK_FAILS(ctx, "invitation.over", accept(ctx, &guest, password, &tokens));
    enter(ctx, &tokens);
    CHECK_INT(ctx->actor->kind, ACTOR_STAFF);
    CHECK(actor_may(ctx->actor, "platform.view") && !actor_may(ctx->actor, "platform.users"));
    ctx->actor = &actor_system;
    CHECK_FAILS(ctx, "invitation.is_in", tenant_transact(ctx, invite, &guest));
    house_close(&house);
}

static void test_a_link_works_once_and_for_a_week(void)
{
    Ctx *ctx = test_ctx();
    House house;
    SessionTokens tokens;
    InvitationFacts facts;
    Guest guest = { "jonas@example.com" };
    house_open(ctx, &house);
    CHECK_OK(ctx, tenant_transact(ctx, make_member, &guest));
    send(ctx, &guest);
    Guest older = guest;
    ctx->now += HOUR;
    send(ctx, &guest);
    CHECK_FAILS(ctx, "invitation.over", accept(ctx, &older, password, &tokens));
    ctx->now += INVITATION_LIVES_D * DAY;
    CHECK_FAILS(ctx, "invitation.over", invitation_read(ctx, guest.token, &facts));
    guest.token = S("made-up");
    CHECK_FAILS(ctx, "invitation.unknown", invitation_read(ctx, guest.token, &facts));
    send(ctx, &guest);
    CHECK_OK(ctx, tenant_transact(ctx, withdraw, &guest));
    CHECK_FAILS(ctx, "invitation.withdrawn", accept(ctx, &guest, password, &tokens));
    house_close(&house);
}

static void test_who_has_a_user_proves_it(void)
{
    Ctx *ctx = test_ctx();
    House house;
    Id user;
    SessionTokens tokens;
    Guest guest = { "mira@example.com" };
    UserSpec known = { str_from(guest.login), S("Mira"), str_from(password), S("en") };
    house_open(ctx, &house);
    CHECK_OK(ctx, user_create(ctx, &known, &user));
    CHECK_OK(ctx, tenant_transact(ctx, make_member, &guest));
    send(ctx, &guest);
    CHECK_FAILS(ctx, "login.wrong", accept(ctx, &guest, "something else entirely", &tokens));
    CHECK_OK(ctx, accept(ctx, &guest, password, &tokens));
    enter(ctx, &tokens);
    CHECK_INT((int64_t)ctx->actor->user, (int64_t)user);
    house_close(&house);
}

static void test_only_who_manages_users_invites(void)
{
    Ctx *ctx = test_ctx();
    House house;
    Guest guest = { "oma@example.com" };
    house_open(ctx, &house);
    CHECK_OK(ctx, tenant_transact(ctx, make_member, &guest));
    ctx->actor = house_actor(ctx, "platform.view");
    CHECK_FAILS(ctx, "denied.permission", tenant_transact(ctx, invite, &guest));
    house_close(&house);
}

const Test invite_tests[] = {
    { "somebody is let in by mail, with the roles of their row", test_in_by_mail },
    { "a link works once and for a week", test_a_link_works_once_and_for_a_week },
    { "who has a user already proves it", test_who_has_a_user_proves_it },
    { "only who manages users invites", test_only_who_manages_users_invites },
    { 0 },
};
