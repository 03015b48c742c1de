// test_import_page.c - the import wizard from the outside: a pasted table is matched, checked,
// corrected where it is refused, imported, and taken back; a job is followed by its page.
#include "harness.h"

#include "kernel/job.h"
#include "web/desk.h"

static const char table[] = "Number\tName\tE-mail\tCredit limit\n"
                            "C-1\tNorth\tnorth@example.com\t100\n"
                            "C-2\tSouth\tnot an address\t200\n"
                            "C-3\tEast\teast@example.com\tmuch\n";

static int64_t number_of(Ctx *ctx, const char *sql)
{
    return fixture_number(ctx, ctx->tenant->db, sql);
}

static void run_jobs(Ctx *ctx)
{
    int ran;
    CHECK_OK(ctx, jobs_run_due(ctx, &ran));
}

static Str form_of(Ctx *ctx, const char *pattern, Str value)
{
    return str_format(ctx->arena, pattern, STR_ARG(url_encode(ctx->arena, value)));
}

// The address a step leads to; the run's id is its last part.
static Str step(Ctx *ctx, const Desk *desk, Str target, Str fields)
{
    Answered answer = desk_post(ctx, desk, target, fields.ptr);
    CHECK_INT(answer.status, 303);
    return answer.location;
}

static Str upload(Ctx *ctx, const Desk *desk)
{
    return step(ctx, desk, S("/admin/import"),
                form_of(ctx, "entity=party&pasted=" STR_FMT, str_from(table)));
}

static Str file_of(Str location)
{
    Str rest = str_from_at(location, (size_t)str_find(location, S("file=")) + 5);
    return str_sub(rest, 0, 13);
}

static Str check(Ctx *ctx, const Desk *desk, Str matching)
{
    Str fields =
        str_format(ctx->arena,
                   "entity=party&file=" STR_FMT "&columns[0].heading=Number&columns[0].path=number"
                   "&columns[1].heading=Name&columns[1].path=name"
                   "&columns[2].heading=E-mail&columns[2].path=email"
                   "&columns[3].heading=Credit+limit&columns[3].path=credit_limit",
                   STR_ARG(file_of(matching)));
    Str run = step(ctx, desk, S("/admin/import/match"), fields);
    run_jobs(ctx);
    return run;
}

static Str below(Ctx *ctx, Str run, const char *what)
{
    return str_format(ctx->arena, STR_FMT "%s", STR_ARG(run), what);
}

static void test_wizard(void)
{
    Ctx *ctx = test_ctx();
    Desk desk;
    desk_open(ctx, &desk);
    int64_t before = number_of(ctx, "SELECT count(*) FROM party");
    Answered choose = desk_get(ctx, &desk, S("/admin/import?entity=party"));
    CHECK(answer_has(choose, "value=\"party\" selected"));

    Str matching = upload(ctx, &desk);
    Answered match = desk_get(ctx, &desk, matching);
    CHECK_INT(match.status, 200);
    CHECK(answer_has(match, "value=\"email\" selected") && answer_has(match, "north@example.com"));

    Str run = check(ctx, &desk, matching);
    Answered checked = desk_get(ctx, &desk, run);
    CHECK(answer_has(checked, "Import 1 record"));
    CHECK(answer_has(checked,
                     "value=\"not an address\" aria-label=\"E-mail, 3\" aria-invalid=\"true\""));
    CHECK(
        answer_has(checked, "value=\"much\" aria-label=\"Credit limit, 4\" aria-invalid=\"true\""));
    CHECK(!answer_has(checked, "value=\"South\" aria-label=\"Name, 3\" aria-invalid"));
    CHECK_INT(number_of(ctx, "SELECT count(*) FROM party"), before);  // nothing is written

    Str fixed = step(ctx, &desk, below(ctx, run, "/fix"),
                     S("rows[0].line=3&rows[0].cells[0]=C-2&rows[0].cells[1]=South"
                       "&rows[0].cells[2]=south@example.com&rows[0].cells[3]=200"
                       "&rows[1].line=4&rows[1].cells[0]=C-3&rows[1].cells[1]=East"
                       "&rows[1].cells[2]=east@example.com&rows[1].cells[3]=300"));
    run_jobs(ctx);
    CHECK(answer_has(desk_get(ctx, &desk, fixed), "Every row can be imported."));

    Str done = step(ctx, &desk, below(ctx, fixed, "/start"), S(""));
    CHECK(answer_has(desk_get(ctx, &desk, done), "data-live="));  // still running
    run_jobs(ctx);
    CHECK_INT(number_of(ctx, "SELECT count(*) FROM party"), before + 3);
    CHECK_INT(number_of(ctx, "SELECT credit_limit FROM party WHERE number = 'C-3'"), 30000);
    CHECK(answer_has(desk_get(ctx, &desk, done), "Take it back"));
    CHECK_INT(desk_post(ctx, &desk, below(ctx, done, "/start"), "").status, 409);

    // The next file with these headings is taken as this one was.
    CHECK(answer_has(desk_get(ctx, &desk, upload(ctx, &desk)), "value=\"credit_limit\" selected"));

    step(ctx, &desk, below(ctx, done, "/undo"), S(""));
    CHECK_INT(number_of(ctx, "SELECT count(*) FROM party"), before);
    step(ctx, &desk, below(ctx, done, "/undo"), S(""));  // nothing is left to take back
    desk_close(&desk);
}

