// rest.c - REST from declarations.
//
// One handler serves each operation of all entities; the route says which entity it is about. What
// an operation may do is access.h's business; here requests become its arguments and results become
// JSON.
#include "kernel/http/rest.h"

#include "kernel/auth/actor.h"
#include "kernel/entity/access.h"
#include "kernel/entity/info.h"
#include "kernel/entity/query.h"
#include "kernel/entity/record.h"
#include "kernel/entity/scope.h"
#include "kernel/http/server.h"
#include "kernel/pdf.h"

enum { BULK_MAX = 500, ROUTES_MAX = 4096, LINES_PAGE = 500 };

static struct {
    const Route *all[ROUTES_MAX];
    size_t count;
} routes;

// ---- Reading a request --------------------------------------------------------------------------

static const EntityDef *entity_of(const Ctx *ctx)
{
    return ctx->request->route->entity;
}

static Status id_param(Ctx *ctx, Id *ret)
{
    if (id_parse(ctx->request->params[0], ret))
        return OK;
    return FAIL(ctx, E_NOT_FOUND, "record.not_found", "'" STR_FMT "' is no id",
                STR_ARG(ctx->request->params[0]));
}

// If-Match: "v3" (or just 3): the version the client has seen. 0: it did not say.
static Status if_match(Ctx *ctx, int64_t *ret)
{
    Str text = str_trim(request_header(ctx->request, "if-match"));
    *ret = 0;
    if (text.len == 0 || str_is(text, "*"))
        return OK;
    if (str_starts(text, S("W/")))
        text = str_from_at(text, 2);
    if (text.len >= 2 && text.ptr[0] == '"')
        text = str_sub(text, 1, text.len - 2);
    if (str_starts(text, S("v")))
        text = str_from_at(text, 1);
    if (!str_int(text, ret) || *ret < 1)
        return FAIL(ctx, E_INVALID, "query.if_match",
                    "If-Match holds the ETag of the record, like \"v3\"");
    return OK;
}

static bool wants(const Request *request, const char *part)
{
    Str list = request_query(request, "include"), one;
    while (str_next(&list, ',', &one))
        if (str_is(one, part))
            return true;
    return false;
}

// ---- Writing an answer --------------------------------------------------------------------------

Str rest_path(Arena *arena, const EntityDef *e, Id id, const char *more)
{
    Str path = str_format(arena, "/api/v1/%s/%s", e->module, e->path);
    if (id)
        path = str_format(arena, STR_FMT "/" STR_FMT, STR_ARG(path), STR_ARG(id_text(arena, id)));
    return more ? str_format(arena, STR_FMT "/%s", STR_ARG(path), more) : path;
}

static void put_etag(Ctx *ctx, const EntityDef *e, const void *record)
{
    if (entity_is_root(e))
        respond_header(
            ctx, "etag",
            str_format(ctx->arena, "\"v%lld\"", (long long)((const Record *)record)->version));
}

// Beyond LINES_PAGE rows a list of children comes by page; the record then holds the first of them
// and says where the rest is.
static void cut_lists(Ctx *ctx, const EntityDef *e, void *record)
{
    EACH (part, e->info->parts) {
        AnyList *list = FIELD_AT(record, part->field, AnyList);
        if (!part->child || list->len <= LINES_PAGE)
            continue;
        list->len = LINES_PAGE;
        Str next = rest_path(ctx->arena, e, *(Id *)record,
                             str_format(ctx->arena, "list/%s", part->field->name).ptr);
        respond_header(
            ctx, "link",
            str_format(ctx->arena, "<" STR_FMT ">; rel=\"%s\"", STR_ARG(next), part->field->name));
    }
}

static Status answer_record(Ctx *ctx, const EntityDef *e, void *record, int status)
{
    JsonOut json = { .out = &ctx->request->out };
    int flags = JSON_MASKED | (wants(ctx->request, "titles") ? JSON_TITLES : 0);
    put_etag(ctx, e, record);
    cut_lists(ctx, e, record);
    TRY(record_to_json(ctx, e, record, flags, NULL, &json));
    return respond_json(ctx, status);
}

static Status answer_created(Ctx *ctx, const EntityDef *e, void *record, int status)
{
    respond_header(ctx, "location", rest_path(ctx->arena, e, *(Id *)record, NULL));
    return answer_record(ctx, e, record, status);
}

static Status answer_saved(Ctx *ctx, const EntityDef *e, Id id)
{
    void *record = arena_alloc(ctx->arena, e->size);
    TRY(record_load(ctx, e, id, record));
    return answer_record(ctx, e, record, 200);
}

