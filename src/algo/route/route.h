// route.h - rounds of deliveries and technicians' days: which vehicle calls where, in which order
// and when.
//
// Given are places with distances and travel times, stops with windows, loads and skills, vehicles
// with shifts, capacities, skills and costs. Sought is the cheapest plan: what each vehicle that
// goes out costs (fixed, by distance, by time on the road) plus the penalties of the stops that are
// left out. All limits are hard: a plan never breaks a window, a shift, a capacity or a skill.
//
// Method: slack induction by string removals (Christiaens & Vanden Berghe, Transportation Science
// 2020): take a few strings of neighbouring stops out of the plan, put them back greedily where
// they cost least, now and then blinking over the best place, and accept by simulated annealing. A
// step of the budget is one such round of one worker; crews search side by side and take over the
// best plan now and then.
//
// Time is in ticks and distance in any unit; the caller chooses both (tenths, seconds, metres).
#pragma once

#include "algo/budget.h"

enum {
    ROUTE_LOADS = 3,  // kinds of load: weight, volume, pallets
    ROUTE_STOPS_MOST = 5000,
    ROUTE_VEHICLES_MOST = 2000,
    ROUTE_WINDOWS_MOST = 16,      // of one stop
    ROUTE_CREW_MOST = 64,         // workers
    ROUTE_TICK_MOST = 200000000,  // of any time or distance, so that sums of a few fit
};

// Service may begin at any tick from `from` to `to`, both included.
typedef struct RouteWindow {
    int32_t from, to;
} RouteWindow;

typedef struct RouteStop {
    int32_t place;    // row of the matrices
    int32_t service;  // ticks spent there
    int32_t load[ROUTE_LOADS];
    uint64_t skills;             // the vehicle must have all of these bits
    const RouteWindow *windows;  // ascending, apart from each other
    int window_count;            // 1 to ROUTE_WINDOWS_MOST
    double penalty;              // what it costs to leave the stop out
} RouteStop;

typedef struct RouteVehicle {
    int32_t start, end;  // places
    RouteWindow shift;   // leaves at `from` or later, is back at `to` or earlier
    int32_t longest;     // most ticks between leaving and being back; 0: no limit
    int32_t capacity[ROUTE_LOADS];
    uint64_t skills;
    double cost_fixed, cost_distance, cost_time;  // of going out, a unit of distance, a tick
} RouteVehicle;

// distance[from * places + to], likewise time; the same pointer twice is fine.
typedef struct RouteProblem {
    int places;
    const int32_t *distance, *time;
    int stop_count;
    const RouteStop *stops;
    int vehicle_count;
    const RouteVehicle *vehicles;
} RouteProblem;

// Leaves as late as it can without being back later, so that nobody waits for nothing.
typedef struct RouteCall {
    int32_t stop, arrive, begin, leave;
} RouteCall;

typedef struct RouteTour {
    int32_t vehicle, leave, back;
    int64_t distance;
    double cost;
    int32_t call_count;
    RouteCall *calls;
} RouteTour;

typedef enum {
    ROUTE_NO_SKILL,   // no vehicle has the skills
    ROUTE_TOO_BIG,    // no vehicle with the skills can carry it
    ROUTE_TOO_FAR,    // no such vehicle gets there and back within window, shift and longest day
    ROUTE_NOT_WORTH,  // it would cost more than its penalty
    ROUTE_NO_ROOM,    // the vehicles that could do it are full, or busy then
} RouteReason;

typedef struct RouteMiss {
    int32_t stop;
    RouteReason reason;
} RouteMiss;

typedef struct RoutePlan {
    double cost;     // of the tours
    double penalty;  // of the stops left out
    int64_t distance;
    int tour_count, miss_count;
    RouteTour *tours;   // by vehicle; only those that go out
    RouteMiss *misses;  // by stop
    int64_t rounds;     // of all workers
} RoutePlan;

// E_INVALID "route.problem" when the problem breaks a rule above. budget->better is given a
// const RoutePlan *. `ret` and what it points at live in ctx->arena.
MUST_CHECK Status route_solve(Ctx *ctx, const RouteProblem *problem, Budget *budget,
                              RoutePlan *ret);

// Works a plan out again, on its own, and refuses what is wrong: E_CONFLICT "route.plan" with the
// first rule broken. The plan may come from anywhere.
MUST_CHECK Status route_check(Ctx *ctx, const RouteProblem *problem, const RoutePlan *plan);
