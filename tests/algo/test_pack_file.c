// test_pack_file.c - the files of entrepot-pack: what is read, what is refused, what is written.
#include "harness.h"
#include "tool/pack_file.h"
#include "tool/tool.h"

static Status read_text(Ctx *ctx, const char *text, PackFile *ret)
{
    const Json *json;
    TRY(json_parse(ctx, str_from(text), &json));
    return pack_file_read(ctx, json, ret);
}

static void test_bins(void)
{
    Ctx *ctx = test_ctx();
    PackFile file;
    CHECK_OK(ctx, read_text(ctx, "{\"capacity\":100.0,\"items\":[36.6,26.80,99,1.25]}", &file));
    CHECK(file.kind == PACK_BINS);
    CHECK_INT(file.bins.capacity, 10000);
    CHECK_INT(file.bins.item_count, 4);
    CHECK_INT(file.bins.sizes[0], 3660);
    CHECK_INT(file.bins.sizes[3], 125);
}

static void test_container(void)
{
    Ctx *ctx = test_ctx();
    PackFile file;
    CHECK_OK(ctx, read_text(ctx,
                            "{\"container\":[587,233,220],\"max_weight\":50.5,\"boxes\":["
                            "{\"dims\":[108,76,30.5],\"may_stand\":[0,0,1],\"count\":40},"
                            "{\"size\":[1,2,3],\"this_side_up\":true,\"weight\":0.25,"
                            "\"bears\":null},{\"dims\":[1,2,3],\"bears\":0}]}",
                            &file));
    const LoadItem *items = file.load.items;
    CHECK(file.kind == PACK_CONTAINER);
    CHECK_INT(file.load.size[0], 5870);
    CHECK_INT(file.load.weight_most, 50500);
    CHECK_INT(items[0].size[2], 305);
    CHECK_INT(items[0].count, 40);
    CHECK(!items[0].may_stand[0] && !items[0].may_stand[1] && items[0].may_stand[2]);
    CHECK(!items[1].may_stand[0] && items[1].may_stand[2]);
    CHECK_INT(items[1].weight, 250);
    CHECK_INT(items[1].bears, -1);
    CHECK_INT(items[1].count, 1);
    CHECK(items[2].may_stand[0] && items[2].may_stand[1]);
    CHECK_INT(items[2].bears, 0);
}

static const char order[] =
    "{\"name\":\"o\",\"cartons\":[{\"id\":\"S\",\"size\":[10,10,5]},{\"size\":[10,10,10],"
    "\"max_weight\":3,\"cost\":600}],\"items\":[{\"id\":\"cup\",\"size\":[10,10,5],\"weight\":1.5},"
    "{\"id\":7,\"size\":[9,9,90]}]}";

static void test_cartons(void)
{
    Ctx *ctx = test_ctx();
    PackFile file;
    CHECK_OK(ctx, read_text(ctx, order, &file));
    CHECK(file.kind == PACK_CARTONS);
    CHECK_INT(file.cartons.carton_count, 2);
    CHECK(file.cartons.cartons[0].cost == 500);  // its volume
    CHECK_INT(file.cartons.cartons[0].weight_most, -1);
    CHECK_INT(file.cartons.cartons[1].weight_most, 3000);
    CHECK_INT(file.cartons.items[0].weight, 1500);
}

static void test_refusals(void)
{
    static const struct {
        const char *text, *says;
    } rows[] = {
        { "{}", "items" },
        { "{\"items\":[]}", "capacity" },
        { "{\"items\":[1,\"2\"],\"capacity\":3}", "item 1" },
        { "{\"items\":[-1],\"capacity\":3}", "item 0" },
        { "{\"container\":5}", "container" },
        { "{\"container\":[1,2]}", "container" },
        { "{\"container\":[1,2,0]}", "container" },
        { "{\"container\":[1,2,3],\"max_weight\":-1}", "max_weight" },
        { "{\"container\":[1,2,3]}", "box list" },
        { "{\"container\":[1,2,3],\"boxes\":[{}]}", "box 0: three sides" },
        { "{\"container\":[1,2,3],\"boxes\":[{\"dims\":[1,1,1],\"may_stand\":[1]}]}", "may_stand" },
        { "{\"container\":[1,2,3],\"boxes\":[{\"dims\":[1,1,1],\"count\":-1}]}", "count" },
        { "{\"container\":[1,2,3],\"boxes\":[{\"dims\":[1,1,1],\"weight\":-1}]}", "weight" },
        { "{\"container\":[1,2,3],\"boxes\":[{\"dims\":[1,1,1],\"bears\":\"x\"}]}", "bears" },
        { "{\"container\":[1,2,3],\"boxes\":[{\"dims\":[1,1,1],\"id\":{}}]}", "id" },
        { "{\"cartons\":5}", "cartons" },
        { "{\"cartons\":[{\"size\":[1,1]}]}", "carton 0: size" },
        { "{\"cartons\":[{\"size\":[1,1,1],\"max_weight\":[]}]}", "max_weight" },
        { "{\"cartons\":[{\"size\":[1,1,1],\"cost\":\"1\"}]}", "cost" },
        { "{\"cartons\":[{\"size\":[1,1,1],\"id\":true}]}", "id" },
        { "{\"cartons\":[{\"size\":[1,1,1]}]}", "item list" },
    };
    Ctx *ctx = test_ctx();
    for (size_t i = 0; i < COUNT(rows); i++) {
        test_row = rows[i].text;
        PackFile file;
        CHECK(read_text(ctx, rows[i].text, &file) == E_INVALID);
        CHECK_STR(str_from(ctx->failure.code), "pack.file");
        CHECK(str_find(ctx->failure.message, str_from(rows[i].says)) >= 0);
        ctx_recover(ctx);
    }
}

