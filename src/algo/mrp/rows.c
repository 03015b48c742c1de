// rows.c - the input's rows sorted by the item they concern, so that an item is planned by reading
// a few pieces of memory from front to back.
//
// Needs are pulled: an item reads its parents' orders, which lie together and are finished, since
// parents have lower levels. Nothing is written down per need, which is what keeps a plan of some
// hundred million needs within memory.
#include "algo/mrp/work.h"

// ---- Lines --------------------------------------------------------------------------------------

static int64_t common_divisor(int64_t a, int64_t b)
{
    while (b) {
        int64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

// quantity / per, and more of it for what is spoilt. Both factors fit: quantity and per are at most
// 9,000,000 units (read.c), which is 9 * 10^12 millionths.
MrpUse use_of(const MrpInput *input, int32_t line)
{
    const MrpLine *l = &input->lines[line];
    int64_t numerator = l->quantity.micro * MICRO;
    int64_t denominator = l->per.micro * (MICRO - l->scrap.micro);
    int64_t divisor = common_divisor(numerator, denominator);
    return (MrpUse){ .parent = l->parent,
                     .line = line,
                     .from = l->from,
                     .to = l->to,
                     .offset_days = l->offset_days,
                     .numerator = numerator / divisor,
                     .denominator = denominator / divisor };
}

bool use_quantity(const MrpUse *use, int64_t placed, int64_t *ret)
{
    int64_t product;
    if (!__builtin_mul_overflow(placed, use->numerator, &product)) {
        *ret = product / use->denominator + (product % use->denominator != 0);
        return true;
    }
    Wide wide = wide_div((Wide)placed * use->numerator, use->denominator, ROUND_UP);
    *ret = wide <= INT64_MAX ? (int64_t)wide : INT64_MAX;
    return wide <= INT64_MAX;
}

int32_t use_day(const MrpPlan *plan, const MrpUse *use, const MrpOrder *order)
{
    if (order->start < use->from || order->start >= use->to)
        return MRP_NEVER;
    int32_t day = order->start;
    if (use->offset_days) {
        const MrpItem *parent = &plan->input->items[use->parent];
        const MrpDays *days = &plan->work->days[parent->calendar + 1];
        int32_t at = days_from(days, day) + use->offset_days;
        day = days->work[at < days->count ? at : days->count - 1];
        day = day < order->due ? day : order->due;
    }
    return day > 0 ? day : 0;
}

typedef LIST(MrpUse) UseList;

// The parts of from <= day < to in which no earlier option of its group is valid.
static void put_option(Arena *arena, const MrpInput *input, int32_t group_first, int32_t line,
                       int32_t from, int32_t to, UseList *list)
{
    for (int32_t i = group_first; i < line && from < to; i++) {
        const MrpLine *earlier = &input->lines[i];
        if (earlier->to <= from || earlier->from >= to || earlier->from >= earlier->to)
            continue;
        if (earlier->from > from)
            put_option(arena, input, i + 1, line, from, earlier->from, list);
        from = earlier->to;
    }
    if (from >= to)
        return;
    MrpUse *use = list_push(arena, list);
    *use = use_of(input, line);
    use->from = from;
    use->to = to;
}

static UseList all_uses(Arena *arena, const MrpInput *input)
{
    UseList list = { 0 };
    list_reserve(arena, &list, (size_t)input->line_count);
    int32_t group_first = 0;
    for (int32_t i = 0; i < input->line_count; i++) {
        const MrpLine *line = &input->lines[i];
        if (i == 0 || line->group == 0 || line->group != input->lines[i - 1].group)
            group_first = i;
        if (!line->by_stock || line->group == 0)
            put_option(arena, input, group_first, i, line->from, line->to, &list);
    }
    return list;
}

static void sort_uses(Arena *arena, const MrpInput *input, const UseList *list, MrpWork *work)
{
    work->uses = NEW_ARRAY(arena, MrpUse, list->len);
    work->use_first = NEW_ARRAY(arena, int64_t, (size_t)input->item_count + 2);
    int64_t *put = work->use_first + 1;  // moves up to where the next item begins
    EACH (use, *list)
        put[input->lines[use->line].component + 1]++;
    for (int32_t i = 0; i < input->item_count; i++)
        put[i + 1] += put[i];
    EACH (use, *list)
        work->uses[put[input->lines[use->line].component]++] = *use;
}

// ---- Demands and receipts -----------------------------------------------------------------------

typedef struct {
    int32_t (*item)(const MrpInput *input, int32_t row);
    int32_t (*day)(const MrpInput *input, int32_t row);
    int32_t count, day_end;  // rows on later days are left out
} Rows;

static int32_t demand_item(const MrpInput *input, int32_t row)
{
    return input->demands[row].item;
}
static int32_t demand_day(const MrpInput *input, int32_t row)
{
    return input->demands[row].day;
}
static int32_t receipt_item(const MrpInput *input, int32_t row)
{
    return input->receipts[row].item;
}
static int32_t receipt_day(const MrpInput *input, int32_t row)
{
    return input->receipts[row].day;
}

static int32_t bucket(const MrpInput *input, const Rows *rows, int32_t row)
{
    int32_t day = rows->day(input, row);
    return day > 0 ? day : 0;
}

// Row numbers by item, then by day, then as they came: a radix sort.
static int32_t *sort_rows(Arena *arena, const MrpInput *input, const Rows *rows,
                          int64_t **ret_first)
{
    int32_t day_end = 0;
    for (int32_t i = 0; i < rows->count; i++)
        if (bucket(input, rows, i) < rows->day_end && bucket(input, rows, i) >= day_end)
            day_end = bucket(input, rows, i) + 1;
    int64_t *by_day = NEW_ARRAY(arena, int64_t, (size_t)day_end + 1);
    int32_t *once = NEW_ARRAY(arena, int32_t, (size_t)rows->count);
    int32_t *sorted = NEW_ARRAY(arena, int32_t, (size_t)rows->count);
    int64_t *first = NEW_ARRAY(arena, int64_t, (size_t)input->item_count + 2);
    int64_t *put = first + 1;
    for (int32_t i = 0; i < rows->count; i++)
        if (bucket(input, rows, i) < day_end) {
            by_day[bucket(input, rows, i) + 1]++;
            put[rows->item(input, i) + 1]++;
        }
    for (int32_t day = 0; day < day_end; day++)
        by_day[day + 1] += by_day[day];
    for (int32_t i = 0; i < input->item_count; i++)
        put[i + 1] += put[i];
    int64_t kept = by_day[day_end];
    for (int32_t i = 0; i < rows->count; i++)
        if (bucket(input, rows, i) < day_end)
            once[by_day[bucket(input, rows, i)]++] = i;
    for (int64_t i = 0; i < kept; i++)
        sorted[put[rows->item(input, once[i])]++] = once[i];
    *ret_first = first;
    return sorted;
}

static int32_t most_firm(const MrpInput *input, const MrpWork *work)
{
    int32_t most = 0;
    for (int32_t item = 0; item < input->item_count; item++) {
        int32_t count = 0;
        for (int64_t i = work->receipt_first[item]; i < work->receipt_first[item + 1]; i++)
            count += input->receipts[work->receipts[i]].is_firm;
        most = count > most ? count : most;
    }
    return most;
}

// ---- Levels -------------------------------------------------------------------------------------

static void sort_levels(Arena *arena, const MrpPlan *plan, MrpWork *work)
{
    int32_t count = plan->input->item_count;
    work->items = NEW_ARRAY(arena, int32_t, (size_t)count);
    work->level_first = NEW_ARRAY(arena, int32_t, (size_t)plan->level_count + 2);
    int32_t *put = work->level_first + 1;
    for (int32_t i = 0; i < count; i++)
        put[plan->level[i] + 1]++;
    for (int32_t i = 0; i < plan->level_count; i++)
        put[i + 1] += put[i];
    for (int32_t i = 0; i < count; i++)
        work->items[put[plan->level[i]]++] = i;
}

Status mrp_rows(Ctx *ctx, MrpPlan *plan)
{
    const MrpInput *input = plan->input;
    MrpWork *work = plan->work = NEW(ctx->arena, MrpWork);
    MrpDays *days;
    TRY(mrp_days(ctx, input, &days));
    work->days = days;
    TRY(mrp_levels(ctx, input, plan->level, &plan->level_count));
    UseList uses = all_uses(ctx->arena, input);
    sort_uses(ctx->arena, input, &uses, work);
    work->demands = sort_rows(ctx->arena, input,
                              &(Rows){ demand_item, demand_day, input->demand_count, input->days },
                              &work->demand_first);
    work->receipts = sort_rows(
        ctx->arena, input, &(Rows){ receipt_item, receipt_day, input->receipt_count, INT32_MAX },
        &work->receipt_first);
    work->firm_most = most_firm(input, work);
    work->takes = NEW_ARRAY(ctx->arena, MrpTakes, (size_t)input->item_count);
    sort_levels(ctx->arena, plan, work);
    return OK;
}
