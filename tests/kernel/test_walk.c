// test_walk.c - the walk of role x route x tenant: every route that the program has, asked as
// everybody, in the right company and in the wrong one. Nobody passes without the permission that
// the route names, a stranger never sees whether something exists, and nothing ends in an error of
// ours.
#include "kernel/ask.h"
#include "kernel/auth/actor.h"
#include "kernel/entity/access.h"
#include "kernel/http/rest.h"
#include "kernel/http/server.h"

#include "app/app.h"

typedef struct Walker {
    const char *role;  // NULL: nobody
    Str token;
    Actor *actor;  // as the token makes it
} Walker;

static Status who(Ctx *ctx, void *arg)
{
    Walker *walker = arg;
    TRY(session_enter(ctx, walker->token));
    walker->actor = ctx->actor;
    return OK;
}

static Walker walker(Ctx *ctx, const char *role)
{
    Walker ret = { .role = role };
    Actor *outer = ctx->actor;
    if (!role)
        return ret;
    ret.token = ask_token(ctx, str_format(ctx->arena, "%s@example.com", role).ptr, role);
    CHECK_OK(ctx, who(ctx, &ret));
    ctx->actor = outer;
    return ret;
}

// A path of the pattern: ids of nothing, names of nothing. What exists is the next test's.
static Str some_path(Ctx *ctx, const char *pattern)
{
    Buf out = { .arena = ctx->arena };
    for (const char *at = pattern; *at; at++) {
        if (*at != '{') {
            buf_c(&out, (char[]){ *at, 0 });
            continue;
        }
        bool is_id = strncmp(at, "{id}", 4) == 0;
        buf_put(&out, is_id ? id_text(ctx->arena, 12345678901234) : S("nothing"));
        at = strchr(at, '}');
    }
    return buf_str(&out);
}

// What cannot be read cannot be changed, either.
static bool may_read(const Walker *walker, const EntityDef *e)
{
    const char *permission = entity_permission(e, false);
    return !permission || actor_may(walker->actor, permission);
}

static bool may(const Walker *walker, const Route *route)
{
    if (route->flags & ROUTE_PUBLIC || !route->permission)
        return true;
    if (!walker->role)
        return false;
    if (*route->permission && !actor_may(walker->actor, route->permission))
        return false;
    bool is_of_one = strstr(route->pattern, "{id}") != NULL;
    return !route->entity || !is_of_one || may_read(walker, route->entity);
}

static void check_target(Ctx *ctx, const Walker *walker, const Route *route, Str target,
                         bool is_allowed)
{
    Asking asking = { .method = route->method,
                      .target = target,
                      .token = walker->token,
                      .tenant = ctx->tenant->code,
                      .body = strcmp(route->method, "GET") != 0 ? S("{}") : S("") };
    Answered answer = ask(ctx, &asking);
    bool is_refused = answer.status == 401 || answer.status == 403;
    bool is_sign_in = strstr(route->pattern, "/auth/") != NULL;
    const char *name = walker->role ? walker->role : "nobody";
    if (answer.status >= 500 && answer.status != 503)
        test_fail(__FILE__, __LINE__, "%s " STR_FMT " as %s: %d: " STR_FMT, route->method,
                  STR_ARG(target), name, answer.status, STR_ARG(answer.body));
    if (!is_allowed && !is_refused && !(answer.status == 303))
        test_fail(__FILE__, __LINE__, "%s " STR_FMT " lets %s in: %d", route->method,
                  STR_ARG(target), name, answer.status);
    if (is_allowed && is_refused && !is_sign_in)
        test_fail(__FILE__, __LINE__, "%s " STR_FMT " refuses %s: " STR_FMT, route->method,
                  STR_ARG(target), name, STR_ARG(answer.body));
}

static void check_route(Ctx *ctx, const Walker *walker, const Route *route)
{
    check_target(ctx, walker, route, some_path(ctx, route->pattern), may(walker, route));
}

// Creating and then doing something takes the permission of both, and that of seeing what was done.
static void check_then(Ctx *ctx, const Walker *walker, const Route *route, size_t *checked)
{
    ActionList following;
    if (!route->entity || route->action || strcmp(route->method, "POST") != 0 ||
        !str_ends(str_from(route->pattern), str_from(route->entity->path)))
        return;
    actions_following(ctx->arena, route->entity, &following);
    EACH (action, following) {
        Str target = str_format(ctx->arena, "%s?then=%s", route->pattern, (*action)->name);
        bool is_allowed = walker->role && may(walker, route) && may_read(walker, route->entity) &&
                          actor_may_act(walker->actor, route->entity, *action);
        check_target(ctx, walker, route, target, is_allowed);
        ++*checked;
    }
}

static void walk(Ctx *ctx, const Walker *walker)
{
    size_t count, following = 0;
    const Route *const *routes = routes_all(&count);
    CHECK(count > 50);
    for (size_t i = 0; i < count; i++) {
        ArenaMark mark = arena_mark(ctx->arena);
        if (strcmp(routes[i]->pattern, "/api/v1/auth/logout") != 0)
            check_route(ctx, walker, routes[i]);
        check_then(ctx, walker, routes[i], &following);
        arena_rewind(ctx->arena, mark);
    }
    CHECK(following > 0);
}

static void test_every_role_at_every_route(void)
{
    static const char *const roles[] = { NULL, "Viewer", "Member", "Owner" };
    Ctx *ctx = test_ctx();
    House house;
    house_open(ctx, &house);
    rest_start(app_routes);
    for (size_t i = 0; i < COUNT(roles); i++) {
        Walker one = walker(ctx, roles[i]);
        walk(ctx, &one);
    }
    house_close(&house);
}

// An owner of one company at the door of another: every route but the public ones is closed.
static void test_every_route_of_another_company(void)
{
    Ctx *ctx = test_ctx();
    House house;
    Id id;
    size_t count;
    house_open(ctx, &house);
    rest_start(app_routes);
    Walker owner = walker(ctx, "Owner");
    TenantSpec other = { .code = S("other"),
                         .name = S("Other"),
                         .country = S("GB"),
                         .language = S("en"),
                         .zone = S("Europe/London"),
                         .currency = S("GBP"),
                         .fiscal_month = 1,
                         .modules = S("*"),
                         .place = house_second_place(ctx, &house) };
    CHECK_OK(ctx, tenant_create(ctx, &other, &id));
    const Route *const *routes = routes_all(&count);
    for (size_t i = 0; i < count; i++) {
        ArenaMark mark = arena_mark(ctx->arena);
        const Route *route = routes[i];
        if (!(route->flags & (ROUTE_PUBLIC | ROUTE_CONTROL))) {
            Asking asking = { .method = route->method,
                              .target = some_path(ctx, route->pattern),
                              .token = owner.token,
                              .tenant = S("other"),
                              .body = strcmp(route->method, "GET") != 0 ? S("{}") : S("") };
            Answered answer = ask(ctx, &asking);
            if (answer.status != 401 && answer.status != 403)
                test_fail(__FILE__, __LINE__, "%s %s answers a stranger: %d", route->method,
                          route->pattern, answer.status);
        }
        arena_rewind(ctx->arena, mark);
    }
    house_close(&house);
}

const Test walk_tests[] = {
    { "every role at every route", test_every_role_at_every_route },
    { "every route of another company", test_every_route_of_another_company },
    { 0 },
};
