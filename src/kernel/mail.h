// mail.h - mail to people: composed as text and HTML, queued in the outbox of the transaction that
// caused it, sent by a job over SMTP (libcurl), at least once, with what became of it. docs/mail.md
// says how a server is set up and what happens without one.
#pragma once

#include "kernel/job.h"

enum {
    MAIL_TRIES_MAX = 30,        // about a day, waiting up to an hour in between
    MAIL_PARTS_MAX = 20,        // attachments of one mail
    MAIL_BYTES_MAX = 20 << 20,  // all of them together
    MAIL_TEXT_MAX = 60000,      // characters, as kernel.ent has them
    MAIL_HTML_MAX = 200000,
    MAIL_SUBJECT_MAX = 300,  // longer ones are cut
};

typedef struct MailPart {
    Str name, type, bytes;
} MailPart;
typedef struct Mail {
    Str to, to_name, subject, text, html;  // text, html or both
    Str reply_to;
    Link about;                  // the record it belongs to: noted in its timeline
    LIST(MailPart) attachments;  // small ones, such as an invoice: they are stored in the lane
    Str dedupe;                  // at most one mail with this key
    IdList files;                // stored files (kernel/files.h) to send along
} Mail;

// In a lane. *ret is the mail_message row; the one that is there already when `dedupe` was used
// before. E_INVALID "mail.address", "mail.empty"; E_LIMIT "mail.too_long", "mail.too_large"; and
// what file_write() refuses.
MUST_CHECK Status mail_queue(Ctx *ctx, const Mail *mail, Id *ret);

// RFC 5322 with RFC 2047 headers and MIME parts, lines ending in CRLF; pure, for tests and the
// preview. from: "sales@example.com" or "Acme Ltd <sales@example.com>"; message_id without its
// brackets. Whatever the texts hold, no header comes from them: control characters become blanks,
// an address keeps what addresses are made of.
Str mail_compose(Ctx *ctx, const Mail *mail, Str from, Str message_id);

// The job kernel.mail_send; its subject is the mail_message row.
MUST_CHECK Status mail_send(Ctx *ctx, const JobRun *job);

// What people may do with a mail that was given up or kept: send it (again).
MUST_CHECK Status mail_run_send(Ctx *ctx, void *message, const void *input);
