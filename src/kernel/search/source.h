// source.h - records as documents of an index: their texts and values, read for many at once.
// Private to kernel/search.
#pragma once

#include "kernel/search/declared.h"
#include "kernel/search/engine.h"

typedef LIST(IndexDoc) IndexDocList;

enum { SOURCE_IDS_MAX = 128 };  // records asked for in one statement

// Adds one document for each of these root records, or, where `e` is owned by them, for each row of
// theirs. At most SOURCE_IDS_MAX roots. Records that are gone give none.
MUST_CHECK Status source_read(Ctx *ctx, const EntityDef *e, Breadth breadth, const IdList *roots,
                              IndexDocList *ret);
// The documents of a segment that belong to these root records.
MUST_CHECK Status source_docs_of(Ctx *ctx, const EntityDef *e, const Segment *segment,
                                 const IdList *roots, const Set **ret);

// Root records above `after`, ascending, at most SOURCE_IDS_MAX: all of e's; or those that hold a
// row which refers to `far`.
MUST_CHECK Status source_roots(Ctx *ctx, const EntityDef *e, Id after, IdList *ret);
MUST_CHECK Status source_roots_via(Ctx *ctx, const Shower *shower, Id far, Id after, IdList *ret);
