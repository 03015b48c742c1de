// codec_in.c - records from JSON, or from a form or an import row, which arrive as the same tree.
//
// Nothing is guessed: a member that means nothing is named together with the nearest right name, a
// value that does not fit is a problem at its path, and all problems are found in one go. Amounts
// are read after the currency is known.
#include "kernel/entity/info.h"

#include "base/utf8.h"
#include "kernel/entity/codec.h"
#include "kernel/entity/custom.h"
#include "kernel/entity/points.h"
#include "kernel/entity/record.h"
#include "kernel/i18n.h"
#include "kernel/secrets.h"

#include <stddef.h>

typedef struct Reader {
    Ctx *ctx;
    const EntityDef *entity;  // NULL inside a shape of an action's input
    void *record;
    CurrencyCode outer;
    int flags;
    Str path;
    bool is_new;
} Reader;

static Status read_value(const Reader *r, const FieldDef *f, const Json *value, void *base,
                         Str path);

static Str member_path(const Reader *r, const char *name)
{
    return str_format(r->ctx->arena, STR_FMT "%s", STR_ARG(r->path), name);
}

static Str joined(const Reader *r, Str name)
{
    return str_join(r->ctx->arena, r->path, name);
}

// ---- Texts --------------------------------------------------------------------------------------

// A scalar's text: strings and numbers alike, so that "12.50" and 12.50 are the same amount.
static bool scalar(const Json *value, Str *ret)
{
    *ret = value->text;
    return value->type == JSON_STRING || value->type == JSON_NUMBER;
}

static bool is_blank(const Json *value)
{
    return value->type == JSON_NULL ||
           (value->type == JSON_STRING && str_trim(value->text).len == 0);
}

static Status wrong_type(const Reader *r, Str path, const char *wanted)
{
    ctx_problem(r->ctx, path, "field.type", "this should be %s", ctx_text(r->ctx, wanted));
    return OK;
}

static Status read_text(const Reader *r, const FieldDef *f, const Json *value, void *base, Str path)
{
    Str text;
    bool is_text =
        value->type == JSON_STRING || (f->type == FIELD_CODE && value->type == JSON_NUMBER);
    if (value->type == JSON_NULL)
        text = S("");
    else if (!is_text)
        return wrong_type(r, path, "a text");
    else
        text = value->text;
    bool trims = f->type == FIELD_CODE || (r->flags & (INPUT_FORM | INPUT_IMPORT));
    *FIELD_AT(base, f, Str) = trims ? str_trim(text) : text;
    return OK;
}

static Status read_secret(const Reader *r, const FieldDef *f, const Json *value, void *base,
                          Str path)
{
    if (value->type == JSON_BOOL || (value->type == JSON_STRING && value->text.len == 0))
        return OK;  // "there is one" sent back, or a form's empty field: stays
    if (value->type == JSON_NULL) {
        *FIELD_AT(base, f, Secret) = (Secret){ S("") };
        return OK;
    }
    if (value->type != JSON_STRING)
        return wrong_type(r, path, "a text");
    if (f->max && utf8_len(value->text) > f->max)
        ctx_problem(r->ctx, path, "field.too_long", "at most %u characters, this has %zu", f->max,
                    utf8_len(value->text));
    return secret_seal(r->ctx, str_format(r->ctx->arena, "secret.%s", f->name), value->text,
                       &FIELD_AT(base, f, Secret)->sealed);
}

static Status read_json_text(const Reader *r, const FieldDef *f, const Json *value, void *base)
{
    Buf out = { .arena = r->ctx->arena };
    JsonOut json = { .out = &out };
    if (value->type != JSON_NULL)
        json_put_tree(&json, value);
    *FIELD_AT(base, f, Str) = buf_str(&out);
    return OK;
}

// ---- Numbers ------------------------------------------------------------------------------------

static int digits_of(const Reader *r, const FieldDef *f)
{
    switch ((FieldType)f->type) {
    case FIELD_INT: return 0;
    case FIELD_FX: return 9;
    case FIELD_MONEY: {
        CurrencyCode currency =
            r->entity ? currency_of(r->ctx, r->entity, r->record, f, r->outer) : r->outer;
        return currency_digits(currency);
    }
    default: return 6;
    }
}

