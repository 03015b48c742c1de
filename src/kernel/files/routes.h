// routes.h - the handlers of /files/... and of uploads (kernel_routes.c lists them).
#pragma once

#include "base/ctx.h"

Status file_show(Ctx *ctx);    // GET /files/{id}/{name}?expires=..&sig=..[&w=480]
Status file_upload(Ctx *ctx);  // POST /api/v1/platform/files, multipart/form-data
