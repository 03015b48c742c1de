// field.c - one field's value: comparing, emptiness, whose currency.
#include "kernel/entity/info.h"

#include "kernel/tenant.h"

static bool shape_equal(const ShapeDef *shape, const char *a, const char *b)
{
    if (shape->one_of) {
        int kind = *(const int *)a;
        if (kind != *(const int *)b)
            return false;
        return kind == 0 || shape_equal(shape->one_of[kind - 1], a + shape->union_offset,
                                        b + shape->union_offset);
    }
    for (int i = 0; i < shape->count; i++)
        if (!field_equal(&shape->fields[i], a, b))
            return false;
    return true;
}

static bool shapes_equal(const ShapeDef *shape, const AnyList *a, const AnyList *b)
{
    if (a->len != b->len)
        return false;
    for (size_t i = 0; i < a->len; i++)
        if (!shape_equal(shape, (const char *)a->items + i * shape->size,
                         (const char *)b->items + i * shape->size))
            return false;
    return true;
}

static bool ids_equal(const IdList *a, const IdList *b)
{
    return a->len == b->len &&
           (a->len == 0 || memcmp(a->items, b->items, a->len * sizeof(Id)) == 0);
}

static bool points_equal(const PointList *a, const PointList *b)
{
    return a->len == b->len &&
           (a->len == 0 || memcmp(a->items, b->items, a->len * sizeof(Point)) == 0);
}

static bool maybe_equal(const FieldDef *f, const void *a, const void *b)
{
    if (f->type == FIELD_RATE) {
        MaybeRate x = FIELD_GET(a, f, MaybeRate), y = FIELD_GET(b, f, MaybeRate);
        return x.known == y.known && (!x.known || x.value.micro == y.value.micro);
    }
    MaybeInt x = FIELD_GET(a, f, MaybeInt), y = FIELD_GET(b, f, MaybeInt);
    return x.known == y.known && (!x.known || x.value == y.value);
}

bool field_equal(const FieldDef *f, const void *a, const void *b)
{
    if (f->flags & MAYBE)
        return maybe_equal(f, a, b);
    switch ((FieldType)f->type) {
    case FIELD_TEXT:
    case FIELD_CODE:
    case FIELD_RICH:
    case FIELD_JSON:
    case FIELD_FORMULA:
    case FIELD_SECRET:
    case FIELD_BYTES: return str_eq(FIELD_GET(a, f, Str), FIELD_GET(b, f, Str));
    case FIELD_BOOL: return FIELD_GET(a, f, bool) == FIELD_GET(b, f, bool);
    case FIELD_INT:
    case FIELD_MONEY:
    case FIELD_PRICE:
    case FIELD_QTY:
    case FIELD_FX:
    case FIELD_TIME:
    case FIELD_CHOICE:
    case FIELD_REF:
    case FIELD_FILE: return FIELD_GET(a, f, int64_t) == FIELD_GET(b, f, int64_t);
    case FIELD_RATE:
    case FIELD_DATE: return FIELD_GET(a, f, int32_t) == FIELD_GET(b, f, int32_t);
    case FIELD_CLOCK: return FIELD_GET(a, f, int16_t) == FIELD_GET(b, f, int16_t);
    case FIELD_ENUM:
    case FIELD_STATE: return FIELD_GET(a, f, int) == FIELD_GET(b, f, int);
    case FIELD_CURRENCY:
        return currency_eq(FIELD_GET(a, f, CurrencyCode), FIELD_GET(b, f, CurrencyCode));
    case FIELD_LINK: return FIELD_GET(a, f, Link).id == FIELD_GET(b, f, Link).id;
    case FIELD_GEO: return memcmp(&FIELD_GET(a, f, Geo), &FIELD_GET(b, f, Geo), sizeof(Geo)) == 0;
    case FIELD_REFS:
    case FIELD_CHOICES: return ids_equal(&FIELD_GET(a, f, IdList), &FIELD_GET(b, f, IdList));
    case FIELD_POINTS:
        return points_equal(&FIELD_GET(a, f, PointList), &FIELD_GET(b, f, PointList));
    case FIELD_SHAPE: return shape_equal(f->of, &FIELD_GET(a, f, char), &FIELD_GET(b, f, char));
    case FIELD_SHAPES:
        return shapes_equal(f->of, &FIELD_GET(a, f, AnyList), &FIELD_GET(b, f, AnyList));
    case FIELD_LIST: return true;  // children are compared row by row
    }
    return false;
}

