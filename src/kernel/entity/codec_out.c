// codec_out.c - records as JSON.
//
// One walk over the field table writes any record: what is masked, what is absent and how a number
// looks is decided here for REST, exports, webhooks and the audit trail alike.
#include "kernel/entity/info.h"

#include "kernel/auth/actor.h"
#include "kernel/entity/codec.h"
#include "kernel/entity/custom.h"
#include "kernel/entity/mask.h"
#include "kernel/entity/points.h"
#include "kernel/entity/record.h"
#include "kernel/tenant.h"

typedef struct Writer {
    Ctx *ctx;
    JsonOut *json;
    const EntityDef *entity;
    const void *record;  // whose fields these are: for the currency
    CurrencyCode outer;  // of the enclosing record
    int flags;
} Writer;

static void put_value(const Writer *w, const FieldDef *f, const void *base);

// ---- Single values ------------------------------------------------------------------------------

static void put_decimal(const Writer *w, int64_t value, int digits)
{
    json_put_str(w->json, decimal_text(w->ctx->arena, value, digits));
}

static void put_short(const Writer *w, int64_t value, int digits)
{
    json_put_str(w->json, decimal_short(w->ctx->arena, value, digits));
}

static void put_id(const Writer *w, Id id)
{
    if (id)
        json_put_str(w->json, id_text(w->ctx->arena, id));
    else
        json_put_null(w->json);
}

static void put_text_or_null(const Writer *w, Str text)
{
    if (text.len)
        json_put_str(w->json, text);
    else
        json_put_null(w->json);
}

static void put_number(const Writer *w, const FieldDef *f, const void *base)
{
    bool maybe = f->flags & MAYBE;
    int64_t value =
        f->type == FIELD_RATE
            ? (maybe ? FIELD_GET(base, f, MaybeRate).value : FIELD_GET(base, f, Rate)).micro
            : (maybe ? FIELD_GET(base, f, MaybeInt).value : FIELD_GET(base, f, int64_t));
    if (maybe && !FIELD_GET(base, f, bool)) {
        json_put_null(w->json);
        return;
    }
    switch ((FieldType)f->type) {
    case FIELD_INT: json_put_int(w->json, value); return;
    case FIELD_MONEY: {
        // A shape's column knows no record: two decimals whatever the currency, as it is read back.
        CurrencyCode currency =
            w->entity ? currency_of(w->ctx, w->entity, w->record, f, w->outer) : w->outer;
        put_decimal(w, value, currency_digits(currency));
        return;
    }
    case FIELD_FX: put_short(w, value, 9); return;
    default: put_short(w, value, 6); return;
    }
}

static void put_link(const Writer *w, Link link)
{
    if (!link.id || !link.entity) {
        json_put_null(w->json);
        return;
    }
    json_open(w->json, '{');
    json_key(w->json, "kind");
    json_put_str(w->json, str_from(link.entity->name));
    json_key(w->json, "id");
    put_id(w, link.id);
    json_close(w->json, '}');
}

static void put_ids(const Writer *w, const IdList *ids)
{
    json_open(w->json, '[');
    EACH (id, *ids)
        put_id(w, *id);
    json_close(w->json, ']');
}

static void put_geo(const Writer *w, Geo geo)
{
    if (!geo.lat_e7 && !geo.lon_e7) {
        json_put_null(w->json);
        return;
    }
    json_open(w->json, '[');
    put_decimal(w, geo.lat_e7, 7);
    put_decimal(w, geo.lon_e7, 7);
    json_close(w->json, ']');
}

static void put_raw_json(const Writer *w, Str text)
{
    if (text.len)
        json_put_raw(w->json, text);
    else
        json_put_null(w->json);
}

// ---- Shapes -------------------------------------------------------------------------------------

static void put_shape(const Writer *w, const ShapeDef *shape, const void *at)
{
    if (shape->one_of) {
        int kind = *(const int *)at;
        if (kind == 0) {
            json_put_null(w->json);
            return;
        }
        const ShapeDef *chosen = shape->one_of[kind - 1];
        json_open(w->json, '{');
        json_key(w->json, chosen->name);
        put_shape(w, chosen, (const char *)at + shape->union_offset);
        json_close(w->json, '}');
        return;
    }
    json_open(w->json, '{');
    for (const FieldDef *f = shape->fields; f < shape->fields + shape->count; f++) {
        if (field_is_empty(f, at))
            continue;
        json_key(w->json, f->name);
        put_value(w, f, at);
    }
    json_close(w->json, '}');
}

