// rows_xlsx.c - the first sheet of an XLSX workbook as rows: libzip unpacks it and expat reads it,
// a piece at a time (ECMA-376 part 1, chapters 12 and 18).
//
// Expat's callbacks may not leave by the arena's way out, so what they collect lies in memory of
// its own, with limits: the workbook's shared texts for as long as it is open, and the rows of the
// piece just parsed until they are handed on. Document types (and with them entities) are refused.
#include "kernel/transfer/rows.h"
#include "kernel/transfer/xlsx_number.h"

#include <expat.h>
#include <stdlib.h>
#include <zip.h>

enum {
    SHARED_BYTES_MAX = 128 << 20,  // all shared texts
    QUEUE_BYTES_MAX = 96 << 20,    // the rows of one piece
    PART_BYTES_MAX = 16 << 20,     // workbook, relations, styles
    STYLES_MAX = 65536,
    XML_PIECE = 16 * 1024,
    NUMBER_MAX = 60,  // characters of a number as a cell holds it
};

// Texts one behind the other, in memory that grows without the arena.
typedef struct Heap {
    char *bytes;
    size_t len, cap, max;
    bool is_full;
} Heap;

typedef struct Spot {  // a text in a heap
    size_t at, len;
} Spot;
typedef struct SpotList {
    Spot *items;
    size_t len, cap;
} SpotList;

typedef struct QueuedRow {
    int64_t number;
    size_t first, count;  // of its cells
    bool has_error;       // a cell that holds #N/A and the like
} QueuedRow;

typedef enum CellKind { CELL_PLAIN, CELL_SHARED, CELL_TEXT, CELL_BOOL, CELL_ERROR } CellKind;

typedef struct Xlsx {
    zip_t *zip;
    zip_file_t *part;
    XML_Parser parser;
    char sheet[256], relation[64];
    bool from_1904, is_over, is_broken;

    Heap shared_bytes, bytes;
    SpotList shared, cells;
    Spot text;  // being read
    bool takes_text, in_shared;

    bool day_styles[STYLES_MAX];
    int style_count;
    Heap format_bytes;
    SpotList formats;  // by their number, 164 and up
    bool in_styles;

    QueuedRow *rows;
    size_t row_count, row_cap, row_at;
    bool is_row_open;  // rows[row_count] is being read; its texts begin at row_bytes_at
    size_t row_bytes_at;
    int64_t last_number;
    StrList out;  // the row handed out
    CellKind kind;
    int style;
    size_t column;
} Xlsx;

// ---- Memory -------------------------------------------------------------------------------------

static bool grow(void **items, size_t *cap, size_t len, size_t size)
{
    if (len < *cap)
        return true;
    size_t room = *cap ? *cap * 2 : 64;
    void *more = realloc(*items, room * size);
    if (!more)
        return false;
    *items = more;
    *cap = room;
    return true;
}

static void heap_put(Heap *heap, const char *bytes, size_t len)
{
    if (heap->len + len > heap->max)
        heap->is_full = true;
    if (heap->is_full)
        return;
    if (heap->len + len > heap->cap) {
        size_t cap = heap->cap ? heap->cap * 2 : 4096;
        cap = cap < heap->len + len ? heap->len + len : cap;
        char *more = realloc(heap->bytes, cap);
        heap->is_full = !more;
        if (!more)
            return;
        heap->bytes = more;
        heap->cap = cap;
    }
    memcpy(heap->bytes + heap->len, bytes, len);
    heap->len += len;
}

static void stop(Xlsx *x)
{
    x->is_broken = true;
    XML_StopParser(x->parser, XML_FALSE);
}

static void spot_put(Xlsx *x, SpotList *list, Spot spot)
{
    if (!grow((void **)&list->items, &list->cap, list->len, sizeof *list->items)) {
        stop(x);
        return;
    }
    list->items[list->len++] = spot;
}

static Str spot_text(const Heap *heap, Spot spot)
{
    return (Str){ heap->bytes + spot.at, spot.len };
}

// ---- Parsing one part of the archive ------------------------------------------------------------

static const char *attribute(const char **list, const char *name)
{
    for (; *list; list += 2) {
        const char *colon = strrchr(*list, ':');
        if (strcmp(*list, name) == 0 || (colon && strcmp(colon + 1, name) == 0))
            return list[1];
    }
    return NULL;
}

static const char *local_name(const char *name)
{
    const char *colon = strrchr(name, ':');
    return colon ? colon + 1 : name;
}

static void XMLCALL refuse_doctype(void *arg, const char *name, const char *system,
                                   const char *public, int has_subset)
{
    (void)name;
    (void)system;
    (void)public;
    (void)has_subset;
    stop(arg);
}

