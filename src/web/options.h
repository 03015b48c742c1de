// options.h - what can be chosen for a field, where that is few enough to be listed. Private to
// web.
#pragma once

#include "base/map.h"
#include "kernel/entity/entity.h"

enum { OPTIONS_MAX = 40, CHOICES_MAX = 200 };

typedef struct Option {
    Str value, label, second;  // what it is called besides; "" nothing
} Option;
typedef struct OptionList {
    Option *items;
    size_t len, cap;
    bool is_cut;  // there are more than are worth listing: a picker with a search is better
} OptionList;

// One for a page: several fields that refer to the same kind of record ask once.
typedef struct OptionCache {
    Map lists;  // by what they are of
} OptionCache;

// The words of an enum, the entries of a choice list, the records that a reference may name.
MUST_CHECK Status options_of(Ctx *ctx, OptionCache *cache, const FieldDef *field,
                             const OptionList **ret);
// Records whose title or number begins with `words`, at most `limit`, as a picker lists them.
MUST_CHECK Status options_search(Ctx *ctx, const EntityDef *target, Str words, int limit,
                                 OptionList *ret);
// What a record is called besides its title; "" when the actor may not see it.
MUST_CHECK Status options_second(Ctx *ctx, const EntityDef *target, Id id, Str *ret);
Str option_label(const OptionList *list, Str value);  // "" when it is not among them
