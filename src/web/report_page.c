// report_page.c - a report: its parameters as a form above, its rows below, each figure leading to
// what is behind it. The same address with format= is the report as a file.
#include "web/report_page.h"

#include "gen/pages/web_report.h"
#include "kernel/auth/actor.h"
#include "kernel/i18n.h"
#include "kernel/tenant.h"
#include "web/list.h"

enum { ROWS_SHOWN = 1000 };

// ---- All reports --------------------------------------------------------------------------------

static bool is_open(const Ctx *ctx, const Module *module, const Report *report)
{
    return tenant_has_module(ctx->tenant, module->name) &&
           actor_may(ctx->actor, report->permission);
}

static ReportGroup *group_named(Ctx *ctx, ReportGroupList *list, const char *name)
{
    EACH (group, *list)
        if (strcmp(group->group, name) == 0)
            return group;
    ReportGroup *group = list_push(ctx->arena, list);
    group->group = name;
    return group;
}

Status reports_page(Ctx *ctx)
{
    ReportGroupList groups = { 0 };
    for (const Module *const *m = modules_all(); *m; m++)
        for (const Report *r = (*m)->reports; r && r->name; r++)
            if (is_open(ctx, *m, r))
                *list_push(ctx->arena,
                           &group_named(ctx, &groups, r->group ? r->group : "")->reports) = r;
    size_t body = html_begin(&ctx->request->out);
    web_reports(&ctx->request->out, ctx, groups);
    return page_answer(ctx, &(Page){ .title = tr(ctx, "Reports"), .group = "Know" }, body, 200);
}

// ---- Parameters ---------------------------------------------------------------------------------

// What nobody said: the fiscal year up to today, and what the declaration says.
static void set_default(Ctx *ctx, const FieldDef *f, void *params)
{
    Date today = tenant_today(ctx);
    const char *initial = f->more ? f->more->initial : NULL;
    bool is_start = strncmp(f->name, "from", 4) == 0;
    if (f->type == FIELD_DATE)
        *FIELD_AT(params, f, Date) = is_start ? tenant_fiscal_start(ctx, today) : today;
    else if ((f->type == FIELD_ENUM || f->type == FIELD_STATE) && initial)
        *FIELD_AT(params, f, int) = enum_value(f->of, str_from(initial));
    else if (f->type == FIELD_BOOL && initial)
        *FIELD_AT(params, f, bool) = strcmp(initial, "1") == 0;
    else if (f->type == FIELD_CURRENCY)
        *FIELD_AT(params, f, CurrencyCode) = ctx->tenant->base;
}

static Status query_tree(Ctx *ctx, const Json **ret)
{
    FormFieldList given = { 0 };
    EACH (field, ctx->request->query)
        if (!str_is(field->name, "format"))
            *list_push(ctx->arena, &given) = *field;
    return form_to_json(ctx, &given, ret);
}

static Status read_params(Ctx *ctx, const Report *report, const Json *typed, void **ret)
{
    const ShapeDef *shape = report->params;
    const Json *input;
    *ret = NULL;
    if (!shape)
        return OK;
    *ret = arena_alloc(ctx->arena, shape->size);
    for (int i = 0; i < shape->count; i++)
        set_default(ctx, &shape->fields[i], *ret);
    TRY(form_read_shape(ctx, shape, typed, &input));
    TRY(shape_from_json(ctx, shape, input, INPUT_FORM, *ret));
    return ctx_problems(ctx);
}

// ---- Rows ---------------------------------------------------------------------------------------

static int column_index(const Report *report, const char *name)
{
    for (int i = 0; name && report->columns[i].name; i++)
        if (strcmp(report->columns[i].name, name) == 0)
            return i;
    return -1;
}

static CurrencyCode currency_at(Ctx *ctx, const Report *report, int column, const ReportCell *cells)
{
    int in = column_index(report, report->columns[column].in);
    return in >= 0 && cells ? currency_stored(cells[in].text) : ctx->tenant->base;
}

