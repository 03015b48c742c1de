// export.c - any list as a file, row by row: what the list shows, everything that matches.
//
// A cell is written as data - plain decimals, ISO days, the words of enums, the titles of
// references - so that an export can be changed and imported again. In CSV and XLSX no text can
// become a formula: csv_put() guards the one, and the other writes texts as texts.
#include "kernel/transfer/export.h"

#include "base/csv.h"
#include "base/json.h"
#include "kernel/i18n.h"

// ---- Cells --------------------------------------------------------------------------------------

static Str built_in_text(Arena *arena, const Cell *cell)
{
    switch ((PathKind)cell->path->kind) {
    case PATH_CREATED:
    case PATH_UPDATED:
    case PATH_AT: return time_text(arena, cell->number);
    case PATH_FROM:
    case PATH_UNTIL: return date_text(arena, (Date)cell->number);
    case PATH_ARCHIVED: return cell->number ? S("yes") : S("no");
    case PATH_VERSION:
    case PATH_POSITION: return str_format(arena, "%lld", (long long)cell->number);
    case PATH_ASSIGNED:
    case PATH_CUSTOM:
    case PATH_PATH: return cell->text;
    default: return cell->text.len ? cell->text : id_text(arena, cell->number);
    }
}

Str export_text(Arena *arena, const Cell *cell)
{
    const FieldDef *f = cell->path->field;
    if (!cell->known)
        return S("");
    if (cell->masked)
        return cell->text;
    if (!f)
        return built_in_text(arena, cell);
    switch ((FieldType)f->type) {
    case FIELD_BOOL: return cell->number ? S("yes") : S("no");
    case FIELD_INT: return str_format(arena, "%lld", (long long)cell->number);
    case FIELD_MONEY: return decimal_text(arena, cell->number, currency_digits(cell->currency));
    case FIELD_PRICE:
    case FIELD_QTY:
    case FIELD_RATE: return decimal_short(arena, cell->number, 6);
    case FIELD_FX: return decimal_short(arena, cell->number, 9);
    case FIELD_DATE: return date_text(arena, (Date)cell->number);
    case FIELD_TIME: return time_text(arena, cell->number);
    case FIELD_CLOCK: return clock_text(arena, (Clock)cell->number);
    case FIELD_SECRET: return S("");
    case FIELD_REF:
    case FIELD_CHOICE:
    case FIELD_FILE:
    case FIELD_LINK: return cell->text.len ? cell->text : id_text(arena, cell->number);
    default: return cell->text;
    }
}

bool export_is_number(const Cell *cell)
{
    const FieldDef *f = cell->path->field;
    return cell->known && !cell->masked && f &&
           (f->type == FIELD_INT || f->type == FIELD_MONEY || f->type == FIELD_PRICE ||
            f->type == FIELD_QTY || f->type == FIELD_RATE);
}

// ---- CSV and JSON -------------------------------------------------------------------------------

typedef struct Stream {
    const EntityQuery *query;
    void (*write)(Str piece, void *arg);
    void *arg;
    int64_t rows;
} Stream;

static void send(const Stream *stream, const Buf *out)
{
    stream->write(buf_str(out), stream->arg);
}

static Status csv_row(Ctx *ctx, const EntityRow *row, void *arg)
{
    Buf out = { .arena = ctx->arena };
    const Stream *stream = arg;
    for (size_t i = 0; i < stream->query->columns.len; i++)
        csv_put(&out, export_text(ctx->arena, &row->cells[i]), i == 0);
    csv_end_row(&out);
    send(stream, &out);
    return OK;
}

static Status export_csv(Ctx *ctx, Stream *stream)
{
    Buf out = { .arena = ctx->arena };
    for (size_t i = 0; i < stream->query->columns.len; i++)
        csv_put(&out, path_text(ctx->arena, &stream->query->columns.items[i]), i == 0);
    csv_end_row(&out);
    send(stream, &out);
    return entity_each(ctx, stream->query, csv_row, stream);
}

static Status json_row(Ctx *ctx, const EntityRow *row, void *arg)
{
    Stream *stream = arg;
    Buf out = { .arena = ctx->arena };
    JsonOut json = { .out = &out };
    buf_c(&out, stream->rows++ ? ",\n" : "\n");
    json_open(&json, '{');
    for (size_t i = 0; i < stream->query->columns.len; i++) {
        json_key_str(&json, path_text(ctx->arena, &stream->query->columns.items[i]));
        if (row->cells[i].known)
            json_put_str(&json, export_text(ctx->arena, &row->cells[i]));
        else
            json_put_null(&json);
    }
    json_close(&json, '}');
    send(stream, &out);
    return OK;
}

static Status export_json(Ctx *ctx, Stream *stream)
{
    stream->write(S("["), stream->arg);
    TRY(entity_each(ctx, stream->query, json_row, stream));
    stream->write(S("\n]\n"), stream->arg);
    return OK;
}

Status export_query(Ctx *ctx, const EntityQuery *query, ExportFormat format,
                    void (*write)(Str piece, void *arg), void *arg)
{
    Stream stream = { query, write, arg, 0 };
    switch (format) {
    case EXPORT_XLSX: return export_xlsx(ctx, query, write, arg);
    case EXPORT_JSON: return export_json(ctx, &stream);
    default: return export_csv(ctx, &stream);
    }
}
