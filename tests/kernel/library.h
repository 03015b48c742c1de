// library.h - a lending library as modules (tests/entgen/shelf.ent, loan.ent): every kind of field,
// for testing what the kernel does with declarations.
#pragma once

#include "kernel/module.h"

extern const Module shelf_part, loan_part;

// What the jobs loan.remind (in the lane) and loan.call (outside) have done: the attempts that ran,
// and the subjects they ran for, in order.
enum { LIBRARY_RUNS_MAX = 64 };
typedef struct LibraryRun {
    int64_t subject;
    int attempt;
} LibraryRun;
extern LibraryRun library_runs[LIBRARY_RUNS_MAX];
extern int library_run_count;
