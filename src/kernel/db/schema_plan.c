// schema_plan.c - from the tables there are to the tables that are wanted.
//
// Columns are compared by name and never dropped: one that nobody wants any more only loses its
// NOT NULL, so that rows can be inserted without it. On PostgreSQL each change is a statement of
// its own; SQLite can only add, so there all changes of a table become one rebuild.
#include "kernel/db/schema_plan.h"

#include "kernel/db/schema_ddl.h"
#include "kernel/db/schema_read.h"

#include <ctype.h>

typedef struct Plan {
    Arena *arena;
    Engine engine;
    const TableList *wanted, *present;
    StepList *steps;
} Plan;

Table *table_named(const TableList *tables, Str name)
{
    EACH (table, *tables)
        if (str_eq(table->name, name))
            return table;
    return NULL;
}

Column *column_in(const Table *table, Str name)
{
    EACH (column, table->columns)
        if (str_eq(column->name, name))
            return column;
    return NULL;
}

static Ddl ddl_new(const Plan *plan)
{
    Buf *out = NEW(plan->arena, Buf);
    out->arena = plan->arena;
    return (Ddl){ out, plan->engine };
}

static Step *add_step(const Plan *plan, StepKind kind, const Table *table, Str what, Str sql)
{
    Step *step = list_push(plan->arena, plan->steps);
    *step = (Step){ .kind = kind, .table = table->name, .what = what, .sql = sql };
    return step;
}

// ---- What adds ----------------------------------------------------------------------------------

static bool is_created_before(const Plan *plan, Str name, const Table *table)
{
    const Table *other = table_named(plan->wanted, name);
    return table_named(plan->present, name) || (other && other <= table);
}

// On PostgreSQL a reference is added with whichever of its two tables comes later.
static void references_of(const Plan *plan, const Ddl *ddl, const Table *table)
{
    EACH (c, table->columns)
        if (c->references.len && is_created_before(plan, c->references, table))
            ddl_reference(ddl, table, c);
    for (const Table *earlier = plan->wanted->items; earlier < table; earlier++)
        EACH (c, earlier->columns)
            if (str_eq(c->references, table->name) && !table_named(plan->present, earlier->name))
                ddl_reference(ddl, earlier, c);
}

static void create(const Plan *plan, const Table *table)
{
    Ddl ddl = ddl_new(plan);
    ddl_table(&ddl, table, table->name);
    ddl_indexes(&ddl, table);
    if (table->is_ledger)
        ddl_guard(&ddl, table);
    if (plan->engine == ENGINE_POSTGRES)
        references_of(plan, &ddl, table);
    add_step(plan, STEP_CREATE_TABLE, table,
             str_format(plan->arena, "create table " STR_FMT, STR_ARG(table->name)),
             buf_str(ddl.out));
}

// A required column without a value for the rows there are begins without NOT NULL.
static Column as_added(const Column *c)
{
    Column added = *c;
    added.not_null = c->not_null && c->initial.len > 0;
    return added;
}

static void add_columns(const Plan *plan, const Table *wanted, Table *after)
{
    EACH (c, wanted->columns) {
        if (column_in(after, c->name))
            continue;
        Ddl ddl = ddl_new(plan);
        Column added = as_added(c);
        ddl_add_column(&ddl, wanted, &added);
        *list_push(plan->arena, &after->columns) = added;
        add_step(plan, STEP_ADD_COLUMN, wanted,
                 str_format(plan->arena, "add column " STR_FMT "." STR_FMT, STR_ARG(wanted->name),
                            STR_ARG(c->name)),
                 buf_str(ddl.out));
    }
}

static Table *copy_table(const Plan *plan, const Table *table, TableList *to)
{
    Table *copy = list_push(plan->arena, to);
    *copy = *table;
    copy->columns = (ColumnList){ 0 };
    EACH (c, table->columns)
        *list_push(plan->arena, &copy->columns) = *c;
    return copy;
}

