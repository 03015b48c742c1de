// directory.c - which tenants there are, where they live and what they subscribe to; making new
// ones.
//
// Creating is a row of steps, each of which may be repeated: directory entry (state `creating`),
// namespace, tables, first rows of each module, state `active`. What broke off is finished by
// calling it again with the same code.
#include "kernel/tenant/directory.h"

#include "base/buf.h"
#include "gen/kernel.gen.h"
#include "kernel/auth/actor.h"
#include "kernel/auth/roles.h"
#include "kernel/config.h"
#include "kernel/entity/record.h"
#include "kernel/i18n.h"
#include "kernel/secrets.h"

#include <assert.h>

const TenantEntry *entry_copy(Arena *arena, const TenantEntry *entry)
{
    TenantEntry *ret = NEW(arena, TenantEntry);
    *ret = *entry;
    ret->code = str_copy(arena, entry->code);
    ret->name = str_copy(arena, entry->name);
    ret->country = str_copy(arena, entry->country);
    ret->language = str_copy(arena, entry->language);
    ret->modules = str_copy(arena, entry->modules);
    ret->place.file = str_copy(arena, entry->place.file);
    ret->place.conninfo = str_copy(arena, entry->place.conninfo);
    ret->place.schema = str_copy(arena, entry->place.schema);
    return ret;
}

static Status fill_entry(Ctx *ctx, const TenantRecord *record, TenantEntry *ret)
{
    Buf modules = { .arena = ctx->arena };
    EACH (m, record->modules)
        if (m->until == 0) {
            buf_c(&modules, modules.len ? " " : "");
            buf_put(&modules, m->module);
        }
    *ret = (TenantEntry){
        .id = record->record.id,
        .code = record->tenant_code,
        .name = record->name,
        .country = record->country,
        .language = record->language,
        .modules = buf_str(&modules),
        .zone = zone_find(record->zone),
        .fiscal_month = (int)record->fiscal_month,
        .place = { .engine = str_is(record->engine, "postgres") ? ENGINE_POSTGRES : ENGINE_SQLITE,
                   .file = record->file,
                   .conninfo = record->conninfo,
                   .schema = record->schema_name },
        .is_suspended = record->state == TENANT_STATE_SUSPENDED,
        .is_creating = record->state == TENANT_STATE_CREATING,
    };
    ret->base = currency_stored(record->base);
    if (!ret->zone)
        return FAIL(ctx, E_INTERNAL, "tenant.zone", "the time zone '" STR_FMT "' is not known here",
                    STR_ARG(record->zone));
    return OK;
}

// ---- Finding ------------------------------------------------------------------------------------

typedef struct Wanted {
    Str code, host;
    Id id;
    TenantRecord record;
    bool found;
} Wanted;

static Status find(Ctx *ctx, void *arg)
{
    Wanted *wanted = arg;
    bool found = wanted->id != 0;
    if (wanted->host.len)
        TRY(db_maybe(ctx, SQL("SELECT tenant_id FROM tenant_domain WHERE host = $1", wanted->host),
                     &found, &wanted->id));
    else if (!found)
        TRY(db_maybe(ctx, SQL("SELECT id FROM tenant_record WHERE tenant_code = $1", wanted->code),
                     &found, &wanted->id));
    if (found)
        TRY(tenant_record_load_maybe(ctx, wanted->id, &wanted->record, &wanted->found));
    return OK;
}

static Status look_up(Ctx *ctx, Wanted *wanted)
{
    return db_read(ctx, control_db(), find, wanted);
}

Status directory_find(Ctx *ctx, Str code, Str host, Id id, TenantEntry *ret)
{
    Wanted wanted = { .code = code, .host = host, .id = id };
    TRY(look_up(ctx, &wanted));
    if (!wanted.found)
        return FAIL(ctx, E_NOT_FOUND, "tenant.not_found", "there is no company '" STR_FMT "'",
                    STR_ARG(code.len ? code : host));
    return fill_entry(ctx, &wanted.record, ret);
}

