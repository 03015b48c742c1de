// html.c - escaping, and addresses that are safe to follow.
//
// Text is copied in runs: a table says which bytes cannot go out as they are, and only at those
// does the loop stop. Bytes beyond ASCII stop it once, to check that the rest is UTF-8.
#include "web/html.h"

#include "base/utf8.h"
#include "kernel/i18n.h"

#include <assert.h>
#include <ctype.h>

// ---- Text and attributes ------------------------------------------------------------------------

enum { FRAME_BYTES = 16 * 1024 };  // what stands around a page's body

enum { PLAIN, NOT_ASCII, FIRST_ENTITY };

// Text and attribute values are escaped alike. A carriage return would be read as a line feed; NUL
// has no escape at all.
static const Str entities[] = { S("&amp;"), S("&lt;"),  S("&gt;"),        S("&quot;"),
                                S("&#39;"), S("&#13;"), S("\xEF\xBF\xBD") };
// clang-format off
static const unsigned char kinds[256] = {
    ['&']  = FIRST_ENTITY,     ['<']  = FIRST_ENTITY + 1, ['>']  = FIRST_ENTITY + 2,
    ['"']  = FIRST_ENTITY + 3, ['\''] = FIRST_ENTITY + 4, ['\r'] = FIRST_ENTITY + 5,
    ['\0'] = FIRST_ENTITY + 6,
    [0x80 ... 0xFF] = NOT_ASCII,
};
// clang-format on

void html_escape(Buf *out, Str s)
{
    bool is_checked = false;
    size_t from = 0;
    for (size_t i = 0; i < s.len; i++) {
        unsigned kind = kinds[(unsigned char)s.ptr[i]];
        if (kind == PLAIN || (kind == NOT_ASCII && is_checked))
            continue;
        buf_put(out, (Str){ s.ptr + from, i - from });
        from = i;
        if (kind == NOT_ASCII) {
            s = utf8_clean(out->arena, str_from_at(s, i));
            is_checked = true;
            from = i = 0;
        } else {
            buf_put(out, entities[kind - FIRST_ENTITY]);
            from++;
        }
    }
    buf_put(out, str_from_at(s, from));
}

void html_escape_c(Buf *out, const char *s)
{
    html_escape(out, str_from(s));
}

void html_size(Buf *out, size_t n)
{
    buf_int(out, (int64_t)n);
}

void html_markup(Buf *out, Html html)
{
    buf_put(out, html.markup);
}

Str html_path(Buf *out, Str path)
{
    return path;
}

Str html_path_c(Buf *out, const char *path)
{
    return str_from(path);
}

void html_tr(Buf *out, Ctx *ctx, const char *english)
{
    html_escape(out, tr(ctx, english));
}

// ---- Markup as a value --------------------------------------------------------------------------

size_t html_begin(Buf *out)
{
    if (out->len == 0)
        buf_reserve(out, FRAME_BYTES);
    return out->len;
}

// A page's body is most of its page and begins where nothing stands yet: its memory is handed over
// as it is, and what frames it begins in fresh memory that has room for both.
static Str hand_over(Buf *out)
{
    Str taken = buf_str(out);
    *out = (Buf){ .arena = out->arena, .max = out->max, .is_full = out->is_full };
    if (!out->is_full)
        buf_reserve(out, taken.len + FRAME_BYTES);
    return taken;
}

Str html_take(Buf *out, size_t begin)
{
    bool was_full = out->is_full;  // whoever reads the page at its end must still learn it
    if (begin == 0 && out->len >= FRAME_BYTES)
        return hand_over(out);
    Str taken = str_copy(out->arena, str_from_at(buf_str(out), begin));
    buf_cut(out, begin);
    out->is_full = was_full;
    return taken;
}

Html html_end(Buf *out, size_t begin)
{
    return (Html){ html_take(out, begin) };
}

// In JSON "<" stands in strings only, where \u003c is the same; so nothing can end the element.
void html_json_ld(Buf *out, Str json)
{
    buf_put(out, S("<script type=\"application/ld+json\">"));
    for (ptrdiff_t at; (at = str_find_char(json, '<')) >= 0;
         json = str_from_at(json, (size_t)at + 1)) {
        buf_put(out, str_sub(json, 0, (size_t)at));
        buf_put(out, S("\\u003c"));
    }
    buf_put(out, json);
    buf_put(out, S("</script>"));
}

// ---- Addresses ----------------------------------------------------------------------------------

static void put_percent(Buf *out, char c)
{
    static const char digits[] = "0123456789ABCDEF";
    unsigned char byte = (unsigned char)c;
    buf_put(out, (Str){ (char[]){ '%', digits[byte >> 4], digits[byte & 15] }, 3 });
}

