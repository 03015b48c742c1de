// openapi_schema.c - records and shapes as JSON Schema: what codec_out.c writes and codec_in.c
// reads.
#include "kernel/http/openapi_parts.h"

#include "base/map.h"
#include "kernel/entity/info.h"

#include <ctype.h>

// ---- Names --------------------------------------------------------------------------------------

// "sales_order" -> "SalesOrder"
static Str pascal(Arena *arena, const char *name, const char *end)
{
    Buf out = { .arena = arena };
    bool is_start = true;
    for (const char *c = name; *c; c++) {
        if (*c != '_')
            buf_char(&out, (char)(is_start ? toupper((unsigned char)*c) : *c));
        is_start = *c == '_';
    }
    buf_c(&out, end);
    return buf_str(&out);
}

Str schema_name(Arena *arena, const EntityDef *e, SchemaForm form)
{
    static const char *const ends[SCHEMA_FORMS] = { "", "New", "Change" };
    return pascal(arena, e->name, ends[form]);
}

Str shape_name(Arena *arena, const ShapeDef *shape)
{
    return pascal(arena, shape->name, "Shape");
}

void put_text_member(OpenApi *api, const char *key, const char *value)
{
    json_key(&api->json, key);
    json_put_str(&api->json, str_from(value));
}

void put_ref(OpenApi *api, const char *kind, Str name)
{
    json_open(&api->json, '{');
    json_key(&api->json, "$ref");
    json_put_str(&api->json,
                 str_format(api->arena, "#/components/%s/" STR_FMT, kind, STR_ARG(name)));
    json_close(&api->json, '}');
}

// ---- Fields -------------------------------------------------------------------------------------

typedef struct FieldSchema {
    const char *type;  // "string"
    const char *format, *pattern, *example;
    bool may_be_null;  // in answers, where there is none
} FieldSchema;

#define DECIMAL "^-?[0-9]+(\\.[0-9]+)?$"

// clang-format off
static const FieldSchema field_schemas[] = {
    [FIELD_TEXT]     = { "string", NULL, NULL, NULL, false },
    [FIELD_CODE]     = { "string", NULL, NULL, NULL, false },
    [FIELD_RICH]     = { "string", NULL, NULL, NULL, false },
    [FIELD_BOOL]     = { "boolean", NULL, NULL, NULL, false },
    [FIELD_INT]      = { "integer", "int64", NULL, NULL, true },
    [FIELD_MONEY]    = { "string", "decimal", DECIMAL, "1234.50", true },
    [FIELD_PRICE]    = { "string", "decimal", DECIMAL, "2.555", true },
    [FIELD_QTY]      = { "string", "decimal", DECIMAL, "12", true },
    [FIELD_RATE]     = { "string", "decimal", DECIMAL, "0.18", true },
    [FIELD_FX]       = { "string", "decimal", DECIMAL, "1.0845", true },
    [FIELD_CURRENCY] = { "string", NULL, "^[A-Z]{3}$", "EUR", true },
    [FIELD_DATE]     = { "string", "date", NULL, "2026-11-21", true },
    [FIELD_TIME]     = { "string", "date-time", NULL, "2026-11-21T10:00:00Z", true },
    [FIELD_CLOCK]    = { "string", NULL, "^[0-9]{2}:[0-9]{2}$", "17:30", true },
    [FIELD_FORMULA]  = { "string", NULL, NULL, NULL, false },
    [FIELD_POINTS]   = { "string", NULL, NULL, NULL, false },
};
// clang-format on

static void open_schema(OpenApi *api, const FieldDef *f)
{
    json_open(&api->json, '{');
    if (f->label)
        put_text_member(api, "title", f->label);
}

static void put_type(OpenApi *api, const char *type, bool may_be_null)
{
    if (!may_be_null) {
        put_text_member(api, "type", type);
        return;
    }
    json_key(&api->json, "type");
    json_open(&api->json, '[');
    json_put_str(&api->json, str_from(type));
    json_put_str(&api->json, S("null"));
    json_close(&api->json, ']');
}

