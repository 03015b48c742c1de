// sim.h - a company at work by chance: seeded operations go through the same business actions that
// people use, one after another, on a clock that sometimes jumps; an auditor recomputes from
// scratch what must have become of it.
//
// An operation is its kind, a seed of its own and the clock's instant. Whatever else it needs -
// which order, how many pieces, which day - it draws from its own seed and from what was made
// before it, so a log of such lines replays the whole story, on either engine, with the same
// answers.
#pragma once

#include "connect/fake_stripe.h"
#include "kernel/house.h"
#include "modules/inventory/inventory.h"
#include "modules/oms/oms.h"
#include "modules/payments/payments.h"

enum {
    SIM_WAREHOUSES = 3,  // the last may go below zero
    SIM_BINS = 2,        // in the first warehouse
    SIM_VARIANTS = 10,   // the last comes in lots, the one before is also sold by the box
    SIM_LOTS = 3,
    SIM_SUPPLIERS = 2,  // one in pounds, one in euros
    SIM_CUSTOMERS = 6,
    SIM_CHANNELS = 4,
};

// What operations find again, in the order in which it was made.
typedef enum SimList {
    SIM_ORDERS,
    SIM_PAYMENTS,  // by bank
    SIM_CARDS,     // payments by card
    SIM_RETURNS,
    SIM_RECEIPTS,
    SIM_TRANSFERS,
    SIM_COUNTS,
    SIM_VOUCHERS,
    SIM_LISTS
} SimList;

typedef struct SimWorld {
    Id warehouses[SIM_WAREHOUSES], bins[SIM_BINS], variants[SIM_VARIANTS], lots[SIM_LOTS];
    Id suppliers[SIM_SUPPLIERS], customers[SIM_CUSTOMERS], channels[SIM_CHANNELS];
    Id box, bank, card;
} SimWorld;

typedef struct SimCard {  // a card payment at the provider
    Id payment;
    FakeIntent intent;
} SimCard;
typedef struct SimRefund {
    Id refund;
    size_t card;
    FakeRefund row;
} SimRefund;

typedef struct Sim {
    House house;
    Ctx *ctx;
    Arena keep;  // of what outlives an operation
    SimWorld world;
    IdList lists[SIM_LISTS];
    struct {
        SimList list;
        Id id;
    } made[4];  // by the operation that is running; remembered when it has succeeded
    int made_count;
    LIST(SimCard) cards;
    LIST(SimRefund) refunds;
    LIST(Str) letters;  // what the provider has written: delivered in any order, often twice
    int64_t findings;
} Sim;

typedef struct SimKind {
    const char *name;
    int weight;  // how often, among all
    Status (*run)(Sim *sim, Ctx *ctx, Random *chance);
    bool is_outside;  // not one transaction: jobs, calls to a provider
} SimKind;
extern const SimKind sim_selling[], sim_paying[], sim_storing[], sim_booking[];  // NULL names end

void sim_world_open(Sim *sim);
void sim_world_close(Sim *sim);
// So many operations, with an audit at their end: a company with a past, for other tests.
void sim_live(Sim *sim, uint64_t seed, int64_t operations);

// ---- Words of the operations --------------------------------------------------------------------

int64_t sim_roll(Random *chance, int64_t n);  // 0 <= result < n
bool sim_one_in(Random *chance, int64_t n);
// Mostly one of the last ones; 0: there is none yet.
Id sim_recent(const Sim *sim, SimList list, Random *chance);
// One of the rows of a query for ids, 0: there is none. Mostly what waits is what people work on.
MUST_CHECK Status sim_choose(Ctx *ctx, Random *chance, Query query, Id *ret);
void sim_made(Sim *sim, SimList list, Id id);
// Mostly today, sometimes days ago, seldom ahead.
Date sim_day(const Ctx *ctx, Random *chance);
const char *sim_id(Ctx *ctx, Id id);  // as JSON has it
const char *sim_date(Ctx *ctx, Date day);
// As REST does, by JSON: creates a record; runs an action.
MUST_CHECK Status sim_create(Ctx *ctx, const EntityDef *e, Str json, Id *ret);
MUST_CHECK Status sim_act(Ctx *ctx, const EntityDef *e, Id id, const char *action, Str json);

// ---- The provider -------------------------------------------------------------------------------

extern const Gateway *const sim_gateways[];
void sim_provider_open(Sim *sim);

// ---- The auditor --------------------------------------------------------------------------------

void sim_found(Sim *sim, const char *format, ...) PRINTF(2, 3);
MUST_CHECK Status audit_stock(Sim *sim, Ctx *ctx);  // on a snapshot
MUST_CHECK Status audit_value(Sim *sim, Ctx *ctx);
MUST_CHECK Status audit_books(Sim *sim, Ctx *ctx);
MUST_CHECK Status audit_owed(Sim *sim, Ctx *ctx);

// ---- The whole database as text -----------------------------------------------------------------

// Every row of every business table in order of keys, without what differs between two runs of one
// story: ids are numbered as they come, secrets and seals are left out.
MUST_CHECK Status sim_dump(Ctx *ctx, FILE *to);
MUST_CHECK Status sim_fingerprint(Ctx *ctx, uint64_t *ret);  // of every table as it is
// Of the few figures that nearly every change moves: cheap.
MUST_CHECK Status sim_figures(Ctx *ctx, uint64_t *ret);
