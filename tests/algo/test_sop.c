// test_sop.c - supply plans: small cases solved by hand, what an impossible plan says of itself,
// and plans made up by chance that balance and that no other plan beats (shown by their prices).
#include "algo/sop/cbc.h"
#include "algo/sop/file.h"
#include "algo/sop/model.h"
#include "base/json.h"
#include "harness.h"

static Status read_quoted(Ctx *ctx, const char *quoted, SopInput *ret)
{
    return sop_read(ctx, str_replace_char(ctx->arena, str_from(quoted), '\'', '"'), ret);
}

static Status plan_quoted(Ctx *ctx, const char *quoted, SopInput *input, SopPlan *ret)
{
    TRY(read_quoted(ctx, quoted, input));
    return sop_plan(ctx, input, cbc_solve, &(Budget){ 0 }, ret);
}

static bool near(double a, double b)
{
    return fabs(a - b) <= 1e-6 * (1 + fabs(a) + fabs(b));
}

// ---- Solved by hand -----------------------------------------------------------------------------

// clang-format off
#define ONE_PLANT(store, demand1, demand2) \
    "{'periods':['1','2'],'plants':['A'],'items':['x']," \
    "'resources':[{'id':'r','plant':'A','hours':100,'overtime':20,'overtime_cost':5}]," \
    "'makes':[{'item':'x','plant':'A','cost':1,'uses':[{'resource':'r','hours':1}]}]," \
    "'stores':[{'item':'x','plant':'A'," store "}]," \
    "'demands':[{'item':'x','plant':'A','period':'1','quantity':" demand1 "}," \
    "{'item':'x','plant':'A','period':'2','quantity':" demand2 "}]}"

typedef struct {
    const char *name, *input;
    double cost;
    double made[2], stock[2], backlog[2];  // of the first make and site
    double worth;                          // of the first resource's hours in all periods
} Solved;

static const Solved solved[] = {
    { "stock is cheaper than overtime: 200 made, 20 kept", ONE_PLANT("'holding_cost':0.5", "80", "120"),
      210, { 100, 100 }, { 20, 0 }, { 0, 0 }, 0.5 },
    { "overtime is cheaper than stock: 20 hours at 5", ONE_PLANT("'holding_cost':6", "80", "120"),
      300, { 80, 120 }, { 0, 0 }, { 0, 0 }, 5 },
    { "late is cheaper than overtime: 20 a period late at 0.25",
      ONE_PLANT("'backlog_cost':0.25", "120", "80"), 205, { 100, 100 }, { 0, 0 }, { 20, 0 }, 0.25 },
    { "what lies there is used, safety stock stays",
      ONE_PLANT("'on_hand':30,'safety_stock':10,'holding_cost':0.1", "50", "50"),
      82, { 30, 50 }, { 10, 10 }, { 0, 0 }, 0 },
    { "the near plant is dearer: the far one makes all it can",
      "{'periods':['1','2'],'plants':['A','B'],'items':['x'],"
      "'resources':[{'id':'r','plant':'A','hours':[100,0]}],"
      "'makes':[{'item':'x','plant':'A','cost':1,'uses':[{'resource':'r','hours':1}]},"
      "{'item':'x','plant':'B','cost':3}],"
      "'lanes':[{'item':'x','from':'A','to':'B','cost':1}],"
      "'demands':[{'item':'x','plant':'B','period':'1','quantity':150}]}",
      350, { 100, 0 }, { 0, 0 }, { 0, 0 }, 1 },
    { "what is sent takes a period, what is made takes two of another",
      "{'periods':['1','2'],'plants':['A','B'],'items':['x','y'],"
      "'makes':[{'item':'x','plant':'A','cost':12,'takes':[{'item':'y','quantity':2}]},"
      "{'item':'y','plant':'A','cost':3,'max':200}],"
      "'lanes':[{'item':'x','from':'A','to':'B','cost':1,'lead_periods':1}],"
      "'demands':[{'item':'x','plant':'B','period':'2','quantity':40}]}",
      760, { 40, 0 }, { 0, 0 }, { 0, 0 }, 0 },
    { 0 },
};
// clang-format on

