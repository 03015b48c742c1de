// match_files.c - reads and writes the files of entrepot-match.
#include "tool/match_files.h"

#include "base/csv.h"

#include <math.h>

// ---- Fields -------------------------------------------------------------------------------------

// The place of a field; a new one where there is none yet. RECORD_FIELDS_MAX: there is no room.
static size_t place_of(Str *fields, size_t *count, Str name)
{
    size_t at = 0;
    while (at < *count && !str_eq(fields[at], name))
        at++;
    if (at == *count && at < RECORD_FIELDS_MAX)
        fields[(*count)++] = name;
    return at;
}

static Status too_many_fields(Ctx *ctx)
{
    return FAIL(ctx, E_INVALID, "match.fields", "records may have at most %d fields",
                RECORD_FIELDS_MAX);
}

// Texts and numbers as they stand; anything else is nothing.
static Str json_value(const Json *value)
{
    return value->type == JSON_STRING || value->type == JSON_NUMBER ? value->text : S("");
}

static Status json_line(Ctx *ctx, Str line, int64_t number, const Json **ret)
{
    if (json_parse(ctx, line, ret) != OK || (*ret)->type != JSON_OBJECT) {
        ctx_recover(ctx);
        return FAIL(ctx, E_INVALID, "match.line", "line %lld is not a JSON object",
                    (long long)number);
    }
    return OK;
}

// ---- Records ------------------------------------------------------------------------------------

static Status put_record(Ctx *ctx, Table *table, const Str *texts, Str id)
{
    _Static_assert(MATCH_RECORDS_MAX == 2000000, "the message says so");
    if (table->records.len == MATCH_RECORDS_MAX)
        return FAIL(ctx, E_INVALID, "match.size", "there are more than 2000000 records");
    Str number = str_format(ctx->arena, "%zu", table->records.len + 1);
    *list_push(ctx->arena, &table->records) = (RawRecord){ id.len ? id : number, texts };
    return OK;
}

static Status read_json_record(Ctx *ctx, const Json *object, const char *id, Table *table)
{
    Str *texts = NEW_ARRAY(ctx->arena, Str, RECORD_FIELDS_MAX), own = { 0 };
    JSON_EACH (member, object) {
        if (id && str_is(member->key, id)) {
            own = json_value(member);
            continue;
        }
        size_t at = place_of(table->fields, &table->field_count, member->key);
        if (at == RECORD_FIELDS_MAX)
            return too_many_fields(ctx);
        texts[at] = json_value(member);
    }
    return put_record(ctx, table, texts, own);
}

static Status read_json_table(Ctx *ctx, Str text, const char *id, Table *table)
{
    int64_t number = 0;
    for (Str line; str_next(&text, '\n', &line);) {
        const Json *object;
        number++;
        if (str_trim(line).len == 0)
            continue;
        TRY(json_line(ctx, line, number, &object));
        TRY(read_json_record(ctx, object, id, table));
    }
    return OK;
}

static Status read_header(Ctx *ctx, StrList header, const char *id, Table *table, size_t *ret_id)
{
    *ret_id = SIZE_MAX;
    for (size_t i = 0; i < header.len; i++) {
        Str name = str_copy(ctx->arena, str_trim(header.items[i]));
        if (id && str_is(name, id))
            *ret_id = i;
        else if (table->field_count == RECORD_FIELDS_MAX)
            return too_many_fields(ctx);
        else
            table->fields[table->field_count++] = name;
    }
    return OK;
}

static Status read_csv_row(Ctx *ctx, StrList row, size_t id, Table *table)
{
    Str *texts = NEW_ARRAY(ctx->arena, Str, RECORD_FIELDS_MAX), own = { 0 };
    size_t at = 0;
    for (size_t i = 0; i < row.len && at <= table->field_count; i++) {
        Str cell = str_copy(ctx->arena, str_trim(row.items[i]));
        if (i == id)
            own = cell;
        else if (at < table->field_count)
            texts[at++] = cell;
    }
    return put_record(ctx, table, texts, own);
}

