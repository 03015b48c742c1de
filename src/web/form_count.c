// form_count.c - a form worked out while it is typed: prices, amounts, taxes, totals.
//
// What was typed is read into a copy of the record, rows that are not complete yet are left aside,
// and the module's own hook, which runs before every saving, works out the rest. Nothing is saved;
// what the hook refuses is told above the form and stops nobody. The answer is a list of pieces,
// each with the id of the place that it replaces.
#include "gen/pages/web_form.h"
#include "kernel/auth/actor.h"
#include "kernel/entity/info.h"
#include "kernel/entity/record.h"
#include "kernel/i18n.h"
#include "web/form_inside.h"
#include "web/record_form.h"

// ---- Figures ------------------------------------------------------------------------------------

static int64_t number_of(const FieldDef *f, const void *base)
{
    if (f->type == FIELD_RATE)
        return f->flags & MAYBE ? FIELD_GET(base, f, MaybeRate).value.micro
                                : FIELD_GET(base, f, Rate).micro;
    if (f->type == FIELD_DATE)
        return FIELD_GET(base, f, Date);
    if (f->type == FIELD_BOOL)
        return FIELD_GET(base, f, bool);
    return f->flags & MAYBE ? FIELD_GET(base, f, MaybeInt).value : FIELD_GET(base, f, int64_t);
}

Shown form_figure(Ctx *ctx, const EntityDef *e, const void *base, const FieldDef *f,
                  CurrencyCode outer)
{
    FieldPath path = { .entity = e, .field = f };
    Cell cell = { .path = &path, .known = true };
    bool is_words = f->type == FIELD_TEXT || f->type == FIELD_CODE || f->type == FIELD_RICH;
    if (is_words) {
        cell.text = FIELD_GET(base, f, Str);
    } else if (f->type == FIELD_ENUM || f->type == FIELD_STATE) {
        cell.text = form_text(ctx, e, base, f, outer);
    } else {
        cell.number = number_of(f, base);
        cell.currency = currency_of(ctx, e, base, f, outer);
    }
    return value_of_cell(ctx, &cell);
}

bool form_is_counted(const EntityDef *e, const void *record)
{
    const FieldDef *state = entity_state_field(e);
    bool is_open = !state || FIELD_GET(record, state, int) <= 1;
    return e->kind == DOCUMENT && is_open && hook_of(e) && hook_of(e)->before_save;
}

// The same amounts that the record's page adds up below its lines.
void form_sums(Ctx *ctx, const EntityDef *e, const void *record, Form *form)
{
    CurrencyCode none = { "" };
    form->sums.len = 0;
    for (const FieldDef *f = e->fields; f < e->fields + e->count; f++) {
        bool is_grand = strcmp(f->name, "total") == 0;
        if (!record_is_sum(e, f) || !actor_may_read_field(ctx->actor, f) ||
            (field_is_empty(f, record) && !is_grand))
            continue;
        Shown shown = form_figure(ctx, e, record, f, none);
        form->currency = shown.before;
        *list_push(ctx->arena, &form->sums) = (SumView){ tr(ctx, f->label), shown.text, is_grand };
    }
}

// ---- What was typed, as a record ----------------------------------------------------------------

typedef struct Counted {  // one row of a list, and where it stands in the form
    const FieldDef *list;
    size_t form_row, item;
} Counted;

typedef struct Counting {
    Form *form;
    const Json *input;
    void *record;
    void *typed;  // the same before it was worked out
    LIST(Counted) rows;
    LIST(Str) warnings;
    bool is_refused;  // the figures stay as they were
} Counting;

// As the codec leaves rows out: removed ones, and those in which nothing is typed.
static bool is_left_out(const Json *row)
{
    if (json_get(row, "_remove"))
        return true;
    JSON_EACH (member, row)
        if (member->type != JSON_STRING || str_trim(member->text).len)
            return false;
    return true;
}

static bool is_complete(const EntityDef *child, const void *item)
{
    for (const FieldDef *f = child->fields; f < child->fields + child->count; f++)
        if (f->type == FIELD_REF && f->flags & REQUIRED && FIELD_GET(item, f, Id) == 0)
            return false;
    return true;
}

static void take_list(Ctx *ctx, Counting *c, const FieldDef *f)
{
    const EntityDef *child = f->of;
    const Json *rows = json_get(c->input, f->name);
    AnyList *list = FIELD_AT(c->record, f, AnyList);
    size_t form_row = 0, at = 0;
    if (!rows || rows->type != JSON_ARRAY)
        return;
    JSON_EACH (row, rows) {
        size_t here = form_row++;
        if (is_left_out(row) || at >= list->len)
            continue;
        if (is_complete(child, (const char *)list->items + at * child->size))
            *list_push(ctx->arena, &c->rows) = (Counted){ f, here, at++ };
        else
            list_remove_(list, child->size, at);
    }
}

static void warn(Ctx *ctx, Counting *c)
{
    EACH (problem, ctx->failure.problems)
        if (strcmp(problem->code, "field.required") != 0)  // not yet; saving will say so
            *(Str *)list_push(ctx->arena, &c->warnings) = problem->message;
    if (ctx->failure.problems.len == 0 && ctx->failure.message.len)
        *(Str *)list_push(ctx->arena, &c->warnings) = ctx->failure.message;
    ctx_recover(ctx);
}

