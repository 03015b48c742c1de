// text.c - shaping: a text becomes a Pango layout, is measured, and its lines are drawn.
//
// Each thread has a font map of its own, made at its first document and kept until it ends: Pango's
// maps are not to be shared, and a fresh one costs as much as two or three pages (fontconfig sorts
// all fonts there are, HarfBuzz reads their tables). Which font covers which script is fontconfig's
// answer; nothing is bundled.
//
// A layout is made once and kept from measuring to drawing, but only for the first LAYOUTS_KEPT
// texts: it takes 1.3 KB and more, so a ledger of a thousand pages would otherwise take hundreds of
// megabytes. Later texts are shaped twice, which gives the same lines both times.
//
// Hinting and rounding are off: paper has no pixels, and every glyph stands where its font wants
// it. Rounded glyphs also read badly: a program that extracts Arabic takes the gaps for blanks.
#include "inside.h"

#include <math.h>
#include <unicode/uloc.h>

enum { LAYOUTS_KEPT = 8000 };

// A line's box, in ems: above and below its baseline, and how far letters may reach into the next
// line's.
#define LINE_ABOVE   1.09
#define LINE_BELOW   0.31
#define LINE_OVERLAP 0.15

// Families are asked for in order, so that the product's own scripts look alike; for all others,
// and where these are not installed, fontconfig knows what stands in.
#define SCRIPTS ", Noto Sans Arabic, Noto Sans Bengali, Noto Sans Devanagari"
#define SANS    "Noto Sans" SCRIPTS ", sans-serif"
#define MONO    "Noto Sans Mono" SCRIPTS ", monospace"

typedef struct Fonts {
    PangoFontMap *map;
    cairo_font_options_t *options;
    PangoFontDescription *fonts[LOOK_COUNT];
    PangoAttrList *attributes[LOOK_COUNT][2];  // plain, strict
} Fonts;

typedef struct Look {
    double size;  // points
    const char *family;
    PangoWeight weight;
    Ink ink;
    double spacing;  // between letters, in ems
} Look;

// clang-format off
static const Look looks[LOOK_COUNT] = {
    [PDF_BODY]        = { 9.5,  SANS, PANGO_WEIGHT_NORMAL,   INK_BLACK, 0 },
    [PDF_SMALL]       = { 8.5,  SANS, PANGO_WEIGHT_NORMAL,   INK_BLACK, 0 },
    [PDF_DIM]         = { 8.5,  SANS, PANGO_WEIGHT_NORMAL,   INK_DIM,   0 },
    [PDF_BOLD]        = { 9.5,  SANS, PANGO_WEIGHT_BOLD,     INK_BLACK, 0 },
    [PDF_TITLE]       = { 19,   SANS, PANGO_WEIGHT_SEMIBOLD, INK_BLACK, -0.02 },
    [PDF_HEADING]     = { 11,   SANS, PANGO_WEIGHT_BOLD,     INK_BLACK, 0 },
    [PDF_MONO]        = { 9,    MONO, PANGO_WEIGHT_NORMAL,   INK_BLACK, 0 },
    [PDF_MONO_BOLD]   = { 9,    MONO, PANGO_WEIGHT_BOLD,     INK_BLACK, 0 },
    [PDF_LARGE]       = { 12,   SANS, PANGO_WEIGHT_BOLD,     INK_BLACK, 0 },
    [LOOK_TABLE_HEAD] = { 8.5,  SANS, PANGO_WEIGHT_BOLD,     INK_DIM,   0 },
    [LOOK_UNDER]      = { 8,    SANS, PANGO_WEIGHT_NORMAL,   INK_DIM,   0 },
    [LOOK_RUNNING]    = { 8,    SANS, PANGO_WEIGHT_NORMAL,   INK_DIM,   0 },
    [LOOK_TOTAL]      = { 9.5,  SANS, PANGO_WEIGHT_NORMAL,   INK_SOFT,  0 },
    [LOOK_GRAND]      = { 12,   SANS, PANGO_WEIGHT_BOLD,     INK_BLACK, 0 },
    [LOOK_CODE]       = { 8,    MONO, PANGO_WEIGHT_NORMAL,   INK_BLACK, 0.05 },
};
// clang-format on

typedef struct Line {
    double width, above, below;
} Line;

// ---- The thread's fonts -------------------------------------------------------------------------

static void fonts_free(void *arg)
{
    Fonts *fonts = arg;
    for (int i = 0; i < LOOK_COUNT; i++) {
        pango_font_description_free(fonts->fonts[i]);
        for (int strict = 0; strict < 2; strict++)
            g_clear_pointer(&fonts->attributes[i][strict], pango_attr_list_unref);
    }
    cairo_font_options_destroy(fonts->options);
    g_object_unref(fonts->map);
    g_free(fonts);
}