static Shown value_at(Ctx *ctx, const Report *report, int column, const ReportCell *cells,
                      ReportCell cell)
{
    Shown shown = { .kind = SHOWN_NUMBER };
    CurrencyCode currency = currency_at(ctx, report, column, cells);
    if (!cell.known)
        return (Shown){ .kind = SHOWN_EMPTY };
    switch (report->columns[column].type) {
    case REPORT_TEXT: return (Shown){ .kind = SHOWN_TEXT, .text = cell.text };
    case REPORT_MONEY:
        shown.text = show_money(ctx, (Money){ cell.number }, currency);
        shown.before = str_copy(ctx->arena, currency_text(&currency));
        return shown;
    case REPORT_QTY: shown.text = show_qty(ctx, (Qty){ cell.number }, 0); return shown;
    case REPORT_PERCENT:
        shown.text = show_percent(ctx, (Rate){ (int32_t)cell.number });
        return shown;
    case REPORT_DATE:
        return (Shown){ .kind = SHOWN_TIME,
                        .text = show_date(ctx, (Date)cell.number),
                        .machine = date_text(ctx->arena, (Date)cell.number) };
    default: shown.text = show_number(ctx, cell.number, 0); return shown;
    }
}

static Str machine_text(Ctx *ctx, const ReportColumn *column, const ReportCell *cell)
{
    if (column->type == REPORT_TEXT)
        return cell->text;
    if (column->type == REPORT_DATE)
        return date_text(ctx->arena, (Date)cell->number);
    if (column->type == REPORT_ID)
        return id_text(ctx->arena, cell->number);
    return str_format(ctx->arena, "%lld", (long long)cell->number);
}

// A name in braces is a column of the row, else a parameter.
static Str drill_value(Ctx *ctx, const Report *report, const ReportCell *cells, const void *params,
                       Str name)
{
    int column = column_index(report, str_c(ctx->arena, name));
    const FieldDef *f = report->params ? shape_field(report->params, name) : NULL;
    if (column >= 0)
        return machine_text(ctx, &report->columns[column], &cells[column]);
    return f && params ? form_text(ctx, NULL, params, f, ctx->tenant->base) : S("");
}

static Url drill_url(Ctx *ctx, const Report *report, int column, const ReportCell *cells,
                     const void *params)
{
    Buf out = { .arena = ctx->arena };
    Str rest = str_from(report->columns[column].drill), part;
    bool is_name = false;
    while (rest.len && str_next(&rest, is_name ? '}' : '{', &part)) {
        if (is_name)
            html_percent(&out, drill_value(ctx, report, cells, params, part));
        else
            buf_put(&out, part);
        is_name = !is_name;
    }
    return (Url){ buf_str(&out) };
}

static bool is_end(const ReportColumn *column)
{
    return column->type != REPORT_TEXT && column->type != REPORT_DATE;
}

static ReportRowView view_row(Ctx *ctx, ReportView *view, const ReportCell *cells,
                              const void *params)
{
    const Report *report = view->report;
    ReportRowView row = { .cells = NEW_ARRAY(ctx->arena, ReportCellView, view->columns.len + 1) };
    for (size_t i = 0; i < view->columns.len; i++) {
        int column = (int)(view->columns.items[i] - report->columns);
        row.cells[i] =
            (ReportCellView){ .value = value_at(ctx, report, column, cells, cells[column]),
                              .is_end = is_end(&report->columns[column]) };
        if (report->columns[column].drill && cells[column].known)
            row.cells[i].drill = drill_url(ctx, report, column, cells, params);
    }
    return row;
}

// Amounts of two currencies are never added up: such a column has no sum.
typedef struct Sums {
    ReportCell *cells;
    CurrencyCode *currencies;
    bool *is_mixed;
} Sums;

static Sums sums_new(Ctx *ctx, const ReportRows *rows)
{
    size_t n = (size_t)rows->column_count;
    return (Sums){ NEW_ARRAY(ctx->arena, ReportCell, n), NEW_ARRAY(ctx->arena, CurrencyCode, n),
                   NEW_ARRAY(ctx->arena, bool, n) };
}

static void sums_add(Ctx *ctx, const ReportRows *rows, Sums *sums, const ReportCell *cells)
{
    for (int i = 0; i < rows->column_count; i++) {
        if (!rows->report->columns[i].is_sum || !cells[i].known)
            continue;
        CurrencyCode currency = currency_at(ctx, rows->report, i, cells);
        bool is_first = !sums->cells[i].known;
        sums->is_mixed[i] |= !is_first && !currency_eq(currency, sums->currencies[i]);
        sums->currencies[i] = currency;
        sums->is_mixed[i] |=
            __builtin_add_overflow(sums->cells[i].number, cells[i].number, &sums->cells[i].number);
        sums->cells[i].known = true;
    }
}

