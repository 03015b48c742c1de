// fuzz_statement.c - any bytes as a bank's statement. Laws: what is read is a statement whose every
// line has an amount that is a number, and can be written as JSON that reads; what is refused says
// why. All formats are reached, because they are told apart by what stands in the bytes.
#include "fuzz.h"

#include "algo/statement/statement.h"

static bool is_amount(Str s)
{
    size_t at = s.len && s.ptr[0] == '-', digits = 0, points = 0;
    for (; at < s.len; at++) {
        points += s.ptr[at] == '.';
        digits += s.ptr[at] >= '0' && s.ptr[at] <= '9';
    }
    return digits > 0 && points <= 1 && digits + points + (s.ptr[0] == '-') == s.len;
}

static Status check(Ctx *ctx, void *arg)
{
    StatementFile file;
    TRY(statement_read(ctx, *(Str *)arg, &file));
    LAW(file.statements.len > 0);
    EACH (statement, file.statements)
        EACH (line, statement->lines) {
            LAW(is_amount(line->amount));
            LAW(str_is(line->direction, "credit") || str_is(line->direction, "debit"));
            LAW(line->source_line > 0);
        }
    Buf out = { .arena = ctx->arena };
    JsonOut json = { .out = &out };
    statement_json(&json, &file);
    const Json *again;
    LAW(json_parse(ctx, buf_str(&out), &again) == OK);
    return OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Arena arena = { .limit = FUZZ_ARENA_LIMIT };
    Random random = { 1 };
    Ctx ctx = { .arena = &arena, .random = &random };
    Str bytes = { (const char *)data, size };
    if (ctx_guard(&ctx, check, &bytes) != OK)
        LAW(ctx.failure.message.len > 0);
    arena_release(&arena);
    return 0;
}
