// record.h - one record of any entity: its page, its form, its actions. Private to web.
#pragma once

#include "kernel/approval.h"
#include "kernel/entity/access.h"
#include "kernel/entity/query.h"
#include "kernel/i18n.h"
#include "kernel/pdf.h"
#include "web/value.h"
#include "web/web.h"

MUST_CHECK Status record_page(Ctx *ctx);         // GET  /admin/{module}/{collection}/{key}
MUST_CHECK Status record_new_page(Ctx *ctx);     // GET  .../new
MUST_CHECK Status record_create_post(Ctx *ctx);  // POST .../new/save
MUST_CHECK Status record_edit_page(Ctx *ctx);    // GET  .../{key}/edit
MUST_CHECK Status record_update_post(Ctx *ctx);  // POST .../{key}/save
MUST_CHECK Status record_rows_post(Ctx *ctx);  // POST .../{key}/rows: one more line, nothing saved
MUST_CHECK Status record_again(Ctx *ctx, int status);
MUST_CHECK Status record_comment_post(Ctx *ctx);  // POST .../{key}/comment
MUST_CHECK Status record_archive_post(Ctx *ctx);  // POST .../{key}/archive, with restore=1 back
MUST_CHECK Status record_delete_post(Ctx *ctx);   // POST .../{key}/delete
MUST_CHECK Status record_print_page(Ctx *ctx);    // GET  .../{key}/print/{form}
MUST_CHECK Status action_page(Ctx *ctx);          // GET  .../{key}/do/{action}
MUST_CHECK Status record_action_post(Ctx *ctx);   // POST
MUST_CHECK Status action_again(Ctx *ctx, int status);

typedef struct FieldView {
    Str label;
    Shown value;
    bool is_wide;
} FieldView;
typedef struct SectionView {
    Str title;
    bool is_closed;
    LIST(FieldView) fields;
} SectionView;

typedef struct LinesView {  // rows that the record owns
    Str title, key;
    EntityQuery query;
    EntityRows rows;
} LinesView;

typedef struct SumView {
    Str label, amount;
    bool is_grand;
} SumView;

typedef struct FlowStep {
    Str label, on;  // since when; "" not known
    const char *glyph;
    bool is_done, is_here;
} FlowStep;

typedef struct Change {
    Str label, from, to;
    bool is_opaque;  // that it changed can be said, not what it was
} Change;
typedef struct Moment {  // of the timeline
    Time at;
    Str who, act, said;
    LIST(Change) changes;
    bool is_comment, is_person;
} Moment;
typedef LIST(Moment) MomentList;

typedef struct Print {
    const char *name, *label;
} Print;

typedef struct LinkView {  // to a page beside it
    Str label;
    const char *icon;
    Url url;
} LinkView;

typedef struct RecordPage {
    const EntityDef *entity;
    void *record;
    Id id;
    int64_t version;
    Str title, second;      // what it is called; what stands below it
    LIST(FieldView) chips;  // its other axes, beside the title
    LIST(FlowStep) flow;
    LIST(SectionView) sections;
    LIST(LinesView) lines;
    LIST(SumView) sums;
    Str currency;          // of the sums
    LIST(FieldView) meta;  // created, changed
    ActionOfferList offers;
    LIST(LinkView) links;
    LIST(Print) prints;
    MomentList moments;
    struct Rail *rail;
    WaitingApprovalList waiting;     // what was asked for and not answered
    const Locale *const *languages;  // of paper
    size_t language_count;
    bool may_edit, may_archive, may_delete, is_archived, may_comment;
} RecordPage;

// The record that a page's third parameter means: "~id", or the number it is known by. E_NOT_FOUND
// "record.not_found", also where the actor may not see it.
MUST_CHECK Status record_key(Ctx *ctx, const EntityDef *e, Id *ret);
// Its header as cells, with the titles of what it refers to: one statement.
MUST_CHECK Status record_cells(Ctx *ctx, const EntityDef *e, Id id, EntityQuery *ret_query,
                               EntityRow *ret);
void record_links(Ctx *ctx, RecordPage *page);   // pages beside it
void record_prints(Ctx *ctx, RecordPage *page);  // its forms and the languages of paper
// What happened to it, newest first: acts of the audit trail and what people said.
MUST_CHECK Status record_moments(Ctx *ctx, const EntityDef *e, Id id, MomentList *ret);
// A document's worked-out amounts stand below its lines, as on paper.
bool record_is_sum(const EntityDef *e, const FieldDef *field);
// "sales_order.place" as people say it: "did: Place".
Str record_act_words(Ctx *ctx, const EntityDef *e, Str act);
// Whether people may still edit it at all: a released document only where it has open fields.
bool record_is_editable(const EntityDef *e, const void *record);