static void put_simple(OpenApi *api, const FieldDef *f)
{
    const FieldSchema *s = &field_schemas[f->type];
    open_schema(api, f);
    put_type(api, s->type, s->may_be_null);
    if (s->format)
        put_text_member(api, "format", s->format);
    if (s->pattern)
        put_text_member(api, "pattern", s->pattern);
    if (f->max && strcmp(s->type, "string") == 0 && !s->pattern && !s->format) {
        json_key(&api->json, "maxLength");
        json_put_int(&api->json, f->max);
    }
    if (s->example) {
        json_key(&api->json, "examples");
        json_open(&api->json, '[');
        json_put_str(&api->json, str_from(s->example));
        json_close(&api->json, ']');
    }
    json_close(&api->json, '}');
}

static void put_words(OpenApi *api, const FieldDef *f)
{
    const EnumDef *words = f->of;
    open_schema(api, f);
    put_type(api, "string", true);
    json_key(&api->json, "enum");
    json_open(&api->json, '[');
    for (int i = 1; i < words->count; i++)
        json_put_str(&api->json, str_from(words->values[i].name));
    json_put_null(&api->json);
    json_close(&api->json, ']');
    json_close(&api->json, '}');
}

static void put_id_type(OpenApi *api, bool may_be_null)
{
    put_type(api, "string", may_be_null);
    put_text_member(api, "pattern", "^[0-9A-Za-z]{13}$");
}

// A record may be sent as its id or by any unique field: {"sku": "WALLET-1"}.
static void put_named_record(OpenApi *api)
{
    json_open(&api->json, '{');
    put_text_member(api, "type", "object");
    json_key(&api->json, "additionalProperties");
    json_open(&api->json, '{');
    put_text_member(api, "type", "string");
    json_close(&api->json, '}');
    json_close(&api->json, '}');
}

static void put_record_ref(OpenApi *api, const FieldDef *f, SchemaForm form)
{
    const EntityDef *target = f->type == FIELD_REF ? f->of : NULL;
    const char *what = target ? target->label : f->type == FIELD_FILE ? "File" : "Choice";
    open_schema(api, f);
    json_key(&api->json, "description");
    json_put_str(&api->json, form == SCHEMA_ANSWERED
                                 ? str_format(api->arena, "%s: its id", what)
                                 : str_format(api->arena,
                                              "%s: its id, or an object with one of "
                                              "its unique fields",
                                              what));
    if (form == SCHEMA_ANSWERED) {
        put_id_type(api, true);
    } else {
        json_key(&api->json, "anyOf");
        json_open(&api->json, '[');
        json_open(&api->json, '{');
        put_type(api, "string", true);
        json_close(&api->json, '}');
        put_named_record(api);
        json_close(&api->json, ']');
    }
    json_close(&api->json, '}');
}

static void put_link(OpenApi *api, const FieldDef *f)
{
    open_schema(api, f);
    put_type(api, "object", true);
    json_key(&api->json, "required");
    json_open(&api->json, '[');
    json_put_str(&api->json, S("kind"));
    json_put_str(&api->json, S("id"));
    json_close(&api->json, ']');
    json_key(&api->json, "properties");
    json_open(&api->json, '{');
    json_key(&api->json, "kind");
    json_open(&api->json, '{');
    put_text_member(api, "type", "string");
    json_close(&api->json, '}');
    json_key(&api->json, "id");
    json_open(&api->json, '{');
    put_id_type(api, false);
    json_close(&api->json, '}');
    json_close(&api->json, '}');
    json_close(&api->json, '}');
}

static void open_array(OpenApi *api, const FieldDef *f)
{
    open_schema(api, f);
    put_text_member(api, "type", "array");
    json_key(&api->json, "items");
}

static void put_id_list(OpenApi *api, const FieldDef *f)
{
    open_array(api, f);
    json_open(&api->json, '{');
    put_id_type(api, false);
    json_close(&api->json, '}');
    json_close(&api->json, '}');
}

