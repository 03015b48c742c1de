// text.h - the translator that locale_enter() puts into a context.
#pragma once

#include "base/ctx.h"

// The text in ctx->locale's language, or the English without its context (TEXT_IN, i18n.h).
const char *text_translate(const Ctx *ctx, const char *english);
