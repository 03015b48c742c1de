// flash.c - a sentence that waits for the next page: what a form did, told after the redirect.
//
// It travels in a cookie of the person it is for, so nothing is kept here and no page can show
// somebody else's. Whoever forges the cookie talks to himself; the words are escaped as any.
#include "web/web.h"

#include "base/utf8.h"

enum { FLASH_BYTES_MAX = 1000, FLASH_LIVES_S = 60 };

static const char *const tones[] = { "ok", "warn", "bad" };

void flash_put(Ctx *ctx, const char *tone, Str words)
{
    Str cut = utf8_cut_bytes(words, FLASH_BYTES_MAX);
    Str value = str_format(ctx->arena, "%s:" STR_FMT, tone, STR_ARG(cut));
    respond_cookie(ctx, "flash", url_encode(ctx->arena, value), FLASH_LIVES_S);
}

Flash flash_take(Ctx *ctx)
{
    Str value;
    Str cookie = request_cookie(ctx->request, "flash");
    if (cookie.len == 0)
        return (Flash){ 0 };
    respond_cookie(ctx, "flash", S(""), -1);
    if (!url_decode(ctx->arena, cookie, false, &value))
        return (Flash){ 0 };
    for (size_t i = 0; i < COUNT(tones); i++) {
        Str start = str_format(ctx->arena, "%s:", tones[i]);
        if (str_starts(value, start))
            return (Flash){ tones[i], str_from_at(value, start.len) };
    }
    return (Flash){ 0 };
}
