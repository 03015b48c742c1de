// slots.c - how a record's members and its columns correspond, worked out once per entity, and the
// statements that follow from it.
//
// Everything that reads or writes a row goes through the slots, so a new field type is added in one
// place: its slot here, its JSON in codec_*.c, its column in db/schema.c.
#include "kernel/entity/info.h"

#include "base/json.h"
#include "kernel/entity/codec.h"
#include "kernel/entity/points.h"
#include "kernel/i18n.h"
#include "kernel/secrets.h"

#include <assert.h>
#include <stddef.h>

// ---- Which columns there are --------------------------------------------------------------------

static Slot *add(Arena *arena, EntityInfo *info, const char *column, SlotHow how, size_t offset)
{
    Slot *slot = list_push(arena, &info->slots);
    *slot = (Slot){ .column = column,
                    .how = how,
                    .offset = (uint32_t)offset,
                    .is_written = true,
                    .is_read = true,
                    .is_updated = true };
    return slot;
}

static const char *suffixed(Arena *arena, const char *name, const char *suffix)
{
    return str_format(arena, "%s%s", name, suffix).ptr;
}

// Absent is NULL for these when they are not required, and '' or 0 for all others.
static bool is_nullable(const EntityDef *e, const FieldDef *f)
{
    if (entity_is_keyed(e))
        return (f->flags & MAYBE) != 0;
    switch ((FieldType)f->type) {
    case FIELD_REF:
    case FIELD_LINK:
    case FIELD_CHOICE:
    case FIELD_FILE:
    case FIELD_DATE:
    case FIELD_TIME:
    case FIELD_CLOCK:
    case FIELD_ENUM: return !(f->flags & REQUIRED) && !(f->more && f->more->initial);
    case FIELD_GEO: return true;
    default: return (f->flags & MAYBE) != 0;
    }
}

static SlotHow number_slot(const FieldDef *f)
{
    if (f->flags & MAYBE)
        return f->type == FIELD_RATE ? SLOT_MAYBE_RATE : SLOT_MAYBE64;
    return f->type == FIELD_RATE ? SLOT_INT32 : SLOT_INT64;
}

static SlotHow plain_slot(const FieldDef *f)
{
    switch ((FieldType)f->type) {
    case FIELD_TEXT:
    case FIELD_CODE:
    case FIELD_RICH:
    case FIELD_JSON:
    case FIELD_FORMULA: return f->flags & SEALED ? SLOT_SEALED : SLOT_TEXT;
    case FIELD_SECRET: return SLOT_TEXT;  // sealed already, and opened only on purpose
    case FIELD_BOOL: return SLOT_BOOL;
    case FIELD_CURRENCY: return SLOT_CURRENCY;
    case FIELD_DATE: return SLOT_INT32;
    case FIELD_CLOCK: return SLOT_INT16;
    case FIELD_ENUM:
    case FIELD_STATE: return SLOT_ENUM;
    case FIELD_POINTS: return SLOT_POINTS;
    case FIELD_SHAPE: return SLOT_SHAPE;
    case FIELD_SHAPES: return SLOT_SHAPES;
    case FIELD_BYTES: return SLOT_BYTES;
    case FIELD_TIME:
    case FIELD_REF:
    case FIELD_CHOICE:
    case FIELD_FILE: return SLOT_INT64;
    default: return number_slot(f);
    }
}

static void add_field(Arena *arena, EntityInfo *info, const EntityDef *e, const FieldDef *f)
{
    bool nullable = is_nullable(e, f);
    size_t first = info->slots.len;
    switch ((FieldType)f->type) {
    case FIELD_LIST:
    case FIELD_REFS:
    case FIELD_CHOICES: return;
    case FIELD_LINK:
        add(arena, info, suffixed(arena, f->name, "_kind"), SLOT_LINK_KIND, f->offset);
        add(arena, info, suffixed(arena, f->name, "_id"), SLOT_LINK_ID, f->offset);
        break;
    case FIELD_GEO:
        add(arena, info, suffixed(arena, f->name, "_lat"), SLOT_GEO_LAT, f->offset);
        add(arena, info, suffixed(arena, f->name, "_lon"), SLOT_GEO_LON, f->offset);
        break;
    case FIELD_REF:
    case FIELD_CHOICE:
    case FIELD_FILE:
        add(arena, info, suffixed(arena, f->name, "_id"), SLOT_INT64, f->offset);
        break;
    default: {
        Slot *slot = add(arena, info, f->name, plain_slot(f), f->offset);
        slot->is_written = !(f->more && f->more->as);
    }
    }
    if (f->flags & SORTED) {
        add(arena, info, suffixed(arena, f->name, "_key"), SLOT_SORT_KEY, f->offset)->is_read =
            false;
        add(arena, info, suffixed(arena, f->name, "_fold"), SLOT_FOLD, f->offset)->is_read = false;
    }
    for (size_t i = first; i < info->slots.len; i++) {
        info->slots.items[i].field = f;
        info->slots.items[i].is_nullable = nullable;
    }
}

