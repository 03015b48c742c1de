// fx.c - what a foreign currency is worth in the company's on a day: dated rates that people or a
// feed enter. The latest rate on or before the day holds.
#include "modules/ledger/inside.h"

#include "kernel/i18n.h"

Status ledger_fx(Ctx *ctx, CurrencyCode currency, Date on, Fx *ret)
{
    Fx rate = { 0 };
    bool found = true;
    if (!currency_eq(currency, ctx->tenant->base))
        TRY(db_maybe(ctx,
                     SQL("SELECT rate FROM fx_rate WHERE currency = $1 AND valid_from <= $2"
                         " AND (valid_to IS NULL OR valid_to > $2) AND archived = 0"
                         " ORDER BY valid_from DESC LIMIT 1",
                         currency, on),
                     &found, &rate));
    if (!found)
        return FAIL(ctx, E_CONFLICT, "ledger.no_rate",
                    "there is no exchange rate for %s on " STR_FMT, currency.code,
                    STR_ARG(show_date_long(ctx, on)));
    *ret = rate;
    return OK;
}
