// mrp_bench.c - a material plan of 100,000 items on 8 levels over 365 days, from a seed: how long
// planning takes, alone and with a crew, and what it needs of memory.
//
//     mrp-bench [ITEMS [SEED [IN.json]]]   writes the plan's input there too, for entrepot-mrp
//
// The company: an eighth of the items on each level; who is not at the bottom is made of two to
// four of the levels below. Finished goods are ordered on some 52 days a year each, one other item
// in a hundred as a spare part. All lot rules, five calendars with holidays, scrap, safety stock,
// fences, phantoms, alternatives by date and by stock, open purchase orders.
#include "algo/mrp/advice.h"
#include "algo/mrp/peg.h"
#include "base/random.h"
#include "tool/tool.h"

#include <sys/resource.h>

enum { LEVELS = 8, DAYS = 365, CALENDARS = 5, ROUNDS = 5 };

typedef struct {
    Arena *arena;
    Random random;
    int32_t items;
    LIST(MrpLine) lines;
    LIST(MrpDemand) demands;
    LIST(MrpReceipt) receipts;
    MrpItem *item;
    MrpCalendar *calendars;
} Company;

static int32_t chance(Company *c, int32_t n)
{
    return (int32_t)random_below(&c->random, n);
}

static Qty units(int64_t n)
{
    return (Qty){ n * MICRO };
}

static int32_t level_of(const Company *c, int32_t item)
{
    return (int32_t)((int64_t)item * LEVELS / c->items);
}

static int32_t level_first(const Company *c, int32_t level)
{
    return (int32_t)(((int64_t)level * c->items + LEVELS - 1) / LEVELS);
}

static int32_t one_of_level(Company *c, int32_t level)
{
    int32_t first = level_first(c, level);
    return first + chance(c, level_first(c, level + 1) - first);
}

static void make_calendars(Company *c)
{
    c->calendars = NEW_ARRAY(c->arena, MrpCalendar, CALENDARS);
    for (int i = 0; i < CALENDARS; i++) {
        int32_t *closed = NEW_ARRAY(c->arena, int32_t, 12);
        for (int k = 0; k < 12; k++)
            closed[k] = chance(c, DAYS);
        c->calendars[i] = (MrpCalendar){ .id = str_format(c->arena, "c%d", i),
                                         .weekdays = i == 4 ? 0x3F : 0x1F,
                                         .closed = closed,
                                         .closed_len = 12 };
    }
}

// The further down, the more is needed of a thing, and the larger are its lots.
static MrpLot some_lot(Company *c, int32_t level)
{
    int64_t scale = INT64_C(1) << (2 * level);
    switch (chance(c, 10)) {
    case 0:
    case 1: return (MrpLot){ .rule = MRP_FIXED, .fixed = units(scale * (20 + 10 * chance(c, 10))) };
    case 2:
    case 3: return (MrpLot){ .rule = MRP_PERIOD, .days = 7 };
    case 4:
    case 5:
        return (MrpLot){ .rule = MRP_ECONOMIC,
                         .order_cost = (double)scale * (20 + chance(c, 200)),
                         .holding_cost = 0.001 * (1 + chance(c, 50)) };
    case 6:
        return (MrpLot){ .min = units(5 * scale), .max = units(500 * scale), .multiple = units(5) };
    default: return (MrpLot){ .rule = MRP_EACH };
    }
}

static void make_item(Company *c, int32_t i)
{
    bool is_last = level_of(c, i) == LEVELS - 1;
    bool is_phantom = !is_last && level_of(c, i) > 0 && chance(c, 33) == 0;
    c->item[i] = (MrpItem){ .id = str_format(c->arena, "item-%06d", i),
                            .kind = is_phantom ? MRP_PHANTOM
                                  : is_last    ? MRP_BUY
                                               : MRP_MAKE,
                            .on_hand = units(chance(c, 2) ? chance(c, 500) : 0),
                            .safety_stock = units(chance(c, 5) ? 0 : chance(c, 100)),
                            .scrap = { chance(c, 10) ? 0 : 10000 * chance(c, 5) },
                            .calendar = chance(c, CALENDARS),
                            .lead_days = 1 + chance(c, 10),
                            .lot = is_phantom ? (MrpLot){ 0 } : some_lot(c, level_of(c, i)),
                            .frozen_days = chance(c, 3) ? 0 : 5,
                            .slushy_days = chance(c, 3) ? 0 : 15,
                            .expedite_days = MRP_ALWAYS };
}