static bool parse_number(const Reader *r, Str text, int digits, int64_t *ret)
{
    if (r->flags & (INPUT_FORM | INPUT_IMPORT))
        return read_number(r->ctx, text, digits, ret);
    return decimal_parse(text, digits, ret);
}

static void store_number(const FieldDef *f, int64_t value, bool known, void *base)
{
    bool maybe = f->flags & MAYBE;
    if (f->type == FIELD_RATE && maybe)
        *FIELD_AT(base, f, MaybeRate) = (MaybeRate){ known, { (int32_t)value } };
    else if (f->type == FIELD_RATE)
        FIELD_AT(base, f, Rate)->micro = (int32_t)value;
    else if (maybe)
        *FIELD_AT(base, f, MaybeInt) = (MaybeInt){ known, value };
    else
        *FIELD_AT(base, f, int64_t) = value;
}

// A rate typed by people is a percentage; as data it is a fraction of one.
static Status read_number_field(const Reader *r, const FieldDef *f, const Json *value, void *base,
                                Str path)
{
    Str text;
    int64_t number = 0;
    if (is_blank(value)) {
        store_number(f, 0, false, base);
        return OK;
    }
    if (!scalar(value, &text))
        return wrong_type(r, path, "a number");
    bool is_percent = f->type == FIELD_RATE && r->flags & INPUT_FORM;
    int digits = is_percent ? 4 : digits_of(r, f);
    if (is_percent && str_ends(str_trim(text), S("%")))
        text = str_sub(str_trim(text), 0, str_trim(text).len - 1);
    if (!parse_number(r, text, digits, &number)) {
        ctx_problem(r->ctx, path, "field.number",
                    digits ? "this should be a number with at most %d decimals"
                           : "this should be a whole number",
                    digits);
        return OK;
    }
    if (f->type == FIELD_RATE && (number > INT32_MAX || number < INT32_MIN)) {
        ctx_problem(r->ctx, path, "field.too_large", "the number is too large");
        return OK;
    }
    store_number(f, number, true, base);
    return OK;
}

static Status read_bool(const Reader *r, const FieldDef *f, const Json *value, void *base, Str path)
{
    bool is_text = value->type == JSON_STRING && r->flags & (INPUT_FORM | INPUT_IMPORT);
    static const char *const yes[] = { "on", "1", "true", "yes", "y" };
    static const char *const no[] = { "", "0", "false", "no", "n", "off" };
    if (value->type == JSON_BOOL) {
        *FIELD_AT(base, f, bool) = value->boolean;
        return OK;
    }
    for (size_t i = 0; is_text && i < COUNT(yes); i++)
        if (str_eq_ascii_nocase(str_trim(value->text), str_from(yes[i]))) {
            *FIELD_AT(base, f, bool) = true;
            return OK;
        }
    for (size_t i = 0; is_text && i < COUNT(no); i++)
        if (str_eq_ascii_nocase(str_trim(value->text), str_from(no[i]))) {
            *FIELD_AT(base, f, bool) = false;
            return OK;
        }
    return wrong_type(r, path, "true or false");
}

// ---- Words, days, places ------------------------------------------------------------------------

static Status read_enum(const Reader *r, const FieldDef *f, const Json *value, void *base, Str path)
{
    const EnumDef *words = f->of;
    int found = 0;
    if (is_blank(value)) {
        *FIELD_AT(base, f, int) = 0;
        return OK;
    }
    if (value->type == JSON_STRING)
        found = enum_value(words, value->text);
    for (int i = 1; !found && r->flags & INPUT_IMPORT && i < words->count; i++)
        if (str_eq_ascii_nocase(value->text, str_from(words->values[i].label)))
            found = i;
    if (!found) {
        Buf names = { .arena = r->ctx->arena };
        for (int i = 1; i < words->count; i++)
            buf_printf(&names, "%s%s", i > 1 ? ", " : "", words->values[i].name);
        ctx_problem(r->ctx, path, "field.word", "this should be one of: " STR_FMT,
                    STR_ARG(buf_str(&names)));
        return OK;
    }
    *FIELD_AT(base, f, int) = found;
    return OK;
}

