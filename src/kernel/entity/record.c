// record.c - loading records: one statement for the record, one for each kind of row it owns,
// however deep, so that an order of 5,000 lines is three round trips.
#include "kernel/entity/info.h"

#include "base/buf.h"
#include "kernel/db/kept.h"
#include "kernel/entity/record.h"
#include "kernel/entity/work.h"
#include "kernel/tenant.h"

#include <assert.h>
#include <stddef.h>

// ---- Defaults -----------------------------------------------------------------------------------

static void set_initial(Ctx *ctx, const FieldDef *f, void *record)
{
    const char *initial = f->more ? f->more->initial : NULL;
    if (f->type == FIELD_STATE) {
        *FIELD_AT(record, f, int) = initial ? enum_value(f->of, str_from(initial)) : 1;
        return;
    }
    if (!initial)
        return;
    int64_t number = 0;
    switch ((FieldType)f->type) {
    case FIELD_ENUM: *FIELD_AT(record, f, int) = enum_value(f->of, str_from(initial)); return;
    case FIELD_BOOL: *FIELD_AT(record, f, bool) = strcmp(initial, "1") == 0; return;
    case FIELD_INT: str_int(str_from(initial), FIELD_AT(record, f, int64_t)); return;
    case FIELD_QTY:
    case FIELD_PRICE: decimal_parse(str_from(initial), 6, FIELD_AT(record, f, int64_t)); return;
    case FIELD_RATE:
        if (decimal_parse(str_from(initial), 6, &number))
            *FIELD_AT(record, f, int32_t) = (int32_t)number;
        return;
    case FIELD_DATE:
        if (strcmp(initial, "today") == 0 && ctx->tenant)
            *FIELD_AT(record, f, Date) = tenant_today(ctx);
        return;
    case FIELD_TIME:
        if (strcmp(initial, "now") == 0)
            *FIELD_AT(record, f, Time) = ctx->now;
        return;
    case FIELD_CURRENCY:
        if (strcmp(initial, "base") == 0 && ctx->tenant)
            *FIELD_AT(record, f, CurrencyCode) = ctx->tenant->base;
        else
            currency_parse(str_from(initial), FIELD_AT(record, f, CurrencyCode));
        return;
    case FIELD_TEXT:
    case FIELD_CODE: *FIELD_AT(record, f, Str) = str_from(initial); return;
    default: return;
    }
}

void record_defaults(Ctx *ctx, const EntityDef *e, void *record)
{
    for (const FieldDef *f = e->fields; f < e->fields + e->count; f++)
        set_initial(ctx, f, record);
}

void shape_defaults(Ctx *ctx, const ShapeDef *shape, void *value)
{
    for (const FieldDef *f = shape->fields; f < shape->fields + shape->count; f++)
        set_initial(ctx, f, value);
}

void *record_new(Ctx *ctx, const EntityDef *e)
{
    void *record = arena_alloc(ctx->arena, e->size);
    record_defaults(ctx, e, record);
    return record;
}

// ---- Loading ------------------------------------------------------------------------------------

// Masters change seldom and are read by every document.
static Rows *ask(Ctx *ctx, const EntityDef *e, const char *sql, Id id)
{
    const EntityDef *root = e->info->root;
    Query query = { sql, (Arg[]){ arg_int(id) }, 1 };
    bool is_master = entity_is_root(root) && root->kind != DOCUMENT;
    return is_master ? kept_query(ctx, query) : db_query(ctx, query);
}

static Status scan_row(Ctx *ctx, Rows *rows, SlotScan *scan, bool *ret_found)
{
    int count;
    const Out *outs = slot_scan_outs(scan, &count);
    *ret_found = rows_next_(rows, outs, count);
    return *ret_found ? slot_scan_done(ctx, scan) : rows_end(rows);
}

// Rows arrive in order of their owners, so each owner's are a run; a cursor over the owners
// follows.
typedef struct Owners {
    char *items;  // structs of the owning entity, or one root record
    size_t len, size, at;
} Owners;

static void *owner_of(Owners *owners, Id id)
{
    for (size_t tries = 0; tries < owners->len; tries++) {
        char *item = owners->items + owners->at * owners->size;
        if (*(Id *)item == id)
            return item;
        owners->at = (owners->at + 1) % owners->len;
    }
    return NULL;
}

static Status load_children(Ctx *ctx, const Part *part, Id root, Owners owners);

static Status load_references(Ctx *ctx, const EntityDef *e, const Part *part, Id root,
                              Owners owners)
{
    Id owner, target;
    Rows *rows = ask(ctx, e, part->load_sql, root);
    while (rows_next(rows, &owner, &target)) {
        void *record = owner_of(&owners, owner);
        if (record)
            *list_push(ctx->arena, FIELD_AT(record, part->field, IdList)) = target;
    }
    return rows_end(rows);
}

static Status load_parts(Ctx *ctx, const EntityDef *e, Id root, Owners owners)
{
    if (owners.len == 0)
        return OK;
    EACH (part, e->info->parts)
        TRY(part->child ? load_children(ctx, part, root, owners)
                        : load_references(ctx, e, part, root, owners));
    return OK;
}