static void add_tree_members(Arena *arena, EntityInfo *info, const EntityDef *e)
{
    if (e->tree) {
        add(arena, info, "above_id", SLOT_INT64, e->above_at)->is_nullable = true;
        add(arena, info, "path", SLOT_TEXT, e->path_at);
    }
    if (e->tree || e->ordered)
        add(arena, info, "position", SLOT_INT32, e->position_at);
    if (e->dated) {
        add(arena, info, "valid_from", SLOT_INT32, e->valid_from_at);
        add(arena, info, "valid_to", SLOT_INT32, e->valid_to_at)->is_nullable = true;
    }
}

static void add_header(Arena *arena, EntityInfo *info, const EntityDef *e)
{
    if (entity_is_keyed(e))
        return;
    add(arena, info, "id", SLOT_INT64, 0)->is_updated = false;
    if (e->parent) {
        info->parent_column = suffixed(arena, e->parent->name, "_id");
        size_t offset = entity_is_entry(e) ? offsetof(Entry, parent) : offsetof(Child, parent);
        add(arena, info, info->parent_column, SLOT_INT64, offset)->is_updated = false;
    }
    if (entity_is_entry(e)) {
        add(arena, info, "at", SLOT_INT64, offsetof(Entry, at))->is_updated = false;
        return;
    }
    if (e->parent) {
        add(arena, info, "position", SLOT_INT32, offsetof(Child, position));
        add(arena, info, "extra", SLOT_TEXT, offsetof(Child, extra));
        return;
    }
    add(arena, info, "version", SLOT_INT64, offsetof(Record, version));
    add(arena, info, "created_at", SLOT_INT64, offsetof(Record, created_at))->is_updated = false;
    add(arena, info, "updated_at", SLOT_INT64, offsetof(Record, updated_at));
    add(arena, info, "archived", SLOT_BOOL, offsetof(Record, is_archived));
    add(arena, info, "extra", SLOT_TEXT, offsetof(Record, extra));
    add_tree_members(arena, info, e);
}

// ---- The statements -----------------------------------------------------------------------------

// Worked out by the database (`as=`).
static bool is_derived(const Slot *slot)
{
    return slot->is_read && !slot->is_written;
}

static const char *done(Buf *out)
{
    return str_copy(out->arena, buf_str(out)).ptr;
}

static void write_select(Arena *arena, EntityInfo *info)
{
    Buf columns = { .arena = arena }, out = { .arena = arena };
    EACH (slot, info->slots)
        if (slot->is_read) {
            buf_printf(&columns, "%st.%s", info->slots_read ? ", " : "", slot->column);
            info->slots_read++;
        }
    info->select_columns = done(&columns);
    buf_printf(&out, "SELECT %s FROM %s t WHERE t.id = $1", info->select_columns, info->table);
    info->select_sql = done(&out);
    info->exists_sql = str_format(arena, "SELECT id FROM %s WHERE id = $1", info->table).ptr;
}

static void write_derived(Arena *arena, EntityInfo *info)
{
    Buf out = { .arena = arena };
    EACH (slot, info->slots)
        if (is_derived(slot))
            buf_printf(&out, "%s %s", out.len ? "," : "SELECT", slot->column);
    if (!out.len)
        return;
    buf_printf(&out, " FROM %s WHERE id = $1", info->table);
    info->derived_sql = done(&out);
}

