// query.c - running a list query: statement, cursor, cells.
//
// Paging goes by key: a cursor holds the sort values and the id of the row it stands at, and the
// next page is everything behind it, however many rows came before. Absent values are the smallest
// on both engines, and the id breaks ties.
#include "kernel/entity/query.h"

#include "base/utf8.h"
#include "kernel/auth/actor.h"
#include "kernel/entity/custom.h"
#include "kernel/entity/info.h"
#include "kernel/entity/mask.h"
#include "kernel/entity/plan.h"
#include "kernel/entity/record.h"
#include "kernel/secrets.h"
#include "kernel/tenant.h"

typedef struct Result {  // one row of the statement
    MaybeInt *numbers;
    Str *texts;
} Result;

// ---- Cursors -----------------------------------------------------------------------------------
// base64url of "value \x1f value \x1f id", or the key's values for an id; an absent value is \x1e.

static Str cursor_text(const Plan *plan, const Result *row)
{
    Arena *arena = plan->ctx->arena;
    Buf out = { .arena = arena };
    for (int i = 0; i < plan->order_count; i++) {
        int at = plan->order[i].at;
        buf_c(&out, i ? "\x1f" : "");
        if (plan->order[i].is_text)
            buf_put(&out, row->texts[at]);
        else if (row->numbers[at].known)
            buf_int(&out, row->numbers[at].value);
        else
            buf_char(&out, '\x1e');
    }
    return base64_text(arena, (const uint8_t *)out.ptr, out.len);
}

typedef struct Cursor {
    Arg values[SORT_MAX + KEY_MAX];
} Cursor;

// The part in front of the next \x1f; the last one is all that is left.
static bool next_part(Str *plain, bool is_last, Str *ret)
{
    ptrdiff_t end = str_find_char(*plain, '\x1f');
    *ret = end < 0 ? *plain : str_sub(*plain, 0, (size_t)end);
    *plain = end < 0 ? S("") : str_from_at(*plain, (size_t)end + 1);
    return (end < 0) == is_last;
}

static bool value_parse(const Plan *plan, int i, Str part, Arg *ret)
{
    int64_t number = 0;
    bool is_text = plan->order[i].is_text;
    bool absent = str_is(part, "\x1e") && plan->order[i].is_nullable;
    if (!utf8_valid(part) || (!is_text && !absent && !str_int(part, &number)))
        return false;
    *ret = is_text ? arg_text(part) : absent ? (Arg){ .type = ARG_NULL } : arg_int(number);
    return true;
}

static Status cursor_parse(const Plan *plan, Str text, Cursor *ret)
{
    Str plain, part;
    bool ok = base64_parse(plan->ctx->arena, text, &plain);
    for (int i = 0; ok && i < plan->order_count; i++)
        ok = next_part(&plain, i == plan->order_count - 1, &part) &&
             value_parse(plan, i, part, &ret->values[i]);
    return ok ? OK : FAIL(plan->ctx, E_INVALID, "query.cursor", "this is no cursor of this list");
}

// ---- Behind the cursor -------------------------------------------------------------------------

// "k > $1", or what that means where either side may be absent (absent is smallest).
static void put_beyond(const Plan *plan, Statement *s, int i, const Cursor *cursor, bool up)
{
    const char *k = plan->order[i].sql;
    if (cursor->values[i].type == ARG_NULL) {
        buf_printf(&s->text, up ? "%s IS NOT NULL" : "%s IS NULL AND 1 = 0", k);
        return;
    }
    buf_printf(&s->text, "(%s %s ", k, up ? ">" : "<");
    statement_arg(s, cursor->values[i]);
    if (!up && plan->order[i].is_nullable)
        buf_printf(&s->text, " OR %s IS NULL", k);
    buf_c(&s->text, ")");
}

static void put_same(const Plan *plan, Statement *s, int i, const Cursor *cursor)
{
    if (cursor->values[i].type == ARG_NULL) {
        buf_printf(&s->text, "%s IS NULL", plan->order[i].sql);
        return;
    }
    buf_printf(&s->text, "%s = ", plan->order[i].sql);
    statement_arg(s, cursor->values[i]);
}

static void put_cursor(const Plan *plan, Statement *s, const Cursor *cursor, bool backwards)
{
    buf_c(&s->text, " AND (");
    for (int i = 0; i < plan->order_count; i++) {
        buf_c(&s->text, i ? " OR (" : "(");
        for (int j = 0; j < i; j++) {
            put_same(plan, s, j, cursor);
            buf_c(&s->text, " AND ");
        }
        put_beyond(plan, s, i, cursor, plan->order[i].is_down == backwards);
        buf_c(&s->text, ")");
    }
    buf_c(&s->text, ")");
}

