// inside.h - what the files of the PDF writer share: blocks, shaped texts, and where they stand.
//
//     pdf.c      builds a list of blocks
//     code.c     makes barcodes into bars and squares
//     text.c     shapes a text and draws its lines
//     measure.c  how wide and tall everything is
//     pages.c    which piece of which block stands where
//     draw.c     draws the pieces, with structure tags
//     update.c   adds to the finished file what Cairo cannot say
//
// Lengths are points (1/72 inch). Places count from the top and from the *start* edge of the page:
// the left one, or the right one in a right-to-left document. Only pdf_real_x() knows the
// difference.
#pragma once

#include "base/buf.h"
#include "base/list.h"
#include "kernel/pdf.h"

#include <pango/pangocairo.h>

#define MM           (72 / 25.4)
#define SIDES_GAP    (6 * MM)
#define CELL_PAD_X   (1.5 * MM)
#define CELL_PAD_Y   (1.7 * MM)
#define HEAD_PAD_Y   (1.2 * MM)
#define FACT_GAP     (0.5 * MM)
#define TOTAL_GAP    (1.2 * MM)
#define TOTALS_WIDTH (82 * MM)
#define RUNNING_PAD  (2.5 * MM)  // between running texts and their rule
#define RULE_HAIR    0.4
#define RULE_STRONG  0.9
#define RULE_DOUBLE  0.6  // each of the two, which stand twice as much apart

// The styles that only this writer uses, after those of PdfStyle.
enum {
    LOOK_TABLE_HEAD = PDF_LARGE + 1,
    LOOK_UNDER,    // what follows a line break in a cell
    LOOK_RUNNING,  // head and footer of pages
    LOOK_TOTAL,
    LOOK_GRAND,
    LOOK_CODE,  // below a Code 128
    LOOK_COUNT
};

typedef enum Ink { INK_BLACK, INK_SOFT, INK_DIM, INK_LINE } Ink;

// One paragraph or cell. Its layout is kept between measuring and drawing while there are few of
// them.
typedef struct Text {
    Str string;
    PangoLayout *layout;      // NULL: made anew when drawn
    double break_width;       // lines are broken at it; 0: they need not be
    double width;             // of the longest line
    double height, baseline;  // baseline of the first line, from the top
    size_t lines;
    uint8_t look, align;
} Text;

// A table's cell: `under` is NULL when the text has one line only.
typedef struct Cell {
    Text main, *under;
} Cell;

typedef struct Row {
    Cell *cells;
    double height, baseline;  // the first lines of all cells stand on one baseline
} Row;
typedef LIST(Row) RowList;

typedef struct Table {
    const PdfColumn *columns;
    size_t count;
    double *x, *width;  // of the columns' texts
    Row head;
    RowList rows;
} Table;

typedef struct Fact {
    Text label, value;
    bool is_grand;
    double y, baseline;
} Fact;
typedef LIST(Fact) FactList;

// A matrix of squares (QR), or one line of bars (Code 128).
typedef struct Code {
    const unsigned char *dark;  // columns * rows, 0 or 1
    size_t columns, rows;
    double module, bars;  // one module's width; the height of bars or squares
    double quiet;         // free below
    Text text;            // below the bars
    Str alt;
} Code;

typedef struct Image {
    cairo_surface_t *surface;
    double width, height;
    Str alt;
} Image;

typedef struct Block Block;
typedef struct Flow {
    Block *first, *last;
} Flow;

typedef struct Sides {
    Flow flows[PDF_SIDES_MAX];
    double shares[PDF_SIDES_MAX];
    size_t count, current;
} Sides;

typedef enum BlockKind {
    BLOCK_TEXT,
    BLOCK_SPACE,
    BLOCK_RULE,
    BLOCK_PAGE,
    BLOCK_SIDES,
    BLOCK_TABLE,
    BLOCK_FACTS,
    BLOCK_TOTALS,
    BLOCK_CODE,
    BLOCK_IMAGE,
} BlockKind;

struct Block {
    Block *next;
    BlockKind kind;
    double height;
    const char *link;  // of a text: Cairo's attributes of a link tag; NULL: none
    union {
        Text text;
        Sides sides;
        Table table;
        FactList facts;  // and totals
        Code code;
        Image image;
    };
};

