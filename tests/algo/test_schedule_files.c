// test_schedule_files.c - the files of entrepot-schedule: what is read, what is refused and why,
// and what is written.
#include "harness.h"
#include "tool/schedule_write.h"

// ---- The same small shop in every form ----------------------------------------------------------
// Two jobs on two machines: 0 for 3, then 1 for 2; and 1 for 4, then 0 for 1. The best makespan is
// 6: machine 1 works for 4 + 2.

// clang-format off
static const struct {
    const char *name, *text;
    int first_number;
} forms[] = {
    { "classic JSON",    "{\"name\":\"x\",\"jobs\":[[[0,3],[1,2]],[[1,4],[0,1]]]}", 0 },
    { "over two lines",  "{\"name\":\"x\",\n\"jobs\":[[[0,3],[1,2]],[[1,4],[0,1]]]}\n", 0 },
    { "classic text",    "2 2\n0 3 1 2\n1 4 0 1\n", 0 },
    { "with remarks",    "# a shop\ninstance x\n 2 2 \r\n 0 3 1 2\r\n+++++\n 1 4 0 1", 0 },
    { "from one",        "2 2\n1 3 2 2\n2 4 1 1\n", 1 },
    { "flexible text",   "2 2 1.5\n2 1 1 3 1 2 2\n2 1 2 4 1 1 1\n", 1 },
    { "flexible from 0", "2 2 1\n2 1 0 3 1 1 2\n2 1 1 4 1 0 1\n", 0 },
    { "flexible JSON",   "{\"operations\":[{\"operation\":0,\"machine\":0,\"duration\":3},"
                         "{\"operation\":1,\"machine\":1,\"duration\":2},{\"operation\":3,\"machine\":0,\"duration\":1},"
                         "{\"operation\":2,\"machine\":1,\"duration\":4}],"
                         "\"precedences\":[{\"before\":0,\"after\":1},{\"before\":2,\"after\":3}]}", 0 },
    { "work centres",    "{\"work_centres\":[{\"id\":\"a\"},{\"id\":\"b\"}],\"jobs\":[{\"operations\":["
                         "{\"work_centre\":\"a\",\"duration\":3},{\"work_centre\":\"b\",\"duration\":2}]},"
                         "{\"operations\":[{\"alternatives\":[{\"work_centre\":\"b\",\"duration\":4}]},"
                         "{\"work_centre\":\"a\",\"duration\":1}]}]}", 0 },
};
// clang-format on

static void test_forms(void)
{
    Ctx *ctx = test_ctx();
    for (size_t r = 0; r < COUNT(forms); r++) {
        test_row = forms[r].name;
        ScheduleTaskList tasks = { 0 };
        CHECK_OK(ctx, schedule_read(ctx, str_from(forms[r].text), &tasks));
        CHECK_INT((int64_t)tasks.len, 1);
        ScheduleTask *task = tasks.items;
        CHECK_INT(task->shop.operations, 4);
        CHECK_INT(task->shop.machines, 2);
        CHECK_INT(task->first_number, forms[r].first_number);
        Budget budget = { .steps = 200 };
        JobShopPlan plan;
        CHECK_OK(ctx, jobshop_schedule(ctx, &task->shop, &budget, &plan));
        CHECK_INT(plan.makespan, 6);
    }
}

static void test_alternatives(void)
{
    Ctx *ctx = test_ctx();
    ScheduleTaskList tasks = { 0 };
    CHECK_OK(ctx, schedule_read(ctx, S("1 3 2\n2 2 1 9 3 4 1 2 5\n"), &tasks));
    const JobShop *shop = &tasks.items[0].shop;
    CHECK_INT(shop->operations, 2);
    CHECK_INT(shop->operation[0].options, 2);
    CHECK_INT(shop->option[1].machine, 2);
    CHECK_INT(shop->option[1].duration, 4);
    CHECK_INT(shop->operation[1].options, 1);
}

// ---- Entrepot's own form ------------------------------------------------------------------------

