// draft.h - a segment that is being written: its parts are collected, and go to the database a few
// at a time, each few in a short member of the lane. Private to kernel/search.
#pragma once

#include "kernel/search/store.h"

typedef struct Draft {
    Ctx *ctx;
    Id id;
    Str index;
    Arena arena;  // of the parts that wait
    StoredPartList parts;
    bool is_begun;  // some are in the database
} Draft;

// Released with ctx's arena.
Draft *draft_new(Ctx *ctx, Str index);
SegmentSink draft_sink(Draft *draft);

// In a lane: writes what waits. What was begun and is not there any more is E_CONFLICT
// "search.draft": it took so long that it was taken for abandoned.
MUST_CHECK Status draft_write(Ctx *ctx, const Draft *draft);
// In the same member, after draft_write(): from now on it is read. `gone` as in store_publish().
MUST_CHECK Status draft_publish(Ctx *ctx, const Draft *draft, int64_t docs, const Set *gone);