// ---- Modules ------------------------------------------------------------------------------------

static bool has_word(Str words, Str word)
{
    Str one;
    while (str_next_word(&words, &one))
        if (str_eq(one, word))
            return true;
    return false;
}

// The modules asked for and all they require, in the program's order; shared ground always.
static Str closure(Ctx *ctx, Str wanted)
{
    Str chosen = wanted;
    bool grew = true;
    for (const Module *const *m = modules_all(); *m; m++)
        if ((*m)->is_shared || str_is(wanted, "*"))
            chosen = str_format(ctx->arena, STR_FMT " %s", STR_ARG(chosen), (*m)->name);
    while (grew) {
        grew = false;
        for (const Module *const *m = modules_all(); *m; m++)
            for (const char *const *r = (*m)->entities ? (*m)->entities->requires : NULL; r && *r;
                 r++)
                if (has_word(chosen, str_from((*m)->name)) && !has_word(chosen, str_from(*r))) {
                    chosen = str_format(ctx->arena, STR_FMT " %s", STR_ARG(chosen), *r);
                    grew = true;
                }
    }
    return chosen;
}

static const EntityModule **entity_modules(Ctx *ctx, Str chosen)
{
    LIST(const EntityModule *) list = { 0 };
    for (const Module *const *m = modules_all(); *m; m++)
        if ((*m)->entities && has_word(chosen, str_from((*m)->name)))
            *list_push(ctx->arena, &list) = (*m)->entities;
    *list_push(ctx->arena, &list) = NULL;
    return list.items;
}

static Status migrations_of(Ctx *ctx, Str chosen, const Migration **ret)
{
    LIST(Migration) list = { 0 };
    for (const Module *const *m = modules_all(); *m; m++)
        for (const Migration *step = (*m)->migrations; step && step->name; step++)
            if (has_word(chosen, str_from((*m)->name)))
                *list_push(ctx->arena, &list) = *step;
    list_push(ctx->arena, &list);
    *ret = list.items;
    return OK;
}

Status tenant_migrate(Ctx *ctx, Db *db, Str modules, bool apply, bool contract, StepList *ret)
{
    const Migration *migrations;
    Str chosen = closure(ctx, modules);
    TRY(migrations_of(ctx, chosen, &migrations));
    return db_migrate(ctx, db, entity_modules(ctx, chosen), migrations, apply, contract, ret);
}

// ---- First rows ---------------------------------------------------------------------------------

static Status install_choices(Ctx *ctx, const EnumDef *list)
{
    for (int i = 1; i < list->count; i++) {
        bool found;
        Id id;
        const EnumValue *value = &list->values[i];
        TRY(db_maybe(ctx,
                     SQL("SELECT id FROM choice WHERE list_name = $1 AND value_code = $2",
                         list->name, value->name),
                     &found, &id));
        if (found)
            continue;
        Choice *choice = choice_new(ctx);
        choice->list_name = str_from(list->name);
        choice->value_code = str_from(value->name);
        choice->label = str_from(value->label);
        choice->tone = str_from(value->tone);
        choice->position = i;
        TRY(choice_save(ctx, choice));
    }
    return OK;
}

static Status install_module(Ctx *ctx, const Module *module)
{
    bool done;
    Time at;
    TRY(db_maybe(
        ctx, SQL("SELECT done_at FROM schema_step WHERE module = $1 AND step = 0", module->name),
        &done, &at));
    if (done)
        return OK;
    for (const EnumDef *const *c = module->entities ? module->entities->choices : NULL; c && *c;
         c++)
        TRY(install_choices(ctx, *c));
    TRY(roles_install(ctx, module));
    if (module->install)
        TRY(module->install(ctx));
    return db_write(
        ctx, SQL("INSERT INTO schema_step (module, step, name, done_at) VALUES ($1, 0, $2, $3)",
                 module->name, S("install"), ctx->now));
}