static const char floor_text[] =
    "{\"name\": \"week\", \"minimise\": \"tardiness\", \"work_centres\": ["
    "{\"id\": \"saw\", \"calendar\": {\"period\": 24, \"open\": [[14, 18], [8, 12], [12, 13]]},"
    " \"setup\": {\"start\": \"oak\", \"default\": 2, \"times\": [[\"oak\", \"pine\", 3]]}},"
    "{\"id\": \"drill\"}], \"jobs\": ["
    "{\"id\": \"A\", \"release\": 1, \"due\": 30, \"weight\": 5, \"operations\": ["
    "{\"id\": \"cut\", \"family\": \"pine\", \"whole\": true, \"work_centre\": \"saw\","
    " \"duration\": 4},"
    "{\"work_centre\": \"drill\", \"duration\": 2}]},"
    "{\"id\": \"B\", \"priority\": 2, \"operations\": ["
    "{\"work_centre\": \"saw\", \"duration\": 1}]}]}";

static void test_floor(void)
{
    Ctx *ctx = test_ctx();
    ScheduleTaskList tasks = { 0 };
    CHECK_OK(ctx, schedule_read(ctx, str_from(floor_text), &tasks));
    const ScheduleTask *task = tasks.items;
    const JobShop *shop = &task->shop;
    CHECK(shop->goal == JOBSHOP_TARDINESS);
    const Calendar *calendar = shop->machine[0].calendar;
    CHECK_INT(calendar->stretches, 2);
    CHECK_INT(calendar->stretch[0].to, 13);
    CHECK(shop->machine[1].calendar == NULL);
    CHECK_INT(shop->job[0].release, 1);
    CHECK_INT(shop->job[0].due, 30);
    CHECK_INT(shop->job[0].weight, 5);
    CHECK_INT(shop->job[1].weight, 2);
    CHECK(shop->job[1].due == INT64_MAX);
    CHECK(shop->operation[0].is_whole && !shop->operation[1].is_whole);
    int oak = shop->machine[0].first_family, pine = shop->operation[0].family;
    int other = shop->operation[1].family;
    CHECK_INT(shop->machine[0].setup[oak * shop->families + pine], 3);
    CHECK_INT(shop->machine[0].setup[pine * shop->families + oak], 2);
    CHECK_INT(shop->machine[0].setup[oak * shop->families + other], 2);
    CHECK_INT(shop->machine[0].setup[pine * shop->families + pine], 0);
    CHECK(shop->machine[1].setup == NULL);
    CHECK_STR(task->job_name[1], "B");
    CHECK_STR(task->machine_name[1], "drill");
}

// The set-up from oak to pine takes 8 to 11; what is whole does not fit before 13 and waits for 14;
// B comes behind it on the next day but for its set-up, or before.
static void test_floor_plan(void)
{
    Ctx *ctx = test_ctx();
    ScheduleTaskList tasks = { 0 };
    CHECK_OK(ctx, schedule_read(ctx, str_from(floor_text), &tasks));
    Budget budget = { .steps = 500 };
    JobShopPlan plan;
    CHECK_OK(ctx, jobshop_schedule(ctx, &tasks.items->shop, &budget, &plan));
    CHECK_OK(ctx, jobshop_check(ctx, &tasks.items->shop, &plan));
    CHECK_INT(plan.tardiness, 0);
    CHECK_INT(plan.start[0], 14);
    Buf out = { .arena = ctx->arena };
    schedule_write_shop(tasks.items, &plan, &out);
    CHECK(str_starts(buf_str(&out), S("{\"name\":\"week\",\"makespan\":20,\"lower_bound\":")));
    CHECK(str_find(buf_str(&out), S("{\"job\":\"A\",\"operation\":\"cut\",\"machine\":\"saw\","
                                    "\"start\":14,\"end\":18}")) > 0);
    CHECK(str_find(buf_str(&out), S("{\"job\":\"B\",\"operation\":0,\"machine\":\"saw\"")) > 0);
}

// ---- Projects, one a line -----------------------------------------------------------------------

