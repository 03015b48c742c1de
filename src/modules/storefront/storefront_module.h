// storefront_module.h - the module's part, for app/modules.c.
#pragma once

#include "kernel/module.h"

extern const Module storefront_part;
// Where a host of its own shows a shop; for answer_use_front().
Status shop_front(Ctx *ctx, Str path, Str *ret);
// A failure inside a shop, in the shop's own frame; for answer_use_front_errors().
bool shop_error(Ctx *ctx, int status);
