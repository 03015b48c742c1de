// wire.c - a blocking client on a socket.
#include "kernel/wire.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <zlib.h>

int64_t clock_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void sleep_ms(int ms)
{
    nanosleep(&(struct timespec){ ms / 1000, ms % 1000 * 1000000L }, NULL);
}

Wire wire_open(Arena *arena, int port)
{
    struct sockaddr_in at = { .sin_family = AF_INET,
                              .sin_port = htons((uint16_t)port),
                              .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    int on = 1, fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (connect(fd, (struct sockaddr *)&at, sizeof at) != 0) {
        close(fd);
        fd = -1;
    }
    return (Wire){ .fd = fd, .arena = arena, .in = { .arena = arena } };
}

void wire_close(Wire *wire)
{
    if (wire->fd >= 0)
        close(wire->fd);
    wire->fd = -1;
}

bool wire_send(Wire *wire, Str bytes)
{
    while (bytes.len) {
        ssize_t n = send(wire->fd, bytes.ptr, bytes.len, MSG_NOSIGNAL);
        if (n <= 0)
            return false;
        bytes = str_from_at(bytes, (size_t)n);
    }
    return true;
}

bool wire_send_c(Wire *wire, const char *text)
{
    return wire_send(wire, str_from(text));
}

static Str untaken(const Wire *wire)
{
    return str_from_at(buf_str(&wire->in), wire->at);
}

static Str take(Wire *wire, size_t bytes)
{
    Str taken = str_sub(untaken(wire), 0, bytes);
    wire->at += taken.len;
    return str_copy(wire->arena, taken);
}

// False when nothing came in time or the stream ended.
static bool receive(Wire *wire, int within_ms)
{
    struct pollfd wait = { .fd = wire->fd, .events = POLLIN };
    char piece[65536];
    if (wire->is_ended || wire->fd < 0 || poll(&wait, 1, within_ms) <= 0)
        return false;
    if (wire->at == wire->in.len)
        wire->at = wire->in.len = 0;
    ssize_t n = recv(wire->fd, piece, sizeof piece, 0);
    wire->is_ended = n <= 0;
    if (n > 0)
        buf_put(&wire->in, (Str){ piece, (size_t)n });
    return n > 0;
}

Str wire_read_until(Wire *wire, const char *text, int within_ms)
{
    int64_t until = clock_ms() + within_ms;
    for (;;) {
        ptrdiff_t at = str_find(untaken(wire), str_from(text));
        if (at >= 0)
            return take(wire, (size_t)at + strlen(text));
        int64_t left = until - clock_ms();
        if (left <= 0 || !receive(wire, (int)left))
            return S("");
    }
}

static Str read_bytes(Wire *wire, size_t bytes)
{
    while (untaken(wire).len < bytes && receive(wire, WIRE_PATIENCE_MS))
        ;
    return take(wire, bytes);
}

static Str read_chunks(Wire *wire)
{
    Buf body = { .arena = wire->arena };
    for (;;) {
        Str line = wire_read_until(wire, "\r\n", WIRE_PATIENCE_MS);
        size_t size = line.len ? strtoul(line.ptr, NULL, 16) : 0;
        buf_put(&body, read_bytes(wire, size));
        wire_read_until(wire, "\r\n", WIRE_PATIENCE_MS);
        if (size == 0)
            return buf_str(&body);
    }
}

Str reply_header(const Reply *reply, const char *name)
{
    Str rest = reply->head;
    for (Str line; str_next(&rest, '\n', &line);) {
        ptrdiff_t colon = str_find_char(line, ':');
        if (colon > 0 && str_eq_ascii_nocase(str_sub(line, 0, (size_t)colon), str_from(name)))
            return str_trim(str_from_at(line, (size_t)colon + 1));
    }
    return S("");
}

Reply wire_read(Wire *wire, bool is_head)
{
    Reply reply = { .head = wire_read_until(wire, "\r\n\r\n", WIRE_PATIENCE_MS) };
    int64_t status = 0, length = 0;
    if (!str_starts(reply.head, S("HTTP/1.")) || !str_int(str_sub(reply.head, 9, 3), &status))
        return (Reply){ 0 };
    reply.status = (int)status;
    bool has_body = !is_head && status >= 200 && status != 204 && status != 304;
    if (has_body && str_is(reply_header(&reply, "transfer-encoding"), "chunked"))
        reply.body = read_chunks(wire);
    else if (has_body && str_int(reply_header(&reply, "content-length"), &length))
        reply.body = read_bytes(wire, (size_t)length);
    if (has_body && reply.body.len < (size_t)length)
        return (Reply){ 0 };
    return reply;
}

bool wire_is_closed(Wire *wire, int within_ms)
{
    int64_t until = clock_ms() + within_ms;
    while (!wire->is_ended && untaken(wire).len == 0 && clock_ms() < until)
        receive(wire, (int)(until - clock_ms()));
    return wire->is_ended && untaken(wire).len == 0;
}

Reply wire_ask(Arena *arena, int port, const char *request)
{
    Wire wire = wire_open(arena, port);
    Reply reply = { 0 };
    if (wire.fd >= 0 && wire_send_c(&wire, request))
        reply = wire_read(&wire, str_starts(str_from(request), S("HEAD ")));
    wire_close(&wire);
    return reply;
}

Str gunzip(Arena *arena, Str bytes)
{
    z_stream stream = { 0 };
    Buf out = { .arena = arena };
    unsigned char piece[65536];
    if (inflateInit2(&stream, 15 + 16) != Z_OK)
        return S("");
    stream.next_in = (Bytef *)(uintptr_t)bytes.ptr;
    stream.avail_in = (uInt)bytes.len;
    int status;
    do {
        stream.next_out = piece;
        stream.avail_out = sizeof piece;
        status = inflate(&stream, Z_NO_FLUSH);
        buf_put(&out, (Str){ (char *)piece, sizeof piece - stream.avail_out });
    } while (status == Z_OK);
    inflateEnd(&stream);
    return status == Z_STREAM_END ? buf_str(&out) : S("");
}
