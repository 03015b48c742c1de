// sum.c - sums as people type them, exact to a millionth: products go through 128 bits.
#include "web/sum.h"

#include "base/number.h"
#include "kernel/i18n.h"

enum { SUM_DEPTH = 20 };

typedef struct Sum {
    const Ctx *ctx;
    Str rest;
    int depth;
    bool is_wrong, has_sign;
} Sum;

static Wide read_sum(Sum *sum);

static char peek(Sum *sum)
{
    sum->rest = str_trim(sum->rest);
    return sum->rest.len ? sum->rest.ptr[0] : '\0';
}

static bool take(Sum *sum, char what)
{
    if (peek(sum) != what)
        return false;
    sum->rest = str_from_at(sum->rest, 1);
    return true;
}

static Wide wrong(Sum *sum)
{
    sum->is_wrong = true;
    return 0;
}

static Wide read_figure(Sum *sum)
{
    int64_t value;
    size_t len = 0;
    peek(sum);
    while (len < sum->rest.len && strchr("0123456789.,'", sum->rest.ptr[len]))
        len++;
    if (len == 0 || !read_number(sum->ctx, str_sub(sum->rest, 0, len), SUM_DIGITS, &value))
        return wrong(sum);
    sum->rest = str_from_at(sum->rest, len);
    return value;
}

static Wide read_factor(Sum *sum)
{
    if (++sum->depth > SUM_DEPTH)
        return wrong(sum);
    Wide value;
    if (take(sum, '-')) {
        value = -read_factor(sum);
    } else if (take(sum, '(')) {
        value = read_sum(sum);
        if (!take(sum, ')'))
            value = wrong(sum);
    } else {
        value = read_figure(sum);
    }
    sum->depth--;
    return value;
}

static bool is_small(Wide value)
{
    return value > -(Wide)INT64_MAX && value < (Wide)INT64_MAX;
}

static Wide read_product(Sum *sum)
{
    Wide value = read_factor(sum);
    while (!sum->is_wrong) {
        bool is_times = take(sum, '*') || take(sum, 'x');
        if (!is_times && !take(sum, '/'))
            break;
        Wide by = read_factor(sum);
        sum->has_sign = true;
        if (!is_small(value) || !is_small(by) || (!is_times && by == 0))
            return wrong(sum);
        if (is_times)
            value = wide_div(value * by, MICRO, ROUND_HALF_UP);
        else
            value = by > 0 ? wide_div(value * MICRO, by, ROUND_HALF_UP)
                           : wide_div(-value * MICRO, -by, ROUND_HALF_UP);
    }
    return value;
}

static Wide read_sum(Sum *sum)
{
    Wide value = read_product(sum);
    while (!sum->is_wrong) {
        if (take(sum, '+'))
            value += read_product(sum);
        else if (take(sum, '-'))
            value -= read_product(sum);
        else
            return value;
        sum->has_sign = true;
        if (!is_small(value))
            return wrong(sum);
    }
    return value;
}

bool sum_read(const Ctx *ctx, Str text, int64_t *ret)
{
    Sum sum = { .ctx = ctx, .rest = text };
    Wide value = read_sum(&sum);
    if (sum.is_wrong || !sum.has_sign || peek(&sum) || !is_small(value))
        return false;
    *ret = (int64_t)value;
    return true;
}
