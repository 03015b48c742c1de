// list.c - reading one's inbox: entries from one index, approvals by what the reader may answer.
#include "kernel/inbox.h"

#include "kernel/approval.h"
#include "kernel/auth/actor.h"
#include "kernel/entity/access.h"
#include "kernel/entity/query.h"
#include "kernel/entity/record.h"
#include "kernel/i18n.h"

// ---- What it is about: only to those who may see it ---------------------------------------------

static Status hide_or_name(Ctx *ctx, InboxRow *row)
{
    const EntityDef *e = row->subject.entity;
    bool seen = false;
    if (!e)
        return OK;
    if (tenant_has_entity(ctx->tenant, e) && actor_may(ctx->actor, entity_permission(e, false)))
        TRY(entity_may_see(ctx, e, row->subject.id, &seen));
    if (seen)
        return record_title(ctx, e, row->subject.id, &row->title);
    row->subject = (Link){ 0 };
    if (row->kind == INBOX_KIND_MENTION)
        row->words = S("");  // what was said of it is no more theirs than the record
    return OK;
}

// ---- Entries ------------------------------------------------------------------------------------

static Rows *entries_in(Ctx *ctx, InboxView view)
{
    Id me = ctx->actor->member;
    Date today = tenant_today(ctx);
    if (view == INBOX_DONE)
        return db_query(
            ctx, SQL("SELECT id, at, kind, COALESCE(subject_kind, ''), COALESCE(subject_id, 0),"
                     " COALESCE(sender_id, 0), words, COALESCE(file_id, 0),"
                     " COALESCE(snoozed_until, 0) FROM inbox_item"
                     " WHERE member_id = $1 AND state = 'done' AND kind <> 'approval'"
                     " ORDER BY id DESC LIMIT 100",
                     me));
    if (view == INBOX_SNOOZED)
        return db_query(
            ctx, SQL("SELECT id, at, kind, COALESCE(subject_kind, ''), COALESCE(subject_id, 0),"
                     " COALESCE(sender_id, 0), words, COALESCE(file_id, 0),"
                     " COALESCE(snoozed_until, 0) FROM inbox_item"
                     " WHERE member_id = $1 AND state = 'open' AND snoozed_until > $2"
                     " ORDER BY id DESC LIMIT 100",
                     me, today));
    return db_query(ctx,
                    SQL("SELECT id, at, kind, COALESCE(subject_kind, ''), COALESCE(subject_id, 0),"
                        " COALESCE(sender_id, 0), words, COALESCE(file_id, 0),"
                        " COALESCE(snoozed_until, 0) FROM inbox_item"
                        " WHERE member_id = $1 AND state = 'open'"
                        " AND (snoozed_until IS NULL OR snoozed_until <= $2)"
                        " ORDER BY id DESC LIMIT 100",
                        me, today));
}

static Status read_entries(Ctx *ctx, InboxView view, InboxRowList *ret)
{
    InboxRow row = { 0 };
    Str kind, subject;
    Id sender;
    Rows *rows = entries_in(ctx, view);
    while (rows_next(rows, &row.id, &row.at, &kind, &subject, &row.subject.id, &sender, &row.words,
                     &row.file, &row.snoozed_until)) {
        row.kind = (InboxKind)enum_value(&inbox_kind_enum, kind);
        row.subject.entity = entity_named(subject);
        row.sender = house_person_name(ctx, sender);
        *list_push(ctx->arena, ret) = row;
    }
    return rows_end(rows);
}

// ---- Approvals ----------------------------------------------------------------------------------

static bool is_in_view(InboxView view, Date until, Date today)
{
    return (until > today) == (view == INBOX_SNOOZED);
}

// Those that wait, with how long this reader put them off; and her own requests, among the open.
static Status read_approvals(Ctx *ctx, InboxView view, InboxRowList *ret)
{
    InboxRow row = { .kind = INBOX_KIND_APPROVAL };
    Str subject, action, permission;
    Id asked_by, me = ctx->actor->member;
    Date today = tenant_today(ctx);
    Rows *rows =
        db_query(ctx, SQL("SELECT a.id, a.at, a.subject_kind, a.subject_id, a.action, a.permission,"
                          " a.why, COALESCE(a.asked_by_id, 0), COALESCE(i.snoozed_until, 0)"
                          " FROM approval a LEFT JOIN inbox_item i ON i.subject_id = a.id"
                          " AND i.member_id = $1 AND i.kind = 'approval'"
                          " WHERE a.state = 'waiting' ORDER BY a.id DESC LIMIT 200",
                          me));
    while (rows_next(rows, &row.id, &row.at, &subject, &row.subject.id, &action, &permission,
                     &row.words, &asked_by, &row.snoozed_until)) {
        row.is_mine = asked_by == me;
        bool is_shown = row.is_mine || approval_is_mine_to_answer(ctx, permission, asked_by);
        row.subject.entity = entity_named(subject);
        if (!is_shown || !row.subject.entity || !is_in_view(view, row.snoozed_until, today))
            continue;
        const Action *a = action_named(row.subject.entity, action);
        row.action = a ? tr(ctx, a->label) : action;
        row.sender = house_person_name(ctx, asked_by);
        *list_push(ctx->arena, ret) = row;
    }
    return rows_end(rows);
}

