// openapi.c - every route as an operation. A route that follows from an entity is recognised by
// what it was derived with; of the others the route's own table says what goes in and comes out.
#include "kernel/http/openapi.h"

#include "kernel/entity/access.h"
#include "kernel/entity/info.h"
#include "kernel/http/openapi_parts.h"
#include "kernel/http/request.h"
#include "kernel/http/rest.h"
#include "kernel/http/server.h"

#include <ctype.h>
#include <pthread.h>

// What an operation on an entity is, read off its route.
typedef enum Operation {
    OPERATION_OTHER,
    OPERATION_LIST,
    OPERATION_CREATE,
    OPERATION_BULK,
    OPERATION_GET,
    OPERATION_UPDATE,
    OPERATION_DELETE,
    OPERATION_SHELVE,  // archive and restore
    OPERATION_CHILDREN,
    OPERATION_PRINT,
    OPERATION_ACTION,
} Operation;

static Operation operation_of(Arena *arena, const Route *route)
{
    static const struct {
        const char *method, *more;
        Operation operation;
    } operations[] = {
        { "GET", "", OPERATION_LIST },
        { "POST", "", OPERATION_CREATE },
        { "POST", "/_bulk", OPERATION_BULK },
        { "GET", "/{id}", OPERATION_GET },
        { "PATCH", "/{id}", OPERATION_UPDATE },
        { "DELETE", "/{id}", OPERATION_DELETE },
        { "POST", "/{id}/archive", OPERATION_SHELVE },
        { "POST", "/{id}/restore", OPERATION_SHELVE },
        { "GET", "/{id}/list/{name}", OPERATION_CHILDREN },
        { "GET", "/{id}/print/{name}", OPERATION_PRINT },
    };
    if (route->action)
        return OPERATION_ACTION;
    if (!route->entity)
        return OPERATION_OTHER;
    Str collection = rest_path(arena, route->entity, 0, NULL);
    Str more = str_from_at(str_from(route->pattern), collection.len);
    for (size_t i = 0; i < COUNT(operations); i++)
        if (str_is(more, operations[i].more) && strcmp(route->method, operations[i].method) == 0)
            return operations[i].operation;
    return OPERATION_OTHER;
}

static bool is_described(const Route *route)
{
    return !(route->flags & ROUTE_HIDDEN) && str_starts(str_from(route->pattern), S("/api/"));
}

// ---- Small pieces -------------------------------------------------------------------------------

static void put_schema_ref(OpenApi *api, Str name)
{
    put_ref(api, "schemas", name);
}

static void open_json_content(OpenApi *api)
{
    json_key(&api->json, "content");
    json_open(&api->json, '{');
    json_key(&api->json, "application/json");
    json_open(&api->json, '{');
    json_key(&api->json, "schema");
}

static void close_content(OpenApi *api)
{
    json_close(&api->json, '}');
    json_close(&api->json, '}');
}

// "/api/v1/oms/orders/{id}/confirm", "POST" -> "post_oms_orders_by_id_confirm"
static Str operation_id(OpenApi *api, const Route *route)
{
    Buf out = { .arena = api->arena };
    for (const char *c = route->method; *c; c++)
        buf_char(&out, (char)tolower((unsigned char)*c));
    Str rest = str_from(route->pattern), part;
    while (str_next(&rest, '/', &part)) {
        if (part.len == 0 || str_is(part, "api") || str_is(part, "v1"))
            continue;
        bool is_parameter = part.ptr[0] == '{';
        buf_c(&out, is_parameter ? "_by_" : "_");
        for (size_t i = 0; i < part.len; i++)
            if (isalnum((unsigned char)part.ptr[i]) || (part.ptr[i] == '_' && i > 0))
                buf_char(&out, part.ptr[i]);
            else if (i > 0 && i + 1 < part.len)
                buf_char(&out, '_');
    }
    return buf_str(&out);
}

