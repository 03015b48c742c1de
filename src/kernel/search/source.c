// source.c - one statement for the records themselves, one for each list of rows, each facet of
// many and the translations, however many records are asked for.
#include "kernel/search/source.h"

#include "base/json.h"
#include "gen/kernel.gen.h"
#include "kernel/entity/custom.h"
#include "kernel/entity/info.h"
#include "kernel/entity/scope.h"
#include "kernel/search/facet.h"
#include "kernel/search/score.h"

typedef struct Reading {
    Ctx *ctx;
    const EntityDef *entity;
    const IdList *roots;
    WordsList words;
    IndexDocList *docs;
    size_t first;  // of this call; from there on they ascend by id
} Reading;

// ---- The documents so far -----------------------------------------------------------------------

static int by_id(const void *a, const void *b)
{
    Id x = ((const IndexDoc *)a)->id, y = ((const IndexDoc *)b)->id;
    return (x > y) - (x < y);
}

static IndexDoc *doc_of(const Reading *reading, Id id)
{
    IndexDoc wanted = { .id = id };
    size_t count = reading->docs->len - reading->first;
    return count
             ? bsearch(&wanted, reading->docs->items + reading->first, count, sizeof wanted, by_id)
             : NULL;
}

static void add_text(const Reading *reading, IndexDoc *doc, int weight, Str text)
{
    if (doc && text.len)
        *list_push(reading->ctx->arena, &doc->texts) = (IndexText){ weight, text };
}

static void add_value(const Reading *reading, IndexDoc *doc, Str facet, Str value)
{
    if (doc && value.len)
        *list_push(reading->ctx->arena, &doc->values) = (IndexValue){ facet, value };
}

// ---- From rows to their root record -------------------------------------------------------------

static const char *alias_of(Ctx *ctx, const EntityDef *from, const EntityDef *up)
{
    if (up == from)
        return "t";
    return up->parent ? str_format(ctx->arena, "up_%s", up->name).ptr : "r";
}

// " FROM variant t JOIN product r ON r.id = t.product_id"; a root record is `t` itself.
static void put_from(Statement *s, const EntityDef *e)
{
    buf_printf(&s->text, " FROM %s t", e->name);
    for (const EntityDef *below = e; below->parent; below = below->parent) {
        const char *alias = alias_of(s->ctx, e, below->parent);
        buf_printf(&s->text, " JOIN %s %s ON %s.id = %s.%s", below->parent->name, alias, alias,
                   alias_of(s->ctx, e, below), below->info->parent_column);
    }
}

static const char *root_alias(const EntityDef *e)
{
    return e->parent ? "r" : "t";
}

static void put_where(Statement *s, const char *column, const IdList *ids)
{
    buf_printf(&s->text, " WHERE %s IN (", column);
    statement_ids(s, ids);
    buf_c(&s->text, ")");
}

// ---- Columns ------------------------------------------------------------------------------------

typedef struct SourceColumn {  // of the statement, and what becomes of it
    const char *sql;
    bool is_text, is_id;
    int weight;  // of a text
    Str facet;   // of a value; "": it is a text
} SourceColumn;
typedef LIST(SourceColumn) SourceColumnList;

static bool is_reference(const FieldDef *f)
{
    return f->type == FIELD_REF || f->type == FIELD_CHOICE;
}

static const char *far_alias(Ctx *ctx, const FieldDef *via)
{
    return str_format(ctx->arena, "far_%s", via->name).ptr;
}

static const char *column_of(Ctx *ctx, const char *alias, const FieldDef *f)
{
    return str_format(ctx->arena, "%s.%s%s", alias, f->name, is_reference(f) ? "_id" : "").ptr;
}

static void add_words(const Reading *reading, SourceColumnList *ret)
{
    Ctx *ctx = reading->ctx;
    EACH (w, reading->words) {
        if (w->via && w->via->type != FIELD_REF)
            continue;
        const char *alias = w->via ? far_alias(ctx, w->via) : "t";
        *list_push(ctx->arena, ret) = (SourceColumn){ .sql = column_of(ctx, alias, w->field),
                                                      .is_text = true,
                                                      .weight = w->weight };
    }
}

static void add_field(Ctx *ctx, const char *alias, const FieldDef *f, Str facet,
                      SourceColumnList *ret)
{
    bool is_number = is_reference(f) || f->type == FIELD_BOOL;
    *list_push(ctx->arena, ret) = (SourceColumn){ .sql = column_of(ctx, alias, f),
                                                  .is_text = !is_number,
                                                  .is_id = is_reference(f),
                                                  .facet = facet };
}

