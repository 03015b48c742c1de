// test_mrp.c - the rules of material planning, one small company a row. Day 0 is Monday 2026-01-05;
// an order is told as quantity:start>due, advice as name subject from>to.
#include "algo/mrp/advice.h"
#include "algo/mrp/file.h"
#include "algo/mrp/peg.h"
#include "harness.h"

static Status plan_text(Ctx *ctx, const char *quoted, Budget *budget, MrpPlan **ret)
{
    Str text = str_replace_char(ctx->arena, str_from(quoted), '\'', '"');
    MrpInput *input = NEW(ctx->arena, MrpInput);
    TRY(mrp_read(ctx, text, input));
    return mrp_plan(ctx, input, budget, ret);
}

static void tell_orders(Buf *out, const MrpPlan *plan, int32_t item)
{
    const MrpRun *run = &plan->runs[item];
    for (int32_t i = 0; i < run->count; i++)
        buf_printf(out, "%s%s" STR_FMT ":%d>%d", i ? " " : "",
                   run->orders[i].receipt >= 0 ? "firm " : "",
                   STR_ARG(decimal_short(out->arena, run->orders[i].quantity.micro, 6)),
                   run->orders[i].start, run->orders[i].due);
}

static void tell_messages(Buf *out, const MrpPlan *plan, int32_t item)
{
    MrpMessageList messages;
    mrp_messages(out->arena, plan, item, &messages);
    EACH (message, messages) {
        buf_printf(out, "; %s ", mrp_advice_names[message->advice]);
        if (message->receipt >= 0)
            buf_put(out, plan->input->receipts[message->receipt].id);
        else
            buf_printf(out, "%d", message->order);
        buf_printf(out, " %d", message->from);
        if (message->to != MRP_NEVER)
            buf_printf(out, ">%d", message->to);
    }
}

// All items that have orders or advice.
static Str told(Arena *arena, const MrpPlan *plan)
{
    Buf out = { .arena = arena };
    for (int32_t item = 0; item < plan->input->item_count; item++) {
        Buf line = { .arena = arena };
        tell_orders(&line, plan, item);
        tell_messages(&line, plan, item);
        if (line.len)
            buf_printf(&out, "%s" STR_FMT " " STR_FMT, out.len ? " | " : "",
                       STR_ARG(plan->input->items[item].id), STR_ARG(buf_str(&line)));
    }
    return buf_str(&out);
}

typedef struct {
    const char *name, *company, *wanted;
} Row;

// clang-format off
#define START "{'start':'2026-01-05','days':60,"
#define A_ON(rest) "'items':[{'id':'a','lead_days':2" rest "}],"
#define TEN_AND_FIVE "'demands':[{'id':'x','item':'a','date':'2026-01-15','quantity':10}," \
                     "{'id':'y','item':'a','date':'2026-01-20','quantity':5}]"

static const Row lot_rows[] = {
    { "lot for lot", START A_ON("") TEN_AND_FIVE "}", "a 10:8>10 5:13>15" },
    { "a fixed lot as often as needed, and what is over is used",
      START A_ON(",'lot':{'rule':'fixed','quantity':4}") TEN_AND_FIVE "}",
      "a 4:8>10 4:8>10 4:8>10 4:13>15" },
    { "at least the minimum, rounded up to the multiple",
      START A_ON(",'lot':{'min':9,'multiple':4}") TEN_AND_FIVE "}", "a 12:8>10 12:13>15" },
    { "at most the maximum", START A_ON(",'lot':{'max':4}") TEN_AND_FIVE "}",
      "a 4:8>10 4:8>10 2:8>10 4:13>15 1:13>15" },
    { "an order for the needs of seven days",
      START A_ON(",'lot':{'rule':'period','days':7}") "'demands':["
      "{'id':'1','item':'a','date':'2026-01-15','quantity':5},"
      "{'id':'2','item':'a','date':'2026-01-17','quantity':6},"
      "{'id':'3','item':'a','date':'2026-01-21','quantity':7},"
      "{'id':'4','item':'a','date':'2026-01-22','quantity':8}]}", "a 18:8>10 8:15>17" },
    { "economic lots keep what is cheaper to keep than to order",
      START A_ON(",'lot':{'rule':'economic','order_cost':15,'holding_cost':1}") "'demands':["
      "{'id':'1','item':'a','date':'2026-01-15','quantity':10},"
      "{'id':'2','item':'a','date':'2026-01-16','quantity':10},"
      "{'id':'3','item':'a','date':'2026-01-25','quantity':10}]}", "a 20:8>10 10:18>20" },
    { "more is ordered for what is lost", START A_ON(",'scrap':0.05") "'demands':["
      "{'id':'1','item':'a','date':'2026-01-15','quantity':95}]}", "a 100:8>10" },
    { "a need of more lots than are told one by one",
      START A_ON(",'lot':{'max':1}") "'demands':["
      "{'id':'1','item':'a','date':'2026-01-15','quantity':0.5},"
      "{'id':'2','item':'a','date':'2026-01-16','quantity':0.25}]}", "a 0.5:8>10 0.25:9>11" },
    { 0 },
};

