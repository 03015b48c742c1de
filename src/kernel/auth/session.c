// session.c - signing in, and who is behind a token.
//
// A token is 32 random bytes; only its hash is kept, so whoever reads the table cannot use it.
// Staff sessions are rows of the control database, those of outside people of their tenant's; the
// first letter of the token says which. Every request looks the row up, so ending a session works
// at once, everywhere.
#include "base/utf8.h"
#include "gen/control.gen.h"
#include "gen/kernel.gen.h"
#include "kernel/auth/actor.h"
#include "kernel/auth/throttle.h"
#include "kernel/entity/record.h"
#include "kernel/i18n.h"
#include "kernel/secrets.h"
#include "kernel/tenant/cache.h"

enum {
    TOKEN_BYTES = 32,
    PAGE_LIVES_H = 12,    // a cookie's session, from signing in
    ACCESS_LIVES_M = 15,  // an API client's access token
    REFRESH_LIVES_D = 30,
};

// What the password is checked against when there is no such login, so that it takes as long.
static const char nobody[] = "$argon2id$v=19$m=65536,t=3,p=1$c29tZXNhbHRzb21lc2FsdA$"
                             "GpZ3sK/oH9p7VIiV56G/64Zo/8GaUw434IimaPqxwCo";

// ---- Signing in ---------------------------------------------------------------------------------

typedef struct Login {
    const LoginSpec *spec;
    Str login;  // folded
    Str hash;   // of the password
    Id who;     // staff user, or member
    bool is_locked;
    Str token, refresh;
    Time expires_at;
    bool is_written;
} Login;

static Status find_staff(Ctx *ctx, void *arg)
{
    Login *login = arg;
    bool found;
    Bytes hash;
    TRY(db_maybe(
        ctx, SQL("SELECT id, password, is_locked FROM staff_user WHERE login = $1", login->login),
        &found, &login->who, &hash, &login->is_locked));
    login->hash = found ? hash.bytes : S("");
    return OK;
}

static Status find_portal(Ctx *ctx, void *arg)
{
    Login *login = arg;
    bool found;
    Bytes hash;
    TRY(db_maybe(
        ctx,
        SQL("SELECT id, password, archived FROM member WHERE login = $1 AND staff_user = 0",
            login->login),
        &found, &login->who, &hash, &login->is_locked));
    login->hash = found ? hash.bytes : S("");
    return OK;
}

static Status write_staff(Ctx *ctx, void *arg)
{
    Login *login = arg;
    Session session = { .token_hash = secret_hash(ctx->arena, login->token),
                        .user = login->who,
                        .refresh_hash =
                            login->refresh.len ? secret_hash(ctx->arena, login->refresh) : S(""),
                        .is_api = login->spec->is_api,
                        .expires_at = login->expires_at,
                        .address = utf8_cut(login->spec->address, 64),
                        .agent = utf8_cut(login->spec->agent, 200) };
    return session_append(ctx, &session);
}

static Status write_portal(Ctx *ctx, void *arg)
{
    Login *login = arg;
    PortalSession session = { .token_hash = secret_hash(ctx->arena, login->token),
                              .member = login->who,
                              .refresh_hash = login->refresh.len
                                                ? secret_hash(ctx->arena, login->refresh)
                                                : S(""),
                              .expires_at = login->expires_at,
                              .address = utf8_cut(login->spec->address, 64),
                              .agent = utf8_cut(login->spec->agent, 200) };
    return portal_session_append(ctx, &session);
}

static void make_tokens(Ctx *ctx, Login *login)
{
    const char *letter = login->spec->is_portal ? "p" : "s";
    Str random = secret_token(ctx->arena, TOKEN_BYTES);
    login->token = str_format(ctx->arena, "%s_" STR_FMT, letter, STR_ARG(random));
    if (login->spec->is_api)
        login->refresh = str_format(ctx->arena, "%sr_" STR_FMT, letter,
                                    STR_ARG(secret_token(ctx->arena, TOKEN_BYTES)));
    login->expires_at =
        ctx->now + (login->spec->is_api ? ACCESS_LIVES_M * MINUTE : PAGE_LIVES_H * HOUR);
}

static Status check_password(Ctx *ctx, const Login *login)
{
    bool ok;
    Str hash = login->hash.len ? login->hash : str_from(nobody);
    TRY(password_verify(ctx, hash, login->spec->password, &ok));
    if (ok && login->hash.len && !login->is_locked) {
        throttle_passed(ctx, login->login);
        return OK;
    }
    throttle_failed(ctx, login->login, login->spec->address);
    return FAIL(ctx, E_DENIED, "login.wrong", "this login and password do not belong together");
}

