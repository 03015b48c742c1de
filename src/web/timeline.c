// timeline.c - what happened to a record: the audit trail's acts and what people said, newest
// first.
//
// The trail names fields and holds values as data; here they become labels and what a list would
// show. A field that this actor may not read is left out of every change.
#include "gen/kernel.gen.h"
#include "kernel/auth/actor.h"
#include "kernel/entity/access.h"
#include "kernel/entity/info.h"
#include "kernel/i18n.h"
#include "kernel/inbox.h"
#include "web/record.h"

enum { MOMENTS_MAX = 40, CHANGES_SHOWN = 12 };

// ---- Changes ------------------------------------------------------------------------------------

// References are ids in the trail, personal values are masked there: saying that they changed is
// all that helps.
static bool is_opaque(const FieldDef *f)
{
    return f->flags & (PERSONAL | SEALED) || f->type == FIELD_LIST || f->type == FIELD_REF ||
           f->type == FIELD_CHOICE || f->type == FIELD_REFS || f->type == FIELD_CHOICES ||
           f->type == FIELD_LINK || f->type == FIELD_FILE || f->type == FIELD_SHAPE ||
           f->type == FIELD_SHAPES || f->type == FIELD_JSON;
}

static Str words_of(Ctx *ctx, const FieldDef *f, const Json *value)
{
    Date date;
    Time at;
    if (value->type == JSON_BOOL)
        return value->boolean ? tr(ctx, "yes") : tr(ctx, "no");
    if (value->type != JSON_STRING && value->type != JSON_NUMBER)
        return S("");
    if (f->type == FIELD_ENUM || f->type == FIELD_STATE)
        return value_of_enum(ctx, f, value->text).text;
    if (f->type == FIELD_DATE && date_parse(value->text, &date))
        return show_date(ctx, date);
    if (f->type == FIELD_TIME && time_parse(value->text, &at))
        return show_time(ctx, at);
    return value->text;
}

// {"assigned": [whose it was, whose it is]} (kernel/inbox/assign.c).
static void add_assigned(Ctx *ctx, const Json *pair, Moment *moment)
{
    Id from = 0, to = 0;
    if (pair->type != JSON_ARRAY || pair->count != 2)
        return;
    id_parse(pair->first->text, &from);
    id_parse(pair->first->next->text, &to);
    *list_push(ctx->arena, &moment->changes) = (Change){ .label = tr(ctx, "Assigned to"),
                                                         .from = house_person_name(ctx, from),
                                                         .to = house_person_name(ctx, to) };
}

static void add_change(Ctx *ctx, const EntityDef *e, const Json *member, Moment *moment)
{
    const FieldDef *f = entity_field(e, member->key);
    if (!f || !actor_may_read_field(ctx->actor, f) || moment->changes.len == CHANGES_SHOWN)
        return;
    Change change = { .label = tr(ctx, f->label), .is_opaque = is_opaque(f) };
    if (!change.is_opaque && member->type == JSON_ARRAY && member->count == 2) {
        change.from = words_of(ctx, f, member->first);
        change.to = words_of(ctx, f, member->first->next);
    }
    *list_push(ctx->arena, &moment->changes) = change;
}

static void read_changes(Ctx *ctx, const EntityDef *e, Str act, Str text, Moment *moment)
{
    const Json *changes;
    if (text.len == 0)
        return;
    if (json_parse(ctx, text, &changes) != OK || changes->type != JSON_OBJECT) {
        ctx_recover(ctx);
        return;
    }
    for (const Json *member = changes->first; member; member = member->next)
        if (str_is(member->key, "assigned") && str_is(act, "assign"))
            add_assigned(ctx, member, moment);
        else
            add_change(ctx, e, member, moment);
}

// ---- Acts ---------------------------------------------------------------------------------------

static const Action *action_in(const Module *module, Str name)
{
    for (const Machine *m = module->machines; m && m->entity; m++)
        for (const Action *a = m->actions; a && a->name; a++)
            if (str_is(name, a->name))
                return a;
    return NULL;
}

