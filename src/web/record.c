// record.c - the page of one record of any entity.
//
// The header comes as one statement with the titles of all it refers to, each list of lines as
// another, the trail as two; the actions are asked of the machine with the record in hand.
#include "web/record.h"

#include "gen/kernel.gen.h"
#include "gen/pages/web_record.h"
#include "kernel/auth/actor.h"
#include "kernel/entity/custom.h"
#include "kernel/entity/info.h"
#include "kernel/entity/mask.h"
#include "kernel/entity/record.h"
#include "kernel/files.h"
#include "kernel/i18n.h"
#include "kernel/inbox.h"
#include "kernel/tenant.h"
#include "web/form.h"
#include "web/rail.h"

enum { LINES_SHOWN = 200, WIDE_TEXT = 255 };

// ---- Which record -------------------------------------------------------------------------------

// The field that people know the record by: the first of its title, where it is unique.
static const FieldDef *key_field(const EntityDef *e)
{
    const FieldDef *first = e->info->title ? e->info->title[0] : NULL;
    bool is_word = first && (first->type == FIELD_CODE || first->type == FIELD_TEXT);
    return is_word && first->flags & UNIQUE ? first : NULL;
}

Status record_key(Ctx *ctx, const EntityDef *e, Id *ret)
{
    Str key = ctx->request->params[2];
    bool seen = false;
    *ret = 0;
    if (str_starts(key, S("~")))
        id_parse(str_from_at(key, 1), ret);
    else if (key_field(e))
        TRY(record_find(ctx, e, key_field(e)->name, key, ret));
    if (*ret)
        TRY(entity_may_see(ctx, e, *ret, &seen));
    if (!seen)
        return FAIL(ctx, E_NOT_FOUND, "record.not_found", "there is no such %s",
                    str_lower_ascii(ctx->arena, tr(ctx, e->label)).ptr);
    return OK;
}

// ---- Values -------------------------------------------------------------------------------------

static bool is_cell(const Ctx *ctx, const FieldDef *f)
{
    return f->type != FIELD_LIST && f->type != FIELD_BYTES && f->type != FIELD_GEO &&
           f->type != FIELD_POINTS && f->type != FIELD_FILE && actor_may_read_field(ctx->actor, f);
}

static Status add_filter(Ctx *ctx, EntityQuery *query, const char *path, Id id)
{
    Filter filter = { .op = FILTER_IS, .text = id_text(ctx->arena, id) };
    TRY(path_resolve(ctx, query->entity, str_from(path), &filter.path));
    *list_push(ctx->arena, &query->filters) = filter;
    return OK;
}

static const char *const stamps[] = { "created_at", "updated_at", "at" };

Status record_cells(Ctx *ctx, const EntityDef *e, Id id, EntityQuery *ret_query, EntityRow *ret)
{
    EntityRows rows;
    *ret_query = (EntityQuery){ .entity = e, .limit = 1, .with_archived = true };
    for (const FieldDef *f = e->fields; f < e->fields + e->count; f++)
        if (is_cell(ctx, f))
            *list_push(ctx->arena, &ret_query->columns) = (FieldPath){ .entity = e, .field = f };
    for (size_t i = 0; i < COUNT(stamps); i++) {
        FieldPath path;
        if (path_resolve(ctx, e, str_from(stamps[i]), &path) == OK)
            *list_push(ctx->arena, &ret_query->columns) = path;
        else
            ctx_recover(ctx);
    }
    TRY(add_filter(ctx, ret_query, "id", id));
    TRY(entity_query(ctx, ret_query, &rows));
    if (rows.rows.len == 0)
        return FAIL(ctx, E_NOT_FOUND, "record.not_found", "there is no such %s",
                    str_lower_ascii(ctx->arena, tr(ctx, e->label)).ptr);
    *ret = rows.rows.items[0];
    return OK;
}

static bool is_words(const FieldDef *f)
{
    return f->type == FIELD_TEXT || f->type == FIELD_CODE || f->type == FIELD_RICH;
}

