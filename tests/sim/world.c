// world.c - the company that the simulation runs: three warehouses, goods of every cost method,
// four ways of selling in two currencies, customers at home and abroad.
#include "sim/sim.h"

#include "base/json.h"
#include "gen/catalog.gen.h"
#include "kernel/entity/access.h"
#include "kernel/secrets.h"
#include "modules/catalog/catalog.h"

static Status make_place(Ctx *ctx, const char *code, PlaceKind kind, Id above, bool may_go_negative,
                         Id *ret)
{
    Place *place = place_new(ctx);
    place->place_code = place->name = str_from(code);
    place->kind = kind;
    place->above = above;
    place->may_go_negative = may_go_negative;
    TRY(place_save(ctx, place));
    *ret = place->record.id;
    return OK;
}

static Status make_places(Ctx *ctx, SimWorld *world)
{
    Id seat;
    Place company;
    TRY(make_place(ctx, "SEAT", PLACE_KIND_COMPANY, 0, false, &seat));
    TRY(place_load(ctx, seat, &company));
    company.postal.country = S("GB");
    TRY(place_save(ctx, &company));
    TRY(make_place(ctx, "MAIN", PLACE_KIND_WAREHOUSE, 0, false, &world->warehouses[0]));
    TRY(make_place(ctx, "SECOND", PLACE_KIND_WAREHOUSE, 0, false, &world->warehouses[1]));
    TRY(make_place(ctx, "YARD", PLACE_KIND_WAREHOUSE, 0, true, &world->warehouses[2]));
    TRY(make_place(ctx, "A-01", PLACE_KIND_BIN, world->warehouses[0], false, &world->bins[0]));
    return make_place(ctx, "A-02", PLACE_KIND_BIN, world->warehouses[0], false, &world->bins[1]);
}

// ---- Goods --------------------------------------------------------------------------------------

static Status make_variant(Ctx *ctx, SimWorld *world, int number, Id pieces)
{
    Product *product = product_new(ctx);
    product->sku = product->name = str_format(ctx->arena, "P-%d", number + 1);
    product->kind = PRODUCT_KIND_GOODS;
    product->unit = pieces;
    product->is_stocked = true;
    product->weight_g = 100 * (number + 1);
    product->has_lots = number == SIM_VARIANTS - 1;
    if (number == SIM_VARIANTS - 2)
        *list_push(ctx->arena, &product->units) =
            (ProductUnit){ .unit = world->box, .numerator = 12, .denominator = 1 };
    TRY(product_save(ctx, product));
    world->variants[number] = product->variants.items[0].record.id;
    return sim_act(ctx, &product_entity, product->record.id, "activate", S(""));
}

static Status make_lots(Ctx *ctx, SimWorld *world)
{
    for (int i = 0; i < SIM_LOTS; i++) {
        Lot *lot = lot_new(ctx);
        lot->variant = world->variants[SIM_VARIANTS - 1];
        lot->number = str_format(ctx->arena, "L-%d", i + 1);
        lot->best_before = tenant_today(ctx) + 100 * (SIM_LOTS - i);
        TRY(lot_save(ctx, lot));
        world->lots[i] = lot->record.id;
    }
    return OK;
}

static Status make_goods(Ctx *ctx, SimWorld *world)
{
    Id pieces;
    Unit *box = unit_new(ctx);
    TRY(unit_find(ctx, "unit_code", S("pcs"), &pieces));
    box->unit_code = box->name = S("carton12");
    box->kind = UNIT_KIND_COUNT;
    TRY(unit_save(ctx, box));
    world->box = box->record.id;
    for (int i = 0; i < SIM_VARIANTS; i++)
        TRY(make_variant(ctx, world, i, pieces));
    return make_lots(ctx, world);
}

// Each method stands in each warehouse, before anything has moved.
static Status choose_methods(Ctx *ctx, SimWorld *world)
{
    static const CostMethod methods[] = { COST_METHOD_AVERAGE, COST_METHOD_FIFO, COST_METHOD_LIFO,
                                          COST_METHOD_STANDARD };
    for (int v = 0; v < SIM_VARIANTS; v++)
        for (int w = 0; w < SIM_WAREHOUSES; w++) {
            CostMethod method = methods[(v + w) % (int)COUNT(methods)];
            if (method == COST_METHOD_STANDARD)
                TRY(stock_set_cost(ctx, world->variants[v], world->warehouses[w],
                                   (Price){ (v + 1) * 5 * (int64_t)MICRO }, tenant_today(ctx)));
            TRY(stock_set_method(ctx, world->variants[v], world->warehouses[w], method,
                                 tenant_today(ctx)));
        }
    return OK;
}

