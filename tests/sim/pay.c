// pay.c - what customers, banks and a card provider do. The provider's letters are written when
// something happens there and delivered whenever chance says: late, twice, in any order, sometimes
// forged; what they say is read by the real connector.
#include "sim/sim.h"

#include "base/buf.h"
#include "connect/stripe/stripe.h"
#include "kernel/http/request.h"
#include "kernel/job.h"
#include "modules/payments/payment.h"

static Sim *house;       // whose provider this is
static Random *spirit;   // of the operation that is running: the provider's mood
static FakeStripe desk;  // where one letter is written at a time

void sim_provider_open(Sim *sim)
{
    house = sim;
    desk = (FakeStripe){ .lock = PTHREAD_MUTEX_INITIALIZER };
}

// ---- The provider -------------------------------------------------------------------------------

static Str write_about(Ctx *ctx, const SimCard *card, const char *type)
{
    desk.intents[0] = card->intent;
    desk.intent_count = 1;
    return fake_intent_event(ctx, &desk, 0, type);
}

static Str write_refund(Ctx *ctx, const SimRefund *refund)
{
    desk.intents[0] = house->cards.items[refund->card].intent;
    desk.refunds[0] = refund->row;
    desk.intent_count = desk.refund_count = 1;
    return fake_refund_event(ctx, &desk, 0, "refund.updated");
}

static void post_letter(Str letter)
{
    *list_push(&house->keep, &house->letters) = str_copy(&house->keep, letter);
}

static SimCard *card_of(Id payment)
{
    EACH (card, house->cards)
        if (card->payment == payment)
            return card;
    return NULL;
}

static Status provider_start(Ctx *ctx, const GatewayKeys *keys, const Payment *payment,
                             GatewayStart *ret)
{
    SimCard *card = card_of(payment->record.id);
    (void)keys;
    if (!card) {
        card = list_push(&house->keep, &house->cards);
        card->payment = payment->record.id;
        card->intent.amount = payment->wanted.minor;
        snprintf(card->intent.id, FAKE_TEXT, "pi_%zu", house->cards.len);
        snprintf(card->intent.payment, FAKE_TEXT, STR_FMT, STR_ARG(payment->number));
        snprintf(card->intent.status, FAKE_TEXT, "requires_payment_method");
        Str currency = str_lower_ascii(ctx->arena, currency_text(&payment->currency));
        snprintf(card->intent.currency, sizeof card->intent.currency, STR_FMT, STR_ARG(currency));
    }
    if (sim_one_in(spirit, 10))
        return FAIL(ctx, E_BUSY, "sim.answer_lost", "the provider's answer was lost");
    *ret = (GatewayStart){ .external = str_copy(ctx->arena, str_from(card->intent.id)),
                           .client_secret = S("secret") };
    return OK;
}

static const char *event_of(const SimCard *card)
{
    bool paid = strcmp(card->intent.status, "succeeded") == 0;
    return paid ? "payment_intent.succeeded" : "payment_intent.payment_failed";
}

static Status provider_query(Ctx *ctx, const GatewayKeys *keys, const Payment *payment,
                             GatewayFactList *ret)
{
    const SimCard *card = card_of(payment->record.id);
    (void)keys;
    if (!card || (!card->intent.received && !card->intent.is_refused))
        return OK;
    return stripe_gateway.read(ctx, write_about(ctx, card, event_of(card)), ret);
}

static SimRefund *refund_row(const Payment *payment, const Refund *refund)
{
    EACH (row, house->refunds)
        if (row->refund == refund->record.id)
            return row;
    SimRefund *row = list_push(&house->keep, &house->refunds);
    Arena arena = { 0 };
    row->refund = refund->record.id;
    row->card = (size_t)(card_of(payment->record.id) - house->cards.items);
    row->row.amount = refund->amount.minor;
    snprintf(row->row.id, FAKE_TEXT, "re_%zu", house->refunds.len);
    snprintf(row->row.intent, FAKE_TEXT, "%s", house->cards.items[row->card].intent.id);
    snprintf(row->row.refund, FAKE_TEXT, "%s", id_text(&arena, refund->record.id).ptr);
    snprintf(row->row.status, FAKE_TEXT, "%s", sim_one_in(spirit, 3) ? "pending" : "succeeded");
    arena_release(&arena);
    return row;
}

static Status provider_refund(Ctx *ctx, const GatewayKeys *keys, const Payment *payment,
                              const Refund *refund, GatewayFactList *ret)
{
    (void)keys;
    if (sim_one_in(spirit, 12))
        return FAIL(ctx, E_INVALID, "sim.refused", "the provider refuses this refund");
    SimRefund *row = refund_row(payment, refund);
    if (sim_one_in(spirit, 6))
        return FAIL(ctx, E_BUSY, "sim.answer_lost", "the provider's answer was lost");
    Str letter = write_refund(ctx, row);
    post_letter(letter);
    return stripe_gateway.read(ctx, letter, ret);
}

