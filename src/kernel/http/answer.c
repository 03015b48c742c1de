// answer.c - a request's way through the house, stage by stage, in one direction:
//
//     route -> tenant (host name or X-Tenant) -> identity (session, token, key) -> entitlement
//     (module)
//           -> origin (CSRF) -> rate -> permission -> transaction { handler } -> answer
//
// A reading handler runs on a snapshot, a writing one in the tenant's lane, where it is answered
// when the commit is on disk: the worker goes on to other requests meanwhile. A handler of a write
// may therefore run more than once, and starts each time with an empty answer.
#include "kernel/http/answer.h"
#include "base/log.h"
#include "kernel/auth/actor.h"
#include "kernel/config.h"
#include "kernel/entity/record.h"
#include "kernel/http/head.h"
#include "kernel/http/pool.h"
#include "kernel/http/rate.h"
#include "kernel/http/server.h"
#include "kernel/i18n.h"
#include "kernel/secrets.h"

#include <assert.h>

enum { ANSWER_KEPT_MAX = 64 * 1024, KEPT_H = 72 };

typedef struct Answer {
    Ctx *ctx;
    void (*done)(Ctx *ctx);
    LaneTask task;
    Str idempotency_key;
    RateState rate;
} Answer;

static struct {
    void (*error_page)(Ctx *ctx, int status);
    Status (*sign_in)(Ctx *ctx);
    Status (*front)(Ctx *ctx, Str path, Str *ret);
    bool (*front_error)(Ctx *ctx, int status);
} pages;

void answer_use_pages(void (*error_page)(Ctx *ctx, int status), Status (*sign_in)(Ctx *ctx))
{
    pages.error_page = error_page;
    pages.sign_in = sign_in;
}

void answer_use_front(Status (*front)(Ctx *ctx, Str path, Str *ret))
{
    pages.front = front;
}

void answer_use_front_errors(bool (*error_page)(Ctx *ctx, int status))
{
    pages.front_error = error_page;
}

// ---- Failures as answers ------------------------------------------------------------------------

static bool code_starts(const Failure *failure, const char *start)
{
    return failure->code && strncmp(failure->code, start, strlen(start)) == 0;
}

static int http_status(const Ctx *ctx)
{
    const Failure *f = &ctx->failure;
    switch (f->status) {
    case OK: return 200;
    case E_INVALID:
        if (code_starts(f, "body.type"))
            return 415;
        if (code_starts(f, "body.size"))
            return 413;
        return code_starts(f, "json.") || code_starts(f, "body.") || code_starts(f, "query.") ? 400
                                                                                              : 422;
    case E_DENIED:
        return code_starts(f, "login.") || code_starts(f, "session.") ||
                       code_starts(f, "apikey.wrong")
                 ? 401
                 : 403;
    case E_NOT_FOUND: return code_starts(f, "http.method") ? 405 : 404;
    case E_CONFLICT:
        return code_starts(f, "record.changed") && request_header(ctx->request, "if-match").len
                 ? 412
                 : 409;
    case E_LIMIT: return code_starts(f, "memory.") || code_starts(f, "lane.") ? 503 : 429;
    case E_BUSY: return 503;
    case E_INTERNAL: return 500;
    }
    return 500;
}

static const char *status_title(int status)
{
    switch (status) {
    case 400: return "Bad request";
    case 401: return "Not signed in";
    case 403: return "Not allowed";
    case 404: return "Not found";
    case 405: return "Method not allowed";
    case 409: return "Conflict";
    case 412: return "Changed in the meantime";
    case 413: return "Too large";
    case 415: return "Unsupported type";
    case 422: return "Not valid";
    case 429: return "Too many requests";
    case 503: return "Busy";
    default: return "Our fault";
    }
}

static void put_problems(Ctx *ctx, JsonOut *json)
{
    const ProblemList *problems = &ctx->failure.problems;
    if (problems->len == 0)
        return;
    json_key(json, "problems");
    json_open(json, '[');
    EACH (p, *problems) {
        json_open(json, '{');
        json_key(json, "path");
        json_put_str(json, p->path);
        json_key(json, "code");
        json_put_str(json, str_from(p->code));
        json_key(json, "message");
        json_put_str(json, p->message);
        json_close(json, '}');
    }
    json_close(json, ']');
}

