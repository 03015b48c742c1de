// fuzz_match.c - any bytes as a file of entrepot-match: records, pairs, models, bank lines, open
// items, what was confirmed. Laws: it is read or refused with a reason, and what is read is in
// bounds.
#include "fuzz.h"

#include "tool/match_bank.h"
#include "tool/match_files.h"

static Status read_records(Ctx *ctx, Str bytes)
{
    Table table;
    TRY(table_read(ctx, bytes, "id", &table));
    LAW(table.field_count <= RECORD_FIELDS_MAX);
    Pairs pairs = { 0 };
    TRY(pairs_read(ctx, bytes, &pairs));
    LAW(pairs.field_count <= RECORD_FIELDS_MAX);
    return OK;
}

static Status read_model(Ctx *ctx, Str bytes)
{
    return model_read(ctx, bytes, NEW(ctx->arena, Matcher));
}

static Status read_bank_model(Ctx *ctx, Str bytes)
{
    BankModel *model = NEW(ctx->arena, BankModel);
    TRY(bank_model_read(ctx, bytes, model));
    LAW(model->step_count <= BANK_STEPS_MAX);
    return OK;
}

static Status read_bank(Ctx *ctx, Str bytes)
{
    BankLineList lines;
    OpenItemList items = { 0 };
    AliasList aliases = { 0 };
    TRY(bank_lines_read(ctx, bytes, &lines));
    Confirmed *confirmed = NEW_ARRAY(ctx->arena, Confirmed, lines.len + 1);
    TRY(bank_confirmed_read(ctx, bytes, &lines, &items, confirmed, &aliases));
    return bank_items_read(ctx, bytes, &items);
}

typedef struct {
    Status (*read)(Ctx *ctx, Str bytes);
    Str bytes;
} Reading;

static Status run(Ctx *ctx, void *arg)
{
    Reading *reading = arg;
    return reading->read(ctx, reading->bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Status (*const readers[])(Ctx *, Str) = { read_records, read_model, read_bank_model,
                                              read_bank };
    for (size_t i = 0; i < COUNT(readers); i++) {
        Arena arena = { .limit = FUZZ_ARENA_LIMIT };
        Random random = { 1 };
        Ctx ctx = { .arena = &arena, .random = &random };
        Reading reading = { readers[i], { (const char *)data, size } };
        if (ctx_guard(&ctx, run, &reading) != OK)
            LAW(ctx.failure.message.len > 0);
        arena_release(&arena);
    }
    return 0;
}
