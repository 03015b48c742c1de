// import_page.c - a file becomes records, step by step: choose what and from where, say which
// column is which, check every row without writing, correct in place what is refused, import, take
// it back.
//
// Nothing is kept between the steps but rows of the tenant: the stored file and the import_run. A
// check is an import_run that writes nothing; correcting makes a new file and checks that one; the
// import itself is another run of the same file. So each step can be left and come back to.
#include "web/import_page.h"

#include "gen/pages/web_import.h"
#include "kernel/auth/actor.h"
#include "kernel/entity/info.h"
#include "kernel/files.h"
#include "kernel/i18n.h"

static Status answer(Ctx *ctx, Str title, size_t body)
{
    return page_answer(ctx,
                       &(Page){ .title = title,
                                .group = "Settings",
                                .list = tr(ctx, import_run_entity.plural),
                                .list_url = entity_url(ctx->arena, &import_run_entity) },
                       body, 200);
}

static bool may_import(const Ctx *ctx, const EntityDef *e)
{
    return entity_is_open(ctx, e) && entity_is_root(e) &&
           !(e->api && (strcmp(e->api, "none") == 0 || strcmp(e->api, "read") == 0)) &&
           actor_may(ctx->actor, e->info->write_permission);
}

static Status require_entity(Ctx *ctx, Str name, const EntityDef **ret)
{
    *ret = entity_named(name);
    if (!*ret || !may_import(ctx, *ret))
        return FAIL(ctx, E_INVALID, "import.entity", "'" STR_FMT "' cannot be imported",
                    STR_ARG(name));
    return actor_require(ctx, "platform.import");
}

// ---- 1 Choose -----------------------------------------------------------------------------------

Status import_page(Ctx *ctx)
{
    ImportChoice choice = { .entity = entity_named(request_query(ctx->request, "entity")) };
    size_t count;
    const EntityDef *const *all = entities_all(&count);
    for (size_t i = 0; i < count; i++)
        if (may_import(ctx, all[i]))
            *list_push(ctx->arena, &choice.entities) = all[i];
    size_t body = html_begin(&ctx->request->out);
    web_import_choose(&ctx->request->out, ctx, &choice);
    return answer(ctx, tr(ctx, "Import"), body);
}

typedef struct Upload {
    Str entity;
    FilePart part;
    Id file;
} Upload;

static Status may_upload(Ctx *ctx, void *arg)
{
    const EntityDef *e;
    return require_entity(ctx, ((Upload *)arg)->entity, &e);
}

static Status add_file(Ctx *ctx, void *arg)
{
    Upload *upload = arg;
    return file_add(ctx, &upload->part, &upload->file);
}

// What was pasted from a sheet is a table with tabs: the reader knows any usual separator.
static Status read_upload(Ctx *ctx, const Json *sent, Str *ret_name, Str *ret_bytes)
{
    UploadedFile *files;
    size_t count;
    Str pasted = str_trim(json_str(sent, "pasted"));
    TRY(request_files(ctx, &files, &count));
    for (size_t i = 0; i < count; i++)
        if (files[i].bytes.len) {
            *ret_name = files[i].name;
            *ret_bytes = files[i].bytes;
            return OK;
        }
    if (pasted.len == 0)
        return FAIL(ctx, E_INVALID, "import.no_file",
                    "choose a file, or paste rows with their headings");
    *ret_name = tr(ctx, "pasted.csv");
    *ret_bytes = pasted;
    return OK;
}

Status import_upload_post(Ctx *ctx)
{
    const Json *sent;
    Str name, bytes;
    Upload upload = { 0 };
    TRY(request_json(ctx, &sent));
    upload.entity = json_str(sent, "entity");
    TRY(tenant_read(ctx, may_upload, &upload));
    TRY(read_upload(ctx, sent, &name, &bytes));
    TRY(file_write(ctx, name, bytes, false, &upload.part));
    TRY(tenant_transact(ctx, add_file, &upload));
    return respond_redirect(ctx, url_path(ctx->arena, "/admin/import/match?file={}&entity={}",
                                          id_text(ctx->arena, upload.file), upload.entity)
                                     .text);
}

// ---- 2 Match columns ----------------------------------------------------------------------------

static bool is_target(const FieldDef *f)
{
    switch ((FieldType)f->type) {
    case FIELD_LIST:
    case FIELD_SHAPE:
    case FIELD_SHAPES:
    case FIELD_STATE:
    case FIELD_LINK:
    case FIELD_BYTES:
    case FIELD_SECRET:
    case FIELD_FILE: return false;
    default: return !(f->flags & READONLY) && !(f->more && f->more->as);
    }
}

