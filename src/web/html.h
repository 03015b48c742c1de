// html.h - values on a page: what generated templates call (docs/templates.md is their language).
//
// The place of a value comes from the template compiler as one of the HTML_ macros; what may stand
// there comes from the value's C type. A type without a row does not compile, so money, days and
// quantities have to go through their show_ functions and arrive as Str. Only an Html leaves as it
// is, and only in text. Whatever bytes a Str holds, the page stays well-formed UTF-8 and a browser
// reads the same text back; bytes that are not UTF-8, and NUL, become U+FFFD.
#pragma once

#include "base/buf.h"
#include "base/ctx.h"

// Markup, made by templates and never from input: see html_end().
typedef struct Html {
    Str markup;
} Html;

// An address that was checked when it was made, percent-encoded; may stand at the start of a link.
typedef struct Url {
    Str text;
} Url;

// ---- Places -------------------------------------------------------------------------------------

// Each chooses, by a value's type, the function that writes it: `(HTML_TEXT(x))(out, x)`. Generated
// code calls it in just this form, so that the compiler's complaint names the template.

// clang-format off
#define HTML_TEXT(...) /* between tags */                                                          \
    _Generic((__VA_ARGS__), HTML_TEXTS, HTML_NUMBERS, Html: html_markup, default: html_not_text)
#define HTML_ATTRIBUTE(...) /* in a quoted value, or where elements mean nothing (<title>) */      \
    _Generic((__VA_ARGS__), HTML_TEXTS, HTML_NUMBERS, default: html_not_attribute)
#define HTML_NUMBER(...) /* width="" and the like */                                               \
    _Generic((__VA_ARGS__), HTML_NUMBERS, default: html_not_number)
#define HTML_LINK(...) /* within an address: one segment, or one value of its query */             \
    _Generic((__VA_ARGS__), Str: html_percent, const char *: html_percent_c,                       \
             char *: html_percent_c, HTML_NUMBERS, default: html_not_link)
#define HTML_CONTACT(...) /* behind "mailto:" or "tel:", where @ and + are themselves */           \
    _Generic((__VA_ARGS__), Str: html_contact, default: html_not_contact)
#define HTML_URL(...) /* at the start of an address */                                             \
    _Generic((__VA_ARGS__), Url: html_url, default: html_not_url)
#define HTML_PLAIN(...) /* a piece of a field's path, not escaped; before html_take() */           \
    _Generic((__VA_ARGS__), Str: buf_put, const char *: buf_c, char *: buf_c, HTML_NUMBERS,        \
             default: html_not_attribute)
#define HTML_PATH(...) /* a field's whole path: answers it as Str and writes nothing */            \
    _Generic((__VA_ARGS__), Str: html_path, const char *: html_path_c, char *: html_path_c,        \
             default: html_not_path)

#define HTML_TEXTS   Str: html_escape, const char *: html_escape_c, char *: html_escape_c
#define HTML_NUMBERS int: buf_int, int64_t: buf_int, size_t: html_size

#define HTML_REFUSES(what) __attribute__((error(what)))
void html_not_text(Buf *out, ...)
    HTML_REFUSES("text on a page is Str, const char *, int, int64_t, size_t or Html; see show_*()");
void html_not_attribute(Buf *out, ...)
    HTML_REFUSES("an attribute is Str, const char *, int, int64_t or size_t; see show_*()");
void html_not_number(Buf *out, ...) HTML_REFUSES("this attribute is int, int64_t or size_t");
void html_not_link(Buf *out, ...)
    HTML_REFUSES("within an address stands Str, const char *, int, int64_t or size_t");
void html_not_contact(Buf *out, ...) HTML_REFUSES("behind mailto: or tel: stands a Str");
void html_not_url(Buf *out, ...)
    HTML_REFUSES("an address starts with literal text or is a Url: see url_path(), url_external()");
Str html_not_path(Buf *out, ...) HTML_REFUSES("a field's path is Str or const char *");
// clang-format on

