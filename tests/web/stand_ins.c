// stand_ins.c - small versions of what pages call in the kernel, for programs that link without it.
// They are weak: where the kernel's own are linked, those are used.
#include "base/buf.h"
#include "kernel/i18n.h"

#define STAND_IN __attribute__((weak))

STAND_IN Str tr(const Ctx *ctx, const char *english)
{
    return str_from(ctx_text(ctx, english));
}

#pragma GCC diagnostic ignored "-Wformat-nonliteral"
STAND_IN Str tr_format(Ctx *ctx, const char *english, ...)
{
    Buf out = { .arena = ctx->arena };
    va_list args;
    va_start(args, english);
    buf_vprintf(&out, ctx_text(ctx, english), args);
    va_end(args);
    return buf_str(&out);
}

STAND_IN Str tr_plural(Ctx *ctx, const char *one, const char *many, int64_t n)
{
    return tr_format(ctx, n == 1 ? one : many, (long long)n);
}