static void add_target(Ctx *ctx, ImportMatch *match, const FieldDef *outer, const FieldDef *f)
{
    if (!is_target(f))
        return;
    *list_push(ctx->arena, &match->targets) = (ImportTarget){
        .path = outer ? str_format(ctx->arena, "%s.%s", outer->name, f->name) : str_from(f->name),
        .label = outer ? str_format(ctx->arena, STR_FMT ": " STR_FMT,
                                    STR_ARG(tr(ctx, outer->label)), STR_ARG(tr(ctx, f->label)))
                       : tr(ctx, f->label)
    };
}

static void add_targets(Ctx *ctx, ImportMatch *match)
{
    const EntityDef *e = match->entity;
    for (const FieldDef *f = e->fields; f < e->fields + e->count; f++) {
        const EntityDef *child = f->type == FIELD_LIST ? f->of : NULL;
        const ShapeDef *shape = f->type == FIELD_SHAPE ? f->of : NULL;
        if (child && entity_is_child(child))
            for (const FieldDef *c = child->fields; c < child->fields + child->count; c++)
                add_target(ctx, match, f, c);
        else if (shape && !shape->one_of)
            for (int i = 0; i < shape->count; i++)
                add_target(ctx, match, f, &shape->fields[i]);
        else
            add_target(ctx, match, NULL, f);
    }
}

// What the same heading was taken for the last time.
static Status remembered(Ctx *ctx, const EntityDef *e, const Json **ret)
{
    static const Json none = { .type = JSON_OBJECT };
    Str mapping;
    bool found;
    *ret = &none;
    TRY(db_maybe(ctx,
                 SQL("SELECT mapping FROM import_run WHERE entity = $1 AND mapping <> ''"
                     " ORDER BY id DESC LIMIT 1",
                     e->name),
                 &found, &mapping));
    return found ? json_parse(ctx, mapping, ret) : OK;
}

static Status read_columns(Ctx *ctx, ImportMatch *match)
{
    ImportPreview preview;
    const Json *before;
    TRY(import_preview(ctx, match->entity, file_path(ctx, match->file.digest).ptr, &preview));
    TRY(remembered(ctx, match->entity, &before));
    match->row_count = preview.row_count;
    match->is_table = preview.headings.len > 0;
    for (size_t i = 0; i < preview.headings.len; i++) {
        ImportColumn *column = list_push(ctx->arena, &match->columns);
        const Json *known = json_get(before, str_c(ctx->arena, preview.headings.items[i]));
        *column = (ImportColumn){ .heading = preview.headings.items[i],
                                  .path = known ? known->text : preview.guessed.items[i] };
        for (size_t row = 0; row < preview.rows.len && row < COUNT(column->samples); row++)
            column->samples[row] = preview.rows.items[row][i];
    }
    return OK;
}

Status import_match_page(Ctx *ctx)
{
    ImportMatch match = { 0 };
    Id file = 0;
    id_parse(request_query(ctx->request, "file"), &file);
    TRY(require_entity(ctx, request_query(ctx->request, "entity"), &match.entity));
    TRY(file_find(ctx, file, &match.file));
    TRY(read_columns(ctx, &match));
    add_targets(ctx, &match);
    size_t body = html_begin(&ctx->request->out);
    web_import_match(&ctx->request->out, ctx, &match);
    return answer(ctx, tr(ctx, "Match columns"), body);
}

static Str mapping_of(Ctx *ctx, const Json *sent)
{
    Buf out = { .arena = ctx->arena };
    JsonOut json = { .out = &out };
    const Json *columns = json_get(sent, "columns");
    if (!columns || columns->type != JSON_ARRAY)
        return S("");
    json_open(&json, '{');
    JSON_EACH (column, columns) {
        json_key_str(&json, json_str(column, "heading"));
        json_put_str(&json, json_str(column, "path"));
    }
    json_close(&json, '}');
    return buf_str(&out);
}

static Status go_to_run(Ctx *ctx, Id run)
{
    return respond_redirect(
        ctx, url_path(ctx->arena, "/admin/import/{}", id_text(ctx->arena, run)).text);
}

Status import_check_post(Ctx *ctx)
{
    const Json *sent;
    ImportSpec spec = { .dry_run = true };
    Id run;
    TRY(request_json(ctx, &sent));
    TRY(require_entity(ctx, json_str(sent, "entity"), &spec.entity));
    id_parse(json_str(sent, "file"), &spec.file);
    spec.mapping = mapping_of(ctx, sent);
    TRY(import_start(ctx, &spec, &run));
    return go_to_run(ctx, run);
}

