// backup_walk.h - a backup from its first part to its seal, checked on the way. Private to
// kernel/tenant.
#pragma once

#include "base/json.h"
#include "kernel/tenant/backup.h"
#include "kernel/tenant/backup_file.h"

enum { BACKUP_COLUMNS_MAX = 200 };

// What is done with what is read; any may be NULL. Texts are good until the step returns.
typedef struct BackupSteps {
    Status (*header)(Ctx *ctx, const Json *header, void *arg);
    Status (*table)(Ctx *ctx, Str table, const Str *columns, size_t count, void *arg);
    Status (*row)(Ctx *ctx, const Arg *values, size_t count, void *arg);
    Status (*table_end)(Ctx *ctx, int64_t rows, void *arg);
    Status (*file)(Ctx *ctx, Str digest, Str bytes, void *arg);
} BackupSteps;

MUST_CHECK Status backup_walk(Ctx *ctx, Str path, const BackupSteps *steps, void *arg,
                              BackupReport *ret);
