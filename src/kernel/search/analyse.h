// analyse.h - from text to the words that are looked up.
//
// A text becomes atoms: runs of letters or of digits, folded (case, accents, width, compatibility
// forms, native digits), the plural s cut. Atoms that are written together ("KN-1182-NVY",
// "16GB", "wi-fi") make a compound. An index holds a record under its atoms and under its compounds
// as one word, so that every spelling of a code finds every other: "kn1182nvy", "KN 1182 NVY".
//
// Chinese, Japanese and Korean runs become pairs of characters; Thai, Lao, Khmer and Burmese are
// cut into words by ICU's dictionaries. The same text always gives the same words: what is stored
// and what is asked go through here.
#pragma once

#include "base/ctx.h"

enum {
    WORD_BYTES_MAX = 48,          // a longer atom is cut
    COMPOUND_ATOMS_MAX = 4,       // beyond, atoms are not joined
    ANALYSE_BYTES_MAX = 1 << 20,  // of one text; the rest is not read
};

typedef struct Atom {
    Str word;        // as it is looked up: folded and cut
    bool is_exact;   // has digits or is Chinese and the like: never taken for a mistake
    bool is_single;  // one character of a longer run of pairs: kept in an index, not asked for
} Atom;
typedef struct Compound {  // atoms written together; a single atom is one too
    uint32_t from, count;
    Str word;  // all as one word; "" for a single atom and where there are too many
} Compound;
typedef struct Analysis {
    LIST(Atom) atoms;
    LIST(Compound) compounds;
    bool ends_open;  // the text ends within a word: more letters may follow
} Analysis;

MUST_CHECK Status analyse(Ctx *ctx, Str text, Analysis *ret);

// As fold_text() of kernel/i18n.h, with what cutting into words needs besides: trade marks are no
// letters, and the Thai and Lao vowel "am" stays whole.
Str analyse_fold(Ctx *ctx, Str text);

// A folded word without its English (and often Spanish or French) plural: "batteries" and "battery"
// give the same.
Str analyse_stem(Arena *arena, Str word);