enum { INSTALL_MS = 30 * 1000 };  // of one module's first rows; nobody else waits yet

static Status install(Ctx *ctx, void *arg)
{
    return install_module(ctx, arg);
}

// Each module in a transaction of its own: a long one cannot hold up the lane, and what is done
// stays.
static Status install_all(Ctx *ctx, Tenant *tenant, Str chosen)
{
    for (const Module *const *m = modules_all(); *m; m++)
        if (has_word(chosen, str_from((*m)->name)))
            TRY(db_transact_within(ctx, tenant->db, install, (void *)*m, INSTALL_MS));
    return OK;
}

// ---- Creating -----------------------------------------------------------------------------------

typedef struct Creation {
    const TenantSpec *spec;
    Str modules;
    TenantRecord *record;
} Creation;

static void choose_place(Ctx *ctx, const TenantSpec *spec, TenantRecord *record)
{
    const Config *c = config();
    DbPlace place = spec->place;
    if (place.engine == ENGINE_SQLITE && !place.file.len && c->tenant_server.len)
        place = (DbPlace){ .engine = ENGINE_POSTGRES, .conninfo = c->tenant_server };
    record->engine = place.engine == ENGINE_POSTGRES ? S("postgres") : S("sqlite");
    record->conninfo = place.conninfo;
    if (place.engine == ENGINE_POSTGRES) {
        Str safe = str_replace_char(ctx->arena, spec->code, '-', '_');
        record->schema_name = place.schema.len ? place.schema : str_join(ctx->arena, S("t_"), safe);
        return;
    }
    record->file = place.file.len ? place.file
                                  : str_format(ctx->arena, STR_FMT "/tenants/" STR_FMT ".db",
                                               STR_ARG(c->data_dir), STR_ARG(spec->code));
}

static Status check_spec(Ctx *ctx, const TenantSpec *spec)
{
    CurrencyCode code;
    for (size_t i = 0; i < spec->code.len; i++) {
        char c = spec->code.ptr[i];
        if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '-')
            ctx_problem(ctx, S("code"), "tenant.code", "only small letters, digits and -");
    }
    if (spec->code.len < 2 || spec->code.len > 40 || spec->code.ptr[0] == '-')
        ctx_problem(ctx, S("code"), "tenant.code", "a code has 2 to 40 characters");
    if (!currency_parse(spec->currency, &code))
        ctx_problem(ctx, S("currency"), "tenant.currency", "'" STR_FMT "' is no currency",
                    STR_ARG(spec->currency));
    if (!zone_find(spec->zone))
        ctx_problem(ctx, S("zone"), "tenant.zone", "'" STR_FMT "' is no time zone, like Asia/Dhaka",
                    STR_ARG(spec->zone));
    if (spec->country.len != 2)
        ctx_problem(ctx, S("country"), "tenant.country", "a country has two letters, like BD");
    return ctx_problems(ctx);
}

static Status add_domain(Ctx *ctx, Id tenant, Str host)
{
    Id found = 0;
    if (host.len == 0)
        return OK;
    TRY(record_find(ctx, &tenant_domain_entity, "host", host, &found));
    if (found)
        return OK;
    TenantDomain *domain = tenant_domain_new(ctx);
    domain->host = host;
    domain->tenant = tenant;
    return tenant_domain_save(ctx, domain);
}

