// test_rest.c - the API that follows from declarations, asked as a program would.
#include "kernel/ask.h"
#include "kernel/http/rest.h"
#include "kernel/shim.h"

#include "app/app.h"

typedef struct Client {
    Ctx *ctx;
    House house;
    Str token;
} Client;

static void open_client(Client *client)
{
    Ctx *ctx = client->ctx = test_ctx();
    house_open(ctx, &client->house);
    rest_start(app_routes);
    client->token = ask_token(ctx, "ann@example.com", "Owner");
}

static void close_client(Client *client)
{
    house_close(&client->house);
}

static Answered request(Client *client, const char *method, const char *target, const char *body)
{
    return ask(client->ctx, &(Asking){ .method = method,
                                       .target = str_from(target),
                                       .token = client->token,
                                       .body = str_from(body ? body : "") });
}

static const Json *tree(Client *client, Answered answer)
{
    const Json *json = NULL;
    CHECK_OK(client->ctx, json_parse(client->ctx, answer.body, &json));
    return json;
}

static Str text_of(Client *client, Answered answer, const char *key)
{
    return json_str(tree(client, answer), key);
}

// A check digit makes a GTIN of twelve digits.
static Str gtin(Ctx *ctx, int number)
{
    char digits[24];
    int sum = 0;
    snprintf(digits, sizeof digits, "400000%06d", number);
    for (int i = 0; i < 12; i++)
        sum += (digits[i] - '0') * (i % 2 ? 3 : 1);
    return str_format(ctx->arena, "%s%d", digits, (10 - sum % 10) % 10);
}

static Str add_book(Client *client, int number, const char *name, const char *value)
{
    Str body = str_format(client->ctx->arena,
                          "{\"isbn\":\"" STR_FMT "\",\"name\":\"%s\",\"value\":%s%s%s}",
                          STR_ARG(gtin(client->ctx, number)), name, value ? "\"" : "",
                          value ? value : "null", value ? "\"" : "");
    Answered answer = request(client, "POST", "/api/v1/library/all-books", body.ptr);
    CHECK_INT(answer.status, 201);
    return text_of(client, answer, "id");
}

static void test_the_life_of_a_record(void)
{
    Client client;
    open_client(&client);
    Str id = add_book(&client, 1, "Emma", "7.50");
    Str path = str_format(client.ctx->arena, "/api/v1/library/all-books/" STR_FMT, STR_ARG(id));
    Answered got = request(&client, "GET", path.ptr, NULL);
    CHECK_INT(got.status, 200);
    CHECK_STR(text_of(&client, got, "name"), "Emma");
    CHECK_INT(request(&client, "PATCH", path.ptr, "{\"name\":\"Persuasion\"}").status, 200);
    CHECK_STR(text_of(&client, request(&client, "GET", path.ptr, NULL), "name"), "Persuasion");
    CHECK_INT(
        request(&client, "POST", str_join(client.ctx->arena, path, S("/archive")).ptr, NULL).status,
        200);
    CHECK_INT(tree(&client, request(&client, "GET", "/api/v1/library/all-books", NULL))->count, 3);
    CHECK_INT(
        json_get(tree(&client, request(&client, "GET", "/api/v1/library/all-books", NULL)), "items")
            ->count,
        0);
    CHECK_INT(
        request(&client, "POST", str_join(client.ctx->arena, path, S("/restore")).ptr, NULL).status,
        200);
    CHECK_INT(request(&client, "DELETE", path.ptr, NULL).status, 204);
    CHECK_INT(request(&client, "GET", path.ptr, NULL).status, 404);
    close_client(&client);
}

