// rest.h - the REST that follows from entities: list, get, create, update, delete, bulk upsert,
// archive, one POST an action, children by page. No module writes any of it.
#pragma once

#include "kernel/http/request.h"

// Every route there is: modules' own, derived ones, and `more` (files, pages: tables that end with
// a zero row, NULL at the end); makes the router ready. After modules_start().
void rest_start(const Route *const *more);

// "/api/v1/oms/orders/01H.../confirm"
Str rest_path(Arena *arena, const EntityDef *e, Id id, const char *more);
// "made": {kind, id, href} of what an action made, or null.
void rest_put_made(Ctx *ctx, Link made, JsonOut *json);
