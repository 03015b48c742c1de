// days.c - working days as a list, so that "three working days before" is three steps back.
//
// The list reaches as far before day 0 as the longest lead time, and as far behind the plan as the
// longest lead time and offset, so that every step within those limits lands in it.
#include "algo/mrp/work.h"

#include <stdlib.h>

typedef LIST(int32_t) DayList;

typedef struct {
    const MrpCalendar *calendar;  // NULL: every day
    int32_t *closed, *open;       // sorted
    int first_weekday;            // of day 0; 0 is Monday
} Rule;

static int by_day(const void *a, const void *b)
{
    int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;
    return (x > y) - (x < y);
}

static int32_t *sorted(Arena *arena, const int32_t *days, size_t len)
{
    int32_t *copy = NEW_ARRAY(arena, int32_t, len);
    if (len) {
        memcpy(copy, days, len * sizeof *copy);
        qsort(copy, len, sizeof *copy, by_day);
    }
    return copy;
}

static bool has(const int32_t *days, size_t len, int32_t day)
{
    return len && bsearch(&day, days, len, sizeof *days, by_day);
}

static bool is_working(const Rule *rule, int32_t day)
{
    const MrpCalendar *calendar = rule->calendar;
    if (!calendar || has(rule->open, calendar->open_len, day))
        return true;
    int weekday = (int)(((rule->first_weekday + (int64_t)day) % 7 + 7) % 7);
    return calendar->weekdays >> weekday & 1 && !has(rule->closed, calendar->closed_len, day);
}

typedef struct {
    int32_t span, before, behind;  // days of the plan and its fences; working days around them
} Reach;

static Reach reach_of(const MrpInput *input)
{
    int32_t lead = 0, offset = 0, span = input->days;
    for (int32_t i = 0; i < input->item_count; i++) {
        const MrpItem *item = &input->items[i];
        lead = item->lead_days > lead ? item->lead_days : lead;
        span = item->frozen_days > span ? item->frozen_days : span;
    }
    for (int32_t i = 0; i < input->line_count; i++)
        offset = input->lines[i].offset_days > offset ? input->lines[i].offset_days : offset;
    return (Reach){ span + 1, lead + 2, lead + offset + 2 };
}

static void put_before(Arena *arena, const Rule *rule, int32_t wanted, DayList *list)
{
    list_reserve(arena, list, (size_t)wanted);
    for (int32_t day = -1; list->len < (size_t)wanted; day--)
        if (is_working(rule, day))
            *list_push(arena, list) = day;
    for (size_t i = 0, j = list->len - 1; i < j; i++, j--) {
        int32_t day = list->items[i];
        list->items[i] = list->items[j];
        list->items[j] = day;
    }
}

static MrpDays days_of(Arena *arena, const Rule *rule, Reach reach)
{
    DayList list = { 0 };
    put_before(arena, rule, reach.before, &list);
    int32_t *at = NEW_ARRAY(arena, int32_t, (size_t)reach.span);
    int32_t day = 0;
    for (; day < reach.span; day++) {
        if (is_working(rule, day))
            *list_push(arena, &list) = day;
        at[day] = (int32_t)list.len - 1;
    }
    for (size_t wanted = list.len + (size_t)reach.behind; list.len < wanted; day++)
        if (is_working(rule, day))
            *list_push(arena, &list) = day;
    return (MrpDays){ list.items, (int32_t)list.len, reach.span, at };
}

Status mrp_days(Ctx *ctx, const MrpInput *input, MrpDays **ret)
{
    Reach reach = reach_of(input);
    MrpDays *days = NEW_ARRAY(ctx->arena, MrpDays, (size_t)input->calendar_count + 1);
    days[0] = days_of(ctx->arena, &(Rule){ 0 }, reach);
    for (int32_t i = 0; i < input->calendar_count; i++) {
        const MrpCalendar *calendar = &input->calendars[i];
        if ((calendar->weekdays & 0x7F) == 0)
            return FAIL(ctx, E_INVALID, "mrp.calendar", "calendar " STR_FMT " has no working day",
                        STR_ARG(calendar->id));
        Rule rule = { calendar, sorted(ctx->arena, calendar->closed, calendar->closed_len),
                      sorted(ctx->arena, calendar->open, calendar->open_len),
                      date_weekday(input->start) - 1 };
        days[i + 1] = days_of(ctx->arena, &rule, reach);
    }
    *ret = days;
    return OK;
}

int32_t days_at(const MrpDays *days, int32_t day)
{
    if (day >= 0 && day < days->span)
        return days->at[day];
    int32_t low = 0, high = days->count;  // work[low - 1] <= day < work[high]
    while (low < high) {
        int32_t middle = low + (high - low) / 2;
        if (days->work[middle] <= day)
            low = middle + 1;
        else
            high = middle;
    }
    return low > 0 ? low - 1 : 0;
}

int32_t days_from(const MrpDays *days, int32_t day)
{
    int32_t at = days_at(days, day);
    return days->work[at] < day && at + 1 < days->count ? at + 1 : at;
}