static Status read_typed(Ctx *ctx, Counting *c)
{
    const EntityDef *e = c->form->entity;
    c->record = arena_alloc(ctx->arena, e->size);
    record_copy(ctx->arena, e, c->form->record, c->record);
    TRY(record_from_json(ctx, e, c->input, INPUT_FORM, c->record));
    if (ctx->failure.problems.len)
        warn(ctx, c);
    for (const FieldDef *f = e->fields; f < e->fields + e->count; f++)
        if (f->type == FIELD_LIST && entity_is_child(f->of))
            take_list(ctx, c, f);
    return record_fill(ctx, e, c->record);
}

static Status work_out(Ctx *ctx, Counting *c)
{
    const Hook *hook = hook_of(c->form->entity);
    c->typed = arena_alloc(ctx->arena, c->form->entity->size);
    record_copy(ctx->arena, c->form->entity, c->record, c->typed);
    Status status = hook->before_save(ctx, c->record, c->form->is_new ? NULL : c->form->record);
    if (status == E_BUSY || status == E_INTERNAL)
        return status;
    c->is_refused = status != OK;
    if (c->is_refused)
        warn(ctx, c);
    return OK;
}

// ---- The answer ---------------------------------------------------------------------------------

static Status put_hint(Ctx *ctx, const Counted *row, const FieldDef *f, Id id)
{
    Str second;
    TRY(options_second(ctx, f->of, id, &second));
    web_form_hint(&ctx->request->out, ctx,
                  str_format(ctx->arena, "%s[%zu].%s", row->list->name, row->form_row, f->name),
                  second);
    return OK;
}

// The tick by which a person's own value stays: "is_price_fixed" for "price".
static const FieldDef *keeper_of(Ctx *ctx, const EntityDef *e, const FieldDef *f)
{
    const FieldDef *keeper = entity_field(e, str_format(ctx->arena, "is_%s_fixed", f->name));
    return keeper && keeper->type == FIELD_BOOL ? keeper : NULL;
}

// What somebody typed and the rules put aside is told, with the way to keep it.
static void tell_changed(Ctx *ctx, Counting *c, const Counted *row, const FieldDef *f,
                         CurrencyCode outer)
{
    const EntityDef *child = row->list->of;
    const AnyList *before = &FIELD_GET(c->typed, row->list, AnyList);
    const AnyList *after = &FIELD_GET(c->record, row->list, AnyList);
    const FieldDef *keeper = keeper_of(ctx, child, f);
    if (!keeper || row->item >= before->len)
        return;
    const void *was = (const char *)before->items + row->item * child->size;
    const void *is = (const char *)after->items + row->item * child->size;
    if (field_is_empty(f, was) || field_equal(f, was, is))
        return;
    *(Str *)list_push(ctx->arena, &c->warnings) = tr_format(
        ctx, "Row %lld: %s becomes %s, not %s. Tick \"%s\" to keep what you typed.",
        (long long)row->form_row + 1, tr(ctx, f->label).ptr,
        str_c(ctx->arena, form_figure(ctx, child, is, f, outer).text),
        str_c(ctx->arena, form_figure(ctx, child, was, f, outer).text), tr(ctx, keeper->label).ptr);
}

static Status put_row(Ctx *ctx, Counting *c, const Counted *row, CurrencyCode outer)
{
    const EntityDef *child = row->list->of;
    const AnyList *list = &FIELD_GET(c->record, row->list, AnyList);
    const void *item = (const char *)list->items + row->item * child->size;
    for (const FieldDef *f = child->fields; f < child->fields + child->count; f++) {
        if (!form_is_scalar(f) || !actor_may_read_field(ctx->actor, f))
            continue;
        if (f->type == FIELD_REF && f->flags & REQUIRED)
            TRY(put_hint(ctx, row, f, FIELD_GET(item, f, Id)));
        else if (!form_is_settable(f) && !c->is_refused)
            web_form_figure(
                &ctx->request->out, ctx,
                str_format(ctx->arena, "%s[%zu].%s", row->list->name, row->form_row, f->name),
                form_figure(ctx, child, item, f, outer));
        else if (!c->is_refused)
            tell_changed(ctx, c, row, f, outer);
    }
    return OK;
}

Status record_count_post(Ctx *ctx)
{
    Form form;
    const Json *sent;
    Counting c = { .form = &form };
    TRY(request_json(ctx, &sent));
    TRY(record_open_form(ctx, &form));
    if (!form_is_counted(form.entity, form.record))
        return FAIL(ctx, E_CONFLICT, "form.not_counted", "there is nothing to work out here");
    TRY(form_read(ctx, form.entity, sent, &c.input));
    TRY(read_typed(ctx, &c));
    TRY(work_out(ctx, &c));
    const FieldDef *own = form.entity->info->currency;
    CurrencyCode outer = own ? FIELD_GET(c.record, own, CurrencyCode) : (CurrencyCode){ "" };
    EACH (row, c.rows)
        TRY(put_row(ctx, &c, row, outer));
    form_sums(ctx, form.entity, c.record, &form);
    if (!c.is_refused)
        web_form_sums(&ctx->request->out, ctx, &form);
    web_form_warnings(&ctx->request->out, ctx, c.warnings.items, c.warnings.len);
    return page_answer_part(ctx);
}
