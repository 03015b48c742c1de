// match_bank_files.c - reads bank lines, open items and what was confirmed; models.
#include "tool/match_bank.h"

#include "base/currency.h"

// ---- Values -------------------------------------------------------------------------------------

static Status bad_line(Ctx *ctx, int64_t number, const char *what)
{
    return FAIL(ctx, E_INVALID, "match.line", "line %lld %s", (long long)number, what);
}

// A number or its text, in minor units. Absent is 0 unless it is wanted.
static bool read_amount(const Json *object, const char *key, Str currency, bool wanted,
                        int64_t *ret)
{
    const Json *value = json_get(object, key);
    bool is_there =
        value && (value->type == JSON_STRING || value->type == JSON_NUMBER) && value->text.len;
    *ret = 0;
    return is_there ? decimal_parse(value->text, currency_digits(currency_stored(currency)), ret)
                    : !wanted;
}

static Date read_date(const Json *object, const char *key)
{
    Date date = 0;
    return date_parse(json_str(object, key), &date) ? date : 0;
}

// Calls `take` with each line's object.
typedef Status (*Take)(Ctx *ctx, const Json *object, int64_t number, void *to);

static Status each_line(Ctx *ctx, Str text, Take take, void *to)
{
    int64_t number = 0;
    for (Str line; str_next(&text, '\n', &line);) {
        const Json *object;
        number++;
        if (str_trim(line).len == 0)
            continue;
        if (json_parse(ctx, line, &object) != OK || object->type != JSON_OBJECT) {
            ctx_recover(ctx);
            return bad_line(ctx, number, "is not a JSON object");
        }
        TRY(take(ctx, object, number, to));
    }
    return OK;
}

// ---- Bank lines ---------------------------------------------------------------------------------

static Str all_words(Arena *arena, const Json *object)
{
    static const char *const keys[] = { "text", "remittance", "customer_reference", "end_to_end",
                                        "reference" };
    Buf out = { .arena = arena };
    for (size_t i = 0; i < COUNT(keys); i++) {
        Str words = json_str(object, keys[i]);
        if (words.len && str_find(buf_str(&out), words) < 0) {
            if (out.len)
                buf_char(&out, ' ');
            buf_put(&out, words);
        }
    }
    return buf_str(&out);
}

static Str party_text(const Json *object, const char *key)
{
    Str own = json_str(object, key);
    return own.len ? own : json_str(json_get(object, "counterparty"), key);
}

static Status take_line(Ctx *ctx, const Json *object, int64_t number, void *to)
{
    BankLine line = { .id = json_str(object, "id"), .currency = json_str(object, "currency") };
    if (line.id.len == 0)
        line.id = str_format(ctx->arena, "%lld", (long long)number);
    if (!read_amount(object, "amount", line.currency, true, &line.amount))
        return bad_line(ctx, number, "has no \"amount\" that is an amount of its currency");
    line.original_currency = json_str(object, "original_currency");
    if (!read_amount(object, "original_amount", line.original_currency, false,
                     &line.original_amount))
        return bad_line(ctx, number, "has an \"original_amount\" that is no amount");
    line.name = party_text(object, "name");
    line.iban = party_text(object, "iban");
    if (line.iban.len == 0)
        line.iban = party_text(object, "account");
    line.text = all_words(ctx->arena, object);
    line.date = read_date(object, "date");
    *list_push(ctx->arena, (BankLineList *)to) = line;
    return OK;
}

// A line of a statement is named by the statement's place and its own line in the bank's file.
static Status take_statements(Ctx *ctx, const Json *statements, BankLineList *ret)
{
    int64_t number = 0;
    JSON_EACH (statement, statements) {
        const Json *lines = json_get(statement, "lines");
        number++;
        if (lines)
            JSON_EACH (line, lines) {
                int64_t at = 0;
                json_int(json_get(line, "line"), &at);
                TRY(take_line(ctx, line, at, ret));
                list_end(*ret)[-1].id =
                    str_format(ctx->arena, "%lld/%lld", (long long)number, (long long)at);
            }
    }
    return OK;
}

Status bank_lines_read(Ctx *ctx, Str text, BankLineList *ret)
{
    *ret = (BankLineList){ 0 };
    Str rest = text, first;
    const Json *object = NULL;
    if (str_next(&rest, '\n', &first) && str_trim(rest).len == 0) {
        TRY(json_parse(ctx, first, &object));
        const Json *statements = json_get(object, "statements");
        if (statements)
            return take_statements(ctx, statements, ret);
    }
    return each_line(ctx, text, take_line, ret);
}

// ---- Open items ---------------------------------------------------------------------------------

static Status take_item(Ctx *ctx, const Json *object, int64_t number, void *to)
{
    OpenItem item = {
        .id = json_str(object, "id"),
        .number = json_str(object, "number"),
        .party = json_str(object, "party"),
        .name = json_str(object, "name"),
        .iban = json_str(object, "iban"),
        .currency = json_str(object, "currency"),
        .date = read_date(object, "date"),
        .due = read_date(object, "due"),
        .discount_until = read_date(object, "discount_until"),
    };
    if (item.id.len == 0)
        return bad_line(ctx, number, "has no \"id\"");
    if (!read_amount(object, "amount", item.currency, true, &item.amount))
        return bad_line(ctx, number, "has no \"amount\" that is an amount of its currency");
    if (!read_amount(object, "discount", item.currency, false, &item.discount))
        return bad_line(ctx, number, "has a \"discount\" that is no amount");
    *list_push(ctx->arena, (OpenItemList *)to) = item;
    return OK;
}

