// inbox.c - the page of what waits for one person: her own entries and what she may approve first,
// then what waits for whoever in the house comes first.
#include "web/inbox.h"

#include "gen/pages/web_inbox.h"
#include "kernel/auth/actor.h"
#include "kernel/entity/access.h"
#include "kernel/entity/info.h"
#include "kernel/files.h"
#include "kernel/i18n.h"
#include "web/rail.h"
#include "web/record.h"

// ---- One entry ----------------------------------------------------------------------------------

static const char *icon_of(InboxKind kind)
{
    switch (kind) {
    case INBOX_KIND_MENTION: return "say";
    case INBOX_KIND_ASSIGNMENT: return "hand";
    case INBOX_KIND_ANSWER: return "check";
    case INBOX_KIND_FILE: return "down";
    case INBOX_KIND_FAILURE: return "warn";
    default: return "qc";
    }
}

// "Ada Lovelace · 20 Nov, 14:02"
static Str meta_of(Ctx *ctx, const InboxRow *row)
{
    Str at = show_time(ctx, row->at);
    return row->sender.len
             ? str_format(ctx->arena, STR_FMT " · " STR_FMT, STR_ARG(row->sender), STR_ARG(at))
             : at;
}

static Status add_file(Ctx *ctx, InboxEntry *entry)
{
    StoredFile file;
    if (!entry->row.file)
        return OK;
    TRY(file_find(ctx, entry->row.file, &file));
    entry->file_name = file.name;
    entry->file = (Url){ file_link(ctx, &file) };
    return OK;
}

static Url subject_url(Ctx *ctx, Link subject)
{
    if (subject.entity == &job_entity)
        return url_path(ctx->arena, "/admin/jobs/{}", id_text(ctx->arena, subject.id));
    return subject.entity && entity_is_open(ctx, subject.entity)
             ? record_url(ctx->arena, subject.entity, subject.id)
             : (Url){ 0 };
}

static Status add_entry(Ctx *ctx, const InboxRow *row, Inbox *inbox)
{
    const InboxEntry *last =
        inbox->entries.len ? &inbox->entries.items[inbox->entries.len - 1] : NULL;
    bool is_behind = last && row->subject.id && last->row.subject.id == row->subject.id;
    InboxEntry *entry = list_push(ctx->arena, &inbox->entries);
    *entry = (InboxEntry){ .row = *row,
                           .icon = icon_of(row->kind),
                           .tone = inbox_kind_enum.values[row->kind].tone,
                           .label = row->is_mine ? tr(ctx, "You asked for it")
                                                 : tr(ctx, inbox_kind_enum.values[row->kind].label),
                           .meta = meta_of(ctx, row),
                           .url = subject_url(ctx, row->subject),
                           .is_behind = is_behind };
    return add_file(ctx, entry);
}

// ---- The page -----------------------------------------------------------------------------------

static const struct {
    const char *name, *label;
} views[] = { { "", TEXT("Open") }, { "snoozed", TEXT("Put off") }, { "done", TEXT("Done") } };

static void fill_tabs(Ctx *ctx, Inbox *inbox)
{
    Str wanted = request_query(ctx->request, "view");
    for (size_t i = 0; i < COUNT(views); i++) {
        bool is_here = str_is(wanted, views[i].name);
        if (is_here)
            inbox->view = (InboxView)i;
        inbox->tabs[i] = (InboxTab){ .label = views[i].label,
                                     .url = i ? url_path(ctx->arena, "/admin/inbox?view={}",
                                                         str_from(views[i].name))
                                              : url_path(ctx->arena, "/admin/inbox"),
                                     .is_here = is_here };
    }
}

static Status fill(Ctx *ctx, Inbox *inbox)
{
    InboxRowList rows;
    Date today = tenant_today(ctx);
    fill_tabs(ctx, inbox);
    TRY(inbox_read(ctx, inbox->view, &rows));
    EACH (row, rows)
        TRY(add_entry(ctx, row, inbox));
    inbox->tomorrow = date_text(ctx->arena, today + 1);
    inbox->next_week = date_text(ctx->arena, today + 8 - date_weekday(today));
    if (inbox->view == INBOX_OPEN)
        TRY(home_waiting(ctx, &inbox->house));
    EACH (entry, inbox->entries)
        inbox->count += !entry->row.is_mine;
    inbox->count += inbox->house.waiting_count;
    return OK;
}

