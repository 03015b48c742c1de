// declared.c - reading the declarations. Their names were checked when the program was built.
#include "kernel/search/declared.h"

#include "kernel/auth/actor.h"
#include "kernel/entity/custom.h"
#include "kernel/entity/info.h"
#include "kernel/entity/mask.h"
#include "kernel/tenant.h"

// Goes up when the same record gives other words or values than before.
enum { ANALYSIS_VERSION = 1 };

bool declared_is_searched(const Ctx *ctx, const EntityDef *e)
{
    return e->search && tenant_has_entity(ctx->tenant, e);
}

// ---- Words --------------------------------------------------------------------------------------

// "sku", "customer.name", "variants.sku".
static bool resolve(const EntityDef *e, Str path, const FieldDef **ret_via, const FieldDef **ret)
{
    ptrdiff_t dot = str_find_char(path, '.');
    *ret_via = NULL;
    if (dot > 0) {
        *ret_via = entity_field(e, str_sub(path, 0, (size_t)dot));
        e = *ret_via ? (*ret_via)->of : NULL;
        path = str_from_at(path, (size_t)dot + 1);
    }
    *ret = e ? entity_field(e, path) : NULL;
    return *ret != NULL;
}

static void all_words(Ctx *ctx, const EntityDef *e, WordsList *ret)
{
    Str rest = str_from(e->search), path;
    for (int weight = 0; str_next_word(&rest, &path); weight++) {
        Words words = { .weight = weight };
        if (resolve(e, path, &words.via, &words.field))
            *list_push(ctx->arena, ret) = words;
    }
}

static bool may_search(const Ctx *ctx, const Words *words)
{
    return !field_is_masked(ctx, words->field, true) &&
           actor_may_read_field(ctx->actor, words->field) &&
           (!words->via || actor_may_read_field(ctx->actor, words->via));
}

// Somebody who may read the record and nothing that needs more.
static Ctx as_anybody(const Ctx *ctx)
{
    static Actor anybody = { .kind = ACTOR_STAFF };
    Ctx asking = *ctx;
    asking.actor = &anybody;
    return asking;
}

void declared_words(Ctx *ctx, const EntityDef *e, Breadth breadth, WordsList *ret)
{
    WordsList all = { 0 };
    Ctx anybody = as_anybody(ctx);
    all_words(ctx, e, &all);
    EACH (words, all)
        if (breadth == BREADTH_ALL || may_search(&anybody, words))
            *list_push(ctx->arena, ret) = *words;
}

static bool may_search_all(Ctx *arena, const Ctx *asking, const EntityDef *e)
{
    WordsList all = { 0 };
    all_words(arena, e, &all);
    EACH (words, all)
        if (!may_search(asking, words))
            return false;
    return true;
}

bool declared_has_open(Ctx *ctx, const EntityDef *e)
{
    Ctx anybody = as_anybody(ctx);
    return !may_search_all(ctx, &anybody, e);
}

Breadth declared_breadth(Ctx *ctx, const EntityDef *e)
{
    return may_search_all(ctx, ctx, e) ? BREADTH_ALL : BREADTH_OPEN;
}

Str declared_index(Arena *arena, const EntityDef *e, Breadth breadth)
{
    return str_format(arena, breadth == BREADTH_ALL ? "%s" : "%s~", e->name);
}

// ---- Scopes -------------------------------------------------------------------------------------

const EntityDef *declared_holder(const EntityDef *e)
{
    while (e->parent && !e->portal)
        e = e->parent;
    return e;
}

Str declared_hidden_facet(Arena *arena, Str path)
{
    return str_join(arena, S("^"), path);
}

static void add_hidden(Ctx *ctx, const EntityDef *holder, Str path, bool is_scope, HiddenList *ret)
{
    Hidden hidden = { .is_scope = is_scope, .facet = declared_hidden_facet(ctx->arena, path) };
    if (!resolve(holder, path, &hidden.via, &hidden.field))
        return;  // "id": a scope of ids
    EACH (other, *ret)
        if (str_eq(other->facet, hidden.facet))
            return;
    *list_push(ctx->arena, ret) = hidden;
}

void declared_hidden(Ctx *ctx, const EntityDef *holder, HiddenList *ret)
{
    Str rest = str_from(holder->scope), word;
    while (str_next_word(&rest, &word))
        add_hidden(ctx, holder, word, true, ret);
    rest = str_from(holder->portal);
    while (str_next_word(&rest, &word)) {
        ptrdiff_t equals = str_find_char(word, '=');
        if (equals > 0)
            add_hidden(ctx, holder, str_from_at(word, (size_t)equals + 1), false, ret);
    }
}

// ---- Seen from the other side -------------------------------------------------------------------

static void add_shower(Ctx *ctx, const EntityDef *from, const FieldDef *via, const FieldDef *field,
                       const EntityDef *e, ShowerList *ret)
{
    if (via && via->type == FIELD_REF && via->of == e)
        *list_push(ctx->arena, ret) = (Shower){ from, via, field };
}

void declared_showers(Ctx *ctx, const EntityDef *e, ShowerList *ret)
{
    size_t count;
    const EntityDef *const *all = entities_all(&count);
    for (size_t i = 0; i < count; i++) {
        WordsList words = { 0 };
        HiddenList hidden = { 0 };
        if (!declared_is_searched(ctx, all[i]))
            continue;
        const EntityDef *holder = declared_holder(all[i]);
        all_words(ctx, all[i], &words);
        declared_hidden(ctx, holder, &hidden);
        EACH (w, words)
            add_shower(ctx, all[i], w->via, w->field, e, ret);
        EACH (h, hidden)
            add_shower(ctx, holder, h->via, h->field, e, ret);
    }
}

Str declared_shape(Ctx *ctx, const EntityDef *e)
{
    Buf out = { .arena = ctx->arena };
    const EntityDef *holder = declared_holder(e);
    const char *const parts[] = { e->search, e->facets, holder->scope, holder->portal };
    buf_int(&out, ANALYSIS_VERSION);
    for (size_t i = 0; i < COUNT(parts); i++)
        buf_printf(&out, "|%s", parts[i] ? parts[i] : "");
    if (declared_has_open(ctx, e))
        buf_c(&out, "|open");
    if (!entity_is_entry(e) && !entity_is_keyed(e))
        EACH (own, *custom_fields(ctx, e))
            buf_printf(&out, "|x_" STR_FMT " %d %d", STR_ARG(own->name), own->kind, own->is_filter);
    return buf_str(&out);
}