static Str trace_text(Ctx *ctx)
{
    return str_format(ctx->arena, "%016llx", (unsigned long long)ctx->trace);
}

// RFC 9457. What went wrong inside stays in the log; people get the trace to ask about.
static void put_problem_document(Ctx *ctx, int status)
{
    Request *request = ctx->request;
    const Failure *f = &ctx->failure;
    bool is_ours = status >= 500 && f->status == E_INTERNAL;
    buf_clear(&request->out);
    JsonOut json = { .out = &request->out };
    json_open(&json, '{');
    json_key(&json, "type");
    json_put_str(&json,
                 str_format(ctx->arena, "urn:entrepot:problem:%s", f->code ? f->code : "internal"));
    json_key(&json, "title");
    json_put_str(&json, tr(ctx, status_title(status)));
    json_key(&json, "status");
    json_put_int(&json, status);
    json_key(&json, "code");
    json_put_str(&json, str_from(f->code ? f->code : "internal"));
    json_key(&json, "detail");
    json_put_str(&json, is_ours ? tr(ctx, "something went wrong on our side; it has been noted")
                                : f->message);
    put_problems(ctx, &json);
    if (f->extra.len) {
        json_key(&json, "facts");
        json_put_raw(&json, f->extra);
    }
    json_key(&json, "trace");
    json_put_str(&json, trace_text(ctx));
    json_close(&json, '}');
    request->out_type = S("application/problem+json");
}

static void put_retry_after(Ctx *ctx, int status)
{
    const Json *facts;
    int64_t seconds = 1;
    if (status != 429 && status != 503)
        return;
    if (ctx->failure.extra.len && json_parse(ctx, ctx->failure.extra, &facts) == OK) {
        const Json *after = json_get(facts, "retry_after");
        if (after)
            json_int(after, &seconds);
    }
    respond_header(ctx, "retry-after", str_format(ctx->arena, "%lld", (long long)seconds));
}

static bool is_page(const Request *request)
{
    return request_wants_html(request) && !str_starts(request->path, S("/api/")) &&
           pages.error_page;
}

static void answer_failure(Ctx *ctx)
{
    Request *request = ctx->request;
    int status = http_status(ctx);
    log_failure(status >= 500 ? LOG_ERROR : LOG_INFO, ctx, "request.failed");
    request->out_file = S("");
    if (status == 401 && is_page(request) && request->method == HTTP_GET && pages.sign_in) {
        ctx_recover(ctx);
        if (pages.sign_in(ctx) == OK)
            return;
        status = 500;
    }
    put_retry_after(ctx, status);
    request->status = status;
    if (!is_page(request))
        put_problem_document(ctx, status);
    else if (!pages.front_error || !pages.front_error(ctx, status))
        pages.error_page(ctx, status);
}

static Status answer_failure_guarded(Ctx *ctx, void *arg)
{
    (void)arg;
    answer_failure(ctx);
    return OK;
}

// The arena may be what failed; a failure's own answer gets a little more room.
static void finish(Ctx *ctx, Status status, Answer *answer)
{
    void (*done)(Ctx *) = answer->done;
    if (status != OK) {
        ctx->arena->limit += ctx->arena->limit ? 256 * 1024 : 0;
        if (ctx_guard(ctx, answer_failure_guarded, NULL) != OK) {
            ctx->request->status = 503;
            buf_clear(&ctx->request->out);
        }
    }
    done(ctx);
}

// ---- Tenant -------------------------------------------------------------------------------------

// X-Tenant, then the host's own domain, then the cookie of somebody who works for several, then the
// only one there is.
static Status find_tenant(Ctx *ctx, Tenant **ret)
{
    const Request *request = ctx->request;
    Str named = request_header(request, "x-tenant"), cookie = request_cookie(request, "tenant");
    if (named.len)
        return tenant_open(ctx, named, ret);
    if (tenant_open_host(ctx, request->host, ret) == OK)
        return OK;
    if (ctx->failure.status != E_NOT_FOUND)
        return ctx->failure.status;
    ctx_recover(ctx);
    if (cookie.len)
        return tenant_open(ctx, cookie, ret);
    TRY(tenant_open_only(ctx, ret));
    if (*ret)
        return OK;
    return FAIL(ctx, E_NOT_FOUND, "tenant.which",
                "say which company you mean: X-Tenant, or its own address");
}

