// company.c - what must be there before the first order: a warehouse, a channel, a supplier, a way
// to pay, every product and every customer of the file.
#include "app/replay/replay.h"

#include "gen/payments.gen.h"
#include "kernel/db/options.h"
#include "modules/catalog/catalog.h"
#include "modules/ledger/ledger.h"
#include "modules/oms/oms.h"
#include "modules/party/party.h"

enum { AT_ONCE = 20 };

static Status choice(Ctx *ctx, const char *list, const char *code, Id *ret)
{
    return db_one(ctx,
                  SQL("SELECT id FROM choice WHERE list_name = $1 AND value_code = $2", list, code),
                  ret);
}

static Status make_warehouse(Ctx *ctx, Id *ret)
{
    TRY(place_find(ctx, "place_code", S("WH"), ret));
    if (*ret)
        return OK;
    Place *place = place_new(ctx);
    place->place_code = S("WH");
    place->name = S("Warehouse");
    place->kind = PLACE_KIND_WAREHOUSE;
    place->postal.country = ctx->tenant->country;
    TRY(place_save(ctx, place));
    *ret = place->record.id;
    return OK;
}

static Status make_channel(Ctx *ctx, Id warehouse, Id *ret)
{
    TRY(channel_find(ctx, "channel_code", S("wholesale"), ret));
    if (*ret)
        return OK;
    Channel *channel = channel_new(ctx);
    channel->channel_code = S("wholesale");
    channel->name = S("Wholesale and website");
    channel->needs_payment = true;
    *list_push(ctx->arena, &channel->warehouses) = (ChannelWarehouse){ .warehouse = warehouse };
    TRY(channel_save(ctx, channel));
    *ret = channel->record.id;
    return OK;
}

static Status make_supplier(Ctx *ctx, Id *ret)
{
    TRY(party_find(ctx, "number", S("S-GIFTS"), ret));
    if (*ret)
        return OK;
    Party *party = party_new(ctx);
    party->number = S("S-GIFTS");
    party->name = S("Gift makers");
    party->is_supplier = true;
    TRY(party_save(ctx, party));
    *ret = party->record.id;
    return OK;
}

static Status make_method(Ctx *ctx, Id *ret)
{
    TRY(payment_method_find(ctx, "method_code", S("transfer"), ret));
    if (*ret)
        return OK;
    PaymentMethod *method = payment_method_new(ctx);
    method->method_code = S("transfer");
    method->name = S("Bank transfer");
    method->way = PAYMENT_WAY_BANK;
    TRY(ledger_account(ctx, PURPOSE_BANK, 0, 0, ctx->tenant->base, S(""), &method->account));
    TRY(payment_method_save(ctx, method));
    *ret = method->record.id;
    return OK;
}

static Status make_frame(Ctx *ctx, void *arg)
{
    Replay *replay = arg;
    TRY(make_warehouse(ctx, &replay->warehouse));
    TRY(make_channel(ctx, replay->warehouse, &replay->channel));
    TRY(make_supplier(ctx, &replay->supplier));
    TRY(make_method(ctx, &replay->method));
    TRY(setting_set(ctx, S("oms.invoice_on_shipping"), S("0")));
    TRY(unit_find(ctx, "unit_code", S("pcs"), &replay->unit));
    TRY(choice(ctx, "adjust_reason", "sample", &replay->sample));
    TRY(choice(ctx, "adjust_reason", "found", &replay->found));
    TRY(choice(ctx, "adjust_reason", "write_off", &replay->write_off));
    return choice(ctx, "return_reason", "unwanted", &replay->unwanted);
}

// ---- Products and customers ---------------------------------------------------------------------

typedef struct Batch {
    Replay *replay;
    size_t from, until;
} Batch;

static Status make_product(Ctx *ctx, const Replay *replay, RetailProduct *product)
{
    Id id;
    TRY(variant_by_sku(ctx, product->sku, &product->variant));
    if (product->variant)
        return OK;
    SimpleProduct simple = { .sku = product->sku,
                             .name = product->name.len ? product->name : product->sku,
                             .unit = replay->unit,
                             .kind =
                                 product->is_service ? PRODUCT_KIND_SERVICE : PRODUCT_KIND_GOODS,
                             .is_stocked = !product->is_service };
    return product_create_simple(ctx, &simple, &id, &product->variant);
}

static Status make_products(Ctx *ctx, void *arg)
{
    const Batch *batch = arg;
    for (size_t i = batch->from; i < batch->until; i++)
        TRY(make_product(ctx, batch->replay, batch->replay->retail.products.values[i]));
    return OK;
}

static Status make_customer(Ctx *ctx, RetailCustomer *customer)
{
    if (customer->number.len == 0)
        return party_cash_customer(ctx, customer->country, &customer->party);
    Str number = str_join(ctx->arena, S("C-"), customer->number);
    TRY(party_find(ctx, "number", number, &customer->party));
    if (customer->party)
        return OK;
    Party *party = party_new(ctx);
    party->number = number;
    party->name = str_join(ctx->arena, S("Customer "), customer->number);
    party->external = customer->number;
    party->is_customer = true;
    *list_push(ctx->arena, &party->addresses) = (PartyAddress){
        .is_billing = true, .is_delivery = true, .postal = { .country = customer->country }
    };
    TRY(party_save(ctx, party));
    customer->party = party->record.id;
    return OK;
}

static Status make_customers(Ctx *ctx, void *arg)
{
    const Batch *batch = arg;
    for (size_t i = batch->from; i < batch->until; i++)
        TRY(make_customer(ctx, batch->replay->retail.customers.values[i]));
    return OK;
}

static Status in_batches(Ctx *ctx, Replay *replay, size_t count, TxFn fn)
{
    for (size_t at = 0; at < count; at += AT_ONCE) {
        ArenaMark mark = arena_mark(ctx->arena);
        Batch batch = { replay, at, at + AT_ONCE < count ? at + AT_ONCE : count };
        TRY(tenant_transact(ctx, fn, &batch));
        arena_rewind(ctx->arena, mark);
    }
    return OK;
}

Status replay_company(Ctx *ctx, Replay *replay)
{
    TRY(tenant_transact(ctx, make_frame, replay));
    TRY(in_batches(ctx, replay, replay->retail.products.len, make_products));
    return in_batches(ctx, replay, replay->retail.customers.len, make_customers);
}

// ---- The company itself -------------------------------------------------------------------------

// Nobody else waits for this program's lane: founding a company, or an order of hundreds of lines,
// may take its time.
static void take_time(void)
{
    enum { PIECE_MS = 60000 };
    DbOptions options = *db_options();
    options.member_limit_ms = PIECE_MS;
    db_use_options(&options);
}

Status replay_enter(Ctx *ctx, Str code, Str name)
{
    Tenant *tenant;
    Id id;
    take_time();
    Status status = tenant_open(ctx, code, &tenant);
    if (status == E_NOT_FOUND) {
        ctx_recover(ctx);
        TRY(tenant_create(ctx,
                          &(TenantSpec){ .code = code,
                                         .name = name,
                                         .country = S("GB"),
                                         .language = S("en"),
                                         .zone = S("Europe/London"),
                                         .currency = S("GBP"),
                                         .fiscal_month = 12,
                                         .modules = S("*") },
                          &id));
        status = tenant_open(ctx, code, &tenant);
    }
    TRY(status);
    tenant_enter(ctx, tenant);
    return OK;
}
