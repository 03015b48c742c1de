// gantt.c - a list as bars over time: each document from the day it was agreed to the day it was
// promised, drawn as SVG by the server. The same rows as a table are the list itself.
#include "web/list_look.h"

#include "gen/pages/web_gantt.h"
#include "kernel/entity/info.h"
#include "kernel/i18n.h"
#include "kernel/tenant.h"

enum { GANTT_DAYS = 42, GANTT_BARS = 60, GANTT_BACK = 14, STEP = 28, BAR_MIN = 6 };

static int x_of(Date date, Date from)
{
    return GANTT_LEFT + (date - from) * (GANTT_WIDTH - GANTT_LEFT) / GANTT_DAYS;
}

static int within(int x)
{
    return x < GANTT_LEFT ? GANTT_LEFT : x > GANTT_WIDTH ? GANTT_WIDTH : x;
}

static const char *tone_of(const EntityDef *e, const Brief *brief)
{
    const FieldDef *state = entity_state_field(e);
    int value = state ? enum_value(state->of, brief->state) : 0;
    const char *tone = value ? ((const EnumDef *)state->of)->values[value].tone : NULL;
    return tone ? tone : "mute";
}

// What has no second day yet is open: it reaches to today, or is one day long.
static Date last_day(const Cell *cell, Date begins, Date today)
{
    if (cell->known && cell->number >= begins)
        return (Date)cell->number;
    return today > begins ? today : begins;
}

static void add_bar(Ctx *ctx, Gantt *gantt, const EntityQuery *query, const EntityRow *row,
                    size_t at, Date from)
{
    Date begins = (Date)row->cells[at].number;
    Date ends = last_day(&row->cells[at + 1], begins, tenant_today(ctx));
    GanttBar bar = { .brief = brief_of(ctx, query, row),
                     .from = show_date(ctx, begins),
                     .to = row->cells[at + 1].known ? show_date(ctx, ends) : S("…"),
                     .y = GANTT_TOP + (int)gantt->bars.len * GANTT_ROW,
                     .x = within(x_of(begins, from)) };
    bar.width = within(x_of(ends + 1, from)) - bar.x;
    bar.width = bar.width < BAR_MIN ? BAR_MIN : bar.width;
    bar.tone = tone_of(query->entity, &bar.brief);
    bar.label = tr_format(ctx, "%s, from %s to %s", str_c(ctx->arena, bar.brief.title),
                          str_c(ctx->arena, bar.from), str_c(ctx->arena, bar.to));
    *list_push(ctx->arena, &gantt->bars) = bar;
}

// Whatever begins before the window's end and is not over before it: what begins long before is
// found as far back as the window is wide.
static Status read_bars(Ctx *ctx, Gantt *gantt, const FieldDef *begin, const FieldDef *end,
                        Date from)
{
    EntityQuery query = gantt->list->query;
    EntityRows rows;
    brief_columns(ctx, &query);
    size_t at = query.columns.len;
    const FieldDef *const days[] = { begin, end };
    for (size_t i = 0; i < COUNT(days); i++)
        *list_push(ctx->arena, &query.columns) =
            (FieldPath){ .entity = query.entity, .field = days[i] };
    const struct {
        FilterOp op;
        Date date;
    } bounds[] = { { FILTER_FROM, from - GANTT_DAYS }, { FILTER_TO, from + GANTT_DAYS - 1 } };
    for (size_t i = 0; i < COUNT(bounds); i++)
        *list_push(ctx->arena, &query.filters) =
            (Filter){ .path = { .entity = query.entity, .field = begin },
                      .op = bounds[i].op,
                      .text = date_text(ctx->arena, bounds[i].date) };
    query.sort[0] =
        (Sort){ .path = { .entity = query.entity, .field = begin }, .descending = true };
    query.sort_count = 1;
    query.limit = GANTT_BARS;
    query.after = query.before = S("");
    query.want_count = false;
    TRY(entity_query(ctx, &query, &rows));
    gantt->is_cut = rows.next.len > 0;
    EACH (row, rows.rows)
        if (last_day(&row->cells[at + 1], (Date)row->cells[at].number, tenant_today(ctx)) >= from)
            add_bar(ctx, gantt, &query, row, at, from);
    return OK;
}

static void add_marks(Ctx *ctx, Gantt *gantt, Date from)
{
    for (Date date = from; date < from + GANTT_DAYS; date++)
        if (date_weekday(date) == 1)
            *list_push(ctx->arena, &gantt->marks) =
                (GanttMark){ x_of(date, from), show_date(ctx, date) };
    Date today = tenant_today(ctx);
    gantt->today_x = today >= from && today < from + GANTT_DAYS ? x_of(today, from) : 0;
    gantt->height = GANTT_TOP + (int)gantt->bars.len * GANTT_ROW + 8;
}

Status gantt_page(Ctx *ctx, ListPage *page)
{
    Gantt gantt = { .list = page };
    const FieldDef *begin, *end;
    Date from;
    look_span(ctx, page->entity, &begin, &end);
    if (!date_parse(request_query(ctx->request, "_on"), &from))
        from = tenant_today(ctx) - GANTT_BACK;
    from = from - date_weekday(from) + 1;
    gantt.title = tr_format(ctx, "%s to %s", show_date(ctx, from).ptr,
                            show_date_long(ctx, from + GANTT_DAYS - 1).ptr);
    gantt.from_label = tr(ctx, begin->label);
    gantt.to_label = tr(ctx, end->label);
    gantt.before = url_query(ctx, "", "_on", date_text(ctx->arena, from - STEP));
    gantt.after = url_query(ctx, "", "_on", date_text(ctx->arena, from + STEP));
    gantt.today = url_query(ctx, "_on", "", S(""));
    TRY(read_bars(ctx, &gantt, begin, end, from));
    add_marks(ctx, &gantt, from);
    size_t body = html_begin(&ctx->request->out);
    web_gantt(&ctx->request->out, ctx, &gantt);
    return page_answer(
        ctx, &(Page){ .title = tr(ctx, page->entity->plural), .group = nav_group_of(page->entity) },
        body, 200);
}
