// order.c - an order's prices, taxes and totals, and how one is made.
//
// While an order is a draft or a quotation it is worked out on every saving: prices from the price
// lists where nobody set one by hand, taxes by the one calculator. Placing freezes the prices; what
// is cancelled afterwards only takes its share off the totals.
#include "modules/oms/order.h"

#include "modules/billing/billing.h"
#include "modules/party/party.h"

#include "base/utf8.h"
#include "kernel/db/kept.h"
#include "kernel/entity/access.h"
#include "kernel/event.h"
#include "kernel/tenant.h"

#include <assert.h>

// ---- Lines --------------------------------------------------------------------------------------

Qty line_open(const SalesLine *line)
{
    return (Qty){ line->base_quantity.micro - line->shipped.micro - line->cancelled.micro };
}

SalesLine *order_line_by_id(SalesOrder *order, Id id)
{
    EACH (line, order->lines)
        if (line->record.id == id)
            return line;
    assert(!"a line of this order");
    return NULL;
}

Status line_in_unit(Ctx *ctx, const SalesLine *line, Qty base, Qty *ret)
{
    if (base.micro == line->base_quantity.micro) {
        *ret = line->quantity;  // also where the unit divides badly
        return OK;
    }
    return qty_convert(ctx, base, line->denominator, line->numerator, ret);
}

Status line_part_in_unit(Ctx *ctx, const SalesLine *line, Qty before, Qty base, Qty *ret)
{
    Qty from, to;
    TRY(line_in_unit(ctx, line, before, &from));
    TRY(line_in_unit(ctx, line, (Qty){ before.micro + base.micro }, &to));
    ret->micro = to.micro - from.micro;
    return OK;
}

static Status line_unit(Ctx *ctx, SalesLine *line, const VariantFacts *variant)
{
    line->unit = line->unit ? line->unit : variant->unit;
    TRY(variant_unit(ctx, variant, line->unit, &line->numerator, &line->denominator));
    return qty_convert(ctx, line->quantity, line->numerator, line->denominator,
                       &line->base_quantity);
}

static Status no_price(Ctx *ctx, const SalesOrder *order, size_t at)
{
    const SalesLine *line = &order->lines.items[at];
    Str path = str_format(ctx->arena, "lines[%zu].price", at);
    ctx_problem(ctx, path, "oms.no_price", "there is no price for " STR_FMT " in " STR_FMT,
                STR_ARG(line->sku), STR_ARG(currency_text(&order->currency)));
    return OK;
}

// The list's price is per base unit; the line's per unit as the customer counts.
static Status line_price(Ctx *ctx, SalesOrder *order, size_t at, Id group)
{
    SalesLine *line = &order->lines.items[at];
    PriceQuestion question = { .variant = line->variant,
                               .channel = order->channel,
                               .group = group,
                               .quantity = line->base_quantity,
                               .currency = order->currency,
                               .on = order->order_date };
    PriceAnswer answer;
    if (line->is_price_fixed) {
        line->price_why = S("set by hand");
        return OK;
    }
    TRY(price_find(ctx, &question, &answer));
    if (!answer.is_known)
        return no_price(ctx, order, at);
    if (answer.is_tax_included != order->is_tax_included)
        return FAIL(ctx, E_CONFLICT, "oms.price_tax",
                    "the price list of " STR_FMT " has prices %s tax, the channel sells %s it",
                    STR_ARG(line->sku), answer.is_tax_included ? "with" : "without",
                    order->is_tax_included ? "with" : "without");
    TRY(price_from_wide(ctx, (Wide)answer.price.micro * line->numerator, line->denominator,
                        ROUND_HALF_UP, &line->price));
    line->price.micro += picks_price(&line->config).micro;
    line->price_why = answer.why;
    return OK;
}

