// fields.c - JSON objects into structs by a table.
#include "algo/fields.h"

#include "base/date.h"
#include "base/utf8.h"

#include <errno.h>
#include <math.h>

enum { NAME_SHOWN = 40, QTY_DIGITS = 6 };

Status field_fail(Ctx *ctx, FieldPlace place, const char *field, const char *format, ...)
{
    Buf why = { .arena = ctx->arena };
    va_list args;
    va_start(args, format);
    buf_vprintf(&why, format, args);
    va_end(args);
    if (place.index < 0)
        return FAIL(ctx, E_INVALID, "input.field", "%s, %s: " STR_FMT, place.list, field,
                    STR_ARG(buf_str(&why)));
    return FAIL(ctx, E_INVALID, "input.field", "%s[%lld], %s: " STR_FMT, place.list,
                (long long)place.index, field, STR_ARG(buf_str(&why)));
}

bool field_quantity(const Json *value, int64_t *ret_micro)
{
    return (value->type == JSON_NUMBER || value->type == JSON_STRING) &&
           decimal_parse(value->text, QTY_DIGITS, ret_micro);
}

bool field_double(const Json *value, double *ret)
{
    char text[64], *end;
    if ((value->type != JSON_NUMBER && value->type != JSON_STRING) || value->text.len == 0 ||
        value->text.len >= sizeof text)
        return false;
    memcpy(text, value->text.ptr, value->text.len);
    text[value->text.len] = '\0';
    errno = 0;
    *ret = strtod(text, &end);
    return *end == '\0' && isfinite(*ret) && fabs(*ret) < 1e15;
}

// ---- One field ----------------------------------------------------------------------------------

typedef struct {
    Ctx *ctx;
    FieldPlace place;
    const Field *field;
    void *at;
} Reading;

static Status read_text(const Reading *r, const Json *value)
{
    if (value->type != JSON_STRING || value->text.len == 0)
        return field_fail(r->ctx, r->place, r->field->name, "a text is wanted");
    *(Str *)r->at = value->text;
    return OK;
}

static Status read_int(const Reading *r, const Json *value)
{
    int64_t number;
    if (!json_int(value, &number) || number < r->field->min || number > r->field->max)
        return field_fail(r->ctx, r->place, r->field->name,
                          "a whole number from %lld to %lld is wanted", (long long)r->field->min,
                          (long long)r->field->max);
    *(int32_t *)r->at = (int32_t)number;
    return OK;
}

static Status read_qty(const Reading *r, const Json *value)
{
    int64_t micro, max = r->field->max ? r->field->max : INT64_MAX;
    Arena *arena = r->ctx->arena;
    if (!field_quantity(value, &micro))
        return field_fail(r->ctx, r->place, r->field->name,
                          "a number with at most %d decimals is wanted", QTY_DIGITS);
    if (micro < r->field->min || micro > max)
        return field_fail(r->ctx, r->place, r->field->name,
                          "a number from " STR_FMT " to " STR_FMT " is wanted",
                          STR_ARG(decimal_short(arena, r->field->min, QTY_DIGITS)),
                          STR_ARG(decimal_short(arena, max, QTY_DIGITS)));
    ((Qty *)r->at)->micro = micro;
    return OK;
}

static Status read_share(const Reading *r, const Json *value)
{
    int64_t micro;
    if (!field_quantity(value, &micro) || micro < 0 || micro >= MICRO)
        return field_fail(r->ctx, r->place, r->field->name,
                          "a share from 0 to less than 1 is wanted, with at most %d decimals",
                          QTY_DIGITS);
    ((Rate *)r->at)->micro = (int32_t)micro;
    return OK;
}

static Status read_double(const Reading *r, const Json *value)
{
    double number, max = r->field->max ? (double)r->field->max : 1e15;
    if (!field_double(value, &number) || number < (double)r->field->min || number > max)
        return field_fail(r->ctx, r->place, r->field->name, "a number from %lld to %.0f is wanted",
                          (long long)r->field->min, max);
    *(double *)r->at = number;
    return OK;
}

static Status read_bool(const Reading *r, const Json *value)
{
    if (value->type != JSON_BOOL)
        return field_fail(r->ctx, r->place, r->field->name, "true or false is wanted");
    *(bool *)r->at = value->boolean;
    return OK;
}

static Status read_date(const Reading *r, const Json *value)
{
    Date date;
    if (value->type != JSON_STRING || !date_parse(value->text, &date) || date == 0)
        return field_fail(r->ctx, r->place, r->field->name, "a date like 2026-11-21 is wanted");
    *(int32_t *)r->at = date;
    return OK;
}

static Status read_word(const Reading *r, const Json *value)
{
    Buf words = { .arena = r->ctx->arena };
    for (int i = 0; r->field->words[i]; i++) {
        if (value->type == JSON_STRING && str_is(value->text, r->field->words[i])) {
            memcpy(r->at, &i, sizeof i);
            return OK;
        }
        buf_printf(&words, "%s%s", i ? ", " : "", r->field->words[i]);
    }
    return field_fail(r->ctx, r->place, r->field->name, "one of " STR_FMT " is wanted",
                      STR_ARG(buf_str(&words)));
}

static Status read_tree(const Reading *r, const Json *value)
{
    bool is_list = r->field->kind == FIELD_LIST;
    if (r->field->kind != FIELD_ANY && value->type != (is_list ? JSON_ARRAY : JSON_OBJECT))
        return field_fail(r->ctx, r->place, r->field->name, "%s is wanted",
                          is_list ? "a list" : "an object");
    *(const Json **)r->at = value;
    return OK;
}

static Status read_field(const Reading *r, const Json *value)
{
    switch (r->field->kind) {
    case FIELD_TEXT: return read_text(r, value);
    case FIELD_INT: return read_int(r, value);
    case FIELD_QTY: return read_qty(r, value);
    case FIELD_SHARE: return read_share(r, value);
    case FIELD_DOUBLE: return read_double(r, value);
    case FIELD_BOOL: return read_bool(r, value);
    case FIELD_DATE: return read_date(r, value);
    case FIELD_WORD: return read_word(r, value);
    default: return read_tree(r, value);
    }
}

// ---- The object ---------------------------------------------------------------------------------

static const Field *field_named(const Field *fields, Str name)
{
    while (fields->name && !str_is(name, fields->name))
        fields++;
    return fields->name ? fields : NULL;
}

Status fields_read(Ctx *ctx, FieldPlace place, const Json *object, const Field *fields, void *into)
{
    if (object->type != JSON_OBJECT)
        return field_fail(ctx, place, "all of it", "an object is wanted");
    uint64_t seen = 0;
    JSON_EACH (member, object) {
        const Field *field = field_named(fields, member->key);
        Str name = utf8_cut(member->key, NAME_SHOWN);
        if (!field)
            return field_fail(ctx, place, str_c(ctx->arena, name), "no such field is known here");
        seen |= UINT64_C(1) << (field - fields);
        TRY(read_field(&(Reading){ ctx, place, field, (char *)into + field->at }, member));
    }
    for (const Field *field = fields; field->name; field++)
        if (field->is_required && !(seen >> (field - fields) & 1))
            return field_fail(ctx, place, field->name, "it is missing");
    return OK;
}
