// nest_hides.h - the files of entrepot-nest for leather: hides with pieces, and where they lie.
#pragma once

#include "algo/nest/hide.h"
#include "base/json.h"

typedef struct HidesFile {
    HideJob job;
    Str *hide_ids, *piece_ids;  // as JSON text
} HidesFile;

// Whether the text is a job with hides; false too for what cannot be read.
bool hides_file_is(Ctx *ctx, Str text);

MUST_CHECK Status hides_file_read(Ctx *ctx, Str text, HidesFile *ret);
Str hides_layout_write(Arena *arena, const HidesFile *file, const HideLayout *layout);
Str hides_layout_svg(Arena *arena, const HidesFile *file, const HideLayout *layout);
