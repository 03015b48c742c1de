// web_module.c - what the pages themselves offer: the menu's entries of the house, and tiles that
// need no module.
#include "gen/kernel.gen.h"
#include "kernel/auth/actor.h"
#include "kernel/entity/info.h"
#include "kernel/i18n.h"
#include "kernel/tenant.h"
#include "web/dashboard.h"
#include "web/record.h"
#include "web/web.h"

enum { CHART_DAYS = 30 };

// ---- What was done ------------------------------------------------------------------------------

static void add_day(Ctx *ctx, TileData *data, Date day, int64_t count)
{
    *list_push(ctx->arena, &data->points) = (TilePoint){ .label = show_date(ctx, day),
                                                         .value = count,
                                                         .shown = show_number(ctx, count, 0) };
}

// Acts of each day, in the company's zone; days on which nothing happened are there, too.
static Status acts_by_day(Ctx *ctx, TileData *ret)
{
    Date today = tenant_today(ctx), next = today - CHART_DAYS + 1;
    Time from = zone_time(ctx->tenant->zone, next, 0);
    int64_t slot, count;
    Rows *rows = db_query(ctx, SQL("SELECT (at - $1) / 86400000000 AS slot, count(*) FROM audit_row"
                                   " WHERE at >= $1 GROUP BY 1 ORDER BY 1 LIMIT 40",
                                   from));
    while (rows_next(rows, &slot, &count)) {
        Date day = today - CHART_DAYS + 1 + (Date)slot;
        while (next < day && next <= today)
            add_day(ctx, ret, next++, 0);
        if (day == next && day <= today)
            add_day(ctx, ret, next++, count);
    }
    TRY(rows_end(rows));
    while (next <= today)
        add_day(ctx, ret, next++, 0);
    return OK;
}

static Status acts_today(Ctx *ctx, TileData *ret)
{
    TRY(acts_by_day(ctx, ret));
    ret->value = ret->points.items[ret->points.len - 1].shown;
    ret->unit = tr(ctx, "today");
    return OK;
}

static Status last_acts(Ctx *ctx, TileData *ret)
{
    Time at;
    Str act, title, kind, who;
    Id id;
    Rows *rows = db_query(ctx, SQL("SELECT a.at, a.act, a.title, COALESCE(a.subject_kind, ''),"
                                   " COALESCE(a.subject_id, 0), COALESCE(m.name, a.actor)"
                                   " FROM audit_row a LEFT JOIN member m ON m.id = a.member_id"
                                   " ORDER BY a.id DESC LIMIT 8"));
    while (rows_next(rows, &at, &act, &title, &kind, &id, &who)) {
        const EntityDef *e = entity_named(kind);
        TileRow *row = list_push(ctx->arena, &ret->rows);
        *row = (TileRow){ .label = title.len ? title : act,
                          .second = str_format(
                              ctx->arena, STR_FMT " · " STR_FMT,
                              STR_ARG(str_is(who, "system") ? tr(ctx, "The program") : who),
                              STR_ARG(e ? record_act_words(ctx, e, act) : act)),
                          .value = show_time(ctx, at),
                          .icon = e && e->icon ? e->icon : "list" };
        if (e && id && entity_is_open(ctx, e))
            row->url = record_url(ctx->arena, e, id);
    }
    ret->empty = tr(ctx, "Nothing has been done yet.");
    return rows_end(rows);
}

// ---- Jobs ---------------------------------------------------------------------------------------

static Status jobs_now(Ctx *ctx, TileData *ret)
{
    int64_t waiting, dead;
    TRY(db_one(ctx,
               SQL("SELECT count(*) FROM job"
                   " WHERE (state IN ('queued','waiting') OR state = 'running')"),
               &waiting));
    TRY(db_one(ctx, SQL("SELECT count(*) FROM job WHERE state = 'dead'"), &dead));
    ret->value = show_number(ctx, waiting, 0);
    ret->unit = tr(ctx, "waiting or running");
    ret->note =
        dead ? tr_plural(ctx, "%lld given up", "%lld given up", dead) : tr(ctx, "none given up");
    ret->note_tone = dead ? "down" : "up";
    return OK;
}

