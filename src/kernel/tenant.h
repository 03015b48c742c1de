// tenant.h - companies: each one set of books in a namespace of its own (a file, or a schema),
// found by code or host name through the control database, which also knows which modules it
// subscribes to.
//
// A Tenant is one request's view: it holds the shared parts (namespace, cache) for the life of the
// request's arena. What is cached (settings, roles, own fields, subscriptions) is replaced as a
// whole when it changes, never edited; a request sees one state of it from beginning to end.
#pragma once

#include "kernel/module.h"

typedef struct TenantCache TenantCache;    // kernel/tenant/cache.h: settings, roles, own fields
typedef struct TenantShared TenantShared;  // kernel/tenant/open.c

typedef struct Tenant {
    Id id;
    Str code;  // "acme": lower case; in X-Tenant and on the command line
    Str name;
    Db *db;
    CurrencyCode base;  // fixed at the first posting
    const Zone *zone;   // business dates
    Str language;       // main language of translated data: "en"
    Str country;        // ISO 3166
    int fiscal_month;
    const TenantCache *cache;
    TenantShared *shared;
} Tenant;

// The control database: tenants, domains, staff users, memberships, sessions, anchors.
Db *control_db(void);
// Opens it (creating and migrating it), with the master key; once at start-up.
MUST_CHECK Status control_open(Ctx *ctx, const DbPlace *place);
void control_close(void);  // also every tenant

// Opens a tenant for the life of the arena: *ret stays valid until then. E_NOT_FOUND
// "tenant.not_found", E_DENIED "tenant.suspended".
MUST_CHECK Status tenant_open(Ctx *ctx, Str code, Tenant **ret);
MUST_CHECK Status tenant_open_host(Ctx *ctx, Str host, Tenant **ret);
// The only active one; *ret NULL where there are none or several.
MUST_CHECK Status tenant_open_only(Ctx *ctx, Tenant **ret);
MUST_CHECK Status tenant_open_id(Ctx *ctx, Id id, Tenant **ret);
// Makes it the context's: ctx->tenant, zone and language of ctx->locale where nobody chose another.
void tenant_enter(Ctx *ctx, Tenant *tenant);

typedef struct TenantSpec {
    Str code, name, country, language, zone, currency;
    int fiscal_month;  // the fiscal year's first month, 1..12
    Str modules;       // "oms inventory finance", "*" for all; what they require comes along
    Str host;          // a domain of its own, "" none
    DbPlace place;     // where; file and schema "" follow from the code
} TenantSpec;

// Directory entry, namespace, tables and first rows of every module, in this order, so that what
// breaks off half way is found and finished by calling it again.
MUST_CHECK Status tenant_create(Ctx *ctx, const TenantSpec *spec, Id *ret);
// Subscribes to a module and what it requires: tables are created online.
MUST_CHECK Status tenant_subscribe(Ctx *ctx, Tenant *tenant, Str module);
MUST_CHECK Status tenant_unsubscribe(Ctx *ctx, Tenant *tenant, Str module);
// For each tenant in the directory, in order of code. fn gets ctx entered into it.
MUST_CHECK Status tenant_each(Ctx *ctx, TxFn fn, void *arg);

// Runs fn in the tenant's lane, or on a snapshot of it (db_transact / db_read of ctx->tenant->db).
MUST_CHECK Status tenant_transact(Ctx *ctx, TxFn fn, void *arg);
MUST_CHECK Status tenant_read(Ctx *ctx, TxFn fn, void *arg);

Date tenant_today(const Ctx *ctx);                  // the day it is there
Date tenant_fiscal_start(const Ctx *ctx, Date on);  // first day of the fiscal year that holds `on`
Str tenant_fiscal_name(Ctx *ctx, Date on);          // "26", or "26-27" when it spans two years

// ---- Settings -----------------------------------------------------------------------------------
//
// Declared
// by modules (module.h), changed by people, read from a cache: cheap enough for any place.

bool setting_bool(const Ctx *ctx, const char *name);
int64_t setting_int(const Ctx *ctx, const char *name);
Str setting_text(const Ctx *ctx, const char *name);
int setting_enum(const Ctx *ctx, const char *name);  // number of the enumerator
Id setting_ref(const Ctx *ctx, const char *name);
// In the tenant's lane. Text as a person gives it; checked by the setting's type.
MUST_CHECK Status setting_set(Ctx *ctx, Str name, Str value);

// Call in a lane after changing what the cache holds (settings, roles, own fields, subscriptions).
void tenant_cache_stale(Ctx *ctx);
