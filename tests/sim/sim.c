// sim.c - tells the story: draws operations, runs them, checks that refusals change nothing, calls
// the auditor now and then, and keeps the log that replays it all.
//
//     TEST_SEED=7 SIM_OPERATIONS=1000000 entrepot-sim       another story, a long one
//     SIM_LOG=FILE        where the log is kept (else it is, in TMPDIR, only when something is
//     found) SIM_REPLAY=FILE     that log again; each answer must be the one of that time
//     SIM_DUMP=FILE       what the databases hold at the end, as text that does not depend on
//     engine or day SIM_AUDIT=N         the auditor comes every N operations (a fifth of them)
//     SIM_STOP=N          a replay ends after N operations, with an audit
//
// Under tests/postgres.sh the same on PostgreSQL.
#include "sim/sim.h"

#include "base/map.h"
#include "kernel/verify.h"

#include <inttypes.h>
#include <unistd.h>

typedef struct Op {
    const SimKind *kind;
    uint64_t chance;
    Time now;
    char answer[64];  // of that time, in a replay
} Op;

typedef struct Story {
    Sim *sim;
    Random random;
    int64_t at, operations, audit_every;
    int64_t done, refused, checked;  // checked: refusals compared with the whole database
    FILE *log, *replay;
    char log_path[4096];
    Map answers;  // code -> count
} Story;

static int64_t given(const char *name, int64_t otherwise)
{
    const char *text = getenv(name);
    int64_t value = otherwise;
    if (text && !str_int(str_from(text), &value)) {
        fprintf(stderr, "%s=%s is no number\n", name, text);
        exit(2);
    }
    return value;
}

void sim_found(Sim *sim, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    sim->findings++;
    printf("found: ");
    vprintf(format, args);
    printf("\n");
    va_end(args);
}

// ---- Kinds --------------------------------------------------------------------------------------

static const SimKind *const groups[] = { sim_selling, sim_paying, sim_storing, sim_booking };

static const SimKind *kind_named(const char *name)
{
    for (size_t g = 0; g < COUNT(groups); g++)
        for (const SimKind *kind = groups[g]; kind->name; kind++)
            if (strcmp(kind->name, name) == 0)
                return kind;
    fprintf(stderr, "the log names an operation '%s' that there is not\n", name);
    exit(2);
}

// ---- Auditing -----------------------------------------------------------------------------------

static void report(const char *check, Str sentence, void *arg)
{
    sim_found(arg, "verify: %s: " STR_FMT, check, STR_ARG(sentence));
}

static Status audit_all(Ctx *ctx, void *arg)
{
    static Status (*const audits[])(Sim *, Ctx *) = { audit_stock, audit_value, audit_books,
                                                      audit_owed };
    for (size_t i = 0; i < COUNT(audits); i++) {
        ArenaMark mark = arena_mark(ctx->arena);
        TRY(audits[i](arg, ctx));
        arena_rewind(ctx->arena, mark);
    }
    return OK;
}

// What follows from events is there when their jobs have run. An operation like the others, so that
// the log has it too.
static Status call_auditor(Sim *sim, Ctx *ctx, Random *chance)
{
    VerifyRun run = { .report = report, .arg = sim };
    TRY(kind_named("jobs")->run(sim, ctx, chance));
    TRY(tenant_read(ctx, audit_all, sim));
    return verify_run(ctx, &run);
}

static const SimKind auditing = { "audit", 0, call_auditor, true };

// ---- Drawing ------------------------------------------------------------------------------------

static const SimKind *kind_at(int64_t weight)
{
    for (size_t g = 0; g < COUNT(groups); g++)
        for (const SimKind *kind = groups[g]; kind->name; kind++) {
            weight -= kind->weight;
            if (weight < 0)
                return kind;
        }
    return NULL;
}

static int64_t all_weights(void)
{
    int64_t sum = 0;
    for (size_t g = 0; g < COUNT(groups); g++)
        for (const SimKind *kind = groups[g]; kind->name; kind++)
            sum += kind->weight;
    return sum;
}

// A minute or two between operations; now and then the clock leaps, or goes back.
static Time next_instant(Story *story)
{
    Time now = story->sim->ctx->now;
    Random *r = &story->random;
    if (sim_one_in(r, 2000))
        return now + sim_roll(r, 9 * DAY);
    if (sim_one_in(r, 400))
        return sim_one_in(r, 2) ? now + sim_roll(r, 12 * HOUR) : now - sim_roll(r, 2 * HOUR);
    return now + sim_roll(r, 150 * SECOND);
}

static bool next_drawn(Story *story, Op *op)
{
    if (story->at >= story->operations)
        return false;
    bool is_last = story->at + 1 == story->operations;
    op->kind = kind_at(sim_roll(&story->random, all_weights()));
    if (is_last || (story->at + 1) % story->audit_every == 0)
        op->kind = &auditing;
    op->chance = random_next(&story->random);
    op->now = next_instant(story);
    return true;
}

