// index.h - makes segments out of records' texts, and larger ones out of smaller.
//
// An index is a list of segments. Records that changed are written as a new small segment, and
// their older versions noted as gone; in the background segments of like size are merged into one
// (log-structured merging: O'Neil et al. 1996). So a change costs what it changes, nothing is ever
// rewritten as a whole, and an index of n records has some log(n) segments.
//
// What a record is found by depends on the record alone: in whatever order records come, go and are
// merged, the same records give the same answers.
#pragma once

#include "kernel/search/segment.h"

// ---- A record as the index sees it --------------------------------------------------------------

typedef struct IndexText {
    int field;  // 0 weighs most (score.h)
    Str text;
} IndexText;
typedef struct IndexValue {
    Str facet, value;  // cut where they are too long for a key
} IndexValue;
typedef struct IndexDoc {
    Id id;
    LIST(IndexText) texts;
    LIST(IndexValue) values;
} IndexDoc;

// Writes a segment of these documents, each id once, in any order.
MUST_CHECK Status index_build(Ctx *ctx, const IndexDoc *docs, size_t count,
                              const SegmentSink *sink);

// The key of a facet's value, as it stands in the dictionary.
Str index_facet_key(Arena *arena, Str facet, Str value);

// ---- Merging ------------------------------------------------------------------------------------

// Writes one segment of what is not gone in the inputs. Where an id is in two of them, the later
// input's counts. Memory: four bytes and an id a document, one part of each input, one posting.
MUST_CHECK Status index_merge(Ctx *ctx, const Segment *inputs, size_t count,
                              const SegmentSink *sink);

// Which segments to merge next.
typedef struct IndexSize {
    int64_t docs, gone;
} IndexSize;
enum {
    MERGE_TIER = 4,    // segments of like size (within this factor) before they are merged
    MERGE_SMALL = 64,  // live documents; all below are of like size
    MERGE_INPUTS_MAX = 16,
};
// Marks the inputs of the next merge, at most MERGE_INPUTS_MAX; false when there is nothing to do.
// A segment of which more than half is gone is rewritten alone.
bool index_merge_pick(const IndexSize *sizes, size_t count, bool *ret_picked);
