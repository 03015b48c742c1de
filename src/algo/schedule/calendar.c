// calendar.c - working time by its running total: a moment maps to how much was worked before it,
// and back. Stretches that touch across the turn of the period count as one for work that must not
// be broken.
#include "algo/schedule/calendar.h"

// ---- Making -------------------------------------------------------------------------------------

static Status check_stretches(Ctx *ctx, const CalendarStretch *stretch, int stretches,
                              int64_t period)
{
    if (stretches < 1 || stretches > CALENDAR_STRETCHES_MAX)
        return FAIL(ctx, E_INVALID, "calendar.input",
                    "a calendar has 1 to %d open stretches, not %d", CALENDAR_STRETCHES_MAX,
                    stretches);
    int64_t before = -1;
    for (int i = 0; i < stretches; i++) {
        if (stretch[i].from <= before || stretch[i].from < 0 || stretch[i].to <= stretch[i].from)
            return FAIL(ctx, E_INVALID, "calendar.input",
                        "open stretch %d is empty or does not come after the one before", i + 1);
        before = stretch[i].to;
    }
    if (before >= CALENDAR_NEVER || period < 0 || (period > 0 && before > period))
        return FAIL(ctx, E_INVALID, "calendar.input",
                    "the open stretches end at %lld, behind the period", (long long)before);
    return OK;
}

// Without a break: one stretch, or the last and the first of a period that touch.
static int64_t longest_of(const Calendar *c)
{
    int64_t longest = 0;
    for (int i = 0; i < c->stretches; i++) {
        int64_t length = c->stretch[i].to - c->stretch[i].from;
        longest = length > longest ? length : longest;
    }
    const CalendarStretch *first = c->stretch, *last = c->stretch + c->stretches - 1;
    if (c->period == 0 || first->from > 0 || last->to < c->period)
        return longest;
    if (c->stretches == 1)
        return INT64_MAX;
    int64_t joined = first->to + last->to - last->from;
    return joined > longest ? joined : longest;
}

Status calendar_make(Ctx *ctx, const CalendarStretch *stretch, int stretches, int64_t period,
                     Calendar *ret)
{
    TRY(check_stretches(ctx, stretch, stretches, period));
    int64_t *worked = NEW_ARRAY(ctx->arena, int64_t, (size_t)stretches + 1);
    for (int i = 0; i < stretches; i++)
        worked[i + 1] = worked[i] + stretch[i].to - stretch[i].from;
    *ret = (Calendar){ stretch, stretches, period, worked, 0 };
    ret->longest = longest_of(ret);
    return OK;
}

// ---- Asking -------------------------------------------------------------------------------------

// The first stretch that ends after `time`; as many as there are when none does.
static int stretch_after(const Calendar *c, int64_t time)
{
    int from = 0, to = c->stretches;
    while (from < to) {
        int middle = (from + to) / 2;
        if (c->stretch[middle].to > time)
            to = middle;
        else
            from = middle + 1;
    }
    return from;
}

// The stretch in which the running total passes `work`.
static int stretch_working(const Calendar *c, int64_t work)
{
    int from = 0, to = c->stretches;
    while (from < to) {
        int middle = (from + to) / 2;
        if (c->worked[middle + 1] > work)
            to = middle;
        else
            from = middle + 1;
    }
    return from;
}

int64_t calendar_open(const Calendar *c, int64_t time)
{
    int64_t turn = c->period ? time / c->period * c->period : 0;
    int i = stretch_after(c, time - turn);
    if (i < c->stretches)
        return time - turn > c->stretch[i].from ? time : turn + c->stretch[i].from;
    if (c->period)
        return turn + c->period + c->stretch[0].from;
    return time > CALENDAR_NEVER ? time : CALENDAR_NEVER;
}

int64_t calendar_end(const Calendar *c, int64_t start, int64_t duration)
{
    if (duration == 0 || start >= CALENDAR_NEVER)
        return start + duration;
    int64_t turn = c->period ? start / c->period * c->period : 0;
    int i = stretch_after(c, start - turn);
    if (start - turn + duration <= c->stretch[i].to)
        return start + duration;

    // The end belongs to the stretch in which the last unit of work is done: hence the - 1.
    int64_t work = c->worked[i] + start - turn - c->stretch[i].from + duration - 1;
    int64_t all = c->worked[c->stretches];
    if (c->period == 0 && work >= all)
        return CALENDAR_NEVER + work + 1 - all;
    turn += work / all * c->period;
    work %= all;
    int last = stretch_working(c, work);
    return turn + c->stretch[last].from + work - c->worked[last] + 1;
}

// How long it stays open from the open moment `start`.
static int64_t open_for(const Calendar *c, int64_t start)
{
    int64_t turn = c->period ? start / c->period * c->period : 0;
    int i = stretch_after(c, start - turn);
    int64_t length = c->stretch[i].to - (start - turn);
    bool touches = c->period && c->stretch[i].to == c->period && c->stretch[0].from == 0;
    return touches ? length + c->stretch[0].to : length;
}

int64_t calendar_whole(const Calendar *c, int64_t time, int64_t duration)
{
    int64_t start = calendar_open(c, time);
    if (duration > c->longest)
        return CALENDAR_NEVER > start ? CALENDAR_NEVER : start;
    if (c->longest == INT64_MAX)
        return start;
    while (start < CALENDAR_NEVER && open_for(c, start) < duration) {
        int64_t turn = c->period ? start / c->period * c->period : 0;
        int i = stretch_after(c, start - turn);
        start = calendar_open(c, turn + c->stretch[i].to);
    }
    return start;
}
