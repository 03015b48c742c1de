// migrate.c - brings a namespace to what its modules declare, in one transaction.
//
//     expand            tables and columns that are missing
//     numbered steps    a person's statements: they fill what was added, move what has moved
//     settle            presence, checks, unique indexes, if the rows allow it
//
// All of it or nothing: a tenant is left as it was when any part fails, so that running it again
// over thousands of tenants goes on where it stopped. Which numbered steps a tenant has had is in
// its table schema_step.
#include "kernel/db/schema.h"

#include "kernel/db/schema_ddl.h"
#include "kernel/db/schema_plan.h"
#include "kernel/db/schema_read.h"
#include "kernel/db/space.h"

#include <assert.h>

typedef struct Job {
    const EntityModule *const *modules;
    const Migration *migrations;  // ends with an all-zero row
    bool apply, contract;
    StepList *plan;  // the answer

    Conn *conn;
    Engine engine;
    TableList wanted;
    bool was_rebuilt;
} Job;

// ---- Running statements -------------------------------------------------------------------------

static Status script(Ctx *ctx, const Job *job, Str sql)
{
    job->conn->driver->script(job->conn, str_c(ctx->arena, sql));
    return conn_raise(ctx, job->conn);
}

static Status run_step(Ctx *ctx, Job *job, const Step *step)
{
    if (step->kind == STEP_REBUILD_TABLE || step->kind == STEP_NUMBERED)
        job->was_rebuilt = true;
    if (script(ctx, job, step->sql) == OK)
        return OK;
    Failure cause = ctx->failure;
    return FAIL(ctx, cause.status, cause.code, STR_FMT ": " STR_FMT, STR_ARG(step->what),
                STR_ARG(cause.message));
}

static Status run_steps(Ctx *ctx, Job *job, const StepList *steps)
{
    EACH (step, *steps)
        TRY(run_step(ctx, job, step));
    return OK;
}

static void append(Ctx *ctx, StepList *to, const StepList *steps)
{
    EACH (step, *steps)
        *list_push(ctx->arena, to) = *step;
}

// ---- Numbered steps -----------------------------------------------------------------------------

// As the kernel's own entity file declares it, so that what is made here is what is wanted there.
static void step_table(Arena *arena, TableList *tables)
{
    static const Column columns[] = {
        { .type = COLUMN_TEXT, .not_null = true },    // module
        { .type = COLUMN_BIGINT, .not_null = true },  // step
        { .type = COLUMN_TEXT, .not_null = true },    // name
        { .type = COLUMN_BIGINT, .not_null = true },  // done_at
    };
    static const char *const names[] = { "module", "step", "name", "done_at" };
    if (table_named(tables, S("schema_step")))
        return;
    Table *table = list_push(arena, tables);
    *table = (Table){ .name = S("schema_step"), .key = S("module, step") };
    for (size_t i = 0; i < COUNT(columns); i++) {
        Column *column = list_push(arena, &table->columns);
        *column = columns[i];
        column->name = str_from(names[i]);
        column->initial = column->type == COLUMN_TEXT ? S("''") : S("0");
    }
}

static Status is_done(Ctx *ctx, const Migration *m, bool *ret)
{
    int64_t done_at;
    return db_maybe(ctx,
                    SQL("SELECT done_at FROM schema_step WHERE module = $1 AND step = $2",
                        m->module, m->number),
                    ret, &done_at);
}

static Status note_done(Ctx *ctx, const Migration *m)
{
    return db_write(ctx, SQL("INSERT INTO schema_step (module, step, name, done_at)"
                             " VALUES ($1, $2, $3, $4)",
                             m->module, m->number, m->name, ctx->now));
}

// A module without a single table here is new: its tables will be made as they are now, and there
// is nothing to move.
static bool is_new(const Job *job, const TableList *present, const char *module)
{
    for (const EntityModule *const *m = job->modules; *m; m++)
        if (strcmp((*m)->name, module) == 0)
            for (const EntityDef *const *e = (*m)->entities; *e; e++)
                if (table_named(present, str_from((*e)->name)))
                    return false;
    return true;
}

static Step step_of(Ctx *ctx, const Migration *m)
{
    return (Step){ .kind = STEP_NUMBERED,
                   .table = str_from(m->module),
                   .what = str_format(ctx->arena, "step %s %04d %s", m->module, m->number, m->name),
                   .sql = str_from(m->sql),
                   .is_contract = m->is_contract };
}

// Those not done yet, in order; contracting ones only when asked for.
static Status pending_steps(Ctx *ctx, const Job *job, const TableList *present, StepList *ret)
{
    bool has_table = table_named(present, S("schema_step"));
    const Migration *before = NULL;
    for (const Migration *m = job->migrations; m && m->module; before = m++) {
        bool done = false;
        assert(!before || strcmp(before->module, m->module) != 0 || before->number < m->number);
        if (has_table)
            TRY(is_done(ctx, m, &done));
        if (!done && !is_new(job, present, m->module) && (job->contract || !m->is_contract))
            *list_push(ctx->arena, ret) = step_of(ctx, m);
    }
    return OK;
}

static Status run_numbered(Ctx *ctx, Job *job, const StepList *pending, const TableList *before)
{
    TRY(run_steps(ctx, job, pending));
    for (const Migration *m = job->migrations; m && m->module; m++) {
        bool done, is_due = job->contract || !m->is_contract || is_new(job, before, m->module);
        TRY(is_done(ctx, m, &done));
        if (!done && is_due)
            TRY(note_done(ctx, m));
    }
    return db_flush(ctx);
}

// ---- What is in the way -------------------------------------------------------------------------

