// test_entity.c - records through their declarations: saved, read back, refused, changed by two,
// acted upon, remembered by the audit trail.
#include "kernel/audit.h"
#include "kernel/entity/access.h"
#include "kernel/entity/record.h"
#include "kernel/house.h"
#include "kernel/verify.h"
#include "loan.gen.h"

// ---- Doing things as steps of a lane ------------------------------------------------------------

typedef struct Deed {
    const EntityDef *entity;
    Id id;
    int64_t version;
    const char *json, *action;
    Link made;
    Str text;
} Deed;

static Status create(Ctx *ctx, void *arg)
{
    Deed *deed = arg;
    const Json *input;
    TRY(json_parse(ctx, str_from(deed->json), &input));
    return access_create(ctx, deed->entity, input, 0, &deed->id);
}

static Status update(Ctx *ctx, void *arg)
{
    Deed *deed = arg;
    const Json *input;
    TRY(json_parse(ctx, str_from(deed->json), &input));
    return access_update(ctx, deed->entity, deed->id, deed->version, input, 0);
}

static Status act(Ctx *ctx, void *arg)
{
    Deed *deed = arg;
    return action_run(ctx, deed->entity, deed->id, deed->version, deed->action, NULL, 0,
                      &deed->made);
}

static Status show(Ctx *ctx, void *arg)
{
    Deed *deed = arg;
    Buf out = { .arena = ctx->arena };
    JsonOut json = { .out = &out };
    void *record = arena_alloc(ctx->arena, deed->entity->size);
    TRY(access_get(ctx, deed->entity, deed->id, record));
    TRY(record_to_json(ctx, deed->entity, record, JSON_MASKED, NULL, &json));
    deed->text = buf_str(&out);
    return OK;
}

static Status made(Ctx *ctx, const EntityDef *e, const char *json, Id *ret)
{
    Deed deed = { .entity = e, .json = json };
    TRY(tenant_transact(ctx, create, &deed));
    *ret = deed.id;
    return OK;
}

static const Json *shown(Ctx *ctx, const EntityDef *e, Id id)
{
    const Json *json = NULL;
    Deed deed = { .entity = e, .id = id };
    CHECK_OK(ctx, tenant_read(ctx, show, &deed));
    CHECK_OK(ctx, json_parse(ctx, deed.text, &json));
    return json;
}

// ---- Tests --------------------------------------------------------------------------------------

static const char *const book_json =
    "{\"isbn\":\"4006381333931\",\"name\":\"Middlemarch\",\"value\":\"12.50\","
    "\"notes\":[{\"words\":\"first edition\"}]}";

static void test_there_and_back(void)
{
    Ctx *ctx = test_ctx();
    House house;
    Id id = 0;
    house_open(ctx, &house);
    CHECK_OK(ctx, made(ctx, &shelf_book_entity, book_json, &id));
    const Json *book = shown(ctx, &shelf_book_entity, id);
    CHECK_STR(json_str(book, "isbn"), "4006381333931");
    CHECK_STR(json_str(book, "value"), "12.50");
    CHECK_INT(json_get(book, "notes")->count, 1);
    house_close(&house);
}

static void test_refusals_are_told_all_at_once(void)
{
    Ctx *ctx = test_ctx();
    House house;
    Id id = 0;
    house_open(ctx, &house);
    Status status = made(ctx, &shelf_book_entity,
                         "{\"isbn\":\"4006381333932\",\"value\":\"12.505\",\"nam\":\"x\"}", &id);
    CHECK(status == E_INVALID);
    bool has_digit = false, has_name = false, has_cents = false;
    EACH (p, ctx->failure.problems) {
        has_digit = has_digit || str_is(p->path, "isbn");
        has_name = has_name || str_is(p->path, "nam");
        has_cents = has_cents || str_is(p->path, "value");
    }
    CHECK(has_name && has_cents);
    CHECK(has_digit || ctx->failure.problems.len >= 2);
    house_close(&house);
}

