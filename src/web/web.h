// web.h - the pages of the house: what every page stands in, and what the generic ones are made of.
//
// A handler writes its part of a page to ctx->request->out and calls page_answer(), which puts the
// frame around it: navigation, breadcrumbs, what the last form had to say. Pages work without
// script; with it the same addresses answer the same pages, and htmx takes the part it needs.
//
// Everything a page shows was decided here or below: a template queries nothing.
#pragma once

#include "kernel/http/request.h"
#include "web/html.h"

// Every page's address, for routes: app/modules.c lists the table.
extern const Route web_routes[];
// The pages' own entries of the menu and tiles, as a module; app/modules.c lists it.
extern const struct Module web_part;
// Assets, error pages, the way to the sign-in page; once, after modules_start().
void web_start(void);

// ---- What forms and cookies hold ----------------------------------------------------------------

enum {
    SESSION_LIVES_S = 12 * 3600,  // the cookie of who is signed in
    YEAR_S = 365 * 86400,         // those of what people like: company, language, looks
};

// One value of the form that came; "" when it is absent or the body cannot be read.
Str form_value(Ctx *ctx, const char *name);

// ---- The frame ----------------------------------------------------------------------------------

typedef struct Page {
    Str title;          // of the window, and the last breadcrumb
    const char *group;  // the first breadcrumb: "Sell"; NULL: none
    Str list;           // the second, when the page is below a list
    Url list_url;
    int refresh_s;       // without script it is loaded again after so long; 0: not
    const char *script;  // of this kind of page alone, "board.js"; NULL: none
} Page;

// Takes what was written to request->out since `body` and answers it inside the frame.
Status page_answer(Ctx *ctx, const Page *page, size_t body, int status);
// The same without navigation: signing in, choosing a company.
Status page_answer_bare(Ctx *ctx, Str title, size_t body, int status);
// A page that is all its own, header to footer, with one more style sheet: the scanner's.
Status page_answer_alone(Ctx *ctx, const Page *page, const char *style, size_t body, int status);
// For htmx: only the part, when it asked for one (header HX-Target). False: it wants the whole
// page.
bool page_wants_part(const Ctx *ctx, const char *id);
Status page_answer_part(Ctx *ctx);  // what request->out holds is the part

// An address of a file that is part of the program.
Url web_asset(const char *name);
Str web_asset_file(const char *name);  // its name with the hash, behind "/assets/"
// The request's own address with its query, but for the fields named in `without` (blank-separated)
// and with `name`=`value` added, unless name is "".
Url url_query(Ctx *ctx, const char *without, const char *name, Str value);

// ---- What the last form had to say --------------------------------------------------------------

// Shown once, on the next page this person sees. `tone` is "ok", "warn" or "bad".
void flash_put(Ctx *ctx, const char *tone, Str words);
// The same with a way back: a form that posts `name`=`value` to an address of ours.
void flash_put_undo(Ctx *ctx, Str words, Url post, const char *name, Str value);
typedef struct Flash {
    const char *tone;  // NULL: none
    Str words;
    Str undo, undo_name, undo_value;  // "": nothing to undo
} Flash;
Flash flash_take(Ctx *ctx);

// ---- Navigation ---------------------------------------------------------------------------------

typedef struct NavLink {
    const char *label, *icon;
    const EntityDef *entity;  // NULL: a page of its own
    Url url;
    char go[2];     // the letter behind G that leads there; "" none
    int64_t count;  // what waits there for this person; 0: nothing, or not known
    bool is_here;
} NavLink;
typedef struct NavGroup {
    const char *label;
    LIST(NavLink) links;
    bool is_here;    // one of them is the page shown
    bool is_folded;  // long, and seldom needed
} NavGroup;
typedef LIST(NavGroup) NavGroupList;
// What this actor may open of what this company has, in the fixed order of groups.
NavGroupList nav_groups(Ctx *ctx);
// The group an entity's list stands in; NULL when it is in none.
const char *nav_group_of(const EntityDef *e);

// ---- Pages beside a record's own
// ------------------------------------------------------------------

// A page of a shape of its own that belongs to one record: below its address, on its page a button.
struct RecordLink {
    const EntityDef *entity;
    const char *label, *icon;
    const char *page;  // "matrix": /admin/catalog/products/~ID/matrix
    const char *permission;
    const char *states;  // in which it is offered, "draft|quoted"; NULL: in all
};
// The record that such a page's first parameter means, "~ID"; E_NOT_FOUND where there is none.
MUST_CHECK Status linked_record(Ctx *ctx, const EntityDef *e, void *ret);
// Whether it is in one of these states, "draft|quoted"; NULL: in any.
bool record_is_in(const EntityDef *e, const void *record, const char *states);

// ---- Entities' addresses ------------------------------------------------------------------------

// Whether there are pages for it at all, and whether this actor may open its list here.
bool entity_has_page(const EntityDef *e);
bool entity_is_open(const Ctx *ctx, const EntityDef *e);
// The entity of the request's first two parameters, /admin/{module}/{collection}. E_NOT_FOUND
// "http.not_found" when there is none, or the company does not have the module.
MUST_CHECK Status page_entity(Ctx *ctx, const EntityDef **ret);
Url entity_url(Arena *arena, const EntityDef *e);   // its list
Url records_url(Arena *arena, const EntityDef *e);  // of its records, but for the id at the end
Url record_url(Arena *arena, const EntityDef *e, Id id);
Url record_page_url(Arena *arena, const EntityDef *e, Id id, const char *more);  // "edit"
