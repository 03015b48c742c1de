// test_match.c - likeness, regression, records: what linking records is made of.
#include "algo/match/link.h"
#include "harness.h"

#include <math.h>

static bool is_near(double a, double b)
{
    return fabs(a - b) < 0.001;
}

// ---- Likeness -----------------------------------------------------------------------------------

static void test_folding(void)
{
    static const struct {
        const char *text, *wanted;
    } rows[] = {
        { "M\303\274ller & Co. KG", "muller co kg" },
        { "  stra\303\237e  ", "strasse" },
        { "DSC-W120/P", "dsc w120 p" },
        { "\305\201\303\263d\305\272", "lodz" },
        { "\346\226\271\346\263\225", "\346\226\271\346\263\225" },
        { "", "" },
    };
    Ctx *ctx = test_ctx();
    for (size_t i = 0; i < COUNT(rows); i++) {
        test_row = rows[i].text;
        CHECK_STR(text_fold(ctx->arena, str_from(rows[i].text)), rows[i].wanted);
    }
    test_row = NULL;
}

// The first three are Winkler's own examples.
static void test_jaro_winkler(void)
{
    CHECK(is_near(jaro_winkler(S("martha"), S("marhta")), 0.961));
    CHECK(is_near(jaro_winkler(S("dwayne"), S("duane")), 0.84));
    CHECK(is_near(jaro_winkler(S("dixon"), S("dicksonx")), 0.813));
    CHECK(jaro_winkler(S("a"), S("b")) == 0);
    CHECK(jaro_winkler(S(""), S("")) == 1);
    CHECK(jaro_winkler(S("same"), S("same")) == 1);
}

static void test_edits(void)
{
    CHECK_INT(edit_distance(S("kitten"), S("sitting"), 9), 3);
    CHECK_INT(edit_distance(S("abcd"), S("acbd"), 9), 1);
    CHECK_INT(edit_distance(S(""), S("abc"), 9), 3);
    CHECK_INT(edit_distance(S("abcdef"), S("uvwxyz"), 2), 3);
}

// Laws that hold for any two texts.
static void test_likeness_laws(void)
{
    Ctx *ctx = test_ctx();
    for (int i = 0; i < 500; i++) {
        char a[12], b[12];
        Str x = { a, (size_t)random_below(ctx->random, 12) };
        Str y = { b, (size_t)random_below(ctx->random, 12) };
        for (int k = 0; k < 12; k++) {
            a[k] = (char)('a' + random_below(ctx->random, 4));
            b[k] = (char)('a' + random_below(ctx->random, 4));
        }
        double alike = jaro_winkler(x, y);
        int apart = edit_distance(x, y, 20);
        CHECK(alike >= 0 && alike <= 1);
        CHECK(is_near(alike, jaro_winkler(y, x)) || x.len != y.len);
        CHECK_INT(apart, edit_distance(y, x, 20));
        CHECK((apart == 0) == str_eq(x, y));
    }
}

// ---- Regression ---------------------------------------------------------------------------------

// Labels drawn from known weights are learned back.
static void test_regression(void)
{
    Ctx *ctx = test_ctx();
    enum { N = 4000 };
    double *rows = NEW_ARRAY(ctx->arena, double, N * 2), *labels = NEW_ARRAY(ctx->arena, double, N);
    for (int i = 0; i < N; i++) {
        rows[i * 2] = (double)random_below(ctx->random, 1000) / 500 - 1;
        rows[i * 2 + 1] = (double)random_below(ctx->random, 1000) / 500 - 1;
        double p = logit_probability(2 * rows[i * 2] - 3 * rows[i * 2 + 1] + 0.5);
        labels[i] = (double)random_below(ctx->random, 1000000) < p * 1000000;
    }
    double weights[2], bias;
    CHECK_OK(ctx, logit_fit(ctx, rows, labels, N, 2, 0.01, weights, &bias));
    CHECK(fabs(weights[0] - 2) < 0.3 && fabs(weights[1] + 3) < 0.3 && fabs(bias - 0.5) < 0.2);
}

static void test_regression_refuses(void)
{
    Ctx *ctx = test_ctx();
    double rows[] = { 1, 2, 3 }, labels[] = { 1, 1, 1 }, weights[1], bias;
    CHECK_FAILS(ctx, "match.labels", logit_fit(ctx, rows, labels, 3, 1, 1, weights, &bias));
    CHECK_FAILS(ctx, "match.labels", logit_fit(ctx, rows, labels, 0, 1, 1, weights, &bias));
}

// A match lies in the middle of the scale, and where nothing is known, which no straight line says.
static void test_card(void)
{
    Ctx *ctx = test_ctx();
    enum { N = 600 };
    double *rows = NEW_ARRAY(ctx->arena, double, N), *labels = NEW_ARRAY(ctx->arena, double, N);
    for (int i = 0; i < N; i++) {
        rows[i] = i % 10 == 0 ? NAN : (double)(i % 100) / 100;
        labels[i] = isnan(rows[i]) || (rows[i] > 0.4 && rows[i] < 0.6);
    }
    Card *card = NEW(ctx->arena, Card);
    CHECK_OK(ctx, card_fit(ctx, rows, labels, N, 1, 0.001, card));
    double parts[1], low = 0.1, middle = 0.5, high = 0.9, missing = NAN;
    CHECK(card_odds(card, &middle, parts) > 0 && parts[0] > 0);
    CHECK(card_odds(card, &low, parts) < 0 && parts[0] < 0);
    CHECK(card_odds(card, &high, NULL) < 0);
    CHECK(card_odds(card, &missing, NULL) > 0);
}

