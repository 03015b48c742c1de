// directory.h - the control database's entries of tenants. Private to kernel/tenant.
#pragma once

#include "gen/control.gen.h"
#include "kernel/tenant.h"

typedef struct TenantEntry {
    Id id;
    Str code, name, country, language, modules;
    CurrencyCode base;
    const Zone *zone;
    int fiscal_month;
    DbPlace place;
    bool is_suspended, is_creating;
} TenantEntry;

// By code, host or id, whichever is given. E_NOT_FOUND "tenant.not_found".
MUST_CHECK Status directory_find(Ctx *ctx, Str code, Str host, Id id, TenantEntry *ret);
const TenantEntry *entry_copy(Arena *arena, const TenantEntry *entry);
void tenant_forget(Id id);  // closes it if nobody uses it
// A view of a tenant that is still being set up.
MUST_CHECK Status tenant_open_creating(Ctx *ctx, const TenantEntry *entry, Tenant **ret);
// What the directory says of an open tenant has changed.
void tenant_reload(Ctx *ctx, Tenant *tenant);
// The tables that these modules want, in db.
MUST_CHECK Status tenant_migrate(Ctx *ctx, Db *db, Str modules, bool apply, bool contract,
                                 StepList *ret);

// For restoring: directory entry (state `creating`) and empty tables, no first rows; nobody gets in
// before tenant_activate().
MUST_CHECK Status tenant_prepare(Ctx *ctx, const TenantSpec *spec, TenantEntry *ret);
MUST_CHECK Status tenant_activate(Ctx *ctx, Id tenant);