// A cell masks as lists do; on the record's own page contact data stands whole.
static void unmask(const Ctx *ctx, const RecordPage *page, Cell *cell)
{
    const FieldDef *f = cell->path->field;
    if (cell->masked && f && is_words(f) && !field_is_masked(ctx, f, false)) {
        cell->text = FIELD_GET(page->record, f, Str);
        cell->masked = false;
    }
}

static Shown value_of(Ctx *ctx, const RecordPage *page, Cell *cell)
{
    const FieldDef *f = cell->path->field;
    unmask(ctx, page, cell);
    if (cell->known && f && is_words(f) && (f->max > WIDE_TEXT || f->type == FIELD_RICH))
        return (Shown){ .kind = SHOWN_LONG, .text = cell->text };
    return value_of_cell(ctx, cell);
}

// ---- Head: title, states, flow ------------------------------------------------------------------

static bool is_title_field(const EntityDef *e, const FieldDef *field)
{
    for (const FieldDef **f = e->info->title; f && *f; f++)
        if (*f == field)
            return true;
    return false;
}

static void fill_second(Ctx *ctx, RecordPage *page, const EntityRow *row, size_t columns)
{
    Buf out = { .arena = ctx->arena };
    for (size_t i = 0; page->entity->subtitle && i < columns; i++) {
        const FieldDef *f = row->cells[i].path->field;
        if (!f || !str_is(str_from(page->entity->subtitle), f->name))
            continue;
        buf_put(&out, value_of(ctx, page, &row->cells[i]).text);
    }
    page->second = buf_str(&out);
}

// When a state was reached, as far as the trail that is shown goes back.
static Str reached_on(Ctx *ctx, const RecordPage *page, Str field_label, Str state_label,
                      bool is_first)
{
    EACH (moment, page->moments)
        EACH (change, moment->changes)
            if (str_eq(change->label, field_label) && str_eq(change->to, state_label))
                return show_date(ctx, zone_date(ctx->tenant->zone, moment->at));
    Time created = entity_is_root(page->entity) ? ((const Record *)page->record)->created_at : 0;
    return is_first && created ? show_date(ctx, zone_date(ctx->tenant->zone, created)) : S("");
}

static void fill_flow(Ctx *ctx, RecordPage *page)
{
    const FieldDef *state = entity_state_field(page->entity);
    if (!state || page->entity->kind != DOCUMENT)
        return;
    const EnumDef *words = state->of;
    int now = FIELD_GET(page->record, state, int);
    for (int i = 1; i < words->count; i++) {
        bool is_bad = words->values[i].tone && strcmp(words->values[i].tone, "bad") == 0;
        if (is_bad && i != now)
            continue;  // a way out, and not a step
        FlowStep *step = list_push(ctx->arena, &page->flow);
        *step = (FlowStep){ .label = tr(ctx, words->values[i].label),
                            .glyph = i < now && !is_bad ? "done"
                                   : i == now           ? glyph_of(words, i)
                                                        : "pend",
                            .is_done = i < now,
                            .is_here = i == now };
        if (i <= now)
            step->on = reached_on(ctx, page, tr(ctx, state->label), step->label, i == 1);
    }
}

// What moves it is the flow bar's; the axes that follow from facts stand beside.
static void fill_chips(Ctx *ctx, RecordPage *page, const EntityRow *row, size_t columns)
{
    for (size_t i = 0; i < columns && page->chips.len < 5; i++) {
        const FieldDef *f = row->cells[i].path->field;
        bool is_chip =
            f && (f->type == FIELD_STATE || (f->type == FIELD_ENUM && f->flags & READONLY));
        if (!is_chip || (page->flow.len && f == entity_state_field(page->entity)))
            continue;
        Shown shown = value_of_cell(ctx, &row->cells[i]);
        if (shown.kind != SHOWN_EMPTY)
            *list_push(ctx->arena, &page->chips) =
                (FieldView){ .label = tr(ctx, f->label), .value = shown };
    }
}

// ---- Sections -----------------------------------------------------------------------------------

static bool is_chip(const FieldDef *f)
{
    return f->type == FIELD_STATE || (f->type == FIELD_ENUM && f->flags & READONLY);
}