void plan_expand(Arena *arena, Engine engine, const TableList *wanted, const TableList *present,
                 TableList *ret_after, StepList *steps)
{
    Plan plan = { arena, engine, wanted, present, steps };
    *ret_after = (TableList){ 0 };
    EACH (table, *wanted)
        if (!table_named(present, table->name)) {
            create(&plan, table);
            *list_push(arena, ret_after) = *table;
        }
    EACH (table, *wanted) {
        const Table *found = table_named(present, table->name);
        if (found)
            add_columns(&plan, table, copy_table(&plan, found, ret_after));
    }
}

// ---- What changes -------------------------------------------------------------------------------

// The changes of one table.
typedef struct Change {
    const Plan *plan;
    const Table *wanted, *present;
    const Table *real;  // without the columns that are only planned
    Buf why;            // SQLite: the reasons for its rebuild
} Change;

// `sql` is PostgreSQL's way.
static void change(Change *ch, Str what, Str sql)
{
    if (ch->plan->engine == ENGINE_POSTGRES) {
        add_step(ch->plan, STEP_ALTER_TABLE, ch->wanted, what, sql);
        return;
    }
    buf_c(&ch->why, ch->why.len ? "; " : "");
    buf_put(&ch->why, what);
}

// `unless` "": it cannot be done without a decision.
static void block(const Change *ch, Str what, Str unless)
{
    add_step(ch->plan, STEP_BLOCKED, ch->wanted, what, S(""))->unless = unless;
}

// Not asked of a table whose new columns are only planned: the question may be about them.
static void block_rows(const Change *ch, Str what, Str unless)
{
    if (ch->real->columns.len == ch->present->columns.len)
        block(ch, what, unless);
}

static Str say(const Change *ch, const Column *c, const char *what)
{
    return str_format(ch->plan->arena, STR_FMT "." STR_FMT " %s", STR_ARG(ch->wanted->name),
                      STR_ARG(c->name), what);
}

static Str alter(const Change *ch, const Column *c, const char *action)
{
    return str_format(ch->plan->arena, "ALTER TABLE " STR_FMT " ALTER COLUMN " STR_FMT " %s;\n",
                      STR_ARG(ch->wanted->name), STR_ARG(c->name), action);
}

static Str rows_where(const Change *ch, const char *format, Str a, Str b)
{
    const char *condition =
        str_format(ch->plan->arena, format, STR_ARG(a), STR_ARG(b), STR_ARG(a)).ptr;
    return str_format(ch->plan->arena, "SELECT 1 FROM " STR_FMT " AS t WHERE %s LIMIT 1",
                      STR_ARG(ch->wanted->name), condition);
}

static void presence(Change *ch, const Column *wanted, const Column *present)
{
    if (wanted->not_null == present->not_null || wanted->generated.len)
        return;
    if (!wanted->not_null) {
        change(ch, say(ch, wanted, "may be absent"), alter(ch, wanted, "DROP NOT NULL"));
        return;
    }
    bool is_planned = !column_in(ch->real, wanted->name);  // then every row is without it
    block(ch, say(ch, wanted, "is required, and there are rows without it"),
          is_planned ? rows_where(ch, "1 = 1", S(""), S(""))
                     : rows_where(ch, "t." STR_FMT " IS NULL", wanted->name, S("")));
    change(ch, say(ch, wanted, "is required"), alter(ch, wanted, "SET NOT NULL"));
}

static void initial_value(Change *ch, const Column *wanted, const Column *present)
{
    if (str_eq(wanted->initial, present->initial))
        return;
    Str action = wanted->initial.len
                   ? str_format(ch->plan->arena, "SET DEFAULT " STR_FMT, STR_ARG(wanted->initial))
                   : S("DROP DEFAULT");
    change(ch, say(ch, wanted, "has another first value"), alter(ch, wanted, action.ptr));
}

static void reference(Change *ch, const Column *wanted, const Column *present)
{
    bool is_same_target = str_eq(wanted->references, present->references);
    Ddl ddl = ddl_new(ch->plan);
    if (is_same_target && wanted->cascade == present->cascade)
        return;
    if (present->references.len)
        ddl_drop_reference(&ddl, ch->wanted, present);
    if (wanted->references.len)
        ddl_reference(&ddl, ch->wanted, wanted);
    if (wanted->references.len && !is_same_target)
        block_rows(ch,
                   say(ch, wanted, "refers to another table, and some of its rows are not there"),
                   rows_where(ch,
                              "t." STR_FMT " IS NOT NULL AND NOT EXISTS (SELECT 1 FROM " STR_FMT
                              " AS r WHERE r.id = t." STR_FMT ")",
                              wanted->name, wanted->references));
    change(ch, say(ch, wanted, "refers differently"), buf_str(ddl.out));
}

