// schema.c - from declarations to tables.
//
// The database holds what must never be false, whoever writes: keys, references, presence,
// `check:`, the guard of ledgers. Lengths, ranges, formats and the words of enums are the entity
// layer's, so that widening one never touches a table.
//
// What is absent is NULL for references, links, choices, files, days, times and enums, and 0 or ''
// for everything else. A keyed entity has no NULLs but in `maybe` numbers, since NULLs defeat a
// composite key, and no references, since "none" is 0 there; it is derived data that `verify`
// checks.
#include "kernel/db/schema.h"

#include "base/buf.h"
#include "kernel/db/driver.h"
#include "kernel/db/schema_read.h"

#include <assert.h>

typedef struct Maker {
    Arena *arena;
    const EntityDef *entity;
    Table *table;
} Maker;

static Str name_of(const Maker *m, const char *what)
{
    Str name = str_format(m->arena, "%s_%s", m->entity->name, what);
    assert(name.len <= DB_NAME_MAX);  // entgen refuses longer ones
    return name;
}

// ---- Columns ------------------------------------------------------------------------------------

static Column *column(const Maker *m, const char *name, ColumnType type)
{
    Column *added = list_push(m->arena, &m->table->columns);
    *added = (Column){ .name = str_copy(m->arena, str_from(name)), .type = type };
    assert(added->name.len <= DB_NAME_MAX);
    return added;
}

// One that is never NULL; `initial` NULL: whoever inserts must say.
static Column *filled(const Maker *m, const char *name, ColumnType type, const char *initial)
{
    Column *added = column(m, name, type);
    added->not_null = true;
    added->initial = initial ? str_from(initial) : S("");
    return added;
}

static const char *suffixed(const Maker *m, const char *name, const char *suffix)
{
    return str_format(m->arena, "%s%s", name, suffix).ptr;
}

static const char *parent_column(const Maker *m)
{
    return suffixed(m, m->entity->parent->name, "_id");
}

static void header(const Maker *m)
{
    const EntityDef *e = m->entity;
    Column *id = filled(m, "id", COLUMN_BIGINT, NULL);
    if (e->extends) {
        id->references = str_from(e->extends->name);
        id->cascade = true;
    }
    if (e->parent) {
        Column *parent = filled(m, parent_column(m), COLUMN_BIGINT, NULL);
        parent->references = str_from(e->parent->name);
        parent->cascade = !entity_is_entry(e);
    }
    if (entity_is_entry(e)) {
        filled(m, "at", COLUMN_BIGINT, NULL);
        return;
    }
    if (!e->parent) {
        filled(m, "version", COLUMN_BIGINT, "1");
        filled(m, "created_at", COLUMN_BIGINT, NULL);
        filled(m, "updated_at", COLUMN_BIGINT, NULL);
        filled(m, "archived", COLUMN_INT, "0");
    }
    filled(m, "extra", COLUMN_TEXT, "''");
    if (e->tree) {
        column(m, "above_id", COLUMN_BIGINT)->references = str_from(e->name);
        filled(m, "path", COLUMN_TEXT, "''");
    }
    if (e->tree || e->ordered || e->parent)
        filled(m, "position", COLUMN_INT, "0");
    if (e->dated) {
        filled(m, "valid_from", COLUMN_INT, NULL);
        column(m, "valid_to", COLUMN_INT);
    }
}

static const char *initial_of(const FieldDef *f)
{
    return f->more ? f->more->initial : NULL;
}

static bool is_nullable(const Maker *m, const FieldDef *f)
{
    if (entity_is_keyed(m->entity))
        return (f->flags & MAYBE) != 0;
    switch ((FieldType)f->type) {
    case FIELD_REF:
    case FIELD_LINK:
    case FIELD_CHOICE:
    case FIELD_FILE:
    case FIELD_DATE:
    case FIELD_TIME:
    case FIELD_CLOCK:
    case FIELD_ENUM: return !(f->flags & REQUIRED) && !initial_of(f);
    case FIELD_GEO: return true;
    default: return (f->flags & MAYBE) != 0;
    }
}

