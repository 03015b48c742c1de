// curl_pool.c - libcurl's handles.
//
// A handle belongs to one thread from curl_take() to curl_give(). It keeps its connections, and
// with them what TLS has negotiated, but nothing else of one call is left for the next:
// curl_easy_reset() sees to it.
#include "kernel/outside/curl_pool.h"

#include "kernel/config.h"

#include <pthread.h>
#include <signal.h>
#include <sys/socket.h>

enum { IDLE_MAX = 16, HOST_BYTES_MAX = 256, CONNECTIONS_MAX = 4 };

typedef struct Idle {
    CURL *curl;
    char host[HOST_BYTES_MAX];
    size_t host_len;
} Idle;

static struct {
    pthread_once_t started;
    pthread_mutex_t lock;
    Idle idle[IDLE_MAX];  // given back longest ago first
    int count;
} pool = { .started = PTHREAD_ONCE_INIT, .lock = PTHREAD_MUTEX_INITIALIZER };

// A connection that breaks while it is written to is an error like any other, never a signal.
static void start(void)
{
    struct sigaction present;
    curl_global_init(CURL_GLOBAL_DEFAULT);
    sigaction(SIGPIPE, NULL, &present);
    if (present.sa_handler == SIG_DFL)
        signal(SIGPIPE, SIG_IGN);
}

static CURL *take_out(int at)
{
    CURL *curl = pool.idle[at].curl;
    pool.count--;
    memmove(&pool.idle[at], &pool.idle[at + 1], sizeof(Idle) * (size_t)(pool.count - at));
    return curl;
}

static CURL *take_idle(Str host)
{
    for (int i = pool.count - 1; i >= 0; i--)
        if (str_eq((Str){ pool.idle[i].host, pool.idle[i].host_len }, host))
            return take_out(i);
    return pool.count == IDLE_MAX ? take_out(0) : NULL;
}

CURL *curl_take(Str host)
{
    pthread_once(&pool.started, start);
    pthread_mutex_lock(&pool.lock);
    CURL *curl = take_idle(host);
    pthread_mutex_unlock(&pool.lock);
    return curl ? curl : curl_easy_init();
}

void curl_give(CURL *curl, Str host)
{
    Idle idle = { .curl = curl, .host_len = str_sub(host, 0, HOST_BYTES_MAX).len };
    memcpy(idle.host, host.ptr, idle.host_len);
    curl_easy_reset(curl);
    pthread_mutex_lock(&pool.lock);
    bool has_room = pool.count < IDLE_MAX;
    if (has_room)
        pool.idle[pool.count++] = idle;
    pthread_mutex_unlock(&pool.lock);
    if (!has_room)
        curl_easy_cleanup(curl);
}

void curl_pool_close(void)
{
    pthread_mutex_lock(&pool.lock);
    while (pool.count > 0)
        curl_easy_cleanup(pool.idle[--pool.count].curl);
    pthread_mutex_unlock(&pool.lock);
}

static curl_socket_t open_socket(void *arg, curlsocktype purpose, struct curl_sockaddr *address)
{
    (void)arg;
    (void)purpose;
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

CURLcode curl_prepare(CURL *curl)
{
    CURLcode code = CURLE_OK;
    CURL_SET(code, curl, CURLOPT_NOSIGNAL, 1L);
    CURL_SET(code, curl, CURLOPT_NOPROXY, "*");
    CURL_SET(code, curl, CURLOPT_SSL_VERIFYPEER, 1L);
    CURL_SET(code, curl, CURLOPT_SSL_VERIFYHOST, 2L);
    CURL_SET(code, curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    CURL_SET(code, curl, CURLOPT_MAXCONNECTS, (long)CONNECTIONS_MAX);
    CURL_SET(code, curl, CURLOPT_OPENSOCKETFUNCTION, open_socket);
    if (config()->outside_ca.len)
        CURL_SET(code, curl, CURLOPT_CAINFO, config()->outside_ca.ptr);
    return code;
}
