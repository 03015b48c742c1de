// buf.h - text that grows, in an arena, up to a cap it carries from birth.
//
// When a cap is set and reached, the buffer stops growing and remembers it (`is_full`); whoever
// reads it at the end asks. Always ends in NUL behind `len`.
#pragma once

#include "base/str.h"

#include <stdarg.h>

typedef struct Buf {
    Arena *arena;
    char *ptr;
    size_t len, cap;
    size_t max;  // most bytes it may hold; 0: only the arena's own cap counts
    bool is_full;
} Buf;

void buf_reserve(Buf *buf, size_t more);  // room for `more` bytes beyond len
// Appends `bytes` bytes, which the caller fills before anything else; NULL when they do not fit.
char *buf_room(Buf *buf, size_t bytes);
void buf_put_growing(Buf *buf, Str s);  // buf_put() where there is no room yet
void buf_char(Buf *buf, char c);
void buf_int(Buf *buf, int64_t n);
void buf_printf(Buf *buf, const char *format, ...) PRINTF(2, 3);
void buf_vprintf(Buf *buf, const char *format, va_list args);
void buf_clear(Buf *buf);  // empties it, keeps the memory
void buf_cut(Buf *buf, size_t len);

// Most of a page's time went into calls of it, so the usual case is where the caller is.
static inline void buf_put(Buf *buf, Str s)
{
    if (buf->max || s.len >= buf->cap - buf->len) {
        buf_put_growing(buf, s);
        return;
    }
    if (s.len)
        memcpy(buf->ptr + buf->len, s.ptr, s.len);
    buf->len += s.len;
    buf->ptr[buf->len] = '\0';
}

static inline void buf_c(Buf *buf, const char *s)
{
    buf_put(buf, str_from(s));
}

static inline Str buf_str(const Buf *buf)
{
    return (Str){ buf->ptr ? buf->ptr : "", buf->len };
}