static Status given_up(Ctx *ctx, TileData *ret)
{
    Time at;
    Str name, why;
    Id id;
    Rows *rows = db_query(ctx, SQL("SELECT id, at, name, error_words FROM job WHERE state = 'dead'"
                                   " ORDER BY id DESC LIMIT 8"));
    while (rows_next(rows, &id, &at, &name, &why)) {
        const JobDef *def = job_named(name);
        *list_push(ctx->arena, &ret->rows) =
            (TileRow){ .label = def ? tr(ctx, def->label) : name,
                       .second = why,
                       .value = show_time(ctx, at),
                       .icon = "sync",
                       .url = url_path(ctx->arena, "/admin/jobs/{}", id_text(ctx->arena, id)) };
    }
    TRY(rows_end(rows));
    ret->empty = tr(ctx, "No background job was given up.");
    return db_one(ctx, SQL("SELECT count(*) FROM job WHERE state = 'dead'"), &ret->count);
}

static Status imports_to_correct(Ctx *ctx, TileData *ret)
{
    Str name, entity;
    Id id;
    int64_t bad;
    Rows *rows =
        db_query(ctx, SQL("SELECT id, file_name, entity, rows_bad FROM import_run"
                          " WHERE state IN ('done', 'stopped') AND rows_bad > 0 AND archived = 0"
                          " ORDER BY id DESC LIMIT 8"));
    while (rows_next(rows, &id, &name, &entity, &bad)) {
        const EntityDef *e = entity_named(entity);
        *list_push(ctx->arena, &ret->rows) =
            (TileRow){ .label = name,
                       .second = e ? tr(ctx, e->plural) : entity,
                       .value = tr_plural(ctx, "%lld refused", "%lld refused", bad),
                       .tone = "warn",
                       .icon = "up",
                       .url = url_path(ctx->arena, "/admin/import/{}", id_text(ctx->arena, id)) };
    }
    ret->count = (int64_t)ret->rows.len;
    ret->empty = tr(ctx, "No import has refused rows.");
    return rows_end(rows);
}

static const Tile tiles[] = {
    { "web.acts_today", "Done", TILE_FIGURE, "platform.audit", "/admin/platform/audit",
      acts_today },
    { "web.jobs", "Background jobs", TILE_FIGURE, "platform.jobs", "/admin/platform/jobs",
      jobs_now },
    { "web.acts", "What was done, last 30 days", TILE_CHART, "platform.audit",
      "/admin/platform/audit", acts_by_day },
    { "web.given_up", "Background jobs that were given up", TILE_WAITING, "platform.jobs",
      "/admin/platform/jobs?state=dead", given_up },
    { "web.imports", "Imports with refused rows", TILE_WAITING, "platform.import",
      "/admin/platform/imports", imports_to_correct },
    { "web.lately", "Lately", TILE_LIST, "platform.audit", "/admin/platform/audit", last_acts },
    { 0 },
};

// ---- The menu -----------------------------------------------------------------------------------

static const NavItem nav[] = {
    { "", "Home", "home", "/admin" },
    { "", "Inbox", "inbox", "/admin/inbox" },
    { "Know", "Reports", "chart", "/admin/reports" },
    { "Settings", "Settings", "gear", "/admin/settings", "platform.settings" },
    { "Settings", .entity = &member_entity },
    { "Settings", .entity = &role_entity },
    { "Settings", .entity = &number_series_entity },
    { "Settings", .entity = &custom_field_entity },
    { "Settings", .entity = &choice_entity },
    { "Settings", .entity = &api_key_entity },
    { "Settings", .entity = &webhook_endpoint_entity },
    { "Settings", .entity = &import_run_entity },
    { "Settings", "Background jobs", "sync", .entity = &job_entity },
    { "Settings", .entity = &mail_message_entity },
    { "Settings", .entity = &audit_row_entity },
    { 0 },
};

const Module web_part = {
    .name = "web",
    .label = "Home",
    .is_shared = true,
    .tiles = tiles,
    .nav = nav,
};