static void test_threshold(void)
{
    Ctx *ctx = test_ctx();
    double probabilities[] = { 0.9, 0.8, 0.7, 0.2 }, labels[] = { 1, 1, 0, 0 };
    CHECK(is_near(best_threshold(ctx->arena, probabilities, labels, 4), 0.75));
    CHECK(best_threshold(ctx->arena, NULL, NULL, 0) == 0.5);
}

// ---- Records ------------------------------------------------------------------------------------

static void test_kinds(void)
{
    static const struct {
        const char *name;
        Str texts[3];
        FieldKind wanted;
    } rows[] = {
        { "prices", { { "$1,299.00", 9 }, { "5.5", 3 }, { "", 0 } }, FIELD_NUMBER },
        { "days", { { "19660225", 8 }, { "2026-01-02", 10 }, { "", 0 } }, FIELD_DATE },
        { "telephones", { { "02 69096869", 11 }, { "7", 1 }, { "", 0 } }, FIELD_DIGITS },
        { "people", { { "emiily", 6 }, { "van eck", 7 }, { "", 0 } }, FIELD_NAME },
        { "prose", { { "one two three four five six", 27 }, { "", 0 }, { "", 0 } }, FIELD_TEXT },
        { "nothing", { { "", 0 }, { "", 0 }, { "", 0 } }, FIELD_NAME },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        test_row = rows[i].name;
        CHECK_INT(field_kind(rows[i].texts, 3), rows[i].wanted);
    }
    test_row = NULL;
}

// Two fields, prose and a price; every record counted.
static void prepare(Ctx *ctx, Records *records, const Str (*texts)[2], size_t count, Record *ret)
{
    *records = (Records){ .field_count = 2, .words.arena = ctx->arena };
    records->fields[0] = (Field){ S("name"), FIELD_TEXT };
    records->fields[1] = (Field){ S("price"), FIELD_NUMBER };
    for (size_t i = 0; i < count; i++)
        record_count(records, texts[i]);
    for (size_t i = 0; i < count; i++)
        record_prepare(ctx->arena, records, S(""), texts[i], &ret[i]);
}

static double feature(const PairFeatures *features, const double *row, const char *name)
{
    for (size_t f = 0; f < features->count; f++)
        if (str_is(features->names[f], name))
            return row[f];
    test_fail(__FILE__, __LINE__, "there is no feature \"%s\"", name);
    return NAN;
}

static void test_features(void)
{
    Ctx *ctx = test_ctx();
    const Str texts[][2] = {
        { S("Sony pink camera DSC-W120/P"), S("149.00") },
        { S("sony camera dscw120p, pink"), S("$149") },
        { S("sony camera DSC-T70"), S("") },
        { S("washing machine"), S("300.00") },
    };
    Records records;
    Record r[4];
    double row[CARD_FEATURES_MAX];
    prepare(ctx, &records, texts, 4, r);
    PairFeatures features = pair_features(ctx->arena, &records);
    pair_compare(&records, &r[0], &r[1], row);
    CHECK(feature(&features, row, "price: alike") == 1);
    CHECK(feature(&features, row, "all fields: a code in the names alike") > 0.9);
    pair_compare(&records, &r[0], &r[2], row);
    CHECK(isnan(feature(&features, row, "price: alike")));
    CHECK(feature(&features, row, "all fields: a code in the names alike") < 0.6);
    pair_compare(&records, &r[0], &r[3], row);
    CHECK(isnan(feature(&features, row, "all fields: a code in the names alike")));
    CHECK(feature(&features, row, "all fields: words in common, rare ones more") == 0);
}

// Judged pairs of products with codes: same code same product. The reasons name the code.
static void test_matcher(void)
{
    Ctx *ctx = test_ctx();
    enum { N = 300 };
    Str(*texts)[2] = arena_alloc(ctx->arena, sizeof(Str[2]) * N * 2);
    Record *r = NEW_ARRAY(ctx->arena, Record, N * 2);
    double labels[N];
    for (int i = 0; i < N; i++) {
        labels[i] = i % 3 == 0;
        int other = labels[i] > 0 ? i : i + 1000;
        texts[i][0] = str_format(ctx->arena, "acme lamp model AX%d", 1000 + i);
        texts[N + i][0] = str_format(ctx->arena, "lamp acme ax-%d new", 1000 + other);
        texts[i][1] = texts[N + i][1] = S("10.00");
    }
    Matcher *matcher = NEW(ctx->arena, Matcher);
    prepare(ctx, &matcher->records, (const Str(*)[2])texts, N * 2, r);
    CHECK_OK(ctx, matcher_learn(ctx, matcher, r, r + N, labels, N));
    int wrong = 0;
    for (int i = 0; i < N; i++)
        wrong += matcher_judge(matcher, &r[i], &r[N + i]).is_match != (labels[i] > 0);
    CHECK_INT(wrong, 0);
    Verdict verdict = matcher_judge(matcher, &r[0], &r[N]);
    CHECK(verdict.reason_count > 0);
    CHECK(str_find(verdict.reasons[0].text, S("all fields: ")) == 0);
    CHECK(matcher_judge(matcher, &r[0], &r[N]).probability == verdict.probability);
}