static ReportRowView view_sums(Ctx *ctx, ReportView *view, const Sums *sums, Str label)
{
    const Report *report = view->report;
    ReportRowView row = { .cells = NEW_ARRAY(ctx->arena, ReportCellView, view->columns.len + 1),
                          .is_subtotal = true };
    for (size_t i = 0; i < view->columns.len; i++) {
        int column = (int)(view->columns.items[i] - report->columns);
        Shown shown = { .kind = i == 0 ? SHOWN_TEXT : SHOWN_EMPTY, .text = label };
        if (sums->cells[column].known && !sums->is_mixed[column]) {
            shown = value_at(ctx, report, column, NULL, sums->cells[column]);
            if (shown.before.len) {
                shown.text = show_money(ctx, (Money){ sums->cells[column].number },
                                        sums->currencies[column]);
                shown.before = str_copy(ctx->arena, currency_text(&sums->currencies[column]));
            }
        }
        row.cells[i] =
            (ReportCellView){ .value = shown, .is_end = is_end(&report->columns[column]) };
    }
    return row;
}

static int group_column(const Report *report)
{
    for (int i = 0; report->columns[i].name; i++)
        if (report->columns[i].is_group)
            return i;
    return -1;
}

static void view_rows(Ctx *ctx, ReportView *view, const ReportRows *rows, const void *params)
{
    int group = group_column(rows->report);
    Sums total = sums_new(ctx, rows), part = sums_new(ctx, rows);
    for (size_t i = 0; i < rows->rows.len; i++) {
        const ReportCell *cells = rows->rows.items[i];
        const ReportCell *next = i + 1 < rows->rows.len ? rows->rows.items[i + 1] : NULL;
        bool ends = group >= 0 && (!next || !str_eq(next[group].text, cells[group].text));
        sums_add(ctx, rows, &total, cells);
        sums_add(ctx, rows, &part, cells);
        if (view->rows.len < ROWS_SHOWN)
            *list_push(ctx->arena, &view->rows) = view_row(ctx, view, cells, params);
        if (ends && view->rows.len < ROWS_SHOWN)
            *list_push(ctx->arena, &view->rows) = view_sums(ctx, view, &part, cells[group].text);
        if (ends)
            part = sums_new(ctx, rows);
    }
    view->row_count = rows->rows.len;
    view->is_cut = rows->is_cut || rows->rows.len > ROWS_SHOWN;
    view->total = view_sums(ctx, view, &total, tr(ctx, "Total"));
    for (int i = 0; i < rows->column_count; i++)
        view->has_total |= total.cells[i].known && !total.is_mixed[i];
}

// ---- The page -----------------------------------------------------------------------------------

static Status find_report(Ctx *ctx, const Report **ret)
{
    for (const Module *const *m = modules_all(); *m; m++)
        for (const Report *r = (*m)->reports; r && r->name; r++)
            if (str_is(ctx->request->params[0], r->name) &&
                tenant_has_module(ctx->tenant, (*m)->name)) {
                *ret = r;
                return actor_require(ctx, r->permission);
            }
    return FAIL(ctx, E_NOT_FOUND, "http.not_found", "there is no such report");
}

static Status draw(Ctx *ctx, ReportView *view, int status)
{
    size_t body = html_begin(&ctx->request->out);
    web_report(&ctx->request->out, ctx, view);
    return page_answer(ctx,
                       &(Page){ .title = tr(ctx, view->report->title),
                                .group = "Know",
                                .list = tr(ctx, "Reports"),
                                .list_url = (Url){ S("/admin/reports") } },
                       body, status);
}

// Wrong parameters are shown at their fields, and the report waits.
Status report_page(Ctx *ctx)
{
    ctx->request->timed = TIMED_REPORT;
    ReportView view = { .may_export = actor_may(ctx->actor, "platform.export") };
    OptionCache options = { .lists = { .arena = ctx->arena } };
    const Json *typed;
    ReportRows rows;
    void *params;
    Str format = request_query(ctx->request, "format");
    TRY(find_report(ctx, &view.report));
    TRY(query_tree(ctx, &typed));
    Status status = read_params(ctx, view.report, typed, &params);
    if (status != OK && status != E_INVALID)
        return status;
    if (status == OK)
        TRY(report_run(ctx, view.report, params, &rows));
    if (status == OK && format.len)
        return view.may_export ? rows_as_file(ctx, &rows, view.report->name, format)
                               : actor_require(ctx, "platform.export");
    for (const ReportColumn *c = view.report->columns; c->name; c++)
        if (c->type != REPORT_ID)
            *list_push(ctx->arena, &view.columns) = c;
    if (view.report->params)
        TRY(form_shape(ctx, &options, view.report->params, params, typed->count ? typed : NULL,
                       S(""), &view.inputs));
    view.has_rows = status == OK;
    if (status == OK)
        view_rows(ctx, &view, &rows, params);
    return draw(ctx, &view, status == OK ? 200 : 422);
}