static void check_solved(const Solved *row, const SopInput *input, const SopPlan *plan)
{
    double worth = 0;
    CHECK(plan->is_possible);
    if (!plan->is_possible)
        return;
    CHECK(near(plan->cost, row->cost));
    for (int t = 0; t < 2; t++) {
        CHECK(near(plan->made[0][t], row->made[t]));
        CHECK(near(plan->sites[0].stock[t], row->stock[t]));
        CHECK(near(plan->sites[0].backlog[t], row->backlog[t]));
        if (input->resource_count)
            worth = fmax(worth, plan->loads[0].worth[t]);
    }
    const SopCosts *costs = &plan->costs;
    CHECK(near(costs->make + costs->overtime + costs->holding + costs->backlog + costs->transport,
               plan->cost));
    CHECK(near(worth, row->worth));
}

static void test_solved(void)
{
    for (const Solved *row = solved; row->name; row++) {
        Ctx *ctx = test_ctx();
        SopInput input;
        SopPlan plan;
        test_row = row->name;
        CHECK_OK(ctx, plan_quoted(ctx, row->input, &input, &plan));
        check_solved(row, &input, &plan);
    }
    test_row = NULL;
}

// ---- Impossible ---------------------------------------------------------------------------------

typedef struct {
    const char *name, *input, *lacking, *undelivered;  // sentences, one a line
} Impossible;

// clang-format off
#define TWO_PLANTS(makes, lanes, demands) \
    "{'periods':['May','June'],'plants':['Dhaka','Delhi'],'items':['boot']," \
    "'resources':[{'id':'sewing','plant':'Dhaka','hours':40,'overtime':[0,4]}]," \
    "'makes':[" makes "],'lanes':[" lanes "],'demands':[" demands "]}"
#define SEWN "{'item':'boot','plant':'Dhaka','uses':[{'resource':'sewing','hours':0.5}]}"
#define WANTED(place, month, quantity) \
    "{'item':'boot','plant':'" place "','period':'" month "','quantity':" quantity "}"

static const Impossible impossible[] = {
    { "hours", TWO_PLANTS(SEWN, "", WANTED("Dhaka", "June", "200")),
      "sewing at Dhaka is short by 16 hours in June, beyond its 40 hours and 4 of overtime\n",
      "32 of the 200 of boot that Dhaka wants in June cannot be delivered\n" },
    { "a limit of making", TWO_PLANTS("{'item':'boot','plant':'Dhaka','max':[10,20]}", "",
                                      WANTED("Dhaka", "May", "15")),
      "the most that Dhaka may make of boot in May, 10, is too little by 5\n",
      "5 of the 15 of boot that Dhaka wants in May cannot be delivered\n" },
    { "a limit of sending", TWO_PLANTS(SEWN, "{'item':'boot','from':'Dhaka','to':'Delhi','max':25}",
                                       WANTED("Delhi", "May", "30")),
      "the most that may be sent of boot from Dhaka to Delhi in May, 25, is too little by 5\n",
      "5 of the 30 of boot that Delhi wants in May cannot be delivered\n" },
    { "no way at all", TWO_PLANTS(SEWN, "", WANTED("Delhi", "May", "30")),
      "30 of the 30 of boot that Delhi wants in May cannot be delivered\n",
      "30 of the 30 of boot that Delhi wants in May cannot be delivered\n" },
    { "too late to send", TWO_PLANTS(SEWN,
      "{'item':'boot','from':'Dhaka','to':'Delhi','lead_periods':1}", WANTED("Delhi", "May", "30")),
      "30 of the 30 of boot that Delhi wants in May cannot be delivered\n",
      "30 of the 30 of boot that Delhi wants in May cannot be delivered\n" },
    { "no room", "{'periods':['May'],'plants':['Dhaka'],'items':['boot'],'stores':[{'item':'boot',"
      "'plant':'Dhaka','on_hand':50,'max_stock':30}],'demands':[]}",
      "room for boot at Dhaka is short by 20 in May: it holds 30\n",
      "room for boot at Dhaka is short by 20 in May: it holds 30\n" },
    { "safety stock", "{'periods':['May'],'plants':['Dhaka'],'items':['boot'],'stores':[{'item':'boot',"
      "'plant':'Dhaka','on_hand':5,'safety_stock':8}],'demands':[]}",
      "3 of the 8 safety stock of boot at Dhaka are not there in May\n",
      "3 of the 8 safety stock of boot at Dhaka are not there in May\n" },
    { 0 },
};
// clang-format on

