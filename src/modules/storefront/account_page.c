// account_page.c - what a customer sees of hers: orders with invoices and returns, address,
// favourites. Everything is asked for by the customer she acts for, so another's number finds
// nothing.
#include "modules/storefront/account.h"

#include "base/json.h"
#include "base/utf8.h"
#include "gen/pages/storefront_account.h"
#include "kernel/auth/actor.h"
#include "kernel/db/db.h"
#include "kernel/i18n.h"
#include "kernel/pdf.h"
#include "modules/billing/billing.h"
#include "modules/party/party.h"

enum { ORDERS_MAX = 50, FAVOURITES_MAX = 100 };

// ---- Overview -----------------------------------------------------------------------------------

static Status read_orders(Ctx *ctx, const Shop *shop, AccountView *view)
{
    AccountOrder order = { 0 };
    Str headline;
    Rows *rows = db_query(
        ctx, SQL("SELECT number, COALESCE(placed_at, 0), headline, total, currency FROM sales_order"
                 " WHERE customer_id = $1 AND channel_id = $2 AND state <> 'draft'"
                 " ORDER BY id DESC LIMIT $3",
                 shop->customer, shop->store.channel, ORDERS_MAX));
    while (rows_next(rows, &order.number, &order.placed_at, &headline, &order.total,
                     &order.currency)) {
        order.headline = (Headline)enum_value(&headline_enum, headline);
        *list_push(ctx->arena, &view->orders) = order;
    }
    return rows_end(rows);
}

static Status read_favourites(Ctx *ctx, const Shop *shop, AccountView *view)
{
    ShelfItemList all;
    Id product;
    IdList wanted = { 0 };
    Rows *rows = db_query(ctx, SQL("SELECT product_id FROM favourite WHERE customer_id = $1"
                                   " ORDER BY added_at DESC LIMIT $2",
                                   shop->customer, FAVOURITES_MAX));
    while (rows_next(rows, &product))
        *list_push(ctx->arena, &wanted) = product;
    TRY(rows_end(rows));
    if (wanted.len == 0)
        return OK;
    TRY(shelf_read(ctx, shop, 0, &all));
    EACH (id, wanted)
        EACH (item, all)
            if (item->product == *id)
                *list_push(ctx->arena, &view->favourites) = *item;
    return OK;
}

static Status answer_account(Ctx *ctx, const Shop *shop)
{
    AccountView view = { 0 };
    Party party;
    TRY(party_load(ctx, shop->customer, &party));
    EACH (address, party.addresses)
        *list_push(ctx->arena, &view.addresses) =
            (AccountAddress){ address->record.id, address->is_delivery, address->postal };
    view.email = party.email;
    view.phone = party.phone;
    TRY(read_orders(ctx, shop, &view));
    TRY(read_favourites(ctx, shop, &view));
    size_t body = html_begin(&ctx->request->out);
    storefront_account(&ctx->request->out, ctx, shop, &view);
    ShopHead head = { .title = tr(ctx, "Your account") };
    return shop_answer(ctx, shop, &head, body, 200);
}

static Status answer_door(Ctx *ctx, const Shop *shop)
{
    size_t body = html_begin(&ctx->request->out);
    storefront_door(&ctx->request->out, ctx, shop, S(""));
    ShopHead head = { .title = tr(ctx, "Sign in") };
    return shop_answer(ctx, shop, &head, body, 200);
}

Status account_get(Ctx *ctx)
{
    ctx->request->timed = TIMED_ACCOUNT;
    Shop shop;
    TRY(shop_enter(ctx, &shop));
    return shop.customer ? answer_account(ctx, &shop) : answer_door(ctx, &shop);
}

// ---- Address ------------------------------------------------------------------------------------

enum { ADDRESSES_MAX = 10 };

static void read_postal(Ctx *ctx, const Json *form, Postal *postal)
{
    postal->recipient = utf8_cut(str_trim(json_str(form, "name")), 120);
    postal->street = utf8_cut(str_trim(json_str(form, "street")), 200);
    postal->street2 = utf8_cut(str_trim(json_str(form, "street2")), 200);
    postal->city = utf8_cut(str_trim(json_str(form, "city")), 80);
    postal->postcode = utf8_cut(str_trim(json_str(form, "postcode")), 16);
    Str country = str_upper_ascii(ctx->arena, str_trim(json_str(form, "country")));
    postal->country = country.len == 2 ? country : postal->country;
}

