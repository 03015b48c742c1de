// calendar.h - working time: when a machine is open, and when work of so long ends.
//
// A calendar is a list of open stretches [from, to), ascending and apart; with a period it repeats
// for ever. One without a period ends: past its last stretch comes CALENDAR_NEVER, where time goes
// on as if open, so that a search can still compare how much of its work finds no place.
#pragma once

#include "base/ctx.h"

#define CALENDAR_NEVER ((int64_t)1 << 52)
enum { CALENDAR_STRETCHES_MAX = 100000 };

typedef struct CalendarStretch {
    int64_t from, to;
} CalendarStretch;

typedef struct Calendar {
    const CalendarStretch *stretch;
    int stretches;          // at least one
    int64_t period;         // 0: none; else no stretch ends behind it
    const int64_t *worked;  // open time before each stretch within the period, and in all
    int64_t longest;        // open time without a break
} Calendar;

// A calendar over `stretch`, which must live as long as it. E_INVALID "calendar.input" when there
// is none, or they are not ascending and apart, empty, negative, or behind the period.
MUST_CHECK Status calendar_make(Ctx *ctx, const CalendarStretch *stretch, int stretches,
                                int64_t period, Calendar *ret);

// The first open moment at or after `time`. In O(log stretches), as what follows.
int64_t calendar_open(const Calendar *calendar, int64_t time);

// When work of `duration` ends that starts at the open moment `start`; at once if it is 0.
int64_t calendar_end(const Calendar *calendar, int64_t start, int64_t duration);

// The first moment at or after `time` from where `duration` is open without a break;
// CALENDAR_NEVER or later when there is none.
int64_t calendar_whole(const Calendar *calendar, int64_t time, int64_t duration);
