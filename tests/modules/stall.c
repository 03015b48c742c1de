// stall.c - a house with an online shop.
#include "modules/stall.h"

#include "app/app.h"
#include "gen/control.gen.h"
#include "gen/logistics.gen.h"
#include "gen/storefront.gen.h"
#include "kernel/http/answer.h"
#include "kernel/http/rest.h"
#include "modules/storefront/storefront_module.h"
#include "web/web.h"

static Status show_products(Ctx *ctx, Stall *stall)
{
    Category *tea = category_new(ctx);
    tea->name = S("Tea time");
    tea->slug = S("tea");
    TRY(category_save(ctx, tea));
    stall->category = tea->record.id;
    for (int i = 0; i < SHOP_VARIANTS; i++) {
        Product product;
        VariantFacts facts;
        TRY(variant_facts(ctx, stall->shop.variants[i], &facts));
        TRY(product_load(ctx, facts.product, &product));
        product.name = str_format(ctx->arena, "Cup number %d", i + 1);
        product.slug = str_format(ctx->arena, "cup-%d", i + 1);
        product.category = i < 2 ? stall->category : 0;
        product.published_at = ctx->now - (i + 1) * HOUR;
        product.weight_g = 300;
        TRY(product_save(ctx, &product));
    }
    return OK;
}

static Status make_delivery(Ctx *ctx)
{
    RateZone *zone = rate_zone_new(ctx);
    Carrier *carrier = carrier_new(ctx);
    RateCard *card = rate_card_new(ctx);
    zone->name = S("Britain");
    list_push(ctx->arena, &zone->areas)->country = S("GB");
    TRY(rate_zone_save(ctx, zone));
    carrier->carrier_code = S("post");
    carrier->name = S("Post");
    carrier->is_active = true;
    *list_push(ctx->arena, &carrier->services) =
        (CarrierService){ .service_code = S("std"), .name = S("To the door"), .is_active = true };
    TRY(carrier_save(ctx, carrier));
    card->service = carrier->services.items[0].record.id;
    card->zone = zone->record.id;
    *list_push(ctx->arena, &card->bands) = (RateBand){ .to_g = 20000, .price = { 500 } };
    return rate_card_save(ctx, card);
}

static Status make_store(Ctx *ctx, void *arg)
{
    Stall *stall = arg;
    Store *store = store_new(ctx);
    TRY(show_products(ctx, stall));
    TRY(make_delivery(ctx));
    store->store_code = S("main");
    store->name = S("The Tea Stall");
    store->channel = stall->shop.web;
    store->languages = S("en es");
    store->countries = S("GB IE");
    *list_push(ctx->arena, &store->domains) = (StoreDomain){ .host = S("shop.example") };
    return store_save(ctx, store);
}

static Status add_domain(Ctx *ctx, void *arg)
{
    TenantDomain *domain = tenant_domain_new(ctx);
    domain->host = S("shop.example");
    domain->tenant = *(Id *)arg;
    return tenant_domain_save(ctx, domain);
}

void stall_open(Ctx *ctx, Stall *ret, int64_t pieces)
{
    *ret = (Stall){ 0 };
    static int visitors;
    ret->address = str_format(ctx->arena, "192.0.2.%d", ++visitors);
    shop_open(ctx, &ret->shop, pieces, 0);
    rest_start(app_routes);
    web_start();
    answer_use_front(shop_front);
    answer_use_front_errors(shop_error);
    CHECK_OK(ctx, shop_try(ctx, make_store, ret));
    Id tenant = ctx->tenant->id;
    CHECK_OK(ctx, db_transact(ctx, control_db(), add_domain, &tenant));
}

void stall_close(Stall *stall)
{
    answer_use_front(NULL);
    answer_use_front_errors(NULL);
    answer_use_pages(NULL, NULL);
    shop_close(&stall->shop);
}

// ---- A browser ----------------------------------------------------------------------------------

static Str cookies(Ctx *ctx, const Stall *stall)
{
    return stall->cookie.len && stall->session.len
             ? str_format(ctx->arena, STR_FMT "; " STR_FMT, STR_ARG(stall->cookie),
                          STR_ARG(stall->session))
             : str_join(ctx->arena, stall->cookie, stall->session);
}

static Str csrf_of(Ctx *ctx, Str page)
{
    Str start = S("name=\"_csrf\" value=\""), value = S("");
    ptrdiff_t at = str_find(page, start);
    Str rest = at < 0 ? S("") : str_from_at(page, (size_t)at + start.len);
    str_next(&rest, '"', &value);
    return str_copy(ctx->arena, value);
}

void stall_learn(Ctx *ctx, Stall *stall, const char *target)
{
    stall->csrf = csrf_of(ctx, stall_get(ctx, stall, target).body);
}

Answered stall_get_at(Ctx *ctx, const Stall *stall, const char *host, const char *target)
{
    bool is_ours = strcmp(host, "localhost") == 0;
    return ask(ctx, &(Asking){ .method = "GET",
                               .target = str_from(target),
                               .tenant = is_ours ? ctx->tenant->code : S(""),
                               .cookie = cookies(ctx, stall),
                               .address = stall->address,
                               .from = stall->from,
                               .agent = stall->agent,
                               .wants_page = true,
                               .host = str_from(host) });
}

Answered stall_get(Ctx *ctx, const Stall *stall, const char *target)
{
    return stall_get_at(ctx, stall, "localhost", target);
}

Answered stall_post(Ctx *ctx, Stall *stall, const char *target, const char *form)
{
    Str body = stall->csrf.len ? str_format(ctx->arena, "%s&_csrf=" STR_FMT, form,
                                            STR_ARG(url_encode(ctx->arena, stall->csrf)))
                               : str_from(form);
    Answered answer = ask(ctx, &(Asking){ .method = "POST",
                                          .target = str_from(target),
                                          .tenant = ctx->tenant->code,
                                          .cookie = cookies(ctx, stall),
                                          .address = stall->address,
                                          .from = stall->from,
                                          .agent = stall->agent,
                                          .wants_page = true,
                                          .body = body,
                                          .type = S("application/x-www-form-urlencoded") });
    if (str_starts(answer.cookie, S("cart_")))
        stall->cookie = answer.cookie;
    if (str_starts(answer.cookie, S("session=")))
        stall->session = answer.cookie;
    return answer;
}

bool has_text(Str body, const char *text)
{
    return str_find(body, str_from(text)) >= 0;
}

int64_t stall_count(Ctx *ctx, const char *sql)
{
    return fixture_number(ctx, ctx->tenant->db, sql);
}
