// load.h - clients in a process of their own, so that what the server's process spends is the
// server's alone. Each client has one connection and asks one thing after another: a script of one
// or two steps, the whole of which is one action.
//
// In a step's head and body `$N` is the action's number, unique over a run of the program, and
// `$ID` the first "id" in the answer of the step before.
#pragma once

#include "base/str.h"

enum { LOAD_STEPS = 2, LOAD_CLIENTS_MAX = 256 };

typedef struct LoadStep {
    char head[700];  // "POST /x HTTP/1.1\r\nHost: ...\r\n", each line ended, without Content-Length
    char body[3000];  // "": none
    int status;       // of the answer; another ends the program
} LoadStep;
typedef struct LoadSpec {
    int port, clients;
    int64_t us;       // new actions are begun for so long,
    int64_t actions;  // or until there were so many; 0: no such end
    int step_count;
    LoadStep steps[LOAD_STEPS];
} LoadSpec;
typedef struct LoadDone {
    int64_t actions;
    double us;                         // from the first byte to the last answer
    double mean_us, p99_us, worst_us;  // of an action
} LoadDone;

// Before the first thread and the first open file of the program.
void load_start(void);
LoadDone load_run(const LoadSpec *spec);
void load_stop(void);

// A step, its head and body formatted; ends the program when they do not fit.
void load_step(LoadSpec *spec, int status, Str method, Str path, Str token, Str more, Str body);