static Status read_day(const Reader *r, const Json *value, Date *ret, Str path)
{
    Date day = 0;
    if (is_blank(value)) {
        *ret = 0;
        return OK;
    }
    bool ok = value->type == JSON_STRING &&
              (r->flags & (INPUT_FORM | INPUT_IMPORT) ? read_date(r->ctx, value->text, &day)
                                                      : date_parse(value->text, &day));
    if (!ok)
        return wrong_type(r, path, "a day like 2026-11-21");
    *ret = day;
    return OK;
}

static Status read_instant(const Reader *r, const FieldDef *f, const Json *value, void *base,
                           Str path)
{
    if (is_blank(value)) {
        *FIELD_AT(base, f, Time) = 0;
        return OK;
    }
    if (value->type != JSON_STRING || !time_parse(value->text, FIELD_AT(base, f, Time)))
        return wrong_type(r, path, "a time like 2026-11-21T14:05:00Z");
    return OK;
}

static Status read_clock(const Reader *r, const FieldDef *f, const Json *value, void *base,
                         Str path)
{
    if (is_blank(value)) {
        *FIELD_AT(base, f, Clock) = 0;
        return OK;
    }
    if (value->type != JSON_STRING || !clock_parse(value->text, FIELD_AT(base, f, Clock)))
        return wrong_type(r, path, "a time of day like 14:05");
    return OK;
}

static Status read_currency(const Reader *r, const FieldDef *f, const Json *value, void *base,
                            Str path)
{
    if (is_blank(value)) {
        *FIELD_AT(base, f, CurrencyCode) = (CurrencyCode){ "" };
        return OK;
    }
    Str code =
        value->type == JSON_STRING ? str_upper_ascii(r->ctx->arena, str_trim(value->text)) : S("");
    if (!currency_parse(code, FIELD_AT(base, f, CurrencyCode)))
        return wrong_type(r, path, "a currency like EUR");
    return OK;
}

static Status read_geo(const Reader *r, const FieldDef *f, const Json *value, void *base, Str path)
{
    Geo *geo = FIELD_AT(base, f, Geo);
    int64_t lat, lon;
    if (is_blank(value)) {
        *geo = (Geo){ 0 };
        return OK;
    }
    if (value->type != JSON_ARRAY || value->count != 2 ||
        !decimal_parse(value->first->text, 7, &lat) ||
        !decimal_parse(value->first->next->text, 7, &lon) || lat > 900000000 || lat < -900000000 ||
        lon > 1800000000 || lon < -1800000000)
        return wrong_type(r, path, "latitude and longitude like [\"23.81\", \"90.41\"]");
    *geo = (Geo){ (int32_t)lat, (int32_t)lon };
    return OK;
}

// ---- References ---------------------------------------------------------------------------------

// {"sku": "KN-1182"}: by any unique field of the target.
static Status find_by_member(const Reader *r, const EntityDef *target, const Json *value, Str path,
                             Id *ret)
{
    const Json *member = value->first;
    const FieldDef *f = member && value->count == 1 ? entity_field(target, member->key) : NULL;
    Str text;
    if (!f || !(f->flags & UNIQUE) || !scalar(member, &text)) {
        ctx_problem(r->ctx, path, "field.reference",
                    "refer to it by its id, or by one field that is unique");
        return OK;
    }
    return record_find(r->ctx, target, f->name, text, ret);
}

// What a person writes in a sheet: the first unique text field, in order of declaration. Asked
// before whether it is an id, since thirteen digits of a barcode read as one.
static Status find_by_text(const Reader *r, const EntityDef *target, Str text, Id *ret)
{
    for (const FieldDef *f = target->fields; *ret == 0 && f < target->fields + target->count; f++)
        if (f->flags & UNIQUE && (f->type == FIELD_CODE || f->type == FIELD_TEXT))
            TRY(record_find(r->ctx, target, f->name, text, ret));
    return OK;
}

