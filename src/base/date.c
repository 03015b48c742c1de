// date.c - the calendar, and instants as text.
//
// Days are counted, never stored as three numbers, so that comparing, adding and indexing are
// integer arithmetic. Counting starts at 0000-03-01 inside the two conversions: a year that begins
// in March has its leap day last, and month lengths repeat in runs of 153 days. Source: H. Hinnant,
// "chrono-Compatible Low-Level Date Algorithms" (days_from_civil, civil_from_days).
//
// What is no day (0, or outside the years 1 to 9999) is "none", and every function answers none for
// none: nobody has to ask first, and sums that leave the calendar do not come back as another day.
#include "base/date.h"

#include "base/buf.h"

enum {
    ERA_DAYS = 146097,      // 400 Gregorian years
    DAYS_BEFORE_DATE = 305  // 0000-03-01 is Date -305
};

static bool is_day(Date date)
{
    return date >= 1 && date <= DATE_MAX;
}

static bool is_leap(int year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

int date_days_in_month(int year, int month)
{
    static const int8_t days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    if (year < 1 || year > 9999 || month < 1 || month > 12)
        return 0;
    return days[month - 1] + (month == 2 && is_leap(year));
}

Date date_from_ymd(int year, int month, int day)
{
    if (day < 1 || day > date_days_in_month(year, month))
        return 0;
    int march_year = month > 2 ? year : year - 1;
    int march_month = month > 2 ? month - 3 : month + 9;
    int era = march_year / 400, year_of_era = march_year % 400;
    int day_of_year = (153 * march_month + 2) / 5 + day - 1;
    int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * ERA_DAYS + day_of_era - DAYS_BEFORE_DATE;
}

Ymd date_ymd(Date date)
{
    if (!is_day(date))
        return (Ymd){ 0 };
    int since = date + DAYS_BEFORE_DATE;
    int era = since / ERA_DAYS, day_of_era = since % ERA_DAYS;
    // The terms take out the leap days of 4, 100 and 400 years, whose years would be too long.
    int year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int march_month = (5 * day_of_year + 2) / 153;
    int month = march_month < 10 ? march_month + 3 : march_month - 9;
    return (Ymd){
        .year = era * 400 + year_of_era + (month <= 2),
        .month = month,
        .day = day_of_year - (153 * march_month + 2) / 5 + 1,
    };
}

int date_weekday(Date date)
{
    return is_day(date) ? (date - 1) % 7 + 1 : 0;  // 0001-01-01 was a Monday
}

// ISO 8601: a week belongs to the year of its Thursday. 9999-12-31 is a Friday, so that the
// Thursday always exists.
int date_iso_week(Date date, int *ret_year)
{
    if (!is_day(date)) {
        *ret_year = 0;
        return 0;
    }
    Date thursday = date - date_weekday(date) + 4;
    *ret_year = date_ymd(thursday).year;
    return (thursday - date_from_ymd(*ret_year, 1, 1)) / 7 + 1;
}

Date date_add_months(Date date, int n)
{
    if (!is_day(date))
        return 0;
    Ymd from = date_ymd(date);
    int64_t months = (int64_t)from.year * 12 + from.month - 1 + n;
    if (months < 12 || months > 9999 * 12 + 11)
        return 0;
    int year = (int)(months / 12), month = (int)(months % 12) + 1;
    int last = date_days_in_month(year, month);
    return date_from_ymd(year, month, from.day < last ? from.day : last);
}

Date date_month_start(Date date)
{
    Ymd ymd = date_ymd(date);
    return date_from_ymd(ymd.year, ymd.month, 1);
}

Date date_month_end(Date date)
{
    Ymd ymd = date_ymd(date);
    return date_from_ymd(ymd.year, ymd.month, date_days_in_month(ymd.year, ymd.month));
}

// ---- Reading ------------------------------------------------------------------------------------
// Each take_ function takes one part off the front of *rest, or returns false.

static bool take_char(Str *rest, char c)
{
    if (rest->len == 0 || rest->ptr[0] != c)
        return false;
    *rest = str_from_at(*rest, 1);
    return true;
}

static bool take_digits(Str *rest, size_t count, int *ret)
{
    if (rest->len < count)
        return false;
    int value = 0;
    for (size_t i = 0; i < count; i++) {
        char c = rest->ptr[i];
        if (c < '0' || c > '9')
            return false;
        value = value * 10 + (c - '0');
    }
    *rest = str_from_at(*rest, count);
    *ret = value;
    return true;
}

static bool take_date(Str *rest, Date *ret)
{
    int year, month, day;
    if (!take_digits(rest, 4, &year) || !take_char(rest, '-') || !take_digits(rest, 2, &month) ||
        !take_char(rest, '-') || !take_digits(rest, 2, &day))
        return false;
    *ret = date_from_ymd(year, month, day);
    return *ret != 0;
}

static bool take_minute(Str *rest, int *ret)
{
    int hour, minute;
    if (!take_digits(rest, 2, &hour) || !take_char(rest, ':') || !take_digits(rest, 2, &minute))
        return false;
    *ret = hour * 60 + minute;
    return hour < 24 && minute < 60;
}

// ":05" or ":05.25". Time has no leap seconds: the sixtieth second is refused.
static bool take_seconds(Str *rest, Time *ret)
{
    int second, digit;
    if (!take_char(rest, ':') || !take_digits(rest, 2, &second) || second > 59)
        return false;
    *ret = second * SECOND;
    if (!take_char(rest, '.'))
        return true;
    if (!take_digits(rest, 1, &digit))
        return false;
    Time unit = SECOND / 10;
    do
        *ret += digit * unit;
    while ((unit /= 10) > 0 && take_digits(rest, 1, &digit));
    return true;
}

static bool take_offset(Str *rest, Time *ret)
{
    if (take_char(rest, 'Z') || take_char(rest, 'z')) {
        *ret = 0;
        return true;
    }
    int sign = take_char(rest, '-') ? -1 : 1, minute;
    if ((sign > 0 && !take_char(rest, '+')) || !take_minute(rest, &minute))
        return false;
    *ret = sign * minute * MINUTE;
    return true;
}

bool date_parse(Str text, Date *ret)
{
    Date date;
    if (!take_date(&text, &date) || text.len > 0)
        return false;
    *ret = date;
    return true;
}

bool clock_parse(Str text, Clock *ret)
{
    int minute;
    if (!take_minute(&text, &minute) || text.len > 0)
        return false;
    *ret = (Clock)(minute + 1);
    return true;
}

// RFC 3339, section 5.6. Its "T" and "Z" may be small; the blank that some write for "T" is no part
// of the grammar.
bool time_parse(Str text, Time *ret)
{
    Date date;
    int minute;
    Time seconds, offset, since;
    if (!take_date(&text, &date) || !(take_char(&text, 'T') || take_char(&text, 't')) ||
        !take_minute(&text, &minute) || !take_seconds(&text, &seconds) ||
        !take_offset(&text, &offset) || text.len > 0)
        return false;
    Time time = (date - DATE_1970) * DAY + minute * MINUTE + seconds - offset;
    if (time_split(time, &since) == 0)  // the offset led out of the calendar
        return false;
    *ret = time;
    return true;
}

// ---- Writing ------------------------------------------------------------------------------------

Str date_text(Arena *arena, Date date)
{
    if (!is_day(date))
        return S("");
    Ymd ymd = date_ymd(date);
    return str_format(arena, "%04d-%02d-%02d", ymd.year, ymd.month, ymd.day);
}

Str clock_text(Arena *arena, Clock clock)
{
    if (clock < 1 || clock > 24 * 60)
        return S("");
    int minute = clock - 1;
    return str_format(arena, "%02d:%02d", minute / 60, minute % 60);
}

Date time_split(Time time, Time *ret_since)
{
    const Time first = (1 - DATE_1970) * DAY, end = (DATE_MAX + 1 - DATE_1970) * DAY;
    if (time < first || time >= end) {
        *ret_since = 0;
        return 0;
    }
    *ret_since = (time - first) % DAY;
    return (Date)((time - first) / DAY) + 1;
}

Str time_text(Arena *arena, Time time)
{
    Time since;
    Date date = time_split(time, &since);
    if (time == 0 || date == 0)
        return S("");
    Ymd ymd = date_ymd(date);
    int minute = (int)(since / MINUTE), second = (int)(since % MINUTE / SECOND);
    int micros = (int)(since % SECOND), places = 6;
    Buf out = { .arena = arena };
    buf_printf(&out, "%04d-%02d-%02dT%02d:%02d:%02d", ymd.year, ymd.month, ymd.day, minute / 60,
               minute % 60, second);
    if (micros > 0) {
        for (; micros % 10 == 0; micros /= 10)
            places--;
        buf_printf(&out, ".%0*d", places, micros);
    }
    buf_char(&out, 'Z');
    return buf_str(&out);
}