static void test_two_people(void)
{
    Ctx *ctx = test_ctx();
    House house;
    Id id = 0;
    house_open(ctx, &house);
    CHECK_OK(ctx, made(ctx, &shelf_book_entity, book_json, &id));
    Deed first = { &shelf_book_entity, id, 1, "{\"name\":\"Middlemarch I\"}" };
    Deed second = { &shelf_book_entity, id, 1, "{\"name\":\"Middlemarch II\"}" };
    CHECK_OK(ctx, tenant_transact(ctx, update, &first));
    CHECK_FAILS(ctx, "record.changed", tenant_transact(ctx, update, &second));
    CHECK_STR(json_str(shown(ctx, &shelf_book_entity, id), "name"), "Middlemarch I");
    house_close(&house);
}

static void test_unique(void)
{
    Ctx *ctx = test_ctx();
    House house;
    Id id = 0;
    house_open(ctx, &house);
    CHECK_OK(ctx, made(ctx, &shelf_book_entity, book_json, &id));
    CHECK(made(ctx, &shelf_book_entity, book_json, &id) != OK);
    CHECK_INT(ctx->failure.status, E_CONFLICT);
    house_close(&house);
}

static void test_action(void)
{
    Ctx *ctx = test_ctx();
    House house;
    Id book = 0, loan = 0;
    house_open(ctx, &house);
    CHECK_OK(ctx, made(ctx, &shelf_book_entity, book_json, &book));
    Str id = id_text(ctx->arena, book);
    Str without = str_format(ctx->arena, "{\"book\":\"" STR_FMT "\"}", STR_ARG(id));
    Str lines = str_format(ctx->arena,
                           "{\"currency\":\"GBP\",\"lines\":[{\"book\":\"" STR_FMT
                           "\",\"quantity\":\"1\",\"price\":\"1.25\",\"words\":{\"words\":\"x\"},"
                           "\"days\":3}]}",
                           STR_ARG(id));
    CHECK_OK(ctx, made(ctx, &loan_entity, without.ptr, &loan));
    Deed lend = { .entity = &loan_entity, .id = loan, .action = "lend" };
    CHECK_FAILS(ctx, "loan.empty", tenant_transact(ctx, act, &lend));

    Deed fill = { &loan_entity, loan, 1, lines.ptr };
    CHECK_OK(ctx, tenant_transact(ctx, update, &fill));
    CHECK_OK(ctx, tenant_transact(ctx, act, &lend));
    const Json *lent = shown(ctx, &loan_entity, loan);
    CHECK_STR(json_str(lent, "state"), "lent");
    CHECK_STR(json_str(lent, "number"), "L-26-0001");
    CHECK_FAILS(ctx, "state.not_allowed", tenant_transact(ctx, act, &lend));
    house_close(&house);
}

static Status check_audit(Ctx *ctx, void *arg)
{
    return audit_check(ctx, arg);
}

static void test_audit(void)
{
    Ctx *ctx = test_ctx();
    House house;
    Id id = 0;
    AuditCheck check = { 0 };
    house_open(ctx, &house);
    CHECK_OK(ctx, made(ctx, &shelf_book_entity, book_json, &id));
    CHECK_OK(ctx, tenant_read(ctx, check_audit, &check));
    CHECK(check.is_whole);
    CHECK(check.rows > 0);
    VerifyRun run = { 0 };
    CHECK_OK(ctx, verify_run(ctx, &run));
    CHECK_INT(run.findings, 0);
    house_close(&house);
}

static void test_nobody_without_a_permission(void)
{
    Ctx *ctx = test_ctx();
    House house;
    Id id = 0;
    house_open(ctx, &house);
    CHECK_OK(ctx, made(ctx, &shelf_book_entity, book_json, &id));
    Deed look = { .entity = &shelf_book_entity, .id = id };
    ctx->actor = house_actor(ctx, "loan.*");
    CHECK_FAILS(ctx, "denied.permission", tenant_read(ctx, show, &look));
    CHECK_FAILS(ctx, "denied.permission", made(ctx, &shelf_book_entity, book_json, &id));
    house_close(&house);
}

const Test entity_tests[] = {
    { "a record comes back as it was given", test_there_and_back },
    { "refusals are told all at once", test_refusals_are_told_all_at_once },
    { "the second of two who change is told", test_two_people },
    { "a unique field refuses a second", test_unique },
    { "an action checks, draws its number, moves", test_action },
    { "what was done is in the audit trail", test_audit },
    { "nobody reads or writes without the permission", test_nobody_without_a_permission },
    { 0 },
};
