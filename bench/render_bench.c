// render_bench.c - what a page costs: CPU microseconds to write a table of 50 orders, by a template
// and by hand. The hand-written one, the floor, is what a careful person would write with buf_put()
// and the same escaping; both must give the same bytes.
//
//     build/release/bench/render-bench
#include "render_bench.h"

#include "frame.h"
#include "order_table.h"

#include <assert.h>

enum { ORDERS = 50, TURNS = 41, REPEATS = 1000, ARENA_LIMIT = 8 << 20 };

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

typedef struct Rendering {
    Ctx ctx;
    Buf out;
    BenchOrder orders[ORDERS];
} Rendering;

static void hand(void *arg)
{
    Rendering *r = arg;
    buf_clear(&r->out);
    by_hand(&r->out, &r->ctx, r->orders, ORDERS);
}

static void template(void *arg)
{
    Rendering *r = arg;
    buf_clear(&r->out);
    order_table(&r->out, &r->ctx, r->orders, ORDERS);
}

static void check_same(Rendering *r)
{
    hand(r);
    Str page = str_copy(r->ctx.arena, buf_str(&r->out));
    template(r);
    assert(str_eq(buf_str(&r->out), page));
}

int main(void)
{
    Arena arena = { .limit = ARENA_LIMIT };
    Rendering rendering = { .ctx = { .arena = &arena }, .out = { .arena = &arena } };
    orders_fill(&arena, rendering.orders);
    check_same(&rendering);
    printf("a page of %d orders, %zu bytes\n", ORDERS, rendering.out.len);
    frame_head("templates, us CPU a page");
    frame_measure(&(Work){ .what = "by hand, by template",
                           .goal = "1.5x",
                           .floor = hand,
                           .ours = template,
                           .arg = &rendering,
                           .repeats = REPEATS,
                           .turns = TURNS });
    arena_release(&arena);
    return 0;
}
