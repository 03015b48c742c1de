// xml.h - a small XML document as a tree, read by expat.
//
// Names lose their prefixes; the root's namespace is kept. A document type is refused, so nothing
// expands. Text beside child elements is dropped: messages have none but blanks.
#pragma once

#include "base/ctx.h"

typedef struct Xml Xml;
struct Xml {
    Str name, text;  // text without blanks at its ends
    Str currency;    // the attribute Ccy
    Str space;       // the attribute xmlns
    int64_t line;
    Xml *parent, *first, *last, *next;
};

enum { XML_DEPTH = 64 };

// E_INVALID "statement.syntax" with the line. `text` is UTF-8, whatever its declaration says.
MUST_CHECK Status xml_read(Ctx *ctx, Str text, const Xml **ret);

// The first element down the path, as "Tp/CdOrPrtry/Cd"; NULL when there is none, or no `from`.
const Xml *xml_find(const Xml *from, const char *path);
Str xml_text(const Xml *from, const char *path);  // "" when there is none
const Xml *xml_next(const Xml *element);          // the next sibling of the same name
