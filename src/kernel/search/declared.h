// declared.h - what of a record is searched: `search:`, `facets:`, `scope:` and `portal:` of its
// declaration, and the tenant's own fields. Private to kernel/search.
//
// Every searched kind of record has an index of its name. Where some of its words are kept from
// people who may read the rest (`read=`, masked contact data), it has a second one without them,
// which those people search: so nobody finds, or counts, by words that she may not see.
//
// Beside what people see an index holds values for the program: in which root record a row stands,
// whether that is archived, and what row scopes look at.
#pragma once

#include "kernel/entity/query.h"

#define HIDDEN_ROOT     "^root"
#define HIDDEN_ARCHIVED "^archived"  // "0" or "1"

// Whether records of this kind are searched in ctx's tenant.
bool declared_is_searched(const Ctx *ctx, const EntityDef *e);

typedef struct Words {    // one path of `search:`
    const FieldDef *via;  // a reference or a list; NULL: the record's own field
    const FieldDef *field;
    int weight;  // 0 weighs most
} Words;
typedef LIST(Words) WordsList;

typedef enum Breadth {
    BREADTH_ALL,
    BREADTH_OPEN
} Breadth;  // all words, or those that nobody is kept from
void declared_words(Ctx *ctx, const EntityDef *e, Breadth breadth, WordsList *ret);
// Whether there is a second index, and which of the two ctx's actor searches.
bool declared_has_open(Ctx *ctx, const EntityDef *e);
Breadth declared_breadth(Ctx *ctx, const EntityDef *e);
// The name of an index in search_segment.
Str declared_index(Arena *arena, const EntityDef *e, Breadth breadth);

// Whose `scope:` and `portal:` decide about rows of e: e itself, or a record that owns it.
const EntityDef *declared_holder(const EntityDef *e);
// A field that scopes look at, and the hidden facet of its values.
typedef struct Hidden {
    const FieldDef *via;  // a reference to where the field stands; NULL: in the holder
    const FieldDef *field;
    Str facet;
    bool is_scope;  // limits of staff look at it; else portals alone
} Hidden;
typedef LIST(Hidden) HiddenList;
void declared_hidden(Ctx *ctx, const EntityDef *holder, HiddenList *ret);
Str declared_hidden_facet(Arena *arena, Str path);

// A record of another kind whose words, or scope, come from `e` through a reference.
typedef struct Shower {
    const EntityDef *entity;
    const FieldDef *via, *field;  // the reference in `entity`, and the field in `e`
} Shower;
typedef LIST(Shower) ShowerList;
void declared_showers(Ctx *ctx, const EntityDef *e, ShowerList *ret);

// All that decides what an index of the kind holds, as text: when it changes, it is built anew.
Str declared_shape(Ctx *ctx, const EntityDef *e);
