// pool.c - a bounded queue and a few threads.
#include "kernel/http/pool.h"

#include <pthread.h>

enum { QUEUE = 256, THREADS_MAX = 16 };

static struct {
    pthread_mutex_t lock;
    pthread_cond_t wake;
    pthread_t threads[THREADS_MAX];
    int thread_count;
    struct {
        void (*fn)(void *arg);
        void *arg;
    } queue[QUEUE];
    int first, count;
    bool is_running;
} pool = { .lock = PTHREAD_MUTEX_INITIALIZER, .wake = PTHREAD_COND_INITIALIZER };

static void *work(void *unused)
{
    (void)unused;
    pthread_mutex_lock(&pool.lock);
    for (;;) {
        while (pool.count == 0 && pool.is_running)
            pthread_cond_wait(&pool.wake, &pool.lock);
        if (pool.count == 0)
            break;
        void (*fn)(void *) = pool.queue[pool.first].fn;
        void *arg = pool.queue[pool.first].arg;
        pool.first = (pool.first + 1) % QUEUE;
        pool.count--;
        pthread_mutex_unlock(&pool.lock);
        fn(arg);
        pthread_mutex_lock(&pool.lock);
    }
    pthread_mutex_unlock(&pool.lock);
    return NULL;
}

void slow_pool_start(int threads)
{
    pool.is_running = true;
    while (pool.thread_count < threads && pool.thread_count < THREADS_MAX &&
           pthread_create(&pool.threads[pool.thread_count], NULL, work, NULL) == 0)
        pool.thread_count++;
}

void slow_pool_stop(void)
{
    pthread_mutex_lock(&pool.lock);
    pool.is_running = false;
    pthread_cond_broadcast(&pool.wake);
    pthread_mutex_unlock(&pool.lock);
    while (pool.thread_count > 0)
        pthread_join(pool.threads[--pool.thread_count], NULL);
}

bool slow_pool_run(void (*fn)(void *arg), void *arg)
{
    pthread_mutex_lock(&pool.lock);
    bool fits = pool.is_running && pool.thread_count > 0 && pool.count < QUEUE;
    if (fits) {
        int at = (pool.first + pool.count++) % QUEUE;
        pool.queue[at].fn = fn;
        pool.queue[at].arg = arg;
        pthread_cond_signal(&pool.wake);
    }
    pthread_mutex_unlock(&pool.lock);
    return fits;
}
