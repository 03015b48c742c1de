// match_records.c - the commands of entrepot-match about records.
#include "tool/match_records.h"

#include "tool/match_files.h"

#include <math.h>

// ---- Making ready -------------------------------------------------------------------------------

static Status wanted(Ctx *ctx, const char *value, const char *command, const char *option)
{
    if (!value)
        return FAIL(ctx, E_INVALID, "tool.option", "%s wants %s; see --help", command, option);
    return OK;
}

static Status read_pairs(Ctx *ctx, const char *path, Pairs *pairs)
{
    Str text;
    TRY(tool_read(ctx, path, &text));
    return pairs_read(ctx, text, pairs);
}

// The kinds of the fields, and how many of the different records have each word.
static void learn_fields(Ctx *ctx, const Pairs *pairs, Records *records)
{
    Str *column = NEW_ARRAY(ctx->arena, Str, pairs->pairs.len * 2);
    records->field_count = pairs->field_count;
    for (size_t f = 0; f < pairs->field_count; f++) {
        size_t count = 0;
        EACH (pair, pairs->pairs) {
            column[count++] = pair->left[f];
            column[count++] = pair->right[f];
        }
        records->fields[f] = (Field){ pairs->fields[f], field_kind(column, count) };
    }
}

static void count_once(Ctx *ctx, Records *records, Map *seen, const Str *texts)
{
    Buf key = { .arena = ctx->arena };
    for (size_t f = 0; f < records->field_count; f++) {
        buf_put(&key, texts[f]);
        buf_char(&key, '\0');
    }
    if (map_put(seen, buf_str(&key), seen))
        record_count(records, texts);
}

static void prepare_pairs(Ctx *ctx, const Pairs *pairs, Records *records, Record *left,
                          Record *right)
{
    for (size_t i = 0; i < pairs->pairs.len; i++) {
        record_prepare(ctx->arena, records, S(""), pairs->pairs.items[i].left, &left[i]);
        record_prepare(ctx->arena, records, S(""), pairs->pairs.items[i].right, &right[i]);
    }
}

// ---- Train --------------------------------------------------------------------------------------

Status match_train(Ctx *ctx, const MatchOptions *options)
{
    TRY(wanted(ctx, options->pairs, "train", "--pairs"));
    Pairs pairs = { 0 };
    TRY(read_pairs(ctx, options->pairs, &pairs));
    if (options->valid)
        TRY(read_pairs(ctx, options->valid, &pairs));
    size_t n = pairs.pairs.len;
    Matcher *matcher = NEW(ctx->arena, Matcher);
    matcher->records.words.arena = ctx->arena;
    learn_fields(ctx, &pairs, &matcher->records);
    Map seen = { .arena = ctx->arena };
    EACH (pair, pairs.pairs) {
        count_once(ctx, &matcher->records, &seen, pair->left);
        count_once(ctx, &matcher->records, &seen, pair->right);
    }
    Record *left = NEW_ARRAY(ctx->arena, Record, n), *right = NEW_ARRAY(ctx->arena, Record, n);
    double *labels = NEW_ARRAY(ctx->arena, double, n);
    prepare_pairs(ctx, &pairs, &matcher->records, left, right);
    for (size_t i = 0; i < n; i++) {
        labels[i] = pairs.pairs.items[i].label;
        if (isnan(labels[i]))
            return FAIL(ctx, E_INVALID, "match.labels", "pair %zu does not say \"match\"", i + 1);
    }
    TRY(matcher_learn(ctx, matcher, left, right, labels, n));
    Buf out = { .arena = ctx->arena };
    model_write(&(JsonOut){ .out = &out }, matcher);
    buf_char(&out, '\n');
    return tool_write(ctx, options->model ? options->model : options->out, buf_str(&out));
}

// ---- Score --------------------------------------------------------------------------------------

static void put_verdict(JsonOut *json, const Verdict *verdict)
{
    json_key(json, "probability");
    tool_put_double(json, verdict->probability, 6);
    json_key(json, "match");
    json_put_int(json, verdict->is_match);
    json_key(json, "reasons");
    json_open(json, '[');
    for (size_t i = 0; i < verdict->reason_count; i++) {
        const Reason *reason = &verdict->reasons[i];
        json_open(json, '{');
        json_key(json, "reason");
        json_put_str(json, reason->text);
        json_key(json, "value");
        tool_put_double(json, reason->value, 3);
        json_key(json, "weight");
        tool_put_double(json, reason->part, 2);
        json_close(json, '}');
    }
    json_close(json, ']');
}

