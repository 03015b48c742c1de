// smtp.h - handing one mail to the mail server. Private to kernel/mail.
#pragma once

#include "base/ctx.h"

typedef enum SmtpEnd {
    SMTP_TAKEN,
    SMTP_REFUSED,  // for good: there is no such address, say
    SMTP_LATER,    // not now: no connection, no answer, "try again later", or our own account is
                   // wrong
} SmtpEnd;

typedef struct SmtpMail {
    Str server;    // "smtp://user:word@mail.example.com:587"
    Str from, to;  // addresses only
    Str bytes;     // mail_compose()'s
    int limit_ms;  // of all of it; 0: a minute
} SmtpMail;

// Outside any transaction. *ret_words is what the server said, or what went wrong; *ret_wait how
// long it is to be left alone, where it is resting, else 0.
SmtpEnd smtp_send(Ctx *ctx, const SmtpMail *mail, Str *ret_words, Time *ret_wait);