static Status provider_webhook(Ctx *ctx, const GatewayKeys *keys, const Request *request,
                               Str *ret_event_id, Str *ret_kind)
{
    return stripe_gateway.webhook(ctx, keys, request, ret_event_id, ret_kind);
}

static Status provider_read(Ctx *ctx, Str body, GatewayFactList *ret)
{
    return stripe_gateway.read(ctx, body, ret);
}

static const Gateway provider = {
    .name = "stripe",
    .start = provider_start,
    .query = provider_query,
    .refund = provider_refund,
    .webhook = provider_webhook,
    .read = provider_read,
};
const Gateway *const sim_gateways[] = { &provider, NULL };

// ---- Paying -------------------------------------------------------------------------------------

static int64_t amount_for(const SalesOrder *order, Random *chance)
{
    int64_t due = order->totals.total.minor - order->paid.minor + order->refunded.minor;
    if (due <= 0)
        due = 1 + sim_roll(chance, 5000);
    if (sim_one_in(chance, 6))
        return 1 + sim_roll(chance, due);
    return sim_one_in(chance, 12) ? due + 1 + sim_roll(chance, 999) : due;
}

static Status begin_payment(Sim *sim, Ctx *ctx, Random *chance, Id method, Payment *ret)
{
    Query waiting = SQL("SELECT id FROM sales_order WHERE headline = 'pending_payment'"
                        " ORDER BY id DESC LIMIT 12");
    Id id = sim_recent(sim, SIM_ORDERS, chance);
    SalesOrder order;
    *ret = (Payment){ 0 };
    if (!sim_one_in(chance, 6))
        TRY(sim_choose(ctx, chance, waiting, &id));
    if (!id)
        return OK;
    TRY(sales_order_load(ctx, id, &order));
    PaymentSpec spec = { .party = order.customer,
                         .method = method,
                         .subject = { &sales_order_entity, id },
                         .currency = order.currency,
                         .amount = { amount_for(&order, chance) },
                         .on = sim_day(ctx, chance) };
    TRY(payment_create(ctx, &spec, ret));
    sim_made(sim, method == sim->world.card ? SIM_CARDS : SIM_PAYMENTS, ret->record.id);
    return OK;
}

static Status pay_by_bank(Sim *sim, Ctx *ctx, Random *chance)
{
    Payment payment;
    TRY(begin_payment(sim, ctx, chance, sim->world.bank, &payment));
    if (!payment.record.id || sim_one_in(chance, 10))
        return OK;
    const char *on = sim_date(ctx, payment.paid_on ? payment.paid_on : tenant_today(ctx));
    return sim_act(ctx, &payment_entity, payment.record.id, "receive",
                   str_format(ctx->arena, "{\"on\":\"%s\"}", on));
}

// On account: an invoice, or nothing in particular.
static Status pay_on_account(Sim *sim, Ctx *ctx, Random *chance)
{
    int64_t customer = sim_roll(chance, SIM_CUSTOMERS);
    Id invoice = 0;
    Payment payment;
    PaymentSpec spec = { .party = sim->world.customers[customer],
                         .method = sim->world.bank,
                         .currency = ctx->tenant->base,
                         .amount = { 1 + sim_roll(chance, 20000) } };
    bool found;
    TRY(db_maybe(ctx,
                 SQL("SELECT id, currency, total - settled FROM invoice WHERE customer_id = $1"
                     " AND state = 'posted' AND kind = 'invoice' AND settlement <> 'settled'"
                     " AND total > settled ORDER BY id DESC LIMIT 1",
                     spec.party),
                 &found, &invoice, &spec.currency, &spec.amount));
    if (found && !sim_one_in(chance, 6))
        spec.subject = (Link){ &invoice_entity, invoice };
    TRY(payment_receive(ctx, &spec, &payment));
    sim_made(sim, SIM_PAYMENTS, payment.record.id);
    return OK;
}

static Status card_new(Sim *sim, Ctx *ctx, Random *chance)
{
    Payment payment;
    return begin_payment(sim, ctx, chance, sim->world.card, &payment);
}

static Status card_start(Sim *sim, Ctx *ctx, Random *chance)
{
    SimList list = sim_one_in(chance, 10) ? SIM_PAYMENTS : SIM_CARDS;
    Id payment = sim_recent(sim, list, chance);
    GatewayStart begun;
    spirit = chance;
    return payment ? payment_start(ctx, payment, &begun) : OK;
}

