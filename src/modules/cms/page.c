// page.c - pages and their versions: publishing copies the draft into a version that begins at an
// instant, and visitors see the newest that has begun. Planning is publishing for later; bringing
// back is writing an old version into the draft; taking off is a version that says so.
#include "modules/cms/page.h"

#include "base/json.h"
#include "base/utf8.h"
#include "kernel/auth/actor.h"
#include "kernel/tenant.h"

#include <stddef.h>

// ---- Blocks as JSON -----------------------------------------------------------------------------

static const struct BlockText {
    const char *name;
    size_t at;
} block_texts[] = {
    { "heading", offsetof(PageBlock, heading) },       { "words", offsetof(PageBlock, words) },
    { "link_label", offsetof(PageBlock, link_label) }, { "link", offsetof(PageBlock, link) },
    { "more_label", offsetof(PageBlock, more_label) }, { "more", offsetof(PageBlock, more) },
    { "category", offsetof(PageBlock, category) },     { "alt", offsetof(PageBlock, alt) },
};

static Str *text_of(PageBlock *block, const struct BlockText *text)
{
    return (Str *)(void *)((char *)block + text->at);
}

static Str blocks_json(Ctx *ctx, const PageBlockList *blocks)
{
    Buf out = { .arena = ctx->arena };
    JsonOut json = { .out = &out };
    json_open(&json, '[');
    EACH (block, *blocks) {
        json_open(&json, '{');
        json_key(&json, "kind");
        json_put_str(&json, str_from(block_kind_enum.values[block->kind].name));
        for (size_t i = 0; i < COUNT(block_texts); i++) {
            json_key(&json, block_texts[i].name);
            json_put_str(&json, *text_of(block, &block_texts[i]));
        }
        json_key(&json, "picture");
        json_put_str(&json, block->picture ? id_text(ctx->arena, block->picture) : S(""));
        json_close(&json, '}');
    }
    json_close(&json, ']');
    return buf_str(&out);
}

static Status blocks_read(Ctx *ctx, Str body, PageBlockList *ret)
{
    const Json *tree;
    *ret = (PageBlockList){ 0 };
    TRY(json_parse(ctx, body.len ? body : S("[]"), &tree));
    JSON_EACH (item, tree) {
        PageBlock *block = list_push(ctx->arena, ret);
        block->kind = (BlockKind)enum_value(&block_kind_enum, json_str(item, "kind"));
        for (size_t i = 0; i < COUNT(block_texts); i++)
            *text_of(block, &block_texts[i]) = json_str(item, block_texts[i].name);
        if (!id_parse(json_str(item, "picture"), &block->picture))
            block->picture = 0;
    }
    return OK;
}

// ---- What visitors see --------------------------------------------------------------------------

Status page_find(Ctx *ctx, Id channel, Str language, Str slug, PageView *ret, bool *ret_found)
{
    Str kind, body;
    *ret = (PageView){ .slug = slug, .language = language };
    TRY(db_maybe(ctx,
                 SQL("SELECT p.id, p.kind, v.title, v.description, v.body, v.is_gone, v.live_from"
                     " FROM site_page p JOIN page_version v ON v.site_page_id = p.id"
                     " WHERE p.channel_id = $1 AND p.language = $2 AND p.slug = $3"
                     " AND p.archived = 0 AND v.live_from <= $4"
                     " ORDER BY v.live_from DESC, v.number DESC LIMIT 1",
                     channel, language, slug, ctx->now),
                 ret_found, &ret->page, &kind, &ret->title, &ret->description, &body, &ret->is_gone,
                 &ret->live_from));
    if (!*ret_found)
        return OK;
    ret->kind = (PageKind)enum_value(&page_kind_enum, kind);
    return blocks_read(ctx, body, &ret->blocks);
}

Status page_draft(Ctx *ctx, Id page, PageView *ret)
{
    SitePage draft;
    TRY(site_page_load(ctx, page, &draft));
    *ret = (PageView){ .page = page,
                       .kind = draft.kind,
                       .slug = draft.slug,
                       .language = draft.language,
                       .title = draft.title,
                       .description = draft.description,
                       .blocks = draft.blocks,
                       .live_from = draft.record.updated_at };
    return OK;
}

