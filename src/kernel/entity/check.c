// check.c - the rules a declaration states, applied to a record before it is written: presence,
// lengths in characters, ranges, formats, references that exist. Every problem is noted with the
// path of its field, so that a form shows all of them at once.
#include "kernel/entity/info.h"

#include "base/utf8.h"
#include "kernel/db/kept.h"
#include "kernel/entity/formats.h"
#include "kernel/entity/record.h"
#include "kernel/tenant.h"

typedef struct Check {
    Ctx *ctx;
    Str path;                // of the record being checked: "" or "lines[2]."
    const EntityDef *whole;  // what is saved together; NULL: nothing but what is there already
    const void *record;
} Check;

static Str field_path(const Check *check, const FieldDef *f)
{
    return str_format(check->ctx->arena, STR_FMT "%s", STR_ARG(check->path), f->name);
}

#define PROBLEM(check, f, code, ...)                                                               \
    ctx_problem((check)->ctx, field_path((check), (f)), (code), __VA_ARGS__)

static void check_text(const Check *check, const FieldDef *f, Str text)
{
    if (!utf8_valid(text) || (text.len && memchr(text.ptr, 0, text.len))) {
        PROBLEM(check, f, "field.encoding",
                "the text is not valid: it holds bytes that are no characters");
        return;
    }
    if (f->max && utf8_len(text) > f->max)
        PROBLEM(check, f, "field.too_long", "at most %u characters, this has %zu", f->max,
                utf8_len(text));
    if (f->type == FIELD_CODE)
        for (size_t i = 0; i < text.len; i++)
            if ((unsigned char)text.ptr[i] < ' ' || (unsigned char)text.ptr[i] > '~') {
                PROBLEM(check, f, "field.ascii", "only plain letters, digits and marks");
                return;
            }
    if (f->more && f->more->is && text.len) {
        const Format *format = format_named(f->more->is);
        if (!format->matches(text))
            PROBLEM(check, f, "field.format", "%s", ctx_text(check->ctx, format->hint));
    }
}

static int64_t number_of(const FieldDef *f, const void *record)
{
    if (f->flags & MAYBE)
        return f->type == FIELD_RATE ? FIELD_GET(record, f, MaybeRate).value.micro
                                     : FIELD_GET(record, f, MaybeInt).value;
    return f->type == FIELD_RATE ? FIELD_GET(record, f, Rate).micro : FIELD_GET(record, f, int64_t);
}

// Limits are written in the field's own unit: 1 is one unit, one major unit, 100 %.
static int64_t scale_of(const FieldDef *f, CurrencyCode currency)
{
    switch ((FieldType)f->type) {
    case FIELD_MONEY: return power10(currency_digits(currency));
    case FIELD_PRICE:
    case FIELD_QTY:
    case FIELD_RATE: return MICRO;
    default: return 1;
    }
}

static bool limit(const char *text, int64_t *ret)
{
    return text && str_int(str_from(text), ret);
}

static void check_number(const Check *check, const EntityDef *e, const FieldDef *f,
                         const void *record, CurrencyCode outer)
{
    int64_t value = number_of(f, record), bound;
    CurrencyCode currency =
        f->type == FIELD_MONEY && e ? currency_of(check->ctx, e, record, f, outer) : outer;
    if (f->flags & MAYBE && !FIELD_GET(record, f, bool))
        return;
    if (f->flags & POSITIVE && value <= 0)
        PROBLEM(check, f, "field.positive", "it must be more than zero");
    if (f->more && limit(f->more->min, &bound) && value < bound * scale_of(f, currency))
        PROBLEM(check, f, "field.too_small", "it must be at least %lld", (long long)bound);
    if (f->more && limit(f->more->max, &bound) && value > bound * scale_of(f, currency))
        PROBLEM(check, f, "field.too_large", "it must be at most %lld", (long long)bound);
}

// ---- References ---------------------------------------------------------------------------------

Status record_exists(Ctx *ctx, const EntityDef *e, Id id, bool *ret)
{
    Id found;
    return kept_maybe(ctx, ((Query){ e->info->exists_sql, (Arg[]){ arg_int(id) }, 1 }), ret,
                      &found);
}

static bool link_allows(const FieldDef *f, const EntityDef *target)
{
    Str rest = str_from(f->of), one;
    if (rest.len == 0)
        return true;
    while (str_next(&rest, '|', &one))
        if (str_is(one, target->name))
            return true;
    return false;
}

// Rows of one record may refer to each other: those that are saved together are there in time, in
// the order of their lists.
static bool is_saved_with(const EntityDef *e, const void *record, const EntityDef *to, Id id)
{
    for (const FieldDef *f = e->fields; f < e->fields + e->count; f++) {
        const EntityDef *child = f->type == FIELD_LIST ? f->of : NULL;
        if (!child || entity_is_entry(child))
            continue;
        const AnyList *rows = &FIELD_GET(record, f, AnyList);
        for (size_t i = 0; i < rows->len; i++) {
            const char *row = (const char *)rows->items + i * child->size;
            if (child == to && *(const Id *)row == id)
                return true;
            if (is_saved_with(child, row, to, id))
                return true;
        }
    }
    return false;
}

static Status check_reference(const Check *check, const FieldDef *f, const EntityDef *to, Id id)
{
    bool found;
    if (id == 0)
        return OK;
    TRY(record_exists(check->ctx, to, id, &found));
    if (!found && !(check->whole && is_saved_with(check->whole, check->record, to, id)))
        PROBLEM(check, f, "field.no_such_record", "there is no such record");
    return OK;
}

static Status check_link(const Check *check, const FieldDef *f, Link link)
{
    if (link.id == 0)
        return OK;
    if (!link.entity || !link_allows(f, link.entity)) {
        PROBLEM(check, f, "field.wrong_kind", "it cannot refer to that kind of record");
        return OK;
    }
    return check_reference(check, f, link.entity, link.id);
}

