// refresh.h - bringing the index up to date, behind the transactions that change records. Private
// to kernel/search, but for the job.
#pragma once

#include "kernel/job.h"

#define SEARCH_JOB "kernel.search_refresh"

// Some batches at a time; postpones itself, so that a tenant has one row for it that searching
// wakes.
Status search_refresh_job(Ctx *ctx, const JobRun *job);

// In a lane: the record is to be read again; `is_far`: and those that are found by its fields.
MUST_CHECK Status touch_note(Ctx *ctx, Str kind, Id id, bool is_far);

// Merges what the policy says of all indexes, then removes what nobody reads any more.
MUST_CHECK Status compact_all(Ctx *ctx);