static bool is_widened(const Column *wanted, const Column *present)
{
    return present->type == COLUMN_INT && wanted->type == COLUMN_BIGINT;
}

static bool mentions(Str sql, Str name)
{
    for (ptrdiff_t at; (at = str_find(sql, name)) >= 0;
         sql = str_from_at(sql, (size_t)at + name.len)) {
        char before = at > 0 ? sql.ptr[at - 1] : ' ';
        char after = (size_t)at + name.len < sql.len ? sql.ptr[(size_t)at + name.len] : ' ';
        if (!isalnum((unsigned char)before) && before != '_' && !isalnum((unsigned char)after) &&
            after != '_')
            return true;
    }
    return false;
}

// PostgreSQL drops indexes and checks together with a column they are about.
static void what_fell_with(const Change *ch, const Ddl *ddl, Str column)
{
    EACH (index, ch->present->indexes)
        if (mentions(index->columns, column) || mentions(index->where, column))
            ddl_index(ddl, ch->present, index);
    EACH (check, ch->present->checks)
        if (mentions(check->condition, column))
            ddl_check(ddl, ch->present, check);
}

static void computed(Change *ch, const Column *wanted, const Column *present)
{
    Ddl ddl = ddl_new(ch->plan);
    if (str_eq(wanted->generated, present->generated))
        return;
    buf_printf(ddl.out, "ALTER TABLE " STR_FMT " DROP COLUMN " STR_FMT ";\n",
               STR_ARG(ch->wanted->name), STR_ARG(wanted->name));
    ddl_add_column(&ddl, ch->wanted, wanted);
    what_fell_with(ch, &ddl, wanted->name);
    change(ch, say(ch, wanted, "is computed differently"), buf_str(ddl.out));
}

static void compare_column(Change *ch, const Column *wanted, const Column *present)
{
    if ((wanted->generated.len > 0) != (present->generated.len > 0)) {
        block(ch, say(ch, wanted, "is computed on one side and stored on the other"), S(""));
        return;
    }
    if (wanted->type != present->type && !is_widened(wanted, present)) {
        block(ch, say(ch, wanted, "has another type"), S(""));
        return;
    }
    if (is_widened(wanted, present))
        change(ch, say(ch, wanted, "holds larger numbers"), alter(ch, wanted, "TYPE BIGINT"));
    computed(ch, wanted, present);
    initial_value(ch, wanted, present);
    presence(ch, wanted, present);
    reference(ch, wanted, present);
}

static void compare_columns(Change *ch)
{
    EACH (present, ch->present->columns) {
        const Column *wanted = column_in(ch->wanted, present->name);
        Column unwanted = *present;
        unwanted.not_null = present->not_null && present->initial.len;
        compare_column(ch, wanted ? wanted : &unwanted, present);
    }
}

// ---- Checks, keys, guards -----------------------------------------------------------------------

static const TableCheck *check_in(const Table *table, Str name)
{
    EACH (check, table->checks)
        if (str_eq(check->name, name))
            return check;
    return NULL;
}

static void drop_check(const Change *ch, const Ddl *ddl, const TableCheck *check)
{
    buf_printf(ddl->out, "ALTER TABLE " STR_FMT " DROP CONSTRAINT " STR_FMT ";\n",
               STR_ARG(ch->wanted->name), STR_ARG(check->name));
}

