// copy_sqlite.c - SQLite's own online copy of a whole file (https://www.sqlite.org/backup.html).
//
// All pages in one step: the source is read in one transaction, which in WAL mode hinders nobody,
// and the copy is what stood there at that moment. It is made under another name and then renamed,
// so that a file of the asked name is always whole.
#include "kernel/db/copy.h"

#include "kernel/db/space.h"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

static int copy_pages(sqlite3 *to, sqlite3 *from)
{
    sqlite3_backup *backup = sqlite3_backup_init(to, "main", from, "main");
    if (!backup)
        return sqlite3_errcode(to);
    int step = sqlite3_backup_step(backup, -1);
    int end = sqlite3_backup_finish(backup);
    return step == SQLITE_DONE ? end : step;
}

static int copy_file(const char *from_path, const char *to_path)
{
    enum { BUSY_MS = 10000 };
    sqlite3 *from = NULL, *to = NULL;
    int result = sqlite3_open_v2(from_path, &from, SQLITE_OPEN_READONLY, NULL);
    if (result == SQLITE_OK)
        result = sqlite3_open_v2(to_path, &to, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL);
    if (result == SQLITE_OK) {
        sqlite3_busy_timeout(from, BUSY_MS);
        result = copy_pages(to, from);
    }
    sqlite3_close(from);
    sqlite3_close(to);
    return result;
}

static bool sync_file(const char *path)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    bool ok = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0)
        close(fd);
    return ok;
}

Status db_copy_file(Ctx *ctx, const Db *db, Str to)
{
    const DbPlace *place = db_place(db);
    const char *path = str_c(ctx->arena, to);
    const char *part = str_join(ctx->arena, to, S(".part")).ptr;
    if (place->engine != ENGINE_SQLITE)
        return FAIL(ctx, E_INVALID, "copy.engine",
                    "only a company in a SQLite file can be copied as a file");
    if (access(path, F_OK) == 0)
        return FAIL(ctx, E_CONFLICT, "copy.exists", STR_FMT " is there already", STR_ARG(to));
    int result = copy_file(str_c(ctx->arena, place->file), part);
    if (result != SQLITE_OK || !sync_file(part) || rename(part, path) != 0) {
        unlink(part);
        return FAIL(ctx, E_INTERNAL, "copy.failed", "the copy could not be made: %s",
                    result != SQLITE_OK ? sqlite3_errstr(result) : strerror(errno));
    }
    return OK;
}
