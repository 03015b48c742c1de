// tzif.h - the zone files of the system, as changes of the clock.
#pragma once

#include "base/date.h"

// From an instant on, clocks are offset_s seconds ahead of UTC.
typedef struct {
    Time from;
    int32_t offset_s;
} ZoneChange;
typedef LIST(ZoneChange) ZoneChangeList;

// The largest file of the world's zones has 4 KB.
enum { TZIF_LEN_MAX = 64 * 1024 };

// Reads the bytes of one TZif file (RFC 9636; RFC 8536 before it) of version 2 or later. The first
// change is before all times (INT64_MIN); the others ascend, each changes the offset, and all fall
// within the years 1900 to 2099. False, and nothing written, when the bytes are not such a file to
// the last one, when it counts leap seconds, which Time does not, or when it is too long.
bool tzif_read(Arena *arena, Str bytes, ZoneChangeList *ret);
