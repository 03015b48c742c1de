// flash.c - a sentence that waits for the next page: what a form did, told after the redirect.
//
// It travels in a cookie of the person it is for, so nothing is kept here and no page can show
// somebody else's. Whoever forges the cookie talks to himself; the words are escaped as any.
#include "web/web.h"

#include "base/utf8.h"

enum { FLASH_BYTES_MAX = 1000, FLASH_LIVES_S = 60 };

static const char *const tones[] = { "ok", "warn", "bad" };

static void put(Ctx *ctx, const char *tone, Str words, Str more)
{
    Str cut = utf8_cut_bytes(words, FLASH_BYTES_MAX);
    Str value = str_format(ctx->arena, "%s:" STR_FMT STR_FMT, tone, STR_ARG(cut), STR_ARG(more));
    respond_cookie(ctx, "flash", url_encode(ctx->arena, value), FLASH_LIVES_S);
}

void flash_put(Ctx *ctx, const char *tone, Str words)
{
    put(ctx, tone, words, S(""));
}

// Lines behind the words: address, name, value.
void flash_put_undo(Ctx *ctx, Str words, Url post, const char *name, Str value)
{
    put(ctx, "ok", words,
        str_format(ctx->arena, "\n" STR_FMT "\n%s\n" STR_FMT, STR_ARG(post.text), name,
                   STR_ARG(value)));
}

// Only an address of this site is believed: the cookie may be anybody's.
static void take_undo(Ctx *ctx, Str rest, Flash *flash)
{
    Str address, name, value;
    Url url;
    if (!str_next(&rest, '\n', &flash->words) || !str_next(&rest, '\n', &address))
        return;
    if (!str_next(&rest, '\n', &name) || !str_next(&rest, '\n', &value))
        return;
    if (url_local(ctx, address, &url) != OK || !str_starts(url.text, S("/admin/"))) {
        ctx_recover(ctx);
        return;
    }
    flash->undo = str_from_at(url.text, strlen("/admin/"));
    flash->undo_name = name;
    flash->undo_value = value;
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
        if (!str_starts(value, start))
            continue;
        Flash flash = { .tone = tones[i] };
        take_undo(ctx, str_from_at(value, start.len), &flash);
        return flash;
    }
    return (Flash){ 0 };
}