// ---- Parameters ---------------------------------------------------------------------------------

static void put_path_parameters(OpenApi *api, const Route *route)
{
    Str rest = str_from(route->pattern), part;
    while (str_next(&rest, '/', &part)) {
        if (part.len < 3 || part.ptr[0] != '{')
            continue;
        json_open(&api->json, '{');
        json_key(&api->json, "name");
        json_put_str(&api->json, str_sub(part, 1, part.len - 2));
        put_text_member(api, "in", "path");
        json_key(&api->json, "required");
        json_put_bool(&api->json, true);
        json_key(&api->json, "schema");
        json_open(&api->json, '{');
        put_text_member(api, "type", "string");
        json_close(&api->json, '}');
        json_close(&api->json, '}');
    }
}

// {"name":"then","in":"query","schema":{"enum":["place","quote"]}}, where something can follow.
static void put_then(OpenApi *api, const EntityDef *e)
{
    ActionList following;
    actions_following(api->arena, e, &following);
    if (following.len == 0)
        return;
    json_open(&api->json, '{');
    put_text_member(api, "name", "then");
    put_text_member(api, "in", "query");
    put_text_member(api, "description",
                    "Done to the new record in the same transaction; its permission is needed, "
                    "too, and a refusal of it undoes the creation");
    json_key(&api->json, "schema");
    json_open(&api->json, '{');
    put_text_member(api, "type", "string");
    json_key(&api->json, "enum");
    json_open(&api->json, '[');
    EACH (action, following)
        json_put_str(&api->json, str_from((*action)->name));
    json_close(&api->json, ']');
    json_close(&api->json, '}');
    json_close(&api->json, '}');
}

static void put_parameters(OpenApi *api, const Route *route, Operation operation)
{
    static const char *const lists[] = { "Filter", "Sort",  "Fields",   "Limit", "After",
                                         "Before", "Query", "Archived", "Count" };
    bool is_list = operation == OPERATION_LIST || operation == OPERATION_CHILDREN;
    bool has_version = operation == OPERATION_UPDATE || operation == OPERATION_DELETE ||
                       operation == OPERATION_SHELVE || operation == OPERATION_ACTION;
    json_key(&api->json, "parameters");
    json_open(&api->json, '[');
    put_path_parameters(api, route);
    for (size_t i = 0; is_list && i < COUNT(lists); i++)
        put_ref(api, "parameters", str_from(lists[i]));
    if (operation == OPERATION_GET)
        put_ref(api, "parameters", S("Include"));
    if (operation == OPERATION_CREATE)
        put_then(api, route->entity);
    if (has_version)
        put_ref(api, "parameters", S("IfMatch"));
    if (route->kind == ROUTE_WRITE && strcmp(route->method, "POST") == 0)
        put_ref(api, "parameters", S("IdempotencyKey"));
    if (!(route->flags & ROUTE_CONTROL))
        put_ref(api, "parameters", S("Tenant"));
    json_close(&api->json, ']');
}

// ---- What goes in -------------------------------------------------------------------------------

static void put_any_object(OpenApi *api)
{
    json_open(&api->json, '{');
    put_text_member(api, "type", "object");
    json_key(&api->json, "additionalProperties");
    json_put_bool(&api->json, true);
    json_close(&api->json, '}');
}

static void put_body_schema(OpenApi *api, const Route *route, Operation operation)
{
    const EntityDef *e = route->entity;
    if (operation == OPERATION_CREATE) {
        put_schema_ref(api, schema_name(api->arena, e, SCHEMA_CREATED));
    } else if (operation == OPERATION_UPDATE) {
        put_schema_ref(api, schema_name(api->arena, e, SCHEMA_CHANGED));
    } else if (operation == OPERATION_BULK) {
        json_open(&api->json, '{');
        put_text_member(api, "type", "array");
        json_key(&api->json, "items");
        put_schema_ref(api, schema_name(api->arena, e, SCHEMA_CHANGED));
        json_close(&api->json, '}');
    } else if (route->input) {
        put_schema_ref(api, shape_name(api->arena, route->input));
    } else {
        put_any_object(api);
    }
}

