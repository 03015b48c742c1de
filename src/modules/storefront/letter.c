// letter.c - a mail's words, as text and as HTML: what happened, what was ordered, where to look.
#include "gen/pages/storefront_mail.h"
#include "kernel/i18n.h"
#include "modules/storefront/mail.h"
#include "modules/storefront/theme.h"

static const struct LetterWords {
    const char *name, *label, *subject, *words, *button;
} letters[LETTER_KINDS] = {
    [LETTER_RECEIVED] = { "received", TEXT("Order received"), TEXT("Order %s received"),
                          TEXT("Thank you. Your order has arrived; this is what you ordered:"),
                          TEXT("See where your order is") },
    [LETTER_PAID] = { "paid", TEXT("Order paid"), TEXT("Order %s is paid"),
                      TEXT("Your payment has come. We pack your parcel now:"),
                      TEXT("See where your order is") },
    [LETTER_SHIPPED] = { "shipped", TEXT("Parcel sent"), TEXT("Order %s is on its way"),
                         TEXT("Your parcel is on its way."), TEXT("See where your order is") },
    [LETTER_DELIVERED] = { "delivered", TEXT("Parcel delivered"),
                           TEXT("Order %s has been delivered"),
                           TEXT("Your parcel has arrived. We hope that you like what is in it."),
                           TEXT("See your order") },
    [LETTER_REFUNDED] = { "refunded", TEXT("Money given back"), TEXT("Money back for order %s"),
                          TEXT("We have given back what you paid. Your bank may need a few days to "
                               "show it."),
                          TEXT("See your order") },
    [LETTER_CANCELLED] = { "cancelled", TEXT("Order cancelled"), TEXT("Order %s is cancelled"),
                           TEXT("Your order has been cancelled. What you paid for it "
                                "is given back."),
                           TEXT("See your order") },
    [LETTER_ACCOUNT] = { "account", TEXT("Way into the account"), TEXT("Your account at %s"),
                         TEXT("Follow this link within an hour to choose a password and see your "
                              "orders. If you did not ask for it, do nothing."),
                         TEXT("Choose a password") },
};

const char *letter_name(LetterKind kind)
{
    return letters[kind].name;
}

const char *letter_label(LetterKind kind)
{
    return letters[kind].label;
}

static Str detail_line(Ctx *ctx, const Letter *letter)
{
    if (letter->detail.len == 0)
        return S("");
    if (letter->kind == LETTER_SHIPPED)
        return tr_format(ctx, "Tracking number: %s", letter->detail.ptr);
    return letter->kind == LETTER_REFUNDED ? tr_format(ctx, "Amount: %s", letter->detail.ptr)
                                           : S("");
}

static void put_order(Ctx *ctx, const SalesOrder *order, Buf *out)
{
    EACH (line, order->lines) {
        buf_printf(out, STR_FMT " × " STR_FMT "\n", STR_ARG(show_qty(ctx, line->quantity, 0)),
                   STR_ARG(line->name));
        if (line->wishes.len)
            buf_printf(out, "    " STR_FMT "\n", STR_ARG(line->wishes));
    }
    buf_printf(out, "%s " STR_FMT "\n\n", tr(ctx, "Total:").ptr,
               STR_ARG(shop_money(ctx, order->totals.total, order->currency)));
}

static Str text_of(Ctx *ctx, const Shop *shop, const OrderView *view, const Letter *letter,
                   Str detail)
{
    Buf out = { .arena = ctx->arena };
    buf_printf(&out, STR_FMT "\n\n", STR_ARG(tr(ctx, letters[letter->kind].words)));
    if (detail.len)
        buf_printf(&out, STR_FMT "\n\n", STR_ARG(detail));
    if (view)
        put_order(ctx, &view->order, &out);
    buf_printf(&out, STR_FMT "\n\n" STR_FMT "\n", STR_ARG(letter->link.text),
               STR_ARG(shop->store.name));
    return buf_str(&out);
}

void letter_write(Ctx *ctx, const Shop *shop, const OrderView *view, const Letter *letter,
                  Written *ret)
{
    const struct LetterWords *words = &letters[letter->kind];
    Str about = view ? view->order.number : shop->store.name, detail = detail_line(ctx, letter);
    Buf html = { .arena = ctx->arena };
    *ret = (Written){ .subject = tr_format(ctx, words->subject, str_c(ctx->arena, about)) };
    ret->text = text_of(ctx, shop, view, letter, detail);
    storefront_mail(&html, ctx, shop, view, ret->subject, tr(ctx, words->words), detail,
                    letter->link, tr(ctx, words->button));
    ret->html = buf_str(&html);
}

// Mail programs load no style sheets; most read a small one in the head, and the rest show plain
// words.
Html letter_sheet(Ctx *ctx, const Shop *shop)
{
    Rgb accent, white = { 255, 255, 255 }, black = { 0, 0, 0 };
    if (!rgb_parse(shop->store.accent, &accent))
        accent = (Rgb){ 0x0b, 0x6a, 0x5f };
    accent = readable(accent, white, black);
    return (Html){ str_format(
        ctx->arena,
        "<style>"
        "body{margin:0;background:#f6f3ec;color:#23211c;font:16px/1.5 Georgia,serif}"
        ".m{max-width:560px;margin:0 auto;padding:28px 20px}"
        ".b{background:#fff;border:1px solid #e4dfd3;border-radius:12px;padding:28px}"
        "h1{font-size:24px;line-height:1.25;margin:0 0 12px}"
        "table{width:100%%;border-collapse:collapse;margin:18px 0}"
        "td{padding:8px 0;border-top:1px solid #e4dfd3;vertical-align:top}"
        ".r{text-align:right;white-space:nowrap}"
        ".s{color:#6a6558;font-size:14px}"
        ".g td{font-weight:bold;border-top:3px double #23211c}"
        ".a{display:inline-block;background:#%02x%02x%02x;color:#fff;text-decoration:none;"
        "padding:12px 20px;border-radius:10px}"
        "</style>",
        accent.r, accent.g, accent.b) };
}
