// list.c - the list of any entity: columns, order and search from its declaration, everything else
// from the address, so that any state of it can be pasted into a message.
//
// One statement brings the rows with the titles of what they refer to, one counts, and one a column
// adds up where that is cheap; nothing is asked once a row.
#include "web/list.h"

#include "gen/pages/web_list.h"
#include "kernel/auth/actor.h"
#include "kernel/entity/access.h"
#include "kernel/entity/info.h"
#include "kernel/entity/record.h"
#include "kernel/entity/scope.h"
#include "kernel/i18n.h"
#include "kernel/tenant.h"
#include "web/list_look.h"
#include "web/sheet.h"
#include "web/value.h"

enum { BULK_MAX = 200, PICKS_MAX = 12, REFUSALS_SHOWN = 3 };

// ---- The query ----------------------------------------------------------------------------------

Status list_query(Ctx *ctx, const EntityDef *e, EntityQuery *ret)
{
    FormFieldList given = { 0 };
    Buf columns = { .arena = ctx->arena };
    EACH (field, ctx->request->query)
        if (str_is(field->name, "fields"))  // one, or a ticked box each
            buf_printf(&columns, "%s" STR_FMT, columns.len ? "," : "", STR_ARG(field->value));
        else if (field->value.len && !str_starts(field->name, S("_")))
            *list_push(ctx->arena, &given) = *field;
    if (columns.len)
        *list_push(ctx->arena, &given) = (FormField){ S("fields"), buf_str(&columns) };
    TRY(entity_query_parse(ctx, e, &given, ret));
    ret->want_count = true;
    ret->count_max = LIST_COUNT_MAX;
    return OK;
}

static bool has_amounts(const EntityQuery *query)
{
    EACH (path, query->columns)
        if (path->field && !path->via && path->field->type == FIELD_MONEY)
            return true;
    return false;
}

static Str in_words(Ctx *ctx, const Cell *amount)
{
    Shown shown = value_of_cell(ctx, amount);
    return str_format(ctx->arena, STR_FMT " " STR_FMT, STR_ARG(shown.before), STR_ARG(shown.text));
}

// Sums read every row that matches, so only where they were all counted.
static Status read_sums(Ctx *ctx, ListPage *page)
{
    EntityQuery query = page->query;
    EntityRows rows;
    if (!has_amounts(&query) || page->rows.count > LIST_COUNT_MAX || page->rows.count < 2)
        return OK;
    query.want_count = false;
    query.want_sums = true;
    TRY(entity_totals(ctx, &query, &rows));
    page->rows.sums = rows.sums;
    for (size_t i = 0; i < query.columns.len; i++) {
        const FieldDef *f = query.columns.items[i].field;
        page->has_sums |= rows.sums[i].known;
        if (rows.sums[i].known && f && f->type == FIELD_MONEY)
            page->worth = in_words(ctx, &rows.sums[i]);
    }
    return OK;
}

// ---- Columns ------------------------------------------------------------------------------------

static bool can_sort(const FieldPath *path)
{
    const FieldDef *f = path->field;
    if (!f)
        return path->kind != PATH_CUSTOM && path->kind != PATH_ASSIGNED;
    switch ((FieldType)f->type) {
    case FIELD_REFS:
    case FIELD_CHOICES:
    case FIELD_GEO:
    case FIELD_LINK:
    case FIELD_JSON:
    case FIELD_SHAPE:
    case FIELD_SHAPES:
    case FIELD_FILE:
    case FIELD_SECRET: return false;
    default: return !(f->flags & SEALED);
    }
}

static void add_column(Ctx *ctx, ListPage *page, const FieldPath *path)
{
    Str name = path_text(ctx->arena, path);
    const Sort *first = page->query.sort_count ? &page->query.sort[0] : NULL;
    bool is_sorted = first && str_eq(path_text(ctx->arena, &first->path), name);
    bool goes_down = is_sorted && !first->descending;
    Str sort = goes_down ? str_join(ctx->arena, S("-"), name) : name;
    *list_push(ctx->arena, &page->columns) =
        (ListColumn){ .label = tr(ctx, path_label(path)),
                      .is_end = value_is_number(path),
                      .can_sort = can_sort(path),
                      .is_sorted = is_sorted,
                      .is_descending = is_sorted && first->descending,
                      .sort = url_query(ctx, "after before", "sort", sort),
                      .look = value_look(ctx, path) };
}

static bool is_title(const EntityDef *e, const FieldPath *path)
{
    for (const FieldDef **f = e->info->title; f && *f; f++)
        if (path->field == *f && !path->via)
            return true;
    return false;
}

// What leads to the record, and what a phone's card has room for.
static void choose_columns(ListPage *page)
{
    page->link_column = 0;
    page->card_column = page->state_column = page->amount_column = -1;
    for (size_t i = page->query.columns.len; i-- > 0;)
        if (is_title(page->entity, &page->query.columns.items[i]))
            page->link_column = (int)i;
    for (int i = (int)page->query.columns.len - 1; i >= 0; i--) {
        const FieldDef *f = page->query.columns.items[i].field;
        if (i == page->link_column || !f)
            continue;
        if (f->type == FIELD_STATE || f->type == FIELD_ENUM)
            page->state_column = i;
        else if (f->type == FIELD_MONEY && page->amount_column < 0)
            page->amount_column = i;
        else if (f->type == FIELD_REF || f->type == FIELD_TEXT || f->type == FIELD_CODE)
            page->card_column = i;
    }
}

