// test_schema.c - tables from declarations, and from one release to the next with the rows kept.
#include "kernel/db/schema.h"

#include "gen/catalog.gen.h"
#include "gen/control.gen.h"
#include "gen/finance.gen.h"
#include "gen/inventory.gen.h"
#include "gen/logistics.gen.h"
#include "gen/oms.gen.h"
#include "harness.h"
#include "kernel/fixture.h"
#include "kernel/warehouse.h"

static Status run_text(Ctx *ctx, void *arg)
{
    return db_write(ctx, (Query){ sql_intern(str_from(arg)), NULL, 0 });
}

static void run(Ctx *ctx, Db *db, const char *sql)
{
    CHECK_OK(ctx, db_transact(ctx, db, run_text, (void *)sql));
}

static void run_fails(Ctx *ctx, Db *db, const char *code, const char *sql)
{
    CHECK_FAILS(ctx, code, db_transact(ctx, db, run_text, (void *)sql));
}

static Status migrate(Ctx *ctx, Db *db, WarehouseVersion version, const Migration *migrations)
{
    StepList plan;
    return db_migrate(ctx, db, warehouse_modules(version), migrations, true, false, &plan);
}

// Whether the plan that is shown has a step of this kind whose words hold `what`.
static bool plan_has(const StepList *plan, StepKind kind, const char *what)
{
    EACH (step, *plan)
        if (step->kind == kind && str_find(step->what, str_from(what)) >= 0)
            return true;
    return false;
}

static void check_no_steps(Ctx *ctx, Db *db, const EntityModule *const *modules)
{
    StepList plan;
    CHECK_OK(ctx, db_migrate(ctx, db, modules, NULL, false, true, &plan));
    EACH (step, plan)
        test_fail(__FILE__, __LINE__, "still to do: " STR_FMT "\n" STR_FMT, STR_ARG(step->what),
                  STR_ARG(step->sql));
}

// Version 1 with a shelf, a crate with two lines and a label, a move, a level and a rent.
static Db *open_warehouse(Ctx *ctx)
{
    Db *db = fixture_open(ctx);
    CHECK_OK(ctx, migrate(ctx, db, WAREHOUSE_1, NULL));
    run(ctx, db,
        "INSERT INTO shelf (id, created_at, updated_at, code, name) VALUES (1, 0, 0, 'A',"
        " 'First')");
    run(ctx, db,
        "INSERT INTO label (id, created_at, updated_at, name) VALUES (2, 0, 0, 'fragile')");
    run(ctx, db,
        "INSERT INTO crate (id, created_at, updated_at, number, shelf_id, total, paid, weight_g)"
        " VALUES (3, 0, 0, 'C-1', 1, 100, 40, 5)");
    run(ctx, db,
        "INSERT INTO crate_line (id, crate_id, item) VALUES (4, 3, 'cup'), (5, 3, 'plate')");
    run(ctx, db, "INSERT INTO crate_labels (owner_id, target_id) VALUES (3, 2)");
    run(ctx, db,
        "INSERT INTO crate_move (id, crate_id, at, shelf_id, amount) VALUES (6, 3, 0, 1, 7)");
    run(ctx, db, "INSERT INTO crate_level (shelf_id, made_of, amount) VALUES (1, 'wood', 7)");
    run(ctx, db,
        "INSERT INTO rent (id, created_at, updated_at, valid_from, shelf_id) VALUES (7,"
        " 0, 0, 10, 1)");
    return db;
}

static void check_rows_kept(Ctx *ctx, Db *db)
{
    CHECK_INT(
        fixture_number(ctx, db,
                       "SELECT sum(id * 1000 + total + weight_g) FROM crate WHERE number = 'C-1'"),
        3105);
    CHECK_INT(fixture_number(ctx, db,
                             "SELECT count(*) FROM crate_line JOIN crate ON crate.id = crate_id"),
              2);
    CHECK_INT(fixture_number(ctx, db, "SELECT count(*) FROM crate_labels WHERE owner_id = 3"), 1);
    CHECK_INT(fixture_number(ctx, db, "SELECT amount FROM crate_move"), 7);
    CHECK_INT(fixture_number(ctx, db, "SELECT amount FROM crate_level"), 7);
}

// ---- Creating -----------------------------------------------------------------------------------

