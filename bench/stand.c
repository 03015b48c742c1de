// stand.c - what a bench stands on when it opens a whole house (tests/kernel/house.h): the tests'
// harness without tests. A step that fails ends the program, since figures of half a thing are
// none; the context's clock is the real one, as requests over HTTP have it.
#include "stand.h"

#include "app/app.h"
#include "kernel/ask.h"
#include "kernel/http/rest.h"
#include "web/web.h"

#include <time.h>
#include <unistd.h>

const char *test_row;

void test_fail(const char *file, int line, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fprintf(stderr, "%s:%d: ", file, line);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
    va_end(args);
    exit(1);
}

void test_check_str(const char *file, int line, const char *what, Str actual, Str wanted)
{
    if (!str_eq(actual, wanted))
        test_fail(file, line, "%s is \"" STR_FMT "\", not \"" STR_FMT "\"", what, STR_ARG(actual),
                  STR_ARG(wanted));
}

void test_check_int(const char *file, int line, const char *what, int64_t actual, int64_t wanted)
{
    if (actual != wanted)
        test_fail(file, line, "%s is %lld, not %lld", what, (long long)actual, (long long)wanted);
}

void test_check_status(const char *file, int line, const char *what, Ctx *ctx, Status status,
                       const char *code)
{
    const char *got = status == OK ? "ok" : ctx->failure.code;
    if (status == OK ? code != NULL : !code || strcmp(got, code) != 0)
        test_fail(file, line, "%s: %s: " STR_FMT, what, got, STR_ARG(ctx->failure.message));
    ctx_recover(ctx);
}

Ctx *test_ctx(void)
{
    static Arena arena;
    static Random chance = { 42 };
    static Ctx ctx;
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    ctx = (Ctx){ .arena = &arena,
                 .now = (Time)now.tv_sec * 1000000 + now.tv_nsec / 1000,
                 .random = &chance };
    return &ctx;
}

// ---- A served house -----------------------------------------------------------------------------

void served_open(Ctx *ctx, Served *ret)
{
    ServerOptions options = { .listen_fd = -1, .answer = http_answer };
    web_start();
    rest_start(app_routes);
    ret->token = ask_token(ctx, "owner@example.com", "Owner");
    CHECK_OK(ctx, server_start(ctx, &options, &ret->server));
    ret->port = server_port(ret->server);
}

void served_close(Served *served)
{
    server_stop(served->server, 2);
}