static Str sentences(Arena *arena, const SopShortList *list)
{
    Buf out = { .arena = arena };
    EACH (lack, *list)
        buf_printf(&out, STR_FMT "\n", STR_ARG(lack->text));
    return buf_str(&out);
}

static void test_impossible(void)
{
    for (const Impossible *row = impossible; row->name; row++) {
        Ctx *ctx = test_ctx();
        SopInput input;
        SopPlan plan;
        test_row = row->name;
        CHECK_OK(ctx, plan_quoted(ctx, row->input, &input, &plan));
        CHECK(!plan.is_possible);
        CHECK_STR(sentences(ctx->arena, &plan.lacking), row->lacking);
        CHECK_STR(sentences(ctx->arena, &plan.undelivered), row->undelivered);
    }
    test_row = NULL;
}

// ---- Made up ------------------------------------------------------------------------------------

enum { PERIODS = 6, PLANTS = 3, ITEMS = 3, ROUNDS = 60 };

static double some(Ctx *ctx, int64_t most)
{
    return (double)random_below(ctx->random, most * 10 + 1) / 10;
}

static double *by_period(Ctx *ctx, double value)
{
    double *values = NEW_ARRAY(ctx->arena, double, PERIODS);
    for (int t = 0; t < PERIODS; t++)
        values[t] = value;
    return values;
}

static void make_up_flows(Ctx *ctx, SopInput *input)
{
    for (int32_t i = 0; i < PLANTS; i++)
        input->resources[i] = (SopResource){ .id = S("r"),
                                             .plant = i,
                                             .hours = by_period(ctx, some(ctx, 200)),
                                             .overtime = by_period(ctx, some(ctx, 50)),
                                             .overtime_cost = some(ctx, 9) };
    for (int32_t i = 0; i < input->make_count; i++) {
        SopPart *use = NEW(ctx->arena, SopPart), *take = NEW(ctx->arena, SopPart);
        int32_t item = i % ITEMS, plant = i / ITEMS;
        *use = (SopPart){ plant, 0.1 + some(ctx, 2) };
        *take = (SopPart){ item - 1, some(ctx, 2) };  // of the item before
        double max = random_chance(ctx->random, 3) ? some(ctx, 100) : INFINITY;
        input->makes[i] = (SopMake){ item,
                                     plant,
                                     some(ctx, 20),
                                     by_period(ctx, max),
                                     use,
                                     take,
                                     1,
                                     item > 0 && random_chance(ctx->random, 2) };
    }
    for (int32_t i = 0; i < input->lane_count; i++) {
        int32_t from = (int32_t)random_below(ctx->random, PLANTS);
        input->lanes[i] = (SopLane){ from,
                                     (from + 1) % PLANTS,
                                     (int32_t)random_below(ctx->random, ITEMS),
                                     some(ctx, 3),
                                     by_period(ctx, 10 + some(ctx, 100)),
                                     (int32_t)random_below(ctx->random, 2) };
    }
}

