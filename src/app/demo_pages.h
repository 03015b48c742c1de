// demo_pages.h - what the demo company's shop says of itself.
#pragma once

#include "kernel/tenant.h"

// In the lane: start page, texts and menus of the channel's shop, in English and Spanish.
MUST_CHECK Status demo_pages(Ctx *ctx, Id channel);