static Status prepare_line(Ctx *ctx, SalesOrder *order, size_t at, Id group)
{
    SalesLine *line = &order->lines.items[at];
    VariantFacts variant;
    if (!line->variant || line->quantity.micro <= 0)
        return OK;  // the rules of the record say so
    TRY(variant_facts(ctx, line->variant, &variant));
    if (!variant.is_active)
        ctx_problem(ctx, str_format(ctx->arena, "lines[%zu].variant", at), "oms.not_sold",
                    STR_FMT " is not sold any more", STR_ARG(variant.sku));
    line->sku = variant.sku;
    line->name = line->name.len ? line->name : variant.name;
    line->wishes = utf8_cut(picks_words(ctx, &line->config), 500);
    line->tax_class = line->tax_class ? line->tax_class : variant.tax_class;
    TRY(line_unit(ctx, line, &variant));
    return line_price(ctx, order, at, group);
}

// ---- Sums ---------------------------------------------------------------------------------------

// The order as it would be invoiced as a whole: so that its taxes and totals are the invoice's.
static Status as_invoice(Ctx *ctx, const SalesOrder *order, Invoice *ret)
{
    *ret = (Invoice){ .kind = INVOICE_KIND_INVOICE,
                      .customer = order->customer,
                      .currency = order->currency,
                      .is_tax_included = order->is_tax_included,
                      .invoice_date = order->order_date,
                      .ship_to = order->ship_to,
                      .bill_to = order->bill_to,
                      .dimensions = { .channel = order->channel, .place = order->warehouse } };
    EACH (line, order->lines) {
        InvoiceLine *added = list_push(ctx->arena, &ret->lines);
        *added = (InvoiceLine){ .price = line->price,
                                .discount = line->discount,
                                .tax_class = line->tax_class };
        TRY(line_in_unit(ctx, line, (Qty){ line->base_quantity.micro - line->cancelled.micro },
                         &added->quantity));
    }
    EACH (charge, order->charges)
        *list_push(ctx->arena, &ret->charges) =
            (InvoiceCharge){ .charge_fields = charge->charge_fields };
    return OK;
}

static void take_sums(SalesOrder *order, const Invoice *invoice)
{
    const InvoiceLine *figured = invoice->lines.items;
    const InvoiceCharge *charged = invoice->charges.items;
    EACH (line, order->lines) {
        line->net = figured->net;
        line->tax = figured->tax;
        line->taxes = figured++->taxes;
    }
    EACH (charge, order->charges)
        charge->charge_fields = charged++->charge_fields;
    order->totals = invoice->totals;
    order->due.minor = order->totals.total.minor - order->paid.minor + order->refunded.minor;
}

Status order_sum(Ctx *ctx, SalesOrder *order)
{
    Invoice invoice;
    TRY(as_invoice(ctx, order, &invoice));
    TRY(invoice_calculate(ctx, &invoice));
    take_sums(order, &invoice);
    return OK;
}

Status order_calculate(Ctx *ctx, SalesOrder *order)
{
    PartyFacts party;
    if (order->lines.len > ORDER_LINES_MAX)
        return FAIL(ctx, E_INVALID, "oms.too_many_lines",
                    "an order has at most %d lines, this has %zu", ORDER_LINES_MAX,
                    order->lines.len);
    TRY(party_facts(ctx, order->customer, &party));
    for (size_t i = 0; i < order->lines.len; i++)
        TRY(prepare_line(ctx, order, i, party.group));
    TRY(ctx_problems(ctx));
    return order_sum(ctx, order);
}

// ---- Saving -------------------------------------------------------------------------------------

static bool is_editable(const SalesOrder *order)
{
    return order->state == ORDER_STATE_DRAFT || order->state == ORDER_STATE_QUOTED;
}

static bool postal_is_empty(const Postal *p)
{
    return p->street.len + p->city.len + p->postcode.len + p->country.len == 0;
}

static Status fill_new(Ctx *ctx, SalesOrder *order)
{
    Channel channel;
    TRY(channel_load(ctx, order->channel, &channel));
    if (currency_text(&order->currency).len == 0)
        order->currency = channel.currency;
    order->is_tax_included = channel.is_tax_included;
    order->order_date = order->order_date ? order->order_date : tenant_today(ctx);
    if (postal_is_empty(&order->ship_to))
        TRY(party_address_find(ctx, order->customer, true, &order->ship_to));
    if (postal_is_empty(&order->bill_to))
        TRY(party_address_find(ctx, order->customer, false, &order->bill_to));
    return OK;
}