static SopInput make_up(Ctx *ctx)
{
    static const Str names[] = { { "a", 1 }, { "b", 1 }, { "c", 1 },
                                 { "d", 1 }, { "e", 1 }, { "f", 1 } };
    SopInput input = { .period_count = PERIODS,
                       .plant_count = PLANTS,
                       .item_count = ITEMS,
                       .periods = names,
                       .plants = names,
                       .items = names,
                       .resources = NEW_ARRAY(ctx->arena, SopResource, PLANTS),
                       .makes = NEW_ARRAY(ctx->arena, SopMake, PLANTS * ITEMS),
                       .stores = NEW_ARRAY(ctx->arena, SopStore, PLANTS * ITEMS),
                       .lanes = NEW_ARRAY(ctx->arena, SopLane, 8),
                       .demands = NEW_ARRAY(ctx->arena, SopDemand, 20),
                       .resource_count = PLANTS,
                       .make_count = PLANTS * ITEMS,
                       .store_count = PLANTS * ITEMS,
                       .lane_count = 8,
                       .demand_count = 20 };
    make_up_flows(ctx, &input);
    for (int32_t i = 0; i < input.store_count; i++)
        input.stores[i] = (SopStore){ i % ITEMS,
                                      i / ITEMS,
                                      some(ctx, 30),
                                      some(ctx, 2),
                                      random_chance(ctx->random, 3) ? some(ctx, 10) : 0,
                                      random_chance(ctx->random, 3) ? 40 : INFINITY,
                                      random_chance(ctx->random, 2) ? some(ctx, 5) : -1 };
    for (int32_t i = 0; i < input.demand_count; i++)
        input.demands[i] =
            (SopDemand){ (int32_t)random_below(ctx->random, ITEMS),
                         (int32_t)random_below(ctx->random, PLANTS),
                         (int32_t)random_below(ctx->random, PERIODS), some(ctx, 40) };
    return input;
}

// Flows of a site in a period, added up from makes, lanes and demands alone.
static double flow(const SopInput *input, const SopPlan *plan, const SopSite *site, int t)
{
    double sum = 0;
    for (int32_t i = 0; i < input->make_count; i++) {
        const SopMake *make = &input->makes[i];
        sum += make->plant == site->plant && make->item == site->item ? plan->made[i][t] : 0;
        if (make->take_count && make->plant == site->plant && make->takes[0].of == site->item)
            sum -= plan->made[i][t] * make->takes[0].per_unit;
    }
    for (int32_t i = 0; i < input->lane_count; i++) {
        const SopLane *lane = &input->lanes[i];
        if (lane->item != site->item)
            continue;
        sum -= lane->from == site->plant ? plan->sent[i][t] : 0;
        if (lane->to == site->plant && t >= lane->lead_periods)
            sum += plan->sent[i][t - lane->lead_periods];
    }
    for (int32_t i = 0; i < input->demand_count; i++) {
        const SopDemand *demand = &input->demands[i];
        if (demand->item == site->item && demand->plant == site->plant && demand->period == t)
            sum -= demand->quantity;
    }
    return sum;
}

static void check_balance(const SopInput *input, const SopPlan *plan)
{
    for (int32_t i = 0; i < plan->site_count; i++) {
        const SopSite *site = &plan->sites[i];
        const SopStore *store = &input->stores[site->plant * ITEMS + site->item];
        double before = store->on_hand;
        for (int t = 0; t < PERIODS; t++) {
            double after = site->stock[t] - site->backlog[t];
            CHECK(fabs(before + flow(input, plan, site, t) - after) < 1e-5);
            CHECK(site->stock[t] >= store->safety_stock - 1e-6);
            CHECK(site->stock[t] <= store->max_stock + 1e-6 && site->backlog[t] >= 0);
            CHECK(store->backlog_cost >= 0 || site->backlog[t] == 0);
            before = after;
        }
        CHECK(site->backlog[PERIODS - 1] == 0);
    }
}

static void check_hours(const SopInput *input, const SopPlan *plan)
{
    for (int32_t r = 0; r < PLANTS; r++)
        for (int t = 0; t < PERIODS; t++) {
            double used = 0;
            for (int32_t i = 0; i < input->make_count; i++)
                if (input->makes[i].plant == r)
                    used += plan->made[i][t] * input->makes[i].uses[0].per_unit;
            CHECK(near(plan->loads[r].used[t], used));
            CHECK(used <= input->resources[r].hours[t] + plan->loads[r].overtime[t] + 1e-6);
            CHECK(plan->loads[r].overtime[t] <= input->resources[r].overtime[t] + 1e-6);
        }
}