static Status enter_tenant(Ctx *ctx, const Route *route)
{
    Tenant *tenant;
    if (route->flags & ROUTE_CONTROL)
        return OK;
    TRY(find_tenant(ctx, &tenant));
    tenant_enter(ctx, tenant);
    return OK;
}

// ---- Identity -----------------------------------------------------------------------------------

static Str cookie_token(const Request *request)
{
    Str secure = request_cookie(request, "__Host-session");
    return secure.len ? secure : request_cookie(request, "session");
}

static Status enter_identity(Ctx *ctx, bool *ret_by_cookie)
{
    const Request *request = ctx->request;
    Str header = request_header(request, "authorization"), cookie = cookie_token(request);
    *ret_by_cookie = false;
    if (str_starts(header, S("Bearer "))) {
        Str token = str_trim(str_from_at(header, 7));
        return str_starts(token, S("ek_")) ? apikey_enter(ctx, token) : session_enter(ctx, token);
    }
    if (header.len)
        return FAIL(ctx, E_DENIED, "login.scheme", "only Bearer tokens are taken here");
    if (cookie.len == 0)
        return OK;
    *ret_by_cookie = true;
    return session_enter(ctx, cookie);
}

// A public page works for somebody whose session has ended, too.
static Status identify(Ctx *ctx, const Route *route, bool *ret_by_cookie)
{
    Actor *anonymous = NEW(ctx->arena, Actor);
    *anonymous = (Actor){ .kind = ACTOR_ANONYMOUS, .address = ctx->request->address };
    ctx->actor = anonymous;
    Status status = enter_identity(ctx, ret_by_cookie);
    if (status == E_DENIED && route->flags & ROUTE_PUBLIC) {
        ctx_recover(ctx);
        ctx->actor = anonymous;
        return OK;
    }
    return status;
}

// ---- May it be done -----------------------------------------------------------------------------

static Status require_entitlement(Ctx *ctx, const Route *route)
{
    if (!route->module || !ctx->tenant || tenant_has_module(ctx->tenant, route->module))
        return OK;
    if (!str_starts(ctx->request->path, S("/api/")))
        return FAIL(ctx, E_NOT_FOUND, "http.not_found", "there is no such page");
    return FAIL(ctx, E_DENIED, "module.not_subscribed", "this company does not use the module '%s'",
                route->module);
}

static bool is_unsafe(HttpMethod method)
{
    return method != HTTP_GET && method != HTTP_HEAD && method != HTTP_OPTIONS;
}

static Str form_field(Ctx *ctx, const char *name)
{
    const Json *body;
    if (!str_starts(request_header(ctx->request, "content-type"), S("application/x-www-form")) &&
        !str_starts(request_header(ctx->request, "content-type"), S("multipart/")))
        return S("");
    return request_json(ctx, &body) == OK ? json_str(body, name) : S("");
}

// Only browsers send cookies by themselves, so only cookie sessions need proof that the form was
// ours.
static Status require_origin(Ctx *ctx, const Route *route, bool by_cookie)
{
    if (!by_cookie || !is_unsafe(ctx->request->method) || route->flags & ROUTE_NO_CSRF)
        return OK;
    Str token = request_header(ctx->request, "x-csrf-token");
    if (token.len == 0)
        token = form_field(ctx, "_csrf");
    if (!session_csrf_ok(ctx, token))
        return FAIL(ctx, E_DENIED, "csrf",
                    "this form has become too old; load the page again and send it anew");
    return OK;
}

static Status take_rate(Ctx *ctx, Answer *answer)
{
    const Actor *actor = ctx->actor;
    bool is_known =
        actor->kind == ACTOR_STAFF || actor->kind == ACTOR_KEY || actor->kind == ACTOR_PORTAL;
    Str key = is_known ? str_format(ctx->arena, "a%lld", (long long)actor->session)
                       : str_join(ctx->arena, S("i"), actor->address);
    int per_minute = config()->rate_per_minute ? config()->rate_per_minute : 6000;
    return rate_take(ctx, key, per_minute, per_minute / 4 + 10, &answer->rate);
}

