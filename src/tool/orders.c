// orders.c - customers from their orders.
#include "tool/orders.h"

#include "algo/fields.h"
#include "tool/tool.h"

// ---- Reading ------------------------------------------------------------------------------------

typedef enum { COLUMN_CUSTOMER, COLUMN_DATE, COLUMN_AMOUNT, COLUMNS } Column;
static const char *const column_names[] = { "customer", "date", "amount" };

typedef struct Reading {
    Ctx *ctx;
    Orders *orders;
    Map shoppers;  // of Shopper, by id
    size_t columns[COLUMNS];
    int64_t line;
} Reading;

static Status bad_line(const Reading *r, const char *why)
{
    return FAIL(r->ctx, E_INVALID, "orders.file", "line %lld: %s", (long long)r->line, why);
}

static Status read_heading(Reading *r, const StrList *row)
{
    for (int c = 0; c < COLUMNS; c++) {
        size_t at = 0;
        while (at < row->len && !str_is(str_trim(row->items[at]), column_names[c]))
            at++;
        if (at == row->len)
            return FAIL(r->ctx, E_INVALID, "orders.file", "the first row names no column '%s'",
                        column_names[c]);
        r->columns[c] = at;
    }
    return OK;
}

static Shopper *shopper_named(Reading *r, Str id)
{
    Arena *arena = r->ctx->arena;
    Shopper *shopper = map_get(&r->shoppers, id);
    if (shopper)
        return shopper;
    shopper = NEW(arena, Shopper);
    shopper->id = str_copy(arena, id);
    map_put(&r->shoppers, shopper->id, shopper);
    *list_push(arena, &r->orders->shoppers) = shopper;
    return shopper;
}

static Status read_row(Reading *r, const StrList *row)
{
    Str cells[COLUMNS];
    Date day;
    double amount;
    for (int c = 0; c < COLUMNS; c++) {
        if (r->columns[c] >= row->len)
            return bad_line(r, "too few columns");
        cells[c] = str_trim(row->items[r->columns[c]]);
    }
    if (cells[COLUMN_CUSTOMER].len == 0)
        return OK;  // nobody's order tells of nobody
    if (!date_parse(str_sub(cells[COLUMN_DATE], 0, 10), &day) || day == 0)
        return bad_line(r, "the date is not like 2026-11-21");
    if (!field_double(&(Json){ .type = JSON_STRING, .text = cells[COLUMN_AMOUNT] }, &amount))
        return bad_line(r, "the amount is no number");
    Shopper *shopper = shopper_named(r, cells[COLUMN_CUSTOMER]);
    *list_push(r->ctx->arena, &shopper->sales) = (Sale){ day, amount };
    r->orders->last = day > r->orders->last ? day : r->orders->last;
    return OK;
}

static int by_day(const void *a, const void *b)
{
    return ((const Sale *)a)->day - ((const Sale *)b)->day;
}

static void merge_days(Shopper *shopper)
{
    size_t kept = 0;
    Sale *sales = shopper->sales.items;
    qsort(sales, shopper->sales.len, sizeof *sales, by_day);
    for (size_t i = 0; i < shopper->sales.len; i++)
        if (kept > 0 && sales[kept - 1].day == sales[i].day)
            sales[kept - 1].amount += sales[i].amount;
        else
            sales[kept++] = sales[i];
    shopper->sales.len = kept;
}

Status orders_read(Ctx *ctx, Str text, Orders *ret)
{
    CsvReader *csv = csv_reader(ctx->arena, 0);
    Reading r = { .ctx = ctx, .orders = ret, .shoppers = { .arena = ctx->arena } };
    StrList row;
    const char *why;
    CsvResult result;
    *ret = (Orders){ 0 };
    csv_feed(csv, text);
    csv_finish(csv);
    for (bool is_first = true; (result = csv_next(csv, &row, &why)) != CSV_END; is_first = false) {
        r.line = csv_line(csv);
        if (result != CSV_ROW)
            return bad_line(&r, why);
        TRY(is_first ? read_heading(&r, &row) : read_row(&r, &row));
    }
    EACH (shopper, ret->shoppers)
        merge_days(*shopper);
    return ret->shoppers.len ? OK
                             : FAIL(ctx, E_INVALID, "orders.file", "there are no orders in it");
}

Buyer *orders_buyers(Arena *arena, const Orders *orders)
{
    Buyer *buyers = NEW_ARRAY(arena, Buyer, orders->shoppers.len);
    for (size_t i = 0; i < orders->shoppers.len; i++) {
        const Shopper *shopper = orders->shoppers.items[i];
        Date *days = NEW_ARRAY(arena, Date, shopper->sales.len);
        for (size_t s = 0; s < shopper->sales.len; s++)
            days[s] = shopper->sales.items[s].day;
        buyers[i] = (Buyer){ days, (int)shopper->sales.len };
    }
    return buyers;
}

// ---- Answering ----------------------------------------------------------------------------------

static int known_before(const Buyer *buyers, int count, Date day)
{
    int known = 0;
    for (int i = 0; i < count; i++)
        known += buyer_orders(&buyers[i], day) > 0;
    return known;
}

