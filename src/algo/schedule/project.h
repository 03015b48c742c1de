// project.h - when each activity of a project starts, if resources are scarce (RCPSP).
//
// An activity takes its time without a break, needs so much of every resource meanwhile, and starts
// when all it follows are done. The plan with the least makespan is wanted. Times are whole
// numbers of any unit; only how many activities there are costs time, not how long they are.
#pragma once

#include "algo/budget.h"

enum {
    PROJECT_ACTIVITIES_MAX = 20000,
    PROJECT_LINKS_MAX = 500000,
    PROJECT_RESOURCES_MAX = 64,
    PROJECT_CAPACITY_MAX = 1000000000,
    PROJECT_TIME_MAX = 1000000000,  // of all durations together
};

typedef struct ProjectActivity {
    int duration;
    int first_link, links;  // in Project.link: the activities that follow it
} ProjectActivity;

// No array is NULL, not even an empty one.
typedef struct Project {
    int activities, resources, links;
    const ProjectActivity *activity;
    const int *link;
    const int *need;      // activities x resources
    const int *capacity;  // of each resource
} Project;

typedef struct ProjectPlan {
    int *start;  // of each activity
    int makespan;
    int critical_path;  // the least makespan with plenty of everything
    int lower_bound;    // no plan's makespan is below
} ProjectPlan;

// The best plan that the budget finds; steps are schedules made by one of the crew. Whoever is
// asked to stop at once still gets a plan. `better` is called with a ProjectPlan whenever there is
// a better one. A makespan that equals the lower bound ends the search. The plan's array is in
// ctx's arena. E_INVALID "project.input" when the input contradicts itself, "project.circle" when
// an activity follows itself, "project.capacity" when one needs more than there is.
MUST_CHECK Status project_schedule(Ctx *ctx, const Project *project, Budget *budget,
                                   ProjectPlan *ret);

// Whether the numbers fit together; project_schedule() asks this first.
MUST_CHECK Status project_validate(Ctx *ctx, const Project *project);

// Whether a plan keeps every rule and tells its own makespan rightly: written apart from the
// search, it shares no code with it. E_INVALID "project.plan" says the first thing wrong.
MUST_CHECK Status project_check(Ctx *ctx, const Project *project, const ProjectPlan *plan);
