// catalogue.h - the texts of one language, ready to be looked up. Made once when the program starts
// and never changed, so any thread reads it without a lock.
#pragma once

#include "kernel/i18n/po.h"

typedef struct Catalogue Catalogue;

// From the entries of a PO file; untranslated and fuzzy ones are left out. `tag` is a language that
// ICU knows. NULL, and what is wrong, when the plural forms are not those of the language, or when
// a translation's placeholders are not its English text's. Keeps views into the entries; lives in
// the arena for the rest of the program.
Catalogue *catalogue_make(Arena *arena, Str tag, const Po *po, PoMistake *ret_mistake);

// Where to look for what a catalogue lacks: the language of a country's catalogue. NULL: English.
void catalogue_fall_back(Catalogue *catalogue, const Catalogue *to);

Str catalogue_tag(const Catalogue *catalogue);

// The translation (ends in NUL), also from the catalogue it falls back to; NULL when there is none.
const char *catalogue_text(const Catalogue *catalogue, const char *english);
// The form for n; NULL when there is none.
const char *catalogue_plural(const Catalogue *catalogue, const char *one, int64_t n);
