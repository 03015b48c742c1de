// number.h - exact numbers. Money, prices, quantities and rates are wrapped 64-bit integers, so
// that adding a quantity to an amount does not compile. Products go through 128 bits, are rounded
// once with the mode named at the call, and overflow is an error, never a wrap.
#pragma once

#include "base/ctx.h"

// clang-format off
typedef struct { int64_t minor; } Money;  // minor units of its currency (cents, paise, yen)
typedef struct { int64_t micro; } Price;  // millionths of a major unit, per unit of quantity
typedef struct { int64_t micro; } Qty;    // millionths of a unit
typedef struct { int32_t micro; } Rate;   // millionths: 18 % is 180000
// An exchange rate, in 10^-9, quoted in the direction whose figure is 1 or more. Above zero: one of
// the document's currency costs so much base currency. Below zero: one of base costs so much of the
// document's. Zero: same currency.
typedef struct { int64_t nano; } Fx;

typedef struct { bool known; int64_t value; } MaybeInt;
typedef struct { bool known; Money value; } MaybeMoney;
typedef struct { bool known; Price value; } MaybePrice;
typedef struct { bool known; Qty value; } MaybeQty;
typedef struct { bool known; Rate value; } MaybeRate;

typedef __int128 Wide;  // room for any product of two of the above

enum { MICRO = 1000000, NANO = 1000000000 };

typedef enum Rounding {
    ROUND_HALF_UP,    // halves away from zero: what people do on paper
    ROUND_HALF_EVEN,  // halves to the even neighbour
    ROUND_DOWN,       // toward zero
    ROUND_UP,         // away from zero
    ROUND_FLOOR,      // toward minus infinity
    ROUND_CEIL,       // toward plus infinity
} Rounding;
// clang-format on

Wide wide_div(Wide value, Wide unit, Rounding how);              // unit > 0
MUST_CHECK Status wide_fit(Ctx *ctx, Wide value, int64_t *ret);  // E_INVALID "number.range"

// Divides by `unit`, rounding once. `unit` is how many of the value's own units make one result
// unit: for price x quantity (10^-12 of a major unit) it is currency_minor() of the currency.
MUST_CHECK Status money_from_wide(Ctx *ctx, Wide value, Wide unit, Rounding how, Money *ret);
MUST_CHECK Status qty_from_wide(Ctx *ctx, Wide value, Wide unit, Rounding how, Qty *ret);
MUST_CHECK Status price_from_wide(Ctx *ctx, Wide value, Wide unit, Rounding how, Price *ret);

MUST_CHECK Status money_add(Ctx *ctx, Money a, Money b, Money *ret);
MUST_CHECK Status money_sub(Ctx *ctx, Money a, Money b, Money *ret);
MUST_CHECK Status qty_add(Ctx *ctx, Qty a, Qty b, Qty *ret);

// amount x rate, as for tax or discount.
MUST_CHECK Status money_rate(Ctx *ctx, Money amount, Rate rate, Rounding how, Money *ret);
// amount x numerator / denominator; denominator <> 0.
MUST_CHECK Status money_share(Ctx *ctx, Money amount, int64_t numerator, int64_t denominator,
                              Rounding how, Money *ret);

// Splits `total` in proportion to weights (none negative) so that the parts always add up to it:
// each part is the difference of two rounded running totals, so no part is off by more than one
// minor unit and a weight of 0 gets nothing. With all weights 0 the parts are as equal as can be.
// n > 0. Splitting is exact for any total, negative ones too.
void money_split(Money total, const int64_t *weights, size_t n, Money *ret_parts);

// quantity x numerator / denominator: unit conversion, exact or rounded half up at a millionth.
MUST_CHECK Status qty_convert(Ctx *ctx, Qty quantity, int64_t numerator, int64_t denominator,
                              Qty *ret);

static inline bool qty_is_zero(Qty q)
{
    return q.micro == 0;
}
static inline Qty qty_neg(Qty q)
{
    return (Qty){ -q.micro };
}
static inline Money money_neg(Money m)
{
    return (Money){ -m.minor };
}

// ---- Decimal text -------------------------------------------------------------------------------
// "-1234.5" <-> an integer with `digits` decimal places. Plain form only: no grouping, no exponent;
// what people type in their own format is read by kernel/i18n.

// False when it is not a number, has more decimals than digits (unless those are 0), or overflows.
bool decimal_parse(Str text, int digits, int64_t *ret);
Str decimal_text(Arena *arena, int64_t value, int digits);   // all places: "12.50"
Str decimal_short(Arena *arena, int64_t value, int digits);  // no zeros at the end: "12.5"
int64_t power10(int n);                                      // 0 <= n <= 18
