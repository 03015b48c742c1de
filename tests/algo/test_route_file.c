// test_route_file.c - the files of entrepot-route: what is read, what is refused, what is written.
#include "harness.h"
#include "tool/lines.h"
#include "tool/route_file.h"
#include "tool/tool.h"

static Status read_text(Ctx *ctx, const char *text, RouteFile *ret)
{
    const Json *json;
    TRY(json_parse(ctx, str_from(text), &json));
    return route_file_read(ctx, json, ret);
}

#define DEPOT "[0,40,50,0,0,1236,0]"

static void test_solomon(void)
{
    Ctx *ctx = test_ctx();
    RouteFile file;
    CHECK_OK(ctx, read_text(ctx,
                            "{\"name\":\"C1\",\"vehicles\":3,\"capacity\":200,"
                            "\"best_known\":{\"cost\":12.5},\"nodes\":[" DEPOT
                            ",[7,41,51,10,5,967,90]]}",
                            &file));
    const RouteProblem *problem = &file.problem;
    CHECK_STR(file.name, "C1");
    CHECK(file.best_known == 12.5);
    CHECK_INT(problem->vehicle_count, 3);
    CHECK_INT(problem->stop_count, 1);
    CHECK_INT(problem->distance[1], 14);  // 1.414 cut off behind a decimal
    CHECK_INT(problem->stops[0].windows[0].from, 50);
    CHECK_INT(problem->stops[0].windows[0].to, 9670);
    CHECK_INT(problem->stops[0].service, 900);
    CHECK_INT(problem->vehicles[2].shift.to, 12360);
    CHECK(problem->vehicles[0].capacity[0] == 20 * problem->stops[0].load[0]);
}

static void test_columns(void)
{
    Ctx *ctx = test_ctx();
    RouteFile file;
    CHECK_OK(ctx, read_text(ctx,
                            "{\"vehicles\":1,\"capacity\":9,\"columns\":[\"x\",\"id\",\"y\","
                            "\"due\",\"ready\",\"service\",\"demand\"],"
                            "\"nodes\":[[0,0,0,100,0,0,0],[3,1,4,50,10,5,2]]}",
                            &file));
    CHECK_INT(file.problem.distance[1], 50);
    CHECK_INT(file.problem.stops[0].windows[0].to, 500);
    CHECK_INT(file.problem.stops[0].service, 50);
}

static const char own[] =
    "{\"name\":\"t\",\"vehicles\":[{\"id\":\"van\",\"count\":2,\"start\":{\"x\":0,\"y\":0},"
    "\"end\":null,\"shift\":[\"08:00\",\"17:00\"],\"longest\":60,\"capacity\":[8,6],"
    "\"skills\":[\"lift\"],\"cost\":{\"fixed\":60,\"distance\":0.4,\"time\":0.5}}],"
    "\"stops\":[{\"id\":\"S1\",\"x\":3,\"y\":4,\"windows\":[[\"14:00\",\"15:00\"],[600,660],"
    "[650,700]],\"service\":10,\"demand\":[2.5,1],\"skills\":[\"lift\"]},"
    "{\"id\":2,\"x\":3,\"y\":5,\"penalty\":0.5}]}";

static void test_own(void)
{
    Ctx *ctx = test_ctx();
    RouteFile file;
    CHECK_OK(ctx, read_text(ctx, own, &file));
    const RouteProblem *problem = &file.problem;
    const RouteVehicle *van = &problem->vehicles[1];
    CHECK_INT(problem->vehicle_count, 2);
    CHECK_STR(file.vehicle_names[1], "van/2");
    CHECK_INT(van->shift.from, 8 * 60 * 100);
    CHECK_INT(van->longest, 6000);
    CHECK_INT(van->capacity[1], 600);
    CHECK(van->cost_fixed == 6000 && van->cost_distance == 0.4 && van->cost_time == 0.5);
    const RouteStop *stop = &problem->stops[0];
    CHECK_INT(stop->window_count, 2);  // those that overlap are one
    CHECK_INT(stop->windows[0].from, 60000);
    CHECK_INT(stop->windows[0].to, 70000);
    CHECK_INT(stop->load[0], 250);
    CHECK(stop->skills == van->skills);
    int32_t way = problem->distance[van->start * problem->places + stop->place];
    CHECK_INT(way, 500);
    CHECK_INT(problem->distance[stop->place * problem->places + van->end], 0);
    CHECK(problem->stops[1].penalty == 50);
    CHECK(stop->penalty > 10 * problem->stops[1].penalty);
}

