// counter.h - one row that members of a lane add to: lost, doubled and torn commits show in its
// value.
#pragma once

#include "kernel/crew.h"

enum { CLIENTS = 32, ADDITIONS = 200 };

Db *counter_open(Ctx *ctx);
// The pool runs while a test does. What it loses on purpose is not worth a line in the test's
// output.
Db *counter_start(Ctx *ctx, int workers);
void counter_stop(Db *db);
int64_t counter_value(Ctx *ctx, Db *db);
Status counter_add(Ctx *ctx, void *arg);
Status counter_add_as_member(Ctx *ctx, void *arg);
void counter_check_member(Ctx *ctx, Db *db, const CrewMember *member, const char *code);
int counter_add_from_clients(Db *db, int clients, int times, void (*meanwhile)(void *), void *arg);