// ---- 3 Check, and 4 import ----------------------------------------------------------------------

static Status load_view(Ctx *ctx, ImportView *view, StoredFile *ret_file)
{
    Id id = 0;
    id_parse(ctx->request->params[0], &id);
    TRY(actor_require(ctx, "platform.import"));
    TRY(import_run_load(ctx, id, &view->run));
    TRY(require_entity(ctx, view->run.entity, &view->entity));
    return file_find(ctx, view->run.file, ret_file);
}

static Status find_job(Ctx *ctx, ImportView *view)
{
    bool found;
    return db_maybe(ctx,
                    SQL("SELECT id FROM job WHERE subject_id = $1 AND name = 'kernel.import'"
                        " ORDER BY id DESC LIMIT 1",
                        view->run.record.id),
                    &found, &view->job);
}

// "quantity: this should be a number; lines[0].price: ..." speaks of the columns of these paths.
static Str last_name(Str path)
{
    return str_from_at(path, (size_t)(str_rfind_char(path, '.') + 1));
}

static bool speaks_of(Ctx *ctx, Str problem, Str path)
{
    return path.len && str_find(problem, str_join(ctx->arena, last_name(path), S(":"))) >= 0;
}

// The same by the names that the columns have in the file.
static Str in_headings(Ctx *ctx, Str problem, const StrList *headings, const StrList *targets)
{
    Buf out = { .arena = ctx->arena };
    Str rest = problem, part;
    while (str_next(&rest, ';', &part)) {
        part = str_trim(part);
        ptrdiff_t colon = str_find(part, S(": "));
        Str name = colon < 0 ? S("") : last_name(str_sub(part, 0, (size_t)colon));
        buf_c(&out, out.len ? "; " : "");
        for (size_t i = 0; name.len && i < targets->len; i++)
            if (str_eq(last_name(targets->items[i]), name)) {
                buf_put(&out, headings->items[i]);
                part = str_from_at(part, (size_t)colon);
                break;
            }
        buf_put(&out, part);
    }
    return buf_str(&out);
}

static Status read_problems(Ctx *ctx, const StoredFile *file, ImportView *view)
{
    ImportProblems problems;
    ImportPreview preview;
    static const Json none = { .type = JSON_OBJECT };
    const Json *mapping = &none;
    StrList targets = { 0 };
    const char *path = file_path(ctx, file->digest).ptr;
    TRY(import_problems(ctx, view->run.record.id, path, IMPORT_PROBLEMS_SHOWN, &problems));
    TRY(import_preview(ctx, view->entity, path, &preview));
    if (view->run.mapping.len)
        TRY(json_parse(ctx, view->run.mapping, &mapping));
    view->headings = problems.headings;
    for (size_t i = 0; i < problems.headings.len; i++) {
        const Json *said = json_get(mapping, str_c(ctx->arena, problems.headings.items[i]));
        *list_push(ctx->arena, &targets) = said ? said->text : preview.guessed.items[i];
    }
    EACH (problem, problems.rows) {
        ImportBadRow *row = list_push(ctx->arena, &view->rows);
        row->line = problem->line;
        row->problem = in_headings(ctx, problem->problem, &problems.headings, &targets);
        for (size_t i = 0; i < problem->cells.len; i++)
            *list_push(ctx->arena, &row->cells) =
                (ImportCell){ problem->cells.items[i],
                              speaks_of(ctx, problem->problem, targets.items[i]) };
    }
    return OK;
}

static bool is_young(const Ctx *ctx, const ImportRun *run)
{
    return ctx->now - run->record.created_at < IMPORT_UNDO_H * HOUR;
}

Status import_run_page(Ctx *ctx)
{
    ImportView view = { 0 };
    StoredFile file, errors;
    TRY(load_view(ctx, &view, &file));
    TRY(find_job(ctx, &view));
    ImportState state = view.run.state;
    view.is_running = state == IMPORT_STATE_CHECKING || state == IMPORT_STATE_IMPORTING;
    if (!view.is_running && view.run.rows_bad)
        TRY(read_problems(ctx, &file, &view));
    if (view.run.errors) {
        TRY(file_find(ctx, view.run.errors, &errors));
        view.refused = (Url){ file_link(ctx, &errors) };
    }
    view.may_fix = view.rows.len && view.headings.len && state == IMPORT_STATE_CHECKED;
    view.may_start = state == IMPORT_STATE_CHECKED && view.run.rows_done > 0;
    view.may_undo =
        state == IMPORT_STATE_DONE && view.run.rows_created > 0 && is_young(ctx, &view.run);
    Buf *out = &ctx->request->out;
    size_t body = html_begin(out);
    web_import_run(out, ctx, &view);
    if (page_wants_part(ctx, "import-run"))
        return page_answer_part(ctx);
    return page_answer(ctx,
                       &(Page){ .title = view.run.file_name,
                                .group = "Settings",
                                .list = tr(ctx, import_run_entity.plural),
                                .list_url = entity_url(ctx->arena, &import_run_entity),
                                .refresh_s = view.is_running ? 3 : 0 },
                       body, 200);
}