static Status check_known(Ctx *ctx, const Buyer *buyers, int count, Date cut)
{
    if (known_before(buyers, count, cut) > 0)
        return OK;
    return FAIL(ctx, E_CONFLICT, "orders.few", "nobody ordered before " STR_FMT,
                STR_ARG(date_text(ctx->arena, cut)));
}

static Customer customer_of(const Shopper *shopper, int bought, Date on)
{
    Customer ret = { .recency = on - shopper->sales.items[bought - 1].day, .frequency = bought };
    for (int i = 0; i < bought; i++)
        ret.money += shopper->sales.items[i].amount;
    return ret;
}

static void put_shopper(Buf *out, const Shopper *shopper, const Customer *customer, double returns)
{
    JsonOut json = { .out = out };
    json_open(&json, '{');
    json_key(&json, "id");
    json_put_str(&json, shopper->id);
    json_key(&json, "recency");
    json_put_int(&json, (int64_t)customer->recency);
    json_key(&json, "frequency");
    json_put_int(&json, (int64_t)customer->frequency);
    json_key(&json, "money");
    tool_put_double(&json, customer->money, 2);
    json_key(&json, "r");
    json_put_int(&json, customer->r);
    json_key(&json, "f");
    json_put_int(&json, customer->f);
    json_key(&json, "m");
    json_put_int(&json, customer->m);
    json_key(&json, "segment");
    json_put_str(&json, str_from(customer_segment(customer)));
    json_key(&json, "returns");
    tool_put_double(&json, returns, 4);
    json_close(&json, '}');
    buf_char(out, '\n');
}

Status orders_answer(Ctx *ctx, const Orders *orders, Date on, int ahead, Buf *out)
{
    int count = (int)orders->shoppers.len, known = 0;
    const Buyer *buyers = orders_buyers(ctx->arena, orders);
    Customer *customers = NEW_ARRAY(ctx->arena, Customer, orders->shoppers.len);
    int *rows = NEW_ARRAY(ctx->arena, int, orders->shoppers.len);
    TRY(check_known(ctx, buyers, count, on - ahead));
    for (int i = 0; i < count; i++) {
        int bought = buyer_orders(&buyers[i], on);
        if (bought == 0)
            continue;
        customers[known] = customer_of(orders->shoppers.items[i], bought, on);
        rows[known++] = i;
    }
    customers_mark(ctx->arena, customers, known);
    Churn churn = churn_fit(ctx->arena, buyers, count, on - ahead, ahead);
    for (int i = 0; i < known; i++)
        put_shopper(out, orders->shoppers.items[rows[i]], &customers[i],
                    churn_returns(&churn, &buyers[rows[i]], on));
    return OK;
}

// ---- Calibration --------------------------------------------------------------------------------

typedef double (*Foretell)(const Churn *churn, const Buyer *buyer, Date on);

static void put_calibration(Ctx *ctx, const char *name, Foretell foretell, const Churn *churn,
                            const Buyer *buyers, int count, Date cut, Buf *out)
{
    int known = 0;
    double *told = NEW_ARRAY(ctx->arena, double, (size_t)count);
    bool *came = NEW_ARRAY(ctx->arena, bool, (size_t)count);
    for (int i = 0; i < count; i++)
        if (buyer_orders(&buyers[i], cut) > 0) {
            told[known] = foretell(churn, &buyers[i], cut);
            came[known++] = buyer_came(&buyers[i], cut, churn->ahead);
        }
    Calibration c = calibration_of(told, came, known);
    buf_printf(out, "\n%s: %d customers, Brier %.4f, off %.3f\n", name, known, c.brier, c.off);
    buf_c(out, "| told | came | customers |\n|---|---|---|\n");
    for (int bin = 0; bin < CALIBRATION_BINS; bin++)
        if (c.counts[bin])
            buf_printf(out, "| %.2f | %.2f | %d |\n", c.told[bin], c.came[bin], c.counts[bin]);
}

Status orders_calibration(Ctx *ctx, const Orders *orders, Date on, int ahead, Buf *out)
{
    int count = (int)orders->shoppers.len, halves[2] = { 0 };
    const Buyer *buyers = orders_buyers(ctx->arena, orders);
    Buyer *half[2] = { NEW_ARRAY(ctx->arena, Buyer, orders->shoppers.len),
                       NEW_ARRAY(ctx->arena, Buyer, orders->shoppers.len) };
    Date cut = on - ahead;
    for (int i = 0; i < count; i++)
        half[i % 2][halves[i % 2]++] = buyers[i];
    TRY(check_known(ctx, half[0], halves[0], cut));
    TRY(check_known(ctx, half[1], halves[1], cut));
    Churn churn = churn_fit(ctx->arena, half[0], halves[0], cut, ahead);
    put_calibration(ctx, "Logistic regression", churn_returns, &churn, half[1], halves[1], cut,
                    out);
    put_calibration(ctx, "Gaps between orders", churn_returns_by_gaps, &churn, half[1], halves[1],
                    cut, out);
    return OK;
}