// What somebody has used since stays.
static void test_undo_kept(void)
{
    Ctx *ctx = test_ctx();
    Desk desk;
    desk_open(ctx, &desk);
    Str run = check(ctx, &desk, upload(ctx, &desk));
    Str done = step(ctx, &desk, below(ctx, run, "/start"), S(""));
    run_jobs(ctx);
    Str order = str_format(
        ctx->arena, "customer=" STR_FMT "&channel=" STR_FMT "&currency=GBP",
        STR_ARG(id_text(ctx->arena, number_of(ctx, "SELECT id FROM party WHERE number = 'C-1'"))),
        STR_ARG(id_text(ctx->arena, desk.shop.web)));
    step(ctx, &desk, S("/admin/oms/orders/new/save"), order);
    step(ctx, &desk, below(ctx, done, "/undo"), S(""));
    CHECK_INT(number_of(ctx, "SELECT count(*) FROM party WHERE number = 'C-1'"), 1);
    desk_close(&desk);
}

static void test_refused(void)
{
    Ctx *ctx = test_ctx();
    Desk desk;
    desk_open(ctx, &desk);
    CHECK_INT(desk_post(ctx, &desk, S("/admin/import"), "entity=party&pasted=").status, 422);
    CHECK_INT(desk_post(ctx, &desk, S("/admin/import"), "entity=audit_row&pasted=a").status, 422);
    CHECK_INT(desk_get(ctx, &desk, S("/admin/import/0000000000001")).status, 404);
    Str matching = upload(ctx, &desk);
    desk.token = ask_token(ctx, "viewer@example.com", "Viewer");
    CHECK_INT(desk_get(ctx, &desk, S("/admin/import")).status, 403);
    CHECK_INT(desk_get(ctx, &desk, matching).status, 403);
    CHECK_INT(desk_post(ctx, &desk, S("/admin/import"), "entity=party&pasted=a").status, 403);
    desk_close(&desk);
}

static void test_job(void)
{
    Ctx *ctx = test_ctx();
    Desk desk;
    desk_open(ctx, &desk);
    check(ctx, &desk, upload(ctx, &desk));
    Id job = number_of(ctx, "SELECT max(id) FROM job WHERE name = 'kernel.import'");
    Str target = str_format(ctx->arena, "/admin/jobs/" STR_FMT, STR_ARG(id_text(ctx->arena, job)));
    Answered page = desk_get(ctx, &desk, target);
    CHECK_INT(page.status, 200);
    CHECK(answer_has(page, "pasted.csv") && answer_has(page, "Done"));
    CHECK(!answer_has(page, "data-live"));
    CHECK_INT(desk_post(ctx, &desk, below(ctx, target, "/cancel"), "").status, 409);  // over
    desk.token = ask_token(ctx, "sales@example.com", "Sales");
    CHECK_INT(desk_get(ctx, &desk, target).status, 403);
    CHECK_INT(desk_get(ctx, &desk, below(ctx, target, "/events")).status, 403);
    desk_close(&desk);
}

const Test import_page_tests[] = {
    { "a pasted table is matched, checked, corrected, imported and taken back", test_wizard },
    { "what is in use stays when an import is taken back", test_undo_kept },
    { "an import without a table, or without the right, is refused", test_refused },
    { "a job's page tells how it went to who may see jobs", test_job },
    { 0 },
};