// ---- Corrected ----------------------------------------------------------------------------------

typedef struct Fixing {
    ImportView view;
    StoredFile file;
    Upload upload;
    Id run;
} Fixing;

static Status open_fixing(Ctx *ctx, void *arg)
{
    Fixing *fixing = arg;
    return load_view(ctx, &fixing->view, &fixing->file);
}

static Status start_again(Ctx *ctx, void *arg)
{
    Fixing *fixing = arg;
    TRY(file_add(ctx, &fixing->upload.part, &fixing->upload.file));
    ImportSpec spec = { .entity = fixing->view.entity,
                        .file = fixing->upload.file,
                        .mapping = fixing->view.run.mapping,
                        .dry_run = true };
    return import_start(ctx, &spec, &fixing->run);
}

// "rows[0].line", "rows[0].cells[2]": every cell that was shown comes back, changed or not.
static void take_fixes(Ctx *ctx, const Json *sent, CellFix **ret, size_t *ret_count)
{
    LIST(CellFix) fixes = { 0 };
    const Json *rows = json_get(sent, "rows");
    for (const Json *row = rows ? rows->first : NULL; row; row = row->next) {
        const Json *cells = json_get(row, "cells");
        int64_t line;
        int column = 0;
        if (!cells || !str_int(json_str(row, "line"), &line))
            continue;
        JSON_EACH (cell, cells)
            *list_push(ctx->arena, &fixes) = (CellFix){ line, column++, cell->text };
    }
    *ret = fixes.items;
    *ret_count = fixes.len;
}

Status import_fix_post(Ctx *ctx)
{
    const Json *sent;
    Fixing fixing = { 0 };
    CellFix *fixes;
    size_t count;
    Str csv;
    TRY(request_json(ctx, &sent));
    TRY(tenant_read(ctx, open_fixing, &fixing));
    take_fixes(ctx, sent, &fixes, &count);
    TRY(import_fix(ctx, file_path(ctx, fixing.file.digest).ptr, fixes, count, &csv));
    ptrdiff_t dot = str_rfind_char(fixing.file.name, '.');
    Str name = dot > 0 ? str_sub(fixing.file.name, 0, (size_t)dot) : fixing.file.name;
    TRY(file_write(ctx, str_join(ctx->arena, name, S(".csv")), csv, false, &fixing.upload.part));
    TRY(tenant_transact(ctx, start_again, &fixing));
    return go_to_run(ctx, fixing.run);
}

// ---- Imported, taken back -----------------------------------------------------------------------

Status import_go_post(Ctx *ctx)
{
    ImportView view = { 0 };
    StoredFile file;
    Id run;
    TRY(load_view(ctx, &view, &file));
    if (view.run.state != IMPORT_STATE_CHECKED)
        return FAIL(ctx, E_CONFLICT, "import.not_checked",
                    "this was not checked, or is imported already");
    TRY(import_start(
        ctx,
        &(ImportSpec){ .entity = view.entity, .file = view.run.file, .mapping = view.run.mapping },
        &run));
    return go_to_run(ctx, run);
}

Status import_undo_post(Ctx *ctx)
{
    Fixing fixing = { 0 };
    ImportUndone undone;
    TRY(tenant_read(ctx, open_fixing, &fixing));
    const ImportRun *run = &fixing.view.run;
    if (run->state != IMPORT_STATE_DONE || !is_young(ctx, run))
        return FAIL(ctx, E_CONFLICT, "import.undo_late", "an import can be taken back for %d hours",
                    IMPORT_UNDO_H);
    TRY(import_undo(ctx, run->record.id, &undone));
    Str words =
        tr_plural(ctx, "%lld record is gone again.", "%lld records are gone again.", undone.gone);
    if (undone.kept)
        words = str_format(
            ctx->arena, STR_FMT " " STR_FMT, STR_ARG(words),
            STR_ARG(tr_plural(ctx, "%lld stays, because something refers to it.",
                              "%lld stay, because something refers to them.", undone.kept)));
    flash_put(ctx, undone.kept ? "warn" : "ok", words);
    return go_to_run(ctx, run->record.id);
}