static bool part_open(Xlsx *x, const char *name, XML_StartElementHandler start,
                      XML_EndElementHandler end, XML_CharacterDataHandler text)
{
    x->part = zip_fopen(x->zip, name, 0);
    x->parser = x->part ? XML_ParserCreate(NULL) : NULL;
    if (!x->parser)
        return false;
    XML_SetUserData(x->parser, x);
    XML_SetElementHandler(x->parser, start, end);
    XML_SetCharacterDataHandler(x->parser, text);
    XML_SetStartDoctypeDeclHandler(x->parser, refuse_doctype);
    x->takes_text = false;
    return true;
}

static void part_close(Xlsx *x)
{
    if (x->parser)
        XML_ParserFree(x->parser);
    if (x->part)
        zip_fclose(x->part);
    x->parser = NULL;
    x->part = NULL;
}

// Parses the next piece; false at the end or when it is broken.
static bool part_step(Xlsx *x)
{
    void *room = XML_GetBuffer(x->parser, XML_PIECE);
    zip_int64_t n = room ? zip_fread(x->part, room, XML_PIECE) : -1;
    if (n < 0 || XML_ParseBuffer(x->parser, (int)n, n == 0) != XML_STATUS_OK)
        x->is_broken = true;
    return n > 0 && !x->is_broken;
}

static bool part_parse(Xlsx *x, const char *name, XML_StartElementHandler start,
                       XML_EndElementHandler end, XML_CharacterDataHandler text)
{
    bool is_there = part_open(x, name, start, end, text);
    while (is_there && part_step(x))
        ;
    part_close(x);
    return is_there && !x->is_broken;
}

// ---- Which sheet, which texts, which styles -----------------------------------------------------

static void XMLCALL workbook_start(void *arg, const char *name, const char **attributes)
{
    Xlsx *x = arg;
    const char *value;
    if (strcmp(local_name(name), "sheet") == 0 && !x->relation[0]) {
        value = attribute(attributes, "id");
        snprintf(x->relation, sizeof x->relation, "%s", value ? value : "");
    } else if (strcmp(local_name(name), "workbookPr") == 0) {
        value = attribute(attributes, "date1904");
        x->from_1904 = value && (strcmp(value, "1") == 0 || strcmp(value, "true") == 0);
    }
}

static void XMLCALL relations_start(void *arg, const char *name, const char **attributes)
{
    Xlsx *x = arg;
    const char *id = attribute(attributes, "Id"), *target = attribute(attributes, "Target");
    if (strcmp(local_name(name), "Relationship") != 0 || !id || !target ||
        strcmp(id, x->relation) != 0)
        return;
    bool is_absolute = target[0] == '/';
    snprintf(x->sheet, sizeof x->sheet, "%s%s", is_absolute ? "" : "xl/",
             is_absolute ? target + 1 : target);
}

static void XMLCALL take_text(void *arg, const char *text, int len)
{
    Xlsx *x = arg;
    if (!x->takes_text)
        return;
    Heap *heap = x->in_shared ? &x->shared_bytes : &x->bytes;
    heap_put(heap, text, (size_t)len);
    if (heap->is_full)
        stop(x);
    x->text.len += (size_t)len;
}

static void XMLCALL shared_start(void *arg, const char *name, const char **attributes)
{
    Xlsx *x = arg;
    (void)attributes;
    if (strcmp(local_name(name), "si") == 0)
        x->text = (Spot){ x->shared_bytes.len, 0 };
    x->takes_text = strcmp(local_name(name), "t") == 0;
    if (strcmp(local_name(name), "rPh") == 0)  // how to pronounce it: not its text
        x->in_shared = false;
}

static void XMLCALL shared_end(void *arg, const char *name)
{
    Xlsx *x = arg;
    x->takes_text = false;
    if (strcmp(local_name(name), "rPh") == 0)
        x->in_shared = true;
    if (strcmp(local_name(name), "si") == 0)
        spot_put(x, &x->shared, (Spot){ x->text.at, x->shared_bytes.len - x->text.at });
}

static int number_of(const char *text)
{
    int64_t n;
    return text && str_int(str_from(text), &n) && n >= 0 && n <= INT32_MAX ? (int)n : 0;
}

static Str own_format(const Xlsx *x, int number)
{
    for (size_t i = 0; i + 1 < x->formats.len; i += 2)
        if ((int)x->formats.items[i].len == number)
            return spot_text(&x->format_bytes, x->formats.items[i + 1]);
    return S("");
}