static const Row stock_rows[] = {
    { "safety stock is kept", START A_ON(",'on_hand':5,'safety_stock':2") "'demands':["
      "{'id':'1','item':'a','date':'2026-01-15','quantity':4}]}", "a 1:8>10" },
    { "it helps before an order could, and is then restored",
      START A_ON(",'on_hand':5,'safety_stock':2") "'demands':["
      "{'id':'1','item':'a','date':'2026-01-06','quantity':4}]}", "a 1:0>2" },
    { "what is owed is wanted today",
      START A_ON(",'on_hand':-3") "'demands':[]}", "a 3:-2>0; start_late 0 -2>2" },
    { "a demand of last month is wanted today", START A_ON(",'on_hand':3") "'demands':["
      "{'id':'1','item':'a','date':'2025-12-15','quantity':4}]}", "a 1:-2>0; start_late 0 -2>2" },
    { "a demand behind the plan's end is none", START A_ON("") "'demands':["
      "{'id':'1','item':'a','date':'2026-03-06','quantity':4}]}", "" },
    { "a receipt comes too late, another too early, one for nobody",
      START A_ON("") TEN_AND_FIVE ",'receipts':["
      "{'id':'p','item':'a','date':'2026-01-16','quantity':10},"
      "{'id':'q','item':'a','date':'2026-01-17','quantity':5},"
      "{'id':'r','item':'a','date':'2026-01-30','quantity':5}]}",
      "a ; reschedule_in p 11>10; reschedule_out q 12>15; cancel r 25" },
    { "a move within the tolerance is not worth a word",
      START A_ON(",'tolerance_days':3") TEN_AND_FIVE ",'receipts':["
      "{'id':'p','item':'a','date':'2026-01-16','quantity':10},"
      "{'id':'q','item':'a','date':'2026-01-17','quantity':5}]}", "" },
    { "what cannot be pulled in so far is ordered instead",
      START A_ON(",'expedite_days':3") TEN_AND_FIVE ",'receipts':["
      "{'id':'p','item':'a','date':'2026-01-19','quantity':10}]}",
      "a 10:8>10; reschedule_out p 14>15" },
    { "an overdue receipt is expected today", START A_ON("") TEN_AND_FIVE ",'receipts':["
      "{'id':'p','item':'a','date':'2026-01-01','quantity':15}]}", "a ; overdue p -4>0" },
    { 0 },
};