static void test_bad_input_is_named(void)
{
    static const struct {
        const char *body, *code, *path;
        int status;
    } rows[] = {
        { "{", "json.syntax", NULL, 400 },
        { "[]", NULL, NULL, 400 },
        { "{\"name\":\"x\"}", "field.required", "isbn", 422 },
        { "{\"isbn\":\"123\",\"name\":\"x\"}", NULL, "isbn", 422 },
        { "{\"isbn\":\"4000000000013\",\"name\":5}", NULL, "name", 422 },
        { "{\"isbn\":\"4000000000013\",\"name\":\"x\",\"value\":\"1.005\"}", NULL, "value", 422 },
        { "{\"isbn\":\"4000000000013\",\"name\":\"x\",\"value\":1e400}", NULL, "value", 422 },
        { "{\"isbn\":\"4000000000013\",\"name\":\"x\",\"titel\":\"y\"}", "field.unknown", "titel",
          422 },
        { "{\"isbn\":\"4000000000013\",\"name\":\"x\",\"place\":\"0AKR4Z50C0005\"}", NULL, "place",
          422 },
        { "{\"isbn\":\"4000000000013\",\"name\":\"x\",\"notes\":[{}]}", NULL, "notes[0].words",
          422 },
    };
    Client client;
    open_client(&client);
    for (size_t i = 0; i < COUNT(rows); i++) {
        test_row = rows[i].body;
        Answered answer = request(&client, "POST", "/api/v1/library/all-books", rows[i].body);
        const Json *json = tree(&client, answer);
        const Json *problems = json_get(json, "problems");
        CHECK_INT(answer.status, rows[i].status);
        if (rows[i].code)
            CHECK_STR(json_str(json, "code"), rows[i].code);
        bool named = !rows[i].path;
        for (const Json *p = problems ? problems->first : NULL; p; p = p->next)
            named = named || str_is(json_str(p, "path"), rows[i].path);
        CHECK(named);
    }
    test_row = NULL;
    CHECK_INT(
        json_get(tree(&client, request(&client, "GET", "/api/v1/library/all-books", NULL)), "items")
            ->count,
        0);
    close_client(&client);
}

// The ids of all pages, following `next`, must be all rows, each once, in order; and back again.
static void test_paging(void)
{
    Client client;
    Str names[23];
    int seen = 0;
    open_client(&client);
    Ctx *ctx = client.ctx;
    for (int i = 0; i < 23; i++)  // equal names: the key alone tells them apart
        names[i] = add_book(&client, i, i % 3 ? "Same" : "Other", i % 4 ? "3.00" : NULL);
    Str next = S("");
    Str last_previous = S("");
    do {
        Str target =
            str_format(ctx->arena, "/api/v1/library/all-books?sort=name,-value&limit=5%s" STR_FMT,
                       next.len ? "&after=" : "", STR_ARG(next));
        Answered page = request(&client, "GET", target.ptr, NULL);
        CHECK_INT(page.status, 200);
        seen += (int)json_get(tree(&client, page), "items")->count;
        next = json_str(tree(&client, page), "next");
        last_previous = json_str(tree(&client, page), "previous");
    } while (next.len && seen < 100);
    CHECK_INT(seen, 23);
    int back = 3;
    while (last_previous.len && back < 100) {
        Str target = str_format(
            ctx->arena, "/api/v1/library/all-books?sort=name,-value&limit=5&before=" STR_FMT,
            STR_ARG(last_previous));
        Answered page = request(&client, "GET", target.ptr, NULL);
        back += (int)json_get(tree(&client, page), "items")->count;
        last_previous = json_str(tree(&client, page), "previous");
    }
    CHECK_INT(back, 23);
    CHECK(names[0].len);
    close_client(&client);
}

static void test_filters(void)
{
    static const struct {
        const char *query;
        int count;  // -1: refused
    } rows[] = {
        { "", 4 },
        { "name=Emma", 1 },
        { "name[not]=Emma", 3 },
        { "name[in]=Emma,Mansfield%20Park", 2 },
        { "name[starts]=Em", 1 },  // not sorted: as it is written
        { "name[starts]=em", 0 },
        { "name[contains]=nsfi", -1 },  // a million books, and their names are not kept folded
        { "value[from]=3.00", 2 },
        { "value[above]=3.00", 1 },
        { "value[to]=3.00", 1 },
        { "value[below]=3.00", 0 },
        { "value[empty]=true", 2 },
        { "value[empty]=false", 2 },
        { "nme=Emma", -1 },
        { "name[like]=E", -1 },
        { "value[from]=abc", -1 },
        { "sort=nme", -1 },
        { "limit=0", -1 },
        { "limit=100000", -1 },
        { "after=rubbish", -1 },
        { "place=0AKR4Z50C0005", 0 },
        { "place.name=Nowhere", 0 },
    };
    Client client;
    open_client(&client);
    add_book(&client, 1, "Emma", "3.00");
    add_book(&client, 2, "Mansfield Park", "9.00");
    add_book(&client, 3, "Persuasion", NULL);
    add_book(&client, 4, "Sanditon", NULL);
    for (size_t i = 0; i < COUNT(rows); i++) {
        test_row = rows[i].query;
        Str target = str_format(client.ctx->arena, "/api/v1/library/all-books?%s", rows[i].query);
        Answered answer = request(&client, "GET", target.ptr, NULL);
        if (rows[i].count < 0) {
            CHECK(answer.status == 400 || answer.status == 422);
            continue;
        }
        CHECK_INT(answer.status, 200);
        if (answer.status == 200)
            CHECK_INT(json_get(tree(&client, answer), "items")->count, rows[i].count);
    }
    test_row = NULL;
    close_client(&client);
}

