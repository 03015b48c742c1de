// tag.c - reading language tags and the header that browsers send them in. Both come from outside:
// everything is bounded, and what is not understood is passed over.
#include "kernel/i18n/tag.h"

#include <ctype.h>

// ---- Tags ---------------------------------------------------------------------------------------

static bool all(Str s, int (*is)(int))
{
    for (size_t i = 0; i < s.len; i++)
        if ((unsigned char)s.ptr[i] >= 0x80 || !is((unsigned char)s.ptr[i]))
            return false;
    return s.len > 0;
}

// Appends a part: "CO" with capitals for 2 and more, "Hant" with one, "es" with none.
static void put_part(Tag *tag, Str part, size_t capitals)
{
    size_t len = strlen(tag->text);
    if (len)
        tag->text[len++] = '-';
    for (size_t i = 0; i < part.len; i++) {
        int c = (unsigned char)part.ptr[i];
        tag->text[len++] = (char)(i < capitals ? toupper(c) : tolower(c));
    }
    tag->text[len] = '\0';
}

static bool is_script(Str part)
{
    return part.len == 4 && all(part, isalpha);
}

static bool is_country(Str part)
{
    return (part.len == 2 && all(part, isalpha)) || (part.len == 3 && all(part, isdigit));
}

// "u-nu-beng": asks for digits. All that follows a single letter belongs to it, until the next.
static bool wants_native_digits(Str rest)
{
    Str part, before = S("");
    bool is_unicode = false;
    while (str_next(&rest, '-', &part)) {
        if (part.len == 1)
            is_unicode = str_eq_ascii_nocase(part, S("u"));
        if (is_unicode && str_eq_ascii_nocase(before, S("nu")))
            return !str_eq_ascii_nocase(part, S("latn"));
        before = part;
    }
    return false;
}

bool tag_parse(Str text, Tag *ret)
{
    Tag tag = { 0 };
    Str rest = str_trim(text), part;
    if (!str_next(&rest, '-', &part) || part.len < 2 || part.len > 3 || !all(part, isalpha))
        return false;
    put_part(&tag, part, 0);
    Str ahead = rest;
    if (str_next(&ahead, '-', &part) && is_script(part)) {
        put_part(&tag, part, 1);
        rest = ahead;
    }
    ahead = rest;
    if (str_next(&ahead, '-', &part) && is_country(part)) {
        put_part(&tag, part, 2);
        rest = ahead;
    }
    tag.has_native_digits = wants_native_digits(rest);
    *ret = tag;
    return true;
}

bool tag_shorten(Tag *tag)
{
    char *last = strrchr(tag->text, '-');
    if (last)
        *last = '\0';
    return last != NULL;
}

// ---- Accept-Language ----------------------------------------------------------------------------

enum { RANGES_MAX = 20, WEIGHT_ONE = 1000 };

typedef struct Range {
    Tag tag;
    int weight;  // thousandths; 0 once it was taken
} Range;

// "0.8", at most three decimals; -1 when it is not a weight.
static int weight_read(Str s)
{
    if (s.len == 0 || s.len > 5 || (s.ptr[0] != '0' && s.ptr[0] != '1') ||
        (s.len > 1 && s.ptr[1] != '.'))
        return -1;
    int weight = s.ptr[0] - '0';
    for (size_t i = 2; i < 5; i++) {
        char c = i < s.len ? s.ptr[i] : '0';
        if (!isdigit((unsigned char)c))
            return -1;
        weight = weight * 10 + (c - '0');
    }
    return weight > WEIGHT_ONE ? -1 : weight;
}

// "es-CO;q=0.8"
static bool range_read(Str text, Range *ret)
{
    Str rest = text, range, weight;
    if (!str_next(&rest, ';', &range) || !tag_parse(range, &ret->tag))
        return false;
    ret->weight = WEIGHT_ONE;
    weight = str_trim(rest);
    if (weight.len == 0)
        return true;
    if (weight.len < 2 || tolower((unsigned char)weight.ptr[0]) != 'q' || weight.ptr[1] != '=')
        return false;
    ret->weight = weight_read(str_from_at(weight, 2));
    return ret->weight > 0;
}

bool accept_language_each(Str header, bool (*fn)(const Tag *tag, void *arg), void *arg)
{
    Range ranges[RANGES_MAX];
    size_t count = 0;
    Str one;
    for (int i = 0; i < RANGES_MAX && str_next(&header, ',', &one); i++)
        count += range_read(one, &ranges[count]);
    for (size_t taken = 0; taken < count; taken++) {
        Range *best = &ranges[0];  // of equals the first
        for (size_t i = 1; i < count; i++)
            if (ranges[i].weight > best->weight)
                best = &ranges[i];
        if (fn(&best->tag, arg))
            return true;
        best->weight = 0;
    }
    return false;
}
