// roles.h - the roles a company starts with, from the modules' templates.
#pragma once

#include "kernel/tenant.h"

// In a tenant's lane, when a module is subscribed: its templates become roles, or add to those that
// other modules' templates of the same name have made. Viewers may see the module, members may also
// edit.
MUST_CHECK Status roles_install(Ctx *ctx, const Module *module);
