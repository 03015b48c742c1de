// test_schedule_calendar.c - working time, against counting open moments one by one.
#include "algo/schedule/calendar.h"
#include "harness.h"

static bool is_open(const Calendar *c, int64_t time)
{
    int64_t at = c->period ? time % c->period : time;
    for (int i = 0; i < c->stretches; i++)
        if (at >= c->stretch[i].from && at < c->stretch[i].to)
            return true;
    return false;
}

static int64_t open_by_steps(const Calendar *c, int64_t time)
{
    while (!is_open(c, time))
        time++;
    return time;
}

static int64_t end_by_steps(const Calendar *c, int64_t time, int64_t duration)
{
    for (; duration > 0; time++)
        duration -= is_open(c, time);
    return time;
}

static int64_t whole_by_steps(const Calendar *c, int64_t time, int64_t duration)
{
    for (;; time++) {
        int64_t open = 0;
        while (open < duration && is_open(c, time + open))
            open++;
        if (open == duration && is_open(c, time))
            return time;
    }
}

// clang-format off
static const struct {
    const char *name;
    CalendarStretch stretch[3];
    int stretches;
    int64_t period, longest;
} rows[] = {
    { "two shifts a day",        { { 8, 12 }, { 13, 17 } },         2, 24, 4 },
    { "open over the turn",      { { 0, 3 }, { 5, 6 }, { 8, 10 } }, 3, 10, 5 },
    { "always open",             { { 0, 7 } },                      1, 7,  INT64_MAX },
    { "one moment",              { { 4, 5 } },                      1, 9,  1 },
    { "ends, but late",          { { 2, 9 }, { 11, 900 } },         2, 0,  889 },
};
// clang-format on

static void test_by_steps(void)
{
    Ctx *ctx = test_ctx();
    for (size_t r = 0; r < COUNT(rows); r++) {
        test_row = rows[r].name;
        Calendar c;
        CHECK_OK(ctx, calendar_make(ctx, rows[r].stretch, rows[r].stretches, rows[r].period, &c));
        CHECK_INT(c.longest, rows[r].longest);
        for (int64_t time = 0; time < 60; time++) {
            int64_t open = calendar_open(&c, time);
            CHECK_INT(open, open_by_steps(&c, time));
            for (int64_t duration = 0; duration < 40; duration++) {
                CHECK_INT(calendar_end(&c, open, duration), end_by_steps(&c, open, duration));
                if (duration <= c.longest)
                    CHECK_INT(calendar_whole(&c, time, duration),
                              whole_by_steps(&c, time, duration));
            }
        }
    }
}

static void test_end_of_time(void)
{
    Ctx *ctx = test_ctx();
    Calendar c;
    CHECK_OK(ctx, calendar_make(ctx, &(CalendarStretch){ 10, 20 }, 1, 0, &c));
    CHECK_INT(calendar_end(&c, 12, 8), 20);
    CHECK_INT(calendar_end(&c, 12, 9), CALENDAR_NEVER + 1);
    CHECK_INT(calendar_end(&c, CALENDAR_NEVER + 1, 4), CALENDAR_NEVER + 5);
    CHECK_INT(calendar_open(&c, 20), CALENDAR_NEVER);
    CHECK_INT(calendar_open(&c, CALENDAR_NEVER + 3), CALENDAR_NEVER + 3);
    CHECK_INT(calendar_whole(&c, 0, 10), 10);
    CHECK_INT(calendar_whole(&c, 0, 11), CALENDAR_NEVER);
    CHECK_INT(calendar_whole(&c, 11, 10), CALENDAR_NEVER);
}

static void test_refusals(void)
{
    Ctx *ctx = test_ctx();
    Calendar c;
    static const CalendarStretch touching[] = { { 0, 5 }, { 5, 9 } }, empty[] = { { 3, 3 } },
                                 negative[] = { { -1, 3 } }, late[] = { { 0, 30 } };
    CHECK_FAILS(ctx, "calendar.input", calendar_make(ctx, late, 0, 0, &c));
    CHECK_FAILS(ctx, "calendar.input", calendar_make(ctx, touching, 2, 0, &c));
    CHECK_FAILS(ctx, "calendar.input", calendar_make(ctx, empty, 1, 0, &c));
    CHECK_FAILS(ctx, "calendar.input", calendar_make(ctx, negative, 1, 0, &c));
    CHECK_FAILS(ctx, "calendar.input", calendar_make(ctx, late, 1, 24, &c));
    CHECK_FAILS(ctx, "calendar.input", calendar_make(ctx, late, 1, -1, &c));
    CHECK_FAILS(ctx, "calendar.input", calendar_make(ctx, late, CALENDAR_STRETCHES_MAX + 1, 0, &c));
}

const Test schedule_calendar_tests[] = {
    { "working time is what counting open moments says", test_by_steps },
    { "a calendar without period ends, and says how far beyond work goes", test_end_of_time },
    { "stretches that overlap, are empty or leave the period are refused", test_refusals },
    { 0 },
};
