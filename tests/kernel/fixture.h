// fixture.h - a database for a test, of the engine that TEST_ENGINE names (sqlite, unsaid, or
// postgres: then TEST_PG is a connection string; tests/postgres.sh starts a server of its own and
// sets it).
#pragma once

#include "kernel/db/lane.h"

#include "harness.h"

Engine fixture_engine(void);
bool fixture_is_postgres(void);

// A place nobody uses: a file in a new temporary folder, or a new schema's name.
DbPlace fixture_place(Ctx *ctx);
// An empty namespace at such a place, opened. fixture_close() removes it without a trace.
Db *fixture_open(Ctx *ctx);
void fixture_close(Db *db);
void fixture_remove(const DbPlace *place);

// Runs one statement of DDL, written for PostgreSQL: on SQLite BIGINT and BYTEA get their names
// there, and tables are STRICT.
void fixture_ddl(Ctx *ctx, Db *db, const char *sql);

// The number that a query of one cell gives, on a snapshot.
int64_t fixture_number(Ctx *ctx, Db *db, const char *sql);

// Another thread's context, on an arena of its own.
typedef struct ThreadCtx {
    Arena arena;
    Random random;
    Ctx ctx;
} ThreadCtx;
Ctx *thread_ctx(ThreadCtx *thread, uint64_t seed);
void thread_ctx_release(ThreadCtx *thread);