static void put_geo(OpenApi *api, const FieldDef *f)
{
    open_schema(api, f);
    put_text_member(api, "description", "Latitude and longitude, in degrees");
    put_type(api, "array", true);
    json_key(&api->json, "items");
    json_open(&api->json, '{');
    put_text_member(api, "type", "string");
    json_close(&api->json, '}');
    json_close(&api->json, '}');
}

// A secret goes in as text and comes out as whether there is one.
static void put_secret(OpenApi *api, const FieldDef *f, SchemaForm form)
{
    open_schema(api, f);
    put_text_member(api, "type", form == SCHEMA_ANSWERED ? "boolean" : "string");
    json_close(&api->json, '}');
}

static void put_field(OpenApi *api, const FieldDef *f, SchemaForm form)
{
    switch ((FieldType)f->type) {
    case FIELD_ENUM:
    case FIELD_STATE: put_words(api, f); return;
    case FIELD_REF:
    case FIELD_FILE:
    case FIELD_CHOICE: put_record_ref(api, f, form); return;
    case FIELD_LINK: put_link(api, f); return;
    case FIELD_REFS:
    case FIELD_CHOICES: put_id_list(api, f); return;
    case FIELD_LIST:
        open_array(api, f);
        put_ref(api, "schemas", schema_name(api->arena, f->of, form));
        json_close(&api->json, '}');
        return;
    case FIELD_SHAPE: put_ref(api, "schemas", shape_name(api->arena, f->of)); return;
    case FIELD_SHAPES:
        open_array(api, f);
        put_ref(api, "schemas", shape_name(api->arena, f->of));
        json_close(&api->json, '}');
        return;
    case FIELD_GEO: put_geo(api, f); return;
    case FIELD_SECRET: put_secret(api, f, form); return;
    case FIELD_JSON:
    case FIELD_BYTES:
        open_schema(api, f);
        json_close(&api->json, '}');
        return;
    default: put_simple(api, f); return;
    }
}

// ---- Records ------------------------------------------------------------------------------------

static bool is_shown(const FieldDef *f, SchemaForm form)
{
    return f->type != FIELD_BYTES && (form == SCHEMA_ANSWERED || !(f->flags & READONLY));
}

// What the client must send: what nobody else fills in.
static bool must_be_given(const FieldDef *f)
{
    return f->flags & REQUIRED && !(f->flags & READONLY) &&
           !(f->more && (f->more->initial || f->more->copy || f->more->series));
}

static void put_builtin(OpenApi *api, const char *name, const char *type, const char *format)
{
    json_key(&api->json, name);
    json_open(&api->json, '{');
    put_text_member(api, "type", type);
    if (format)
        put_text_member(api, "format", format);
    json_close(&api->json, '}');
}

static void put_header(OpenApi *api, const EntityDef *e, SchemaForm form)
{
    if (entity_is_keyed(e))
        return;
    bool is_answer = form == SCHEMA_ANSWERED;
    if (is_answer || entity_is_child(e))
        put_builtin(api, "id", "string", NULL);
    if (is_answer && entity_is_entry(e))
        put_builtin(api, "at", "string", "date-time");
    if (is_answer && !entity_is_entry(e) && !e->parent) {
        put_builtin(api, "version", "integer", "int64");
        put_builtin(api, "created_at", "string", "date-time");
        put_builtin(api, "updated_at", "string", "date-time");
        put_builtin(api, "archived", "boolean", NULL);
    }
    if (e->tree)
        put_builtin(api, "above", "string", NULL);
    if (e->dated) {
        put_builtin(api, "valid_from", "string", "date");
        put_builtin(api, "valid_to", "string", "date");
    }
}

