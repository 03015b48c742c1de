// fuzz_mrp.c - any bytes as a material plan's input. Laws: it is read or refused with a sentence;
// what was read can be planned or is refused; every demand within the plan is pegged in full, no
// supply gives more than it has, and the answer is JSON.
#include "fuzz.h"

#include "algo/mrp/file.h"
#include "algo/mrp/peg.h"
#include "base/json.h"
#include "base/utf8.h"

enum { ITEMS_MOST = 100, DAYS_MOST = 400 };  // a larger company takes too long for a fuzzer

static void check_pegs(Ctx *ctx, const MrpPlan *plan, int32_t item)
{
    MrpPegList pegs;
    mrp_pegs(ctx->arena, plan, item, &pegs);
    Wide demand = 0, served = 0;
    EACH (peg, pegs) {
        LAW(peg->quantity.micro > 0 && peg->supply != MRP_FROM_NOWHERE);
        served += peg->purpose == MRP_FOR_DEMAND ? peg->quantity.micro : 0;
    }
    for (int32_t i = 0; i < plan->input->demand_count; i++)
        if (plan->input->demands[i].item == item && plan->input->demands[i].day < plan->input->days)
            demand += plan->input->demands[i].quantity.micro;
    LAW(demand == served);
}

static Status check(Ctx *ctx, void *arg)
{
    MrpInput input;
    MrpPlan *plan;
    TRY(mrp_read(ctx, *(const Str *)arg, &input));
    if (input.item_count > ITEMS_MOST || input.days > DAYS_MOST)
        return OK;
    TRY(mrp_plan(ctx, &input, &(Budget){ 0 }, &plan));
    LAW(plan->levels_done == plan->level_count);
    for (int32_t item = 0; item < input.item_count; item++)
        check_pegs(ctx, plan, item);
    const Json *tree;
    Buf out = { .arena = ctx->arena };
    TRY(mrp_write(ctx, plan, MRP_PEGS_FULL, 100000, &out));
    LAW(json_parse(ctx, buf_str(&out), &tree) == OK);
    return OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Arena arena = { .limit = FUZZ_ARENA_LIMIT };
    Ctx ctx = { .arena = &arena };
    Str text = { (const char *)data, size };
    Status status = ctx_guard(&ctx, check, &text);
    LAW(status == OK || status == E_INVALID || status == E_LIMIT);
    LAW(status == OK || (ctx.failure.message.len && utf8_valid(ctx.failure.message)));
    arena_release(&arena);
    return 0;
}