static const Row day_rows[] = {
    { "lead times are working days: Monday less three is Wednesday",
      START "'calendars':[{'id':'c'}],'items':[{'id':'a','lead_days':3,'calendar':'c'}],"
      "'demands':[{'id':'1','item':'a','date':'2026-01-19','quantity':1}]}", "a 1:9>14" },
    { "a holiday is no working day, a Saturday may be one",
      START "'calendars':[{'id':'c','closed':['2026-01-15'],'open':['2026-01-17']}],"
      "'items':[{'id':'a','lead_days':3,'calendar':'c'}],"
      "'demands':[{'id':'1','item':'a','date':'2026-01-19','quantity':1}]}", "a 1:9>14" },
    { "what is wanted on Sunday comes on Friday",
      START "'calendars':[{'id':'c'}],'items':[{'id':'a','lead_days':1,'calendar':'c'}],"
      "'demands':[{'id':'1','item':'a','date':'2026-01-18','quantity':1}]}", "a 1:10>11" },
    { "nothing new within the frozen days", START A_ON(",'frozen_days':5,'slushy_days':10")
      "'demands':[{'id':'1','item':'a','date':'2026-01-07','quantity':1},"
      "{'id':'2','item':'a','date':'2026-01-12','quantity':2},"
      "{'id':'3','item':'a','date':'2026-01-16','quantity':3}]}",
      "a 1:3>5 2:5>7 3:9>11; fenced 0 2>5; approve 0 5>5; approve 1 7>7" },
    { "nothing moves within the frozen days", START A_ON(",'frozen_days':5")
      "'demands':[{'id':'1','item':'a','date':'2026-01-07','quantity':1}],"
      "'receipts':[{'id':'p','item':'a','date':'2026-01-09','quantity':1},"
      "{'id':'q','item':'a','date':'2026-01-08','quantity':1}]}", "" },
    { "nothing is pulled into the frozen days", START A_ON(",'frozen_days':5")
      "'demands':[{'id':'1','item':'a','date':'2026-01-07','quantity':1}],"
      "'receipts':[{'id':'p','item':'a','date':'2026-01-14','quantity':1}]}",
      "a ; reschedule_in p 9>5" },
    { 0 },
};

#define TWO(line, b) "'items':[{'id':'a','lead_days':2},{'id':'b'" b "},{'id':'c'}],'lines':[" \
                     "{'parent':'a','component':'b'" line "}]," TEN_AND_FIVE

static const Row structure_rows[] = {
    { "components are wanted when their parent is started",
      START TWO(",'quantity':3", "") "}", "a 10:8>10 5:13>15 | b 30:8>8 15:13>13" },
    { "three of ten, and a tenth is spoilt",
      START TWO(",'quantity':3,'per':9,'scrap':0.1", "") "}",
      "a 10:8>10 5:13>15 | b 3.703704:8>8 1.851852:13>13" },
    { "a day after the start", START TWO(",'offset_days':1", "") "}",
      "a 10:8>10 5:13>15 | b 10:9>9 5:14>14" },
    { "a change of design on a day, both days included",
      START "'items':[{'id':'a','lead_days':2},{'id':'b'},{'id':'c'}],'lines':["
      "{'parent':'a','component':'b','to':'2026-01-13'},"
      "{'parent':'a','component':'c','from':'2026-01-14'}]," TEN_AND_FIVE "}",
      "a 10:8>10 5:13>15 | b 10:8>8 | c 5:13>13" },
    { "a phantom's stock is used, then its parts stand in its place",
      START "'items':[{'id':'a','lead_days':2},{'id':'kit','kind':'phantom','on_hand':4,"
      "'lead_days':9,'safety_stock':0},{'id':'c'}],'lines':["
      "{'parent':'a','component':'kit'},{'parent':'kit','component':'c','quantity':2}],"
      TEN_AND_FIVE "}", "a 10:8>10 5:13>15 | kit 6:8>8 5:13>13 | c 12:8>8 10:13>13" },
    { "an alternative from the day on which the first is no more",
      START TWO(",'to':'2026-01-13','alternates':[{'component':'c','quantity':2}]", "") "}",
      "a 10:8>10 5:13>15 | b 10:8>8 | c 10:13>13" },
    { "priorities, not the order of the list",
      START TWO(",'priority':2,'alternates':[{'component':'c','priority':1}]", "") "}",
      "a 10:8>10 5:13>15 | c 10:8>8 5:13>13" },
    { "the first has no stock, the second some: what is short is the first's",
      START "'items':[{'id':'a','lead_days':2},{'id':'b','on_hand':1},{'id':'c','on_hand':8}],"
      "'lines':[{'parent':'a','component':'b','use':'stock','alternates':["
      "{'component':'c','quantity':2}]}]," TEN_AND_FIVE "}",
      "a 10:8>10 5:13>15 | b 5:8>8 5:13>13" },
    { "stock that customers or other orders want is not free for an alternative",
      START "'items':[{'id':'a','lead_days':2},{'id':'b'},{'id':'c','on_hand':8}],"
      "'lines':[{'parent':'a','component':'b','use':'stock','alternates':[{'component':'c'}]}],"
      "'demands':[{'id':'x','item':'a','date':'2026-01-15','quantity':10},"
      "{'id':'z','item':'c','date':'2026-02-01','quantity':6}]}",
      "a 10:8>10 | b 8:8>8" },
    { "the planner's own order stays, and wants its parts",
      START TWO("", "") ",'receipts':["
      "{'id':'f','item':'a','date':'2026-01-25','quantity':12,'state':'firm'}]}",
      "a firm 12:18>20 3:13>15; reschedule_in f 20>10 | b 3:13>13 12:18>18" },
    { "a released order has its parts already", START TWO("", "") ",'receipts':["
      "{'id':'r','item':'a','date':'2026-01-15','quantity':15}]}", "" },
    { 0 },
};
// clang-format on

