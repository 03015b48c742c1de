// page.c - evhttp, fifty orders, a table by hand.
#include "floor/page.h"

#include "base/buf.h"
#include "web/html.h"

#include <arpa/inet.h>
#include <event2/buffer.h>
#include <event2/event.h>
#include <event2/http.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

struct PageFloor {
    pthread_t thread;
    struct event_base *base;
    int port;
    atomic_bool is_over;
    sqlite3 *db;
    sqlite3_stmt *orders;
    Arena arena;
    Buf out;
    size_t bytes;
};

static const char sql[] = "SELECT o.id, o.number, o.order_date, p.name, c.name, o.headline,"
                          " o.payment, o.promised_on, o.total, o.currency FROM sales_order o"
                          " JOIN party p ON p.id = o.customer_id"
                          " JOIN channel c ON c.id = o.channel_id WHERE o.archived = 0"
                          " ORDER BY o.order_date DESC, o.number DESC, o.id DESC LIMIT 51";

static _Noreturn void fail(const char *what, const char *more)
{
    fprintf(stderr, "page floor: %s: %s\n", what, more);
    exit(1);
}

static Str text_at(sqlite3_stmt *stmt, int column)
{
    return str_from((const char *)sqlite3_column_text(stmt, column));
}

static void put_row(Buf *out, sqlite3_stmt *row)
{
    buf_put(out, S("<tr><td><input type=\"checkbox\" name=\"id\" value=\""));
    buf_int(out, sqlite3_column_int64(row, 0));
    buf_put(out, S("\"></td><td><a href=\"/admin/oms/orders/"));
    html_percent(out, text_at(row, 1));
    buf_put(out, S("\">"));
    for (int column = 1; column < 10; column++) {
        html_escape(out, text_at(row, column));
        buf_put(out, column == 1 ? S("</a></td><td>") : S("</td><td>"));
    }
    buf_put(out, S("</td></tr>"));
}

static void answer(struct evhttp_request *request, void *arg)
{
    PageFloor *floor = arg;
    Buf *out = &floor->out;
    buf_clear(out);
    while (sqlite3_step(floor->orders) == SQLITE_ROW)
        put_row(out, floor->orders);
    sqlite3_reset(floor->orders);
    if (out->len < floor->bytes)
        memset(buf_room(out, floor->bytes - out->len), 'x', floor->bytes - out->len);
    struct evbuffer *body = evbuffer_new();
    evbuffer_add(body, out->ptr, out->len);
    evhttp_add_header(evhttp_request_get_output_headers(request), "Content-Type", "text/html");
    evhttp_send_reply(request, 200, "OK", body);
    evbuffer_free(body);
}

static void stop_when_over(evutil_socket_t fd, short what, void *arg)
{
    (void)fd, (void)what;
    PageFloor *floor = arg;
    if (atomic_load(&floor->is_over))
        event_base_loopbreak(floor->base);
}

static int listen_anywhere(PageFloor *floor)
{
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), on = 1;
    struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t size = sizeof at;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (bind(fd, (struct sockaddr *)&at, sizeof at) != 0 || listen(fd, 64) != 0 ||
        getsockname(fd, (struct sockaddr *)&at, &size) != 0)
        fail("listening", "no port");
    floor->port = ntohs(at.sin_port);
    return fd;
}

static void *loop(void *arg)
{
    PageFloor *floor = arg;
    event_base_dispatch(floor->base);
    return NULL;
}

PageFloor *page_floor_start(const char *file, size_t bytes)
{
    static const struct timeval often = { .tv_usec = 100000 };
    PageFloor *floor = calloc(1, sizeof *floor);
    floor->bytes = bytes;
    floor->out.arena = &floor->arena;
    if (sqlite3_open_v2(file, &floor->db, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK ||
        sqlite3_exec(floor->db, "PRAGMA mmap_size = 268435456", NULL, NULL, NULL) != SQLITE_OK ||
        sqlite3_prepare_v2(floor->db, sql, -1, &floor->orders, NULL) != SQLITE_OK)
        fail(file, sqlite3_errmsg(floor->db));
    floor->base = event_base_new();
    struct evhttp *http = evhttp_new(floor->base);
    evhttp_set_gencb(http, answer, floor);
    evhttp_accept_socket(http, listen_anywhere(floor));
    struct event *timer = event_new(floor->base, -1, EV_PERSIST, stop_when_over, floor);
    event_add(timer, &often);
    if (pthread_create(&floor->thread, NULL, loop, floor) != 0)
        fail("starting", "no thread");
    return floor;
}

int page_floor_port(const PageFloor *floor)
{
    return floor->port;
}

// The loop's own memory goes with the program.
void page_floor_stop(PageFloor *floor)
{
    atomic_store(&floor->is_over, true);
    pthread_join(floor->thread, NULL);
    sqlite3_finalize(floor->orders);
    sqlite3_close(floor->db);
    arena_release(&floor->arena);
}
