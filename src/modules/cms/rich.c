// rich.c - the small markup that people write pages in, as HTML. It is read line by line and once;
// whatever is not markup is text, and every text is escaped, so no input makes other elements than
// these.
#include "modules/cms/cms.h"

#include <stdlib.h>

typedef struct Rich {
    Ctx *ctx;
    Buf *out;
    Str base;
    const char *open;  // the element that lines go into: "p", "ul"; NULL: none
} Rich;

Url site_link(Ctx *ctx, Str link, Str base)
{
    Url url;
    bool is_ours = str_starts(link, S("/"));
    Status status = is_ours ? url_local(ctx, str_join(ctx->arena, base, link), &url)
                            : url_external(ctx, link, &url);
    if (status == OK)
        return url;
    ctx_recover(ctx);
    return (Url){ S("#") };
}

// ---- Within a line ------------------------------------------------------------------------------

// "[text](address)" at the start; how long it is, 0 when it is not one.
static size_t link_at(Str s, Str *ret_text, Str *ret_link)
{
    ptrdiff_t close = str_find(s, S("]("));
    ptrdiff_t end = str_find_char(s, ')');
    if (!str_starts(s, S("[")) || close < 2 || end < close + 3)
        return 0;
    *ret_text = str_sub(s, 1, (size_t)close - 1);
    *ret_link = str_sub(s, (size_t)close + 2, (size_t)(end - close) - 2);
    return (size_t)end + 1;
}

static size_t bold_at(Str s, Str *ret_text)
{
    ptrdiff_t end = str_find(str_from_at(s, 2), S("**"));
    if (!str_starts(s, S("**")) || end < 1)
        return 0;
    *ret_text = str_sub(s, 2, (size_t)end);
    return (size_t)end + 4;
}

static void put_line(Rich *rich, Str line)
{
    Str text, link;
    size_t from = 0;
    for (size_t at = 0; at < line.len;) {
        Str rest = str_from_at(line, at);
        size_t linked = link_at(rest, &text, &link), bold = linked ? 0 : bold_at(rest, &text);
        if (!linked && !bold) {
            at++;
            continue;
        }
        html_escape(rich->out, str_sub(line, from, at - from));
        buf_c(rich->out, linked ? "<a href=\"" : "<b>");
        if (linked) {
            html_url(rich->out, site_link(rich->ctx, link, rich->base));
            buf_c(rich->out, "\">");
        }
        html_escape(rich->out, text);
        buf_c(rich->out, linked ? "</a>" : "</b>");
        from = at += linked + bold;
    }
    html_escape(rich->out, str_from_at(line, from));
}

// ---- Lines --------------------------------------------------------------------------------------

static void go_into(Rich *rich, const char *element)
{
    bool is_same = rich->open && element && strcmp(rich->open, element) == 0;
    if (is_same)
        return;
    if (rich->open)
        buf_printf(rich->out, "</%s>", rich->open);
    if (element)
        buf_printf(rich->out, "<%s>", element);
    rich->open = element;
}

static void put_element(Rich *rich, const char *element, Str words)
{
    buf_printf(rich->out, "<%s>", element);
    put_line(rich, words);
    buf_printf(rich->out, "</%s>", element);
}

static void read_line(Rich *rich, Str line)
{
    bool goes_on = rich->open && strcmp(rich->open, "p") == 0;
    if (line.len == 0) {
        go_into(rich, NULL);
    } else if (str_starts(line, S("## "))) {
        go_into(rich, NULL);
        put_element(rich, "h3", str_from_at(line, 3));
    } else if (str_starts(line, S("- "))) {
        go_into(rich, "ul");
        put_element(rich, "li", str_from_at(line, 2));
    } else {
        go_into(rich, "p");
        if (goes_on)
            buf_c(rich->out, "<br>");
        put_line(rich, line);
    }
}

Html rich_html(Ctx *ctx, Str words, Str base)
{
    Buf out = { .arena = ctx->arena };
    Rich rich = { .ctx = ctx, .out = &out, .base = base };
    Str rest = words, line;
    size_t begin = html_begin(&out);
    while (str_next(&rest, '\n', &line))
        read_line(&rich, str_trim(line));
    go_into(&rich, NULL);
    return html_end(&out, begin);
}

void rich_parts(Ctx *ctx, Str words, Str *ret_lead, RichPartList *ret)
{
    Str rest = words, line;
    const char *from = words.ptr;
    *ret_lead = S("");
    while (str_next(&rest, '\n', &line)) {
        Str *into = ret->len ? &ret->items[ret->len - 1].words : ret_lead;
        const char *end = line.ptr + line.len;
        if (str_starts(line, S("## "))) {
            *list_push(ctx->arena, ret) = (RichPart){ .heading = str_trim(str_from_at(line, 3)) };
            from = end;
            continue;
        }
        *into = str_trim((Str){ from, (size_t)(end - from) });
    }
}