static void compare_checks(Change *ch)
{
    EACH (check, ch->wanted->checks) {
        const TableCheck *present = check_in(ch->present, check->name);
        Ddl ddl = ddl_new(ch->plan);
        if (present && str_eq(present->condition, check->condition))
            continue;
        block_rows(ch,
                   str_format(ch->plan->arena,
                              "check " STR_FMT " is new, and there are rows that break it",
                              STR_ARG(check->name)),
                   rows_where(ch, "NOT (" STR_FMT ")", check->condition, S("")));
        if (present)
            drop_check(ch, &ddl, present);
        ddl_check(&ddl, ch->wanted, check);
        change(ch, str_format(ch->plan->arena, "check " STR_FMT, STR_ARG(check->name)),
               buf_str(ddl.out));
    }
    EACH (present, ch->present->checks) {
        Ddl ddl = ddl_new(ch->plan);
        if (check_in(ch->wanted, present->name))
            continue;
        drop_check(ch, &ddl, present);
        change(ch, str_format(ch->plan->arena, "no check " STR_FMT, STR_ARG(present->name)),
               buf_str(ddl.out));
    }
}

static void compare_guard(const Change *ch)
{
    static const char drop_sqlite[] =
        "DROP TRIGGER " STR_FMT "_guard_update; DROP TRIGGER " STR_FMT "_guard_delete;\n";
    Ddl ddl = ddl_new(ch->plan);
    Str name = ch->wanted->name;
    if (ch->wanted->is_ledger == ch->present->is_ledger)
        return;
    if (ch->wanted->is_ledger)
        ddl_guard(&ddl, ch->wanted);
    else if (ch->plan->engine == ENGINE_SQLITE)
        buf_printf(ddl.out, drop_sqlite, STR_ARG(name), STR_ARG(name));
    else
        buf_printf(ddl.out, "DROP TRIGGER " STR_FMT "_guard ON " STR_FMT ";\n", STR_ARG(name),
                   STR_ARG(name));
    add_step(ch->plan, STEP_ALTER_TABLE, ch->wanted,
             str_format(ch->plan->arena, STR_FMT " is %s ledger", STR_ARG(name),
                        ch->wanted->is_ledger ? "a" : "no longer a"),
             buf_str(ddl.out));
}

// ---- Indexes ------------------------------------------------------------------------------------

static const TableIndex *index_in(const Table *table, Str name)
{
    EACH (index, table->indexes)
        if (str_eq(index->name, name))
            return index;
    return NULL;
}

static bool is_same_index(const TableIndex *a, const TableIndex *b)
{
    return a->unique == b->unique && str_eq(a->columns, b->columns) && str_eq(a->where, b->where);
}

static void drop_index(const Change *ch, const TableIndex *index, bool is_contract)
{
    Arena *arena = ch->plan->arena;
    Str what = str_format(arena, "drop index " STR_FMT, STR_ARG(index->name));
    Str sql = str_format(arena, "DROP INDEX " STR_FMT ";\n", STR_ARG(index->name));
    add_step(ch->plan, STEP_DROP_INDEX, ch->wanted, what, sql)->is_contract = is_contract;
}

// Rows that are equal in all columns; a NULL is equal to nothing.
static Str rows_alike(const Change *ch, const TableIndex *index)
{
    Arena *arena = ch->plan->arena;
    Str rest = index->columns, part;
    Buf columns = { .arena = arena };
    while (str_next(&rest, ',', &part)) {
        if (str_ends(part, S(" DESC")))
            part.len -= strlen(" DESC");
        buf_c(&columns, columns.len ? "," : "");
        buf_put(&columns, part);
    }
    Str all = buf_str(&columns), where = index->where.len ? index->where : S("1 = 1");
    return str_format(
        arena,
        "SELECT 1 FROM " STR_FMT " WHERE (" STR_FMT ") AND (" STR_FMT ") = (" STR_FMT ")"
        " GROUP BY " STR_FMT " HAVING count(*) > 1 LIMIT 1",
        STR_ARG(ch->wanted->name), STR_ARG(where), STR_ARG(all), STR_ARG(all), STR_ARG(all));
}

static void create_index(const Change *ch, const TableIndex *index)
{
    Arena *arena = ch->plan->arena;
    Ddl ddl = ddl_new(ch->plan);
    ddl_index(&ddl, ch->wanted, index);
    if (index->unique)
        block_rows(ch,
                   str_format(arena, "index " STR_FMT " is unique, and there are rows that are not",
                              STR_ARG(index->name)),
                   rows_alike(ch, index));
    add_step(ch->plan, STEP_CREATE_INDEX, ch->wanted,
             str_format(arena, "create index " STR_FMT, STR_ARG(index->name)), buf_str(ddl.out));
}

