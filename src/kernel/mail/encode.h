// encode.h - how texts and bytes are written in a mail. Private to kernel/mail; pure.
#pragma once

#include "base/buf.h"

// A text, its lines ended by CR LF, in quoted-printable (RFC 2045, 6.7).
void mail_put_quoted(Buf *out, Str text);
// Bytes in base64, in lines of 76 (RFC 2045, 6.8).
void mail_put_base64(Buf *out, Str bytes);

// A header's text behind `column` characters of its line: as it is, folded at blanks, or in encoded
// words (RFC 2047) where it is not plain. No control characters, valid UTF-8: header_text() sees to
// it.
void mail_put_words(Buf *out, size_t column, Str text);
// A name beside an address: quoted, or in encoded words.
void mail_put_phrase(Buf *out, size_t column, Str name);

// What may stand in a header: valid UTF-8, each run of control characters and blanks one blank.
Str mail_header_text(Arena *arena, Str text);
// What of it may stand between < and >.
Str mail_header_address(Arena *arena, Str address);
