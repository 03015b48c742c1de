// companies.c - `entrepot tenant|user|apikey`: companies, the people who work in them, and keys for
// programs.
#include "app/commands.h"

#include "gen/control.gen.h"
#include "gen/kernel.gen.h"
#include "kernel/auth/actor.h"
#include "kernel/entity/record.h"

#include <unistd.h>

// ---- Companies ----------------------------------------------------------------------------------

static Str option_or(const Args *args, const char *name, const char *other)
{
    Str given = arg_option(args, name);
    return given.len ? given : str_from(other);
}

static Status need_word(Ctx *ctx, const Args *args, int n, const char *what, Str *ret)
{
    *ret = arg_word(args, n);
    return ret->len ? OK
                    : FAIL(ctx, E_INVALID, "cli.word", "%s is missing; --help says more", what);
}

static Status create_tenant(Ctx *ctx, const Args *args)
{
    Id id;
    int64_t month = 1;
    TenantSpec spec = { .name = arg_option(args, "name"),
                        .country = option_or(args, "country", "GB"),
                        .currency = option_or(args, "currency", "GBP"),
                        .zone = option_or(args, "zone", "Europe/London"),
                        .language = option_or(args, "language", "en"),
                        .modules = option_or(args, "modules", "*"),
                        .host = arg_option(args, "host") };
    Str begins = option_or(args, "year-begins", "1");
    TRY(need_word(ctx, args, 1, "the company's code", &spec.code));
    if (!str_int(begins, &month) || month < 1 || month > 12)
        return FAIL(ctx, E_INVALID, "cli.month", "the year begins in a month from 1 to 12");
    if (spec.name.len == 0)
        spec.name = spec.code;
    spec.fiscal_month = (int)month;
    TRY(tenant_create(ctx, &spec, &id));
    printf("company " STR_FMT " is ready\n", STR_ARG(spec.code));
    return OK;
}

static Status print_tenants(Ctx *ctx, void *arg)
{
    Str code, name, state;
    (void)arg;
    Rows *rows = db_query(
        ctx, SQL("SELECT tenant_code, name, state FROM tenant_record ORDER BY tenant_code"));
    while (rows_next(rows, &code, &name, &state))
        printf("%-20.*s %-10.*s " STR_FMT "\n", STR_ARG(code), STR_ARG(state), STR_ARG(name));
    return rows_end(rows);
}

static Status subscribe(Ctx *ctx, const Args *args, Status (*change)(Ctx *, Tenant *, Str))
{
    Str code, module;
    Tenant *tenant;
    TRY(need_word(ctx, args, 1, "the company's code", &code));
    TRY(need_word(ctx, args, 2, "the module's name", &module));
    TRY(tenant_open(ctx, code, &tenant));
    tenant_enter(ctx, tenant);
    return change(ctx, tenant, module);
}

Status command_tenant(Ctx *ctx, const Args *args)
{
    Str verb = arg_word(args, 0);
    if (str_is(verb, "create"))
        return create_tenant(ctx, args);
    if (str_is(verb, "list"))
        return db_read(ctx, control_db(), print_tenants, NULL);
    if (str_is(verb, "subscribe"))
        return subscribe(ctx, args, tenant_subscribe);
    if (str_is(verb, "unsubscribe"))
        return subscribe(ctx, args, tenant_unsubscribe);
    return FAIL(ctx, E_INVALID, "cli.verb", "tenant create, list, subscribe or unsubscribe");
}

// ---- People -------------------------------------------------------------------------------------

enum { PASSWORD_BYTES_MAX = 1000 };

// The first line of a file, or of standard input: never a word of the command line, which others
// see.
static Status read_password(Ctx *ctx, const Args *args, Str *ret)
{
    Str path = arg_option(args, "password-file");
    char line[PASSWORD_BYTES_MAX];
    if (path.len == 0)
        return FAIL(ctx, E_INVALID, "cli.password",
                    "say where the password is: --password-file FILE, or -");
    FILE *in =
        str_is(path, "-") || str_is(path, "1") ? stdin : fopen(str_c(ctx->arena, path), "re");
    if (!in)
        return FAIL(ctx, E_INVALID, "cli.password", STR_FMT " cannot be read", STR_ARG(path));
    bool has_line = fgets(line, sizeof line, in) != NULL;
    if (in != stdin)
        fclose(in);
    *ret = str_copy(ctx->arena, str_trim(str_from(has_line ? line : "")));
    return OK;
}

typedef struct Wanted {
    Str login;
    Id id;
} Wanted;

static Status find_user(Ctx *ctx, void *arg)
{
    Wanted *wanted = arg;
    return record_find(ctx, &staff_user_entity, "login", wanted->login, &wanted->id);
}

static Status user_named(Ctx *ctx, Str login, Id *ret)
{
    Wanted wanted = { .login = login };
    TRY(db_read(ctx, control_db(), find_user, &wanted));
    *ret = wanted.id;
    return wanted.id ? OK
                     : FAIL(ctx, E_NOT_FOUND, "user.not_found", "there is no user '" STR_FMT "'",
                            STR_ARG(login));
}

static Status add_member(Ctx *ctx, const Args *args, Str login)
{
    Id user, member;
    TRY(user_named(ctx, login, &user));
    TRY(app_tenant(ctx, args));
    TRY(member_add(ctx, user, option_or(args, "roles", "Owner"), &member));
    printf(STR_FMT " belongs to " STR_FMT "\n", STR_ARG(login), STR_ARG(ctx->tenant->code));
    return OK;
}

static Status create_user(Ctx *ctx, const Args *args, Str login)
{
    Id id;
    UserSpec spec = { .login = login, .name = arg_option(args, "name") };
    TRY(read_password(ctx, args, &spec.password));
    if (spec.name.len == 0)
        spec.name = login;
    return user_create(ctx, &spec, &id);
}

static Status change_password(Ctx *ctx, const Args *args, Str login)
{
    Id user;
    Str password;
    TRY(user_named(ctx, login, &user));
    TRY(read_password(ctx, args, &password));
    return user_set_password(ctx, user, password);
}

Status command_user(Ctx *ctx, const Args *args)
{
    Str verb = arg_word(args, 0), login;
    TRY(need_word(ctx, args, 1, "the login", &login));
    if (str_is(verb, "create"))
        return create_user(ctx, args, login);
    if (str_is(verb, "add"))
        return add_member(ctx, args, login);
    if (str_is(verb, "password"))
        return change_password(ctx, args, login);
    return FAIL(ctx, E_INVALID, "cli.verb", "user create, add or password");
}

// ---- Keys for programs --------------------------------------------------------------------------

typedef struct NewKey {
    Str name, scopes, key;
} NewKey;

static Status make_key(Ctx *ctx, void *arg)
{
    NewKey *key = arg;
    return apikey_create(ctx, key->name, key->scopes, 0, &key->key);
}

Status command_apikey(Ctx *ctx, const Args *args)
{
    NewKey key = { .scopes = arg_option(args, "scopes") };
    TRY(need_word(ctx, args, 0, "the key's name", &key.name));
    TRY(app_tenant(ctx, args));
    TRY(app_transact(ctx, make_key, &key));
    printf(STR_FMT "\n", STR_ARG(key.key));
    return OK;
}
