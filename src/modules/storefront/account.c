// account.c - in and out of a customer's account, by password and by a link that comes by mail.
//
// The link names the address and a print of the password as it is, so it is good once: the password
// it sets changes the print. Nothing tells whether an address is known: the answer is the same.
#include "modules/storefront/account.h"

#include "base/json.h"
#include "gen/kernel.gen.h"
#include "gen/pages/storefront_account.h"
#include "kernel/auth/actor.h"
#include "kernel/db/db.h"
#include "kernel/entity/formats.h"
#include "kernel/i18n.h"
#include "kernel/mail.h"
#include "kernel/secrets.h"
#include "modules/party/party.h"
#include "modules/storefront/mail.h"

enum { KEY_LIVES_H = 1, PRINT_CHARS = 16 };

static Str typed(Ctx *ctx, const char *name)
{
    const Json *form;
    return request_json(ctx, &form) == OK ? json_str(form, name) : S("");
}

Str account_login(Ctx *ctx, Str email)
{
    return str_join(ctx->arena, S("shop:"), str_lower_ascii(ctx->arena, str_trim(email)));
}

Str account_key_path(Ctx *ctx, Str email, Str print)
{
    return str_format(ctx->arena, "/account/key/" STR_FMT "/" STR_FMT,
                      STR_ARG(url_encode(ctx->arena, email)), STR_ARG(print));
}

static Status find_member(Ctx *ctx, Str email, Id *ret, Str *ret_print)
{
    Bytes hash = { 0 };
    bool found;
    *ret = 0;
    TRY(db_maybe(ctx,
                 SQL("SELECT id, password FROM member WHERE login = $1 AND archived = 0",
                     account_login(ctx, email)),
                 &found, ret, &hash));
    Str seed = str_join(ctx->arena, str_lower_ascii(ctx->arena, email), hash.bytes);
    *ret_print = str_sub(secret_hash(ctx->arena, seed), 0, PRINT_CHARS);
    return OK;
}

// ---- The door -----------------------------------------------------------------------------------

typedef struct Door {
    Str email;
    int status;
} Door;

static Status draw_door(Ctx *ctx, void *arg)
{
    const Door *door = arg;
    Shop shop;
    Failure failure = ctx->failure;
    ctx_recover(ctx);
    TRY(shop_enter(ctx, &shop));
    ctx->failure = failure;
    size_t body = html_begin(&ctx->request->out);
    storefront_door(&ctx->request->out, ctx, &shop, door->email);
    ShopHead head = { .title = tr(ctx, "Sign in") };
    ctx_recover(ctx);
    return shop_answer(ctx, &shop, &head, body, door->status);
}

static Status enter_only(Ctx *ctx, void *arg)
{
    return shop_enter(ctx, arg);
}

static Status to_account(Ctx *ctx)
{
    Shop shop;
    TRY(tenant_read(ctx, enter_only, &shop));
    return respond_redirect(ctx, shop_url(ctx, &shop, "/account").text);
}

static Status sign_in(Ctx *ctx, Str email, Str password)
{
    SessionTokens tokens;
    LoginSpec spec = { .login = account_login(ctx, email),
                       .password = password,
                       .address = ctx->request->address,
                       .agent = request_header(ctx->request, "user-agent"),
                       .is_portal = true };
    TRY(session_login(ctx, &spec, &tokens));
    respond_cookie(ctx, "session", tokens.token, SESSION_LIVES_S);
    return OK;
}

Status account_sign_in_post(Ctx *ctx)
{
    Door door = { .email = str_trim(typed(ctx, "email")), .status = 401 };
    Status status = sign_in(ctx, door.email, typed(ctx, "password"));
    if (status == E_DENIED || status == E_LIMIT || status == E_INVALID)
        return tenant_read(ctx, draw_door, &door);
    TRY(status);
    return to_account(ctx);
}

Status account_sign_out_post(Ctx *ctx)
{
    Str token = request_cookie(ctx->request, "session");
    if (ctx->actor->kind == ACTOR_PORTAL && token.len)
        TRY(session_end(ctx, token));
    respond_cookie(ctx, "session", S(""), -1);
    return to_account(ctx);
}

// ---- The link -----------------------------------------------------------------------------------

static Status send_link(Ctx *ctx, const Shop *shop, Str email)
{
    Id member, mail_id;
    Str print;
    TRY(find_member(ctx, email, &member, &print));
    Str path = link_sign(ctx, account_key_path(ctx, email, print), ctx->now + KEY_LIVES_H * HOUR);
    Str address = shop_absolute(ctx, shop, shop->language, path);
    Written written;
    letter_write(ctx, shop, NULL, &(Letter){ .kind = LETTER_ACCOUNT, .link = { address } },
                 &written);
    Mail mail = { .to = email,
                  .subject = written.subject,
                  .text = written.text,
                  .html = written.html,
                  .reply_to = shop->store.email };
    return mail_queue(ctx, &mail, &mail_id);
}