static void add_facets(Ctx *ctx, const EntityDef *e, SourceColumnList *ret)
{
    Str rest = str_from(e->facets), name;
    while (str_next_word(&rest, &name)) {
        const FieldDef *f = entity_field(e, name);
        if (f && f->type != FIELD_REFS && f->type != FIELD_CHOICES)
            add_field(ctx, "t", f, name, ret);
    }
}

static void add_hidden(Ctx *ctx, const EntityDef *e, const HiddenList *hidden,
                       SourceColumnList *ret)
{
    const char *holder = alias_of(ctx, e, declared_holder(e)), *root = root_alias(e);
    EACH (h, *hidden)
        add_field(ctx, h->via ? far_alias(ctx, h->via) : holder, h->field, h->facet, ret);
    if (e->parent)
        *list_push(ctx->arena, ret) =
            (SourceColumn){ .sql = "r.id", .is_id = true, .facet = S(HIDDEN_ROOT) };
    if (entity_is_root(e->info->root))
        *list_push(ctx->arena, ret) =
            (SourceColumn){ .sql = str_format(ctx->arena, "%s.archived", root).ptr,
                            .facet = S(HIDDEN_ARCHIVED) };
    else
        *list_push(ctx->arena, ret) = (SourceColumn){ .sql = "0", .facet = S(HIDDEN_ARCHIVED) };
}

// Each reference that a column looks through, once.
static void put_far(Statement *s, Map *joined, const char *alias, const FieldDef *via)
{
    const EntityDef *far = via ? via->of : NULL;
    if (!via || via->type != FIELD_REF || !map_put(joined, str_from(via->name), (void *)via))
        return;
    const char *name = far_alias(s->ctx, via);
    buf_printf(&s->text, " LEFT JOIN %s %s ON %s.id = %s.%s_id", far->name, name, name, alias,
               via->name);
}

static void put_select(Statement *s, const EntityDef *e, const SourceColumnList *columns)
{
    bool has_extra = !entity_is_entry(e) && !entity_is_keyed(e);
    buf_printf(&s->text, "SELECT t.id, %s", has_extra ? "t.extra" : "''");
    EACH (column, *columns)
        buf_printf(&s->text, ", %s", column->sql);
    put_from(s, e);
}

// ---- The records' own columns -------------------------------------------------------------------

typedef struct Scan {
    Id id;
    Str extra;
    MaybeInt *numbers;
    Str *texts;
    Out *outs;
} Scan;

static Scan *scan_new(Ctx *ctx, const SourceColumnList *columns)
{
    Scan *scan = NEW(ctx->arena, Scan);
    scan->numbers = NEW_ARRAY(ctx->arena, MaybeInt, columns->len);
    scan->texts = NEW_ARRAY(ctx->arena, Str, columns->len);
    scan->outs = NEW_ARRAY(ctx->arena, Out, columns->len + 2);
    scan->outs[0] = OUT(&scan->id);
    scan->outs[1] = OUT(&scan->extra);
    for (size_t i = 0; i < columns->len; i++)
        scan->outs[i + 2] =
            columns->items[i].is_text ? OUT(&scan->texts[i]) : OUT(&scan->numbers[i]);
    return scan;
}

static Str value_of(Arena *arena, const SourceColumn *column, MaybeInt number, Str text)
{
    if (column->is_text)
        return text;
    if (!number.known || (column->is_id && number.value == 0))
        return S("");
    return column->is_id ? id_text(arena, number.value)
                         : str_format(arena, "%lld", (long long)number.value);
}

// The tenant's own fields: words, and a facet where they can be filtered by.
static void take_own(const Reading *reading, IndexDoc *doc, const OwnField *own, const Json *value)
{
    bool is_few = own->kind == CUSTOM_TYPE_PICK || own->kind == CUSTOM_TYPE_YES_NO;
    if (value->type == JSON_NULL)
        return;
    Str text = value->type != JSON_BOOL ? value->text : value->boolean ? S("1") : S("0");
    if (own->kind == CUSTOM_TYPE_TEXT)
        add_text(reading, doc, SCORE_FIELDS - 1, text);
    if (own->is_filter && is_few)
        add_value(reading, doc, str_join(reading->ctx->arena, S("x_"), own->name), text);
}

