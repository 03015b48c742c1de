// house.h - a whole small house for a test: the modules started, keys, lanes, a control database
// and one fresh company with every module, on the engine that TEST_ENGINE names. Gone without a
// trace afterwards.
//
//     House house;
//     house_open(ctx, &house);
//     CHECK_OK(ctx, tenant_transact(ctx, my_steps, &arg));
//     house_close(&house);
#pragma once

#include "kernel/auth/actor.h"
#include "kernel/fixture.h"
#include "kernel/tenant.h"

typedef struct House {
    Ctx *ctx;
    Str folder;
    DbPlace control, place, second;
    Tenant *tenant;  // entered into ctx
} House;

// The company is "acme": in Britain, pounds, Europe/London, its year begins in April. ctx acts as
// the program itself (actor_system). What fails here ends the test program: nothing else can be
// tested.
void house_open(Ctx *ctx, House *ret);
void house_open_with(Ctx *ctx, const TenantSpec *spec, House *ret);
void house_close(House *house);
// Where another company of the same house may live; gone with it.
DbPlace house_second_place(Ctx *ctx, House *house);

// Another thread's context in the same company; release with thread_ctx_release().
Ctx *house_thread(const House *house, ThreadCtx *thread, uint64_t seed);

// A staff actor with these grants ("oms.* inventory.view"), for asking as somebody who may not
// everything.
Actor *house_actor(Ctx *ctx, const char *grants);
