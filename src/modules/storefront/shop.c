// shop.c - entering a store, its addresses, and the frame that its pages stand in.
#include "modules/storefront/shop.h"

#include "gen/pages/storefront_shell.h"
#include "kernel/auth/actor.h"
#include "kernel/db/db.h"
#include "kernel/i18n.h"
#include "modules/party/party.h"
#include "modules/storefront/cart.h"

// ---- Entering -----------------------------------------------------------------------------------

static Status not_here(Ctx *ctx)
{
    return FAIL(ctx, E_NOT_FOUND, "shop.not_found", "there is no such shop");
}

static void read_languages(Ctx *ctx, Shop *shop)
{
    Str rest = shop->store.languages, one;
    while (str_next_word(&rest, &one) && shop->languages.len < LANGUAGES_MAX)
        *list_push(ctx->arena, &shop->languages) = one;
    if (shop->languages.len == 0)
        *list_push(ctx->arena, &shop->languages) = S("en");
}

static bool speaks(const Shop *shop, Str language)
{
    EACH (one, shop->languages)
        if (str_eq(*one, language))
            return true;
    return false;
}

static Status load_shop(Ctx *ctx, Id id, Shop *shop)
{
    TRY(store_load(ctx, id, &shop->store));
    TRY(channel_load(ctx, shop->store.channel, &shop->channel));
    read_languages(ctx, shop);
    shop->language = shop->languages.items[0];
    return OK;
}

// "main.es" is the store "main" in Spanish.
static Status find_shop(Ctx *ctx, Str name, Shop *shop)
{
    Id id;
    ptrdiff_t dot = str_rfind_char(name, '.');
    Str code = dot < 0 ? name : str_sub(name, 0, (size_t)dot);
    TRY(store_find(ctx, "store_code", code, &id));
    if (!id)
        return not_here(ctx);
    TRY(load_shop(ctx, id, shop));
    if (!shop->store.is_open || shop->store.record.is_archived)
        return not_here(ctx);
    if (dot < 0)
        return OK;
    shop->language = str_from_at(name, (size_t)dot + 1);
    bool is_other = !str_eq(shop->language, shop->languages.items[0]);
    return is_other && speaks(shop, shop->language) ? OK : not_here(ctx);
}

static Str scheme_and_host(Ctx *ctx, const Shop *shop)
{
    if (shop->store.domains.len)
        return str_join(ctx->arena, S("https://"), shop->store.domains.items[0].host);
    Str host = ctx->request ? request_header(ctx->request, "host") : S("");
    return str_format(ctx->arena, "%s://" STR_FMT,
                      ctx->request && ctx->request->is_https ? "https" : "http",
                      STR_ARG(host.len ? host : S("localhost")));
}

static Str language_suffix(const Shop *shop, Str language)
{
    return str_eq(language, shop->languages.items[0]) ? S("") : language;
}

// On its own domain the shop begins at "/", elsewhere at "/shop/CODE".
static Str base_of(Ctx *ctx, const Shop *shop, Str language, bool is_own_domain)
{
    Str suffix = language_suffix(shop, language);
    if (is_own_domain)
        return suffix.len ? str_join(ctx->arena, S("/"), suffix) : S("");
    return str_format(ctx->arena, "/shop/" STR_FMT "%s" STR_FMT, STR_ARG(shop->store.store_code),
                      suffix.len ? "." : "", STR_ARG(suffix));
}

// Forms are sent to "/shop/CODE/..." there, too, so it is the host that tells.
static bool is_on_own_domain(const Ctx *ctx, const Shop *shop)
{
    EACH (domain, shop->store.domains)
        if (str_eq(domain->host, ctx->request->host))
            return true;
    return false;
}

static Str path_within(const Ctx *ctx, const Shop *shop)
{
    Str path = ctx->request->path, start = S("/shop/");
    if (!str_starts(path, start))
        return str_from_at(path, shop->base.len);
    Str rest = str_from_at(path, start.len);
    ptrdiff_t slash = str_find_char(rest, '/');
    return slash < 0 ? S("/") : str_from_at(rest, (size_t)slash);
}

static Status know_customer(Ctx *ctx, Shop *shop)
{
    PartyFacts party;
    const Actor *actor = ctx->actor;
    if (actor->kind != ACTOR_PORTAL || !str_is(actor->audience, "customer"))
        return OK;
    TRY(party_facts(ctx, actor->subject.id, &party));
    shop->customer = party.id;
    shop->customer_name = party.name;
    shop->group = party.group;
    return OK;
}