static void test_what_is_made_is_what_was_wanted(void)
{
    Ctx *ctx = test_ctx();
    Db *db = fixture_open(ctx);
    CHECK_OK(ctx, migrate(ctx, db, WAREHOUSE_1, NULL));
    check_no_steps(ctx, db, warehouse_modules(WAREHOUSE_1));
    CHECK_OK(ctx, migrate(ctx, db, WAREHOUSE_1, NULL));
    fixture_close(db);
}

static void test_the_product_s_own_tables(void)
{
    static const EntityModule *const tenant[] = { &kernel_module,
                                                  &company_module,
                                                  &party_module,
                                                  &tax_module,
                                                  &ledger_module,
                                                  &catalog_module,
                                                  &billing_module,
                                                  &payments_module,
                                                  &inventory_module,
                                                  &oms_module,
                                                  &logistics_module,
                                                  &finance_module,
                                                  NULL };
    static const EntityModule *const control[] = { &control_module, NULL };
    Ctx *ctx = test_ctx();
    const EntityModule *const *both[] = { tenant, control };
    for (size_t i = 0; i < COUNT(both); i++) {
        Db *db = fixture_open(ctx);
        StepList plan;
        CHECK_OK(ctx, db_migrate(ctx, db, both[i], NULL, true, false, &plan));
        CHECK(plan.len > 0);
        check_no_steps(ctx, db, both[i]);
        fixture_close(db);
    }
}

static void test_tables_hold_what_they_promise(void)
{
    // clang-format off
    static const struct {
        const char *row, *code, *sql;
    } rows[] = {
        { "reference to nothing",      "db.reference",   "UPDATE crate SET shelf_id = 99" },
        { "a parent that is no crate", "db.reference",   "INSERT INTO crate_line (id,"
        " crate_id, item) VALUES (9, 1, 'x')" },
        { "check",                     "db.check",       "UPDATE crate SET paid = -1" },
        { "check of a keyed one",      "db.check",       "UPDATE crate_level SET amount = -1" },
        { "unique",                    "db.duplicate",   "INSERT INTO shelf (id,"
        " created_at, updated_at, code) VALUES (9, 0, 0, 'A')" },
        { "unique note, empty part",   "db.duplicate",   "INSERT INTO crate_line (id,"
        " crate_id, item) VALUES (9, 3, 'cup')" },
        { "one fact for each day",     "db.duplicate",   "INSERT INTO rent (id,"
        " created_at, updated_at, valid_from, shelf_id) VALUES (9, 0, 0, 10, 1)" },
        { "composite key",             "db.duplicate",   "INSERT INTO crate_level"
        " (shelf_id, made_of) VALUES (1, 'wood')" },
        { "ledger rows stay",          "db.append_only", "UPDATE crate_move SET amount = 8" },
        { "ledger rows stay at all",   "db.append_only", "DELETE FROM crate_move" },
        { "what is referred to stays", "db.reference",   "DELETE FROM label WHERE id = 2" },
        { "required",                  "db.refused",     "UPDATE crate SET shelf_id = NULL" },
        { "numbers are numbers",       NULL,             "UPDATE crate SET total = 'much'" },
    };
    // clang-format on
    Ctx *ctx = test_ctx();
    Db *db = open_warehouse(ctx);
    for (size_t i = 0; i < COUNT(rows); i++) {
        test_row = rows[i].row;
        if (rows[i].code)
            run_fails(ctx, db, rows[i].code, rows[i].sql);
        else
            CHECK(db_transact(ctx, db, run_text, (void *)rows[i].sql) != OK);
        ctx_recover(ctx);
    }
    test_row = NULL;
    // Unique among those that have one; no barcode is not one.
    run(ctx, db,
        "INSERT INTO shelf (id, created_at, updated_at, code, above_id) VALUES (8, 0, 0, 'B', 1)");
    run_fails(ctx, db, "db.duplicate", "UPDATE shelf SET barcode = '471'");
    CHECK_INT(fixture_number(ctx, db, "SELECT due FROM crate"), 60);
    CHECK_INT(fixture_number(
                  ctx, db, "SELECT count(*) FROM crate WHERE state = 'open' AND made_of = 'wood'"),
              1);
    check_rows_kept(ctx, db);
    fixture_close(db);
}

