// backup.c - one company as a file: every table its modules declare, every file its rows name, all
// as they stood at one moment.
//
// Tables go in the order in which they refer to each other, so that restoring meets what a row
// refers to before the row. The file gets its name when it is whole.
#include "kernel/tenant/backup.h"

#include "base/buf.h"
#include "base/json.h"
#include "gen/kernel.gen.h"
#include "kernel/audit.h"
#include "kernel/db/copy.h"
#include "kernel/files.h"
#include "kernel/files/store.h"
#include "kernel/secrets.h"
#include "kernel/tenant/backup_file.h"
#include "kernel/tenant/backup_tables.h"
#include "kernel/tenant/cache.h"

#include <sodium.h>
#include <unistd.h>

typedef struct Making {
    BackupWriter *writer;
    BackupReport *report;
    Arena arena;  // of the row being packed
    size_t columns;
    int64_t rows;  // of the table
    crypto_hash_sha256_state digest;
} Making;

static void close_making(void *arg)
{
    arena_release(&((Making *)arg)->arena);
}

// ---- The header ---------------------------------------------------------------------------------

static void put_text(JsonOut *json, const char *key, Str text)
{
    json_key(json, key);
    json_put_str(json, text);
}

static void put_int(JsonOut *json, const char *key, int64_t n)
{
    json_key(json, key);
    json_put_int(json, n);
}

static Str modules_text(Ctx *ctx)
{
    Buf out = { .arena = ctx->arena };
    for (const Module *const *m = modules_all(); *m; m++)
        if (tenant_has_module(ctx->tenant, (*m)->name))
            buf_printf(&out, "%s%s", out.len ? " " : "", (*m)->name);
    return buf_str(&out);
}

static Status write_header(Ctx *ctx, const Making *making)
{
    Buf out = { .arena = ctx->arena };
    JsonOut json = { .out = &out };
    const Tenant *tenant = ctx->tenant;
    json_open(&json, '{');
    put_text(&json, "code", tenant->code);
    put_text(&json, "name", tenant->name);
    put_text(&json, "country", tenant->country);
    put_text(&json, "language", tenant->language);
    put_text(&json, "zone", zone_name(tenant->zone));
    put_text(&json, "currency", str_from(tenant->base.code));
    put_int(&json, "fiscal_month", tenant->fiscal_month);
    put_text(&json, "modules", modules_text(ctx));
    put_text(&json, "made_at", making->report->made_at);
    json_close(&json, '}');
    return backup_part(ctx, making->writer, PART_HEADER, buf_str(&out));
}

// ---- Tables -------------------------------------------------------------------------------------

static Status write_row(Ctx *ctx, const Arg *values, void *arg)
{
    Making *making = arg;
    arena_clear(&making->arena);
    Buf out = { .arena = &making->arena };
    row_pack(&out, values, making->columns);
    making->rows++;
    crypto_hash_sha256_update(&making->digest, (const unsigned char *)out.ptr, out.len);
    return backup_part(ctx, making->writer, PART_ROW, buf_str(&out));
}

static Status write_table_head(Ctx *ctx, const Making *making, const Table *table,
                               const ColumnList *columns)
{
    Buf out = { .arena = ctx->arena };
    JsonOut json = { .out = &out };
    json_open(&json, '{');
    put_text(&json, "table", table->name);
    json_key(&json, "columns");
    json_open(&json, '[');
    EACH (column, *columns)
        json_put_str(&json, column->name);
    json_close(&json, ']');
    json_close(&json, '}');
    return backup_part(ctx, making->writer, PART_TABLE, buf_str(&out));
}

static Status write_table_end(Ctx *ctx, Making *making)
{
    unsigned char digest[crypto_hash_sha256_BYTES];
    Buf out = { .arena = ctx->arena };
    JsonOut json = { .out = &out };
    crypto_hash_sha256_final(&making->digest, digest);
    json_open(&json, '{');
    put_int(&json, "rows", making->rows);
    put_text(&json, "sha256", hex_text(ctx->arena, digest, sizeof digest));
    json_close(&json, '}');
    return backup_part(ctx, making->writer, PART_TABLE_END, buf_str(&out));
}

