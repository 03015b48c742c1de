// effects.c - what happens before and after a commit.
#include "kernel/db/effects.h"

#include <assert.h>

static void add(Ctx *ctx, EffectList *list, Effect effect)
{
    Effect *added = NEW(ctx->arena, Effect);
    *added = effect;
    if (list->last)
        list->last->next = added;
    else
        list->first = added;
    list->last = added;
}

void after_commit(Ctx *ctx, void (*fn)(Db *db, void *arg), void *arg)
{
    assert(db_is_writing(ctx) && ctx->effects);
    add(ctx, &ctx->effects->after, (Effect){ .after = fn, .arg = arg });
}

void before_commit(Ctx *ctx, TxFn fn, void *arg)
{
    assert(db_is_writing(ctx) && ctx->effects);
    add(ctx, &ctx->effects->before, (Effect){ .before = fn, .arg = arg });
}

void **member_slot(Ctx *ctx, MemberSlot which)
{
    assert(ctx->effects && which < MEMBER_SLOTS);
    return &ctx->effects->slots[which];
}

Status effects_before_commit(Ctx *ctx)
{
    for (Effect *effect = ctx->effects->before.first; effect; effect = effect->next)
        TRY(effect->before(ctx, effect->arg));
    return OK;
}

// What tells how the database stands, for as long as nothing is undone.
static const MemberSlot standing[] = { MEMBER_MEMO, MEMBER_AUDIT, MEMBER_SEARCH };

static void keep_after(Effects *outer, Effects *inner)
{
    if (!inner->after.first)
        return;
    if (outer->after.last)
        outer->after.last->next = inner->after.first;
    else
        outer->after.first = inner->after.first;
    outer->after.last = inner->after.last;
}

void effects_keep(Effects *outer, Effects *inner)
{
    outer->slots[MEMBER_MEMO] = NULL;  // the part may have changed what was read before it
    outer->slots[MEMBER_AUDIT] = NULL;
    keep_after(outer, inner);
}

void effects_lend(const Effects *outer, Effects *inner)
{
    for (size_t i = 0; i < COUNT(standing); i++)
        inner->slots[standing[i]] = outer->slots[standing[i]];
}

void effects_join(Effects *outer, Effects *inner)
{
    effects_lend(inner, outer);
    keep_after(outer, inner);
}

void effects_after_commit(const Effects *effects, Db *db)
{
    for (const Effect *effect = effects->after.first; effect; effect = effect->next)
        effect->after(db, effect->arg);
}