Status account_link_post(Ctx *ctx)
{
    Shop shop;
    Str email = str_trim(typed(ctx, "email"));
    TRY(shop_enter(ctx, &shop));
    if (format_named("email")->matches(email))
        TRY(send_link(ctx, &shop, email));
    flash_put(ctx, "ok", tr(ctx, "We have written to this address. Follow the link in the mail."));
    return respond_redirect(ctx, shop_url(ctx, &shop, "/account").text);
}

typedef struct Key {
    Shop shop;
    Str email, hash, name;
    bool is_good;
    int status;
} Key;

static Status check_key(Ctx *ctx, void *arg)
{
    Key *key = arg;
    Id member;
    Str print;
    TRY(shop_enter(ctx, &key->shop));
    key->email = ctx->request->params[1];
    TRY(find_member(ctx, key->email, &member, &print));
    Str path = account_key_path(ctx, key->email, ctx->request->params[2]);
    key->is_good = bytes_equal(print, ctx->request->params[2]) &&
                   link_ok(ctx, path, request_query(ctx->request, "expires"),
                           request_query(ctx->request, "sig"));
    return OK;
}

static Status draw_key(Ctx *ctx, void *arg)
{
    Key *key = arg;
    Failure failure = ctx->failure;
    if (!key->is_good)
        return shop_missing(ctx, &key->shop);
    size_t body = html_begin(&ctx->request->out);
    Str query = str_format(ctx->arena, "expires=" STR_FMT "&sig=" STR_FMT,
                           STR_ARG(request_query(ctx->request, "expires")),
                           STR_ARG(request_query(ctx->request, "sig")));
    storefront_key(&ctx->request->out, ctx, &key->shop, key->email, ctx->request->params[2], query,
                   key->name);
    ShopHead head = { .title = tr(ctx, "Choose a password") };
    Status status = shop_answer(ctx, &key->shop, &head, body, key->status);
    if (failure.status != OK)
        ctx_recover(ctx);
    return status;
}

Status account_key_get(Ctx *ctx)
{
    Key key = { .status = 200 };
    TRY(check_key(ctx, &key));
    return draw_key(ctx, &key);
}

// Orders that were placed as a guest are hers now that she has shown the address to be.
static Status customer_for(Ctx *ctx, const Key *key, Id *ret)
{
    bool found;
    Str guest = guest_key(ctx, key->email);
    TRY(db_maybe(ctx,
                 SQL("SELECT id FROM party WHERE external = $1 AND archived = 0 ORDER BY id"
                     " LIMIT 1",
                     guest),
                 &found, ret));
    if (found)
        return OK;
    Party *party = party_new(ctx);
    party->name = key->name.len ? key->name : key->email;
    party->account_type = ACCOUNT_TYPE_CONSUMER;
    party->is_customer = true;
    party->email = key->email;
    party->language = key->shop.language;
    party->currency = key->shop.channel.currency;
    party->external = guest;
    TRY(party_save(ctx, party));
    *ret = party->record.id;
    return OK;
}

static Status keep_password(Ctx *ctx, void *arg)
{
    const Key *key = arg;
    Id id;
    Str print;
    Member *member = member_new(ctx);
    TRY(find_member(ctx, key->email, &id, &print));
    if (id)
        TRY(member_load(ctx, id, member));
    member->login = account_login(ctx, key->email);
    member->email = key->email;
    member->password = (Bytes){ key->hash };
    member->audience = S("customer");
    if (!id) {
        member->name = key->name.len ? key->name : key->email;
        member->subject.entity = &party_entity;
        TRY(customer_for(ctx, key, &member->subject.id));
    }
    return member_save(ctx, member);
}

Status account_key_post(Ctx *ctx)
{
    Key key = { .status = 422 };
    Str password = typed(ctx, "password");
    TRY(tenant_read(ctx, check_key, &key));
    if (!key.is_good)
        return tenant_read(ctx, draw_key, &key);
    key.name = str_trim(typed(ctx, "name"));
    if (password_check(ctx, password, key.email) != OK) {
        Str why = ctx->failure.message;
        ctx_recover(ctx);
        ctx_problem(ctx, S("password"), "password.weak", STR_FMT, STR_ARG(why));
        return tenant_read(ctx, draw_key, &key);
    }
    TRY(password_hash(ctx, password, &key.hash));
    ctx->actor = &actor_system;
    TRY(tenant_transact(ctx, keep_password, &key));
    TRY(sign_in(ctx, key.email, password));
    return respond_redirect(ctx, shop_url(ctx, &key.shop, "/account").text);
}