static void put_required(OpenApi *api, const EntityDef *e, SchemaForm form)
{
    bool is_open = false;
    if (form == SCHEMA_ANSWERED && !entity_is_keyed(e)) {
        json_key(&api->json, "required");
        json_open(&api->json, '[');
        json_put_str(&api->json, S("id"));
        if (entity_is_root(e))
            json_put_str(&api->json, S("version"));
        json_close(&api->json, ']');
    }
    for (int i = 0; form == SCHEMA_CREATED && i < e->count; i++) {
        if (!must_be_given(&e->fields[i]))
            continue;
        if (!is_open) {
            json_key(&api->json, "required");
            json_open(&api->json, '[');
            is_open = true;
        }
        json_put_str(&api->json, str_from(e->fields[i].name));
    }
    if (is_open)
        json_close(&api->json, ']');
}

// A company's own fields (x_...) and titles of references (..._title) come besides, so nothing is
// closed.
static void put_record(OpenApi *api, const EntityDef *e, SchemaForm form)
{
    json_key_str(&api->json, schema_name(api->arena, e, form));
    json_open(&api->json, '{');
    put_text_member(api, "title", e->label);
    put_text_member(api, "type", "object");
    put_required(api, e, form);
    json_key(&api->json, "properties");
    json_open(&api->json, '{');
    put_header(api, e, form);
    for (const FieldDef *f = e->fields; f < e->fields + e->count; f++)
        if (is_shown(f, form)) {
            json_key(&api->json, f->name);
            put_field(api, f, form);
        }
    json_close(&api->json, '}');
    json_close(&api->json, '}');
}

// ---- Shapes -------------------------------------------------------------------------------------

static void put_union(OpenApi *api, const ShapeDef *shape)
{
    json_key(&api->json, "oneOf");
    json_open(&api->json, '[');
    for (const ShapeDef *const *one = shape->one_of; *one; one++) {
        json_open(&api->json, '{');
        put_text_member(api, "type", "object");
        json_key(&api->json, "required");
        json_open(&api->json, '[');
        json_put_str(&api->json, str_from((*one)->name));
        json_close(&api->json, ']');
        json_key(&api->json, "properties");
        json_open(&api->json, '{');
        json_key(&api->json, (*one)->name);
        put_ref(api, "schemas", shape_name(api->arena, *one));
        json_close(&api->json, '}');
        json_close(&api->json, '}');
    }
    json_close(&api->json, ']');
}

static void put_shape_required(OpenApi *api, const ShapeDef *shape)
{
    bool is_open = false;
    for (int i = 0; i < shape->count; i++) {
        if (!must_be_given(&shape->fields[i]))
            continue;
        if (!is_open) {
            json_key(&api->json, "required");
            json_open(&api->json, '[');
            is_open = true;
        }
        json_put_str(&api->json, str_from(shape->fields[i].name));
    }
    if (is_open)
        json_close(&api->json, ']');
}

// The same in and out.
static void put_shape(OpenApi *api, const ShapeDef *shape)
{
    json_key_str(&api->json, shape_name(api->arena, shape));
    json_open(&api->json, '{');
    if (shape->label)
        put_text_member(api, "title", shape->label);
    if (shape->one_of) {
        put_union(api, shape);
        json_close(&api->json, '}');
        return;
    }
    put_text_member(api, "type", "object");
    put_shape_required(api, shape);
    json_key(&api->json, "properties");
    json_open(&api->json, '{');
    for (const FieldDef *f = shape->fields; f < shape->fields + shape->count; f++) {
        json_key(&api->json, f->name);
        put_field(api, f, SCHEMA_CREATED);
    }
    json_close(&api->json, '}');
    json_close(&api->json, '}');
}

// ---- What answers have in common ----------------------------------------------------------------