static void test_a_header_takes_its_lines_along(void)
{
    Ctx *ctx = test_ctx();
    Db *db = open_warehouse(ctx);
    run(ctx, db,
        "INSERT INTO crate (id, created_at, updated_at, number, shelf_id) VALUES (9, 0,"
        " 0, 'C-2', 1)");
    run(ctx, db, "INSERT INTO crate_line (id, crate_id, item) VALUES (10, 9, 'cup')");
    run(ctx, db, "INSERT INTO crate_labels (owner_id, target_id) VALUES (9, 2)");
    run(ctx, db, "DELETE FROM crate WHERE id = 9");
    CHECK_INT(fixture_number(ctx, db, "SELECT count(*) FROM crate_line WHERE crate_id = 9"), 0);
    CHECK_INT(fixture_number(ctx, db, "SELECT count(*) FROM crate_labels WHERE owner_id = 9"), 0);
    run_fails(ctx, db, "db.reference",
              "DELETE FROM crate WHERE id = 3");  // a ledger row is no line
    fixture_close(db);
}

static bool find_rule(Str name, DbRule *ret)
{
    *ret = (DbRule){ E_CONFLICT,
                     str_is(name, "crate_line_parent_item_best_by") ? "line.twice"
                     : str_is(name, "shelf_code")                   ? "shelf.code"
                     : str_is(name, "rent_dated")                   ? "rent.dated"
                     : str_is(name, "crate_level_short")            ? "stock.short"
                                                                    : "test.unknown",
                     "no" };
    return true;
}

static void test_rules_are_found_by_their_declared_names(void)
{
    Ctx *ctx = test_ctx();
    Db *db = open_warehouse(ctx);
    db_set_rules(find_rule);
    run_fails(ctx, db, "line.twice",
              "INSERT INTO crate_line (id, crate_id, item) VALUES (9, 3, 'cup')");
    run_fails(ctx, db, "shelf.code",
              "INSERT INTO shelf (id, created_at, updated_at, code) VALUES (9, 0, 0, 'A')");
    run_fails(ctx, db, "rent.dated",
              "INSERT INTO rent (id, created_at, updated_at, valid_from, shelf_id) VALUES (9,"
              " 0, 0, 10, 1)");
    run_fails(ctx, db, "stock.short", "UPDATE crate_level SET amount = amount - 8");
    db_set_rules(NULL);
    fixture_close(db);
}

// ---- Growing ------------------------------------------------------------------------------------

static Status read_crate(Ctx *ctx, void *arg)
{
    return db_one(ctx, SQL("SELECT total FROM crate WHERE id = $1", 3), (int64_t *)arg);
}

static void test_what_only_adds_is_done_by_itself(void)
{
    Ctx *ctx = test_ctx();
    Db *db = open_warehouse(ctx);
    StepList plan;
    int64_t total = 0;
    CHECK_OK(ctx, db_read(ctx, db, read_crate, &total));
    CHECK_OK(ctx, db_migrate(ctx, db, warehouse_modules(WAREHOUSE_2), NULL, false, false, &plan));
    CHECK_INT((int64_t)plan.len, 6);
    CHECK(plan_has(&plan, STEP_CREATE_TABLE, "create table pallet"));
    CHECK(plan_has(&plan, STEP_ADD_COLUMN, "crate.spare_id"));
    CHECK(plan_has(&plan, STEP_ADD_COLUMN, "crate.fee"));
    CHECK(plan_has(&plan, STEP_ADD_COLUMN, "crate.currency"));
    CHECK(plan_has(&plan, STEP_CREATE_INDEX, "crate_paid_ix"));
    CHECK(plan_has(&plan, STEP_CREATE_INDEX, "crate_spare_ix"));
    CHECK_OK(ctx, migrate(ctx, db, WAREHOUSE_2, NULL));
    check_no_steps(ctx, db, warehouse_modules(WAREHOUSE_2));
    check_rows_kept(ctx, db);
    CHECK_INT(fixture_number(ctx, db, "SELECT fee FROM crate"), 10);
    run_fails(ctx, db, "db.reference", "UPDATE crate SET spare_id = 99");
    CHECK_OK(ctx, db_read(ctx, db, read_crate, &total));
    CHECK_INT(total, 100);

    // The release before goes on working: nothing it uses is gone.
    CHECK_OK(ctx, db_migrate(ctx, db, warehouse_modules(WAREHOUSE_1), NULL, true, false, &plan));
    CHECK_INT((int64_t)plan.len, 0);
    CHECK_OK(ctx, db_migrate(ctx, db, warehouse_modules(WAREHOUSE_1), NULL, true, true, &plan));
    CHECK(plan_has(&plan, STEP_DROP_INDEX, "crate_paid_ix"));
    fixture_close(db);
}

