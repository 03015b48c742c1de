// placeholder.h - what stands in a text for a value: %s, %lld, %.*s. A translation may only hold
// the placeholders of its English, or printf would read arguments that nobody passed.
#pragma once

#include "base/str.h"

typedef enum PercentKind {
    PERCENT_NONE,         // the text ends without another %
    PERCENT_SIGN,         // %%
    PERCENT_PLACEHOLDER,  // as printf has them, but for %n, %m and the flag ' '
    PERCENT_STRAY,        // "18 % of", "off by 10%)": good in a label, never in a format
} PercentKind;

typedef struct Percent {
    PercentKind kind;
    Str before;  // the text up to it
    Str spec;    // of a placeholder: what follows the % and the number: "s", ".*s", "02d"
    int number;  // "%2$s": 2; 0 for none
    int stars;   // widths and precisions that are arguments of their own
} Percent;

// Takes the text up to and with its next % off *rest.
Percent percent_next(Str *rest);

// May `translation` stand for `english`? NULL when it may; else why not, a literal. In *ret_text
// is what to use: the translation, or with numbered placeholders its C form. Where English has no
// %, neither may the translation. Where it is a format, the translation has the same placeholders
// in the same order, or numbered: "%2$s ... %1$s" counts the placeholders of the English text, and
// "%1$s" will do for "%.*s".
const char *placeholders_differ(Arena *arena, Str english, Str translation, Str *ret_text);

// The same for a form of a plural: it holds the number, "%lld", once or not at all ("una línea").
const char *plural_differs(Str form);