// ---- Prices -------------------------------------------------------------------------------------

static Status make_list(Ctx *ctx, const SimWorld *world, const char *currency, bool is_tax_included)
{
    PriceList *list = price_list_new(ctx);
    list->name = str_from(currency);
    list->is_tax_included = is_tax_included;
    CHECK(currency_parse(str_from(currency), &list->currency));
    for (int i = 0; i < SIM_VARIANTS; i++) {
        ListPrice *price = list_push(ctx->arena, &list->prices);
        price->variant = world->variants[i];
        price->price.micro = (i + 1) * 10 * (int64_t)MICRO - 10000 * (i % 3);
    }
    return price_list_save(ctx, list);
}

static Status make_rate(Ctx *ctx)
{
    FxRate *rate = fx_rate_new(ctx);
    CHECK(currency_parse(S("EUR"), &rate->currency));
    rate->rate.nano = -1172300000;  // a pound is 1.1723 euros
    rate->valid_from = tenant_today(ctx) - 365;
    return fx_rate_save(ctx, rate);
}

// ---- People -------------------------------------------------------------------------------------

typedef struct Person {
    const char *name, *country, *currency;
    bool is_consumer;
    int64_t credit_limit;  // minor units; 0: none
} Person;
static const Person people[SIM_CUSTOMERS] = {
    { "Ada", "GB", "GBP", true, 0 },           { "Big Store plc", "GB", "GBP", false, 0 },
    { "Careful", "GB", "GBP", false, 250000 }, { "Dora", "DE", "EUR", true, 0 },
    { "Ets Emile", "FR", "EUR", false, 0 },    { "Far Away Inc", "US", "GBP", false, 0 },
};

static Status make_person(Ctx *ctx, const Person *person, bool is_supplier, Id *ret)
{
    Party *party = party_new(ctx);
    party->name = str_from(person->name);
    party->is_customer = !is_supplier;
    party->is_supplier = is_supplier;
    party->account_type = person->is_consumer ? ACCOUNT_TYPE_CONSUMER : ACCOUNT_TYPE_BUSINESS;
    CHECK(currency_parse(str_from(person->currency), &party->currency));
    party->credit_limit = (MaybeMoney){ person->credit_limit > 0, { person->credit_limit } };
    PartyAddress *address = list_push(ctx->arena, &party->addresses);
    address->is_billing = address->is_delivery = true;
    address->postal = (Postal){ .street = S("1 High Street"),
                                .city = S("Town"),
                                .postcode = S("12345"),
                                .country = str_from(person->country) };
    TRY(party_save(ctx, party));
    *ret = party->record.id;
    return OK;
}

static Status make_people(Ctx *ctx, SimWorld *world)
{
    static const Person suppliers[SIM_SUPPLIERS] = { { "Maker Ltd", "GB", "GBP", false, 0 },
                                                     { "Usine SA", "FR", "EUR", false, 0 } };
    for (int i = 0; i < SIM_CUSTOMERS; i++)
        TRY(make_person(ctx, &people[i], false, &world->customers[i]));
    for (int i = 0; i < SIM_SUPPLIERS; i++)
        TRY(make_person(ctx, &suppliers[i], true, &world->suppliers[i]));
    return OK;
}

// ---- Ways of selling ----------------------------------------------------------------------------

typedef struct Way {
    const char *code, *currency;
    SplitPolicy split;
    bool needs_payment, is_tax_included;
    int first, last;  // warehouses
} Way;
static const Way ways[SIM_CHANNELS] = {
    { "web", "GBP", SPLIT_POLICY_SPLIT, true, false, 0, 1 },
    { "wholesale", "GBP", SPLIT_POLICY_BACKORDER, false, false, 0, 1 },
    { "counter", "GBP", SPLIT_POLICY_WHOLE, false, false, 2, 2 },
    { "europe", "EUR", SPLIT_POLICY_WHOLE, true, true, 0, 1 },
};

static Status make_channels(Ctx *ctx, SimWorld *world)
{
    for (int i = 0; i < SIM_CHANNELS; i++) {
        Channel *channel = channel_new(ctx);
        channel->channel_code = channel->name = str_from(ways[i].code);
        CHECK(currency_parse(str_from(ways[i].currency), &channel->currency));
        channel->split = ways[i].split;
        channel->needs_payment = ways[i].needs_payment;
        channel->is_tax_included = ways[i].is_tax_included;
        for (int w = ways[i].first; w <= ways[i].last; w++)
            list_push(ctx->arena, &channel->warehouses)->warehouse = world->warehouses[w];
        TRY(channel_save(ctx, channel));
        world->channels[i] = channel->record.id;
    }
    return OK;
}