static void test_a_new_check_keeps_the_rows(void)
{
    Ctx *ctx = test_ctx();
    Db *db = open_warehouse(ctx);
    StepList plan;
    CHECK_OK(ctx,
             db_migrate(ctx, db, warehouse_modules(WAREHOUSE_CHECKED), NULL, true, false, &plan));
    CHECK(plan_has(&plan, fixture_is_postgres() ? STEP_ALTER_TABLE : STEP_REBUILD_TABLE,
                   "crate_sane"));
    check_no_steps(ctx, db, warehouse_modules(WAREHOUSE_CHECKED));
    check_rows_kept(ctx, db);
    run_fails(ctx, db, "db.check", "UPDATE crate SET paid = 101");
    run_fails(ctx, db, "db.reference", "DELETE FROM crate");
    run_fails(ctx, db, "db.duplicate",
              "INSERT INTO crate (id, created_at, updated_at, number, shelf_id)"
              " VALUES (9, 0, 0, 'C-1', 1)");
    fixture_close(db);
}

static void test_a_rebuilt_ledger_is_still_one(void)
{
    Ctx *ctx = test_ctx();
    Db *db = open_warehouse(ctx);
    CHECK_OK(ctx, migrate(ctx, db, WAREHOUSE_CHANGED, NULL));
    run_fails(ctx, db, "db.append_only", "UPDATE crate_move SET amount = 8");
    fixture_close(db);
}

static void test_what_may_be_looser_or_wider_changes_by_itself(void)
{
    Ctx *ctx = test_ctx();
    Db *db = open_warehouse(ctx);
    CHECK_OK(ctx, migrate(ctx, db, WAREHOUSE_CHANGED, NULL));
    check_rows_kept(ctx, db);
    CHECK_INT(fixture_number(ctx, db, "SELECT due FROM crate"), 59);
    run(ctx, db, "UPDATE crate_line SET count = 5000000000");
    run(ctx, db, "UPDATE crate SET paid = -1, made_of = NULL");
    run(ctx, db,
        "INSERT INTO crate (id, created_at, updated_at, number, shelf_id) VALUES (9, 0,"
        " 0, 'C-2', 1)");
    CHECK_INT(
        fixture_number(ctx, db, "SELECT count(*) FROM crate WHERE source_id IS NULL AND note = ''"),
        2);
    CHECK_OK(ctx, migrate(ctx, db, WAREHOUSE_CHANGED, NULL));
    fixture_close(db);
}

// ---- What is in the way -------------------------------------------------------------------------

static void test_what_needs_a_decision_is_named_and_nothing_runs(void)
{
    // clang-format off
    static const struct {
        const char *row;
        WarehouseVersion version;
        const char *before;  // makes the rows be in the way
        const char *what, *after;  // clears the way; NULL: nothing does
    } rows[] = {
        { "broken check",      WAREHOUSE_CHECKED,  "UPDATE crate SET paid = 200",
          "crate_sane",        "UPDATE crate SET paid = 1" },
        { "required column",   WAREHOUSE_REQUIRED, NULL,
          "crate.keeper_id",   "DELETE FROM crate WHERE id > 3" },
        { "equal rows",        WAREHOUSE_UNIQUE,   "INSERT INTO crate (id, created_at,"
        " updated_at, number, shelf_id)"
                                                   " VALUES (9, 0, 0, 'C-2', 1)",
          "crate_shelf_sealed_on_ix", "UPDATE crate SET sealed_on = 5 WHERE id = 9" },
        { "another type",      WAREHOUSE_RETYPED,  NULL, "crate.weight_g", NULL },
        { "another key",       WAREHOUSE_REKEYED,  NULL, "crate_level has another key", NULL },
    };
    // clang-format on
    Ctx *ctx = test_ctx();
    for (size_t i = 0; i < COUNT(rows); i++) {
        test_row = rows[i].row;
        Db *db = open_warehouse(ctx);
        StepList plan;
        if (rows[i].before)
            run(ctx, db, rows[i].before);
        for (int apply = 0; apply <= 1; apply++) {
            CHECK_FAILS(
                ctx, "migrate.blocked",
                db_migrate(ctx, db, warehouse_modules(rows[i].version), NULL, apply, false, &plan));
            CHECK(plan_has(&plan, STEP_BLOCKED, rows[i].what));
        }
        check_no_steps(ctx, db, warehouse_modules(WAREHOUSE_1));
        if (rows[i].after && rows[i].version != WAREHOUSE_REQUIRED) {
            run(ctx, db, rows[i].after);
            CHECK_OK(ctx, migrate(ctx, db, rows[i].version, NULL));
            check_no_steps(ctx, db, warehouse_modules(rows[i].version));
        }
        fixture_close(db);
    }
    test_row = NULL;
}