static Status require_permission(Ctx *ctx, const Route *route)
{
    if (route->flags & ROUTE_PUBLIC)
        return OK;
    if (ctx->actor->kind == ACTOR_PORTAL)
        return route->flags & ROUTE_PORTAL
                 ? OK
                 : FAIL(ctx, E_DENIED, "denied.portal", "this is not open to you");
    return actor_require(ctx, route->permission);
}

static void choose_locale(Ctx *ctx)
{
    const Request *request = ctx->request;
    Str wanted = request_cookie(request, "language");
    if (!wanted.len && ctx->tenant && ctx->actor->kind != ACTOR_ANONYMOUS)
        wanted = ctx->tenant->language;
    const Locale *locale = locale_best(request_header(request, "accept-language"), wanted);
    locale_enter(ctx, locale, ctx->tenant ? ctx->tenant->zone : zone_find(S("UTC")));
}

// ---- Cross-origin -------------------------------------------------------------------------------

static bool origin_allowed(Ctx *ctx, Str origin)
{
    Str list = ctx->tenant ? setting_text(ctx, "http.cors_origins") : S(""), one;
    while (str_next_word(&list, &one))
        if (str_eq(one, origin))
            return true;
    return false;
}

static void put_cors(Ctx *ctx)
{
    Str origin = request_header(ctx->request, "origin");
    if (origin.len == 0 || !origin_allowed(ctx, origin))
        return;
    respond_header(ctx, "access-control-allow-origin", origin);
    respond_header(ctx, "vary", S("origin"));
    respond_header(ctx, "access-control-expose-headers", S("etag, location, retry-after"));
    if (ctx->request->method == HTTP_OPTIONS) {
        respond_header(ctx, "access-control-allow-methods", S("GET, POST, PATCH, PUT, DELETE"));
        respond_header(ctx, "access-control-allow-headers",
                       S("authorization, content-type, if-match, idempotency-key, x-tenant"));
        respond_header(ctx, "access-control-max-age", S("600"));
    }
}

// ---- Requests seen once -------------------------------------------------------------------------

static int64_t actor_key(const Actor *actor)
{
    return actor->member ? actor->member : actor->session ? actor->session : actor->user;
}

static Str route_key(Ctx *ctx)
{
    return str_sub(str_format(ctx->arena, "%s " STR_FMT, ctx->request->route->method,
                              STR_ARG(ctx->request->path)),
                   0, 200);
}

// Of what was asked: the body, behind the query where there is one ("?then=place" and none are two
// requests).
static Bytes request_hash(Ctx *ctx)
{
    const Request *request = ctx->request;
    uint8_t *hash = arena_alloc(ctx->arena, 32);
    Str query = target_query(request->target), asked = request->body;
    if (query.len)
        asked = str_join(ctx->arena, str_join(ctx->arena, query, S("\n")), asked);
    sha256(asked, hash);
    return (Bytes){ { (char *)hash, 32 } };
}

// The answer given before, when this very request has been here.
static Status replay(Ctx *ctx, const Answer *answer, bool *ret_found)
{
    Request *request = ctx->request;
    Bytes hash;
    int64_t status;
    Str body, location, cookies, cookie;
    *ret_found = false;
    if (answer->idempotency_key.len == 0)
        return OK;
    TRY(db_maybe(ctx,
                 SQL("SELECT body_hash, status, answer, location, cookies FROM idempotency"
                     " WHERE actor = $1 AND route = $2 AND request = $3 AND expires_at > $4",
                     actor_key(ctx->actor), route_key(ctx), answer->idempotency_key, ctx->now),
                 ret_found, &hash, &status, &body, &location, &cookies));
    if (!*ret_found)
        return OK;
    if (!bytes_equal(hash.bytes, request_hash(ctx).bytes))
        return FAIL(ctx, E_INVALID, "idempotency.mismatch",
                    "this idempotency key was used for another request");
    request->status = (int)status;
    buf_put(&request->out, body);
    request->out_type = str_starts(request->path, S("/api/")) ? S("application/json")
                                                              : S("text/html; charset=utf-8");
    if (location.len)
        respond_header(ctx, "location", location);
    while (str_next(&cookies, '\n', &cookie))
        respond_header_add(ctx, "set-cookie", cookie);
    respond_header(ctx, "idempotent-replayed", S("true"));
    return OK;
}

