// utf8.c - UTF-8 as RFC 3629 defines it: shortest forms, no surrogates, nothing above U+10FFFF.
//
// One decoder, utf8_next, decides what is good; everything else walks with it and jumps over ASCII
// eight bytes at a time, because most text is ASCII. Nothing here reads beyond the view it is
// given.
#include "base/utf8.h"

#include "base/buf.h"

#include <assert.h>
#include <endian.h>

enum { LENGTH_MAX = 4, CODE_POINT_MAX = 0x10FFFF };

static Str without(Str s, size_t bytes)
{
    return bytes ? (Str){ s.ptr + bytes, s.len - bytes } : s;  // an empty s may have no ptr
}

static bool is_ascii(char c)
{
    return (unsigned char)c < 0x80;
}

static bool is_code_point(int32_t c)
{
    return c >= 0 && c <= CODE_POINT_MAX && (c < 0xD800 || c > 0xDFFF);
}

// How many bytes a first byte announces; 0 where none may begin with it: the middle of a code
// point, C0 and C1 (always longer than needed), F5 and above (beyond the last code point).
static size_t announced(unsigned char first)
{
    if (first < 0xC2 || first > 0xF4)
        return 0;
    return first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
}

static int32_t decode(Str s, size_t len)
{
    static const int32_t least[LENGTH_MAX + 1] = { [2] = 0x80, [3] = 0x800, [4] = 0x10000 };
    if (len == 0 || len > s.len)
        return UTF8_BAD;
    int32_t c = (unsigned char)s.ptr[0] & (0x7F >> len);
    for (size_t i = 1; i < len; i++) {
        if ((s.ptr[i] & 0xC0) != 0x80)
            return UTF8_BAD;
        c = c << 6 | (s.ptr[i] & 0x3F);
    }
    return c >= least[len] && is_code_point(c) ? c : UTF8_BAD;
}

int32_t utf8_next(Str *s)
{
    unsigned char first = (unsigned char)s->ptr[0];
    size_t len = announced(first);
    int32_t c = is_ascii((char)first) ? first : decode(*s, len);
    *s = without(*s, c == UTF8_BAD || len == 0 ? 1 : len);
    return c;
}

// What is left from the first byte on that is not ASCII. Goes by words; the last one overlaps the
// one before, so that only short texts are read byte by byte.
static Str skip_ascii(Str s)
{
    enum { WORD = sizeof(uint64_t) };
    size_t len = 0;
    while (s.len >= WORD && len < s.len) {
        size_t at = len + WORD <= s.len ? len : s.len - WORD;
        uint64_t word;
        memcpy(&word, s.ptr + at, WORD);
        word = le64toh(word) & 0x8080808080808080u;
        if (word)
            return without(s, at + (size_t)__builtin_ctzll(word) / 8);
        len = at + WORD;
    }
    while (len < s.len && is_ascii(s.ptr[len]))
        len++;
    return without(s, len);
}

// What is left from the first byte on that is not UTF-8; empty when all of it is.
static Str from_first_bad(Str s)
{
    while ((s = skip_ascii(s)).len) {
        Str here = s;
        if (utf8_next(&s) == UTF8_BAD)
            return here;
    }
    return s;
}

bool utf8_valid(Str s)
{
    return from_first_bad(s).len == 0;
}

size_t utf8_len(Str s)
{
    size_t characters = 0;
    while (s.len) {
        Str rest = skip_ascii(s);
        characters += s.len - rest.len;
        s = rest;
        if (s.len) {
            utf8_next(&s);
            characters++;
        }
    }
    return characters;
}

Str utf8_cut(Str s, size_t characters)
{
    if (s.len <= characters)
        return s;
    Str rest = s;
    while (rest.len && characters-- > 0)
        utf8_next(&rest);
    return (Str){ s.ptr, s.len - rest.len };
}

Str utf8_cut_bytes(Str s, size_t bytes)
{
    if (s.len <= bytes)
        return s;
    while (bytes > 0 && (s.ptr[bytes] & 0xC0) == 0x80)
        bytes--;
    return (Str){ s.ptr, bytes };
}

void utf8_put(char *to, int32_t c, size_t *ret_len)
{
    assert(is_code_point(c));
    size_t len = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    for (size_t i = len - 1; i > 0; i--) {
        to[i] = (char)(0x80 | (c & 0x3F));
        c >>= 6;
    }
    to[0] = (char)(len == 1 ? c : c | (0xF00 >> len & 0xFF));
    *ret_len = len;
}

Str utf8_clean(Arena *arena, Str s)
{
    Str bad = from_first_bad(s);
    if (bad.len == 0)
        return s;
    Buf out = { .arena = arena };
    buf_reserve(&out, s.len + s.len / 8);
    while (bad.len) {
        buf_put(&out, (Str){ s.ptr, s.len - bad.len });
        buf_c(&out, "\uFFFD");
        s = without(bad, 1);
        bad = from_first_bad(s);
    }
    buf_put(&out, s);
    return buf_str(&out);
}
