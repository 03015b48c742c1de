// routes.h - one's inbox, assigning and approving, over the API.
#pragma once

#include "base/ctx.h"

MUST_CHECK Status inbox_list_route(Ctx *ctx);        // GET  /api/v1/platform/inbox?view=open
MUST_CHECK Status inbox_done_route(Ctx *ctx);        // POST /api/v1/platform/inbox/{id}/done
MUST_CHECK Status inbox_reopen_route(Ctx *ctx);      // POST .../reopen
MUST_CHECK Status inbox_snooze_route(Ctx *ctx);      // POST .../snooze
MUST_CHECK Status assign_route(Ctx *ctx);            // POST /api/v1/platform/assignments
MUST_CHECK Status approval_approve_route(Ctx *ctx);  // POST /api/v1/platform/approvals/{id}/approve
MUST_CHECK Status approval_refuse_route(Ctx *ctx);   // POST .../refuse
MUST_CHECK Status approval_withdraw_route(Ctx *ctx);  // POST .../withdraw