static GPrivate thread_fonts = G_PRIVATE_INIT(fonts_free);

static PangoFontDescription *font_new(const Look *look)
{
    PangoFontDescription *font = pango_font_description_new();
    pango_font_description_set_family_static(font, look->family);
    pango_font_description_set_weight(font, look->weight);
    pango_font_description_set_size(font, pango_units_from_double(look->size));
    return font;
}

// NULL when there is nothing to say, because attributes cost a fortieth of a page. The strict ones
// are for amounts and for lines that are broken: figures of one width, so that amounts stand below
// one another, and no hyphens of Pango's own: in a document number one more hyphen is another
// number.
static PangoAttrList *attributes_new(const Look *look, bool is_strict)
{
    int spacing = pango_units_from_double(look->size * look->spacing);
    if (spacing == 0 && !is_strict)
        return NULL;
    PangoAttrList *list = pango_attr_list_new();
    if (spacing != 0)
        pango_attr_list_insert(list, pango_attr_letter_spacing_new(spacing));
    if (is_strict) {
        pango_attr_list_insert(list, pango_attr_font_features_new("tnum"));
        pango_attr_list_insert(list, pango_attr_insert_hyphens_new(FALSE));
    }
    return list;
}

static const Fonts *fonts_get(void)
{
    Fonts *fonts = g_private_get(&thread_fonts);
    if (fonts)
        return fonts;
    fonts = g_new0(Fonts, 1);
    fonts->map = pango_cairo_font_map_new_for_font_type(CAIRO_FONT_TYPE_FT);
    fonts->options = cairo_font_options_create();
    cairo_font_options_set_hint_style(fonts->options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(fonts->options, CAIRO_HINT_METRICS_OFF);
    for (int i = 0; i < LOOK_COUNT; i++) {
        fonts->fonts[i] = font_new(&looks[i]);
        fonts->attributes[i][false] = attributes_new(&looks[i], false);
        fonts->attributes[i][true] = attributes_new(&looks[i], true);
    }
    g_private_set(&thread_fonts, fonts);
    return fonts;
}

void pdf_text_begin(Pdf *pdf)
{
    const char *language = str_c(pdf->arena, pdf->language);
    pdf->is_rtl = uloc_isRightToLeft(language);
    pdf->fonts = fonts_get();
    pdf->context = pango_font_map_create_context(pdf->fonts->map);
    pango_cairo_context_set_resolution(pdf->context, 72);  // so that a point is a point
    pango_cairo_context_set_font_options(pdf->context, pdf->fonts->options);
    pango_context_set_round_glyph_positions(pdf->context, FALSE);
    pango_context_set_language(pdf->context, pango_language_from_string(language));
    pango_context_set_base_dir(pdf->context,
                               pdf->is_rtl ? PANGO_DIRECTION_RTL : PANGO_DIRECTION_LTR);
}

// ---- Measuring ----------------------------------------------------------------------------------

// Tells a layout where its lines are broken.
static void layout_break(const Pdf *pdf, const Text *text, PangoLayout *layout)
{
    bool is_broken = text->break_width > 0, is_strict = is_broken || text->align == PDF_END;
    pango_layout_set_attributes(layout, pdf->fonts->attributes[text->look][is_strict]);
    pango_layout_set_width(layout, is_broken ? pango_units_from_double(text->break_width) : -1);
}

static PangoLayout *layout_new(const Pdf *pdf, const Text *text)
{
    PangoLayout *layout = pango_layout_new(pdf->context);
    pango_layout_set_font_description(layout, pdf->fonts->fonts[text->look]);
    pango_layout_set_text(layout, text->string.ptr, (int)text->string.len);
    pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
    layout_break(pdf, text, layout);
    return layout;
}

// The text's layout; `let_go` it afterwards. Allocates nothing in the arena.
static PangoLayout *layout_of(const Pdf *pdf, const Text *text)
{
    return text->layout ? g_object_ref(text->layout) : layout_new(pdf, text);
}

static void let_go(PangoLayout *layout)
{
    g_object_unref(layout);
}

static void keep_layout(Pdf *pdf, Text *text)
{
    if (text->layout || pdf->shaped.len >= LAYOUTS_KEPT)
        return;
    *list_push(pdf->arena, &pdf->shaped) = text;  // first, so that whatever happens it is released
    text->layout = layout_new(pdf, text);
}

// A line's box is as tall as its size asks for, whatever the fonts in it say of themselves (that
// for Arabic would stand twice as far apart): rows of a table with and without a fallback font are
// alike. It grows only for a script whose letters reach farther than that.
static void take_line(const Text *text, PangoLayoutLine *line, Line *ret)
{
    PangoRectangle ink, logical;
    double size = looks[text->look].size;
    pango_layout_line_get_extents(line, NULL, &logical);
    *ret = (Line){ .width = pango_units_to_double(logical.width),
                   .above = LINE_ABOVE * size,
                   .below = LINE_BELOW * size };
    if (pango_units_to_double(logical.height) <= ret->above + ret->below)
        return;
    pango_layout_line_get_extents(line, &ink, NULL);
    double ink_above = pango_units_to_double(-ink.y);
    double ink_below = pango_units_to_double(ink.y + ink.height) - LINE_OVERLAP * size;
    ret->above = fmax(ret->above, ink_above);
    ret->below = fmax(ret->below, ink_below);
}

static void take_size(const Pdf *pdf, Text *text)
{
    PangoLayout *layout = layout_of(pdf, text);
    text->width = text->height = 0;
    text->lines = 0;
    for (GSList *at = pango_layout_get_lines_readonly(layout); at; at = at->next) {
        Line line;
        take_line(text, at->data, &line);
        if (text->lines++ == 0)
            text->baseline = line.above;
        text->width = fmax(text->width, line.width);
        text->height += line.above + line.below;
    }
    let_go(layout);
}

void pdf_text_measure(Pdf *pdf, Text *text)
{
    if (text->string.len == 0)
        return;
    keep_layout(pdf, text);
    take_size(pdf, text);
}

void pdf_text_wrap(Pdf *pdf, Text *text, double width)
{
    if (text->width <= width + 0.01)
        return;
    text->break_width = width;
    if (text->layout)
        layout_break(pdf, text, text->layout);
    take_size(pdf, text);
}

size_t pdf_text_fit(const Pdf *pdf, const Text *text, Range lines, double room, double *ret_height)
{
    *ret_height = 0;
    if (lines.from >= lines.to)
        return 0;
    PangoLayout *layout = layout_of(pdf, text);
    const GSList *line = g_slist_nth(pango_layout_get_lines_readonly(layout), (guint)lines.from);
    size_t fitting = 0;
    for (; line && lines.from + fitting < lines.to; line = line->next, fitting++) {
        Line box;
        take_line(text, line->data, &box);
        if (*ret_height + box.above + box.below > room)
            break;
        *ret_height += box.above + box.below;
    }
    let_go(layout);
    return fitting;
}

// ---- Drawing ------------------------------------------------------------------------------------

void pdf_set_ink(const Pdf *pdf, Ink ink)
{
    static const double colors[][3] = {
        [INK_BLACK] = { 0x11 / 255.0, 0x1a / 255.0, 0x18 / 255.0 },
        [INK_SOFT] = { 0x39 / 255.0, 0x43 / 255.0, 0x3f / 255.0 },
        [INK_DIM] = { 0x56 / 255.0, 0x60 / 255.0, 0x5c / 255.0 },
        [INK_LINE] = { 0xcf / 255.0, 0xd3 / 255.0, 0xd0 / 255.0 },
    };
    cairo_set_source_rgb(pdf->cr, colors[ink][0], colors[ink][1], colors[ink][2]);
}

static double aligned(const Text *text, double x, double width, double line_width)
{
    if (text->align == PDF_END)
        return x + width - line_width;
    if (text->align == PDF_CENTER)
        return x + (width - line_width) / 2;
    return x;
}

// Lines are placed one by one and not by Pango's own alignment, which turns with the direction of
// each paragraph: an Arabic name in an English invoice reads from the right, but stands at the
// left.
void pdf_text_draw(const Pdf *pdf, const Text *text, Place at, Range lines)
{
    if (lines.from >= lines.to)
        return;
    PangoLayout *layout = layout_of(pdf, text);
    const GSList *line = g_slist_nth(pango_layout_get_lines_readonly(layout), (guint)lines.from);
    pdf_set_ink(pdf, looks[text->look].ink);
    for (size_t i = lines.from; line && i < lines.to; line = line->next, i++) {
        Line box;
        take_line(text, line->data, &box);
        double x = pdf_real_x(pdf, aligned(text, at.x, at.width, box.width), box.width);
        cairo_move_to(pdf->cr, x, at.y + box.above);
        pango_cairo_show_layout_line(pdf->cr, line->data);
        at.y += box.above + box.below;
    }
    let_go(layout);
}
