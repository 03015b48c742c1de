// readlog.c - who looked at personal data: one line a request, in a file of the tenant's own, never
// in the transaction. Each line carries a MAC over itself and the line before, so that a line that
// is changed or taken out is found.
#include "kernel/audit.h"

#include "base/log.h"
#include "kernel/auth/actor.h"
#include "kernel/config.h"
#include "kernel/secrets.h"

#include <fcntl.h>
#include <pthread.h>
#include <sys/stat.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

// The MAC of the last line, which ends the file: 64 hex digits and a line break.
static Str last_mac(Ctx *ctx, int fd)
{
    char *mac = arena_alloc(ctx->arena, 66);
    off_t end = lseek(fd, 0, SEEK_END);
    bool ok = end >= 65 && pread(fd, mac, 64, end - 65) == 64;
    return ok ? (Str){ mac, 64 } : S("");
}

static Str line_of(Ctx *ctx, const EntityDef *e, Id id, const char *fields)
{
    const Actor *actor = ctx->actor;
    return str_format(ctx->arena,
                      STR_FMT " actor=" STR_FMT " from=" STR_FMT " read=%s/" STR_FMT "%s%s",
                      STR_ARG(time_text(ctx->arena, ctx->now)),
                      STR_ARG(id_text(ctx->arena, actor->member ? actor->member : actor->user)),
                      STR_ARG(actor->address), e->name, STR_ARG(id_text(ctx->arena, id)),
                      fields[0] ? " fields=" : "", fields);
}

static void append(Ctx *ctx, int fd, Str line)
{
    uint8_t key[32], mac[32];
    if (secret_tenant_key(ctx, "readlog", key) != OK)
        return;
    hmac_sha256((Str){ (const char *)key, sizeof key },
                str_join(ctx->arena, last_mac(ctx, fd), line), mac);
    Str whole = str_format(ctx->arena, STR_FMT " " STR_FMT "\n", STR_ARG(line),
                           STR_ARG(hex_text(ctx->arena, mac, sizeof mac)));
    if (write(fd, whole.ptr, whole.len) != (ssize_t)whole.len)
        log_line(LOG_ERROR, ctx, "readlog.write", "tenant=" STR_FMT, STR_ARG(ctx->tenant->code));
}

void audit_read(Ctx *ctx, const EntityDef *e, Id id, const char *fields)
{
    const Actor *actor = ctx->actor;
    if (!ctx->tenant || !actor || actor->kind == ACTOR_SYSTEM || actor->kind == ACTOR_ANONYMOUS)
        return;
    Str path = str_format(ctx->arena, STR_FMT "/readlog/" STR_FMT ".log",
                          STR_ARG(config()->data_dir), STR_ARG(ctx->tenant->code));
    Str line = line_of(ctx, e, id, fields);
    pthread_mutex_lock(&lock);
    int fd = open(path.ptr, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    if (fd >= 0) {
        append(ctx, fd, line);
        close(fd);
    }
    pthread_mutex_unlock(&lock);
}