static void test_matrix(void)
{
    Ctx *ctx = test_ctx();
    RouteFile file;
    CHECK_OK(ctx, read_text(ctx,
                            "{\"vehicles\":[{\"start\":0}],\"stops\":[{\"place\":1}],"
                            "\"distances\":[[0,7],[9,0]],\"times\":[[0,1],[2,0]]}",
                            &file));
    CHECK_INT(file.problem.distance[1], 700);
    CHECK_INT(file.problem.distance[2], 900);
    CHECK_INT(file.problem.time[2], 200);
    CHECK(file.x == NULL);
}

static void test_globe(void)
{
    Ctx *ctx = test_ctx();
    RouteFile file;
    CHECK_OK(ctx, read_text(ctx,
                            "{\"detour\":1,\"speed\":2,\"vehicles\":[{\"start\":{\"lat\":52.52,"
                            "\"lon\":13.405}}],\"stops\":[{\"lat\":48.137,\"lon\":11.575}]}",
                            &file));
    CHECK(file.problem.distance[1] > 50300 && file.problem.distance[1] < 50500);  // 504 km
    CHECK(file.problem.time[1] > 25150 && file.problem.time[1] < 25250);
}

static void test_refusals(void)
{
    static const struct {
        const char *text, *says;
    } rows[] = {
        { "{}", "vehicles" },
        { "{\"vehicles\":[]}", "stops" },
        { "{\"vehicles\":[{}],\"stops\":[]}", "start" },
        { "{\"vehicles\":[{\"start\":{\"x\":0,\"y\":0},\"shift\":[5,4]}],\"stops\":[]}", "shift" },
        { "{\"vehicles\":[{\"start\":{\"x\":0,\"y\":0},\"shift\":[\"8:60\",9]}],\"stops\":[]}",
          "shift" },
        { "{\"vehicles\":[{\"start\":{\"x\":0,\"y\":0},\"count\":1e9}],\"stops\":[]}", "count" },
        { "{\"vehicles\":[{\"start\":{\"x\":0,\"y\":0},\"count\":2001}],\"stops\":[]}", "count" },
        { "{\"vehicles\":[{\"start\":{\"x\":0,\"y\":0},\"capacity\":[1,2,3,4]}],\"stops\":[]}",
          "capacity" },
        { "{\"vehicles\":[{\"start\":{\"x\":0,\"y\":0},\"cost\":{\"time\":-1}}],\"stops\":[]}",
          "cost" },
        { "{\"vehicles\":[{\"start\":{\"x\":0,\"y\":0},\"longest\":-1}],\"stops\":[]}", "longest" },
        { "{\"vehicles\":[],\"stops\":[{}]}", "x and y" },
        { "{\"vehicles\":[],\"stops\":[{\"x\":1e12,\"y\":0}]}", "x and y" },
        { "{\"vehicles\":[],\"stops\":[{\"x\":0,\"y\":0,\"windows\":[]}]}", "windows" },
        { "{\"vehicles\":[],\"stops\":[{\"x\":0,\"y\":0,\"windows\":[[2,1]]}]}", "windows" },
        { "{\"vehicles\":[],\"stops\":[{\"x\":0,\"y\":0,\"service\":-1}]}", "service" },
        { "{\"vehicles\":[],\"stops\":[{\"x\":0,\"y\":0,\"demand\":\"1\"}]}", "demand" },
        { "{\"vehicles\":[],\"stops\":[{\"x\":0,\"y\":0,\"skills\":[1]}]}", "skills" },
        { "{\"vehicles\":[],\"stops\":[{\"x\":0,\"y\":0,\"priority\":11}]}", "priority" },
        { "{\"vehicles\":[],\"stops\":[{\"x\":0,\"y\":0,\"id\":[]}]}", "id" },
        { "{\"vehicles\":[],\"stops\":[],\"speed\":0}", "speed" },
        { "{\"vehicles\":[],\"stops\":[],\"detour\":0.5}", "detour" },
        { "{\"vehicles\":[{\"start\":1}],\"stops\":[],\"distances\":[[0]]}", "start" },
        { "{\"vehicles\":[],\"stops\":[],\"distances\":[[0,1],[1]]}", "distances" },
        { "{\"vehicles\":[],\"stops\":[],\"distances\":[[-1]]}", "distances" },
        { "{\"vehicles\":[],\"stops\":[],\"distances\":[[0]],\"times\":[]}", "times" },
        { "{\"vehicles\":1,\"capacity\":1,\"nodes\":[]}", "nodes" },
        { "{\"vehicles\":1,\"capacity\":1,\"nodes\":[[1]]}", "node 0" },
        { "{\"vehicles\":-1,\"capacity\":1,\"nodes\":[" DEPOT "]}", "vehicles" },
        { "{\"vehicles\":1,\"nodes\":[" DEPOT "]}", "capacity" },
        { "{\"vehicles\":1,\"capacity\":1,\"nodes\":[" DEPOT ",[1,0,0,-1,0,1,0]]}", "node 1" },
        { "{\"vehicles\":1,\"capacity\":1,\"columns\":[\"x\"],\"nodes\":[" DEPOT "]}", "columns" },
    };
    Ctx *ctx = test_ctx();
    for (size_t i = 0; i < COUNT(rows); i++) {
        test_row = rows[i].text;
        RouteFile file;
        CHECK(read_text(ctx, rows[i].text, &file) == E_INVALID);
        CHECK_STR(str_from(ctx->failure.code), "route.file");
        CHECK(str_find(ctx->failure.message, str_from(rows[i].says)) >= 0);
        ctx_recover(ctx);
    }
}

