// test_papers.c - every paper that the modules can print, in every language that has a catalogue:
// each says what it is and what stands on it, is tagged, and names its language. A form that is
// added without a row here fails.
#include "modules/shop.h"

#include "gen/logistics.gen.h"
#include "kernel/entity/access.h"
#include "kernel/i18n.h"
#include "kernel/pdf_reader.h"
#include "modules/billing/billing.h"

typedef struct Story {
    Shop shop;
    SalesOrder quote, order;
    IdList deliveries;
    Invoice invoice, credit;
    Rma rma;
    Id list, shipment, product;
} Story;

// ---- What there is to print ---------------------------------------------------------------------

static Status make_quote(Ctx *ctx, Story *s)
{
    OrderSpec spec = { .channel = s->shop.web,
                       .customer = s->shop.customer,
                       .reference = S("ASK-1") };
    *list_push(ctx->arena, &spec.lines) =
        (OrderLineSpec){ .variant = s->shop.variants[1], .quantity = { 3 * MICRO } };
    TRY(order_create(ctx, &spec, &s->quote));
    s->quote.valid_until = tenant_today(ctx) + 14;
    return sales_order_save(ctx, &s->quote);
}

static Status make_return(Ctx *ctx, Story *s)
{
    Id reason;
    Rma *rma = rma_new(ctx);
    TRY(db_one(ctx, SQL("SELECT min(id) FROM choice WHERE list_name = 'return_reason'"), &reason));
    rma->sales_order = s->order.record.id;
    rma->warehouse = s->shop.room.main;
    *list_push(ctx->arena, &rma->lines) =
        (RmaLine){ .order_line = s->order.lines.items[0].record.id,
                   .quantity = { MICRO },
                   .reason = reason,
                   .words = S("Too red"),
                   .disposition = DISPOSITION_UNDECIDED };
    TRY(rma_save(ctx, rma));
    s->rma = *rma;
    return OK;
}

static Status make_bills(Ctx *ctx, Story *s)
{
    Delivery delivery;
    TRY(delivery_load(ctx, s->deliveries.items[0], &delivery));
    TRY(invoice_load(ctx, delivery.invoice, &s->invoice));
    Qty quantities[2] = { { MICRO }, { 0 } };
    return invoice_credit(ctx, &s->invoice, quantities, false, S("one was cracked"),
                          tenant_today(ctx), (Link){ 0 }, &s->credit);
}

static Status make_shipment(Ctx *ctx, Story *s)
{
    Carrier *carrier = carrier_new(ctx);
    Shipment *shipment = shipment_new(ctx);
    carrier->carrier_code = S("post");
    carrier->name = S("Royal Post");
    *list_push(ctx->arena, &carrier->services) =
        (CarrierService){ .service_code = S("std"), .name = S("Standard"), .is_active = true };
    TRY(carrier_save(ctx, carrier));
    shipment->delivery = s->deliveries.items[0];
    shipment->service = carrier->services.items[0].record.id;
    shipment->tracking = S("RP123456789GB");
    shipment->currency = ctx->tenant->base;
    TRY(shipment_save(ctx, shipment));
    s->shipment = shipment->record.id;
    return OK;
}

static Status step_trade(Ctx *ctx, void *arg)
{
    Story *s = arg;
    Basket basket = { .pieces = { 2, 1 }, .freight = 500 };
    TRY(make_quote(ctx, s));
    TRY(shop_order(ctx, &s->shop, &basket, &s->order));
    TRY(shop_pay(ctx, &s->shop, &s->order, s->order.totals.total.minor));
    return order_paid(ctx, s->order.record.id);
}

static Status step_ship(Ctx *ctx, void *arg)
{
    Story *s = arg;
    VariantFacts facts;
    PickList *list = pick_list_new(ctx);
    TRY(delivery_plan(ctx, s->order.record.id, tenant_today(ctx), &s->deliveries));
    list->warehouse = s->shop.room.main;
    TRY(pick_list_save(ctx, list));
    TRY(action_do(ctx, &pick_list_entity, list, "fill", NULL));
    s->list = list->record.id;
    Delivery delivery;
    TRY(delivery_load(ctx, s->deliveries.items[0], &delivery));
    TRY(delivery_ship(ctx, &delivery, tenant_today(ctx)));
    TRY(variant_facts(ctx, s->shop.variants[0], &facts));
    s->product = facts.product;
    return OK;
}

static Status step_after(Ctx *ctx, void *arg)
{
    Story *s = arg;
    TRY(make_bills(ctx, s));
    TRY(make_return(ctx, s));
    return make_shipment(ctx, s);
}

static void live_through(Ctx *ctx, Story *s)
{
    *s = (Story){ 0 };
    shop_open(ctx, &s->shop, 10, 0);
    CHECK_OK(ctx, shop_try(ctx, step_trade, s));
    CHECK_OK(ctx, shop_try(ctx, step_ship, s));
    CHECK_OK(ctx, shop_try(ctx, step_after, s));
}

// ---- What it says -------------------------------------------------------------------------------

