// effects.h - what a lane member, or a db_try() within it, has asked for at its end. Private to
// kernel/db; ctx->effects points here.
//
// They live and die with the savepoint: of a part that fails, nothing it registered happens.
#pragma once

#include "kernel/db/lane.h"

typedef struct Effect Effect;
struct Effect {
    Effect *next;
    TxFn before;  // one of the two
    void (*after)(Db *db, void *arg);
    void *arg;
};

typedef struct EffectList {
    Effect *first, *last;
} EffectList;

struct Effects {
    EffectList before, after;
    void *slots[MEMBER_SLOTS];
};
typedef struct Effects Effects;

// Runs what was registered with before_commit(), also what is registered meanwhile.
MUST_CHECK Status effects_before_commit(Ctx *ctx);
// What shall happen after the commit of `inner`, which had a savepoint of its own, becomes outer's.
void effects_keep(Effects *outer, Effects *inner);
// The same for a db_part(): what is known of the database goes in with it, and comes back.
void effects_lend(const Effects *outer, Effects *inner);
void effects_join(Effects *outer, Effects *inner);
void effects_after_commit(const Effects *effects, Db *db);
