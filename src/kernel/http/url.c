// url.c - percent-encoding, and the path of a request.
//
// A path is decoded exactly once and then holds no control characters, no dot segments and only
// UTF-8, so that whoever uses it as a key, a file name or a header needs no second thought. What
// does not decode to such a path is refused, never repaired: two parties that repair differently
// are how a filter is walked around.
#include "kernel/http/head.h"

#include "base/buf.h"
#include "base/utf8.h"
#include "kernel/http/request.h"

static bool is_unreserved(unsigned char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_' || c == '~';
}

Str url_encode(Arena *arena, Str text)
{
    static const char digits[] = "0123456789ABCDEF";
    Buf out = { .arena = arena };
    buf_reserve(&out, text.len);
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        if (is_unreserved(c)) {
            buf_char(&out, (char)c);
        } else {
            buf_char(&out, '%');
            buf_char(&out, digits[c >> 4]);
            buf_char(&out, digits[c & 15]);
        }
    }
    return buf_str(&out);
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

// The byte behind the % at `at`; -1 when there are no two hex digits.
static int escaped_byte(Str text, size_t at)
{
    if (at + 2 >= text.len)
        return -1;
    int high = hex_value(text.ptr[at + 1]), low = hex_value(text.ptr[at + 2]);
    return high < 0 || low < 0 ? -1 : high * 16 + low;
}

static bool needs_decoding(Str text, bool plus_is_blank)
{
    return str_find_char(text, '%') >= 0 || (plus_is_blank && str_find_char(text, '+') >= 0);
}

bool url_decode(Arena *arena, Str text, bool plus_is_blank, Str *ret)
{
    Str decoded = text;
    if (needs_decoding(text, plus_is_blank)) {
        char *to = arena_alloc(arena, text.len + 1);
        size_t len = 0;
        for (size_t i = 0; i < text.len; i++) {
            int c = (unsigned char)text.ptr[i];
            if (c == '%') {
                c = escaped_byte(text, i);
                i += 2;
            } else if (c == '+' && plus_is_blank) {
                c = ' ';
            }
            if (c < 0)
                return false;
            to[len++] = (char)c;
        }
        decoded = (Str){ to, len };
    }
    if (str_find_char(decoded, '\0') >= 0 || !utf8_valid(decoded))
        return false;
    *ret = decoded;
    return true;
}

static bool is_dots(Str segment)
{
    return str_is(segment, ".") || str_is(segment, "..");
}

static bool has_dot_segment(Str path)
{
    for (Str segment; str_next(&path, '/', &segment);)
        if (is_dots(segment))
            return true;
    return false;
}

static bool has_control(Str text)
{
    for (size_t i = 0; i < text.len; i++)
        if ((unsigned char)text.ptr[i] < 0x20 || text.ptr[i] == 0x7f)
            return true;
    return false;
}

Str target_path(Str target)
{
    ptrdiff_t query = str_find_char(target, '?');
    return query < 0 ? target : str_sub(target, 0, (size_t)query);
}

Str target_query(Str target)
{
    ptrdiff_t query = str_find_char(target, '?');
    return query < 0 ? S("") : str_from_at(target, (size_t)query + 1);
}

bool path_decode(Arena *arena, Str raw, Str *ret)
{
    Str path;
    if (!url_decode(arena, raw, false, &path) || has_control(path) || has_dot_segment(path) ||
        str_find_char(path, '\\') >= 0)
        return false;
    *ret = path;
    return true;
}
