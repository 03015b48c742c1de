// kept.h - questions about what changes seldom (prices, rates, channels, units), answered from
// memory where the database would say the same again.
//
// A lane asks them for each of its members anew, and each answer costs more than what is then done
// with it. So the lane's connection keeps answers, as rows, and gives one again as long as nothing
// can have changed it:
//
//   - its own statements: a write to a table forgets every kept question that names the table, or
//     one that a deleted row takes with it; so does undoing a member, for all of them
//   - everybody else's: at the start of each transaction SQLite tells whether another connection
//   has
//     committed since (PRAGMA data_version); if so, and on PostgreSQL always, all is forgotten
//
// So within a transaction an answer is what the same statement would give, and nothing has to be
// declared. Outside of a lane these are db_query() and its like. The statement must be a literal or
// interned, its answer small.
#pragma once

#include "kernel/db/db.h"

Rows *kept_query(Ctx *ctx, Query query);

#define kept_maybe(ctx, query, found, ...)                                                         \
    kept_maybe_((ctx), (query), (found), SQL_OUTS(__VA_ARGS__), ARG_COUNT(__VA_ARGS__))
MUST_CHECK Status kept_maybe_(Ctx *ctx, Query query, bool *found, const Out *outs, int count);

// Whether a name is a table's, and the table whose rows take this one's with them when they are
// deleted ("": none). The entity registry knows.
void kept_set_tables(bool (*find)(Str name, Str *ret_owner));
