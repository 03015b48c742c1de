// calendar.h - what days do to sales: the day of the week, holidays, sales days, snow.
//
// Each value carries a kind of day, 0 for an ordinary one; what is known of the future (a holiday's
// date, a promotion) is given for the values ahead too. The effect of a kind is a factor against
// what the week would say, found from the past and shrunk towards 1 when there were few such days.
#pragma once

#include "algo/forecast/forecast.h"

enum { CALENDAR_KINDS = 16 };

typedef struct Calendar {
    double factors[CALENDAR_KINDS];  // [0] is 1
    int days[CALENDAR_KINDS];        // how many of the kind the past had
} Calendar;

// `kinds` holds series->n values below CALENDAR_KINDS. The week is series->period (7, or 1: none).
// Values below 0 make no factors: then all are 1. O(n).
Calendar calendar_learn(Arena *arena, const Series *series, const unsigned char *kinds);

// The past as if all its days had been ordinary ones.
double *calendar_plain(Arena *arena, const Calendar *calendar, const Series *series,
                       const unsigned char *kinds);

// Puts the effects on `h` values ahead, whose kinds are given.
void calendar_apply(const Calendar *calendar, const unsigned char *kinds, double *ahead, int h);

// How many Mondays, Tuesdays ... Sundays a month has, for the trading days of monthly series.
void calendar_weekdays(int year, int month, int ret_days[7]);