static Status write_entry(Ctx *ctx, void *arg)
{
    Creation *creation = arg;
    const TenantSpec *spec = creation->spec;
    Wanted wanted = { .code = spec->code };
    TRY(find(ctx, &wanted));
    if (wanted.found && wanted.record.state != TENANT_STATE_CREATING)
        return FAIL(ctx, E_CONFLICT, "tenant.exists", "there is a company '" STR_FMT "' already",
                    STR_ARG(spec->code));
    TenantRecord *record = tenant_record_new(ctx);
    if (wanted.found)
        *record = wanted.record;
    record->tenant_code = spec->code;
    record->name = spec->name;
    record->state = TENANT_STATE_CREATING;
    record->base = spec->currency;
    record->country = spec->country;
    record->language = spec->language.len ? spec->language : S("en");
    record->zone = spec->zone;
    record->fiscal_month = spec->fiscal_month ? spec->fiscal_month : 1;
    if (!wanted.found)
        choose_place(ctx, spec, record);
    record->modules.len = 0;
    Str rest = creation->modules, one;
    while (str_next_word(&rest, &one))
        *list_push(ctx->arena, &record->modules) =
            (TenantModule){ .module = one, .since = (Date)(ctx->now / DAY) + DATE_1970 };
    TRY(tenant_record_save(ctx, record));
    creation->record = record;
    return add_domain(ctx, record->record.id, spec->host);
}

static Status activate(Ctx *ctx, void *arg)
{
    TenantRecord *record = tenant_record_new(ctx);
    TRY(tenant_record_load(ctx, *(Id *)arg, record));
    record->state = TENANT_STATE_ACTIVE;
    return tenant_record_save(ctx, record);
}

// The words of the closure once each, in the program's order.
static Str ordered(Ctx *ctx, Str chosen)
{
    Buf out = { .arena = ctx->arena };
    for (const Module *const *m = modules_all(); *m; m++)
        if (has_word(chosen, str_from((*m)->name)))
            buf_printf(&out, "%s%s", out.len ? " " : "", (*m)->name);
    return buf_str(&out);
}

static Status check_modules(Ctx *ctx, Str wanted)
{
    Str one;
    while (str_next_word(&wanted, &one))
        if (!str_is(one, "*") && !module_named(one))
            return FAIL(ctx, E_INVALID, "tenant.module", "there is no module '" STR_FMT "'",
                        STR_ARG(one));
    return OK;
}

static Status make_tables(Ctx *ctx, const TenantEntry *entry, Str modules)
{
    StepList steps;
    Db *db;
    TRY(db_open(ctx, &entry->place, true, &db));
    Status status = tenant_migrate(ctx, db, modules, true, false, &steps);
    db_drop(db);
    return status;
}

Status tenant_prepare(Ctx *ctx, const TenantSpec *spec, TenantEntry *ret)
{
    TRY(check_spec(ctx, spec));
    TRY(check_modules(ctx, spec->modules));
    Creation creation = { .spec = spec, .modules = ordered(ctx, closure(ctx, spec->modules)) };
    TRY(db_transact(ctx, control_db(), write_entry, &creation));
    TRY(fill_entry(ctx, creation.record, ret));
    return make_tables(ctx, ret, creation.modules);
}

Status tenant_activate(Ctx *ctx, Id tenant)
{
    TRY(db_transact(ctx, control_db(), activate, &tenant));
    tenant_forget(tenant);
    return OK;
}

static Status install_tenant(Ctx *ctx, const TenantEntry *entry)
{
    Tenant *tenant, *outer = ctx->tenant;
    Actor *actor = ctx->actor;
    TRY(tenant_open_creating(ctx, entry, &tenant));
    tenant_enter(ctx, tenant);
    ctx->actor = &actor_system;
    TRY(secret_tenant_start(ctx));
    TRY(install_all(ctx, tenant, entry->modules));
    ctx->tenant = outer;
    ctx->actor = actor;
    return OK;
}

Status tenant_create(Ctx *ctx, const TenantSpec *spec, Id *ret)
{
    TenantEntry entry;
    TRY(tenant_prepare(ctx, spec, &entry));
    TRY(install_tenant(ctx, &entry));
    *ret = entry.id;
    return tenant_activate(ctx, entry.id);
}

// ---- Subscribing --------------------------------------------------------------------------------

typedef struct Change {
    Id tenant;
    Str modules;
    Date today;
} Change;

