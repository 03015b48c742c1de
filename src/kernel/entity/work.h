// work.h - what one lane member has done to records: as they were when it first saw them, and what
// it made of them. At the member's end this becomes the audit trail (one row an action and
// document), the search queue and the change events. Private to kernel/entity and kernel/audit.c.
#pragma once

#include "kernel/entity/info.h"

typedef enum WorkKind {
    WORK_CREATED,
    WORK_CHANGED,
    WORK_DELETED,
    WORK_ARCHIVED,
    WORK_RESTORED
} WorkKind;

typedef struct WorkItem {
    const EntityDef *entity;
    Id id;
    const void *before;  // as first seen; NULL: it is new
    const void *after;   // as last saved; NULL: not saved (yet), or deleted
    WorkKind kind;
    bool is_dirty;
    const char *act;  // the action that did it: "confirm"; NULL: plain saving
} WorkItem;

typedef struct Work {
    LIST(WorkItem) items;
    const char *act;  // of the action now running
    Str reason;       // why, of a sensitive act
    Link made;        // the record that the action made
} Work;

Work *work_of(Ctx *ctx);

// Keeps a copy of a record just loaded, unless an earlier one is there.
void work_remember(Ctx *ctx, const EntityDef *e, const void *record);
// As it was when first seen in this transaction; NULL when it was not loaded.
const void *work_before(Ctx *ctx, const EntityDef *e, Id id);
// As it stands now, so far as this transaction knows; NULL when it was not loaded.
const void *work_current(Ctx *ctx, const EntityDef *e, Id id);
void work_saved(Ctx *ctx, const EntityDef *e, const void *record, WorkKind kind);

// What the unit of work becomes (kernel/audit.c, kernel/event.c).
MUST_CHECK Status audit_work(Ctx *ctx, const WorkItem *item, Str reason);
MUST_CHECK Status event_changed(Ctx *ctx, const WorkItem *item);

// Shared by record.c and save.c.
MUST_CHECK Status record_load_row(Ctx *ctx, const EntityDef *e, Id id, void *ret, bool *ret_found);
void record_defaults(Ctx *ctx, const EntityDef *e, void *record);
MUST_CHECK Status record_title_of(Ctx *ctx, const EntityDef *e, const void *record, Str *ret);