static bool has_lines(const EntityDef *e)
{
    for (const FieldDef *f = e->fields; f < e->fields + e->count; f++)
        if (f->type == FIELD_LIST)
            return true;
    return false;
}

// A document's worked-out amounts stand below its lines, as on paper.
bool record_is_sum(const EntityDef *e, const FieldDef *f)
{
    bool is_ours = f->flags & READONLY || (f->more && f->more->as);
    return e->kind == DOCUMENT && has_lines(e) && f->type == FIELD_MONEY && is_ours &&
           !(f->flags & BASE);
}

static SectionView *section_of(Ctx *ctx, RecordPage *page, const FieldDef *f)
{
    Str title = f->section && f->section[0] ? tr(ctx, f->section) : S("");
    EACH (section, page->sections)
        if (str_eq(section->title, title))
            return section;
    SectionView *section = list_push(ctx->arena, &page->sections);
    section->title = title;
    section->is_closed = (f->flags & FOLDED) != 0;
    return section;
}

static void add_sum(Ctx *ctx, RecordPage *page, const Cell *cell)
{
    bool is_grand = strcmp(cell->path->field->name, "total") == 0;
    if (!cell->known || (cell->number == 0 && !is_grand))
        return;
    page->currency = str_copy(ctx->arena, currency_text(&cell->currency));
    *list_push(ctx->arena, &page->sums) =
        (SumView){ .label = tr(ctx, cell->path->field->label),
                   .amount = show_money(ctx, (Money){ cell->number }, cell->currency),
                   .is_grand = is_grand };
}

// Empty fields are left out: a page to read shows what there is.
static void fill_sections(Ctx *ctx, RecordPage *page, const EntityRow *row, size_t columns)
{
    const EntityDef *e = page->entity;
    for (size_t i = 0; i < columns; i++) {
        Cell *cell = &row->cells[i];
        const FieldDef *f = cell->path->field;
        if (f && record_is_sum(e, f)) {
            add_sum(ctx, page, cell);
            continue;
        }
        if (f && (is_chip(f) || (is_title_field(e, f) && f->type != FIELD_REF)))
            continue;
        Shown shown = value_of(ctx, page, cell);
        if (shown.kind == SHOWN_EMPTY)
            continue;
        FieldView view = { .label = tr(ctx, path_label(cell->path)),
                           .value = shown,
                           .is_wide = shown.kind == SHOWN_LONG || (f && f->type == FIELD_SHAPE) };
        if (f)
            *list_push(ctx->arena, &section_of(ctx, page, f)->fields) = view;
        else
            *list_push(ctx->arena, &page->meta) = view;
    }
}

static void add_words(Ctx *ctx, SectionView *section, Str label, Shown value)
{
    *list_push(ctx->arena, &section->fields) = (FieldView){ .label = label, .value = value };
}

// What no column of a list can hold: places on the map, files by their names.
static Status fill_places_and_files(Ctx *ctx, RecordPage *page)
{
    const EntityDef *e = page->entity;
    for (const FieldDef *f = e->fields; f < e->fields + e->count; f++) {
        StoredFile file;
        if (!actor_may_read_field(ctx->actor, f) || field_is_empty(f, page->record))
            continue;
        if (f->type == FIELD_GEO)
            add_words(ctx, section_of(ctx, page, f), tr(ctx, f->label),
                      (Shown){ .kind = SHOWN_TEXT,
                               .text = form_spot(ctx->arena, FIELD_GET(page->record, f, Geo)) });
        if (f->type != FIELD_FILE)
            continue;
        TRY(file_find(ctx, FIELD_GET(page->record, f, File), &file));
        add_words(
            ctx, section_of(ctx, page, f), tr(ctx, f->label),
            (Shown){ .kind = SHOWN_LINK, .text = file.name, .url = { file_link(ctx, &file) } });
    }
    return OK;
}