static void check_rows(const Row *rows)
{
    for (const Row *row = rows; row->name; row++) {
        Ctx *ctx = test_ctx();
        MrpPlan *plan;
        Budget budget = { 0 };
        test_row = row->name;
        Status status = plan_text(ctx, row->company, &budget, &plan);
        if (status != OK)
            test_fail(__FILE__, __LINE__, STR_FMT, STR_ARG(ctx->failure.message));
        else
            CHECK_STR(told(ctx->arena, plan), row->wanted);
    }
    test_row = NULL;
}

static void test_lots(void)
{
    check_rows(lot_rows);
}
static void test_stock(void)
{
    check_rows(stock_rows);
}
static void test_days(void)
{
    check_rows(day_rows);
}
static void test_structure(void)
{
    check_rows(structure_rows);
}

// ---- Refusals -----------------------------------------------------------------------------------

typedef struct {
    const char *name, *company, *code, *sentence;
} Refusal;

// clang-format off
static const Refusal refusals[] = {
    { "no JSON", "{", "json.syntax", NULL },
    { "no items", "{'start':'2026-01-05'}", "input.field", "the file, items: it is missing" },
    { "an unknown name", START "'items':[{'id':'a','lead':3}]}", "input.field",
      "items[0], lead: no such field is known here" },
    { "an id twice", START "'items':[{'id':'a'},{'id':'a'}]}", "input.field",
      "items[1], id: \"a\" stands here twice" },
    { "a line to nowhere", START "'items':[{'id':'a'}],'lines':[{'parent':'a','component':'b'}]}",
      "input.field", "lines[0], component: there is no \"b\"" },
    { "a lead time below zero", START "'items':[{'id':'a','lead_days':-1}]}", "input.field",
      "items[0], lead_days: a whole number from 0 to 3660 is wanted" },
    { "finer than a millionth", START "'items':[{'id':'a','on_hand':0.0000001}]}", "input.field",
      "items[0], on_hand: a number with at most 6 decimals is wanted" },
    { "all is scrap", START "'items':[{'id':'a','scrap':1}]}", "input.field",
      "items[0], scrap: a share from 0 to less than 1 is wanted, with at most 6 decimals" },
    { "a fixed lot of nothing", START "'items':[{'id':'a','lot':{'rule':'fixed'}}]}", "input.field",
      "items[0], lot: a fixed lot wants its quantity" },
    { "no working day", START "'calendars':[{'id':'c','weekdays':[]}],'items':[]}", "input.field",
      "calendars[0], weekdays: at least one is wanted" },
    { "a word that is none", START "'items':[{'id':'a','kind':'rent'}]}", "input.field",
      "items[0], kind: one of make, buy, phantom is wanted" },
    { "a demand for nothing", START "'items':[{'id':'a'}],'demands':[{'id':'x','item':'a',"
      "'date':'2026-01-06','quantity':0}]}", "input.field",
      "demands[0], quantity: a number from 0.000001 to 1000000000000 is wanted" },
    { "a day that is none", START "'items':[{'id':'a'}],'demands':[{'id':'x','item':'a',"
      "'date':'2026-02-30','quantity':1}]}", "input.field",
      "demands[0], date: a date like 2026-11-21 is wanted" },
    { "a circle", START "'items':[{'id':'frame'},{'id':'tube'},{'id':'weld'}],'lines':["
      "{'parent':'frame','component':'tube'},{'parent':'tube','component':'weld'},"
      "{'parent':'weld','component':'frame'}]}", "mrp.cycle",
      "an item is made of itself: frame needs tube, tube needs weld, weld needs frame" },
    { "two circles", START "'items':[{'id':'a'},{'id':'b'},{'id':'c'},{'id':'d'}],'lines':["
      "{'parent':'a','component':'b'},{'parent':'b','component':'a'},"
      "{'parent':'a','component':'c'},{'parent':'c','component':'c'},"
      "{'parent':'c','component':'d'}]}", "mrp.cycle",
      "some items are made of themselves: a needs b, b needs a; c needs c" },
    { "beyond counting", START "'items':[{'id':'a'},{'id':'b'},{'id':'c'}],'lines':["
      "{'parent':'a','component':'b','quantity':9000000},"
      "{'parent':'b','component':'c','quantity':9000000}],"
      "'demands':[{'id':'x','item':'a','date':'2026-01-06','quantity':1000}]}", "mrp.range",
      "the needs of c add up to more than can be counted" },
    { 0 },
};
// clang-format on

