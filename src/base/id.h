// id.h - record numbers inside the program, 63 bits: 41 bits of milliseconds since 2024, 10 bits of
// node, 12 bits of counter. They grow with time, are unique over all entities, tenants and engines,
// and are made by the program, so that a record knows its id before it is written.
//
// Outside (JSON, URLs) an id is 13 characters of Crockford's base32, never a number: JavaScript
// would lose digits.
#pragma once

#include "base/ctx.h"

typedef int64_t Id;  // 0 is "nothing"

// The next id for `now`; never goes back, also when the clock does. Thread-safe.
Id id_next(Time now);
void id_set_node(int node);  // 0..1023, once at start-up

Time id_time(Id id);  // when it was made, to the millisecond

enum { ID_TEXT_LEN = 13 };
Str id_text(Arena *arena, Id id);  // 13 characters; "" for 0
bool id_parse(Str text, Id *ret);  // any case; I and L read as 1, O as 0; false when it is no id
