// memo.h - what a lane's member has read already and need not ask again.
//
// The lane is the only writer, so within one member what was read stays true until the member
// itself changes it. A kind of memo names the entities it was read from; saving or deleting a
// record of one of them forgets the whole kind. Outside a lane nothing is kept: memo_get() knows
// nothing.
//
//     static const MemoKind facts_memo = { (const EntityDef *const[]){ &variant_entity, NULL } };
//     const VariantFacts *known = memo_get(ctx, &facts_memo, 0, variant);
//     ...
//     memo_put(ctx, &facts_memo, 0, variant, copy);
#pragma once

#include "kernel/entity/info.h"

typedef struct MemoKind {
    const EntityDef *const *reads;  // ends with NULL
} MemoKind;

// `of` and `key` together name one answer of a kind. NULL: not known.
const void *memo_get(Ctx *ctx, const MemoKind *kind, int64_t of, int64_t key);
// `value` must live in ctx->arena, or for ever.
void memo_put(Ctx *ctx, const MemoKind *kind, int64_t of, int64_t key, const void *value);
// A record of `e` was saved or deleted; NULL: anything may have changed.
void memo_forget(Ctx *ctx, const EntityDef *e);