// All children of all owners are read into one array, then each owner gets its run of it.
static Status load_children(Ctx *ctx, const Part *part, Id root, Owners owners)
{
    const EntityDef *child = part->child;
    size_t size = child->size,
           parent_at = entity_is_entry(child) ? offsetof(Entry, parent) : offsetof(Child, parent);
    AnyList all = { 0 };
    void *row = arena_alloc(ctx->arena, size);
    SlotScan *scan = slot_scan_new(ctx, child, row);
    Rows *rows = ask(ctx, child, part->load_sql, root);
    for (;;) {
        bool found;
        TRY(scan_row(ctx, rows, scan, &found));
        if (!found)
            break;
        memcpy(list_push_(ctx->arena, &all, size), row, size);
        memset(row, 0, size);
    }
    char *items = all.items;
    for (size_t i = 0, run; i < all.len; i += run) {
        Id parent = *(Id *)(items + i * size + parent_at);
        for (run = 1; i + run < all.len; run++)
            if (*(Id *)(items + (i + run) * size + parent_at) != parent)
                break;
        void *owner = owner_of(&owners, parent);
        if (owner)
            *FIELD_AT(owner, part->field, AnyList) = (AnyList){ items + i * size, run, run };
    }
    return load_parts(ctx, child, root, (Owners){ items, all.len, size, 0 });
}

Status record_load_row(Ctx *ctx, const EntityDef *e, Id id, void *ret, bool *ret_found)
{
    memset(ret, 0, e->size);
    SlotScan *scan = slot_scan_new(ctx, e, ret);
    Rows *rows = ask(ctx, e, e->info->select_sql, id);
    TRY(scan_row(ctx, rows, scan, ret_found));
    return rows_end(rows);
}

Status record_load_maybe(Ctx *ctx, const EntityDef *e, Id id, void *ret, bool *ret_found)
{
    TRY(record_load_row(ctx, e, id, ret, ret_found));
    if (!*ret_found)
        return OK;
    TRY(load_parts(ctx, e, id, (Owners){ ret, 1, e->size, 0 }));
    if (db_is_writing(ctx) && entity_is_root(e))
        work_remember(ctx, e, ret);
    return OK;
}

Status record_load(Ctx *ctx, const EntityDef *e, Id id, void *ret)
{
    bool found;
    TRY(record_load_maybe(ctx, e, id, ret, &found));
    if (!found)
        return FAIL(ctx, E_NOT_FOUND, "record.not_found", "there is no such %s",
                    str_lower_ascii(ctx->arena, str_from(ctx_text(ctx, e->label))).ptr);
    return OK;
}

static bool has_ledger_rows(const EntityDef *e)
{
    EACH (part, e->info->parts)
        if (part->child && (entity_is_entry(part->child) || has_ledger_rows(part->child)))
            return true;
    return false;
}

Status record_derive(Ctx *ctx, const EntityDef *e, void *record)
{
    const char *sql = e->info->derived_sql;
    Id id = *(Id *)record;
    bool found;
    if (has_ledger_rows(e))
        return record_load(ctx, e, id, record);
    if (!sql)
        return OK;
    SlotScan *scan = slot_scan_derived(ctx, e, record);
    Rows *rows = db_query(ctx, (Query){ sql, (Arg[]){ arg_int(id) }, 1 });
    TRY(scan_row(ctx, rows, scan, &found));
    return rows_end(rows);
}

Status record_find(Ctx *ctx, const EntityDef *e, const char *field, Str value, Id *ret)
{
    const FieldDef *f = entity_field(e, str_from(field));
    assert(f && f->flags & UNIQUE);
    const char *sql = NULL;
    EACH (slot, e->info->slots)
        if (slot->field == f && slot->is_read)
            sql = sql_intern(
                str_format(ctx->arena, "SELECT id FROM %s WHERE %s = $1", e->name, slot->column));
    bool found;
    *ret = 0;
    if (value.len == 0)
        return OK;
    return db_maybe(ctx, ((Query){ sql, (Arg[]){ arg_text(value) }, 1 }), &found, ret);
}

// ---- Titles -------------------------------------------------------------------------------------

static Str field_title(Ctx *ctx, const FieldDef *f, const void *record)
{
    switch ((FieldType)f->type) {
    case FIELD_TEXT:
    case FIELD_CODE: return FIELD_GET(record, f, Str);
    case FIELD_ENUM:
    case FIELD_STATE:
        return str_from(
            ctx_text(ctx, ((const EnumDef *)f->of)->values[FIELD_GET(record, f, int)].label));
    case FIELD_CURRENCY:
        return str_copy(ctx->arena, currency_text(FIELD_AT((void *)record, f, CurrencyCode)));
    case FIELD_DATE: return date_text(ctx->arena, FIELD_GET(record, f, Date));
    case FIELD_INT: return str_format(ctx->arena, "%lld", (long long)FIELD_GET(record, f, int64_t));
    case FIELD_RATE:
        return str_format(ctx->arena, STR_FMT " %%",
                          STR_ARG(decimal_short(ctx->arena, FIELD_GET(record, f, Rate).micro, 4)));
    default: return S("");
    }
}

Status record_title_of(Ctx *ctx, const EntityDef *e, const void *record, Str *ret)
{
    Buf out = { .arena = ctx->arena };
    for (const FieldDef **f = e->info->title; *f; f++) {
        Str part = field_title(ctx, *f, record);
        if ((*f)->type == FIELD_REF)
            TRY(record_title(ctx, (*f)->of, FIELD_GET(record, *f, Id), &part));
        if (part.len && out.len)
            buf_char(&out, ' ');
        buf_put(&out, part);
    }
    *ret = buf_str(&out);
    return OK;
}

Status record_title(Ctx *ctx, const EntityDef *e, Id id, Str *ret)
{
    bool found = false;
    void *record = arena_alloc(ctx->arena, e->size);
    if (id)
        TRY(record_load_row(ctx, e, id, record, &found));
    *ret = S("");
    return found ? record_title_of(ctx, e, record, ret) : OK;
}