Status session_login(Ctx *ctx, const LoginSpec *spec, SessionTokens *ret)
{
    Login login = { .spec = spec, .login = str_lower_ascii(ctx->arena, str_trim(spec->login)) };
    Db *db = spec->is_portal ? ctx->tenant->db : control_db();
    TRY(throttle_check(ctx, login.login, spec->address));
    TRY(db_read(ctx, db, spec->is_portal ? find_portal : find_staff, &login));
    TRY(check_password(ctx, &login));
    make_tokens(ctx, &login);
    TRY(db_transact(ctx, db, spec->is_portal ? write_portal : write_staff, &login));
    *ret = (SessionTokens){ login.token, login.refresh, login.expires_at };
    return OK;
}

// ---- Who is it ----------------------------------------------------------------------------------

typedef struct Found {
    Str hash;
    Id session, who;
    Time expires_at, ended_at;
    bool found;
} Found;

static Status find_session(Ctx *ctx, void *arg)
{
    Found *f = arg;
    return db_maybe(
        ctx,
        SQL("SELECT id, user_id, expires_at, ended_at FROM session WHERE token_hash = $1", f->hash),
        &f->found, &f->session, &f->who, &f->expires_at, &f->ended_at);
}

static Status find_portal_session(Ctx *ctx, void *arg)
{
    Found *f = arg;
    return db_maybe(ctx,
                    SQL("SELECT id, member_id, expires_at, ended_at FROM portal_session"
                        " WHERE token_hash = $1",
                        f->hash),
                    &f->found, &f->session, &f->who, &f->expires_at, &f->ended_at);
}

static Str csrf_of(Ctx *ctx, Str token)
{
    uint8_t hash[32];
    sha256(str_join(ctx->arena, S("csrf:"), token), hash);
    return hex_text(ctx->arena, hash, 16);
}

static Status become_staff(Ctx *ctx, Actor *actor, const Found *f)
{
    actor->kind = ACTOR_STAFF;
    actor->user = f->who;
    if (!ctx->tenant)
        return OK;
    const CachedMember *member = cache_member(ctx->tenant->cache, f->who);
    if (!member)
        return FAIL(ctx, E_DENIED, "session.no_member", "you do not belong to this company");
    actor->member = member->id;
    actor->name = member->name;
    actor->grants = member->grants;
    actor->limits.items = member->limits.items;
    actor->limits.len = member->limits.len;
    return OK;
}

static Status load_portal_member(Ctx *ctx, void *arg)
{
    Actor *actor = arg;
    Str kind;
    bool found;
    TRY(db_maybe(ctx,
                 SQL("SELECT name, audience, subject_kind, subject_id FROM member"
                     " WHERE id = $1 AND archived = 0",
                     actor->member),
                 &found, &actor->name, &actor->audience, &kind, &actor->subject.id));
    actor->subject.entity = entity_named(kind);
    return found
             ? OK
             : FAIL(ctx, E_DENIED, "session.ended", "you were signed out; please sign in again");
}

static Status become_portal(Ctx *ctx, Actor *actor, const Found *f)
{
    actor->kind = ACTOR_PORTAL;
    actor->member = f->who;
    return db_read(ctx, ctx->tenant->db, load_portal_member, actor);
}

Status session_enter(Ctx *ctx, Str token)
{
    bool is_portal = str_starts(token, S("p_"));
    Found f = { .hash = secret_hash(ctx->arena, token) };
    if (is_portal && !ctx->tenant)
        return FAIL(ctx, E_DENIED, "session.ended", "you were signed out; please sign in again");
    Db *db = is_portal ? ctx->tenant->db : control_db();
    TRY(db_read(ctx, db, is_portal ? find_portal_session : find_session, &f));
    if (!f.found || f.ended_at || f.expires_at <= ctx->now)
        return FAIL(ctx, E_DENIED, "session.ended", "you were signed out; please sign in again");
    Actor *actor = NEW(ctx->arena, Actor);
    *actor = (Actor){ .session = f.session,
                      .address = ctx->actor ? ctx->actor->address : S(""),
                      .csrf = csrf_of(ctx, token) };
    TRY(is_portal ? become_portal(ctx, actor, &f) : become_staff(ctx, actor, &f));
    ctx->actor = actor;
    return OK;
}