static bool next_logged(Story *story, Op *op)
{
    char name[32];
    int64_t number;
    if (story->operations && story->at >= story->operations)
        return false;
    if (fscanf(story->replay, "%" SCNd64 " %31s %" SCNx64 " %" SCNd64 " = %63s", &number, name,
               &op->chance, &op->now, op->answer) != 5)
        return false;
    op->kind = strcmp(name, auditing.name) == 0 ? &auditing : kind_named(name);
    return true;
}

// ---- Running ------------------------------------------------------------------------------------

typedef struct Turn {
    Sim *sim;
    const Op *op;
} Turn;

// A member of a lane may run again: everything it draws and notes begins anew.
static Status run_op(Ctx *ctx, void *arg)
{
    Turn *turn = arg;
    Random chance = { turn->op->chance };
    turn->sim->made_count = 0;
    return turn->op->kind->run(turn->sim, ctx, &chance);
}

static Status run_turn(Sim *sim, const Op *op)
{
    Turn turn = { sim, op };
    Tenant *tenant;
    TRY(tenant_open(sim->ctx, sim->house.tenant->code, &tenant));
    tenant_enter(sim->ctx, tenant);
    if (op->kind->is_outside)
        return run_op(sim->ctx, &turn);
    Status status = tenant_transact(sim->ctx, run_op, &turn);
    for (int again = 0; status == E_BUSY && again < 20; again++) {
        ctx_recover(sim->ctx);
        status = tenant_transact(sim->ctx, run_op, &turn);
    }
    return status;
}

static void remember(Sim *sim)
{
    for (int i = 0; i < sim->made_count; i++)
        *list_push(&sim->keep, &sim->lists[sim->made[i].list]) = sim->made[i].id;
    sim->made_count = 0;
}

// A refusal is an answer; what is our own mistake, or the database's word for it, is not.
static void judge(Story *story, const Op *op, Status status)
{
    const Failure *failure = &story->sim->ctx->failure;
    bool is_lost = status == E_BUSY && strcmp(failure->code, "sim.answer_lost") == 0;
    bool is_ours = status == E_INTERNAL || (status == E_BUSY && !is_lost) ||
                   strcmp(failure->code, "db.check") == 0 ||
                   strcmp(failure->code, "db.reference") == 0;
    if (is_ours)
        sim_found(story->sim, "operation %lld (%s): %s: " STR_FMT " (%s:%d)", (long long)story->at,
                  op->kind->name, failure->code, STR_ARG(failure->message),
                  failure->file ? failure->file : "", failure->line);
}

static void count_answer(Story *story, const char *code)
{
    Arena *keep = &story->sim->keep;
    int64_t *count = map_get(&story->answers, str_from(code));
    if (!count) {
        count = NEW(keep, int64_t);
        map_set(&story->answers, str_copy(keep, str_from(code)), count);
    }
    ++*count;
}

static Status read_figures(Ctx *ctx, void *arg)
{
    return sim_figures(ctx, arg);
}

static Status read_fingerprint(Ctx *ctx, void *arg)
{
    return sim_fingerprint(ctx, arg);
}

static uint64_t print_of(Sim *sim, TxFn read)
{
    uint64_t print = 0;
    CHECK_OK(sim->ctx, tenant_read(sim->ctx, read, &print));
    return print;
}

// The whole database is read for a few operations only: the more there is in it, the rarer.
static bool is_looked_at_whole(int64_t at)
{
    if (at < 400)
        return at % 10 == 0;
    return (at & (at - 1)) < 12 || at % 5003 == 0;
}

static void note(Story *story, const Op *op, const char *answer)
{
    if (story->log)
        fprintf(story->log, "%lld %s %016" PRIx64 " %lld = %s\n", (long long)story->at,
                op->kind->name, op->chance, (long long)op->now, answer);
    if (story->replay && strcmp(answer, op->answer) != 0)
        sim_found(story->sim, "operation %lld (%s) was answered %s, and now %s",
                  (long long)story->at, op->kind->name, op->answer, answer);
}

// Of a form with mistakes the first one says more than that there are some.
static const char *code_of(const Failure *failure)
{
    return failure->problems.len ? failure->problems.items[0].code : failure->code;
}

