// fuzz_sop.c - any bytes as a supply plan's input. Laws: it is read or refused with a sentence;
// what was read becomes a programme in which every entry names a column and a row that are there,
// with figures that are numbers.
#include "fuzz.h"

#include "algo/sop/file.h"
#include "algo/sop/model.h"
#include "base/utf8.h"

static void check_programme(const Lp *lp)
{
    EACH (entry, lp->entries) {
        LAW(entry->column >= 0 && (size_t)entry->column < lp->columns.len);
        LAW(entry->row >= 0 && (size_t)entry->row < lp->rows.len);
        LAW(isfinite(entry->value));
    }
    EACH (column, lp->columns)
        LAW(isfinite(column->cost) && column->low <= column->high);
    EACH (row, lp->rows)
        LAW(row->low <= row->high);
}

static Status check(Ctx *ctx, void *arg)
{
    SopInput input;
    TRY(sop_read(ctx, *(const Str *)arg, &input));
    for (int32_t i = 0; i < input.scenario_count; i++) {
        SopModel model;
        SopInput changed = sop_scenario(ctx->arena, &input, &input.scenarios[i]);
        TRY(sop_model(ctx, &changed, &model));
        check_programme(&model.lp);
    }
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
