// backup_walk.c - reads a backup part by part and believes nothing: order, counts, checksums of
// tables and files, and at the end the seal over everything.
#include "kernel/tenant/backup_walk.h"

#include "kernel/files.h"
#include "kernel/secrets.h"

#include <sodium.h>

typedef struct Walk {
    const BackupSteps *steps;
    void *arg;
    BackupReport *report;
    Arena arena;  // of the table or file being read
    bool has_header, has_end, in_table, in_file;
    Str columns[BACKUP_COLUMNS_MAX];
    Arg values[BACKUP_COLUMNS_MAX];
    size_t column_count;
    int64_t rows;  // of the table
    crypto_hash_sha256_state digest;
    Str file_digest;
    int64_t file_size;
    Buf file;
} Walk;

static Status damaged(Ctx *ctx)
{
    return FAIL(ctx, E_INVALID, "backup.damaged", "the backup is cut off or was changed");
}

static void close_walk(void *arg)
{
    arena_release(&((Walk *)arg)->arena);
}

// JSON that we wrote ourselves, in the walk's arena.
static Status read_json(Ctx *ctx, Walk *walk, Str payload, const Json **ret)
{
    if (json_parse(ctx, str_copy(&walk->arena, payload), ret) == OK)
        return OK;
    ctx_recover(ctx);
    return damaged(ctx);
}

static bool is_count(const Json *json, const char *key, int64_t wanted)
{
    int64_t n;
    const Json *value = json_get(json, key);
    return value && json_int(value, &n) && n == wanted;
}

static Status on_header(Ctx *ctx, Walk *walk, Str payload)
{
    const Json *json;
    TRY(read_json(ctx, walk, payload, &json));
    if (walk->has_header)
        return damaged(ctx);
    walk->has_header = true;
    walk->report->code = str_copy(ctx->arena, json_str(json, "code"));
    walk->report->name = str_copy(ctx->arena, json_str(json, "name"));
    walk->report->made_at = str_copy(ctx->arena, json_str(json, "made_at"));
    return walk->steps->header ? walk->steps->header(ctx, json, walk->arg) : OK;
}

static Status on_table(Ctx *ctx, Walk *walk, Str payload)
{
    const Json *json;
    arena_clear(&walk->arena);
    TRY(read_json(ctx, walk, payload, &json));
    const Json *columns = json_get(json, "columns");
    if (walk->in_table || !columns || columns->count > BACKUP_COLUMNS_MAX)
        return damaged(ctx);
    walk->in_table = true;
    walk->rows = 0;
    walk->column_count = 0;
    crypto_hash_sha256_init(&walk->digest);
    JSON_EACH (column, columns)
        walk->columns[walk->column_count++] = str_copy(&walk->arena, column->text);
    if (!walk->steps->table)
        return OK;
    return walk->steps->table(ctx, str_copy(&walk->arena, json_str(json, "table")), walk->columns,
                              walk->column_count, walk->arg);
}

static Status on_row(Ctx *ctx, Walk *walk, Str payload)
{
    if (!walk->in_table || !row_unpack(payload, walk->values, walk->column_count))
        return damaged(ctx);
    walk->rows++;
    crypto_hash_sha256_update(&walk->digest, (const unsigned char *)payload.ptr, payload.len);
    return walk->steps->row ? walk->steps->row(ctx, walk->values, walk->column_count, walk->arg)
                            : OK;
}

static Status on_table_end(Ctx *ctx, Walk *walk, Str payload)
{
    const Json *json;
    unsigned char digest[crypto_hash_sha256_BYTES];
    TRY(read_json(ctx, walk, payload, &json));
    crypto_hash_sha256_final(&walk->digest, digest);
    Str hex = hex_text(&walk->arena, digest, sizeof digest);
    if (!walk->in_table || !is_count(json, "rows", walk->rows) ||
        !str_eq(hex, json_str(json, "sha256")))
        return damaged(ctx);
    walk->in_table = false;
    walk->report->tables++;
    walk->report->rows += walk->rows;
    return walk->steps->table_end ? walk->steps->table_end(ctx, walk->rows, walk->arg) : OK;
}