static void put_order(const Plan *plan, Statement *s, bool backwards)
{
    buf_c(&s->text, " ORDER BY ");
    for (int i = 0; i < plan->order_count; i++) {
        bool up = plan->order[i].is_down == backwards;
        buf_printf(&s->text, "%s%s%s%s", i ? ", " : "", plan->order[i].sql, up ? "" : " DESC",
                   !plan->order[i].is_nullable ? ""
                   : up                        ? " NULLS FIRST"
                                               : " NULLS LAST");
    }
}

static Status compose(Plan *plan, const Cursor *cursor, bool backwards, int limit, Query *ret)
{
    Statement s = { .ctx = plan->ctx, .text = { .arena = plan->ctx->arena } };
    buf_c(&s.text, "SELECT ");
    for (size_t i = 0; i < plan->selected.len; i++)
        buf_printf(&s.text, "%s%s", i ? ", " : "", plan->selected.items[i]);
    TRY(plan_rows(plan, &s));
    if (cursor)
        put_cursor(plan, &s, cursor, backwards);
    put_order(plan, &s, backwards);
    if (limit) {
        buf_c(&s.text, " LIMIT ");
        statement_arg(&s, arg_int(limit));
    }
    *ret = statement_done(&s);
    return OK;
}

// ---- Cells --------------------------------------------------------------------------------------

static Out *outs_of(const Plan *plan, Result *row)
{
    size_t n = plan->selected.len;
    Out *outs = NEW_ARRAY(plan->ctx->arena, Out, n);
    row->numbers = NEW_ARRAY(plan->ctx->arena, MaybeInt, n);
    row->texts = NEW_ARRAY(plan->ctx->arena, Str, n);
    for (size_t i = 0; i < n; i++)
        outs[i] = plan->selected_text.items[i] ? (Out){ OUT_TEXT, &row->texts[i] }
                                               : (Out){ OUT_MAYBE64, &row->numbers[i] };
    return outs;
}

static void fill_value(const Plan *plan, const Taken *taken, const Result *row, Cell *cell)
{
    if (taken->value < 0)
        return;
    if (taken->is_text) {
        cell->text = row->texts[taken->value];
        cell->known = cell->text.len > 0;
    } else {
        cell->known = row->numbers[taken->value].known;
        cell->number = row->numbers[taken->value].value;
    }
    if (taken->extra >= 0)
        cell->text = row->texts[taken->extra];
    if (taken->currency >= 0)
        cell->currency = currency_stored(row->texts[taken->currency]);
    else if (plan->ctx->tenant)
        cell->currency = plan->ctx->tenant->base;
}

static Status fill_link(Ctx *ctx, Cell *cell)
{
    const EntityDef *target = entity_named(cell->text);
    cell->link = target;
    cell->text = S("");
    return target && cell->known ? record_title(ctx, target, cell->number, &cell->text) : OK;
}

static Status fill_many(Ctx *ctx, const FieldDef *f, const EntityDef *e, Id owner, Cell *cell)
{
    Buf out = { .arena = ctx->arena };
    const EntityDef *target = f->type == FIELD_CHOICES ? entity_named(S("choice")) : f->of;
    const char *sql = sql_intern(str_format(
        ctx->arena, "SELECT target_id FROM %s_%s WHERE owner_id = $1 ORDER BY position LIMIT 5",
        e->name, f->name));
    Id id;
    IdList ids = { 0 };
    Rows *rows = db_query(ctx, (Query){ sql, (Arg[]){ arg_int(owner) }, 1 });
    while (rows_next(rows, &id))
        *list_push(ctx->arena, &ids) = id;
    TRY(rows_end(rows));
    EACH (one, ids) {
        Str title;
        TRY(record_title(ctx, target, *one, &title));
        buf_c(&out, out.len ? ", " : "");
        buf_put(&out, title);
    }
    cell->text = buf_str(&out);
    cell->known = cell->text.len > 0;
    return OK;
}

static Status fill_cell(const Plan *plan, const FieldPath *path, const Taken *taken,
                        const Result *row, Id id, Cell *cell)
{
    const FieldDef *f = path->field;
    cell->path = path;
    fill_value(plan, taken, row, cell);
    if (path->kind == PATH_CUSTOM)
        return custom_cell(plan->ctx, path->entity, path->custom, cell->text, &cell->text,
                           &cell->known);
    if (!f)
        return OK;
    if (f->type == FIELD_LINK)
        return fill_link(plan->ctx, cell);
    if ((f->type == FIELD_REFS || f->type == FIELD_CHOICES) && !path->via)
        return fill_many(plan->ctx, f, path->entity, id, cell);
    if (cell->known && taken->is_text && field_is_masked(plan->ctx, f, true)) {
        cell->text = mask_text(plan->ctx->arena, f, cell->text);
        cell->masked = true;
    }
    return OK;
}

