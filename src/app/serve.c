// serve.c - `entrepot serve`: the server, the job runner and the pool for slow work, from the first
// request to the last.
#include "app/commands.h"

#include "base/log.h"
#include "kernel/config.h"
#include "kernel/http/pool.h"
#include "kernel/http/server.h"
#include "kernel/job.h"

#include <signal.h>
#include <unistd.h>

enum { SLOW_THREADS = 2, STOP_LIMIT_S = 20 };

// Blocked in every thread, so that only the wait below takes them.
static void block_signals(sigset_t *ret)
{
    sigemptyset(ret);
    sigaddset(ret, SIGTERM);
    sigaddset(ret, SIGINT);
    sigaddset(ret, SIGUSR2);
    pthread_sigmask(SIG_BLOCK, ret, NULL);
}

static Status choose_options(Ctx *ctx, const Args *args, ServerOptions *ret)
{
    const Config *c = config();
    Str host = arg_option(args, "host"), port = arg_option(args, "port");
    int64_t number = c->http_port;
    if (port.len && (!str_int(port, &number) || number < 1 || number > 65535))
        return FAIL(ctx, E_INVALID, "cli.port", "'" STR_FMT "' is no port", STR_ARG(port));
    *ret = (ServerOptions){ .host = host.len ? host : c->http_host,
                            .port = (int)number,
                            .listen_fd = listen_fd_inherited(),
                            .loops = c->http_loops,
                            .workers = c->http_workers,
                            .body_max_bytes = c->body_max_bytes,
                            .request_limit_s = c->request_limit_s,
                            .idle_limit_s = c->idle_limit_s,
                            .trusted_proxies = c->trusted_proxies,
                            .answer = http_answer };
    return OK;
}

// Until a signal ends it. A restart that cannot begin is noted, and this process goes on.
static void wait_for_end(Ctx *ctx, const Server *server, const sigset_t *signals)
{
    static char self[] = "/proc/self/exe";
    char *argv[] = { self, (char[]){ "serve" }, NULL };
    for (;;) {
        int signal_number = 0;
        pid_t successor;
        sigwait(signals, &signal_number);
        if (signal_number != SIGUSR2)
            return;
        if (server_hand_over(ctx, server, argv, &successor) == OK)
            return;
        log_failure(LOG_ERROR, ctx, "serve.restart");
        ctx_recover(ctx);
    }
}

Status command_serve(Ctx *ctx, const Args *args)
{
    sigset_t signals;
    ServerOptions options;
    Server *server;
    TRY(choose_options(ctx, args, &options));
    block_signals(&signals);
    slow_pool_start(SLOW_THREADS);
    TRY(jobs_start(ctx, config()->job_workers));
    Status status = server_start(ctx, &options, &server);
    if (status == OK) {
        log_line(LOG_INFO, ctx, "serve.ready", "port=%d", server_port(server));
        wait_for_end(ctx, server, &signals);
        log_line(LOG_INFO, ctx, "serve.stopping", "pid=%d", (int)getpid());
        server_stop(server, STOP_LIMIT_S);
    }
    jobs_stop();
    slow_pool_stop();
    return status;
}
