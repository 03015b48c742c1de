// system.h - what whoever runs the program asks it: is it alive, may it be sent requests, what does
// it count.
#pragma once

#include "kernel/tenant.h"

MUST_CHECK Status system_live(Ctx *ctx);   // the process answers
MUST_CHECK Status system_ready(Ctx *ctx);  // and can reach its control database; 503 when not
MUST_CHECK Status
system_metrics(Ctx *ctx);  // Prometheus text; from this machine only, unless configured