static void put_shapes(const Writer *w, const ShapeDef *shape, const AnyList *list)
{
    json_open(w->json, '[');
    for (size_t i = 0; i < list->len; i++)
        put_shape(w, shape, (const char *)list->items + i * shape->size);
    json_close(w->json, ']');
}

void shape_to_json(Ctx *ctx, const ShapeDef *shape, const void *value, JsonOut *out)
{
    Writer w = { .ctx = ctx, .json = out };
    put_shape(&w, shape, value);
}

// ---- Fields -------------------------------------------------------------------------------------

static void put_text(const Writer *w, const FieldDef *f, Str text)
{
    bool hide = w->flags & JSON_MASKED && field_is_masked(w->ctx, f, w->flags & JSON_LIST);
    json_put_str(w->json, hide ? mask_text(w->ctx->arena, f, text) : text);
}

static void put_value(const Writer *w, const FieldDef *f, const void *base)
{
    Arena *arena = w->ctx->arena;
    switch ((FieldType)f->type) {
    case FIELD_TEXT:
    case FIELD_CODE:
    case FIELD_RICH: put_text(w, f, FIELD_GET(base, f, Str)); return;
    case FIELD_FORMULA: json_put_str(w->json, FIELD_GET(base, f, Str)); return;
    case FIELD_JSON: put_raw_json(w, FIELD_GET(base, f, Str)); return;
    case FIELD_SECRET: json_put_bool(w->json, FIELD_GET(base, f, Secret).sealed.len > 0); return;
    case FIELD_BYTES: json_put_null(w->json); return;
    case FIELD_BOOL: json_put_bool(w->json, FIELD_GET(base, f, bool)); return;
    case FIELD_REF:
    case FIELD_CHOICE:
    case FIELD_FILE: put_id(w, FIELD_GET(base, f, Id)); return;
    case FIELD_LINK: put_link(w, FIELD_GET(base, f, Link)); return;
    case FIELD_REFS:
    case FIELD_CHOICES: put_ids(w, &FIELD_GET(base, f, IdList)); return;
    case FIELD_ENUM:
    case FIELD_STATE: {
        const EnumDef *words = f->of;
        put_text_or_null(w, str_from(words->values[FIELD_GET(base, f, int)].name));
        return;
    }
    case FIELD_DATE: put_text_or_null(w, date_text(arena, FIELD_GET(base, f, Date))); return;
    case FIELD_TIME: {
        Time at = FIELD_GET(base, f, Time);
        put_text_or_null(w, at ? time_text(arena, at) : S(""));
        return;
    }
    case FIELD_CLOCK: put_text_or_null(w, clock_text(arena, FIELD_GET(base, f, Clock))); return;
    case FIELD_CURRENCY: {
        CurrencyCode code = FIELD_GET(base, f, CurrencyCode);
        put_text_or_null(w, str_copy(arena, currency_text(&code)));
        return;
    }
    case FIELD_GEO: put_geo(w, FIELD_GET(base, f, Geo)); return;
    case FIELD_POINTS:
        json_put_str(w->json, points_text(arena, FIELD_GET(base, f, PointList)));
        return;
    case FIELD_SHAPE: put_shape(w, f->of, &FIELD_GET(base, f, char)); return;
    case FIELD_SHAPES: put_shapes(w, f->of, &FIELD_GET(base, f, AnyList)); return;
    case FIELD_LIST: return;
    default: put_number(w, f, base); return;
    }
}

void field_to_json(Ctx *ctx, const EntityDef *e, const void *record, const FieldDef *f,
                   CurrencyCode outer, JsonOut *out)
{
    Writer w = { ctx, out, e, record, outer, 0 };
    put_value(&w, f, record);
}

// ---- Records ------------------------------------------------------------------------------------

static bool is_chosen(const FieldFilter *only, const char *name)
{
    if (!only)
        return true;
    for (size_t i = 0; i < only->count; i++)
        if (str_is(only->names[i], name))
            return true;
    return false;
}

static void put_time_member(const Writer *w, const char *key, Time at)
{
    json_key(w->json, key);
    put_text_or_null(w, at ? time_text(w->ctx->arena, at) : S(""));
}

