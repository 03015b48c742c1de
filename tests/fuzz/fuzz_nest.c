// fuzz_nest.c - any bytes as a marker's job. Laws: what is read and small is solved or refused, a
// solution is accepted by the independent check, and written and read again it is the same.
#include "fuzz.h"

#include "tool/nest_file.h"

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

static Status check(Ctx *ctx, void *arg)
{
    const Str *text = arg;
    NestFile file;
    NestLayout layout;
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
