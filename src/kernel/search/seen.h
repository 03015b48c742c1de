// seen.h - what of the searched records an actor sees: row scopes for the index, the last look
// through the one predicate that lists use, facets. Private to kernel/search.
#pragma once

#include "kernel/search.h"
#include "kernel/search/declared.h"
#include "kernel/search/engine.h"

typedef LIST(Str) NameList;

// What of a kind ctx's actor may see, and which part of it: all that *ret and what follows by
// ->also let through.
void seen_scope(Ctx *ctx, const EntityDef *e, Archived archived, IndexScope *ret);

// Of these records those that are there and that the actor may see at this moment; *ret in the
// order of `ids`.
MUST_CHECK Status seen_now(Ctx *ctx, const EntityDef *e, Archived archived, const IdList *ids,
                           IdList *ret);

// Records with a unique field that is these words (a number, SKU, barcode, address), through the
// field's own index, as far as the actor may see record and field; at most EXACT_MAX.
enum { EXACT_MAX = 8 };
MUST_CHECK Status seen_exact(Ctx *ctx, const EntityDef *e, Archived archived, Str words,
                             IdList *ret);

// The facets that an answer counts for ctx's actor.
void seen_facets(Ctx *ctx, const EntityDef *e, NameList *ret);
// A filter as the index takes it; E_INVALID "search.filter" where it is not on a facet.
MUST_CHECK Status seen_filter(Ctx *ctx, const Filter *filter, IndexFilter *ret);
// A facet's value as people read it.
MUST_CHECK Status seen_label(Ctx *ctx, const EntityDef *e, Str facet, Str value, Str *ret);
