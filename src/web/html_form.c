// html_form.c - what the template compiler adds: fields of a form and what is wrong with them, the
// reader's language, the hidden fields of forms that post.
//
// A field is known by its path in the record, the same path under which a failed action noted its
// problem. From the path follow the control's name and id and its message's id, so that summary,
// message and control find each other without anybody naming them twice.
#include "web/html.h"

#include "base/id.h"
#include "base/random.h"
#include "kernel/auth/actor.h"
#include "kernel/i18n.h"

#include <ctype.h>

const Problem *html_problem(const Ctx *ctx, Str path)
{
    EACH (problem, ctx->failure.problems)
        if (str_eq(problem->path, path))
            return problem;
    return NULL;
}

// "lines[2].quantity" as "lines-2-quantity": nothing that a fragment would have to escape.
static void put_key(Buf *out, Str path)
{
    size_t from = 0;
    for (size_t i = 0; i < path.len; i++) {
        char c = path.ptr[i];
        if (isalnum((unsigned char)c) || c == '_')
            continue;
        buf_put(out, str_sub(path, from, i - from));
        buf_put(out, c == ']' ? S("") : S("-"));
        from = i + 1;
    }
    buf_put(out, str_from_at(path, from));
}

Str html_field_key(Arena *arena, Str path)
{
    Buf out = { .arena = arena };
    put_key(&out, path);
    return buf_str(&out);
}

static void put_attribute(Buf *out, const char *start, Str path)
{
    buf_c(out, start);
    put_key(out, path);
    buf_char(out, '"');
}

static void put_described_by(Buf *out, const Ctx *ctx, Str path, Str hint)
{
    bool is_wrong = html_problem(ctx, path);
    if (!is_wrong && hint.len == 0)
        return;
    buf_put(out, S(" aria-describedby=\""));
    if (is_wrong) {
        buf_put(out, S("e-"));
        put_key(out, path);
        buf_put(out, hint.len ? S(" ") : S(""));
    }
    html_escape(out, hint);
    buf_char(out, '"');
}

void html_field(Buf *out, Ctx *ctx, Str path, Str hint)
{
    buf_put(out, S(" name=\""));
    html_escape(out, path);
    put_attribute(out, "\" id=\"f-", path);
    if (html_problem(ctx, path))
        buf_put(out, S(" aria-invalid=\"true\""));
    put_described_by(out, ctx, path, hint);
}

// A group takes the focus from the summary's link; being wrong is said of its message only.
void html_field_group(Buf *out, Ctx *ctx, Str path, Str hint)
{
    put_attribute(out, " id=\"f-", path);
    buf_put(out, S(" tabindex=\"-1\""));
    put_described_by(out, ctx, path, hint);
}

void html_field_for(Buf *out, Ctx *ctx, Str path)
{
    put_attribute(out, " for=\"f-", path);
}

void html_lang(Buf *out, Ctx *ctx)
{
    const Locale *locale = ctx->locale;
    buf_put(out, S(" lang=\""));
    html_escape(out, locale ? locale->tag : S("en"));
    buf_put(out, locale && locale->is_rtl ? S("\" dir=\"rtl\"") : S("\" dir=\"ltr\""));
}

void html_title_mark(Buf *out, Ctx *ctx)
{
    if (ctx->failure.problems.len == 0)
        return;
    html_escape(out, tr(ctx, "Error:"));
    buf_char(out, ' ');
}

// ---- Hidden fields ------------------------------------------------------------------------------

static void put_hidden(Buf *out, const char *name, Str value)
{
    buf_put(out, S("<input type=\"hidden\" name=\""));
    buf_c(out, name);
    buf_put(out, S("\" value=\""));
    html_escape(out, value);
    buf_put(out, S("\">"));
}

void html_csrf(Buf *out, Ctx *ctx)
{
    if (ctx->actor && ctx->actor->csrf.len)
        put_hidden(out, HTML_CSRF_FIELD, ctx->actor->csrf);
}

void html_once(Buf *out, Ctx *ctx)
{
    Id key = (Id)(random_next(ctx->random) >> 1);
    put_hidden(out, HTML_ONCE_FIELD, id_text(out->arena, key));
}