static const char *place_of(const ListPage *page, int column)
{
    if (column == page->link_column)
        return "a2";
    if (column == page->amount_column)
        return "a3 end";
    if (column == page->card_column)
        return "a4";
    if (column == page->state_column)
        return "a5";
    return page->columns.items[column].is_end ? "end" : "";
}

// What every row needs is worked out here, once.
static void prepare_rows(Ctx *ctx, ListPage *page)
{
    enum { MARK = '\1' };  // stands for the name
    Str select = tr_format(ctx, "Select %s", (char[]){ MARK, '\0' });
    ptrdiff_t at = str_find_char(select, MARK);
    page->select_before = str_sub(select, 0, (size_t)at);
    page->select_after = str_from_at(select, (size_t)at + 1);
    page->records = records_url(ctx->arena, page->entity);
    for (size_t i = 0; i < page->columns.len; i++)
        page->columns.items[i].place = place_of(page, (int)i);
}

Str list_count_words(Ctx *ctx, int64_t count)
{
    if (count > LIST_COUNT_MAX)
        return tr_format(ctx, "more than %s", show_number(ctx, LIST_COUNT_MAX, 0).ptr);
    return show_number(ctx, count, 0);
}

// ---- Bulk ---------------------------------------------------------------------------------------

static void add_bulk(Ctx *ctx, ListPage *page)
{
    const EntityDef *e = page->entity;
    const Machine *machine = machine_of(e);
    for (const Action *a = machine ? machine->actions : NULL; a && a->name; a++)
        if (a->flags & ACTION_BULK && !a->input && actor_may_act(ctx->actor, e, a))
            *list_push(ctx->arena, &page->bulk) =
                (BulkAction){ a->name, a->label, (a->flags & ACTION_BAD) != 0 };
    if (!page->may_create || e->kind != MASTER)
        return;
    bool is_archive = page->query.only_archived;
    *list_push(ctx->arena, &page->bulk) = is_archive
                                            ? (BulkAction){ "restore", TEXT("Restore"), false }
                                            : (BulkAction){ "archive", TEXT("Archive"), true };
}

typedef struct BulkStep {
    const EntityDef *entity;
    Str action;
    Id id;
    Link made;
} BulkStep;

static Status run_bulk_step(Ctx *ctx, void *arg)
{
    BulkStep *step = arg;
    if (str_is(step->action, "archive") || str_is(step->action, "restore"))
        return access_archive(ctx, step->entity, step->id, 0, str_is(step->action, "archive"));
    return action_run(ctx, step->entity, step->id, 0, str_c(ctx->arena, step->action), NULL, 0,
                      &step->made);
}

typedef struct BulkOutcome {
    int64_t done, asked, refused;
    Buf why;
} BulkOutcome;

// Each stands or falls alone; the refused are named with their reasons, the first few of them.
static Status run_bulk_on(Ctx *ctx, BulkStep *step, BulkOutcome *outcome)
{
    step->made = (Link){ 0 };
    Status status = db_try(ctx, run_bulk_step, step);
    if (status == E_BUSY || status == E_INTERNAL)
        return status;
    if (status == OK) {
        *(action_was_asked(step->made) ? &outcome->asked : &outcome->done) += 1;
        return OK;
    }
    Str message = ctx->failure.message, title = S("");
    ctx_recover(ctx);
    if (outcome->refused++ < REFUSALS_SHOWN) {
        TRY(record_title(ctx, step->entity, step->id, &title));
        buf_printf(&outcome->why, " " STR_FMT ": " STR_FMT ".", STR_ARG(title), STR_ARG(message));
    }
    return OK;
}

static void tell_outcome(Ctx *ctx, const BulkOutcome *outcome)
{
    Str words = tr_plural(ctx, "%lld done.", "%lld done.", outcome->done);
    if (outcome->asked)
        words = str_format(ctx->arena, STR_FMT " " STR_FMT, STR_ARG(words),
                           STR_ARG(tr_plural(ctx, "%lld waits for approval.",
                                             "%lld wait for approval.", outcome->asked)));
    if (outcome->refused) {
        Str refused = tr_plural(ctx, "%lld refused:", "%lld refused:", outcome->refused);
        words = str_format(ctx->arena, STR_FMT " " STR_FMT STR_FMT, STR_ARG(words),
                           STR_ARG(refused), STR_ARG(buf_str(&outcome->why)));
    }
    flash_put(ctx, outcome->refused ? "warn" : "ok", words);
}

