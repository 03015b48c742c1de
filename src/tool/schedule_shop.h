// schedule_shop.h - a job shop that is being read: operations and their alternatives one by one.
#pragma once

#include "base/map.h"
#include "tool/schedule_read.h"

typedef struct ShopDraft {
    Arena *arena;
    LIST(JobShopJob) jobs;
    LIST(JobShopOperation) operations;
    LIST(JobShopOption) options;
    int machines;  // one more than the largest machine named
} ShopDraft;

// What is pushed next belongs to what was pushed last. E_INVALID "schedule.file" past the limits.
MUST_CHECK Status draft_job(Ctx *ctx, ShopDraft *draft);
MUST_CHECK Status draft_operation(Ctx *ctx, ShopDraft *draft);
MUST_CHECK Status draft_option(Ctx *ctx, ShopDraft *draft, int64_t machine, int64_t duration);

// The shop without calendars, set-ups and dates.
void draft_finish(ShopDraft *draft, JobShop *ret);
