// throttle.h - slowing down those who guess passwords. Private to kernel/auth.
#pragma once

#include "base/date.h"

// E_LIMIT "login.throttled" with the seconds to wait in failure.extra.
MUST_CHECK Status throttle_check(Ctx *ctx, Str login, Str address);
void throttle_failed(Ctx *ctx, Str login, Str address);
void throttle_passed(Ctx *ctx, Str login);
