// test_states.c - pages that have nothing to show: what was filtered away, what is not allowed,
// what the company does not use; each says what to do next.
#include "harness.h"

#include "app/app.h"
#include "kernel/ask.h"
#include "kernel/http/rest.h"
#include "web/web.h"

static Answered page_of(Ctx *ctx, Str token, const char *method, const char *target)
{
    return ask(ctx, &(Asking){ .method = method,
                               .target = str_from(target),
                               .token = token,
                               .tenant = S("acme"),
                               .wants_page = true,
                               .type = S("application/x-www-form-urlencoded") });
}

static bool has(Answered answer, const char *words)
{
    return str_find(answer.body, str_from(words)) >= 0;
}

static void open_house(Ctx *ctx, House *house, const char *modules)
{
    house_open_with(ctx,
                    &(TenantSpec){ .code = S("acme"),
                                   .name = S("Acme Ltd"),
                                   .country = S("GB"),
                                   .language = S("en"),
                                   .zone = S("Europe/London"),
                                   .currency = S("GBP"),
                                   .fiscal_month = 4,
                                   .modules = str_from(modules) },
                    house);
    rest_start(app_routes);
    web_start();  // failures are pages
}

static void test_filtered_away(void)
{
    Ctx *ctx = test_ctx();
    House house;
    open_house(ctx, &house, "inventory");
    Str owner = ask_token(ctx, "owner@example.com", "Owner");
    Answered page = page_of(ctx, owner, "GET",
                            "/admin/platform/roles?name[starts]=Own&created_at[from]=2030-01-01");
    CHECK(has(page, "Nothing matches"));
    CHECK(has(page, "Without &quot;Name begins with Own&quot;"));
    CHECK(has(page, "/admin/platform/roles?name%5Bstarts%5D=Own\">Without"));
    CHECK(
        has(page, "<span class=\"pill mute num\">1</span>"));  // the owner's role, without the day
    house_close(&house);
}

static void test_not_allowed(void)
{
    Ctx *ctx = test_ctx();
    House house;
    open_house(ctx, &house, "inventory");
    ask_token(ctx, "owner@example.com", "Owner");
    Str viewer = ask_token(ctx, "viewer@example.com", "Viewer");
    Answered page = page_of(ctx, viewer, "GET", "/admin/settings");
    CHECK_INT(page.status, 403);
    CHECK(has(page, "Change settings, number series and own fields"));
    CHECK(has(page, "Ask owner@example.com."));
    house_close(&house);
}

static void test_not_in_use(void)
{
    Ctx *ctx = test_ctx();
    House house;
    open_house(ctx, &house, "inventory");
    Str owner = ask_token(ctx, "owner@example.com", "Owner");
    Str viewer = ask_token(ctx, "viewer@example.com", "Viewer");
    Answered page = page_of(ctx, owner, "GET", "/admin/storefront/stores");
    CHECK_INT(page.status, 404);
    CHECK(has(page, "is not in use here") && has(page, "It needs these modules"));
    page = page_of(ctx, viewer, "GET", "/admin/storefront/stores");
    CHECK_INT(page.status, 404);
    CHECK(!has(page, "is not in use here"));
    CHECK_INT(page_of(ctx, viewer, "POST", "/admin/modules/storefront").status, 403);
    CHECK_INT(page_of(ctx, owner, "POST", "/admin/modules/storefront").status, 303);
    CHECK_INT(page_of(ctx, owner, "GET", "/admin/storefront/stores").status, 200);
    house_close(&house);
}

const Test states_tests[] = {
    { "a list without a row says what each filter hides", test_filtered_away },
    { "what is not allowed says which right it takes and who gives it", test_not_allowed },
    { "a module not in use is offered to who may use it, and absent to others", test_not_in_use },
    { 0 },
};