static PartyAddress *address_with_id(Party *party, Id id)
{
    EACH (address, party->addresses)
        if (address->record.id == id)
            return address;
    return NULL;
}

static PartyAddress *new_address(Ctx *ctx, Party *party)
{
    bool has_delivery = false;
    EACH (address, party->addresses)
        has_delivery |= address->is_delivery;
    PartyAddress *address = list_push(ctx->arena, &party->addresses);
    address->is_delivery = !has_delivery;
    return address;
}

// Where parcels go when nothing else is said; there is one such.
static void put_first(Party *party, PartyAddress *chosen)
{
    EACH (address, party->addresses)
        address->is_delivery = address == chosen;
}

// "do" says what becomes of the address "id": it is saved (added without one), used first, removed.
static Status change_address(Ctx *ctx, const Json *form, Party *party)
{
    Id id;
    Str verb = json_str(form, "do");
    PartyAddress *address = id_parse(json_str(form, "id"), &id) ? address_with_id(party, id) : NULL;
    if (address && str_is(verb, "remove") && !address->is_delivery) {
        list_remove(&party->addresses, (size_t)(address - party->addresses.items));
        return OK;
    }
    if (address && str_is(verb, "first")) {
        put_first(party, address);
        return OK;
    }
    if (!address && party->addresses.len >= ADDRESSES_MAX)
        return FAIL(ctx, E_LIMIT, "shop.addresses", "at most %d addresses are kept", ADDRESSES_MAX);
    read_postal(ctx, form, &(address ? address : new_address(ctx, party))->postal);
    return OK;
}

Status account_address_post(Ctx *ctx)
{
    Shop shop;
    Party party;
    const Json *form;
    TRY(shop_enter(ctx, &shop));
    TRY(request_json(ctx, &form));
    if (!shop.customer)
        return answer_door(ctx, &shop);
    TRY(party_load(ctx, shop.customer, &party));
    TRY(change_address(ctx, form, &party));
    TRY(party_save(ctx, &party));
    flash_put(ctx, "ok", tr(ctx, "Your addresses are saved."));
    return respond_redirect(ctx, shop_url(ctx, &shop, "/account").text);
}

// ---- One order ----------------------------------------------------------------------------------

static Status read_invoices(Ctx *ctx, AccountOrderView *view)
{
    AccountInvoice invoice = { 0 };
    Str kind;
    Rows *rows =
        db_query(ctx, SQL("SELECT DISTINCT i.number, i.invoice_date, i.kind FROM delivery d"
                          " JOIN invoice i ON i.id = d.invoice_id OR i.credits_id = d.invoice_id"
                          " WHERE d.sales_order_id = $1 AND i.state = 'posted'"
                          " ORDER BY i.invoice_date, i.number LIMIT 50",
                          view->order.order.record.id));
    while (rows_next(rows, &invoice.number, &invoice.on, &kind)) {
        invoice.is_credit = str_is(kind, "credit_note");
        *list_push(ctx->arena, &view->invoices) = invoice;
    }
    return rows_end(rows);
}

static Status read_returns(Ctx *ctx, AccountOrderView *view)
{
    AccountReturn one = { 0 };
    ReturnReason reason;
    Str state;
    Rows *rows = db_query(ctx, SQL("SELECT number, asked_on, state FROM rma"
                                   " WHERE sales_order_id = $1 ORDER BY id LIMIT 50",
                                   view->order.order.record.id));
    while (rows_next(rows, &one.number, &one.on, &state)) {
        one.state = (RmaState)enum_value(&rma_state_enum, state);
        *list_push(ctx->arena, &view->returns) = one;
    }
    TRY(rows_end(rows));
    rows = db_query(ctx, SQL("SELECT id, label FROM choice WHERE list_name = 'return_reason'"
                             " ORDER BY position LIMIT 50"));
    while (rows_next(rows, &reason.id, &reason.label))
        *list_push(ctx->arena, &view->reasons) = reason;
    return rows_end(rows);
}

