// editor.c - a page as a form: one group of fields for each block, with the fields its kind has.
// Every button takes over what is typed first, so nothing is lost by adding, moving or publishing;
// what is refused is shown as it was typed.
#include "modules/cms/editor.h"

#include "base/json.h"
#include "gen/pages/cms_editor.h"
#include "kernel/auth/actor.h"
#include "kernel/db/db.h"
#include "kernel/entity/access.h"
#include "kernel/i18n.h"
#include "kernel/tenant.h"

enum { VERSIONS_SHOWN = 20, ROWS_MAX = 500 };

// clang-format off
static const BlockForm forms[] = {
    { BLOCK_KIND_HERO, BLOCK_HAS_WORDS | BLOCK_HAS_LINK | BLOCK_HAS_MORE,
      TEXT("The sentence below the heading. Each line beginning with ## is a promise with a small picture.") },
    { BLOCK_KIND_PROSE, BLOCK_HAS_WORDS | BLOCK_HAS_LINK,
      TEXT("Blank lines part paragraphs; - begins an item, ## a heading; **bold**; [words](/address).") },
    { BLOCK_KIND_MISSION, BLOCK_HAS_WORDS | BLOCK_HAS_LINK,
      TEXT("What you are there for. Each ## heading with its lines stands beside it.") },
    { BLOCK_KIND_VISION, BLOCK_HAS_WORDS | BLOCK_HAS_LINK,
      TEXT("Where you want to be. Each ## heading with its lines stands beside it.") },
    { BLOCK_KIND_OBJECTIVES, BLOCK_HAS_WORDS | BLOCK_HAS_LINK,
      TEXT("Each ## heading with its lines is one card.") },
    { BLOCK_KIND_VALUES, BLOCK_HAS_WORDS | BLOCK_HAS_LINK,
      TEXT("Each ## heading with its lines is one card.") },
    { BLOCK_KIND_SUSTAINABILITY, BLOCK_HAS_WORDS | BLOCK_HAS_LINK,
      TEXT("Each ## heading with its lines is one card.") },
    { BLOCK_KIND_FEATURED, BLOCK_HAS_CATEGORY | BLOCK_HAS_LINK,
      TEXT("Eight products of the category, those in stock first; of all when it is left empty.") },
    { BLOCK_KIND_TESTIMONIALS, BLOCK_HAS_WORDS,
      TEXT("## and who says it; below, what was said.") },
    { BLOCK_KIND_FAQ, BLOCK_HAS_WORDS, TEXT("## and the question; below, the answer.") },
    { BLOCK_KIND_CONTACT, BLOCK_HAS_WORDS, TEXT("Address, telephone and e-mail come from the shop's settings.") },
};
// clang-format on

const BlockForm *block_form(BlockKind kind)
{
    for (size_t i = 0; i < COUNT(forms); i++)
        if (forms[i].kind == kind)
            return &forms[i];
    return &forms[1];
}

// ---- The list -----------------------------------------------------------------------------------

static Status read_rows(Ctx *ctx, EditorRowList *ret)
{
    EditorRow row = { 0 };
    Str kind;
    Rows *rows = db_query(
        ctx, SQL("SELECT p.id, p.title, c.name, p.language, p.slug, p.kind,"
                 " COALESCE((SELECT max(v.live_from) FROM page_version v"
                 " WHERE v.site_page_id = p.id AND v.live_from <= $1), 0),"
                 " COALESCE((SELECT min(v.live_from) FROM page_version v"
                 " WHERE v.site_page_id = p.id AND v.live_from > $1), 0),"
                 " COALESCE((SELECT v.is_gone FROM page_version v WHERE v.site_page_id = p.id"
                 " AND v.live_from <= $1 ORDER BY v.live_from DESC, v.number DESC LIMIT 1), 0)"
                 " FROM site_page p JOIN channel c ON c.id = p.channel_id WHERE p.archived = 0"
                 " ORDER BY c.name, p.language, p.slug LIMIT $2",
                 ctx->now, ROWS_MAX));
    *ret = (EditorRowList){ 0 };
    while (rows_next(rows, &row.id, &row.title, &row.channel, &row.language, &row.slug, &kind,
                     &row.live_from, &row.next_from, &row.is_gone)) {
        row.kind = (PageKind)enum_value(&page_kind_enum, kind);
        *list_push(ctx->arena, ret) = row;
    }
    return rows_end(rows);
}

