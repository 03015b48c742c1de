// codec.h - records as JSON and from JSON (or a form, which is parsed into the same tree).
//
// Out: ids as 13 characters, money, prices, quantities and rates as decimal text, days as
// "2026-11-21", instants in RFC 3339, enums as words; `personal` and `sealed` fields masked and
// fields without read permission absent, unless the actor may see them. In: the same, strictly;
// every wrong field is named by its path, all at once. Unknown fields are refused with the nearest
// right name.
#pragma once

#include "base/json.h"
#include "kernel/entity/entity.h"

typedef struct FieldFilter {  // which fields to write; NULL: all
    const Str *names;
    size_t count;
} FieldFilter;

enum {
    JSON_MASKED = 1,       // for the actor: masks and read permissions (REST, pages, exports)
    JSON_NO_CHILDREN = 2,  // header only
    JSON_TITLES = 4,       // each reference also as NAME_title
    JSON_LIST = 8,         // one of many: personal contact data masked as lists do
};

MUST_CHECK Status record_to_json(Ctx *ctx, const EntityDef *e, const void *record, int flags,
                                 const FieldFilter *only, JsonOut *out);
// One field's value, unmasked; `outer` is the currency of the enclosing record.
void field_to_json(Ctx *ctx, const EntityDef *e, const void *record, const FieldDef *field,
                   CurrencyCode outer, JsonOut *out);
void shape_to_json(Ctx *ctx, const ShapeDef *shape, const void *value, JsonOut *out);

enum {
    INPUT_FORM =
        1,  // values are texts as people type them: local decimals and dates, "on" for true
    INPUT_TRUSTED = 2,  // readonly and fixed fields may be set (restore, our own replays)
    INPUT_IMPORT = 4,   // a cell: references may be given by the target's number, code or name
};
enum { CHILDREN_MAX = 5000 };

// Reads the members of `input` into the record; what is absent stays as it is. Children with an
// "id" are matched with those present, others are new; children absent from a given list are
// removed. References may be given as an id, or as {"sku": "..."}: any unique field of the target.
// Readonly members may be sent back unchanged. Notes problems; the caller asks ctx_problems().
MUST_CHECK Status record_from_json(Ctx *ctx, const EntityDef *e, const Json *input, int flags,
                                   void *record);
MUST_CHECK Status shape_from_json(Ctx *ctx, const ShapeDef *shape, const Json *input, int flags,
                                  void *ret);

// One field's value from text, as a filter or an import cell gives it.
MUST_CHECK Status field_from_text(Ctx *ctx, const FieldDef *field, CurrencyCode currency, Str text,
                                  int flags, void *base);
// A form's fields ("lines[0].quantity" -> nested) as a JSON tree.
typedef struct FormField {
    Str name, value;
} FormField;
typedef LIST(FormField) FormFieldList;
MUST_CHECK Status form_to_json(Ctx *ctx, const FormFieldList *fields, const Json **ret);
