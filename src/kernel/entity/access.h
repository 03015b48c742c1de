// access.h - what an actor does to records: each function checks the permission of the operation,
// the row scope and the field masks, then does it. REST, pages, imports and the command line all go
// through here, so there is one answer to "may she?".
//
// The writing ones run inside a lane.
#pragma once

#include "kernel/entity/codec.h"
#include "kernel/module.h"

MUST_CHECK Status access_get(Ctx *ctx, const EntityDef *e, Id id, void *ret);
MUST_CHECK Status access_create(Ctx *ctx, const EntityDef *e, const Json *input, int flags,
                                Id *ret);
// Creates and does an action of the new record in the same breath: needs the permission of both,
// and a refusal of the action undoes the creation with it. `ret`, room for the record, holds it as
// it was saved; *ret_asked: the action takes two people and was only asked for. E_INVALID
// "query.then" for an action that cannot follow (action_may_follow).
MUST_CHECK Status access_create_then(Ctx *ctx, const EntityDef *e, const Json *input, Str action,
                                     void *ret, bool *ret_asked);
// version 0: whichever is current (a program that does not care).
MUST_CHECK Status access_update(Ctx *ctx, const EntityDef *e, Id id, int64_t version,
                                const Json *input, int flags);
MUST_CHECK Status access_delete(Ctx *ctx, const EntityDef *e, Id id, int64_t version);
MUST_CHECK Status access_archive(Ctx *ctx, const EntityDef *e, Id id, int64_t version,
                                 bool archived);

// Finds by the unique fields of `import:` (else id): creates or updates. For bulk upserts and
// imports.
MUST_CHECK Status access_upsert(Ctx *ctx, const EntityDef *e, const Json *input, int flags, Id *ret,
                                bool *ret_created);

// ---- Actions ------------------------------------------------------------------------------------

// Runs an action of the entity: permission, row scope, state, guard, the module's function, the
// state's move, audit, event. *ret_made is the record that it made (an invoice), entity NULL when
// none. What takes two people (kernel/approval.h) is not done but asked for: action_was_asked().
MUST_CHECK Status action_run(Ctx *ctx, const EntityDef *e, Id id, int64_t version,
                             const char *action, const Json *input, int flags, Link *ret_made);

bool action_was_asked(Link made);

// For a module's own code that continues one action with another, of its own or a required module's
// record: the same machine, no permission asked.
MUST_CHECK Status action_do(Ctx *ctx, const EntityDef *e, void *record, const char *action,
                            const void *input);

// The same for a record that is not saved yet, which it saves: written once, with what the action
// made of it, where the action is ACTION_FRESH.
MUST_CHECK Status action_do_new(Ctx *ctx, const EntityDef *e, void *record, const char *action);

// Those that can be done to a record the moment it is created: they ask for nothing and start from
// the first state.
typedef LIST(const Action *) ActionList;
void actions_following(Arena *arena, const EntityDef *e, ActionList *ret);
bool action_may_follow(const EntityDef *e, const Action *action);

// Inside an action: this is what it made.
void action_made(Ctx *ctx, const EntityDef *e, Id id);

// What may be done with a record now, for buttons. `refusal` says why not, "" when it may; actions
// the actor has no permission for and states that are not reached yet are left out.
typedef struct ActionOffer {
    const Action *action;
    Str refusal;
} ActionOffer;
typedef LIST(ActionOffer) ActionOfferList;
MUST_CHECK Status action_offers(Ctx *ctx, const EntityDef *e, const void *record,
                                ActionOfferList *ret);
const Action *action_named(const EntityDef *e, Str name);  // NULL: none
