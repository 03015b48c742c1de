// utf16.h - to and from the 16-bit text that ICU works on.
#pragma once

#include "base/str.h"

#include <unicode/utypes.h>

typedef struct Text16 {
    UChar *ptr;
    int32_t len;
} Text16;

// Into `room` when that holds it, else into the arena. What is not UTF-8 becomes U+FFFD. s has less
// than INT32_MAX / 4 bytes.
Text16 text16_from(Arena *arena, Str s, UChar *room, int32_t room_len);
Str text16_to(Arena *arena, Text16 text);
