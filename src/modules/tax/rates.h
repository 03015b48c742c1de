// rates.h - a new company's tax classes and rates. Private to the module.
#pragma once

#include "base/ctx.h"

MUST_CHECK Status rates_install(Ctx *ctx);
