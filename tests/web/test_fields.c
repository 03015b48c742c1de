// test_fields.c - fields that are more than a line of text: the tenant's own, a spot on the map, a
// file; and references that may not be put in by guessing.
#include "harness.h"

#include "gen/company.gen.h"
#include "gen/kernel.gen.h"
#include "kernel/entity/access.h"
#include "web/desk.h"

static Status add_own(Ctx *ctx, void *arg)
{
    static const struct {
        const char *name, *label;
        CustomType kind;
    } rows[] = { { "grade", "Grade", CUSTOM_TYPE_PICK },
                 { "weight", "Weight", CUSTOM_TYPE_NUMBER },
                 { "frozen", "Frozen", CUSTOM_TYPE_YES_NO },
                 { "tasted", "Tasted on", CUSTOM_TYPE_DATE },
                 { "remark", "Remark", CUSTOM_TYPE_TEXT } };
    (void)arg;
    for (size_t i = 0; i < COUNT(rows); i++) {
        CustomField *field = custom_field_new(ctx);
        field->entity = S("party");
        field->name = str_from(rows[i].name);
        field->label = str_from(rows[i].label);
        field->kind = rows[i].kind;
        if (rows[i].kind == CUSTOM_TYPE_PICK)
            *list_push(ctx->arena, &field->options) = (CustomOption){ S("a"), S("First") };
        TRY(custom_field_save(ctx, field));
    }
    return OK;
}

static Str party_target(Ctx *ctx, const Desk *desk, const char *more)
{
    return str_format(ctx->arena, "/admin/party/parties/~" STR_FMT "%s",
                      STR_ARG(id_text(ctx->arena, desk->shop.customer)), more);
}

static void test_own(void)
{
    Ctx *ctx = test_ctx();
    Desk desk;
    desk_open(ctx, &desk);
    CHECK_OK(ctx, shop_try(ctx, add_own, NULL));
    Answered form = desk_get(ctx, &desk, party_target(ctx, &desk, "/edit"));
    CHECK_INT(form.status, 200);
    CHECK(answer_has(form, "name=\"x_grade\"") && answer_has(form, ">First</option>"));
    Answered saved = desk_post(ctx, &desk, party_target(ctx, &desk, "/save"),
                               "x_grade=a&x_weight=1,250.5&_b_x_frozen=1&x_frozen=on"
                               "&x_tasted=2026-02-01&x_remark=sweet");
    CHECK_INT(saved.status, 303);
    Answered page = desk_get(ctx, &desk, party_target(ctx, &desk, ""));
    CHECK(answer_has(page, "First") && answer_has(page, "1250.5") && answer_has(page, "sweet"));
    form = desk_get(ctx, &desk, party_target(ctx, &desk, "/edit"));
    CHECK(answer_has(form, "value=\"a\" selected") && answer_has(form, "value=\"1250.5\""));
    // Refused, it is shown again as it was typed; an unticked box is no.
    Answered refused = desk_post(ctx, &desk, party_target(ctx, &desk, "/save"), "x_weight=heavy");
    CHECK_INT(refused.status, 422);
    CHECK_INT(desk_post(ctx, &desk, party_target(ctx, &desk, "/save"), "_b_x_frozen=1").status,
              303);
    CHECK(!answer_has(desk_get(ctx, &desk, party_target(ctx, &desk, "")),
                      "<dt>Frozen</dt><dd><bdi>Yes"));
    desk_close(&desk);
}

static void test_spot(void)
{
    static const struct {
        const char *typed;
        const char *shown;  // NULL: refused
    } rows[] = {
        { "23.81, 90.41", "23.81, 90.41" },
        { "23.81 90.41", "23.81, 90.41" },
        { "-23.5;90", "-23.5, 90" },
        { "23,81 90,41", "23.81, 90.41" },
        { "23.81", NULL },
        { "91, 0", NULL },
        { "north, south", NULL },
    };
    Ctx *ctx = test_ctx();
    Desk desk;
    desk_open(ctx, &desk);
    Str place = str_format(ctx->arena, "/admin/company/places/~" STR_FMT,
                           STR_ARG(id_text(ctx->arena, desk.shop.room.main)));
    for (size_t i = 0; i < COUNT(rows); i++) {
        test_row = rows[i].typed;
        Str fields = str_format(ctx->arena, "spot=" STR_FMT,
                                STR_ARG(url_encode(ctx->arena, str_from(rows[i].typed))));
        Answered saved = desk_post(ctx, &desk, str_join(ctx->arena, place, S("/save")), fields.ptr);
        CHECK_INT(saved.status, rows[i].shown ? 303 : 422);
        if (rows[i].shown)
            CHECK(answer_has(desk_get(ctx, &desk, place), rows[i].shown));
    }
    test_row = NULL;
    desk_close(&desk);
}

// ---- References ---------------------------------------------------------------------------------

typedef struct Guess {  // a return for an order of a channel that is not hers
    const Desk *desk;
    Actor *actor;
} Guess;

static Status return_order(Ctx *ctx, void *arg)
{
    const Guess *guess = arg;
    const Json *input;
    Id id;
    Str json = str_format(ctx->arena,
                          "{\"customer\":\"" STR_FMT "\",\"sales_order\":\"" STR_FMT "\","
                          "\"warehouse\":\"" STR_FMT "\",\"currency\":\"GBP\"}",
                          STR_ARG(id_text(ctx->arena, guess->desk->shop.customer)),
                          STR_ARG(id_text(ctx->arena, guess->desk->order.record.id)),
                          STR_ARG(id_text(ctx->arena, guess->desk->shop.room.main)));
    ctx->actor = guess->actor;
    TRY(json_parse(ctx, json, &input));
    return access_create(ctx, &rma_entity, input, 0, &id);
}

static void test_unseen(void)
{
    Ctx *ctx = test_ctx();
    Desk desk;
    desk_open(ctx, &desk);
    Actor *outer = ctx->actor;
    Guess guess = { &desk, house_actor(ctx, "oms.* party.* company.*") };
    guess.actor->member = 0;
    CHECK_OK(ctx, tenant_transact(ctx, return_order, &guess));
    ActorLimit *limit = list_push(ctx->arena, &guess.actor->limits);
    limit->entity = &channel_entity;
    *list_push(ctx->arena, &limit->values) = desk.shop.wholesale;
    CHECK_FAILS(ctx, "field.no_such_record", tenant_transact(ctx, return_order, &guess));
    ctx->actor = outer;
    desk_close(&desk);
}

const Test fields_tests[] = {
    { "the tenant's own fields are edited and shown", test_own },
    { "a spot is typed as people copy it from a map", test_spot },
    { "what one may not see cannot be referred to by its number", test_unseen },
    { 0 },
};
