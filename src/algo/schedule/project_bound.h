// project_bound.h - what no plan can beat: lower bounds of a project's makespan.
//
// Every activity has least times before it and behind it. Those with at least so much before and at
// least so much behind need, between, the time in which their work fits into each resource; this is
// asked for all pairs of such times. Activities of which no two fit side by side take the sum of
// their durations (as in Mingozzi and others 1998), between their least times before and behind.
#pragma once

#include "algo/schedule/sgs.h"

// Also fills the least times before and behind, without the activity itself.
int project_bound(Arena *arena, const ProjectSgs *sgs, int *head, int *tail,
                  int *ret_critical_path);
