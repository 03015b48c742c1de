// answer.h - what the layer of pages gives the answerer: how an error looks, and where to sign in.
#pragma once

#include "kernel/http/request.h"

// error_page fills ctx->request->out for a failure in ctx->failure; sign_in answers with the way to
// the sign-in page, from which the person comes back here.
void answer_use_pages(void (*error_page)(Ctx *ctx, int status), Status (*sign_in)(Ctx *ctx));

// Asked where no route is found, and for "/" and "/robots.txt", on a host that belongs to a company
// (which has been entered): where the routes know that path ("/c/tea" is "/shop/main/c/tea" on a
// shop's own domain); *ret "" where the host is no such thing. Links and request->path stay as
// sent.
void answer_use_front(Status (*front)(Ctx *ctx, Str path, Str *ret));

// Asked first for the page of a failure: a part of the house with a face of its own fills the
// answer and says true; false, with ctx->failure as it was, where the request is none of its own.
void answer_use_front_errors(bool (*error_page)(Ctx *ctx, int status));
