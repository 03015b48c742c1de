// limit.c - amounts that it takes two people for: each module's setting says above which, in whole
// units of the company's currency; 0 is no limit.
#include "modules/ledger/inside.h"

#include "kernel/i18n.h"

static Status in_base(Ctx *ctx, const LimitQuestion *question, Money *ret)
{
    Fx rate = question->fx;
    *ret = question->amount;
    if (currency_eq(question->currency, ctx->tenant->base))
        return OK;
    if (rate.nano == 0)
        TRY(ledger_fx(ctx, question->currency, question->on, &rate));
    return money_convert(ctx, question->amount, question->currency, ctx->tenant->base, rate, ret);
}

static int64_t minor_units(const Ctx *ctx, int64_t whole)
{
    int64_t minor = whole;
    for (int i = 0; i < currency_digits(ctx->tenant->base); i++)
        if (__builtin_mul_overflow(minor, 10, &minor))
            return INT64_MAX;
    return minor;
}

Status ledger_over_limit(Ctx *ctx, const char *setting, const LimitQuestion *question, Str *ret_why)
{
    int64_t whole = setting_int(ctx, setting);
    Money limit = { minor_units(ctx, whole) }, amount;
    *ret_why = S("");
    if (whole <= 0)
        return OK;
    TRY(in_base(ctx, question, &amount));
    if (amount.minor > limit.minor)
        *ret_why = tr_format(ctx, "%.*s %.*s is above the limit of %.*s",
                             STR_ARG(currency_text(&ctx->tenant->base)),
                             STR_ARG(show_money(ctx, amount, ctx->tenant->base)),
                             STR_ARG(show_money(ctx, limit, ctx->tenant->base)));
    return OK;
}
