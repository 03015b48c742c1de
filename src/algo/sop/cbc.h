// cbc.h - CBC (COIN-OR, EPL) as the solver of linear programmes. A library of its own, so that only
// who plans supply is linked with it.
#pragma once

#include "algo/sop/lp.h"

// Silent, no files. The budget's seconds count; its steps and stop do not, because the solver has
// no place to ask them. One caller at a time in a process: CBC keeps globals.
MUST_CHECK Status cbc_solve(Ctx *ctx, const Lp *lp, const Budget *budget, LpAnswer *ret);