static void test_written(void)
{
    Ctx *ctx = test_ctx();
    RouteFile file;
    RoutePlan plan;
    CHECK_OK(ctx, read_text(ctx, own, &file));
    Budget budget = { .steps = 64 };
    CHECK_OK(ctx, route_solve(ctx, &file.problem, &budget, &plan));
    Buf out = { .arena = ctx->arena }, picture = { .arena = ctx->arena };
    route_file_write(&out, &file, &plan);
    CHECK_STR(buf_str(&out),
              "{\"name\":\"t\",\"cost\":69.5,\"distance\":5,\"penalty\":0.5,\"routes\":[[\"S1\"]],"
              "\"unserved\":[{\"id\":2,\"reason\":\"not_worth\",\"text\":\"the way would cost more "
              "than the penalty\"}],\"tours\":[{\"vehicle\":\"van/1\",\"leave\":\"09:55\","
              "\"back\":\"10:10\",\"distance\":5,\"cost\":69.5,\"stops\":[{\"id\":\"S1\","
              "\"arrive\":\"10:00\",\"begin\":\"10:00\",\"leave\":\"10:10\"}]}]}\n");
    route_file_draw(&picture, &file, &plan);
    CHECK(str_starts(buf_str(&picture), S("<svg ")));
    CHECK(str_ends(buf_str(&picture), S("</svg>\n")));
}

static void test_lines(void)
{
    static const struct {
        const char *name, *text;
        int objects;  // -1: refused
    } rows[] = {
        { "two lines", "{}\n{\"a\":1}\n", 2 },
        { "empty lines between", "\n{}\n\n{}\n\n", 2 },
        { "one object over many lines", "{\n \"a\":\n 1\n}\n", 1 },
        { "one object without a line's end", "{}", 1 },
        { "nothing", "", 0 },
        { "a broken second line", "{}\n{\n", -1 },
        { "no object", "[1]\n", -1 },
    };
    Ctx *ctx = test_ctx();
    for (size_t i = 0; i < COUNT(rows); i++) {
        test_row = rows[i].name;
        JsonList list;
        Status status = lines_read(ctx, str_from(rows[i].text), &list);
        CHECK((status == OK) == (rows[i].objects >= 0));
        CHECK(status != OK || (int)list.len == rows[i].objects);
        ctx_recover(ctx);
    }
}

// A clustered instance, whose best routes are easy, comes out at its best known cost.
static void test_published(void)
{
    const char *shared = test_shared();
    if (!shared) {
        test_skip("the shared data are not here");
        return;
    }
    Ctx *ctx = test_ctx();
    Str text, line;
    const char *path =
        str_format(ctx->arena, "%s/data/routing/vrptw_solomon_a.jsonl.gz", shared).ptr;
    CHECK_OK(ctx, tool_read(ctx, path, &text));
    RouteFile file;
    RoutePlan plan;
    Budget budget = { .steps = 1600 };
    if (!str_next(&text, '\n', &line))
        line = S("{}");
    CHECK_OK(ctx, read_text(ctx, str_c(ctx->arena, line), &file));
    CHECK_OK(ctx, route_solve(ctx, &file.problem, &budget, &plan));
    CHECK_OK(ctx, route_check(ctx, &file.problem, &plan));
    CHECK_INT(plan.distance, 8273);
    CHECK(file.best_known == 827.3);
}

const Test route_file_tests[] = {
    { "Solomon's problems are read", test_solomon },
    { "the columns may stand in another order", test_columns },
    { "our own problems are read", test_own },
    { "distances and times may be given", test_matrix },
    { "places on the globe are as far apart as they are", test_globe },
    { "what cannot be understood is refused by name", test_refusals },
    { "a plan is written in the file's own words", test_written },
    { "an object a line, or one over many", test_lines },
    { "a published problem comes out at its best known cost", test_published },
    { 0 },
};