// An act on one document is noted at every record that it changed: shipping a delivery stands in
// the order's trail, too. Its words are the machine's own, else those of the module it comes from.
static const Action *action_that_did(const EntityDef *e, Str name)
{
    const Action *action = action_named(e, name);
    if (!action)
        action = action_in(e->info->module, name);
    for (const Module *const *m = modules_all(); !action && *m; m++)
        action = action_in(*m, name);
    return action;
}

Str record_act_words(Ctx *ctx, const EntityDef *e, Str act)
{
    static const struct {
        const char *name, *words;
    } plain[] = { { "create", TEXT("created it") },
                  { "change", TEXT("changed") },
                  { "delete", TEXT("deleted it") },
                  { "archive", TEXT("archived it") },
                  { "restore", TEXT("restored it") },
                  { "assign", TEXT("assigned it") },
                  { "ask_approval", TEXT("asked for approval") },
                  { "refuse_approval", TEXT("refused what was asked for") },
                  { "withdraw_approval", TEXT("took back what was asked for") } };
    ptrdiff_t dot = str_rfind_char(act, '.');
    Str name = str_from_at(act, (size_t)(dot + 1));
    for (size_t i = 0; i < COUNT(plain); i++)
        if (str_is(name, plain[i].name))
            return tr(ctx, plain[i].words);
    const Action *action = action_that_did(e, name);
    return action ? tr_format(ctx, "did: %s", tr(ctx, action->label).ptr) : act;
}

static Status read_acts(Ctx *ctx, const EntityDef *e, Id id, MomentList *ret)
{
    Time at;
    Str act, member, actor, changes, reason;
    Rows *rows = db_query(ctx, SQL("SELECT a.at, a.act, COALESCE(m.name, ''), a.actor,"
                                   " COALESCE(a.changes, ''), a.reason"
                                   " FROM audit_row a LEFT JOIN member m ON m.id = a.member_id"
                                   " WHERE a.subject_kind = $1 AND a.subject_id = $2"
                                   " ORDER BY a.id DESC LIMIT 40",
                                   e->name, id));
    while (rows_next(rows, &at, &act, &member, &actor, &changes, &reason)) {
        Moment *moment = list_push(ctx->arena, ret);
        *moment = (Moment){ .at = at,
                            .who = member.len              ? member
                                 : str_is(actor, "system") ? tr(ctx, "The program")
                                                           : actor,
                            .is_person = member.len > 0,
                            .act = record_act_words(ctx, e, act),
                            .said = reason };
        read_changes(ctx, e, act, changes, moment);
    }
    return rows_end(rows);
}

static Status read_comments(Ctx *ctx, const EntityDef *e, Id id, MomentList *ret)
{
    Time at;
    Str member, words;
    Rows *rows = db_query(ctx, SQL("SELECT t.at, COALESCE(m.name, ''), t.body FROM timeline_entry t"
                                   " LEFT JOIN member m ON m.id = t.member_id"
                                   " WHERE t.subject_kind = $1 AND t.subject_id = $2"
                                   " ORDER BY t.id DESC LIMIT 40",
                                   e->name, id));
    while (rows_next(rows, &at, &member, &words))
        *list_push(ctx->arena, ret) = (Moment){
            .at = at, .who = member, .said = words, .is_comment = true, .is_person = true
        };
    return rows_end(rows);
}

static int newest_first(const void *a, const void *b)
{
    const Moment *left = a, *right = b;
    return (left->at < right->at) - (left->at > right->at);
}

Status record_moments(Ctx *ctx, const EntityDef *e, Id id, MomentList *ret)
{
    *ret = (MomentList){ 0 };
    TRY(read_acts(ctx, e, id, ret));
    TRY(read_comments(ctx, e, id, ret));
    if (ret->len)
        qsort(ret->items, ret->len, sizeof *ret->items, newest_first);
    if (ret->len > MOMENTS_MAX)
        ret->len = MOMENTS_MAX;
    return OK;
}