static void put_body(OpenApi *api, const Route *route, Operation operation)
{
    bool has_body = strcmp(route->method, "GET") != 0 && operation != OPERATION_DELETE &&
                    operation != OPERATION_SHELVE &&
                    !(operation == OPERATION_ACTION && !route->input);
    if (!has_body || route->flags & ROUTE_RAW_BODY)
        return;
    json_key(&api->json, "requestBody");
    json_open(&api->json, '{');
    json_key(&api->json, "required");
    json_put_bool(&api->json, operation != OPERATION_OTHER || route->input);
    open_json_content(api);
    put_body_schema(api, route, operation);
    close_content(api);
    json_close(&api->json, '}');
}

// ---- What comes out -----------------------------------------------------------------------------

static void open_object(OpenApi *api, const char *const *required)
{
    json_open(&api->json, '{');
    put_text_member(api, "type", "object");
    json_key(&api->json, "required");
    json_open(&api->json, '[');
    for (; *required; required++)
        json_put_str(&api->json, str_from(*required));
    json_close(&api->json, ']');
    json_key(&api->json, "properties");
    json_open(&api->json, '{');
}

static void close_object(OpenApi *api)
{
    json_close(&api->json, '}');
    json_close(&api->json, '}');
}

static void put_cursor(OpenApi *api, const char *name)
{
    json_key(&api->json, name);
    json_open(&api->json, '{');
    json_key(&api->json, "type");
    json_open(&api->json, '[');
    json_put_str(&api->json, S("string"));
    json_put_str(&api->json, S("null"));
    json_close(&api->json, ']');
    json_close(&api->json, '}');
}

// What the rows of /{id}/list/{name} are depends on the name.
static void put_list_schema(OpenApi *api, const EntityDef *e)
{
    static const char *const required[] = { "items", "next", "previous", NULL };
    open_object(api, required);
    json_key(&api->json, "items");
    json_open(&api->json, '{');
    put_text_member(api, "type", "array");
    json_key(&api->json, "items");
    if (e)
        put_schema_ref(api, schema_name(api->arena, e, SCHEMA_ANSWERED));
    else
        put_any_object(api);
    json_close(&api->json, '}');
    put_cursor(api, "next");
    put_cursor(api, "previous");
    json_key(&api->json, "count");
    json_open(&api->json, '{');
    put_text_member(api, "type", "integer");
    json_close(&api->json, '}');
    close_object(api);
}

static void put_action_schema(OpenApi *api, const EntityDef *e)
{
    static const char *const required[] = { "record", "made", NULL };
    open_object(api, required);
    json_key(&api->json, "record");
    json_open(&api->json, '{');
    json_key(&api->json, "oneOf");
    json_open(&api->json, '[');
    put_schema_ref(api, schema_name(api->arena, e, SCHEMA_ANSWERED));
    json_open(&api->json, '{');
    put_text_member(api, "type", "null");
    json_close(&api->json, '}');
    json_close(&api->json, ']');
    json_close(&api->json, '}');
    json_key(&api->json, "made");
    put_schema_ref(api, S("Made"));
    close_object(api);
}

static void put_answer_schema(OpenApi *api, const Route *route, Operation operation)
{
    const EntityDef *e = route->entity;
    switch (operation) {
    case OPERATION_LIST: put_list_schema(api, e); return;
    case OPERATION_CHILDREN: put_list_schema(api, NULL); return;
    case OPERATION_ACTION: put_action_schema(api, e); return;
    case OPERATION_BULK:
        json_open(&api->json, '{');
        put_text_member(api, "type", "array");
        json_key(&api->json, "items");
        put_schema_ref(api, S("BulkResult"));
        json_close(&api->json, '}');
        return;
    case OPERATION_OTHER:
        if (route->output)
            put_schema_ref(api, shape_name(api->arena, route->output));
        else
            json_put_raw(&api->json, S("{}"));
        return;
    default: put_schema_ref(api, schema_name(api->arena, e, SCHEMA_ANSWERED)); return;
    }
}

