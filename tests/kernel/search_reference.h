// search_reference.h - the search engine once more, as simply as it can be said: every record is
// read for every query. What the engine answers from bitmaps must be the same.
#pragma once

#include "kernel/search/engine.h"

typedef LIST(IndexDoc) ReferenceDocs;

MUST_CHECK Status reference_search(Ctx *ctx, const ReferenceDocs *docs, const IndexQuery *query,
                                   IndexAnswer *ret);

// What a word of the dictionary is to a typed one.
typedef enum Mistake { MISTAKE_NONE, MISTAKE_ONE, MISTAKE_TWO, MISTAKE_LONGER } Mistake;
Mistake reference_mistake(Str typed, bool is_open, Str word);
