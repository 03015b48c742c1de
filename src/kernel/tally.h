// tally.h - counts of what happens too often to be written down each time, such as pages that are
// shown: kept in memory and taken from there by a job that writes them together. What was counted
// since then is lost when the program ends; nothing is ever counted twice.
#pragma once

#include "base/ctx.h"
#include "base/date.h"
#include "base/id.h"

enum { TALLIES_MAX = 4096 };  // different ones at a time, of all companies; more are not counted

typedef struct Tally {
    Id subject;
    Date day;
    const char *kind;
    int64_t count;
} Tally;
typedef LIST(Tally) TallyList;

// One more of a kind today, of something of the context's company. `kind` is kept, not copied: a
// literal.
void tally_add(const Ctx *ctx, Id subject, const char *kind);

// What has been counted for the context's company, which is forgotten here. In ctx's arena.
void tally_take(Ctx *ctx, TallyList *ret);