static Str out_header(const Request *request, const char *name)
{
    EACH (h, request->out_headers)
        if (str_is(h->name, name))
            return h->value;
    return S("");
}

// A browser that sends a form again drops the first answer, and its cookies with it.
static Str out_cookies(Ctx *ctx)
{
    Buf out = { .arena = ctx->arena };
    EACH (h, ctx->request->out_headers)
        if (str_is(h->name, "set-cookie"))
            buf_printf(&out, STR_FMT "\n", STR_ARG(h->value));
    return buf_str(&out);
}

static Status keep_answer(Ctx *ctx, const Answer *answer)
{
    const Request *request = ctx->request;
    if (answer->idempotency_key.len == 0 || request->out.len > ANSWER_KEPT_MAX)
        return OK;
    return db_write(
        ctx, SQL("INSERT INTO idempotency (actor, route, request, body_hash, status, answer,"
                 " location, cookies, expires_at)"
                 " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
                 " ON CONFLICT (actor, route, request) DO UPDATE SET"
                 " body_hash = excluded.body_hash, status = excluded.status,"
                 " answer = excluded.answer, location = excluded.location,"
                 " cookies = excluded.cookies,"
                 " expires_at = excluded.expires_at",
                 actor_key(ctx->actor), route_key(ctx), answer->idempotency_key, request_hash(ctx),
                 request->status, buf_str(&request->out), out_header(request, "location"),
                 out_cookies(ctx), ctx->now + KEPT_H * HOUR));
}

static Status read_idempotency_key(Ctx *ctx, Answer *answer)
{
    Str key = request_header(ctx->request, "idempotency-key");
    if (key.len == 0)
        key = form_field(ctx, "_once");
    if (key.len > 200)
        return FAIL(ctx, E_INVALID, "idempotency.key",
                    "an idempotency key has at most 200 characters");
    answer->idempotency_key = key;
    return OK;
}

// ---- Running the handler ------------------------------------------------------------------------

// Before each run of a handler in a lane. What an earlier run had answered lay in memory that is
// gone: nothing of it may be looked at.
static void reset_answer(Request *request)
{
    request->status = 200;
    request->out_headers = (HttpHeaderList){ 0 };
    request->out_type = S("");
    request->out_file = S("");
    request->out_static = S("");
    request->stream = NULL;
    request->out = (Buf){ .arena = request->out.arena };
}

static Status run_handler(Ctx *ctx, void *arg)
{
    (void)arg;
    return ctx->request->route->handle(ctx);
}

static Status run_write(Ctx *ctx, void *arg)
{
    Answer *answer = arg;
    bool found;
    reset_answer(ctx->request);
    put_cors(ctx);
    ctx_recover(ctx);
    TRY(replay(ctx, answer, &found));
    if (found)
        return OK;
    TRY(ctx->request->route->handle(ctx));
    return keep_answer(ctx, answer);
}

static void write_done(LaneTask *task, Status status)
{
    Answer *answer = task->arg;
    finish(answer->ctx, status, answer);
}

static void run_free(void *arg)
{
    Answer *answer = arg;
    finish(answer->ctx, ctx_guard(answer->ctx, run_handler, answer), answer);
}

static Status run_read(Ctx *ctx, void *arg)
{
    (void)arg;
    if (!ctx->tenant)
        return ctx->request->route->handle(ctx);
    return tenant_read(ctx, run_handler, NULL);
}

