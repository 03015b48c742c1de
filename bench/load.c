// load.c - clients in a process of their own.
#include "load.h"

#include "base/buf.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { REQUEST_MAX = 8192, ANSWER_MAX = 1 << 20, ID_LEN = 13, TIMES_MAX = 1 << 18 };

static struct {
    pid_t pid;
    int fd;
} child;

static _Noreturn void fail(const char *what, const char *more)
{
    fprintf(stderr, "load: %s%s%s\n", what, more[0] ? ": " : "", more);
    exit(1);
}

static void move_all(int fd, void *bytes, size_t size, bool is_read)
{
    for (size_t at = 0; at < size;) {
        ssize_t n = is_read ? read(fd, (char *)bytes + at, size - at)
                            : write(fd, (char *)bytes + at, size - at);
        if (n <= 0)
            fail("the other process is gone", "");
        at += (size_t)n;
    }
}

// ---- One client ---------------------------------------------------------------------------------

typedef struct Client {
    const LoadSpec *spec;
    pthread_t thread;
    int fd;
    int64_t until_us;
    char id[ID_LEN + 1];
    char request[REQUEST_MAX], *answer;
} Client;

static atomic_llong next_number, begun, timed;
static double *times;

static int64_t now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static int connect_to(int port)
{
    int fd = socket(AF_INET, SOCK_STREAM, 0), on = 1;
    struct sockaddr_in to = { .sin_family = AF_INET,
                              .sin_port = htons((uint16_t)port),
                              .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (connect(fd, (struct sockaddr *)&to, sizeof to) != 0)
        fail("cannot connect", "");
    return fd;
}

// `$N` and `$ID` filled in; where the text ends.
static char *fill(char *to, const char *end, const char *pattern, const Client *client,
                  int64_t number)
{
    while (*pattern && to + 32 < end) {
        if (strncmp(pattern, "$N", 2) == 0) {
            to += snprintf(to, (size_t)(end - to), "%lld", (long long)number);
            pattern += 2;
        } else if (strncmp(pattern, "$ID", 3) == 0) {
            to += snprintf(to, (size_t)(end - to), "%s", client->id);
            pattern += 3;
        } else {
            *to++ = *pattern++;
        }
    }
    *to = '\0';
    return to;
}

static size_t write_request(Client *client, const LoadStep *step, int64_t number)
{
    char body[sizeof step->body + 256], *end = client->request + sizeof client->request;
    size_t body_len = (size_t)(fill(body, body + sizeof body, step->body, client, number) - body);
    char *at = fill(client->request, end, step->head, client, number);
    if (body_len)
        at += snprintf(at, (size_t)(end - at), "Content-Length: %zu\r\n", body_len);
    at += snprintf(at, (size_t)(end - at), "\r\n%s", body);
    return (size_t)(at - client->request);
}

// The whole answer, and its status. Our answers say their length.
static int read_answer(Client *client)
{
    size_t len = 0, whole = SIZE_MAX;
    while (len < whole) {
        ssize_t n = read(client->fd, client->answer + len, ANSWER_MAX - 1 - len);
        if (n <= 0)
            fail("the server hung up", "");
        len += (size_t)n;
        client->answer[len] = '\0';
        const char *body = strstr(client->answer, "\r\n\r\n");
        if (!body || whole != SIZE_MAX)
            continue;
        const char *length = strcasestr(client->answer, "\r\ncontent-length:");
        whole = (size_t)(body + 4 - client->answer) +
                (length && length < body ? strtoul(length + 17, NULL, 10) : 0);
    }
    return (int)strtol(client->answer + 9, NULL, 10);
}

static void take_id(Client *client)
{
    const char *at = strstr(client->answer, "\"id\":\"");
    if (at)
        memcpy(client->id, at + 6, ID_LEN);
}

static void do_step(Client *client, const LoadStep *step, int64_t number)
{
    size_t len = write_request(client, step, number);
    move_all(client->fd, client->request, len, false);
    if (read_answer(client) != step->status)
        fail(client->request, client->answer);
    take_id(client);
}

static bool may_begin(const Client *client)
{
    return client->spec->actions ? atomic_fetch_add(&begun, 1) < client->spec->actions
                                 : now_us() < client->until_us;
}

static void *client_run(void *arg)
{
    Client *client = arg;
    client->answer = malloc(ANSWER_MAX);
    client->fd = connect_to(client->spec->port);
    while (may_begin(client)) {
        int64_t number = atomic_fetch_add(&next_number, 1), start = now_us();
        for (int i = 0; i < client->spec->step_count; i++)
            do_step(client, &client->spec->steps[i], number);
        int64_t at = atomic_fetch_add(&timed, 1);
        if (at < TIMES_MAX)
            times[at] = (double)(now_us() - start);
    }
    close(client->fd);
    free(client->answer);
    return NULL;
}

// ---- The process --------------------------------------------------------------------------------

static int rising(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static LoadDone sum_up(double us)
{
    int64_t count = atomic_load(&timed) < TIMES_MAX ? atomic_load(&timed) : TIMES_MAX;
    LoadDone done = { .actions = atomic_load(&timed), .us = us };
    if (count == 0)
        return done;
    qsort(times, (size_t)count, sizeof *times, rising);
    for (int64_t i = 0; i < count; i++)
        done.mean_us += times[i] / (double)count;
    done.p99_us = times[count * 99 / 100];
    done.worst_us = times[count - 1];
    return done;
}

static LoadDone run_all(const LoadSpec *spec)
{
    static Client clients[LOAD_CLIENTS_MAX];
    int64_t start = now_us();
    atomic_store(&begun, 0);
    atomic_store(&timed, 0);
    for (int i = 0; i < spec->clients; i++) {
        clients[i] = (Client){ .spec = spec, .until_us = start + spec->us };
        if (pthread_create(&clients[i].thread, NULL, client_run, &clients[i]) != 0)
            fail("no thread", "");
    }
    for (int i = 0; i < spec->clients; i++)
        pthread_join(clients[i].thread, NULL);
    return sum_up((double)(now_us() - start));
}

static _Noreturn void serve(int fd)
{
    LoadSpec spec;
    times = calloc(TIMES_MAX, sizeof *times);
    while (read(fd, &spec, 1) == 1) {
        move_all(fd, (char *)&spec + 1, sizeof spec - 1, true);
        LoadDone done = run_all(&spec);
        move_all(fd, &done, sizeof done, false);
    }
    _exit(0);
}

void load_start(void)
{
    int pair[2];
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) != 0)
        fail("no socket", "");
    child.fd = pair[0];
    child.pid = fork();
    if (child.pid == 0) {
        close(pair[0]);
        serve(pair[1]);
    }
    close(pair[1]);
}

LoadDone load_run(const LoadSpec *spec)
{
    LoadDone done;
    LoadSpec copy = *spec;
    move_all(child.fd, &copy, sizeof copy, false);
    move_all(child.fd, &done, sizeof done, true);
    return done;
}

void load_stop(void)
{
    close(child.fd);
    waitpid(child.pid, NULL, 0);
}

void load_step(LoadSpec *spec, int status, Str method, Str path, Str token, Str more, Str body)
{
    LoadStep *step = &spec->steps[spec->step_count++];
    step->status = status;
    int len = snprintf(step->head, sizeof step->head,
                       STR_FMT " " STR_FMT " HTTP/1.1\r\nHost: localhost\r\n"
                               "X-Tenant: acme\r\nAuthorization: Bearer " STR_FMT "\r\n" STR_FMT,
                       STR_ARG(method), STR_ARG(path), STR_ARG(token), STR_ARG(more));
    if (len >= (int)sizeof step->head || body.len >= sizeof step->body)
        fail("a step is too long", "");
    memcpy(step->body, body.ptr, body.len);
}