static Status find_record(const Reader *r, const EntityDef *target, const Json *value, Str path,
                          Id *ret)
{
    *ret = 0;
    if (is_blank(value))
        return OK;
    if (value->type == JSON_OBJECT)
        TRY(find_by_member(r, target, value, path, ret));
    else if (value->type == JSON_STRING && r->flags & INPUT_IMPORT)
        TRY(find_by_text(r, target, str_trim(value->text), ret));
    if (*ret == 0 && value->type == JSON_STRING)
        (void)id_parse(value->text, ret);
    if (*ret == 0)
        ctx_problem(r->ctx, path, "field.no_such_record", "there is no such %s",
                    str_lower_ascii(r->ctx->arena, str_from(target->label)).ptr);
    return OK;
}

static Status find_choice(const Reader *r, const FieldDef *f, const Json *value, Str path, Id *ret)
{
    const EnumDef *list = f->of;
    bool found = false;
    *ret = 0;
    if (is_blank(value))
        return OK;
    if (value->type == JSON_STRING && !id_parse(value->text, ret))
        TRY(db_maybe(r->ctx,
                     SQL("SELECT id FROM choice WHERE list_name = $1 AND value_code = $2",
                         list->name, str_trim(value->text)),
                     &found, ret));
    if (*ret == 0)
        ctx_problem(r->ctx, path, "field.no_such_choice", "this is not one of the choices");
    return OK;
}

static Status read_link(const Reader *r, const FieldDef *f, const Json *value, void *base, Str path)
{
    Link *link = FIELD_AT(base, f, Link);
    if (is_blank(value)) {
        *link = (Link){ 0 };
        return OK;
    }
    const EntityDef *target =
        value->type == JSON_OBJECT ? entity_named(json_str(value, "kind")) : NULL;
    Id id;
    if (!target || !id_parse(json_str(value, "id"), &id))
        return wrong_type(r, path, "a record like {\"kind\": \"sales_order\", \"id\": \"...\"}");
    *link = (Link){ target, id };
    return OK;
}

static Status read_ids(const Reader *r, const FieldDef *f, const Json *value, void *base, Str path)
{
    IdList ids = { 0 };
    bool is_list = value->type == JSON_ARRAY;
    if (!is_list && !is_blank(value) && !(r->flags & INPUT_FORM))
        return wrong_type(r, path, "a list");
    Json only = *value, *single = &only;
    single->next = NULL;
    for (const Json *one = is_list         ? value->first
                         : is_blank(value) ? NULL
                                           : single;
         one; one = one->next) {
        Id id;
        TRY(f->type == FIELD_REFS ? find_record(r, f->of, one, path, &id)
                                  : find_choice(r, f, one, path, &id));
        if (id)
            *list_push(r->ctx->arena, &ids) = id;
    }
    *FIELD_AT(base, f, IdList) = ids;
    return OK;
}

// ---- Shapes and children ------------------------------------------------------------------------

static Status read_shape_members(const Reader *r, const ShapeDef *shape, const Json *value,
                                 void *at);

static Status read_union(const Reader *r, const ShapeDef *shape, const Json *value, void *at)
{
    const Json *member = value->first;
    for (int i = 0; member && value->count == 1 && shape->one_of[i]; i++)
        if (str_is(member->key, shape->one_of[i]->name)) {
            *(int *)at = i + 1;
            Reader inner = *r;
            inner.path =
                str_format(r->ctx->arena, STR_FMT "%s.", STR_ARG(r->path), shape->one_of[i]->name);
            return read_shape_members(&inner, shape->one_of[i], member,
                                      (char *)at + shape->union_offset);
        }
    ctx_problem(r->ctx, r->path, "field.type", "this should be exactly one of the known kinds");
    return OK;
}

static Status read_shape_members(const Reader *r, const ShapeDef *shape, const Json *value,
                                 void *at)
{
    if (value->type != JSON_OBJECT)
        return wrong_type(r, r->path, "an object");
    if (shape->one_of)
        return read_union(r, shape, value, at);
    JSON_EACH (member, value) {
        const FieldDef *f = shape_field(shape, member->key);
        if (f)
            TRY(read_value(r, f, member, at, member_path(r, f->name)));
        else if (!(r->flags & INPUT_TRUSTED))
            ctx_problem(r->ctx, joined(r, member->key), "field.unknown", "%s has no such field",
                        ctx_text(r->ctx, shape->label));
    }
    return OK;
}

