// inbox.c - telling people, and by mail to those who want it.
#include "kernel/inbox.h"

#include "base/utf8.h"
#include "kernel/auth/actor.h"
#include "kernel/config.h"
#include "kernel/entity/record.h"
#include "kernel/i18n.h"
#include "kernel/mail.h"
#include "kernel/tenant/cache.h"

enum { WORDS_MAX = 500 };

// ---- Who there is -------------------------------------------------------------------------------

HousePersonList house_people(Ctx *ctx)
{
    HousePersonList list = { 0 };
    EACH (member, ctx->tenant->cache->members)
        *list_push(ctx->arena, &list) = (HousePerson){ member->id, member->name };
    return list;
}

Str house_people_who(Ctx *ctx, const char *permission)
{
    enum { NAMED_MAX = 3 };
    Buf out = { .arena = ctx->arena };
    int n = permission_number(str_from(permission)), named = 0;
    EACH (one, ctx->tenant->cache->members)
        if (n >= 0 && one->grants[n / 64] >> (n % 64) & 1 && named++ < NAMED_MAX)
            buf_printf(&out, "%s" STR_FMT, out.len ? ", " : "", STR_ARG(one->name));
    return buf_str(&out);
}

Str house_person_name(const Ctx *ctx, Id member)
{
    EACH (one, ctx->tenant->cache->members)
        if (one->id == member)
            return one->name;
    return S("");
}

// ---- Mail ---------------------------------------------------------------------------------------

typedef struct Addressee {
    Str name, address;
} Addressee;

// The address is the member's own, else what she signs in with. "": she wants none, or has none.
static Status addressee_of(Ctx *ctx, Id member, Addressee *ret)
{
    Str login, email;
    bool found;
    int64_t is_quiet;
    *ret = (Addressee){ 0 };
    TRY(db_maybe(ctx,
                 SQL("SELECT name, login, email, no_mails FROM member"
                     " WHERE id = $1 AND archived = 0",
                     member),
                 &found, &ret->name, &login, &email, &is_quiet));
    if (found && !is_quiet)
        ret->address = email.len ? email : str_find_char(login, '@') > 0 ? login : S("");
    return OK;
}

static Str subject_line(Ctx *ctx, const InboxNews *news, Str title)
{
    Str kind = tr(ctx, inbox_kind_enum.values[news->kind].label);
    return title.len ? str_format(ctx->arena, STR_FMT ": " STR_FMT, STR_ARG(kind), STR_ARG(title))
                     : kind;
}

Status inbox_mail(Ctx *ctx, const InboxNews *news)
{
    Addressee to;
    Str title = S("");
    Id id;
    TRY(addressee_of(ctx, news->member, &to));
    if (to.address.len == 0)
        return OK;
    if (news->subject.entity)
        TRY(record_title(ctx, news->subject.entity, news->subject.id, &title));
    Str who = ctx->actor ? ctx->actor->name : S("");
    Str text = str_format(ctx->arena, STR_FMT "%s" STR_FMT "\n\n" STR_FMT "\n", STR_ARG(who),
                          news->words.len ? ": " : "", STR_ARG(news->words),
                          STR_ARG(config_site_url(ctx->arena, S("/admin/inbox"))));
    Mail mail = { .to = to.address,
                  .to_name = to.name,
                  .subject = subject_line(ctx, news, title),
                  .text = text,
                  .about = news->subject };
    return mail_queue(ctx, &mail, &id);
}

// ---- Entries ------------------------------------------------------------------------------------

static bool is_about_oneself(const InboxNews *news)
{
    return news->kind == INBOX_KIND_FILE || news->kind == INBOX_KIND_FAILURE ||
           news->kind == INBOX_KIND_ASSIGNMENT;
}

Status inbox_put(Ctx *ctx, const InboxNews *news)
{
    Id self = ctx->actor ? ctx->actor->member : 0;
    InboxItem item = { .member = news->member,
                       .kind = news->kind,
                       .state = INBOX_STATE_OPEN,
                       .subject = news->subject,
                       .sender = self,
                       .words = utf8_cut(news->words, WORDS_MAX),
                       .file = news->file };
    if (!news->member || (news->member == self && !is_about_oneself(news)))
        return OK;
    TRY(inbox_item_append(ctx, &item));
    return news->member == self ? OK : inbox_mail(ctx, news);
}

static Status load_own(Ctx *ctx, Id id, InboxItem *ret, bool *ret_found)
{
    TRY(db_maybe(ctx,
                 SQL("SELECT id FROM inbox_item WHERE id = $1 AND member_id = $2"
                     " AND kind <> 'approval'",
                     id, ctx->actor->member),
                 ret_found, &id));
    return *ret_found ? inbox_item_load(ctx, id, ret) : OK;
}

static Status not_found(Ctx *ctx)
{
    return FAIL(ctx, E_NOT_FOUND, "inbox.not_found", "there is nothing like this in your inbox");
}

// ---- Approvals that somebody does not want to see for a while -----------------------------------

static Status approval_is_open(Ctx *ctx, Id id, bool *ret)
{
    InboxRowList rows;
    *ret = false;
    for (int view = INBOX_OPEN; view <= INBOX_SNOOZED; view++) {
        TRY(inbox_read(ctx, (InboxView)view, &rows));
        EACH (row, rows)
            *ret |= row->id == id && row->kind == INBOX_KIND_APPROVAL;
    }
    return OK;
}

static Status snooze_approval(Ctx *ctx, Id id, Date until)
{
    int64_t changed;
    Date day = until;
    TRY(db_change(ctx,
                  SQL("UPDATE inbox_item SET snoozed_until = $1 WHERE subject_id = $2"
                      " AND member_id = $3 AND kind = 'approval'",
                      day, id, ctx->actor->member),
                  &changed));
    InboxItem item = { .member = ctx->actor->member,
                       .kind = INBOX_KIND_APPROVAL,
                       .state = INBOX_STATE_DONE,
                       .subject = { &approval_entity, id },
                       .snoozed_until = until };
    return changed ? OK : inbox_item_append(ctx, &item);
}

// ---- What somebody does with an entry -----------------------------------------------------------

Status inbox_done(Ctx *ctx, Id id, bool is_done)
{
    InboxItem item;
    bool found, is_approval;
    TRY(load_own(ctx, id, &item, &found));
    if (!found) {
        TRY(approval_is_open(ctx, id, &is_approval));
        return is_approval ? FAIL(ctx, E_CONFLICT, "inbox.approval",
                                  "this waits for an answer: approve or refuse it")
                           : not_found(ctx);
    }
    if (!is_done && item.kind == INBOX_KIND_ASSIGNMENT && item.state == INBOX_STATE_DONE)
        return inbox_assign(ctx, item.subject, ctx->actor->member);
    item.state = is_done ? INBOX_STATE_DONE : INBOX_STATE_OPEN;
    item.done_at = is_done ? ctx->now : 0;
    item.snoozed_until = 0;
    return inbox_item_update(ctx, &item);
}

Status inbox_snooze(Ctx *ctx, Id id, Date until)
{
    InboxItem item;
    bool found, is_approval;
    if (until && until <= tenant_today(ctx))
        return FAIL(ctx, E_INVALID, "inbox.until", "say a day that is still to come");
    TRY(load_own(ctx, id, &item, &found));
    if (found) {
        item.snoozed_until = until;
        return inbox_item_update(ctx, &item);
    }
    TRY(approval_is_open(ctx, id, &is_approval));
    return is_approval ? snooze_approval(ctx, id, until) : not_found(ctx);
}