// A placed order is released the moment nothing stands in its way.
static Status release(Ctx *ctx, SalesOrder *order)
{
    bool is_clear;
    if (order->state != ORDER_STATE_PLACED)
        return OK;
    TRY(order_is_clear(ctx, order, &is_clear));
    if (!is_clear)
        return OK;
    order->state = ORDER_STATE_CONFIRMED;
    return event_emit(ctx, "oms.sales_order.confirm", order->record.id, S(""));
}

Status order_before_save(Ctx *ctx, void *record, const void *before)
{
    SalesOrder *order = record;
    if (!order->customer || !order->channel)
        return OK;  // the rules of the record say so
    if (!before)
        TRY(fill_new(ctx, order));
    if (is_editable(order))
        TRY(order_calculate(ctx, order));
    order_headline(order);
    TRY(release(ctx, order));
    order_headline(order);
    return OK;
}

// ---- Making -------------------------------------------------------------------------------------

static Status add_line(Ctx *ctx, const OrderLineSpec *spec, SalesOrder *order)
{
    *(SalesLine *)list_push(ctx->arena, &order->lines) =
        (SalesLine){ .variant = spec->variant,
                     .unit = spec->unit,
                     .quantity = spec->quantity,
                     .price = spec->price.value,
                     .is_price_fixed = spec->price.known,
                     .discount = spec->discount,
                     .name = spec->name,
                     .config = spec->config,
                     .numerator = 1,
                     .denominator = 1 };
    return OK;
}

static Status add_charge(Ctx *ctx, const OrderChargeSpec *spec, SalesOrder *order)
{
    SalesCharge *charge = list_push(ctx->arena, &order->charges);
    charge->charge_fields.name = spec->name;
    charge->charge_fields.amount = spec->amount;
    charge->charge_fields.tax_class = spec->tax_class;
    return choice_of(ctx, &charge_kind_choices, spec->kind, &charge->kind);
}

static void take_heads(const OrderSpec *spec, SalesOrder *order)
{
    order->channel = spec->channel;
    order->customer = spec->customer;
    order->order_date = spec->on ? spec->on : order->order_date;
    order->currency = spec->currency;
    order->ship_to = spec->ship_to;
    order->bill_to = spec->bill_to;
    order->external = spec->external;
    order->reference = spec->reference;
    order->email = spec->email;
    order->phone = spec->phone;
    order->note = spec->note;
    order->guest_token = spec->guest_token;
    order->warehouse = spec->warehouse;
}

static Status order_draft(Ctx *ctx, const OrderSpec *spec, SalesOrder *ret)
{
    *ret = *sales_order_new(ctx);
    take_heads(spec, ret);
    EACH (line, spec->lines)
        TRY(add_line(ctx, line, ret));
    EACH (charge, spec->charges)
        TRY(add_charge(ctx, charge, ret));
    return OK;
}

Status order_create(Ctx *ctx, const OrderSpec *spec, SalesOrder *ret)
{
    TRY(order_draft(ctx, spec, ret));
    return sales_order_save(ctx, ret);
}

Status order_create_placed(Ctx *ctx, const OrderSpec *spec, SalesOrder *ret)
{
    TRY(order_draft(ctx, spec, ret));
    return action_do_new(ctx, &sales_order_entity, ret, "place");
}

// ---- Choices ------------------------------------------------------------------------------------

Status choice_of(Ctx *ctx, const EnumDef *list, Str code, Id *ret)
{
    bool found;
    TRY(kept_maybe(
        ctx,
        SQL("SELECT id FROM choice WHERE list_name = $1 AND value_code = $2", list->name, code),
        &found, ret));
    return found ? OK
                 : FAIL(ctx, E_INVALID, "oms.choice", "'" STR_FMT "' is not in the list '%s'",
                        STR_ARG(code), list->label);
}

Status choice_code(Ctx *ctx, Id choice, Str *ret)
{
    bool found = false;
    *ret = S("");
    if (!choice)
        return OK;
    return kept_maybe(ctx, SQL("SELECT value_code FROM choice WHERE id = $1", choice), &found, ret);
}
