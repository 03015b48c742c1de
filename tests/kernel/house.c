// house.c - a small house for a test.
#include "kernel/house.h"

#include "app/app.h"
#include "kernel/bazaar.h"
#include "kernel/config.h"
#include "kernel/db/options.h"
#include "kernel/i18n.h"
#include "kernel/library.h"
#include "kernel/secrets.h"

#include <ftw.h>
#include <unistd.h>

static void must(Ctx *ctx, const char *what, Status status)
{
    if (status == OK)
        return;
    fprintf(stderr, "house: %s: %s: " STR_FMT "\n", what, ctx->failure.code,
            STR_ARG(ctx->failure.message));
    EACH (p, ctx->failure.problems)
        fprintf(stderr, "  " STR_FMT ": " STR_FMT "\n", STR_ARG(p->path), STR_ARG(p->message));
    exit(2);
}

// ---- What is started once -----------------------------------------------------------------------

// Where the house's files are; the master key is made there.
static Config house_config;

// The program's modules and the tests' library.
static const Module *const *all_modules(void)
{
    enum { MODULES_MAX = 64 };
    static const Module *list[MODULES_MAX];
    size_t n = 0;
    while (app_modules[n]) {
        list[n] = app_modules[n];
        n++;
    }
    list[n++] = &shelf_part;
    list[n++] = &loan_part;
    list[n++] = &bazaar_part;
    list[n] = NULL;
    return list;
}

static Str make_home(Ctx *ctx)
{
    const char *base = getenv("TMPDIR");
    Str folder = str_format(ctx->arena, "%s/entrepot-house-XXXXXX", base ? base : "/tmp");
    if (!mkdtemp((char *)folder.ptr)) {
        perror(folder.ptr);
        exit(2);
    }
    return folder;
}

static int remove_entry(const char *path, const struct stat *info, int kind, struct FTW *walk)
{
    (void)info;
    (void)kind;
    (void)walk;
    return remove(path);
}

static void use_config(Ctx *ctx, House *house)
{
    must(ctx, "configuration", config_read(ctx, S(""), &house_config));
    house_config.data_dir = house->folder;
    house_config.master_key_file = str_join(ctx->arena, house->folder, S("/master.key"));
    house_config.control = fixture_is_postgres() ? house->control.conninfo : S("");
    house_config.tenant_server = S("");
    config_use(&house_config);
}

// Languages stay for the life of the test program.
static void start_languages(Ctx *ctx)
{
    static bool is_started;
    if (!is_started)
        must(ctx, "languages", i18n_start(ctx, S("lang")));
    is_started = true;
}

// A machine busy with other things, and sanitizers, make a member late; that is not what a house is
// for.
static DbOptions usual_options;

static void give_time(void)
{
    DbOptions options = usual_options = *db_options();
    options.member_limit_ms = 5000;
    db_use_options(&options);
}

// ---- The house ----------------------------------------------------------------------------------

static void choose_places(Ctx *ctx, House *house)
{
    house->control = fixture_is_postgres()
                       ? fixture_place(ctx)
                       : (DbPlace){ .engine = ENGINE_SQLITE,
                                    .file = str_join(ctx->arena, house->folder, S("/control.db")) };
    house->place = fixture_is_postgres()
                     ? fixture_place(ctx)
                     : (DbPlace){ .engine = ENGINE_SQLITE,
                                  .file = str_join(ctx->arena, house->folder, S("/acme.db")) };
}

// First rows under the sanitizers, beside other tests, may take longer than a lane allows.
static Status create_unhurried(Ctx *ctx, const TenantSpec *spec, Id *ret)
{
    DbOptions usual = *db_options(), patient = usual;
    patient.member_limit_ms = 10 * usual.member_limit_ms;
    db_use_options(&patient);
    Status status = tenant_create(ctx, spec, ret);
    db_use_options(&usual);
    return status;
}