static void write_insert(Arena *arena, EntityInfo *info)
{
    Buf out = { .arena = arena }, values = { .arena = arena };
    int n = 0;
    buf_printf(&out, "INSERT INTO %s (", info->table);
    EACH (slot, info->slots)
        if (slot->is_written) {
            buf_printf(&out, "%s%s", n ? ", " : "", slot->column);
            buf_printf(&values, "%s$%d", n ? ", " : "", n + 1);
            n++;
        }
    buf_printf(&out, ") VALUES (" STR_FMT ")", STR_ARG(buf_str(&values)));
    info->insert_sql = done(&out);
}

// Root records are guarded by their version, which is the last argument; children by their
// parent's.
static void write_update(Arena *arena, EntityInfo *info, const EntityDef *e)
{
    Buf out = { .arena = arena };
    int n = 0;
    buf_printf(&out, "UPDATE %s SET ", info->table);
    EACH (slot, info->slots)
        if (slot->is_written && slot->is_updated) {
            buf_printf(&out, "%s%s = $%d", n ? ", " : "", slot->column, n + 1);
            n++;
        }
    buf_printf(&out, " WHERE id = $%d", n + 1);
    if (entity_is_root(e))
        buf_printf(&out, " AND version = $%d", n + 2);
    info->update_sql = done(&out);
    info->delete_sql = str_format(arena, "DELETE FROM %s WHERE id = $1", info->table).ptr;
}

// "JOIN mid m1 ON m1.id = t.mid_id ... WHERE m1.root_id = $1 ORDER BY m1.position, m1.id, ..."
static void write_ancestry(Buf *out, const EntityDef *owner, const EntityDef *root, const char *own)
{
    Buf order = { .arena = out->arena };
    const char *alias = own;
    int depth = 0;
    for (const EntityDef *e = owner; e != root; e = e->parent) {
        const char *above = str_format(out->arena, "m%d", ++depth).ptr;
        buf_printf(out, " JOIN %s %s ON %s.id = %s.%s", e->name, above, above, alias,
                   depth == 1 && strcmp(own, "r") == 0 ? "owner_id"
                                                       : suffixed(out->arena, e->name, "_id"));
        Str inner = buf_str(&order);
        Str outer = str_format(out->arena, "%s.position, %s.id%s" STR_FMT, above, above,
                               inner.len ? ", " : "", STR_ARG(inner));
        buf_clear(&order);
        buf_put(&order, str_copy(out->arena, outer));
        alias = above;
    }
    const char *link =
        depth == 0 && strcmp(own, "r") == 0 ? "owner_id" : suffixed(out->arena, root->name, "_id");
    buf_printf(out, " WHERE %s.%s = $1 ORDER BY " STR_FMT "%s", alias, link,
               STR_ARG(buf_str(&order)), order.len ? ", " : "");
}

// Owned children: their rows come in order of their owners, then their own position.
static void add_children(Arena *arena, const EntityDef *e, const FieldDef *f)
{
    const EntityDef *child = f->of;
    Buf out = { .arena = arena };
    info_prepare(arena, child);
    buf_printf(&out, "SELECT %s FROM %s t", child->info->select_columns, child->name);
    write_ancestry(&out, e, e->info->root, "t");
    buf_c(&out, entity_is_entry(child) ? "t.id" : "t.position, t.id");
    Part *part = list_push(arena, &e->info->parts);
    *part = (Part){ .field = f, .child = child, .load_sql = done(&out), .table = child->name };
}

static void add_references(Arena *arena, const EntityDef *e, const FieldDef *f)
{
    const char *table = str_format(arena, "%s_%s", e->name, f->name).ptr;
    Buf out = { .arena = arena };
    buf_printf(&out, "SELECT r.owner_id, r.target_id FROM %s r", table);
    write_ancestry(&out, e, e->info->root, "r");
    buf_c(&out, "r.position");
    Part *part = list_push(arena, &e->info->parts);
    *part = (Part){
        .field = f,
        .table = table,
        .load_sql = done(&out),
        .insert_sql =
            str_format(arena, "INSERT INTO %s (owner_id, target_id, position) VALUES ($1, $2, $3)",
                       table)
                .ptr,
        .delete_sql = str_format(arena, "DELETE FROM %s WHERE owner_id = $1", table).ptr,
    };
}

