// facet.h - filtering and counting by the values of facets. Private to the engine.
#pragma once

#include "kernel/search/engine.h"

// The documents of a segment that a filter lets through.
MUST_CHECK Status filter_docs(Ctx *ctx, const Segment *segment, const IndexFilter *filter,
                              const Set **ret);
// Those that the scope lets through; *ret is NULL for all.
MUST_CHECK Status scope_docs(Ctx *ctx, const Segment *segment, const IndexScope *scope,
                             const Set **ret);

// Counts the values of ret->facet among `matches`, one set a segment.
MUST_CHECK Status facet_count(Ctx *ctx, const Index *index, const Set *const *matches,
                              IndexFacet *ret);
