// cbc.h - CBC (COIN-OR, EPL) as the solver of linear programmes. A library of its own, so that only
// who plans supply is linked with it.
#pragma once

#include "algo/sop/lp.h"

// Silent, no files. The budget is asked before the solver starts: CBC 2.10 has no way of stopping a
// programme without integers on its way. CBC's presolve forgets some memory when it finds that a
// programme has no answer, so a server hands it only those that have one (sop.h does).
MUST_CHECK Status cbc_solve(Ctx *ctx, const Lp *lp, const Budget *budget, LpAnswer *ret);
