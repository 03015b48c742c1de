// library.c - the lending library's modules.
#include "kernel/library.h"

#include "base/json.h"
#include "kernel/event.h"
#include "kernel/job.h"
#include "kernel/tenant.h"
#include "loan.gen.h"

static const Permission shelf_permissions[] = {
    { "library.view", "See the shelves" },
    { "library.edit", "Change the shelves" },
    { "shelf.read", "See the books" },
    { 0 },
};
const Module shelf_part = {
    .name = "shelf",
    .label = "Library",
    .entities = &shelf_module,
    .permissions = shelf_permissions,
};

// ---- Lending ------------------------------------------------------------------------------------

// The number is the law's: drawn when the book goes out.
static Status lend(Ctx *ctx, void *record, const void *input)
{
    Loan *loan = record;
    (void)input;
    TRY(event_emit(ctx, "loan.loan.lent", loan->record.id, S("")));
    return number_draw(ctx, &loan_entity, "number", tenant_today(ctx), &loan->number);
}

static Status check_lines(Ctx *ctx, const void *record)
{
    const Loan *loan = record;
    return loan->lines.len ? OK : FAIL(ctx, E_CONFLICT, "loan.empty", "there is nothing to lend");
}

// ---- Reminding ----------------------------------------------------------------------------------

LibraryRun library_runs[LIBRARY_RUNS_MAX];
int library_run_count;

// Fails as often as its input says: {"fail": 2}.
static Status remind(Ctx *ctx, const JobRun *job)
{
    const Json *input = NULL;
    int64_t fails = 0;
    LibraryRun *run = &library_runs[library_run_count++ % LIBRARY_RUNS_MAX];
    *run = (LibraryRun){ job->subject.id, job->attempt };
    if (job->input.len) {
        TRY(json_parse(ctx, job->input, &input));
        if (json_get(input, "fail"))
            json_int(json_get(input, "fail"), &fails);
    }
    if (job->attempt <= fails)
        return FAIL(ctx, E_BUSY, "loan.no_answer", "nobody answered");
    return OK;
}

static const JobDef loan_jobs[] = {
    { "loan.remind", "Remind", remind, .in_lane = true, .retries = 3 },
    { "loan.call", "Call", remind, .retries = 3 },
    { 0 },
};
static const EventDef loan_events[] = {
    { "loan.loan.lent", "A book was lent", &loan_entity },
    { 0 },
};
static const Subscription loan_subscriptions[] = {
    { "loan.loan.lent", "loan.remind" },
    { 0 },
};

static const Action loan_actions[] = {
    { "lend", "Lend", "asked", "lent", "loan.lend", lend, .check = check_lines,
      .flags = ACTION_PRIMARY },
    { 0 },
};
static const Machine loan_machines[] = {
    { &loan_entity, "state", loan_actions },
    { 0 },
};
static const Permission loan_permissions[] = {
    { "loan.view", "See loans" },
    { "loan.edit", "Change loans" },
    { "loan.lend", "Lend books" },
    { 0 },
};
const Module loan_part = {
    .name = "loan",
    .label = "Lending",
    .entities = &loan_module,
    .permissions = loan_permissions,
    .machines = loan_machines,
    .jobs = loan_jobs,
    .events = loan_events,
    .subscriptions = loan_subscriptions,
};
