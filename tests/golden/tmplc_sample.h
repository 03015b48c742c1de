// Generated from sample.html by tmplc: change that file instead.
#pragma once

#include "web/html.h"
#line 2 "sample.html"
#include "tmplc/sample.h"

// A whole page around `body`.
#line 6 "sample.html"
void sample_shell(Buf *out, Ctx *ctx, Str title, Html body);

// The orders as a table.
#line 24 "sample.html"
void sample_list(Buf *out, Ctx *ctx, const SampleOrder *orders, size_t count);

// An order being edited.
#line 50 "sample.html"
void sample_form(Buf *out, Ctx *ctx, const SampleOrder *order, Url back);
