// custom.c - own fields and translations.
#include "kernel/entity/custom.h"

#include "base/utf8.h"
#include "gen/kernel.gen.h"
#include "kernel/entity/info.h"
#include "kernel/entity/record.h"
#include "kernel/i18n.h"
#include "kernel/tenant.h"

// ---- Values in `extra` --------------------------------------------------------------------------

static const OwnField *field_named(const Ctx *ctx, const EntityDef *e, Str name)
{
    EACH (f, *custom_fields(ctx, e))
        if (str_eq(f->name, name))
            return f;
    return NULL;
}

static Str extra_of(const EntityDef *e, const void *record)
{
    if (entity_is_entry(e) || entity_is_keyed(e))
        return S("");
    return e->parent ? ((const Child *)record)->extra : ((const Record *)record)->extra;
}

Status custom_to_json(Ctx *ctx, const EntityDef *e, const void *record, JsonOut *json)
{
    const Json *tree;
    Str extra = extra_of(e, record);
    if (extra.len == 0)
        return OK;
    TRY(json_parse(ctx, extra, &tree));
    JSON_EACH (member, tree)
        if (field_named(ctx, e, member->key)) {
            json_key_str(json, str_join(ctx->arena, S("x_"), member->key));
            json_put_tree(json, member);
        }
    return OK;
}

Status custom_cell(Ctx *ctx, const EntityDef *e, Str name, Str extra, Str *ret, bool *ret_known)
{
    const Json *tree, *value;
    const OwnField *f = field_named(ctx, e, name);
    *ret = S("");
    *ret_known = false;
    if (extra.len == 0 || !f)
        return OK;
    TRY(json_parse(ctx, extra, &tree));
    value = json_get(tree, str_c(ctx->arena, name));
    if (!value || value->type == JSON_NULL)
        return OK;
    *ret_known = true;
    *ret = value->type == JSON_BOOL ? tr(ctx, value->boolean ? "Yes" : "No") : value->text;
    EACH (option, f->options)
        if (str_eq(option->code, value->text))
            *ret = option->label;
    return OK;
}

// ---- Reading ------------------------------------------------------------------------------------

static bool is_option(const OwnField *f, Str text)
{
    EACH (option, f->options)
        if (str_eq(option->code, text))
            return true;
    return false;
}

static bool fits(const OwnField *f, const Json *value)
{
    int64_t number;
    Date day;
    Id id;
    bool is_text = value->type == JSON_STRING || value->type == JSON_NUMBER;
    switch ((CustomType)f->kind) {
    case CUSTOM_TYPE_YES_NO: return value->type == JSON_BOOL;
    case CUSTOM_TYPE_NUMBER:
    case CUSTOM_TYPE_MONEY: return is_text && decimal_parse(value->text, 6, &number);
    case CUSTOM_TYPE_DATE: return is_text && date_parse(value->text, &day);
    case CUSTOM_TYPE_PICK: return is_text && is_option(f, value->text);
    case CUSTOM_TYPE_REFERENCE: return is_text && id_parse(value->text, &id);
    default: return value->type == JSON_STRING && utf8_len(value->text) <= (size_t)f->longest;
    }
}

static bool is_absent(const Json *value)
{
    return value->type == JSON_NULL || (value->type == JSON_STRING && value->text.len == 0);
}

// Writes `extra` anew with one member replaced or left out.
static Status replace(Ctx *ctx, Str name, const Json *value, Str *extra)
{
    Buf out = { .arena = ctx->arena };
    JsonOut json = { .out = &out };
    const Json *tree = NULL;
    if (extra->len)
        TRY(json_parse(ctx, *extra, &tree));
    json_open(&json, '{');
    for (const Json *member = tree ? tree->first : NULL; member; member = member->next)
        if (!str_eq(member->key, name)) {
            json_key_str(&json, member->key);
            json_put_tree(&json, member);
        }
    if (!is_absent(value)) {
        json_key_str(&json, name);
        json_put_tree(&json, value);
    }
    json_close(&json, '}');
    *extra = buf_str(&out);
    return OK;
}

Status custom_from_json(Ctx *ctx, const EntityDef *e, Str path, Str name, const Json *value,
                        Str *extra)
{
    const OwnField *f = field_named(ctx, e, str_from_at(name, 2));
    if (!f) {
        ctx_problem(ctx, path, "field.unknown", "there is no such own field");
        return OK;
    }
    if (is_absent(value) && f->is_required)
        ctx_problem(ctx, path, "field.required", "this is needed");
    else if (!is_absent(value) && !fits(f, value))
        ctx_problem(ctx, path, "field.type", "this is not a value for '" STR_FMT "'",
                    STR_ARG(f->label));
    else
        return replace(ctx, f->name, value, extra);
    return OK;
}

Status custom_index(Ctx *ctx, const EntityDef *e, Id id, Str extra)
{
    const OwnFieldList *fields = custom_fields(ctx, e);
    const Json *tree = NULL;
    if (fields->len == 0)
        return OK;
    TRY(db_write(ctx, SQL("DELETE FROM custom_value WHERE subject_id = $1", id)));
    if (extra.len)
        TRY(json_parse(ctx, extra, &tree));
    EACH (f, *fields) {
        const Json *value = tree ? json_get(tree, str_c(ctx->arena, f->name)) : NULL;
        int64_t amount = 0;
        if (!f->is_filter || !value || is_absent(value))
            continue;
        Str words = value->type == JSON_BOOL ? (value->boolean ? S("1") : S("0")) : value->text;
        decimal_parse(value->text, 6, &amount);
        TRY(db_write(
            ctx, SQL("INSERT INTO custom_value (field_id, subject_kind, subject_id, words, amount)"
                     " VALUES ($1, $2, $3, $4, $5)",
                     f->id, e->name, id, utf8_cut(words, CUSTOM_WORDS_MAX), amount)));
    }
    return OK;
}