static MrpLine *put_line(Company *c, int32_t parent, int32_t component)
{
    MrpLine *line = list_push(c->arena, &c->lines);
    *line = (MrpLine){ .parent = parent,
                       .component = component,
                       .quantity = units(chance(c, 4) ? 1 : 2),
                       .per = units(1),
                       .scrap = { chance(c, 20) ? 0 : 20000 },
                       .from = -MRP_ALWAYS,
                       .to = MRP_ALWAYS };
    return line;
}

static void make_lines(Company *c, int32_t parent)
{
    int32_t level = level_of(c, parent);
    if (level == LEVELS - 1)
        return;
    int32_t below = level_first(c, level + 1);
    int32_t twin = below + (parent - level_first(c, level)) % (level_first(c, level + 2) - below);
    put_line(c, parent, twin);  // so that everything is used by somebody a level above
    for (int32_t n = 1 + chance(c, 3); n > 0; n--) {
        int32_t down = level + 1 + (chance(c, 5) ? 0 : chance(c, LEVELS - 1 - level));
        MrpLine *line = put_line(c, parent, one_of_level(c, down));
        int kind = chance(c, 50);
        if (kind > 1)
            continue;
        MrpLine main = *line;
        int32_t group = (int32_t)c->lines.len;
        MrpLine *other = put_line(c, parent, one_of_level(c, down));
        c->lines.items[group - 1].group = other->group = group;
        other->quantity = main.quantity;
        c->lines.items[group - 1].by_stock = other->by_stock = kind == 0;
        if (kind == 1)
            c->lines.items[group - 1].to = 180;
    }
}

static void make_demands(Company *c, int32_t item)
{
    int32_t days = level_of(c, item) == 0 ? 52 : chance(c, 100) ? 0 : 12;
    for (int32_t i = 0; i < days; i++)
        *list_push(c->arena, &c->demands) =
            (MrpDemand){ str_format(c->arena, "SO-%zu", c->demands.len), item, chance(c, DAYS),
                         units(1 + chance(c, 20)) };
    for (int32_t i = chance(c, 5) ? 0 : 2; i > 0; i--)
        *list_push(c->arena, &c->receipts) =
            (MrpReceipt){ str_format(c->arena, "PO-%zu", c->receipts.len), item, chance(c, 60) - 5,
                          units(50 + chance(c, 500)), chance(c, 4) == 0 };
}

static MrpInput make_company(Arena *arena, int32_t items, uint64_t seed)
{
    Company c = { .arena = arena,
                  .random = { seed },
                  .items = items,
                  .item = NEW_ARRAY(arena, MrpItem, (size_t)items) };
    make_calendars(&c);
    for (int32_t i = 0; i < items; i++) {
        make_item(&c, i);
        make_lines(&c, i);
        make_demands(&c, i);
    }
    return (MrpInput){ .start = date_from_ymd(2026, 1, 5),
                       .days = DAYS,
                       .calendars = c.calendars,
                       .items = c.item,
                       .lines = c.lines.items,
                       .demands = c.demands.items,
                       .receipts = c.receipts.items,
                       .calendar_count = CALENDARS,
                       .item_count = items,
                       .line_count = (int32_t)c.lines.len,
                       .demand_count = (int32_t)c.demands.len,
                       .receipt_count = (int32_t)c.receipts.len };
}

// ---- As a file ----------------------------------------------------------------------------------

static const char *const rules[] = { "each", "fixed", "period", "economic" };
static const char *const kinds[] = { "make", "buy", "phantom" };

static void put_item(Buf *out, const MrpInput *in, const MrpItem *item)
{
    const MrpLot *lot = &item->lot;
    buf_printf(out,
               "{\"id\":\"%s\",\"kind\":\"%s\",\"on_hand\":%lld,\"safety_stock\":%lld,"
               "\"scrap\":%.6f,\"calendar\":\"%s\",\"lead_days\":%d,\"frozen_days\":%d,"
               "\"slushy_days\":%d,\"lot\":{\"rule\":\"%s\"",
               item->id.ptr, kinds[item->kind], (long long)item->on_hand.micro / MICRO,
               (long long)item->safety_stock.micro / MICRO, item->scrap.micro * 1e-6,
               in->calendars[item->calendar].id.ptr, item->lead_days, item->frozen_days,
               item->slushy_days, rules[lot->rule]);
    if (lot->rule == MRP_FIXED)
        buf_printf(out, ",\"quantity\":%lld", (long long)lot->fixed.micro / MICRO);
    if (lot->rule == MRP_PERIOD)
        buf_printf(out, ",\"days\":%d", lot->days);
    if (lot->rule == MRP_ECONOMIC)
        buf_printf(out, ",\"order_cost\":%g,\"holding_cost\":%g", lot->order_cost,
                   lot->holding_cost);
    if (lot->min.micro)
        buf_printf(out, ",\"min\":%lld,\"max\":%lld,\"multiple\":5",
                   (long long)lot->min.micro / MICRO, (long long)lot->max.micro / MICRO);
    buf_c(out, "}}");
}

