// module.h - what a module tells the kernel about itself. All of it const, all of it checked when
// the program starts and by one test. app/modules.c lists the modules; nothing registers itself.
//
// Every table ends with an all-zero row.
#pragma once

#include "kernel/db/schema.h"

#include <stdio.h>

typedef struct Json Json;
typedef struct JobRun JobRun;

typedef struct Permission {
    const char *name;   // "oms.confirm"
    const char *label;  // "Confirm and release orders"
} Permission;

// ---- Actions: what can be done to a record beyond editing it ------------------------------------

enum {
    ACTION_PRIMARY = 1,    // the one filled button, when allowed
    ACTION_CONFIRM = 2,    // leaves the house, posts, or cannot be undone: asked before
    ACTION_BAD = 4,        // cancels or refuses: shown so
    ACTION_NO_RECORD = 8,  // of the collection, not of one record: /orders/_action/NAME
    ACTION_BULK = 16,      // offered for many rows at once
    ACTION_INTERNAL = 32,  // only called by code: no button, no route
    ACTION_PORTAL = 128,   // outside people may do it with their own records
    ACTION_REASON = 64,    // sensitive: asks for a reason code, which the audit keeps (IAM-16)
    // Also works on a record that is being made and not written yet (record_make_ready): it asks
    // for nothing, and what it writes refers to the record by link only, or saves it first.
    ACTION_FRESH = 256,
};

typedef struct Action {
    const char *name;   // REST: POST /orders/{id}/confirm
    const char *label;  // the button: "Confirm"
    const char *from;   // states it may start from, "draft|quoted"; NULL: any
    const char *to;     // the state it ends in; NULL: no move
    const char *permission;
    Status (*run)(Ctx *ctx, void *record, const void *input);  // NULL: only the move
    const ShapeDef *input;                                     // what it asks for; NULL: nothing
    Status (*check)(Ctx *ctx,
                    const void *record);  // whether it may run now; its failure is the reason
    unsigned flags;
    const char *effect;  // for the confirmation: "Posts the invoice; it can only be credited then"
} Action;

// One row per axis that people or documents move. field NULL: actions of an entity without states.
typedef struct Machine {
    const EntityDef *entity;
    const char *field;
    const Action *actions;
} Machine;

// An action that a person may do only together with another one, while this holds of it
// (kernel/approval.h).
typedef struct ApprovalRule {
    const EntityDef *entity;
    const char *action;      // of its machine
    const char *permission;  // of who may approve
    // What it takes two for, in words ("1,204.00 is above the limit of 500.00"); "": it does not.
    Status (*needs)(Ctx *ctx, const void *record, const void *input, Str *ret_why);
} ApprovalRule;

// Code around the saving of a record, for rules a declaration cannot say.
typedef struct Hook {
    const EntityDef *entity;
    Status (*before_save)(Ctx *ctx, void *record, const void *before);  // before NULL: new
    Status (*after_save)(Ctx *ctx, const void *record, const void *before);
    Status (*before_delete)(Ctx *ctx, const void *record);
} Hook;

// ---- Routes: what the generic REST and pages do not cover ---------------------------------------

typedef enum RouteKind {
    ROUTE_READ = 1,  // runs on a read snapshot of the tenant
    ROUTE_WRITE,     // runs in the tenant's lane, inside its transaction; answered after the commit
    ROUTE_FREE,      // opens what it needs itself (signing in, streams)
} RouteKind;
enum {
    ROUTE_PUBLIC = 1,    // nobody needs to be signed in; permission is NULL
    ROUTE_PORTAL = 2,    // also for outside people: their rows only
    ROUTE_RAW_BODY = 4,  // the handler reads the body itself (webhooks, uploads)
    ROUTE_NO_CSRF = 8,   // proves its caller otherwise (a signature)
    ROUTE_HIDDEN = 16,   // not in OpenAPI (pages)
    ROUTE_CONTROL = 32,  // needs no tenant
    ROUTE_SLOW = 64,     // on the pool for slow ones: passwords, large files, outside calls
    ROUTE_QUICK =
        128,  // answered on the server's loop: no database, no file, no waiting (docs/http.md)
};
typedef struct Route {
    const char *method, *pattern;  // "/api/v1/oms/orders/{id}/pick-list"
    const char *permission;        // NULL only with ROUTE_PUBLIC, or "" for anybody signed in
    RouteKind kind;
    Status (*handle)(Ctx *ctx);
    unsigned flags;
    const char *summary;             // OpenAPI
    const ShapeDef *input, *output;  // JSON bodies; NULL: described in words only
    const EntityDef *entity;         // of a route that follows from an entity (kernel/http/rest.c)
    const Action *action;            // and from one of its actions
    const char *module;              // whose subscription it needs; filled in at start-up
} Route;

