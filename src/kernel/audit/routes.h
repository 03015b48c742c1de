// routes.h - the handler that checks the audit trail (kernel_routes.c lists it).
#pragma once

#include "kernel/tenant.h"

MUST_CHECK Status audit_check_route(Ctx *ctx);  // {rows, is_whole, broken_seq, what}
