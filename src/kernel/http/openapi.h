// openapi.h - the API described for programs: an OpenAPI 3.1 document of all routes, from the same
// tables that answer them, so that it cannot say anything else than what happens.
//
// Nobody needs a permission to read it: it holds declarations only, no company's data. docs/api.md
// says how clients are made from it.
#pragma once

#include "base/buf.h"
#include "kernel/module.h"

// The whole document, of the routes that rest_start() made ready.
void openapi_write(Arena *arena, Buf *out);

// GET /api/openapi.json; written once, at the first request. Ends with a zero row.
extern const Route openapi_routes[];