Status list_bulk_post(Ctx *ctx)
{
    const FormFieldList *form;
    BulkOutcome outcome = { .why = { .arena = ctx->arena } };
    BulkStep step = { 0 };
    Str back = S("");
    int count = 0;
    TRY(page_entity(ctx, &step.entity));
    TRY(request_form(ctx, &form));
    EACH (field, *form) {
        if (str_is(field->name, "action"))
            step.action = field->value;
        if (str_is(field->name, "back"))
            back = field->value;
    }
    EACH (field, *form) {
        if (!str_is(field->name, "id") || !id_parse(field->value, &step.id))
            continue;
        if (++count > BULK_MAX)
            return FAIL(ctx, E_INVALID, "bulk.too_many", "at most %d at once", BULK_MAX);
        TRY(run_bulk_on(ctx, &step, &outcome));
    }
    if (count)
        tell_outcome(ctx, &outcome);
    else
        flash_put(ctx, "warn", tr(ctx, "Nothing was selected."));
    Url url;
    TRY(url_local(ctx, back.len ? back : entity_url(ctx->arena, step.entity).text, &url));
    return respond_redirect(ctx, url.text);
}

// ---- The page -----------------------------------------------------------------------------------

static bool is_kept(const FormField *field)
{
    static const char *const own[] = { "after", "before", "q", "part" };
    for (size_t i = 0; i < COUNT(own); i++)
        if (str_is(field->name, own[i]))
            return false;
    return field->value.len > 0;
}

// What every look of the list has: rights, filters, saved views.
static Status fill_tools(Ctx *ctx, ListPage *page)
{
    const EntityDef *e = page->entity;
    bool is_written = entity_is_root(e) && !(e->api && strcmp(e->api, "read") == 0);
    page->may_create = is_written && actor_may(ctx->actor, e->info->write_permission);
    page->may_import = page->may_create && actor_may(ctx->actor, "platform.import");
    page->may_export = actor_may(ctx->actor, "platform.export");
    page->may_keep_view = actor_may(ctx->actor, "platform.view");
    page->is_searchable = e->search != NULL;
    EACH (field, ctx->request->query)
        if (is_kept(field))
            *list_push(ctx->arena, &page->kept) = *field;
    list_choices(ctx, page);
    TRY(list_filters(ctx, page));
    return list_views(ctx, page);
}

static bool is_narrowed(const EntityQuery *query)
{
    return query->filters.len || query->search.len || query->with_archived || query->only_archived;
}

// How many there are in all was counted for the tabs.
static Status fill_rows(Ctx *ctx, ListPage *page)
{
    bool is_known = page->all >= 0 && !is_narrowed(&page->query);
    page->query.want_count = !is_known;
    TRY(entity_query(ctx, &page->query, &page->rows));
    if (is_known)
        page->rows.count = page->all;
    page->count = list_count_words(ctx, page->rows.count);
    EACH (path, page->query.columns)
        add_column(ctx, page, path);
    choose_columns(page);
    prepare_rows(ctx, page);
    add_bulk(ctx, page);
    page->is_scoped = scope_bears_on(ctx, page->entity);
    if (page->rows.rows.len == 0)
        TRY(list_without(ctx, page));
    return read_sums(ctx, page);
}

static Status draw(Ctx *ctx, const ListPage *page)
{
    Buf *out = &ctx->request->out;
    size_t body = html_begin(out);
    if (page_wants_part(ctx, "rows")) {
        web_list_rows(out, ctx, page);
        return page_answer_part(ctx);
    }
    web_list(out, ctx, page);
    return page_answer(
        ctx, &(Page){ .title = tr(ctx, page->entity->plural), .group = nav_group_of(page->entity) },
        body, 200);
}

static const struct {
    const char *name;
    Status (*draw)(Ctx *ctx, ListPage *page);
} looks[] = {
    { "board", board_page },
    { "calendar", calendar_page },
    { "gantt", gantt_page },
    { "sheet", sheet_page },
};

Status list_page(Ctx *ctx)
{
    ctx->request->timed = TIMED_LIST;
    ListPage *page = NEW(ctx->arena, ListPage);
    Str format = request_query(ctx->request, "format");
    TRY(page_entity(ctx, &page->entity));
    TRY(list_query(ctx, page->entity, &page->query));
    if (format.len)
        return list_export(ctx, &page->query, format);
    list_looks(ctx, page);
    TRY(fill_tools(ctx, page));
    for (size_t i = 0; i < COUNT(looks); i++)
        if (strcmp(looks[i].name, page->look) == 0)
            return looks[i].draw(ctx, page);
    TRY(fill_rows(ctx, page));
    return draw(ctx, page);
}

// ---- Pickers ------------------------------------------------------------------------------------

// What a reference's field offers while somebody types: a list of buttons.
Status pick_page(Ctx *ctx)
{
    const EntityDef *target = entity_named(ctx->request->params[0]);
    OptionList options;
    if (!target || !tenant_has_module(ctx->tenant, target->info->module->name))
        return FAIL(ctx, E_NOT_FOUND, "http.not_found", "there is nothing of this kind");
    TRY(actor_require(ctx, target->info->read_permission));
    TRY(options_search(ctx, target, str_trim(request_query(ctx->request, "q")), PICKS_MAX,
                       &options));
    web_picks(&ctx->request->out, ctx, &options);
    return page_answer_part(ctx);
}
