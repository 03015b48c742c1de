// palette.c - what is found for what is typed: documents by number and words, what can be done with
// the record one was looking at, pages to go to, things to make, what one worked on lately, and the
// answer to a sum. A first character narrows: > actions, # documents, @ people, ? keys.
#include "web/palette.h"

#include "gen/pages/web_palette.h"
#include "kernel/auth/actor.h"
#include "kernel/entity/access.h"
#include "kernel/entity/info.h"
#include "kernel/entity/record.h"
#include "kernel/i18n.h"
#include "kernel/search.h"
#include "web/record.h"
#include "web/sum.h"

enum { DOCUMENTS_MAX = 12, GROUP_MAX = 8, RECENT_MAX = 6 };

typedef enum Narrow {
    NARROW_NOT,
    NARROW_ACTIONS,
    NARROW_NUMBERS,
    NARROW_PEOPLE,
    NARROW_HELP
} Narrow;

static Narrow narrow_of(Str typed, Str *ret_words)
{
    static const struct {
        char mark;
        Narrow narrow;
    } marks[] = { { '>', NARROW_ACTIONS },
                  { '#', NARROW_NUMBERS },
                  { '@', NARROW_PEOPLE },
                  { '?', NARROW_HELP } };
    *ret_words = typed;
    for (size_t i = 0; typed.len && i < COUNT(marks); i++)
        if (typed.ptr[0] == marks[i].mark) {
            *ret_words = str_trim(str_from_at(typed, 1));
            return marks[i].narrow;
        }
    return NARROW_NOT;
}

static bool has_words(Ctx *ctx, Str text, Str words)
{
    return words.len == 0 || str_find(fold_text(ctx, text), fold_text(ctx, words)) >= 0;
}

static void add(Ctx *ctx, HitGroup *group, Hit hit)
{
    if (group->hits.len < GROUP_MAX)
        *list_push(ctx->arena, &group->hits) = hit;
}

// ---- Documents ----------------------------------------------------------------------------------

// A person is what personal data is about: "whose: id".
static bool is_meant(const EntityDef *e, Narrow narrow)
{
    if (narrow == NARROW_NUMBERS)
        return e->kind == DOCUMENT;
    if (narrow == NARROW_PEOPLE)
        return e->whose && strcmp(e->whose, "id") == 0;
    return true;
}

static Hit hit_of(Ctx *ctx, const EntityDef *e, Id id, Str title)
{
    return (Hit){ .title = title.len ? title : id_text(ctx->arena, id),
                  .second = tr(ctx, e->label),
                  .icon = e->icon ? e->icon : "list",
                  .url = record_url(ctx->arena, e, id) };
}

static Status find_documents(Ctx *ctx, Str words, Narrow narrow, Found *found)
{
    SearchQuery query = { .words = words, .limit = DOCUMENTS_MAX };
    SearchResult result;
    if (words.len == 0)
        return OK;
    TRY(search_run(ctx, &query, &result));
    EACH (hit, result.hits) {
        Str title;
        if (!entity_is_open(ctx, hit->entity) || !is_meant(hit->entity, narrow))
            continue;
        TRY(record_title(ctx, hit->entity, hit->id, &title));
        *list_push(ctx->arena, &found->documents.hits) = hit_of(ctx, hit->entity, hit->id, title);
    }
    return OK;
}

// What this person changed last.
static Status find_recent(Ctx *ctx, Found *found)
{
    Str kind, title;
    Id id;
    Rows *rows = db_query(ctx, SQL("SELECT subject_kind, subject_id, max(title) FROM"
                                   " (SELECT id, subject_kind, subject_id, title FROM audit_row"
                                   " WHERE member_id = $1 AND subject_id IS NOT NULL"
                                   " ORDER BY id DESC LIMIT 60) last"
                                   " GROUP BY subject_kind, subject_id"
                                   " ORDER BY max(id) DESC LIMIT 12",
                                   ctx->actor->member));
    while (rows_next(rows, &kind, &id, &title)) {
        const EntityDef *e = entity_named(kind);
        if (e && entity_is_root(e) && entity_is_open(ctx, e) && found->recent.hits.len < RECENT_MAX)
            add(ctx, &found->recent, hit_of(ctx, e, id, title));
    }
    return rows_end(rows);
}

