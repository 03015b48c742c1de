// rows_json.c - a JSON file as rows: one array of objects, or objects behind one another (one a
// line).
//
// Only as much of the file is kept as the object being looked for: its end is found by counting
// brackets outside of texts, then json_parse() reads it as strictly as any request.
#include "kernel/transfer/rows.h"

#include <errno.h>
#include <stdio.h>

enum { OBJECT_BYTES_MAX = 4 << 20 };

typedef struct JsonRows {
    Buf text;    // of the object being read
    Arena tree;  // of the object last read
    char piece[ROW_PIECE];
    size_t at, len;
    int64_t items;
    bool is_over;
} JsonRows;

static Status open_json(Ctx *ctx, RowReader *reader)
{
    (void)ctx;
    JsonRows *rows = NEW(&reader->arena, JsonRows);
    rows->text = (Buf){ .arena = &reader->arena, .max = OBJECT_BYTES_MAX };
    reader->state = rows;
    return OK;
}

static void close_json(RowReader *reader)
{
    JsonRows *rows = reader->state;
    if (rows)
        arena_release(&rows->tree);
}

// The next byte, -1 at the end.
static int next_byte(RowReader *reader, JsonRows *rows)
{
    if (rows->at == rows->len) {
        rows->len = fread(rows->piece, 1, sizeof rows->piece, reader->file);
        rows->at = 0;
    }
    return rows->at < rows->len ? (unsigned char)rows->piece[rows->at++] : -1;
}

// Up to the object's last bracket; what stands between objects is passed over.
static bool take_object(RowReader *reader, JsonRows *rows)
{
    int depth = 0;
    bool in_text = false, is_escaped = false;
    buf_clear(&rows->text);
    for (int c = next_byte(reader, rows); c >= 0; c = next_byte(reader, rows)) {
        if (depth == 0 && c != '{')
            continue;
        buf_char(&rows->text, (char)c);
        if (is_escaped)
            is_escaped = false;
        else if (in_text && c == '\\')
            is_escaped = true;
        else if (c == '"')
            in_text = !in_text;
        else if (!in_text && (c == '{' || c == '['))
            depth++;
        else if (!in_text && (c == '}' || c == ']') && --depth == 0)
            return true;
    }
    return rows->text.len > 0;
}

// The tree lives in an arena of its own, from one row to the next.
static Status parse_object(Ctx *ctx, JsonRows *rows, Row *ret)
{
    Arena *outer = ctx->arena;
    arena_clear(&rows->tree);
    rows->tree.on_limit = outer->on_limit;
    rows->tree.on_limit_arg = outer->on_limit_arg;
    ctx->arena = &rows->tree;
    Status status = json_parse(ctx, buf_str(&rows->text), &ret->record);
    ctx->arena = outer;
    if (status != OK) {
        ctx_recover(ctx);
        ret->bad = "this is not JSON";
        ret->record = NULL;
    }
    return OK;
}

static Status next_json(Ctx *ctx, RowReader *reader, Row *ret, bool *ret_found)
{
    JsonRows *rows = reader->state;
    *ret = (Row){ 0 };
    *ret_found = take_object(reader, rows);
    if (ferror(reader->file))
        return FAIL(ctx, E_INTERNAL, "import.read", "the file cannot be read: %s", strerror(errno));
    if (!*ret_found)
        return OK;
    ret->line = ++rows->items;
    if (rows->text.is_full) {
        ret->bad = "a record may have 4 MB";
        return OK;
    }
    return parse_object(ctx, rows, ret);
}

const RowKind rows_json = { open_json, next_json, close_json };