static void find_title(Arena *arena, const EntityDef *e)
{
    EntityInfo *info = e->info;
    info->title = NEW_ARRAY(arena, const FieldDef *, 5);
    Str rest = str_from(e->title), word;
    for (int n = 0; n < 4 && str_next_word(&rest, &word);) {
        const FieldDef *f = entity_field(e, word);
        if (f)
            info->title[n++] = f;
    }
}

void info_prepare(Arena *arena, const EntityDef *e)
{
    EntityInfo *info = e->info;
    if (info->table)
        return;
    info->table = e->name;
    add_header(arena, info, e);
    for (const FieldDef *f = e->fields; f < e->fields + e->count; f++)
        add_field(arena, info, e, f);
    find_title(arena, e);
    if (entity_is_keyed(e))
        return;
    write_select(arena, info);
    write_derived(arena, info);
    write_insert(arena, info);
    if (entity_is_entry(e))
        append_prepare(arena, info);
    write_update(arena, info, e);
    for (const FieldDef *f = e->fields; f < e->fields + e->count; f++) {
        if (f->type == FIELD_LIST)
            add_children(arena, e, f);
        if (f->type == FIELD_REFS || f->type == FIELD_CHOICES)
            add_references(arena, e, f);
    }
}

// ---- A struct's members as arguments ------------------------------------------------------------

#define AT(record, slot, type) (*(const type *)((const char *)(record) + (slot)->offset))

static Arg int_arg(const Slot *slot, int64_t value)
{
    return slot->is_nullable ? arg_opt(value) : arg_int(value);
}

static Str shape_json(Ctx *ctx, const Slot *slot, const void *record)
{
    Buf out = { .arena = ctx->arena };
    JsonOut json = { .out = &out };
    const ShapeDef *shape = slot->field->of;
    const char *at = (const char *)record + slot->offset;
    if (slot->how == SLOT_SHAPE) {
        shape_to_json(ctx, shape, at, &json);
    } else {
        const AnyList *list = (const AnyList *)at;
        if (list->len == 0)
            return S("");
        json_open(&json, '[');
        for (size_t i = 0; i < list->len; i++)
            shape_to_json(ctx, shape, (const char *)list->items + i * shape->size, &json);
        json_close(&json, ']');
    }
    return buf_str(&out);
}

static Arg enum_arg(const Slot *slot, const void *record)
{
    const EnumDef *words = slot->field->of;
    int value = AT(record, slot, int);
    assert(value >= 0 && value < words->count);
    return value == 0 && slot->is_nullable ? (Arg){ .type = ARG_NULL }
                                           : arg_c(words->values[value].name);
}

// What a sealed value is bound to: its place, so that it cannot be moved to another.
static Str seal_about(Ctx *ctx, const EntityDef *e, const Slot *slot, const void *record)
{
    return str_format(ctx->arena, "%s.%s:%lld", e->name, slot->field->name,
                      (long long)*(const Id *)record);
}

static Status sealed_arg(Ctx *ctx, const EntityDef *e, const Slot *slot, const void *record,
                         Arg *ret)
{
    Str plain = AT(record, slot, Str), sealed = S("");
    if (plain.len)
        TRY(secret_seal(ctx, seal_about(ctx, e, slot, record), plain, &sealed));
    *ret = arg_text(sealed);
    return OK;
}

static Arg link_kind_arg(const Slot *slot, Link link)
{
    if (!link.entity && slot->is_nullable)
        return (Arg){ .type = ARG_NULL };
    return arg_c(link.entity ? link.entity->name : "");
}

