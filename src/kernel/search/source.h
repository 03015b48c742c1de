// source.h - what the search knows of records: the few questions it asks those who store them. The
// entity layer answers; a test answers with what it likes.
#pragma once

#include "kernel/entity/query.h"
#include "kernel/search/engine.h"

typedef LIST(IndexDoc) IndexDocList;
typedef LIST(const EntityDef *) EntityDefList;
typedef LIST(const char *) FacetNameList;

typedef struct SearchSource {
    // On a snapshot: the words and facet values of these records. Those that are gone, archived away
    // or of a kind that is not searched (any longer) are left out, and the index forgets them.
    // Fields in the order of `search:`, 0 first; values of `facets:`, and whatever scope() names.
    Status (*read)(Ctx *ctx, Str kind, const IdList *ids, IndexDocList *ret);
    // On a snapshot: ids of the kind's records above `after`, ascending, at most `limit`.
    Status (*ids)(Ctx *ctx, Str kind, Id after, int limit, IdList *ret);

    // The kinds that ctx's actor may read, for a search over all.
    Status (*kinds)(Ctx *ctx, EntityDefList *ret);
    // What of a kind the actor may see, in values that read() gave, or as ids. E_DENIED: nothing.
    Status (*scope)(Ctx *ctx, const EntityDef *e, IndexScope *ret);
    // Records with a unique field that is these words (a number, SKU, barcode, address), as far as
    // the actor may see them: found at once, through the field's own index. At most `limit`.
    Status (*exact)(Ctx *ctx, const EntityDef *e, Str words, int limit, IdList *ret);

    // The facets that an answer counts.
    Status (*facets)(Ctx *ctx, const EntityDef *e, FacetNameList *ret);
    // The value as read() gives it, for the text of a filter; and a value as people read it.
    Status (*key)(Ctx *ctx, const FieldPath *path, Str text, Str *ret);
    Status (*label)(Ctx *ctx, const EntityDef *e, Str facet, Str value, Str *ret);

    // In a lane, after something was touched: see to it that search_refresh() runs soon. May be NULL.
    Status (*touched)(Ctx *ctx);
} SearchSource;

// Before the first search; it must live as long as the program.
void search_set_source(const SearchSource *source);
const SearchSource *search_source(void);
