// server.c - a server's beginning and end: its socket, its loops, its workers.
#include "kernel/http/serve.h"

#include <fcntl.h>
#include <netdb.h>
#include <signal.h>
#include <spawn.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/date.h"
#include "base/log.h"

enum {
    BACKLOG = 1024,
    WORKERS_MIN = 4,
    LAST_WORD_S = 2,  // for a thread to notice that it shall stop
    HANDED_FD = 3,    // the listening socket in the next process
};

static const char listen_variable[] = "ENTREPOT_LISTEN_FD";

Counter http_answers[6], http_refusals, http_queue_full, http_late;
Histogram http_time;
_Atomic int64_t http_connections;

Time steady_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (Time)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

void cond_init(pthread_cond_t *cond)
{
    pthread_condattr_t steady;
    pthread_condattr_init(&steady);
    pthread_condattr_setclock(&steady, CLOCK_MONOTONIC);
    pthread_cond_init(cond, &steady);
    pthread_condattr_destroy(&steady);
}

static int64_t count_connections(void)
{
    return atomic_load(&http_connections);
}

static void register_metrics(void)
{
    static const char *const classes[] = {
        NULL, NULL, "status=\"2xx\"", "status=\"3xx\"", "status=\"4xx\"", "status=\"5xx\""
    };
    for (size_t i = 2; i < COUNT(classes); i++)
        metrics_counter("http_answers_total", classes[i], "requests answered", &http_answers[i]);
    metrics_counter("http_refusals_total", "", "requests refused before a handler saw them",
                    &http_refusals);
    metrics_counter("http_queue_full_total", "", "requests refused because all workers were busy",
                    &http_queue_full);
    metrics_counter("http_late_total", "", "requests given up after the time limit", &http_late);
    metrics_gauge("http_connections", "", "open connections", count_connections);
    metrics_histogram("http_time", "", "from a request's head to its answer", &http_time);
    times_register();
}

// Writing to a client that has left shall be an error of that write and not end the program.
static void prepare_process(void)
{
    signal(SIGPIPE, SIG_IGN);
    register_metrics();
}

// ---- Counting -----------------------------------------------------------------------------------

void server_keep(Server *server)
{
    atomic_fetch_add(&server->refs, 1);
}

void server_drop(Server *server)
{
    if (atomic_fetch_sub(&server->refs, 1) > 1)
        return;
    for (int i = 0; i < server->options.loops; i++)
        loop_free(&server->loops[i]);
    Arena arena = server->arena;
    arena_release(&arena);
}

// ---- The socket ---------------------------------------------------------------------------------

static Status fail_listen(Ctx *ctx, const ServerOptions *options, const char *why)
{
    return FAIL(ctx, E_INVALID, "http.listen", "cannot listen on " STR_FMT " port %d: %s",
                STR_ARG(options->host), options->port, why);
}

static int bind_to(const struct addrinfo *place)
{
    int on = 1, fd = socket(place->ai_family, place->ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(fd, place->ai_addr, place->ai_addrlen) == 0 && listen(fd, BACKLOG) == 0)
        return fd;
    int why = errno;
    close(fd);
    errno = why;
    return -1;
}

static Status open_socket(Ctx *ctx, const ServerOptions *options, int *ret)
{
    char port[8];
    struct addrinfo *places = NULL, hints = { .ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE };
    snprintf(port, sizeof port, "%d", options->port);
    int error = getaddrinfo(str_c(ctx->arena, options->host), port, &hints, &places);
    if (error)
        return fail_listen(ctx, options, gai_strerror(error));
    int fd = bind_to(places);
    freeaddrinfo(places);
    if (fd < 0)
        return fail_listen(ctx, options, strerror(errno));
    *ret = fd;
    return OK;
}

static bool is_listening(int fd)
{
    int is_on = 0;
    socklen_t size = sizeof is_on;
    return getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &is_on, &size) == 0 && is_on;
}

static Status take_socket(Ctx *ctx, const ServerOptions *options, int *ret)
{
    if (options->listen_fd < 0)
        return open_socket(ctx, options, ret);
    if (!is_listening(options->listen_fd))
        return fail_listen(ctx, options, "the descriptor handed over is no listening socket");
    fcntl(options->listen_fd, F_SETFL, fcntl(options->listen_fd, F_GETFL) | O_NONBLOCK);
    fcntl(options->listen_fd, F_SETFD, FD_CLOEXEC);
    *ret = options->listen_fd;
    return OK;
}

int server_socket(const Server *server)
{
    return server->listen_fd;
}

int server_port(const Server *server)
{
    struct sockaddr_storage at = { 0 };
    socklen_t size = sizeof at;
    getsockname(server->listen_fd, (struct sockaddr *)&at, &size);
    return at.ss_family == AF_INET6 ? ntohs(((struct sockaddr_in6 *)&at)->sin6_port)
                                    : ntohs(((struct sockaddr_in *)&at)->sin_port);
}

// ---- Starting -----------------------------------------------------------------------------------

