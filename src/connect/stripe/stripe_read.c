// stripe_read.c - what Stripe's objects mean to us.
//
// A fact is named after the object that changed and not after the message about it, so that the
// webhook, the customer's return and our own asking all tell the same fact:
// "pi_123:captured", "re_5:refunded".
#include "connect/stripe/stripe_read.h"

#include "base/utf8.h"

// ---- Amounts ------------------------------------------------------------------------------------
// docs.stripe.com/currencies: amounts are in the currency's minor units, but ISK and UGX, which
// have none, are counted in hundredths all the same, and currencies of three decimals end in 0.

static int64_t units_of(CurrencyCode currency)
{
    Str code = currency_text(&currency);
    return str_is(code, "ISK") || str_is(code, "UGX") ? 100 : 1;
}

Status stripe_amount(Ctx *ctx, Money amount, CurrencyCode currency, int64_t *ret)
{
    if (currency_digits(currency) == 3 && amount.minor % 10 != 0)
        return FAIL(ctx, E_INVALID, "stripe.amount", "Stripe takes two decimals only, not " STR_FMT,
                    STR_ARG(money_text(ctx->arena, amount, currency)));
    return wide_fit(ctx, (Wide)amount.minor * units_of(currency), ret);
}

static Status read_currency(Ctx *ctx, const Json *object, CurrencyCode *ret)
{
    Str code = str_upper_ascii(ctx->arena, json_str(object, "currency"));
    return currency_parse(code, ret)
             ? OK
             : FAIL(ctx, E_INVALID, "stripe.answer",
                    "Stripe names no currency we know: '" STR_FMT "'", STR_ARG(code));
}

static Status read_amount(Ctx *ctx, const Json *object, const char *key, GatewayFact *fact)
{
    int64_t units;
    const Json *value = json_get(object, key);
    TRY(read_currency(ctx, object, &fact->currency));
    if (!value || !json_int(value, &units) || units % units_of(fact->currency) != 0)
        return FAIL(ctx, E_INVALID, "stripe.answer", "Stripe's %s is no amount", key);
    fact->amount.minor = units / units_of(fact->currency);
    return OK;
}

// ---- Objects ------------------------------------------------------------------------------------

static Str event_name(Ctx *ctx, Str object, const char *what)
{
    return str_format(ctx->arena, STR_FMT ":%s", STR_ARG(object), what);
}

typedef struct IntentRow {
    const char *status;
    FactKind kind;
    const char *what, *amount;
} IntentRow;

// clang-format off
static const IntentRow intent_rows[] = {
    { "succeeded",        FACT_KIND_CAPTURED,   "captured",   "amount_received" },
    { "requires_capture", FACT_KIND_AUTHORISED, "authorised", "amount_capturable" },
    { "processing",       FACT_KIND_PENDING,    "pending",    "amount" },
    { "canceled",         FACT_KIND_VOIDED,     "voided",     "amount" },
};
// clang-format on

// Waiting for a card again after one was refused: a failure that a better card may still undo.
static const IntentRow refused_row = { "requires_payment_method", FACT_KIND_FAILED, "failed",
                                       "amount" };

static const IntentRow *find_intent(const Json *intent)
{
    Str status = json_str(intent, "status");
    for (size_t i = 0; i < COUNT(intent_rows); i++)
        if (str_is(status, intent_rows[i].status))
            return &intent_rows[i];
    const Json *error = json_get(intent, "last_payment_error");
    bool is_refused = str_is(status, refused_row.status) && error && error->type == JSON_OBJECT;
    return is_refused ? &refused_row : NULL;
}

Status stripe_intent(Ctx *ctx, const Json *intent, Time at, GatewayFactList *facts)
{
    const IntentRow *row = find_intent(intent);
    Str id = json_str(intent, "id");
    if (!row)
        return OK;  // the customer has not done anything yet
    GatewayFact fact = { .kind = row->kind,
                         .external_payment = id,
                         .external_event = event_name(ctx, id, row->what),
                         .reference = json_str(json_get(intent, "metadata"), "payment"),
                         .words = json_str(json_get(intent, "last_payment_error"), "message"),
                         .happened_at = at };
    fact.words = utf8_cut(fact.words, 200);
    TRY(read_amount(ctx, intent, row->amount, &fact));
    *list_push(ctx->arena, facts) = fact;
    return OK;
}

static bool read_units(const Json *object, const char *key, int64_t *ret)
{
    const Json *value = json_get(object, key);
    return value && json_int(value, ret);
}

// "0.62 GBP": what was really kept, where the company's account with Stripe is in another currency.
static Str kept_words(Ctx *ctx, const Json *entry, int64_t units, CurrencyCode currency)
{
    CurrencyCode kept;
    Str code = str_upper_ascii(ctx->arena, json_str(entry, "currency"));
    if (!currency_parse(code, &kept) || currency_eq(kept, currency))
        return S("");
    Money amount = { (int64_t)wide_div(units, units_of(kept), ROUND_HALF_UP) };
    return str_format(ctx->arena, STR_FMT " " STR_FMT,
                      STR_ARG(money_text(ctx->arena, amount, kept)), STR_ARG(code));
}

