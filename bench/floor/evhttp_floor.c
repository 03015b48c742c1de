// evhttp_floor.c - the floor that our server is measured against: evhttp alone, answering 200 fixed
// bytes from the loop itself, or what was posted. No gate, no router, no workers, no log, no
// parser.
//
//     evhttp_floor PORT LOOPS
//
// Each loop is a thread with a socket of its own (SO_REUSEPORT), the arrangement that costs least.
// Prints "cpu_us=N" (user and system time of the whole process) for each line it reads, so that the
// script can take differences around a run.
#include <arpa/inet.h>
#include <event2/buffer.h>
#include <event2/event.h>
#include <event2/http.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>

enum { BODY_BYTES = 200, BACKLOG = 1024 };

static char body[BODY_BYTES];

static void answer(struct evhttp_request *req, void *arg)
{
    (void)arg;
    struct evbuffer *out = evbuffer_new();
    if (evhttp_request_get_command(req) == EVHTTP_REQ_POST)
        evbuffer_add_buffer(out, evhttp_request_get_input_buffer(req));
    else
        evbuffer_add_reference(out, body, sizeof body, NULL, NULL);
    evhttp_add_header(evhttp_request_get_output_headers(req), "Content-Type", "text/plain");
    evhttp_send_reply(req, 200, "OK", out);
    evbuffer_free(out);
}

// TCP_NODELAY is inherited by the sockets that are accepted.
static int listen_on(int port)
{
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), on = 1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on);
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    struct sockaddr_in at = { .sin_family = AF_INET,
                              .sin_port = htons((uint16_t)port),
                              .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    if (bind(fd, (struct sockaddr *)&at, sizeof at) != 0 || listen(fd, BACKLOG) != 0) {
        perror("evhttp_floor");
        exit(1);
    }
    return fd;
}

static void *loop_run(void *arg)
{
    struct event_base *base = event_base_new();
    struct evhttp *http = evhttp_new(base);
    evhttp_set_gencb(http, answer, NULL);
    evhttp_accept_socket(http, listen_on(*(int *)arg));
    event_base_dispatch(base);
    return NULL;
}

static void cpu_print(void)
{
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    printf("cpu_us=%lld\n", (long long)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1000000 +
                                used.ru_utime.tv_usec + used.ru_stime.tv_usec);
    fflush(stdout);
}

int main(int argc, char **argv)
{
    int port = argc > 1 ? (int)strtol(argv[1], NULL, 10) : 0;
    int loops = argc > 2 ? (int)strtol(argv[2], NULL, 10) : 1;
    memset(body, 'x', sizeof body);
    for (int i = 0; i < loops; i++) {
        pthread_t thread;
        pthread_create(&thread, NULL, loop_run, &port);
    }
    for (char line[8]; fgets(line, sizeof line, stdin);)
        cpu_print();
    return 0;
}