// ---- Actions on the record one looks at ---------------------------------------------------------

static bool parse_from(Str from, Str *ret_module, Str *ret_collection, Str *ret_key)
{
    Str admin;
    if (!str_starts(from, S("/admin/")))
        return false;
    from = str_from_at(from, 1);
    return str_next(&from, '/', &admin) && str_next(&from, '/', ret_module) &&
           str_next(&from, '/', ret_collection) && str_next(&from, '/', ret_key);
}

static void add_action(Ctx *ctx, const EntityDef *e, Id id, Str label, const char *more, Str title,
                       Found *found)
{
    add(ctx, &found->actions,
        (Hit){ .title = label,
               .second = title,
               .icon = "flash",
               .url = record_page_url(ctx->arena, e, id, more) });
}

static Status find_actions(Ctx *ctx, Str words, Found *found)
{
    Request *request = ctx->request;
    Str module, collection, key, title;
    const EntityDef *e;
    ActionOfferList offers;
    Id id = 0;
    if (!parse_from(found->from, &module, &collection, &key) || !str_starts(key, S("~")))
        return OK;
    request->params[0] = module, request->params[1] = collection, request->params[2] = key;
    if (page_entity(ctx, &e) != OK || record_key(ctx, e, &id) != OK) {
        ctx_recover(ctx);
        return OK;
    }
    void *record = arena_alloc(ctx->arena, e->size);
    TRY(access_get(ctx, e, id, record));
    TRY(record_title(ctx, e, id, &title));
    if (e->info->machine)
        TRY(action_offers(ctx, e, record, &offers));
    else
        offers = (ActionOfferList){ 0 };
    EACH (offer, offers)
        if (offer->refusal.len == 0 && has_words(ctx, tr(ctx, offer->action->label), words))
            add_action(ctx, e, id, tr(ctx, offer->action->label),
                       str_format(ctx->arena, "do/%s", offer->action->name).ptr, title, found);
    bool may_edit = entity_is_root(e) && actor_may(ctx->actor, e->info->write_permission) &&
                    record_is_editable(e, record);
    if (may_edit && has_words(ctx, tr(ctx, "Edit"), words))
        add_action(ctx, e, id, tr(ctx, "Edit"), "edit", title, found);
    return OK;
}

// ---- Places -------------------------------------------------------------------------------------

static Str new_words(Ctx *ctx, const EntityDef *e)
{
    return tr_format(ctx, "New: %s", tr(ctx, e->label).ptr);
}

static void find_places(Ctx *ctx, Str words, Found *found)
{
    NavGroupList groups = nav_groups(ctx);
    EACH (group, groups)
        EACH (link, group->links) {
            Str label = tr(ctx, link->label);
            if (has_words(ctx, label, words))
                add(ctx, &found->places,
                    (Hit){ .title = label,
                           .second = tr(ctx, group->label),
                           .icon = link->icon,
                           .url = link->url });
            const EntityDef *e = link->entity;
            bool may_make = e && entity_is_root(e) && !(e->api && strcmp(e->api, "read") == 0) &&
                            actor_may(ctx->actor, e->info->write_permission);
            if (may_make && has_words(ctx, new_words(ctx, e), words))
                add(ctx, &found->creations,
                    (Hit){ .title = new_words(ctx, e),
                           .icon = "plus",
                           .url = { str_format(ctx->arena, STR_FMT "/new",
                                               STR_ARG(entity_url(ctx->arena, e).text)) } });
        }
}

// ---- The page -----------------------------------------------------------------------------------

