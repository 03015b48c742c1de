// image.c - asking the image worker.
//
// One process a picture: nothing of one company's picture is left for the next, and a decoder that
// breaks takes only its own process with it. Few run at once, since each may need a core; who comes
// when all are busy waits a little.
#include "kernel/files/image.h"

#include "base/date.h"
#include "kernel/files.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    WORKERS_MAX = 2,
    WAIT_LIMIT_MS = 5000,   // for one of them
    WORK_LIMIT_MS = 15000,  // of one picture
};

// ---- Few at once --------------------------------------------------------------------------------

static struct {
    pthread_mutex_t lock;
    pthread_cond_t freed;
    int busy;
} workers = { .lock = PTHREAD_MUTEX_INITIALIZER, .freed = PTHREAD_COND_INITIALIZER };

static struct timespec in_ms(clockid_t clock, int ms)
{
    struct timespec at;
    clock_gettime(clock, &at);
    at.tv_sec += ms / 1000;
    at.tv_nsec += ms % 1000 * 1000000L;
    if (at.tv_nsec >= 1000000000L) {
        at.tv_sec++;
        at.tv_nsec -= 1000000000L;
    }
    return at;
}

static bool take_place(void)
{
    struct timespec until = in_ms(CLOCK_REALTIME, WAIT_LIMIT_MS);
    int error = 0;
    pthread_mutex_lock(&workers.lock);
    while (workers.busy >= WORKERS_MAX && error == 0)
        error = pthread_cond_timedwait(&workers.freed, &workers.lock, &until);
    bool has_place = workers.busy < WORKERS_MAX;
    workers.busy += has_place;
    pthread_mutex_unlock(&workers.lock);
    return has_place;
}

static void leave_place(void)
{
    pthread_mutex_lock(&workers.lock);
    workers.busy--;
    pthread_cond_signal(&workers.freed);
    pthread_mutex_unlock(&workers.lock);
}

// ---- A process ----------------------------------------------------------------------------------

typedef struct Worker {
    bool has_place;
    int fd;     // our end of the socket; -1: none
    pid_t pid;  // 0: none
    struct timespec until;
} Worker;

static void end(void *arg)
{
    Worker *worker = arg;
    if (worker->fd >= 0)
        close(worker->fd);
    if (worker->pid) {
        kill(worker->pid, SIGKILL);
        while (waitpid(worker->pid, NULL, 0) < 0 && errno == EINTR)
            ;
    }
    if (worker->has_place)
        leave_place();
    *worker = (Worker){ .fd = -1 };
}

// Nothing of ours goes with it: no file, no variable (a password may be among them), no blocked
// signal.
static bool spawn(int socket, pid_t *ret)
{
    char *argv[] = { (char[]){ IMAGE_WORKER_NAME }, NULL };
    char *environment[] = { (char[]){ "LC_ALL=C" }, (char[]){ "VIPS_WARNING=0" },
                            (char[]){ "VIPS_DISC_THRESHOLD=2g" }, NULL };
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attributes;
    sigset_t none;
    sigemptyset(&none);
    posix_spawn_file_actions_init(&files);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
    int error = posix_spawn_file_actions_adddup2(&files, socket, STDIN_FILENO);
    error |= posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    error |= posix_spawn_file_actions_addclosefrom_np(&files, STDERR_FILENO + 1);
    if (!error)
        error = posix_spawn(ret, "/proc/self/exe", &files, &attributes, argv, environment);
    posix_spawn_file_actions_destroy(&files);
    posix_spawnattr_destroy(&attributes);
    return error == 0;
}

static bool start(Worker *worker)
{
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
        return false;
    worker->fd = ends[0];
    worker->until = in_ms(CLOCK_MONOTONIC, WORK_LIMIT_MS);
    bool ok = spawn(ends[1], &worker->pid);
    if (!ok)
        worker->pid = 0;
    close(ends[1]);
    return ok;
}

// ---- Talking to it ------------------------------------------------------------------------------

static bool wait_for(const Worker *worker, short what)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    int64_t left = (worker->until.tv_sec - now.tv_sec) * 1000 +
                   (worker->until.tv_nsec - now.tv_nsec) / 1000000;
    struct pollfd ready = { .fd = worker->fd, .events = what };
    return left > 0 && poll(&ready, 1, (int)left) > 0;
}

static bool put(const Worker *worker, const void *bytes, size_t len)
{
    for (size_t done = 0; done < len;) {
        if (!wait_for(worker, POLLOUT))
            return false;
        ssize_t n =
            send(worker->fd, (const char *)bytes + done, len - done, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (n < 0 && errno != EAGAIN && errno != EINTR)
            return false;
        done += n > 0 ? (size_t)n : 0;
    }
    return true;
}

static bool get(const Worker *worker, void *to, size_t len)
{
    for (size_t done = 0; done < len;) {
        if (!wait_for(worker, POLLIN))
            return false;
        ssize_t n = recv(worker->fd, (char *)to + done, len - done, MSG_DONTWAIT);
        if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
            return false;
        done += n > 0 ? (size_t)n : 0;
    }
    return true;
}

static Status damaged(Ctx *ctx)
{
    return FAIL(ctx, E_INVALID, "image.damaged", "the picture cannot be read");
}

static Status unavailable(Ctx *ctx)
{
    return FAIL(ctx, E_INTERNAL, "image.unavailable", "pictures cannot be made smaller here");
}

static Status talk(Ctx *ctx, const Worker *worker, const ImageQuestion *question, Str picture,
                   Str *ret)
{
    ImageReply reply;
    bool is_asked =
        put(worker, question, sizeof *question) && put(worker, picture.ptr, picture.len);
    if (!get(worker, &reply, sizeof reply))
        return damaged(ctx);
    if (reply.end == IMAGE_UNAVAILABLE)
        return unavailable(ctx);
    if (!is_asked || reply.end != IMAGE_MADE || reply.len == 0 || reply.len > IMAGE_REPLY_MAX)
        return damaged(ctx);
    char *bytes = arena_alloc(ctx->arena, reply.len);
    if (!get(worker, bytes, reply.len))
        return damaged(ctx);
    *ret = (Str){ bytes, reply.len };
    return OK;
}

Status image_shrink(Ctx *ctx, Str picture, int width, ImageFormat format, Str *ret)
{
    assert(!ctx->conn);
    assert(picture.len <= FILE_MAX);
    Worker *worker = NEW(ctx->arena, Worker);
    ImageQuestion question = { .len = (uint32_t)picture.len, .width = width, .format = format };
    worker->fd = -1;
    arena_defer(ctx->arena, end, worker);
    worker->has_place = take_place();
    if (!worker->has_place)
        return FAIL(ctx, E_BUSY, "image.busy", "too many pictures are being made smaller just now");
    if (!start(worker))
        return unavailable(ctx);
    Status status = talk(ctx, worker, &question, picture, ret);
    end(worker);
    return status;
}
