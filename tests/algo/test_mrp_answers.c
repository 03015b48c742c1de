// test_mrp_answers.c - material planning against a bicycle maker's published data: what one of each
// finished article takes of everything that is bought. 504 articles, 2,679 lines, 4 levels.
#include "algo/mrp/mrp.h"
#include "base/csv.h"
#include "base/json.h"
#include "base/map.h"
#include "harness.h"

#include <zlib.h>

typedef struct {
    Map numbers;  // product id -> item
    MrpItem *items;
    LIST(MrpLine) lines;
    int32_t count;
} Maker;

static Str unpacked(Arena *arena, const char *path)
{
    Buf out = { .arena = arena };
    char piece[65536];
    gzFile file = gzopen(path, "rb");
    for (int n; file && (n = gzread(file, piece, sizeof piece)) > 0;)
        buf_put(&out, (Str){ piece, (size_t)n });
    if (file)
        gzclose(file);
    return buf_str(&out);
}

static CsvReader *open_csv(Ctx *ctx, const char *folder, const char *name, StrList *ret_head)
{
    const char *why, *path = str_format(ctx->arena, "%s/%s.csv.gz", folder, name).ptr;
    CsvReader *csv = csv_reader(ctx->arena, ',');
    csv_feed(csv, unpacked(ctx->arena, path));
    csv_finish(csv);
    CHECK(csv_next(csv, ret_head, &why) == CSV_ROW);
    return csv;
}

static void read_products(Ctx *ctx, const char *folder, Maker *maker)
{
    StrList row;
    const char *why;
    CsvReader *csv = open_csv(ctx, folder, "Product", &row);
    maker->items = NEW_ARRAY(ctx->arena, MrpItem, 1000);
    while (csv_next(csv, &row, &why) == CSV_ROW && maker->count < 1000) {
        MrpItem *item = &maker->items[maker->count++];
        *item = (MrpItem){ .id = str_copy(ctx->arena, row.items[0]), .calendar = -1 };
        map_put(&maker->numbers, item->id, item);
    }
}

static int32_t item_of(const Maker *maker, Str id)
{
    const MrpItem *item = map_get(&maker->numbers, id);
    CHECK(item != NULL);
    return item ? (int32_t)(item - maker->items) : 0;
}

// bom_id, parent, component, start, end, unit, level, quantity
static void read_bom(Ctx *ctx, const char *folder, Maker *maker)
{
    StrList row;
    const char *why;
    CsvReader *csv = open_csv(ctx, folder, "BillOfMaterials", &row);
    while (csv_next(csv, &row, &why) == CSV_ROW) {
        if (row.items[4].len || row.items[1].len == 0)
            continue;  // no longer valid, or says only that the article is finished goods
        MrpLine *line = list_push(ctx->arena, &maker->lines);
        *line = (MrpLine){ .parent = item_of(maker, row.items[1]),
                           .component = item_of(maker, row.items[2]),
                           .per = { MICRO },
                           .from = -MRP_ALWAYS,
                           .to = MRP_ALWAYS };
        CHECK(decimal_parse(row.items[7], 6, &line->quantity.micro));
    }
}

static MrpPlan *plan_one(Ctx *ctx, const Maker *maker, int32_t product)
{
    MrpDemand *one = NEW(ctx->arena, MrpDemand);
    *one = (MrpDemand){ S("one"), product, 0, { MICRO } };
    MrpInput *input = NEW(ctx->arena, MrpInput);
    *input = (MrpInput){ .start = date_from_ymd(2026, 1, 5),
                         .days = 1,
                         .items = maker->items,
                         .lines = maker->lines.items,
                         .demands = one,
                         .item_count = maker->count,
                         .line_count = (int32_t)maker->lines.len,
                         .demand_count = 1 };
    MrpPlan *plan = NULL;
    CHECK_OK(ctx, mrp_plan(ctx, input, &(Budget){ 0 }, &plan));
    return plan;
}

static int64_t ordered(const MrpPlan *plan, int32_t item)
{
    int64_t sum = 0;
    for (int32_t i = 0; i < plan->runs[item].count; i++)
        sum += plan->runs[item].orders[i].quantity.micro;
    return sum;
}

static int depth_of(const Maker *maker, int32_t item)
{
    int depth = 0;
    EACH (line, maker->lines)
        if (line->parent == item) {
            int below = 1 + depth_of(maker, line->component);
            depth = below > depth ? below : depth;
        }
    return depth;
}

static void check_answer(Ctx *ctx, const Maker *maker, const Json *answer)
{
    ArenaMark mark = arena_mark(ctx->arena);
    Str id = json_get(answer, "product_id")->text;
    const Json *leaves = json_get(answer, "leaf_requirements");
    MrpPlan *plan = plan_one(ctx, maker, item_of(maker, id));
    test_row = str_c(ctx->arena, id);
    JSON_EACH (leaf, leaves) {
        int64_t wanted = 0;
        CHECK(decimal_parse(leaf->text, 6, &wanted));
        CHECK_INT(ordered(plan, item_of(maker, leaf->key)), wanted);
    }
    bool *has_lines = NEW_ARRAY(ctx->arena, bool, (size_t)maker->count);
    EACH (line, maker->lines)
        has_lines[line->parent] = true;
    size_t bought = 0;
    for (int32_t i = 0; i < maker->count; i++)
        bought += !has_lines[i] && plan->runs[i].count > 0;
    CHECK_INT((int64_t)bought, (int64_t)leaves->count);
    int64_t depth = 0;
    CHECK(json_int(json_get(answer, "depth"), &depth));
    CHECK_INT(depth_of(maker, item_of(maker, id)), depth);
    test_row = NULL;
    arena_rewind(ctx->arena, mark);
}

static void test_bicycles(void)
{
    if (!test_shared()) {
        test_skip("the bicycle maker's data is not here");
        return;
    }
    Ctx *ctx = test_ctx();
    const char *folder = str_format(ctx->arena, "%s/data/erp/adventureworks", test_shared()).ptr;
    Maker maker = { .numbers = { .arena = ctx->arena } };
    read_products(ctx, folder, &maker);
    read_bom(ctx, folder, &maker);
    CHECK_INT(maker.count, 504);
    const Json *json;
    Str text = test_read_file(ctx->arena,
                              str_format(ctx->arena, "%s/bom_explosion_answers.json", folder).ptr);
    CHECK_OK(ctx, json_parse(ctx, text, &json));
    const Json *answers = json_get(json, "answers");
    CHECK(answers && answers->count > 40);
    JSON_EACH (answer, answers)
        check_answer(ctx, &maker, answer);
}

const Test mrp_answers_tests[] = {
    { "what a bicycle takes of everything bought", test_bicycles },
    { 0 },
};
