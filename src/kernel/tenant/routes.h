// routes.h - the handlers of settings and subscriptions (kernel_routes.c lists them).
#pragma once

#include "kernel/tenant.h"

MUST_CHECK Status settings_list(Ctx *ctx);
MUST_CHECK Status settings_change(Ctx *ctx);  // {"name": value, ...}: all of them, or none
MUST_CHECK Status modules_list(Ctx *ctx);
MUST_CHECK Status modules_subscribe(Ctx *ctx);    // .../{name}/subscribe
MUST_CHECK Status modules_unsubscribe(Ctx *ctx);  // the module's records stay, unseen
