// str.h - text as a view: a pointer and a length. Bytes are UTF-8 unless a name says otherwise.
//
// A Str does not own what it points at. Text made in an arena also ends in NUL, so its ptr can be
// given to a C library; a view into the middle of another text does not.
#pragma once

#include "base/arena.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

typedef struct Str {
    const char *ptr;
    size_t len;
} Str;

#define PRINTF(format_at, args_at) __attribute__((format(printf, format_at, args_at)))
#define MUST_CHECK                 __attribute__((warn_unused_result))
#define COUNT(array)               (sizeof(array) / sizeof((array)[0]))

#define S(literal) ((Str){ "" literal, sizeof(literal) - 1 })
#define STR_FMT    "%.*s"
#define STR_ARG(s) (int)(s).len, (s).ptr ? (s).ptr : ""

static inline Str str_from(const char *c)
{
    return (Str){ c, c ? strlen(c) : 0 };
}
static inline bool str_eq(Str a, Str b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}
static inline bool str_is(Str a, const char *b)
{
    return str_eq(a, str_from(b));
}

int str_compare(Str a, Str b);  // by bytes, as memcmp; the shorter of two equal starts is smaller
bool str_starts(Str s, Str start);
bool str_ends(Str s, Str end);
bool str_eq_ascii_nocase(Str a, Str b);
ptrdiff_t str_find(Str s, Str what);         // first place, or -1
ptrdiff_t str_find_char(Str s, char what);   // first place, or -1
ptrdiff_t str_rfind_char(Str s, char what);  // last place, or -1

Str str_sub(Str s, size_t from, size_t len);  // cut to what is there
Str str_from_at(Str s, size_t from);          // the rest from there on; empty beyond the end
Str str_trim(Str s);                          // without white space (ASCII) at both ends

// Takes the part before the next `separator` off the front of *rest. False when nothing is left: an
// empty text has no parts, "a,b" has two, and a separator at the very end starts no further part.
bool str_next(Str *rest, char separator, Str *ret_part);

// As str_next for words between runs of blanks: no word is ever empty.
bool str_next_word(Str *rest, Str *ret_word);

// The whole text as a number; false when it is anything else or does not fit.
bool str_int(Str s, int64_t *ret);

Str str_copy(Arena *arena, Str s);
Str str_join(Arena *arena, Str a, Str b);
Str str_lower_ascii(Arena *arena, Str s);
Str str_upper_ascii(Arena *arena, Str s);
Str str_replace_char(Arena *arena, Str s, char what, char with);
Str str_format(Arena *arena, const char *format, ...) PRINTF(2, 3);
const char *str_c(Arena *arena, Str s);  // ends in NUL, whatever s did; stops at a NUL inside

uint64_t str_hash(Str s);  // FNV-1a mixed; stable within one build, for tables in memory only
