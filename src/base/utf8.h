// utf8.h - reading UTF-8.
#pragma once

#include "base/str.h"

enum { UTF8_BAD = -1 };

bool utf8_valid(Str s);  // shortest forms only, no surrogates, nothing above U+10FFFF
// Takes the next code point off the front; UTF8_BAD (and one byte taken) where the bytes are not
// UTF-8. s must not be empty.
int32_t utf8_next(Str *s);
size_t utf8_len(Str s);                   // code points
Str utf8_cut(Str s, size_t characters);   // at most so many code points from the front
Str utf8_cut_bytes(Str s, size_t bytes);  // at most so many bytes, and only whole code points
void utf8_put(char *to, int32_t c, size_t *ret_len);  // up to 4 bytes
// Valid UTF-8 in any case: what is not is replaced by U+FFFD. Returns s itself when it is fine.
Str utf8_clean(Arena *arena, Str s);
