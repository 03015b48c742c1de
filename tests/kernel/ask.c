// ask.c - requests without a socket.
#include "kernel/ask.h"

#include "kernel/http/head.h"
#include "kernel/http/server.h"

#include <pthread.h>

typedef struct Waiting {
    Ctx ctx;
    Arena arena;
    Random random;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    bool is_done;
} Waiting;

// The ctx is the first member: the answerer gives back what it was given.
static void answered(Ctx *ctx)
{
    Waiting *waiting = (Waiting *)ctx;
    pthread_mutex_lock(&waiting->lock);
    waiting->is_done = true;
    pthread_cond_signal(&waiting->wake);
    pthread_mutex_unlock(&waiting->lock);
}

static void add_header(Arena *arena, Request *request, const char *name, Str value)
{
    if (value.len)
        *list_push(arena, &request->headers) = (HttpHeader){ str_from(name), value };
}

static void fill(Arena *arena, Request *request, const Asking *asking)
{
    ptrdiff_t question = str_find_char(asking->target, '?');
    size_t path = question < 0 ? asking->target.len : (size_t)question;
    *request = (Request){ .target = asking->target,
                          .host = asking->host.len ? asking->host : S("localhost"),
                          .address = asking->address.len ? asking->address : S("127.0.0.1"),
                          .body = asking->body,
                          .out = { .arena = arena } };
    CHECK(http_method_parse(str_from(asking->method), &request->method));
    CHECK(url_decode(arena, str_sub(asking->target, 0, path), false, &request->path));
    if (question >= 0)
        CHECK(fields_parse(arena, str_from_at(asking->target, path + 1), QUERY_FIELDS_MAX,
                           &request->query));
    add_header(arena, request, "authorization",
               asking->token.len ? str_join(arena, S("Bearer "), asking->token) : S(""));
    add_header(arena, request, "x-tenant", asking->tenant);
    add_header(arena, request, "idempotency-key", asking->key);
    add_header(arena, request, "cookie", asking->cookie);
    add_header(arena, request, "host", request->host);
    add_header(arena, request, "referer", asking->from);
    add_header(arena, request, "user-agent", asking->agent);
    add_header(arena, request, "accept",
               asking->wants_page ? S("text/html") : S("application/json"));
    if (asking->body.len)
        add_header(arena, request, "content-type",
                   asking->type.len ? asking->type : S("application/json"));
}

Answered ask(Ctx *ctx, const Asking *asking)
{
    Waiting waiting = { .lock = PTHREAD_MUTEX_INITIALIZER, .wake = PTHREAD_COND_INITIALIZER };
    Request request;
    waiting.random.state = random_next(ctx->random);
    waiting.ctx = (Ctx){
        .arena = &waiting.arena, .now = ctx->now, .random = &waiting.random, .request = &request
    };
    fill(&waiting.arena, &request, asking);
    http_answer(&waiting.ctx, answered);
    pthread_mutex_lock(&waiting.lock);
    while (!waiting.is_done)
        pthread_cond_wait(&waiting.wake, &waiting.lock);
    pthread_mutex_unlock(&waiting.lock);
    Answered ret = { .status = request.status, .type = str_copy(ctx->arena, request.out_type) };
    ret.body =
        str_copy(ctx->arena, request.out_static.len ? request.out_static : buf_str(&request.out));
    EACH (header, request.out_headers) {
        Str pair = header->value;
        if (str_is(header->name, "location"))
            ret.location = str_copy(ctx->arena, header->value);
        if (str_is(header->name, "set-cookie") && ret.cookie.len == 0 &&
            str_next(&pair, ';', &ret.cookie))
            ret.cookie = str_copy(ctx->arena, ret.cookie);
    }
    arena_release(&waiting.arena);
    return ret;
}

Str ask_token(Ctx *ctx, const char *login, const char *role)
{
    Id user, member;
    Tenant *tenant;
    SessionTokens tokens = { 0 };
    Actor *outer = ctx->actor;
    UserSpec spec = { .login = str_from(login),
                      .name = str_from(login),
                      .password = S("a long enough one 7") };
    CHECK_OK(ctx, user_create(ctx, &spec, &user));
    CHECK_OK(ctx, member_add(ctx, user, str_from(role), &member));
    LoginSpec in = {
        .login = spec.login, .password = spec.password, .address = S("127.0.0.1"), .is_api = true
    };
    CHECK_OK(ctx, session_login(ctx, &in, &tokens));
    ctx->actor = outer;
    CHECK_OK(ctx, tenant_open(ctx, ctx->tenant->code, &tenant));  // with what has just changed
    tenant_enter(ctx, tenant);
    return str_copy(ctx->arena, tokens.token);
}