// A sorted text is found without regard to case and accents.
static void test_folded(void)
{
    Client client;
    open_client(&client);
    CHECK_INT(request(&client, "POST", "/api/v1/library/places", "{\"name\":\"\u00c9tag\u00e8re\"}")
                  .status,
              201);
    static const char *const queries[] = { "name[starts]=eta", "name[starts]=%C3%89TA",
                                           "name[contains]=tagere" };
    for (size_t i = 0; i < COUNT(queries); i++) {
        test_row = queries[i];
        Str target = str_format(client.ctx->arena, "/api/v1/library/places?%s", queries[i]);
        CHECK_INT(
            json_get(tree(&client, request(&client, "GET", target.ptr, NULL)), "items")->count, 1);
    }
    test_row = NULL;
    close_client(&client);
}

static void test_one_request_twice(void)
{
    Client client;
    open_client(&client);
    Asking asking = { .method = "POST",
                      .target = S("/api/v1/library/all-books"),
                      .token = client.token,
                      .key = S("a-key-of-mine"),
                      .body = S("{\"isbn\":\"4006381333931\",\"name\":\"Emma\"}") };
    Answered first = ask(client.ctx, &asking), second = ask(client.ctx, &asking);
    CHECK_INT(first.status, 201);
    CHECK_INT(second.status, 201);
    CHECK(str_eq(first.body, second.body));
    CHECK(str_eq(first.location, second.location));
    asking.body = S("{\"isbn\":\"4006381333931\",\"name\":\"Other\"}");
    Answered other = ask(client.ctx, &asking);
    CHECK(other.status == 409 || other.status == 422);
    close_client(&client);
}

static Str loan_body(Client *client, const char *lines)
{
    Str book = text_of(client,
                       request(client, "POST", "/api/v1/library/all-books",
                               "{\"isbn\":\"4006381333931\",\"name\":\"Emma\"}"),
                       "id");
    return str_format(
        client->ctx->arena, "{\"book\":\"" STR_FMT "\",\"lines\":[%s]}", STR_ARG(book),
        lines ? str_format(client->ctx->arena, "{\"book\":\"" STR_FMT "\"}", STR_ARG(book)).ptr
              : "");
}

static size_t loans(Client *client)
{
    return json_get(tree(client, request(client, "GET", "/api/v1/loan/loans", NULL)), "items")
        ->count;
}

// Created and lent, or neither: the answer is the record as it stands then.
static void test_created_and_then(void)
{
    Client client;
    open_client(&client);
    Str body = loan_body(&client, "one");
    Answered lent = request(&client, "POST", "/api/v1/loan/loans?then=lend", body.ptr);
    CHECK_INT(lent.status, 201);
    CHECK_STR(text_of(&client, lent, "state"), "lent");
    Answered read = request(&client, "GET", lent.location.ptr, NULL);
    CHECK(str_eq(lent.body, read.body));
    CHECK_INT(loans(&client), 1);
    close_client(&client);
}

static void test_a_refused_action_undoes_the_creation(void)
{
    Client client;
    open_client(&client);
    Str body = loan_body(&client, NULL);
    Answered refused = request(&client, "POST", "/api/v1/loan/loans?then=lend", body.ptr);
    CHECK_INT(refused.status, 409);
    CHECK_STR(text_of(&client, refused, "code"), "loan.empty");
    Answered unknown = request(&client, "POST", "/api/v1/loan/loans?then=eat", body.ptr);
    CHECK_INT(unknown.status, 400);
    CHECK_STR(text_of(&client, unknown, "code"), "query.then");
    CHECK_INT(loans(&client), 0);
    close_client(&client);
}

// One key names one request: with and without the action are two.
static void test_a_key_holds_for_the_action_too(void)
{
    Client client;
    open_client(&client);
    Asking asking = { .method = "POST",
                      .target = S("/api/v1/loan/loans?then=lend"),
                      .token = client.token,
                      .key = S("a-key-of-mine"),
                      .body = loan_body(&client, "one") };
    Answered first = ask(client.ctx, &asking), second = ask(client.ctx, &asking);
    CHECK_INT(first.status, 201);
    CHECK(str_eq(first.body, second.body));
    CHECK_INT(loans(&client), 1);
    asking.target = S("/api/v1/loan/loans");
    Answered other = ask(client.ctx, &asking);
    CHECK_INT(other.status, 422);
    CHECK_STR(text_of(&client, other, "code"), "idempotency.mismatch");
    close_client(&client);
}

