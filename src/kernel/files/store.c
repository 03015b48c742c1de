// store.c - putting bytes on disk for good.
//
// Written under a temporary name, synced, renamed, and the folder synced: a file under its own name
// is whole, whatever happened. Its name is the SHA-256 of what is in it, so there is nothing to
// overwrite and nothing to lock; two who write the same bytes at once do the same thing twice.
//
// While a file is open nothing is allocated in the arena: reaching its cap would leave the file
// behind.
#include "kernel/files/store.h"

#include "kernel/config.h"
#include "kernel/secrets.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

Str store_folder(Ctx *ctx)
{
    return str_format(ctx->arena, STR_FMT "/files/" STR_FMT, STR_ARG(config()->data_dir),
                      STR_ARG(ctx->tenant->code));
}

static Str folder_of(Ctx *ctx, Str digest)
{
    return str_format(ctx->arena, STR_FMT "/" STR_FMT, STR_ARG(store_folder(ctx)),
                      STR_ARG(str_sub(digest, 0, 2)));
}

Str store_path(Ctx *ctx, Str digest, const char *suffix)
{
    return str_format(ctx->arena, STR_FMT "/" STR_FMT "%s", STR_ARG(folder_of(ctx, digest)),
                      STR_ARG(digest), suffix);
}

// ---- Writing: no arena from here on -------------------------------------------------------------

static bool sync_folder(const char *path)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool ok = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0)
        close(fd);
    return ok;
}

static bool sync_parent(char *path)
{
    char *slash = strrchr(path, '/');
    if (!slash || slash == path)
        return true;
    *slash = '\0';
    bool ok = sync_folder(path);
    *slash = '/';
    return ok;
}

static bool make_one(char *path)
{
    return mkdir(path, 0700) == 0 ? sync_parent(path) : errno == EEXIST;
}

// Makes the folder and those above it, each entered in its parent for good.
static bool make_folder(char *path)
{
    if (make_one(path))
        return true;
    char *slash = strrchr(path, '/');
    if (errno != ENOENT || !slash || slash == path)
        return false;
    *slash = '\0';
    bool ok = make_folder(path);
    *slash = '/';
    return ok && make_one(path);
}

static bool write_all(int fd, Str bytes)
{
    while (bytes.len > 0) {
        ssize_t n = write(fd, bytes.ptr, bytes.len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        bytes = str_from_at(bytes, (size_t)n);
    }
    return true;
}

static bool write_file(const char *path, Str bytes)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return false;
    bool ok = write_all(fd, bytes) && fsync(fd) == 0;
    return close(fd) == 0 && ok;
}

static bool is_there(const char *path, size_t size)
{
    struct stat found;
    return stat(path, &found) == 0 && (size_t)found.st_size == size &&
           utimensat(AT_FDCWD, path, NULL, 0) == 0;
}

static bool place(const char *folder, const char *temporary, const char *path, Str bytes)
{
    if (is_there(path, bytes.len))
        return sync_folder(folder);
    bool ok = write_file(temporary, bytes) && rename(temporary, path) == 0;
    if (!ok)
        unlink(temporary);
    return ok && sync_folder(folder);
}

Status store_put(Ctx *ctx, Str digest, const char *suffix, Str bytes)
{
    Str folder = folder_of(ctx, digest), path = store_path(ctx, digest, suffix);
    Str temporary = str_format(ctx->arena, STR_FMT "/" STORE_TEMPORARY STR_FMT, STR_ARG(folder),
                               STR_ARG(secret_token(ctx->arena, 16)));
    bool ok = make_folder((char *)folder.ptr) && place(folder.ptr, temporary.ptr, path.ptr, bytes);
    return ok ? OK : FAIL(ctx, E_INTERNAL, "file.disk", "the file could not be stored");
}

// ---- Reading ------------------------------------------------------------------------------------

static bool read_all(int fd, char *to, size_t size)
{
    size_t done = 0;
    while (done < size) {
        ssize_t n = read(fd, to + done, size - done);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        done += (size_t)n;
    }
    return true;
}

static bool size_of(const char *path, int64_t *ret)
{
    struct stat found;
    if (stat(path, &found) != 0)
        return false;
    *ret = found.st_size;
    return true;
}

static bool read_file(const char *path, char *to, size_t size)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    bool ok = fd >= 0 && read_all(fd, to, size);
    if (fd >= 0)
        close(fd);
    return ok;
}

Status store_get(Ctx *ctx, Str digest, const char *suffix, int64_t size, int64_t max,
                 bool *ret_found, Str *ret)
{
    Str path = store_path(ctx, digest, suffix);
    int64_t there;
    *ret_found = size_of(path.ptr, &there) && (size < 0 || there == size) && there <= max;
    if (!*ret_found)
        return OK;
    char *bytes = arena_alloc(ctx->arena, (size_t)there + 1);
    *ret_found = read_file(path.ptr, bytes, (size_t)there);
    *ret = (Str){ bytes, (size_t)there };
    return OK;
}