static void test_refusals(void)
{
    for (const Refusal *row = refusals; row->name; row++) {
        Ctx *ctx = test_ctx();
        MrpPlan *plan;
        Budget budget = { 0 };
        test_row = row->name;
        Status status = plan_text(ctx, row->company, &budget, &plan);
        CHECK(status == E_INVALID);
        CHECK_STR(str_from(ctx->failure.code), row->code);
        if (row->sentence)
            CHECK_STR(ctx->failure.message, row->sentence);
    }
    test_row = NULL;
}

// ---- Pegging ------------------------------------------------------------------------------------

static const char pegged[] =
    START "'items':[{'id':'a','lead_days':2,'lot':{'rule':'fixed','quantity':12}},"
          "{'id':'b','lead_days':1,'on_hand':7}],"
          "'lines':[{'parent':'a','component':'b','quantity':2}]," TEN_AND_FIVE "}";

static void tell_pegs(Buf *out, const MrpPegList *pegs)
{
    EACH (peg, *pegs)
        buf_printf(out, "%s%d/%d for %d/%d " STR_FMT, out->len ? ", " : "", peg->supply,
                   peg->supply_index, peg->purpose, peg->index,
                   STR_ARG(decimal_short(out->arena, peg->quantity.micro, 6)));
}

// a: 12 for x (10) and y (2), 12 for y (3) and nobody (9). b: 24 wanted, 7 from stock.
static void test_pegging(void)
{
    Ctx *ctx = test_ctx();
    MrpPlan *plan;
    MrpPegList direct;
    const MrpPegList *serves;
    CHECK_OK(ctx, plan_text(ctx, pegged, &(Budget){ 0 }, &plan));
    CHECK_STR(told(ctx->arena, plan), "a 12:8>10 12:13>15 | b 17:7>8 24:12>13");
    Buf level = { .arena = ctx->arena }, through = { .arena = ctx->arena };
    mrp_pegs(ctx->arena, plan, 1, &direct);
    tell_pegs(&level, &direct);
    CHECK_STR(buf_str(&level), "0/-1 for 1/0 7, 2/0 for 1/0 17, 2/1 for 1/1 24");
    CHECK_OK(ctx, mrp_serves(ctx, plan, 100, &serves));
    tell_pegs(&through, &serves[1]);
    CHECK_STR(buf_str(&through), "0/-1 for 0/0 7, 2/0 for 0/0 13, 2/0 for 0/1 4, 2/1 for 0/1 6, "
                                 "2/1 for 4/-1 18");
    CHECK_FAILS(ctx, "mrp.pegs", mrp_serves(ctx, plan, 5, &serves));
}

