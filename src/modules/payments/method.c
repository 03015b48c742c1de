// method.c - ways of paying: what a new company starts with, and what each must have.
#include "modules/payments/payment.h"

#include "modules/ledger/ledger.h"

#include "kernel/i18n.h"
#include "kernel/tenant.h"

Status method_before_save(Ctx *ctx, void *record, const void *before)
{
    const PaymentMethod *method = record;
    (void)before;
    if (method->way == PAYMENT_WAY_GATEWAY && !gateway_named(method->provider))
        return FAIL(ctx, E_INVALID, "payments.provider",
                    "there is no payment provider '" STR_FMT "'", STR_ARG(method->provider));
    return OK;
}

typedef struct MethodRow {
    const char *code, *name;
    PaymentWay way;
    Purpose purpose;  // of the account it books to
} MethodRow;

// clang-format off
static const MethodRow first_methods[] = {
    { "cash", TEXT("Cash"),             PAYMENT_WAY_CASH, PURPOSE_CASH },
    { "bank", TEXT("Bank transfer"),    PAYMENT_WAY_BANK, PURPOSE_BANK },
    { "cod",  TEXT("Cash on delivery"), PAYMENT_WAY_COD,  PURPOSE_COD_CLEARING },
};
// clang-format on

Status methods_install(Ctx *ctx)
{
    for (size_t i = 0; i < COUNT(first_methods); i++) {
        const MethodRow *row = &first_methods[i];
        Id known;
        TRY(payment_method_find(ctx, "method_code", str_from(row->code), &known));
        if (known)
            continue;
        PaymentMethod *method = payment_method_new(ctx);
        method->method_code = str_from(row->code);
        method->name = tr(ctx, row->name);
        method->way = row->way;
        TRY(ledger_account(ctx, row->purpose, 0, 0, ctx->tenant->base, S(""), &method->account));
        TRY(payment_method_save(ctx, method));
    }
    return OK;
}
