// group.h - the members of one commit. Private to kernel/db; lane.c has the queues, group.c the
// transactions.
#pragma once

#include "kernel/db/effects.h"
#include "kernel/db/space.h"

typedef struct Member {
    LaneTask *task;
    int64_t late_us;  // when its deadline is over, as clock_us() counts
    ArenaMark mark;   // as ctx was before it first ran, so that it runs the same again
    Random random;
    struct Conn *outer_conn;
    struct Effects *outer_effects;
    Effects effects;
    Status status;    // of its last run
    bool is_settled;  // all that it sent is known to be good
} Member;

typedef enum Phase {
    PHASE_TOGETHER,  // all in one transaction
    PHASE_ALONE,     // that one was lost: from `next` on, each in its own
    PHASE_ASKING,    // the connection broke during COMMIT: did it happen?
} Phase;

struct Group {
    Db *db;
    Phase phase, phase_before;  // of asking
    int count, next;
    int attempts;        // in vain, in a row
    int64_t started_us;  // when its first member was taken
    int64_t again_us;    // when to serve it again
    int64_t number;      // of the transaction whose outcome is not known
    DbFailure failure;   // of the last attempt
    Arena arena;         // for borrowing connections
    Member members[LANE_GROUP_MAX];
};

// Runs what waits in the lane, commits, answers. False: not all are answered; serve it again at
// `again_us`, when what is in the way may be gone.
bool group_serve(Group *group);

// Answers one task that was taken as `is_alone` (lane_alone).
void group_run_alone(Db *db, LaneTask *task);

// ---- The lane's side (lane.c) -------------------------------------------------------------------

LaneTask *lane_take(Db *db);          // the next waiting task; NULL: none, or one that runs alone
bool lane_has_waiting(const Db *db);  // somebody does, perhaps one that runs alone
// Callers that wait for the tasks with these numbers may look whether they are answered.
void lane_answered(Db *db, int64_t from, int64_t to);
