// pair.c - the features of a pair of records.
//
// Each field gives the features of its kind; the record as a whole gives some more: all words, all
// parts of words (so that a value in the wrong field still counts), and the codes. A code is what
// names one product among its sisters, so three things are asked of it: the best likeness of any
// two, whether one stands anywhere in the other record when blanks and signs are gone, and whether
// both records have codes that contradict.
#include "algo/match/pair.h"

#include <ctype.h>
#include <math.h>

// ---- Single values ------------------------------------------------------------------------------

static double digits_alike(Str a, Str b)
{
    size_t longer = a.len > b.len ? a.len : b.len;
    if (a.len == 0 || b.len == 0)
        return NAN;
    return fmax(0, 1 - (double)edit_distance(a, b, (int)longer) / (double)longer);
}

// "19662025" for "19660225": day and month in each other's place.
static bool is_day_month_swap(Str a, Str b)
{
    return a.len == 8 && b.len == 8 && memcmp(a.ptr, b.ptr, 4) == 0 &&
           memcmp(a.ptr + 4, b.ptr + 6, 2) == 0 && memcmp(a.ptr + 6, b.ptr + 4, 2) == 0;
}

static double dates_alike(Str a, Str b)
{
    double alike = digits_alike(a, b);
    return is_day_month_swap(a, b) ? fmax(alike, 0.95) : alike;
}

static double numbers_alike(double a, double b)
{
    if (isnan(a) || isnan(b))
        return NAN;
    double larger = fmax(fabs(a), fabs(b));
    return larger == 0 ? 1 : fmax(0, 1 - fabs(a - b) / larger);
}

static double names_alike(const Value *a, const Value *b)
{
    if (a->text.len == 0 || b->text.len == 0)
        return NAN;
    return fmax(jaro_winkler(a->text, b->text), bag_jaccard(&a->grams, &b->grams));
}

double value_agreement(FieldKind kind, const Value *a, const Value *b)
{
    switch (kind) {
    case FIELD_NUMBER: return numbers_alike(a->number, b->number);
    case FIELD_DIGITS: return digits_alike(a->digits, b->digits);
    case FIELD_DATE: return dates_alike(a->digits, b->digits);
    case FIELD_NAME: return names_alike(a, b);
    case FIELD_TEXT: return a->text.len && b->text.len ? bag_cosine(&a->words, &b->words) : NAN;
    }
    return NAN;
}

// ---- Codes --------------------------------------------------------------------------------------

// Equal codes are 1; one inside the other nearly; else how long they begin alike.
static double codes_alike(Str a, Str b)
{
    size_t shorter = a.len < b.len ? a.len : b.len, longer = a.len + b.len - shorter;
    double share = (double)shorter / (double)longer;
    if (str_eq(a, b))
        return 1;
    if (str_find(a.len > b.len ? a : b, a.len > b.len ? b : a) >= 0)
        return 0.6 + 0.4 * share;
    return 0.9 * (double)common_start(a, b) / (double)longer;
}

static double best_code(const Code *a, size_t a_count, const Code *b, size_t b_count)
{
    double best = NAN;
    for (size_t i = 0; i < a_count; i++)
        for (size_t j = 0; j < b_count; j++) {
            double alike = codes_alike(a[i].text, b[j].text) * fmin(a[i].rarity, b[j].rarity);
            best = isnan(best) ? alike : fmax(best, alike);
        }
    return best;
}

// How much of a's rarest code stands in b: 1 all of it, less when only its start does.
static double code_inside(const Record *a, const Record *b)
{
    double best = NAN;
    for (size_t i = 0; i < a->code_count; i++) {
        Str code = a->codes[i].text;
        double found = 0;
        for (size_t len = code.len; len >= 4 && found == 0; len--)
            if (str_find(b->squashed, str_sub(code, 0, len)) >= 0)
                found = (double)len / (double)code.len;
        found *= a->codes[i].rarity;
        best = isnan(best) ? found : fmax(best, found);
    }
    return best;
}

// Numbers with a unit or alone ("8.5", "42in", "2gb") that both have, of all that either has.
static double numbers_in_common(const Record *a, const Record *b)
{
    return a->numbers.len && b->numbers.len ? bag_jaccard(&a->numbers, &b->numbers) : NAN;
}

// ---- Features -----------------------------------------------------------------------------------

typedef struct {
    double *to;
    size_t count;
} Out;

static void put(Out *out, double value)
{
    out->to[out->count++] = value;
}

static void compare_prose(const Value *a, const Value *b, Out *out)
{
    bool is_there = a->text.len && b->text.len;
    put(out, is_there ? bag_cosine(&a->words, &b->words) : NAN);
    put(out, is_there ? bag_overlap(&a->words, &b->words) : NAN);
    put(out, is_there ? bag_jaccard(&a->grams, &b->grams) : NAN);
}

static void compare_name(const Value *a, const Value *b, Out *out)
{
    bool is_there = a->text.len && b->text.len;
    put(out, is_there ? jaro_winkler(a->text, b->text) : NAN);
    put(out, is_there ? bag_jaccard(&a->grams, &b->grams) : NAN);
}

void pair_compare(const Records *records, const Record *a, const Record *b, double *ret)
{
    Out out = { ret, 0 };
    for (size_t f = 0; f < records->field_count; f++) {
        const Value *x = &a->values[f], *y = &b->values[f];
        FieldKind kind = records->fields[f].kind;
        if (kind == FIELD_TEXT)
            compare_prose(x, y, &out);
        else if (kind == FIELD_NAME)
            compare_name(x, y, &out);
        else
            put(&out, value_agreement(kind, x, y));
    }
    put(&out, bag_cosine(&a->words, &b->words));
    put(&out, bag_overlap(&a->words, &b->words));
    put(&out, bag_cosine(&a->grams, &b->grams));
    put(&out, best_code(a->codes, a->code_count, b->codes, b->code_count));
    put(&out, best_code(a->all_codes, a->all_code_count, b->all_codes, b->all_code_count));
    put(&out, code_inside(a, b));
    put(&out, code_inside(b, a));
    put(&out, numbers_in_common(a, b));
}

static void name_feature(Arena *arena, PairFeatures *features, Str field, const char *what)
{
    features->names[features->count++] = str_format(arena, STR_FMT ": %s", STR_ARG(field), what);
}

PairFeatures pair_features(Arena *arena, const Records *records)
{
    static const char *const whole[] = {
        "words in common, rare ones more",
        "words of the shorter that the longer has",
        "parts of words in common",
        "a code in the names alike",
        "a code anywhere alike",
        "the first's code stands in the second",
        "the second's code stands in the first",
        "numbers in common",
    };
    PairFeatures features = { 0 };
    for (size_t f = 0; f < records->field_count; f++) {
        Str name = records->fields[f].name;
        if (records->fields[f].kind == FIELD_TEXT) {
            name_feature(arena, &features, name, "words in common, rare ones more");
            name_feature(arena, &features, name, "words of the shorter that the longer has");
            name_feature(arena, &features, name, "parts of words in common");
        } else if (records->fields[f].kind == FIELD_NAME) {
            name_feature(arena, &features, name, "written alike");
            name_feature(arena, &features, name, "parts in common");
        } else {
            name_feature(arena, &features, name, "alike");
        }
    }
    for (size_t i = 0; i < COUNT(whole); i++)
        name_feature(arena, &features, S("all fields"), whole[i]);
    return features;
}
