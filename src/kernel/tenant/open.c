// open.c - tenants that are open in this process: found by code, host or id, kept while somebody
// uses them and for a while after, each with its namespace and its cache.
//
// A lock guards the list and the pointers in it; nothing slow happens under it. A request takes a
// count of the tenant and of the cache it found, and gives both back with its arena.
#include "kernel/entity/info.h"
#include "kernel/i18n.h"
#include "kernel/tenant/cache.h"
#include "kernel/tenant/directory.h"

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>

enum {
    OPEN_MAX = 2000,     // beyond it, tenants nobody uses are closed
    CACHE_LIVES_S = 30,  // on PostgreSQL another node may have changed it
};

typedef struct CacheBox {
    TenantCache cache;
    atomic_int users;
} CacheBox;

struct TenantShared {
    TenantShared *next;
    Id id;
    Arena arena;                         // of the texts below
    _Atomic(const TenantEntry *) entry;  // never changed, replaced as a whole
    Db *db;
    CacheBox *box;
    int users;
    Time used_at;
    atomic_uint_fast64_t generation;  // raised when what is cached has changed
};

static struct {
    pthread_mutex_t lock;
    TenantShared *first;
    int count;
    Db *control;
} open_tenants = { .lock = PTHREAD_MUTEX_INITIALIZER };

// ---- The control database -----------------------------------------------------------------------

Db *control_db(void)
{
    return open_tenants.control;
}

Status control_open(Ctx *ctx, const DbPlace *place)
{
    StepList steps;
    const EntityModule *const modules[] = { &control_module, NULL };
    TRY(db_open(ctx, place, true, &open_tenants.control));
    return db_migrate(ctx, open_tenants.control, modules, NULL, true, false, &steps);
}

// ---- Caches -------------------------------------------------------------------------------------

static void box_drop(void *arg)
{
    CacheBox *box = arg;
    if (atomic_fetch_sub(&box->users, 1) == 1) {
        Arena arena = box->cache.arena;  // the box lives in it
        arena_release(&arena);
    }
}

static CacheBox *box_new(void)
{
    Arena arena = { 0 };
    CacheBox *box = NEW(&arena, CacheBox);
    box->cache.arena = arena;
    atomic_store(&box->users, 1);
    return box;
}

static Status build(Ctx *ctx, void *arg)
{
    return cache_build(ctx, arg);
}

static void list_modules(CacheBox *box, const TenantEntry *entry)
{
    Str rest = entry->modules, one;
    box->cache.modules = (Map){ .arena = &box->cache.arena };
    while (str_next_word(&rest, &one))
        map_set(&box->cache.modules, str_copy(&box->cache.arena, one), box);
}

// A fresh cache, put in the tenant's place. Two threads may build at once; the later one stays.
static Status renew(Ctx *ctx, TenantShared *shared, CacheBox **ret)
{
    uint64_t generation = atomic_load(&shared->generation);
    CacheBox *box = box_new();
    box->cache.generation = generation;
    list_modules(box, atomic_load(&shared->entry));
    Status status = db_read(ctx, shared->db, build, &box->cache);
    if (status != OK) {
        box_drop(box);
        return status;
    }
    atomic_fetch_add(&box->users, 1);  // ours, beside the tenant's
    pthread_mutex_lock(&open_tenants.lock);
    CacheBox *old = shared->box;
    shared->box = box;
    pthread_mutex_unlock(&open_tenants.lock);
    if (old)
        box_drop(old);
    *ret = box;
    return OK;
}

static bool is_fresh(const Ctx *ctx, const TenantShared *shared, const CacheBox *box)
{
    bool is_alone = db_engine(shared->db) == ENGINE_SQLITE;
    return box && box->cache.generation == atomic_load(&shared->generation) &&
           (is_alone || ctx->now - box->cache.built_at < CACHE_LIVES_S * SECOND);
}

static Status take_cache(Ctx *ctx, TenantShared *shared, CacheBox **ret)
{
    pthread_mutex_lock(&open_tenants.lock);
    CacheBox *box = shared->box;
    bool fresh = is_fresh(ctx, shared, box);
    if (fresh)
        atomic_fetch_add(&box->users, 1);
    pthread_mutex_unlock(&open_tenants.lock);
    if (!fresh)
        return renew(ctx, shared, ret);
    *ret = box;
    return OK;
}

static void mark_stale(Db *db, void *arg)
{
    (void)db;
    atomic_fetch_add(&((TenantShared *)arg)->generation, 1);
}

void tenant_cache_stale(Ctx *ctx)
{
    after_commit(ctx, mark_stale, ctx->tenant->shared);
}

// ---- The list -----------------------------------------------------------------------------------

static void shared_free(TenantShared *shared)
{
    if (shared->box)
        box_drop(shared->box);
    db_drop(shared->db);
    Arena arena = shared->arena;  // it lives in it
    arena_release(&arena);
}

