// workers.c - the queue between loops and the threads that run handlers.
//
// Bounded, so that a flood is refused while it is cheap to refuse. A push wakes a worker only when
// one sleeps; under load none does and a request changes hands for the price of a mutex.
#include "kernel/http/serve.h"

static _Thread_local bool is_worker;

bool on_worker(void)
{
    return is_worker;
}

// Under the lock: whether the caller is to wake a worker, once it has left.
static bool wants_wake(Queue *queue)
{
    bool wanted = queue->first && queue->idle > 0 && !queue->is_waking;
    queue->is_waking |= wanted;
    return wanted;
}

static void append(Queue *queue, Exchange *exchange)
{
    exchange->next = NULL;
    *queue->end = exchange;
    queue->end = &exchange->next;
    queue->len++;
}

Exchange *queue_push(Server *server, Exchange *list, bool is_bounded)
{
    Queue *queue = &server->queue;
    pthread_mutex_lock(&queue->lock);
    while (list && !queue->is_closed && (!is_bounded || queue->len < server->options.queue_max)) {
        Exchange *next = list->next;
        append(queue, list);
        list = next;
    }
    bool must_wake = wants_wake(queue);
    pthread_mutex_unlock(&queue->lock);
    if (must_wake)
        pthread_cond_signal(&queue->filled);
    return list;
}

// NULL when the queue is closed.
static Exchange *queue_pop(Queue *queue)
{
    pthread_mutex_lock(&queue->lock);
    while (!queue->first && !queue->is_closed) {
        queue->idle++;
        pthread_cond_wait(&queue->filled, &queue->lock);
        queue->idle--;
        queue->is_waking = false;
    }
    Exchange *exchange = queue->first;
    if (exchange) {
        queue->first = exchange->next;
        if (!queue->first)
            queue->end = &queue->first;
        queue->len--;
    }
    bool must_wake = wants_wake(queue);
    pthread_mutex_unlock(&queue->lock);
    if (must_wake)
        pthread_cond_signal(&queue->filled);
    return exchange;
}

static void *worker_run(void *arg)
{
    Server *server = arg;
    Queue *queue = &server->queue;
    is_worker = true;
    gzip_start();
    for (Exchange *exchange; (exchange = queue_pop(queue));)
        exchange->then(&exchange->ctx);
    gzip_stop();
    pthread_mutex_lock(&queue->lock);
    queue->workers--;
    pthread_cond_broadcast(&queue->emptied);
    pthread_mutex_unlock(&queue->lock);
    server_drop(server);
    return NULL;
}

// Workers are detached: server_stop() does not wait for ever for one that is stuck in a handler.
void queue_start(Server *server)
{
    Queue *queue = &server->queue;
    pthread_mutexattr_t adaptive;  // held for a few instructions: better to spin than to sleep
    pthread_mutexattr_init(&adaptive);
    pthread_mutexattr_settype(&adaptive, PTHREAD_MUTEX_ADAPTIVE_NP);
    pthread_mutex_init(&queue->lock, &adaptive);
    pthread_mutexattr_destroy(&adaptive);
    cond_init(&queue->filled);
    cond_init(&queue->emptied);
    queue->end = &queue->first;

    pthread_attr_t detached;
    pthread_attr_init(&detached);
    pthread_attr_setdetachstate(&detached, PTHREAD_CREATE_DETACHED);
    pthread_mutex_lock(&queue->lock);
    for (int i = 0; i < server->options.workers; i++) {
        pthread_t thread;
        if (pthread_create(&thread, &detached, worker_run, server) == 0) {
            server_keep(server);
            queue->workers++;
        }
    }
    pthread_mutex_unlock(&queue->lock);
    pthread_attr_destroy(&detached);
}

void queue_stop(Server *server, Time deadline)
{
    Queue *queue = &server->queue;
    struct timespec until = { deadline / 1000000, deadline % 1000000 * 1000 };
    pthread_mutex_lock(&queue->lock);
    Exchange *waiting = queue->first;
    queue->first = NULL;
    queue->end = &queue->first;
    queue->len = 0;
    queue->is_closed = true;
    pthread_cond_broadcast(&queue->filled);
    while (queue->workers > 0 && pthread_cond_timedwait(&queue->emptied, &queue->lock, &until) == 0)
        ;
    pthread_mutex_unlock(&queue->lock);
    while (waiting) {
        Exchange *next = waiting->next;
        exchange_free(waiting);
        server_drop(server);
        waiting = next;
    }
}
