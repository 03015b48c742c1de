// roles.c - role templates (IAM-08, IAM-09). A template is spread over modules: each says what
// "finance" or "warehouse" may do with its own records, and the tenant's role is the sum over the
// modules it uses. What the tenant has changed about a role stays: only grants that are missing are
// added, and only when a module comes.
#include "kernel/auth/roles.h"

#include "gen/kernel.gen.h"

static Status find_role(Ctx *ctx, const char *from_template, const char *label, Role *ret)
{
    Id id;
    bool found;
    TRY(db_maybe(ctx, SQL("SELECT id FROM role WHERE from_template = $1", from_template), &found,
                 &id));
    if (found)
        return role_load(ctx, id, ret);
    *ret = *role_new(ctx);
    ret->name = str_from(label);
    ret->from_template = str_from(from_template);
    return OK;
}

static void grant(Ctx *ctx, Role *role, Str permission)
{
    EACH (g, role->grants)
        if (str_eq(g->permission, permission))
            return;
    *list_push(ctx->arena, &role->grants) =
        (RoleGrant){ .permission = permission, .effect = GRANT_EFFECT_ALLOW };
}

static Status add_grants(Ctx *ctx, const char *name, const char *label, Str permissions)
{
    Str one;
    Role role;
    TRY(find_role(ctx, name, label, &role));
    while (str_next_word(&permissions, &one))
        grant(ctx, &role, one);
    return role_save(ctx, &role);
}

// "oms.view", where the module has it.
static Str own_permission(Ctx *ctx, const Module *module, const char *what)
{
    Str name = str_format(ctx->arena, "%s.%s",
                          module->entities ? module->entities->name : module->name, what);
    return permission_named(name) ? name : S("");
}

Status roles_install(Ctx *ctx, const Module *module)
{
    Str view = own_permission(ctx, module, "view"), edit = own_permission(ctx, module, "edit");
    for (const RoleTemplate *t = module->roles; t && t->name; t++)
        TRY(add_grants(ctx, t->name, t->label, str_from(t->grants)));
    if (view.len == 0)
        return OK;
    TRY(add_grants(ctx, "viewer", "Viewer", view));
    return add_grants(ctx, "member", "Member",
                      str_format(ctx->arena, STR_FMT " " STR_FMT, STR_ARG(view), STR_ARG(edit)));
}