// ---- Together -----------------------------------------------------------------------------------

static int latest_first(const void *a, const void *b)
{
    const InboxRow *left = a, *right = b;
    return (left->id < right->id) - (left->id > right->id);
}

// What is about one record stands behind the latest of it.
static InboxRowList by_subject(Ctx *ctx, const InboxRowList *rows)
{
    InboxRowList sorted = { 0 };
    bool *is_taken = NEW_ARRAY(ctx->arena, bool, rows->len + 1);
    for (size_t i = 0; i < rows->len; i++)
        for (size_t j = i; !is_taken[i] && j < rows->len; j++) {
            const InboxRow *first = &rows->items[i], *row = &rows->items[j];
            bool is_same = j == i || (first->subject.entity && row->subject.entity &&
                                      row->subject.id == first->subject.id);
            if (is_taken[j] || !is_same)
                continue;
            if (j > i)
                is_taken[j] = true;
            *list_push(ctx->arena, &sorted) = *row;
        }
    return sorted;
}

Status inbox_read(Ctx *ctx, InboxView view, InboxRowList *ret)
{
    InboxRowList rows = { 0 }, shown = { 0 };
    *ret = shown;
    if (!ctx->actor->member)
        return OK;
    TRY(read_entries(ctx, view, &rows));
    if (view != INBOX_DONE)
        TRY(read_approvals(ctx, view, &rows));
    if (rows.len)
        qsort(rows.items, rows.len, sizeof *rows.items, latest_first);
    EACH (row, rows) {
        TRY(hide_or_name(ctx, row));
        bool is_hidden = row->kind == INBOX_KIND_APPROVAL && !row->subject.entity;
        if (!is_hidden && shown.len < INBOX_SHOWN_MAX)
            *list_push(ctx->arena, &shown) = *row;
    }
    *ret = by_subject(ctx, &shown);
    return OK;
}

// ---- How many -----------------------------------------------------------------------------------

// Of approvals only what this reader may answer counts, not what she asked for.
static Status count_all(Ctx *ctx, int64_t *ret)
{
    Str permission;
    int64_t n;
    Id me = ctx->actor->member;
    Date today = tenant_today(ctx);
    Rows *rows =
        db_query(ctx, SQL("SELECT '' AS permission, count(*) AS n FROM inbox_item"
                          " WHERE member_id = $1 AND state = 'open'"
                          " AND (snoozed_until IS NULL OR snoozed_until <= $2)"
                          " UNION ALL"
                          " SELECT a.permission, count(*) FROM approval a"
                          " WHERE a.state = 'waiting' AND a.asked_by_id IS DISTINCT FROM $1"
                          " AND NOT EXISTS (SELECT 1 FROM inbox_item i WHERE i.subject_id = a.id"
                          " AND i.member_id = $1 AND i.kind = 'approval' AND i.snoozed_until > $2)"
                          " GROUP BY a.permission LIMIT 100",
                          me, today));
    while (rows_next(rows, &permission, &n))
        if (permission.len == 0 || actor_may(ctx->actor, str_c(ctx->arena, permission)))
            *ret += n;
    return rows_end(rows);
}

// Whoever sees only some rows has them counted one by one.
static Status count_seen(Ctx *ctx, int64_t *ret)
{
    InboxRowList rows;
    TRY(inbox_read(ctx, INBOX_OPEN, &rows));
    EACH (row, rows)
        *ret += !row->is_mine;
    return OK;
}

Status inbox_count(Ctx *ctx, int64_t *ret)
{
    *ret = 0;
    if (!ctx->actor->member)
        return OK;
    return ctx->actor->limits.len ? count_seen(ctx, ret) : count_all(ctx, ret);
}