static void test_projects(void)
{
    Ctx *ctx = test_ctx();
    ScheduleTaskList tasks = { 0 };
    Str text =
        S("{\"name\":\"p\",\"capacity\":[2],\"activities\":["
          "{\"d\":3,\"r\":[1],\"succ\":[1]},{\"d\":2,\"r\":[2],\"succ\":[]}]}\n\n"
          "{\"name\":\"q\",\"capacity\":[],\"activities\":[{\"d\":0,\"r\":[],\"succ\":[]}]}\n");
    CHECK_OK(ctx, schedule_read(ctx, text, &tasks));
    CHECK_INT((int64_t)tasks.len, 2);
    CHECK(tasks.items[0].is_project && tasks.items[1].is_project);
    ProjectPlan plan;
    Budget budget = { .steps = 10 };
    CHECK_OK(ctx, project_schedule(ctx, &tasks.items[0].project, &budget, &plan));
    Buf out = { .arena = ctx->arena };
    schedule_write_project(tasks.items, &plan, &out);
    CHECK_STR(buf_str(&out), "{\"name\":\"p\",\"makespan\":5,\"lower_bound\":5,\"critical_path\":5,"
                             "\"activities\":[{\"activity\":0,\"start\":0,\"end\":3},"
                             "{\"activity\":1,\"start\":3,\"end\":5}]}\n");
}

// ---- Charts -------------------------------------------------------------------------------------

static void test_charts(void)
{
    Ctx *ctx = test_ctx();
    ScheduleTaskList tasks = { 0 };
    Str text = S("{\"name\":\"<b>&\\\"\",\"jobs\":[[[0,3]],[[0,2]]]}");
    CHECK_OK(ctx, schedule_read(ctx, text, &tasks));
    JobShopPlan plan = { .option = (int[]){ 0, 1 },
                         .start = (int64_t[]){ 0, 3 },
                         .end = (int64_t[]){ 3, 5 },
                         .makespan = 5 };
    Buf out = { .arena = ctx->arena };
    schedule_draw_shop(tasks.items, &plan, &out);
    Str svg = buf_str(&out);
    CHECK(str_starts(svg, S("<svg ")) && str_ends(svg, S("</svg>\n")));
    CHECK(str_find(svg, S("&lt;b&gt;&amp;&quot; makespan 5")) > 0);
    CHECK(str_find(svg, S("job 1, operation 0: 3 to 5")) > 0);
}

// ---- Refusals -----------------------------------------------------------------------------------

#define CENTRE "{\"work_centres\":[{\"id\":\"a\"}],\"jobs\":"

// clang-format off
static const struct {
    const char *name, *text;
} refused[] = {
    { "nothing",               "" },
    { "no form",               "{\"name\":\"x\"}" },
    { "words",                 "hello\nworld\n" },
    { "too few lines",         "2 2\n0 3 1 2\n" },
    { "odd pairs",             "1 2\n0 3 1\n" },
    { "both 0 and the last",   "1 2\n0 3 2 2\n" },
    { "machine beyond",        "1 2\n0 3 5 2\n" },
    { "too many machines",     "1 99999\n0 3\n" },
    { "operation of one",      "{\"jobs\":[[[1]]]}" },
    { "job that is no list",   "{\"jobs\":[3]}" },
    { "duration below 0",      "{\"jobs\":[[[0,-1]]]}" },
    { "half a duration",       "{\"jobs\":[[[0,1.5]]]}" },
    { "two that follow one",   "{\"operations\":[{\"operation\":0,\"machine\":0,\"duration\":3},"
                               "{\"operation\":1,\"machine\":0,\"duration\":3},{\"operation\":2,\"machine\":0,\"duration\":3}],"
                               "\"precedences\":[{\"before\":0,\"after\":1},{\"before\":0,\"after\":2}]}" },
    { "a circle",              "{\"operations\":[{\"operation\":0,\"machine\":0,\"duration\":3},"
                               "{\"operation\":1,\"machine\":0,\"duration\":3}],"
                               "\"precedences\":[{\"before\":0,\"after\":1},{\"before\":1,\"after\":0}]}" },
    { "an operation left out", "{\"operations\":[{\"operation\":1,\"machine\":0,\"duration\":3}],\"precedences\":[]}" },
    { "link to nothing",       "{\"operations\":[{\"operation\":0,\"machine\":0,\"duration\":3}],"
                               "\"precedences\":[{\"before\":0,\"after\":7}]}" },
    { "row without machine",   "{\"operations\":[{\"operation\":0,\"duration\":3}],\"precedences\":[]}" },
    { "no capacity",           "{\"activities\":[]}" },
    { "needs too short",       "{\"capacity\":[1,2],\"activities\":[{\"d\":1,\"r\":[1],\"succ\":[]}]}" },
    { "no succ",               "{\"capacity\":[],\"activities\":[{\"d\":1,\"r\":[]}]}" },
    { "no d",                  "{\"capacity\":[],\"activities\":[{\"r\":[],\"succ\":[]}]}" },
    { "two centres alike",     "{\"work_centres\":[{\"id\":\"a\"},{\"id\":\"a\"}],\"jobs\":[]}" },
    { "a centre without id",   "{\"work_centres\":[{}],\"jobs\":[]}" },
    { "no centres",            "{\"work_centres\":[],\"jobs\":[]}" },
    { "no jobs",               "{\"work_centres\":[{\"id\":\"a\"}]}" },
    { "unknown centre",        CENTRE "[{\"operations\":[{\"work_centre\":\"b\",\"duration\":1}]}]}" },
    { "no duration",           CENTRE "[{\"operations\":[{\"work_centre\":\"a\"}]}]}" },
    { "no alternatives",       CENTRE "[{\"operations\":[{\"alternatives\":[]}]}]}" },
    { "due before 0",          CENTRE "[{\"due\":-4,\"operations\":[]}]}" },
    { "no operations",         CENTRE "[{}]}" },
    { "stretch backwards",     "{\"work_centres\":[{\"id\":\"a\",\"calendar\":{\"open\":[[5,3]]}}],\"jobs\":[]}" },
    { "stretch behind period", "{\"work_centres\":[{\"id\":\"a\",\"calendar\":{\"period\":4,\"open\":[[1,5]]}}],\"jobs\":[]}" },
    { "calendar never open",   "{\"work_centres\":[{\"id\":\"a\",\"calendar\":{\"open\":[]}}],\"jobs\":[]}" },
    { "set-up of two",         "{\"work_centres\":[{\"id\":\"a\",\"setup\":{\"times\":[[\"x\",\"y\"]]}}],\"jobs\":[]}" },
    { "set-up in words",       "{\"work_centres\":[{\"id\":\"a\",\"setup\":{\"times\":[[\"x\",\"y\",\"z\"]]}}],\"jobs\":[]}" },
    { "odd goal",              "{\"minimise\":\"cost\",\"work_centres\":[{\"id\":\"a\"}],\"jobs\":[]}" },
};
// clang-format on

