// template.h - a template while it is being compiled, shared by the compiler's files.
//
// One pass, in the order of reading: page.c walks lines and text and keeps the stack of open
// elements, tag.c reads a tag into a Tag, rules.c refuses, emit.c writes C. A refusal is noted and
// the reading goes on, so that one run shows every mistake; the output is then thrown away.
#pragma once

#include "tmplc.h"

#include "base/list.h"
#include "base/map.h"

// ---- Markup -------------------------------------------------------------------------------------

typedef enum PieceKind {
    PIECE_TEXT,   // as written
    PIECE_VALUE,  // {{C expression}}
    PIECE_BDI,    // {{bdi C expression}}
    PIECE_KEY,    // [[English text]]
} PieceKind;

typedef struct Piece {
    PieceKind kind;
    Str text;  // without its brackets
    int line;
} Piece;
typedef LIST(Piece) PieceList;

typedef struct Attribute {
    Str name;
    int line;
    bool has_value;
    Str source;  // the value as written
    PieceList value;
    Str condition;  // the C of ?name={{condition}}, or ""
} Attribute;
typedef LIST(Attribute) AttributeList;

// clang-format off
enum {
    EL_VOID = 1,       // has no end tag
    EL_BLOCK = 2,      // its start tag ends an open <p>
    EL_TEXT_ONLY = 4,  // markup inside it is shown as text
    EL_VERBATIM = 8,   // white space inside it counts
    EL_SVG = 16,       // drawing: may be closed by "/>"
    EL_CODE = 32,      // what it shows is not translated
    EL_RAW = 64,       // scripts and styles: nothing of ours inside
};
// clang-format on

typedef struct ElementDef {
    const char *name;
    unsigned flags;
    const char *parents;   // where alone it may stand; NULL: anywhere
    const char *children;  // what alone may stand directly in it; NULL: anything
    const char *never_in;  // elements it must not stand inside of, at any depth; NULL: none
} ElementDef;

typedef struct Tag {
    Str name;
    const ElementDef *def;  // never NULL: an unknown element was refused and is a plain one
    AttributeList attributes;
    bool is_closed;  // by "/>"
    int line;
} Tag;

typedef enum AttributeKind {
    ATTRIBUTE_PLAIN,
    ATTRIBUTE_TEXT,    // people read or hear it
    ATTRIBUTE_LINK,    // an address
    ATTRIBUTE_LINKS,   // several, separated by commas
    ATTRIBUTE_NUMBER,  // whole numbers only
} AttributeKind;

// ---- The state ----------------------------------------------------------------------------------

typedef struct Element {  // an open one
    Str name;
    const ElementDef *def;
    bool is_untranslated;  // it or one around it is <code>, <kbd> or translate="no"
    bool is_svg;
    int line;
} Element;

typedef struct Block {  // an open { of the template's C
    size_t depth;       // how many elements were open
    bool is_loop, is_switch;
    int line;
} Block;

typedef struct Control {  // an input that waits for its <label for>
    Str id, name;
    int line;
} Control;

typedef struct CWriter {  // one generated C text
    Buf out;
    Str path;  // of the template
    int line;  // the template's line that the C compiler would give to what comes next; 0: none
} CWriter;

typedef struct Template {
    Arena *arena;
    Str path, source;
    size_t at;  // of the next byte to be read
    int line;

    // The page being read.
    bool in_page;
    LIST(Element) open;
    LIST(Block) blocks;
    LIST(Control) controls;
    Map ids, labels;     // as written
    bool has_output;     // markup was seen on this page
    bool is_after_text;  // what was last put is text: a line break behind it may count
    bool has_break;      // a line break waits to become a blank, should text follow

    // The C statement being read.
    Str head;       // its first word
    int parens;     // open ones
    char last;      // the last character that counted
    int last_line;  // where it stood

    // What comes out.
    Buf literal;                // markup not yet written: grows until something else has to be
    Buf remark;                 // %# lines directly above a %page
    CWriter header, top, code;  // top: the %c lines
    int nesting;                // blocks of our own making around what is written
    Buf keys, errors;
    int error_count;
} Template;

// ---- page.c: reading ----------------------------------------------------------------------------

void refuse(Template *t, int line, const char *format, ...) PRINTF(3, 4);
Str rest_of_line(const Template *t);  // up to, not with, the line break
Str rest(const Template *t);          // up to the end of the template
void skip(Template *t, size_t bytes);
bool skip_over(Template *t, const char *text);                // true when it stood here
const Element *innermost(const Template *t);                  // NULL when none is open
const Element *around(const Template *t, const char *names);  // of these, the next; NULL: none
bool is_in_svg(const Template *t);
bool is_untranslated_here(const Template *t);
bool piece_read(Template *t, Piece *ret);  // {{ }} or [[ ]] that starts here; false: refused

// ---- tag.c: tags and their attributes -----------------------------------------------------------

bool tag_read(Template *t, Tag *ret);  // behind "<"; false when refused and skipped
const Attribute *tag_find(const Tag *tag, const char *name);  // NULL when absent
Str tag_literal(const Tag *tag, const char *name);  // the value if it is always this text, else ""
bool is_literal(const Attribute *attribute);
bool has_word(const char *words, Str word);  // in a blank-separated list; false for NULL

// ---- elements.c: what HTML knows ----------------------------------------------------------------

const ElementDef *element_find(Str name, bool in_svg);  // NULL: unknown
AttributeKind attribute_kind(const Tag *tag, const Attribute *attribute);
bool is_svg_spelling(Str name);           // one of the attributes with capital letters
const char *attribute_refusal(Str name);  // why an attribute is never allowed; NULL: it is

// ---- rules.c: refusals --------------------------------------------------------------------------

void check_tag(Template *t, const Tag *tag);
void check_end_of_page(Template *t);
void check_key(Template *t, Str english, int line);
void check_text(Template *t, Str text, int line);         // of a text node
void check_markup_text(Template *t, Str text, int line);  // its entities

// ---- ctext.c: the C inside templates ------------------------------------------------------------

typedef struct CToken {
    enum { C_WORD, C_STRING, C_OTHER } kind;
    Str text;  // a string with its quotes; otherwise one word or one character
} CToken;

bool c_next(Str *rest, CToken *ret);  // comments are skipped; false at the end
ptrdiff_t c_value_end(Str s);         // where "}}" ends the value that s starts with; -1: nowhere
void c_keys(Template *t, Str c, int line);  // notes the texts of tr(), tr_format(), tr_plural()
void code_line(Template *t, Str c, int line);
void code_before_markup(Template *t);  // refuses a statement that is not finished

// ---- emit.c: writing C --------------------------------------------------------------------------

void put_literal(Template *t, Str s);
void put_code(Template *t, Str c, int line);  // a line of the template's own C
void put_piece(Template *t, const Piece *piece, const char *macro);
void put_tag(Template *t, const Tag *tag);
void put_key(Template *t, Str english, int line);  // into the list of texts to be translated
void page_open(Template *t, Str name, Str arguments, int line);
void page_close(Template *t);
Compiled compiled(Template *t, Str header_name);
void c_line(CWriter *writer, int line,
            Str c);  // so that the C compiler gives it the template's line
