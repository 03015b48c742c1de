// store.h - the bytes of stored files, on disk: <data>/files/<tenant>/<2 hex>/<sha256>. Private to
// kernel/files. What is derived from a file stands beside it, under its name and a suffix.
#pragma once

#include "kernel/tenant.h"

#define STORE_TEMPORARY "tmp-"  // how names of files begin that are still being written

Str store_folder(Ctx *ctx);  // of ctx's tenant
Str store_path(Ctx *ctx, Str digest, const char *suffix);

// Puts bytes there so that they survive a crash from now on; when they are there already, they
// count as new again, so that the sweep leaves them alone for another day. E_INTERNAL "file.disk".
MUST_CHECK Status store_put(Ctx *ctx, Str digest, const char *suffix, Str bytes);

// False: there is no such file, or not of that size (size < 0: of any, up to max).
MUST_CHECK Status store_get(Ctx *ctx, Str digest, const char *suffix, int64_t size, int64_t max,
                            bool *ret_found, Str *ret);