static ColumnType type_of(const FieldDef *f)
{
    switch ((FieldType)f->type) {
    case FIELD_BOOL:
    case FIELD_RATE:
    case FIELD_DATE:
    case FIELD_CLOCK:
    case FIELD_GEO: return COLUMN_INT;
    case FIELD_INT:
    case FIELD_MONEY:
    case FIELD_PRICE:
    case FIELD_QTY:
    case FIELD_FX:
    case FIELD_TIME:
    case FIELD_CHOICE:
    case FIELD_REF:
    case FIELD_FILE: return COLUMN_BIGINT;
    case FIELD_BYTES: return COLUMN_BYTES;
    default: return COLUMN_TEXT;
    }
}

static const char *quoted(const Maker *m, const char *word)
{
    assert(!strchr(word, '\''));
    return str_format(m->arena, "'%s'", word).ptr;
}

// What rows get that were there before the column was, and rows that plain SQL inserts. Days and
// times that begin as "today" or "now" have no such value.
static const char *default_of(const Maker *m, const FieldDef *f)
{
    static const int digits[] = {
        [FIELD_QTY] = 6, [FIELD_PRICE] = 6, [FIELD_RATE] = 6, [FIELD_FX] = 9
    };
    const char *initial = initial_of(f);
    int64_t number;
    if (f->type == FIELD_STATE)
        return quoted(m, initial ? initial : ((const EnumDef *)f->of)->values[1].name);
    if (type_of(f) != COLUMN_INT && type_of(f) != COLUMN_BIGINT)
        return quoted(m, initial && strcmp(initial, "base") != 0 ? initial : "");
    if (initial &&
        decimal_parse(str_from(initial), f->type < COUNT(digits) ? digits[f->type] : 0, &number))
        return str_format(m->arena, "%lld", (long long)number).ptr;
    return "0";
}

// A required reference, day or word has no value that would do for all.
static bool must_be_said(const Maker *m, const FieldDef *f)
{
    switch ((FieldType)f->type) {
    case FIELD_REF:
    case FIELD_CHOICE:
    case FIELD_FILE:
    case FIELD_LINK: return !entity_is_keyed(m->entity);
    case FIELD_DATE:
    case FIELD_TIME:
    case FIELD_CLOCK:
    case FIELD_ENUM: return !entity_is_keyed(m->entity) && !initial_of(f);
    default: return false;
    }
}

static Column *field_column(const Maker *m, const FieldDef *f, const char *suffix, ColumnType type)
{
    const char *name = suffixed(m, f->name, suffix);
    if (is_nullable(m, f))
        return column(m, name, type);
    return filled(m, name, type, must_be_said(m, f) ? NULL : default_of(m, f));
}

// The table that a field's ids belong to; NULL for other fields.
static const char *target_of(const FieldDef *f)
{
    switch ((FieldType)f->type) {
    case FIELD_FILE: return "file_row";
    case FIELD_CHOICE:
    case FIELD_CHOICES: return "choice";
    case FIELD_REF:
    case FIELD_REFS: return ((const EntityDef *)f->of)->name;
    default: return NULL;
    }
}

static void field(const Maker *m, const FieldDef *f)
{
    switch ((FieldType)f->type) {
    case FIELD_LIST:
    case FIELD_REFS:
    case FIELD_CHOICES: return;
    case FIELD_LINK:
        field_column(m, f, "_kind", COLUMN_TEXT)->initial = must_be_said(m, f) ? S("") : S("''");
        field_column(m, f, "_id", COLUMN_BIGINT)->initial = must_be_said(m, f) ? S("") : S("0");
        return;
    case FIELD_REF:
    case FIELD_CHOICE:
    case FIELD_FILE: {
        Column *id = field_column(m, f, "_id", COLUMN_BIGINT);
        id->references = entity_is_keyed(m->entity) ? S("") : str_from(target_of(f));
        return;
    }
    case FIELD_GEO:
        field_column(m, f, "_lat", COLUMN_INT);
        field_column(m, f, "_lon", COLUMN_INT);
        return;
    default: break;
    }
    if (f->more && f->more->as)
        column(m, f->name, type_of(f))->generated = str_from(f->more->as);
    else
        field_column(m, f, "", type_of(f));
    if (f->flags & SORTED) {
        filled(m, suffixed(m, f->name, "_key"), COLUMN_TEXT, "''");
        filled(m, suffixed(m, f->name, "_fold"), COLUMN_TEXT, "''");
    }
}

