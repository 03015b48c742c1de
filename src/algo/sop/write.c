// write.c - supply plans as JSON, and side by side as a table of few figures.
#include "algo/sop/file.h"
#include "base/json.h"
#include "base/utf8.h"

enum { DECIMALS = 6, LABEL_WIDTH = 18, COLUMN_WIDTH = 16 };

// ---- Figures ------------------------------------------------------------------------------------

typedef struct {
    const char *name;
    double (*of)(const SopInput *input, const SopPlan *plan);
} Figure;

static double sum(const double *values, int32_t periods)
{
    double total = 0;
    for (int32_t t = 0; values && t < periods; t++)
        total += values[t];
    return total;
}

static double total_cost(const SopInput *input, const SopPlan *plan)
{
    return plan->cost;
}
static double make_cost(const SopInput *input, const SopPlan *plan)
{
    return plan->costs.make;
}
static double overtime_cost(const SopInput *input, const SopPlan *plan)
{
    return plan->costs.overtime;
}
static double holding_cost(const SopInput *input, const SopPlan *plan)
{
    return plan->costs.holding;
}
static double backlog_cost(const SopInput *input, const SopPlan *plan)
{
    return plan->costs.backlog;
}
static double lane_cost(const SopInput *input, const SopPlan *plan)
{
    return plan->costs.transport;
}

static double units_made(const SopInput *input, const SopPlan *plan)
{
    double total = 0;
    for (int32_t i = 0; i < input->make_count; i++)
        total += sum(plan->made[i], input->period_count);
    return total;
}

static double units_sent(const SopInput *input, const SopPlan *plan)
{
    double total = 0;
    for (int32_t i = 0; i < input->lane_count; i++)
        total += sum(plan->sent[i], input->period_count);
    return total;
}

static double overtime_hours(const SopInput *input, const SopPlan *plan)
{
    double total = 0;
    for (int32_t i = 0; i < input->resource_count; i++)
        total += sum(plan->loads[i].overtime, input->period_count);
    return total;
}

static double average_stock(const SopInput *input, const SopPlan *plan)
{
    double total = 0;
    for (int32_t i = 0; i < plan->site_count; i++)
        total += sum(plan->sites[i].stock, input->period_count);
    return total / input->period_count;
}

static double percent_on_time(const SopInput *input, const SopPlan *plan)
{
    double late = 0, demand = 0;
    for (int32_t i = 0; i < plan->site_count; i++) {
        const SopSite *site = &plan->sites[i];
        demand += sum(site->demand, input->period_count);
        for (int32_t t = 0; t < input->period_count; t++) {
            double more = site->backlog[t] - (t ? site->backlog[t - 1] : 0);
            late += more > 0 ? more : 0;
        }
    }
    return demand > 0 ? 100 * (1 - late / demand) : 100;
}

static const Figure figures[] = {
    { "total cost", total_cost },         { "production", make_cost },
    { "overtime", overtime_cost },        { "stock", holding_cost },
    { "lateness", backlog_cost },         { "transport", lane_cost },
    { "units made", units_made },         { "units sent", units_sent },
    { "overtime hours", overtime_hours }, { "average stock", average_stock },
    { "% on time", percent_on_time },
};

// ---- JSON ---------------------------------------------------------------------------------------

typedef struct {
    Arena *arena;
    const SopInput *input;
    JsonOut json;
} Writer;

static void put_number(Writer *w, double value)
{
    char text[400];
    int len = snprintf(text, sizeof text, "%.*f", DECIMALS, value);
    while (text[len - 1] == '0')
        len--;
    if (text[len - 1] == '.')
        len--;
    Str number = { text, (size_t)len };
    json_put_raw(&w->json, str_eq(number, S("-0")) ? S("0") : number);
}

static void put_figure(Writer *w, const char *key, double value)
{
    json_key(&w->json, key);
    put_number(w, value);
}

static void put_text(Writer *w, const char *key, Str text)
{
    json_key(&w->json, key);
    json_put_str(&w->json, text);
}

static void put_periods(Writer *w, const char *key, const double *values)
{
    json_key(&w->json, key);
    json_open(&w->json, '[');
    for (int32_t t = 0; t < w->input->period_count; t++)
        put_number(w, values[t]);
    json_close(&w->json, ']');
}

static void begin_list(Writer *w, const char *key)
{
    json_key(&w->json, key);
    json_open(&w->json, '[');
}

static void put_flows(Writer *w, const SopPlan *plan)
{
    const SopInput *input = w->input;
    begin_list(w, "made");
    for (int32_t i = 0; i < input->make_count; i++) {
        json_open(&w->json, '{');
        put_text(w, "item", input->items[input->makes[i].item]);
        put_text(w, "plant", input->plants[input->makes[i].plant]);
        put_periods(w, "quantities", plan->made[i]);
        json_close(&w->json, '}');
    }
    json_close(&w->json, ']');
    begin_list(w, "sent");
    for (int32_t i = 0; i < input->lane_count; i++) {
        json_open(&w->json, '{');
        put_text(w, "item", input->items[input->lanes[i].item]);
        put_text(w, "from", input->plants[input->lanes[i].from]);
        put_text(w, "to", input->plants[input->lanes[i].to]);
        put_periods(w, "quantities", plan->sent[i]);
        json_close(&w->json, '}');
    }
    json_close(&w->json, ']');
}

