// xlsx_number.c - the numbers of a spreadsheet as exact text, without a double in between: a price
// typed as 12.30 must arrive as 12.30.
#include "kernel/transfer/xlsx_number.h"

#include "base/date.h"
#include "base/number.h"

#include <stdio.h>

enum { DIGITS = 15, DIGITS_MAX = 40, EXPONENT_MAX = 400 };

// 0.d1d2d3... x 10^point
typedef struct Decimal {
    bool is_negative;
    char digits[DIGITS_MAX + 1];
    int len;
    int64_t point;
} Decimal;

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

// Leading zeros are passed over; digits beyond what is kept only count for the point.
static size_t read_digits(Str text, size_t at, bool is_fraction, Decimal *ret)
{
    for (; at < text.len && is_digit(text.ptr[at]); at++) {
        bool is_leading = ret->len == 0 && text.ptr[at] == '0';
        if (!is_leading && ret->len < DIGITS_MAX)
            ret->digits[ret->len++] = text.ptr[at];
        if (is_fraction ? is_leading : !is_leading)
            ret->point += is_fraction ? -1 : 1;
    }
    return at;
}

static bool parse(Str text, Decimal *ret)
{
    int64_t exponent = 0;
    size_t at = 0;
    *ret = (Decimal){ .is_negative = text.len && text.ptr[0] == '-' };
    at = read_digits(text, ret->is_negative, false, ret);
    size_t digits = at - ret->is_negative;
    if (at < text.len && text.ptr[at] == '.') {
        size_t end = read_digits(text, at + 1, true, ret);
        digits += end - at - 1;
        at = end;
    }
    if (digits == 0)
        return false;
    if (at < text.len && (text.ptr[at] == 'e' || text.ptr[at] == 'E')) {
        Str rest = str_from_at(text, at + 1);
        if (rest.len && rest.ptr[0] == '+')
            rest = str_from_at(rest, 1);
        if (!str_int(rest, &exponent) || exponent > EXPONENT_MAX || exponent < -EXPONENT_MAX)
            return false;
        at = text.len;
    }
    ret->point += exponent;
    return at == text.len;
}

// Half up at the 15th digit; zeros at the end go.
static void round_digits(Decimal *d)
{
    if (d->len > DIGITS) {
        int at = DIGITS;
        bool carries = d->digits[DIGITS] >= '5';
        d->len = DIGITS;
        while (carries && at > 0) {
            carries = d->digits[--at] == '9';
            d->digits[at] = carries ? '0' : (char)(d->digits[at] + 1);
        }
        if (carries) {
            d->digits[0] = '1';
            d->len = 1;
            d->point++;
        }
    }
    while (d->len && d->digits[d->len - 1] == '0')
        d->len--;
}

static size_t print(const Decimal *d, char *to)
{
    char *at = to;
    if (d->len == 0)
        return (size_t)snprintf(to, PLAIN_MAX, "0");
    if (d->is_negative)
        *at++ = '-';
    if (d->point <= 0)
        at += snprintf(at, 3, "0.");
    for (int64_t i = d->point; i < 0; i++)
        *at++ = '0';
    for (int i = 0; i < d->len; i++) {
        if (i > 0 && i == d->point)
            *at++ = '.';
        *at++ = d->digits[i];
    }
    for (int64_t i = d->len; i < d->point; i++)
        *at++ = '0';
    return (size_t)(at - to);
}

size_t xlsx_number(Str text, char *to)
{
    Decimal d;
    if (!parse(text, &d)) {
        size_t len = text.len < PLAIN_MAX ? text.len : PLAIN_MAX;
        memcpy(to, text.ptr, len);
        return len;
    }
    round_digits(&d);
    return print(&d, to);
}

// The first nine decimals of a day, in seconds.
static int64_t seconds_of(const Decimal *d)
{
    int64_t part = 0;
    for (int64_t i = d->point; i < d->point + 9; i++)
        part = part * 10 + (i >= 0 && i < d->len ? d->digits[i] - '0' : 0);
    return (part * 86400 + NANO / 2) / NANO;
}

size_t xlsx_day(Str text, bool from_1904, char *to)
{
    enum { DAY_0_1900 = 693594, DAY_0_1904 = 695056, DAYS_MAX = 7 };  // 1899-12-30, 1904-01-01
    Decimal d;
    int64_t day = 0;
    if (!parse(text, &d) || d.is_negative || d.point > DAYS_MAX)
        return xlsx_number(text, to);
    round_digits(&d);
    for (int64_t i = 0; i < d.point; i++)
        day = day * 10 + (i < d.len ? d.digits[i] - '0' : 0);
    int64_t seconds = seconds_of(&d);
    if (!from_1904 && day < 60)
        day++;  // before the 29th of February 1900 that never was
    day += from_1904 ? DAY_0_1904 : DAY_0_1900;
    if (day > DATE_MAX)
        return xlsx_number(text, to);
    Ymd on = date_ymd((Date)day);
    size_t len = (size_t)snprintf(to, PLAIN_MAX, "%04d-%02d-%02d", on.year, on.month, on.day);
    if (seconds > 0 && seconds < 86400)
        len +=
            (size_t)snprintf(to + len, PLAIN_MAX - len, "T%02d:%02d:%02dZ", (int)(seconds / 3600),
                             (int)(seconds / 60 % 60), (int)(seconds % 60));
    return len;
}

bool xlsx_shows_day(int number, Str format)
{
    bool in_quotes = false, in_brackets = false;
    if ((number >= 14 && number <= 17) || number == 22 || (number >= 27 && number <= 36) ||
        (number >= 50 && number <= 58))
        return true;
    for (size_t i = 0; i < format.len; i++) {
        char c = format.ptr[i];
        if (c == '\\')
            i++;
        else if (c == '"')
            in_quotes = !in_quotes;
        else if (c == '[' || c == ']')
            in_brackets = c == '[';
        else if (!in_quotes && !in_brackets && strchr("yYdD", c))
            return true;
    }
    return false;
}