// Hours, production and transport beyond their limits are given: then it must be possible.
static void grant(const SopPlan *plan, SopInput *input)
{
    EACH (lack, plan->lacking) {
        double more = lack->by + 1e-4;
        if (str_is(S("hours"), lack->what))
            input->resources[lack->of].hours[lack->period] += more;
        if (str_is(S("make_max"), lack->what))
            input->makes[lack->of].max[lack->period] += more;
        if (str_is(S("lane_max"), lack->what))
            input->lanes[lack->of].max[lack->period] += more;
    }
}

static bool is_only_capacity(const SopPlan *plan)
{
    EACH (lack, plan->lacking)
        if (!str_is(S("hours"), lack->what) && !str_is(S("make_max"), lack->what) &&
            !str_is(S("lane_max"), lack->what))
            return false;
    return true;
}

static void test_made_up(void)
{
    Ctx *ctx = test_ctx();
    int possible = 0, granted = 0;
    for (int round = 0; round < ROUNDS; round++) {
        ArenaMark mark = arena_mark(ctx->arena);
        SopInput input = make_up(ctx);
        SopPlan plan, again;
        CHECK_OK(ctx, sop_plan(ctx, &input, cbc_solve, &(Budget){ 0 }, &plan));
        if (plan.is_possible) {
            possible++;
            check_balance(&input, &plan);
            check_hours(&input, &plan);
        } else if (is_only_capacity(&plan)) {
            granted++;
            CHECK(plan.undelivered.len > 0);
            grant(&plan, &input);
            CHECK_OK(ctx, sop_plan(ctx, &input, cbc_solve, &(Budget){ 0 }, &again));
            CHECK(again.is_possible);
        }
        arena_rewind(ctx->arena, mark);
    }
    CHECK(possible > 5 && granted > 5);
}

// The prices that came with an answer prove that none is cheaper (weak duality): nothing of the
// solver has to be believed.
static void test_optimal(void)
{
    Ctx *ctx = test_ctx();
    int proven = 0;
    for (int round = 0; round < ROUNDS; round++) {
        ArenaMark mark = arena_mark(ctx->arena);
        SopInput input = make_up(ctx);
        SopModel model;
        SopShortList lacking;
        LpAnswer answer;
        CHECK_OK(ctx, sop_lacking(ctx, &input, cbc_solve, &(Budget){ 0 }, &lacking));
        CHECK_OK(ctx, sop_model(ctx, &input, &model));
        if (lacking.len == 0) {
            proven++;
            CHECK_OK(ctx, cbc_solve(ctx, &model.lp, &(Budget){ 0 }, &answer));
            CHECK(answer.state == LP_OPTIMAL);
            CHECK(lp_violation(ctx->arena, &model.lp, answer.value) < 1e-5);
            CHECK(fabs(lp_least_cost(ctx->arena, &model.lp, answer.price) - answer.cost) <
                  1e-5 * (1 + answer.cost));
        }
        arena_rewind(ctx->arena, mark);
    }
    CHECK(proven > 5);
}

// ---- The solver by itself -----------------------------------------------------------------------

// min x + 2y with x + y >= 4, x <= 3: 3 + 2, and one more of the 4 costs 2.
static void test_solver(void)
{
    Ctx *ctx = test_ctx();
    Lp lp = { 0 };
    LpAnswer answer;
    int32_t x = lp_column(ctx->arena, &lp, 1, 0, 3), y = lp_column(ctx->arena, &lp, 2, 0, INFINITY);
    int32_t row = lp_row(ctx->arena, &lp, 4, INFINITY);
    lp_entry(ctx->arena, &lp, x, row, 1);
    lp_entry(ctx->arena, &lp, y, row, 1);
    CHECK_OK(ctx, cbc_solve(ctx, &lp, &(Budget){ 0 }, &answer));
    CHECK(answer.state == LP_OPTIMAL && near(answer.cost, 5));
    CHECK(near(answer.value[x], 3) && near(answer.value[y], 1) && near(answer.price[row], 2));
    CHECK(near(lp_least_cost(ctx->arena, &lp, answer.price), 5));
    CHECK(lp_least_cost(ctx->arena, &lp, &(double){ 0 }) < 5);
    CHECK(near(lp_violation(ctx->arena, &lp, (double[]){ 3.5, 0 }), 0.5));

    lp.columns.items[y].high = 0.5;
    CHECK_OK(ctx, cbc_solve(ctx, &lp, &(Budget){ 0 }, &answer));
    CHECK(answer.state == LP_INFEASIBLE);

    atomic_bool stop = true;
    CHECK_OK(ctx, cbc_solve(ctx, &lp, &(Budget){ .stop = &stop }, &answer));
    CHECK(answer.state == LP_STOPPED);
}

