// articles.c - articles in, reorder points out.
#include "tool/articles.h"

#include "algo/fields.h"
#include "tool/tool.h"

#include <math.h>

enum { PERIODS_MOST = 5000, TIMES_MOST = 1000, TIME_MOST = 520, ROUNDS = 4000 };
static const double FIGURE_MOST = 1e9, RARE_GAP = 1.32;

// ---- Reading ------------------------------------------------------------------------------------

typedef struct Line {
    Article article;
    const Json *demand, *lead_times;
} Line;

static const Field fields[] = {
    { "id", FIELD_TEXT, offsetof(Line, article.id), .is_required = true },
    { "demand", FIELD_LIST, offsetof(Line, demand), .is_required = true },
    { "lead_times", FIELD_LIST, offsetof(Line, lead_times), .is_required = true },
    { "quantity", FIELD_DOUBLE, offsetof(Line, article.quantity), .max = 1000000000 },
    { "forecast", FIELD_DOUBLE, offsetof(Line, article.forecast), .max = 1000000000 },
    { "deviation", FIELD_DOUBLE, offsetof(Line, article.deviation), .max = 1000000000 },
    { "stock", FIELD_DOUBLE, offsetof(Line, article.stock), .max = 1000000000 },
    { "cost", FIELD_DOUBLE, offsetof(Line, article.cost), .max = 1000000000 },
    { 0 },
};

static Status read_demands(Ctx *ctx, FieldPlace place, Line *line)
{
    int n = 0;
    if (line->demand->count == 0 || line->demand->count > PERIODS_MOST)
        return field_fail(ctx, place, "demand", "1 to %d numbers are wanted", PERIODS_MOST);
    double *demands = NEW_ARRAY(ctx->arena, double, line->demand->count);
    JSON_EACH (item, line->demand) {
        if (!field_double(item, &demands[n]) || demands[n] < 0 || demands[n] > FIGURE_MOST)
            return field_fail(ctx, place, "demand", "number %d is not 0 to %.0f", n, FIGURE_MOST);
        n++;
    }
    line->article.demands = demands;
    line->article.demand_count = n;
    return OK;
}

static Status read_times(Ctx *ctx, FieldPlace place, Line *line)
{
    int n = 0;
    if (line->lead_times->count == 0 || line->lead_times->count > TIMES_MOST)
        return field_fail(ctx, place, "lead_times", "1 to %d numbers are wanted", TIMES_MOST);
    int *times = NEW_ARRAY(ctx->arena, int, line->lead_times->count);
    JSON_EACH (item, line->lead_times) {
        int64_t time;
        if (!json_int(item, &time) || time < 1 || time > TIME_MOST)
            return field_fail(ctx, place, "lead_times", "number %d is not 1 to %d whole periods", n,
                              TIME_MOST);
        times[n++] = (int)time;
    }
    line->article.times = times;
    line->article.time_count = n;
    return OK;
}

static Status read_article(Ctx *ctx, FieldPlace place, const Json *json, Article *ret)
{
    Line line = { .article = { .quantity = -1, .forecast = -1, .deviation = -1 } };
    TRY(fields_read(ctx, place, json, fields, &line));
    TRY(read_demands(ctx, place, &line));
    TRY(read_times(ctx, place, &line));
    if ((line.article.forecast < 0) != (line.article.deviation < 0))
        return field_fail(ctx, place, "forecast", "goes together with its deviation");
    if (line.article.quantity == 0)
        return field_fail(ctx, place, "quantity", "nothing would be ordered");
    *ret = line.article;
    return OK;
}

Status articles_read(Ctx *ctx, Str text, ArticleList *ret)
{
    JsonList lines;
    *ret = (ArticleList){ 0 };
    TRY(lines_read(ctx, text, &lines));
    for (size_t i = 0; i < lines.len; i++)
        TRY(read_article(ctx, (FieldPlace){ "articles", (int64_t)i }, lines.items[i],
                         list_push(ctx->arena, ret)));
    return OK;
}

// ---- When to order ------------------------------------------------------------------------------

typedef struct Spread {
    double mean, deviation;
} Spread;

