// restore.c - a backup is checked from its first byte to its seal, and only then becomes a company.
//
// Its rows are put in one transaction, so there is all of the company or nothing. A row whose
// reference leads to one that comes later (a tree's node put under a later one, a circle of tables)
// is put without it, and pointed there at the end. What broke off before the company was let in is
// finished by restoring again with the same code.
#include "kernel/tenant/backup.h"

#include "gen/control.gen.h"
#include "gen/kernel.gen.h"
#include "kernel/auth/actor.h"
#include "kernel/db/copy.h"
#include "kernel/entity/record.h"
#include "kernel/files/store.h"
#include "kernel/secrets.h"
#include "kernel/tenant/backup_tables.h"
#include "kernel/tenant/backup_walk.h"
#include "kernel/tenant/directory.h"

typedef struct Later {  // a reference to be set when its target is there
    const Table *table;
    const Column *column;
    int64_t id, to;
} Later;

typedef struct Restoring {
    Str path;
    BackupReport *report;
    TableList tables;    // of this company, as this program wants them
    bool *is_put;        // one each: its rows are all there
    const Table *table;  // the one being read
    ColumnList columns;
    int id_at;
    Arena arena;  // of `columns` and `later`
    LIST(Later) later;
} Restoring;

static void close_restoring(void *arg)
{
    arena_release(&((Restoring *)arg)->arena);
}

// ---- Rows ---------------------------------------------------------------------------------------

static const Column *column_named(const Table *table, Str name)
{
    EACH (column, table->columns)
        if (str_eq(column->name, name) && column->generated.len == 0)
            return column;
    return NULL;
}

static Status newer(Ctx *ctx, Str what)
{
    return FAIL(ctx, E_INVALID, "backup.newer",
                "the backup was made by a newer program: '" STR_FMT "' is not known here",
                STR_ARG(what));
}

static Status put_table(Ctx *ctx, Str name, const Str *columns, size_t count, void *arg)
{
    Restoring *r = arg;
    r->table = backup_table_named(&r->tables, name);
    if (!r->table)
        return newer(ctx, name);
    r->columns = (ColumnList){ 0 };
    r->id_at = -1;
    for (size_t i = 0; i < count; i++) {
        const Column *column = column_named(r->table, columns[i]);
        if (!column)
            return newer(ctx, columns[i]);
        if (str_is(column->name, "id"))
            r->id_at = (int)i;
        *list_push(&r->arena, &r->columns) = *column;
    }
    // Which numbered steps a company has had, it says itself.
    return str_is(name, "schema_step") ? table_empty(ctx, r->table) : OK;
}

static bool is_there(const Restoring *r, const Column *column, int64_t target, int64_t own)
{
    const Table *table = backup_table_named(&r->tables, column->references);
    if (table == r->table)
        return target <= own;
    return !table || r->is_put[table - r->tables.items];
}

static Status put_row(Ctx *ctx, const Arg *values, size_t count, void *arg)
{
    Restoring *r = arg;
    Arg *row = NEW_ARRAY(ctx->arena, Arg, count + 1);
    int64_t own = r->id_at >= 0 ? values[r->id_at].number : 0;
    memcpy(row, values, count * sizeof *row);
    for (size_t i = 0; i < count; i++) {
        const Column *column = &r->columns.items[i];
        if (!column->references.len || row[i].type != ARG_INT ||
            is_there(r, column, row[i].number, own))
            continue;
        if (column->not_null || r->table->is_ledger || r->id_at < 0)
            return FAIL(ctx, E_INTERNAL, "backup.order",
                        STR_FMT " refers to rows that come behind it", STR_ARG(r->table->name));
        *list_push(&r->arena, &r->later) =
            (Later){ r->table, column_named(r->table, column->name), own, row[i].number };
        row[i] = (Arg){ .type = ARG_NULL };
    }
    return table_put(ctx, r->table, &r->columns, row);
}

static Status put_table_end(Ctx *ctx, int64_t rows, void *arg)
{
    Restoring *r = arg;
    int64_t there;
    r->is_put[r->table - r->tables.items] = true;
    TRY(table_count(ctx, r->table, &there));
    return there == rows
             ? OK
             : FAIL(ctx, E_INTERNAL, "backup.rows", STR_FMT " should have %lld rows and has %lld",
                    STR_ARG(r->table->name), (long long)rows, (long long)there);
}

static Status put_file(Ctx *ctx, Str digest, Str bytes, void *arg)
{
    (void)arg;
    return store_put(ctx, digest, "", bytes);
}

// ---- The company --------------------------------------------------------------------------------

