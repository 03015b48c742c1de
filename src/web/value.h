// value.h - a value on its way to a page: text, and what kind of thing it is, by the field's type.
#pragma once

#include "kernel/entity/query.h"
#include "web/html.h"

typedef enum ShownKind {
    SHOWN_EMPTY,  // a dash, for eyes only
    SHOWN_TEXT,
    SHOWN_CODE,    // document numbers, SKUs: mono
    SHOWN_NUMBER,  // at the end of its column
    SHOWN_STATE,   // glyph and word
    SHOWN_PILL,    // a word with a tone
    SHOWN_LINK,    // another record
    SHOWN_TIME,
    SHOWN_YES,
    SHOWN_LONG,  // several lines
} ShownKind;

typedef struct Shown {
    ShownKind kind;
    Str text;
    Str before;   // an amount's currency
    Str machine;  // of a day or time: ISO
    const char *tone, *glyph;
    Url url;
    bool is_mono;  // a link whose text is a number of a document
} Shown;

// What is the same for all values of a column, and its last value: many follow their like.
typedef struct CellLook {
    const EntityDef *target;  // whose pages a reference leads to; NULL: none that this person opens
    Url records;              // "/admin/party/parties/~": an id follows
    bool is_mono, is_repeated;
    Cell last;
    Shown last_shown;
} CellLook;

CellLook value_look(Ctx *ctx, const FieldPath *path);
Shown value_shown(Ctx *ctx, CellLook *look, const Cell *cell);
Shown value_of_cell(Ctx *ctx, const Cell *cell);  // a single one
// A state or enum value by its word.
Shown value_of_enum(Ctx *ctx, const FieldDef *field, Str word);
// The JSON of a shape as one line: "12 Mill Lane, Leeds, GB".
Str value_of_shape(Ctx *ctx, Str json);
bool value_is_number(const FieldPath *path);  // its column is aligned to the end
const char *glyph_of(const EnumDef *words, int value);
