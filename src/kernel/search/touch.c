// touch.c - noting, in the transaction that changes a record, that its words are to be read again.
#include "kernel/search.h"

Status search_touch(Ctx *ctx, const EntityDef *e, Id id)
{
    return db_write(ctx, SQL("INSERT INTO search_pending (subject_kind, subject_id) VALUES ($1, $2)"
                             " ON CONFLICT DO NOTHING",
                             e->name, id));
}

Status search_ids(Ctx *ctx, const EntityDef *e, Str words, int limit, IdList *ret)
{
    (void)words;
    (void)limit;
    *ret = (IdList){ 0 };
    return FAIL(ctx, E_INTERNAL, "search.unavailable", "%s cannot be searched by words yet",
                e->plural);
}