// Takes the longest unused tenant out of the list when there are too many. Under the lock.
static TenantShared *pick_idle(void)
{
    TenantShared **oldest = NULL;
    if (open_tenants.count < OPEN_MAX)
        return NULL;
    for (TenantShared **at = &open_tenants.first; *at; at = &(*at)->next)
        if ((*at)->users == 0 && (!oldest || (*at)->used_at < (*oldest)->used_at))
            oldest = at;
    if (!oldest)
        return NULL;
    TenantShared *idle = *oldest;
    *oldest = idle->next;
    open_tenants.count--;
    return idle;
}

static void shared_drop(void *arg)
{
    TenantShared *shared = arg;
    pthread_mutex_lock(&open_tenants.lock);
    shared->users--;
    TenantShared *idle = pick_idle();
    pthread_mutex_unlock(&open_tenants.lock);
    if (idle)
        shared_free(idle);
}

static TenantShared *take_open(const Ctx *ctx, Str code, Id id)
{
    TenantShared *found = NULL;
    pthread_mutex_lock(&open_tenants.lock);
    for (TenantShared *s = open_tenants.first; s && !found; s = s->next)
        if (id ? s->id == id : str_eq(atomic_load(&s->entry)->code, code))
            found = s;
    if (found) {
        found->users++;
        found->used_at = ctx->now;
    }
    pthread_mutex_unlock(&open_tenants.lock);
    return found;
}

// Puts a newly opened tenant into the list, unless another thread was quicker: then its is used.
static TenantShared *put_open(TenantShared *fresh)
{
    TenantShared *found = NULL;
    pthread_mutex_lock(&open_tenants.lock);
    for (TenantShared *s = open_tenants.first; s && !found; s = s->next)
        if (s->id == fresh->id)
            found = s;
    if (!found) {
        fresh->next = open_tenants.first;
        open_tenants.first = fresh;
        open_tenants.count++;
    }
    TenantShared *used = found ? found : fresh;
    used->users++;
    pthread_mutex_unlock(&open_tenants.lock);
    if (found)
        shared_free(fresh);
    return used;
}

static Status open_entry(Ctx *ctx, const TenantEntry *entry, TenantShared **ret)
{
    Arena arena = { 0 };
    TenantShared *shared = NEW(&arena, TenantShared);
    shared->arena = arena;
    shared->id = entry->id;
    shared->used_at = ctx->now;
    atomic_store(&shared->entry, entry_copy(&shared->arena, entry));
    Status status = db_open(ctx, &atomic_load(&shared->entry)->place, false, &shared->db);
    if (status != OK) {
        arena = shared->arena;
        arena_release(&arena);
        return status;
    }
    *ret = put_open(shared);
    return OK;
}

// ---- Views --------------------------------------------------------------------------------------

static Status view(Ctx *ctx, TenantShared *shared, Tenant **ret)
{
    CacheBox *box;
    arena_defer(ctx->arena, shared_drop, shared);
    TRY(take_cache(ctx, shared, &box));
    arena_defer(ctx->arena, box_drop, box);
    const TenantEntry *entry = atomic_load(&shared->entry);
    Tenant *tenant = NEW(ctx->arena, Tenant);
    *tenant = (Tenant){ .id = entry->id,
                        .code = entry->code,
                        .name = entry->name,
                        .db = shared->db,
                        .base = entry->base,
                        .zone = entry->zone,
                        .language = entry->language,
                        .country = entry->country,
                        .fiscal_month = entry->fiscal_month,
                        .cache = &box->cache,
                        .shared = shared };
    *ret = tenant;
    return OK;
}

static Status open_found(Ctx *ctx, TenantEntry *entry, Tenant **ret)
{
    TenantShared *shared;
    if (entry->is_suspended)
        return FAIL(ctx, E_DENIED, "tenant.suspended", "'" STR_FMT "' is suspended",
                    STR_ARG(entry->name));
    if (entry->is_creating)
        return FAIL(ctx, E_BUSY, "tenant.creating", "'" STR_FMT "' is still being set up",
                    STR_ARG(entry->name));
    TRY(open_entry(ctx, entry, &shared));
    return view(ctx, shared, ret);
}

Status tenant_open(Ctx *ctx, Str code, Tenant **ret)
{
    TenantEntry entry;
    TenantShared *shared = take_open(ctx, code, 0);
    if (shared)
        return view(ctx, shared, ret);
    TRY(directory_find(ctx, code, S(""), 0, &entry));
    return open_found(ctx, &entry, ret);
}

Status tenant_open_id(Ctx *ctx, Id id, Tenant **ret)
{
    TenantEntry entry;
    TenantShared *shared = take_open(ctx, S(""), id);
    if (shared)
        return view(ctx, shared, ret);
    TRY(directory_find(ctx, S(""), S(""), id, &entry));
    return open_found(ctx, &entry, ret);
}

