// inbox.h - the page of what waits for one person, and what she does there. Private to web.
#pragma once

#include "kernel/approval.h"
#include "kernel/inbox.h"
#include "web/home.h"

MUST_CHECK Status inbox_page(Ctx *ctx);        // GET  /admin/inbox?view=open|snoozed|done
MUST_CHECK Status inbox_post(Ctx *ctx);        // POST /admin/inbox/{id}: "do" and what it takes
MUST_CHECK Status approval_post(Ctx *ctx);     // POST /admin/approvals/{id}: "do", "reason", "back"
MUST_CHECK Status rail_assign_post(Ctx *ctx);  // POST .../{key}/assign: "member", "" nobody

typedef struct InboxEntry {
    InboxRow row;
    const char *icon, *tone;
    Str label;  // of the kind
    Str meta;   // who, and when
    Url url;    // of the subject; text "": none that may be seen
    Str file_name;
    Url file;
    bool is_behind;  // about the same record as the entry above it
} InboxEntry;

typedef struct InboxTab {
    const char *label;
    Url url;
    bool is_here;
} InboxTab;

typedef struct Inbox {
    InboxView view;
    InboxTab tabs[3];
    LIST(InboxEntry) entries;
    int64_t count;
    Str tomorrow, next_week;  // for putting off
    Home house;               // what waits for whoever comes first
} Inbox;