// Of a sample: n - 1 below the line.
static Spread spread_of(const double *values, int n)
{
    Spread ret = { 0 };
    for (int i = 0; i < n; i++)
        ret.mean += values[i] / n;
    for (int i = 0; i < n; i++)
        ret.deviation += (values[i] - ret.mean) * (values[i] - ret.mean);
    ret.deviation = n > 1 ? sqrt(ret.deviation / (n - 1)) : 0;
    return ret;
}

static Lead lead_of(Arena *arena, const Article *article)
{
    double *times = NEW_ARRAY(arena, double, (size_t)article->time_count);
    for (int i = 0; i < article->time_count; i++)
        times[i] = article->times[i];
    Spread time = spread_of(times, article->time_count);
    Spread demand = spread_of(article->demands, article->demand_count);
    if (article->forecast >= 0)
        demand = (Spread){ article->forecast, article->deviation };
    return (Lead){ .demand = demand.mean,
                   .demand_deviation = demand.deviation,
                   .time = time.mean,
                   .time_deviation = time.deviation };
}

static bool is_rare(const Article *article)
{
    int busy = 0;
    for (int i = 0; i < article->demand_count; i++)
        busy += article->demands[i] > 0;
    return article->demand_count > RARE_GAP * busy;
}

// What is not said: what is wanted in one lead time, but something.
static double quantity_of(const Article *article, const Lead *lead)
{
    return article->quantity > 0 ? article->quantity : fmax(lead->demand * lead->time, 1);
}

Reorder article_reorder(Arena *arena, const Article *article, const Promise *promise,
                        Random *random)
{
    Lead lead = lead_of(arena, article);
    double quantity = quantity_of(article, &lead);
    if (promise->fill > 0)
        return (Reorder){ replenish_for_fill(&lead, promise->fill, quantity), false };
    if (article->forecast >= 0 || !is_rare(article))
        return (Reorder){ replenish_for_service(&lead, promise->service, quantity), false };
    double point =
        replenish_from_history(arena, article->demands, article->demand_count, article->times,
                               article->time_count, promise->service, ROUNDS, random);
    return (Reorder){ { .reorder_point = point,
                        .safety = fmax(point - lead.demand * lead.time, 0),
                        .service = promise->service },
                      true };
}

Mover *articles_movers(Arena *arena, const ArticleList *articles, int dead_after)
{
    Mover *movers = NEW_ARRAY(arena, Mover, articles->len + 1);
    for (size_t i = 0; i < articles->len; i++) {
        const Article *article = &articles->items[i];
        Mover *mover = &movers[i];
        *mover = (Mover){ .stock_value = article->stock * article->cost };
        for (int p = 0; p < article->demand_count; p++) {
            mover->value_sold += article->demands[p] * article->cost;
            mover->idle = article->demands[p] > 0 ? 0 : mover->idle + 1;
        }
    }
    replenish_classify(arena, movers, (int)articles->len, dead_after);
    return movers;
}

// ---- Writing ------------------------------------------------------------------------------------

static void put_figure(JsonOut *json, const char *name, double value, int decimals)
{
    json_key(json, name);
    tool_put_double(json, value, decimals);
}

void article_write(Buf *out, const Article *article, const Reorder *reorder, const Mover *mover)
{
    static const char *const classes[] = { "fast", "medium", "slow", "dead" };
    JsonOut json = { .out = out };
    json_open(&json, '{');
    json_key(&json, "id");
    json_put_str(&json, article->id);
    put_figure(&json, "reorder_point", reorder->stock.reorder_point, 3);
    put_figure(&json, "safety", reorder->stock.safety, 3);
    put_figure(&json, "service", reorder->stock.service, 6);
    put_figure(&json, "fill_rate", reorder->is_from_history ? NAN : reorder->stock.fill_rate, 6);
    json_key(&json, "basis");
    json_put_str(&json, reorder->is_from_history ? S("history") : S("normal"));
    json_key(&json, "class");
    json_put_str(&json, str_from(classes[mover->class]));
    json_key(&json, "idle");
    json_put_int(&json, mover->idle);
    json_close(&json, '}');
    buf_char(out, '\n');
}