static void test_an_empty_table_may_get_a_required_column(void)
{
    Ctx *ctx = test_ctx();
    Db *db = fixture_open(ctx);
    CHECK_OK(ctx, migrate(ctx, db, WAREHOUSE_1, NULL));
    CHECK_OK(ctx, migrate(ctx, db, WAREHOUSE_REQUIRED, NULL));
    check_no_steps(ctx, db, warehouse_modules(WAREHOUSE_REQUIRED));
    fixture_close(db);
}

// ---- Numbered steps -----------------------------------------------------------------------------

static void test_a_numbered_step_clears_the_way(void)
{
    static const Migration steps[] = {
        { "warehouse", 1, "mark",
          "UPDATE crate SET total = total + 1; UPDATE shelf SET name = 'one'" },
        { "warehouse", 2, "keeper", "UPDATE crate SET keeper_id = shelf_id, total = total * 2" },
        { 0 },
    };
    Ctx *ctx = test_ctx();
    Db *db = open_warehouse(ctx);
    StepList plan;
    CHECK_OK(ctx, db_migrate(ctx, db, warehouse_modules(WAREHOUSE_REQUIRED), steps, false, false,
                             &plan));
    CHECK(plan_has(&plan, STEP_NUMBERED, "warehouse 0002 keeper"));
    CHECK_INT(fixture_number(ctx, db, "SELECT total FROM crate"), 100);

    CHECK_OK(ctx, migrate(ctx, db, WAREHOUSE_REQUIRED, steps));
    check_no_steps(ctx, db, warehouse_modules(WAREHOUSE_REQUIRED));
    CHECK_INT(fixture_number(ctx, db, "SELECT total FROM crate"), 202);
    CHECK_INT(fixture_number(ctx, db, "SELECT count(*) FROM schema_step WHERE done_at > 0"), 2);
    CHECK_OK(ctx,
             db_migrate(ctx, db, warehouse_modules(WAREHOUSE_REQUIRED), steps, true, false, &plan));
    CHECK_INT((int64_t)plan.len, 0);
    CHECK_INT(fixture_number(ctx, db, "SELECT total FROM crate"), 202);
    run_fails(ctx, db, "db.refused", "UPDATE crate SET keeper_id = NULL");
    fixture_close(db);
}

static void test_a_failed_step_leaves_everything_as_it_was(void)
{
    static const Migration steps[] = {
        { "warehouse", 1, "good", "UPDATE crate SET total = 7" },
        { "warehouse", 2, "bad", "UPDATE crate SET nonsense = 1" },
        { 0 },
    };
    Ctx *ctx = test_ctx();
    Db *db = open_warehouse(ctx);
    CHECK_FAILS(ctx, "db.statement", migrate(ctx, db, WAREHOUSE_2, steps));
    check_no_steps(ctx, db, warehouse_modules(WAREHOUSE_1));
    CHECK_INT(fixture_number(ctx, db, "SELECT total FROM crate"), 100);
    CHECK_INT(fixture_number(ctx, db, "SELECT count(*) FROM schema_step"), 0);
    run_fails(ctx, db, "db.reference",
              "UPDATE crate SET shelf_id = 99");  // references are on again
    CHECK_OK(ctx, migrate(ctx, db, WAREHOUSE_2, NULL));
    fixture_close(db);
}

static void test_a_step_that_breaks_references_is_undone(void)
{
    static const Migration steps[] = {
        { "warehouse", 1, "careless",
          "DELETE FROM crate_move WHERE id < 0; UPDATE crate SET shelf_id = 77" },
        { 0 },
    };
    Ctx *ctx = test_ctx();
    Db *db = open_warehouse(ctx);
    CHECK_FAILS(ctx, fixture_is_postgres() ? "db.reference" : "migrate.references",
                migrate(ctx, db, WAREHOUSE_1, steps));
    CHECK_INT(fixture_number(ctx, db, "SELECT shelf_id FROM crate"), 1);
    fixture_close(db);
}