// ---- Lists --------------------------------------------------------------------------------------

static void put_cell(Ctx *ctx, const Cell *cell, JsonOut *json)
{
    const FieldDef *f = cell->path->field;
    Arena *arena = ctx->arena;
    if (!cell->known) {
        json_put_null(json);
        return;
    }
    if (!f) {
        switch (cell->path->kind) {
        case PATH_CREATED:
        case PATH_UPDATED:
        case PATH_AT: json_put_str(json, time_text(arena, cell->number)); return;
        case PATH_FROM:
        case PATH_UNTIL: json_put_str(json, date_text(arena, (Date)cell->number)); return;
        case PATH_ARCHIVED: json_put_bool(json, cell->number); return;
        case PATH_VERSION:
        case PATH_POSITION: json_put_int(json, cell->number); return;
        case PATH_ASSIGNED:
        case PATH_CUSTOM:
        case PATH_PATH: json_put_str(json, cell->text); return;
        default: json_put_str(json, id_text(arena, cell->number)); return;
        }
    }
    switch ((FieldType)f->type) {
    case FIELD_BOOL: json_put_bool(json, cell->number); return;
    case FIELD_INT: json_put_int(json, cell->number); return;
    case FIELD_MONEY:
        json_put_str(json, decimal_text(arena, cell->number, currency_digits(cell->currency)));
        return;
    case FIELD_PRICE:
    case FIELD_QTY:
    case FIELD_RATE: json_put_str(json, decimal_short(arena, cell->number, 6)); return;
    case FIELD_FX: json_put_str(json, decimal_short(arena, cell->number, 9)); return;
    case FIELD_DATE: json_put_str(json, date_text(arena, (Date)cell->number)); return;
    case FIELD_TIME: json_put_str(json, time_text(arena, cell->number)); return;
    case FIELD_CLOCK: json_put_str(json, clock_text(arena, (Clock)cell->number)); return;
    case FIELD_REF:
    case FIELD_CHOICE:
    case FIELD_FILE:
    case FIELD_LINK: json_put_str(json, id_text(arena, cell->number)); return;
    case FIELD_SECRET: json_put_bool(json, cell->text.len > 0); return;
    case FIELD_SHAPE:
    case FIELD_SHAPES:
    case FIELD_JSON: json_put_raw(json, cell->text); return;
    default: json_put_str(json, cell->text); return;
    }
}

static bool has_title(const Cell *cell)
{
    const FieldDef *f = cell->path->field;
    return f && cell->known &&
           (f->type == FIELD_REF || f->type == FIELD_CHOICE || f->type == FIELD_LINK);
}

static void put_row(Ctx *ctx, const EntityQuery *query, const EntityRow *row, JsonOut *json)
{
    bool keyed = entity_is_keyed(query->entity);
    json_open(json, '{');
    if (!keyed) {
        json_key(json, "id");
        json_put_str(json, id_text(ctx->arena, row->id));
    }
    if (entity_is_root(query->entity)) {
        json_key(json, "version");
        json_put_int(json, row->version);
    }
    for (size_t i = 0; i < query->columns.len; i++) {
        const FieldPath *path = &query->columns.items[i];
        Str name = path_text(ctx->arena, path);
        if (path->kind == PATH_ID || path->kind == PATH_VERSION)
            continue;
        json_key_str(json, name);
        put_cell(ctx, &row->cells[i], json);
        if (has_title(&row->cells[i])) {
            json_key_str(json, str_join(ctx->arena, name, S("_title")));
            json_put_str(json, row->cells[i].text);
        }
    }
    json_close(json, '}');
}

// {"items": [...], "next": cursor or null, "previous": ..., "count": n}
static Status answer_list(Ctx *ctx, const EntityQuery *query)
{
    EntityRows rows;
    JsonOut json = { .out = &ctx->request->out };
    TRY(entity_query(ctx, query, &rows));
    json_open(&json, '{');
    json_key(&json, "items");
    json_open(&json, '[');
    EACH (row, rows.rows)
        put_row(ctx, query, row, &json);
    json_close(&json, ']');
    const Str cursors[] = { rows.next, rows.previous };
    const char *const names[] = { "next", "previous" };
    for (int i = 0; i < 2; i++) {
        json_key(&json, names[i]);
        if (cursors[i].len)
            json_put_str(&json, cursors[i]);
        else
            json_put_null(&json);
    }
    if (rows.count >= 0) {
        json_key(&json, "count");
        json_put_int(&json, rows.count);
    }
    json_close(&json, '}');
    return respond_json(ctx, 200);
}