void house_open_with(Ctx *ctx, const TenantSpec *given, House *ret)
{
    Id id;
    TenantSpec spec = *given;
    *ret = (House){ .ctx = ctx, .folder = make_home(ctx) };
    choose_places(ctx, ret);
    use_config(ctx, ret);
    ctx->actor = &actor_system;
    give_time();
    if (!modules_start(all_modules(), stderr)) {
        fprintf(stderr, "house: the modules' tables do not fit together\n");
        exit(2);
    }
    start_languages(ctx);
    must(ctx, "keys", secrets_start(ctx, house_config.master_key_file));
    must(ctx, "lanes", lanes_start(ctx, 4));
    must(ctx, "control database", control_open(ctx, &ret->control));
    spec.place = ret->place;
    must(ctx, "company", create_unhurried(ctx, &spec, &id));
    must(ctx, "company's door", tenant_open(ctx, spec.code, &ret->tenant));
    tenant_enter(ctx, ret->tenant);
}

void house_open(Ctx *ctx, House *ret)
{
    house_open_with(ctx,
                    &(TenantSpec){ .code = S("acme"),
                                   .name = S("Acme Ltd"),
                                   .country = S("GB"),
                                   .language = S("en"),
                                   .zone = S("Europe/London"),
                                   .currency = S("GBP"),
                                   .fiscal_month = 4,
                                   .modules = S("*") },
                    ret);
}

DbPlace house_second_place(Ctx *ctx, House *house)
{
    house->second = fixture_is_postgres()
                      ? fixture_place(ctx)
                      : (DbPlace){ .engine = ENGINE_SQLITE,
                                   .file = str_join(ctx->arena, house->folder, S("/second.db")) };
    return house->second;
}

// The tenant is let go when the arena is cleared, so the house's own words move to another first.
void house_close(House *house)
{
    House kept = *house;
    Arena arena = { 0 };
    kept.folder = str_copy(&arena, house->folder);
    DbPlace *places[] = { &kept.control, &kept.place, &kept.second };
    for (size_t i = 0; i < COUNT(places); i++) {
        places[i]->conninfo = str_copy(&arena, places[i]->conninfo);
        places[i]->schema = str_copy(&arena, places[i]->schema);
    }
    house->ctx->tenant = NULL;
    arena_clear(house->ctx->arena);
    lanes_stop();
    db_use_options(&usual_options);
    control_close();
    secrets_forget(0);
    if (fixture_is_postgres())
        for (size_t i = 0; i < COUNT(places); i++)
            if (places[i]->schema.len)
                fixture_remove(places[i]);
    nftw(str_c(&arena, kept.folder), remove_entry, 16, FTW_DEPTH | FTW_PHYS);
    arena_release(&arena);
}

Ctx *house_thread(const House *house, ThreadCtx *thread, uint64_t seed)
{
    Ctx *ctx = thread_ctx(thread, seed);
    Tenant *tenant;
    ctx->actor = &actor_system;
    must(ctx, "company's door", tenant_open(ctx, house->tenant->code, &tenant));
    tenant_enter(ctx, tenant);
    return ctx;
}

static bool is_granted(Str grants, Str name)
{
    Str one;
    while (str_next_word(&grants, &one))
        if (str_is(one, "*") || str_eq(one, name) ||
            (str_ends(one, S(".*")) && str_starts(name, str_sub(one, 0, one.len - 1))))
            return true;
    return false;
}

Actor *house_actor(Ctx *ctx, const char *grants)
{
    Actor *actor = NEW(ctx->arena, Actor);
    uint64_t *bits = NEW_ARRAY(ctx->arena, uint64_t, (size_t)permission_count() / 64 + 1);
    for (const Module *const *m = modules_all(); *m; m++)
        for (const Permission *p = (*m)->permissions; p && p->name; p++)
            if (is_granted(str_from(grants), str_from(p->name))) {
                int n = permission_number(str_from(p->name));
                bits[n / 64] |= UINT64_C(1) << (n % 64);
            }
    *actor = (Actor){ .kind = ACTOR_STAFF, .member = 1, .name = S("Somebody"), .grants = bits };
    return actor;
}
