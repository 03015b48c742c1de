// compose.c - a mail as the bytes that go over the wire.
//
// The same mail gives the same bytes: boundaries are fixed. They begin with "=_", which neither
// quoted-printable nor base64 can produce, so no content contains one.
#include "kernel/mail.h"

#include "kernel/http/request.h"
#include "kernel/mail/encode.h"

#include <ctype.h>

enum { PIECE_MAX = 60 };  // characters of a file name on one line

#define CRLF        "\r\n"
#define MIXED       "=_entrepot_mixed"
#define ALTERNATIVE "=_entrepot_alternative"

// ---- Headers ------------------------------------------------------------------------------------

typedef struct Composing {
    Ctx *ctx;
    const Mail *mail;
    Buf out;
} Composing;

static void put_header(Composing *c, const char *name, Str text)
{
    buf_printf(&c->out, "%s: ", name);
    mail_put_words(&c->out, strlen(name) + 2, mail_header_text(c->ctx->arena, text));
    buf_c(&c->out, CRLF);
}

static void put_mailbox(Composing *c, const char *header, Str name, Str address)
{
    Str shown = mail_header_text(c->ctx->arena, name);
    Str clean = mail_header_address(c->ctx->arena, address);
    buf_printf(&c->out, "%s: ", header);
    if (shown.len) {
        mail_put_phrase(&c->out, strlen(header) + 2, shown);
        buf_printf(&c->out, CRLF " <" STR_FMT ">" CRLF, STR_ARG(clean));
    } else {
        buf_printf(&c->out, STR_FMT CRLF, STR_ARG(clean));
    }
}

// "Acme Ltd <sales@example.com>", or only the address.
static void put_from(Composing *c, Str from)
{
    ptrdiff_t angle = str_rfind_char(from, '<');
    Str name = angle < 0 ? S("") : str_sub(from, 0, (size_t)angle);
    put_mailbox(c, "From", name, str_from_at(from, (size_t)(angle + 1)));
}

// RFC 5322, 3.3; in UTC, whose zone is written +0000.
static void put_date(Composing *c)
{
    static const char *const days[] = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" };
    static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                          "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
    Time since;
    Date date = time_split(c->ctx->now, &since);
    Ymd ymd = date_ymd(date);
    int second = (int)(since / SECOND);
    buf_printf(&c->out, "Date: %s, %d %s %04d %02d:%02d:%02d +0000" CRLF,
               days[date_weekday(date) - 1], ymd.day, months[ymd.month - 1], ymd.year,
               second / 3600, second / 60 % 60, second % 60);
}

static void put_headers(Composing *c, Str from, Str message_id)
{
    const Mail *mail = c->mail;
    put_date(c);
    put_from(c, from);
    put_mailbox(c, "To", mail->to_name, mail->to);
    if (mail->reply_to.len)
        put_mailbox(c, "Reply-To", S(""), mail->reply_to);
    buf_printf(&c->out, "Message-ID: <" STR_FMT ">" CRLF,
               STR_ARG(mail_header_address(c->ctx->arena, message_id)));
    put_header(c, "Subject", mail->subject);
    buf_c(&c->out, "MIME-Version: 1.0" CRLF);
    buf_c(&c->out,
          "Auto-Submitted: auto-generated" CRLF);  // RFC 3834: no answering machine answers
}

// ---- Parts --------------------------------------------------------------------------------------

static void put_multipart(Composing *c, const char *kind, const char *boundary)
{
    buf_printf(&c->out, "Content-Type: multipart/%s; boundary=\"%s\"" CRLF CRLF, kind, boundary);
}

static void put_next(Composing *c, const char *boundary)
{
    buf_printf(&c->out, "--%s" CRLF, boundary);
}

static void put_end(Composing *c, const char *boundary)
{
    buf_printf(&c->out, "--%s--" CRLF, boundary);
}

static void put_text(Composing *c, const char *kind, Str text)
{
    buf_printf(&c->out, "Content-Type: text/%s; charset=utf-8" CRLF, kind);
    buf_c(&c->out, "Content-Transfer-Encoding: quoted-printable" CRLF CRLF);
    mail_put_quoted(&c->out, text);
}

static void put_words(Composing *c)
{
    const Mail *mail = c->mail;
    if (mail->html.len == 0 || mail->text.len == 0) {
        put_text(c, mail->html.len ? "html" : "plain", mail->html.len ? mail->html : mail->text);
        return;
    }
    put_multipart(c, "alternative", ALTERNATIVE);
    put_next(c, ALTERNATIVE);
    put_text(c, "plain", mail->text);
    put_next(c, ALTERNATIVE);
    put_text(c, "html", mail->html);
    put_end(c, ALTERNATIVE);
}

// A type is two tokens; what is not goes as bytes.
static Str clean_type(Str type)
{
    int slashes = 0;
    for (size_t i = 0; i < type.len; i++) {
        char c = type.ptr[i];
        slashes += c == '/';
        if (!isalnum((unsigned char)c) && !strchr("/.+-", c))
            return S("application/octet-stream");
    }
    return slashes == 1 ? type : S("application/octet-stream");
}

// Where to cut so that the line does not end inside a "%C3".
static size_t piece_len(Str encoded)
{
    size_t len = PIECE_MAX;
    if (encoded.len <= PIECE_MAX)
        return encoded.len;
    while (encoded.ptr[len - 1] == '%' || encoded.ptr[len - 2] == '%')
        len--;
    return len;
}

// The percent-encoded name (RFC 2231, 4), a long one in pieces of a line each (3).
static void put_file_name(Composing *c, Str name)
{
    Str rest = url_encode(c->ctx->arena, mail_header_text(c->ctx->arena, name));
    bool is_cut = rest.len > PIECE_MAX;
    for (int n = 0; rest.len; n++) {
        Str piece = str_sub(rest, 0, piece_len(rest));
        buf_c(&c->out, ";" CRLF " filename*");
        if (is_cut)
            buf_printf(&c->out, "%d*", n);
        buf_printf(&c->out, "=%s" STR_FMT, n ? "" : "UTF-8''", STR_ARG(piece));
        rest = str_from_at(rest, piece.len);
    }
}

static void put_attachment(Composing *c, const MailPart *part)
{
    buf_printf(&c->out, "Content-Type: " STR_FMT CRLF, STR_ARG(clean_type(part->type)));
    buf_c(&c->out, "Content-Transfer-Encoding: base64" CRLF "Content-Disposition: attachment");
    put_file_name(c, part->name);
    buf_c(&c->out, CRLF CRLF);
    mail_put_base64(&c->out, part->bytes);
}

// ---- All of it ----------------------------------------------------------------------------------

Str mail_compose(Ctx *ctx, const Mail *mail, Str from, Str message_id)
{
    Composing c = { .ctx = ctx, .mail = mail, .out = { .arena = ctx->arena } };
    put_headers(&c, from, message_id);
    if (mail->attachments.len == 0) {
        put_words(&c);
        return buf_str(&c.out);
    }
    put_multipart(&c, "mixed", MIXED);
    put_next(&c, MIXED);
    put_words(&c);
    EACH (part, mail->attachments) {
        put_next(&c, MIXED);
        put_attachment(&c, part);
    }
    put_end(&c, MIXED);
    return buf_str(&c.out);
}
