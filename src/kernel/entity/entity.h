// entity.h - what the kernel knows about every kind of record. The tables are generated from the
// `.ent` files by entgen (docs/entities.md is the language); nothing generated contains behaviour.
//
// A record is a plain C struct that begins with a Record, Child or Entry (a keyed one with none).
// A zeroed struct is an empty record: id 0 is nothing, day 0 is no day, enumerator 0 is ..._NONE.
#pragma once

#include "base/currency.h"
#include "base/date.h"
#include "base/id.h"
#include "base/number.h"

// ---- Values that fields become ------------------------------------------------------------------

typedef struct EntityDef EntityDef;
typedef struct ShapeDef ShapeDef;
typedef Id File;  // a stored file (kernel/files.h); the kernel knows its name, type and digest
// clang-format off
typedef struct { int32_t lat_e7, lon_e7; } Geo;          // degrees x 10^7; both 0 is "none"
typedef struct { int32_t x, y; } Point;                  // micrometres
typedef LIST(Point) PointList;
typedef LIST(Id) IdList;
typedef struct { const EntityDef *entity; Id id; } Link;  // a record of any kind
typedef struct { Str sealed; } Secret;                   // opened by secret_open() only
typedef struct { Str source; } Formula;                  // checked when saved
typedef struct { Str bytes; } Bytes;                     // opaque; never in JSON

typedef struct Record {  // master records and documents
    Id id;
    int64_t version;  // 0: not saved yet
    Time created_at, updated_at;
    bool is_archived;
    Str extra;  // the tenant's own fields, a JSON object or ""
} Record;
typedef struct Child {  // rows owned by a record
    Id id, parent;
    int32_t position;
    Str extra;
} Child;
typedef struct Entry {  // ledgers and logs
    Id id, parent;
    Time at;
} Entry;
// clang-format on

// ---- Descriptions -------------------------------------------------------------------------------

typedef enum FieldType {
    FIELD_TEXT,
    FIELD_CODE,
    FIELD_RICH,
    FIELD_BOOL,
    FIELD_INT,
    FIELD_MONEY,
    FIELD_PRICE,
    FIELD_QTY,
    FIELD_RATE,
    FIELD_FX,
    FIELD_CURRENCY,
    FIELD_DATE,
    FIELD_TIME,
    FIELD_CLOCK,
    FIELD_ENUM,
    FIELD_STATE,
    FIELD_CHOICE,
    FIELD_REF,
    FIELD_REFS,     // many records of one kind
    FIELD_CHOICES,  // many entries of one choice list
    FIELD_LINK,     // one of several kinds of record, or any
    FIELD_LIST,     // owned children
    FIELD_SHAPE,
    FIELD_SHAPES,
    FIELD_FILE,
    FIELD_GEO,
    FIELD_POINTS,
    FIELD_JSON,
    FIELD_FORMULA,
    FIELD_SECRET,
    FIELD_BYTES,
} FieldType;

enum {
    REQUIRED = 1 << 0,
    UNIQUE = 1 << 1,
    READONLY = 1 << 2,  // set by code only
    INDEX = 1 << 3,
    POSITIVE = 1 << 4,
    FIXED = 1 << 5,  // set once, at creation
    OPEN = 1 << 6,   // editable after a document's first state
    TRANSLATED = 1 << 7,
    SORTED = 1 << 8,    // has a stored sort key in the tenant's collation (column NAME_key)
    PERSONAL = 1 << 9,  // exported, erased; unmasked reads are logged
    SEALED = 1 << 10,   // encrypted at rest; shown masked; found only by exact match
    MAYBE = 1 << 11,    // a number that can be unknown
    BASE = 1 << 12,     // in the company's currency
    IMAGE = 1 << 13,
    GAPLESS = 1 << 14,  // its series has no holes: drawn at posting, by number_draw()
    FOLDED = 1 << 15,   // its section of the form starts closed
};

typedef struct EnumValue {
    const char *name, *label, *tone;
} EnumValue;
typedef struct EnumDef {
    const char *name, *label;
    const EnumValue *values;  // values[0] is "none"
    int count;                // with it
} EnumDef;

