// store.h - an index as rows of the tenant: search_segment and search_part (kernel.ent). Private to
// kernel/search.
//
// A segment is being built, then live, then retired; only live ones are read. Its parts never
// change, so they are cached by the segment's id, which is unique over tenants, nodes and time.
// What is gone from it does change: each version of that set has an edition, an id too, and is
// cached by it. A reader on a snapshot sees the segments, editions and parts of one moment.
#pragma once

#include "kernel/db/lane.h"
#include "kernel/search/engine.h"

enum {
    STORE_PARTS_AT_ONCE = 64,  // written or deleted in one member of a lane
    STORE_CACHE_BYTES = 64 << 20,
};

// The cache of the process; its limit can be set before the first search.
void search_cache_limit(size_t bytes);
Cache *search_cache(void);

typedef struct StoredSegment {
    Id id, edition;
    Str index;  // "product"
    int64_t docs, gone_docs;
} StoredSegment;
typedef LIST(StoredSegment) StoredSegmentList;

// All of these work on ctx->conn.

// The live segments of one index, or of all ("") in order of their names; oldest first.
MUST_CHECK Status store_segments(Ctx *ctx, Str index, StoredSegmentList *ret);
// Opened for reading through ctx->conn.
MUST_CHECK Status store_open(Ctx *ctx, const StoredSegmentList *segments, Index *ret);
MUST_CHECK Status store_open_one(Ctx *ctx, const StoredSegment *segment, Segment *ret);
// One whose parts were all written, and which nobody else reads yet.
MUST_CHECK Status store_open_draft(Ctx *ctx, Id segment, Segment *ret);

// Parts that wait to be written.
typedef struct StoredPart {
    PartKind kind;
    uint32_t number;
    Str bytes;
} StoredPart;
typedef LIST(StoredPart) StoredPartList;

MUST_CHECK Status store_write_parts(Ctx *ctx, Id segment, const StoredPart *parts, size_t count);
typedef enum Stage { STAGE_BUILDING, STAGE_LIVE } Stage;
// `gone` NULL: nothing is.
MUST_CHECK Status store_add_segment(Ctx *ctx, Id segment, Str index, Stage stage, int64_t docs,
                                    const Set *gone);
MUST_CHECK Status store_set_gone(Ctx *ctx, Id segment, const Set *gone);
// *ret_is_building false: somebody gave it up meanwhile.
MUST_CHECK Status store_is_building(Ctx *ctx, Id segment, bool *ret_is_building);
MUST_CHECK Status store_publish(Ctx *ctx, Id segment, int64_t docs, const Set *gone);
MUST_CHECK Status store_retire(Ctx *ctx, Id segment);
MUST_CHECK Status store_retire_all(Ctx *ctx, Str index);

// Deletes some parts of retired segments, and of those whose building began before `abandoned`;
// *ret_more: there are others.
MUST_CHECK Status store_sweep(Ctx *ctx, Time abandoned, bool *ret_more);