static void put_pdf(OpenApi *api)
{
    json_key(&api->json, "content");
    json_open(&api->json, '{');
    json_key(&api->json, "application/pdf");
    json_open(&api->json, '{');
    json_close(&api->json, '}');
    json_close(&api->json, '}');
}

static void put_responses(OpenApi *api, const Route *route, Operation operation)
{
    bool is_empty = operation == OPERATION_DELETE;
    json_key(&api->json, "responses");
    json_open(&api->json, '{');
    json_key(&api->json, operation == OPERATION_CREATE ? "201" : is_empty ? "204" : "200");
    json_open(&api->json, '{');
    put_text_member(api, "description", is_empty ? "It is gone" : "Done");
    if (operation == OPERATION_PRINT) {
        put_pdf(api);
    } else if (!is_empty) {
        open_json_content(api);
        put_answer_schema(api, route, operation);
        close_content(api);
    }
    json_close(&api->json, '}');
    json_key(&api->json, "default");
    put_ref(api, "responses", S("Refused"));
    json_close(&api->json, '}');
}

// ---- Operations ---------------------------------------------------------------------------------

static void put_description(OpenApi *api, const Route *route)
{
    Buf text = { .arena = api->arena };
    if (route->action && route->action->effect)
        buf_printf(&text, "%s. ", route->action->effect);
    if (route->flags & ROUTE_PUBLIC)
        buf_c(&text, "Needs nobody signed in.");
    else if (route->permission && route->permission[0])
        buf_printf(&text, "Needs the permission `%s`.", route->permission);
    else
        buf_c(&text, "For anybody signed in.");
    if (route->flags & ROUTE_PORTAL)
        buf_c(&text, " Outside people may ask about what is theirs.");
    json_key(&api->json, "description");
    json_put_str(&api->json, buf_str(&text));
}

static void put_operation(OpenApi *api, const Route *route)
{
    Operation operation = operation_of(api->arena, route);
    json_key_str(&api->json, str_lower_ascii(api->arena, str_from(route->method)));
    json_open(&api->json, '{');
    json_key(&api->json, "operationId");
    json_put_str(&api->json, operation_id(api, route));
    put_text_member(api, "summary", route->summary ? route->summary : route->pattern);
    put_description(api, route);
    json_key(&api->json, "tags");
    json_open(&api->json, '[');
    json_put_str(&api->json, str_from(route->module ? route->module : "program"));
    json_close(&api->json, ']');
    put_parameters(api, route, operation);
    put_body(api, route, operation);
    put_responses(api, route, operation);
    if (route->flags & ROUTE_PUBLIC) {
        json_key(&api->json, "security");
        json_open(&api->json, '[');
        json_close(&api->json, ']');
    }
    json_close(&api->json, '}');
}

// Methods of one path stand together, wherever their routes are listed.
static void put_paths(OpenApi *api, const Route *const *all, size_t count)
{
    Map done = { .arena = api->arena };
    json_key(&api->json, "paths");
    json_open(&api->json, '{');
    for (size_t i = 0; i < count; i++) {
        Str pattern = str_from(all[i]->pattern);
        if (!is_described(all[i]) || !map_put(&done, pattern, api))
            continue;
        json_key_str(&api->json, pattern);
        json_open(&api->json, '{');
        for (size_t k = i; k < count; k++)
            if (is_described(all[k]) && str_is(pattern, all[k]->pattern))
                put_operation(api, all[k]);
        json_close(&api->json, '}');
    }
    json_close(&api->json, '}');
}

// ---- The frame ----------------------------------------------------------------------------------