typedef struct FieldMore {  // what few fields say
    const char *initial, *min, *max;
    const char *in;  // path to the currency or unit, worked out: "currency", "parent.variant.unit"
    const char *copy, *is, *as, *series, *read;
} FieldMore;
typedef struct FieldDef {
    const char *name, *label, *section;
    uint8_t type;  // FieldType
    uint32_t flags, offset, max;
    const void
        *of;  // EnumDef, ShapeDef, EntityDef; or a name: of a formula's scope, "a|b" of a link
    const FieldMore *more;  // NULL: says none of them
} FieldDef;

struct ShapeDef {
    const char *name, *label;
    size_t size;
    const FieldDef *fields;
    int count;
    const ShapeDef *const *one_of;  // a union: the struct is { int kind; union { ... } }
    size_t union_offset;
};

typedef struct IndexDef {
    bool unique;
    const char *name, *fields, *where;
} IndexDef;
typedef struct CheckDef {
    const char *name, *condition, *message;  // code "ENTITY.NAME", SQL, sentence
} CheckDef;

typedef enum EntityKind { MASTER, DOCUMENT, LEDGER, LOG } EntityKind;

// One per entity, filled when the program starts (registry.c); reached through EntityDef.info.
typedef struct EntityInfo EntityInfo;

struct EntityDef {
    const char *name, *label, *plural, *module;
    EntityKind kind;
    bool tree, ordered;
    const EntityDef *parent, *extends;
    size_t size;
    const FieldDef *fields;
    int count;
    const IndexDef *indexes;
    int index_count;
    const CheckDef *checks;
    int check_count;
    const char *key, *dated, *title, *subtitle, *columns, *search, *facets, *sort, *import, *portal,
        *scope, *whose, *keep, *api, *read, *write, *rows, *path, *icon;
    // Where in the struct stands what `tree`, `ordered`, `dated:` and being a child add: Id above,
    // Str path, int32_t position, Date valid_from and valid_to. 0: it has none.
    uint32_t above_at, path_at, position_at, valid_from_at, valid_to_at;
    EntityInfo *info;
};

// A module's part of the generated tables: everything its .ent file declares.
typedef struct EntityModule {
    const char *name, *label;     // "oms", "Orders"
    const char *const *requires;  // names; NULL at the end
    const EntityDef *const *entities;
    const EnumDef *const *choices;  // the first entries of each choice list
    const ShapeDef *const *shapes;
    const EnumDef *const *enums;
} EntityModule;

// ---- Looking things up --------------------------------------------------------------------------

static inline bool entity_is_keyed(const EntityDef *e)
{
    return e->key != NULL;
}
static inline bool entity_is_entry(const EntityDef *e)
{
    return e->kind == LEDGER || e->kind == LOG;
}
static inline bool entity_is_child(const EntityDef *e)
{
    return e->parent && !entity_is_entry(e);
}
// Master records and documents that stand for themselves: what has a version, an audit and a page.
static inline bool entity_is_root(const EntityDef *e)
{
    return !e->parent && !entity_is_entry(e) && !entity_is_keyed(e);
}

const EntityDef *entity_named(Str name);                     // NULL: no such entity
const FieldDef *entity_field(const EntityDef *e, Str name);  // NULL: no such field
const FieldDef *shape_field(const ShapeDef *s, Str name);
const FieldDef *entity_state_field(const EntityDef *e);  // its first `state`, or NULL
int enum_value(const EnumDef *e, Str name);              // 0 when there is none of that name
const EntityDef *const *entities_all(
    size_t *ret_count);  // modules in order, each in its file's order

// The record's header, whatever its kind; asserts that it is of that kind.
static inline Record *record_of(void *record)
{
    return record;
}

// Where a field stands in a record or shape.
#define FIELD_AT(base, field, type)  ((type *)((char *)(base) + (field)->offset))
#define FIELD_GET(base, field, type) (*(const type *)((const char *)(base) + (field)->offset))