static void test_stopped(void)
{
    Ctx *ctx = test_ctx();
    SopInput input;
    SopPlan plan;
    atomic_bool stop = true;
    CHECK_OK(ctx, read_quoted(ctx, solved[0].input, &input));
    CHECK_FAILS(ctx, "sop.stopped",
                sop_plan(ctx, &input, cbc_solve, &(Budget){ .stop = &stop }, &plan));
}

// ---- Scenarios and files ------------------------------------------------------------------------

static const char scenarios[] =
    "{'periods':['1','2'],'plants':['A'],'items':['x'],"
    "'resources':[{'id':'r','plant':'A','hours':100,'overtime':20,'overtime_cost':5}],"
    "'makes':[{'item':'x','plant':'A','cost':1,'uses':[{'resource':'r','hours':1}]}],"
    "'stores':[{'item':'x','plant':'A','holding_cost':0.5}],"
    "'demands':[{'item':'x','plant':'A','period':'1','quantity':80},"
    "{'item':'x','plant':'A','period':'2','quantity':120}],"
    "'scenarios':[{'name':'base'},"
    "{'name':'dear','changes':[{'what':'make_cost','factor':2},{'what':'holding_cost','set':9}]},"
    "{'name':'strike','changes':[{'what':'hours','resource':'r','from':'2','factor':0},"
    "{'what':'demand','from':'2','set':20}]},"
    "{'name':'flood','changes':[{'what':'hours','set':0}]}]}";

static const char table[] =
    "                               base             dear           strike            flood\n"
    "total cost                   210.00           500.00           110.00       impossible\n"
    "production                   200.00           400.00           100.00                -\n"
    "overtime                       0.00           100.00             0.00                -\n"
    "stock                         10.00             0.00            10.00                -\n"
    "lateness                       0.00             0.00             0.00                -\n"
    "transport                      0.00             0.00             0.00                -\n"
    "units made                   200.00           200.00           100.00                -\n"
    "units sent                     0.00             0.00             0.00                -\n"
    "overtime hours                 0.00            20.00             0.00                -\n"
    "average stock                 10.00             0.00            10.00                -\n"
    "% on time                    100.00           100.00           100.00                -\n"
    "\n"
    "flood is impossible as it stands. It takes at least:\n"
    "  r at A is short by 60 hours in 1, beyond its 0 hours and 20 of overtime\n"
    "  r at A is short by 100 hours in 2, beyond its 0 hours and 20 of overtime\n"
    "Or, with nothing added:\n"
    "  60 of the 80 of x that A wants in 1 cannot be delivered\n"
    "  100 of the 120 of x that A wants in 2 cannot be delivered\n";

static void test_scenarios(void)
{
    Ctx *ctx = test_ctx();
    SopInput input;
    CHECK_OK(ctx, read_quoted(ctx, scenarios, &input));
    SopPlan plans[4];
    for (int32_t i = 0; i < input.scenario_count; i++) {
        SopInput *changed = NEW(ctx->arena, SopInput);
        *changed = sop_scenario(ctx->arena, &input, &input.scenarios[i]);
        CHECK_OK(ctx, sop_plan(ctx, changed, cbc_solve, &(Budget){ 0 }, &plans[i]));
    }
    CHECK(input.makes[0].cost == 1 && input.resources[0].hours[1] == 100);
    Buf out = { .arena = ctx->arena }, json = { .arena = ctx->arena };
    sop_table(&input, plans, &out);
    CHECK_STR(buf_str(&out), table);
    sop_write(ctx->arena, &input, plans, &json);
    const Json *tree;
    CHECK_OK(ctx, json_parse(ctx, buf_str(&json), &tree));
    const Json *base = json_get(tree, "scenarios")->first;
    CHECK_STR(json_str(base, "name"), "base");
    CHECK_STR(json_get(base, "total cost")->text, "210");
    CHECK_STR(json_get(json_get(base, "made")->first, "quantities")->first->text, "100");
    CHECK_STR(json_str(json_get(base->next->next->next, "lacking")->first, "period"), "1");
}