static void test_contracting_waits_until_it_is_asked_for(void)
{
    static const Migration steps[] = {
        { "warehouse", 1, "drop", "UPDATE crate SET total = 1", .is_contract = true },
        { "warehouse", 2, "later", "UPDATE crate SET total = total + 5" },
        { 0 },
    };
    Ctx *ctx = test_ctx();
    Db *db = open_warehouse(ctx);
    StepList plan;
    CHECK_OK(ctx, migrate(ctx, db, WAREHOUSE_1, steps));
    CHECK_INT(fixture_number(ctx, db, "SELECT total FROM crate"), 105);
    CHECK_OK(ctx, db_migrate(ctx, db, warehouse_modules(WAREHOUSE_1), steps, true, true, &plan));
    CHECK_INT(fixture_number(ctx, db, "SELECT total FROM crate"), 1);
    CHECK_INT((int64_t)plan.len, 1);
    fixture_close(db);
}

static void test_a_new_tenant_has_nothing_to_move(void)
{
    static const Migration steps[] = {
        { "warehouse", 1, "old", "UPDATE crate SET gone_long_ago = 1" },
        { "warehouse", 2, "older", "UPDATE nowhere SET a = 1", .is_contract = true },
        { 0 },
    };
    Ctx *ctx = test_ctx();
    Db *db = fixture_open(ctx);
    CHECK_OK(ctx, migrate(ctx, db, WAREHOUSE_1, steps));
    CHECK_OK(ctx, migrate(ctx, db, WAREHOUSE_1, steps));
    CHECK_INT(fixture_number(ctx, db, "SELECT count(*) FROM schema_step"), 2);
    fixture_close(db);
}

// ---- While others are at work -------------------------------------------------------------------

typedef struct Busy {
    Db *db;
    WarehouseVersion version;
} Busy;

static Status migrate_meanwhile(Ctx *ctx, void *arg)
{
    const Busy *busy = arg;
    ThreadCtx other;
    int64_t before, after;
    TRY(db_one(ctx, SQL("SELECT count(*) FROM shelf"), &before));
    thread_ctx(&other, 1);
    CHECK_OK(&other.ctx, migrate(&other.ctx, busy->db, busy->version, NULL));
    thread_ctx_release(&other);
    TRY(db_one(ctx, SQL("SELECT count(*) FROM shelf"), &after));
    CHECK_INT(after, before);
    return OK;
}

static void test_readers_go_on_while_tables_are_added(void)
{
    Ctx *ctx = test_ctx();
    Db *db = open_warehouse(ctx);
    Busy busy = { db, WAREHOUSE_2 };
    CHECK_OK(ctx, db_read(ctx, db, migrate_meanwhile, &busy));
    check_no_steps(ctx, db, warehouse_modules(WAREHOUSE_2));
    fixture_close(db);
}

const Test schema_tests[] = {
    { "what is made is what was wanted", test_what_is_made_is_what_was_wanted },
    { "the product's own tables", test_the_product_s_own_tables },
    { "tables hold what they promise", test_tables_hold_what_they_promise },
    { "a header takes its lines along", test_a_header_takes_its_lines_along },
    { "rules are found by their declared names", test_rules_are_found_by_their_declared_names },
    { "what only adds is done by itself", test_what_only_adds_is_done_by_itself },
    { "a new check keeps the rows", test_a_new_check_keeps_the_rows },
    { "a rebuilt ledger is still one", test_a_rebuilt_ledger_is_still_one },
    { "what may be looser or wider changes by itself",
      test_what_may_be_looser_or_wider_changes_by_itself },
    { "what needs a decision is named, and nothing runs",
      test_what_needs_a_decision_is_named_and_nothing_runs },
    { "an empty table may get a required column", test_an_empty_table_may_get_a_required_column },
    { "a numbered step clears the way", test_a_numbered_step_clears_the_way },
    { "a failed step leaves everything as it was", test_a_failed_step_leaves_everything_as_it_was },
    { "a step that breaks references is undone", test_a_step_that_breaks_references_is_undone },
    { "contracting waits until it is asked for", test_contracting_waits_until_it_is_asked_for },
    { "a new tenant has nothing to move", test_a_new_tenant_has_nothing_to_move },
    { "readers go on while tables are added", test_readers_go_on_while_tables_are_added },
    { 0 },
};