static Status find_logo(Ctx *ctx, Shop *shop)
{
    enum { LOGO_WIDTH = 480 };
    Picture picture;
    if (!shop->store.logo)
        return OK;
    TRY(picture_of(ctx, shop->store.logo, shop->store.name, LOGO_WIDTH, &picture));
    shop->logo = picture.url;
    return OK;
}

// With what every page shows, whatever the page is.
static Status dress(Ctx *ctx, Str code, Shop *ret)
{
    ret->code = code;
    ret->base = base_of(ctx, ret, ret->language, is_on_own_domain(ctx, ret));
    ret->root = scheme_and_host(ctx, ret);
    ret->here = path_within(ctx, ret);
    locale_enter(ctx, locale_best(S(""), ret->language), ctx->tenant->zone);
    TRY(know_customer(ctx, ret));
    TRY(find_logo(ctx, ret));
    TRY(menu_find(ctx, ret->store.channel, ret->language, MENU_PLACE_TOP, &ret->top));
    TRY(menu_find(ctx, ret->store.channel, ret->language, MENU_PLACE_FOOT, &ret->foot));
    return cart_peek(ctx, ret);
}

Status shop_enter(Ctx *ctx, Shop *ret)
{
    *ret = (Shop){ 0 };
    TRY(find_shop(ctx, ctx->request->params[0], ret));
    return dress(ctx, ctx->request->params[0], ret);
}

Status shop_of_channel(Ctx *ctx, Id channel, Shop *ret, bool *ret_found)
{
    Id id;
    *ret = (Shop){ 0 };
    TRY(db_maybe(ctx, SQL("SELECT id FROM store WHERE channel_id = $1 AND archived = 0", channel),
                 ret_found, &id));
    if (!*ret_found)
        return OK;
    TRY(load_shop(ctx, id, ret));
    ret->root = scheme_and_host(ctx, ret);
    ret->base = base_of(ctx, ret, ret->language, ret->store.domains.len > 0);
    return OK;
}

// ---- Addresses ----------------------------------------------------------------------------------

Url shop_url_(Ctx *ctx, const Shop *shop, Url within)
{
    bool is_root = str_is(within.text, "/");
    return (Url){ is_root && shop->base.len ? shop->base
                                            : str_join(ctx->arena, shop->base, within.text) };
}

Url shop_link(Ctx *ctx, const Shop *shop, Str link)
{
    return site_link(ctx, link, shop->base);
}

Url shop_alternate(Ctx *ctx, const Shop *shop, Str language, Str within)
{
    Str base = base_of(ctx, shop, language, is_on_own_domain(ctx, shop));
    Str path = str_is(within, "/") && base.len ? base : str_join(ctx->arena, base, within);
    return (Url){ path };
}

// A shop with a domain is known under it, wherever else it can be reached.
Str shop_absolute(Ctx *ctx, const Shop *shop, Str language, Str within)
{
    Str base = base_of(ctx, shop, language, shop->store.domains.len > 0);
    Str path = str_is(within, "/") && base.len ? base : str_join(ctx->arena, base, within);
    return str_join(ctx->arena, shop->root, path);
}

// ---- A domain of its own ------------------------------------------------------------------------

typedef struct Front {
    Str host, path, ret;
} Front;

static Status find_host(Ctx *ctx, Str host, Id *ret, bool *ret_found)
{
    return db_maybe(ctx,
                    SQL("SELECT s.id FROM store_domain d JOIN store s ON s.id = d.store_id"
                        " WHERE d.host = $1 AND s.archived = 0",
                        host),
                    ret_found, ret);
}

// "/es/c/tea" is "/c/tea" in Spanish.
static void take_language(Shop *shop, Str *path)
{
    Str first, rest = str_from_at(*path, 1);
    if (!str_next(&rest, '/', &first) || !speaks(shop, first) || str_eq(first, shop->language))
        return;
    shop->language = first;
    *path = str_from_at(*path, first.len + 1);
}

static Status find_front(Ctx *ctx, void *arg)
{
    Front *front = arg;
    Shop shop = { 0 };
    Id id;
    bool found;
    Str path = front->path;
    TRY(find_host(ctx, front->host, &id, &found));
    if (!found)
        return OK;
    TRY(load_shop(ctx, id, &shop));
    take_language(&shop, &path);
    front->ret = str_join(ctx->arena, base_of(ctx, &shop, shop.language, false),
                          str_is(path, "/") ? S("") : path);
    return OK;
}