static Status fill_own_fields(Ctx *ctx, RecordPage *page)
{
    const OwnFieldList *fields = custom_fields(ctx, page->entity);
    SectionView section = { .title = tr(ctx, "Own fields") };
    for (size_t i = 0; entity_is_root(page->entity) && i < fields->len; i++) {
        Str text;
        bool known;
        TRY(custom_cell(ctx, page->entity, fields->items[i].name,
                        ((const Record *)page->record)->extra, &text, &known));
        if (known && text.len)
            add_words(ctx, &section, fields->items[i].label,
                      (Shown){ .kind = SHOWN_TEXT, .text = text });
    }
    if (section.fields.len)
        *list_push(ctx->arena, &page->sections) = section;
    return OK;
}

// ---- Lines: empty lists are shown where they are what a document is about -----------------------

static Status add_lines(Ctx *ctx, RecordPage *page, const FieldDef *f)
{
    LinesView lines = { .title = tr(ctx, f->label), .key = str_from(f->name) };
    entity_query_default(ctx, f->of, &lines.query);
    lines.query.limit = LINES_SHOWN;
    lines.query.want_count = true;
    if (!((const EntityDef *)f->of)->columns) {  // none named: all that fit in a row
        lines.query.columns.len = 0;
        const EntityDef *child = f->of;
        for (const FieldDef *c = child->fields; c < child->fields + child->count; c++)
            if (is_cell(ctx, c) && c->type != FIELD_SHAPES && lines.query.columns.len < 8)
                *list_push(ctx->arena, &lines.query.columns) =
                    (FieldPath){ .entity = child, .field = c };
    }
    TRY(add_filter(ctx, &lines.query, "parent", page->id));
    TRY(entity_query(ctx, &lines.query, &lines.rows));
    if (lines.rows.rows.len || page->entity->kind == DOCUMENT)
        *list_push(ctx->arena, &page->lines) = lines;
    return OK;
}

static Status fill_lines(Ctx *ctx, RecordPage *page)
{
    const EntityDef *e = page->entity;
    for (const FieldDef *f = e->fields; f < e->fields + e->count; f++)
        if (f->type == FIELD_LIST && actor_may_read_field(ctx->actor, f))
            TRY(add_lines(ctx, page, f));
    return OK;
}

// ---- What may be done ---------------------------------------------------------------------------

bool record_is_editable(const EntityDef *e, const void *record)
{
    const FieldDef *state = entity_state_field(e);
    if (e->kind != DOCUMENT || !state || FIELD_GET(record, state, int) <= 1)
        return true;
    for (const FieldDef *f = e->fields; f < e->fields + e->count; f++)
        if (f->flags & OPEN || (f->type == FIELD_LIST && form_has_open(f->of)))
            return true;
    return false;
}

static bool is_in_first_state(const EntityDef *e, const void *record)
{
    const FieldDef *state = entity_state_field(e);
    return e->kind == DOCUMENT ? !state || FIELD_GET(record, state, int) <= 1 : true;
}

static void fill_rights(Ctx *ctx, RecordPage *page)
{
    const EntityDef *e = page->entity;
    bool is_written = entity_is_root(e) && !(e->api && strcmp(e->api, "read") == 0);
    bool may_write = is_written && actor_may(ctx->actor, e->info->write_permission);
    page->is_archived = entity_is_root(e) && ((const Record *)page->record)->is_archived;
    page->may_edit = may_write && !page->is_archived && record_is_editable(e, page->record);
    page->may_archive = may_write && e->kind == MASTER;
    page->may_delete = may_write && is_in_first_state(e, page->record);
    page->may_comment = entity_is_root(e) && actor_may(ctx->actor, "platform.view");
}

// ---- The page -----------------------------------------------------------------------------------