static Status read_model(Ctx *ctx, const MatchOptions *options, Matcher *matcher)
{
    Str text;
    TRY(tool_read(ctx, options->model, &text));
    TRY(model_read(ctx, text, matcher));
    if (options->threshold > 0)
        matcher->threshold = options->threshold;
    return OK;
}

// The pairs' fields in the order of the model's; what it does not know is not compared.
static void in_model_order(Ctx *ctx, const Records *records, const Str *fields, size_t field_count,
                           const Str *texts, Str *ret)
{
    for (size_t f = 0; f < records->field_count; f++) {
        ret[f] = S("");
        for (size_t g = 0; g < field_count; g++)
            if (str_eq(fields[g], records->fields[f].name))
                ret[f] = texts[g];
    }
}

static Verdict score_pair(Ctx *ctx, Matcher *matcher, const Pairs *pairs, const RawPair *pair)
{
    Str left[RECORD_FIELDS_MAX], right[RECORD_FIELDS_MAX];
    Records *records = &matcher->records;
    Record a, b;
    in_model_order(ctx, records, pairs->fields, pairs->field_count, pair->left, left);
    in_model_order(ctx, records, pairs->fields, pairs->field_count, pair->right, right);
    record_prepare(ctx->arena, records, S(""), left, &a);
    record_prepare(ctx->arena, records, S(""), right, &b);
    return matcher_judge(matcher, &a, &b);
}

// Of pairs whose answer is known: how good the verdicts were, on stderr.
typedef struct {
    double right, wrong, missed, known;
} Tally;

static void tally(Tally *tally, bool is_match, double label)
{
    if (isnan(label))
        return;
    tally->known++;
    tally->right += is_match && label > 0;
    tally->wrong += is_match && label == 0;
    tally->missed += !is_match && label > 0;
}

static void say_tally(const Tally *t)
{
    if (t->known == 0)
        return;
    double found = t->right + t->wrong, all = t->right + t->missed;
    fprintf(stderr, "precision %.2f %%, recall %.2f %%, F1 %.2f on %.0f pairs\n",
            found > 0 ? 100 * t->right / found : 0, all > 0 ? 100 * t->right / all : 0,
            found + all > 0 ? 200 * t->right / (found + all) : 0, t->known);
}

Status match_score(Ctx *ctx, const MatchOptions *options)
{
    TRY(wanted(ctx, options->pairs, "score", "--pairs"));
    TRY(wanted(ctx, options->model, "score", "--model"));
    Matcher *matcher = NEW(ctx->arena, Matcher);
    Pairs pairs = { 0 };
    TRY(read_model(ctx, options, matcher));
    TRY(read_pairs(ctx, options->pairs, &pairs));
    Buf out = { .arena = ctx->arena };
    Tally known = { 0 };
    for (size_t i = 0; i < pairs.pairs.len; i++) {
        const RawPair *pair = &pairs.pairs.items[i];
        Verdict verdict = score_pair(ctx, matcher, &pairs, pair);
        tally(&known, verdict.is_match, pair->label);
        JsonOut json = { .out = &out };
        json_open(&json, '{');
        json_key(&json, "pair");
        json_put_int(&json, (int64_t)i + 1);
        put_verdict(&json, &verdict);
        json_close(&json, '}');
        buf_char(&out, '\n');
    }
    say_tally(&known);
    return tool_write(ctx, options->out, buf_str(&out));
}

// ---- Link ---------------------------------------------------------------------------------------

typedef struct {
    Table tables[2];
    size_t table_count;
    Matcher matcher;  // with a model
    Records own;      // without
    Records *records;
    Record *sets[2];
} Linking;

static void learn_tables(Ctx *ctx, Linking *linking)
{
    Records *records = &linking->own;
    records->words.arena = ctx->arena;
    const Table *first = &linking->tables[0];
    for (size_t f = 0; f < first->field_count; f++) {
        Str *column = NEW_ARRAY(ctx->arena, Str, first->records.len);
        for (size_t i = 0; i < first->records.len; i++)
            column[i] = first->records.items[i].texts[f];
        records->fields[records->field_count++] =
            (Field){ first->fields[f], field_kind(column, first->records.len) };
    }
}