static void put_option(Buf *out, const MrpInput *in, const MrpLine *line)
{
    buf_printf(out, "\"component\":\"%s\",\"quantity\":%lld,\"scrap\":%.6f",
               in->items[line->component].id.ptr, (long long)line->quantity.micro / MICRO,
               line->scrap.micro * 1e-6);
    if (line->to != MRP_ALWAYS)
        buf_printf(out, ",\"to\":\"%s\"", date_text(out->arena, in->start + line->to - 1).ptr);
}

static int32_t put_line_group(Buf *out, const MrpInput *in, int32_t i)
{
    const MrpLine *line = &in->lines[i];
    buf_printf(out, "{\"parent\":\"%s\",", in->items[line->parent].id.ptr);
    put_option(out, in, line);
    if (line->group) {
        buf_printf(out, ",\"use\":\"%s\",\"alternates\":[{", line->by_stock ? "stock" : "priority");
        put_option(out, in, line + 1);
        buf_c(out, "}]");
    }
    buf_c(out, "}");
    return line->group ? 2 : 1;
}

static void put_rows(Buf *out, const MrpInput *in)
{
    Arena *arena = out->arena;
    buf_c(out, "],\n\"demands\":[");
    for (int32_t i = 0; i < in->demand_count; i++)
        buf_printf(out, "%s{\"id\":\"%s\",\"item\":\"%s\",\"date\":\"%s\",\"quantity\":%lld}",
                   i ? ",\n" : "", in->demands[i].id.ptr, in->items[in->demands[i].item].id.ptr,
                   date_text(arena, in->start + in->demands[i].day).ptr,
                   (long long)in->demands[i].quantity.micro / MICRO);
    buf_c(out, "],\n\"receipts\":[");
    for (int32_t i = 0; i < in->receipt_count; i++)
        buf_printf(out,
                   "%s{\"id\":\"%s\",\"item\":\"%s\",\"date\":\"%s\",\"quantity\":%lld,"
                   "\"state\":\"%s\"}",
                   i ? ",\n" : "", in->receipts[i].id.ptr, in->items[in->receipts[i].item].id.ptr,
                   date_text(arena, in->start + in->receipts[i].day).ptr,
                   (long long)in->receipts[i].quantity.micro / MICRO,
                   in->receipts[i].is_firm ? "firm" : "released");
    buf_c(out, "]}\n");
}

static Str as_file(Arena *arena, const MrpInput *in)
{
    Buf out = { .arena = arena };
    buf_printf(&out, "{\"start\":\"%s\",\"days\":%d,\"calendars\":[",
               date_text(arena, in->start).ptr, in->days);
    for (int32_t i = 0; i < in->calendar_count; i++) {
        const MrpCalendar *calendar = &in->calendars[i];
        buf_printf(&out, "%s{\"id\":\"%s\",\"weekdays\":[1,2,3,4,5%s],\"closed\":[", i ? "," : "",
                   calendar->id.ptr, calendar->weekdays == 0x3F ? ",6" : "");
        for (size_t k = 0; k < calendar->closed_len; k++)
            buf_printf(&out, "%s\"%s\"", k ? "," : "",
                       date_text(arena, in->start + calendar->closed[k]).ptr);
        buf_c(&out, "]}");
    }
    buf_c(&out, "],\n\"items\":[");
    for (int32_t i = 0; i < in->item_count; i++) {
        buf_c(&out, i ? ",\n" : "");
        put_item(&out, in, &in->items[i]);
    }
    buf_c(&out, "],\n\"lines\":[");
    for (int32_t i = 0; i < in->line_count;) {
        buf_c(&out, i ? ",\n" : "");
        i += put_line_group(&out, in, i);
    }
    put_rows(&out, in);
    return buf_str(&out);
}

// ---- Measuring ----------------------------------------------------------------------------------

static long resident_mb(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss / 1024;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

// What all threads together have worked: on a machine that others share, this is what can be
// compared.
static double worked(void)
{
    struct timespec at;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &at);
    return (double)at.tv_sec + 1e-9 * (double)at.tv_nsec;
}

