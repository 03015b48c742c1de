// str.c - text views.
#include "base/str.h"

#include "base/buf.h"

#include <ctype.h>

int str_compare(Str a, Str b)
{
    size_t both = a.len < b.len ? a.len : b.len;
    int order = both ? memcmp(a.ptr, b.ptr, both) : 0;
    return order ? order : (a.len > b.len) - (a.len < b.len);
}

bool str_starts(Str s, Str start)
{
    return s.len >= start.len && str_eq(str_sub(s, 0, start.len), start);
}

bool str_ends(Str s, Str end)
{
    return s.len >= end.len && str_eq(str_from_at(s, s.len - end.len), end);
}

bool str_eq_ascii_nocase(Str a, Str b)
{
    if (a.len != b.len)
        return false;
    for (size_t i = 0; i < a.len; i++)
        if (tolower((unsigned char)a.ptr[i]) != tolower((unsigned char)b.ptr[i]))
            return false;
    return true;
}

ptrdiff_t str_find(Str s, Str what)
{
    if (what.len == 0)
        return 0;
    const char *found = s.len ? memmem(s.ptr, s.len, what.ptr, what.len) : NULL;
    return found ? found - s.ptr : -1;
}

ptrdiff_t str_find_char(Str s, char what)
{
    const char *found = s.len ? memchr(s.ptr, what, s.len) : NULL;
    return found ? found - s.ptr : -1;
}

ptrdiff_t str_rfind_char(Str s, char what)
{
    const char *found = s.len ? memrchr(s.ptr, what, s.len) : NULL;
    return found ? found - s.ptr : -1;
}

Str str_sub(Str s, size_t from, size_t len)
{
    if (from >= s.len)
        return (Str){ "", 0 };
    return (Str){ s.ptr + from, len < s.len - from ? len : s.len - from };
}

Str str_from_at(Str s, size_t from)
{
    return str_sub(s, from, s.len);
}

Str str_trim(Str s)
{
    while (s.len && isspace((unsigned char)s.ptr[0]))
        s = (Str){ s.ptr + 1, s.len - 1 };
    while (s.len && isspace((unsigned char)s.ptr[s.len - 1]))
        s.len--;
    return s;
}

bool str_next(Str *rest, char separator, Str *ret_part)
{
    if (rest->len == 0)
        return false;
    ptrdiff_t at = str_find_char(*rest, separator);
    *ret_part = at < 0 ? *rest : str_sub(*rest, 0, (size_t)at);
    *rest = at < 0 ? (Str){ "", 0 } : str_from_at(*rest, (size_t)at + 1);
    return true;
}

bool str_next_word(Str *rest, Str *ret_word)
{
    size_t at = 0, end;
    while (at < rest->len && isspace((unsigned char)rest->ptr[at]))
        at++;
    for (end = at; end < rest->len && !isspace((unsigned char)rest->ptr[end]); end++)
        ;
    *ret_word = str_sub(*rest, at, end - at);
    *rest = str_from_at(*rest, end);
    return ret_word->len > 0;
}

bool str_int(Str s, int64_t *ret)
{
    bool negative = s.len && s.ptr[0] == '-';
    if (negative)
        s = str_from_at(s, 1);
    if (s.len == 0 || s.len > 19)
        return false;
    int64_t value = 0;
    for (size_t i = 0; i < s.len; i++) {
        if (!isdigit((unsigned char)s.ptr[i]))
            return false;
        int digit = s.ptr[i] - '0';
        if (__builtin_mul_overflow(value, 10, &value) ||
            __builtin_sub_overflow(value, digit, &value))  // downwards: INT64_MIN has no twin
            return false;
    }
    if (!negative && value == INT64_MIN)
        return false;
    *ret = negative ? value : -value;
    return true;
}

Str str_copy(Arena *arena, Str s)
{
    char *p = arena_alloc(arena, s.len + 1);
    if (s.len)
        memcpy(p, s.ptr, s.len);
    return (Str){ p, s.len };
}

Str str_join(Arena *arena, Str a, Str b)
{
    char *p = arena_alloc(arena, a.len + b.len + 1);
    if (a.len)
        memcpy(p, a.ptr, a.len);
    if (b.len)
        memcpy(p + a.len, b.ptr, b.len);
    return (Str){ p, a.len + b.len };
}

static Str mapped(Arena *arena, Str s, int (*change)(int))
{
    char *p = arena_alloc(arena, s.len + 1);
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.ptr[i];
        p[i] = (char)(c < 0x80 ? change(c) : c);
    }
    return (Str){ p, s.len };
}

Str str_lower_ascii(Arena *arena, Str s)
{
    return mapped(arena, s, tolower);
}

Str str_upper_ascii(Arena *arena, Str s)
{
    return mapped(arena, s, toupper);
}

Str str_replace_char(Arena *arena, Str s, char what, char with)
{
    Str copy = str_copy(arena, s);
    for (char *c = (char *)copy.ptr; c < copy.ptr + copy.len; c++)
        if (*c == what)
            *c = with;
    return copy;
}

Str str_format(Arena *arena, const char *format, ...)
{
    Buf out = { .arena = arena };
    va_list args;
    va_start(args, format);
    buf_vprintf(&out, format, args);
    va_end(args);
    return buf_str(&out);
}

const char *str_c(Arena *arena, Str s)
{
    return str_copy(arena, s).ptr;
}

uint64_t str_hash(Str s)
{
    uint64_t hash = 0xcbf29ce484222325u;
    for (size_t i = 0; i < s.len; i++)
        hash = (hash ^ (unsigned char)s.ptr[i]) * 0x100000001b3u;
    return hash ^ (hash >> 29);
}
