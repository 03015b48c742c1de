// crew.h - members for one lane, submitted while it is held up, so that they are sure to meet in
// one group.
#pragma once

#include "kernel/fixture.h"

#include <semaphore.h>

enum { CREW_MAX = 80 };

typedef struct CrewMember {
    LaneTask task;  // first: `done` finds the member by it
    ThreadCtx thread;
    struct Crew *crew;
    int number;  // from 1
    int runs;
    Status status;
    char code[40];
    uint64_t drawn;  // by tests that look at chance
} CrewMember;

typedef struct Crew {
    Db *db;
    sem_t held, go, answered;
    int count;
    CrewMember holder, members[CREW_MAX];
} Crew;

// Holds up the lane: what is submitted now waits until crew_run().
void crew_init(Crew *crew, Ctx *ctx, Db *db);
void crew_init_free(Crew *crew, Db *db);                   // without holding it up
CrewMember *crew_add(Crew *crew, TxFn run);                // run's arg is the CrewMember
CrewMember *crew_add_until(Crew *crew, TxFn run, int ms);  // with a deadline, so far from now
// Lets the lane go and waits for all answers.
void crew_run(Crew *crew);
void crew_release(Crew *crew);