// clang-format off
static const char common[] =
    "{\"Problem\":{\"title\":\"What went wrong (RFC 9457)\",\"type\":\"object\","
      "\"required\":[\"type\",\"title\",\"status\",\"code\"],\"properties\":{"
      "\"type\":{\"type\":\"string\"},\"title\":{\"type\":\"string\"},"
      "\"status\":{\"type\":\"integer\"},"
      "\"code\":{\"type\":\"string\",\"description\":\"Stable: what programs look at\"},"
      "\"detail\":{\"type\":\"string\",\"description\":\"For people, in their language\"},"
      "\"trace\":{\"type\":\"string\"},\"facts\":{\"type\":\"object\"},"
      "\"problems\":{\"type\":\"array\",\"items\":{\"type\":\"object\","
        "\"required\":[\"path\",\"code\",\"message\"],\"properties\":{"
        "\"path\":{\"type\":\"string\"},\"code\":{\"type\":\"string\"},"
        "\"message\":{\"type\":\"string\"}}}}}},"
    "\"Made\":{\"title\":\"The record that an action made\",\"type\":[\"object\",\"null\"],"
      "\"required\":[\"kind\",\"id\",\"href\"],\"properties\":{\"kind\":{\"type\":\"string\"},"
      "\"id\":{\"type\":\"string\"},\"href\":{\"type\":\"string\"}}},"
    "\"BulkResult\":{\"title\":\"What became of one row\",\"type\":\"object\",\"required\":[\"ok\"],"
      "\"properties\":{\"ok\":{\"type\":\"boolean\"},\"id\":{\"type\":\"string\"},"
      "\"created\":{\"type\":\"boolean\"},\"code\":{\"type\":\"string\"},"
      "\"detail\":{\"type\":\"string\"},\"problems\":{\"type\":\"array\",\"items\":{"
        "\"type\":\"object\",\"properties\":{\"path\":{\"type\":\"string\"},"
        "\"message\":{\"type\":\"string\"}}}}}}}";
// clang-format on

static void put_common(OpenApi *api)
{
    const Json *tree;
    Ctx ctx = { .arena = api->arena };
    if (json_parse(&ctx, str_from(common), &tree) != OK)
        return;
    JSON_EACH (member, tree) {
        json_key_str(&api->json, member->key);
        json_put_tree(&api->json, member);
    }
}

// ---- All of them --------------------------------------------------------------------------------

typedef struct Needed {
    Arena *arena;
    Map known;  // by schema name
    EntityUseList entities;
    ShapeUseList shapes;
} Needed;

static void need_fields(Needed *needed, const FieldDef *fields, int count, bool is_written);

static void need_shape(Needed *needed, const ShapeDef *shape)
{
    if (!map_put(&needed->known, shape_name(needed->arena, shape), needed))
        return;
    *list_push(needed->arena, &needed->shapes) = shape;
    for (const ShapeDef *const *one = shape->one_of; one && *one; one++)
        need_shape(needed, *one);
    need_fields(needed, shape->fields, shape->count, false);
}

static void need_entity(Needed *needed, const EntityDef *e, bool is_written)
{
    if (!map_put(&needed->known, schema_name(needed->arena, e, SCHEMA_ANSWERED), needed))
        return;
    *list_push(needed->arena, &needed->entities) = (EntityUse){ e, is_written };
    need_fields(needed, e->fields, e->count, is_written);
}

static void need_fields(Needed *needed, const FieldDef *fields, int count, bool is_written)
{
    for (const FieldDef *f = fields; f < fields + count; f++) {
        if (f->type == FIELD_LIST)
            need_entity(needed, f->of, is_written && !(f->flags & READONLY));
        if (f->type == FIELD_SHAPE || f->type == FIELD_SHAPES)
            need_shape(needed, f->of);
    }
}

void put_schemas(OpenApi *api, const EntityUseList *entities, const ShapeUseList *shapes)
{
    Needed needed = { .arena = api->arena, .known = { .arena = api->arena } };
    EACH (use, *entities)
        need_entity(&needed, use->entity, use->is_written);
    EACH (shape, *shapes)
        need_shape(&needed, *shape);
    json_key(&api->json, "schemas");
    json_open(&api->json, '{');
    put_common(api);
    EACH (use, needed.entities)
        for (SchemaForm form = 0; form < (use->is_written ? SCHEMA_FORMS : SCHEMA_CREATED); form++)
            put_record(api, use->entity, form);
    EACH (shape, needed.shapes)
        put_shape(api, *shape);
    json_close(&api->json, '}');
}
