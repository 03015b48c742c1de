// nest_file.h - the files of entrepot-nest: jobs and layouts in JSON.
#pragma once

#include "algo/nest/nest.h"
#include "base/json.h"

typedef struct NestFile {
    NestJob job;
    Str *ids;  // of the pieces, as JSON text
} NestFile;

// E_INVALID names the first thing that is wrong and where. Keys that are not known are passed over.
MUST_CHECK Status nest_file_read(Ctx *ctx, Str text, NestFile *ret);

// A layout of the job, as nest_file_write() writes it.
MUST_CHECK Status nest_layout_read(Ctx *ctx, const NestFile *file, Str text, NestLayout *ret);

Str nest_layout_write(Arena *arena, const NestFile *file, const NestLayout *layout);

// A picture of the layout, true to scale.
Str nest_layout_svg(Arena *arena, const NestFile *file, const NestLayout *layout);

// ---- Parts of it, for other files with pieces ---------------------------------------------------
MUST_CHECK Status nest_polygon_read(Ctx *ctx, const Json *value, NestPolygon *ret);
MUST_CHECK Status nest_piece_read(Ctx *ctx, const Json *item, NestPiece *piece);
MUST_CHECK Status nest_id_read(Ctx *ctx, const Json *item, int index, Str *ret);  // as JSON text
int nest_decimals(double width);  // that a position needs on a strip so wide
