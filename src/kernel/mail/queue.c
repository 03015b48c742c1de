// queue.c - mails as rows of the outbox.
//
// A mail is a row and a job in the transaction that caused it: what is rolled back is never sent,
// what is committed is sent at least once. Its Message-ID is fixed here, so that a receiver who
// gets it twice can tell.
#include "kernel/mail.h"

#include "base/json.h"
#include "base/utf8.h"
#include "gen/kernel.gen.h"
#include "kernel/config.h"
#include "kernel/entity/formats.h"
#include "kernel/files.h"
#include "kernel/mail/sender.h"

// ---- In whose name ------------------------------------------------------------------------------

Str mail_sender_address(Ctx *ctx)
{
    Str own = setting_text(ctx, "mail.from");
    return own.len ? own : config()->mail_from;
}

Str mail_sender(Ctx *ctx)
{
    Str name = setting_text(ctx, "mail.from_name");
    return str_format(ctx->arena, STR_FMT " <" STR_FMT ">",
                      STR_ARG(name.len ? name : ctx->tenant->name),
                      STR_ARG(mail_sender_address(ctx)));
}

// ---- What is refused ----------------------------------------------------------------------------

static bool is_ascii(Str text)
{
    for (size_t i = 0; i < text.len; i++)
        if ((unsigned char)text.ptr[i] > '~')
            return false;
    return true;
}

static Status check_address(Ctx *ctx, Str address)
{
    if (is_ascii(address) && format_named("email")->matches(address))
        return OK;
    return FAIL(ctx, E_INVALID, "mail.address",
                "'" STR_FMT "' is not an address mail can be sent to", STR_ARG(address));
}

static Status check_words(Ctx *ctx, const Mail *mail)
{
    if (mail->text.len == 0 && mail->html.len == 0)
        return FAIL(ctx, E_INVALID, "mail.empty", "the mail says nothing");
    if (utf8_len(mail->text) > MAIL_TEXT_MAX || utf8_len(mail->html) > MAIL_HTML_MAX)
        return FAIL(ctx, E_LIMIT, "mail.too_long", "a mail may have %d characters, or %d of HTML",
                    MAIL_TEXT_MAX, MAIL_HTML_MAX);
    return OK;
}

static Status check_parts(Ctx *ctx, const Mail *mail)
{
    size_t bytes = 0;
    EACH (part, mail->attachments)
        bytes += part->bytes.len;
    EACH (id, mail->files) {
        StoredFile file;
        TRY(file_find(ctx, *id, &file));
        bytes += (size_t)file.size;
    }
    if (mail->attachments.len + mail->files.len > MAIL_PARTS_MAX || bytes > MAIL_BYTES_MAX)
        return FAIL(ctx, E_LIMIT, "mail.too_large", "a mail may carry %d files and %d MB",
                    MAIL_PARTS_MAX, MAIL_BYTES_MAX >> 20);
    return OK;
}

static Status check(Ctx *ctx, const Mail *mail)
{
    TRY(check_address(ctx, mail->to));
    if (mail->reply_to.len)
        TRY(check_address(ctx, mail->reply_to));
    TRY(check_words(ctx, mail));
    return check_parts(ctx, mail);
}

// ---- The row ------------------------------------------------------------------------------------

// Ids of stored files, as JSON.
static Status store_parts(Ctx *ctx, const Mail *mail, Str *ret)
{
    Buf out = { .arena = ctx->arena };
    JsonOut json = { .out = &out };
    json_open(&json, '[');
    EACH (part, mail->attachments) {
        FilePart file;
        Id id;
        TRY(file_write(ctx, part->name, part->bytes, false, &file));
        TRY(file_add(ctx, &file, &id));
        json_put_str(&json, id_text(ctx->arena, id));
    }
    EACH (id, mail->files)
        json_put_str(&json, id_text(ctx->arena, *id));
    json_close(&json, ']');
    *ret = buf_str(&out);
    return OK;
}

// Unique for ever: the row's own id, at the sender's domain.
static Str make_message_id(Ctx *ctx, Id id)
{
    Str from = mail_sender_address(ctx);
    ptrdiff_t at = str_rfind_char(from, '@');
    Str domain = at < 0 ? S("entrepot.invalid") : str_from_at(from, (size_t)at + 1);
    return str_format(ctx->arena, STR_FMT "." STR_FMT "@" STR_FMT, STR_ARG(id_text(ctx->arena, id)),
                      STR_ARG(ctx->tenant->code), STR_ARG(domain));
}

static Status add_row(Ctx *ctx, const Mail *mail, Str files, MailMessage *row)
{
    *row = (MailMessage){ .state = MAIL_STATE_QUEUED,
                          .address = mail->to,
                          .address_name = utf8_cut(mail->to_name, 120),
                          .subject_line = utf8_cut(mail->subject, MAIL_SUBJECT_MAX),
                          .body_text = mail->text,
                          .body_html = mail->html,
                          .reply_to = mail->reply_to,
                          .about = mail->about,
                          .files = files,
                          .dedupe = mail->dedupe };
    TRY(mail_message_append(ctx, row));
    row->message_id = make_message_id(ctx, row->record.id);
    return mail_message_update(ctx, row);
}

static Status note_in_timeline(Ctx *ctx, const MailMessage *row)
{
    if (!row->about.entity)
        return OK;
    TimelineEntry entry = { .subject = row->about,
                            .kind = ENTRY_KIND_MAIL,
                            .body = str_format(ctx->arena, STR_FMT ": " STR_FMT,
                                               STR_ARG(row->address), STR_ARG(row->subject_line)) };
    return timeline_entry_append(ctx, &entry);
}

static Status start_job(Ctx *ctx, Id message)
{
    Id job;
    Link subject = { &mail_message_entity, message };
    return job_add(ctx, &(JobSpec){ .name = "kernel.mail_send", .subject = subject }, &job);
}

Status mail_queue(Ctx *ctx, const Mail *mail, Id *ret)
{
    MailMessage row;
    Str files;
    Id earlier = 0;
    if (mail->dedupe.len)
        TRY(record_find(ctx, &mail_message_entity, "dedupe", mail->dedupe, &earlier));
    if (earlier) {
        *ret = earlier;
        return OK;
    }
    TRY(check(ctx, mail));
    TRY(store_parts(ctx, mail, &files));
    TRY(add_row(ctx, mail, files, &row));
    TRY(note_in_timeline(ctx, &row));
    *ret = row.record.id;
    return start_job(ctx, row.record.id);
}

Status mail_run_send(Ctx *ctx, void *message, const void *input)
{
    MailMessage *row = message;
    (void)input;
    if (row->state != MAIL_STATE_KEPT && row->state != MAIL_STATE_FAILED)
        return FAIL(ctx, E_CONFLICT, "mail.not_kept",
                    "only a mail that was kept or given up can be sent again");
    row->state = MAIL_STATE_QUEUED;
    row->attempts = 0;
    TRY(mail_message_update(ctx, row));
    return start_job(ctx, row->record.id);
}
