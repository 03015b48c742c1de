// calendar.c - effects of days.
#include "algo/forecast/calendar.h"

#include "base/date.h"

#include <math.h>
#include <string.h>

enum { REACH = 7, TRUST = 1, ROUNDS = 2 };
static const double least_factor = 0.02, most_factor = 20;

// What an ordinary day would have brought: the weekday's share of the level round about, both from
// ordinary days alone.
typedef struct {
    double *level;        // of each day
    double weekdays[64];  // shares, mean 1
    int week;
} Plain;

static double level_about(const Series *s, const unsigned char *kinds, const double *weekdays,
                          int week, int at)
{
    double sum = 0, shares = 0;
    for (int i = at - REACH; i <= at + REACH; i++)
        if (i >= 0 && i < s->n && kinds[i] == 0) {
            sum += s->x[i];
            shares += weekdays[i % week];
        }
    return shares > 0 ? sum / shares : 0;
}

// First the level with even weekdays, then their shares of it, then both once more.
static Plain plain_days(Arena *arena, const Series *s, const unsigned char *kinds)
{
    Plain plain = { .level = NEW_ARRAY(arena, double, (size_t)s->n) };
    plain.week = s->period > 1 && s->period <= 64 ? s->period : 1;
    for (int j = 0; j < plain.week; j++)
        plain.weekdays[j] = 1;
    for (int round = 0; round < ROUNDS; round++) {
        double came[64] = { 0 }, expected[64] = { 0 };
        for (int i = 0; i < s->n; i++) {
            plain.level[i] = level_about(s, kinds, plain.weekdays, plain.week, i);
            came[i % plain.week] += kinds[i] == 0 ? s->x[i] : 0;
            expected[i % plain.week] += kinds[i] == 0 ? plain.level[i] : 0;
        }
        for (int j = 0; j < plain.week; j++)
            plain.weekdays[j] = expected[j] > 0 ? came[j] / expected[j] : 1;
    }
    return plain;
}

Calendar calendar_learn(Arena *arena, const Series *s, const unsigned char *kinds)
{
    Calendar calendar = { 0 };
    double came[CALENDAR_KINDS] = { 0 }, expected[CALENDAR_KINDS] = { 0 };
    bool is_demand = true;
    for (int i = 0; i < s->n; i++)
        is_demand = is_demand && s->x[i] >= 0;
    ArenaMark mark = arena_mark(arena);
    Plain plain = plain_days(arena, s, kinds);
    for (int i = 0; i < s->n; i++) {
        calendar.days[kinds[i]]++;
        came[kinds[i]] += s->x[i];
        expected[kinds[i]] += plain.level[i] * plain.weekdays[i % plain.week];
    }
    for (int kind = 0; kind < CALENDAR_KINDS; kind++) {
        bool is_known = kind > 0 && is_demand && expected[kind] > 0;
        double usual = is_known ? TRUST * expected[kind] / calendar.days[kind] : 1;
        double factor = is_known ? (came[kind] + usual) / (expected[kind] + usual) : 1;
        calendar.factors[kind] = fmin(fmax(factor, least_factor), most_factor);
    }
    arena_rewind(arena, mark);
    return calendar;
}

double *calendar_plain(Arena *arena, const Calendar *calendar, const Series *s,
                       const unsigned char *kinds)
{
    double *plain = NEW_ARRAY(arena, double, (size_t)s->n);
    for (int i = 0; i < s->n; i++)
        plain[i] = s->x[i] / calendar->factors[kinds[i]];
    return plain;
}

void calendar_apply(const Calendar *calendar, const unsigned char *kinds, double *ahead, int h)
{
    for (int i = 0; i < h; i++)
        ahead[i] *= calendar->factors[kinds[i]];
}

void calendar_weekdays(int year, int month, int ret_days[7])
{
    memset(ret_days, 0, 7 * sizeof *ret_days);
    Date first = date_from_ymd(year, month, 1);
    for (int day = 0; day < date_days_in_month(year, month); day++)
        ret_days[date_weekday(first + day) - 1]++;
}