static Status rest_list(Ctx *ctx)
{
    EntityQuery query;
    TRY(entity_query_parse(ctx, entity_of(ctx), &ctx->request->query, &query));
    return answer_list(ctx, &query);
}

// The rows a record owns, by page: /orders/{id}/lines.
static Status rest_children(Ctx *ctx)
{
    const EntityDef *e = entity_of(ctx);
    const FieldDef *list = entity_field(e, ctx->request->params[1]);
    EntityQuery query;
    Id id;
    bool seen;
    TRY(id_param(ctx, &id));
    if (!list || list->type != FIELD_LIST)
        return FAIL(ctx, E_NOT_FOUND, "http.not_found", "there is no list '" STR_FMT "' here",
                    STR_ARG(ctx->request->params[1]));
    TRY(scope_require_read(ctx, e));
    TRY(entity_may_see(ctx, e, id, &seen));
    if (!seen || !actor_may_read_field(ctx->actor, list))
        return FAIL(ctx, E_NOT_FOUND, "record.not_found", "there is no such %s", e->label);
    TRY(entity_query_parse(ctx, list->of, &ctx->request->query, &query));
    Filter parent = { .op = FILTER_IS, .text = ctx->request->params[0] };
    TRY(path_resolve(ctx, list->of, S("parent"), &parent.path));
    *list_push(ctx->arena, &query.filters) = parent;
    return answer_list(ctx, &query);
}

// ---- One record ---------------------------------------------------------------------------------

static Status rest_get(Ctx *ctx)
{
    const EntityDef *e = entity_of(ctx);
    void *record = arena_alloc(ctx->arena, e->size);
    Id id;
    TRY(id_param(ctx, &id));
    TRY(access_get(ctx, e, id, record));
    return answer_record(ctx, e, record, 200);
}

// `?then=ACTION`: created and, say, placed, or neither; 202: created, and the action asked for.
static Status rest_create(Ctx *ctx)
{
    const EntityDef *e = entity_of(ctx);
    void *record = arena_alloc(ctx->arena, e->size);
    const Json *input;
    Str then = request_query(ctx->request, "then");
    bool is_asked = false;
    Id id;
    TRY(request_json(ctx, &input));
    if (then.len) {
        TRY(access_create_then(ctx, e, input, then, record, &is_asked));
    } else {
        TRY(access_create(ctx, e, input, 0, &id));
        TRY(record_load(ctx, e, id, record));
    }
    return answer_created(ctx, e, record, is_asked ? 202 : 201);
}

static Status rest_update(Ctx *ctx)
{
    const Json *input;
    int64_t version;
    Id id;
    TRY(id_param(ctx, &id));
    TRY(if_match(ctx, &version));
    TRY(request_json(ctx, &input));
    TRY(access_update(ctx, entity_of(ctx), id, version, input, 0));
    return answer_saved(ctx, entity_of(ctx), id);
}

static Status rest_delete(Ctx *ctx)
{
    int64_t version;
    Id id;
    TRY(id_param(ctx, &id));
    TRY(if_match(ctx, &version));
    TRY(access_delete(ctx, entity_of(ctx), id, version));
    ctx->request->status = 204;
    return OK;
}

static Status set_archived(Ctx *ctx, bool archived)
{
    int64_t version;
    Id id;
    TRY(id_param(ctx, &id));
    TRY(if_match(ctx, &version));
    TRY(access_archive(ctx, entity_of(ctx), id, version, archived));
    return answer_saved(ctx, entity_of(ctx), id);
}

static Status rest_archive(Ctx *ctx)
{
    return set_archived(ctx, true);
}

static Status rest_restore(Ctx *ctx)
{
    return set_archived(ctx, false);
}

// ---- Actions ------------------------------------------------------------------------------------

static Status optional_body(Ctx *ctx, const Json **ret)
{
    static const Json nothing = { .type = JSON_OBJECT };
    *ret = &nothing;
    return ctx->request->body.len ? request_json(ctx, ret) : OK;
}

void rest_put_made(Ctx *ctx, Link made, JsonOut *json)
{
    json_key(json, "made");
    if (!made.entity) {
        json_put_null(json);
        return;
    }
    json_open(json, '{');
    json_key(json, "kind");
    json_put_str(json, str_from(made.entity->name));
    json_key(json, "id");
    json_put_str(json, id_text(ctx->arena, made.id));
    json_key(json, "href");
    json_put_str(json, rest_path(ctx->arena, made.entity, made.id, NULL));
    json_close(json, '}');
}

