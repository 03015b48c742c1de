// mail.h - what a shop writes to its customers, as jobs that events start, and as a preview.
// Private to the module.
//
// Each letter is words for one reason around what was ordered; text and HTML say the same.
#pragma once

#include "kernel/job.h"
#include "modules/storefront/order_page.h"

typedef enum LetterKind {
    LETTER_RECEIVED,
    LETTER_PAID,
    LETTER_SHIPPED,
    LETTER_DELIVERED,
    LETTER_REFUNDED,
    LETTER_CANCELLED,
    LETTER_ACCOUNT,
    LETTER_KINDS,
} LetterKind;

typedef struct Letter {
    LetterKind kind;
    Str detail;  // a tracking number, an amount; "" none
    Url link;    // where its button leads
} Letter;
typedef struct Written {
    Str subject, text, html;
} Written;

const char *letter_name(LetterKind kind);   // "received": in addresses and keys
const char *letter_label(LetterKind kind);  // for people, in English
// In the context's language. `view` is NULL where no order is meant.
void letter_write(Ctx *ctx, const Shop *shop, const OrderView *view, const Letter *letter,
                  Written *ret);
// What goes before a mail's words: its own small style sheet, in the shop's accent.
Html letter_sheet(Ctx *ctx, const Shop *shop);

MUST_CHECK Status mail_received_job(Ctx *ctx, const JobRun *job);   // subject: the order
MUST_CHECK Status mail_cancelled_job(Ctx *ctx, const JobRun *job);  // subject: the order
MUST_CHECK Status mail_money_job(Ctx *ctx, const JobRun *job);      // subject: the payment
MUST_CHECK Status mail_shipped_job(Ctx *ctx, const JobRun *job);    // subject: the delivery
MUST_CHECK Status mail_delivered_job(Ctx *ctx, const JobRun *job);  // subject: the delivery

typedef struct StoreName {
    Str code, name;
} StoreName;
typedef LIST(StoreName) StoreNameList;

// Every letter of a store in each of its languages, on an order that is made up.
MUST_CHECK Status letters_page_get(Ctx *ctx);
MUST_CHECK Status letter_page_get(Ctx *ctx);