// ---- Translations -------------------------------------------------------------------------------

typedef struct Translations {  // given with one record, written after it
    Id subject;
    LIST(struct {
        Str field;
        Str locale;
        Str body;
    })
    items;
    struct Translations *next;
} Translations;

Status translations_to_json(Ctx *ctx, const EntityDef *e, Id id, JsonOut *json)
{
    Str locale, field, body, current = S("");
    bool any = false;
    Rows *rows =
        db_query(ctx, SQL("SELECT locale, field, body FROM translation"
                          " WHERE subject_id = $1 AND subject_kind = $2 ORDER BY locale, field",
                          id, e->name));
    while (rows_next(rows, &locale, &field, &body)) {
        if (!any) {
            json_key(json, "translations");
            json_open(json, '{');
        }
        if (!any || !str_eq(locale, current)) {
            if (any)
                json_close(json, '}');
            json_key_str(json, locale);
            json_open(json, '{');
            current = locale;
        }
        json_key_str(json, field);
        json_put_str(json, body);
        any = true;
    }
    if (any) {
        json_close(json, '}');
        json_close(json, '}');
    }
    return rows_end(rows);
}

static bool is_locale(Str text)
{
    for (size_t i = 0; i < text.len; i++)
        if (!strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-", text.ptr[i]))
            return false;
    return text.len >= 2 && text.len <= 16;
}

static Status take_translation(Ctx *ctx, const EntityDef *e, Str path, Str locale,
                               const Json *member, Translations *ret)
{
    const FieldDef *f = entity_field(e, member->key);
    Str at = str_format(ctx->arena, STR_FMT "." STR_FMT "." STR_FMT, STR_ARG(path), STR_ARG(locale),
                        STR_ARG(member->key));
    if (!f || !(f->flags & TRANSLATED))
        ctx_problem(ctx, at, "field.unknown", "this field has no translations");
    else if (member->type != JSON_STRING && member->type != JSON_NULL)
        ctx_problem(ctx, at, "field.type", "this should be a text");
    else if (f->max && utf8_len(member->text) > f->max)
        ctx_problem(ctx, at, "field.too_long", "at most %u characters, this has %zu", f->max,
                    utf8_len(member->text));
    else
        *list_push(ctx->arena, &ret->items) =
            (typeof(*ret->items.items)){ member->key, locale, member->text };
    return OK;
}

Status translations_from_json(Ctx *ctx, const EntityDef *e, Id id, Str path, const Json *value)
{
    Translations *given = NEW(ctx->arena, Translations);
    void **slot = member_slot(ctx, MEMBER_TRANSLATIONS);
    if (value->type != JSON_OBJECT) {
        ctx_problem(ctx, path, "field.type", "this should be an object of languages");
        return OK;
    }
    *given = (Translations){ .subject = id, .next = *slot };
    JSON_EACH (locale, value) {
        if (!is_locale(locale->key) || locale->type != JSON_OBJECT) {
            ctx_problem(ctx, path, "field.locale", "'" STR_FMT "' is no language, like es or es-CO",
                        STR_ARG(locale->key));
            continue;
        }
        JSON_EACH (member, locale)
            TRY(take_translation(ctx, e, path, locale->key, member, given));
    }
    *slot = given;
    return OK;
}

Status translations_save(Ctx *ctx, const EntityDef *e, Id id)
{
    for (Translations *t = *member_slot(ctx, MEMBER_TRANSLATIONS); t; t = t->next) {
        if (t->subject != id)
            continue;
        EACH (item, t->items) {
            if (item->body.len == 0)
                TRY(db_write(
                    ctx, SQL("DELETE FROM translation WHERE subject_kind = $1 AND subject_id = $2"
                             " AND field = $3 AND locale = $4",
                             e->name, id, item->field, item->locale)));
            else
                TRY(db_write(
                    ctx,
                    SQL("INSERT INTO translation (subject_kind, subject_id, field, locale, body)"
                        " VALUES ($1, $2, $3, $4, $5)"
                        " ON CONFLICT (subject_id, field, locale) DO UPDATE"
                        " SET body = excluded.body",
                        e->name, id, item->field, item->locale, item->body)));
        }
    }
    return OK;
}

// "es-CO", then "es", then the main language's text.
Status translated(Ctx *ctx, const EntityDef *e, Id id, const char *field, Str main, Str *ret)
{
    Str tag = ctx->locale ? ctx->locale->tag : S(""), body;
    bool found = false;
    *ret = main;
    while (tag.len && !found && !(ctx->tenant && str_eq(tag, ctx->tenant->language))) {
        TRY(db_maybe(
            ctx,
            SQL("SELECT body FROM translation WHERE subject_id = $1 AND field = $2 AND locale = $3"
                " AND subject_kind = $4",
                id, field, tag, e->name),
            &found, &body));
        if (found)
            *ret = body;
        ptrdiff_t dash = str_rfind_char(tag, '-');
        tag = dash > 0 ? str_sub(tag, 0, (size_t)dash) : S("");
    }
    return OK;
}