static Status fill_row(const Plan *plan, const Result *row, EntityRow *ret)
{
    size_t n = plan->query->columns.len;
    *ret = (EntityRow){ .id = row->numbers[0].value,
                        .version = row->numbers[1].value,
                        .cells = NEW_ARRAY(plan->ctx->arena, Cell, n) };
    for (size_t i = 0; i < n; i++)
        TRY(fill_cell(plan, &plan->query->columns.items[i], &plan->taken.items[i], row, ret->id,
                      &ret->cells[i]));
    return OK;
}

// ---- Counting and adding up ---------------------------------------------------------------------

// They are asked with every page of a list and hold until something is committed.
static Query kept(Statement *s)
{
    Query query = statement_done(s);
    query.is_kept = true;
    return query;
}

static int64_t count_max(const EntityQuery *query)
{
    return query->count_max ? query->count_max : COUNT_EXACT_MAX;
}

// Without columns nothing is joined for them, and an index alone may hold the answer.
static Status put_counted(Ctx *ctx, const EntityQuery *query, Plan *plan, Statement *s)
{
    EntityQuery *bare = NEW(ctx->arena, EntityQuery);
    *bare = *query;
    bare->columns.len = 0;
    TRY(plan_make(ctx, bare, plan));
    buf_c(&s->text, "SELECT count(*) FROM (SELECT 1 AS one");
    return plan_rows(plan, s);
}

static void end_counted(const EntityQuery *query, Statement *s)
{
    buf_printf(&s->text, " LIMIT %lld) counted", (long long)count_max(query) + 1);
}

static Status count_rows(Ctx *ctx, const EntityQuery *query, int64_t *ret)
{
    Statement s = { .ctx = ctx, .text = { .arena = ctx->arena } };
    Plan plan;
    TRY(put_counted(ctx, query, &plan, &s));
    end_counted(query, &s);
    return db_one(ctx, kept(&s), ret);
}

Status entity_counts(Ctx *ctx, const EntityQuery *query, const FieldDef *field, int64_t *ret)
{
    const EnumDef *words = field->of;
    Statement s = { .ctx = ctx, .text = { .arena = ctx->arena } };
    Plan plan;
    Str word;
    int64_t count;
    if (!query->all_rows)
        TRY(scope_require_read(ctx, query->entity));
    buf_c(&s.text, "SELECT w.word, (");
    TRY(put_counted(ctx, query, &plan, &s));
    buf_printf(&s.text, " AND t.%s = w.word", field->name);
    end_counted(query, &s);
    buf_c(&s.text, ") FROM (");
    for (int i = 1; i < words->count; i++)
        buf_printf(&s.text, "%s'%s'%s", i > 1 ? " UNION ALL SELECT " : "SELECT ",
                   words->values[i].name, i > 1 ? "" : " AS word");
    buf_c(&s.text, ") w");
    memset(ret, 0, (size_t)words->count * sizeof *ret);
    Rows *rows = db_query(ctx, kept(&s));
    while (rows_next(rows, &word, &count))
        ret[enum_value(words, word)] = count;
    return rows_end(rows);
}

static bool can_be_summed(const FieldPath *path)
{
    return path->field && !path->via &&
           (path->field->type == FIELD_MONEY || path->field->type == FIELD_QTY);
}

// Amounts add up only in one currency; where they mix there is no sum.
static Status sum_column(Plan *plan, size_t column, Cell *ret)
{
    const Taken *taken = &plan->taken.items[column];
    Statement s = { .ctx = plan->ctx, .text = { .arena = plan->ctx->arena } };
    const char *value = plan->selected.items[taken->value];
    const char *currency = taken->currency >= 0 ? plan->selected.items[taken->currency] : "''";
    MaybeInt sum;
    Str low, high;
    buf_printf(&s.text, "SELECT sum(%s), min(%s), max(%s)", value, currency, currency);
    TRY(plan_rows(plan, &s));
    TRY(db_one(plan->ctx, kept(&s), &sum, &low, &high));
    *ret = (Cell){ .path = &plan->query->columns.items[column],
                   .known = sum.known && str_eq(low, high),
                   .number = sum.value,
                   .currency = low.len ? currency_stored(low) : plan->ctx->tenant->base };
    return OK;
}

static Status sum_columns(Plan *plan, EntityRows *ret)
{
    ret->sums = NEW_ARRAY(plan->ctx->arena, Cell, plan->query->columns.len);
    for (size_t i = 0; i < plan->query->columns.len; i++)
        if (can_be_summed(&plan->query->columns.items[i]))
            TRY(sum_column(plan, i, &ret->sums[i]));
    return OK;
}

// ---- The whole ----------------------------------------------------------------------------------

