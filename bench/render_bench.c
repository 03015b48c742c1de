// render_bench.c - what a page costs: CPU microseconds to write a table of 50 orders, by a template
// and by hand. The hand-written one is what a careful person would write with buf_put() and the
// same escaping; both must give the same bytes. Prints the best of several rounds, the one that
// other work on the machine disturbed least, rounds of both in turn.
//
//     build/release/bench/render-bench
#include "render_bench.h"

#include "order_table.h"

#include <assert.h>
#include <time.h>

enum { ORDERS = 50, ROUNDS = 40, REPEATS = 1000, ARENA_LIMIT = 8 << 20 };

static void by_hand(Buf *out, Ctx *ctx, const BenchOrder *orders, size_t count)
{
    buf_put(out, S("<table class=\"tbl\"><thead><tr><th scope=\"col\">#</th>"
                   "<th scope=\"col\" translate=\"no\">Order</th>"
                   "<th scope=\"col\" translate=\"no\">Customer</th>"
                   "<th scope=\"col\" translate=\"no\">State</th>"
                   "<th scope=\"col\" translate=\"no\">Date</th>"
                   "<th scope=\"col\" class=\"end\" translate=\"no\">Lines</th>"
                   "<th scope=\"col\" class=\"end\" translate=\"no\">Total</th>"
                   "<th scope=\"col\" translate=\"no\">Owner</th></tr></thead><tbody>"));
    for (const BenchOrder *order = orders; order < orders + count; order++) {
        buf_put(out, S("<tr><td><input type=\"checkbox\" name=\"id\" value=\""));
        html_escape(out, order->number);
        buf_put(out, S("\" aria-label=\""));
        html_escape(out, order->number);
        buf_put(out, S("\"></td><td><a class=\"doc\" href=\"/admin/oms/orders/"));
        html_percent(out, order->number);
        buf_put(out, S("\">"));
        html_escape(out, order->number);
        buf_put(out, S("</a></td><td title=\""));
        html_escape(out, order->customer);
        buf_put(out, S("\"><bdi>"));
        html_escape(out, order->customer);
        buf_put(out, S("</bdi></td><td><span class=\"pill "));
        buf_put(out, order->is_late ? S("bad") : S("ok"));
        buf_put(
            out,
            S("\"><svg viewBox=\"0 0 16 16\" aria-hidden=\"true\"><use href=\"#s-half\"/></svg>"));
        html_escape(out, order->state);
        buf_put(out, S("</span></td><td class=\"num\">"));
        html_escape(out, order->date);
        buf_put(out, S("</td><td class=\"num end\">"));
        buf_int(out, order->lines);
        buf_put(out,
                S("</td><td class=\"num end\"><span class=\"cur\" translate=\"no\">INR</span> "));
        html_escape(out, order->total);
        buf_put(out, S("</td><td>"));
        html_escape(out, order->owner);
        buf_put(out, S("</td></tr>"));
    }
    buf_put(out, S("</tbody></table>"));
}

typedef void RenderFn(Buf *out, Ctx *ctx, const BenchOrder *orders, size_t count);

static double cpu_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static double us_per_page(RenderFn *render, Ctx *ctx, Buf *out, const BenchOrder *orders)
{
    double start = cpu_us();
    for (int i = 0; i < REPEATS; i++) {
        buf_clear(out);
        render(out, ctx, orders, ORDERS);
    }
    return (cpu_us() - start) / REPEATS;
}

static void orders_fill(Arena *arena, BenchOrder orders[ORDERS])
{
    static const Str customers[] = { S("Nordvik Retail AS"), S("O'Neill & Sons Ltd"),
                                     S("ঢাকা ফ্যাশন হাউস"), S("Comercial Peña S.A."),
                                     S("Padma Textiles") };
    for (int i = 0; i < ORDERS; i++)
        orders[i] = (BenchOrder){
            .number = str_format(arena, "SO-26-%05d", 4800 + i),
            .customer = customers[(size_t)i % COUNT(customers)],
            .state = i % 3 ? S("In production") : S("Ready to ship"),
            .date = str_format(arena, "%d Nov", 1 + i % 30),
            .total = str_format(arena, "%d,%03d.00", 10 + i, i * 17),
            .owner = S("Nadia Alam"),
            .lines = 1 + i % 9,
            .is_late = i % 7 == 0,
        };
}

static void page_check(Ctx *ctx, Buf *out, Buf *twin, const BenchOrder *orders)
{
    by_hand(out, ctx, orders, ORDERS);
    order_table(twin, ctx, orders, ORDERS);
    assert(str_eq(buf_str(out), buf_str(twin)));
}

int main(void)
{
    Arena arena = { .limit = ARENA_LIMIT };
    Ctx ctx = { .arena = &arena };
    Buf out = { .arena = &arena }, twin = { .arena = &arena };
    BenchOrder orders[ORDERS];
    double hand = 0, template = 0;

    orders_fill(&arena, orders);
    page_check(&ctx, &out, &twin, orders);
    for (int round = 0; round < ROUNDS; round++) {
        double by_template_us = us_per_page(order_table, &ctx, &out, orders);
        double by_hand_us = us_per_page(by_hand, &ctx, &out, orders);
        template = round == 0 || by_template_us < template ? by_template_us : template;
        hand = round == 0 || by_hand_us < hand ? by_hand_us : hand;
    }
    printf("page of %d orders, %zu bytes: template %.1f us, by hand %.1f us, ratio %.2f\n", ORDERS,
           out.len, template, hand, template / hand);
    arena_release(&arena);
    return 0;
}