static void take_turn(Story *story, const Op *op)
{
    Sim *sim = story->sim;
    char answer[64] = "ok";
    ArenaMark mark = arena_mark(sim->ctx->arena);
    bool is_one = !op->kind->is_outside, is_whole = is_one && is_looked_at_whole(story->at);
    sim->ctx->now = op->now;
    uint64_t figures = is_one ? print_of(sim, read_figures) : 0;
    uint64_t whole = is_whole ? print_of(sim, read_fingerprint) : 0;
    Status status = run_turn(sim, op);
    if (status == OK) {
        remember(sim);
        story->done++;
    } else {
        judge(story, op, status);
        snprintf(answer, sizeof answer, "%s", code_of(&sim->ctx->failure));
        if (getenv("SIM_TELL"))
            printf("%lld %s %s: " STR_FMT "\n", (long long)story->at, op->kind->name, answer,
                   STR_ARG(sim->ctx->failure.problems.len ? sim->ctx->failure.problems.items[0].path
                                                          : sim->ctx->failure.message));
        story->refused++;
        if (op->kind->is_outside)
            remember(sim);
    }
    ctx_recover(sim->ctx);
    if (status != OK && is_one && figures != print_of(sim, read_figures))
        sim_found(sim, "operation %lld (%s) was refused (%s) and has changed something",
                  (long long)story->at, op->kind->name, answer);
    if (status != OK && is_whole) {
        story->checked++;
        if (whole != print_of(sim, read_fingerprint))
            sim_found(sim, "operation %lld (%s) was refused (%s) and has left a trace",
                      (long long)story->at, op->kind->name, answer);
    }
    note(story, op, answer);
    count_answer(story, answer);
    tenant_enter(sim->ctx, sim->house.tenant);
    arena_rewind(sim->ctx->arena, mark);
}

static Status dump_to(Ctx *ctx, void *arg)
{
    return sim_dump(ctx, arg);
}

static void dump(Story *story, const char *path)
{
    FILE *to = fopen(path, "we");
    CHECK(to != NULL);
    if (!to)
        return;
    CHECK_OK(story->sim->ctx, tenant_read(story->sim->ctx, dump_to, to));
    fclose(to);
}

// ---- The story ----------------------------------------------------------------------------------

static void open_log(Story *story)
{
    const char *path = getenv("SIM_LOG"), *replay = getenv("SIM_REPLAY"), *base = getenv("TMPDIR");
    if (replay && !(story->replay = fopen(replay, "re"))) {
        perror(replay);
        exit(2);
    }
    snprintf(story->log_path, sizeof story->log_path, "%s%s%d.log",
             path ? path : (base ? base : "/tmp"), path ? "" : "/entrepot-sim-",
             path ? 0 : (int)getpid());
    if (path)
        snprintf(story->log_path, sizeof story->log_path, "%s", path);
    if (!replay && !(story->log = fopen(story->log_path, "we"))) {
        perror(story->log_path);
        exit(2);
    }
}

static void close_log(const Story *story)
{
    if (story->replay)
        fclose(story->replay);
    if (!story->log)
        return;
    fclose(story->log);
    if (story->sim->findings)
        printf("the story: SIM_REPLAY=%s SIM_STOP=%lld build/asan/tests/sim/entrepot-sim\n",
               story->log_path, (long long)story->at);
    else if (!getenv("SIM_LOG"))
        unlink(story->log_path);
}

static void summarize(const Story *story, uint64_t seed)
{
    printf("%lld operations (seed %" PRIu64 ", %s): %lld done, %lld refused in %zu ways,"
           " %lld refusals against the whole database, %lld found\n",
           (long long)story->at, seed, fixture_is_postgres() ? "PostgreSQL" : "SQLite",
           (long long)story->done, (long long)story->refused, story->answers.len - 1,
           (long long)story->checked, (long long)story->sim->findings);
    for (size_t i = 0; getenv("SIM_ANSWERS") && i < story->answers.len; i++)
        printf("%8lld " STR_FMT "\n", (long long)*(int64_t *)story->answers.values[i],
               STR_ARG(story->answers.keys[i]));
}

static void live(Story *story)
{
    Op op = { 0 };
    while (!story->sim->findings &&
           (story->replay ? next_logged(story, &op) : next_drawn(story, &op))) {
        take_turn(story, &op);
        story->at++;
    }
    if (!story->sim->findings && op.kind != &auditing) {
        op = (Op){ &auditing, 0, story->sim->ctx->now, "ok" };
        take_turn(story, &op);
    }
}

void sim_live(Sim *sim, uint64_t seed, int64_t operations)
{
    Story story = { .sim = sim,
                    .random = { seed },
                    .operations = operations,
                    .audit_every = operations,
                    .answers = { .arena = &sim->keep } };
    live(&story);
    CHECK_INT(sim->findings, 0);
}

static void test_story(void)
{
    static Sim sim;
    sim = (Sim){ .ctx = test_ctx() };
    uint64_t seed = sim.ctx->random->state;
    Story story = { .sim = &sim, .random = { seed }, .answers = { .arena = &sim.keep } };
    open_log(&story);
    story.operations = story.replay ? given("SIM_STOP", 0) : given("SIM_OPERATIONS", 2000);
    story.audit_every = given("SIM_AUDIT", story.operations / 5 + 1);
    sim_world_open(&sim);
    live(&story);
    if (getenv("SIM_DUMP"))
        dump(&story, getenv("SIM_DUMP"));
    summarize(&story, seed);
    close_log(&story);
    CHECK_INT(sim.findings, 0);
    sim_world_close(&sim);
}

const Test sim_tests[] = {
    { "random business adds up, and what is refused leaves no trace", test_story },
    { 0 },
};