static Status slot_arg(Ctx *ctx, const EntityDef *e, const Slot *slot, const void *record, Arg *ret)
{
    switch (slot->how) {
    case SLOT_INT64: *ret = int_arg(slot, AT(record, slot, int64_t)); break;
    case SLOT_INT32: *ret = int_arg(slot, AT(record, slot, int32_t)); break;
    case SLOT_INT16: *ret = int_arg(slot, AT(record, slot, int16_t)); break;
    case SLOT_BOOL: *ret = arg_int(AT(record, slot, bool)); break;
    case SLOT_TEXT: *ret = arg_text(AT(record, slot, Str)); break;
    case SLOT_CURRENCY: *ret = arg_currency(AT(record, slot, CurrencyCode)); break;
    case SLOT_MAYBE64: {
        MaybeInt maybe = AT(record, slot, MaybeInt);
        *ret = maybe.known ? arg_int(maybe.value) : (Arg){ .type = ARG_NULL };
        break;
    }
    case SLOT_MAYBE_RATE: {
        MaybeRate maybe = AT(record, slot, MaybeRate);
        *ret = maybe.known ? arg_int(maybe.value.micro) : (Arg){ .type = ARG_NULL };
        break;
    }
    case SLOT_ENUM: *ret = enum_arg(slot, record); break;
    case SLOT_LINK_KIND: *ret = link_kind_arg(slot, AT(record, slot, Link)); break;
    case SLOT_LINK_ID: *ret = int_arg(slot, AT(record, slot, Link).id); break;
    case SLOT_GEO_LAT: *ret = int_arg(slot, AT(record, slot, Geo).lat_e7); break;
    case SLOT_GEO_LON: *ret = int_arg(slot, AT(record, slot, Geo).lon_e7); break;
    case SLOT_POINTS: *ret = arg_text(points_text(ctx->arena, AT(record, slot, PointList))); break;
    case SLOT_SHAPE:
    case SLOT_SHAPES: *ret = arg_text(shape_json(ctx, slot, record)); break;
    case SLOT_SEALED: return sealed_arg(ctx, e, slot, record, ret);
    case SLOT_BYTES: *ret = arg_bytes(AT(record, slot, Bytes)); break;
    case SLOT_SORT_KEY: *ret = arg_text(sort_key(ctx, AT(record, slot, Str))); break;
    case SLOT_FOLD: *ret = arg_text(fold_text(ctx, AT(record, slot, Str))); break;
    }
    return OK;
}

Status slot_args(Ctx *ctx, const EntityDef *e, const void *record, bool is_insert, Arg *ret,
                 int *ret_count)
{
    int n = 0;
    EACH (slot, e->info->slots)
        if (slot->is_written && (is_insert || slot->is_updated))
            TRY(slot_arg(ctx, e, slot, record, &ret[n++]));
    *ret_count = n;
    return OK;
}

// ---- A row's columns as members -----------------------------------------------------------------
// Most columns are scanned straight into the struct; words, links, JSON and sealed texts land in a
// text beside it and are turned into members afterwards.

struct SlotScan {
    const EntityDef *entity;
    void *record;
    bool only_derived;
    int count;
    Out *outs;
    Str *texts;
    MaybeInt *numbers;
};

static Out slot_out(SlotScan *scan, const Slot *slot, int i)
{
    void *at = (char *)scan->record + slot->offset;
    switch (slot->how) {
    case SLOT_INT64: return (Out){ OUT_INT64, at };
    case SLOT_INT32: return (Out){ OUT_INT32, at };
    case SLOT_INT16: return (Out){ OUT_INT16, at };
    case SLOT_BOOL: return (Out){ OUT_BOOL, at };
    case SLOT_TEXT: return (Out){ OUT_TEXT, at };
    case SLOT_CURRENCY: return (Out){ OUT_CURRENCY, at };
    case SLOT_MAYBE64: return (Out){ OUT_MAYBE64, at };
    case SLOT_BYTES: return (Out){ OUT_BYTES, at };
    case SLOT_LINK_ID: return (Out){ OUT_INT64, (char *)at + offsetof(Link, id) };
    case SLOT_GEO_LAT: return (Out){ OUT_INT32, (char *)at + offsetof(Geo, lat_e7) };
    case SLOT_GEO_LON: return (Out){ OUT_INT32, (char *)at + offsetof(Geo, lon_e7) };
    case SLOT_MAYBE_RATE: return (Out){ OUT_MAYBE64, &scan->numbers[i] };
    default: return (Out){ OUT_TEXT, &scan->texts[i] };
    }
}

static bool is_scanned(const SlotScan *scan, const Slot *slot)
{
    return scan->only_derived ? is_derived(slot) : slot->is_read;
}

static SlotScan *scan_new(Ctx *ctx, const EntityDef *e, void *record, bool only_derived)
{
    const EntityInfo *info = e->info;
    size_t n = (size_t)info->slots_read;
    SlotScan *scan = NEW(ctx->arena, SlotScan);
    *scan = (SlotScan){ .entity = e,
                        .record = record,
                        .only_derived = only_derived,
                        .outs = NEW_ARRAY(ctx->arena, Out, n),
                        .texts = NEW_ARRAY(ctx->arena, Str, n),
                        .numbers = NEW_ARRAY(ctx->arena, MaybeInt, n) };
    EACH (slot, info->slots)
        if (is_scanned(scan, slot)) {
            scan->outs[scan->count] = slot_out(scan, slot, scan->count);
            scan->count++;
        }
    return scan;
}