// A place on the page: from the start edge, from the top.
typedef struct Place {
    double x, y, width;
} Place;

// A part of a block on a page: lines from..to of a text, rows from..to of a table (of one row, when
// that had to be split, lines from..to).
typedef struct Range {
    size_t from, to;
} Range;
typedef struct Piece {
    const Block *block;
    size_t page;
    double y, height;
    Range rows, lines;
    bool has_head;  // the table's head stands above the rows
} Piece;

// What a structure element gets beyond what Cairo writes: in the order in which they are drawn.
typedef enum NoteKind { NOTE_ALT, NOTE_COLUMN_HEAD, NOTE_ROW_HEAD } NoteKind;
typedef struct Note {
    NoteKind kind;
    Str alt;
} Note;
typedef LIST(Note) NoteList;

// Bytes from Cairo's write callback: malloc, because the callback must not allocate in an arena.
typedef struct Bytes {
    unsigned char *ptr;
    size_t len, cap;
} Bytes;

struct Pdf {
    Ctx *ctx;
    Arena *arena;
    Failure failure;  // the first; status OK: none
    Str title, language;
    bool is_rtl, is_label;
    double page_width, page_height, margin;

    Flow flow;
    Sides *sides;  // open ones
    Table *table;  // the open one
    Text head_start, head_end, foot;
    bool has_head;
    LIST(Image *) images;

    const struct Fonts *fonts;  // the thread's
    PangoContext *context;
    LIST(Text *) shaped;  // those that keep their layout

    LIST(Piece) pieces;
    size_t pages;

    cairo_surface_t *surface;
    cairo_t *cr;
    Bytes bytes;
    NoteList notes;
};

// ---- text.c: shaping ----------------------------------------------------------------------------

void pdf_text_begin(Pdf *pdf);                           // the thread's fonts; takes pdf->language
void pdf_text_measure(Pdf *pdf, Text *text);             // as wide as it likes
void pdf_text_wrap(Pdf *pdf, Text *text, double width);  // not wider than this
// How many of these lines fit into `room`, and how tall they are.
size_t pdf_text_fit(const Pdf *pdf, const Text *text, Range lines, double room, double *ret_height);
// The first line's top stands at at.y.
void pdf_text_draw(const Pdf *pdf, const Text *text, Place at, Range lines);
void pdf_set_ink(const Pdf *pdf, Ink ink);

// ---- code.c: barcodes ---------------------------------------------------------------------------

MUST_CHECK Status pdf_code128_make(Pdf *pdf, Str text, double width, Code *ret);
MUST_CHECK Status pdf_qr_make(Pdf *pdf, Str text, double size, double width, Code *ret);

// ---- measure.c: how wide and tall everything is -------------------------------------------------

double pdf_body_width(const Pdf *pdf);
Place pdf_side_place(const Sides *sides, size_t side, Place whole);
void pdf_measure(Pdf *pdf);
double pdf_head_height(const Pdf *pdf);  // of the running head, of the footer, with their rules
double pdf_foot_height(const Pdf *pdf);
// The part of a range that lies in the `len` lines from `start` on, counted from there.
Range pdf_range_within(Range range, size_t start, size_t len);
size_t pdf_cell_lines(const Cell *cell);
double pdf_cell_drop(const Row *row, const Cell *cell, Range lines);  // down to the row's baseline
size_t pdf_cell_fit(const Pdf *pdf, const Cell *cell, Range lines, double room, double *ret_height);

// ---- pages.c: which piece stands where ----------------------------------------------------------

MUST_CHECK Status pdf_pages_break(Pdf *pdf);

// ---- draw.c: drawing ----------------------------------------------------------------------------

// From the left, where `x` is from the start edge.
double pdf_real_x(const Pdf *pdf, double x, double width);
MUST_CHECK Status pdf_pages_draw(Pdf *pdf);

// ---- update.c: what Cairo cannot say ------------------------------------------------------------

// A copy of the finished file with its language, view settings, notes and an id added.
MUST_CHECK Status pdf_update(Ctx *ctx, Str file, Str language, const NoteList *notes, Str *ret);