// Within the shop's days since the parcel came, and only what may come back at all.
static Status read_returnable(Ctx *ctx, const Shop *shop, AccountOrderView *view)
{
    const OrderView *order = &view->order;
    Date since = order->arrived_on ? order->arrived_on : order->sent_on;
    bool is_open = since && tenant_today(ctx) <= since + (Date)shop->store.return_days;
    EACH (line, order->order.lines) {
        VariantFacts facts;
        Qty asked;
        TRY(variant_facts(ctx, line->variant, &facts));
        TRY(db_one(ctx,
                   SQL("SELECT CAST(COALESCE(sum(l.quantity), 0) AS BIGINT) FROM rma_line l"
                       " JOIN rma r ON r.id = l.rma_id WHERE l.order_line_id = $1"
                       " AND r.state IN ('requested', 'approved')",
                       line->record.id),
                   &asked));
        int64_t left = (line->shipped.micro - line->returned.micro - asked.micro) / MICRO;
        if (!is_open || left <= 0 || !facts.is_returnable || line->config.len)
            continue;
        *list_push(ctx->arena, &view->lines) = (ReturnLine){ line->record.id, line->name, left };
        view->may_return = true;
    }
    return OK;
}

static Status find_order(Ctx *ctx, const Shop *shop, AccountOrderView *ret, bool *ret_found)
{
    *ret = (AccountOrderView){ 0 };
    *ret_found = false;
    if (!shop->customer)
        return OK;
    TRY(order_view(ctx, shop, ctx->request->params[1], &ret->order, ret_found));
    *ret_found = *ret_found && ret->order.order.customer == shop->customer;
    if (!*ret_found)
        return OK;
    TRY(read_invoices(ctx, ret));
    TRY(read_returns(ctx, ret));
    return read_returnable(ctx, shop, ret);
}

Status account_order_get(Ctx *ctx)
{
    Shop shop;
    AccountOrderView view;
    bool found;
    TRY(shop_enter(ctx, &shop));
    if (!shop.customer)
        return answer_door(ctx, &shop);
    TRY(find_order(ctx, &shop, &view, &found));
    if (!found)
        return shop_missing(ctx, &shop);
    size_t body = html_begin(&ctx->request->out);
    storefront_account_order(&ctx->request->out, ctx, &shop, &view);
    ShopHead head = { .title = tr_format(ctx, "Order %s", view.order.order.number.ptr) };
    return shop_answer(ctx, &shop, &head, body, 200);
}

static const PrintForm *form_of(const EntityDef *entity, const char *name)
{
    for (const Module *const *m = modules_all(); *m; m++)
        for (const PrintForm *p = (*m)->prints; p && p->name; p++)
            if (p->entity == entity && strcmp(p->name, name) == 0)
                return p;
    return NULL;
}

// Papers are drawn in the shop's language.
static Status answer_paper(Ctx *ctx, const EntityDef *entity, const char *name, const void *record)
{
    Str pdf;
    TRY(form_of(entity, name)->draw(ctx, record, &pdf));
    respond_header(ctx, "content-disposition",
                   str_format(ctx->arena, "inline; filename=\"%s.pdf\"", name));
    return respond(ctx, 200, S("application/pdf"), pdf);
}

Status account_invoice_get(Ctx *ctx)
{
    Shop shop;
    AccountOrderView view;
    Invoice invoice;
    Id id;
    bool found, is_of_order = false;
    TRY(shop_enter(ctx, &shop));
    TRY(find_order(ctx, &shop, &view, &found));
    Str number = ctx->request->params[2];
    if (found)
        EACH (one, view.invoices)
            is_of_order |= str_eq(one->number, number);
    if (!is_of_order)
        return shop_missing(ctx, &shop);
    TRY(invoice_find(ctx, "number", number, &id));
    TRY(invoice_load(ctx, id, &invoice));
    return answer_paper(ctx, &invoice_entity, "invoice", &invoice);
}

