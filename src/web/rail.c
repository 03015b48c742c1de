// rail.c - what hangs on a record, read.
//
// Linked documents are found from both sides: what the record refers to, and which kinds of
// document have an indexed reference to it. Each kind is asked for by the query of its own list, so
// that permission, scope and masks hold here as there; several of a kind become one link to that
// list.
#include "web/rail.h"

#include "gen/kernel.gen.h"
#include "kernel/auth/actor.h"
#include "kernel/entity/info.h"
#include "kernel/files.h"
#include "kernel/i18n.h"

enum { LINK_KINDS_MAX = 12, LINKS_SHOWN = 3, PEOPLE_MAX = 5 };

// ---- Linked documents ---------------------------------------------------------------------------

static const char *icon_of(const EntityDef *e)
{
    return e->icon ? e->icon : "list";
}

// What a document is called, and how it stands: its title's words and its first state.
static void choose_columns(Ctx *ctx, EntityQuery *query)
{
    const EntityDef *e = query->entity;
    const FieldDef *state = entity_state_field(e);
    const FieldDef *headline = entity_field(e, S("headline"));
    query->columns.len = 0;
    for (const FieldDef **f = e->info->title; f && *f; f++)
        if ((*f)->type == FIELD_TEXT || (*f)->type == FIELD_CODE)
            *list_push(ctx->arena, &query->columns) = (FieldPath){ .entity = e, .field = *f };
    if (headline && headline->type == FIELD_ENUM)
        state = headline;
    if (state && actor_may_read_field(ctx->actor, state))
        *list_push(ctx->arena, &query->columns) = (FieldPath){ .entity = e, .field = state };
}

static Str title_of(Ctx *ctx, const EntityRow *row, size_t columns)
{
    Buf out = { .arena = ctx->arena };
    for (size_t i = 0; i < columns; i++) {
        const FieldDef *f = row->cells[i].path->field;
        if (f->type != FIELD_ENUM && f->type != FIELD_STATE && row->cells[i].text.len)
            buf_printf(&out, "%s" STR_FMT, out.len ? " " : "", STR_ARG(row->cells[i].text));
    }
    return out.len ? buf_str(&out) : id_text(ctx->arena, row->id);
}

static void add_row(Ctx *ctx, const EntityQuery *query, const EntityRow *row, Rail *rail)
{
    const EntityDef *e = query->entity;
    size_t count = query->columns.len;
    const FieldDef *last = count ? query->columns.items[count - 1].field : NULL;
    bool has_state = last && (last->type == FIELD_STATE || last->type == FIELD_ENUM);
    *list_push(ctx->arena, &rail->linked) =
        (LinkedView){ .icon = icon_of(e),
                      .title = title_of(ctx, row, count),
                      .second = tr(ctx, e->label),
                      .state = has_state ? value_of_cell(ctx, &row->cells[count - 1])
                                         : (Shown){ .kind = SHOWN_EMPTY },
                      .url = record_url(ctx->arena, e, row->id),
                      .is_mono = e->kind == DOCUMENT };
}

static void add_many(Ctx *ctx, const EntityQuery *query, int64_t count, Rail *rail)
{
    const EntityDef *e = query->entity;
    const Filter *filter = &query->filters.items[0];
    Str list = entity_url(ctx->arena, e).text;
    Str address = str_format(ctx->arena, STR_FMT "?%s=" STR_FMT, STR_ARG(list),
                             filter->path.field->name, STR_ARG(filter->text));
    *list_push(ctx->arena, &rail->linked) =
        (LinkedView){ .icon = icon_of(e),
                      .title = tr(ctx, e->plural),
                      .state = { .kind = SHOWN_NUMBER, .text = show_number(ctx, count, 0) },
                      .url = { address } };
}

// All rows of a kind that a filter finds: a few by their names, many by their number.
static Status add_found(Ctx *ctx, EntityQuery *query, Rail *rail)
{
    EntityRows rows;
    choose_columns(ctx, query);
    query->limit = LINKS_SHOWN;
    query->want_count = true;
    Status status = entity_query(ctx, query, &rows);
    if (status == E_DENIED || status == E_INVALID) {
        ctx_recover(ctx);
        return OK;
    }
    TRY(status);
    if (rows.count > LINKS_SHOWN)
        add_many(ctx, query, rows.count, rail);
    else
        EACH (row, rows.rows)
            add_row(ctx, query, row, rail);
    return OK;
}

static Status add_where(Ctx *ctx, const EntityDef *e, const char *path, Id id, Rail *rail)
{
    EntityQuery query;
    Filter filter = { .op = FILTER_IS, .text = id_text(ctx->arena, id) };
    entity_query_default(ctx, e, &query);
    TRY(path_resolve(ctx, e, str_from(path), &filter.path));
    *list_push(ctx->arena, &query.filters) = filter;
    return add_found(ctx, &query, rail);
}

static bool is_indexed(const EntityDef *e, const FieldDef *f)
{
    if (f->flags & (INDEX | UNIQUE) || f->type == FIELD_LINK)
        return true;
    for (int i = 0; i < e->index_count; i++) {
        Str rest = str_from(e->indexes[i].fields), first;
        if (!e->indexes[i].where && str_next_word(&rest, &first) && str_is(first, f->name))
            return true;
    }
    return false;
}

