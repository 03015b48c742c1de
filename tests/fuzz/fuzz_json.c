// fuzz_json.c - any bytes as JSON. Laws: a text is read or refused with a sentence; what was read,
// written and read again, is the same tree; what is written stays as it is when written once more.
#include "fuzz.h"

#include "base/json.h"
#include "base/utf8.h"

#include "../base/json_same.h"

#include <string.h>

static Str written(Arena *arena, const Json *tree)
{
    Buf out = { .arena = arena };
    json_put_tree(&(JsonOut){ .out = &out }, tree);
    return buf_str(&out);
}

// Asks every value for what it is not, too.
static void look_at(const Json *value)
{
    int64_t number;
    LAW(value->type == JSON_NUMBER || !json_int(value, &number));
    LAW((value->count == 0) == (value->first == NULL));
    LAW(utf8_valid(value->text) && utf8_valid(value->key));
    size_t count = 0;
    JSON_EACH (item, value) {
        look_at(item);
        count++;
    }
    LAW(count == value->count);
}

static Status check(Ctx *ctx, void *arg)
{
    const Json *first, *second;
    TRY(json_parse(ctx, *(const Str *)arg, &first));
    look_at(first);
    Str text = written(ctx->arena, first);
    LAW(json_parse(ctx, text, &second) == OK);
    LAW(json_same(first, second));
    LAW(str_eq(text, written(ctx->arena, second)));
    return OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Arena arena = { .limit = FUZZ_ARENA_LIMIT };
    Ctx ctx = { .arena = &arena };
    Str text = { (const char *)data, size };
    Status status = ctx_guard(&ctx, check, &text);
    if (status == E_INVALID) {
        LAW(strcmp(ctx.failure.code, "json.syntax") == 0);
        LAW(str_starts(ctx.failure.message, S("line ")) && utf8_valid(ctx.failure.message));
    }
    LAW(status == OK || status == E_INVALID || status == E_LIMIT);
    arena_release(&arena);
    return 0;
}
