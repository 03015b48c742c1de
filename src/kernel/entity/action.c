// action.c - the runner of actions.
//
// It opens the record, checks who asks, that the state allows it and that the module's guard
// agrees, runs the module's function, moves the state, saves, and emits the event. So an action
// itself is only its business rule, and what it must not forget it cannot forget.
#include "kernel/entity/access.h"

#include "kernel/approval.h"
#include "kernel/audit.h"
#include "kernel/auth/actor.h"
#include "kernel/entity/info.h"
#include "kernel/entity/query.h"
#include "kernel/entity/record.h"
#include "kernel/entity/run.h"
#include "kernel/entity/scope.h"
#include "kernel/entity/work.h"
#include "kernel/event.h"

#include <assert.h>

const Action *action_named(const EntityDef *e, Str name)
{
    const Machine *machine = machine_of(e);
    for (const Action *a = machine ? machine->actions : NULL; a && a->name; a++)
        if (str_is(name, a->name))
            return a;
    return NULL;
}

static const FieldDef *state_of(const EntityDef *e)
{
    const Machine *machine = machine_of(e);
    return machine && machine->field ? entity_field(e, str_from(machine->field)) : NULL;
}

static bool starts_from(const Action *action, const char *state)
{
    Str rest = str_from(action->from), one;
    if (!action->from)
        return true;
    while (str_next(&rest, '|', &one))
        if (str_is(one, state))
            return true;
    return false;
}

// As record_defaults() has it.
static int first_state(const FieldDef *state)
{
    const char *initial = state->more ? state->more->initial : NULL;
    return initial ? enum_value(state->of, str_from(initial)) : 1;
}

static const EnumValue *state_value(const FieldDef *state, const void *record)
{
    return &((const EnumDef *)state->of)->values[FIELD_GET(record, state, int)];
}

static Status require_state(Ctx *ctx, const EntityDef *e, const Action *action, const void *record)
{
    const FieldDef *state = state_of(e);
    if (!state || starts_from(action, state_value(state, record)->name))
        return OK;
    return FAIL(ctx, E_CONFLICT, "state.not_allowed", "'%s' is not possible while it is '%s'",
                ctx_text(ctx, action->label), ctx_text(ctx, state_value(state, record)->label));
}

// ---- Running ------------------------------------------------------------------------------------

void action_made(Ctx *ctx, const EntityDef *e, Id id)
{
    work_of(ctx)->made = (Link){ e, id };
}

static Status emit(Ctx *ctx, const EntityDef *e, const Action *action, Id id)
{
    Str name = str_format(ctx->arena, "%s.%s.%s", e->module, e->name, action->name);
    return event_named(name) ? event_emit(ctx, event_named(name)->name, id, S("")) : OK;
}

Status action_require(Ctx *ctx, const EntityDef *e, const Action *action, const void *record)
{
    TRY(require_state(ctx, e, action, record));
    return action->check ? action->check(ctx, record) : OK;
}

// The action's own saving of the record may have happened already; saving is what makes the state
// stick.
Status action_perform(Ctx *ctx, const EntityDef *e, const Action *action, void *record,
                      const void *input)
{
    Work *work = work_of(ctx);
    const char *outer = work->act;
    TRY(action_require(ctx, e, action, record));
    work->act = action->name;
    if (action->run)
        TRY(action->run(ctx, record, input));
    const FieldDef *state = state_of(e);
    if (action->to)
        *FIELD_AT(record, state, int) = enum_value(state->of, str_from(action->to));
    if (entity_is_root(e))
        TRY(record_save(ctx, e, record));
    work->act = outer;
    return emit(ctx, e, action, *(Id *)record);
}

Status action_do(Ctx *ctx, const EntityDef *e, void *record, const char *name, const void *input)
{
    const Action *action = action_named(e, str_from(name));
    assert(action);
    return action_perform(ctx, e, action, record, input);
}

Status action_do_new(Ctx *ctx, const EntityDef *e, void *record, const char *name)
{
    bool is_fresh = action_named(e, str_from(name))->flags & ACTION_FRESH;
    TRY(is_fresh ? record_make_ready(ctx, e, record) : record_save(ctx, e, record));
    return action_do(ctx, e, record, name, NULL);
}

bool action_may_follow(const EntityDef *e, const Action *action)
{
    const FieldDef *state = state_of(e);
    bool asks = action->input || action->flags & ACTION_REASON;
    const char *first = state ? ((const EnumDef *)state->of)->values[first_state(state)].name : "";
    return !asks && !(action->flags & (ACTION_INTERNAL | ACTION_NO_RECORD)) &&
           (!state || starts_from(action, first));
}

void actions_following(Arena *arena, const EntityDef *e, ActionList *ret)
{
    const Machine *machine = machine_of(e);
    *ret = (ActionList){ 0 };
    for (const Action *a = machine ? machine->actions : NULL; a && a->name; a++)
        if (action_may_follow(e, a))
            *list_push(arena, ret) = a;
}

// The reason of a sensitive action comes beside its input, and is no part of it.
static const Json *without_reason(Ctx *ctx, const Json *json)
{
    Json *rest = NEW(ctx->arena, Json), **end = &rest->first;
    *rest = (Json){ .type = JSON_OBJECT };
    JSON_EACH (member, json) {
        if (str_is(member->key, "reason_code") || str_is(member->key, "reason_words"))
            continue;
        *end = NEW(ctx->arena, Json);
        **end = *member;
        (*end)->next = NULL;
        end = &(*end)->next;
        rest->count++;
    }
    return rest;
}