static const bool unreserved[256] = {
    // RFC 3986, 2.3
    ['0' ... '9'] = true, ['A' ... 'Z'] = true, ['a' ... 'z'] = true, ['-'] = true,
    ['.'] = true,         ['_'] = true,         ['~'] = true,
};

// Percent-encodes every byte that is neither unreserved nor in `also`.
static void percent_except(Buf *out, Str s, const char *also)
{
    size_t from = 0, plain = 0;
    while (plain < s.len && unreserved[(unsigned char)s.ptr[plain]])
        plain++;
    if (plain == s.len) {
        buf_put(out, s);
        return;
    }
    s = utf8_clean(out->arena, s);
    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];
        if (unreserved[(unsigned char)c] || (c && strchr(also, c)))
            continue;
        buf_put(out, (Str){ s.ptr + from, i - from });
        put_percent(out, c);
        from = i + 1;
    }
    buf_put(out, str_from_at(s, from));
}

void html_percent(Buf *out, Str s)
{
    percent_except(out, s, "");
}

void html_percent_c(Buf *out, const char *s)
{
    html_percent(out, str_from(s));
}

void html_contact(Buf *out, Str s)
{
    percent_except(out, s, "@+");
}

// Of what may stand in an address as it is, two characters mean something in an attribute.
void html_url(Buf *out, Url url)
{
    bool is_plain = str_find_char(url.text, '&') < 0 && str_find_char(url.text, '\'') < 0;
    if (is_plain)
        buf_put(out, url.text);
    else
        html_escape(out, url.text);
}

Url url_path_(Arena *arena, const char *pattern, const Str *values, size_t count)
{
    Buf out = { .arena = arena };
    Str left = str_from(pattern);
    size_t used = 0;
    assert(pattern[0] == '/' && pattern[1] != '/');
    for (ptrdiff_t at; (at = str_find(left, S("{}"))) >= 0;
         left = str_from_at(left, (size_t)at + 2)) {
        assert(used < count);
        buf_put(&out, str_sub(left, 0, (size_t)at));
        html_percent(&out, values[used++]);
    }
    assert(used == count);
    buf_put(&out, left);
    Str text = buf_str(&out);  // "//x" would be another site; "/.//x" is the path "//x" on this one
    return (Url){ str_starts(text, S("//")) ? str_join(arena, S("/."), text) : text };
}

// Browsers drop line breaks and tabs out of an address, which could make another one of it.
static Status check_address(Ctx *ctx, Str text)
{
    if (text.len > URL_BYTES_MAX)
        return FAIL(ctx, E_INVALID, "url.long", "the address has %zu bytes, at most %d are allowed",
                    text.len, URL_BYTES_MAX);
    for (size_t i = 0; i < text.len; i++)
        if (isspace((unsigned char)text.ptr[i]) || iscntrl((unsigned char)text.ptr[i]))
            return FAIL(ctx, E_INVALID, "url.invalid", "the address has a blank in it");
    return OK;
}

// What may stand in an address as it is: reserved characters and escapes (RFC 3986, 2.1 and 2.2).
static Url address_encode(Arena *arena, Str text)
{
    Buf out = { .arena = arena };
    percent_except(&out, text, ":/?#[]@!$&'()*+,;=%");
    return (Url){ buf_str(&out) };
}

Status url_external(Ctx *ctx, Str text, Url *ret)
{
    static const struct {
        const char *start;
        bool has_host;
    } schemes[] = {
        { "https:", true }, { "http:", true }, { "mailto:", false }, { "tel:", false }
    };

    text = str_trim(text);
    TRY(check_address(ctx, text));
    for (size_t i = 0; i < COUNT(schemes); i++) {
        Str start = str_from(schemes[i].start), after = str_from_at(text, start.len);
        if (!str_eq_ascii_nocase(str_sub(text, 0, start.len), start))
            continue;
        bool has_host =
            str_starts(after, S("//")) && after.len > 2 && !strchr("/\\?#", after.ptr[2]);
        if (schemes[i].has_host ? !has_host : after.len == 0)
            break;
        *ret = address_encode(ctx->arena, text);
        return OK;
    }
    return FAIL(
        ctx, E_INVALID, "url.scheme",
        "an address starts with https://, http://, mailto: or tel:, as in https://example.com");
}

Status url_local(Ctx *ctx, Str text, Url *ret)
{
    TRY(check_address(ctx, text));
    bool is_local = str_starts(text, S("/")) && !(text.len > 1 && strchr("/\\", text.ptr[1]));
    if (!is_local)
        return FAIL(ctx, E_INVALID, "url.local", "the address leads away from this site");
    *ret = address_encode(ctx->arena, text);
    return OK;
}
