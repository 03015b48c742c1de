// demo_shop.h - the demo company's online shop.
#pragma once

#include "kernel/tenant.h"

// In the tenant: the shop with its products, pages and deliveries, unless it is there already.
MUST_CHECK Status demo_shop(Ctx *ctx);