static Status take_extra(const Reading *reading, IndexDoc *doc, Str extra)
{
    Ctx *ctx = reading->ctx;
    const Json *tree;
    if (extra.len == 0)
        return OK;
    TRY(json_parse(ctx, extra, &tree));
    EACH (own, *custom_fields(ctx, reading->entity)) {
        const Json *value = json_get(tree, str_c(ctx->arena, own->name));
        if (value)
            take_own(reading, doc, own, value);
    }
    return OK;
}

static Status take_row(const Reading *reading, const SourceColumnList *columns, const Scan *scan)
{
    IndexDoc *doc = list_push(reading->ctx->arena, reading->docs);
    doc->id = scan->id;
    for (size_t i = 0; i < columns->len; i++) {
        const SourceColumn *column = &columns->items[i];
        Str value = value_of(reading->ctx->arena, column, scan->numbers[i], scan->texts[i]);
        if (column->facet.len)
            add_value(reading, doc, column->facet, value);
        else
            add_text(reading, doc, column->weight, value);
    }
    return take_extra(reading, doc, scan->extra);
}

static Status read_rows(const Reading *reading)
{
    Ctx *ctx = reading->ctx;
    const EntityDef *e = reading->entity, *holder = declared_holder(e);
    Statement s = { .ctx = ctx, .text = { .arena = ctx->arena } };
    SourceColumnList columns = { 0 };
    HiddenList hidden = { 0 };
    Map joined = { .arena = ctx->arena };
    declared_hidden(ctx, holder, &hidden);
    add_words(reading, &columns);
    add_facets(ctx, e, &columns);
    add_hidden(ctx, e, &hidden, &columns);
    put_select(&s, e, &columns);
    EACH (w, reading->words)
        put_far(&s, &joined, "t", w->via);
    EACH (h, hidden)
        put_far(&s, &joined, alias_of(ctx, e, holder), h->via);
    put_where(&s, str_format(ctx->arena, "%s.id", root_alias(e)).ptr, reading->roots);
    buf_c(&s.text, " ORDER BY t.id");

    Scan *scan = scan_new(ctx, &columns);
    Rows *rows = db_query(ctx, statement_done(&s));
    while (rows_next_(rows, scan->outs, (int)columns.len + 2))
        TRY(take_row(reading, &columns, scan));
    return rows_end(rows);
}

// ---- What hangs on them -------------------------------------------------------------------------

// The documents' ids, SOURCE_IDS_MAX at a time; false: none are left.
static bool next_ids(const Reading *reading, size_t *at, IdList *ret)
{
    size_t left = reading->docs->len - reading->first - *at;
    *ret = (IdList){ 0 };
    for (size_t i = 0; i < left && i < SOURCE_IDS_MAX; i++)
        *list_push(reading->ctx->arena, ret) = reading->docs->items[reading->first + *at + i].id;
    *at += ret->len;
    return ret->len > 0;
}

// Texts of the rows in a list.
static Status read_list(const Reading *reading, const Words *words, const IdList *ids)
{
    const EntityDef *child = words->via->of;
    Statement s = { .ctx = reading->ctx, .text = { .arena = reading->ctx->arena } };
    const char *parent = str_format(reading->ctx->arena, "t.%s", child->info->parent_column).ptr;
    Id owner;
    Str text;
    buf_printf(&s.text, "SELECT %s, t.%s FROM %s t", parent, words->field->name, child->name);
    put_where(&s, parent, ids);
    buf_c(&s.text, " ORDER BY t.id");
    Rows *rows = db_query(reading->ctx, statement_done(&s));
    while (rows_next(rows, &owner, &text))
        add_text(reading, doc_of(reading, owner), words->weight, text);
    return rows_end(rows);
}

static Status read_many(const Reading *reading, const FieldDef *f, const IdList *ids)
{
    Statement s = { .ctx = reading->ctx, .text = { .arena = reading->ctx->arena } };
    Id owner, target;
    buf_printf(&s.text, "SELECT t.owner_id, t.target_id FROM %s_%s t", reading->entity->name,
               f->name);
    put_where(&s, "t.owner_id", ids);
    Rows *rows = db_query(reading->ctx, statement_done(&s));
    while (rows_next(rows, &owner, &target))
        add_value(reading, doc_of(reading, owner), str_from(f->name),
                  id_text(reading->ctx->arena, target));
    return rows_end(rows);
}

