// stranger.c - a web server that misbehaves on demand.
#include "kernel/stranger.h"

#include <assert.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { REQUEST_PATIENCE_MS = 5000, DRIP_MS = 20 };

// ---- Waiting, but not longer than the house stands ----------------------------------------------

// True when the stranger shall end.
static bool is_stopped(const Stranger *stranger, int within_ms)
{
    struct pollfd wait = { .fd = stranger->stop[0], .events = POLLIN };
    return poll(&wait, 1, within_ms) != 0;
}

static void wait_for_end(const Stranger *stranger, const Wire *wire)
{
    struct pollfd wait[] = { { .fd = stranger->stop[0], .events = POLLIN },
                             { .fd = wire->fd, .events = POLLIN | POLLRDHUP } };
    poll(wait, 2, REQUEST_PATIENCE_MS);
}

// ---- Answers ------------------------------------------------------------------------------------

static Str query_of(const Heard *heard)
{
    ptrdiff_t mark = str_find_char(heard->target, '?');
    return mark < 0 ? S("") : str_from_at(heard->target, (size_t)mark + 1);
}

static int64_t query_int(const Heard *heard, const char *name)
{
    Str rest = query_of(heard), part;
    int64_t n = 0;
    while (str_next(&rest, '&', &part)) {
        ptrdiff_t equals = str_find_char(part, '=');
        if (equals > 0 && str_is(str_sub(part, 0, (size_t)equals), name))
            str_int(str_from_at(part, (size_t)equals + 1), &n);
    }
    return n;
}

static void say(Stranger *stranger, Wire *wire, int status, Str more, Str body)
{
    (void)stranger;
    wire_send(wire, str_format(wire->arena,
                               "HTTP/1.1 %d Whatever\r\nConnection: close\r\n" STR_FMT
                               "Content-Length: %zu\r\n\r\n" STR_FMT,
                               status, STR_ARG(more), body.len, STR_ARG(body)));
}

static void ok(Stranger *stranger, Wire *wire, const Heard *heard)
{
    (void)heard;
    say(stranger, wire, 200, S("X-Kind:  Very \r\n"), S("fine"));
}

static void say_status(Stranger *stranger, Wire *wire, const Heard *heard)
{
    int64_t after = query_int(heard, "after");
    Str more = after ? str_format(wire->arena, "Retry-After: %lld\r\n", (long long)after) : S("");
    say(stranger, wire, (int)query_int(heard, "status"), more, S("as you wish"));
}

static void take(Stranger *stranger, Wire *wire, const Heard *heard)
{
    (void)heard;
    pthread_mutex_lock(&stranger->lock);
    bool is_told = stranger->said < stranger->to_say;
    int status = is_told ? stranger->will_say[stranger->said++] : 200;
    pthread_mutex_unlock(&stranger->lock);
    if (status)
        say(stranger, wire, status, S(""), S("taken\nor not"));
}

static void cut_head(Stranger *stranger, Wire *wire, const Heard *heard)
{
    (void)stranger;
    (void)heard;
    wire_send_c(wire, "HTTP/1.1 200 OK\r\nContent-Le");
}