Status shop_of_request(Ctx *ctx, Shop *ret, bool *ret_found)
{
    Id id;
    Str rest = ctx->request->path, part = S("");
    *ret = (Shop){ 0 };
    *ret_found = str_starts(rest, S("/shop/"));
    if (*ret_found) {
        rest = str_from_at(rest, strlen("/shop/"));
        str_next(&rest, '/', &part);
        TRY(find_shop(ctx, part, ret));
        return dress(ctx, part, ret);
    }
    TRY(find_host(ctx, ctx->request->host, &id, ret_found));
    if (!*ret_found)
        return OK;
    TRY(load_shop(ctx, id, ret));
    take_language(ret, &rest);
    Str suffix = language_suffix(ret, ret->language);
    Str code = str_format(ctx->arena, STR_FMT "%s" STR_FMT, STR_ARG(ret->store.store_code),
                          suffix.len ? "." : "", STR_ARG(suffix));
    return dress(ctx, code, ret);
}

Status shop_front(Ctx *ctx, Str path, Str *ret)
{
    Front front = { .host = ctx->request->host, .path = path };
    if (tenant_has_module(ctx->tenant, "storefront"))
        TRY(tenant_read(ctx, find_front, &front));
    *ret = front.ret;
    return OK;
}

// ---- Money --------------------------------------------------------------------------------------

// Where a symbol stands for one currency only, and before the amount.
static const char *symbol_of(CurrencyCode currency)
{
    static const struct {
        const char *code, *symbol;
    } symbols[] = { { "GBP", "£" }, { "EUR", "€" }, { "INR", "₹" }, { "BDT", "৳" } };
    for (size_t i = 0; i < COUNT(symbols); i++)
        if (str_is(currency_text(&currency), symbols[i].code))
            return symbols[i].symbol;
    return NULL;
}

Str shop_money(Ctx *ctx, Money amount, CurrencyCode currency)
{
    const char *symbol = symbol_of(currency);
    Str shown = show_money(ctx, amount, currency);
    return symbol ? str_format(ctx->arena, "%s" STR_FMT, symbol, STR_ARG(shown))
                  : str_format(ctx->arena, STR_FMT " " STR_FMT, STR_ARG(currency_text(&currency)),
                               STR_ARG(shown));
}

Str shop_price(Ctx *ctx, Price price, CurrencyCode currency)
{
    Wide exact = (Wide)price.micro * MICRO;
    Money money;
    if (money_from_wide(ctx, exact, currency_minor(currency), ROUND_HALF_UP, &money) != OK) {
        ctx_recover(ctx);
        return S("");
    }
    return shop_money(ctx, money, currency);
}

// ---- The frame ----------------------------------------------------------------------------------

Status shop_answer(Ctx *ctx, const Shop *shop, const ShopHead *head, size_t body, int status)
{
    Buf *out = &ctx->request->out;
    Html inside = html_end(out, body);
    if (head->is_bare)
        storefront_bare(out, ctx, shop, head, flash_take(ctx), inside);
    else
        storefront_shell(out, ctx, shop, head, flash_take(ctx), inside);
    ctx->request->status = status;
    ctx->request->out_type = S("text/html; charset=utf-8");
    respond_header(ctx, "cache-control", S("private, no-cache"));
    respond_header(ctx, "vary", S("cookie"));
    return OK;
}

static Status answer_missing(Ctx *ctx, const Shop *shop, bool is_gone)
{
    Buf *out = &ctx->request->out;
    size_t body = html_begin(out);
    storefront_missing(out, ctx, shop, is_gone);
    ShopHead head = { .title = is_gone ? tr(ctx, "This is gone") : tr(ctx, "Nothing is here") };
    return shop_answer(ctx, shop, &head, body, is_gone ? 410 : 404);
}

Status shop_gone(Ctx *ctx, const Shop *shop)
{
    return answer_missing(ctx, shop, true);
}

Status shop_missing(Ctx *ctx, const Shop *shop)
{
    Str to;
    bool found;
    TRY(redirect_find(ctx, shop->store.channel, shop->here, &to, &found));
    if (!found || to.len == 0)
        return answer_missing(ctx, shop, found);
    TRY(respond_redirect(ctx, shop_link(ctx, shop, to).text));
    ctx->request->status = 301;
    return OK;
}

Status nowhere_get(Ctx *ctx)
{
    Shop shop;
    TRY(shop_enter(ctx, &shop));
    return shop_missing(ctx, &shop);
}