SlotScan *slot_scan_new(Ctx *ctx, const EntityDef *e, void *record)
{
    return scan_new(ctx, e, record, false);
}

SlotScan *slot_scan_derived(Ctx *ctx, const EntityDef *e, void *record)
{
    return scan_new(ctx, e, record, true);
}

const Out *slot_scan_outs(const SlotScan *scan, int *ret_count)
{
    *ret_count = scan->count;
    return scan->outs;
}

static Status broken(Ctx *ctx, const SlotScan *scan, const Slot *slot)
{
    return FAIL(ctx, E_INTERNAL, "record.unreadable", "%s.%s of record %lld cannot be read",
                scan->entity->name, slot->column, (long long)*(const Id *)scan->record);
}

static Status read_enum(Ctx *ctx, const SlotScan *scan, const Slot *slot, Str word)
{
    int value = enum_value(slot->field->of, word);
    if (value == 0 && word.len)
        return broken(ctx, scan, slot);
    *(int *)((char *)scan->record + slot->offset) = value;
    return OK;
}

static Status read_shape(Ctx *ctx, const SlotScan *scan, const Slot *slot, Str text)
{
    const ShapeDef *shape = slot->field->of;
    char *at = (char *)scan->record + slot->offset;
    if (text.len == 0)
        return OK;
    const Json *json;
    if (json_parse(ctx, text, &json) != OK)
        return broken(ctx, scan, slot);
    if (slot->how == SLOT_SHAPE)
        return shape_from_json(ctx, shape, json, INPUT_TRUSTED, at);
    AnyList *list = (AnyList *)at;
    list->items = arena_alloc_array(ctx->arena, shape->size, json->count);
    list->len = list->cap = json->count;
    char *item = list->items;
    JSON_EACH (one, json) {
        TRY(shape_from_json(ctx, shape, one, INPUT_TRUSTED, item));
        item += shape->size;
    }
    return OK;
}

static Status read_text(Ctx *ctx, const SlotScan *scan, const Slot *slot, int i)
{
    Str text = scan->texts[i];
    char *at = (char *)scan->record + slot->offset;
    switch (slot->how) {
    case SLOT_ENUM: return read_enum(ctx, scan, slot, text);
    case SLOT_LINK_KIND: ((Link *)at)->entity = entity_named(text); return OK;
    case SLOT_SHAPE:
    case SLOT_SHAPES: return read_shape(ctx, scan, slot, text);
    case SLOT_POINTS:
        return points_parse(ctx->arena, text, (PointList *)at) ? OK : broken(ctx, scan, slot);
    case SLOT_SEALED:
        if (text.len == 0)
            return OK;
        return secret_open(ctx, seal_about(ctx, scan->entity, slot, scan->record), text, (Str *)at);
    case SLOT_MAYBE_RATE:
        *(MaybeRate *)at =
            (MaybeRate){ scan->numbers[i].known, { (int32_t)scan->numbers[i].value } };
        return OK;
    default: return OK;
    }
}

Status slot_scan_done(Ctx *ctx, SlotScan *scan)
{
    int i = 0;
    EACH (slot, scan->entity->info->slots)
        if (is_scanned(scan, slot))
            TRY(read_text(ctx, scan, slot, i++));
    return OK;
}

// ---- Comparing ----------------------------------------------------------------------------------

bool slot_equal(const Slot *slot, const void *a, const void *b)
{
    if (slot->field)
        return field_equal(slot->field, a, b);
    switch (slot->how) {
    case SLOT_INT64: return AT(a, slot, int64_t) == AT(b, slot, int64_t);
    case SLOT_INT32: return AT(a, slot, int32_t) == AT(b, slot, int32_t);
    case SLOT_BOOL: return AT(a, slot, bool) == AT(b, slot, bool);
    default: assert(slot->how == SLOT_TEXT); return str_eq(AT(a, slot, Str), AT(b, slot, Str));
    }
}
