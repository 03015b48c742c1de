// error.h - what an error page shows. Private to web.
#pragma once

#include "base/list.h"
#include "kernel/module.h"

typedef struct ErrorPage {
    int status;
    Str title, advice;
    Str said;  // the failure's own sentence; "" when it is not for people
    Str trace;
    const char *glyph;
    Str ask;  // whom to ask: "Farida Hossain, Nadia Alam"; ""
} ErrorPage;

// A module that the company does not use, for those who may change that.
typedef struct Offer {
    const Module *module;
    LIST(const char *) gives, needs;  // labels, English
} Offer;

MUST_CHECK Status offline_page(Ctx *ctx);
MUST_CHECK Status module_add_post(Ctx *ctx);  // POST /admin/modules/{name}