static Status write_table(Ctx *ctx, Making *making, const Table *table)
{
    ColumnList columns;
    backup_columns(ctx->arena, table, &columns);
    making->columns = columns.len;
    making->rows = 0;
    crypto_hash_sha256_init(&making->digest);
    TRY(write_table_head(ctx, making, table, &columns));
    TRY(table_each(ctx, table, &columns, write_row, making));
    making->report->tables++;
    making->report->rows += making->rows;
    return write_table_end(ctx, making);
}

// ---- Files --------------------------------------------------------------------------------------

typedef struct Stored {
    Str digest;
    int64_t size;
} Stored;
typedef LIST(Stored) StoredList;

static Status list_files(Ctx *ctx, StoredList *ret)
{
    Stored one;
    Rows *rows =
        db_query(ctx, SQL("SELECT DISTINCT digest, size FROM file_row ORDER BY digest, size"));
    while (rows_next(rows, &one.digest, &one.size))
        *list_push(ctx->arena, ret) = one;
    return rows_end(rows);
}

static Status write_file(Ctx *ctx, Making *making, const Stored *file)
{
    Str bytes;
    bool found;
    TRY(store_get(ctx, file->digest, "", file->size, FILE_MAX, &found, &bytes));
    if (!found) {
        making->report->files_lost++;
        return OK;
    }
    Buf head = { .arena = ctx->arena };
    JsonOut json = { .out = &head };
    json_open(&json, '{');
    put_text(&json, "digest", file->digest);
    put_int(&json, "size", file->size);
    json_close(&json, '}');
    TRY(backup_part(ctx, making->writer, PART_FILE, buf_str(&head)));
    for (size_t at = 0; at < bytes.len; at += FILE_PIECE)
        TRY(backup_part(ctx, making->writer, PART_BYTES, str_sub(bytes, at, FILE_PIECE)));
    making->report->files++;
    return OK;
}

static Status write_files(Ctx *ctx, Making *making)
{
    StoredList files = { 0 };
    TRY(list_files(ctx, &files));
    EACH (file, files) {
        ArenaMark mark = arena_mark(ctx->arena);
        TRY(write_file(ctx, making, file));
        arena_rewind(ctx->arena, mark);
    }
    return OK;
}

// ---- The whole ----------------------------------------------------------------------------------

static Status write_end(Ctx *ctx, const Making *making)
{
    Buf out = { .arena = ctx->arena };
    JsonOut json = { .out = &out };
    json_open(&json, '{');
    put_int(&json, "tables", making->report->tables);
    put_int(&json, "rows", making->report->rows);
    put_int(&json, "files", making->report->files);
    json_close(&json, '}');
    return backup_part(ctx, making->writer, PART_END, buf_str(&out));
}

static Status write_all(Ctx *ctx, void *arg)
{
    Making *making = arg;
    TableList tables;
    TRY(backup_tables(ctx, &tables));
    TRY(write_header(ctx, making));
    EACH (table, tables) {
        ArenaMark mark = arena_mark(ctx->arena);
        TRY(write_table(ctx, making, table));
        arena_rewind(ctx->arena, mark);
    }
    TRY(write_files(ctx, making));
    TRY(write_end(ctx, making));
    return backup_writer_end(ctx, making->writer);
}

Status backup_make(Ctx *ctx, Str path, BackupReport *ret)
{
    uint8_t key[32];
    Making *making = NEW(ctx->arena, Making);
    const char *whole = str_c(ctx->arena, path);
    const char *part = str_join(ctx->arena, path, S(".part")).ptr;
    *ret = (BackupReport){ .code = ctx->tenant->code,
                           .name = ctx->tenant->name,
                           .made_at = time_text(ctx->arena, ctx->now) };
    if (access(whole, F_OK) == 0)
        return FAIL(ctx, E_CONFLICT, "backup.exists", STR_FMT " is there already", STR_ARG(path));
    unlink(part);  // left behind by one that broke off
    making->report = ret;
    arena_defer(ctx->arena, close_making, making);
    secret_house_key("backup", key);
    TRY(audit_anchor(ctx));
    TRY(backup_writer(ctx, part, key, &making->writer));
    Status status = tenant_read(ctx, write_all, making);
    if (status != OK) {
        unlink(part);
        return status;
    }
    if (rename(part, whole) != 0)
        return FAIL(ctx, E_INTERNAL, "backup.write", "the backup cannot be given its name");
    return OK;
}
