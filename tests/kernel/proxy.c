// proxy.c - copies bytes both ways, one thread for all connections.
#include "kernel/proxy.h"

#include "harness.h"

#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { LINES_MAX = 32 };

typedef struct Line {
    int client, server;
    char commit[24];  // "\0NAME\0" of the client's prepared COMMIT, as it stands in a Bind
    size_t commit_len;
} Line;

struct Proxy {
    Str folder, conninfo, server_path;
    int listener, wake[2];
    pthread_t thread;
    Line lines[LINES_MAX];
    int count;
    _Atomic int cut;
    atomic_bool has_cut;
};

static struct sockaddr_un address_of(Str path)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    snprintf(address.sun_path, sizeof address.sun_path, STR_FMT, STR_ARG(path));
    return address;
}

static void hang_up(Proxy *proxy, int at)
{
    close(proxy->lines[at].client);
    close(proxy->lines[at].server);
    proxy->lines[at] = proxy->lines[--proxy->count];
}

static void pick_up(Proxy *proxy)
{
    struct sockaddr_un address = address_of(proxy->server_path);
    Line line = { .client = accept(proxy->listener, NULL, NULL),
                  .server = socket(AF_UNIX, SOCK_STREAM, 0) };
    if (connect(line.server, (struct sockaddr *)&address, sizeof address) == 0 &&
        proxy->count < LINES_MAX) {
        proxy->lines[proxy->count++] = line;
    } else {
        close(line.client);
        close(line.server);
    }
}

static bool copy(const char *bytes, ssize_t len, int to)
{
    for (ssize_t done = 0; done < len;) {
        ssize_t n = send(to, bytes + done, (size_t)(len - done), MSG_NOSIGNAL);
        if (n <= 0)
            return false;
        done += n;
    }
    return len > 0;
}

// A Parse message holds NAME\0COMMIT\0; each later COMMIT is a Bind of \0NAME\0.
static void learn_name(Line *line, const char *bytes, size_t len)
{
    const char *text = memmem(bytes, len, "\0COMMIT", 8), *start = text;
    while (start && start > bytes && start[-1] != '\0')
        start--;
    if (!text || text - start > 16)
        return;
    line->commit_len = (size_t)(text - start) + 2;
    memcpy(line->commit + 1, start, line->commit_len - 1);
}

static bool has_commit(Line *line, const char *bytes, size_t len)
{
    learn_name(line, bytes, len);
    return line->commit_len && memmem(bytes, len, line->commit, line->commit_len);
}

// True when the line is cut.
static bool cut_line(Proxy *proxy, Line *line, const char *bytes, ssize_t len)
{
    char answer[4096];
    ProxyCut cut = atomic_load(&proxy->cut);
    if (len <= 0 || !has_commit(line, bytes, (size_t)len) || cut == CUT_NONE)
        return false;
    if (cut == CUT_AFTER_COMMIT && copy(bytes, len, line->server))
        CHECK(recv(line->server, answer, sizeof answer, 0) > 0);
    atomic_store(&proxy->cut, CUT_NONE);
    atomic_store(&proxy->has_cut, true);
    return true;
}

static void serve(Proxy *proxy, int at, bool client_speaks, bool server_speaks)
{
    char bytes[65536];
    Line *line = &proxy->lines[at];
    bool is_open = true;
    if (client_speaks) {
        ssize_t len = recv(line->client, bytes, sizeof bytes, 0);
        is_open = !cut_line(proxy, line, bytes, len) && copy(bytes, len, line->server);
    }
    if (server_speaks && is_open)
        is_open = copy(bytes, recv(line->server, bytes, sizeof bytes, 0), line->client);
    if (!is_open)
        hang_up(proxy, at);
}

static void *work(void *arg)
{
    Proxy *proxy = arg;
    for (;;) {
        struct pollfd fds[2 + 2 * LINES_MAX] = { { proxy->wake[0], POLLIN, 0 },
                                                 { proxy->listener, POLLIN, 0 } };
        int count = proxy->count;
        for (int i = 0; i < count; i++) {
            fds[2 + 2 * i] = (struct pollfd){ proxy->lines[i].client, POLLIN, 0 };
            fds[3 + 2 * i] = (struct pollfd){ proxy->lines[i].server, POLLIN, 0 };
        }
        poll(fds, (nfds_t)(2 + 2 * count), -1);
        if (fds[0].revents)
            return NULL;
        for (int i = count - 1; i >= 0; i--)
            if (fds[2 + 2 * i].revents || fds[3 + 2 * i].revents)
                serve(proxy, i, fds[2 + 2 * i].revents != 0, fds[3 + 2 * i].revents != 0);
        if (fds[1].revents)
            pick_up(proxy);
    }
}

static Str host_of(Str conninfo)
{
    Str word;
    while (str_next_word(&conninfo, &word))
        if (str_starts(word, S("host=")))
            return str_from_at(word, 5);
    return S("");
}

Proxy *proxy_start(Ctx *ctx, Str conninfo)
{
    Proxy *proxy = NEW(ctx->arena, Proxy);
    proxy->folder = str_copy(ctx->arena, S("/tmp/entrepot-proxy-XXXXXX"));
    if (!mkdtemp((char *)proxy->folder.ptr) || pipe(proxy->wake) != 0)
        exit(2);
    proxy->server_path =
        str_format(ctx->arena, STR_FMT "/.s.PGSQL.5432", STR_ARG(host_of(conninfo)));
    proxy->conninfo =
        str_format(ctx->arena, STR_FMT " host=" STR_FMT, STR_ARG(conninfo), STR_ARG(proxy->folder));
    struct sockaddr_un address =
        address_of(str_join(ctx->arena, proxy->folder, S("/.s.PGSQL.5432")));
    proxy->listener = socket(AF_UNIX, SOCK_STREAM, 0);
    CHECK(bind(proxy->listener, (struct sockaddr *)&address, sizeof address) == 0);
    CHECK(listen(proxy->listener, 16) == 0);
    pthread_create(&proxy->thread, NULL, work, proxy);
    return proxy;
}

Str proxy_conninfo(const Proxy *proxy)
{
    return proxy->conninfo;
}

void proxy_stop(Proxy *proxy)
{
    char path[256];
    CHECK(write(proxy->wake[1], "x", 1) == 1);
    pthread_join(proxy->thread, NULL);
    while (proxy->count > 0)
        hang_up(proxy, 0);
    close(proxy->listener);
    close(proxy->wake[0]);
    close(proxy->wake[1]);
    snprintf(path, sizeof path, STR_FMT "/.s.PGSQL.5432", STR_ARG(proxy->folder));
    unlink(path);
    rmdir(proxy->folder.ptr);
}

void proxy_cut(Proxy *proxy, ProxyCut cut)
{
    atomic_store(&proxy->has_cut, false);
    atomic_store(&proxy->cut, (int)cut);
}

bool proxy_has_cut(const Proxy *proxy)
{
    return atomic_load(&proxy->has_cut);
}
