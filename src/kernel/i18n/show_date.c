// show_date.c - days and instants as people read them, from the locale's patterns (Unicode TR 35,
// "Date Format Patterns"). locale_data.c lets in only letters that are known here.
#include "kernel/i18n/locale.h"

#include "base/buf.h"
#include "kernel/tenant.h"

typedef struct Moment {
    Ymd day;
    int minute;  // of the day
} Moment;

static void put_number(Buf *out, const LocaleData *data, int value, int least)
{
    int figures[8], count = 0;
    do
        figures[count++] = value % 10;
    while ((value /= 10) > 0 || count < least);
    while (count > 0)
        buf_put(out, data->digits[figures[--count]]);
}

static void put_month(Buf *out, const LocaleData *data, int month, size_t width, bool is_alone)
{
    if (width < 3)
        put_number(out, data, month, (int)width);
    else if (is_alone)
        buf_put(out,
                width == 3 ? data->months_alone_short[month - 1] : data->months_alone[month - 1]);
    else
        buf_put(out, width == 3 ? data->months_short[month - 1] : data->months[month - 1]);
}

static void put_field(Buf *out, const LocaleData *data, const Moment *moment, char letter,
                      size_t width)
{
    int hour = moment->minute / 60;
    switch (letter) {
    case 'd': put_number(out, data, moment->day.day, (int)width); break;
    case 'M': put_month(out, data, moment->day.month, width, false); break;
    case 'L': put_month(out, data, moment->day.month, width, true); break;
    case 'y': put_number(out, data, moment->day.year, 1); break;  // never cut to two digits
    case 'H': put_number(out, data, hour, (int)width); break;
    case 'h': put_number(out, data, hour % 12 ? hour % 12 : 12, (int)width); break;
    case 'm': put_number(out, data, moment->minute % 60, (int)width); break;
    case 'a': buf_put(out, data->halves[hour >= 12]); break;
    default: buf_char(out, letter);
    }
}

// What follows an opening quote, up to the closing one. Two together are one quote, inside and out.
static void put_quoted(Buf *out, Str *rest)
{
    Str quoted = S("");
    bool is_empty = str_starts(*rest, S("'"));
    while (!is_empty && str_next(rest, '\'', &quoted)) {
        buf_put(out, quoted);
        if (!str_starts(*rest, S("'")))
            return;
        buf_char(out, '\'');
        *rest = str_from_at(*rest, 1);
    }
    if (is_empty) {
        buf_char(out, '\'');
        *rest = str_from_at(*rest, 1);
    }
}

static Str show(Ctx *ctx, DateStyle style, const Moment *moment)
{
    const LocaleData *data = locale_of(ctx)->data;
    Buf out = { .arena = ctx->arena };
    for (Str rest = data->patterns[style]; rest.len;) {
        char letter = rest.ptr[0];
        size_t width = 1;
        while (width < rest.len && rest.ptr[width] == letter)
            width++;
        bool is_field = (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z');
        rest = str_from_at(rest, is_field ? width : 1);
        if (is_field)
            put_field(&out, data, moment, letter, width);
        else if (letter == '\'')
            put_quoted(&out, &rest);
        else
            buf_char(&out, letter);
    }
    return buf_str(&out);
}

static const Zone *zone_of(const Ctx *ctx)
{
    const Zone *users = ctx->locale ? ctx->locale->zone : NULL;
    if (users)
        return users;
    return ctx->tenant && ctx->tenant->zone ? ctx->tenant->zone : zone_find(S("UTC"));
}

static bool is_this_year(const Ctx *ctx, Ymd day)
{
    return date_ymd(zone_date(zone_of(ctx), ctx->now)).year == day.year;
}

Str show_date(Ctx *ctx, Date date)
{
    Moment moment = { date_ymd(date), 0 };
    if (moment.day.year == 0)
        return S("");
    return show(ctx, is_this_year(ctx, moment.day) ? DATE_DAY : DATE_DAY_YEAR, &moment);
}

Str show_date_long(Ctx *ctx, Date date)
{
    Moment moment = { date_ymd(date), 0 };
    return moment.day.year ? show(ctx, DATE_LONG, &moment) : S("");
}

Str show_time(Ctx *ctx, Time time)
{
    const Zone *zone = zone_of(ctx);
    Moment moment = { date_ymd(zone_date(zone, time)), zone_minute(zone, time) };
    if (moment.day.year == 0)
        return S("");
    return show(ctx, is_this_year(ctx, moment.day) ? DATE_TIME : DATE_TIME_YEAR, &moment);
}

Str show_month(Ctx *ctx, int year, int month)
{
    Moment moment = { date_ymd(date_from_ymd(year, month, 1)), 0 };
    return moment.day.year ? show(ctx, DATE_MONTH, &moment) : S("");
}