static void cut_body(Stranger *stranger, Wire *wire, const Heard *heard)
{
    (void)stranger;
    (void)heard;
    wire_send_c(wire, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n0123456789");
}

static void cut_chunk(Stranger *stranger, Wire *wire, const Heard *heard)
{
    (void)stranger;
    (void)heard;
    wire_send_c(wire, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n20\r\n0123");
}

static void long_body(Stranger *stranger, Wire *wire, const Heard *heard)
{
    (void)stranger;
    (void)heard;
    wire_send_c(wire, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"
                      "0123456789012345678901234567890123456789012345678");
}

static void garbage(Stranger *stranger, Wire *wire, const Heard *heard)
{
    (void)stranger;
    (void)heard;
    wire_send_c(wire, "lemons and pears\r\n\r\n");
}

static void silent(Stranger *stranger, Wire *wire, const Heard *heard)
{
    (void)heard;
    wait_for_end(stranger, wire);
}

static void drip(Stranger *stranger, Wire *wire, const Heard *heard)
{
    (void)heard;
    wire_send_c(wire, "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n");
    while (wire_send_c(wire, ".") && !is_stopped(stranger, DRIP_MS))
        ;
}

static void big(Stranger *stranger, Wire *wire, const Heard *heard)
{
    (void)stranger;
    char piece[1000];
    memset(piece, 'b', sizeof piece);
    wire_send_c(wire, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n");
    int64_t left = query_int(heard, "n");
    while (left > 0 && wire_send(wire, str_sub((Str){ piece, sizeof piece }, 0, (size_t)left)))
        left -= (int64_t)sizeof piece;
}

static void long_head(Stranger *stranger, Wire *wire, const Heard *heard)
{
    (void)heard;
    wire_send_c(wire, "HTTP/1.1 200 OK\r\n");
    for (int i = 0; i < 10000 && wire_send_c(wire, "X-More: and more and more\r\n"); i++)
        if (is_stopped(stranger, 0))
            return;
}

static void redirect(Stranger *stranger, Wire *wire, const Heard *heard)
{
    say(stranger, wire, 302,
        str_format(wire->arena, "Location: " STR_FMT "\r\n", STR_ARG(query_of(heard))), S("go"));
}

static void circle(Stranger *stranger, Wire *wire, const Heard *heard)
{
    (void)heard;
    say(stranger, wire, 302, S("Location: /circle\r\n"), S("round"));
}

// ---- Listening ----------------------------------------------------------------------------------

static void answer(Stranger *stranger, Wire *wire, const Heard *heard)
{
    static const struct {
        const char *path;
        void (*run)(Stranger *stranger, Wire *wire, const Heard *heard);
    } places[] = {
        { "/ok", ok },
        { "/say", say_status },
        { "/take", take },
        { "/cut-head", cut_head },
        { "/cut-body", cut_body },
        { "/cut-chunk", cut_chunk },
        { "/long-body", long_body },
        { "/garbage", garbage },
        { "/silent", silent },
        { "/drip", drip },
        { "/big", big },
        { "/long-head", long_head },
        { "/to", redirect },
        { "/circle", circle },
    };
    ptrdiff_t mark = str_find_char(heard->target, '?');
    Str path = mark < 0 ? heard->target : str_sub(heard->target, 0, (size_t)mark);
    for (size_t i = 0; i < COUNT(places); i++)
        if (str_is(path, places[i].path)) {
            places[i].run(stranger, wire, heard);
            return;
        }
    say(stranger, wire, 404, S(""), S("nothing here"));
}

Str heard_header(const Heard *heard, const char *name)
{
    Reply as_reply = { .head = heard->head };
    return reply_header(&as_reply, name);
}

static Str read_body(Wire *wire, const Heard *heard)
{
    int64_t length = 0;
    if (!str_int(heard_header(heard, "content-length"), &length) || length <= 0)
        return S("");
    Buf body = { .arena = wire->arena };
    while (body.len < (size_t)length) {
        char piece[4096];
        size_t waiting = wire->in.len - wire->at;
        if (waiting) {
            buf_put(&body, str_from_at(buf_str(&wire->in), wire->at));
            wire->at = wire->in.len;
            continue;
        }
        ssize_t n = recv(wire->fd, piece, sizeof piece, 0);
        if (n <= 0)
            break;
        buf_put(&body, (Str){ piece, (size_t)n });
    }
    return buf_str(&body);
}

static void serve(Stranger *stranger, int fd)
{
    Arena arena = { 0 };
    Wire wire = { .fd = fd, .arena = &arena, .in = { .arena = &arena } };
    Heard heard = { .head = wire_read_until(&wire, "\r\n\r\n", REQUEST_PATIENCE_MS) };
    Str line = heard.head;
    str_next_word(&line, &heard.method);
    str_next_word(&line, &heard.target);
    heard.body = read_body(&wire, &heard);
    pthread_mutex_lock(&stranger->lock);
    *list_push(&stranger->arena, &stranger->heard) =
        (Heard){ str_copy(&stranger->arena, heard.method), str_copy(&stranger->arena, heard.target),
                 str_copy(&stranger->arena, heard.head), str_copy(&stranger->arena, heard.body) };
    pthread_mutex_unlock(&stranger->lock);
    answer(stranger, &wire, &heard);
    wire_close(&wire);
    arena_release(&arena);
}

static void *run(void *arg)
{
    Stranger *stranger = arg;
    for (;;) {
        struct pollfd wait[] = { { .fd = stranger->stop[0], .events = POLLIN },
                                 { .fd = stranger->listen_fd, .events = POLLIN } };
        if (poll(wait, 2, -1) < 0 || wait[0].revents)
            return NULL;
        int fd = accept4(stranger->listen_fd, NULL, NULL, SOCK_CLOEXEC);
        if (fd >= 0)
            serve(stranger, fd);
    }
}

void stranger_open(Stranger *stranger)
{
    struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t size = sizeof at;
    *stranger = (Stranger){ .lock = PTHREAD_MUTEX_INITIALIZER };
    stranger->listen_fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool is_open = bind(stranger->listen_fd, (struct sockaddr *)&at, sizeof at) == 0 &&
                   listen(stranger->listen_fd, 16) == 0 && pipe(stranger->stop) == 0 &&
                   getsockname(stranger->listen_fd, (struct sockaddr *)&at, &size) == 0;
    assert(is_open);
    stranger->port = ntohs(at.sin_port);
    int error = pthread_create(&stranger->thread, NULL, run, stranger);
    assert(error == 0);
}

void stranger_close(Stranger *stranger)
{
    close(stranger->stop[1]);
    pthread_join(stranger->thread, NULL);
    close(stranger->stop[0]);
    close(stranger->listen_fd);
    arena_release(&stranger->arena);
}

// ---- Asking it ----------------------------------------------------------------------------------

void stranger_will_say(Stranger *stranger, int status)
{
    pthread_mutex_lock(&stranger->lock);
    assert(stranger->to_say < STRANGER_WILL_SAY_MAX);
    stranger->will_say[stranger->to_say++] = status;
    pthread_mutex_unlock(&stranger->lock);
}

size_t stranger_count(Stranger *stranger)
{
    pthread_mutex_lock(&stranger->lock);
    size_t count = stranger->heard.len;
    pthread_mutex_unlock(&stranger->lock);
    return count;
}

Heard stranger_heard(Stranger *stranger, size_t n)
{
    pthread_mutex_lock(&stranger->lock);
    Heard heard = n < stranger->heard.len ? stranger->heard.items[n] : (Heard){ 0 };
    pthread_mutex_unlock(&stranger->lock);
    return heard;
}

Str stranger_url(Arena *arena, const Stranger *stranger, const char *path)
{
    return str_format(arena, "http://127.0.0.1:%d%s", stranger->port, path);
}