static Status read_csv_table(Ctx *ctx, Str text, const char *id, Table *table)
{
    CsvReader *reader = csv_reader(ctx->arena, 0);
    csv_feed(reader, text);
    csv_finish(reader);
    size_t id_at = SIZE_MAX;
    bool is_header = true;
    for (;;) {
        StrList fields = { 0 };
        const char *why = NULL;
        CsvResult result = csv_next(reader, &fields, &why);
        if (result == CSV_END || result == CSV_MORE)
            return OK;
        if (result == CSV_BAD)
            return FAIL(ctx, E_INVALID, "match.line", "line %lld: %s", (long long)csv_line(reader),
                        why);
        if (is_header)
            TRY(read_header(ctx, fields, id, table, &id_at));
        else
            TRY(read_csv_row(ctx, fields, id_at, table));
        is_header = false;
    }
}

Status table_read(Ctx *ctx, Str text, const char *id, Table *ret)
{
    *ret = (Table){ 0 };
    Str start = str_trim(str_sub(text, 0, 4096));
    bool is_json = start.len && start.ptr[0] == '{';
    return is_json ? read_json_table(ctx, text, id, ret) : read_csv_table(ctx, text, id, ret);
}

// ---- Pairs --------------------------------------------------------------------------------------

static Status read_side(Ctx *ctx, const Json *object, int64_t number, Pairs *pairs, Str *ret)
{
    if (!object || object->type != JSON_OBJECT)
        return FAIL(ctx, E_INVALID, "match.line", "line %lld wants the records \"l\" and \"r\"",
                    (long long)number);
    JSON_EACH (member, object) {
        size_t at = place_of(pairs->fields, &pairs->field_count, member->key);
        if (at == RECORD_FIELDS_MAX)
            return too_many_fields(ctx);
        ret[at] = json_value(member);
    }
    return OK;
}

static double label_of(const Json *value)
{
    double label;
    if (value && value->type == JSON_BOOL)
        return value->boolean;
    return tool_double(value, &label) ? label != 0 : NAN;
}

Status pairs_read(Ctx *ctx, Str text, Pairs *pairs)
{
    int64_t number = 0;
    for (Str line; str_next(&text, '\n', &line);) {
        const Json *object;
        number++;
        if (str_trim(line).len == 0)
            continue;
        TRY(json_line(ctx, line, number, &object));
        RawPair pair = { .label = label_of(json_get(object, "match")) };
        TRY(read_side(ctx, json_get(object, "l"), number, pairs, pair.left));
        TRY(read_side(ctx, json_get(object, "r"), number, pairs, pair.right));
        *list_push(ctx->arena, &pairs->pairs) = pair;
    }
    return OK;
}

// ---- Models -------------------------------------------------------------------------------------

enum { MODEL_DECIMALS = 9 };

static const char *const kinds[] = { "name", "text", "number", "digits", "date" };

static void put_numbers(JsonOut *json, const char *key, const double *numbers, size_t count)
{
    json_key(json, key);
    json_open(json, '[');
    for (size_t i = 0; i < count; i++)
        tool_put_double(json, numbers[i], MODEL_DECIMALS);
    json_close(json, ']');
}

static void put_fields(JsonOut *json, const Records *records)
{
    json_key(json, "fields");
    json_open(json, '[');
    for (size_t f = 0; f < records->field_count; f++) {
        json_open(json, '{');
        json_key(json, "name");
        json_put_str(json, records->fields[f].name);
        json_key(json, "kind");
        json_put_str(json, str_from(kinds[records->fields[f].kind]));
        json_close(json, '}');
    }
    json_close(json, ']');
}

// How many records have each word; those of one record tell nothing that an unknown word does not.
static void put_words(JsonOut *json, const Words *words)
{
    json_key(json, "records");
    tool_put_double(json, words->documents, 0);
    json_key(json, "words");
    json_open(json, '{');
    for (size_t i = 0; i < words->ids.len; i++) {
        const WordUse *use = words->ids.values[i];
        if (use->records < 2)
            continue;
        json_key_str(json, words->ids.keys[i]);
        tool_put_double(json, use->records, 0);
    }
    json_close(json, '}');
}

