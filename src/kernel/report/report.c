// report.c - running reports. A report's statement is literal text that names seen_<entity>; what
// stands behind that name is put before it here: the columns the actor may read of the rows the
// actor sees. So there is one predicate for lists and reports, and a report cannot forget it.
#include "kernel/report.h"

#include "kernel/auth/actor.h"
#include "kernel/entity/info.h"
#include "kernel/entity/scope.h"

#include <ctype.h>

// ---- What is seen -------------------------------------------------------------------------------

static bool is_name_char(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

// The entities that the statement names, each once.
static Status named_entities(Ctx *ctx, const Report *report, const EntityDef **ret,
                             size_t *ret_count)
{
    Str rest = str_from(report->sql);
    ptrdiff_t at;
    *ret_count = 0;
    while ((at = str_find(rest, S("seen_"))) >= 0) {
        size_t end = (size_t)at + 5;
        while (end < rest.len && is_name_char(rest.ptr[end]))
            end++;
        Str name = str_sub(rest, (size_t)at + 5, end - (size_t)at - 5);
        const EntityDef *e = entity_named(name);
        bool known = false;
        if (!e)
            return FAIL(ctx, E_INTERNAL, "report.entity", "report %s names seen_" STR_FMT,
                        report->name, STR_ARG(name));
        for (size_t i = 0; i < *ret_count; i++)
            known |= ret[i] == e;
        if (!known && *ret_count < 16)
            ret[(*ret_count)++] = e;
        rest = str_from_at(rest, end);
    }
    return OK;
}

static void put_seen(Statement *s, const EntityDef *e)
{
    const char *comma = "";
    buf_printf(&s->text, "seen_%s AS (SELECT ", e->name);
    EACH (slot, e->info->slots) {
        bool readable = !slot->field || actor_may_read_field(s->ctx->actor, slot->field);
        if (slot->how == SLOT_SEALED || slot->how == SLOT_BYTES || !slot->is_read)
            continue;
        buf_printf(&s->text, readable ? "%st.%s" : "%sNULL AS %s", comma, slot->column);
        comma = ", ";
    }
    buf_printf(&s->text, " FROM %s t WHERE 1 = 1", e->name);
    scope_where(s, e, "t");
    buf_c(&s->text, ")");
}

// ---- Parameters ---------------------------------------------------------------------------------

static Arg param_arg(const FieldDef *f, const void *params)
{
    switch ((FieldType)f->type) {
    case FIELD_DATE: return arg_int(FIELD_GET(params, f, Date));
    case FIELD_BOOL: return arg_int(FIELD_GET(params, f, bool));
    case FIELD_ENUM:
    case FIELD_STATE:
        return arg_c(((const EnumDef *)f->of)->values[FIELD_GET(params, f, int)].name);
    case FIELD_TEXT:
    case FIELD_CODE: return arg_text(FIELD_GET(params, f, Str));
    case FIELD_RATE: return arg_int(FIELD_GET(params, f, Rate).micro);
    case FIELD_CURRENCY: return arg_currency(FIELD_GET(params, f, CurrencyCode));
    default: return arg_int(FIELD_GET(params, f, int64_t));
    }
}

static Status compose(Ctx *ctx, const Report *report, const void *params, Query *ret)
{
    Statement s = { .ctx = ctx, .text = { .arena = ctx->arena } };
    const EntityDef *seen[16];
    size_t count;
    TRY(named_entities(ctx, report, seen, &count));
    for (int i = 0; report->params && i < report->params->count; i++)
        *list_push(ctx->arena, &s.args) = param_arg(&report->params->fields[i], params);
    Str sql = str_from(report->sql);
    bool has_with = str_starts(sql, S("WITH "));
    for (size_t i = 0; i < count; i++) {
        buf_c(&s.text, i ? ", " : "WITH ");
        put_seen(&s, seen[i]);
    }
    buf_c(&s.text, count && has_with ? ", " : count ? " " : "");
    buf_put(&s.text, count && has_with ? str_from_at(sql, 5) : sql);
    buf_printf(&s.text, " LIMIT %d", REPORT_ROWS_MAX + 1);
    *ret = statement_done(&s);
    return OK;
}

// ---- Rows ---------------------------------------------------------------------------------------

static int count_columns(const Report *report)
{
    int n = 0;
    while (report->columns[n].name)
        n++;
    return n;
}

static bool is_text(const ReportColumn *column)
{
    return column->type == REPORT_TEXT || column->type == REPORT_HREF;
}

ReportCell *report_add_row(Ctx *ctx, ReportRows *rows)
{
    ReportCell *cells = NEW_ARRAY(ctx->arena, ReportCell, (size_t)rows->column_count);
    *list_push(ctx->arena, &rows->rows) = cells;
    return cells;
}

static Status read_rows(Ctx *ctx, Query query, ReportRows *ret)
{
    int n = ret->column_count;
    MaybeInt *numbers = NEW_ARRAY(ctx->arena, MaybeInt, (size_t)n);
    Str *texts = NEW_ARRAY(ctx->arena, Str, (size_t)n);
    Out *outs = NEW_ARRAY(ctx->arena, Out, (size_t)n);
    for (int i = 0; i < n; i++)
        outs[i] = is_text(&ret->report->columns[i]) ? (Out){ OUT_TEXT, &texts[i] }
                                                    : (Out){ OUT_MAYBE64, &numbers[i] };
    Rows *rows = db_query(ctx, query);
    while (rows_next_(rows, outs, n)) {
        if (ret->rows.len == REPORT_ROWS_MAX) {
            ret->is_cut = true;
            return OK;
        }
        ReportCell *cells = report_add_row(ctx, ret);
        for (int i = 0; i < n; i++)
            cells[i] = is_text(&ret->report->columns[i])
                         ? (ReportCell){ .text = texts[i], .known = texts[i].len > 0 }
                         : (ReportCell){ .number = numbers[i].value, .known = numbers[i].known };
    }
    return rows_end(rows);
}

Status report_run(Ctx *ctx, const Report *report, const void *params, ReportRows *ret)
{
    Query query;
    *ret = (ReportRows){ .report = report, .column_count = count_columns(report) };
    TRY(actor_require(ctx, report->permission));
    if (report->rows)
        return report->rows(ctx, params, ret);
    TRY(compose(ctx, report, params, &query));
    return read_rows(ctx, query, ret);
}