// {"record": the record afterwards, "made": what the action made}. 202: it was not done but asked
// for, and what was made is the approval.
static Status answer_action(Ctx *ctx, const EntityDef *e, Id id, Link made)
{
    JsonOut json = { .out = &ctx->request->out };
    bool found = false;
    void *record = arena_alloc(ctx->arena, e->size);
    if (id)
        TRY(record_load_maybe(ctx, e, id, record, &found));
    json_open(&json, '{');
    json_key(&json, "record");
    if (found) {
        put_etag(ctx, e, record);
        cut_lists(ctx, e, record);
        TRY(record_to_json(ctx, e, record, JSON_MASKED, NULL, &json));
    } else {
        json_put_null(&json);
    }
    rest_put_made(ctx, made, &json);
    json_close(&json, '}');
    return respond_json(ctx, action_was_asked(made) ? 202 : 200);
}

static Status rest_action(Ctx *ctx)
{
    const Route *route = ctx->request->route;
    const Json *input;
    int64_t version;
    Link made;
    Id id = 0;
    if (!(route->action->flags & ACTION_NO_RECORD))
        TRY(id_param(ctx, &id));
    TRY(if_match(ctx, &version));
    TRY(optional_body(ctx, &input));
    TRY(action_run(ctx, route->entity, id, version, route->action->name, input, 0, &made));
    return answer_action(ctx, route->entity, id, made);
}

// ---- Bulk ---------------------------------------------------------------------------------------

typedef struct BulkRow {
    const EntityDef *entity;
    const Json *input;
    Id id;
    bool created;
} BulkRow;

static Status upsert_one(Ctx *ctx, void *arg)
{
    BulkRow *row = arg;
    return access_upsert(ctx, row->entity, row->input, 0, &row->id, &row->created);
}

static void put_bulk_result(Ctx *ctx, const BulkRow *row, Status status, JsonOut *json)
{
    json_open(json, '{');
    json_key(json, "ok");
    json_put_bool(json, status == OK);
    if (status == OK) {
        json_key(json, "id");
        json_put_str(json, id_text(ctx->arena, row->id));
        json_key(json, "created");
        json_put_bool(json, row->created);
    } else {
        json_key(json, "code");
        json_put_str(json, str_from(ctx->failure.code));
        json_key(json, "detail");
        json_put_str(json, ctx->failure.message);
        json_key(json, "problems");
        json_open(json, '[');
        EACH (p, ctx->failure.problems) {
            json_open(json, '{');
            json_key(json, "path");
            json_put_str(json, p->path);
            json_key(json, "message");
            json_put_str(json, p->message);
            json_close(json, '}');
        }
        json_close(json, ']');
    }
    json_close(json, '}');
}

// Each row stands or falls alone; the answer has one result a row, in order.
static Status rest_bulk(Ctx *ctx)
{
    const Json *input;
    JsonOut json = { .out = &ctx->request->out };
    TRY(request_json(ctx, &input));
    if (input->type != JSON_ARRAY)
        return FAIL(ctx, E_INVALID, "body.array", "a bulk request is a JSON array of records");
    if (input->count > BULK_MAX)
        return FAIL(ctx, E_INVALID, "bulk.too_many", "at most %d records at once, these are %zu",
                    BULK_MAX, input->count);
    json_open(&json, '[');
    JSON_EACH (one, input) {
        BulkRow row = { .entity = entity_of(ctx), .input = one };
        Status status = db_try(ctx, upsert_one, &row);
        if (status == E_BUSY || status == E_INTERNAL)
            return status;
        put_bulk_result(ctx, &row, status, &json);
        ctx_recover(ctx);
    }
    json_close(&json, ']');
    return respond_json(ctx, 200);
}

// ---- Paper --------------------------------------------------------------------------------------

static const PrintForm *print_named(const EntityDef *e, Str name)
{
    for (const Module *const *m = modules_all(); *m; m++)
        for (const PrintForm *p = (*m)->prints; p && p->name; p++)
            if (p->entity == e && str_is(name, p->name))
                return p;
    return NULL;
}

static Status rest_print(Ctx *ctx)
{
    const EntityDef *e = entity_of(ctx);
    const PrintForm *form = print_named(e, ctx->request->params[1]);
    void *record = arena_alloc(ctx->arena, e->size);
    Id id;
    Str pdf;
    TRY(id_param(ctx, &id));
    if (!form)
        return FAIL(ctx, E_NOT_FOUND, "http.not_found", "there is no form '" STR_FMT "' to print",
                    STR_ARG(ctx->request->params[1]));
    TRY(access_get(ctx, e, id, record));
    TRY(form->draw(ctx, record, &pdf));
    respond_header(ctx, "content-disposition",
                   str_format(ctx->arena, "inline; filename=\"%s.pdf\"", form->name));
    return respond(ctx, 200, S("application/pdf"), pdf);
}

