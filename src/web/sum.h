// sum.h - a sum typed into a search box: "1200*0.96". Private to web.
#pragma once

#include "base/ctx.h"

enum { SUM_DIGITS = 6 };

// Plus, minus, times (* or x), divided by, brackets, in the reader's own numbers; at least one of
// the signs. *ret in millionths, rounded half up where a division or product needs it. False for
// anything else: no sum, too large, divided by nothing.
bool sum_read(const Ctx *ctx, Str text, int64_t *ret);