Status account_confirmation_get(Ctx *ctx)
{
    Shop shop;
    AccountOrderView view;
    bool found;
    TRY(shop_enter(ctx, &shop));
    TRY(find_order(ctx, &shop, &view, &found));
    if (!found)
        return shop_missing(ctx, &shop);
    return answer_paper(ctx, &sales_order_entity, "order", &view.order.order);
}

Status account_slip_get(Ctx *ctx)
{
    Shop shop;
    AccountOrderView view;
    Rma rma;
    Id id;
    bool found, is_of_order = false;
    TRY(shop_enter(ctx, &shop));
    TRY(find_order(ctx, &shop, &view, &found));
    if (found)
        EACH (one, view.returns)
            is_of_order |= str_eq(one->number, ctx->request->params[2]);
    if (!is_of_order)
        return shop_missing(ctx, &shop);
    TRY(rma_find(ctx, "number", ctx->request->params[2], &id));
    TRY(rma_load(ctx, id, &rma));
    return answer_paper(ctx, &rma_entity, "return-slip", &rma);
}

// ---- Sending back -------------------------------------------------------------------------------

static Status add_return_line(Ctx *ctx, const Json *form, const ReturnLine *line, Rma *rma)
{
    int64_t pieces;
    Id reason;
    Str field = str_format(ctx->arena, "r-" STR_FMT, STR_ARG(id_text(ctx->arena, line->line)));
    if (!str_int(str_trim(json_str(form, field.ptr)), &pieces) || pieces <= 0)
        return OK;
    if (!id_parse(json_str(form, "reason"), &reason))
        return FAIL(ctx, E_INVALID, "shop.return_reason", "say why it comes back");
    *list_push(ctx->arena, &rma->lines) =
        (RmaLine){ .order_line = line->line,
                   .quantity = { (pieces < line->left ? pieces : line->left) * MICRO },
                   .reason = reason,
                   .words = utf8_cut(str_trim(json_str(form, "words")), 500),
                   .disposition = DISPOSITION_UNDECIDED };
    return OK;
}

Status account_return_post(Ctx *ctx)
{
    Shop shop;
    AccountOrderView view;
    const Json *form;
    bool found;
    TRY(shop_enter(ctx, &shop));
    TRY(request_json(ctx, &form));
    TRY(find_order(ctx, &shop, &view, &found));
    if (!found)
        return shop_missing(ctx, &shop);
    Rma *rma = rma_new(ctx);
    rma->sales_order = view.order.order.record.id;
    rma->warehouse = shop.channel.warehouses.len ? shop.channel.warehouses.items[0].warehouse : 0;
    EACH (line, view.lines)
        TRY(add_return_line(ctx, form, line, rma));
    if (rma->lines.len) {
        TRY(rma_save(ctx, rma));
        flash_put(ctx, "ok", tr(ctx, "We have your return. We write to you how to send it."));
    } else {
        flash_put(ctx, "warn", tr(ctx, "Say how many of what shall come back."));
    }
    return respond_redirect(
        ctx, shop_url(ctx, &shop, "/account/orders/{}", view.order.order.number).text);
}

// ---- Favourites ---------------------------------------------------------------------------------

Status favourite_post(Ctx *ctx)
{
    Shop shop;
    Id product;
    const Json *form;
    int64_t removed;
    TRY(shop_enter(ctx, &shop));
    TRY(request_json(ctx, &form));
    if (!shop.customer)
        return respond_redirect(ctx, shop_url(ctx, &shop, "/account").text);
    TRY(product_find(ctx, "slug", json_str(form, "product"), &product));
    if (!product)
        return shop_missing(ctx, &shop);
    TRY(db_change(ctx,
                  SQL("DELETE FROM favourite WHERE customer_id = $1 AND product_id = $2",
                      shop.customer, product),
                  &removed));
    if (!removed)
        TRY(db_write(ctx, SQL("INSERT INTO favourite (customer_id, product_id, added_at)"
                              " VALUES ($1, $2, $3)",
                              shop.customer, product, ctx->now)));
    flash_put(ctx, "ok",
              removed ? tr(ctx, "It is no longer among your favourites.")
                      : tr(ctx, "It is among your favourites."));
    return respond_redirect(ctx, shop_url(ctx, &shop, "/p/{}", json_str(form, "product")).text);
}
