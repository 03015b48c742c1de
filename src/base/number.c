// number.c - exact numbers.
#include "base/number.h"

#include "base/buf.h"

#include <assert.h>

int64_t power10(int n)
{
    assert(n >= 0 && n <= 18);
    int64_t value = 1;
    while (n-- > 0)
        value *= 10;
    return value;
}

Wide wide_div(Wide value, Wide unit, Rounding how)
{
    assert(unit > 0);
    Wide quotient = value / unit, rest = value % unit;  // C cuts toward zero
    if (rest == 0)
        return quotient;
    bool negative = value < 0, away = false;
    Wide twice = negative ? -2 * rest : 2 * rest;
    switch (how) {
    case ROUND_HALF_UP: away = twice >= unit; break;
    case ROUND_HALF_EVEN: away = twice > unit || (twice == unit && quotient % 2 != 0); break;
    case ROUND_DOWN: break;
    case ROUND_UP: away = true; break;
    case ROUND_FLOOR: away = negative; break;
    case ROUND_CEIL: away = !negative; break;
    }
    return away ? quotient + (negative ? -1 : 1) : quotient;
}

Status wide_fit(Ctx *ctx, Wide value, int64_t *ret)
{
    if (value > INT64_MAX || value < -INT64_MAX)
        return FAIL(ctx, E_INVALID, "number.range", "the number is too large");
    *ret = (int64_t)value;
    return OK;
}

Status money_from_wide(Ctx *ctx, Wide value, Wide unit, Rounding how, Money *ret)
{
    return wide_fit(ctx, wide_div(value, unit, how), &ret->minor);
}

Status qty_from_wide(Ctx *ctx, Wide value, Wide unit, Rounding how, Qty *ret)
{
    return wide_fit(ctx, wide_div(value, unit, how), &ret->micro);
}

Status price_from_wide(Ctx *ctx, Wide value, Wide unit, Rounding how, Price *ret)
{
    return wide_fit(ctx, wide_div(value, unit, how), &ret->micro);
}

Status money_add(Ctx *ctx, Money a, Money b, Money *ret)
{
    return wide_fit(ctx, (Wide)a.minor + b.minor, &ret->minor);
}

Status money_sub(Ctx *ctx, Money a, Money b, Money *ret)
{
    return wide_fit(ctx, (Wide)a.minor - b.minor, &ret->minor);
}

Status qty_add(Ctx *ctx, Qty a, Qty b, Qty *ret)
{
    return wide_fit(ctx, (Wide)a.micro + b.micro, &ret->micro);
}

Status money_rate(Ctx *ctx, Money amount, Rate rate, Rounding how, Money *ret)
{
    return money_from_wide(ctx, (Wide)amount.minor * rate.micro, MICRO, how, ret);
}

Status money_share(Ctx *ctx, Money amount, int64_t numerator, int64_t denominator, Rounding how,
                   Money *ret)
{
    assert(denominator != 0);
    Wide value = (Wide)amount.minor * numerator, unit = denominator;
    if (unit < 0) {
        value = -value;
        unit = -unit;
    }
    return money_from_wide(ctx, value, unit, how, ret);
}

void money_split(Money total, const int64_t *weights, size_t n, Money *ret_parts)
{
    assert(n > 0);
    Wide sum = 0, seen = 0;
    for (size_t i = 0; i < n; i++) {
        assert(weights[i] >= 0);
        sum += weights[i];
    }
    assert(sum <= INT64_MAX);
    int64_t given = 0;
    for (size_t i = 0; i < n; i++) {
        seen += sum ? weights[i] : 1;
        Wide upto = wide_div((Wide)total.minor * seen, sum ? sum : (Wide)n, ROUND_HALF_UP);
        ret_parts[i].minor = (int64_t)upto - given;
        given = (int64_t)upto;
    }
    assert(given == total.minor);
}

Status qty_convert(Ctx *ctx, Qty quantity, int64_t numerator, int64_t denominator, Qty *ret)
{
    assert(numerator > 0 && denominator > 0);
    return qty_from_wide(ctx, (Wide)quantity.micro * numerator, denominator, ROUND_HALF_UP, ret);
}

bool decimal_parse(Str text, int digits, int64_t *ret)
{
    bool negative = text.len && text.ptr[0] == '-';
    if (negative)
        text = str_from_at(text, 1);
    Wide value = 0;
    int places = -1, seen = 0;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (c == '.' && places < 0) {
            places = 0;
            continue;
        }
        if (c < '0' || c > '9')
            return false;
        seen++;
        if (places >= digits && c != '0')
            return false;  // finer than the number can say
        if (places >= digits)
            continue;
        places += places >= 0;
        value = value * 10 + (c - '0');
        if (value > INT64_MAX)
            return false;
    }
    if (seen == 0 || (text.len && text.ptr[text.len - 1] == '.'))
        return false;
    for (int i = places < 0 ? 0 : places; i < digits; i++) {
        value *= 10;
        if (value > INT64_MAX)
            return false;
    }
    *ret = negative ? -(int64_t)value : (int64_t)value;
    return true;
}

Str decimal_text(Arena *arena, int64_t value, int digits)
{
    char text[32], *end = text + sizeof text, *at = end;
    uint64_t left = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    for (int written = 0; left || written <= digits; written++) {
        if (written == digits && digits > 0)
            *--at = '.';
        *--at = (char)('0' + left % 10);
        left /= 10;
    }
    if (value < 0)
        *--at = '-';
    return str_copy(arena, (Str){ at, (size_t)(end - at) });
}

Str decimal_short(Arena *arena, int64_t value, int digits)
{
    Str text = decimal_text(arena, value, digits);
    if (digits == 0)
        return text;
    while (text.ptr[text.len - 1] == '0')
        text.len--;
    if (text.ptr[text.len - 1] == '.')
        text.len--;
    return str_copy(arena, text);
}