static Status load(Ctx *ctx, RecordPage *page)
{
    const EntityDef *e = page->entity;
    EntityQuery *query = NEW(ctx->arena, EntityQuery);
    EntityRow row;
    page->record = arena_alloc(ctx->arena, e->size);
    TRY(access_get(ctx, e, page->id, page->record));
    page->version = entity_is_root(e) ? ((const Record *)page->record)->version : 0;
    TRY(record_cells(ctx, e, page->id, query, &row));
    TRY(record_title(ctx, e, page->id, &page->title));
    if (page->title.len == 0)
        page->title = id_text(ctx->arena, page->id);
    fill_second(ctx, page, &row, query->columns.len);
    if (entity_is_root(e))
        TRY(record_moments(ctx, e, page->id, &page->moments));
    fill_flow(ctx, page);
    fill_chips(ctx, page, &row, query->columns.len);
    fill_sections(ctx, page, &row, query->columns.len);
    TRY(fill_places_and_files(ctx, page));
    return fill_own_fields(ctx, page);
}

static Status fill(Ctx *ctx, RecordPage *page)
{
    TRY(load(ctx, page));
    TRY(fill_lines(ctx, page));
    fill_rights(ctx, page);
    record_prints(ctx, page);
    if (entity_is_root(page->entity) || page->entity->info->machine)
        TRY(action_offers(ctx, page->entity, page->record, &page->offers));
    record_links(ctx, page);
    page->rail = NEW(ctx->arena, Rail);
    if (approval_is_known(page->entity))
        TRY(approvals_of(ctx, (Link){ page->entity, page->id }, &page->waiting));
    if (!entity_is_root(page->entity))
        return OK;
    return rail_read(ctx, page->entity, page->record, &page->moments, page->rail);
}

Status record_page(Ctx *ctx)
{
    ctx->request->timed = TIMED_RECORD;
    RecordPage *page = NEW(ctx->arena, RecordPage);
    TRY(page_entity(ctx, &page->entity));
    TRY(record_key(ctx, page->entity, &page->id));
    TRY(fill(ctx, page));
    size_t body = html_begin(&ctx->request->out);
    web_record(&ctx->request->out, ctx, page);
    return page_answer(ctx,
                       &(Page){ .title = page->title,
                                .group = nav_group_of(page->entity),
                                .list = tr(ctx, page->entity->plural),
                                .list_url = entity_url(ctx->arena, page->entity) },
                       body, 200);
}

// ---- Small acts ---------------------------------------------------------------------------------

static Status go_to(Ctx *ctx, const EntityDef *e, Id id)
{
    return respond_redirect(ctx, record_url(ctx->arena, e, id).text);
}

static Status say(Ctx *ctx, TimelineEntry *entry)
{
    TRY(timeline_entry_append(ctx, entry));
    return inbox_mention(ctx, entry->subject, entry->body);
}

Status record_comment_post(Ctx *ctx)
{
    const EntityDef *e;
    Id id;
    Str words = str_trim(form_value(ctx, "comment"));
    TRY(page_entity(ctx, &e));
    TRY(record_key(ctx, e, &id));
    TRY(actor_require(ctx, "platform.view"));
    TimelineEntry entry = { .subject = { e, id },
                            .kind = ENTRY_KIND_COMMENT,
                            .member = ctx->actor->member,
                            .body = words };
    if (words.len)
        TRY(say(ctx, &entry));
    return go_to(ctx, e, id);
}

Status record_archive_post(Ctx *ctx)
{
    const EntityDef *e;
    Id id;
    bool is_back = form_value(ctx, "restore").len > 0;
    TRY(page_entity(ctx, &e));
    TRY(record_key(ctx, e, &id));
    TRY(access_archive(ctx, e, id, 0, !is_back));
    Url undo = record_page_url(ctx->arena, e, id, "archive");
    if (is_back)
        flash_put(ctx, "ok", tr(ctx, "Restored."));
    else
        flash_put_undo(ctx, tr(ctx, "Archived. It can be restored."), undo, "restore", S("1"));
    return go_to(ctx, e, id);
}

Status record_delete_post(Ctx *ctx)
{
    const EntityDef *e;
    Id id;
    TRY(page_entity(ctx, &e));
    TRY(record_key(ctx, e, &id));
    TRY(access_delete(ctx, e, id, 0));
    flash_put(ctx, "ok", tr(ctx, "Deleted. The audit trail keeps what it was."));
    return respond_redirect(ctx, entity_url(ctx->arena, e).text);
}