// "sales_order|rma" or "any".
static bool may_link_to(const FieldDef *f, const EntityDef *target)
{
    Str rest = str_from(f->of), name;
    while (str_next(&rest, '|', &name))
        if (str_is(name, "any") || str_is(name, target->name))
            return true;
    return f->of == NULL;
}

static bool refers(const FieldDef *f, const EntityDef *target)
{
    if (f->type == FIELD_REF)
        return f->of == target;
    return f->type == FIELD_LINK && target->kind == DOCUMENT && may_link_to(f, target);
}

static Status add_referring(Ctx *ctx, const EntityDef *e, Id id, Rail *rail)
{
    size_t count;
    int asked = 0;
    const EntityDef *const *all = entities_all(&count);
    for (size_t i = 0; i < count; i++) {
        const EntityDef *from = all[i];
        if (from->kind != DOCUMENT || !entity_is_open(ctx, from))
            continue;
        for (const FieldDef *f = from->fields; f < from->fields + from->count; f++)
            if (refers(f, e) && is_indexed(from, f) && actor_may_read_field(ctx->actor, f) &&
                ++asked <= LINK_KINDS_MAX)
                TRY(add_where(ctx, from, f->name, id, rail));
    }
    return OK;
}

static Status add_referred(Ctx *ctx, const EntityDef *e, const void *record, Rail *rail)
{
    for (const FieldDef *f = e->fields; f < e->fields + e->count; f++) {
        bool is_ref = f->type == FIELD_REF && ((const EntityDef *)f->of)->kind == DOCUMENT;
        if ((!is_ref && f->type != FIELD_LINK) || !actor_may_read_field(ctx->actor, f))
            continue;
        Link link = is_ref ? (Link){ f->of, FIELD_GET(record, f, Id) } : FIELD_GET(record, f, Link);
        if (link.id && link.entity && entity_is_open(ctx, link.entity))
            TRY(add_where(ctx, link.entity, "id", link.id, rail));
    }
    return OK;
}

// ---- Files --------------------------------------------------------------------------------------

static Status read_files(Ctx *ctx, const EntityDef *e, Id id, Rail *rail)
{
    StoredFile file = { 0 };
    Id attachment;
    Rows *rows = db_query(ctx, SQL("SELECT a.id, a.name, f.id, f.digest, f.type, f.size"
                                   " FROM attachment a JOIN file_row f ON f.id = a.file_id"
                                   " WHERE a.subject_kind = $1 AND a.subject_id = $2"
                                   " AND a.is_gone = 0 ORDER BY a.id DESC LIMIT 50",
                                   e->name, id));
    while (
        rows_next(rows, &attachment, &file.name, &file.id, &file.digest, &file.type, &file.size)) {
        FileView *view = list_push(ctx->arena, &rail->files);
        *view = (FileView){ .id = attachment,
                            .name = file.name,
                            .size = show_bytes(ctx, file.size),
                            .url = { file_link(ctx, &file) } };
    }
    return rows_end(rows);
}

// ---- Tags ---------------------------------------------------------------------------------------

static Status read_tags(Ctx *ctx, const EntityDef *e, Id id, Rail *rail)
{
    TagView tag;
    Rows *rows =
        db_query(ctx, SQL("SELECT c.id, c.label FROM tagging t JOIN choice c ON c.id = t.tag_id"
                          " WHERE t.subject_kind = $1 AND t.subject_id = $2"
                          " ORDER BY c.label LIMIT 20",
                          e->name, id));
    while (rows_next(rows, &tag.id, &tag.label))
        *list_push(ctx->arena, &rail->tags) = tag;
    return rows_end(rows);
}

static Status read_known_tags(Ctx *ctx, Rail *rail)
{
    Str label;
    Rows *rows =
        db_query(ctx, SQL("SELECT label FROM choice WHERE list_name = 'tag' AND archived = 0"
                          " ORDER BY position, id LIMIT 200"));
    while (rows_next(rows, &label))
        *(Str *)list_push(ctx->arena, &rail->tags_known) = label;
    return rows_end(rows);
}

// ---- People: who had a hand in it, the latest first ---------------------------------------------

static bool is_listed(const Rail *rail, Str name)
{
    EACH (person, rail->people)
        if (str_eq(person->name, name))
            return true;
    return false;
}

static void read_people(Ctx *ctx, const MomentList *moments, Rail *rail)
{
    EACH (moment, *moments)
        if (moment->is_person && moment->who.len && rail->people.len < PEOPLE_MAX &&
            !is_listed(rail, moment->who))
            *list_push(ctx->arena, &rail->people) =
                (PersonView){ moment->who,
                              moment->is_comment ? tr(ctx, "commented") : moment->act };
}

Status rail_read(Ctx *ctx, const EntityDef *e, const void *record, const MomentList *moments,
                 Rail *ret)
{
    Id id = *(const Id *)record;
    *ret =
        (Rail){ .may_add = entity_is_root(e) && actor_may(ctx->actor, e->info->write_permission) };
    TRY(add_referred(ctx, e, record, ret));
    TRY(add_referring(ctx, e, id, ret));
    TRY(read_files(ctx, e, id, ret));
    TRY(read_tags(ctx, e, id, ret));
    if (ret->may_add)
        TRY(read_known_tags(ctx, ret));
    TRY(inbox_assigned(ctx, (Link){ e, id }, &ret->assigned));
    ret->assigned_name = house_person_name(ctx, ret->assigned);
    if (ret->may_add)
        ret->house = house_people(ctx);
    read_people(ctx, moments, ret);
    return OK;
}
