// audit.h - who did what: one row an action and document, header and lines together, chained by a
// keyed MAC that is anchored outside the tenant's database. docs/audit.md has the whole argument.
#pragma once

#include "kernel/tenant.h"

// For acts that change no record (signing in, exporting, restoring): noted in the same chain.
MUST_CHECK Status audit_note(Ctx *ctx, const char *act, Link subject, Str facts);
MUST_CHECK Status audit_note_why(Ctx *ctx, const char *act, Link subject, Str why);

// The reason a sensitive action was given (ACTION_REASON); kept with the act's row.
void audit_reason(Ctx *ctx, Str code, Str words);

typedef struct AuditCheck {
    int64_t rows;
    bool is_whole;
    int64_t broken_seq;  // first row that does not fit
    Str what;            // in words
} AuditCheck;
// Walks the chain from the start, against the anchors in the control database.
MUST_CHECK Status audit_check(Ctx *ctx, AuditCheck *ret);
// Writes (tenant, sequence, mac) into the control database and the log; each minute and at each
// backup.
MUST_CHECK Status audit_anchor(Ctx *ctx);

// Unmasked reads of personal and payment fields: one line a request, in the tenant's read log.
void audit_read(Ctx *ctx, const EntityDef *e, Id id, const char *fields);