// ---- Indexes ------------------------------------------------------------------------------------

// In the catalog an index is called NAME_ix (driver.h); where that would be too long, no table can
// be called the same.
static Str index_name(const Maker *m, Str name)
{
    assert(name.len <= DB_NAME_MAX);
    bool fits = name.len + strlen(INDEX_ENDING) <= DB_NAME_MAX;
    return fits ? str_join(m->arena, name, S(INDEX_ENDING)) : name;
}

static TableIndex *add_index(const Maker *m, Str name, bool unique, Str columns)
{
    TableIndex *added = list_push(m->arena, &m->table->indexes);
    *added = (TableIndex){ .name = index_name(m, name), .unique = unique, .columns = columns };
    return added;
}

static const FieldDef *field_named(const EntityDef *e, Str name)
{
    for (const FieldDef *f = e->fields; f < e->fields + e->count; f++)
        if (str_is(name, f->name))
            return f;
    return NULL;
}

static bool is_id(const FieldDef *f)
{
    return f->type == FIELD_REF || f->type == FIELD_CHOICE || f->type == FIELD_FILE ||
           f->type == FIELD_LINK;  // ids are unique in a tenant: a link's kind adds nothing
}

// "parent", "above", or a field, as its column.
static Str column_named(const Maker *m, Str word)
{
    const FieldDef *f = field_named(m->entity, word);
    if (f)
        return str_from(suffixed(m, f->name, is_id(f) ? "_id" : ""));
    if (str_is(word, "parent"))
        return str_from(parent_column(m));
    return str_is(word, "above") ? S("above_id") : word;
}

// The words of an index note as SQL: "-day" is "day DESC". In a unique one an empty part counts as
// a value, so that it is equal to another empty one.
static Str columns_of(const Maker *m, const char *fields, bool unique)
{
    Buf out = { .arena = m->arena };
    Str rest = str_from(fields), word;
    while (str_next_word(&rest, &word)) {
        bool is_down = word.ptr[0] == '-';
        word = is_down ? str_from_at(word, 1) : word;
        const FieldDef *f = field_named(m->entity, word);
        Str name = column_named(m, word);
        bool may_be_null = unique && f && !entity_is_keyed(m->entity) && is_nullable(m, f);
        buf_c(&out, out.len ? ", " : "");
        if (may_be_null)
            buf_printf(&out, "COALESCE(" STR_FMT ", %s)", STR_ARG(name),
                       !is_id(f) && type_of(f) == COLUMN_TEXT ? "''" : "0");
        else
            buf_put(&out, name);
        buf_c(&out, is_down ? " DESC" : "");
    }
    return str_copy(m->arena, buf_str(&out));
}

static void own_indexes(const Maker *m)
{
    const EntityDef *e = m->entity;
    if (e->parent)
        add_index(
            m, name_of(m, "parent"), false,
            str_format(m->arena, "%s%s", parent_column(m), entity_is_entry(e) ? "" : ", position"));
    if (e->tree) {
        add_index(m, name_of(m, "above"), false, S("above_id, position"));
        add_index(m, name_of(m, "path"), false, S("path"));
    }
    if (e->dated)
        add_index(
            m, name_of(m, "dated"), true,
            str_format(m->arena, STR_FMT ", valid_from", STR_ARG(columns_of(m, e->dated, true))));
}