// It is the same share of the amount in whichever currency Stripe settles.
Status stripe_fee(Ctx *ctx, const Json *intent, Time at, GatewayFactList *facts)
{
    const Json *entry = json_get(json_get(intent, "latest_charge"), "balance_transaction");
    Str id = json_str(entry, "id");
    int64_t gross = 0, kept = 0, created = 0;
    bool is_told = read_units(entry, "amount", &gross) && read_units(entry, "fee", &kept);
    if (id.len == 0 || !is_told || gross <= 0 || kept < 0)
        return OK;
    GatewayFact fee = { .kind = FACT_KIND_FEE,
                        .external_payment = json_str(intent, "id"),
                        .external_event = event_name(ctx, id, "fee"),
                        .happened_at = at };
    TRY(read_amount(ctx, intent, "amount_received", &fee));
    fee.words = kept_words(ctx, entry, kept, fee.currency);
    TRY(wide_fit(ctx, wide_div((Wide)fee.amount.minor * kept, gross, ROUND_HALF_UP),
                 &fee.amount.minor));
    if (read_units(entry, "created", &created))
        fee.happened_at = created * SECOND;
    *list_push(ctx->arena, facts) = fee;
    return OK;
}

Status stripe_refund(Ctx *ctx, const Json *refund, Time at, GatewayFactList *facts)
{
    Str id = json_str(refund, "id"), status = json_str(refund, "status");
    bool is_done = str_is(status, "succeeded");
    bool has_failed = str_is(status, "failed") || str_is(status, "canceled");
    GatewayFact fact = { .kind = is_done    ? FACT_KIND_REFUNDED
                               : has_failed ? FACT_KIND_REFUND_FAILED
                                            : FACT_KIND_PENDING,
                         .external_payment = json_str(refund, "payment_intent"),
                         .external_refund = id,
                         .external_event = event_name(ctx, id,
                                                      is_done      ? "refunded"
                                                      : has_failed ? "refund_failed"
                                                                   : "pending"),
                         .words = json_str(refund, "failure_reason"),
                         .happened_at = at };
    if (!id_parse(json_str(json_get(refund, "metadata"), "refund"), &fact.refund))
        fact.refund = 0;
    TRY(read_amount(ctx, refund, "amount", &fact));
    *list_push(ctx->arena, facts) = fact;
    return OK;
}

static Status read_dispute(Ctx *ctx, const Json *dispute, Time at, GatewayFactList *facts)
{
    Str id = json_str(dispute, "id");
    bool is_won = str_is(json_str(dispute, "status"), "won");
    GatewayFact fact = { .kind = is_won ? FACT_KIND_DISPUTE_WON : FACT_KIND_CHARGED_BACK,
                         .external_payment = json_str(dispute, "payment_intent"),
                         .external_event = event_name(ctx, id, is_won ? "won" : "charged_back"),
                         .words = json_str(dispute, "reason"),
                         .happened_at = at };
    TRY(read_amount(ctx, dispute, "amount", &fact));
    *list_push(ctx->arena, facts) = fact;
    return OK;
}

// ---- Events -------------------------------------------------------------------------------------

typedef struct EventRow {
    const char *type;
    Status (*read)(Ctx *ctx, const Json *object, Time at, GatewayFactList *facts);
} EventRow;

// clang-format off
static const EventRow event_rows[] = {
    { "payment_intent.succeeded",                 stripe_intent },
    { "payment_intent.processing",                stripe_intent },
    { "payment_intent.payment_failed",            stripe_intent },
    { "payment_intent.canceled",                  stripe_intent },
    { "payment_intent.amount_capturable_updated", stripe_intent },
    { "refund.created",                           stripe_refund },
    { "refund.updated",                           stripe_refund },
    { "refund.failed",                            stripe_refund },
    { "charge.refund.updated",                    stripe_refund },
    { "charge.dispute.funds_withdrawn",           read_dispute },
    { "charge.dispute.funds_reinstated",          read_dispute },
};
// clang-format on

Status stripe_event(Ctx *ctx, Str body, GatewayFactList *facts)
{
    const Json *event;
    int64_t created = 0;
    TRY(json_parse(ctx, body, &event));
    const Json *object = json_get(json_get(event, "data"), "object");
    const Json *when = json_get(event, "created");
    Str type = json_str(event, "type");
    if (!object)
        return FAIL(ctx, E_INVALID, "stripe.answer", "Stripe's event holds no object");
    if (when && !json_int(when, &created))
        created = 0;
    for (size_t i = 0; i < COUNT(event_rows); i++)
        if (str_is(type, event_rows[i].type))
            return event_rows[i].read(ctx, object, created ? created * SECOND : ctx->now, facts);
    return OK;
}
