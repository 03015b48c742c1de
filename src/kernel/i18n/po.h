// po.h - gettext PO files, read strictly: what is not understood is a mistake with a line, never
// skipped. Knows nothing of languages, so that tools/check/texts reads catalogues as the program
// does.
#pragma once

#include "base/list.h"
#include "base/map.h"

enum {
    PO_BYTES_MAX = 4 << 20,  // of a file
    PO_ENTRIES_MAX = 50000,
    PO_TEXT_MAX = 8000,  // bytes
    PO_FORMS_MAX = 6,    // CLDR has six plural categories
};

typedef struct PoEntry {
    Str key;     // as code looks it up: the msgid, behind "msgctxt\4" where there is one
    Str plural;  // msgid_plural; "" for none
    Str forms[PO_FORMS_MAX];  // msgstr, or msgstr[n]
    int form_count;
    bool is_fuzzy;  // a guess nobody has confirmed
    int line;
} PoEntry;

typedef struct Po {
    LIST(PoEntry) entries;  // in the file's order, without the header; no key comes twice
    Str header;
    int form_count;  // the header's nplurals; 0 when it does not say
} Po;

typedef struct PoMistake {
    int line;
    Str why;  // "msgstr[1] is missing"
} PoMistake;

// Reads a whole file. NULL, and what is wrong first, when it is no PO file in UTF-8 with a header,
// or larger than the limits above. Everything returned lives in the arena.
Po *po_read(Arena *arena, Str text, PoMistake *ret_mistake);

// Of `msgid_plural` entries: whether all forms are there; of others, the msgstr. What is not
// translated yet, or only guessed, is shown in English.
bool po_is_translated(const PoEntry *entry);