static void put_day_member(const Writer *w, const char *key, size_t at)
{
    json_key(w->json, key);
    put_text_or_null(w, date_text(w->ctx->arena, *(const Date *)((const char *)w->record + at)));
}

static void put_header(const Writer *w, const FieldFilter *only)
{
    const EntityDef *e = w->entity;
    json_key(w->json, "id");
    put_id(w, *(const Id *)w->record);
    if (entity_is_entry(e)) {
        put_time_member(w, "at", ((const Entry *)w->record)->at);
    } else if (!e->parent) {
        const Record *record = w->record;
        json_key(w->json, "version");
        json_put_int(w->json, record->version);
        if (is_chosen(only, "created_at"))
            put_time_member(w, "created_at", record->created_at);
        if (is_chosen(only, "updated_at"))
            put_time_member(w, "updated_at", record->updated_at);
        if (is_chosen(only, "archived")) {
            json_key(w->json, "archived");
            json_put_bool(w->json, record->is_archived);
        }
    }
    if (e->tree) {
        json_key(w->json, "above");
        put_id(w, *(const Id *)((const char *)w->record + e->above_at));
    }
    if (e->dated) {
        put_day_member(w, "valid_from", e->valid_from_at);
        put_day_member(w, "valid_to", e->valid_to_at);
    }
}

static Status put_record(const Writer *w, const FieldFilter *only);

static Status put_children(const Writer *w, const FieldDef *f, CurrencyCode currency)
{
    const EntityDef *child = f->of;
    const AnyList *list = &FIELD_GET(w->record, f, AnyList);
    json_key(w->json, f->name);
    json_open(w->json, '[');
    for (size_t i = 0; i < list->len; i++) {
        Writer inner = { w->ctx,   w->json, child, (const char *)list->items + i * child->size,
                         currency, w->flags };
        TRY(put_record(&inner, NULL));
    }
    json_close(w->json, ']');
    return OK;
}

static Status put_title(const Writer *w, const FieldDef *f)
{
    Str title;
    const EntityDef *target = f->type == FIELD_CHOICE ? entity_named(S("choice")) : f->of;
    Id id = FIELD_GET(w->record, f, Id);
    if (!id)
        return OK;
    TRY(record_title(w->ctx, target, id, &title));
    json_key(w->json, str_format(w->ctx->arena, "%s_title", f->name).ptr);
    json_put_str(w->json, title);
    return OK;
}

static Status put_field(const Writer *w, const FieldDef *f, CurrencyCode currency)
{
    bool for_actor = w->flags & JSON_MASKED;
    if (for_actor && w->ctx->actor && !actor_may_read_field(w->ctx->actor, f))
        return OK;
    if (f->type == FIELD_LIST)
        return w->flags & JSON_NO_CHILDREN ? OK : put_children(w, f, currency);
    if (f->type == FIELD_BYTES)
        return OK;
    json_key(w->json, f->name);
    put_value(w, f, w->record);
    bool has_title = f->type == FIELD_REF || f->type == FIELD_CHOICE;
    return w->flags & JSON_TITLES && has_title ? put_title(w, f) : OK;
}

static Status put_record(const Writer *w, const FieldFilter *only)
{
    const EntityDef *e = w->entity;
    const FieldDef *own = e->info->currency;
    CurrencyCode currency = own ? FIELD_GET(w->record, own, CurrencyCode) : w->outer;
    json_open(w->json, '{');
    if (!entity_is_keyed(e))
        put_header(w, only);
    for (const FieldDef *f = e->fields; f < e->fields + e->count; f++)
        if (is_chosen(only, f->name))
            TRY(put_field(w, f, currency));
    TRY(custom_to_json(w->ctx, e, w->record, w->json));
    if (e->info->has_translations && !only && !(w->flags & JSON_NO_CHILDREN))
        TRY(translations_to_json(w->ctx, e, *(const Id *)w->record, w->json));
    json_close(w->json, '}');
    return OK;
}

Status record_to_json(Ctx *ctx, const EntityDef *e, const void *record, int flags,
                      const FieldFilter *only, JsonOut *out)
{
    Writer w = { ctx, out, e, record, (CurrencyCode){ "" }, flags };
    return put_record(&w, only);
}
