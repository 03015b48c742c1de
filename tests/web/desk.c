// desk.c - a shop with one placed order, and somebody who asks for pages.
#include "web/desk.h"

#include "harness.h"

#include "app/app.h"
#include "kernel/http/rest.h"

static Status place_order(Ctx *ctx, void *arg)
{
    Desk *desk = arg;
    Basket basket = { .pieces = { 2, 1 }, .freight = 500 };
    return shop_order(ctx, &desk->shop, &basket, &desk->order);
}

void desk_open(Ctx *ctx, Desk *desk)
{
    *desk = (Desk){ 0 };
    shop_open(ctx, &desk->shop, 10, 0);
    rest_start(app_routes);
    CHECK_OK(ctx, shop_try(ctx, place_order, desk));
    desk->token = ask_token(ctx, "owner@example.com", "Owner");
}

void desk_close(Desk *desk)
{
    shop_close(&desk->shop);
}

static Status pay_order(Ctx *ctx, void *arg)
{
    Desk *desk = arg;
    return shop_pay(ctx, &desk->shop, &desk->order, desk->order.totals.total.minor);
}

void desk_pay(Ctx *ctx, Desk *desk)
{
    CHECK_OK(ctx, shop_try(ctx, pay_order, desk));
    shop_jobs(ctx);
}

static Status deliver_order(Ctx *ctx, void *arg)
{
    Desk *desk = arg;
    IdList deliveries;
    return shop_deliver(ctx, desk->order.record.id, tenant_today(ctx), &deliveries);
}

void desk_deliver(Ctx *ctx, Desk *desk)
{
    CHECK_OK(ctx, shop_try(ctx, deliver_order, desk));
}

Answered desk_get(Ctx *ctx, const Desk *desk, Str target)
{
    return ask(
        ctx,
        &(Asking){ .method = "GET", .target = target, .token = desk->token, .tenant = S("acme") });
}

Answered desk_post(Ctx *ctx, const Desk *desk, Str target, const char *fields)
{
    return ask(ctx, &(Asking){ .method = "POST",
                               .target = target,
                               .token = desk->token,
                               .tenant = S("acme"),
                               .type = S("application/x-www-form-urlencoded"),
                               .body = str_from(fields) });
}

Str desk_order(Ctx *ctx, const Desk *desk, const char *more)
{
    return str_format(ctx->arena, "/admin/oms/orders/~" STR_FMT "%s",
                      STR_ARG(id_text(ctx->arena, desk->order.record.id)), more);
}

bool answer_has(Answered answer, const char *words)
{
    return str_find(answer.body, str_from(words)) >= 0;
}