static bool shape_is_empty(const ShapeDef *shape, const char *at)
{
    if (shape->one_of)
        return *(const int *)at == 0;
    for (int i = 0; i < shape->count; i++)
        if (!field_is_empty(&shape->fields[i], at))
            return false;
    return true;
}

bool field_is_empty(const FieldDef *f, const void *base)
{
    if (f->flags & MAYBE)
        return !FIELD_GET(base, f, bool);
    switch ((FieldType)f->type) {
    case FIELD_TEXT:
    case FIELD_CODE:
    case FIELD_RICH:
    case FIELD_JSON:
    case FIELD_FORMULA:
    case FIELD_SECRET:
    case FIELD_BYTES: return FIELD_GET(base, f, Str).len == 0;
    case FIELD_BOOL: return !FIELD_GET(base, f, bool);
    case FIELD_RATE:
    case FIELD_DATE: return FIELD_GET(base, f, int32_t) == 0;
    case FIELD_CLOCK: return FIELD_GET(base, f, int16_t) == 0;
    case FIELD_ENUM:
    case FIELD_STATE: return FIELD_GET(base, f, int) == 0;
    case FIELD_CURRENCY: return FIELD_GET(base, f, CurrencyCode).code[0] == '\0';
    case FIELD_LINK: return FIELD_GET(base, f, Link).id == 0;
    case FIELD_GEO:
        return FIELD_GET(base, f, Geo).lat_e7 == 0 && FIELD_GET(base, f, Geo).lon_e7 == 0;
    case FIELD_REFS:
    case FIELD_CHOICES:
    case FIELD_POINTS:
    case FIELD_SHAPES:
    case FIELD_LIST: return FIELD_GET(base, f, AnyList).len == 0;
    case FIELD_SHAPE: return shape_is_empty(f->of, &FIELD_GET(base, f, char));
    default: return FIELD_GET(base, f, int64_t) == 0;
    }
}

// `in=` names the field that holds the currency; without it, the record's own `currency`, else that
// of what owns it. A path through a reference ("in=payment.currency") is resolved by the query that
// joins it; in memory it falls back to the enclosing currency.
CurrencyCode currency_of(const Ctx *ctx, const EntityDef *e, const void *record,
                         const FieldDef *field, CurrencyCode outer)
{
    CurrencyCode base = ctx->tenant ? ctx->tenant->base : (CurrencyCode){ "" };
    if (field->flags & BASE)
        return base;
    const FieldDef *holder = field->more && field->more->in
                               ? entity_field(e, str_from(field->more->in))
                               : e->info->currency;
    if (holder && holder->type == FIELD_CURRENCY) {
        CurrencyCode own = FIELD_GET(record, holder, CurrencyCode);
        return own.code[0] ? own : base;
    }
    return outer.code[0] ? outer : base;
}

// Levenshtein's distance with the rows in one array; names are short.
static int distance(Str a, Str b)
{
    int row[64];
    if (b.len > 60 || a.len > 60)
        return 99;
    for (size_t j = 0; j <= b.len; j++)
        row[j] = (int)j;
    for (size_t i = 1; i <= a.len; i++) {
        int diagonal = row[0];
        row[0] = (int)i;
        for (size_t j = 1; j <= b.len; j++) {
            int change = diagonal + (a.ptr[i - 1] != b.ptr[j - 1]), best = change;
            best = row[j] + 1 < best ? row[j] + 1 : best;
            best = row[j - 1] + 1 < best ? row[j - 1] + 1 : best;
            diagonal = row[j];
            row[j] = best;
        }
    }
    return row[b.len];
}

Str nearest_field(Arena *arena, const EntityDef *e, Str name)
{
    Str best = S("");
    int least = 3;
    for (const FieldDef *f = e->fields; f < e->fields + e->count; f++) {
        int d = distance(name, str_from(f->name));
        if (d < least) {
            least = d;
            best = str_copy(arena, str_from(f->name));
        }
    }
    return best;
}
