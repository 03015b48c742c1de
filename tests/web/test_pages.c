// test_pages.c - pages asked without a browser: what a form means, who sees what, what is refused.
#include "harness.h"

#include "app/app.h"
#include "base/json.h"
#include "gen/kernel.gen.h"
#include "kernel/ask.h"
#include "kernel/http/request.h"
#include "kernel/http/rest.h"
#include "kernel/secrets.h"
#include "web/chart.h"
#include "web/desk.h"
#include "web/form.h"
#include "web/web.h"

// ---- Forms --------------------------------------------------------------------------------------

static Str read_form(Ctx *ctx, const EntityDef *e, const char *sent)
{
    const Json *tree, *read;
    Buf out = { .arena = ctx->arena };
    JsonOut json = { .out = &out };
    CHECK_OK(ctx, json_parse(ctx, str_from(sent), &tree));
    CHECK_OK(ctx, form_read(ctx, e, tree, &read));
    json_put_tree(&json, read);
    return buf_str(&out);
}

static void test_form(void)
{
    static const struct {
        const char *name, *sent, *read;
    } rows[] = {
        { "the form's own names go", "{\"_csrf\":\"a\",\"_once\":\"b\",\"name\":\"Clerk\"}",
          "{\"name\":\"Clerk\"}" },
        { "a box nobody ticked is false", "{\"name\":\"a\",\"_b_is_owner\":\"1\"}",
          "{\"name\":\"a\",\"is_owner\":\"false\"}" },
        { "a box somebody ticked is sent", "{\"_b_is_owner\":\"1\",\"is_owner\":\"on\"}",
          "{\"is_owner\":\"on\"}" },
        { "an empty row is nothing, and keeps its place",
          "{\"grants\":[{\"id\":\"\",\"permission\":\" \"},"
          "{\"id\":\"\",\"permission\":\"oms.view\"}]}",
          "{\"grants\":[{},{\"id\":\"\",\"permission\":\"oms.view\"}]}" },
        { "a row to be removed says so", "{\"grants\":[{\"permission\":\"a\",\"_remove\":\"1\"}]}",
          "{\"grants\":[{\"permission\":\"a\",\"_remove\":\"1\"}]}" },
    };
    Ctx *ctx = test_ctx();
    House house;
    house_open(ctx, &house);
    for (size_t i = 0; i < COUNT(rows); i++) {
        const EntityDef *e = i == 1 || i == 2 ? &member_entity : &role_entity;
        test_row = rows[i].name;
        CHECK_STR(read_form(ctx, e, rows[i].sent), rows[i].read);
    }
    test_row = NULL;
    house_close(&house);
}

// ---- Charts -------------------------------------------------------------------------------------

static void test_chart(void)
{
    Ctx *ctx = test_ctx();
    for (int count = 0; count <= TILE_POINTS_MAX; count += 7) {
        TileData data = { 0 };
        Chart chart;
        for (int i = 0; i < count; i++)
            *list_push(ctx->arena, &data.points) =
                (TilePoint){ .value = (int64_t)random_below(ctx->random, 1000000000) };
        chart_bars(ctx, &data, &chart);
        CHECK_INT((int64_t)chart.bars.len, count);
        CHECK_INT((int64_t)chart.lines.len, CHART_STEPS + 1);  // an axis, also of nothing
        EACH (bar, chart.bars) {
            CHECK(bar->x >= CHART_LEFT && bar->x + bar->width <= CHART_WIDTH);
            CHECK(bar->y >= 0 && bar->height >= 0 &&
                  bar->y + bar->height <= CHART_HEIGHT - CHART_FOOT);
        }
    }
}

// ---- Pages --------------------------------------------------------------------------------------

static Answered page_of(Ctx *ctx, Str token, const char *target)
{
    return ask(ctx, &(Asking){ .method = "GET",
                               .target = str_from(target),
                               .token = token,
                               .tenant = S("acme") });
}

static void test_access(void)
{
    Ctx *ctx = test_ctx();
    House house;
    house_open(ctx, &house);
    rest_start(app_routes);
    Str owner = ask_token(ctx, "owner@example.com", "Owner");
    Str viewer = ask_token(ctx, "viewer@example.com", "Viewer");
    static const char *const open[] = { "/admin",
                                        "/admin/menu",
                                        "/admin/reports",
                                        "/admin/settings",
                                        "/admin/platform/roles",
                                        "/admin/platform/roles/new",
                                        "/admin/platform/audit?act[starts]=role&sort=-at" };
    for (size_t i = 0; i < COUNT(open); i++) {
        test_row = open[i];
        CHECK_INT(page_of(ctx, owner, open[i]).status, 200);
    }
    test_row = NULL;
    CHECK_INT(page_of(ctx, viewer, "/admin/settings").status, 403);
    CHECK_INT(page_of(ctx, viewer, "/admin/platform/roles/new").status, 403);
    CHECK_INT(page_of(ctx, owner, "/admin/platform/nothing").status, 404);
    CHECK_INT(page_of(ctx, owner, "/admin/platform/roles/~0000000000001").status, 404);
    CHECK_INT(page_of(ctx, owner, "/admin/platform/roles?nonsense=1").status, 400);
    house_close(&house);
}

static void test_list(void)
{
    Ctx *ctx = test_ctx();
    House house;
    house_open(ctx, &house);
    rest_start(app_routes);
    Str owner = ask_token(ctx, "owner@example.com", "Owner");
    Answered csv = page_of(ctx, owner, "/admin/platform/roles?format=csv");
    CHECK_INT(csv.status, 200);
    CHECK(str_starts(csv.type, S("text/csv")));
    CHECK(str_find(csv.body, S("Owner")) > 0);
    Answered list = page_of(ctx, owner, "/admin/platform/roles?name[starts]=Own");
    CHECK(str_find(list.body, S("Owner")) > 0);
    CHECK(str_find(list.body, S(">Viewer<")) < 0);
    house_close(&house);
}

// A row of a group that the menu does not know would be nowhere. The company has every module.
static void test_menu(void)
{
    Ctx *ctx = test_ctx();
    Desk desk;
    desk_open(ctx, &desk);
    Answered menu = desk_get(ctx, &desk, S("/admin/menu"));
    for (const Module *const *m = modules_all(); *m; m++)
        for (const NavItem *item = (*m)->nav; item && item->group; item++) {
            Str url = item->href ? str_from(item->href) : entity_url(ctx->arena, item->entity).text;
            test_row = url.ptr;
            CHECK(str_find(menu.body,
                           str_format(ctx->arena, "href=\"" STR_FMT "\"", STR_ARG(url))) > 0);
        }
    test_row = NULL;
    desk_close(&desk);
}

// What is vendored is what was looked at.
static void test_vendored(void)
{
    Ctx *ctx = test_ctx();
    uint8_t hash[32];
    Str said = test_read_file(ctx->arena, "src/web/VENDORED.md");
    sha256(test_read_file(ctx->arena, "src/web/assets/htmx.min.js"), hash);
    CHECK(str_find(said, hex_text(ctx->arena, hash, 32)) > 0);
}

const Test pages_tests[] = {
    { "a form means what was typed and ticked", test_form },
    { "bars stay inside their drawing", test_chart },
    { "a page opens to who may, and says why to others", test_access },
    { "a list filters and is taken along", test_list },
    { "everything that a module puts into the menu is there", test_menu },
    { "what is vendored has the hash that is written down", test_vendored },
    { 0 },
};
