// memo.c - what a lane's member has read already.
#include "kernel/entity/memo.h"

#include "kernel/db/lane.h"

typedef struct MemoKey {
    int64_t of, key;
} MemoKey;

typedef struct Kept {  // of one kind
    const MemoKind *kind;
    Map answers;
} Kept;

typedef LIST(Kept) KeptList;

static KeptList *kept_of(Ctx *ctx)
{
    if (!ctx->effects || !db_is_writing(ctx))
        return NULL;
    void **slot = member_slot(ctx, MEMBER_MEMO);
    if (!*slot)
        *slot = NEW(ctx->arena, KeptList);
    return *slot;
}

static Kept *kept_kind(KeptList *list, const MemoKind *kind)
{
    EACH (kept, *list)
        if (kept->kind == kind)
            return kept;
    return NULL;
}

const void *memo_get(Ctx *ctx, const MemoKind *kind, int64_t of, int64_t key)
{
    KeptList *list = kept_of(ctx);
    const Kept *kept = list ? kept_kind(list, kind) : NULL;
    MemoKey name = { of, key };
    return kept ? map_get(&kept->answers, (Str){ (const char *)&name, sizeof name }) : NULL;
}

void memo_put(Ctx *ctx, const MemoKind *kind, int64_t of, int64_t key, const void *value)
{
    KeptList *list = kept_of(ctx);
    if (!list)
        return;
    Kept *kept = kept_kind(list, kind);
    if (!kept) {
        kept = list_push(ctx->arena, list);
        *kept = (Kept){ kind, { .arena = ctx->arena } };
    }
    MemoKey *name = NEW(ctx->arena, MemoKey);
    *name = (MemoKey){ of, key };
    map_set(&kept->answers, (Str){ (const char *)name, sizeof *name }, (void *)value);
}

static bool is_read_by(const MemoKind *kind, const EntityDef *e)
{
    for (const EntityDef *const *read = kind->reads; *read; read++)
        if (*read == e)
            return true;
    return false;
}

void memo_forget(Ctx *ctx, const EntityDef *e)
{
    KeptList *list = kept_of(ctx);
    if (!list)
        return;
    EACH (kept, *list)
        if (!e || is_read_by(kept->kind, e))
            kept->answers = (Map){ .arena = ctx->arena };
}