typedef struct PaperRow {
    const char *name, *form;
    const EntityDef *entity;
    Id record;
    const char *says[2];  // in English, in Spanish
    const char *both[2];
    const char *sum[2];  // in English, in Spanish
} PaperRow;

typedef struct Drawing {
    const PaperRow *row;
    Str pdf;
} Drawing;

static const PrintForm *form_of(const PaperRow *row)
{
    for (const Module *const *m = modules_all(); *m; m++)
        for (const PrintForm *p = (*m)->prints; p && p->name; p++)
            if (p->entity == row->entity && strcmp(p->name, row->form) == 0)
                return p;
    return NULL;
}

static Status draw(Ctx *ctx, void *arg)
{
    Drawing *drawing = arg;
    const PrintForm *form = form_of(drawing->row);
    void *record = record_new(ctx, drawing->row->entity);
    CHECK(form != NULL);
    TRY(record_load(ctx, drawing->row->entity, drawing->row->record, record));
    return form->draw(ctx, record, &drawing->pdf);
}

static void check_row(Ctx *ctx, const PaperRow *row)
{
    static const char *const languages[] = { "en", "es" };
    Locale *before = ctx->locale;
    for (size_t i = 0; i < COUNT(languages); i++) {
        Drawing drawing = { .row = row };
        locale_enter(ctx, locale_best(S(""), str_from(languages[i])), ctx->tenant->zone);
        CHECK_OK(ctx, tenant_read(ctx, draw, &drawing));
        Paper *paper = paper_save(ctx, drawing.pdf);
        Str text = paper_seen_by(paper, "pdftotext -layout %s -");
        CHECK_HOLDS(text, row->says[i]);
        for (size_t k = 0; k < COUNT(row->both) && row->both[k]; k++)
            CHECK_HOLDS(text, row->both[k]);
        if (row->sum[i])
            CHECK_HOLDS(text, row->sum[i]);
        CHECK_HOLDS(paper_seen_by(paper, "pdfinfo %s"), "Tagged:          yes");
        Str about = str_format(ctx->arena, "\"/Lang\": \"u:%s\"", languages[i]);
        CHECK_HOLDS(paper_seen_by(paper, "qpdf --json %s"), about.ptr);
    }
    ctx->locale = before;
}

static size_t forms_there_are(void)
{
    size_t count = 0;
    for (const Module *const *m = modules_all(); *m; m++)
        for (const PrintForm *p = (*m)->prints; p && p->name; p++)
            count++;
    return count;
}

static void test_papers(void)
{
    NEEDS("pdftotext", "pdfinfo", "qpdf");
    Ctx *ctx = test_ctx();
    Story s;
    live_through(ctx, &s);
    Id delivery = s.deliveries.items[0], customer = s.shop.customer;
    // clang-format off
    const PaperRow rows[] = {
        { "quotation", "order", &sales_order_entity, s.quote.record.id, { "Quotation", "Presupuesto" },
          { s.quote.number.ptr, "ASK-1" }, { "72.00", "72,00" } },
        { "confirmation", "order", &sales_order_entity, s.order.record.id,
          { "Order confirmation", "Confirmación de pedido" }, { s.order.number.ptr  }, { "54.00", "54,00" } },
        { "invoice", "invoice", &invoice_entity, s.invoice.record.id, { "Invoice", "Factura" },
          { s.invoice.number.ptr  }, { "54.00", "54,00" } },
        { "credit note", "invoice", &invoice_entity, s.credit.record.id,
          { "Credit note", "Nota de crédito" }, { s.credit.number.ptr, s.invoice.number.ptr } },
        { "statement", "statement", &party_entity, customer,
          { "Statement of account", "Estado de cuenta" }, { s.invoice.number.ptr  }, { "54.00", "54,00" } },
        { "packing slip", "packing-slip", &delivery_entity, delivery,
          { "Packing slip", "Albarán" }, { s.order.number.ptr } },
        { "picks of a delivery", "pick-list", &delivery_entity, delivery,
          { "Pick list", "Lista de recogida" }, { "A-01" } },
        { "pick list", "pick-list", &pick_list_entity, s.list, { "Pick list", "Lista de recogida" },
          { "A-01" } },
        { "return slip", "return-slip", &rma_entity, s.rma.record.id,
          { "Please put this slip", "Ponga esta hoja" }, { s.rma.number.ptr, "Too red" } },
        { "shipping label", "label", &shipment_entity, s.shipment, { "Ship to", "Enviar a" },
          { "RP123456789GB" } },
        { "product labels", "labels", &product_entity, s.product, { "P-1", "P-1" } },
    };
    // clang-format on
    for (size_t i = 0; i < COUNT(rows); i++) {
        test_row = rows[i].name;
        check_row(ctx, &rows[i]);
    }
    test_row = NULL;
    CHECK_INT((int64_t)forms_there_are(), (int64_t)COUNT(rows) - 2);  // two forms have two rows
    shop_close(&s.shop);
}

const Test papers_tests[] = {
    { "every paper says in every language what it is, and is tagged", test_papers },
    { 0 },
};
