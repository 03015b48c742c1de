// actor.c - what an actor may do.
#include "kernel/auth/actor.h"

#include "kernel/entity/info.h"
#include "kernel/tenant/cache.h"

Actor actor_system = { .kind = ACTOR_SYSTEM, .name = { "system", 6 } };
Actor actor_anonymous = { .kind = ACTOR_ANONYMOUS, .name = { "", 0 } };

static bool has_grant(const Actor *actor, const char *permission)
{
    int n = permission_number(str_from(permission));
    return n >= 0 && actor->grants && (actor->grants[n / 64] >> (n % 64) & 1);
}

bool actor_may(const Actor *actor, const char *permission)
{
    if (!actor)
        return false;
    switch (actor->kind) {
    case ACTOR_SYSTEM: return true;
    case ACTOR_STAFF:
    case ACTOR_KEY: return !permission || permission[0] == '\0' || has_grant(actor, permission);
    case ACTOR_PORTAL: return permission && permission[0] == '\0';
    case ACTOR_ANONYMOUS: return false;
    }
    return false;
}

Status actor_require(Ctx *ctx, const char *permission)
{
    if (actor_may(ctx->actor, permission))
        return OK;
    if (!ctx->actor || ctx->actor->kind == ACTOR_ANONYMOUS)
        return FAIL(ctx, E_DENIED, "login.required", "please sign in first");
    const Permission *p = permission_named(str_from(permission));
    return FAIL(ctx, E_DENIED, "denied.permission",
                "this needs the permission '%s'; somebody who manages users can give it to you",
                p ? ctx_text(ctx, p->label) : permission);
}

// What outside people may do with their own records is said by the action: its flag ACTION_PORTAL.
bool actor_may_act(const Actor *actor, const EntityDef *e, const Action *action)
{
    (void)e;
    if (actor && actor->kind == ACTOR_PORTAL)
        return (action->flags & ACTION_PORTAL) != 0;
    return actor_may(actor, action->permission);
}

Status actor_require_action(Ctx *ctx, const EntityDef *e, const Action *action)
{
    if (actor_may_act(ctx->actor, e, action))
        return OK;
    return actor_require(ctx, action->permission ? action->permission : "");
}

bool actor_may_read_field(const Actor *actor, const FieldDef *field)
{
    return !field->more || !field->more->read || actor_may(actor, field->more->read);
}
