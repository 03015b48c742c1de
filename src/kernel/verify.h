// verify.h - `entrepot verify`: every invariant recomputed from the ledgers and compared with what
// is stored. Modules add their own checks; the kernel has those of references, keyed tables, series
// and the audit chain.
#pragma once

#include "kernel/tenant.h"

typedef struct VerifyRun {
    int64_t findings;
    void (*report)(const char *check, Str sentence, void *arg);
    void *arg;
} VerifyRun;

typedef struct VerifyCheck {
    const char *name, *label;  // "inventory.levels", "stock levels equal the sum of their moves"
    Status (*run)(Ctx *ctx, VerifyRun *run);
} VerifyCheck;

void verify_found(Ctx *ctx, VerifyRun *run, const char *check, const char *format, ...)
    PRINTF(4, 5);
// All checks of the tenant's modules on one snapshot.
MUST_CHECK Status verify_run(Ctx *ctx, VerifyRun *run);

// The kernel's own check: every reference and link leads to a record that is there.
MUST_CHECK Status verify_links(Ctx *ctx, VerifyRun *run);
