// fill.c - `copy=`: a field that is empty takes its value from what it says, and is its own
// afterwards. That is how names, prices and terms are frozen on a document.
#include "kernel/entity/info.h"

#include "kernel/entity/record.h"
#include "kernel/entity/work.h"
#include "kernel/tenant.h"

static size_t value_size(const FieldDef *f)
{
    switch ((FieldType)f->type) {
    case FIELD_TEXT:
    case FIELD_CODE:
    case FIELD_RICH: return sizeof(Str);
    case FIELD_BOOL: return sizeof(bool);
    case FIELD_CURRENCY: return sizeof(CurrencyCode);
    case FIELD_DATE:
    case FIELD_RATE: return sizeof(int32_t);
    case FIELD_ENUM: return sizeof(int);
    case FIELD_SHAPE: return ((const ShapeDef *)f->of)->size;
    default: return sizeof(int64_t);
    }
}

// "customer.currency": `customer` is a reference of this record, or `parent` is what owns it.
static Status copy_from(Ctx *ctx, const EntityDef *e, const FieldDef *f, void *record,
                        const EntityDef *owner, const void *owner_record)
{
    Str path = str_from(f->more->copy), first;
    str_next(&path, '.', &first);
    const EntityDef *source = NULL;
    const void *from = NULL;
    if (str_eq(first, S("parent"))) {
        source = owner;
        from = owner_record;
    } else {
        const FieldDef *ref = entity_field(e, first);
        Id id = FIELD_GET(record, ref, Id);
        bool found = false;
        source = ref->of;
        void *loaded = arena_alloc(ctx->arena, source->size);
        if (id)
            TRY(record_load_row(ctx, source, id, loaded, &found));
        from = found ? loaded : NULL;
    }
    const FieldDef *value = source ? entity_field(source, path) : NULL;
    if (from && value)
        memcpy((char *)record + f->offset, (const char *)from + value->offset, value_size(f));
    return OK;
}

static Status fill(Ctx *ctx, const EntityDef *e, void *record, const EntityDef *owner,
                   const void *owner_record)
{
    for (const FieldDef *f = e->fields; f < e->fields + e->count; f++) {
        if (f->more && f->more->copy && field_is_empty(f, record))
            TRY(copy_from(ctx, e, f, record, owner, owner_record));
        if (f->type != FIELD_LIST || entity_is_entry(f->of))
            continue;
        const EntityDef *child = f->of;
        const AnyList *list = &FIELD_GET(record, f, AnyList);
        for (size_t i = 0; i < list->len; i++)
            TRY(fill(ctx, child, (char *)list->items + i * child->size, e, record));
    }
    return OK;
}

Status record_fill(Ctx *ctx, const EntityDef *e, void *record)
{
    return fill(ctx, e, record, NULL, NULL);
}