static void reverse(EntityRows *rows)
{
    for (size_t i = 0, j = rows->rows.len; i + 1 < j; i++) {
        EntityRow swap = rows->rows.items[i];
        rows->rows.items[i] = rows->rows.items[--j];
        rows->rows.items[j] = swap;
    }
}

static Status read_page(Plan *plan, Query statement, int limit, bool backwards, bool has_cursor,
                        EntityRows *ret)
{
    Ctx *ctx = plan->ctx;
    Result row;
    const Out *outs = outs_of(plan, &row);
    Str first = S(""), last = S("");
    bool more = false;
    LIST(Result) results = { 0 };
    Rows *rows = db_query(ctx, statement);
    while (rows_next_(rows, outs, (int)plan->selected.len)) {
        if ((int)results.len == limit) {
            more = true;
            break;
        }
        Result *kept = list_push(ctx->arena, &results);
        kept->numbers = NEW_ARRAY(ctx->arena, MaybeInt, plan->selected.len);
        kept->texts = NEW_ARRAY(ctx->arena, Str, plan->selected.len);
        memcpy(kept->numbers, row.numbers, plan->selected.len * sizeof *row.numbers);
        memcpy(kept->texts, row.texts, plan->selected.len * sizeof *row.texts);
    }
    TRY(rows_end(rows));
    EACH (result, results)
        TRY(fill_row(plan, result, list_push(ctx->arena, &ret->rows)));
    if (results.len) {
        first = cursor_text(plan, results.items);
        last = cursor_text(plan, list_end(results) - 1);
    }
    if (backwards) {
        ret->previous = more ? last : S("");
        ret->next = first;
        reverse(ret);
    } else {
        ret->previous = has_cursor ? first : S("");
        ret->next = more ? last : S("");
    }
    return OK;
}

Status entity_totals(Ctx *ctx, const EntityQuery *query, EntityRows *ret)
{
    Plan plan;
    *ret = (EntityRows){ .count = -1 };
    if (!query->all_rows)
        TRY(scope_require_read(ctx, query->entity));
    if (query->want_count)
        TRY(count_rows(ctx, query, &ret->count));
    if (!query->want_sums)
        return OK;
    TRY(plan_make(ctx, query, &plan));
    return sum_columns(&plan, ret);
}

Status entity_query(Ctx *ctx, const EntityQuery *query, EntityRows *ret)
{
    Plan plan;
    Cursor cursor;
    Query statement;
    bool backwards = query->before.len > 0, has_cursor = backwards || query->after.len > 0;
    int limit = query->limit ? query->limit : QUERY_LIMIT;
    *ret = (EntityRows){ .count = -1 };
    if (!query->all_rows)
        TRY(scope_require_read(ctx, query->entity));
    TRY(plan_make(ctx, query, &plan));
    if (has_cursor)
        TRY(cursor_parse(&plan, backwards ? query->before : query->after, &cursor));
    TRY(compose(&plan, has_cursor ? &cursor : NULL, backwards, limit + 1, &statement));
    statement.is_kept = query->is_kept;
    TRY(read_page(&plan, statement, limit, backwards, has_cursor, ret));
    if (query->want_count)
        TRY(count_rows(ctx, query, &ret->count));
    return query->want_sums ? sum_columns(&plan, ret) : OK;
}

Status entity_each(Ctx *ctx, const EntityQuery *query,
                   Status (*row)(Ctx *ctx, const EntityRow *row, void *arg), void *arg)
{
    EntityQuery page = *query;
    page.limit = QUERY_LIMIT_MAX;
    page.want_count = page.want_sums = false;
    do {
        ArenaMark mark = arena_mark(ctx->arena);
        EntityRows rows;
        char cursor[2048];
        TRY(entity_query(ctx, &page, &rows));
        EACH (r, rows.rows)
            TRY(row(ctx, r, arg));
        if (rows.next.len >= sizeof cursor)
            return FAIL(ctx, E_INTERNAL, "query.cursor", "the sort values are too long to page by");
        size_t len = rows.next.len;
        memcpy(cursor, rows.next.ptr ? rows.next.ptr : "", len);
        arena_rewind(ctx->arena, mark);
        page.after = str_copy(ctx->arena, (Str){ cursor, len });
    } while (page.after.len);
    return OK;
}

Status entity_may_see(Ctx *ctx, const EntityDef *e, Id id, bool *ret)
{
    Statement s = { .ctx = ctx, .text = { .arena = ctx->arena } };
    Id found;
    if (scope_is_open(ctx))
        return record_exists(ctx, e, id, ret);
    buf_printf(&s.text, "SELECT t.id FROM %s t WHERE t.id = ", e->name);
    statement_arg(&s, arg_int(id));
    scope_where(&s, e, "t");
    return db_maybe(ctx, statement_done(&s), ret, &found);
}