// Own formats are kept as pairs: (0, its number), (where, how long).
static void XMLCALL styles_start(void *arg, const char *name, const char **attributes)
{
    Xlsx *x = arg;
    int number = number_of(attribute(attributes, "numFmtId"));
    if (strcmp(local_name(name), "numFmt") == 0) {
        const char *code = attribute(attributes, "formatCode");
        Spot spot = { x->format_bytes.len, code ? strlen(code) : 0 };
        heap_put(&x->format_bytes, code ? code : "", spot.len);
        if (x->format_bytes.is_full) {
            stop(x);
            return;
        }
        spot_put(x, &x->formats, (Spot){ 0, (size_t)number });
        spot_put(x, &x->formats, spot);
    } else if (strcmp(local_name(name), "cellXfs") == 0) {
        x->in_styles = true;
    } else if (strcmp(local_name(name), "xf") == 0 && x->in_styles && x->style_count < STYLES_MAX) {
        x->day_styles[x->style_count++] = xlsx_shows_day(number, own_format(x, number));
    }
}

static void XMLCALL styles_end(void *arg, const char *name)
{
    if (strcmp(local_name(name), "cellXfs") == 0)
        ((Xlsx *)arg)->in_styles = false;
}

// ---- The sheet ----------------------------------------------------------------------------------

// "AB12": column 27, from 0. A cell without an address stands behind the one before.
static size_t column_of(const char *address, size_t behind)
{
    size_t column = 0;
    if (!address)
        return behind;
    for (; *address >= 'A' && *address <= 'Z' && column < ROW_CELLS_MAX * 26; address++)
        column = column * 26 + (size_t)(*address - 'A') + 1;
    return column ? column - 1 : behind;
}

static CellKind kind_of(const char *type)
{
    static const struct {
        const char *type;
        CellKind kind;
    } kinds[] = { { "s", CELL_SHARED }, { "str", CELL_TEXT }, { "inlineStr", CELL_TEXT },
                  { "b", CELL_BOOL },   { "e", CELL_ERROR },  { "d", CELL_TEXT } };
    for (size_t i = 0; type && i < COUNT(kinds); i++)
        if (strcmp(type, kinds[i].type) == 0)
            return kinds[i].kind;
    return CELL_PLAIN;
}

static void begin_row(Xlsx *x, const char **attributes)
{
    if (!grow((void **)&x->rows, &x->row_cap, x->row_count, sizeof *x->rows)) {
        stop(x);
        return;
    }
    const char *number = attribute(attributes, "r");
    x->last_number = number ? number_of(number) : x->last_number + 1;
    x->rows[x->row_count] = (QueuedRow){ .number = x->last_number, .first = x->cells.len };
    x->is_row_open = true;
    x->row_bytes_at = x->bytes.len;
    x->column = 0;
}

static void XMLCALL sheet_start(void *arg, const char *name, const char **attributes)
{
    Xlsx *x = arg;
    name = local_name(name);
    if (strcmp(name, "row") == 0) {
        begin_row(x, attributes);
    } else if (strcmp(name, "c") == 0) {
        x->kind = kind_of(attribute(attributes, "t"));
        x->style = number_of(attribute(attributes, "s"));
        x->column = column_of(attribute(attributes, "r"), x->column);
        x->text = (Spot){ x->bytes.len, 0 };
    } else if (strcmp(name, "v") == 0 || strcmp(name, "t") == 0) {
        x->takes_text = true;
    }
}

// What the cell shows, put where its text stood.
static void convert(Xlsx *x)
{
    Str text = spot_text(&x->bytes, x->text);
    int64_t n;
    if (x->text.len == 0)
        return;
    if (x->kind == CELL_SHARED) {
        bool is_known = str_int(text, &n) && n >= 0 && (size_t)n < x->shared.len;
        Spot at = is_known ? x->shared.items[n] : (Spot){ 0 };
        x->bytes.len = x->text.at;
        heap_put(&x->bytes, x->shared_bytes.bytes + at.at, at.len);
        x->text.len = at.len;
    } else if (x->kind == CELL_PLAIN && x->text.len < NUMBER_MAX) {
        char plain[PLAIN_MAX];
        bool is_day = x->style < x->style_count && x->day_styles[x->style];
        size_t len = is_day ? xlsx_day(text, x->from_1904, plain) : xlsx_number(text, plain);
        x->bytes.len = x->text.at;
        heap_put(&x->bytes, plain, len);
        x->text.len = len;
    }
}

static void end_cell(Xlsx *x)
{
    QueuedRow *row = &x->rows[x->row_count];
    convert(x);
    if (x->bytes.is_full || x->column >= ROW_CELLS_MAX) {
        stop(x);
        return;
    }
    row->has_error = row->has_error || x->kind == CELL_ERROR;
    while (x->cells.len - row->first < x->column && !x->is_broken)
        spot_put(x, &x->cells, (Spot){ 0 });
    spot_put(x, &x->cells, x->text);
    x->column++;
}

