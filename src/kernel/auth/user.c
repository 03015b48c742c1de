// user.c - staff users and their membership in tenants.
#include "gen/control.gen.h"
#include "gen/kernel.gen.h"
#include "kernel/auth/actor.h"
#include "kernel/entity/record.h"

typedef struct NewUser {
    const UserSpec *spec;
    Str hash;
    Id id;
} NewUser;

static Status write_user(Ctx *ctx, void *arg)
{
    NewUser *new_user = arg;
    StaffUser *user = staff_user_new(ctx);
    user->login = str_lower_ascii(ctx->arena, str_trim(new_user->spec->login));
    user->name = new_user->spec->name;
    user->language = new_user->spec->language;
    user->password = (Bytes){ new_user->hash };
    Id other;
    TRY(record_find(ctx, &staff_user_entity, "login", user->login, &other));
    if (other)
        return FAIL(ctx, E_CONFLICT, "user.exists", "there is a user with this login already");
    TRY(staff_user_save(ctx, user));
    new_user->id = user->record.id;
    return OK;
}

Status user_create(Ctx *ctx, const UserSpec *spec, Id *ret)
{
    NewUser new_user = { .spec = spec };
    TRY(password_check(ctx, spec->password, spec->login));
    TRY(password_hash(ctx, spec->password, &new_user.hash));
    TRY(db_transact(ctx, control_db(), write_user, &new_user));
    *ret = new_user.id;
    return OK;
}

typedef struct NewPassword {
    Id user;
    Str hash;
} NewPassword;

static Status write_password(Ctx *ctx, void *arg)
{
    NewPassword *p = arg;
    int64_t changed;
    TRY(db_change(ctx,
                  SQL("UPDATE staff_user SET password = $1, version = version + 1 WHERE id = $2",
                      (Bytes){ p->hash }, p->user),
                  &changed));
    if (changed == 0)
        return FAIL(ctx, E_NOT_FOUND, "user.not_found", "there is no such user");
    return db_write(ctx,
                    SQL("UPDATE session SET ended_at = $1 WHERE user_id = $2 AND ended_at IS NULL",
                        ctx->now, p->user));
}

// A new password ends every session of the user.
Status user_set_password(Ctx *ctx, Id user, Str password)
{
    NewPassword p = { .user = user };
    TRY(password_check(ctx, password, S("")));
    TRY(password_hash(ctx, password, &p.hash));
    return db_transact(ctx, control_db(), write_password, &p);
}

// ---- Membership ---------------------------------------------------------------------------------

typedef struct NewMember {
    Id user, tenant, member;
    Str login, name, roles;
} NewMember;

static Status write_membership(Ctx *ctx, void *arg)
{
    NewMember *m = arg;
    StaffUser user;
    bool found;
    Id id;
    TRY(staff_user_load(ctx, m->user, &user));
    m->login = user.login;
    m->name = user.name;
    TRY(db_maybe(
        ctx,
        SQL("SELECT id FROM membership WHERE user_id = $1 AND tenant_id = $2", m->user, m->tenant),
        &found, &id));
    if (found)
        return OK;
    Membership *membership = membership_new(ctx);
    membership->user = m->user;
    membership->tenant = m->tenant;
    return membership_save(ctx, membership);
}

// The next of names with commas between them.
static bool next_name(Str *names, Str *ret)
{
    ptrdiff_t comma = str_find_char(*names, ',');
    size_t end = comma < 0 ? names->len : (size_t)comma;
    *ret = str_trim(str_sub(*names, 0, end));
    *names = comma < 0 ? S("") : str_from_at(*names, end + 1);
    return ret->len > 0;
}

static Status find_roles(Ctx *ctx, Str names, Member *member)
{
    Str one;
    member->roles.len = 0;
    while (next_name(&names, &one)) {
        Id role;
        if (str_eq_ascii_nocase(one, S("owner")))
            member->is_owner = true;
        TRY(record_find(ctx, &role_entity, "name", one, &role));
        if (!role)
            return FAIL(ctx, E_INVALID, "user.role", "there is no role '" STR_FMT "'",
                        STR_ARG(one));
        *list_push(ctx->arena, &member->roles) = role;
    }
    return OK;
}

static Status write_member(Ctx *ctx, void *arg)
{
    NewMember *m = arg;
    Member *member = member_new(ctx);
    Id id;
    TRY(record_find(ctx, &member_entity, "login", m->login, &id));
    if (id)
        TRY(member_load(ctx, id, member));
    member->login = m->login;
    member->name = m->name;
    member->email = m->login;
    member->staff_user = m->user;
    if (m->roles.len || !id)
        TRY(find_roles(ctx, m->roles, member));
    TRY(member_save(ctx, member));
    m->member = member->record.id;
    tenant_cache_stale(ctx);
    return OK;
}

// The control database says that they belong, the tenant's own row what they may do. In this order:
// half way is a membership without rights, which calling it again mends.
Status member_add(Ctx *ctx, Id user, Str roles, Id *ret_member)
{
    NewMember m = { .user = user, .tenant = ctx->tenant->id, .roles = roles };
    TRY(db_transact(ctx, control_db(), write_membership, &m));
    TRY(tenant_transact(ctx, write_member, &m));
    *ret_member = m.member;
    return OK;
}
