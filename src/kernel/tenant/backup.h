// backup.h - one company in one file, of the same form from either engine: docs/backup.md describes
// it.
//
// Made online, on one snapshot; restored into a company that has nothing yet, on either engine. A
// backup and the master key restore the company completely on another machine.
#pragma once

#include "kernel/tenant.h"

enum { BACKUP_FORMAT = 2 };

typedef struct BackupReport {
    Str code, name, made_at;  // of the company, as it was
    int64_t tables, rows, files;
    int64_t files_lost;  // that the company's rows name and the disk does not have
} BackupReport;

// Writes ctx's tenant to `path`, which must not be there yet (E_CONFLICT "backup.exists"). The file
// is whole or absent.
MUST_CHECK Status backup_make(Ctx *ctx, Str path, BackupReport *ret);

// Reads all of it and checks every count and checksum, without touching any database. E_INVALID
// "backup.format" (no backup), "backup.version" (of another form), "backup.damaged" (cut off or
// changed), "backup.key" (made with another master key).
MUST_CHECK Status backup_check(Ctx *ctx, Str path, BackupReport *ret);

// Checks it, then makes the company `spec->code` (and place, where it says one) of it. What the
// file says of a company's own - country, currency, zone, modules - is taken over. E_INVALID
// "backup.newer" for tables or columns that this program does not know; E_CONFLICT "tenant.exists".
MUST_CHECK Status backup_restore(Ctx *ctx, Str path, const TenantSpec *spec, BackupReport *ret,
                                 Id *ret_tenant);
