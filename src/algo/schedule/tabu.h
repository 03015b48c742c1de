// tabu.h - tabu search for the least makespan without calendars: from one sequence to a better one.
//
// A critical path, chosen by chance among all, is cut into blocks of operations that follow each
// other on a machine. Moves: within a block to its front or end, and its first and last into it
// (N7: Zhang, Li, Guan, Rao 2007, on Balas and Vazacopoulos 1998); an operation with alternatives
// to any place on another machine where no circle can close (after Mastrolilli and Gambardella
// 2000, tests of Gonzalez, Vela, Varela 2013). What a move would bring is estimated from the heads
// and tails around it (Taillard 1994; Balas and Vazacopoulos 1998), the best that is not forbidden
// is done. What it turned round may not be turned back for a while.
#pragma once

#include "algo/schedule/graph.h"

typedef struct JobTabu JobTabu;

JobTabu *jobtabu_make(Arena *arena, const JobShop *shop);

// Improves `sequence` until `patience` moves in a row found nothing better, the makespan is down to
// `bound`, or the budget is over; adds the moves done to *steps. Allocates nothing.
void jobtabu_improve(JobTabu *tabu, JobSequence *sequence, int64_t patience, int64_t bound,
                     const Budget *budget, int64_t *steps, Random *random);