static Status read_input(Ctx *ctx, const Action *action, const Json *json, int flags, void **ret)
{
    static const Json nothing = { .type = JSON_OBJECT };
    *ret = NULL;
    if (!action->input)
        return OK;
    *ret = arena_alloc(ctx->arena, action->input->size);
    shape_defaults(ctx, action->input, *ret);
    if (json && action->flags & ACTION_REASON)
        json = without_reason(ctx, json);
    TRY(shape_from_json(ctx, action->input, json ? json : &nothing, flags, *ret));
    TRY(shape_check(ctx, action->input, *ret));
    return ctx_problems(ctx);
}

static Status note_reason(Ctx *ctx, const Action *action, const Json *input)
{
    Str code = input ? json_str(input, "reason_code") : S("");
    Str words = input ? json_str(input, "reason_words") : S("");
    if (!(action->flags & ACTION_REASON))
        return OK;
    if (str_trim(code).len == 0)
        return FAIL(ctx, E_INVALID, "action.reason", "say why: this is kept in the audit trail");
    audit_reason(ctx, code, words);
    return OK;
}

static Status check_version(Ctx *ctx, const EntityDef *e, const void *record, int64_t version)
{
    int64_t current = entity_is_root(e) ? ((const Record *)record)->version : version;
    if (version && current != version)
        return FAIL(ctx, E_CONFLICT, "record.changed",
                    "somebody else saved this in the meantime (version %lld, yours was %lld)",
                    (long long)current, (long long)version);
    return OK;
}

static Status require_action(Ctx *ctx, const EntityDef *e, Str name, const Action **ret)
{
    *ret = action_named(e, name);
    if (!*ret || (*ret)->flags & ACTION_INTERNAL)
        return FAIL(ctx, E_NOT_FOUND, "action.unknown", "there is no action '" STR_FMT "' here",
                    STR_ARG(name));
    return actor_require_action(ctx, e, *ret);
}

// Some it takes two people for: then it is asked for, and what was made is the approval.
static Status do_or_ask(Ctx *ctx, const EntityDef *e, const Action *action, void *record,
                        const void *input)
{
    Id asked;
    TRY(approval_ask(ctx, e, action, record, input, &asked));
    if (!asked)
        return action_perform(ctx, e, action, record, input);
    action_made(ctx, &approval_entity, asked);
    return OK;
}

bool action_was_asked(Link made)
{
    return made.entity == &approval_entity;
}

Status action_run(Ctx *ctx, const EntityDef *e, Id id, int64_t version, const char *name,
                  const Json *input, int flags, Link *ret_made)
{
    const Action *action;
    bool seen = false;
    void *record = record_new(ctx, e), *read;
    work_of(ctx)->made = (Link){ 0 };  // one after another in bulk
    TRY(require_action(ctx, e, str_from(name), &action));
    if (!(action->flags & ACTION_NO_RECORD)) {
        TRY(scope_require_read(ctx, e));
        TRY(entity_may_see(ctx, e, id, &seen));
        if (!seen)
            return FAIL(ctx, E_NOT_FOUND, "record.not_found", "there is no such %s",
                        str_lower_ascii(ctx->arena, str_from(ctx_text(ctx, e->label))).ptr);
        TRY(record_load(ctx, e, id, record));
        TRY(check_version(ctx, e, record, version));
    }
    TRY(note_reason(ctx, action, input));
    TRY(read_input(ctx, action, input, flags, &read));
    if (action->flags & ACTION_NO_RECORD)
        TRY(action->run(ctx, NULL, read));
    else
        TRY(do_or_ask(ctx, e, action, record, read));
    *ret_made = work_of(ctx)->made;
    return OK;
}

// ---- Offering -----------------------------------------------------------------------------------

// A refusal is shown only where it helps: the state fits and the actor may, but the guard says no.
static Status offer(Ctx *ctx, const EntityDef *e, const Action *action, const void *record,
                    ActionOfferList *ret)
{
    const FieldDef *state = state_of(e);
    bool is_hidden = action->flags & (ACTION_INTERNAL | ACTION_NO_RECORD) ||
                     !actor_may_act(ctx->actor, e, action) ||
                     (state && !starts_from(action, state_value(state, record)->name));
    if (is_hidden)
        return OK;
    Str refusal = S("");
    if (action->check && action->check(ctx, record) != OK) {
        if (ctx->failure.status == E_INTERNAL || ctx->failure.status == E_BUSY)
            return ctx->failure.status;
        refusal = ctx->failure.message;
        ctx_recover(ctx);
    }
    *list_push(ctx->arena, ret) = (ActionOffer){ action, refusal };
    return OK;
}

Status action_offers(Ctx *ctx, const EntityDef *e, const void *record, ActionOfferList *ret)
{
    const Machine *machine = machine_of(e);
    *ret = (ActionOfferList){ 0 };
    for (const Action *a = machine ? machine->actions : NULL; a && a->name; a++)
        TRY(offer(ctx, e, a, record, ret));
    return OK;
}
