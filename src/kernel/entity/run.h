// run.h - the inner half of the actions' runner, for approvals: what is asked for now is done
// later. Private to kernel/entity.
#pragma once

#include "kernel/entity/access.h"

// That the state allows it and the guard agrees.
MUST_CHECK Status action_require(Ctx *ctx, const EntityDef *e, const Action *action,
                                 const void *record);
// Does it: guard, the module's function, the move, saving, the event. Nobody's permission is asked.
MUST_CHECK Status action_perform(Ctx *ctx, const EntityDef *e, const Action *action, void *record,
                                 const void *input);