static void test_written_bins(void)
{
    Ctx *ctx = test_ctx();
    PackFile file;
    BinsPlan plan;
    Budget budget = { .steps = 1000 };
    CHECK_OK(ctx, read_text(ctx, "{\"name\":\"b\",\"capacity\":10,\"items\":[4,7,6,3]}", &file));
    CHECK_OK(ctx, bins_solve(ctx, &file.bins, &budget, &plan));
    Buf out = { .arena = ctx->arena };
    pack_write_bins(&out, ctx->arena, &file, &plan);
    CHECK_STR(buf_str(&out), "{\"name\":\"b\",\"bins\":2,\"least\":2,\"optimal\":true,"
                             "\"packing\":[[1,3],[0,2]]}\n");
}

static void test_written_load(void)
{
    Ctx *ctx = test_ctx();
    PackFile file;
    LoadPlan plan;
    Budget budget = { .steps = 50 };
    CHECK_OK(ctx, read_text(ctx,
                            "{\"name\":\"l\",\"container\":[4,2,2.5],\"boxes\":[{\"dims\":[2,2,2],"
                            "\"count\":3,\"weight\":0.5}]}",
                            &file));
    CHECK_OK(ctx, load_solve(ctx, &file.load, &budget, &plan));
    Buf out = { .arena = ctx->arena }, picture = { .arena = ctx->arena };
    pack_write_load(&out, &file, &plan);
    CHECK_STR(buf_str(&out), "{\"name\":\"l\",\"used\":0.8,\"volume\":16,\"weight\":1,\"loaded\":2,"
                             "\"left\":1,\"placements\":[{\"box\":0,\"position\":[0,0,0],"
                             "\"size\":[2,2,2]},{\"box\":0,\"position\":[2,0,0],"
                             "\"size\":[2,2,2]}]}\n");
    pack_draw_load(&picture, &file.load, &plan);
    CHECK(str_starts(buf_str(&picture), S("<svg ")));
    CHECK(str_ends(buf_str(&picture), S("</svg>\n")));
}

static void test_written_cartons(void)
{
    Ctx *ctx = test_ctx();
    PackFile file;
    CartonPlan plan;
    Budget budget = { .steps = 50 };
    CHECK_OK(ctx, read_text(ctx, order, &file));
    CHECK_OK(ctx, cartons_solve(ctx, &file.cartons, &budget, &plan));
    Buf out = { .arena = ctx->arena };
    pack_write_cartons(&out, &file, &plan);
    CHECK_STR(buf_str(&out),
              "{\"name\":\"o\",\"cost\":500,\"cartons\":[{\"carton\":\"S\",\"used\":1,"
              "\"weight\":1.5,\"placements\":[{\"box\":0,\"id\":\"cup\",\"position\":[0,0,0],"
              "\"size\":[10,10,5]}]}],\"unpacked\":[{\"id\":7,\"count\":1,"
              "\"text\":\"no carton is large and strong enough\"}]}\n");
}

// Some of the published sets, at a few steps each: near the record, and kept by the checker.
static void test_published(void)
{
    const char *shared = test_shared();
    if (!shared) {
        test_skip("the shared data are not here");
        return;
    }
    Ctx *ctx = test_ctx();
    Str text, line;
    CHECK_OK(
        ctx,
        tool_read(ctx,
                  str_format(ctx->arena, "%s/data/packing/bin1d_falkenauer_a.jsonl.gz", shared).ptr,
                  &text));
    for (int i = 0; str_next(&text, '\n', &line); i++) {
        if (i % 23)
            continue;
        PackFile file;
        BinsPlan plan;
        Budget budget = { .steps = 100000 };
        CHECK_OK(ctx, read_text(ctx, str_c(ctx->arena, line), &file));
        CHECK_OK(ctx, bins_solve(ctx, &file.bins, &budget, &plan));
        CHECK_OK(ctx, bins_check(ctx, &file.bins, &plan));
        CHECK(file.best_known > 0 && plan.bins <= file.best_known + 1);
        CHECK(plan.least <= file.best_known);
    }
}

const Test pack_file_tests[] = {
    { "items with decimals become whole numbers", test_bins },
    { "containers and their boxes are read", test_container },
    { "cartons and orders are read", test_cartons },
    { "what cannot be understood is refused by name", test_refusals },
    { "a packing of bins is written", test_written_bins },
    { "a load is written and drawn", test_written_load },
    { "an order's cartons are written", test_written_cartons },
    { "published sets come near their best", test_published },
    { 0 },
};
