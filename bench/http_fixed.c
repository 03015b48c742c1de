// http_fixed.c - our server answering 200 fixed bytes, for bench/http_bench.sh: through a worker,
// or on the loop (ROUTE_QUICK). What is posted is read as JSON, strictly, and written out again.
//
//     http-fixed PORT LOOPS worker|quick
//
// Prints the CPU time used so far for each line it reads, as the floor does.
#include "base/json.h"
#include "kernel/http/server.h"

#include <sys/resource.h>

enum { BODY_BYTES = 200 };
static char body[BODY_BYTES];

static Status handle(Ctx *ctx)
{
    return respond(ctx, 200, S("text/plain"), (Str){ body, sizeof body });
}

static Status handle_json(Ctx *ctx)
{
    const Json *tree;
    Buf out = { .arena = ctx->arena };
    TRY(request_json(ctx, &tree));
    json_put_tree(&(JsonOut){ .out = &out }, tree);
    return respond(ctx, 200, S("application/json"), buf_str(&out));
}

static Status handle_guarded(Ctx *ctx, void *arg)
{
    (void)arg;
    return ctx->request->route->handle(ctx);
}

static void answer(Ctx *ctx, void (*done)(Ctx *ctx))
{
    if (ctx_guard(ctx, handle_guarded, NULL) != OK)
        exit(1);
    done(ctx);
}

static void cpu_print(void)
{
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    long long s = used.ru_utime.tv_sec + used.ru_stime.tv_sec;
    printf("cpu_us=%lld\n", s * 1000000 + used.ru_utime.tv_usec + used.ru_stime.tv_usec);
    fflush(stdout);
}

int main(int argc, char **argv)
{
    int64_t port = 0, loops = 1;
    if (argc < 4 || !str_int(str_from(argv[1]), &port) || !str_int(str_from(argv[2]), &loops)) {
        fprintf(stderr, "usage: http-fixed PORT LOOPS worker|quick\n");
        return 1;
    }
    memset(body, 'x', sizeof body);
    unsigned flags = ROUTE_PUBLIC | (strcmp(argv[3], "quick") == 0 ? ROUTE_QUICK : 0);
    const Route get = { "GET", "/", NULL, ROUTE_FREE, handle, flags };
    const Route post = { "POST", "/", NULL, ROUTE_FREE, handle_json, flags };
    const Route *routes[] = { &get, &post };
    routes_use(routes, COUNT(routes));

    Arena arena = { 0 };
    Ctx ctx = { .arena = &arena };
    Server *server;
    ServerOptions options = {
        .port = (int)port, .listen_fd = -1, .loops = (int)loops, .answer = answer
    };
    if (server_start(&ctx, &options, &server) != OK) {
        fprintf(stderr, STR_FMT "\n", STR_ARG(ctx.failure.message));
        return 1;
    }
    for (char line[8]; fgets(line, sizeof line, stdin);)
        cpu_print();
    server_stop(server, 1);
    arena_release(&arena);
    return 0;
}
