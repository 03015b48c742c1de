// search_docs.c - small indexes for tests.
#include "search_docs.h"

#include "harness.h"

static const char *const vocabulary[] = {
    "wallet",
    "wallets",
    "mallet",
    "wall",
    "walled",
    "ball",
    "balls",
    "leather",
    "lather",
    "KN-12",
    "kn12",
    "16GB",
    "16",
    "gb",
    "caf\u00e9",
    "cafe",
    "head",
    "set",
    "headset",
    "Wi-Fi",
    "wifi",
    "a",
    "ab",
    "abc",
    "abcd",
    "bluetooth",
    "blue",
    "tooth",
    "\u8fd0\u52a8\u978b",
    "\u52a8\u978b",
    "keyboard",
    "keybord",
    "the",
    "the",
    "the",
    "the",
};

IndexDoc *doc_add(Ctx *ctx, ReferenceDocs *docs, Id id, const char *name)
{
    IndexDoc *doc = list_push(ctx->arena, docs);
    doc->id = id;
    *list_push(ctx->arena, &doc->texts) = (IndexText){ 0, str_from(name) };
    return doc;
}

void doc_value(Ctx *ctx, IndexDoc *doc, const char *facet, const char *value)
{
    *list_push(ctx->arena, &doc->values) = (IndexValue){ str_from(facet), str_from(value) };
}

MemoryIndex *docs_index(Ctx *ctx, const ReferenceDocs *docs)
{
    MemoryIndex *index = memory_index(ctx, CACHE);
    CHECK_OK(ctx, memory_put(index, docs->items, docs->len));
    return index;
}

IndexAnswer docs_ask(Ctx *ctx, MemoryIndex *index, const IndexQuery *query)
{
    Index all;
    IndexAnswer answer = { 0 };
    CHECK_OK(ctx, memory_open(index, ctx, &all));
    CHECK_OK(ctx, index_search(ctx, &all, query, &answer));
    return answer;
}

void filter_value(Ctx *ctx, IndexFilter *filter, const char *value)
{
    *list_push(ctx->arena, &filter->values) = str_from(value);
}

Str docs_counts(Ctx *ctx, const IndexAnswer *answer, size_t facet)
{
    Buf out = { .arena = ctx->arena };
    EACH (count, answer->facets.items[facet].counts)
        buf_printf(&out, "%s" STR_FMT " %lld", out.len ? ", " : "", STR_ARG(count->value),
                   (long long)count->count);
    return buf_str(&out);
}

Str docs_ids(Ctx *ctx, MemoryIndex *index, const char *words)
{
    IndexQuery query = {
        .words = str_from(words), .scope.is_all = true, .limit = 20, .is_strict = true
    };
    IndexAnswer answer = docs_ask(ctx, index, &query);
    Buf out = { .arena = ctx->arena };
    EACH (hit, answer.hits)
        buf_printf(&out, "%s%lld", out.len ? " " : "", (long long)hit->id);
    return buf_str(&out);
}

const char *random_one(Random *random, const char *const *words, size_t count)
{
    return words[random_below(random, (int64_t)count)];
}

const char *random_word(Random *random)
{
    return random_one(random, vocabulary, COUNT(vocabulary));
}

Str random_text(Ctx *ctx, Random *random, int64_t most)
{
    Buf out = { .arena = ctx->arena };
    for (int64_t n = random_below(random, most + 1); n > 0; n--) {
        buf_c(&out, random_word(random));
        buf_c(&out, random_chance(random, 8) ? "-" : " ");
    }
    return buf_str(&out);
}

IndexDoc random_doc(Ctx *ctx, Random *random, Id id)
{
    static const char *const colours[] = { "red", "green", "blue", "red, green" };
    static const char *const owners[] = { "1", "2", "3" };
    IndexDoc doc = { .id = id };
    for (int field = 0; field < 3; field++)
        *list_push(ctx->arena, &doc.texts) =
            (IndexText){ field, random_text(ctx, random, 4 + 6 * field) };
    doc_value(ctx, &doc, "colour", random_one(random, colours, COUNT(colours)));
    doc_value(ctx, &doc, "owner", random_one(random, owners, COUNT(owners)));
    if (random_chance(random, 3))
        doc_value(ctx, &doc, "owner", "4");
    return doc;
}
