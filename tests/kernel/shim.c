// shim.c - the platform's own file system, with two methods of write-ahead logs replaced.
#include "kernel/shim.h"

#include <sqlite3.h>
#include <stdatomic.h>

static sqlite3_vfs shim, *platform;
static sqlite3_io_methods methods;
static const sqlite3_io_methods *original;
static atomic_int armed, calls_before, calls_left;

static int fails(ShimFault fault)
{
    if (atomic_load(&armed) != (int)fault || atomic_fetch_sub(&calls_before, 1) > 0)
        return false;
    return atomic_fetch_sub(&calls_left, 1) > 0;
}

static int shim_write(sqlite3_file *file, const void *data, int size, sqlite3_int64 offset)
{
    if (fails(SHIM_WRITE_FULL))
        return SQLITE_FULL;
    return fails(SHIM_WRITE_FAILS) ? SQLITE_IOERR_WRITE
                                   : original->xWrite(file, data, size, offset);
}

static int shim_sync(sqlite3_file *file, int flags)
{
    return fails(SHIM_SYNC_FAILS) ? SQLITE_IOERR_FSYNC : original->xSync(file, flags);
}

static int shim_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *out)
{
    int result = platform->xOpen(platform, name, file, flags, out);
    if (result == SQLITE_OK && flags & SQLITE_OPEN_WAL) {
        original = file->pMethods;
        methods = *original;
        methods.xWrite = shim_write;
        methods.xSync = shim_sync;
        file->pMethods = &methods;
    }
    return result;
}

void shim_install(void)
{
    platform = sqlite3_vfs_find(NULL);
    shim = *platform;
    shim.zName = "shim";
    shim.xOpen = shim_open;
    sqlite3_vfs_register(&shim, 1);
}

void shim_remove(void)
{
    shim_fail(SHIM_NONE, 0);
    sqlite3_vfs_unregister(&shim);
    sqlite3_vfs_register(platform, 1);
}

void shim_fail(ShimFault fault, int count)
{
    shim_fail_behind(fault, 0, count);
}

void shim_fail_behind(ShimFault fault, int before, int count)
{
    atomic_store(&armed, (int)SHIM_NONE);
    atomic_store(&calls_before, before);
    atomic_store(&calls_left, count);
    atomic_store(&armed, (int)fault);
}

bool shim_has_failed(void)
{
    return atomic_load(&calls_before) < 0;
}
