// list_export.c - a list as a file: CSV, XLSX or PDF of what the page would show, all of its rows.
#include "kernel/auth/actor.h"
#include "kernel/entity/info.h"
#include "kernel/report.h"
#include "web/list.h"
#include "web/value.h"

static ReportColumnType type_of(const FieldPath *path)
{
    const FieldDef *f = path->field;
    if (!f)
        return REPORT_TEXT;
    switch ((FieldType)f->type) {
    case FIELD_INT: return REPORT_INT;
    case FIELD_QTY: return REPORT_QTY;
    case FIELD_DATE: return REPORT_DATE;
    case FIELD_RATE: return REPORT_PERCENT;
    default: return REPORT_TEXT;
    }
}

// Amounts of several currencies stand side by side, so each is a text with its own decimals.
static Str words_of(Ctx *ctx, const Cell *cell)
{
    const FieldDef *f = cell->path->field;
    if (f && f->type == FIELD_MONEY)
        return money_text(ctx->arena, (Money){ cell->number }, cell->currency);
    if (f && f->type == FIELD_PRICE)
        return decimal_short(ctx->arena, cell->number, 6);
    Shown shown = value_of_cell(ctx, cell);
    if (shown.kind == SHOWN_EMPTY)
        return S("");
    return shown.machine.len ? shown.machine : shown.text;
}

static const Report *report_of(Ctx *ctx, const EntityQuery *query)
{
    const EntityDef *e = query->entity;
    Report *report = NEW(ctx->arena, Report);
    ReportColumn *columns = NEW_ARRAY(ctx->arena, ReportColumn, query->columns.len + 1);
    for (size_t i = 0; i < query->columns.len; i++) {
        const FieldPath *path = &query->columns.items[i];
        columns[i] = (ReportColumn){ .name = str_c(ctx->arena, path_text(ctx->arena, path)),
                                     .label = path_label(path),
                                     .type = type_of(path) };
    }
    *report = (Report){ .name = e->name,
                        .title = e->plural,
                        .permission = e->info->read_permission,
                        .columns = columns };
    return report;
}

typedef struct Export {
    ReportRows rows;
} Export;

static Status add_row(Ctx *ctx, const EntityRow *row, void *arg)
{
    Export *export = arg;
    ReportRows *rows = &export->rows;
    if (rows->rows.len == REPORT_ROWS_MAX) {
        rows->is_cut = true;
        return OK;
    }
    ReportCell *cells = report_add_row(ctx, rows);
    for (int i = 0; i < rows->column_count; i++) {
        const Cell *cell = &row->cells[i];
        bool is_text = rows->report->columns[i].type == REPORT_TEXT;
        cells[i] = (ReportCell){ .known = cell->known, .number = cell->number };
        cells[i].text = is_text && cell->known ? words_of(ctx, cell) : S("");
    }
    return OK;
}

// A page after the other: entity_each() gives its memory back, and these rows must stay.
static Status read_all(Ctx *ctx, const EntityQuery *query, Export *export)
{
    EntityQuery page = *query;
    page.limit = QUERY_LIMIT_MAX;
    page.want_count = false;
    page.after = page.before = S("");
    do {
        EntityRows rows;
        TRY(entity_query(ctx, &page, &rows));
        EACH (row, rows.rows)
            TRY(add_row(ctx, row, export));
        page.after = rows.next;
    } while (page.after.len && !export->rows.is_cut);
    return OK;
}

Status rows_as_file(Ctx *ctx, const ReportRows *rows, const char *name, Str format)
{
    static const struct {
        const char *format, *type;
    } types[] = { { "csv", "text/csv; charset=utf-8" },
                  { "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" },
                  { "pdf", "application/pdf" } };
    Buf csv = { .arena = ctx->arena };
    Str bytes;
    size_t i = 0;
    while (i < COUNT(types) && !str_is(format, types[i].format))
        i++;
    if (i == COUNT(types))
        return FAIL(ctx, E_INVALID, "query.format", "format is csv, xlsx or pdf");
    if (i == 0)
        TRY(report_csv(ctx, rows, &csv));
    else
        TRY(i == 1 ? report_xlsx(ctx, rows, &bytes) : report_pdf(ctx, rows, &bytes));
    respond_header(ctx, "content-disposition",
                   str_format(ctx->arena, "attachment; filename=\"%s.%s\"", name, types[i].format));
    return respond(ctx, 200, str_from(types[i].type), i == 0 ? buf_str(&csv) : bytes);
}

Status list_export(Ctx *ctx, const EntityQuery *query, Str format)
{
    Export export = { .rows = { .report = report_of(ctx, query),
                                .column_count = (int)query->columns.len } };
    TRY(actor_require(ctx, "platform.export"));
    TRY(read_all(ctx, query, &export));
    return rows_as_file(ctx, &export.rows, query->entity->path, format);
}
