// export.h - what the kinds of export share. Private to kernel/transfer.
#pragma once

#include "kernel/transfer.h"

Str export_text(Arena *arena, const Cell *cell);  // as data; "" when it is not known
bool export_is_number(const Cell *cell);

MUST_CHECK Status export_xlsx(Ctx *ctx, const EntityQuery *query,
                              void (*write)(Str piece, void *arg), void *arg);
