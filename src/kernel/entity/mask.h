// mask.h - what is shown of a value that somebody may not see whole.
#pragma once

#include "kernel/entity/entity.h"

// Sealed fields always; e-mail addresses, telephone numbers and streets in lists, unless the actor
// may see personal data there (permission platform.personal). Names stay: without them no list
// could be read.
bool field_is_masked(const Ctx *ctx, const FieldDef *field, bool in_list);
Str mask_text(Arena *arena, const FieldDef *field, Str text);  // "f•••@example.com", "•••4421"