Status tenant_open_host(Ctx *ctx, Str host, Tenant **ret)
{
    TenantEntry entry;
    TRY(directory_find(ctx, S(""), host, 0, &entry));
    TenantShared *shared = take_open(ctx, entry.code, 0);
    return shared ? view(ctx, shared, ret) : open_found(ctx, &entry, ret);
}

typedef struct Only {
    Str code;
    int count;
} Only;

static Status find_only(Ctx *ctx, void *arg)
{
    Only *only = arg;
    Str code;
    Rows *rows =
        db_query(ctx, SQL("SELECT tenant_code FROM tenant_record WHERE state = 'active' LIMIT 2"));
    while (rows_next(rows, &code)) {
        only->code = code;
        only->count++;
    }
    return rows_end(rows);
}

Status tenant_open_only(Ctx *ctx, Tenant **ret)
{
    Only only = { 0 };
    *ret = NULL;
    TRY(db_read(ctx, control_db(), find_only, &only));
    return only.count == 1 ? tenant_open(ctx, only.code, ret) : OK;
}

Status tenant_open_creating(Ctx *ctx, const TenantEntry *entry, Tenant **ret)
{
    TenantShared *shared = take_open(ctx, S(""), entry->id);
    if (!shared)
        TRY(open_entry(ctx, entry, &shared));
    return view(ctx, shared, ret);
}

// Forgets what the directory said: the next opening reads it again. For subscribing and renaming.
void tenant_forget(Id id)
{
    TenantShared *gone = NULL;
    pthread_mutex_lock(&open_tenants.lock);
    for (TenantShared **at = &open_tenants.first; *at; at = &(*at)->next)
        if ((*at)->id == id && (*at)->users == 0) {
            gone = *at;
            *at = gone->next;
            open_tenants.count--;
            break;
        }
    pthread_mutex_unlock(&open_tenants.lock);
    if (gone)
        shared_free(gone);
}

// An entry in use is replaced in place; its old texts stay until the tenant closes.
void tenant_reload(Ctx *ctx, Tenant *tenant)
{
    TenantEntry entry;
    if (directory_find(ctx, S(""), S(""), tenant->id, &entry) != OK)
        return;
    pthread_mutex_lock(&open_tenants.lock);
    atomic_store(&tenant->shared->entry, entry_copy(&tenant->shared->arena, &entry));
    pthread_mutex_unlock(&open_tenants.lock);
    atomic_fetch_add(&tenant->shared->generation, 1);
}

void control_close(void)
{
    for (;;) {
        pthread_mutex_lock(&open_tenants.lock);
        TenantShared *shared = open_tenants.first;
        if (shared) {
            assert(shared->users == 0);
            open_tenants.first = shared->next;
            open_tenants.count--;
        }
        pthread_mutex_unlock(&open_tenants.lock);
        if (!shared)
            break;
        shared_free(shared);
    }
    if (open_tenants.control)
        db_drop(open_tenants.control);
    open_tenants.control = NULL;
}

// ---- In a context -------------------------------------------------------------------------------

void tenant_enter(Ctx *ctx, Tenant *tenant)
{
    ctx->tenant = tenant;
    if (!ctx->locale)
        locale_enter(ctx, locale_best(S(""), tenant->language), tenant->zone);
}

Status tenant_transact(Ctx *ctx, TxFn fn, void *arg)
{
    return db_transact(ctx, ctx->tenant->db, fn, arg);
}

Status tenant_read(Ctx *ctx, TxFn fn, void *arg)
{
    return db_read(ctx, ctx->tenant->db, fn, arg);
}

bool tenant_has(const Tenant *tenant, const Module *module)
{
    return module->is_shared || map_get(&tenant->cache->modules, str_from(module->name)) != NULL;
}

bool tenant_has_module(const Tenant *tenant, const char *module)
{
    const Module *m = module_named(str_from(module));
    return m ? tenant_has(tenant, m) : map_get(&tenant->cache->modules, str_from(module)) != NULL;
}

bool tenant_has_entity(const Tenant *tenant, const EntityDef *e)
{
    const char *module = e->info->module->name;
    return strcmp(module, "control") != 0 && tenant_has(tenant, e->info->module);
}

Date tenant_today(const Ctx *ctx)
{
    return zone_date(ctx->tenant->zone, ctx->now);
}

Date tenant_fiscal_start(const Ctx *ctx, Date on)
{
    Ymd day = date_ymd(on);
    int first = ctx->tenant->fiscal_month;
    return date_from_ymd(day.month >= first ? day.year : day.year - 1, first, 1);
}

Str tenant_fiscal_name(Ctx *ctx, Date on)
{
    int year = date_ymd(tenant_fiscal_start(ctx, on)).year;
    if (ctx->tenant->fiscal_month == 1)
        return str_format(ctx->arena, "%02d", year % 100);
    return str_format(ctx->arena, "%02d-%02d", year % 100, (year + 1) % 100);
}