static Status write_modules(Ctx *ctx, void *arg)
{
    Change *change = arg;
    TenantRecord *record = tenant_record_new(ctx);
    TRY(tenant_record_load(ctx, change->tenant, record));
    EACH (m, record->modules)
        m->until = has_word(change->modules, m->module) ? 0 : m->until ? m->until : change->today;
    Str rest = change->modules, one;
    while (str_next_word(&rest, &one)) {
        bool found = false;
        EACH (m, record->modules)
            found |= str_eq(m->module, one);
        if (!found)
            *list_push(ctx->arena, &record->modules) =
                (TenantModule){ .module = one, .since = change->today };
    }
    return tenant_record_save(ctx, record);
}

static Status change_modules(Ctx *ctx, Tenant *tenant, Str modules)
{
    Change change = { tenant->id, ordered(ctx, modules), tenant_today(ctx) };
    TRY(db_transact(ctx, control_db(), write_modules, &change));
    tenant_reload(ctx, tenant);
    return OK;
}

static Str modules_of(Ctx *ctx, const Tenant *tenant)
{
    Buf out = { .arena = ctx->arena };
    for (const Module *const *m = modules_all(); *m; m++)
        if (tenant_has_module(tenant, (*m)->name))
            buf_printf(&out, "%s%s", out.len ? " " : "", (*m)->name);
    return buf_str(&out);
}

Status tenant_subscribe(Ctx *ctx, Tenant *tenant, Str module)
{
    StepList steps;
    TRY(check_modules(ctx, module));
    Str wanted = str_format(ctx->arena, STR_FMT " " STR_FMT, STR_ARG(modules_of(ctx, tenant)),
                            STR_ARG(module));
    Str chosen = closure(ctx, wanted);
    TRY(tenant_migrate(ctx, tenant->db, chosen, true, false, &steps));
    TRY(install_all(ctx, tenant, chosen));
    return change_modules(ctx, tenant, chosen);
}

// Tables stay: subscribing again later shows the full history.
Status tenant_unsubscribe(Ctx *ctx, Tenant *tenant, Str module)
{
    const Module *gone = module_named(module);
    if (!gone || gone->is_shared)
        return FAIL(ctx, E_INVALID, "tenant.module",
                    "'" STR_FMT "' is not a module that can be given up", STR_ARG(module));
    Str rest = modules_of(ctx, tenant), one;
    Buf kept = { .arena = ctx->arena };
    while (str_next_word(&rest, &one)) {
        const Module *m = module_named(one);
        for (const char *const *r = m->entities ? m->entities->requires : NULL; r && *r; r++)
            if (str_is(module, *r))
                return FAIL(ctx, E_CONFLICT, "tenant.module_needed", "'%s' needs it", m->label);
        if (!str_eq(one, module))
            buf_printf(&kept, " " STR_FMT, STR_ARG(one));
    }
    return change_modules(ctx, tenant, buf_str(&kept));
}

// ---- All of them --------------------------------------------------------------------------------

typedef struct Codes {
    LIST(Id) ids;
} Codes;

static Status list_codes(Ctx *ctx, void *arg)
{
    Codes *codes = arg;
    Id id;
    Rows *rows = db_query(ctx, SQL("SELECT id FROM tenant_record WHERE state = 'active'"
                                   " ORDER BY tenant_code"));
    while (rows_next(rows, &id))
        *list_push(ctx->arena, &codes->ids) = id;
    return rows_end(rows);
}

Status tenant_each(Ctx *ctx, TxFn fn, void *arg)
{
    Codes codes = { 0 };
    TRY(db_read(ctx, control_db(), list_codes, &codes));
    EACH (id, codes.ids) {
        ArenaMark mark = arena_mark(ctx->arena);
        Tenant *tenant, *outer = ctx->tenant;
        TRY(tenant_open_id(ctx, *id, &tenant));
        tenant_enter(ctx, tenant);
        Status status = fn(ctx, arg);
        ctx->tenant = outer;
        if (status != OK)
            return status;
        arena_rewind(ctx->arena, mark);
    }
    return OK;
}
