// inbox.h - what waits for one person of the house: records assigned to her, notes that name her,
// answers to what she asked for, files that are ready; and what others may only do together with
// her. docs/inbox.md has the idea.
//
// Entries are rows of one person. Approvals are nobody's row: whoever may answer is asked anew each
// time, so that a right given today shows what was asked for yesterday. A row of an approval says
// only until when somebody does not want to see it.
#pragma once

#include "gen/kernel.gen.h"
#include "kernel/tenant.h"

// ---- Telling somebody (in a lane) ---------------------------------------------------------------

typedef struct InboxNews {
    Id member;
    InboxKind kind;
    Link subject;
    Str words;  // cut where they are too long
    Id file;    // 0: none
} InboxNews;

// Writes the entry and, unless the member wants none, a mail that leads to it. Nothing where the
// member is the one who does it: nobody is told what she did herself, but of files and failures.
MUST_CHECK Status inbox_put(Ctx *ctx, const InboxNews *news);
// The mail alone.
MUST_CHECK Status inbox_mail(Ctx *ctx, const InboxNews *news);

// Everybody whom a note names ("@Ada Lovelace", or "@Ada" where only one is called so), once each.
MUST_CHECK Status inbox_mention(Ctx *ctx, Link subject, Str words);

// The record is this member's to deal with from now on, and nobody else's; 0: nobody's. Noted in
// its trail. E_INVALID "inbox.member" when it is no member of the house.
MUST_CHECK Status inbox_assign(Ctx *ctx, Link subject, Id member);
MUST_CHECK Status inbox_assigned(Ctx *ctx, Link subject, Id *ret);  // 0: nobody

// ---- One's own entries --------------------------------------------------------------------------

typedef enum InboxView { INBOX_OPEN, INBOX_SNOOZED, INBOX_DONE } InboxView;
enum { INBOX_SHOWN_MAX = 100 };

typedef struct InboxRow {
    Id id;  // of the entry, or of the approval
    InboxKind kind;
    Time at;
    Link subject;  // entity NULL where there is none or the reader may not see it
    Str title;     // of the subject
    Str words, sender;
    Str action;  // of an approval: what is to be done, "Credit"
    Date snoozed_until;
    Id file;
    bool is_mine;  // an approval that the reader asked for herself: she can only take it back
} InboxRow;
typedef LIST(InboxRow) InboxRowList;

// The latest first, those about one record together.
MUST_CHECK Status inbox_read(Ctx *ctx, InboxView view, InboxRowList *ret);
// How many are open: what the reader may answer, and her own. One statement.
MUST_CHECK Status inbox_count(Ctx *ctx, int64_t *ret);

// In a lane, of one's own entry or an approval that one may answer. E_NOT_FOUND "inbox.not_found";
// an approval is not done but answered: E_CONFLICT "inbox.approval".
MUST_CHECK Status inbox_done(Ctx *ctx, Id id, bool is_done);
// Until that day it is not among the open ones; 0: it is back. E_INVALID "inbox.until" for a day
// that is not to come.
MUST_CHECK Status inbox_snooze(Ctx *ctx, Id id, Date until);

// ---- Who there is -------------------------------------------------------------------------------

typedef struct HousePerson {
    Id member;
    Str name;
} HousePerson;
typedef LIST(HousePerson) HousePersonList;
// Members who can sign in, from the cache.
HousePersonList house_people(Ctx *ctx);
// Who among them may do this, by name, the first few: "Farida Hossain, Nadia Alam".
Str house_people_who(Ctx *ctx, const char *permission);
Str house_person_name(const Ctx *ctx, Id member);  // "" for one who is not there (any more)