// ---- Linking ------------------------------------------------------------------------------------

static const char *const firsts[] = { "emily", "jacob", "olivia", "lachlan", "zoe", "ethan" };
static const char *const lasts[] = {
    "nicolson", "warburton", "kwok", "diedrich", "mulhern", "eck"
};

// People, each once as he is and once with a slip in every field but the telephone.
static void make_people(Ctx *ctx, Records *records, int count, Record *ret)
{
    *records = (Records){ .field_count = 3, .words.arena = ctx->arena };
    records->fields[0] = (Field){ S("name"), FIELD_NAME };
    records->fields[1] = (Field){ S("surname"), FIELD_NAME };
    records->fields[2] = (Field){ S("phone"), FIELD_DIGITS };
    Str(*texts)[3] = arena_alloc(ctx->arena, sizeof(Str[3]) * (size_t)count * 2);
    for (int i = 0; i < count; i++) {
        const char *first = firsts[random_below(ctx->random, 6)];
        const char *last = lasts[random_below(ctx->random, 6)];
        Str phone =
            str_format(ctx->arena, "%08lld", (long long)random_below(ctx->random, 100000000));
        texts[i][0] = str_format(ctx->arena, "%s%d", first, i % 7);
        texts[i][1] = str_format(ctx->arena, "%s", last);
        texts[count + i][0] = str_format(ctx->arena, "%sx%d", first, i % 7);
        texts[count + i][1] = str_sub(texts[i][1], 1, 20);
        texts[i][2] = texts[count + i][2] = phone;
    }
    for (int i = 0; i < count * 2; i++)
        record_count(records, texts[i]);
    for (int i = 0; i < count * 2; i++)
        record_prepare(ctx->arena, records, S(""), texts[i], &ret[i]);
}

static void test_linking(void)
{
    Ctx *ctx = test_ctx();
    enum { N = 100 };
    Records records;
    Record *r = NEW_ARRAY(ctx->arena, Record, N * 2);
    LinkModel model;
    make_people(ctx, &records, N, r);
    LinkList links = link_candidates(ctx->arena, &records, r, N, r + N, N);
    link_estimate(ctx->arena, &records, r, r + N, &links, &model);
    size_t found = 0, wrong = 0;
    EACH (link, links)
        if (link->probability >= 0.5f)
            *(link->left == link->right ? &found : &wrong) += 1;
    CHECK_INT((int64_t)found, N);
    CHECK_INT((int64_t)wrong, 0);
    Verdict verdict = link_judge(ctx->arena, &records, &model, &r[0], &r[N]);
    CHECK(verdict.is_match);
    CHECK_STR(verdict.reasons[0].text, "phone: agrees");
}

static void test_links_make_groups(void)
{
    Ctx *ctx = test_ctx();
    Link items[] = { { 4, 5, 0.9f }, { 1, 3, 0.9f }, { 3, 5, 0.6f } };
    LinkList links = { items, 3, 3 };
    uint32_t *groups = link_groups(ctx->arena, &links, 7);
    uint32_t wanted[] = { 0, 1, 2, 1, 1, 1, 6 };
    for (int i = 0; i < 7; i++)
        CHECK_INT(groups[i], wanted[i]);
}

static void test_one_to_one(void)
{
    Ctx *ctx = test_ctx();
    Link items[] = { { 0, 0, 0.7f }, { 0, 1, 0.9f }, { 1, 1, 0.8f }, { 1, 0, 0.6f } };
    LinkList links = { items, 4, 4 };
    link_one_to_one(ctx->arena, &links, 2, 2);
    CHECK_INT((int64_t)links.len, 2);
    CHECK(links.items[0].left == 0 && links.items[0].right == 1);
    CHECK(links.items[1].left == 1 && links.items[1].right == 0);
}

const Test match_tests[] = {
    { "texts are folded before they are compared", test_folding },
    { "Jaro and Winkler's measure", test_jaro_winkler },
    { "edits, swaps among them", test_edits },
    { "likeness has its laws", test_likeness_laws },
    { "a regression finds the weights again", test_regression },
    { "a regression refuses what has nothing to tell apart", test_regression_refuses },
    { "a card bends, and knows what is missing", test_card },
    { "the threshold is the best for F1", test_threshold },
    { "what a field is, its values tell", test_kinds },
    { "features of a pair", test_features },
    { "a matcher learns from judged pairs and says why", test_matcher },
    { "people are linked without examples", test_linking },
    { "links make groups", test_links_make_groups },
    { "one to one, the most probable first", test_one_to_one },
    { 0 },
};