static Status find(Ctx *ctx, Found *found)
{
    Str words;
    int64_t micro;
    Narrow narrow = narrow_of(found->words, &words);
    if (narrow == NARROW_NOT && sum_read(ctx, words, &micro))
        found->answer = show_number(ctx, micro, SUM_DIGITS);
    if (narrow != NARROW_ACTIONS && narrow != NARROW_HELP)
        TRY(find_documents(ctx, words, narrow, found));
    if (narrow == NARROW_NUMBERS || narrow == NARROW_PEOPLE || narrow == NARROW_HELP)
        return OK;
    TRY(find_actions(ctx, words, found));
    find_places(ctx, words, found);
    return words.len ? OK : find_recent(ctx, found);
}

// "1,152.000000" is 1,152.
static Str without_zeros(Str text)
{
    while (text.len && text.ptr[text.len - 1] == '0')
        text.len--;
    while (text.len && strchr(".,", text.ptr[text.len - 1]))
        text.len--;
    return text;
}

Status search_page(Ctx *ctx)
{
    ctx->request->timed = TIMED_PALETTE;
    Buf *out = &ctx->request->out;
    Found found = { .words = str_trim(request_query(ctx->request, "q")),
                    .from = request_query(ctx->request, "from"),
                    .documents = { TEXT("Documents") },
                    .actions = { TEXT("Actions here") },
                    .places = { TEXT("Go to") },
                    .creations = { TEXT("New") },
                    .recent = { TEXT("Lately yours") } };
    TRY(find(ctx, &found));
    found.answer = without_zeros(found.answer);
    size_t body = html_begin(out);
    if (page_wants_part(ctx, "palette-hits")) {
        web_found(out, ctx, &found);
        return page_answer_part(ctx);
    }
    web_search(out, ctx, &found);
    return page_answer(ctx, &(Page){ .title = tr(ctx, "Search") }, body, 200);
}

// ---- Keys ---------------------------------------------------------------------------------------

// clang-format off
static const KeyRow everywhere[] = {
    { "Ctrl K", TEXT("Search, or do something") },
    { "?", TEXT("These keys") },
    { "G", TEXT("Then a letter: go to a page of the menu") },
    { "Esc", TEXT("Close what is open") },
    { "Ctrl Z", TEXT("Undo what the page offers to undo") },
};
static const KeyRow lists[] = {
    { "/", TEXT("Search in this list") },
    { "C", TEXT("New record") },
    { "J  K", TEXT("Next row, previous row") },
    { "X  Shift X", TEXT("Select the row, or all up to it") },
    { "Enter  O", TEXT("Open the row") },
    { "F", TEXT("Filter") },
    { "V", TEXT("Show as rows, board, calendar") },
};
static const KeyRow records[] = {
    { "E", TEXT("Edit") },
    { "M", TEXT("Write a comment") },
    { "P", TEXT("Print") },
};
static const KeyRow rows_[] = {
    { "Ctrl S", TEXT("Save") },
    { "Alt ↓", TEXT("Add a row") },
    { "Alt Shift ↑  ↓", TEXT("Move the row") },
    { "Ctrl D", TEXT("Copy from above") },
    { "Ctrl Del", TEXT("Remove the row") },
};
static const KeyRow boards[] = {
    { "Space", TEXT("Lift the card, drop it") },
    { "←  →", TEXT("Take it along") },
    { "Esc", TEXT("Let it go back") },
};
static const KeyGroup groups[] = {
    { TEXT("Everywhere"), everywhere, COUNT(everywhere) },
    { TEXT("Lists"), lists, COUNT(lists) },
    { TEXT("Records"), records, COUNT(records) },
    { TEXT("Forms"), rows_, COUNT(rows_) },
    { TEXT("Boards"), boards, COUNT(boards) },
};
// clang-format on

Status keys_page(Ctx *ctx)
{
    Buf *out = &ctx->request->out;
    size_t body = html_begin(out);
    web_keys(out, ctx, groups, COUNT(groups), nav_groups(ctx));
    if (page_wants_part(ctx, "keys-in"))
        return page_answer_part(ctx);
    return page_answer(ctx, &(Page){ .title = tr(ctx, "Keys") }, body, 200);
}