static void put_sites(Writer *w, const SopPlan *plan)
{
    begin_list(w, "sites");
    for (int32_t i = 0; i < plan->site_count; i++) {
        const SopSite *site = &plan->sites[i];
        json_open(&w->json, '{');
        put_text(w, "item", w->input->items[site->item]);
        put_text(w, "plant", w->input->plants[site->plant]);
        put_periods(w, "demand", site->demand);
        put_periods(w, "made", site->made);
        put_periods(w, "arrived", site->arrived);
        put_periods(w, "taken", site->taken);
        put_periods(w, "sent", site->sent);
        put_periods(w, "stock", site->stock);
        put_periods(w, "backlog", site->backlog);
        json_close(&w->json, '}');
    }
    json_close(&w->json, ']');
}

static void put_resources(Writer *w, const SopPlan *plan)
{
    begin_list(w, "resources");
    for (int32_t i = 0; i < w->input->resource_count; i++) {
        json_open(&w->json, '{');
        put_text(w, "id", w->input->resources[i].id);
        put_text(w, "plant", w->input->plants[w->input->resources[i].plant]);
        put_periods(w, "used", plan->loads[i].used);
        put_periods(w, "overtime", plan->loads[i].overtime);
        put_periods(w, "hour_is_worth", plan->loads[i].worth);
        json_close(&w->json, '}');
    }
    json_close(&w->json, ']');
}

static void put_shorts(Writer *w, const char *key, const SopShortList *list)
{
    begin_list(w, key);
    EACH (lack, *list) {
        json_open(&w->json, '{');
        put_text(w, "what", str_from(lack->what));
        put_text(w, "period", w->input->periods[lack->period]);
        put_figure(w, "by", lack->by);
        put_text(w, "text", lack->text);
        json_close(&w->json, '}');
    }
    json_close(&w->json, ']');
}

static void put_plan(Writer *w, Str name, const SopPlan *plan)
{
    json_open(&w->json, '{');
    put_text(w, "name", name);
    json_key(&w->json, "is_possible");
    json_put_bool(&w->json, plan->is_possible);
    if (plan->is_possible) {
        for (size_t i = 0; i < COUNT(figures); i++)
            put_figure(w, figures[i].name, figures[i].of(w->input, plan));
        put_flows(w, plan);
        put_sites(w, plan);
        put_resources(w, plan);
    } else {
        put_shorts(w, "lacking", &plan->lacking);
        put_shorts(w, "undelivered", &plan->undelivered);
    }
    json_close(&w->json, '}');
}

void sop_write(Arena *arena, const SopInput *input, const SopPlan *plans, Buf *out)
{
    Writer w = { arena, input, { .out = out } };
    json_open(&w.json, '{');
    begin_list(&w, "periods");
    for (int32_t t = 0; t < input->period_count; t++)
        json_put_str(&w.json, input->periods[t]);
    json_close(&w.json, ']');
    begin_list(&w, "scenarios");
    for (int32_t i = 0; i < input->scenario_count; i++)
        put_plan(&w, input->scenarios[i].name, &plans[i]);
    json_close(&w.json, ']');
    json_close(&w.json, '}');
}

// ---- Table --------------------------------------------------------------------------------------

static void put_padded(Buf *out, Str text, int width, bool is_left)
{
    text = utf8_cut(text, (size_t)width);
    int blanks = width - (int)utf8_len(text);
    if (is_left)
        buf_put(out, text);
    for (int i = 0; i < blanks; i++)
        buf_char(out, ' ');
    if (!is_left)
        buf_put(out, text);
}

static void put_reasons(const SopInput *input, const SopPlan *plans, Buf *out)
{
    for (int32_t i = 0; i < input->scenario_count; i++) {
        if (plans[i].is_possible)
            continue;
        buf_printf(out, "\n" STR_FMT " is impossible as it stands. It takes at least:\n",
                   STR_ARG(input->scenarios[i].name));
        EACH (lack, plans[i].lacking)
            buf_printf(out, "  " STR_FMT "\n", STR_ARG(lack->text));
        if (plans[i].undelivered.len)
            buf_c(out, "Or, with nothing added:\n");
        EACH (lack, plans[i].undelivered)
            buf_printf(out, "  " STR_FMT "\n", STR_ARG(lack->text));
    }
}

void sop_table(const SopInput *input, const SopPlan *plans, Buf *out)
{
    put_padded(out, S(""), LABEL_WIDTH, true);
    for (int32_t i = 0; i < input->scenario_count; i++) {
        buf_char(out, ' ');
        put_padded(out, input->scenarios[i].name, COLUMN_WIDTH, false);
    }
    for (size_t row = 0; row < COUNT(figures); row++) {
        buf_char(out, '\n');
        put_padded(out, str_from(figures[row].name), LABEL_WIDTH, true);
        for (int32_t i = 0; i < input->scenario_count; i++) {
            char text[400];
            int len = snprintf(text, sizeof text, "%.2f",
                               plans[i].is_possible ? figures[row].of(input, &plans[i]) : 0);
            Str value = { text, (size_t)len };
            buf_char(out, ' ');
            put_padded(out,
                       plans[i].is_possible ? value
                       : row                ? S("-")
                                            : S("impossible"),
                       COLUMN_WIDTH, false);
        }
    }
    buf_char(out, '\n');
    put_reasons(input, plans, out);
}