static Status read_shape(const Reader *r, const FieldDef *f, const Json *value, void *base,
                         Str path)
{
    void *at = FIELD_AT(base, f, char);
    const ShapeDef *shape = f->of;
    if (is_blank(value)) {
        memset(at, 0, shape->size);
        return OK;
    }
    Reader inner = *r;
    inner.path = str_join(r->ctx->arena, path, S("."));
    return read_shape_members(&inner, shape, value, at);
}

static bool list_fits(const Reader *r, const Json *value, Str path)
{
    if (value->type != JSON_ARRAY && value->type != JSON_NULL) {
        wrong_type(r, path, "a list");
        return false;
    }
    if (value->count > CHILDREN_MAX) {
        ctx_problem(r->ctx, path, "field.too_many", "at most %d rows, these are %zu", CHILDREN_MAX,
                    value->count);
        return false;
    }
    return true;
}

static Status read_shapes(const Reader *r, const FieldDef *f, const Json *value, void *base,
                          Str path)
{
    const ShapeDef *shape = f->of;
    AnyList list = { 0 };
    size_t i = 0;
    if (!list_fits(r, value, path))
        return OK;
    JSON_EACH (one, value) {
        Reader inner = *r;
        inner.path = str_format(r->ctx->arena, STR_FMT "[%zu].", STR_ARG(path), i++);
        TRY(read_shape_members(&inner, shape, one, list_push_(r->ctx->arena, &list, shape->size)));
    }
    *FIELD_AT(base, f, AnyList) = list;
    return OK;
}

static Status read_members(const Reader *r, const Json *input);

static const void *present_child(const Reader *r, const EntityDef *child, const AnyList *list,
                                 const Json *row, Str path)
{
    Id id = 0;
    Str text = json_str(row, "id");
    if (text.len == 0)
        return NULL;
    for (size_t i = 0; id_parse(text, &id) && i < list->len; i++) {
        const char *item = (const char *)list->items + i * child->size;
        if (*(const Id *)item == id)
            return item;
    }
    ctx_problem(r->ctx, path, "field.no_such_row", "this row does not exist any more");
    return NULL;
}

// A form's deleted row carries "_remove"; its empty last row carries nothing at all.
static bool is_left_out(const Reader *r, const Json *row)
{
    if (!(r->flags & INPUT_FORM))
        return false;
    if (json_get(row, "_remove"))
        return true;
    JSON_EACH (member, row)
        if (!is_blank(member) && !str_eq(member->key, S("_n")))
            return false;
    return true;
}

static Status read_children(const Reader *r, const FieldDef *f, const Json *value,
                            CurrencyCode currency)
{
    const EntityDef *child = f->of;
    AnyList *old = FIELD_AT(r->record, f, AnyList), list = { 0 };
    Str path = member_path(r, f->name);
    size_t i = 0;
    if (!list_fits(r, value, path))
        return OK;
    JSON_EACH (row, value) {
        Str row_path = str_format(r->ctx->arena, STR_FMT "[%zu]", STR_ARG(path), i++);
        if (row->type != JSON_OBJECT) {
            wrong_type(r, row_path, "an object");
            continue;
        }
        if (is_left_out(r, row))
            continue;
        const void *was = present_child(r, child, old, row, row_path);
        void *item = list_push_(r->ctx->arena, &list, child->size);
        if (was)
            memcpy(item, was, child->size);
        else
            memcpy(item, record_new(r->ctx, child), child->size);
        Reader inner = { r->ctx,     child,    item,
                         currency,   r->flags, str_join(r->ctx->arena, row_path, S(".")),
                         was == NULL };
        TRY(read_members(&inner, row));
    }
    *old = list;
    return OK;
}

// ---- Any field ----------------------------------------------------------------------------------