// Unique among those that have one: what is NULL, or '' or 0 instead, stands outside and costs the
// index nothing.
static void unique_field(const Maker *m, const FieldDef *f, Str column_name)
{
    TableIndex *index = add_index(m, name_of(m, f->name), true, column_name);
    if (is_nullable(m, f))
        index->where = str_format(m->arena, STR_FMT " IS NOT NULL", STR_ARG(column_name));
    else if (!(f->flags & REQUIRED))
        index->where = str_format(m->arena, STR_FMT " <> %s", STR_ARG(column_name),
                                  !is_id(f) && type_of(f) == COLUMN_TEXT ? "''" : "0");
}

static void field_indexes(const Maker *m, const FieldDef *f)
{
    Str column_name = column_named(m, str_from(f->name));
    if (f->flags & UNIQUE)
        unique_field(m, f, column_name);
    else if (f->flags & INDEX)
        add_index(m, name_of(m, f->name), false, column_name);
    if (f->flags & SORTED)  // the id breaks ties, so that pages follow each other by key
        add_index(
            m, name_of(m, suffixed(m, f->name, "_key")), false,
            str_format(m->arena, "%s_key%s", f->name, entity_is_keyed(m->entity) ? "" : ", id"));
}

static void declared_indexes(const Maker *m)
{
    const EntityDef *e = m->entity;
    for (const IndexDef *i = e->indexes; i < e->indexes + e->index_count; i++) {
        TableIndex *index =
            add_index(m, str_from(i->name), i->unique, columns_of(m, i->fields, i->unique));
        index->where = i->where ? str_from(i->where) : S("");
    }
    for (const CheckDef *c = e->checks; c < e->checks + e->check_count; c++)
        *list_push(m->arena, &m->table->checks) =
            (TableCheck){ name_of(m, c->name), str_from(c->condition) };
}

// ---- Tables -------------------------------------------------------------------------------------

// ENTITY_FIELD: which records a record refers to, in which order.
static void refs_table(Arena *arena, const EntityDef *e, const FieldDef *f, TableList *tables)
{
    Table *table = list_push(arena, tables);
    Maker m = { arena, e, table };
    table->name = name_of(&m, f->name);
    table->key = S("owner_id, target_id");
    Column *owner = filled(&m, "owner_id", COLUMN_BIGINT, NULL);
    owner->references = str_from(e->name);
    owner->cascade = true;
    filled(&m, "target_id", COLUMN_BIGINT, NULL)->references = str_from(target_of(f));
    filled(&m, "position", COLUMN_INT, "0");
    add_index(&m, name_of(&m, suffixed(&m, f->name, "_target")), false, S("target_id"));
}

void schema_of_entity(Arena *arena, const EntityDef *e, TableList *tables)
{
    Table *table = list_push(arena, tables);
    Maker m = { arena, e, table };
    table->name = str_from(e->name);
    table->is_ledger = e->kind == LEDGER;
    table->key = entity_is_keyed(e) ? columns_of(&m, e->key, false) : S("id");
    if (!entity_is_keyed(e))
        header(&m);
    own_indexes(&m);
    for (const FieldDef *f = e->fields; f < e->fields + e->count; f++) {
        field(&m, f);
        field_indexes(&m, f);
    }
    declared_indexes(&m);
    for (const FieldDef *f = e->fields; f < e->fields + e->count; f++)
        if (f->type == FIELD_REFS || f->type == FIELD_CHOICES)
            refs_table(arena, e, f, tables);
}

void schema_of_modules(Arena *arena, const EntityModule *const *modules, TableList *tables)
{
    for (const EntityModule *const *module = modules; *module; module++)
        for (const EntityDef *const *e = (*module)->entities; *e; e++)
            schema_of_entity(arena, *e, tables);
}

Status schema_read(Ctx *ctx, TableList *ret)
{
    const Conn *conn = ctx->conn;
    assert(conn);
    return db_engine(conn->db) == ENGINE_SQLITE ? schema_read_sqlite(ctx, ret)
                                                : schema_read_postgres(ctx, ret);
}