Status inbox_page(Ctx *ctx)
{
    Inbox *inbox = NEW(ctx->arena, Inbox);
    TRY(fill(ctx, inbox));
    size_t body = html_begin(&ctx->request->out);
    web_inbox(&ctx->request->out, ctx, inbox);
    return page_answer(ctx, &(Page){ .title = tr(ctx, "Inbox") }, body, 200);
}

// ---- What is done with an entry -----------------------------------------------------------------

static Status go_back(Ctx *ctx)
{
    Str back = form_value(ctx, "back");
    Url url = { S("/admin/inbox") };
    if (back.len)
        TRY(url_local(ctx, back, &url));
    return respond_redirect(ctx, url.text);
}

static Status id_param(Ctx *ctx, Id *ret)
{
    if (id_parse(ctx->request->params[0], ret))
        return OK;
    return FAIL(ctx, E_NOT_FOUND, "inbox.not_found", "there is nothing like this in your inbox");
}

static Url entry_url(Ctx *ctx, Id id)
{
    return url_path(ctx->arena, "/admin/inbox/{}", id_text(ctx->arena, id));
}

static Status put_off(Ctx *ctx, Id id)
{
    Date until;
    Str text = form_value(ctx, "until");
    if (!date_parse(text, &until) && !read_date(ctx, text, &until))
        return FAIL(ctx, E_INVALID, "inbox.until", "say a day that is still to come");
    TRY(inbox_snooze(ctx, id, until));
    flash_put_undo(ctx, tr_format(ctx, "Put off until %.*s.", STR_ARG(show_date(ctx, until))),
                   entry_url(ctx, id), "do", S("back"));
    return OK;
}

static Status finish(Ctx *ctx, Id id)
{
    TRY(inbox_done(ctx, id, true));
    flash_put_undo(ctx, tr(ctx, "Done."), entry_url(ctx, id), "do", S("reopen"));
    return OK;
}

Status inbox_post(Ctx *ctx)
{
    Str what = form_value(ctx, "do");
    Id id;
    TRY(id_param(ctx, &id));
    if (str_is(what, "done"))
        TRY(finish(ctx, id));
    else if (str_is(what, "snooze"))
        TRY(put_off(ctx, id));
    else
        TRY(str_is(what, "back") ? inbox_snooze(ctx, id, 0) : inbox_done(ctx, id, false));
    return go_back(ctx);
}

// ---- Approving ----------------------------------------------------------------------------------

Status approval_post(Ctx *ctx)
{
    Str what = form_value(ctx, "do");
    Link made;
    Id id;
    TRY(id_param(ctx, &id));
    if (str_is(what, "approve")) {
        TRY(approval_approve(ctx, id, &made));
        flash_put(ctx, "ok", tr(ctx, "Approved, and done."));
    } else if (str_is(what, "withdraw")) {
        TRY(approval_withdraw(ctx, id));
        flash_put(ctx, "ok", tr(ctx, "Taken back: nobody is asked any more."));
    } else {
        TRY(approval_refuse(ctx, id, form_value(ctx, "reason")));
        flash_put(ctx, "ok", tr(ctx, "Refused; whoever asked is told why."));
    }
    return go_back(ctx);
}

// ---- Assigning a record -------------------------------------------------------------------------

Status rail_assign_post(Ctx *ctx)
{
    const EntityDef *e;
    Id id, before, member = 0;
    Str whom = form_value(ctx, "member");
    TRY(page_entity(ctx, &e));
    TRY(record_key(ctx, e, &id));
    TRY(actor_require(ctx, e->info->write_permission));
    if (!entity_is_root(e) || (whom.len && !id_parse(whom, &member)))
        return FAIL(ctx, E_INVALID, "inbox.member", "there is no such person here");
    Link subject = { e, id };
    TRY(inbox_assigned(ctx, subject, &before));
    TRY(inbox_assign(ctx, subject, member));
    Str words = member
                  ? tr_format(ctx, "Assigned to %.*s.", STR_ARG(house_person_name(ctx, member)))
                  : tr(ctx, "Assigned to nobody.");
    if (before != member)
        flash_put_undo(ctx, words, record_page_url(ctx->arena, e, id, "assign"), "member",
                       before ? id_text(ctx->arena, before) : S(""));
    return respond_redirect(ctx, record_url(ctx->arena, e, id).text);
}