static Status read_value(const Reader *r, const FieldDef *f, const Json *value, void *base,
                         Str path)
{
    switch ((FieldType)f->type) {
    case FIELD_TEXT:
    case FIELD_CODE:
    case FIELD_RICH: return read_text(r, f, value, base, path);
    case FIELD_FORMULA: return read_text(r, f, value, base, path);
    case FIELD_JSON: return read_json_text(r, f, value, base);
    case FIELD_SECRET: return read_secret(r, f, value, base, path);
    case FIELD_BOOL: return read_bool(r, f, value, base, path);
    case FIELD_ENUM:
    case FIELD_STATE: return read_enum(r, f, value, base, path);
    case FIELD_DATE: return read_day(r, value, FIELD_AT(base, f, Date), path);
    case FIELD_TIME: return read_instant(r, f, value, base, path);
    case FIELD_CLOCK: return read_clock(r, f, value, base, path);
    case FIELD_CURRENCY: return read_currency(r, f, value, base, path);
    case FIELD_GEO: return read_geo(r, f, value, base, path);
    case FIELD_REF: return find_record(r, f->of, value, path, FIELD_AT(base, f, Id));
    case FIELD_FILE:
        return find_record(r, entity_named(S("file_row")), value, path, FIELD_AT(base, f, Id));
    case FIELD_CHOICE: return find_choice(r, f, value, path, FIELD_AT(base, f, Id));
    case FIELD_LINK: return read_link(r, f, value, base, path);
    case FIELD_REFS:
    case FIELD_CHOICES: return read_ids(r, f, value, base, path);
    case FIELD_SHAPE: return read_shape(r, f, value, base, path);
    case FIELD_SHAPES: return read_shapes(r, f, value, base, path);
    case FIELD_POINTS:
        return value->type == JSON_STRING &&
                       points_parse(r->ctx->arena, value->text, FIELD_AT(base, f, PointList))
                 ? OK
                 : wrong_type(r, path, "points like \"0,0 10,0 10,10\"");
    case FIELD_BYTES:
    case FIELD_LIST: return OK;
    default: return read_number_field(r, f, value, base, path);
    }
}

// ---- Records ------------------------------------------------------------------------------------

// Readonly members, and fixed ones of an old record, may be sent back as they are but not changed.
static Status read_unchangeable(const Reader *r, const FieldDef *f, const Json *value)
{
    Str path = member_path(r, f->name);
    void *scratch = arena_alloc(r->ctx->arena, r->entity->size);
    memcpy(scratch, r->record, r->entity->size);
    size_t before = r->ctx->failure.problems.len;
    TRY(read_value(r, f, value, scratch, path));
    if (r->ctx->failure.problems.len == before && field_equal(f, scratch, r->record))
        return OK;
    r->ctx->failure.problems.len = before;
    ctx_problem(r->ctx, path, "field.readonly",
                f->flags & READONLY ? "this is worked out by the program and cannot be set"
                                    : "this cannot be changed once the record is there");
    return OK;
}

static Status read_field(const Reader *r, const FieldDef *f, const Json *value,
                         CurrencyCode currency)
{
    bool trusted = r->flags & INPUT_TRUSTED;
    bool is_set = f->flags & READONLY || f->type == FIELD_STATE || (f->more && f->more->as);
    bool is_frozen = f->flags & FIXED && !r->is_new;
    if (f->type == FIELD_LIST)
        return entity_is_entry(f->of) ? OK : read_children(r, f, value, currency);
    if ((is_set || is_frozen) && !trusted)
        return read_unchangeable(r, f, value);
    return read_value(r, f, value, r->record, member_path(r, f->name));
}

// The header's own members: sent back with the rest, and not ours to read; a tree's place and a
// dated row's days are.
static Status read_header(const Reader *r, const Json *member, bool *ret_known)
{
    static const char *const ignored[] = { "id",         "version",  "created_at",
                                           "updated_at", "archived", "at",
                                           "valid_from", "valid_to", "above" };
    *ret_known = str_starts(member->key, S("_"));  // a form's own: its token, its key
    for (size_t i = 0; i < COUNT(ignored); i++)
        *ret_known |= str_is(member->key, ignored[i]);
    const EntityDef *e = r->entity;
    if (e->tree && str_is(member->key, "above"))
        return find_record(r, e, member, joined(r, member->key),
                           (Id *)((char *)r->record + e->above_at));
    bool is_from = str_is(member->key, "valid_from");
    if (e->dated && (is_from || str_is(member->key, "valid_to")))
        return read_day(r, member,
                        (Date *)((char *)r->record + (is_from ? e->valid_from_at : e->valid_to_at)),
                        joined(r, member->key));
    return OK;
}

