// sgs.h - schedules of a project from lists of its activities.
//
// Serial schedule generation (Kelley 1963): one after another, each activity starts as soon as what
// it follows is done and the resources allow. Double justification (Valls, Ballestín, Quintanilla
// 2005) pushes a schedule to the right and back to the left, each time in the order it has then;
// that never makes it longer and often shorter.
#pragma once

#include "algo/schedule/profile.h"
#include "algo/schedule/project.h"

typedef struct ProjectLinks {  // activity i waits for link[from[i]..from[i + 1])
    int *from, *link;
} ProjectLinks;

typedef struct ProjectSgs {
    const Project *project;
    ProjectLinks before, after;
    int *topological;  // a list that keeps every order
    Profile profile;
    uint64_t *need;  // activities x profile.words
    int *back;       // starts, counted from the end
    int *mirrored;
    uint64_t *key;
} ProjectSgs;

// The project must be valid.
void sgs_make(Arena *arena, const Project *project, ProjectSgs *ret);

// Fills start[] and returns the makespan. The list must keep every order.
int sgs_schedule(ProjectSgs *sgs, const int *list, int *start);

// Justifies the schedule of this makespan, puts the list in the order of its starts, and returns
// the new makespan.
int sgs_justify(ProjectSgs *sgs, int *list, int *start, int makespan);