static void test_refusals(void)
{
    Ctx *ctx = test_ctx();
    for (size_t r = 0; r < COUNT(refused); r++) {
        test_row = refused[r].name;
        ScheduleTaskList tasks = { 0 };
        Status status = schedule_read(ctx, str_from(refused[r].text), &tasks);
        CHECK(status == E_INVALID);
        CHECK(ctx->failure.message.len > 0);
        ctx_recover(ctx);
    }
}

// ---- The published files ------------------------------------------------------------------------

static void test_published(void)
{
    static const struct {
        const char *path;
        int jobs, machines, operations, options;
    } files[] = {
        { "jobshop/ft10.json", 10, 10, 100, 100 },
        { "jobshop/ta31js.json", 30, 15, 450, 450 },
        { "flexible/mk01.json", 10, 6, 55, 115 },
        { "flexible/mk03.json", 15, 8, 150, 451 },
    };
    Ctx *ctx = test_ctx();
    if (!test_shared()) {
        test_skip("the published job shops are not here");
        return;
    }
    for (size_t f = 0; f < COUNT(files); f++) {
        test_row = files[f].path;
        ScheduleTaskList tasks = { 0 };
        Str path = str_format(ctx->arena, "%s/data/scheduling/%s", test_shared(), files[f].path);
        CHECK_OK(ctx, schedule_read(ctx, test_read_file(ctx->arena, path.ptr), &tasks));
        const JobShop *shop = &tasks.items->shop;
        CHECK_INT(shop->jobs, files[f].jobs);
        CHECK_INT(shop->machines, files[f].machines);
        CHECK_INT(shop->operations, files[f].operations);
        CHECK_INT(shop->options, files[f].options);
    }
}

const Test schedule_files_tests[] = {
    { "every form says the same shop", test_forms },
    { "alternatives are read", test_alternatives },
    { "work centres have calendars, set-ups and dates", test_floor },
    { "a plan over closed hours is what one would work out by hand", test_floor_plan },
    { "projects come one a line", test_projects },
    { "charts hold no markup of the file's", test_charts },
    { "what cannot be read is refused with a reason", test_refusals },
    { "the published files are read", test_published },
    { 0 },
};
