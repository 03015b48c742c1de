// forms.h - forms that are shown again when they are refused. Private to web.
#pragma once

#include "base/ctx.h"

// Shows the form that the failed request came from, with ctx->failure beside its fields and what
// was typed kept. False: the request came from no such form, and nothing was written.
bool form_again(Ctx *ctx, int status);
