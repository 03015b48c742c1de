// preview.c - the first rows of a file and the mapping we would guess, for the import's first page.
#include "kernel/transfer.h"
#include "kernel/transfer/mapping.h"
#include "kernel/transfer/rows.h"

enum { PREVIEW_ROWS = 10 };

static Status keep_rows(Ctx *ctx, RowReader *reader, ImportPreview *ret)
{
    for (;;) {
        Row row;
        bool found;
        TRY(rows_read(ctx, reader, &row, &found));
        if (!found)
            return OK;
        if (ret->row_count++ >= PREVIEW_ROWS || row.record)
            continue;
        Str *cells = NEW_ARRAY(ctx->arena, Str, reader->headings.len + 1);
        for (size_t i = 0; i < reader->headings.len && i < row.cells.len; i++)
            cells[i] = str_copy(ctx->arena, row.cells.items[i]);
        *list_push(ctx->arena, &ret->rows) = cells;
    }
}

Status import_preview(Ctx *ctx, const EntityDef *e, const char *path, ImportPreview *ret)
{
    RowReader *reader;
    Mapping mapping;
    *ret = (ImportPreview){ 0 };
    TRY(rows_open(ctx, path, &reader));
    if (reader->headings.len) {
        TRY(mapping_make(ctx, e, &reader->headings, S(""), &mapping));
        for (size_t i = 0; i < reader->headings.len; i++) {
            *list_push(ctx->arena, &ret->headings) = reader->headings.items[i];
            *list_push(ctx->arena, &ret->guessed) = mapping_path(ctx->arena, &mapping.targets[i]);
        }
    }
    return keep_rows(ctx, reader, ret);
}
