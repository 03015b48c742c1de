// fuzz_route.c - any bytes as problems of routes. Laws: whatever the reader takes can be solved,
// the plan keeps every rule, and what is written is JSON again.
#include "fuzz.h"

#include "base/ctx.h"
#include "tool/lines.h"
#include "tool/route_file.h"

static Status solve(Ctx *ctx, const Json *json)
{
    RouteFile file;
    RoutePlan plan;
    TRY(route_file_read(ctx, json, &file));
    if (file.problem.stop_count > 60)
        return OK;
    Budget budget = { .steps = 16 };
    TRY(route_solve(ctx, &file.problem, &budget, &plan));
    LAW(route_check(ctx, &file.problem, &plan) == OK);
    Buf out = { .arena = ctx->arena }, picture = { .arena = ctx->arena };
    route_file_write(&out, &file, &plan);
    route_file_draw(&picture, &file, &plan);
    const Json *again;
    LAW(json_parse(ctx, str_trim(buf_str(&out)), &again) == OK);
    LAW(json_get(again, "tours")->count == (size_t)plan.tour_count);
    return OK;
}

static Status read_all(Ctx *ctx, void *arg)
{
    JsonList list;
    TRY(lines_read(ctx, *(Str *)arg, &list));
    EACH (json, list)
        TRY(solve(ctx, *json));
    return OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Arena arena = { .limit = FUZZ_ARENA_LIMIT };
    Random random = { 1 };
    Ctx ctx = { .arena = &arena, .random = &random };
    Str text = { (const char *)data, size };
    Status status = ctx_guard(&ctx, read_all, &text);
    LAW(status == OK || ctx.failure.message.len > 0);
    arena_release(&arena);
    return 0;
}
