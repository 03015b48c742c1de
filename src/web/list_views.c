// list_views.c - saved views: an address with a name, shown as a tab over the list it belongs to.
#include "gen/kernel.gen.h"
#include "kernel/auth/actor.h"
#include "kernel/entity/access.h"
#include "kernel/i18n.h"
#include "web/list.h"

enum { STATES_MAX = 16 };

static Str query_of(const Request *request)
{
    ptrdiff_t at = str_find_char(request->target, '?');
    return at < 0 ? S("") : str_from_at(request->target, (size_t)at + 1);
}

static Str address_of(Ctx *ctx, const ListPage *page, Str query)
{
    Str list = entity_url(ctx->arena, page->entity).text;
    return query.len ? str_format(ctx->arena, STR_FMT "?" STR_FMT, STR_ARG(list), STR_ARG(query))
                     : list;
}

static void add_tab(Ctx *ctx, ListPage *page, Str name, Str query, Str count)
{
    ViewTab tab = { .name = name,
                    .count = count,
                    .is_here = str_eq(query, query_of(ctx->request)) };
    if (url_local(ctx, address_of(ctx, page, query), &tab.url) == OK)
        *list_push(ctx->arena, &page->views) = tab;
    else
        ctx_recover(ctx);  // saved by an older program: no tab rather than no page
}

// ---- Tabs of the states -------------------------------------------------------------------------

// What people read as a document's state: its headline, where its axes are summed up in one.
static const FieldDef *state_of(const EntityDef *e)
{
    const FieldDef *headline = entity_field(e, S("headline"));
    if (e->kind != DOCUMENT)
        return NULL;
    return headline && headline->type == FIELD_ENUM ? headline : entity_state_field(e);
}

static void count_of_all(Ctx *ctx, const ListPage *page, EntityQuery *ret)
{
    entity_query_default(ctx, page->entity, ret);
    ret->columns.len = 0;
    ret->want_count = true;
    ret->count_max = LIST_COUNT_MAX;
}

static Status count_all(Ctx *ctx, ListPage *page)
{
    EntityQuery query;
    EntityRows rows;
    count_of_all(ctx, page, &query);
    TRY(entity_totals(ctx, &query, &rows));
    page->all = rows.count;
    return OK;
}

// Only states that something is in: an empty tab tells nobody anything. Every record is in one of
// them, so together they are all.
static Status add_states(Ctx *ctx, ListPage *page, const FieldDef *state)
{
    const EnumDef *words = state->of;
    int64_t counts[STATES_MAX + 1];
    EntityQuery query;
    count_of_all(ctx, page, &query);
    TRY(entity_counts(ctx, &query, state, counts));
    page->all = 0;
    for (int i = 1; i < words->count; i++) {
        page->all += counts[i];
        if (counts[i] == 0)
            continue;
        add_tab(ctx, page, tr(ctx, words->values[i].label),
                str_format(ctx->arena, "%s=%s", state->name, words->values[i].name),
                list_count_words(ctx, counts[i]));
    }
    return OK;
}

static Status add_saved(Ctx *ctx, ListPage *page)
{
    Str name, query;
    Query saved = SQL("SELECT name, query FROM saved_view WHERE entity = $1"
                      " AND (owner_id = $2 OR is_shared = 1) AND archived = 0"
                      " ORDER BY position, id LIMIT 12",
                      page->entity->name, ctx->actor->member);
    saved.is_kept = true;
    Rows *rows = db_query(ctx, saved);
    while (rows_next(rows, &name, &query))
        add_tab(ctx, page, name, query, S(""));
    return rows_end(rows);
}

static bool has_few_states(const FieldDef *state)
{
    return state && ((const EnumDef *)state->of)->count <= STATES_MAX + 1;
}

Status list_views(Ctx *ctx, ListPage *page)
{
    const FieldDef *state = state_of(page->entity);
    page->all = -1;
    if (page_wants_part(ctx, "rows"))
        return OK;
    add_tab(ctx, page, tr(ctx, "All"), S(""), S(""));
    TRY(add_saved(ctx, page));
    TRY(has_few_states(state) ? add_states(ctx, page, state) : count_all(ctx, page));
    page->views.items[0].count = list_count_words(ctx, page->all);
    return OK;
}

// The address is kept as it stands, without where in the list somebody was.
Status view_save_post(Ctx *ctx)
{
    const EntityDef *e;
    const Json *form;
    Url back;
    TRY(page_entity(ctx, &e));
    TRY(request_json(ctx, &form));
    TRY(url_local(ctx, json_str(form, "back"), &back));
    ptrdiff_t at = str_find_char(back.text, '?');
    SavedView *view = saved_view_new(ctx);
    view->entity = str_from(e->name);
    view->name = str_trim(json_str(form, "name"));
    view->query = at < 0 ? S("") : str_from_at(back.text, (size_t)at + 1);
    view->owner = ctx->actor->member;
    view->is_shared = json_str(form, "is_shared").len > 0;
    TRY(actor_require(ctx, "platform.view"));
    if (view->query.len == 0) {
        flash_put(ctx, "warn",
                  tr(ctx, "Set a filter or an order first; then it can be saved as a view."));
        return respond_redirect(ctx, back.text);
    }
    TRY(saved_view_save(ctx, view));
    flash_put(ctx, "ok", tr_format(ctx, "The view \"%.*s\" is saved.", STR_ARG(view->name)));
    return respond_redirect(ctx, back.text);
}