Status editor_list_get(Ctx *ctx)
{
    EditorRowList rows;
    Buf *out = &ctx->request->out;
    TRY(read_rows(ctx, &rows));
    size_t body = html_begin(out);
    cms_pages(out, ctx, rows);
    return page_answer(ctx, &(Page){ .title = tr(ctx, "Pages"), .group = "Content" }, body, 200);
}

// ---- One page -----------------------------------------------------------------------------------

static Status read_versions(Ctx *ctx, Editor *editor)
{
    EditorVersion version = { 0 };
    bool is_found = false;
    Rows *rows = db_query(ctx, SQL("SELECT number, live_from, author, note, is_gone"
                                   " FROM page_version WHERE site_page_id = $1"
                                   " ORDER BY live_from DESC, number DESC LIMIT $2",
                                   editor->page.record.id, VERSIONS_SHOWN));
    while (rows_next(rows, &version.number, &version.live_from, &version.author, &version.note,
                     &version.is_gone)) {
        version.is_live = !is_found && version.live_from <= ctx->now;
        is_found |= version.is_live;
        *list_push(ctx->arena, &editor->versions) = version;
    }
    return rows_end(rows);
}

static Status draw(Ctx *ctx, Editor *editor, int status)
{
    Buf *out = &ctx->request->out;
    Failure failure = ctx->failure;
    ctx_recover(ctx);
    TRY(read_versions(ctx, editor));
    editor->may_publish = actor_may(ctx->actor, "cms.publish");
    editor->has_preview = tenant_has_module(ctx->tenant, "storefront");
    ctx->failure = failure;
    size_t body = html_begin(out);
    cms_editor(out, ctx, editor);
    ctx_recover(ctx);
    Page page = { .title = editor->page.title,
                  .group = "Content",
                  .list = tr(ctx, "Pages"),
                  .list_url = url_path(ctx->arena, "/admin/cms/editor") };
    return page_answer(ctx, &page, body, status);
}

static Status load_page(Ctx *ctx, SitePage *ret)
{
    Id id;
    if (!id_parse(ctx->request->params[0], &id))
        return FAIL(ctx, E_NOT_FOUND, "http.not_found", "there is no such page");
    return site_page_load(ctx, id, ret);
}

Status editor_get(Ctx *ctx)
{
    Editor editor = { 0 };
    TRY(load_page(ctx, &editor.page));
    return draw(ctx, &editor, 200);
}

// ---- What was typed -----------------------------------------------------------------------------

static void read_block(const Json *typed, PageBlock *block)
{
    block->kind = (BlockKind)enum_value(&block_kind_enum, json_str(typed, "kind"));
    block->heading = str_trim(json_str(typed, "heading"));
    block->words = str_trim(json_str(typed, "words"));
    block->link_label = str_trim(json_str(typed, "link_label"));
    block->link = str_trim(json_str(typed, "link"));
    block->more_label = str_trim(json_str(typed, "more_label"));
    block->more = str_trim(json_str(typed, "more"));
    block->category = str_trim(json_str(typed, "category"));
}

// Blocks are known again by their ids; pictures, which the form does not show, stay.
static void read_typed(Ctx *ctx, const Json *form, SitePage *page)
{
    PageBlockList before = page->blocks, after = { 0 };
    const Json *blocks = json_get(form, "blocks");
    page->title = str_trim(json_str(form, "title"));
    page->description = str_trim(json_str(form, "description"));
    for (const Json *typed = blocks ? blocks->first : NULL; typed; typed = typed->next) {
        Id id = 0;
        PageBlock *block = list_push(ctx->arena, &after);
        bool has_id = id_parse(json_str(typed, "id"), &id);
        EACH (old, before)
            if (has_id && old->record.id == id)
                *block = *old;
        read_block(typed, block);
    }
    page->blocks = after;
}

// ---- Buttons ------------------------------------------------------------------------------------

typedef struct Button {
    Str verb;
    int64_t at;  // "up-2": 2
} Button;

static Button pressed(const Json *form)
{
    Str text = json_str(form, "do");
    ptrdiff_t dash = str_rfind_char(text, '-');
    Button button = { .verb = dash < 0 ? text : str_sub(text, 0, (size_t)dash), .at = -1 };
    if (dash >= 0 && !str_int(str_from_at(text, (size_t)dash + 1), &button.at))
        button.at = -1;
    return button;
}

