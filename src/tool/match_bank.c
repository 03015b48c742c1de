// match_bank.c - the commands of entrepot-match about bank lines.
#include "tool/match_bank.h"

#include "base/currency.h"

#include <math.h>

enum { REASONS = 5 };

// Further proposals less probable than this are not worth a person's look.
static const double WORTH_TELLING = 0.01;

// ---- Reading ------------------------------------------------------------------------------------

typedef struct {
    BankLineList lines;
    OpenItemList items;
    AliasList aliases;
    BankRateList rates;
    Confirmed *confirmed;  // of each line, when learning
    BankBooks books;
} Loaded;

static Status wanted(Ctx *ctx, const char *value, const char *option)
{
    if (!value)
        return FAIL(ctx, E_INVALID, "tool.option", "%s is missing; see --help", option);
    return OK;
}

// "USD=0.92,GBP=1.17": what one costs in the books' currency, which is 1 itself.
static Status read_rates(Ctx *ctx, const char *text, BankRateList *ret)
{
    Str rest = str_from(text ? text : "");
    for (Str one; str_next(&rest, ',', &one);) {
        ptrdiff_t sign = str_find_char(one, '=');
        Str number = sign < 0 ? S("") : str_from_at(one, (size_t)sign + 1);
        Json value = { .type = JSON_NUMBER, .text = number };
        double per;
        if (!tool_double(&value, &per) || per <= 0)
            return FAIL(ctx, E_INVALID, "tool.option",
                        "--rates wants CUR=NUMBER, not \"" STR_FMT "\"", STR_ARG(one));
        *list_push(ctx->arena, ret) = (BankRate){ str_sub(one, 0, (size_t)sign), per };
    }
    return OK;
}

static Status load(Ctx *ctx, const MatchOptions *options, bool is_learning, Loaded *ret)
{
    Str text;
    *ret = (Loaded){ 0 };
    TRY(wanted(ctx, options->lines, "--lines"));
    TRY(wanted(ctx, options->items, "--items"));
    TRY(tool_read(ctx, options->lines, &text));
    TRY(bank_lines_read(ctx, text, &ret->lines));
    TRY(tool_read(ctx, options->items, &text));
    TRY(bank_items_read(ctx, text, &ret->items));
    TRY(read_rates(ctx, options->rates, &ret->rates));
    if (is_learning) {
        TRY(wanted(ctx, options->confirmed, "--confirmed"));
        ret->confirmed = NEW_ARRAY(ctx->arena, Confirmed, ret->lines.len + 1);
    }
    if (options->confirmed) {
        TRY(tool_read(ctx, options->confirmed, &text));
        TRY(bank_confirmed_read(ctx, text, &ret->lines, &ret->items, ret->confirmed,
                                &ret->aliases));
    }
    ret->books =
        (BankBooks){ ret->lines.items,   ret->lines.len,   ret->items.items, ret->items.len,
                     ret->aliases.items, ret->aliases.len, ret->rates.items, ret->rates.len };
    return OK;
}

// ---- Answers ------------------------------------------------------------------------------------

static const char *const kinds[] = { "exact", "discount", "fee", "part", "over", "other_currency" };

static void put_amount(Ctx *ctx, JsonOut *json, const char *key, int64_t minor, Str currency)
{
    CurrencyCode code = currency_stored(currency);
    json_key(json, key);
    json_put_str(json, decimal_text(ctx->arena, minor, currency_digits(code)));
}

static void put_reasons(JsonOut *json, const Proposal *proposal)
{
    bool is_told[BANK_FEATURES] = { false };
    json_key(json, "reasons");
    json_open(json, '[');
    for (int told = 0; told < REASONS; told++) {
        int best = -1;
        for (int f = 0; f < BANK_FEATURES; f++)
            if (!is_told[f] &&
                (best < 0 || fabsf(proposal->parts[f]) > fabsf(proposal->parts[best])))
                best = f;
        if (best < 0 || fabsf(proposal->parts[best]) < 0.05f)
            break;
        is_told[best] = true;
        json_open(json, '{');
        json_key(json, "reason");
        json_put_str(json, str_from(bank_feature_names[best]));
        json_key(json, "value");
        tool_put_double(json, (double)proposal->features[best], 3);
        json_key(json, "weight");
        tool_put_double(json, (double)proposal->parts[best], 2);
        json_close(json, '}');
    }
    json_close(json, ']');
}

