// utf16.c - conversions. UTF-16 never has more units than UTF-8 has bytes, and UTF-8 never more
// than three bytes for a unit, so one pass is enough either way.
#include "kernel/i18n/utf16.h"

#include <assert.h>
#include <unicode/ustring.h>

enum { REPLACEMENT = 0xFFFD, BYTES_MAX = 3, ROOM = 768 };

Text16 text16_from(Arena *arena, Str s, UChar *room, int32_t room_len)
{
    assert(s.len < INT32_MAX / BYTES_MAX);
    UErrorCode status = U_ZERO_ERROR;
    Text16 text = { room, 0 };
    if (s.len > (size_t)room_len)
        text.ptr = NEW_ARRAY(arena, UChar, s.len);
    if (s.len)
        u_strFromUTF8WithSub(text.ptr, (int32_t)s.len, &text.len, s.ptr, (int32_t)s.len,
                             REPLACEMENT, NULL, &status);
    assert(U_SUCCESS(status));
    return text;
}

Str text16_to(Arena *arena, Text16 text)
{
    assert(text.len < INT32_MAX / BYTES_MAX);
    UErrorCode status = U_ZERO_ERROR;
    char room[ROOM];
    int32_t len = 0, cap = text.len * BYTES_MAX;
    char *ptr = cap <= ROOM ? room : NEW_ARRAY(arena, char, (size_t)cap + 1);
    u_strToUTF8WithSub(ptr, cap, &len, text.ptr, text.len, REPLACEMENT, NULL, &status);
    assert(U_SUCCESS(status));
    Str s = { ptr, (size_t)len };
    return ptr == room ? str_copy(arena, s) : s;
}