static ServerOptions with_defaults(const ServerOptions *given)
{
    ServerOptions options = *given;
    int cores = (int)sysconf(_SC_NPROCESSORS_ONLN);
#define DEFAULT(field, value) options.field = options.field ? options.field : (value)
    DEFAULT(loops, cores);
    DEFAULT(workers, cores * 2 > WORKERS_MIN ? cores * 2 : WORKERS_MIN);
    DEFAULT(header_max_bytes, 32 * 1024);
    DEFAULT(body_max_bytes, 50 * 1024 * 1024);
    DEFAULT(header_count_max, 100);
    DEFAULT(first_byte_limit_s, 10);
    DEFAULT(idle_limit_s, 60);
    DEFAULT(request_limit_s, 60);
    DEFAULT(arena_max_bytes, 64 * 1024 * 1024);
    DEFAULT(queue_max, 1024);
    DEFAULT(connections_max, 8192);
    DEFAULT(bodies_max_bytes, options.body_max_bytes * 8);
    DEFAULT(stream_ping_s, 15);
#undef DEFAULT
    if (options.host.len == 0)
        options.host = S("127.0.0.1");
    return options;
}

static Server *server_new(const ServerOptions *options)
{
    Arena arena = { 0 };
    Server *server = NEW(&arena, Server);
    server->options = with_defaults(options);
    server->limits = (HeadLimits){ .bytes_max = (size_t)server->options.header_max_bytes,
                                   .headers_max = server->options.header_count_max,
                                   .body_max = server->options.body_max_bytes };
    server->loops = NEW_ARRAY(&arena, Loop, (size_t)server->options.loops);
    for (int i = 0; i < server->options.loops; i++)
        server->loops[i].wake_fd = -1;
    server->refs = 1;
    server->listen_fd = -1;
    pthread_mutex_init(&server->lock, NULL);
    cond_init(&server->changed);
    server->arena = arena;
    return server;
}

static bool start_loops(Server *server)
{
    int count = server->options.loops;
    for (int i = 0; i < count; i++) {
        Loop *loop = &server->loops[i];
        if (getrandom(&loop->random.state, sizeof loop->random.state, 0) < 0 ||
            !loop_init(server, loop))
            return false;
    }
    for (int i = 0; i < count; i++)
        if (!loop_start(&server->loops[i]))
            return false;
    return true;
}

// Trusted proxies and the socket: what may be wrong with the options.
static Status prepare(Ctx *ctx, Server *server)
{
    TRY(networks_parse(ctx, server->options.trusted_proxies, &server->trusted));
    return take_socket(ctx, &server->options, &server->listen_fd);
}

Status server_start(Ctx *ctx, const ServerOptions *options, Server **ret)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, prepare_process);
    Server *server = server_new(options);
    Ctx own = { .arena = &server->arena };
    Status status = prepare(&own, server);
    if (status != OK) {
        FAIL(ctx, status, own.failure.code, STR_FMT, STR_ARG(own.failure.message));
        server_drop(server);
        return status;
    }
    queue_start(server);
    if (!start_loops(server) || server->queue.workers == 0) {
        server_stop(server, 0);
        return FAIL(ctx, E_INTERNAL, "http.start",
                    "the system has no room for the server's threads");
    }
    *ret = server;
    return OK;
}

// ---- Stopping -----------------------------------------------------------------------------------

static void post_all(Server *server, bool is_end)
{
    for (int i = 0; i < server->options.loops; i++) {
        Loop *loop = &server->loops[i];
        Post *post = is_end ? &loop->end_post : &loop->stop_post;
        post->run = is_end ? loop_end : loop_stop;
        if (loop->is_started)
            loop_post(loop, post);
    }
}

// Until no loop accepts (or runs) any more, or the deadline.
static void wait_for(Server *server, const int *count, Time deadline)
{
    struct timespec until = { deadline / SECOND, deadline % SECOND * 1000 };
    pthread_mutex_lock(&server->lock);
    while (*count > 0 && pthread_cond_timedwait(&server->changed, &server->lock, &until) == 0)
        ;
    pthread_mutex_unlock(&server->lock);
}

void server_stop(Server *server, int limit_s)
{
    Time deadline = steady_now() + limit_s * SECOND;
    post_all(server, false);
    wait_for(server, &server->accepting, steady_now() + LAST_WORD_S * SECOND);
    close(server->listen_fd);
    wait_for(server, &server->running, deadline);
    post_all(server, true);
    for (int i = 0; i < server->options.loops; i++)
        if (server->loops[i].is_started)
            pthread_join(server->loops[i].thread, NULL);
    Time now = steady_now();
    queue_stop(server, (deadline > now ? deadline : now) + LAST_WORD_S * SECOND / 10);
    server_drop(server);
}

// ---- Handing the socket over --------------------------------------------------------------------

int listen_fd_inherited(void)
{
    int64_t fd;
    const char *text = getenv(listen_variable);
    bool is_there = text && str_int(str_from(text), &fd) && fd >= 0 && fd <= INT32_MAX;
    unsetenv(listen_variable);
    return is_there && is_listening((int)fd) ? (int)fd : -1;
}

// Our own environment with the variable in front.
static char **child_environment(Arena *arena)
{
    size_t count = 0;
    while (environ[count])
        count++;
    char **all = NEW_ARRAY(arena, char *, count + 2);
    Str ours = str_format(arena, "%s=%d", listen_variable, HANDED_FD);
    all[0] = (char *)(uintptr_t)ours.ptr;
    memcpy(all + 1, environ, count * sizeof *environ);
    return all;
}

Status server_hand_over(Ctx *ctx, const Server *server, char *const argv[], pid_t *ret)
{
    char **environment = child_environment(ctx->arena);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, server->listen_fd, HANDED_FD);
    int error = posix_spawnp(ret, argv[0], &actions, NULL, argv, environment);
    posix_spawn_file_actions_destroy(&actions);
    if (error)
        return FAIL(ctx, E_INTERNAL, "http.hand_over", "cannot start %s: %s", argv[0],
                    strerror(error));
    return OK;
}
