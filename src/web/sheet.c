// sheet.c - a list edited as a sheet: the columns that may be changed as controls, one Save for
// all.
//
// Only what was changed is written, each record against the version that was shown; if one cell is
// refused nothing is, and the sheet comes back with what was typed and the reasons in their cells.
#include "web/sheet.h"

#include "gen/pages/web_sheet.h"
#include "kernel/auth/actor.h"
#include "kernel/entity/access.h"
#include "kernel/entity/info.h"
#include "kernel/entity/record.h"
#include "kernel/i18n.h"
#include "kernel/tenant.h"
#include "web/form_inside.h"

// Documents have their own pages: what follows from a change there is more than a cell.
bool sheet_is_possible(const Ctx *ctx, const EntityDef *e)
{
    bool is_written = entity_is_root(e) && !(e->api && strcmp(e->api, "read") == 0);
    return e->kind == MASTER && is_written && actor_may(ctx->actor, e->info->write_permission);
}

static bool is_cell(const Ctx *ctx, const FieldPath *path)
{
    const FieldDef *f = path->field;
    return f && !path->via && form_is_settable(f) && form_is_scalar(f) && !(f->flags & FIXED) &&
           f->type != FIELD_FILE && f->type != FIELD_SECRET && f->type != FIELD_REFS &&
           f->type != FIELD_CHOICES && actor_may_read_field(ctx->actor, f);
}

// ---- Drawing ------------------------------------------------------------------------------------

static const Json *typed_row(const Json *sent, Str id)
{
    const Json *rows = sent ? json_get(sent, "rows") : NULL;
    for (const Json *row = rows ? rows->first : NULL; row; row = row->next)
        if (str_eq(json_str(row, "id"), id))
            return row;
    return NULL;
}

static Status add_row(Ctx *ctx, Sheet *sheet, OptionCache *options, Id id, const Json *sent)
{
    const EntityDef *e = sheet->list->entity;
    EntityQuery *query = NEW(ctx->arena, EntityQuery);
    EntityRow *cells = NEW(ctx->arena, EntityRow);
    SheetRow *row = list_push(ctx->arena, &sheet->rows);
    void *record = arena_alloc(ctx->arena, e->size);
    TRY(access_get(ctx, e, id, record));
    TRY(record_cells(ctx, e, id, query, cells));
    *row = (SheetRow){ .id = id_text(ctx->arena, id),
                       .version = ((const Record *)record)->version,
                       .url = record_url(ctx->arena, e, id) };
    TRY(record_title(ctx, e, id, &row->title));
    const Json *typed = typed_row(sent, row->id);
    Source source = { .ctx = ctx,
                      .options = options,
                      .entity = e,
                      .base = record,
                      .typed = typed,
                      .row = cells,
                      .query = query,
                      .prefix = str_format(ctx->arena, "rows[%zu].", sheet->rows.len - 1) };
    if (typed)
        str_int(json_str(typed, "version"), &row->version);
    EACH (path, sheet->list->query.columns) {
        Input input;
        if (!is_cell(ctx, path))
            continue;
        TRY(form_input(&source, path->field, &input));
        *list_push(ctx->arena, &row->cells) = input;
    }
    return OK;
}

static Str column_names(Ctx *ctx, const EntityQuery *query)
{
    Buf out = { .arena = ctx->arena };
    EACH (path, query->columns)
        buf_printf(&out, "%s" STR_FMT, out.len ? "," : "", STR_ARG(path_text(ctx->arena, path)));
    return buf_str(&out);
}

static Status draw(Ctx *ctx, ListPage *page, Str back, const Json *sent, int status)
{
    Sheet sheet = { .list = page, .back = back };
    OptionCache options = { .lists = { .arena = ctx->arena } };
    EntityRows rows;
    Buf *out = &ctx->request->out;
    page->query.limit = SHEET_ROWS;
    sheet.columns = column_names(ctx, &page->query);
    TRY(entity_query(ctx, &page->query, &rows));
    EACH (row, rows.rows)
        TRY(add_row(ctx, &sheet, &options, row->id, sent));
    buf_clear(out);
    size_t body = html_begin(out);
    web_sheet(out, ctx, &sheet);
    return page_answer(ctx,
                       &(Page){ .title = tr(ctx, page->entity->plural),
                                .group = nav_group_of(page->entity),
                                .script = "sheet.js" },
                       body, status);
}

Status sheet_page(Ctx *ctx, ListPage *page)
{
    ctx->request->timed = TIMED_SHEET;
    TRY(actor_require(ctx, page->entity->info->write_permission));
    return draw(ctx, page, ctx->request->target, NULL, 200);
}

typedef struct Again {
    int status;
} Again;