static void test_many_at_once(void)
{
    Client client;
    open_client(&client);
    Answered answer = request(&client, "POST", "/api/v1/library/all-books/_bulk",
                              "[{\"isbn\":\"4006381333931\",\"name\":\"Emma\"},"
                              "{\"isbn\":\"4006381333932\",\"name\":\"Wrong digit\"},"
                              "{\"isbn\":\"4006381333931\",\"name\":\"Emma II\"}]");
    CHECK(answer.status == 200 || answer.status == 207);
    Answered list = request(&client, "GET", "/api/v1/library/all-books?fields=name", NULL);
    const Json *items = json_get(tree(&client, list), "items");
    CHECK_INT(items->count, 1);
    CHECK_STR(json_str(items->first, "name"), "Emma II");
    close_client(&client);
}

static void test_settings(void)
{
    Client client;
    open_client(&client);
    CHECK_INT(
        request(&client, "PATCH", "/api/v1/platform/settings", "{\"mail.from_name\":\"Acme\"}")
            .status,
        204);
    CHECK_INT(request(&client, "PATCH", "/api/v1/platform/settings",
                      "{\"mail.from_name\":\"Other\",\"mail.nothing\":1}")
                  .status,
              422);
    const Json *items = json_get(
        tree(&client, request(&client, "GET", "/api/v1/platform/settings", NULL)), "items");
    bool found = false;
    for (const Json *one = items->first; one; one = one->next)
        if (str_is(json_str(one, "name"), "mail.from_name")) {
            found = true;
            CHECK_STR(json_str(one, "value"), "Acme");
        }
    CHECK(found);
    close_client(&client);
}

static void test_modules_come_and_go(void)
{
    Client client;
    open_client(&client);
    CHECK_INT(request(&client, "POST", "/api/v1/platform/modules/loan/unsubscribe", NULL).status,
              204);
    Answered gone = request(&client, "GET", "/api/v1/loan/loans", NULL);
    CHECK_INT(gone.status, 403);
    CHECK_STR(text_of(&client, gone, "code"), "module.not_subscribed");
    CHECK_INT(request(&client, "POST", "/api/v1/platform/modules/loan/subscribe", NULL).status,
              204);
    CHECK_INT(request(&client, "GET", "/api/v1/loan/loans", NULL).status, 200);
    CHECK_INT(request(&client, "POST", "/api/v1/platform/modules/nothing/subscribe", NULL).status,
              404);
    Answered audit = request(&client, "GET", "/api/v1/platform/audit/_check", NULL);
    CHECK_INT(audit.status, 200);
    CHECK(json_true(tree(&client, audit), "is_whole"));
    close_client(&client);
}

// Its group is lost when it is written: the request runs once more, alone, and must mean the same,
// though all that the first run had made of it is gone.
static void test_a_request_runs_again(void)
{
    if (fixture_is_postgres()) {
        test_skip("needs a disk of our own");
        return;
    }
    Client client;
    shim_install();
    open_client(&client);
    for (int number = 1; number <= 3; number++) {
        shim_fail(SHIM_SYNC_FAILS, 1);
        Str id = add_book(&client, number, "Emma", "7.50");
        CHECK(shim_has_failed());
        Str path = str_format(client.ctx->arena, "/api/v1/library/all-books/" STR_FMT, STR_ARG(id));
        CHECK_STR(text_of(&client, request(&client, "GET", path.ptr, NULL), "name"), "Emma");
    }
    close_client(&client);
    shim_remove();
}

const Test rest_tests[] = {
    { "the life of a record", test_the_life_of_a_record },
    { "bad input is named where it is, and changes nothing", test_bad_input_is_named },
    { "pages hold every row once, forwards and backwards", test_paging },
    { "filters find what they say", test_filters },
    { "a sorted text is found without case and accents", test_folded },
    { "one request told twice is done once", test_one_request_twice },
    { "created and then acted upon in one request", test_created_and_then },
    { "a refused action undoes the creation", test_a_refused_action_undoes_the_creation },
    { "an idempotency key holds for the action, too", test_a_key_holds_for_the_action_too },
    { "a request whose group was lost means the same when it runs again",
      test_a_request_runs_again },
    { "settings are changed together or not at all", test_settings },
    { "modules come and go", test_modules_come_and_go },
    { "many at once, each for itself", test_many_at_once },
    { 0 },
};