// ---- Work that happens later --------------------------------------------------------------------

typedef struct JobDef {
    const char *name;   // "oms.reservations_expire"
    const char *label;  // for the job monitor
    // Runs one piece of work. Inside a transaction when `in_lane` (then its effect and "done"
    // commit together), else on a context without one, free to call the outside world and
    // db_transact().
    Status (*run)(Ctx *ctx, const JobRun *job);
    bool in_lane;
    const char *queue;  // "default", "bulk", "mail", "webhook": one flood can't starve the rest
    int retries;        // 0: 8. The wait doubles from 2 s up to an hour, with jitter
    int every_s;        // > 0: runs on its own, that often, for each tenant that has the module
    Clock daily_at;     // or once a day at this time of the tenant's zone
} JobDef;

typedef struct EventDef {
    const char *name, *label;  // "oms.order.confirmed"
    const EntityDef *subject;
} EventDef;

// A job that an event starts, in the same transaction: at least once, in order per subject.
typedef struct Subscription {
    const char *event, *job;
} Subscription;

// ---- What people set and see --------------------------------------------------------------------

typedef enum SettingType {
    SETTING_BOOL,
    SETTING_INT,
    SETTING_TEXT,
    SETTING_ENUM,
    SETTING_REF,
    SETTING_SECRET
} SettingType;
typedef struct Setting {
    const char *name;  // "inventory.cost_method"
    const char *label;
    const char *effect;  // plain words: what turning it does
    SettingType type;
    const char *initial;
    const EnumDef *values;    // SETTING_ENUM
    const EntityDef *entity;  // SETTING_REF
    const char *permission;   // NULL: platform.settings
} Setting;

// One entry of the menu. Order within a group is the order of modules and rows.
typedef struct NavItem {
    const char *group;  // "Sell", "Stock", "Money" ... (web/nav.c has the groups in order)
    const char *label, *icon, *href;
    const char *permission;
    const EntityDef *entity;  // its list; then label, icon and href may be NULL
} NavItem;

typedef struct Tile Tile;                // web/dashboard.h
typedef struct ScanFlow ScanFlow;        // web/scan.h: documents worked through with a scanner
typedef struct RecordLink RecordLink;    // web/web.h: a record's pages of a shape of their own
typedef struct Report Report;            // kernel/report.h
typedef struct PrintForm PrintForm;      // kernel/pdf.h: a document's paper forms
typedef struct VerifyCheck VerifyCheck;  // kernel/verify.h

typedef struct RoleTemplate {
    const char *name, *label;
    const char *grants;  // "oms.* inventory.view": blank-separated, * for all below
} RoleTemplate;

typedef struct Module {
    const char *name, *label;
    const EntityModule *entities;  // generated; also says what it requires
    bool is_shared;                // always present; else sold
    const Permission *permissions;
    const Machine *machines;
    const ApprovalRule *approvals;
    const Hook *hooks;
    const Route *routes;
    const JobDef *jobs;
    const EventDef *events;
    const Subscription *subscriptions;
    const Setting *settings;
    const NavItem *nav;
    const Report *reports;
    const Tile *tiles;
    const ScanFlow *scans;
    const RecordLink *links;
    const PrintForm *prints;
    const VerifyCheck *checks;
    const RoleTemplate *roles;
    const Migration *migrations;
    Status (*install)(
        Ctx *ctx);  // in a tenant's lane, once, when the module is subscribed: first rows
} Module;

// ---- Registry -----------------------------------------------------------------------------------

// Called once, before anything else. `list` is app/modules.c's, needs before needers, NULL at the
// end. Resolves what the tables name and fills every EntityDef.info; complains on `complaints`
// about everything that does not fit. False: the program must not run.
bool modules_start(const Module *const *list, FILE *complaints);

const Module *const *modules_all(void);  // NULL at the end
const Module *module_named(Str name);
const Machine *machine_of(const EntityDef *e);  // the first machine, or NULL
const Hook *hook_of(const EntityDef *e);
const JobDef *job_named(Str name);
const EventDef *event_named(Str name);
const Setting *setting_named(Str name);
const Permission *permission_named(Str name);
// Permissions have numbers, so that a grant is a bit: 0 .. permission_count()-1; -1 unknown.
int permission_number(Str name);
int permission_count(void);

// Whether the tenant has the module (shared ground always).
bool tenant_has_module(const struct Tenant *tenant, const char *module);
bool tenant_has(const struct Tenant *tenant, const Module *module);
// Whether it has this kind of record. EntityDef.module is how the outside calls the module
// ("platform"), not its name here ("kernel"). False for the control database's own.
bool tenant_has_entity(const struct Tenant *tenant, const EntityDef *e);