static Status end_file(Ctx *ctx, Walk *walk)
{
    uint8_t digest[32];
    Str bytes = buf_str(&walk->file);
    if ((int64_t)bytes.len < walk->file_size)
        return OK;
    sha256(bytes, digest);
    if (!str_eq(hex_text(&walk->arena, digest, sizeof digest), walk->file_digest))
        return damaged(ctx);
    walk->in_file = false;
    walk->report->files++;
    return walk->steps->file ? walk->steps->file(ctx, walk->file_digest, bytes, walk->arg) : OK;
}

static Status on_file(Ctx *ctx, Walk *walk, Str payload)
{
    const Json *json;
    arena_clear(&walk->arena);
    TRY(read_json(ctx, walk, payload, &json));
    const Json *size = json_get(json, "size");
    if (walk->in_file || !size || !json_int(size, &walk->file_size) || walk->file_size < 0 ||
        walk->file_size > FILE_MAX)
        return damaged(ctx);
    walk->in_file = true;
    walk->file_digest = str_copy(&walk->arena, json_str(json, "digest"));
    walk->file = (Buf){ .arena = &walk->arena };
    return end_file(ctx, walk);
}

static Status on_bytes(Ctx *ctx, Walk *walk, Str payload)
{
    if (!walk->in_file || (int64_t)(walk->file.len + payload.len) > walk->file_size)
        return damaged(ctx);
    buf_put(&walk->file, payload);
    return end_file(ctx, walk);
}

static Status on_end(Ctx *ctx, Walk *walk, Str payload)
{
    const Json *json;
    TRY(read_json(ctx, walk, payload, &json));
    walk->has_end = true;
    return is_count(json, "tables", walk->report->tables) &&
                   is_count(json, "rows", walk->report->rows) &&
                   is_count(json, "files", walk->report->files)
             ? OK
             : damaged(ctx);
}

static Status on_part(Ctx *ctx, Walk *walk, char kind, Str payload)
{
    if (walk->has_end || (!walk->has_header && kind != PART_HEADER) ||
        (walk->in_table && kind != PART_ROW && kind != PART_TABLE_END) ||
        (walk->in_file && kind != PART_BYTES))
        return damaged(ctx);
    switch (kind) {
    case PART_HEADER: return on_header(ctx, walk, payload);
    case PART_TABLE: return on_table(ctx, walk, payload);
    case PART_ROW: return on_row(ctx, walk, payload);
    case PART_TABLE_END: return on_table_end(ctx, walk, payload);
    case PART_FILE: return on_file(ctx, walk, payload);
    case PART_BYTES: return on_bytes(ctx, walk, payload);
    case PART_END: return on_end(ctx, walk, payload);
    default: return damaged(ctx);
    }
}

static Status walk_on(Ctx *ctx, Walk *walk, BackupReader *reader)
{
    char kind = 1;
    Str payload = S("");
    while (kind) {
        ArenaMark mark = arena_mark(ctx->arena);
        bool is_header = !walk->has_header;
        TRY(backup_next(ctx, reader, &kind, &payload));
        if (kind)
            TRY(on_part(ctx, walk, kind, payload));
        if (!is_header)  // what the header said is kept
            arena_rewind(ctx->arena, mark);
    }
    return walk->has_end ? OK : damaged(ctx);
}

Status backup_walk(Ctx *ctx, Str path, const BackupSteps *steps, void *arg, BackupReport *ret)
{
    uint8_t key[32];
    BackupReader *reader;
    Walk *walk = NEW(ctx->arena, Walk);
    *ret = (BackupReport){ 0 };
    *walk = (Walk){ .steps = steps, .arg = arg, .report = ret };
    arena_defer(ctx->arena, close_walk, walk);
    secret_house_key("backup", key);
    TRY(backup_reader(ctx, str_c(ctx->arena, path), key, &reader));
    return walk_on(ctx, walk, reader);
}

Status backup_check(Ctx *ctx, Str path, BackupReport *ret)
{
    return backup_walk(ctx, path, &(BackupSteps){ 0 }, NULL, ret);
}
