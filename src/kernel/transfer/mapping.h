// mapping.h - which column of a file is which field of a record. Private to kernel/transfer.
#pragma once

#include "base/csv.h"
#include "kernel/entity/entity.h"

// Where a column's cells go: a field, or a field of a child or of a shape within it.
typedef struct Target {
    const FieldDef *field;  // of the entity; NULL: the column is left out
    const FieldDef *inner;  // of the child or shape that `field` holds; NULL: `field` itself
    bool is_id;             // the record's own id
} Target;

typedef struct Mapping {
    const EntityDef *entity;
    StrList headings;
    Target *targets;      // one a heading
    bool has_children;    // some column belongs to a child row
    const FieldDef *key;  // first unique field of `import:`; NULL none
    int key_column;       // the column of the key; -1 none
} Mapping;

// `paths`: a JSON object heading -> path ("customer", "lines.quantity", "ship_to.city", "" to leave
// out);
// "": guessed by the likeness of headings and names. E_INVALID "import.mapping" for a path that
// cannot be written, a field that two columns claim, or a file none of whose headings means
// anything.
MUST_CHECK Status mapping_make(Ctx *ctx, const EntityDef *e, const StrList *headings, Str paths,
                               Mapping *ret);
Str mapping_path(Arena *arena, const Target *target);  // "lines.quantity"; "" none
