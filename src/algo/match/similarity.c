// similarity.c - how alike two texts are.
#include "algo/match/similarity.h"

#include "base/buf.h"
#include "base/utf8.h"

#include <ctype.h>
#include <math.h>

enum { TEXT_MAX = 128, START_MAX = 4 };

// ---- Folding ------------------------------------------------------------------------------------

// U+00C0 to U+017F without accents; a blank stays what it is.
static const char latin[] = "AAAAAAACEEEEIIIIDNOOOOO OUUUUYTsaaaaaaaceeeeiiiidnooooo ouuuuyty"
                            "AaAaAaCcCcCcCcDdDdEeEeEeEeEeGgGgGgGgHhHhIiIiIiIiIiIiJjKkkLlLlLlLlLl"
                            "NnNnNnnNnOoOoOoOoRrRrRrSsSsSsSsTtTtTtUuUuUuUuUuUuWwYyYZzZzZzs";

static bool is_word_character(int32_t c)
{
    return c >= 0x80 ? c != 0xA0 && c != 0xAD && !(c >= 0x2000 && c < 0x2070) && c != 0x3000
                     : isalnum(c) != 0;
}

static void put_folded(Buf *out, int32_t c)
{
    char bytes[4];
    size_t len = 1;
    bool is_latin = c >= 0xC0 && c < 0xC0 + (int32_t)sizeof latin - 1 && latin[c - 0xC0] != ' ';
    if (c == 0xDF)
        buf_char(out, 's');  // the sharp s is two
    if (is_latin)
        c = latin[c - 0xC0];
    if (c < 0x80)
        bytes[0] = (char)tolower(c);
    else
        utf8_put(bytes, c, &len);
    buf_put(out, (Str){ bytes, len });
}

Str text_fold(Arena *arena, Str text)
{
    Buf out = { .arena = arena };
    buf_reserve(&out, text.len + 1);
    while (text.len) {
        int32_t c = utf8_next(&text);
        if (c != UTF8_BAD && is_word_character(c))
            put_folded(&out, c);
        else if (out.len && out.ptr[out.len - 1] != ' ')
            buf_char(&out, ' ');
    }
    return str_trim(buf_str(&out));
}

// ---- Characters ---------------------------------------------------------------------------------

size_t common_start(Str a, Str b)
{
    size_t len = 0;
    while (len < a.len && len < b.len && a.ptr[len] == b.ptr[len])
        len++;
    return len;
}

// Marks the characters that both have within half the longer's length, and counts them.
static size_t count_common(Str a, Str b, bool *in_a, bool *in_b)
{
    size_t longer = a.len > b.len ? a.len : b.len, common = 0;
    size_t reach = longer / 2 > 0 ? longer / 2 - 1 : 0;
    for (size_t i = 0; i < a.len; i++) {
        size_t from = i > reach ? i - reach : 0;
        for (size_t j = from; j < b.len && j <= i + reach; j++)
            if (!in_b[j] && a.ptr[i] == b.ptr[j]) {
                in_a[i] = in_b[j] = true;
                common++;
                break;
            }
    }
    return common;
}

static size_t count_out_of_order(Str a, Str b, const bool *in_a, const bool *in_b)
{
    size_t out = 0, j = 0;
    for (size_t i = 0; i < a.len; i++) {
        if (!in_a[i])
            continue;
        while (!in_b[j])
            j++;
        out += a.ptr[i] != b.ptr[j++];
    }
    return out;
}

double jaro_winkler(Str a, Str b)
{
    bool in_a[TEXT_MAX] = { false }, in_b[TEXT_MAX] = { false };
    a = str_sub(a, 0, TEXT_MAX);
    b = str_sub(b, 0, TEXT_MAX);
    if (a.len == 0 || b.len == 0)
        return a.len == b.len;
    double common = (double)count_common(a, b, in_a, in_b);
    if (common == 0)
        return 0;
    double swaps = (double)count_out_of_order(a, b, in_a, in_b) / 2;
    double jaro = (common / (double)a.len + common / (double)b.len + (common - swaps) / common) / 3;
    size_t start = common_start(a, b);
    return jaro + 0.1 * (double)(start < START_MAX ? start : START_MAX) * (1 - jaro);
}

static int least(int a, int b, int c)
{
    int ab = a < b ? a : b;
    return ab < c ? ab : c;
}

int edit_distance(Str a, Str b, int most)
{
    a = str_sub(a, 0, TEXT_MAX);
    b = str_sub(b, 0, TEXT_MAX);
    int before[TEXT_MAX + 1] = { 0 }, last[TEXT_MAX + 1], row[TEXT_MAX + 1];
    for (size_t j = 0; j <= b.len; j++)
        last[j] = (int)j;
    for (size_t i = 1; i <= a.len; i++) {
        row[0] = (int)i;
        int smallest = row[0];
        for (size_t j = 1; j <= b.len; j++) {
            int change = last[j - 1] + (a.ptr[i - 1] != b.ptr[j - 1]);
            row[j] = least(change, last[j] + 1, row[j - 1] + 1);
            bool is_swap =
                i > 1 && j > 1 && a.ptr[i - 1] == b.ptr[j - 2] && a.ptr[i - 2] == b.ptr[j - 1];
            if (is_swap && before[j - 2] + 1 < row[j])
                row[j] = before[j - 2] + 1;
            smallest = row[j] < smallest ? row[j] : smallest;
        }
        if (smallest > most)
            return most + 1;
        memcpy(before, last, sizeof before);
        memcpy(last, row, sizeof last);
    }
    return last[b.len] > most ? most + 1 : last[b.len];
}

// ---- Bags ---------------------------------------------------------------------------------------

// Sum over the common ids: of products, or of the smaller weights.
static double common_weight(const Bag *a, const Bag *b, bool products)
{
    double sum = 0;
    for (size_t i = 0, j = 0; i < a->len && j < b->len;) {
        if (a->ids[i] < b->ids[j]) {
            i++;
        } else if (a->ids[i] > b->ids[j]) {
            j++;
        } else {
            double x = a->weights[i++], y = b->weights[j++];
            sum += products ? x * y : x < y ? x : y;
        }
    }
    return sum;
}

double bag_cosine(const Bag *a, const Bag *b)
{
    double norms = a->norm * b->norm;
    return norms > 0 ? fmin(common_weight(a, b, true) / norms, 1) : 0;
}

double bag_overlap(const Bag *a, const Bag *b)
{
    double smaller = a->weight < b->weight ? a->weight : b->weight;
    return smaller > 0 ? fmin(common_weight(a, b, false) / smaller, 1) : 0;
}

double bag_jaccard(const Bag *a, const Bag *b)
{
    double common = common_weight(a, b, false), all = a->weight + b->weight - common;
    return all > 0 ? fmin(common / all, 1) : 0;
}
