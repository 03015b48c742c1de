// fuzz_customers.c - any bytes as orders. Laws: whatever the reader takes is answered or refused
// with a reason, each line is JSON, and a chance is a chance.
#include "fuzz.h"

#include "algo/fields.h"
#include "tool/orders.h"

static Status read_all(Ctx *ctx, void *arg)
{
    Orders orders;
    Buf out = { .arena = ctx->arena }, calibration = { .arena = ctx->arena };
    Str rest, line;
    TRY(orders_read(ctx, *(Str *)arg, &orders));
    TRY(orders_answer(ctx, &orders, orders.last + 1, 45, &out));
    for (rest = buf_str(&out); str_next(&rest, '\n', &line);) {
        const Json *json;
        double chance;
        if (line.len == 0)
            continue;
        LAW(json_parse(ctx, line, &json) == OK);
        LAW(field_double(json_get(json, "returns"), &chance) && chance >= 0 && chance <= 1);
    }
    return orders_calibration(ctx, &orders, orders.last + 1, 45, &calibration);
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