static Status require_empty(Ctx *ctx, const Restoring *r)
{
    EACH (table, r->tables) {
        int64_t rows;
        TRY(table_count(ctx, table, &rows));
        if (rows && !str_is(table->name, "schema_step"))
            return FAIL(ctx, E_CONFLICT, "backup.not_empty",
                        "there are rows in " STR_FMT " already", STR_ARG(table->name));
    }
    return OK;
}

static Status put_all(Ctx *ctx, void *arg)
{
    static const BackupSteps steps = {
        .table = put_table, .row = put_row, .table_end = put_table_end, .file = put_file
    };
    Restoring *r = arg;
    TRY(backup_tables(ctx, &r->tables));
    r->is_put = NEW_ARRAY(ctx->arena, bool, r->tables.len + 1);
    TRY(require_empty(ctx, r));
    TRY(backup_walk(ctx, r->path, &steps, r, r->report));
    EACH (later, r->later)
        TRY(table_point(ctx, later->table, later->column, later->id, later->to));
    return OK;
}

static Status take_header(Ctx *ctx, const Json *json, void *arg)
{
    TenantSpec *spec = arg;
    const Json *month = json_get(json, "fiscal_month");
    int64_t n;
    spec->name = spec->name.len ? spec->name : str_copy(ctx->arena, json_str(json, "name"));
    spec->country = str_copy(ctx->arena, json_str(json, "country"));
    spec->language = str_copy(ctx->arena, json_str(json, "language"));
    spec->zone = str_copy(ctx->arena, json_str(json, "zone"));
    spec->currency = str_copy(ctx->arena, json_str(json, "currency"));
    spec->modules = str_copy(ctx->arena, json_str(json, "modules"));
    spec->fiscal_month = month && json_int(month, &n) && n >= 1 && n <= 12 ? (int)n : 1;
    return OK;
}

// ---- Its people ---------------------------------------------------------------------------------

typedef struct People {
    Id tenant;
    IdList users;
} People;

static Status list_people(Ctx *ctx, void *arg)
{
    People *people = arg;
    Id user;
    Rows *rows =
        db_query(ctx, SQL("SELECT staff_user FROM member WHERE staff_user > 0 AND archived = 0"));
    while (rows_next(rows, &user))
        *list_push(ctx->arena, &people->users) = user;
    return rows_end(rows);
}

// Staff users that are known here belong to it again; others are invited anew.
static Status let_in(Ctx *ctx, void *arg)
{
    const People *people = arg;
    EACH (user, people->users) {
        bool is_known, is_member;
        Id id;
        TRY(db_maybe(ctx, SQL("SELECT id FROM staff_user WHERE id = $1", *user), &is_known, &id));
        TRY(db_maybe(ctx,
                     SQL("SELECT id FROM membership WHERE user_id = $1 AND tenant_id = $2", *user,
                         people->tenant),
                     &is_member, &id));
        if (!is_known || is_member)
            continue;
        Membership *membership = membership_new(ctx);
        membership->user = *user;
        membership->tenant = people->tenant;
        TRY(membership_save(ctx, membership));
    }
    return OK;
}

// ---- The whole ----------------------------------------------------------------------------------

static Status fill(Ctx *ctx, const TenantEntry *entry, Restoring *r)
{
    StepList steps;
    Tenant *tenant;
    People people = { .tenant = entry->id };
    TRY(tenant_open_creating(ctx, entry, &tenant));
    ctx->tenant = tenant;
    secrets_forget(entry->id);
    TRY(db_bulk(ctx, tenant->db, put_all, r));
    // The numbered steps of an older backup are done now, on its rows.
    TRY(tenant_migrate(ctx, tenant->db, entry->modules, true, false, &steps));
    TRY(tenant_read(ctx, list_people, &people));
    return db_transact(ctx, control_db(), let_in, &people);
}

Status backup_restore(Ctx *ctx, Str path, const TenantSpec *spec, BackupReport *ret, Id *ret_tenant)
{
    TenantSpec full = *spec;
    TenantEntry entry;
    Tenant *outer = ctx->tenant;
    Actor *actor = ctx->actor;
    Restoring *r = NEW(ctx->arena, Restoring);
    *r = (Restoring){ .path = path, .report = ret };
    arena_defer(ctx->arena, close_restoring, r);
    TRY(backup_walk(ctx, path, &(BackupSteps){ .header = take_header }, &full, ret));
    TRY(tenant_prepare(ctx, &full, &entry));
    ctx->actor = &actor_system;
    Status status = fill(ctx, &entry, r);
    ctx->tenant = outer;
    ctx->actor = actor;
    TRY(status);
    *ret_tenant = entry.id;
    return tenant_activate(ctx, entry.id);
}