typedef struct {
    const char *name, *input, *code, *sentence;
} Refusal;

// clang-format off
#define HEAD "{'periods':['1'],'plants':['A'],'items':['x'],'demands':[]"

static const Refusal refusals[] = {
    { "no JSON", "[", "json.syntax", NULL },
    { "no periods", "{'periods':[],'plants':[],'items':[],'demands':[]}", "input.field",
      "the file, periods: at least one is wanted" },
    { "a name twice", "{'periods':['1','1'],'plants':[],'items':[],'demands':[]}", "input.field",
      "periods[1], name: \"1\" stands here twice" },
    { "a plant that is none", HEAD ",'makes':[{'item':'x','plant':'B'}]}", "input.field",
      "makes[0], plant: there is no \"B\"" },
    { "a resource of elsewhere", "{'periods':['1'],'plants':['A','B'],'items':['x'],'demands':[],"
      "'resources':[{'id':'r','plant':'B','hours':1}],'makes':[{'item':'x','plant':'A',"
      "'uses':[{'resource':'r','hours':1}]}]}", "input.field",
      "makes[0], uses: \"r\" is at another plant" },
    { "hours for two of one period", HEAD ",'resources':[{'id':'r','plant':'A','hours':[1,2]}]}",
      "input.field", "resources[0], hours: one number for each of 1 periods is wanted" },
    { "cost below zero", HEAD ",'makes':[{'item':'x','plant':'A','cost':-1}]}", "input.field",
      "makes[0], cost: a number from 0 to 1000000000 is wanted" },
    { "an item of itself", HEAD ",'makes':[{'item':'x','plant':'A',"
      "'takes':[{'item':'x','quantity':1}]}]}", "input.field",
      "makes[0], takes: an item cannot take itself" },
    { "more safety than room", HEAD ",'stores':[{'item':'x','plant':'A','safety_stock':5,"
      "'max_stock':4}]}", "input.field", "stores[0], safety_stock: it is more than max_stock" },
    { "a store twice", HEAD ",'stores':[{'item':'x','plant':'A'},{'item':'x','plant':'A'}]}",
      "input.field", "stores[1], item: this plant keeps it already" },
    { "a lane home", HEAD ",'lanes':[{'item':'x','from':'A','to':'A'}]}", "input.field",
      "lanes[0], to: a lane leads to another plant" },
    { "a cost by period", HEAD ",'scenarios':[{'name':'s','changes':[{'what':'make_cost',"
      "'from':'1'}]}]}", "input.field", "changes[0], from: costs are the same in all periods" },
    { "a change of what is none", HEAD ",'scenarios':[{'name':'s','changes':[{'what':'luck'}]}]}",
      "input.field", "changes[0], what: one of demand, hours, overtime, make_max, lane_max, "
      "make_cost, overtime_cost, lane_cost, holding_cost, backlog_cost is wanted" },
    { 0 },
};
// clang-format on

static void test_refusals(void)
{
    for (const Refusal *row = refusals; row->name; row++) {
        Ctx *ctx = test_ctx();
        SopInput input;
        test_row = row->name;
        CHECK(read_quoted(ctx, row->input, &input) == E_INVALID);
        CHECK_STR(str_from(ctx->failure.code), row->code);
        if (row->sentence)
            CHECK_STR(ctx->failure.message, row->sentence);
    }
    test_row = NULL;
}

const Test sop_tests[] = {
    { "cases solved by hand", test_solved },
    { "an impossible plan says what it lacks", test_impossible },
    { "plans balance, and what they lack is enough", test_made_up },
    { "the prices prove that no plan is cheaper", test_optimal },
    { "the solver by itself", test_solver },
    { "a stopped plan says so", test_stopped },
    { "scenarios side by side", test_scenarios },
    { "every refusal names the place", test_refusals },
    { 0 },
};
