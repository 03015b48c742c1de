// form_read.c - what a browser sent, put straight for the codec.
//
// The codec reads the same tree from programs and from forms. Three things only browsers do are
// undone here: a box that is not ticked is not sent, a record may be typed instead of picked, and
// the form's own names travel along.
#include "base/utf8.h"
#include "kernel/entity/info.h"
#include "kernel/entity/record.h"
#include "kernel/i18n.h"
#include "kernel/tenant.h"
#include "web/form_inside.h"

typedef struct Fields {  // of an entity or of a shape
    const EntityDef *entity;
    const ShapeDef *shape;
} Fields;

static Status read_object(Ctx *ctx, Fields fields, const Json *sent, bool keep_blank, Json *ret);

static const FieldDef *field_named(Fields fields, Str name)
{
    return fields.entity ? entity_field(fields.entity, name) : shape_field(fields.shape, name);
}

static Json *add_member(Ctx *ctx, Json *object, Str key, Json value)
{
    Json **end = &object->first;
    while (*end)
        end = &(*end)->next;
    *end = NEW(ctx->arena, Json);
    **end = value;
    (*end)->key = key;
    (*end)->next = NULL;
    object->count++;
    return *end;
}

static Json text_value(Str text)
{
    return (Json){ .type = JSON_STRING, .text = text };
}

// ---- References typed instead of picked ---------------------------------------------------------

static Status find_unique(Ctx *ctx, const EntityDef *e, Str words, Id *ret)
{
    for (const FieldDef *f = e->fields; *ret == 0 && f < e->fields + e->count; f++)
        if (f->flags & UNIQUE && (f->type == FIELD_CODE || f->type == FIELD_TEXT))
            TRY(record_find(ctx, e, f->name, words, ret));
    return OK;
}

// Exactly one record whose title is these words, or else the only one that they find.
static Status find_by_words(Ctx *ctx, const EntityDef *e, Str words, Id *ret)
{
    OptionList found;
    size_t same = 0;
    TRY(options_search(ctx, e, words, 20, &found));
    for (size_t i = 0; i < found.len; i++)
        if (str_eq(found.items[i].label, words)) {
            same++;
            id_parse(found.items[i].value, ret);
        }
    if (same == 1)
        return OK;
    *ret = 0;
    if (found.len == 1)
        id_parse(found.items[0].value, ret);
    return OK;
}

static Status resolve(Ctx *ctx, const FieldDef *f, const Json *object, Str *ret)
{
    Str words = str_trim(json_str(object, str_format(ctx->arena, "_t_%s", f->name).ptr));
    Str before = json_str(object, str_format(ctx->arena, "_o_%s", f->name).ptr);
    Id id = 0;
    if (words.len == 0) {
        *ret = S("");
        return OK;
    }
    if (str_eq(words, str_trim(before)) && ret->len)
        return OK;
    TRY(find_unique(ctx, f->of, words, &id));
    if (id == 0)
        TRY(find_by_words(ctx, f->of, words, &id));
    *ret = id ? id_text(ctx->arena, id) : words;
    return OK;
}

// ---- Members ------------------------------------------------------------------------------------

// A browser's "2026-11-21T14:05" is a time in the reader's zone.
static Str instant_text(Ctx *ctx, Str typed)
{
    Date date;
    Clock clock;
    const Zone *zone = ctx->locale && ctx->locale->zone ? ctx->locale->zone : ctx->tenant->zone;
    if (typed.len != 16 || !date_parse(str_sub(typed, 0, 10), &date) ||
        !clock_parse(str_from_at(typed, 11), &clock))
        return typed;
    return time_text(ctx->arena, zone_time(zone, date, clock - 1));
}

// "23.81, 90.41" as people copy it from a map; with a comma as decimal mark a blank or semicolon
// stands between.
static void read_spot(Ctx *ctx, Str typed, Json *ret)
{
    Str text = str_trim(typed);
    ptrdiff_t gap = str_find_char(text, ';');
    if (gap < 0)
        gap = str_find_char(text, ' ');
    if (gap < 0)
        gap = str_find_char(text, ',');
    *ret = (Json){ .type = JSON_STRING, .text = text };
    if (gap < 0)
        return;
    Str halves[] = { str_trim(str_sub(text, 0, (size_t)gap)),
                     str_trim(str_from_at(text, (size_t)gap + 1)) };
    *ret = (Json){ .type = JSON_ARRAY };
    for (size_t i = 0; i < COUNT(halves); i++) {
        if (halves[i].len && strchr(",;", halves[i].ptr[halves[i].len - 1]))
            halves[i].len--;
        Str plain = str_replace_char(ctx->arena, halves[i], ',', '.');
        add_member(ctx, ret, S(""), text_value(plain));
    }
}