static void put_head(OpenApi *api)
{
    // clang-format off
    static const char head[] =
        "{\"title\":\"Entrepot\",\"version\":\"" ENTREPOT_VERSION "\","
        "\"summary\":\"Runs a company that makes, buys, stores and sells\","
        "\"description\":\"Amounts, prices, quantities and rates are decimal text, never floating "
        "point. Ids are text. Every refusal is a problem document with a stable code.\","
        "\"contact\":{\"name\":\"The maintainers of Entrepot\"},"
        "\"license\":{\"name\":\"Apache-2.0\",\"identifier\":\"Apache-2.0\"}}";
    // clang-format on
    put_text_member(api, "openapi", "3.1.0");
    json_key(&api->json, "info");
    json_put_raw(&api->json, str_from(head));
    json_key(&api->json, "servers");
    json_put_raw(&api->json, S("[{\"url\":\"/\",\"description\":\"The program that says this\"}]"));
    json_key(&api->json, "security");
    json_put_raw(&api->json, S("[{\"token\":[]}]"));
}

static void put_tag(OpenApi *api, const char *name, const char *label)
{
    json_open(&api->json, '{');
    put_text_member(api, "name", name);
    put_text_member(api, "description", label);
    json_close(&api->json, '}');
}

static void put_tags(OpenApi *api)
{
    json_key(&api->json, "tags");
    json_open(&api->json, '[');
    for (const Module *const *m = modules_all(); *m; m++)
        put_tag(api, (*m)->name, (*m)->label);
    put_tag(api, "program", "The program itself");
    json_close(&api->json, ']');
}

// clang-format off
static const char parameters[] =
    "{\"Filter\":{\"name\":\"filter\",\"in\":\"query\",\"style\":\"form\",\"explode\":true,"
      "\"description\":\"FIELD=value, or FIELD[not|in|from|to|above|below|starts|contains|empty|last|"
        "under]=value; also over one reference: customer.name=...\","
      "\"schema\":{\"type\":\"object\",\"additionalProperties\":{\"type\":\"string\"}}},"
    "\"Sort\":{\"name\":\"sort\",\"in\":\"query\",\"description\":\"Fields, - before one for "
      "descending\",\"schema\":{\"type\":\"string\"}},"
    "\"Fields\":{\"name\":\"fields\",\"in\":\"query\",\"description\":\"Which fields the rows have, "
      "with commas between\",\"schema\":{\"type\":\"string\"}},"
    "\"Limit\":{\"name\":\"limit\",\"in\":\"query\",\"description\":\"Rows a page\","
      "\"schema\":{\"type\":\"integer\",\"minimum\":1}},"
    "\"After\":{\"name\":\"after\",\"in\":\"query\",\"description\":\"`next` of the page before\","
      "\"schema\":{\"type\":\"string\"}},"
    "\"Before\":{\"name\":\"before\",\"in\":\"query\",\"description\":\"`previous` of the page "
      "behind\",\"schema\":{\"type\":\"string\"}},"
    "\"Query\":{\"name\":\"q\",\"in\":\"query\",\"description\":\"Words to search for\","
      "\"schema\":{\"type\":\"string\"}},"
    "\"Archived\":{\"name\":\"archived\",\"in\":\"query\",\"description\":\"Archived records, which "
      "are left out otherwise\",\"schema\":{\"type\":\"string\"}},"
    "\"Count\":{\"name\":\"count\",\"in\":\"query\",\"description\":\"`1`: say how many match\","
      "\"schema\":{\"type\":\"string\"}},"
    "\"Include\":{\"name\":\"include\",\"in\":\"query\",\"description\":\"`titles`: each reference "
      "also as FIELD_title\",\"schema\":{\"type\":\"string\"}},"
    "\"IfMatch\":{\"name\":\"If-Match\",\"in\":\"header\",\"description\":\"The ETag of the record "
      "as you know it; refused with 412 if somebody else has changed it\","
      "\"schema\":{\"type\":\"string\"}},"
    "\"IdempotencyKey\":{\"name\":\"Idempotency-Key\",\"in\":\"header\",\"description\":\"Your name "
      "for this request: sent again with the same key, it is answered, not done again\","
      "\"schema\":{\"type\":\"string\",\"maxLength\":200}},"
    "\"Tenant\":{\"name\":\"X-Tenant\",\"in\":\"header\",\"description\":\"Which company, where "
      "neither the address nor the token says it\",\"schema\":{\"type\":\"string\"}}}";

