// file.h - supply plans as JSON, and scenarios side by side as a table. docs/planning.md and
// `entrepot-sop --help` show the format.
#pragma once

#include "algo/sop/sop.h"

// E_INVALID "json.syntax", or "input.field" with the place. The input looks into `text`.
MUST_CHECK Status sop_read(Ctx *ctx, Str text, SopInput *ret);

// One plan for each scenario.
void sop_write(Arena *arena, const SopInput *input, const SopPlan *plans, Buf *out);
void sop_table(const SopInput *input, const SopPlan *plans, Buf *out);
