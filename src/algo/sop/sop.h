// sop.h - sales and operations planning: what each plant makes, keeps and sends in each period so
// that demand is met at the least cost, as a linear programme.
//
// Per period: production (within machine hours, which overtime extends at a price), stock, backlog
// (demand met late, at a price, where that is allowed) and transport between plants. Figures are
// real numbers: a plan is about hundreds and weeks, not about pieces and invoices. Whoever calls
// has checked that every index is in its range (read.c does).
//
// Method: the aggregate production planning programme of Hanssmann and Hess (Management Technology
// 1, 1960), over plants and lanes. An impossible plan is explained by elastic programming (Brown
// and Graves 1975; Chinneck, Feasibility and Infeasibility in Optimization, 2008, chapter 6): every
// limit may be broken at a price, and where the cheapest plan breaks one, that is what is short.
#pragma once

#include "algo/sop/lp.h"
#include "base/buf.h"

enum {
    SOP_PERIODS_MAX = 400,
    SOP_ROWS_MAX = 100000,    // of each list
    SOP_CELLS_MAX = 3000000,  // columns of the programme
    SOP_SCENARIOS_MAX = 50,
};

typedef struct SopResource {  // hours of a line, a machine, a team
    Str id;
    int32_t plant;
    double *hours, *overtime;  // by period; overtime: the most
    double overtime_cost;      // of an hour
} SopResource;

typedef struct SopPart {
    int32_t of;  // a resource, or an item
    double per_unit;
} SopPart;

typedef struct SopMake {  // a plant's way of making an item; without uses: of buying it
    int32_t item, plant;
    double cost;                  // of a unit
    double *max;                  // by period; INFINITY
    const SopPart *uses, *takes;  // hours of resources, units of items at the same plant
    int32_t use_count, take_count;
} SopMake;

typedef struct SopStore {  // an item at a plant
    int32_t item, plant;
    double on_hand, holding_cost;  // of a unit over a period
    double safety_stock, max_stock;
    double backlog_cost;  // of a unit a period late; below 0: must be on time
} SopStore;

typedef struct SopLane {
    int32_t from, to, item;
    double cost;
    double *max;  // by period
    int32_t lead_periods;
} SopLane;

typedef struct SopDemand {
    int32_t item, plant, period;
    double quantity;
} SopDemand;

typedef enum SopWhat {  // what a scenario changes
    SOP_DEMAND,
    SOP_HOURS,
    SOP_OVERTIME,
    SOP_MAKE_MAX,
    SOP_LANE_MAX,
    SOP_MAKE_COST,
    SOP_OVERTIME_COST,
    SOP_LANE_COST,
    SOP_HOLDING_COST,
    SOP_BACKLOG_COST,
} SopWhat;

typedef struct SopChange {
    SopWhat what;
    int32_t item, plant, resource;   // -1: all; of a lane, the plant that it leaves
    int32_t from_period, to_period;  // both included; costs have no periods
    double factor, set;              // set is a number: it replaces, else the factor multiplies
} SopChange;

typedef struct SopScenario {
    Str name;
    const SopChange *changes;
    size_t change_count;
} SopScenario;

typedef struct SopInput {
    int32_t period_count, plant_count, item_count;
    const Str *periods, *plants, *items;
    SopResource *resources;
    SopMake *makes;
    SopStore *stores;
    SopLane *lanes;
    SopDemand *demands;
    int32_t resource_count, make_count, store_count, lane_count, demand_count;
    const SopScenario *scenarios;
    int32_t scenario_count;
} SopInput;

// ---- The plan -----------------------------------------------------------------------------------

typedef struct SopSite {  // an item at a plant, by period
    int32_t item, plant;
    const double *demand, *made, *taken, *sent, *arrived, *stock, *backlog;
} SopSite;

typedef struct SopLoad {  // a resource, by period
    const double *used, *overtime;
    const double *worth;  // by how much the whole plan would be cheaper with an hour more
} SopLoad;

typedef struct SopCosts {
    double make, overtime, holding, backlog, transport;
} SopCosts;

typedef struct SopShort {  // one reason why a plan is impossible
    Str text;              // a sentence for people
    const char *what;      // "hours", "make_max", "lane_max", "max_stock", "safety_stock", "demand"
    int32_t of;            // the resource, make, lane or site
    int32_t period;
    double by;
} SopShort;
typedef LIST(SopShort) SopShortList;

typedef struct SopPlan {
    bool is_possible;
    double cost;
    SopCosts costs;
    const SopSite *sites;
    int32_t site_count;
    const double *const *made;  // by make, by period
    const double *const *sent;  // by lane, by the period in which it leaves
    const SopLoad *loads;       // by resource
    SopShortList lacking;       // impossible: the least that must be added
    SopShortList undelivered;  // ... or else: the least that is not delivered when nothing is added
} SopPlan;

// E_INVALID "sop.stopped" when the budget ended before the plan was found; E_LIMIT "sop.cells";
// E_INTERNAL "sop.unsolved" when the solver fails at figures that differ too much in size.
MUST_CHECK Status sop_plan(Ctx *ctx, const SopInput *input, LpSolver solver, const Budget *budget,
                           SopPlan *ret);

// The input with a scenario's changes, in ctx's arena.
SopInput sop_scenario(Arena *arena, const SopInput *input, const SopScenario *scenario);