// Ledger rows are written by code that has the records in hand; the database's own references stand
// behind it. Asking once more for each row would double the cost of posting.
static bool asks_references(const EntityDef *e)
{
    return !entity_is_entry(e);
}

static const EntityDef *referred(const FieldDef *f)
{
    switch ((FieldType)f->type) {
    case FIELD_CHOICE:
    case FIELD_CHOICES: return entity_named(S("choice"));
    case FIELD_FILE: return entity_named(S("file_row"));
    default: return f->of;
    }
}

static Status check_references(const Check *check, const FieldDef *f, const void *record)
{
    switch ((FieldType)f->type) {
    case FIELD_REF:
    case FIELD_CHOICE:
    case FIELD_FILE: return check_reference(check, f, referred(f), FIELD_GET(record, f, Id));
    case FIELD_LINK: return check_link(check, f, FIELD_GET(record, f, Link));
    case FIELD_REFS:
    case FIELD_CHOICES: {
        EACH (id, FIELD_GET(record, f, IdList))
            TRY(check_reference(check, f, referred(f), *id));
        return OK;
    }
    default: return OK;
    }
}

// ---- Records ------------------------------------------------------------------------------------

static void check_shape(const Check *check, const EntityDef *e, const ShapeDef *shape,
                        const void *at, CurrencyCode outer);

static void check_value(const Check *check, const EntityDef *e, const FieldDef *f,
                        const void *record, CurrencyCode outer)
{
    if (f->flags & REQUIRED && field_is_empty(f, record) && f->type != FIELD_BOOL &&
        !(f->flags & POSITIVE)) {
        bool is_amount = f->type == FIELD_MONEY || f->type == FIELD_PRICE || f->type == FIELD_QTY ||
                         f->type == FIELD_RATE || f->type == FIELD_INT;
        if (!is_amount)
            PROBLEM(check, f, "field.required", "this is needed");
        return;
    }
    switch ((FieldType)f->type) {
    case FIELD_TEXT:
    case FIELD_CODE:
    case FIELD_RICH:
    case FIELD_JSON:
    case FIELD_FORMULA: check_text(check, f, FIELD_GET(record, f, Str)); return;
    case FIELD_INT:
    case FIELD_MONEY:
    case FIELD_PRICE:
    case FIELD_QTY:
    case FIELD_RATE: check_number(check, e, f, record, outer); return;
    case FIELD_SHAPE: {
        Check inner = { check->ctx, str_join(check->ctx->arena, field_path(check, f), S(".")) };
        if (!field_is_empty(f, record))
            check_shape(&inner, e, f->of, &FIELD_GET(record, f, char), outer);
        return;
    }
    case FIELD_SHAPES: {
        const ShapeDef *shape = f->of;
        const AnyList *list = &FIELD_GET(record, f, AnyList);
        for (size_t i = 0; i < list->len; i++) {
            Check inner = { check->ctx, str_format(check->ctx->arena, STR_FMT "%s[%zu].",
                                                   STR_ARG(check->path), f->name, i) };
            check_shape(&inner, e, shape, (const char *)list->items + i * shape->size, outer);
        }
        return;
    }
    default: return;
    }
}

static void check_shape(const Check *check, const EntityDef *e, const ShapeDef *shape,
                        const void *at, CurrencyCode outer)
{
    if (shape->one_of) {
        int kind = *(const int *)at;
        if (kind)
            check_shape(check, e, shape->one_of[kind - 1], (const char *)at + shape->union_offset,
                        outer);
        return;
    }
    for (const FieldDef *f = shape->fields; f < shape->fields + shape->count; f++)
        check_value(check, e, f, at, outer);
}

static Status check_record(const Check *check, const EntityDef *e, const void *record,
                           CurrencyCode outer);

static Status check_children(const Check *check, const EntityDef *child, const FieldDef *f,
                             const AnyList *list, CurrencyCode currency)
{
    for (size_t i = 0; i < list->len; i++) {
        Str path =
            str_format(check->ctx->arena, STR_FMT "%s[%zu].", STR_ARG(check->path), f->name, i);
        Check inner = { check->ctx, path, check->whole, check->record };
        TRY(check_record(&inner, child, (const char *)list->items + i * child->size, currency));
    }
    return OK;
}

static Status check_record(const Check *check, const EntityDef *e, const void *record,
                           CurrencyCode outer)
{
    const FieldDef *own = e->info->currency;
    CurrencyCode currency = own ? FIELD_GET(record, own, CurrencyCode) : outer;
    for (const FieldDef *f = e->fields; f < e->fields + e->count; f++) {
        check_value(check, e, f, record, currency);
        if (asks_references(e))
            TRY(check_references(check, f, record));
        if (f->type == FIELD_LIST && !entity_is_entry(f->of))
            TRY(check_children(check, f->of, f, &FIELD_GET(record, f, AnyList), currency));
    }
    return OK;
}

Status record_check(Ctx *ctx, const EntityDef *e, const void *record)
{
    TRY(check_record(&(Check){ ctx, S(""), e, record }, e, record, (CurrencyCode){ "" }));
    return ctx_problems(ctx);
}

// Presence of numbers cannot be seen in the struct; an input says `positive` or `maybe` where it
// matters.
Status shape_check(Ctx *ctx, const ShapeDef *shape, const void *value)
{
    Check check = { ctx, S("") };
    check_shape(&check, NULL, shape, value, (CurrencyCode){ "" });
    for (const FieldDef *f = shape->fields; f < shape->fields + shape->count; f++)
        TRY(check_references(&check, f, value));
    return ctx_problems(ctx);
}
