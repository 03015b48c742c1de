// search_docs.h - small indexes for tests: documents written by hand or by chance, and what is
// found in them.
#pragma once

#include "search_fixture.h"
#include "search_reference.h"

enum { CACHE = 1 << 20 };

IndexDoc *doc_add(Ctx *ctx, ReferenceDocs *docs, Id id, const char *name);
void doc_value(Ctx *ctx, IndexDoc *doc, const char *facet, const char *value);
MemoryIndex *docs_index(Ctx *ctx, const ReferenceDocs *docs);
IndexAnswer docs_ask(Ctx *ctx, MemoryIndex *index, const IndexQuery *query);
void filter_value(Ctx *ctx, IndexFilter *filter, const char *value);
Str docs_counts(Ctx *ctx, const IndexAnswer *answer, size_t facet);
// The ids of the answer, best first: "3 1 2".
Str docs_ids(Ctx *ctx, MemoryIndex *index, const char *words);
const char *random_one(Random *random, const char *const *words, size_t count);
const char *random_word(Random *random);
Str random_text(Ctx *ctx, Random *random, int64_t most);
IndexDoc random_doc(Ctx *ctx, Random *random, Id id);
