// test_cms.c - a page from draft to gone: what visitors see changes when somebody publishes, at the
// time that was said, and never before.
#include "modules/stall.h"

#include "kernel/entity/access.h"
#include "kernel/secrets.h"
#include "modules/cms/cms.h"

typedef struct Desk {
    Stall stall;
    Id page;
    const char *action;
    PublishInput publish;
    RestoreInput restore;
    const char *words;
} Desk;

static Status write_page(Ctx *ctx, void *arg)
{
    Desk *desk = arg;
    SitePage *page = site_page_new(ctx);
    page->channel = desk->stall.shop.web;
    page->kind = PAGE_KIND_PAGE;
    page->language = S("en");
    page->slug = S("story");
    page->title = S("Our story");
    *list_push(ctx->arena, &page->blocks) =
        (PageBlock){ .kind = BLOCK_KIND_PROSE, .words = S("first words") };
    *list_push(ctx->arena, &page->blocks) =
        (PageBlock){ .kind = BLOCK_KIND_FAQ, .heading = S("Asked"), .words = S("## Why?\nSo.") };
    TRY(site_page_save(ctx, page));
    desk->page = page->record.id;
    return OK;
}

static Status rewrite(Ctx *ctx, void *arg)
{
    const Desk *desk = arg;
    SitePage page;
    TRY(site_page_load(ctx, desk->page, &page));
    page.blocks.items[0].words = str_from(desk->words);
    return site_page_save(ctx, &page);
}

static Status act(Ctx *ctx, void *arg)
{
    Desk *desk = arg;
    SitePage page;
    bool is_publishing = strcmp(desk->action, "publish") == 0;
    TRY(site_page_load(ctx, desk->page, &page));
    return action_do(ctx, &site_page_entity, &page, desk->action,
                     is_publishing ? (const void *)&desk->publish : &desk->restore);
}

static Status move(Ctx *ctx, void *arg)
{
    const Desk *desk = arg;
    SitePage page;
    TRY(site_page_load(ctx, desk->page, &page));
    page.slug = S("about");
    return site_page_save(ctx, &page);
}

static void run(Ctx *ctx, Desk *desk, const char *action)
{
    desk->action = action;
    CHECK_OK(ctx, shop_try(ctx, act, desk));
}

static bool shows(Ctx *ctx, Desk *desk, const char *words)
{
    return has_text(stall_get(ctx, &desk->stall, "/shop/main/page/story").body, words);
}

static void test_versions(void)
{
    Ctx *ctx = test_ctx();
    Desk desk = { 0 };
    stall_open(ctx, &desk.stall, 1);
    CHECK_OK(ctx, shop_try(ctx, write_page, &desk));
    CHECK_INT(stall_get(ctx, &desk.stall, "/shop/main/page/story").status, 404);
    run(ctx, &desk, "publish");
    CHECK(shows(ctx, &desk, "first words") && shows(ctx, &desk, "Why?"));
    desk.words = "second words";
    CHECK_OK(ctx, shop_try(ctx, rewrite, &desk));
    CHECK(shows(ctx, &desk, "first words"));
    desk.publish = (PublishInput){ .from_day = tenant_today(ctx) + 2 };
    run(ctx, &desk, "publish");
    CHECK(shows(ctx, &desk, "first words"));
    ctx->now += 2 * DAY;
    CHECK(shows(ctx, &desk, "second words"));
    desk.publish.from_day = tenant_today(ctx) - 1;
    desk.action = "publish";
    CHECK_FAILS(ctx, "cms.past", shop_try(ctx, act, &desk));
    desk.restore.version = 1;
    run(ctx, &desk, "bring_back");
    CHECK(shows(ctx, &desk, "second words"));
    desk.publish = (PublishInput){ 0 };
    run(ctx, &desk, "publish");
    CHECK(shows(ctx, &desk, "first words"));
    desk.restore.version = 9;
    desk.action = "bring_back";
    CHECK_FAILS(ctx, "cms.version", shop_try(ctx, act, &desk));
    ctx->now += SECOND;
    run(ctx, &desk, "withdraw");
    CHECK_INT(stall_get(ctx, &desk.stall, "/shop/main/page/story").status, 410);
    stall_close(&desk.stall);
}