static const Words *translated_words(const Reading *reading, Str field)
{
    EACH (w, reading->words)
        if (!w->via && w->field->flags & TRANSLATED && str_is(field, w->field->name))
            return w;
    return NULL;
}

// A record is found by its words in every language.
static Status read_translations(const Reading *reading, const IdList *ids)
{
    Statement s = { .ctx = reading->ctx, .text = { .arena = reading->ctx->arena } };
    Id subject;
    Str field, body;
    buf_c(&s.text, "SELECT t.subject_id, t.field, t.body FROM translation t");
    put_where(&s, "t.subject_id", ids);
    Rows *rows = db_query(reading->ctx, statement_done(&s));
    while (rows_next(rows, &subject, &field, &body)) {
        const Words *words = translated_words(reading, field);
        if (words)
            add_text(reading, doc_of(reading, subject), words->weight, body);
    }
    return rows_end(rows);
}

static Status read_facets_of_many(const Reading *reading, const IdList *ids)
{
    Str rest = str_from(reading->entity->facets), name;
    while (str_next_word(&rest, &name)) {
        const FieldDef *f = entity_field(reading->entity, name);
        if (f && (f->type == FIELD_REFS || f->type == FIELD_CHOICES))
            TRY(read_many(reading, f, ids));
    }
    return OK;
}

static Status read_attached(const Reading *reading, const IdList *ids)
{
    bool has_translations = false;
    EACH (w, reading->words) {
        has_translations |= !w->via && (w->field->flags & TRANSLATED);
        if (w->via && w->via->type == FIELD_LIST)
            TRY(read_list(reading, w, ids));
    }
    if (has_translations)
        TRY(read_translations(reading, ids));
    return read_facets_of_many(reading, ids);
}

Status source_read(Ctx *ctx, const EntityDef *e, Breadth breadth, const IdList *roots,
                   IndexDocList *ret)
{
    Reading reading = { .ctx = ctx, .entity = e, .roots = roots, .docs = ret, .first = ret->len };
    IdList ids;
    declared_words(ctx, e, breadth, &reading.words);
    TRY(read_rows(&reading));
    for (size_t at = 0; next_ids(&reading, &at, &ids);)
        TRY(read_attached(&reading, &ids));
    return OK;
}

Status source_docs_of(Ctx *ctx, const EntityDef *e, const Segment *segment, const IdList *roots,
                      const Set **ret)
{
    IndexScope scope = { 0 };
    EACH (root, *roots)
        if (e->parent)
            *list_push(ctx->arena, &scope.values) =
                (IndexValue){ S(HIDDEN_ROOT), id_text(ctx->arena, *root) };
        else
            *list_push(ctx->arena, &scope.ids) = *root;
    return scope_docs(ctx, segment, &scope, ret);
}

// ---- Which records ------------------------------------------------------------------------------

static Status read_ids(Ctx *ctx, Statement *s, IdList *ret)
{
    Id id;
    *ret = (IdList){ 0 };
    Rows *rows = db_query(ctx, statement_done(s));
    while (rows_next(rows, &id))
        *list_push(ctx->arena, ret) = id;
    return rows_end(rows);
}

static void put_after(Statement *s, const char *column, Id after)
{
    buf_printf(&s->text, " %s > ", column);
    statement_arg(s, arg_int(after));
    buf_printf(&s->text, " ORDER BY %s LIMIT %d", column, SOURCE_IDS_MAX);
}

Status source_roots(Ctx *ctx, const EntityDef *e, Id after, IdList *ret)
{
    Statement s = { .ctx = ctx, .text = { .arena = ctx->arena } };
    buf_printf(&s.text, "SELECT t.id FROM %s t WHERE", e->info->root->name);
    put_after(&s, "t.id", after);
    return read_ids(ctx, &s, ret);
}

Status source_roots_via(Ctx *ctx, const Shower *shower, Id far, Id after, IdList *ret)
{
    Statement s = { .ctx = ctx, .text = { .arena = ctx->arena } };
    const char *root = str_format(ctx->arena, "%s.id", root_alias(shower->entity)).ptr;
    buf_printf(&s.text, "SELECT DISTINCT %s", root);
    put_from(&s, shower->entity);
    buf_printf(&s.text, " WHERE t.%s_id = ", shower->via->name);
    statement_arg(&s, arg_int(far));
    buf_c(&s.text, " AND");
    put_after(&s, root, after);
    return read_ids(ctx, &s, ret);
}