// Without those obstacles that turn out to be none.
static Status ask(Ctx *ctx, const StepList *steps, StepList *ret)
{
    EACH (step, *steps) {
        bool is_in_the_way = step->kind == STEP_BLOCKED;
        if (step->unless.len)
            TRY(db_maybe(ctx, ((Query){ sql_intern(step->unless), NULL, 0 }), &is_in_the_way));
        if (step->kind != STEP_BLOCKED || is_in_the_way)
            *list_push(ctx->arena, ret) = *step;
    }
    return OK;
}

static Status check_blocked(Ctx *ctx, const StepList *steps)
{
    const Step *first = NULL;
    int count = 0;
    EACH (step, *steps)
        if (step->kind == STEP_BLOCKED && count++ == 0)
            first = step;
    if (count == 0)
        return OK;
    return FAIL(ctx, E_CONFLICT, "migrate.blocked", "a numbered step is missing: " STR_FMT "%s",
                STR_ARG(first->what),
                count > 1 ? str_format(ctx->arena, ", and %d more", count - 1).ptr : "");
}

static void leave_out_contracting(Ctx *ctx, const Job *job, StepList *steps)
{
    size_t kept = 0;
    EACH (step, *steps)
        if (job->contract || !step->is_contract)
            steps->items[kept++] = *step;
    steps->len = kept;
}

static Status settle_steps(Ctx *ctx, const Job *job, const TableList *present,
                           const TableList *real, StepList *ret)
{
    StepList steps = { 0 };
    plan_settle(ctx->arena, job->engine, &job->wanted, present, real, &steps);
    TRY(ask(ctx, &steps, ret));
    leave_out_contracting(ctx, job, ret);
    return OK;
}

// ---- The two ways -------------------------------------------------------------------------------

// Before any numbered step has run it is not known what it clears away.
static Status show(Ctx *ctx, Job *job)
{
    TableList real, after;
    StepList expand = { 0 }, pending = { 0 }, settle = { 0 };
    TRY(schema_read(ctx, &real));
    plan_expand(ctx->arena, job->engine, &job->wanted, &real, &after, &expand);
    TRY(pending_steps(ctx, job, &real, &pending));
    TRY(settle_steps(ctx, job, &after, &real, &settle));
    append(ctx, job->plan, &expand);
    append(ctx, job->plan, &pending);
    append(ctx, job->plan, &settle);
    return pending.len ? OK : check_blocked(ctx, &settle);
}

static Status apply(Ctx *ctx, Job *job)
{
    TableList before, after;
    StepList expand = { 0 }, pending = { 0 }, settle = { 0 };
    TRY(schema_read(ctx, &before));
    TRY(pending_steps(ctx, job, &before, &pending));
    plan_expand(ctx->arena, job->engine, &job->wanted, &before, &after, &expand);
    append(ctx, job->plan, &expand);
    append(ctx, job->plan, &pending);
    TRY(run_steps(ctx, job, &expand));
    TRY(run_numbered(ctx, job, &pending, &before));

    TRY(schema_read(ctx, &after));
    TRY(settle_steps(ctx, job, &after, &after, &settle));
    append(ctx, job->plan, &settle);
    TRY(check_blocked(ctx, &settle));
    return run_steps(ctx, job, &settle);
}

// ---- The transaction ----------------------------------------------------------------------------

static Status check_references(Ctx *ctx)
{
    Str table, target;
    bool found;
    TRY(db_maybe(ctx, SQL("SELECT \"table\", parent FROM pragma_foreign_key_check LIMIT 1"), &found,
                 &table, &target));
    return !found
             ? OK
             : FAIL(ctx, E_CONFLICT, "migrate.references",
                    "rows of " STR_FMT " would refer to rows of " STR_FMT " that are not there",
                    STR_ARG(table), STR_ARG(target));
}

static Status within(Ctx *ctx, Job *job)
{
    if (!job->apply)
        return show(ctx, job);
    TRY(apply(ctx, job));
    return job->engine == ENGINE_SQLITE && job->was_rebuilt ? check_references(ctx) : OK;
}

static Status in_transaction(Ctx *ctx, Job *job)
{
    Conn *conn = job->conn;
    conn->driver->begin(conn);
    Status status = within(ctx, job);
    if (status == OK && job->apply)
        conn->driver->commit(conn);
    if (status == OK)
        status = conn_raise(ctx, conn);
    conn->driver->rollback(conn);  // nothing, after a commit
    return status;
}

// On SQLite a table that others refer to can only be replaced while nobody looks at references, and
// that can only be said outside a transaction.
static Status migrate(Ctx *ctx, void *arg)
{
    Job *job = arg;
    *job->plan = (StepList){ 0 };
    job->conn = ctx->conn;
    job->engine = db_engine(job->conn->db);
    job->wanted = (TableList){ 0 };
    job->was_rebuilt = false;
    schema_of_modules(ctx->arena, job->modules, &job->wanted);
    step_table(ctx->arena, &job->wanted);
    if (job->engine == ENGINE_POSTGRES)
        return in_transaction(ctx, job);

    job->conn->is_worn = true;  // not to be lent again with references off, whatever happens
    TRY(script(ctx, job, S("PRAGMA foreign_keys = OFF")));
    return in_transaction(ctx, job);
}

Status db_migrate(Ctx *ctx, Db *db, const EntityModule *const *modules, const Migration *migrations,
                  bool apply, bool contract, StepList *ret_plan)
{
    Job job = { .modules = modules,
                .migrations = migrations,
                .apply = apply,
                .contract = contract,
                .plan = ret_plan };
    return lane_alone(ctx, db, migrate, &job);
}