void html_escape(Buf *out, Str s);
void html_escape_c(Buf *out, const char *s);
void html_percent(Buf *out, Str s);  // all but letters, digits and "-._~"
void html_percent_c(Buf *out, const char *s);
void html_contact(Buf *out, Str s);  // also keeps "@" and "+"
void html_size(Buf *out, size_t n);
void html_markup(Buf *out, Html html);
void html_url(Buf *out, Url url);
Str html_path(Buf *out, Str path);
Str html_path_c(Buf *out, const char *path);

void html_tr(Buf *out, Ctx *ctx, const char *english);  // [[...]]: translated and escaped

// ---- Markup as a value --------------------------------------------------------------------------

// Takes what is written to `out` between the two calls off it again, as a value for another page:
//
//     size_t body = html_begin(out);
//     order_lines(out, ctx, order);
//     web_shell(out, ctx, title, html_end(out, body));
size_t html_begin(Buf *out);
Html html_end(Buf *out, size_t begin);
Str html_take(Buf *out, size_t begin);  // the same as text; a copy in out's arena

// <script type="application/ld+json">: data for search engines, which no browser runs.
void html_json_ld(Buf *out, Str json);

// ---- Addresses ----------------------------------------------------------------------------------

// An address on this site: each {} of the literal pattern is replaced by the next Str,
// percent-encoded. The pattern starts with one "/" and has as many {} as there are values
// (asserted). Never leads to another site, not even when a first value is empty.
//
//     url_path(arena, "/admin/oms/orders/{}?line={}", order->number, id_text(arena, line->id))
#define url_path(arena, pattern, ...)                                                              \
    url_path_((arena), "" pattern, (const Str[]){ __VA_ARGS__ },                                   \
              sizeof((const Str[]){ __VA_ARGS__ }) / sizeof(Str))
Url url_path_(Arena *arena, const char *pattern, const Str *values, size_t count);

enum { URL_BYTES_MAX = 2048 };

// An address that somebody typed. E_INVALID "url.scheme" unless it is http:, https: (with a host),
// mailto: or tel:; "url.invalid" with blanks or control characters inside; "url.long". Blanks
// around it are dropped, and what may not stand in an address is percent-encoded.
MUST_CHECK Status url_external(Ctx *ctx, Str text, Url *ret);

// An address on this site that came from outside, such as the page to go back to. E_INVALID
// "url.local" when it leads anywhere else ("//host", "/\host"), and as above.
MUST_CHECK Status url_local(Ctx *ctx, Str text, Url *ret);

// ---- Stamps: what the compiler adds to some elements --------------------------------------------

void html_lang(Buf *out, Ctx *ctx);  // <html>: lang and dir, by ctx->locale (English without one)
void html_title_mark(Buf *out, Ctx *ctx);  // <title>: "Error: " when there are problems

// Hidden fields of a posting form, which the HTTP layer looks for: the token of the actor's
// session, nothing without one; and a new key for each form written, from ctx->random, so that a
// form sent twice is carried out once.
#define HTML_CSRF_FIELD "_csrf"
#define HTML_ONCE_FIELD "_once"
void html_csrf(Buf *out, Ctx *ctx);
void html_once(Buf *out, Ctx *ctx);

// A field, named by its path in the record ("lines[2].quantity"), as ctx->failure.problems name it.
// Its control has the id "f-lines-2-quantity", its message "e-lines-2-quantity".
//
// A control gets name, id and, with a problem, aria-invalid and aria-describedby; a group of
// controls
// (<fieldset>) id and aria-describedby; a label for. `hint` is the id of what else describes it, or
// "".
void html_field(Buf *out, Ctx *ctx, Str path, Str hint);
void html_field_group(Buf *out, Ctx *ctx, Str path, Str hint);
void html_field_for(Buf *out, Ctx *ctx, Str path);
const Problem *html_problem(const Ctx *ctx, Str path);  // the first one of the field; NULL: none
Str html_field_key(Arena *arena, Str path);             // "lines-2-quantity"

// <error> and <problems>: pages/problems.html.
void html_error(Buf *out, Ctx *ctx, Str path);  // the field's messages, or nothing
// All problems with links to their fields, or a failure without any; nothing when all is well.
void html_problems(Buf *out, Ctx *ctx);
