// show.c - numbers as people read them. Digits are put down from the last to the first in a buffer
// of fixed size, with the locale's marks between them, then copied to the arena once: a page of
// hundreds of cells costs nothing worth counting.
#include "kernel/i18n/locale.h"

#include "base/buf.h"

enum {
    FIGURES_MAX = 19,
    MARK_MAX = 8,  // bytes of a digit or mark: four, and room for a direction mark
    ROOM = (FIGURES_MAX + 1 + 8 + 3) * MARK_MAX,  // figures, a zero, groups, decimal mark, sign
    MICRO_DIGITS = 6,
    PERCENT_DIGITS = 4,
    THOUSAND_DIGITS = 3,
};

// Filled from its end.
typedef struct Figures {
    const Locale *locale;
    char room[ROOM];
    size_t at;
} Figures;

static void put_before(Figures *figures, Str s)
{
    if (s.len > figures->at)  // no locale has marks of this length
        return;
    figures->at -= s.len;
    for (size_t i = 0; i < s.len; i++)  // two or three bytes: memcpy is the slower one
        figures->room[figures->at + i] = s.ptr[i];
}

static void put_digit(Figures *figures, unsigned digit)
{
    Str text = figures->locale->data->digits[digit];
    if (text.len == 1 && figures->at)
        figures->room[--figures->at] = text.ptr[0];
    else
        put_before(figures, text);
}

static void put_whole(Figures *figures, uint64_t whole)
{
    const Locale *locale = figures->locale;
    int room = THOUSAND_DIGITS;  // until the next group mark
    do {
        if (room == 0) {
            put_before(figures, locale->group);
            room = locale->groups_lakh ? 2 : THOUSAND_DIGITS;
        }
        put_digit(figures, (unsigned)(whole % 10));
        room--;
    } while (whole /= 10);
}

// With `digits` decimals, the last of them left out as long as they are zeros and more than
// `least`.
static Str show(Ctx *ctx, int64_t value, int digits, int least)
{
    Figures figures = { .locale = locale_of(ctx), .at = ROOM };
    uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    while (digits > least && rest % 10 == 0) {
        rest /= 10;
        digits--;
    }
    for (int i = 0; i < digits; i++, rest /= 10)
        put_digit(&figures, (unsigned)(rest % 10));
    if (digits > 0)
        put_before(&figures, figures.locale->decimal);
    put_whole(&figures, rest);
    if (value < 0)
        put_before(&figures, figures.locale->data->minus);
    return str_copy(ctx->arena, (Str){ figures.room + figures.at, ROOM - figures.at });
}

Str show_number(Ctx *ctx, int64_t value, int digits)
{
    return show(ctx, value, digits, digits);
}

Str show_money(Ctx *ctx, Money amount, CurrencyCode currency)
{
    return show_number(ctx, amount.minor, currency_digits(currency));
}

Str show_price(Ctx *ctx, Price price, CurrencyCode currency)
{
    return show(ctx, price.micro, MICRO_DIGITS, currency_digits(currency));
}

Str show_qty(Ctx *ctx, Qty quantity, int digits)
{
    return show(ctx, quantity.micro, MICRO_DIGITS, digits);
}

Str show_percent(Ctx *ctx, Rate rate)
{
    const LocaleData *data = locale_of(ctx)->data;
    Str number = show(ctx, rate.micro, PERCENT_DIGITS, 0);
    return str_format(ctx->arena, STR_FMT STR_FMT STR_FMT, STR_ARG(data->percent_before),
                      STR_ARG(number), STR_ARG(data->percent_after));
}

// Below ten of a unit with one decimal: 1.4 MB, 14 MB, 140 MB.
Str show_bytes(Ctx *ctx, int64_t bytes)
{
    static const char *const units[] = { TEXT("%s B"),  TEXT("%s KB"), TEXT("%s MB"),
                                         TEXT("%s GB"), TEXT("%s TB"), TEXT("%s PB") };
    if (bytes < 1000)
        return tr_format(ctx, TEXT("%s B"), show_number(ctx, bytes, 0).ptr);
    size_t unit = 1;
    int64_t one = 1000;
    while (unit + 1 < COUNT(units) && bytes >= one * 1000 - one / 2) {
        one *= 1000;
        unit++;
    }
    int64_t tenths = (int64_t)wide_div((Wide)bytes * 10, one, ROUND_HALF_UP);
    Str number = tenths < 100 ? show_number(ctx, tenths, 1)
                              : show_number(ctx, (int64_t)wide_div(bytes, one, ROUND_HALF_UP), 0);
    return tr_format(ctx, units[unit], number.ptr);
}
