// test_openapi.c - the API's description: it is whole, names nothing that it does not hold, and
// says of every route what the route's own table says. Whether linters and generators like it,
// tests/api asks.
#include "harness.h"

#include "app/app.h"
#include "base/json.h"
#include "base/map.h"
#include "kernel/entity/entity.h"
#include "kernel/house.h"
#include "kernel/http/openapi.h"
#include "kernel/http/rest.h"
#include "kernel/http/server.h"

static const Json *document(House *house)
{
    const Json *tree = NULL;
    Buf text = { .arena = house->ctx->arena };
    rest_start(app_routes);
    openapi_write(house->ctx->arena, &text);
    CHECK_OK(house->ctx, json_parse(house->ctx, buf_str(&text), &tree));
    return tree;
}

static const Json *member(const Json *object, Str key)
{
    JSON_EACH (one, object)
        if (str_eq(one->key, key))
            return one;
    return NULL;
}

// ---- References ---------------------------------------------------------------------------------

// "#/components/schemas/Party"
static bool resolves(const Json *root, Str ref)
{
    Str part;
    const Json *at = root;
    if (!str_starts(ref, S("#/")))
        return false;
    ref = str_from_at(ref, 2);
    while (at && str_next(&ref, '/', &part))
        at = member(at, part);
    return at != NULL;
}

static int check_refs(const Json *root, const Json *at)
{
    int count = 0;
    JSON_EACH (one, at) {
        if (str_is(one->key, "$ref")) {
            count++;
            if (!resolves(root, one->text))
                test_fail(__FILE__, __LINE__, STR_FMT " leads nowhere", STR_ARG(one->text));
        }
        count += check_refs(root, one);
    }
    return count;
}

static void test_every_reference_leads_somewhere(void)
{
    House house;
    house_open(test_ctx(), &house);
    const Json *root = document(&house);
    CHECK(check_refs(root, root) > 100);
    house_close(&house);
}

// ---- Routes -------------------------------------------------------------------------------------

// "200": {"content": {"application/json": {"schema": {}}}}: nobody knows what comes out.
static bool is_vague(const Json *operation)
{
    const Json *done = json_get(json_get(operation, "responses"), "200");
    const Json *json = json_get(json_get(done, "content"), "application/json");
    const Json *schema = json_get(json, "schema");
    return schema && schema->count == 0;
}

static void test_every_route_is_described_once(void)
{
    House house;
    house_open(test_ctx(), &house);
    const Json *paths = json_get(document(&house), "paths");
    Arena *arena = house.ctx->arena;
    Map names = { .arena = arena };
    size_t count, described = 0, written = 0;
    const Route *const *all = routes_all(&count);
    for (size_t i = 0; i < count; i++) {
        bool is_api = str_starts(str_from(all[i]->pattern), S("/api/"));
        const Json *path = member(paths, str_from(all[i]->pattern));
        const Json *operation =
            path ? member(path, str_lower_ascii(arena, str_from(all[i]->method))) : NULL;
        test_row = all[i]->pattern;
        CHECK((operation != NULL) == (is_api && !(all[i]->flags & ROUTE_HIDDEN)));
        if (!operation)
            continue;
        described++;
        CHECK(map_put(&names, json_str(operation, "operationId"), &names));
        CHECK_STR(json_str(operation, "summary"), all[i]->summary);
        CHECK(!all[i]->entity || !is_vague(operation));
        CHECK((json_get(operation, "security") != NULL) == !!(all[i]->flags & ROUTE_PUBLIC));
    }
    test_row = NULL;
    JSON_EACH (path, paths)
        written += path->count;
    CHECK_INT((int64_t)written, (int64_t)described);
    CHECK(described > 50);
    house_close(&house);
}

static bool has_parameter(const Json *operation, Str name)
{
    JSON_EACH (one, json_get(operation, "parameters"))
        if (str_eq(json_str(one, "name"), name) && str_is(json_str(one, "in"), "path"))
            return true;
    return false;
}

static void test_what_stands_in_a_path_is_a_parameter(void)
{
    House house;
    house_open(test_ctx(), &house);
    const Json *paths = json_get(document(&house), "paths");
    JSON_EACH (path, paths)
        JSON_EACH (operation, path) {
            Str rest = path->key, part;
            while (str_next(&rest, '/', &part))
                if (str_starts(part, S("{")) &&
                    !has_parameter(operation, str_sub(part, 1, part.len - 2)))
                    test_fail(__FILE__, __LINE__, STR_FMT " lacks " STR_FMT, STR_ARG(path->key),
                              STR_ARG(part));
        }
    house_close(&house);
}

// ---- Records ------------------------------------------------------------------------------------

static const Json *schema(const Json *root, const char *name)
{
    const Json *found = json_get(json_get(json_get(root, "components"), "schemas"), name);
    if (!found)
        test_fail(__FILE__, __LINE__, "there is no schema %s", name);
    return found;
}

static bool requires(const Json *schema, const char *name)
{
    const Json *required = json_get(schema, "required");
    if (!required)
        return false;
    JSON_EACH (one, required)
        if (str_is(one->text, name))
            return true;
    return false;
}

// As kernel.ent declares a role.
static void test_a_record_has_three_forms(void)
{
    House house;
    house_open(test_ctx(), &house);
    const Json *root = document(&house);
    const EntityDef *role = entity_named(S("role"));
    const Json *answered = schema(root, "Role"), *created = schema(root, "RoleNew"),
               *changed = schema(root, "RoleChange");
    if (answered && created && changed) {
        CHECK(requires(answered, "id") && requires(answered, "version"));
        CHECK(!requires(answered, "name") && requires(created, "name"));
        CHECK(!json_get(changed, "required"));
        for (const FieldDef *f = role->fields; f < role->fields + role->count; f++) {
            test_row = f->name;
            CHECK(json_get(json_get(answered, "properties"), f->name));
            CHECK(!!json_get(json_get(created, "properties"), f->name) == !(f->flags & READONLY));
        }
    }
    test_row = NULL;
    house_close(&house);
}

const Test openapi_tests[] = {
    { "every reference leads somewhere", test_every_reference_leads_somewhere },
    { "every route is described once", test_every_route_is_described_once },
    { "what stands in a path is a parameter", test_what_stands_in_a_path_is_a_parameter },
    { "a record has three forms", test_a_record_has_three_forms },
    { 0 },
};
