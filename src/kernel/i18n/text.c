// text.c - texts in the caller's language.
#include "kernel/i18n/text.h"

#include "base/buf.h"
#include "kernel/i18n.h"
#include "kernel/i18n/catalogue.h"
#include "kernel/i18n/placeholder.h"

// A text with a context is "context\4text" until it is shown.
static const char *without_context(const char *text)
{
    const char *end = strchr(text, '\4');
    return end ? end + 1 : text;
}

const char *text_translate(const Ctx *ctx, const char *english)
{
    const char *text = catalogue_text(ctx->locale->catalogue, english);
    return text ? text : without_context(english);
}

Str tr(const Ctx *ctx, const char *english)
{
    return str_from(without_context(ctx_text(ctx, english)));
}

// Catalogues are checked when loaded: a translated format has the conversions of the English one.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
Str tr_format(Ctx *ctx, const char *english, ...)
{
    Buf out = { .arena = ctx->arena };
    va_list args;
    va_start(args, english);
    buf_vprintf(&out, without_context(ctx_text(ctx, english)), args);
    va_end(args);
    return buf_str(&out);
}
#pragma GCC diagnostic pop

// The form is no format for C: only its number is put in, as the caller writes numbers.
Str tr_plural(Ctx *ctx, const char *one, const char *many, int64_t n)
{
    const char *form = ctx->locale ? catalogue_plural(ctx->locale->catalogue, one, n) : NULL;
    Str rest = str_from(form ? form : without_context(n == 1 ? one : many));
    Buf out = { .arena = ctx->arena };
    for (;;) {
        Percent percent = percent_next(&rest);
        buf_put(&out, percent.before);
        if (percent.kind == PERCENT_NONE)
            return buf_str(&out);
        if (percent.kind == PERCENT_PLACEHOLDER)
            buf_put(&out, show_number(ctx, n, 0));
        else
            buf_char(&out, '%');
    }
}
