// restore.c - a backup is checked from its first byte to its seal, and only then becomes a company.
//
// Its rows are put in one transaction, so there is all of the company or nothing. A row whose reference
// leads to one that comes later (a tree's node put under a later one, a circle of tables) is put without it,
// and pointed there at the end.
#include "kernel/tenant/backup.h"

#include "base/json.h"
#include "gen/control.gen.h"
#include "kernel/db/copy.h"
#include "kernel/entity/record.h"
#include "kernel/files.h"
#include "kernel/files/store.h"
#include "kernel/secrets.h"
#include "kernel/tenant/backup_file.h"
#include "kernel/tenant/backup_tables.h"
#include "kernel/tenant/directory.h"

#include <sodium.h>

// ---- Walking through the parts ---------------------------------------------------------------------

typedef struct Walk {
    BackupReader *reader;
    BackupReport *report;
    Arena arena;  // of the table being read
    Str table;
    StrList_ columns;
    int64_t rows;
    crypto_hash_sha256_state digest;
    Str file;  // digest of the file being read
    int64_t file_left;
    bool has_header, has_end;
    const struct WalkSteps *steps;
    void *arg;
} Walk;