static void prepare_tables(Ctx *ctx, Linking *linking, bool has_model)
{
    Records *records = linking->records;
    Str texts[RECORD_FIELDS_MAX];
    for (int count = has_model ? 0 : 1; count >= 0; count--)
        for (size_t t = 0; t < linking->table_count; t++) {
            const Table *table = &linking->tables[t];
            if (count == 0)
                linking->sets[t] = NEW_ARRAY(ctx->arena, Record, table->records.len);
            for (size_t i = 0; i < table->records.len; i++) {
                const RawRecord *raw = &table->records.items[i];
                in_model_order(ctx, records, table->fields, table->field_count, raw->texts, texts);
                if (count)
                    record_count(records, texts);
                else
                    record_prepare(ctx->arena, records, raw->id, texts, &linking->sets[t][i]);
            }
        }
}

static void judge_all(Linking *linking, LinkList *links)
{
    const Record *right = linking->sets[linking->table_count - 1];
    EACH (link, *links)
        link->probability = (float)matcher_judge(&linking->matcher, &linking->sets[0][link->left],
                                                 &right[link->right])
                                .probability;
}

static void keep_above(LinkList *links, double threshold)
{
    size_t kept = 0;
    EACH (link, *links)
        if (link->probability >= threshold)
            links->items[kept++] = *link;
    links->len = kept;
}

static void put_link(Ctx *ctx, Buf *out, const Linking *linking, const LinkModel *model,
                     const Link *link, const uint32_t *groups)
{
    const Record *a = &linking->sets[0][link->left];
    const Record *b = &linking->sets[linking->table_count - 1][link->right];
    Verdict verdict = model ? link_judge(ctx->arena, linking->records, model, a, b)
                            : matcher_judge(&linking->matcher, a, b);
    verdict.is_match = true;
    JsonOut json = { .out = out };
    json_open(&json, '{');
    json_key(&json, "left");
    json_put_str(&json, a->id);
    json_key(&json, "right");
    json_put_str(&json, b->id);
    if (groups) {
        json_key(&json, "group");
        json_put_str(&json, linking->sets[0][groups[link->left]].id);
    }
    put_verdict(&json, &verdict);
    json_close(&json, '}');
    buf_char(out, '\n');
}

static Status read_tables(Ctx *ctx, const MatchOptions *options, Linking *linking)
{
    const char *paths[] = { options->left, options->right };
    linking->table_count = options->right ? 2 : 1;
    for (size_t t = 0; t < linking->table_count; t++) {
        Str text;
        TRY(tool_read(ctx, paths[t], &text));
        TRY(table_read(ctx, text, options->id, &linking->tables[t]));
    }
    return OK;
}

Status match_link(Ctx *ctx, const MatchOptions *options)
{
    bool are_two = strcmp(options->command, "link") == 0;
    TRY(wanted(ctx, options->left, options->command, "--left"));
    if (are_two)
        TRY(wanted(ctx, options->right, "link", "--right"));
    Linking *linking = NEW(ctx->arena, Linking);
    TRY(read_tables(ctx, options, linking));
    linking->records = options->model ? &linking->matcher.records : &linking->own;
    if (options->model)
        TRY(read_model(ctx, options, &linking->matcher));
    else
        learn_tables(ctx, linking);
    prepare_tables(ctx, linking, options->model != NULL);
    size_t counts[2] = { linking->tables[0].records.len, linking->tables[1].records.len };
    const Record *right = are_two ? linking->sets[1] : NULL;
    LinkList links = link_candidates(ctx->arena, linking->records, linking->sets[0], counts[0],
                                     right, counts[1]);
    LinkModel model;
    if (options->model)
        judge_all(linking, &links);
    else
        link_estimate(ctx->arena, linking->records, linking->sets[0], right, &links, &model);
    double threshold = options->threshold > 0 ? options->threshold
                     : options->model         ? linking->matcher.threshold
                                              : 0.5;
    keep_above(&links, threshold);
    if (options->one_to_one && are_two)
        link_one_to_one(ctx->arena, &links, counts[0], counts[1]);
    uint32_t *groups = are_two ? NULL : link_groups(ctx->arena, &links, counts[0]);
    Buf out = { .arena = ctx->arena };
    EACH (link, links)
        put_link(ctx, &out, linking, options->model ? NULL : &model, link, groups);
    return tool_write(ctx, options->out, buf_str(&out));
}
