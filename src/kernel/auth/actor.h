// actor.h - who is asking, and what they may do.
//
// Staff users live in the control database and are members of tenants; outside people (customers,
// suppliers, dealers) have logins in their tenant, each acting for one record there (`subject`). A
// permission is a number; an actor's grants are a set of bits, made once per tenant and set of
// roles.
#pragma once

#include "kernel/tenant.h"

typedef enum ActorKind {
    ACTOR_ANONYMOUS,
    ACTOR_SYSTEM,  // the program itself: jobs, commands. May everything
    ACTOR_STAFF,
    ACTOR_PORTAL,  // somebody from outside: own rows only
    ACTOR_KEY,     // a program with an API key
} ActorKind;

typedef struct ActorLimit {   // staff limited to some records of a kind: these warehouses, that
                              // channel
    const EntityDef *entity;  // what a scope field must refer to for the limit to bear on it
    IdList values;            // with everything below them, where it is a tree; none: no row at all
} ActorLimit;

typedef struct Actor {
    ActorKind kind;
    Id user;                 // control database: staff only
    Id member;               // the tenant's own row for them
    Id session;              // or the API key's id
    Str name;                // for people
    const uint64_t *grants;  // permission bits; NULL: none
    LIST(ActorLimit) limits;
    Link subject;  // portal: the record they act for
    Str audience;  // portal: "customer", "vendor" ...
    Str address;   // where the request came from
    Str csrf;      // what the session's forms carry
} Actor;

extern Actor actor_system, actor_anonymous;

bool actor_may(const Actor *actor, const char *permission);
// E_DENIED "denied.permission", which names the permission's label and who could grant it.
MUST_CHECK Status actor_require(Ctx *ctx, const char *permission);
// May they do this action? Outside people may what is flagged ACTION_PORTAL.
bool actor_may_act(const Actor *actor, const EntityDef *e, const Action *action);
MUST_CHECK Status actor_require_action(Ctx *ctx, const EntityDef *e, const Action *action);
// Read/write permission of an entity: `read:`/`write:`, else MODULE.view / MODULE.edit.
const char *entity_permission(const EntityDef *e, bool write);
// May this actor see the field's value? (`read=` permission)
bool actor_may_read_field(const Actor *actor, const FieldDef *field);

// ---- Passwords and throttling -------------------------------------------------------------------

// Argon2id (libsodium), some 50 ms: routes that call it run on the pool for slow ones (ROUTE_SLOW),
// so that logins never slow pages. The hash as text.
MUST_CHECK Status password_hash(Ctx *ctx, Str password, Str *ret);
MUST_CHECK Status password_verify(Ctx *ctx, Str hash, Str password, bool *ret);
// Length 10..200 characters, not among the commonest, not the login itself. E_INVALID otherwise.
MUST_CHECK Status password_check(Ctx *ctx, Str password, Str login);

// ---- Sessions (pages and API clients end in the same row) ---------------------------------------

typedef struct SessionTokens {
    Str token;    // opaque: the cookie, or the access token
    Str refresh;  // API clients only
    Time expires_at;
} SessionTokens;

// Signs in a staff user, or, where `is_portal`, a person from outside on ctx->tenant. Throttled per
// login and per address: E_LIMIT "login.throttled" with Retry-After; a wrong login and a wrong
// password fail alike and take as long: E_DENIED "login.wrong".
typedef struct LoginSpec {
    Str login, password, address, agent;
    bool is_api, is_portal;
} LoginSpec;
MUST_CHECK Status session_login(Ctx *ctx, const LoginSpec *spec, SessionTokens *ret);
// Who is behind a token: fills ctx->actor for ctx->tenant. E_DENIED "session.ended" when it is
// over, "session.no_member" when the user does not belong to the tenant.
MUST_CHECK Status session_enter(Ctx *ctx, Str token);
MUST_CHECK Status session_refresh(Ctx *ctx, Str refresh, SessionTokens *ret);
MUST_CHECK Status session_end(Ctx *ctx, Str token);
MUST_CHECK Status session_end_all(Ctx *ctx, Id user);
// Does the token that came with a form belong to the session? In constant time.
bool session_csrf_ok(const Ctx *ctx, Str token);

// ---- API keys -----------------------------------------------------------------------------------

// "ek_" + id + "." + secret; only its hash is kept. Scopes are permission names, a subset of the
// creator's.
MUST_CHECK Status apikey_create(Ctx *ctx, Str name, Str scopes, Date expires_on, Str *ret_key);
MUST_CHECK Status apikey_enter(Ctx *ctx, Str key);  // fills ctx->actor

// ---- Staff users --------------------------------------------------------------------------------

typedef struct UserSpec {
    Str login, name, password, language;
} UserSpec;
MUST_CHECK Status user_create(Ctx *ctx, const UserSpec *spec, Id *ret);
// Makes the user a member of ctx->tenant with these roles ("Owner, Finance"); "": those that the
// member's row has already.
MUST_CHECK Status member_add(Ctx *ctx, Id user, Str roles, Id *ret_member);
MUST_CHECK Status user_set_password(Ctx *ctx, Id user, Str password);