// The customer pays, or his card is refused; sometimes the provider takes a wrong amount. Nobody
// is told but by letter.
static Status card_used(Sim *sim, Ctx *ctx, Random *chance)
{
    if (sim->cards.len == 0)
        return OK;
    size_t back = (size_t)sim_roll(chance, (int64_t)(sim->cards.len < 12 ? sim->cards.len : 12));
    SimCard *card = &sim->cards.items[sim->cards.len - 1 - back];
    if (card->intent.received)
        return OK;
    if (sim_one_in(chance, 5)) {
        card->intent.is_refused = true;
    } else {
        card->intent.is_refused = false;
        card->intent.received = card->intent.amount - (sim_one_in(chance, 25) ? 1 : 0);
        snprintf(card->intent.status, FAKE_TEXT, "succeeded");
    }
    post_letter(write_about(ctx, card, event_of(card)));
    return OK;
}

static Status card_dispute(Sim *sim, Ctx *ctx, Random *chance)
{
    if (sim->cards.len == 0)
        return OK;
    const SimCard *card = &sim->cards.items[sim_roll(chance, (int64_t)sim->cards.len)];
    if (!card->intent.received)
        return OK;
    desk.intents[0] = card->intent;
    bool won = sim_one_in(chance, 2);
    post_letter(
        fake_dispute_event(ctx, &desk, 0, "charge.dispute.funds_withdrawn", "needs_response"));
    if (won)
        post_letter(fake_dispute_event(ctx, &desk, 0, "charge.dispute.funds_reinstated", "won"));
    return OK;
}

static Status bank_settles(Sim *sim, Ctx *ctx, Random *chance)
{
    if (sim->refunds.len == 0)
        return OK;
    SimRefund *refund = &sim->refunds.items[sim_roll(chance, (int64_t)sim->refunds.len)];
    snprintf(refund->row.status, FAKE_TEXT, "succeeded");
    post_letter(write_refund(ctx, refund));
    return OK;
}

// ---- Letters ------------------------------------------------------------------------------------

static Status take_letter(Ctx *ctx, Str body, Str signature)
{
    Request request = { .method = HTTP_POST,
                        .path = S("/webhooks/stripe"),
                        .body = body,
                        .params = { S("stripe") },
                        .out = { .arena = ctx->arena } };
    *list_push(ctx->arena, &request.headers) = (HttpHeader){ S("stripe-signature"), signature };
    ctx->request = &request;
    Status status = payments_webhook_route(ctx);
    ctx->request = NULL;
    return status;
}

static Status letter_comes(Sim *sim, Ctx *ctx, Random *chance)
{
    if (sim->letters.len == 0)
        return OK;
    size_t reach = sim_one_in(chance, 8) ? sim->letters.len : 10;
    size_t back =
        (size_t)sim_roll(chance, (int64_t)(sim->letters.len < reach ? sim->letters.len : reach));
    Str body = sim->letters.items[sim->letters.len - 1 - back];
    const char *secret = sim_one_in(chance, 40) ? "whsec_of_somebody_else" : fake_webhook_secret;
    Time at = sim_one_in(chance, 40) ? ctx->now - DAY : ctx->now;
    return take_letter(ctx, body, fake_signature(ctx, secret, at, body));
}

// ---- Giving back --------------------------------------------------------------------------------

static Status give_back(Sim *sim, Ctx *ctx, Random *chance)
{
    SimList list = sim_one_in(chance, 2) ? SIM_PAYMENTS : SIM_CARDS;
    Id payment = sim_recent(sim, list, chance);
    int64_t cents = sim_roll(chance, 3000);
    if (!payment)
        return OK;
    if (sim_one_in(chance, 3))
        return sim_act(ctx, &payment_entity, payment, "void", S(""));
    Str json = str_format(ctx->arena, "{\"amount\":\"%lld.%02lld\",\"words\":\"goodwill\"}",
                          (long long)cents / 100, (long long)cents % 100);
    return sim_act(ctx, &payment_entity, payment, "refund", json);
}

static Status jobs_run(Sim *sim, Ctx *ctx, Random *chance)
{
    int ran;
    (void)sim;
    spirit = chance;
    return jobs_run_due(ctx, &ran);
}

const SimKind sim_paying[] = {
    { "pay", 90, pay_by_bank, false },
    { "account", 15, pay_on_account, false },
    { "card", 45, card_new, false },
    { "start", 60, card_start, true },
    { "card-used", 70, card_used, true },
    { "dispute", 3, card_dispute, true },
    { "settle", 8, bank_settles, true },
    { "letter", 110, letter_comes, false },
    { "refund", 12, give_back, false },
    { "jobs", 45, jobs_run, true },
    { 0 },
};
