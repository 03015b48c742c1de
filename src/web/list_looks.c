// list_looks.c - which looks a list has, and which columns it could show.
#include "web/list_look.h"
#include "web/sheet.h"

#include "kernel/auth/actor.h"
#include "kernel/entity/custom.h"
#include "kernel/entity/info.h"
#include "kernel/i18n.h"

enum { CHOICES_SHOWN = 40 };

static void add_look(Ctx *ctx, ListPage *page, const char *name, const char *label,
                     const char *icon)
{
    static const char own[] = "view after before _on _scale _by _more";
    bool is_list = strcmp(name, "list") == 0;
    Str wanted = request_query(ctx->request, "view");
    bool is_here = str_is(wanted, name);
    *list_push(ctx->arena, &page->looks) =
        (ListLook){ .name = name,
                    .label = label,
                    .icon = icon,
                    .url = is_list ? url_query(ctx, own, "", S(""))
                                   : url_query(ctx, own, "view", str_from(name)),
                    .is_here = is_here };
    if (is_here)
        page->look = name;
}

void list_looks(Ctx *ctx, ListPage *page)
{
    const FieldDef *from, *to;
    page->look = "list";
    add_look(ctx, page, "list", TEXT("Rows"), "list");
    if (look_has_board(page->entity))
        add_look(ctx, page, "board", TEXT("Board"), "pipe");
    if (look_day(ctx, page->entity, S("")))
        add_look(ctx, page, "calendar", TEXT("Calendar"), "cal");
    if (look_span(ctx, page->entity, &from, &to))
        add_look(ctx, page, "gantt", TEXT("Bars over time"), "bars");
    if (sheet_is_possible(ctx, page->entity))
        add_look(ctx, page, "sheet", TEXT("Edit as a sheet"), "edit");
    if (strcmp(page->look, "list") == 0)
        page->looks.items[0].is_here = true;
}

// ---- Columns ------------------------------------------------------------------------------------

static bool can_stand(const Ctx *ctx, const FieldDef *f)
{
    switch ((FieldType)f->type) {
    case FIELD_LIST:
    case FIELD_BYTES:
    case FIELD_JSON:
    case FIELD_POINTS:
    case FIELD_GEO:
    case FIELD_REFS:
    case FIELD_CHOICES:
    case FIELD_SECRET:
    case FIELD_SHAPES: return false;
    default: return actor_may_read_field(ctx->actor, f);
    }
}

static bool is_shown(Ctx *ctx, const ListPage *page, Str name)
{
    EACH (path, page->query.columns)
        if (str_eq(path_text(ctx->arena, path), name))
            return true;
    return false;
}

static void add_choice(Ctx *ctx, ListPage *page, Str name, Str label)
{
    if (page->choices.len < CHOICES_SHOWN)
        *list_push(ctx->arena, &page->choices) =
            (ColumnChoice){ name, label, is_shown(ctx, page, name) };
}

// In the order of the declaration, the tenant's own fields last.
void list_choices(Ctx *ctx, ListPage *page)
{
    const EntityDef *e = page->entity;
    for (const FieldDef *f = e->fields; f < e->fields + e->count; f++)
        if (can_stand(ctx, f))
            add_choice(ctx, page, str_from(f->name), tr(ctx, f->label));
    const OwnFieldList *own = custom_fields(ctx, e);
    EACH (f, *own)
        add_choice(ctx, page, str_join(ctx->arena, S("x_"), f->name), f->label);
    if (entity_is_root(e))
        add_choice(ctx, page, S("created_at"), tr(ctx, "Created"));
    if (entity_is_root(e))
        add_choice(ctx, page, S("assigned"), tr(ctx, "Assigned to"));
}
