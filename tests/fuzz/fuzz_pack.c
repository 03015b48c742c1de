// fuzz_pack.c - any bytes as problems of packing. Laws: whatever the reader takes can be solved,
// the packing keeps every rule, and what is written is JSON again.
#include "fuzz.h"

#include "base/ctx.h"
#include "tool/lines.h"
#include "tool/pack_file.h"

static Status solve_bins(Ctx *ctx, const PackFile *file, Buf *out)
{
    BinsPlan plan;
    Budget budget = { .steps = 256 };
    TRY(bins_solve(ctx, &file->bins, &budget, &plan));
    LAW(bins_check(ctx, &file->bins, &plan) == OK);
    LAW(plan.least <= plan.bins);
    pack_write_bins(out, ctx->arena, file, &plan);
    return OK;
}

static Status solve_load(Ctx *ctx, const PackFile *file, Buf *out)
{
    LoadPlan plan;
    Budget budget = { .steps = 4 };
    TRY(load_solve(ctx, &file->load, &budget, &plan));
    LAW(load_check(ctx, &file->load, &plan) == OK);
    pack_write_load(out, file, &plan);
    Buf picture = { .arena = ctx->arena };
    pack_draw_load(&picture, &file->load, &plan);
    return OK;
}

static Status solve_cartons(Ctx *ctx, const PackFile *file, Buf *out)
{
    CartonPlan plan;
    Budget budget = { .steps = 4 };
    TRY(cartons_solve(ctx, &file->cartons, &budget, &plan));
    LAW(cartons_check(ctx, &file->cartons, &plan) == OK);
    pack_write_cartons(out, file, &plan);
    return OK;
}

// More boxes than this take a while and show nothing new.
static bool is_small(const LoadItem *items, int count)
{
    int64_t boxes = 0;
    for (int i = 0; i < count; i++)
        boxes += items[i].count;
    return boxes <= 100;
}

static Status solve(Ctx *ctx, const Json *json)
{
    PackFile file;
    Buf out = { .arena = ctx->arena };
    TRY(pack_file_read(ctx, json, &file));
    switch (file.kind) {
    case PACK_BINS: TRY(solve_bins(ctx, &file, &out)); break;
    case PACK_CONTAINER:
        if (!is_small(file.load.items, file.load.item_count))
            return OK;
        TRY(solve_load(ctx, &file, &out));
        break;
    case PACK_CARTONS:
        if (!is_small(file.cartons.items, file.cartons.item_count))
            return OK;
        TRY(solve_cartons(ctx, &file, &out));
        break;
    }
    const Json *again;
    LAW(json_parse(ctx, str_trim(buf_str(&out)), &again) == OK);
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