static Status unknown_member(const Reader *r, const Json *member)
{
    Str base = str_sub(member->key, 0, member->key.len > 6 ? member->key.len - 6 : 0);
    if (str_ends(member->key, S("_title")) && entity_field(r->entity, base))
        return OK;  // written by us beside a reference
    Str near = nearest_field(r->ctx->arena, r->entity, member->key);
    if (near.len)
        ctx_problem(r->ctx, joined(r, member->key), "field.unknown",
                    "there is no such field; did you mean '" STR_FMT "'?", STR_ARG(near));
    else
        ctx_problem(r->ctx, joined(r, member->key), "field.unknown", "there is no such field");
    return OK;
}

static Status read_other(const Reader *r, const Json *member)
{
    bool known;
    const EntityDef *e = r->entity;
    if (str_starts(member->key, S("x_"))) {
        Str *extra = e->parent ? &((Child *)r->record)->extra : &((Record *)r->record)->extra;
        return custom_from_json(r->ctx, e, joined(r, member->key), member->key, member, extra);
    }
    if (str_is(member->key, "translations") && e->info->has_translations)
        return translations_from_json(r->ctx, e, *(Id *)r->record, joined(r, member->key), member);
    TRY(read_header(r, member, &known));
    return known ? OK : unknown_member(r, member);
}

// Numbers cannot tell "not given" from 0 in the record itself, so presence is asked of the input.
static void check_presence(const Reader *r, const Json *input)
{
    for (const FieldDef *f = r->entity->fields; f < r->entity->fields + r->entity->count; f++) {
        bool is_number = f->type == FIELD_MONEY || f->type == FIELD_PRICE || f->type == FIELD_QTY ||
                         f->type == FIELD_RATE || f->type == FIELD_INT;
        bool is_ours = f->flags & READONLY || (f->more && (f->more->copy || f->more->initial));
        const Json *given = json_get(input, f->name);
        if (is_number && f->flags & REQUIRED && !is_ours && (!given || is_blank(given)))
            ctx_problem(r->ctx, member_path(r, f->name), "field.required", "this is needed");
    }
}

static bool waits_for_currency(const FieldDef *f)
{
    return f->type == FIELD_MONEY || f->type == FIELD_LIST || f->type == FIELD_SHAPE ||
           f->type == FIELD_SHAPES;
}

static Status read_pass(const Reader *r, const Json *input, bool amounts, CurrencyCode currency)
{
    JSON_EACH (member, input) {
        const FieldDef *f = entity_field(r->entity, member->key);
        if (f && waits_for_currency(f) == amounts)
            TRY(read_field(r, f, member, currency));
        else if (!f && !amounts)
            TRY(read_other(r, member));
    }
    return OK;
}

static Status read_members(const Reader *r, const Json *input)
{
    const FieldDef *own = r->entity->info->currency;
    TRY(read_pass(r, input, false, r->outer));
    if (own && field_is_empty(own, r->record) && own->more && own->more->copy)
        TRY(record_fill(r->ctx, r->entity, r->record));
    CurrencyCode currency = own ? FIELD_GET(r->record, own, CurrencyCode) : r->outer;
    TRY(read_pass(r, input, true, currency));
    if (r->is_new)
        check_presence(r, input);
    return OK;
}

Status record_from_json(Ctx *ctx, const EntityDef *e, const Json *input, int flags, void *record)
{
    bool is_new = entity_is_root(e) ? ((Record *)record)->version == 0 : *(Id *)record == 0;
    Reader r = { ctx, e, record, (CurrencyCode){ "" }, flags, S(""), is_new };
    if (input->type != JSON_OBJECT)
        return FAIL(ctx, E_INVALID, "body.object", "a record is a JSON object");
    return read_members(&r, input);
}

Status shape_from_json(Ctx *ctx, const ShapeDef *shape, const Json *input, int flags, void *ret)
{
    Reader r = { .ctx = ctx, .flags = flags, .path = S("") };
    return read_shape_members(&r, shape, input, ret);
}

Status field_from_text(Ctx *ctx, const FieldDef *field, CurrencyCode currency, Str text, int flags,
                       void *base)
{
    Reader r = { .ctx = ctx, .outer = currency, .flags = flags, .path = S("") };
    Json value = { .type = JSON_STRING, .text = text };
    return read_value(&r, field, &value, base, str_from(field->name));
}
