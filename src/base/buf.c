// buf.c - growing text. Doubling, in place where the buffer is the arena's last allocation.
#include "base/buf.h"

#include <stdio.h>

enum { FIRST = 256 };

void buf_reserve(Buf *buf, size_t more)
{
    size_t need = buf->len + more + 1;
    if (need <= buf->cap)
        return;
    size_t cap = buf->cap ? buf->cap * 2 : FIRST;
    if (cap < need)
        cap = need;
    buf->ptr = arena_grow_text(buf->arena, buf->ptr, buf->cap, cap);
    buf->cap = cap;
    buf->ptr[buf->len] = '\0';
}

static bool has_room(Buf *buf, size_t more)
{
    if (buf->max && buf->len + more > buf->max)
        buf->is_full = true;
    return !buf->is_full;
}

char *buf_room(Buf *buf, size_t bytes)
{
    if (!has_room(buf, bytes))
        return NULL;
    buf_reserve(buf, bytes);
    buf->len += bytes;
    buf->ptr[buf->len] = '\0';
    return buf->ptr + buf->len - bytes;
}

void buf_put_growing(Buf *buf, Str s)
{
    char *to = s.len ? buf_room(buf, s.len) : NULL;
    if (to)
        memcpy(to, s.ptr, s.len);
}

void buf_char(Buf *buf, char c)
{
    char *to = buf_room(buf, 1);
    if (to)
        *to = c;
}

void buf_int(Buf *buf, int64_t n)
{
    char digits[24], *p = digits + sizeof digits;
    uint64_t rest = n < 0 ? 0 - (uint64_t)n : (uint64_t)n;
    do
        *--p = (char)('0' + rest % 10);
    while ((rest /= 10) > 0);
    if (n < 0)
        *--p = '-';
    buf_put(buf, (Str){ p, (size_t)(digits + sizeof digits - p) });
}

void buf_vprintf(Buf *buf, const char *format, va_list args)
{
    va_list again;
    va_copy(again, args);
    buf_reserve(buf, 64);
    size_t room = buf->cap - buf->len;
    int n = vsnprintf(buf->ptr + buf->len, room, format, args);
    if (n > 0 && has_room(buf, (size_t)n)) {
        if ((size_t)n >= room) {
            buf_reserve(buf, (size_t)n);
            vsnprintf(buf->ptr + buf->len, (size_t)n + 1, format, again);
        }
        buf->len += (size_t)n;
    }
    buf->ptr[buf->len] = '\0';
    va_end(again);
}

void buf_printf(Buf *buf, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    buf_vprintf(buf, format, args);
    va_end(args);
}

void buf_clear(Buf *buf)
{
    buf_cut(buf, 0);
}

void buf_cut(Buf *buf, size_t len)
{
    buf->len = len;
    buf->is_full = false;
    if (buf->ptr)
        buf->ptr[len] = '\0';
}