static void dispatch(Ctx *ctx, Answer *answer)
{
    const Route *route = ctx->request->route;
    Status status;
    switch (route->kind) {
    case ROUTE_READ: finish(ctx, ctx_guard(ctx, run_read, NULL), answer); return;
    case ROUTE_WRITE:
        answer->task =
            (LaneTask){ .ctx = ctx, .run = run_write, .done = write_done, .arg = answer };
        status = db_submit(ctx->tenant ? ctx->tenant->db : control_db(), &answer->task);
        if (status != OK)
            finish(ctx, status, answer);
        return;
    case ROUTE_FREE:
        if (!(route->flags & ROUTE_SLOW) || !slow_pool_run(run_free, answer))
            run_free(answer);
        return;
    }
}

// ---- The way ------------------------------------------------------------------------------------

// What stands at the root of a host of its own has precedence over what we show there ourselves.
static bool may_be_fronted(const Request *request)
{
    return !request->route || str_is(request->path, "/") || str_is(request->path, "/robots.txt");
}

static Status find_front(Ctx *ctx)
{
    Request *request = ctx->request;
    Tenant *tenant;
    Str path = S("");
    if (!pages.front || !may_be_fronted(request))
        return OK;
    if (tenant_open_host(ctx, request->host, &tenant) != OK) {
        ctx_recover(ctx);
        return OK;
    }
    tenant_enter(ctx, tenant);
    TRY(pages.front(ctx, request_raw_path(request), &path));
    if (path.len)
        request->route = route_find(request->method, path, request->params, NULL, ctx->arena);
    return OK;
}

// Whose page says that there is nothing here.
static Status know_tenant(Ctx *ctx)
{
    Tenant *tenant;
    if (ctx->tenant || !pages.front_error)
        return OK;
    if (find_tenant(ctx, &tenant) == OK)
        tenant_enter(ctx, tenant);
    else
        ctx_recover(ctx);
    return OK;
}

static Status find_route(Ctx *ctx, const Route **ret)
{
    Request *request = ctx->request;
    Str allowed = S("");
    if (!request->route)  // the server may have looked it up already
        request->route = route_find(request->method, request_raw_path(request), request->params,
                                    &allowed, ctx->arena);
    TRY(find_front(ctx));
    *ret = request->route;
    if (*ret)
        return OK;
    TRY(know_tenant(ctx));
    if (allowed.len == 0)
        return FAIL(ctx, E_NOT_FOUND, "http.not_found", "there is nothing at this address");
    respond_header(ctx, "allow", allowed);
    return FAIL(ctx, E_NOT_FOUND, "http.method", "this address takes " STR_FMT, STR_ARG(allowed));
}

static Status prepare(Ctx *ctx, void *arg)
{
    Answer *answer = arg;
    const Route *route;
    bool by_cookie;
    ctx->actor = &actor_anonymous;
    choose_locale(ctx);
    TRY(find_route(ctx, &route));
    TRY(enter_tenant(ctx, route));
    TRY(identify(ctx, route, &by_cookie));
    choose_locale(ctx);
    put_cors(ctx);
    TRY(require_entitlement(ctx, route));
    TRY(require_origin(ctx, route, by_cookie));
    TRY(take_rate(ctx, answer));
    TRY(require_permission(ctx, route));
    return is_unsafe(ctx->request->method) ? read_idempotency_key(ctx, answer) : OK;
}

static bool is_preflight(const Request *request)
{
    return request->method == HTTP_OPTIONS && request_header(request, "origin").len;
}

static Status answer_preflight(Ctx *ctx, void *arg)
{
    Tenant *tenant;
    (void)arg;
    ctx->actor = &actor_anonymous;
    if (find_tenant(ctx, &tenant) == OK)
        tenant_enter(ctx, tenant);
    ctx_recover(ctx);
    put_cors(ctx);
    ctx->request->status = 204;
    return OK;
}

void http_answer(Ctx *ctx, void (*done)(Ctx *ctx))
{
    Answer *answer = NEW(ctx->arena, Answer);
    *answer = (Answer){ .ctx = ctx, .done = done };
    ctx->request->status = 200;
    if (is_preflight(ctx->request)) {
        finish(ctx, ctx_guard(ctx, answer_preflight, NULL), answer);
        return;
    }
    Status status = ctx_guard(ctx, prepare, answer);
    if (status == OK)
        dispatch(ctx, answer);
    else
        finish(ctx, status, answer);
}