Status bank_items_read(Ctx *ctx, Str text, OpenItemList *ret)
{
    *ret = (OpenItemList){ 0 };
    return each_line(ctx, text, take_item, ret);
}

// ---- What was confirmed -------------------------------------------------------------------------

typedef struct {
    Map lines, items;  // id to place + 1
    Confirmed *confirmed;
    AliasList *aliases;
} Confirming;

static size_t place_of(const Map *map, Str id)
{
    return (size_t)(uintptr_t)map_get(map, id);
}

static Status take_confirmed(Ctx *ctx, const Json *object, int64_t number, void *to)
{
    Confirming *c = to;
    Alias alias = { json_str(object, "party"), json_str(object, "name"), json_str(object, "iban") };
    if (alias.party.len)
        *list_push(ctx->arena, c->aliases) = alias;
    size_t line = place_of(&c->lines, json_str(object, "line"));
    const Json *items = json_get(object, "items");
    if (!c->confirmed || !line || !items || items->type != JSON_ARRAY)
        return OK;
    Confirmed *of = &c->confirmed[line - 1];
    JSON_EACH (id, items) {
        size_t item = place_of(&c->items, id->text);
        if (!item)
            return bad_line(ctx, number, "names an item that is not among the open ones");
        if (of->count < BANK_ITEMS_MAX)
            of->items[of->count++] = (uint32_t)item - 1;
    }
    return OK;
}

Status bank_confirmed_read(Ctx *ctx, Str text, const BankLineList *lines, const OpenItemList *items,
                           Confirmed *confirmed, AliasList *aliases)
{
    Confirming c = { { .arena = ctx->arena }, { .arena = ctx->arena }, confirmed, aliases };
    for (size_t i = 0; i < lines->len; i++)
        map_put(&c.lines, lines->items[i].id, (void *)(uintptr_t)(i + 1));
    for (size_t i = 0; i < items->len; i++)
        map_put(&c.items, items->items[i].id, (void *)(uintptr_t)(i + 1));
    return each_line(ctx, text, take_confirmed, &c);
}

// ---- Models -------------------------------------------------------------------------------------

enum { DECIMALS = 9 };

static void put_numbers(JsonOut *json, const char *key, const double *numbers, size_t count)
{
    json_key(json, key);
    json_open(json, '[');
    for (size_t i = 0; i < count; i++)
        tool_put_double(json, numbers[i], DECIMALS);
    json_close(json, ']');
}

void bank_model_write(JsonOut *json, const BankModel *model)
{
    json_open(json, '{');
    json_key(json, "kind");
    json_put_str(json, S("entrepot-match bank"));
    json_key(json, "threshold");
    tool_put_double(json, model->threshold, DECIMALS);
    put_numbers(json, "steps_from", model->steps_from, model->step_count);
    put_numbers(json, "steps", model->steps, model->step_count);
    json_key(json, "bias");
    tool_put_double(json, model->card.bias, DECIMALS);
    json_key(json, "features");
    json_open(json, '[');
    for (size_t f = 0; f < BANK_FEATURES; f++) {
        const CardFeature *feature = &model->card.feature[f];
        json_open(json, '{');
        json_key(json, "name");
        json_put_str(json, str_from(bank_feature_names[f]));
        put_numbers(json, "knots", feature->knots, CARD_KNOTS);
        put_numbers(json, "mean", feature->mean, CARD_BENDS);
        put_numbers(json, "weights", feature->weights, CARD_BENDS);
        json_close(json, '}');
    }
    json_close(json, ']');
    json_close(json, '}');
}

static bool read_numbers(const Json *list, double *to, size_t most, size_t *ret_count)
{
    size_t count = 0;
    if (!list || list->type != JSON_ARRAY || list->count > most)
        return false;
    JSON_EACH (number, list)
        if (!tool_double(number, &to[count++]))
            return false;
    *ret_count = count;
    return true;
}

static bool read_features(const Json *list, Card *card)
{
    size_t knots, mean, weights;
    if (!list || list->type != JSON_ARRAY || list->count != BANK_FEATURES)
        return false;
    JSON_EACH (item, list) {
        CardFeature *feature = &card->feature[card->features++];
        if (!read_numbers(json_get(item, "knots"), feature->knots, CARD_KNOTS, &knots) ||
            !read_numbers(json_get(item, "mean"), feature->mean, CARD_BENDS, &mean) ||
            !read_numbers(json_get(item, "weights"), feature->weights, CARD_BENDS, &weights) ||
            knots != CARD_KNOTS || mean != CARD_BENDS || weights != CARD_BENDS)
            return false;
    }
    return true;
}

Status bank_model_read(Ctx *ctx, Str text, BankModel *ret)
{
    const Json *json;
    size_t steps = 0;
    *ret = (BankModel){ 0 };
    TRY(json_parse(ctx, text, &json));
    bool is_whole = str_is(json_str(json, "kind"), "entrepot-match bank") &&
                    tool_double(json_get(json, "threshold"), &ret->threshold) &&
                    tool_double(json_get(json, "bias"), &ret->card.bias) &&
                    read_numbers(json_get(json, "steps_from"), ret->steps_from, BANK_STEPS_MAX,
                                 &ret->step_count) &&
                    read_numbers(json_get(json, "steps"), ret->steps, BANK_STEPS_MAX, &steps) &&
                    steps == ret->step_count &&
                    read_features(json_get(json, "features"), &ret->card);
    if (!is_whole)
        return FAIL(ctx, E_INVALID, "match.model", "this is no model for bank lines");
    return OK;
}
