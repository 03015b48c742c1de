// mail_page.c - what each mail to customers looks like, for whoever sets up the shop: on an order
// that is made up, so that nobody's own is shown around.
#include "gen/pages/storefront_mail.h"
#include "kernel/db/db.h"
#include "kernel/i18n.h"
#include "modules/storefront/mail.h"

static void make_up(Ctx *ctx, const Shop *shop, OrderView *ret)
{
    *ret = (OrderView){ 0 };
    SalesOrder *order = &ret->order;
    order->number = S("SO-00042");
    order->currency = shop->channel.currency;
    order->is_tax_included = true;
    order->ship_to = (Postal){ .recipient = S("Nora Aas"),
                               .street = S("1 High Street"),
                               .postcode = S("LS1 1AA"),
                               .city = S("Leeds") };
    *(SalesLine *)list_push(ctx->arena, &order->lines) =
        (SalesLine){ .name = tr(ctx, "An article"), .quantity = { 2 * MICRO }, .net = { 2400 } };
    *(SalesLine *)list_push(ctx->arena, &order->lines) =
        (SalesLine){ .name = tr(ctx, "Another one"),
                     .wishes = tr(ctx, "With a name on it"),
                     .quantity = { MICRO },
                     .net = { 1200 } };
    order->totals.total.minor = 3600;
}

static void write_sample(Ctx *ctx, const Shop *shop, LetterKind kind, Written *ret)
{
    OrderView view;
    Letter letter = { .kind = kind,
                      .link = { shop_absolute(ctx, shop, shop->language, S("/track")) } };
    make_up(ctx, shop, &view);
    if (kind == LETTER_SHIPPED)
        letter.detail = S("RP123456789GB");
    if (kind == LETTER_REFUNDED)
        letter.detail = shop_money(ctx, view.order.totals.total, view.order.currency);
    letter_write(ctx, shop, kind == LETTER_ACCOUNT ? NULL : &view, &letter, ret);
}

static LetterKind kind_named(Str name)
{
    for (LetterKind kind = 0; kind < LETTER_KINDS; kind++)
        if (str_is(name, letter_name(kind)))
            return kind;
    return LETTER_RECEIVED;
}

static Status no_store(Ctx *ctx)
{
    return FAIL(ctx, E_NOT_FOUND, "shop.not_found", "there is no such shop");
}

static Status read_stores(Ctx *ctx, StoreNameList *ret)
{
    StoreName one;
    Rows *rows = db_query(ctx, SQL("SELECT store_code, name FROM store WHERE archived = 0"
                                   " ORDER BY id LIMIT 200"));
    *ret = (StoreNameList){ 0 };
    while (rows_next(rows, &one.code, &one.name))
        *list_push(ctx->arena, ret) = one;
    return rows_end(rows);
}

static Status find_store(Ctx *ctx, Str code, Str language, Shop *ret)
{
    Store store;
    Id id;
    bool found;
    TRY(store_find(ctx, "store_code", code, &id));
    if (!id)
        return no_store(ctx);
    TRY(store_load(ctx, id, &store));
    TRY(shop_of_channel(ctx, store.channel, ret, &found));
    if (!found)
        return no_store(ctx);
    EACH (one, ret->languages)
        if (str_eq(*one, language))
            ret->language = *one;
    return OK;
}

static const Page letters_page = { .group = "Sell" };

static Status answer_none(Ctx *ctx)
{
    Page page = letters_page;
    page.title = tr(ctx, "Mails to customers");
    size_t body = html_begin(&ctx->request->out);
    storefront_no_letters(&ctx->request->out, ctx);
    return page_answer(ctx, &page, body, 200);
}

Status letters_page_get(Ctx *ctx)
{
    Shop shop;
    Written written;
    StoreNameList stores;
    Locale *reader = ctx->locale;
    Page page = letters_page;
    Str code = request_query(ctx->request, "store");
    TRY(read_stores(ctx, &stores));
    if (stores.len == 0)
        return answer_none(ctx);
    code = code.len ? code : stores.items[0].code;
    TRY(find_store(ctx, code, request_query(ctx->request, "language"), &shop));
    LetterKind kind = kind_named(request_query(ctx->request, "kind"));
    locale_enter(ctx, locale_best(S(""), shop.language), ctx->tenant->zone);
    write_sample(ctx, &shop, kind, &written);
    ctx->locale = reader;
    page.title = tr(ctx, "Mails to customers");
    size_t body = html_begin(&ctx->request->out);
    storefront_letters(&ctx->request->out, ctx, &shop, stores, kind, written.subject, written.text,
                       url_path(ctx->arena, "/admin/storefront/mails/{}/{}/{}", code,
                                str_from(letter_name(kind)), shop.language));
    return page_answer(ctx, &page, body, 200);
}

// The mail as a mail program shows it: a document of its own that may do nothing but be looked at.
Status letter_page_get(Ctx *ctx)
{
    Shop shop;
    Written written;
    Locale *reader = ctx->locale;
    TRY(find_store(ctx, ctx->request->params[0], ctx->request->params[2], &shop));
    locale_enter(ctx, locale_best(S(""), shop.language), ctx->tenant->zone);
    write_sample(ctx, &shop, kind_named(ctx->request->params[1]), &written);
    ctx->locale = reader;
    respond_header(
        ctx, "content-security-policy",
        S("default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox"));
    return respond(ctx, 200, S("text/html; charset=utf-8"), written.html);
}
