// lines.h - files with one JSON object a line, or one that goes over many.
#pragma once

#include "base/json.h"

typedef LIST(const Json *) JsonList;

// All objects of a text: each line one, or the whole text one. Empty lines are left out. E_INVALID
// names the line.
MUST_CHECK Status lines_read(Ctx *ctx, Str text, JsonList *ret);