typedef struct {
    double plan_s, plan_cpu_s, pegs_s, advice_s;
    int64_t orders, pegs, messages;
    int levels;
    size_t bytes;
} Measure;

static void follow_up(Ctx *ctx, const MrpPlan *plan, Measure *m)
{
    double from = worked();
    for (int32_t item = 0; item < plan->input->item_count; item++) {
        ArenaMark mark = arena_mark(ctx->arena);
        MrpPegList pegs;
        mrp_pegs(ctx->arena, plan, item, &pegs);
        m->pegs += (int64_t)pegs.len;
        arena_rewind(ctx->arena, mark);
    }
    m->pegs_s = worked() - from;
    from = worked();
    for (int32_t item = 0; item < plan->input->item_count; item++) {
        ArenaMark mark = arena_mark(ctx->arena);
        MrpMessageList messages;
        mrp_messages(ctx->arena, plan, item, &messages);
        m->messages += (int64_t)messages.len;
        arena_rewind(ctx->arena, mark);
    }
    m->advice_s = worked() - from;
}

static Status measure(Ctx *ctx, const MrpInput *input, int crew, Measure *ret)
{
    double seconds[ROUNDS], cpu_seconds[ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
        ArenaMark mark = arena_mark(ctx->arena);
        size_t used = ctx->arena->used;
        Budget budget;
        MrpPlan *plan;
        tool_budget(&budget, 0, crew, 1);
        double from = tool_now(), cpu_from = worked();
        TRY(mrp_plan(ctx, input, &budget, &plan));
        seconds[round] = tool_now() - from;
        cpu_seconds[round] = worked() - cpu_from;
        *ret = (Measure){ .orders = plan->order_count,
                          .levels = plan->level_count,
                          .bytes = ctx->arena->used - used };
        if (round == ROUNDS - 1)
            follow_up(ctx, plan, ret);
        arena_rewind(ctx->arena, mark);
    }
    qsort(seconds, ROUNDS, sizeof *seconds, by_value);
    qsort(cpu_seconds, ROUNDS, sizeof *cpu_seconds, by_value);
    ret->plan_s = seconds[ROUNDS / 2];
    ret->plan_cpu_s = cpu_seconds[ROUNDS / 2];
    return OK;
}

typedef struct {
    int64_t items, seed;
    const char *file;
} Wish;

static Status run(Ctx *ctx, void *arg)
{
    const Wish *wish = arg;
    MrpInput input = make_company(ctx->arena, (int32_t)wish->items, (uint64_t)wish->seed);
    if (wish->file)
        return tool_write(ctx, wish->file, as_file(ctx->arena, &input));
    printf("%d items, %d lines, %d demands, %d receipts, %d days; median of %d rounds\n\n",
           input.item_count, input.line_count, input.demand_count, input.receipt_count, input.days,
           ROUNDS);
    printf(
        "| crew | required | plan | CPU of it | orders | levels | memory of the plan | pegs, one "
        "level, CPU | messages, CPU |\n|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n");
    for (int crew = 1; crew <= 2; crew++) {
        Measure m;
        TRY(measure(ctx, &input, crew, &m));
        printf("| %d | 2 s | %.2f s | %.2f s | %lld | %d | %zu MB | ", crew, m.plan_s, m.plan_cpu_s,
               (long long)m.orders, m.levels, m.bytes >> 20);
        printf("%lld in %.2f s | %lld in %.2f s |\n", (long long)m.pegs, m.pegs_s,
               (long long)m.messages, m.advice_s);
    }
    printf("\nmost memory of the program, input and all: %ld MB\n", resident_mb());
    return OK;
}

int main(int argc, char **argv)
{
    Wish wish = { 100000, 1, argc > 3 ? argv[3] : NULL };
    if ((argc > 1 && !str_int(str_from(argv[1]), &wish.items)) ||
        (argc > 2 && !str_int(str_from(argv[2]), &wish.seed)) || wish.items < 8 * LEVELS ||
        wish.items > MRP_ITEMS_MAX) {
        fprintf(stderr, "usage: mrp-bench [ITEMS [SEED [IN.json]]]\n");
        return 2;
    }
    Arena arena = { 0 };
    Ctx ctx = { .arena = &arena };
    Status status = ctx_guard(&ctx, run, &wish);
    if (status != OK)
        fprintf(stderr, "mrp-bench: " STR_FMT "\n", STR_ARG(ctx.failure.message));
    arena_release(&arena);
    return status != OK;
}
