// error.h - what an error page shows. Private to web.
#pragma once

#include "base/ctx.h"

typedef struct ErrorPage {
    int status;
    Str title, advice;
    Str said;  // the failure's own sentence; "" when it is not for people
    Str trace;
    const char *glyph;
} ErrorPage;

MUST_CHECK Status offline_page(Ctx *ctx);
