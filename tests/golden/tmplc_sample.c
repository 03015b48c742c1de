// Generated from sample.html by tmplc: change that file instead.
#include "sample.h"

#include "kernel/i18n.h"
#line 3 "sample.html"
static const char *const units[] = { "pcs", "pairs" };

#line 6 "sample.html"
void sample_shell(Buf *out, Ctx *ctx, Str title, Html body)
{
    buf_put(out, S("<!doctype html><html"));
    html_lang(out, ctx);
    buf_put(out, S(" class=\"admin\"><head><meta charset=\"utf-8\"><title>"));
    html_title_mark(out, ctx);
#line 11 "sample.html"
    (HTML_ATTRIBUTE(title))(out, title);
    buf_put(out, S(" · "));
    html_tr(out, ctx, "Orders");
    buf_put(out, S("</title><link rel=\"stylesheet\" href=\"/assets/app.css\">"
                   "<script src=\"/assets/app.js\" defer></script></head>"
                   "<body><a class=\"skip\" href=\"#main\">"));
    html_tr(out, ctx, "Skip to content");
    buf_put(out, S("</a><main id=\"main\" class=\"page\" tabindex=\"-1\">"));
#line 18 "sample.html"
    (HTML_TEXT(body))(out, body);
    buf_put(out, S("</main></body></html>"));
}

#line 24 "sample.html"
void sample_list(Buf *out, Ctx *ctx, const SampleOrder *orders, size_t count)
{
#line 25 "sample.html"
    size_t body = html_begin(out);
    buf_put(out, S("<h1>"));
    html_tr(out, ctx, "Orders");
    buf_put(out, S(" <span class=\"n\">"));
#line 26 "sample.html"
    (HTML_TEXT(count))(out, count);
    buf_put(out, S("</span></h1><table><caption class=\"vh\">"));
    html_tr(out, ctx, "Orders, newest first");
    buf_put(out, S("</caption>"));
#line 29 "sample.html"
    for (const SampleOrder *order = orders; order < orders + count; order++) {
        buf_put(out, S("<tr class=\""));
#line 30 "sample.html"
        (HTML_ATTRIBUTE(order->is_late ? "late" : "on-time"))(out, order->is_late ? "late" : "on-time");
        buf_put(out, S("\"><td><a href=\"/admin/oms/orders/"));
#line 31 "sample.html"
        (HTML_LINK(order->number))(out, order->number);
        buf_put(out, S("?line="));
#line 31 "sample.html"
        (HTML_LINK(order->line_count))(out, order->line_count);
        buf_put(out, S("\">"));
#line 31 "sample.html"
        (HTML_TEXT(order->number))(out, order->number);
        buf_put(out, S("</a></td><td title=\""));
        html_tr(out, ctx, "Customer");
        buf_put(out, S(": "));
#line 32 "sample.html"
        (HTML_ATTRIBUTE(order->customer))(out, order->customer);
        buf_put(out, S("\"><bdi>"));
#line 32 "sample.html"
        (HTML_TEXT(order->customer))(out, order->customer);
        buf_put(out, S("</bdi></td><td><a href=\""));
#line 33 "sample.html"
        (HTML_URL(order->site))(out, order->site);
        buf_put(out, S("/track\""));
#line 33 "sample.html"
        if (order->is_late) {
            buf_put(out, S(" rel=\"nofollow\""));
        }
        buf_put(out, S(">"));
        html_tr(out, ctx, "Track");
        buf_put(out, S("</a></td><td class=\"end\"><span class=\"cur\">"));
#line 34 "sample.html"
        (HTML_TEXT("INR"))(out, "INR");
        buf_put(out, S("</span> "));
#line 34 "sample.html"
        (HTML_TEXT(order->total))(out, order->total);
        buf_put(out, S("</td></tr>"));
    }
    buf_put(out, S("</table>"));
    if (count == 0) {
        buf_put(out, S("<p>"));
        html_tr(out, ctx, "No orders yet.");
        buf_put(out, S(" "));
#line 41 "sample.html"
        (HTML_TEXT(tr_format(ctx, "Orders of %s appear here.", "today")))(out, tr_format(ctx, "Orders of %s appear here.", "today"));
        buf_put(out, S("<a href=\"mailto:"));
#line 42 "sample.html"
        (HTML_CONTACT(S("help@example.com")))(out, S("help@example.com"));
        buf_put(out, S("\">"));
        html_tr(out, ctx, "Ask us");
        buf_put(out, S("</a></p>"));
#line 44 "sample.html"
    } else {
        buf_put(out, S("<p>"));
#line 45 "sample.html"
        (HTML_TEXT(tr_plural(ctx, "%lld order", "%lld orders", (int64_t)count)))(out, tr_plural(ctx, "%lld order", "%lld orders", (int64_t)count));
        buf_put(out, S(" · 100&nbsp;% &amp; "));
        html_tr(out, ctx, "more");
        buf_put(out, S("</p>"));
#line 46 "sample.html"
    }
    sample_shell(out, ctx, tr(ctx, "Orders"), html_end(out, body));
}