// ---- The answer as a file, and stopping ---------------------------------------------------------

// clang-format off
static const char answer[] =
    "{'start':'2026-01-05','days':60,'is_whole':true,'orders':["
    "{'id':'P1','item':'a','kind':'make','quantity':'20','received':'10','start':'2026-01-13',"
    "'due':'2026-01-15','need':'2026-01-15','pegs':[{'demand':'x','quantity':'10'}],"
    "'serves':[{'demand':'x','quantity':'10'}]},"
    "{'id':'P2','item':'a','kind':'make','quantity':'10','received':'5','start':'2026-01-18',"
    "'due':'2026-01-20','need':'2026-01-20','pegs':[{'demand':'y','quantity':'5'}],"
    "'serves':[{'demand':'y','quantity':'5'}]},"
    "{'id':'P3','item':'b','kind':'buy','quantity':'8.999499','start':'2026-01-18','due':'2026-01-18',"
    "'need':'2026-01-18','pegs':[{'order':'P2','item':'a','quantity':'8.999499'}],"
    "'serves':[{'demand':'y','quantity':'8.999499'}]}],"
    "'receipts':[{'id':'p','item':'b','quantity':'21.000501','due':'2026-01-12','need':'2026-01-13',"
    "'pegs':[{'order':'P1','item':'a','quantity':'20'},{'order':'P2','item':'a','quantity':'1.000501'}],"
    "'serves':[{'demand':'x','quantity':'20'},{'demand':'y','quantity':'1.000501'}]}],"
    "'messages':[{'advice':'reschedule_out','item':'b','receipt':'p','from':'2026-01-12',"
    "'to':'2026-01-13','text':'p of b (21.000501) is wanted later: put it off from 2026-01-12 to "
    "2026-01-13'}],"
    "'totals':{'items':2,'levels':2,'orders':3,'reschedule_in':0,'reschedule_out':1,'cancel':0,"
    "'overdue':0,'start_late':0,'fenced':0,'approve':0,'split':0}}";
// clang-format on

static void test_answer(void)
{
    Ctx *ctx = test_ctx();
    MrpPlan *plan;
    Buf out = { .arena = ctx->arena };
    CHECK_OK(ctx,
             plan_text(ctx,
                       START "'items':[{'id':'a','lead_days':2,'scrap':0.5},"
                             "{'id':'b','kind':'buy'}],'lines':[{'parent':'a','component':'b'}],"
                             "'receipts':[{'id':'p','item':'b','date':'2026-01-12',"
                             "'quantity':'21.000501'}]," TEN_AND_FIVE "}",
                       &(Budget){ 0 }, &plan));
    CHECK_OK(ctx, mrp_write(ctx, plan, MRP_PEGS_FULL, 1000, &out));
    CHECK_STR(str_replace_char(ctx->arena, buf_str(&out), '"', '\''), answer);
}

static void test_stop(void)
{
    Ctx *ctx = test_ctx();
    MrpPlan *plan;
    CHECK_OK(ctx, plan_text(ctx, pegged, &(Budget){ .steps = 1 }, &plan));
    CHECK_INT(plan->levels_done, 1);
    CHECK_STR(told(ctx->arena, plan), "a 12:8>10 12:13>15");
    atomic_bool stop = true;
    CHECK_OK(ctx, plan_text(ctx, pegged, &(Budget){ .stop = &stop }, &plan));
    CHECK_INT(plan->levels_done, 0);
    CHECK_INT(plan->order_count, 0);
}

const Test mrp_tests[] = {
    { "lots as the rules say", test_lots },
    { "what exists is used before anything is ordered", test_stock },
    { "working days and fences", test_days },
    { "what things are made of", test_structure },
    { "every refusal names the place", test_refusals },
    { "an order knows whom it serves, through levels", test_pegging },
    { "the answer as a file", test_answer },
    { "a stopped plan has whole levels", test_stop },
    { 0 },
};
