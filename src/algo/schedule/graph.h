// graph.h - a plan of a job shop as a graph: who comes before whom in the job and on the machine.
//
// Every operation is a node with at most four neighbours. `order` is a topological order of the
// nodes; a move changes one node's place and repairs the order only between the two places, which
// also tells whether the move would close a circle. `done` is the end of the longest path to the
// node (its earliest end), `tail` the length of the longest path from its start to the end of all;
// the caller asks for them anew after a move. Calendars are only known to jobgraph_times().
//
// Behind the operations stand nodes that are none: NONE itself, whose `done` and `tail` are 0, and
// one for each job's release, whose `done` is the release date. So loops need no conditions.
#pragma once

#include "algo/schedule/jobshop.h"
#include "base/random.h"

typedef struct JobNode {
    int before, after;    // in the job
    int earlier, later;   // on the machine
    int place;            // in the order
    int option, machine;  // as chosen
    int family;
    int64_t duration, done, tail;
} JobNode;

typedef struct JobGraph {
    const JobShop *shop;
    int n, none;  // operations; the node that is none
    bool has_setups;
    JobNode *node;
    int *order;
    int *first;     // of each machine's operations, or none
    int low, high;  // places between which the last move changed the order
    int *moved, *stayed;
    bool *mark;
} JobGraph;

// A solution without its times: a sequence of all operations in which every job's are in their
// order, and each one's option. Machines work in this sequence.
typedef struct JobSequence {
    int *order, *option;
    int64_t makespan, tardiness;
} JobSequence;

JobSequence jobsequence_make(Arena *arena, const JobShop *shop);
void jobsequence_copy(const JobShop *shop, JobSequence *to, const JobSequence *from);
// Whether a is the better plan for the shop's goal.
bool jobsequence_better(const JobShop *shop, const JobSequence *a, const JobSequence *b);

void jobgraph_make(Arena *arena, const JobShop *shop, JobGraph *ret);
void jobgraph_copy(JobGraph *to, const JobGraph *from);  // both made for the same shop

void jobgraph_load(JobGraph *graph, const JobSequence *from);
void jobgraph_save(const JobGraph *graph, JobSequence *to);  // order and options only

// Takes u out and puts it, with this option, behind `earlier` (or NONE: first) on the option's
// machine. False and unchanged when a circle would close. Does not renew `done` and `tail`.
bool jobgraph_move(JobGraph *graph, int u, int option, int earlier);

// Without calendars: `done` from this place of the order on, `tail` from this place back.
void jobgraph_heads(JobGraph *graph, int from);
void jobgraph_tails(JobGraph *graph, int from);
int64_t jobgraph_makespan(const JobGraph *graph);
int64_t jobgraph_tardiness(const JobGraph *graph);

// `done` with calendars and whole operations, from this place of the order on.
void jobgraph_times(JobGraph *graph, int from);
// When u starts, and whether it then waited for its machine rather than for its job.
int64_t jobgraph_start(const JobGraph *graph, int u, bool *ret_by_machine);

// The set-up on the machine of `after` when it follows `before`, which may be NONE.
static inline int64_t jobgraph_setup(const JobGraph *graph, int before, int after)
{
    if (!graph->has_setups || after >= graph->n)
        return 0;
    const JobShopMachine *machine = graph->shop->machine + graph->node[after].machine;
    int family = before < graph->n ? graph->node[before].family : machine->first_family;
    return machine->setup && family >= 0
             ? machine->setup[family * graph->shop->families + graph->node[after].family]
             : 0;
}