static void test_preview(void)
{
    Ctx *ctx = test_ctx();
    Desk desk = { 0 };
    stall_open(ctx, &desk.stall, 1);
    CHECK_OK(ctx, shop_try(ctx, write_page, &desk));
    Str path = str_join(ctx->arena, S("/preview/"), id_text(ctx->arena, desk.page));
    Str bare = str_join(ctx->arena, S("/shop/main"), path);
    CHECK_INT(stall_get(ctx, &desk.stall, bare.ptr).status, 404);
    Str link = str_join(ctx->arena, S("/shop/main"), link_sign(ctx, path, ctx->now + DAY));
    Answered draft = stall_get(ctx, &desk.stall, link.ptr);
    CHECK_INT(draft.status, 200);
    CHECK(has_text(draft.body, "first words") && has_text(draft.body, "This is a draft"));
    CHECK(has_text(draft.body, "noindex"));
    ctx->now += 2 * DAY;
    CHECK_INT(stall_get(ctx, &desk.stall, link.ptr).status, 404);
    stall_close(&desk.stall);
}

static void test_moved(void)
{
    Ctx *ctx = test_ctx();
    Desk desk = { 0 };
    stall_open(ctx, &desk.stall, 1);
    CHECK_OK(ctx, shop_try(ctx, write_page, &desk));
    run(ctx, &desk, "publish");
    CHECK_OK(ctx, shop_try(ctx, move, &desk));
    Answered old = stall_get(ctx, &desk.stall, "/shop/main/page/story");
    CHECK_INT(old.status, 301);
    CHECK_STR(old.location, "/shop/main/page/about");
    CHECK_INT(stall_get(ctx, &desk.stall, "/shop/main/page/about").status, 200);
    stall_close(&desk.stall);
}

// ---- The editor ---------------------------------------------------------------------------------

static Answered edit(Ctx *ctx, const Desk *desk, Str token, const char *form)
{
    Str target = str_format(ctx->arena, "/admin/cms/editor/" STR_FMT,
                            STR_ARG(id_text(ctx->arena, desk->page)));
    return ask(ctx, &(Asking){ .method = "POST",
                               .target = target,
                               .token = token,
                               .tenant = ctx->tenant->code,
                               .body = str_from(form),
                               .type = S("application/x-www-form-urlencoded") });
}

static void test_editor(void)
{
    Ctx *ctx = test_ctx();
    Desk desk = { 0 };
    stall_open(ctx, &desk.stall, 1);
    CHECK_OK(ctx, shop_try(ctx, write_page, &desk));
    Str owner = ask_token(ctx, "owner@example.com", "Owner");
    Str viewer = ask_token(ctx, "viewer@example.com", "Viewer");
    static const char typed[] = "version=%d&title=Story&blocks[0].kind=prose&blocks[0].words=typed"
                                "&blocks[1].kind=faq&blocks[1].heading=Asked&do=%s";
    CHECK_INT(edit(ctx, &desk, viewer, "version=1&title=x&do=save").status, 403);
    CHECK_INT(edit(ctx, &desk, owner, str_format(ctx->arena, typed, 1, "save").ptr).status, 303);
    CHECK_INT(edit(ctx, &desk, owner, str_format(ctx->arena, typed, 1, "save").ptr).status, 409);
    CHECK_INT(edit(ctx, &desk, owner, "version=2&title=&do=save").status, 422);
    CHECK_INT(stall_get(ctx, &desk.stall, "/shop/main/page/story").status, 404);
    CHECK_INT(edit(ctx, &desk, owner, str_format(ctx->arena, typed, 2, "down-0").ptr).status, 303);
    CHECK_INT(edit(ctx, &desk, owner,
                   "version=3&title=Story&blocks[0].kind=prose"
                   "&blocks[0].words=shown&do=publish")
                  .status,
              303);
    CHECK(shows(ctx, &desk, "shown") && !shows(ctx, &desk, "Asked"));
    Str later = str_format(ctx->arena, "version=%lld&title=Story&from_day=nonsense&do=publish",
                           (long long)stall_count(ctx, "SELECT version FROM site_page"));
    CHECK_INT(edit(ctx, &desk, owner, later.ptr).status, 422);
    CHECK(shows(ctx, &desk, "shown"));
    stall_close(&desk.stall);
}

const Test cms_tests[] = {
    { "visitors see what was published, from its time on, until it is taken off", test_versions },
    { "a draft is shown to whoever has a link that is still good", test_preview },
    { "a page that moves leads there from where it was", test_moved },
    { "what is typed is kept, arranged and published by those who may", test_editor },
    { 0 },
};