static const char schemes[] =
    "{\"token\":{\"type\":\"http\",\"scheme\":\"bearer\",\"description\":\"The access_token of "
      "/api/v1/auth/login, or an API key (entrepot apikey)\"}}";

static const char refused[] =
    "{\"Refused\":{\"description\":\"Refused; `code` says why. 401 sign in, 403 not allowed, 404 not "
      "there (or not yours to see), 409 not now, 412 changed meanwhile, 422 wrong input, 429 too "
      "often, 503 later\",\"content\":{\"application/problem+json\":{\"schema\":"
      "{\"$ref\":\"#/components/schemas/Problem\"}}}}}";
// clang-format on

static void note_entity(OpenApi *api, EntityUseList *uses, const Route *route)
{
    Operation operation = operation_of(api->arena, route);
    bool is_written = operation == OPERATION_CREATE || operation == OPERATION_UPDATE;
    EACH (use, *uses)
        if (use->entity == route->entity) {
            use->is_written |= is_written;
            return;
        }
    *list_push(api->arena, uses) = (EntityUse){ route->entity, is_written };
}

static void put_components(OpenApi *api, const Route *const *all, size_t count)
{
    EntityUseList entities = { 0 };
    ShapeUseList shapes = { 0 };
    for (size_t i = 0; i < count; i++) {
        if (!is_described(all[i]))
            continue;
        if (all[i]->entity)
            note_entity(api, &entities, all[i]);
        if (all[i]->input)
            *list_push(api->arena, &shapes) = all[i]->input;
        if (all[i]->output)
            *list_push(api->arena, &shapes) = all[i]->output;
    }
    json_key(&api->json, "components");
    json_open(&api->json, '{');
    put_schemas(api, &entities, &shapes);
    json_key(&api->json, "parameters");
    json_put_raw(&api->json, str_from(parameters));
    json_key(&api->json, "responses");
    json_put_raw(&api->json, str_from(refused));
    json_key(&api->json, "securitySchemes");
    json_put_raw(&api->json, str_from(schemes));
    json_close(&api->json, '}');
}

void openapi_write(Arena *arena, Buf *out)
{
    OpenApi api = { .arena = arena, .json = { .out = out } };
    size_t count;
    const Route *const *all = routes_all(&count);
    json_open(&api.json, '{');
    put_head(&api);
    put_tags(&api);
    put_paths(&api, all, count);
    put_components(&api, all, count);
    json_close(&api.json, '}');
}

// ---- Served -------------------------------------------------------------------------------------

// Written once: the routes do not change while the program runs.
static struct {
    pthread_once_t once;
    Arena arena;
    Buf text;
} document = { .once = PTHREAD_ONCE_INIT };

static void write_document(void)
{
    Arena scratch = { 0 };
    document.text = (Buf){ .arena = &document.arena };
    openapi_write(&scratch, &document.text);
    arena_release(&scratch);
}

static Status serve_document(Ctx *ctx)
{
    pthread_once(&document.once, write_document);
    return respond_static(ctx, 200, S("application/json"), buf_str(&document.text));
}

const Route openapi_routes[] = {
    { "GET", "/api/openapi.json", NULL, ROUTE_FREE, serve_document,
      ROUTE_PUBLIC | ROUTE_CONTROL | ROUTE_NO_CSRF, "This description" },
    { 0 },
};
