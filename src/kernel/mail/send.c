// send.c - the job that sends a mail.
//
// Reads the row, hands it to the mail server outside any transaction, writes down what came of it.
// When the program dies in between, the mail goes out once more, under the same Message-ID. Where
// no mail server or no sender is set up, the mail is kept and says so: nothing is lost and nobody
// is told it was sent.
#include "kernel/mail.h"

#include "base/json.h"
#include "base/utf8.h"
#include "gen/kernel.gen.h"
#include "kernel/config.h"
#include "kernel/files.h"
#include "kernel/mail/sender.h"
#include "kernel/mail/smtp.h"

enum { WORDS_MAX = 500 };  // characters of what went wrong

typedef struct Sending {
    Id id;
    bool is_due;  // false: nothing to send any more
    MailMessage row;
    LIST(StoredFile) files;
    MailState state;  // what it becomes; QUEUED: to be tried again
    Str words;
    Time wait;
} Sending;

// ---- Reading ------------------------------------------------------------------------------------

static Status find_files(Ctx *ctx, Sending *sending)
{
    const Json *ids;
    if (sending->row.files.len == 0)
        return OK;
    TRY(json_parse(ctx, sending->row.files, &ids));
    JSON_EACH (item, ids) {
        Id id;
        if (id_parse(item->text, &id))
            TRY(file_find(ctx, id, list_push(ctx->arena, &sending->files)));
    }
    return OK;
}

static Status load(Ctx *ctx, void *arg)
{
    Sending *sending = arg;
    bool found;
    TRY(record_load_maybe(ctx, &mail_message_entity, sending->id, &sending->row, &found));
    sending->is_due = found && sending->row.state == MAIL_STATE_QUEUED;
    return sending->is_due ? find_files(ctx, sending) : OK;
}

static Status read_files(Ctx *ctx, const Sending *sending, Mail *mail)
{
    EACH (file, sending->files) {
        MailPart *part = list_push(ctx->arena, &mail->attachments);
        *part = (MailPart){ .name = file->name, .type = file->type };
        TRY(file_read(ctx, file, &part->bytes));
    }
    return OK;
}

// ---- Sending ------------------------------------------------------------------------------------

static void send(Ctx *ctx, Sending *sending, const Mail *mail)
{
    static const MailState states[] = { [SMTP_TAKEN] = MAIL_STATE_SENT,
                                        [SMTP_REFUSED] = MAIL_STATE_FAILED,
                                        [SMTP_LATER] = MAIL_STATE_QUEUED };
    SmtpMail smtp = { .server = config()->smtp_url,
                      .from = mail_sender_address(ctx),
                      .to = sending->row.address,
                      .bytes = mail_compose(ctx, mail, mail_sender(ctx), sending->row.message_id) };
    sending->state = states[smtp_send(ctx, &smtp, &sending->words, &sending->wait)];
}

static Status send_or_keep(Ctx *ctx, Sending *sending)
{
    const MailMessage *row = &sending->row;
    Mail mail = { .to = row->address,
                  .to_name = row->address_name,
                  .subject = row->subject_line,
                  .text = row->body_text,
                  .html = row->body_html,
                  .reply_to = row->reply_to };
    bool has_server = config()->smtp_url.len > 0, has_sender = mail_sender_address(ctx).len > 0;
    if (!has_server || !has_sender) {
        sending->state = MAIL_STATE_KEPT;
        sending->words =
            has_server ? S("no sender's address is set") : S("no mail server is set up");
        return OK;
    }
    TRY(read_files(ctx, sending, &mail));
    send(ctx, sending, &mail);
    return OK;
}

// ---- Writing down what came of it ---------------------------------------------------------------

static Status note(Ctx *ctx, void *arg)
{
    Sending *sending = arg;
    MailMessage *row = &sending->row;
    TRY(mail_message_load(ctx, sending->id, row));
    row->attempts += sending->wait == 0 && sending->state != MAIL_STATE_KEPT;
    if (sending->state == MAIL_STATE_QUEUED && row->attempts >= MAIL_TRIES_MAX)
        sending->state = MAIL_STATE_FAILED;
    row->state = sending->state;
    row->error_words = utf8_cut(sending->words, WORDS_MAX);
    row->sent_at = row->state == MAIL_STATE_SENT ? ctx->now : 0;
    return mail_message_update(ctx, row);
}

Status mail_send(Ctx *ctx, const JobRun *job)
{
    Sending sending = { .id = job->subject.id };
    TRY(tenant_read(ctx, load, &sending));
    if (!sending.is_due)
        return OK;
    TRY(send_or_keep(ctx, &sending));
    TRY(tenant_transact(ctx, note, &sending));
    if (sending.state != MAIL_STATE_QUEUED)
        return OK;
    if (sending.wait)
        return job_postpone(ctx, job, ctx->now + sending.wait);
    return FAIL(ctx, E_BUSY, "mail.not_sent", STR_FMT, STR_ARG(sending.words));
}
