// calendar.c - a list as a calendar: each record on one of its days, a month, a week, or as an
// agenda for narrow screens.
#include "web/list_look.h"

#include "gen/pages/web_calendar.h"
#include "kernel/auth/actor.h"
#include "kernel/entity/info.h"
#include "kernel/i18n.h"
#include "kernel/tenant.h"

enum { ITEMS_READ = 500, ITEMS_A_DAY = 4, WEEK = 7, AGENDA_DAYS = 14 };

// ---- Which days ---------------------------------------------------------------------------------

typedef struct Range {
    Date from, to;            // shown, both inclusive
    Date first, last;         // of the month meant
    Date step_back, step_on;  // where the arrows lead
} Range;

static Date monday_before(Date date)
{
    return date - date_weekday(date) + 1;
}

static Range range_of(Str scale, Date on)
{
    if (str_is(scale, "week")) {
        Date monday = monday_before(on);
        return (Range){ monday,        monday + WEEK - 1, monday, monday + WEEK - 1,
                        monday - WEEK, monday + WEEK };
    }
    if (str_is(scale, "agenda"))
        return (Range){
            on, on + AGENDA_DAYS - 1, on, on + AGENDA_DAYS - 1, on - AGENDA_DAYS, on + AGENDA_DAYS
        };
    Date first = date_month_start(on), last = date_month_end(on);
    return (Range){ monday_before(first),       monday_before(last) + WEEK - 1, first, last,
                    date_add_months(first, -1), date_add_months(first, 1) };
}

static Str title_of(Ctx *ctx, Str scale, const Range *range)
{
    if (str_is(scale, "month"))
        return show_month(ctx, date_ymd(range->first).year, date_ymd(range->first).month);
    return tr_format(ctx, "%s to %s", show_date(ctx, range->from).ptr,
                     show_date_long(ctx, range->to).ptr);
}

// ---- Reading ------------------------------------------------------------------------------------

static void add_bound(Ctx *ctx, EntityQuery *query, const FieldDef *day, FilterOp op, Date date)
{
    *list_push(ctx->arena, &query->filters) =
        (Filter){ .path = { .entity = query->entity, .field = day },
                  .op = op,
                  .text = date_text(ctx->arena, date) };
}

static Str day_of_month(Ctx *ctx, Date date, Date first)
{
    Ymd ymd = date_ymd(date);
    return ymd.day == 1 || date == first ? show_date(ctx, date)
                                         : str_format(ctx->arena, "%d", ymd.day);
}

static void add_days(Ctx *ctx, const Range *range, const FieldDef *day, Calendar *calendar)
{
    for (Date date = range->from; date <= range->to; date++)
        *list_push(ctx->arena, &calendar->days) =
            (CalendarDay){ .date = date,
                           .label = str_is(calendar->scale, "month")
                                      ? day_of_month(ctx, date, range->from)
                                      : show_date(ctx, date),
                           .is_outside = date < range->first || date > range->last,
                           .is_today = date == tenant_today(ctx),
                           .all = url_query(ctx, "view _on _scale _by after before", day->name,
                                            date_text(ctx->arena, date)) };
}

static Status read_items(Ctx *ctx, const Range *range, const FieldDef *day, Calendar *calendar)
{
    EntityQuery query = calendar->list->query;
    EntityRows rows;
    brief_columns(ctx, &query);
    size_t at = query.columns.len;
    *list_push(ctx->arena, &query.columns) = (FieldPath){ .entity = query.entity, .field = day };
    add_bound(ctx, &query, day, FILTER_FROM, range->from);
    add_bound(ctx, &query, day, FILTER_TO, range->to);
    query.sort[0] = (Sort){ .path = { .entity = query.entity, .field = day } };
    query.sort_count = 1;
    query.limit = ITEMS_READ;
    query.after = query.before = S("");
    query.want_count = false;
    TRY(entity_query(ctx, &query, &rows));
    calendar->is_cut = rows.next.len > 0;
    size_t shown_max = str_is(calendar->scale, "month") ? ITEMS_A_DAY : ITEMS_READ;
    EACH (row, rows.rows) {
        CalendarDay *on = &calendar->days.items[row->cells[at].number - range->from];
        if (on->items.len < shown_max)
            *list_push(ctx->arena, &on->items) = brief_of(ctx, &query, row);
        else
            on->more++;
    }
    return OK;
}

// ---- The page -----------------------------------------------------------------------------------

static Url with_scale(Ctx *ctx, const char *scale)
{
    return url_query(ctx, "after before", "_scale", str_from(scale));
}

static void add_links(Ctx *ctx, const Range *range, Calendar *calendar)
{
    calendar->before = url_query(ctx, "", "_on", date_text(ctx->arena, range->step_back));
    calendar->after = url_query(ctx, "", "_on", date_text(ctx->arena, range->step_on));
    calendar->today = url_query(ctx, "_on", "", S(""));
    calendar->month = with_scale(ctx, "month");
    calendar->week = with_scale(ctx, "week");
    calendar->agenda = with_scale(ctx, "agenda");
}

static void add_fields(Ctx *ctx, const FieldDef *here, Calendar *calendar)
{
    const EntityDef *e = calendar->list->entity;
    for (const FieldDef *f = e->fields; f < e->fields + e->count; f++)
        if (f->type == FIELD_DATE && !(f->flags & (SEALED | PERSONAL)) &&
            actor_may_read_field(ctx->actor, f))
            *list_push(ctx->arena, &calendar->fields) =
                (CalendarField){ .name = str_from(f->name),
                                 .label = tr(ctx, f->label),
                                 .is_here = f == here,
                                 .url = url_query(ctx, "", "_by", str_from(f->name)) };
}

static const char *const weekdays[] = { TEXT("Monday"),   TEXT("Tuesday"), TEXT("Wednesday"),
                                        TEXT("Thursday"), TEXT("Friday"),  TEXT("Saturday"),
                                        TEXT("Sunday") };

static Str chosen_scale(const Ctx *ctx)
{
    Str scale = request_query(ctx->request, "_scale");
    return str_is(scale, "week") || str_is(scale, "agenda") ? scale : S("month");
}

Status calendar_page(Ctx *ctx, ListPage *page)
{
    ctx->request->timed = TIMED_CALENDAR;
    Calendar calendar = { .list = page, .scale = chosen_scale(ctx) };
    const FieldDef *day = look_day(ctx, page->entity, request_query(ctx->request, "_by"));
    Date on;
    if (!date_parse(request_query(ctx->request, "_on"), &on))
        on = tenant_today(ctx);
    Range range = range_of(calendar.scale, on);
    calendar.title = title_of(ctx, calendar.scale, &range);
    calendar.field_label = tr(ctx, day->label);
    for (size_t i = 0; i < COUNT(weekdays); i++)
        *(Str *)list_push(ctx->arena, &calendar.weekdays) = tr(ctx, weekdays[i]);
    add_days(ctx, &range, day, &calendar);
    add_links(ctx, &range, &calendar);
    add_fields(ctx, day, &calendar);
    TRY(read_items(ctx, &range, day, &calendar));
    size_t body = html_begin(&ctx->request->out);
    web_calendar(&ctx->request->out, ctx, &calendar);
    return page_answer(
        ctx, &(Page){ .title = tr(ctx, page->entity->plural), .group = nav_group_of(page->entity) },
        body, 200);
}