static bool is_empty_object(const Json *value)
{
    for (const Json *one = value->first; one; one = one->next)
        if (one->type != JSON_STRING || str_trim(one->text).len)
            return false;
    return true;
}

static Status read_rows(Ctx *ctx, Fields fields, const Json *sent, Json *ret)
{
    *ret = (Json){ .type = JSON_ARRAY };
    for (const Json *row = sent->first; row; row = row->next) {
        Json *kept = add_member(ctx, ret, S(""), (Json){ .type = JSON_OBJECT });
        if (row->type == JSON_OBJECT && !(fields.shape && json_get(row, "_remove")))
            TRY(read_object(ctx, fields, row, false, kept));
    }
    return OK;
}

static void drop_empty_rows(Json *rows)
{
    for (Json **at = &rows->first; *at;) {
        if (is_empty_object(*at)) {
            *at = (*at)->next;
            rows->count--;
        } else {
            at = &(*at)->next;
        }
    }
}

static Status read_member(Ctx *ctx, const FieldDef *f, const Json *object, const Json *member,
                          Json *ret)
{
    *ret = *member;
    if (!f)
        return OK;
    switch ((FieldType)f->type) {
    case FIELD_REF:
        if (json_get(object, str_format(ctx->arena, "_t_%s", f->name).ptr))
            return resolve(ctx, f, object, &ret->text);
        return OK;
    case FIELD_TIME: ret->text = instant_text(ctx, member->text); return OK;
    case FIELD_GEO: {
        Str key = ret->key;
        read_spot(ctx, member->text, ret);
        ret->key = key;
        return OK;
    }
    case FIELD_LIST: return read_rows(ctx, (Fields){ .entity = f->of }, member, ret);
    case FIELD_SHAPES:
        TRY(read_rows(ctx, (Fields){ .shape = f->of }, member, ret));
        drop_empty_rows(ret);
        return OK;
    case FIELD_SHAPE:
        *ret = (Json){ .type = JSON_OBJECT };
        TRY(read_object(ctx, (Fields){ .shape = f->of }, member, true, ret));
        if (is_empty_object(ret))
            *ret = text_value(S(""));
        return OK;
    default: return OK;
    }
}

// "_b_gift" without "gift": the box was there and nobody ticked it.
static void add_unticked(Ctx *ctx, const Json *sent, Json *ret)
{
    for (const Json *member = sent->first; member; member = member->next) {
        Str name = str_from_at(member->key, 3);
        bool is_tenants = str_starts(name, S("x_"));
        if (str_starts(member->key, S("_b_")) && !json_get(sent, str_c(ctx->arena, name)))
            add_member(ctx, ret, name,
                       is_tenants ? (Json){ .type = JSON_BOOL } : text_value(S("false")));
    }
}

// Nothing typed at all: boxes that nobody ticked do not make a row.
static Status read_object(Ctx *ctx, Fields fields, const Json *sent, bool keep_blank, Json *ret)
{
    *ret = (Json){ .type = JSON_OBJECT, .key = ret->key, .next = ret->next };
    for (const Json *member = sent->first; member; member = member->next) {
        Json value;
        bool is_own = str_starts(member->key, S("_")) && !str_is(member->key, "_remove");
        if (is_own)
            continue;
        const FieldDef *f = field_named(fields, member->key);
        bool is_tenants = !f && fields.entity && str_starts(member->key, S("x_"));
        TRY(is_tenants ? form_read_own(ctx, fields.entity, sent, member, &value)
                       : read_member(ctx, f, sent, member, &value));
        add_member(ctx, ret, member->key, value);
    }
    if (keep_blank || !is_empty_object(ret))
        add_unticked(ctx, sent, ret);
    else
        *ret = (Json){ .type = JSON_OBJECT, .key = ret->key, .next = ret->next };
    return OK;
}

Status form_read(Ctx *ctx, const EntityDef *e, const Json *sent, const Json **ret)
{
    Json *object = NEW(ctx->arena, Json);
    TRY(read_object(ctx, (Fields){ .entity = e }, sent, true, object));
    *ret = object;
    return OK;
}

Status form_read_shape(Ctx *ctx, const ShapeDef *shape, const Json *sent, const Json **ret)
{
    static const ShapeDef nothing = { .name = "", .label = "" };
    Json *object = NEW(ctx->arena, Json);
    TRY(read_object(ctx, (Fields){ .shape = shape ? shape : &nothing }, sent, true, object));
    *ret = object;
    return OK;
}