static void XMLCALL sheet_end(void *arg, const char *name)
{
    Xlsx *x = arg;
    name = local_name(name);
    x->takes_text = false;
    if (x->is_broken || !x->is_row_open)
        return;
    if (strcmp(name, "c") == 0) {
        end_cell(x);
    } else if (strcmp(name, "row") == 0) {
        x->rows[x->row_count].count = x->cells.len - x->rows[x->row_count].first;
        x->row_count++;
        x->is_row_open = false;
    }
}

// ---- As a kind of rows --------------------------------------------------------------------------

static Status damaged(Ctx *ctx)
{
    return FAIL(ctx, E_INVALID, "import.format",
                "the workbook is damaged, too large, or protected with a password");
}

static Status open_xlsx(Ctx *ctx, RowReader *reader)
{
    Xlsx *x = NEW(&reader->arena, Xlsx);
    reader->state = x;
    x->bytes.max = QUEUE_BYTES_MAX;
    x->shared_bytes.max = SHARED_BYTES_MAX;
    x->format_bytes.max = PART_BYTES_MAX;
    x->zip = zip_open(reader->path, ZIP_RDONLY, NULL);
    if (!x->zip)
        return damaged(ctx);
    if (!part_parse(x, "xl/workbook.xml", workbook_start, NULL, NULL) ||
        !part_parse(x, "xl/_rels/workbook.xml.rels", relations_start, NULL, NULL) || !x->sheet[0])
        return damaged(ctx);
    if (zip_name_locate(x->zip, "xl/styles.xml", 0) >= 0)
        part_parse(x, "xl/styles.xml", styles_start, styles_end, NULL);
    x->in_shared = true;
    if (zip_name_locate(x->zip, "xl/sharedStrings.xml", 0) >= 0)
        part_parse(x, "xl/sharedStrings.xml", shared_start, shared_end, take_text);
    x->in_shared = false;
    if (x->is_broken || !part_open(x, x->sheet, sheet_start, sheet_end, take_text))
        return damaged(ctx);
    return OK;
}

static void close_xlsx(RowReader *reader)
{
    Xlsx *x = reader->state;
    if (!x)
        return;
    part_close(x);
    if (x->zip)
        zip_discard(x->zip);
    free(x->shared_bytes.bytes);
    free(x->bytes.bytes);
    free(x->format_bytes.bytes);
    free(x->shared.items);
    free(x->cells.items);
    free(x->formats.items);
    free(x->rows);
}

// Room for the next piece: what was handed out goes, a row that the piece cut in two moves to the
// front.
static void forget_read(Xlsx *x)
{
    size_t from = x->is_row_open ? x->row_bytes_at : x->bytes.len;
    size_t first = x->is_row_open ? x->rows[x->row_count].first : x->cells.len;
    if (x->bytes.len > from)
        memmove(x->bytes.bytes, x->bytes.bytes + from, x->bytes.len - from);
    x->bytes.len -= from;
    for (size_t i = first; i < x->cells.len; i++) {
        Spot spot = x->cells.items[i];
        x->cells.items[i - first] = (Spot){ spot.len ? spot.at - from : 0, spot.len };
    }
    x->cells.len -= first;
    if (x->is_row_open) {
        x->rows[0] = x->rows[x->row_count];
        x->rows[0].first = 0;
        x->text.at -= x->text.at >= from ? from : x->text.at;
    }
    x->row_bytes_at = 0;
    x->row_count = x->row_at = 0;
}

static void hand_out(RowReader *reader, Xlsx *x, Row *ret)
{
    const QueuedRow *row = &x->rows[x->row_at++];
    x->out.len = 0;
    for (size_t i = 0; i < row->count; i++)
        *list_push(&reader->arena, &x->out) = spot_text(&x->bytes, x->cells.items[row->first + i]);
    *ret = (Row){ .line = row->number,
                  .cells = x->out,
                  .bad = row->has_error ? "a cell holds an error like #N/A" : NULL };
}

static bool is_blank(const Row *row)
{
    EACH (cell, row->cells)
        if (str_trim(*cell).len)
            return false;
    return true;
}

static Status next_xlsx(Ctx *ctx, RowReader *reader, Row *ret, bool *ret_found)
{
    Xlsx *x = reader->state;
    for (;;) {
        if (x->row_at < x->row_count) {
            hand_out(reader, x, ret);
            *ret_found = true;
            if (!is_blank(ret))
                return OK;
            continue;
        }
        *ret_found = false;
        if (x->is_over)
            return OK;
        forget_read(x);
        x->is_over = !part_step(x);
        if (x->is_broken)
            return damaged(ctx);
    }
}

const RowKind rows_xlsx = { open_xlsx, next_xlsx, close_xlsx };
