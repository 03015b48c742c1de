// data.c - `entrepot import|export|backup|restore`: data in and out, from the command line.
#include "app/commands.h"

#include "gen/kernel.gen.h"
#include "kernel/auth/actor.h"
#include "kernel/config.h"
#include "kernel/db/copy.h"
#include "kernel/files.h"
#include "kernel/tenant/backup.h"
#include "kernel/transfer.h"

#include <errno.h>
#include <stdio.h>

static Status need_word(Ctx *ctx, const Args *args, int n, const char *what, Str *ret)
{
    *ret = arg_word(args, n);
    return ret->len ? OK
                    : FAIL(ctx, E_INVALID, "cli.word", "%s is missing; --help says more", what);
}

static Status entity_of(Ctx *ctx, const Args *args, const EntityDef **ret)
{
    Str name;
    TRY(need_word(ctx, args, 0, "the kind of record", &name));
    *ret = entity_named(name);
    return *ret ? OK
                : FAIL(ctx, E_INVALID, "cli.entity", "there is no kind of record '" STR_FMT "'",
                       STR_ARG(name));
}

// ---- Import -------------------------------------------------------------------------------------

static Status read_whole(Ctx *ctx, Str path, Str *ret)
{
    FILE *file = fopen(str_c(ctx->arena, path), "re");
    char *bytes = arena_alloc(ctx->arena, FILE_MAX + 1);
    if (!file)
        return FAIL(ctx, E_NOT_FOUND, "cli.file", STR_FMT " cannot be read: %s", STR_ARG(path),
                    strerror(errno));
    *ret = (Str){ bytes, fread(bytes, 1, FILE_MAX + 1, file) };
    fclose(file);
    return OK;
}

typedef struct Upload {
    ImportSpec spec;
    FilePart part;
    Id run;
} Upload;

static Status begin_import(Ctx *ctx, void *arg)
{
    Upload *upload = arg;
    TRY(file_add(ctx, &upload->part, &upload->spec.file));
    return import_start(ctx, &upload->spec, &upload->run);
}

static Status print_refusals(Ctx *ctx, void *arg)
{
    StoredFile file;
    TRY(file_find(ctx, *(Id *)arg, &file));
    printf("refused rows: " STR_FMT "\n", STR_ARG(file_path(ctx, file.digest)));
    return OK;
}

Status command_import(Ctx *ctx, const Args *args)
{
    Upload upload = { .spec = { .mapping = arg_option(args, "mapping"),
                                .dry_run = arg_flag(args, "check"),
                                .stop_at_error = arg_flag(args, "stop") } };
    ImportRun done;
    Str path, bytes;
    TRY(entity_of(ctx, args, &upload.spec.entity));
    TRY(need_word(ctx, args, 1, "the file", &path));
    TRY(app_tenant(ctx, args));
    ctx->actor = &actor_system;
    TRY(read_whole(ctx, path, &bytes));
    TRY(file_write(ctx, path, bytes, false, &upload.part));
    TRY(tenant_transact(ctx, begin_import, &upload));
    TRY(import_run_all(ctx, upload.run, NULL, &done));
    printf("%lld records read, %lld %s (%lld new), %lld refused\n", (long long)done.rows_read,
           (long long)done.rows_done, done.is_dry ? "would be imported" : "imported",
           (long long)done.rows_created, (long long)done.rows_bad);
    return done.errors ? tenant_read(ctx, print_refusals, &done.errors) : OK;
}

// ---- Export -------------------------------------------------------------------------------------

typedef struct Export {
    const EntityDef *entity;
    Str fields;
    ExportFormat format;
    FILE *to;
} Export;

static void write_piece(Str piece, void *arg)
{
    fwrite(piece.ptr, 1, piece.len, ((Export *)arg)->to);
}

static Status run_export(Ctx *ctx, void *arg)
{
    Export *export = arg;
    EntityQuery query;
    FormFieldList params = { 0 };
    if (export->fields.len)
        *list_push(ctx->arena, &params) = (FormField){ S("fields"), export->fields };
    TRY(entity_query_parse(ctx, export->entity, &params, &query));
    return export_query(ctx, &query, export->format, write_piece, export);
}

static Status format_of(Ctx *ctx, Str path, ExportFormat *ret)
{
    static const char *const endings[] = { ".csv", ".xlsx", ".json" };
    for (size_t i = 0; i < COUNT(endings); i++)
        if (str_ends(path, str_from(endings[i]))) {
            *ret = (ExportFormat)i;
            return OK;
        }
    return FAIL(ctx, E_INVALID, "cli.format", "the file should end in .csv, .xlsx or .json");
}

Status command_export(Ctx *ctx, const Args *args)
{
    Export export = { .fields = arg_option(args, "fields") };
    Str path;
    TRY(entity_of(ctx, args, &export.entity));
    TRY(need_word(ctx, args, 1, "the file", &path));
    TRY(format_of(ctx, path, &export.format));
    TRY(app_tenant(ctx, args));
    ctx->actor = &actor_system;
    export.to = fopen(str_c(ctx->arena, path), "we");
    if (!export.to)
        return FAIL(ctx, E_INVALID, "cli.file", STR_FMT " cannot be written: %s", STR_ARG(path),
                    strerror(errno));
    Status status = tenant_read(ctx, run_export, &export);
    bool ok = !ferror(export.to);
    ok = fclose(export.to) == 0 && ok;
    TRY(status);
    return ok ? OK : FAIL(ctx, E_INTERNAL, "cli.file", STR_FMT " cannot be written", STR_ARG(path));
}

// ---- Backups ------------------------------------------------------------------------------------

static Str backup_path(Ctx *ctx, const Args *args)
{
    Str given = arg_option(args, "to");
    Str stamp = str_replace_char(ctx->arena, time_text(ctx->arena, ctx->now), ':', '-');
    if (given.len)
        return given;
    return str_format(ctx->arena, STR_FMT "/backups/" STR_FMT "-" STR_FMT ".backup",
                      STR_ARG(config()->data_dir), STR_ARG(ctx->tenant->code), STR_ARG(stamp));
}

static void print_report(const BackupReport *report, Str path)
{
    printf(STR_FMT ": " STR_FMT ", %lld tables, %lld rows, %lld files\n", STR_ARG(path),
           STR_ARG(report->name), (long long)report->tables, (long long)report->rows,
           (long long)report->files);
    if (report->files_lost)
        printf("%lld files are named and not on the disk\n", (long long)report->files_lost);
}

Status command_backup(Ctx *ctx, const Args *args)
{
    BackupReport report;
    Str check = arg_option(args, "check"), copy = arg_option(args, "copy");
    if (check.len) {
        TRY(backup_check(ctx, check, &report));
        print_report(&report, check);
        return OK;
    }
    TRY(app_tenant(ctx, args));
    ctx->actor = &actor_system;
    if (copy.len)
        return db_copy_file(ctx, ctx->tenant->db, copy);
    Str path = backup_path(ctx, args);
    TRY(backup_make(ctx, path, &report));
    print_report(&report, path);
    return OK;
}

Status command_restore(Ctx *ctx, const Args *args)
{
    BackupReport report;
    TenantSpec spec = { .code = arg_option(args, "as"), .name = arg_option(args, "name") };
    Str path;
    Id tenant;
    TRY(need_word(ctx, args, 0, "the backup", &path));
    if (spec.code.len == 0)
        return FAIL(ctx, E_INVALID, "cli.word", "say which company it becomes: --as CODE");
    ctx->actor = &actor_system;
    TRY(backup_restore(ctx, path, &spec, &report, &tenant));
    print_report(&report, spec.code);
    return OK;
}