static Status make_methods(Ctx *ctx, SimWorld *world)
{
    PaymentMethod *card = payment_method_new(ctx);
    card->method_code = S("card");
    card->name = S("Card");
    card->way = PAYMENT_WAY_GATEWAY;
    card->provider = S("stripe");
    TRY(secret_seal(ctx, S("secret.secret_key"), str_from(fake_secret_key),
                    &card->secret_key.sealed));
    TRY(secret_seal(ctx, S("secret.webhook_secret"), str_from(fake_webhook_secret),
                    &card->webhook_secret.sealed));
    TRY(ledger_account(ctx, PURPOSE_GATEWAY_CLEARING, 0, 0, ctx->tenant->base, S(""),
                       &card->account));
    TRY(payment_method_save(ctx, card));
    world->card = card->record.id;
    return payment_method_find(ctx, "method_code", S("bank"), &world->bank);
}

// ---- The whole ----------------------------------------------------------------------------------

static Status furnish(Ctx *ctx, void *arg)
{
    SimWorld *world = arg;
    TRY(make_places(ctx, world));
    TRY(make_goods(ctx, world));
    TRY(choose_methods(ctx, world));
    TRY(make_list(ctx, world, "GBP", false));
    TRY(make_list(ctx, world, "EUR", true));
    TRY(make_rate(ctx));
    TRY(make_people(ctx, world));
    TRY(make_channels(ctx, world));
    return make_methods(ctx, world);
}

void sim_world_open(Sim *sim)
{
    house_open(sim->ctx, &sim->house);
    gateways_use(sim_gateways);
    sim_provider_open(sim);
    CHECK_OK(sim->ctx, tenant_transact(sim->ctx, furnish, &sim->world));
}

void sim_world_close(Sim *sim)
{
    gateways_use(NULL);
    house_close(&sim->house);
    arena_release(&sim->keep);
}

// ---- Words --------------------------------------------------------------------------------------

int64_t sim_roll(Random *chance, int64_t n)
{
    return random_below(chance, n);
}

bool sim_one_in(Random *chance, int64_t n)
{
    return random_below(chance, n) == 0;
}

Id sim_recent(const Sim *sim, SimList list, Random *chance)
{
    enum { FRESH = 24, OLD = 600 };
    const IdList *all = &sim->lists[list];
    size_t reach = sim_one_in(chance, 8) ? OLD : FRESH;
    if (all->len == 0)
        return 0;
    size_t back = (size_t)sim_roll(chance, (int64_t)(all->len < reach ? all->len : reach));
    return all->items[all->len - 1 - back];
}

Status sim_choose(Ctx *ctx, Random *chance, Query query, Id *ret)
{
    IdList ids = { 0 };
    Id id;
    Rows *rows = db_query(ctx, query);
    while (rows_next(rows, &id))
        *list_push(ctx->arena, &ids) = id;
    *ret = ids.len ? ids.items[sim_roll(chance, (int64_t)ids.len)] : 0;
    return rows_end(rows);
}

void sim_made(Sim *sim, SimList list, Id id)
{
    sim->made[sim->made_count].list = list;
    sim->made[sim->made_count++].id = id;
}

Date sim_day(const Ctx *ctx, Random *chance)
{
    Date today = tenant_today(ctx);
    if (sim_one_in(chance, 4))
        return today - (Date)sim_roll(chance, 20);
    return sim_one_in(chance, 50) ? today + (Date)sim_roll(chance, 4) : today;
}

const char *sim_id(Ctx *ctx, Id id)
{
    return id_text(ctx->arena, id).ptr;
}

const char *sim_date(Ctx *ctx, Date day)
{
    return date_text(ctx->arena, day).ptr;
}

Status sim_create(Ctx *ctx, const EntityDef *e, Str json, Id *ret)
{
    const Json *input;
    TRY(json_parse(ctx, json, &input));
    return access_create(ctx, e, input, 0, ret);
}

Status sim_act(Ctx *ctx, const EntityDef *e, Id id, const char *action, Str json)
{
    const Json *input = NULL;
    Link made;
    if (json.len)
        TRY(json_parse(ctx, json, &input));
    return action_run(ctx, e, id, 0, action, input, 0, &made);
}
