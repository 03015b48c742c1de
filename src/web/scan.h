// scan.h - documents that people work through with a scanner in their hand: what a module says of
// each (Module.scans), and the page that is drawn from it.
//
//     static const ScanFlow scans[] = {
//         { &pick_list_entity, "Pick", "open", "oms.ship", pick_scan_show, pick_scan_act },
//         { 0 },
//     };
//
// A scanner types a code and Enter, so each code is a form post; the server decides by what is
// stored alone, never by what the page showed before. Codes may therefore come late and one after
// the other, as a phone sends them that was without a connection. A code that fits nowhere changes
// nothing and says what was expected.
#pragma once

#include "kernel/module.h"
#include "web/html.h"

typedef struct ScanAct {  // what somebody did
    Str verb;             // "code", or the verb of the button that was pressed
    Str code;
    MaybeQty quantity;  // what was typed as the quantity
    Id line;            // the line that the page was about; 0: none
} ScanAct;

typedef struct ScanSaid {  // and what came of it
    const char *tone;      // "ok" or "bad"; NULL: nothing to say
    Str words, more;
    Id line;   // what the page is about from now on
    Url next;  // somewhere else; text "": here
} ScanSaid;

typedef struct ScanButton {
    Str label;         // "": no button
    const char *verb;  // what the form says; NULL: a link
    Url url;
} ScanButton;

typedef struct ScanRow {
    Str label, second;  // an SKU, a name
    Str count;          // "2 of 6"
    bool is_done, is_here;
} ScanRow;

typedef struct ScanPage {
    Str note;  // below the title: where, and of what
    int64_t done, of;
    Str task, place;       // "Go to bin", "A-04-03-2"
    Str next;              // the place after it; "" none
    Str name, sku, facts;  // the article; "" none yet
    Str counted;           // what the quantity is called: "Picked"; "": nothing to count yet
    Qty quantity;
    MaybeQty wanted;
    int digits;    // of both
    Str finished;  // the sentence when nothing is left; "" while something is
    Str question;  // asked before the first button is pressed; "" none
    ScanButton first, second;
    LIST(ScanRow) rows;
    Id line;
} ScanPage;

struct ScanFlow {
    const EntityDef *entity;
    const char *label;   // "Pick"
    const char *states;  // in which it can be worked on: "draft|counting"
    const char *permission;
    // The page as the record stands. `line`: what the last act was about; 0: nothing yet.
    Status (*show)(Ctx *ctx, const void *record, Id line, ScanPage *ret);
    // One act, inside the transaction. What it refuses with E_INVALID or E_CONFLICT is shown, and
    // undone.
    Status (*act)(Ctx *ctx, void *record, const ScanAct *act, ScanSaid *ret);
};

enum { SCAN_ROWS_MAX = 60, SCAN_CODE_MAX = 60 };

// Whether the words of the address ask for this: "short=1" shows the question before the act.
bool scan_asks(const Ctx *ctx, const char *name);

// ---- Private to web -----------------------------------------------------------------------------

MUST_CHECK Status scan_home_page(Ctx *ctx);  // GET  /admin/scan
MUST_CHECK Status scan_page(Ctx *ctx);       // GET  /admin/{module}/{collection}/{key}/scan
MUST_CHECK Status scan_post(Ctx *ctx);       // POST
// Whether this actor works with a scanner here at all.
bool scan_is_open(const Ctx *ctx);
// Where a record is worked through; text "": not this one, not now, not by this actor.
Url scan_url(Ctx *ctx, const EntityDef *e, const void *record);

typedef struct ScanWork {  // one document that waits
    Str number, second;
    Url url;
} ScanWork;
typedef struct ScanGroup {
    const ScanFlow *flow;
    LIST(ScanWork) works;
} ScanGroup;
typedef LIST(ScanGroup) ScanGroupList;

typedef struct ScanView {
    const ScanFlow *flow;
    Str title;
    Id id;
    Url back;
    ScanPage page;
    ScanSaid said;
} ScanView;
