// mail.h - mail to people: composed as text and HTML, queued in the outbox of the transaction that caused it, sent by a
// job over SMTP (libcurl), at least once, with what became of each attempt.
#pragma once

#include "kernel/tenant.h"

typedef struct MailPart {
    Str name, type, bytes;
} MailPart;
typedef struct Mail {
    Str to, to_name, subject, text, html;
    Str reply_to;
    Link about;  // the record it belongs to: shown in its timeline
    LIST(MailPart) attachments;
    Str dedupe;  // at most one mail with this key
} Mail;

MUST_CHECK Status mail_queue(Ctx *ctx, const Mail *mail, Id *ret);  // in a lane
// RFC 5322 with RFC 2047 headers and MIME parts; pure, for tests and the preview.
Str mail_compose(Ctx *ctx, const Mail *mail, Str from, Str message_id);