static void compare_indexes(const Change *ch)
{
    EACH (index, ch->wanted->indexes) {
        const TableIndex *present = index_in(ch->present, index->name);
        if (present && is_same_index(present, index))
            continue;
        if (present)
            drop_index(ch, present, false);
        create_index(ch, index);
    }
    EACH (present, ch->present->indexes)
        if (!index_in(ch->wanted, present->name))
            drop_index(ch, present, true);
}

// ---- A table as a whole -------------------------------------------------------------------------

// As it shall be, with the columns that nobody wants any more behind the others.
static Table rebuilt(const Change *ch)
{
    Table table = *ch->wanted;
    table.columns = (ColumnList){ 0 };
    EACH (c, ch->wanted->columns)
        *list_push(ch->plan->arena, &table.columns) = *c;
    EACH (c, ch->present->columns)
        if (!column_in(ch->wanted, c->name)) {
            Column *kept = list_push(ch->plan->arena, &table.columns);
            *kept = *c;
            kept->not_null = c->not_null && c->initial.len;
        }
    return table;
}

static Str stored_columns(const Change *ch)
{
    Buf out = { .arena = ch->plan->arena };
    EACH (c, ch->present->columns)
        if (!c->generated.len)
            buf_printf(&out, "%s" STR_FMT, out.len ? ", " : "", STR_ARG(c->name));
    return buf_str(&out);
}

// https://www.sqlite.org/lang_altertable.html, "Making Other Kinds Of Table Schema Changes".
// Indexes and guard come back as they were; what is new about them is done by steps of its own.
static void rebuild(const Change *ch)
{
    Ddl ddl = ddl_new(ch->plan);
    Arena *arena = ch->plan->arena;
    Str name = ch->wanted->name, columns = stored_columns(ch);
    Str temporary = str_join(arena, S("rebuilt_"), name);
    Table table = rebuilt(ch);
    ddl_table(&ddl, &table, temporary);
    buf_printf(ddl.out,
               "INSERT INTO " STR_FMT " (" STR_FMT ") SELECT " STR_FMT " FROM " STR_FMT ";\n"
               "DROP TABLE " STR_FMT ";\n"
               "ALTER TABLE " STR_FMT " RENAME TO " STR_FMT ";\n",
               STR_ARG(temporary), STR_ARG(columns), STR_ARG(columns), STR_ARG(name), STR_ARG(name),
               STR_ARG(temporary), STR_ARG(name));
    ddl_indexes(&ddl, ch->present);
    if (ch->present->is_ledger)
        ddl_guard(&ddl, ch->present);
    add_step(ch->plan, STEP_REBUILD_TABLE, ch->wanted,
             str_format(arena, "rebuild " STR_FMT ": " STR_FMT, STR_ARG(name),
                        STR_ARG(buf_str(&ch->why))),
             buf_str(ddl.out));
}

static void compare(Change *ch)
{
    if (!str_eq(ch->wanted->key, ch->present->key))
        block(ch,
              str_format(ch->plan->arena, STR_FMT " has another key", STR_ARG(ch->wanted->name)),
              S(""));
    compare_columns(ch);
    compare_checks(ch);
    if (ch->why.len)
        rebuild(ch);
    compare_guard(ch);
    compare_indexes(ch);
}

void plan_settle(Arena *arena, Engine engine, const TableList *wanted, const TableList *present,
                 const TableList *real, StepList *steps)
{
    Plan plan = { arena, engine, wanted, present, steps };
    EACH (table, *wanted) {
        Change ch = { .plan = &plan,
                      .wanted = table,
                      .present = table_named(present, table->name),
                      .real = table_named(real, table->name),
                      .why = { .arena = arena } };
        if (ch.present && ch.real)
            compare(&ch);
    }
}

void schema_plan(Arena *arena, Engine engine, const TableList *wanted, const TableList *present,
                 StepList *ret)
{
    TableList after;
    *ret = (StepList){ 0 };
    plan_expand(arena, engine, wanted, present, &after, ret);
    plan_settle(arena, engine, wanted, &after, present, ret);
}
