// form_inside.h - what the parts of the form share. Private to web/form*.c.
#pragma once

#include "web/form.h"

enum { FORM_ROWS_MAX = 200 };

// Where the values of one struct come from.
typedef struct Source {
    Ctx *ctx;
    Form *form;  // NULL: a shape of its own
    OptionCache *options;
    const EntityDef *entity;  // of the struct; NULL inside a shape
    const void *base;         // the struct; NULL: nothing there yet
    const Json *typed;        // NULL: nothing typed
    const EntityRow *row;     // titles of what it refers to; NULL: none known
    const EntityQuery *query;
    CurrencyCode outer;
    Str prefix;  // "lines[0]."
    bool is_new;
} Source;

const Json *form_typed(const Source *s, const char *name);  // what was typed for it; NULL: nothing
bool form_is_settable(const FieldDef *f);
bool form_is_scalar(const FieldDef *f);
MUST_CHECK Status form_input(const Source *s, const FieldDef *f, Input *ret);
// A new row's numbers are empty, not 0: nobody should have to delete them.
void form_clear_zero(const Source *s, const FieldDef *f, Input *input);
MUST_CHECK Status form_shape_inputs(const Source *s, const ShapeDef *shape, InputList *ret);
// A list of rows with `blank` empty ones behind it.
MUST_CHECK Status form_table(const Source *s, const FieldDef *list, int blank, Form *form);
// The tenant's own fields as a group of the form, and what a browser sent for one of them.
MUST_CHECK Status form_own_fields(Ctx *ctx, Form *form, const Json *typed);
MUST_CHECK Status form_read_own(Ctx *ctx, const EntityDef *e, const Json *object,
                                const Json *member, Json *ret);