// ---- The table ----------------------------------------------------------------------------------

static void add_route(const Route *route)
{
    if (routes.count < ROUTES_MAX)
        routes.all[routes.count++] = route;
}

static void derive(const EntityDef *e, const char *method, const char *more, const char *permission,
                   RouteKind kind, Status (*handle)(Ctx *), unsigned flags, const char *summary,
                   const Action *action)
{
    Arena *arena = registry_arena();
    Route *route = NEW(arena, Route);
    *route = (Route){ .method = method,
                      .pattern = str_format(arena, "/api/v1/%s/%s%s", e->module, e->path, more).ptr,
                      .permission = permission,
                      .kind = kind,
                      .handle = handle,
                      .flags = flags,
                      .summary = str_format(arena, "%s: %s", e->plural, summary).ptr,
                      .entity = e,
                      .action = action,
                      .input = action ? action->input : NULL,
                      .module = e->info->module->name };
    add_route(route);
}

static void derive_actions(const EntityDef *e)
{
    const Machine *machine = machine_of(e);
    Arena *arena = registry_arena();
    for (const Action *a = machine ? machine->actions : NULL; a && a->name; a++) {
        unsigned flags = a->flags & ACTION_PORTAL ? ROUTE_PORTAL : 0;
        if (a->flags & ACTION_INTERNAL)
            continue;
        Buf more = { .arena = arena };
        buf_c(&more, a->flags & ACTION_NO_RECORD ? "/_action/" : "/{id}/");
        buf_c(&more, a->name);
        derive(e, "POST", buf_str(&more).ptr, a->permission, ROUTE_WRITE, rest_action, flags,
               text_english(a->label), a);
    }
}

static bool is_shown(const EntityDef *e)
{
    return e->path && !entity_is_child(e) && !e->extends && strcmp(e->module, "control") != 0 &&
           !(e->api && strcmp(e->api, "none") == 0);
}

static bool is_writable(const EntityDef *e)
{
    return entity_is_root(e) && !(e->api && strcmp(e->api, "read") == 0);
}

static void derive_entity(const EntityDef *e)
{
    const char *read = e->info->read_permission, *write = e->info->write_permission;
    unsigned portal = e->portal ? ROUTE_PORTAL : 0;
    derive(e, "GET", "", read, ROUTE_READ, rest_list, portal, "list", NULL);
    if (entity_is_keyed(e))
        return;
    derive(e, "GET", "/{id}", read, ROUTE_READ, rest_get, portal, "one", NULL);
    derive(e, "GET", "/{id}/list/{name}", read, ROUTE_READ, rest_children, portal, "owned rows",
           NULL);
    derive(e, "GET", "/{id}/print/{name}", read, ROUTE_READ, rest_print, portal, "paper form",
           NULL);
    if (!is_writable(e))
        return;
    derive(e, "POST", "", write, ROUTE_WRITE, rest_create, 0, "create", NULL);
    derive(e, "POST", "/_bulk", write, ROUTE_WRITE, rest_bulk, 0, "create or update many", NULL);
    derive(e, "PATCH", "/{id}", write, ROUTE_WRITE, rest_update, 0, "update", NULL);
    derive(e, "DELETE", "/{id}", write, ROUTE_WRITE, rest_delete, 0, "delete", NULL);
    derive(e, "POST", "/{id}/archive", write, ROUTE_WRITE, rest_archive, 0, "archive", NULL);
    derive(e, "POST", "/{id}/restore", write, ROUTE_WRITE, rest_restore, 0, "restore", NULL);
    derive_actions(e);
}

static void add_module_routes(const Module *module)
{
    for (const Route *r = module->routes; r && r->method; r++) {
        Route *route = NEW(registry_arena(), Route);
        *route = *r;
        route->module = module->name;
        add_route(route);
    }
}

void rest_start(const Route *const *more)
{
    size_t count;
    const EntityDef *const *all = entities_all(&count);
    routes.count = 0;
    for (const Module *const *m = modules_all(); *m; m++)
        add_module_routes(*m);
    for (size_t i = 0; i < count; i++)
        if (is_shown(all[i]))
            derive_entity(all[i]);
    for (const Route *const *table = more; table && *table; table++)
        for (const Route *r = *table; r->method; r++)
            add_route(r);
    routes_use(routes.all, routes.count);
}

const Route *const *routes_all(size_t *ret_count)
{
    *ret_count = routes.count;
    return routes.all;
}