// Of each item what the line pays: all of it, but for a part of one.
static void put_items(Ctx *ctx, JsonOut *json, const Loaded *loaded, const BankLine *line,
                      const Proposal *proposal)
{
    json_key(json, "items");
    json_open(json, '[');
    for (uint32_t k = 0; k < proposal->count; k++) {
        const OpenItem *item = &loaded->items.items[proposal->items[k]];
        bool is_part = proposal->kind == PAYS_PART && proposal->count == 1;
        json_open(json, '{');
        json_key(json, "id");
        json_put_str(json, item->id);
        put_amount(ctx, json, "amount", is_part ? line->amount : item->amount, item->currency);
        json_close(json, '}');
    }
    json_close(json, ']');
}

static void put_match(Ctx *ctx, Buf *out, const Loaded *loaded, const BankLine *line,
                      const LineMatch *match)
{
    JsonOut json = { .out = out };
    json_open(&json, '{');
    json_key(&json, "line");
    json_put_str(&json, line->id);
    json_key(&json, "automatic");
    json_put_bool(&json, match->is_automatic);
    json_key(&json, "proposals");
    json_open(&json, '[');
    for (uint32_t i = 0; i < match->count; i++) {
        const Proposal *proposal = &match->proposals[i];
        if (i > 0 && (match->is_automatic || proposal->probability < WORTH_TELLING))
            continue;
        json_open(&json, '{');
        put_items(ctx, &json, loaded, line, proposal);
        json_key(&json, "kind");
        json_put_str(&json, str_from(kinds[proposal->kind]));
        put_amount(ctx, &json, "difference", proposal->difference, line->currency);
        json_key(&json, "probability");
        tool_put_double(&json, proposal->probability, 6);
        put_reasons(&json, proposal);
        json_close(&json, '}');
    }
    json_close(&json, ']');
    json_close(&json, '}');
    buf_char(out, '\n');
}

// ---- Commands -----------------------------------------------------------------------------------

Status match_bank(Ctx *ctx, const MatchOptions *options)
{
    Loaded loaded;
    Str text;
    BankModel *model = NEW(ctx->arena, BankModel);
    *model = *bank_default_model();
    TRY(load(ctx, options, false, &loaded));
    if (options->model) {
        TRY(tool_read(ctx, options->model, &text));
        TRY(bank_model_read(ctx, text, model));
    }
    if (options->threshold > 0)
        model->threshold = options->threshold;
    LineMatch *matches = NEW_ARRAY(ctx->arena, LineMatch, loaded.lines.len + 1);
    double started = tool_now();
    Budget budget;
    tool_budget(&budget, 0, (int)options->threads, 0);
    bank_match(ctx->arena, &budget, &loaded.books, model, matches);
    size_t automatic = 0;
    for (size_t i = 0; i < loaded.lines.len; i++)
        automatic += matches[i].is_automatic;
    fprintf(stderr, "%zu of %zu lines are automatic at %.4f, in %.2f s\n", automatic,
            loaded.lines.len, model->threshold, tool_now() - started);
    Buf out = { .arena = ctx->arena };
    for (size_t i = 0; i < loaded.lines.len; i++)
        put_match(ctx, &out, &loaded, &loaded.lines.items[i], &matches[i]);
    return tool_write(ctx, options->out, buf_str(&out));
}

Status match_learn(Ctx *ctx, const MatchOptions *options)
{
    Loaded loaded;
    BankModel *model = NEW(ctx->arena, BankModel);
    TRY(wanted(ctx, options->model, "--model"));
    TRY(load(ctx, options, true, &loaded));
    // Names and accounts are not learned here: a line's own would give its answer away.
    loaded.books.alias_count = 0;
    Budget budget;
    tool_budget(&budget, 0, (int)options->threads, 0);
    TRY(bank_learn(ctx, &budget, &loaded.books, loaded.confirmed, options->precision, model));
    Buf out = { .arena = ctx->arena };
    bank_model_write(&(JsonOut){ .out = &out }, model);
    buf_char(&out, '\n');
    return tool_write(ctx, options->model, buf_str(&out));
}
