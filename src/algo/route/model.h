// model.h - what the search for routes looks up all the time, worked out once from the problem.
#pragma once

#include "algo/route/route.h"

enum { ROUTE_NEIGHBOURS = 200 };  // nearest stops kept for each stop

// A stop's numbers in the order in which inserting asks for them.
typedef struct StopFacts {
    int32_t place, service;
    int32_t ready, due;  // the first window's begin, the last one's end
    int32_t window_count;
    int32_t load[ROUTE_LOADS];
    uint64_t skills;
    double penalty;
} StopFacts;

typedef struct RouteModel {
    const RouteProblem *problem;
    int stops, vehicles, places;
    const StopFacts *facts;
    const int32_t *distance, *time;        // [from][to]
    const int32_t *distance_to, *time_to;  // [to][from]: the other way round, for rows in a cache
    int neighbour_count;
    const int32_t *neighbours;  // [stop][neighbour_count], nearest first, itself left out
    const int32_t *kind;        // of each vehicle: vehicles of a kind are alike in everything
    int kinds;
    const bool *pays_time;       // of each vehicle: its time costs or is limited
    const int32_t *far;          // of each stop: distance from the nearest start
    const int32_t *window_span;  // of each stop: ticks from the first window to the last
} RouteModel;

MUST_CHECK Status route_model(Ctx *ctx, const RouteProblem *problem, RouteModel *ret);

// The first tick not before `at` at which service may begin; INT32_MAX when there is none.
int32_t route_open_after(const RouteStop *stop, int32_t at);
// The last tick not after `at` at which service may begin; INT32_MIN when there is none.
int32_t route_open_before(const RouteStop *stop, int32_t at);