// The rows and columns that were shown, whatever the list would show by now.
static Status reopen(Ctx *ctx, const Json *sent, ListPage *page)
{
    FormFieldList given = { 0 };
    Buf ids = { .arena = ctx->arena };
    const Json *rows = json_get(sent, "rows");
    for (const Json *row = rows ? rows->first : NULL; row; row = row->next)
        buf_printf(&ids, "%s" STR_FMT, ids.len ? "," : "", STR_ARG(json_str(row, "id")));
    *list_push(ctx->arena, &given) = (FormField){ S("fields"), json_str(sent, "columns") };
    *list_push(ctx->arena, &given) = (FormField){ S("id[in]"), buf_str(&ids) };
    TRY(entity_query_parse(ctx, page->entity, &given, &page->query));
    list_looks(ctx, page);
    return OK;
}

static Status draw_again(Ctx *ctx, void *arg)
{
    const Again *again = arg;
    ListPage *page = NEW(ctx->arena, ListPage);
    const Json *sent;
    Failure failure = ctx->failure;
    ctx_recover(ctx);
    TRY(request_json(ctx, &sent));
    TRY(page_entity(ctx, &page->entity));
    TRY(reopen(ctx, sent, page));
    ctx->failure = failure;
    return draw(ctx, page, json_str(sent, "back"), sent, again->status);
}

Status sheet_again(Ctx *ctx, int status)
{
    Again again = { status };
    return tenant_read(ctx, draw_again, &again);
}

// ---- Saving -------------------------------------------------------------------------------------

static bool is_changed(Ctx *ctx, const EntityDef *e, const void *record, const Json *member)
{
    const FieldDef *f = entity_field(e, member->key);
    CurrencyCode none = { "" };
    if (!f || member->type != JSON_STRING)
        return false;
    Str typed = str_is(member->text, "on") ? S("true") : str_trim(member->text);
    typed = f->type == FIELD_BOOL && str_is(typed, "false") ? S("") : typed;
    return !str_eq(form_text(ctx, e, record, f, none), typed);
}

static const Json *only_changed(Ctx *ctx, const EntityDef *e, const void *record, const Json *row)
{
    Json *changed = NEW(ctx->arena, Json), **end = &changed->first;
    *changed = (Json){ .type = JSON_OBJECT };
    JSON_EACH (member, row) {
        if (!is_changed(ctx, e, record, member))
            continue;
        *end = NEW(ctx->arena, Json);
        **end = *member;
        (*end)->next = NULL;
        end = &(*end)->next;
        changed->count++;
    }
    return changed;
}

typedef struct Saving {
    const EntityDef *entity;
    Id id;
    int64_t version;
    const Json *input;
} Saving;

static Status save_row(Ctx *ctx, void *arg)
{
    const Saving *step = arg;
    return access_update(ctx, step->entity, step->id, step->version, step->input, INPUT_FORM);
}

// A refused row's problems, as the sheet's cells are called.
static void keep_problems(Ctx *ctx, size_t at, ProblemList *all)
{
    Failure failure = ctx->failure;
    ctx_recover(ctx);
    EACH (problem, failure.problems)
        *list_push(ctx->arena, all) =
            (Problem){ str_format(ctx->arena, "rows[%zu]." STR_FMT, at, STR_ARG(problem->path)),
                       problem->code, problem->message };
    if (failure.problems.len == 0)
        *list_push(ctx->arena, all) =
            (Problem){ str_format(ctx->arena, "rows[%zu]", at), failure.code, failure.message };
}

static Status try_row(Ctx *ctx, const EntityDef *e, const Json *row, size_t at,
                      ProblemList *problems, int64_t *count)
{
    Saving step = { .entity = e };
    const Json *read;
    void *record = arena_alloc(ctx->arena, e->size);
    if (!id_parse(json_str(row, "id"), &step.id) ||
        !str_int(json_str(row, "version"), &step.version))
        return OK;
    TRY(access_get(ctx, e, step.id, record));
    TRY(form_read(ctx, e, row, &read));
    step.input = only_changed(ctx, e, record, read);
    if (step.input->count == 0)
        return OK;
    Status status = db_try(ctx, save_row, &step);
    if (status == E_BUSY || status == E_INTERNAL)
        return status;
    if (status != OK)
        keep_problems(ctx, at, problems);
    *count += status == OK;
    return OK;
}

Status sheet_save_post(Ctx *ctx)
{
    const EntityDef *e;
    const Json *sent;
    ProblemList problems = { 0 };
    int64_t count = 0;
    size_t at = 0;
    Url back;
    TRY(page_entity(ctx, &e));
    TRY(actor_require(ctx, e->info->write_permission));
    TRY(request_json(ctx, &sent));
    const Json *rows = json_get(sent, "rows");
    for (const Json *row = rows ? rows->first : NULL; row && at < SHEET_ROWS; row = row->next)
        TRY(try_row(ctx, e, row, at++, &problems, &count));
    if (problems.len) {
        ctx->failure.problems = problems;
        return ctx_problems(ctx);
    }
    flash_put(ctx, "ok",
              tr_plural(ctx, "%lld record is changed.", "%lld records are changed.", count));
    TRY(url_local(ctx, json_str(sent, "back"), &back));
    return respond_redirect(ctx, back.text);
}
