// custom.h - what a tenant adds to an entity: own fields (x_name) and translations.
//
// Own fields are rows of custom_field; values stand in the record's `extra` as a JSON object, and
// those that can be filtered by also as rows of custom_value. No product code reads them.
#pragma once

#include "base/json.h"
#include "kernel/entity/entity.h"

typedef struct OwnField {
    Id id;
    Str name, label;  // "x_colour" without "x_"
    int kind;         // CustomType
    const EntityDef *target;
    int longest;
    bool is_required, is_filter;
    LIST(struct OwnOption {
        Str code;
        Str label;
    })
    options;
} OwnField;
typedef LIST(OwnField) OwnFieldList;

// The tenant's own fields of an entity, in order; from the tenant's cache.
const OwnFieldList *custom_fields(const Ctx *ctx, const EntityDef *e);

// Members "x_..." of a record that is being written, from its `extra`.
MUST_CHECK Status custom_to_json(Ctx *ctx, const EntityDef *e, const void *record, JsonOut *json);
// Takes one member "x_..." into `extra`; notes a problem for unknown names and wrong values.
MUST_CHECK Status custom_from_json(Ctx *ctx, const EntityDef *e, Str path, Str name,
                                   const Json *value, Str *extra);
// One own field's value out of `extra`, as text for a list.
MUST_CHECK Status custom_cell(Ctx *ctx, const EntityDef *e, Str name, Str extra, Str *ret,
                              bool *ret_known);
// After saving: the rows that filters read. Of a text the first CUSTOM_WORDS_MAX characters.
enum { CUSTOM_WORDS_MAX = 200 };
MUST_CHECK Status custom_index(Ctx *ctx, const EntityDef *e, Id id, Str extra);

// ---- Translations -------------------------------------------------------------------------------

// Member "translations": {"es": {"name": "..."}}; nothing when there are none.
MUST_CHECK Status translations_to_json(Ctx *ctx, const EntityDef *e, Id id, JsonOut *json);
// Collects what is given; written after the record by translations_save().
MUST_CHECK Status translations_from_json(Ctx *ctx, const EntityDef *e, Id id, Str path,
                                         const Json *value);
MUST_CHECK Status translations_save(Ctx *ctx, const EntityDef *e, Id id);
// The field's text in the caller's language, falling back to the main one.
MUST_CHECK Status translated(Ctx *ctx, const EntityDef *e, Id id, const char *field, Str main,
                             Str *ret);
