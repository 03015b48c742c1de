// file.h - a material plan's input and answer as JSON. docs/planning.md and `entrepot-mrp --help`
// show the format.
#pragma once

#include "algo/mrp/mrp.h"
#include "base/buf.h"

// E_INVALID "json.syntax", or "input.field" with the place of the first mistake. The input looks
// into `text`.
MUST_CHECK Status mrp_read(Ctx *ctx, Str text, MrpInput *ret);

typedef enum { MRP_PEGS_NONE, MRP_PEGS_LEVEL, MRP_PEGS_FULL } MrpPegging;

// `most`: pegs through levels, as in mrp_serves().
MUST_CHECK Status mrp_write(Ctx *ctx, const MrpPlan *plan, MrpPegging pegging, int64_t most,
                            Buf *out);
