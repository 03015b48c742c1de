// bound.h - what no plan can beat: lower bounds of a job shop's makespan.
//
// A job takes at least its operations one after another. A machine's own operations, each with the
// least time before it and behind it, take at least as long as if they could be interrupted
// (Jackson's preemptive schedule: Carlier 1982). Operations that all must run within a set of
// machines take at least their work divided by the machines. Set-ups are taken as nothing.
#pragma once

#include "algo/schedule/jobshop.h"

int64_t jobshop_bound(Ctx *ctx, const JobShop *shop);
