// invitation.h - the page behind an invitation's link. Private to web.
#pragma once

#include "kernel/auth/invite.h"

MUST_CHECK Status invitation_page(Ctx *ctx);  // GET  /admin/invitation/{token}
MUST_CHECK Status invitation_post(Ctx *ctx);  // POST /admin/invitation/{token}
MUST_CHECK Status invitation_again(Ctx *ctx, int status);
