// fuzz_nest.c - any bytes as a marker's job, as hides, as an order for the cutting table. Laws:
// what is read and small is solved or refused, a solution is accepted by the independent check, and
// a marker written and read again is the same.
#include "fuzz.h"

#include "tool/lay_file.h"
#include "tool/nest_file.h"
#include "tool/nest_hides.h"

#include <math.h>

enum { SMALL_COPIES = 6, SMALL_CORNERS = 12 };

static bool is_small(const NestJob *job)
{
    int copies = 0;
    for (int i = 0; i < job->piece_count; i++) {
        copies += job->pieces[i].demand;
        if (job->pieces[i].outline.count > SMALL_CORNERS || job->pieces[i].turn_count > 4)
            return false;
    }
    return copies <= SMALL_COPIES && job->piece_count <= SMALL_COPIES;
}

static void check_written(Ctx *ctx, const NestFile *file, const NestLayout *layout)
{
    NestLayout again;
    Str text = nest_layout_write(ctx->arena, file, layout);
    LAW(nest_layout_read(ctx, file, text, &again) == OK);
    LAW(again.count == layout->count);
    LAW(nest_layout_svg(ctx->arena, file, layout).len > 0);
}

static Status check_hides(Ctx *ctx, Str text)
{
    HidesFile file;
    HideLayout layout;
    int copies = 0, flaws = 0;
    TRY(hides_file_read(ctx, text, &file));
    for (int i = 0; i < file.job.piece_count; i++)
        copies += file.job.pieces[i].piece.demand;
    for (int i = 0; i < file.job.hide_count; i++)
        flaws += file.job.hides[i].stock * (1 + file.job.hides[i].hole_count);
    if (copies > SMALL_COPIES || flaws > SMALL_COPIES || file.job.piece_count > SMALL_COPIES)
        return OK;
    Budget budget = { .steps = 3 };
    TRY(hide_solve(ctx, &file.job, &budget, &layout));
    double size = layout.use_count ? sqrt(layout.leather / layout.use_count) : 1;
    LAW(hide_check(ctx, &file.job, &layout, 1e-4 * size) == OK);
    LAW(hides_layout_write(ctx->arena, &file, &layout).len > 0);
    LAW(hides_layout_svg(ctx->arena, &file, &layout).len > 0);
    return OK;
}

static Status check_lays(Ctx *ctx, Str text)
{
    LayFile file;
    LayPlan plan;
    Budget budget = { .steps = 2 };
    TRY(lay_file_read(ctx, text, &file));
    TRY(lay_plan(ctx, &file.job, &budget, &plan));
    LAW(lay_check(ctx, &file.job, &plan) == OK);
    LAW(lay_plan_write(ctx->arena, &file, &plan).len > 0);
    return OK;
}

static Status check(Ctx *ctx, void *arg)
{
    const Str *text = arg;
    NestFile file;
    NestLayout layout;
    if (hides_file_is(ctx, *text))
        return check_hides(ctx, *text);
    if (check_lays(ctx, *text) == OK)
        return OK;
    ctx_recover(ctx);
    TRY(nest_file_read(ctx, *text, &file));
    if (!is_small(&file.job))
        return OK;
    Budget budget = { .steps = 3 };
    TRY(nest_solve(ctx, &file.job, &budget, &layout));
    LAW(nest_check(ctx, &file.job, &layout, 1e-5 * file.job.width) == OK);
    check_written(ctx, &file, &layout);
    return OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Arena arena = { .limit = FUZZ_ARENA_LIMIT };
    Random random = { 1 };
    Ctx ctx = { .arena = &arena, .random = &random };
    Str text = { (const char *)data, size };
    Status status = ctx_guard(&ctx, check, &text);
    LAW(status == OK || ctx.failure.message.len > 0);
    arena_release(&arena);
    return 0;
}
