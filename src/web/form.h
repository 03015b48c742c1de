// form.h - the form of any entity or shape: which control stands for which field, and what is in
// it. Private to web.
//
// A form is drawn from two sources: the record as it is, and what somebody typed into the form
// before it was refused. Typed text wins, as it was typed, so nothing is lost and nothing is
// reformatted under anybody's hands.
//
// Names starting with "_" are the form's own: "_b_gift" says that there is a checkbox "gift" (an
// unticked one is not sent), "_t_customer" holds what is typed where a record is picked,
// "_o_customer" what stood there before.
#pragma once

#include "base/json.h"
#include "kernel/entity/query.h"
#include "web/options.h"
#include "web/record.h"

typedef enum Widget {
    WIDGET_TEXT,
    WIDGET_AREA,
    WIDGET_NUMBER,
    WIDGET_DATE,
    WIDGET_TIME,
    WIDGET_CLOCK,
    WIDGET_CHECK,
    WIDGET_SELECT,
    WIDGET_PICK,    // a record, found by typing
    WIDGET_CHECKS,  // several of a list
    WIDGET_SECRET,
    WIDGET_FILE,
    WIDGET_SHOWN,   // not to be changed here
    WIDGET_FIGURE,  // worked out by the server while the rest is typed
} Widget;

typedef struct Input {
    Widget widget;
    Str path, label, value;
    Str words, before;  // WIDGET_PICK: what is typed, what stood there
    Str path_words, path_before, path_check;
    Str unit;            // behind the field: a currency, %
    Str kind;            // of a text: "email", "tel", "url", "text"
    const char *target;  // WIDGET_PICK: the entity to search
    const OptionList *options;
    LIST(Str) values;  // WIDGET_CHECKS
    int max;           // characters; 0: no limit
    Shown shown;       // WIDGET_FIGURE
    Url link;          // WIDGET_FILE: where what is there can be seen
    bool is_image;
    bool is_required, is_wide, is_mono, is_on, is_end;
} Input;
typedef LIST(Input) InputList;

typedef struct InputRow {
    InputList inputs, more;  // in the row, and behind "More"
    Str id, path;            // "" for a new row; "lines[2]"
    bool is_blank;
} InputRow;

typedef struct InputGroup {  // a section, a shape, or a table of rows
    Str title, key;
    bool is_closed, is_rows;
    bool is_fixed;    // rows are neither added nor removed
    bool is_counted;  // rows whose figures and sums are worked out while they are typed
    InputList inputs;
    LIST(InputRow) rows;
} InputGroup;

typedef struct Conflict {
    Str name, label, theirs, yours;
} Conflict;

typedef struct Form {
    const EntityDef *entity;
    const void *record;
    bool is_new;
    int64_t version;
    Str title;
    Url back;
    LIST(InputGroup) groups;
    LIST(Conflict) conflicts;
    OptionCache options;
    bool is_counted;  // its rows and sums are worked out while it is typed
    LIST(SumView) sums;
    Str currency;  // of the sums
} Form;

// Groups of inputs for a record and, where `typed` is not NULL, what was typed. `blank_rows`: empty
// rows at the end of each table.
MUST_CHECK Status form_fill(Ctx *ctx, Form *form, const Json *typed, int blank_rows);
// The inputs of a shape: what an action or a report asks for. `value` NULL: nothing given yet.
MUST_CHECK Status form_shape(Ctx *ctx, OptionCache *options, const ShapeDef *shape,
                             const void *value, const Json *typed, Str prefix, InputList *ret);

// What a browser sent, as the codec reads it: checkboxes that are not ticked, records that were
// typed and not picked, the form's own names taken out.
MUST_CHECK Status form_read(Ctx *ctx, const EntityDef *e, const Json *sent, const Json **ret);
MUST_CHECK Status form_read_shape(Ctx *ctx, const ShapeDef *shape, const Json *sent,
                                  const Json **ret);
// One worked-out value of a record or row as people read it.
Shown form_figure(Ctx *ctx, const EntityDef *e, const void *base, const FieldDef *field,
                  CurrencyCode outer);
// Whether its module works something out before saving, and it may still be typed.
bool form_is_counted(const EntityDef *e, const void *record);
// Whether some of its fields may be changed after the document was released.
bool form_has_open(const EntityDef *e);
void form_sums(Ctx *ctx, const EntityDef *e, const void *record, Form *form);
MUST_CHECK Status record_count_post(Ctx *ctx);  // POST .../{key}/count: nothing is saved
Str form_spot(Arena *arena, Geo spot);          // "23.81, 90.41"
// One value as it is typed: in the reader's format, without grouping and currency.
Str form_text(Ctx *ctx, const EntityDef *e, const void *base, const FieldDef *field,
              CurrencyCode outer);
