// fields.h - reads a JSON object into a struct by a table, for the files that algorithms are given.
//
//     static const Field fields[] = {
//         { "id", FIELD_TEXT, offsetof(Item, id), .is_required = true },
//         { "lead_days", FIELD_INT, offsetof(Item, lead_days), .max = 3660 },
//         { 0 },
//     };
//     TRY(fields_read(ctx, (FieldPlace){ "items", 3 }, json, fields, &item));
//
// What is absent keeps the value that the struct has. A name that the table does not know is
// refused: a misspelt one would otherwise be ignored in silence. Failures are "input.field" and
// name the place: `items[3], lead_days: a whole number from 0 to 3660 is wanted`.
#pragma once

#include "base/json.h"
#include "base/number.h"

typedef enum {
    FIELD_TEXT,    // Str, not empty
    FIELD_INT,     // int32_t
    FIELD_QTY,     // Qty: a number or a text like "2.5", exact; min and max in millionths
    FIELD_SHARE,   // Rate: 0 or more, below 1
    FIELD_DOUBLE,  // double, finite; min and max as they are, max 0: any
    FIELD_BOOL,    // bool
    FIELD_DATE,    // int32_t, a Date: "2026-11-21"
    FIELD_WORD,    // an enum of int size: which of `words`
    FIELD_LIST,    // const Json *: an array
    FIELD_OBJECT,  // const Json *: an object
    FIELD_ANY,     // const Json *: whatever it is
} FieldKind;

typedef struct Field {
    const char *name;
    FieldKind kind;
    size_t at;  // offsetof
    bool is_required;
    int64_t min, max;
    const char *const *words;  // ends in NULL
} Field;

typedef struct FieldPlace {
    const char *list;
    int64_t index;  // below 0: not of a list
} FieldPlace;

MUST_CHECK Status fields_read(Ctx *ctx, FieldPlace place, const Json *object, const Field *fields,
                              void *into);
// A failure at such a place: "items[3], calendar: ..."
MUST_CHECK Status field_fail(Ctx *ctx, FieldPlace place, const char *field, const char *format, ...)
    PRINTF(4, 5);
// An exact quantity, as in FIELD_QTY.
bool field_quantity(const Json *value, int64_t *ret_micro);
bool field_double(const Json *value, double *ret);
