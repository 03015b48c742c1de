// test_date.c - the calendar, walked day by day, and what is and is not a date, a clock or a time.
#include "base/date.h"

#include "harness.h"

#include <limits.h>

// A second calendar that only ever counts on by one day, to hold the first against.
typedef struct {
    int year, month, day;
} Walk;

static void walk_on(Walk *walk)
{
    static const int lengths[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    bool leap = walk->year % 400 == 0 || (walk->year % 4 == 0 && walk->year % 100 != 0);
    if (walk->day++ < lengths[walk->month - 1] + (walk->month == 2 && leap))
        return;
    walk->day = 1;
    if (walk->month++ < 12)
        return;
    walk->month = 1;
    walk->year++;
}

static void test_every_day_round_trips(void)
{
    Walk walk = { 1, 1, 1 };
    int wrong = 0;
    for (Date date = 1; date <= DATE_MAX; date++, walk_on(&walk)) {
        Ymd ymd = date_ymd(date);
        wrong += ymd.year != walk.year || ymd.month != walk.month || ymd.day != walk.day;
        wrong += date_from_ymd(walk.year, walk.month, walk.day) != date;
    }
    CHECK_INT(wrong, 0);
    CHECK(walk.year == 10000 && walk.month == 1 && walk.day == 1);
    CHECK_INT(date_from_ymd(1970, 1, 1), DATE_1970);
    CHECK_INT(date_from_ymd(9999, 12, 31), DATE_MAX);
}

// Weeks follow each other without a gap, each has its seven days in order, and 71 of the 400 years
// of the Gregorian cycle have 53 of them.
static void test_every_week_has_seven_days(void)
{
    int wrong = 0, week = 0, year = 1, long_years = 0;
    for (Date date = 1; date <= DATE_MAX; date++) {
        int week_year, number = date_iso_week(date, &week_year), weekday = date_weekday(date);
        wrong += weekday != (date - 1) % 7 + 1;
        if (weekday == 1) {
            bool is_next = week_year == year ? number == week + 1
                                             : week_year == year + 1 && number == 1 && week >= 52;
            wrong += !is_next;
            long_years += number == 53 && week_year > 2000 && week_year <= 2400;
            week = number;
            year = week_year;
        }
        wrong += number != week || week_year != year;
    }
    CHECK_INT(wrong, 0);
    CHECK_INT(long_years, 71);
}

static Date day(const char *text)
{
    Date date = 0;
    CHECK(text[0] == '\0' || date_parse(str_from(text), &date));
    return date;
}

static void test_weekday_and_iso_week(void)
{
    // clang-format off
    static const struct {
        const char *row;
        int weekday, year, week;
    } rows[] = {
        { "0001-01-01", 1,    1,  1 },
        { "1970-01-01", 4, 1970,  1 },
        { "2000-02-29", 2, 2000,  9 },
        { "2005-01-01", 6, 2004, 53 },
        { "2005-01-02", 7, 2004, 53 },
        { "2005-12-31", 6, 2005, 52 },
        { "2007-12-30", 7, 2007, 52 },
        { "2007-12-31", 1, 2008,  1 },
        { "2008-12-29", 1, 2009,  1 },
        { "2009-12-31", 4, 2009, 53 },
        { "2010-01-03", 7, 2009, 53 },
        { "2010-01-04", 1, 2010,  1 },
        { "2020-12-31", 4, 2020, 53 },
        { "2021-01-01", 5, 2020, 53 },
        { "2026-11-21", 6, 2026, 47 },
        { "9999-12-31", 5, 9999, 52 },
    };
    // clang-format on
    for (size_t i = 0; i < COUNT(rows); i++) {
        test_row = rows[i].row;
        int year, week = date_iso_week(day(rows[i].row), &year);
        CHECK_INT(date_weekday(day(rows[i].row)), rows[i].weekday);
        CHECK_INT(year, rows[i].year);
        CHECK_INT(week, rows[i].week);
    }
}

static void test_adding_months_clamps(void)
{
    // clang-format off
    static const struct {
        const char *row, *from;
        int n;
        const char *want;
    } rows[] = {
        { "the last day stays the last",    "2026-01-31",       1, "2026-02-28" },
        { "in a leap year",                 "2024-01-31",       1, "2024-02-29" },
        { "in a century without leap day",  "1900-01-31",       1, "1900-02-28" },
        { "in a century with one",          "2000-01-31",       1, "2000-02-29" },
        { "backwards",                      "2026-03-31",      -1, "2026-02-28" },
        { "a leap day a year later",        "2024-02-29",      12, "2025-02-28" },
        { "a leap day four years later",    "2024-02-29",      48, "2028-02-29" },
        { "over the year's end",            "2026-12-15",       1, "2027-01-15" },
        { "over the year's start",          "2026-01-15",      -1, "2025-12-15" },
        { "years back",                     "2026-03-15",     -27, "2023-12-15" },
        { "nothing",                        "2026-05-31",       0, "2026-05-31" },
        { "to the first month there is",    "0001-12-15",     -11, "0001-01-15" },
        { "before it is none",              "0001-01-31",      -1, "" },
        { "to the last month there is",     "9999-11-30",       1, "9999-12-30" },
        { "after it is none",               "9999-12-01",       1, "" },
        { "far after it",                   "2026-01-15", INT_MAX, "" },
        { "far before",                     "2026-01-15", INT_MIN, "" },
        { "none stays none",                "",                 1, "" },
    };
    // clang-format on
    Ctx *ctx = test_ctx();
    for (size_t i = 0; i < COUNT(rows); i++) {
        test_row = rows[i].row;
        CHECK_STR(date_text(ctx->arena, date_add_months(day(rows[i].from), rows[i].n)),
                  rows[i].want);
    }
}

static void test_months_have_a_start_and_an_end(void)
{
    Ctx *ctx = test_ctx();
    CHECK_STR(date_text(ctx->arena, date_month_start(day("2026-11-21"))), "2026-11-01");
    CHECK_STR(date_text(ctx->arena, date_month_end(day("2026-11-21"))), "2026-11-30");
    CHECK_STR(date_text(ctx->arena, date_month_end(day("2024-02-01"))), "2024-02-29");
    CHECK_STR(date_text(ctx->arena, date_month_end(day("9999-12-31"))), "9999-12-31");
    CHECK_INT(date_days_in_month(2023, 2), 28);
    CHECK_INT(date_days_in_month(2100, 2), 28);
    CHECK_INT(date_days_in_month(2026, 13), 0);
    CHECK_INT(date_days_in_month(2026, 0), 0);
    CHECK_INT(date_days_in_month(10000, 1), 0);
}

static void test_what_is_no_day_is_none(void)
{
    static const Date none[] = { 0, -1, INT32_MIN, DATE_MAX + 1, INT32_MAX };
    Ctx *ctx = test_ctx();
    for (size_t i = 0; i < COUNT(none); i++) {
        int year = 7;
        CHECK_INT(date_ymd(none[i]).year, 0);
        CHECK_INT(date_ymd(none[i]).month, 0);
        CHECK_INT(date_ymd(none[i]).day, 0);
        CHECK_INT(date_weekday(none[i]), 0);
        CHECK_INT(date_iso_week(none[i], &year), 0);
        CHECK_INT(year, 0);
        CHECK_INT(date_add_months(none[i], 1), 0);
        CHECK_INT(date_month_start(none[i]), 0);
        CHECK_INT(date_month_end(none[i]), 0);
        CHECK_STR(date_text(ctx->arena, none[i]), "");
    }
    CHECK_INT(date_from_ymd(2023, 2, 29), 0);
    CHECK_INT(date_from_ymd(2026, 4, 31), 0);
    CHECK_INT(date_from_ymd(2026, 1, 0), 0);
    CHECK_INT(date_from_ymd(0, 1, 1), 0);
    CHECK_INT(date_from_ymd(10000, 1, 1), 0);
}

static void test_date_text_round_trips(void)
{
    Ctx *ctx = test_ctx();
    for (int i = 0; i < 5000; i++) {
        Date date = (Date)random_below(ctx->random, DATE_MAX) + 1, back = 0;
        CHECK(date_parse(date_text(ctx->arena, date), &back));
        CHECK_INT(back, date);
    }
    CHECK_STR(date_text(ctx->arena, 1), "0001-01-01");
    CHECK_STR(date_text(ctx->arena, DATE_MAX), "9999-12-31");
}

static void test_what_is_no_date_is_refused(void)
{
    static const char *const rows[] = {
        "",           "2026-11-2",   "2026-1-21",  "26-11-21",    "2026-02-29",
        "2024-02-30", "0000-01-01",  "-001-01-01", "+026-01-01",  "10000-01-01",
        "2026-13-01", "2026-00-10",  "2026-01-00", "2026-01-32",  "2026/01/01",
        "20261121",   " 2026-01-01", "2026-01-0a", "2026-01-01 ", "2026-01-01T00:00:00Z",
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        Date date = 7;
        test_row = rows[i];
        CHECK(!date_parse(str_from(rows[i]), &date));
        CHECK_INT(date, 7);
    }
    Date date;
    CHECK(!date_parse((Str){ "2026-01-\0001", 11 }, &date));
}

static void test_clocks(void)
{
    static const char *const refused[] = { "",       "24:00", "12:60", "1:05",   "12:5", "12:05:00",
                                           "12.05 ", "12.05", "ab:cd", " 12:05", "-1:00" };
    Ctx *ctx = test_ctx();
    for (Clock clock = 1; clock <= 24 * 60; clock++) {
        Clock back = 0;
        CHECK(clock_parse(clock_text(ctx->arena, clock), &back));
        CHECK_INT(back, clock);
    }
    CHECK_STR(clock_text(ctx->arena, 1), "00:00");
    CHECK_STR(clock_text(ctx->arena, 14 * 60 + 5 + 1), "14:05");
    CHECK_STR(clock_text(ctx->arena, 0), "");
    CHECK_STR(clock_text(ctx->arena, -1), "");
    CHECK_STR(clock_text(ctx->arena, 24 * 60 + 1), "");
    for (size_t i = 0; i < COUNT(refused); i++) {
        Clock clock = 7;
        test_row = refused[i];
        CHECK(!clock_parse(str_from(refused[i]), &clock));
        CHECK_INT(clock, 7);
    }
}

static void test_times_are_read(void)
{
    // clang-format off
    static const struct {
        const char *row;
        const char *back;
    } rows[] = {
        { "2026-11-21T14:05:00Z",           "2026-11-21T14:05:00Z" },
        { "2026-11-21t14:05:00z",           "2026-11-21T14:05:00Z" },
        { "2026-11-21T14:05:09.5Z",         "2026-11-21T14:05:09.5Z" },
        { "2026-11-21T14:05:00.500000Z",    "2026-11-21T14:05:00.5Z" },
        { "2026-11-21T14:05:00.000001Z",    "2026-11-21T14:05:00.000001Z" },
        { "2026-11-21T14:05:00.012300Z",    "2026-11-21T14:05:00.0123Z" },
        { "2026-11-21T14:05:00.000Z",       "2026-11-21T14:05:00Z" },
        { "2026-11-21T14:05:00+06:00",      "2026-11-21T08:05:00Z" },
        { "2026-11-21T14:05:00-05:30",      "2026-11-21T19:35:00Z" },
        { "2026-11-21T14:05:00-00:00",      "2026-11-21T14:05:00Z" },
        { "2026-01-01T00:30:00+01:00",      "2025-12-31T23:30:00Z" },
        { "2024-02-28T23:30:00-23:59",      "2024-02-29T23:29:00Z" },
        { "1969-12-31T23:59:59.999999Z",    "1969-12-31T23:59:59.999999Z" },
        { "0001-01-01T00:00:00Z",           "0001-01-01T00:00:00Z" },
        { "9999-12-31T23:59:59.999999Z",    "9999-12-31T23:59:59.999999Z" },
        { "1970-01-01T00:00:00Z",           "" },
    };
    // clang-format on
    Ctx *ctx = test_ctx();
    for (size_t i = 0; i < COUNT(rows); i++) {
        Time time = 0;
        test_row = rows[i].row;
        CHECK(time_parse(str_from(rows[i].row), &time));
        CHECK_STR(time_text(ctx->arena, time), rows[i].back);
    }
    Time time = 0;
    test_row = NULL;
    CHECK(time_parse(S("2026-03-02T10:00:00Z"), &time));
    CHECK_INT(time, ctx->now);
    CHECK(time_parse(S("1969-12-31T23:59:59.999999Z"), &time));
    CHECK_INT(time, -1);
}

static void test_what_is_no_time_is_refused(void)
{
    static const char *const rows[] = {
        "",
        "2026-11-21",
        "2026-11-21T14:05Z",
        "2026-11-21T14:05:00",
        "2026-11-21 14:05:00Z",
        "2026-11-21T14:05:00.Z",
        "2026-11-21T14:05:00,5Z",
        "2026-11-21T14:05:00.1234567Z",
        "2026-11-21T14:05:60Z",
        "2026-11-21T14:60:00Z",
        "2026-11-21T24:00:00Z",
        "2026-02-30T14:05:00Z",
        "2026-11-21T14:05:00+24:00",
        "2026-11-21T14:05:00+06:60",
        "2026-11-21T14:05:00+0600",
        "2026-11-21T14:05:00+6:00",
        "2026-11-21T14:05:00+06",
        "2026-11-21T14:05:00 06:00",
        "2026-11-21T14:05:00ZZ",
        " 2026-11-21T14:05:00Z",
        "0001-01-01T00:00:00+00:01",
        "9999-12-31T23:59:00-00:01",
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        Time time = 7;
        test_row = rows[i];
        CHECK(!time_parse(str_from(rows[i]), &time));
        CHECK_INT(time, 7);
    }
}

static void test_time_text_round_trips(void)
{
    Ctx *ctx = test_ctx();
    for (int i = 0; i < 5000; i++) {
        Time since, first = (1 - DATE_1970) * DAY, back = 0;
        Time time = first + random_below(ctx->random, DATE_MAX * DAY);
        if (random_chance(ctx->random, 3))
            time -= time % SECOND;
        CHECK(time_parse(time_text(ctx->arena, time), &back));
        CHECK_INT(back, time);
        Date date = time_split(time, &since);
        CHECK(since >= 0 && since < DAY);
        CHECK_INT((date - DATE_1970) * DAY + since, time);
    }
}

static void test_instants_outside_the_calendar_have_no_day(void)
{
    static const Time rows[] = { INT64_MIN, (1 - DATE_1970) * DAY - 1,
                                 (DATE_MAX + 1 - DATE_1970) * DAY, INT64_MAX };
    Ctx *ctx = test_ctx();
    for (size_t i = 0; i < COUNT(rows); i++) {
        Time since = 7;
        CHECK_INT(time_split(rows[i], &since), 0);
        CHECK_INT(since, 0);
        CHECK_STR(time_text(ctx->arena, rows[i]), "");
    }
}

const Test date_tests[] = {
    { "every day round-trips", test_every_day_round_trips },
    { "every week has seven days", test_every_week_has_seven_days },
    { "weekday and ISO week", test_weekday_and_iso_week },
    { "adding months clamps to the month's end", test_adding_months_clamps },
    { "months have a start and an end", test_months_have_a_start_and_an_end },
    { "what is no day is none", test_what_is_no_day_is_none },
    { "date text round-trips", test_date_text_round_trips },
    { "what is no date is refused", test_what_is_no_date_is_refused },
    { "clocks are read and written", test_clocks },
    { "times are read", test_times_are_read },
    { "what is no time is refused", test_what_is_no_time_is_refused },
    { "time text round-trips", test_time_text_round_trips },
    { "instants outside the calendar have no day", test_instants_outside_the_calendar_have_no_day },
    { 0 },
};