void sample_form(Buf *out, Ctx *ctx, const SampleOrder *order, Url back)
{
    html_problems(out, ctx);
    buf_put(out, S("<form method=\"post\" action=\"/admin/oms/orders/"));
    (HTML_LINK(order->number))(out, order->number);
    buf_put(out, S("\" class=\"fields\" novalidate>"));
    html_csrf(out, ctx);
    html_once(out, ctx);
    buf_put(out, S("<div class=\"field\"><label"));
#line 56 "sample.html"
    html_field_for(out, ctx, S("customer"));
    buf_put(out, S(">"));
    html_tr(out, ctx, "Customer");
    buf_put(out, S("</label>"));
#line 57 "sample.html"
    html_error(out, ctx, S("customer"));
    buf_put(out, S("<input class=\"inp\""));
#line 58 "sample.html"
    html_field(out, ctx, S("customer"), S("customer-hint"));
    buf_put(out, S(" type=\"text\" value=\""));
#line 58 "sample.html"
    (HTML_ATTRIBUTE(order->customer))(out, order->customer);
    buf_put(out, S("\" autocomplete=\"off\"><p class=\"hint\" id=\"customer-hint\">"));
    html_tr(out, ctx, "As on the invoice");
    buf_put(out, S("</p></div><fieldset"));
#line 63 "sample.html"
    html_field_group(out, ctx, S("speed"), S(""));
    buf_put(out, S("><legend>"));
    html_tr(out, ctx, "Delivery");
    buf_put(out, S("</legend><label><input type=\"radio\" name=\"speed\" "
                   "value=\"express\""));
#line 65 "sample.html"
    if (order->is_express) {
        buf_put(out, S(" checked"));
    }
    buf_put(out, S("> "));
    html_tr(out, ctx, "Express");
    buf_put(out, S("</label><label><input type=\"radio\" name=\"speed\" value=\"normal\""));
#line 66 "sample.html"
    if (!order->is_express) {
        buf_put(out, S(" checked"));
    }
    buf_put(out, S("> "));
    html_tr(out, ctx, "Normal");
    buf_put(out, S("</label></fieldset>"));
#line 68 "sample.html"
    for (int i = 0; i < order->line_count; i++) {
        const SampleLine *line = &order->lines[i];
        buf_put(out, S("<div role=\"group\" aria-label=\""));
#line 70 "sample.html"
        (HTML_ATTRIBUTE(line->name))(out, line->name);
        buf_put(out, S("\"><label"));
        {
            size_t html_from_ = html_begin(out);
            buf_put(out, S("lines["));
#line 71 "sample.html"
            (HTML_PLAIN(i))(out, i);
            buf_put(out, S("].quantity"));
#line 71 "sample.html"
            html_field_for(out, ctx, html_take(out, html_from_));
        }
        buf_put(out, S(">"));
        html_tr(out, ctx, "Quantity");
        buf_put(out, S(" (<kbd>Alt Q</kbd>)</label><input"));
        {
            size_t html_from_ = html_begin(out);
            buf_put(out, S("lines["));
#line 72 "sample.html"
            (HTML_PLAIN(i))(out, i);
            buf_put(out, S("].quantity"));
#line 72 "sample.html"
            html_field(out, ctx, html_take(out, html_from_), S(""));
        }
        buf_put(out, S(" inputmode=\"decimal\" size=\""));
#line 72 "sample.html"
        (HTML_NUMBER(6))(out, 6);
        buf_put(out, S("\" value=\""));
#line 72 "sample.html"
        (HTML_ATTRIBUTE(line->quantity))(out, line->quantity);
        buf_put(out, S("\">"));
        {
            size_t html_from_ = html_begin(out);
            buf_put(out, S("lines["));
#line 73 "sample.html"
            (HTML_PLAIN(i))(out, i);
            buf_put(out, S("].quantity"));
#line 73 "sample.html"
            html_error(out, ctx, html_take(out, html_from_));
        }
        buf_put(out, S("<select aria-label=\""));
        html_tr(out, ctx, "Unit");
        buf_put(out, S("\" name=\"lines["));
#line 74 "sample.html"
        (HTML_ATTRIBUTE(i))(out, i);
        buf_put(out, S("].unit\">"));
#line 75 "sample.html"
        for (size_t u = 0; u < COUNT(units); u++) {
            buf_put(out, S("<option value=\""));
#line 76 "sample.html"
            (HTML_ATTRIBUTE(units[u]))(out, units[u]);
            buf_put(out, S("\""));
#line 76 "sample.html"
            if (u == 1) {
                buf_put(out, S(" selected"));
            }
            buf_put(out, S(">"));
#line 76 "sample.html"
            (HTML_ATTRIBUTE(units[u]))(out, units[u]);
            buf_put(out, S("</option>"));
#line 77 "sample.html"
        }
        buf_put(out, S("</select>"));
        switch (line->sku.len) {
        case 0:
            buf_put(out, S("<b>"));
            html_tr(out, ctx, "A gift");
            buf_put(out, S("</b>"));
#line 82 "sample.html"
            break;
        default:
            buf_put(out, S("<i translate=\"no\">SKU "));
#line 84 "sample.html"
            (HTML_TEXT(line->sku))(out, line->sku);
            buf_put(out, S("</i>"));
#line 85 "sample.html"
        }
        buf_put(out, S("</div>"));
    }
    buf_put(out, S("<label for=\"note\">"));
    html_tr(out, ctx, "Note");
    buf_put(out, S("</label><textarea id=\"note\" name=\"note\" rows=\"4\">"
                   "\n"));
#line 89 "sample.html"
    (HTML_ATTRIBUTE(order->note))(out, order->note);
    buf_put(out, S("</textarea><pre>\n 1   "));
    (HTML_TEXT(order->number))(out, order->number);
    buf_put(out, S("\n\t2 &lt;"));
#line 92 "sample.html"
    (HTML_TEXT(order->total))(out, order->total);
    buf_put(out, S("&gt;\n  </pre><img src=\"/files/"));
    (HTML_LINK(order->number))(out, order->number);
    buf_put(out, S("\" alt=\""));
    html_tr(out, ctx, "Picture of");
    buf_put(out, S(" "));
#line 94 "sample.html"
    (HTML_ATTRIBUTE(order->number))(out, order->number);
    buf_put(out, S("\" width=\"120\" height=\""));
#line 94 "sample.html"
    (HTML_NUMBER(90))(out, 90);
    buf_put(out, S("\" srcset=\"/files/a.webp 1x, "));
#line 95 "sample.html"
    (HTML_URL(back))(out, back);
    buf_put(out, S(" 2x, /files/"));
#line 95 "sample.html"
    (HTML_LINK(order->number))(out, order->number);
    buf_put(out, S(" 3x\"><svg class=\"ic\" viewBox=\"0 0 20 20\" aria-hidden=\"true\">"
                   "<use href=\"#i-plus\"/><title>"));
    html_tr(out, ctx, "Add");
    buf_put(out, S("</title></svg><button type=\"submit\""));
#line 97 "sample.html"
    if (order->line_count == 0) {
        buf_put(out, S(" aria-disabled=\"true\""));
    }
    buf_put(out, S(">"));
    html_tr(out, ctx, "Save");
    buf_put(out, S("</button><input type=\"submit\" name=\"more\" value=\""));
    html_tr(out, ctx, "Save and new");
    buf_put(out, S("\" formaction=\"?new=1\"><a href=\""));
#line 99 "sample.html"
    (HTML_URL(back))(out, back);
    buf_put(out, S("\">"));
    html_tr(out, ctx, "Back");
    buf_put(out, S("</a></form><form method=\"post\" action=\"https://pay.example/"));
#line 101 "sample.html"
    (HTML_LINK(order->number))(out, order->number);
    buf_put(out, S("\" novalidate><button type=\"submit\">"));
    html_tr(out, ctx, "Pay");
    buf_put(out, S("</button></form><form action=\"/search\" novalidate><input "
                   "type=\"search\" name=\"q\" aria-label=\""));
    html_tr(out, ctx, "Search");
    buf_put(out, S("\"></form>"));
}
