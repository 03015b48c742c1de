// state.h - a plan while it is being changed: tours as linked lists of nodes, each node knowing how
// early the vehicle leaves it and how late it may arrive, so that "does this stop fit between these
// two" is answered in constant time.
//
// A node is a stop (its own number), the start (stops + 2 * vehicle) or the end of a vehicle's
// tour. What must stay true between two calls: a tour's nodes are linked from its start to its end,
// their times, the tour's load, distance and cost are up to date, and no limit is broken. Stops in
// no tour have tour -1; whether they stand in `absent` is the searcher's business.
#pragma once

#include "algo/route/model.h"

typedef struct RouteNode {
    int32_t next, prev;
    int32_t tour;    // -1: in none
    int32_t at;      // how many stops come before it in its tour
    int32_t place;   // of the matrices
    int32_t leave;   // the earliest tick of going on
    int32_t latest;  // the latest tick of arriving with which the rest of the tour still works
    int32_t begin;   // the earliest tick of service
} RouteNode;

// Part of a tour as if it were one stop (Vidal et al. 2013): what it takes at least, and between
// which ticks it may begin to take no more.
typedef struct RouteSpan {
    int32_t ticks, from, to;
} RouteSpan;

typedef struct RouteLeg {
    int32_t count;  // stops
    int32_t load[ROUTE_LOADS];
    int32_t ticks;  // between leaving and being back; only where the vehicle's time matters
    int64_t distance;
    double cost;
    int64_t stamp;  // of what the tour looks like: of two equal ones, nothing differs
} RouteLeg;

typedef struct RouteState {
    const RouteModel *model;
    RouteNode *nodes;
    RouteSpan *heads, *tails;  // of each node: from the start up to it, from it to the end
    RouteLeg *legs;            // of each vehicle
    int32_t *absent;
    int absent_count;
    double cost;  // of all tours, and the penalties of those in no tour

    int32_t *busy, *busy_at;  // the vehicles that go out, in no order; each one's place, or -1
    int busy_count;
    int32_t *idle, *idle_at;  // those that stay, by kind: kind k's begin at idle_from[k]
    int32_t *idle_from, *idle_count;
    int64_t last_stamp;
} RouteState;

void route_state_init(Arena *arena, const RouteModel *model, RouteState *ret);
void route_state_copy(RouteState *to, const RouteState *from);
void route_state_copy_tour(RouteState *to, const RouteState *from, int vehicle);

static inline int32_t route_start_of(const RouteModel *model, int vehicle)
{
    return model->stops + 2 * vehicle;
}

// The first takes a stop out of its tour, the second puts it behind a node. The tour's numbers are
// stale until route_refresh().
void route_unlink(RouteState *state, int stop);
void route_link(RouteState *state, int stop, int behind);
// False when the tour breaks the vehicle's longest day; nothing else is checked.
bool route_refresh(RouteState *state, int vehicle);

// Whether the vehicle has the skills, and room on top of what it carries.
bool route_takes(const RouteState *state, int vehicle, const StopFacts *stop);

// Two parts one behind the other, `way` ticks apart. is_open is false when they do not fit.
RouteSpan route_span_join(RouteSpan a, RouteSpan b, int32_t way, bool *is_open);

double route_cost(const RouteState *state);  // all of it, added up anew
