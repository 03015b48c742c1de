// cache.h - what is read from a tenant's tables so often that it is kept in memory. Built as a
// whole in one read transaction, never changed, replaced when something in it is saved.
#pragma once

#include "base/map.h"
#include "kernel/auth/actor.h"
#include "kernel/entity/custom.h"
#include "kernel/tenant.h"

typedef struct CachedRole {
    Id id;
    Str name;
    uint64_t *grants;  // permission bits
} CachedRole;

typedef struct CachedWebhook {
    Id id;
    Str events;  // names, blank-separated; "*" for all
} CachedWebhook;

typedef struct CachedMember {  // staff only; outside people are many and looked up
    Id id, user;
    Str name;
    uint64_t *grants;
    LIST(ActorLimit) limits;
} CachedMember;

struct TenantCache {
    Arena arena;
    Time built_at;
    uint64_t generation;
    Map settings;  // name -> Str *
    Map modules;   // name -> itself
    Map custom;    // entity name -> OwnFieldList *
    LIST(CachedRole) roles;
    LIST(CachedMember) members;
    LIST(CachedWebhook) webhooks;
};

// Reads everything; `shell` gives the arena that becomes the cache's.
MUST_CHECK Status cache_build(Ctx *ctx, TenantCache *cache);

const CachedMember *cache_member(const TenantCache *cache, Id user);  // by the staff user
const CachedRole *cache_role(const TenantCache *cache, Id role);
// How many 64-bit words hold one bit a permission.
size_t grant_words(void);
