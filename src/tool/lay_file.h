// lay_file.h - the files of entrepot-lay: orders with rolls, and plans, in JSON.
#pragma once

#include "algo/nest/lay.h"
#include "base/json.h"

typedef struct LayFile {
    LayJob job;
    Str *sizes, *colours;    // names
    Str *roll_ids, *shades;  // of the rolls
} LayFile;

MUST_CHECK Status lay_file_read(Ctx *ctx, Str text, LayFile *ret);
Str lay_plan_write(Arena *arena, const LayFile *file, const LayPlan *plan);
