// breed.h - the search for a project's least makespan: schedules that breed.
//
// A hybrid genetic algorithm after Valls, Ballestín and Quintanilla 2008: a member is a list of
// activities with its schedule, doubly justified. A child takes a stretch of its father's list
// where his resources are used well, and the rest in its mother's order (their peak crossover, with
// stretches by place as in Hartmann 1998), or his whole list; a few activities go elsewhere, as far
// as their neighbours in the project let them. When nothing better comes for long, the population
// starts anew, half of it around the best so far, half by chance with the longest tails as guide.
#pragma once

#include "algo/schedule/sgs.h"

// Improves start[] of this makespan until the budget is over or the makespan is down to `bound`;
// returns the makespan. Steps are schedules made by one of the crew. tail is the least
// time behind each activity. Calls report(arg) after each improvement.
int project_breed(Ctx *ctx, const Project *project, const int *tail, int bound, Budget *budget,
                  int *start, int makespan, void (*report)(void *arg, int makespan), void *arg);

// A list in which what must end soonest comes first; with `random`, by chance and only mostly so.
void project_list(const ProjectSgs *sgs, const int *tail, Random *random, int *ret);
