// routes.h - the handlers of /api/v1/auth/... (kernel_routes.c lists them).
#pragma once

#include "kernel/tenant.h"

MUST_CHECK Status auth_login(Ctx *ctx);    // {login, password, portal?} -> tokens
MUST_CHECK Status auth_refresh(Ctx *ctx);  // {refresh_token} -> new tokens; the old ones end
MUST_CHECK Status auth_logout(Ctx *ctx);
MUST_CHECK Status auth_me(Ctx *ctx);  // who is asking, and what they may do
