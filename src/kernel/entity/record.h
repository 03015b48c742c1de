// record.h - loading and saving records of any entity, by its table. Business code uses the typed
// wrappers that entgen writes (sales_order_load, sales_order_save, stock_move_append ...).
//
// Nothing here asks who is calling: that is access.h, which REST, pages and imports go through. A
// module's own code, running an action that was permitted, sees all rows.
//
// Saving compares with the record as it was loaded in this transaction and notes the difference for
// the audit trail, the search queue and the change event; business code never does.
#pragma once

#include "kernel/db/db.h"

// A record with defaults filled in (`default=`, the state's first value); not saved yet.
void *record_new(Ctx *ctx, const EntityDef *e);

// The declared defaults of what an action asks for.
void shape_defaults(Ctx *ctx, const ShapeDef *shape, void *value);

// Header, shapes, children (in order), refs and translations. E_NOT_FOUND "record.not_found".
MUST_CHECK Status record_load(Ctx *ctx, const EntityDef *e, Id id, void *ret);

// As record_load, but *ret_found tells whether it is there.
MUST_CHECK Status record_load_maybe(Ctx *ctx, const EntityDef *e, Id id, void *ret,
                                    bool *ret_found);

// Completes a record that was just saved to what loading it would give: columns that the database
// works out (`as=`), ledger rows that were appended to it.
MUST_CHECK Status record_derive(Ctx *ctx, const EntityDef *e, void *record);

// The id of the row whose unique field holds `value`; 0 when there is none.
MUST_CHECK Status record_find(Ctx *ctx, const EntityDef *e, const char *field, Str value, Id *ret);

// Inserts (version 0) or updates (WHERE version = the one loaded) header and children together.
// New: draws the id, fills `copy=` fields and series, checks all rules (record_check), stamps
// times. Existing: E_CONFLICT "record.changed" when somebody else saved in between, with their
// values in failure.extra. Children are matched by id: new ones inserted, missing ones deleted.
// Calls the module's save hooks (module.h) before writing and after.
MUST_CHECK Status record_save(Ctx *ctx, const EntityDef *e, void *record);

// A new record as record_save() would write it, but for the number it draws: filled in, worked out
// by its hook, checked, it and its children with their ids. For what is done to a record before it
// is written; record_save() then writes it.
MUST_CHECK Status record_make_ready(Ctx *ctx, const EntityDef *e, void *record);

// Adds one row to a ledger or log; the id is drawn and `at` is now, where they are 0.
MUST_CHECK Status record_append(Ctx *ctx, const EntityDef *e, void *entry);
// The same for an array of `count` structs, many rows a statement.
MUST_CHECK Status record_append_many(Ctx *ctx, const EntityDef *e, void *entries, size_t count);

// Changes a log row (a ledger refuses).
MUST_CHECK Status record_update_log(Ctx *ctx, const EntityDef *e, void *entry);

// Really deletes: documents in their first state, master records that nothing refers to; else
// E_CONFLICT "record.in_use" with the referrers in failure.extra. The audit keeps the image.
MUST_CHECK Status record_delete(Ctx *ctx, const EntityDef *e, Id id, int64_t version);
MUST_CHECK Status record_set_archived(Ctx *ctx, const EntityDef *e, Id id, int64_t version,
                                      bool archived);

// All declared rules of the record and its children: presence, lengths in characters, ranges,
// formats, references that exist. Notes problems by path; E_INVALID when there are any.
MUST_CHECK Status record_check(Ctx *ctx, const EntityDef *e, const void *record);

// Fills empty `copy=` fields from where they say, and `default=today|now|base`. record_save does
// it.
MUST_CHECK Status record_fill(Ctx *ctx, const EntityDef *e, void *record);

// How others show it: the fields of `title:`, joined. "" when it is gone.
MUST_CHECK Status record_title(Ctx *ctx, const EntityDef *e, Id id, Str *ret);

// Who refers to it, at most `limit`, one row a referring record.
typedef struct Referrer {
    const EntityDef *entity;
    Id id;
    const char *field;
} Referrer;
typedef LIST(Referrer) ReferrerList;
MUST_CHECK Status record_referrers(Ctx *ctx, const EntityDef *e, Id id, int limit,
                                   ReferrerList *ret);

// A copy of a record's struct and lists; the texts, which never change in place, are shared.
void record_copy(Arena *arena, const EntityDef *e, const void *record, void *ret);

// ---- Numbers of documents -----------------------------------------------------------------------

// The next number of the field's series (the tenant may have changed the pattern). A gapless one
// must be drawn in the transaction that posts; the others are drawn by record_save. Patterns: {fy}
// fiscal year ("26", or "26-27"), {yyyy} {yy} {mm} from `on`, {0000} the counter, which starts
// again when the dated part changes.
MUST_CHECK Status series_check(Ctx *ctx,
                               Str pattern);  // E_INVALID for a pattern that cannot be drawn from
MUST_CHECK Status number_draw(Ctx *ctx, const EntityDef *e, const char *field, Date on, Str *ret);
// As many numbers, one after another, in the order of their documents; one statement for each run
// of documents whose dated part is the same.
MUST_CHECK Status numbers_draw(Ctx *ctx, const EntityDef *e, const char *field, const Date *on,
                               size_t count, Str *ret);
