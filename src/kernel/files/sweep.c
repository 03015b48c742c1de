// sweep.c - removing files nothing refers to.
//
// Rows first: those older than a day are compared with everything that may refer to them, on a
// snapshot; what is left is looked for once more in the lane, in what was written since, and then
// deleted. Then bytes: those that no row names and that nobody has put there within a day, for
// whoever writes bytes has a day's time to add their row. A file may be left lying for another day,
// but one that is needed never goes.
#include "kernel/files.h"

#include "gen/kernel.gen.h"
#include "kernel/files/references.h"
#include "kernel/files/store.h"
#include "kernel/job.h"

#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FOLDERS = 256, DIGEST_CHARS = 64, KEPT_S = 86400, ROWS_MAX = 100000 };

typedef struct Sweep {
    FileColumnList columns;
    FileMarkList marks;  // old rows, and which of them somebody refers to
    Time started_at;
    int64_t removed;
} Sweep;

// ---- Rows ---------------------------------------------------------------------------------------

static Status list_old_rows(Ctx *ctx, Sweep *sweep)
{
    FileMark mark = { 0 };
    Rows *rows = db_query(ctx, SQL("SELECT id FROM file_row WHERE at < $1 ORDER BY id LIMIT $2",
                                   ctx->now - KEPT_S * SECOND, ROWS_MAX));
    while (rows_next(rows, &mark.id))
        *list_push(ctx->arena, &sweep->marks) = mark;
    return rows_end(rows);
}

static Status mark_all(Ctx *ctx, Sweep *sweep, Time since)
{
    EACH (column, sweep->columns)
        TRY(file_mark(ctx, column, since, &sweep->marks));
    return OK;
}

static Status find_unused(Ctx *ctx, void *arg)
{
    Sweep *sweep = arg;
    file_columns(ctx, &sweep->columns);
    TRY(list_old_rows(ctx, sweep));
    return sweep->marks.len ? mark_all(ctx, sweep, 0) : OK;
}

static Status remove_unused(Ctx *ctx, void *arg)
{
    Sweep *sweep = arg;
    int64_t changed;
    sweep->removed = 0;
    TRY(mark_all(ctx, sweep, sweep->started_at));
    EACH (mark, sweep->marks) {
        if (mark->is_used)
            continue;
        TRY(db_change(ctx, SQL("DELETE FROM file_row WHERE id = $1", mark->id), &changed));
        sweep->removed += changed;
    }
    return OK;
}

static bool has_unused(const Sweep *sweep)
{
    EACH (mark, sweep->marks)
        if (!mark->is_used)
            return true;
    return false;
}

// ---- Bytes --------------------------------------------------------------------------------------

typedef struct FolderEntry {
    Str name;
    bool is_named;  // by a row
} FolderEntry;
typedef struct Folder {
    Str path;
    LIST(FolderEntry) entries;
    DIR *dir;
} Folder;

static void close_folder(void *arg)
{
    Folder *folder = arg;
    if (folder->dir)
        closedir(folder->dir);
    folder->dir = NULL;
}

static void list_folder(Ctx *ctx, Folder *folder)
{
    arena_defer(ctx->arena, close_folder, folder);
    folder->dir = opendir(str_c(ctx->arena, folder->path));
    for (struct dirent *e; folder->dir && (e = readdir(folder->dir));)
        if (e->d_name[0] != '.')
            list_push(ctx->arena, &folder->entries)->name =
                str_copy(ctx->arena, str_from(e->d_name));
    close_folder(folder);
}

static Status look_up(Ctx *ctx, void *arg)
{
    Folder *folder = arg;
    EACH (entry, folder->entries) {
        Str digest = str_sub(entry->name, 0, DIGEST_CHARS);
        int64_t one;
        TRY(db_maybe(ctx, SQL("SELECT 1 FROM file_row WHERE digest = $1 LIMIT 1", digest),
                     &entry->is_named, &one));
    }
    return OK;
}

static bool is_old(Ctx *ctx, const char *path)
{
    struct stat found;
    return stat(path, &found) == 0 && found.st_mtime < ctx->now / SECOND - KEPT_S;
}

// Put aside first: whoever puts the same bytes there in this very moment either finds them gone and
// writes them again, or has made them new, and then they go back.
static bool remove_old(Ctx *ctx, Str folder, Str name)
{
    Str path = str_format(ctx->arena, STR_FMT "/" STR_FMT, STR_ARG(folder), STR_ARG(name));
    Str aside =
        str_format(ctx->arena, STR_FMT "/" STORE_TEMPORARY STR_FMT, STR_ARG(folder), STR_ARG(name));
    if (!is_old(ctx, path.ptr) || rename(path.ptr, aside.ptr) != 0)
        return false;
    if (is_old(ctx, aside.ptr))
        return unlink(aside.ptr) == 0;
    return rename(aside.ptr, path.ptr) != 0 && unlink(aside.ptr) == 0;
}

static Status sweep_folder(Ctx *ctx, int number, int64_t *removed)
{
    Folder *folder = NEW(ctx->arena, Folder);
    folder->path =
        str_format(ctx->arena, STR_FMT "/%02x", STR_ARG(store_folder(ctx)), (unsigned)number);
    list_folder(ctx, folder);
    if (folder->entries.len == 0)
        return OK;
    TRY(tenant_read(ctx, look_up, folder));
    EACH (entry, folder->entries)
        *removed += !entry->is_named && remove_old(ctx, folder->path, entry->name);
    return OK;
}

// ---- Both ---------------------------------------------------------------------------------------

Status files_sweep(Ctx *ctx, int64_t *ret_removed)
{
    Sweep sweep = { .started_at = ctx->now };
    TRY(tenant_read(ctx, find_unused, &sweep));
    if (has_unused(&sweep))
        TRY(tenant_transact(ctx, remove_unused, &sweep));
    for (int i = 0; i < FOLDERS; i++) {
        ArenaMark mark = arena_mark(ctx->arena);
        TRY(sweep_folder(ctx, i, &sweep.removed));
        arena_rewind(ctx->arena, mark);
    }
    *ret_removed = sweep.removed;
    return OK;
}

Status files_sweep_job(Ctx *ctx, const JobRun *job)
{
    int64_t removed;
    TRY(files_sweep(ctx, &removed));
    return job_result(ctx, job, str_format(ctx->arena, "{\"removed\":%lld}", (long long)removed));
}
