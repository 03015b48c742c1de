// schema.h - tables as data: what the declarations want, what a database has, and the way from one
// to the other.
//
// The wanted schema follows from the entities of the subscribed modules; the present one is read
// from the engine's catalog; the difference is a plan. What only adds is done by itself. What could
// lose data or needs a decision (a rename, a new required reference, a narrower type) needs a
// numbered step written by a person; without it the plan says so and nothing runs. Nothing is ever
// dropped by itself. One transaction per tenant.
#pragma once

#include "kernel/db/lane.h"

typedef enum ColumnType { COLUMN_INT, COLUMN_BIGINT, COLUMN_TEXT, COLUMN_BYTES } ColumnType;

typedef struct Column {
    Str name;
    ColumnType type;
    bool not_null;
    Str initial;     // SQL literal, "" none
    Str generated;   // expression, "" none
    Str references;  // table, "" none; always its id
    bool cascade;
} Column;
typedef LIST(Column) ColumnList;

typedef struct TableIndex {
    Str name;
    Str columns;  // SQL: "a, b DESC, COALESCE(c_id, 0)"
    Str where;    // "" none
    bool unique;
} TableIndex;
typedef LIST(TableIndex) TableIndexList;

typedef struct TableCheck {
    Str name, condition;
} TableCheck;
typedef LIST(TableCheck) TableCheckList;

typedef struct Table {
    Str name;
    ColumnList columns;
    Str key;         // primary key columns: "id", or "a, b" (then clustered: WITHOUT ROWID)
    bool is_ledger;  // a trigger refuses updates and deletes
    TableIndexList indexes;
    TableCheckList checks;
} Table;
typedef LIST(Table) TableList;

// The tables of one entity: its own and those of its `refs` fields.
void schema_of_entity(Arena *arena, const EntityDef *e, TableList *tables);
// Everything that the given modules declare.
void schema_of_modules(Arena *arena, const EntityModule *const *modules, TableList *tables);
// What the connected database has (only tables, in the catalog's own order of names).
MUST_CHECK Status schema_read(Ctx *ctx, TableList *ret);

typedef enum StepKind {
    STEP_CREATE_TABLE,  // with its indexes, checks and references
    STEP_ADD_COLUMN,
    STEP_CREATE_INDEX,
    STEP_DROP_INDEX,     // that no declaration wants any more, or wants differently
    STEP_REBUILD_TABLE,  // SQLite: whatever else is new about a table that has rows
    STEP_ALTER_TABLE,    // PostgreSQL's way for the same
    STEP_NUMBERED,       // a module's migration file
    STEP_BLOCKED,        // needs a numbered step that nobody has written
} StepKind;
typedef struct Step {
    StepKind kind;
    Str table, what;   // for people: "add column sales_order.promised_on"
    Str sql;           // may be several statements
    bool is_contract;  // removes something the last release still uses: only with --contract
    Str unless;  // STEP_BLOCKED: a query; where it finds no row, nothing is in the way after all
} Step;
typedef LIST(Step) StepList;

// First what adds, which numbered steps may then fill (a new required column is still empty there),
// then what their work may be needed for: presence, checks, unique indexes. In front of each of
// those stands a STEP_BLOCKED that asks whether the rows allow it.
void schema_plan(Arena *arena, Engine engine, const TableList *wanted, const TableList *present,
                 StepList *ret);

// A numbered step: modules/x/migrations/0003_split_address.sql, embedded by the build. Run once per
// tenant, in order, recorded in schema_step.
typedef struct Migration {
    const char *module;
    int number;
    const char *name, *sql;
    bool is_contract;
} Migration;

// Plans and, where `apply`, runs everything the namespace needs to serve these modules; in one
// transaction. *ret_plan is what was (or would be) done, also when it fails with E_CONFLICT
// "migrate.blocked" because a step is missing. A module that is new here gets its tables as they
// are now, and its numbered steps count as done. SQLite table rebuilds switch foreign keys off
// before BEGIN and check them before COMMIT ("migrate.references"). `migrations` may be NULL; it
// ends with an all-zero row, and a module's numbers grow.
MUST_CHECK Status db_migrate(Ctx *ctx, Db *db, const EntityModule *const *modules,
                             const Migration *migrations, bool apply, bool contract,
                             StepList *ret_plan);