static void swap_blocks(PageBlockList *blocks, int64_t a, int64_t b)
{
    if (a < 0 || b < 0 || a >= (int64_t)blocks->len || b >= (int64_t)blocks->len)
        return;
    PageBlock kept = blocks->items[a];
    blocks->items[a] = blocks->items[b];
    blocks->items[b] = kept;
}

static void arrange(Ctx *ctx, const Json *form, const Button *button, PageBlockList *blocks)
{
    BlockKind kind = (BlockKind)enum_value(&block_kind_enum, json_str(form, "add_kind"));
    if (str_is(button->verb, "add") && kind)
        list_push(ctx->arena, blocks)->kind = kind;
    if (str_is(button->verb, "up"))
        swap_blocks(blocks, button->at, button->at - 1);
    if (str_is(button->verb, "down"))
        swap_blocks(blocks, button->at, button->at + 1);
    bool is_there = button->at >= 0 && button->at < (int64_t)blocks->len;
    if (str_is(button->verb, "remove") && is_there)
        list_remove(blocks, (size_t)button->at);
}

static Status read_plan(Ctx *ctx, const Json *form, PublishInput *ret)
{
    Str day = str_trim(json_str(form, "from_day")), clock = str_trim(json_str(form, "from_clock"));
    *ret = (PublishInput){ .note = str_trim(json_str(form, "note")) };
    if (day.len && !read_date(ctx, day, &ret->from_day))
        ctx_problem(ctx, S("from_day"), "field.date", "this is no day");
    if (clock.len && !clock_parse(clock, &ret->from_clock))
        ctx_problem(ctx, S("from_clock"), "field.clock", "this is no time of day");
    return ctx_problems(ctx);
}

static Status publish(Ctx *ctx, const Json *form, SitePage *page)
{
    PublishInput plan;
    TRY(actor_require(ctx, "cms.publish"));
    TRY(read_plan(ctx, form, &plan));
    TRY(action_do(ctx, &site_page_entity, page, "publish", &plan));
    flash_put(ctx, "ok", plan.from_day ? tr(ctx, "It is planned.") : tr(ctx, "It is published."));
    return OK;
}

static Status act(Ctx *ctx, const Json *form, const Button *button, SitePage *page)
{
    if (str_is(button->verb, "publish"))
        return publish(ctx, form, page);
    if (str_is(button->verb, "bring"))
        return action_do(ctx, &site_page_entity, page, "bring_back",
                         &(RestoreInput){ .version = button->at });
    if (!str_is(button->verb, "withdraw"))
        return OK;
    TRY(actor_require(ctx, "cms.publish"));
    return action_do(ctx, &site_page_entity, page, "withdraw", NULL);
}

typedef struct Saving {
    const Json *form;
    Button button;
    Editor *editor;
} Saving;

static Status save(Ctx *ctx, void *arg)
{
    Saving *saving = arg;
    SitePage *page = &saving->editor->page;
    int64_t seen = 0;
    if (!str_int(json_str(saving->form, "version"), &seen) || seen != page->record.version)
        return FAIL(ctx, E_CONFLICT, "record.changed",
                    "somebody saved this page while you were typing");
    arrange(ctx, saving->form, &saving->button, &page->blocks);
    TRY(site_page_save(ctx, page));
    return act(ctx, saving->form, &saving->button, page);
}

Status editor_post(Ctx *ctx)
{
    Editor editor = { 0 };
    Saving saving = { .editor = &editor };
    TRY(load_page(ctx, &editor.page));
    TRY(request_json(ctx, &saving.form));
    read_typed(ctx, saving.form, &editor.page);
    saving.button = pressed(saving.form);
    Status status = db_try(ctx, save, &saving);
    if (status == E_INVALID || status == E_CONFLICT)
        return draw(ctx, &editor, status == E_INVALID ? 422 : 409);
    TRY(status);
    if (str_is(saving.button.verb, "save"))
        flash_put(ctx, "ok", tr(ctx, "Saved. Visitors see it once it is published."));
    return respond_redirect(
        ctx, url_path(ctx->arena, "/admin/cms/editor/{}", ctx->request->params[0]).text);
}