void model_write(JsonOut *json, const Matcher *matcher)
{
    json_open(json, '{');
    json_key(json, "kind");
    json_put_str(json, S("entrepot-match"));
    put_fields(json, &matcher->records);
    json_key(json, "threshold");
    tool_put_double(json, matcher->threshold, MODEL_DECIMALS);
    json_key(json, "bias");
    tool_put_double(json, matcher->card.bias, MODEL_DECIMALS);
    json_key(json, "features");
    json_open(json, '[');
    for (size_t f = 0; f < matcher->card.features; f++) {
        const CardFeature *feature = &matcher->card.feature[f];
        json_open(json, '{');
        json_key(json, "name");
        json_put_str(json, matcher->features.names[f]);
        put_numbers(json, "knots", feature->knots, CARD_KNOTS);
        put_numbers(json, "mean", feature->mean, CARD_BENDS);
        put_numbers(json, "weights", feature->weights, CARD_BENDS);
        json_close(json, '}');
    }
    json_close(json, ']');
    put_words(json, &matcher->records.words);
    json_close(json, '}');
}

static Status bad_model(Ctx *ctx, const char *what)
{
    return FAIL(ctx, E_INVALID, "match.model", "this is no model of entrepot-match: %s", what);
}

static bool read_numbers(const Json *list, double *to, size_t count)
{
    if (!list || list->type != JSON_ARRAY || list->count != count)
        return false;
    JSON_EACH (number, list)
        if (!tool_double(number, to++))
            return false;
    return true;
}

static Status read_fields(Ctx *ctx, const Json *list, Records *records)
{
    if (!list || list->type != JSON_ARRAY || list->count > RECORD_FIELDS_MAX)
        return bad_model(ctx, "its fields");
    JSON_EACH (item, list) {
        Field *field = &records->fields[records->field_count++];
        field->name = json_str(item, "name");
        size_t kind = 0;
        while (kind < COUNT(kinds) && !str_is(json_str(item, "kind"), kinds[kind]))
            kind++;
        if (kind == COUNT(kinds))
            return bad_model(ctx, "a field's kind");
        field->kind = (FieldKind)kind;
    }
    return OK;
}

static Status read_card(Ctx *ctx, const Json *list, size_t wanted, Card *card)
{
    if (!list || list->type != JSON_ARRAY || list->count != wanted)
        return bad_model(ctx, "its features");
    JSON_EACH (item, list) {
        CardFeature *feature = &card->feature[card->features++];
        if (!read_numbers(json_get(item, "knots"), feature->knots, CARD_KNOTS) ||
            !read_numbers(json_get(item, "mean"), feature->mean, CARD_BENDS) ||
            !read_numbers(json_get(item, "weights"), feature->weights, CARD_BENDS))
            return bad_model(ctx, "a feature's numbers");
    }
    return OK;
}

static Status read_words(Ctx *ctx, const Json *object, Words *words)
{
    if (!object || object->type != JSON_OBJECT)
        return bad_model(ctx, "its words");
    words->arena = words->ids.arena = ctx->arena;
    JSON_EACH (word, object) {
        WordUse *use = NEW(ctx->arena, WordUse);
        if (!tool_double(word, &use->records))
            return bad_model(ctx, "a word's count");
        use->id = words->count++;
        map_put(&words->ids, word->key, use);
    }
    return OK;
}

Status model_read(Ctx *ctx, Str text, Matcher *ret)
{
    const Json *json;
    *ret = (Matcher){ 0 };
    TRY(json_parse(ctx, text, &json));
    if (!str_is(json_str(json, "kind"), "entrepot-match"))
        return bad_model(ctx, "its kind");
    TRY(read_fields(ctx, json_get(json, "fields"), &ret->records));
    TRY(read_words(ctx, json_get(json, "words"), &ret->records.words));
    ret->features = pair_features(ctx->arena, &ret->records);
    TRY(read_card(ctx, json_get(json, "features"), ret->features.count, &ret->card));
    if (!tool_double(json_get(json, "threshold"), &ret->threshold) ||
        !tool_double(json_get(json, "bias"), &ret->card.bias) ||
        !tool_double(json_get(json, "records"), &ret->records.words.documents))
        return bad_model(ctx, "its threshold, bias or count");
    return OK;
}