bool session_csrf_ok(const Ctx *ctx, Str token)
{
    return ctx->actor && ctx->actor->csrf.len && bytes_equal(ctx->actor->csrf, token);
}

// ---- Refreshing and ending ----------------------------------------------------------------------

typedef struct Refresh {
    Str hash;
    bool is_portal;
    LoginSpec spec;
    Login login;
} Refresh;

// A refresh token is good once: the old row ends and a new one takes its place. One that comes
// again has been stolen from one of the two who used it; everything of that user ends.
static Status exchange(Ctx *ctx, void *arg)
{
    Refresh *r = arg;
    Id session, who = 0;
    Time ended, at;
    bool found;
    if (r->is_portal)
        TRY(db_maybe(
            ctx,
            SQL("SELECT id, member_id, ended_at, at FROM portal_session WHERE refresh_hash = $1",
                r->hash),
            &found, &session, &who, &ended, &at));
    else
        TRY(db_maybe(
            ctx,
            SQL("SELECT id, user_id, ended_at, at FROM session WHERE refresh_hash = $1", r->hash),
            &found, &session, &who, &ended, &at));
    if (!found || at + REFRESH_LIVES_D * DAY < ctx->now)
        return FAIL(ctx, E_DENIED, "session.ended", "you were signed out; please sign in again");
    r->login.who = who;
    if (ended) {
        TRY(db_write(ctx, r->is_portal
                              ? SQL("UPDATE portal_session SET ended_at = $1 WHERE member_id = $2"
                                    " AND ended_at IS NULL",
                                    ctx->now, who)
                              : SQL("UPDATE session SET ended_at = $1 WHERE user_id = $2"
                                    " AND ended_at IS NULL",
                                    ctx->now, who)));
        r->login.token = S("");
        return OK;  // the ending must be kept, so the refusal comes after the commit
    }
    TRY(db_write(
        ctx, r->is_portal
                 ? SQL("UPDATE portal_session SET ended_at = $1 WHERE id = $2", ctx->now, session)
                 : SQL("UPDATE session SET ended_at = $1 WHERE id = $2", ctx->now, session)));
    make_tokens(ctx, &r->login);
    return r->is_portal ? write_portal(ctx, &r->login) : write_staff(ctx, &r->login);
}

Status session_refresh(Ctx *ctx, Str refresh, SessionTokens *ret)
{
    Refresh r = { .hash = secret_hash(ctx->arena, refresh),
                  .is_portal = str_starts(refresh, S("pr_")) };
    r.spec = (LoginSpec){ .is_api = true, .is_portal = r.is_portal };
    r.login.spec = &r.spec;
    if (r.is_portal && !ctx->tenant)
        return FAIL(ctx, E_DENIED, "session.ended", "you were signed out; please sign in again");
    TRY(db_transact(ctx, r.is_portal ? ctx->tenant->db : control_db(), exchange, &r));
    if (r.login.token.len == 0)
        return FAIL(ctx, E_DENIED, "session.reused",
                    "this token was used before; all sessions were ended");
    *ret = (SessionTokens){ r.login.token, r.login.refresh, r.login.expires_at };
    return OK;
}

static Status end_one(Ctx *ctx, void *arg)
{
    Found *f = arg;
    return db_write(
        ctx, SQL("UPDATE session SET ended_at = $1 WHERE token_hash = $2 AND ended_at IS NULL",
                 ctx->now, f->hash));
}

static Status end_one_portal(Ctx *ctx, void *arg)
{
    Found *f = arg;
    return db_write(ctx, SQL("UPDATE portal_session SET ended_at = $1 WHERE token_hash = $2"
                             " AND ended_at IS NULL",
                             ctx->now, f->hash));
}

Status session_end(Ctx *ctx, Str token)
{
    bool is_portal = str_starts(token, S("p_"));
    Found f = { .hash = secret_hash(ctx->arena, token) };
    if (is_portal && !ctx->tenant)
        return OK;
    return db_transact(ctx, is_portal ? ctx->tenant->db : control_db(),
                       is_portal ? end_one_portal : end_one, &f);
}

static Status end_all(Ctx *ctx, void *arg)
{
    return db_write(ctx,
                    SQL("UPDATE session SET ended_at = $1 WHERE user_id = $2 AND ended_at IS NULL",
                        ctx->now, *(Id *)arg));
}

Status session_end_all(Ctx *ctx, Id user)
{
    return db_transact(ctx, control_db(), end_all, &user);
}
