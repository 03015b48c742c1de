// encode.c - quoted-printable, base64, encoded words.
//
// Mail is lines of ASCII, at most 76 characters where anything is encoded. Everything here appends
// to a Buf and asks nobody; what goes in is of any length and, but for header texts, of any bytes.
#include "kernel/mail/encode.h"

#include "base/utf8.h"
#include "kernel/secrets.h"

#include <sodium.h>

enum {
    WIDTH_MAX = 76,
    BASE64_LINE_BYTES = 57,  // 76 characters
    WORD_FRAME = 12,         // =?UTF-8?B? and ?=
    PLAIN_MAX = 900,         // RFC 5322 allows 998 characters between two line ends
};

#define CRLF "\r\n"

// ---- Bodies -------------------------------------------------------------------------------------

static bool is_line_end(Str text, size_t at)
{
    return at >= text.len || text.ptr[at] == '\n' || text.ptr[at] == '\r';
}

static bool is_quoted_as_is(Str text, size_t at)
{
    char c = text.ptr[at];
    if (c == ' ' || c == '\t')
        return !is_line_end(text, at + 1);
    return c > ' ' && c <= '~' && c != '=';
}

// The line's last character is kept for the "=" of a soft break.
static void put_quoted_char(Buf *out, Str text, size_t at, size_t *column)
{
    bool as_is = is_quoted_as_is(text, at);
    size_t width = as_is ? 1 : 3;
    if (*column + width > WIDTH_MAX - 1) {
        buf_c(out, "=" CRLF);
        *column = 0;
    }
    if (as_is)
        buf_char(out, text.ptr[at]);
    else
        buf_printf(out, "=%02X", (unsigned char)text.ptr[at]);
    *column += width;
}

void mail_put_quoted(Buf *out, Str text)
{
    size_t column = 0;
    for (size_t at = 0; at < text.len; at++) {
        if (!is_line_end(text, at)) {
            put_quoted_char(out, text, at, &column);
            continue;
        }
        if (str_starts(str_from_at(text, at), S(CRLF)))
            at++;
        buf_c(out, CRLF);
        column = 0;
    }
    if (column)
        buf_c(out, CRLF);
}

void mail_put_base64(Buf *out, Str bytes)
{
    char line[WIDTH_MAX + 1];
    while (bytes.len) {
        Str piece = str_sub(bytes, 0, BASE64_LINE_BYTES);
        sodium_bin2base64(line, sizeof line, (const unsigned char *)piece.ptr, piece.len,
                          sodium_base64_VARIANT_ORIGINAL);
        buf_c(out, line);
        buf_c(out, CRLF);
        bytes = str_from_at(bytes, piece.len);
    }
}

// ---- Headers ------------------------------------------------------------------------------------

// What looks like an encoded word would be decoded, so it is encoded itself.
static bool is_plain(Str text)
{
    if (text.len > PLAIN_MAX)
        return false;
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] < ' ' || text.ptr[i] > '~')
            return false;
    return str_find(text, S("=?")) < 0;
}

static size_t whole_characters(Str text, size_t bytes_max)
{
    size_t len = text.len < bytes_max ? text.len : bytes_max;
    while (len > 0 && len < text.len && ((unsigned char)text.ptr[len] & 0xC0) == 0x80)
        len--;
    return len;
}

// Each word holds whole characters (RFC 2047, 5).
static void put_encoded(Buf *out, size_t column, Str text)
{
    while (text.len) {
        size_t room = column + WORD_FRAME + 8 < WIDTH_MAX ? WIDTH_MAX - column - WORD_FRAME : 8;
        Str piece = str_sub(text, 0, whole_characters(text, room / 4 * 3));
        buf_c(out, "=?UTF-8?B?");
        buf_put(out, base64_text(out->arena, (const uint8_t *)piece.ptr, piece.len));
        buf_c(out, "?=");
        text = str_from_at(text, piece.len);
        if (text.len)
            buf_c(out, CRLF " ");
        column = 1;
    }
}

static void put_folded(Buf *out, size_t column, Str text)
{
    Str word;
    for (bool is_first = true; str_next_word(&text, &word); is_first = false) {
        bool fits = column + 1 + word.len <= WIDTH_MAX;
        if (!is_first)
            buf_c(out, fits ? " " : CRLF " ");
        column = fits || is_first ? column + 1 + word.len : 1 + word.len;
        buf_put(out, word);
    }
}

void mail_put_words(Buf *out, size_t column, Str text)
{
    if (is_plain(text))
        put_folded(out, column, text);
    else
        put_encoded(out, column, text);
}

void mail_put_phrase(Buf *out, size_t column, Str name)
{
    if (!is_plain(name)) {
        put_encoded(out, column, name);
        return;
    }
    buf_char(out, '"');
    for (size_t i = 0; i < name.len; i++) {
        if (name.ptr[i] == '"' || name.ptr[i] == '\\')
            buf_char(out, '\\');
        buf_char(out, name.ptr[i]);
    }
    buf_char(out, '"');
}

Str mail_header_text(Arena *arena, Str text)
{
    Buf out = { .arena = arena };
    Str clean = utf8_clean(arena, text);
    for (size_t i = 0; i < clean.len; i++) {
        unsigned char c = (unsigned char)clean.ptr[i];
        bool is_blank = c <= ' ' || c == 0x7f;
        if (!is_blank)
            buf_char(&out, (char)c);
        else if (out.len && out.ptr[out.len - 1] != ' ')
            buf_char(&out, ' ');
    }
    return str_trim(buf_str(&out));
}

Str mail_header_address(Arena *arena, Str address)
{
    Buf out = { .arena = arena };
    for (size_t i = 0; i < address.len; i++) {
        char c = address.ptr[i];
        if (c > ' ' && c <= '~' && !strchr(",;:\\\"<>()[]", c))
            buf_char(&out, c);
    }
    return buf_str(&out);
}