Status pages_live(Ctx *ctx, Id channel, PageViewList *ret)
{
    Str kind;
    PageView page = { 0 };
    Id before = 0;
    Rows *rows =
        db_query(ctx, SQL("SELECT p.id, p.kind, p.slug, p.language, v.title, v.is_gone, v.live_from"
                          " FROM site_page p JOIN page_version v ON v.site_page_id = p.id"
                          " WHERE p.channel_id = $1 AND p.archived = 0 AND v.live_from <= $2"
                          " ORDER BY p.id, v.live_from DESC, v.number DESC LIMIT $3",
                          channel, ctx->now, PAGES_MAX * 20));
    *ret = (PageViewList){ 0 };
    while (rows_next(rows, &page.page, &kind, &page.slug, &page.language, &page.title,
                     &page.is_gone, &page.live_from)) {
        page.kind = (PageKind)enum_value(&page_kind_enum, kind);
        if (page.page != before && !page.is_gone && ret->len < PAGES_MAX)
            *list_push(ctx->arena, ret) = page;
        before = page.page;
    }
    return rows_end(rows);
}

// ---- Publishing ---------------------------------------------------------------------------------

static Status next_number(Ctx *ctx, Id page, int64_t *ret)
{
    TRY(db_one(
        ctx, SQL("SELECT COALESCE(max(number), 0) FROM page_version WHERE site_page_id = $1", page),
        ret));
    ++*ret;
    return OK;
}

static Status append(Ctx *ctx, const SitePage *page, Time from, Str note, bool is_gone)
{
    PageVersion version = { .site_page = page->record.id,
                            .live_from = from ? from : ctx->now,
                            .is_gone = is_gone,
                            .title = page->title,
                            .description = page->description,
                            .body = blocks_json(ctx, &page->blocks),
                            .author = utf8_cut(ctx->actor->name, 120),
                            .note = note };
    TRY(next_number(ctx, page->record.id, &version.number));
    return page_version_append(ctx, &version);
}

Status page_publish(Ctx *ctx, SitePage *page, Time from, Str note)
{
    return append(ctx, page, from, note, false);
}

Status page_publish_run(Ctx *ctx, void *record, const void *input)
{
    const PublishInput *when = input;
    Time from = 0;
    if (when->from_day)
        from = zone_time(ctx->tenant->zone, when->from_day,
                         when->from_clock ? when->from_clock - 1 : 0);
    if (from && from < ctx->now)
        return FAIL(ctx, E_INVALID, "cms.past", "a page cannot be published in the past");
    return append(ctx, record, from, when->note, false);
}

Status page_withdraw_run(Ctx *ctx, void *record, const void *input)
{
    (void)input;
    return append(ctx, record, 0, S(""), true);
}

// The plan made last is replaced by what visitors see today.
Status page_restore_run(Ctx *ctx, void *record, const void *input)
{
    SitePage *page = record;
    const RestoreInput *wanted = input;
    bool found;
    Str body;
    TRY(db_maybe(ctx,
                 SQL("SELECT title, description, body FROM page_version"
                     " WHERE site_page_id = $1 AND number = $2",
                     page->record.id, wanted->version),
                 &found, &page->title, &page->description, &body));
    if (!found)
        return FAIL(ctx, E_NOT_FOUND, "cms.version", "there is no version %lld",
                    (long long)wanted->version);
    TRY(blocks_read(ctx, body, &page->blocks));
    return site_page_save(ctx, page);
}

// ---- Saving -------------------------------------------------------------------------------------

Status page_before_save(Ctx *ctx, void *record, const void *before)
{
    SitePage *page = record;
    (void)before;
    if (page->blocks.len > BLOCKS_MAX)
        ctx_problem(ctx, S("blocks"), "cms.too_many_blocks", "a page has at most %d blocks",
                    BLOCKS_MAX);
    if (page->kind == PAGE_KIND_HOME && page->slug.len)
        ctx_problem(ctx, S("slug"), "cms.home_slug", "the start page has no address of its own");
    if (page->kind == PAGE_KIND_PAGE && page->slug.len == 0)
        ctx_problem(ctx, S("slug"), "field.required", "this is needed");
    return ctx_problems(ctx);
}

Status page_after_save(Ctx *ctx, const void *record, const void *before)
{
    const SitePage *page = record, *was = before;
    if (!was || str_eq(was->slug, page->slug) || was->slug.len == 0)
        return OK;
    return redirect_add(ctx, page->channel, str_join(ctx->arena, S("/page/"), was->slug),
                        str_join(ctx->arena, S("/page/"), page->slug));
}
