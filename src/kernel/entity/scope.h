// scope.h - which rows an actor sees, as a piece of SQL: the one predicate that list, get, report,
// export and search share. Private to the kernel.
#pragma once

#include "base/buf.h"
#include "kernel/db/db.h"

typedef struct Statement {  // a statement being composed
    Ctx *ctx;
    Buf text;
    LIST(Arg) args;
} Statement;

// Adds "$n" for a value.
void statement_arg(Statement *s, Arg arg);
// "$n, $n+1, ..." for ids, filled up to the next power of two with the last one, so that lists of
// all lengths make few shapes. The list must not be empty.
void statement_ids(Statement *s, const IdList *ids);
Query statement_done(Statement *s);  // its text lives as long as the arena

// Adds " AND (...)" that keeps only rows of `e` (as `alias`) the context's actor may see; nothing
// for the program itself. Rows of children are seen with their root; `alias` is then joined upwards
// inside.
void scope_where(Statement *s, const EntityDef *e, const char *alias);

// Whoever asks sees all rows of everything.
bool scope_is_open(const Ctx *ctx);

// Whether scope_where() would keep any row of `e` from the actor.
bool scope_bears_on(Ctx *ctx, const EntityDef *e);

// E_DENIED unless the actor may read records of this kind at all.
MUST_CHECK Status scope_require_read(Ctx *ctx, const EntityDef *e);

// The path whose value must be the outside person's own record ("customer", "id",
// "delivery.customer");
// "" where `portal:` does not open the records to that audience.
Str scope_portal_path(const EntityDef *e, Str audience);
