// placeholder.c - formats taken apart and compared. C numbers arguments, and "%.*s" takes two,
// which is no translator's business: translations number placeholders, and are rewritten here into
// what C wants: for "%.*s by %lld", "%2$lld ... %1$s" becomes "%3$lld ... %2$.*1$s".
#include "kernel/i18n/placeholder.h"

#include "base/buf.h"

enum { PLACEHOLDERS_MAX = 16 };

typedef struct Format {
    Percent items[PLACEHOLDERS_MAX];
    int count, numbered;
    bool has_percent, has_stray, is_too_long;
} Format;

// ---- Taking apart -------------------------------------------------------------------------------

static size_t take_while(Str s, size_t at, const char *of)
{
    while (at < s.len && s.ptr[at] && strchr(of, s.ptr[at]))
        at++;
    return at;
}

// "2$" in front; 0 for none.
static int take_number(Str *s)
{
    size_t end = take_while(*s, 0, "0123456789");
    int64_t number;
    if (end == 0 || end > 2 || end == s->len || s->ptr[end] != '$' ||
        !str_int(str_sub(*s, 0, end), &number) || number == 0)
        return 0;
    *s = str_from_at(*s, end + 1);
    return (int)number;
}

// A width or precision: digits or one star.
static size_t take_size(Str s, size_t at, int *stars)
{
    if (at < s.len && s.ptr[at] == '*') {
        ++*stars;
        return at + 1;
    }
    return take_while(s, at, "0123456789");
}

static bool take_spec(Str s, Percent *ret)
{
    size_t at = take_size(s, take_while(s, 0, "-+0#'"), &ret->stars);
    if (at < s.len && s.ptr[at] == '.')
        at = take_size(s, at + 1, &ret->stars);
    at = take_while(s, at, "hljztL");
    if (at == s.len || !s.ptr[at] || !strchr("diouxXcspeEfFgGaA", s.ptr[at]))
        return false;
    ret->spec = str_sub(s, 0, at + 1);
    return true;
}

Percent percent_next(Str *rest)
{
    ptrdiff_t at = str_find_char(*rest, '%');
    Percent percent = { .before = at < 0 ? *rest : str_sub(*rest, 0, (size_t)at) };
    *rest = at < 0 ? S("") : str_from_at(*rest, (size_t)at + 1);
    if (at < 0)
        return percent;
    Str s = *rest;
    if (str_starts(s, S("%"))) {
        percent.kind = PERCENT_SIGN;
        *rest = str_from_at(s, 1);
        return percent;
    }
    percent.number = take_number(&s);
    percent.kind = take_spec(s, &percent) ? PERCENT_PLACEHOLDER : PERCENT_STRAY;
    if (percent.kind == PERCENT_PLACEHOLDER)
        *rest = str_from_at(s, percent.spec.len);
    return percent;
}

static Format format_of(Str text)
{
    Format format = { 0 };
    for (;;) {
        Percent percent = percent_next(&text);
        if (percent.kind == PERCENT_NONE)
            return format;
        format.has_percent = true;
        format.has_stray |= percent.kind == PERCENT_STRAY;
        if (percent.kind != PERCENT_PLACEHOLDER)
            continue;
        if (format.count == PLACEHOLDERS_MAX) {
            format.is_too_long = true;
            return format;
        }
        format.numbered += percent.number > 0;
        format.items[format.count++] = percent;
    }
}

// ---- Comparing ----------------------------------------------------------------------------------

static bool stands_for(const Percent *there, const Percent *english)
{
    return str_eq(there->spec, english->spec) ||
           (str_is(english->spec, ".*s") && str_is(there->spec, "s"));
}

static bool same_in_order(const Format *english, const Format *there)
{
    for (int i = 0; i < there->count; i++)
        if (!str_eq(there->items[i].spec, english->items[i].spec))
            return false;
    return there->count == english->count;
}

// Each of the English is there at least once, so that C knows every argument's type.
static bool same_by_number(const Format *english, const Format *there)
{
    unsigned seen = 0;
    for (int i = 0; i < there->count; i++) {
        int number = there->items[i].number;
        if (number > english->count || !stands_for(&there->items[i], &english->items[number - 1]))
            return false;
        seen |= 1u << (number - 1);
    }
    return seen == (1u << english->count) - 1;
}

// "%2$.*1$s" for a placeholder whose last argument is the second.
static void put_numbered(Buf *out, const Format *english, int number)
{
    const Percent *percent = &english->items[number - 1];
    int argument = 1;
    for (int i = 0; i < number - 1; i++)
        argument += english->items[i].stars + 1;
    buf_printf(out, "%%%d$", argument + percent->stars);
    for (size_t i = 0; i < percent->spec.len; i++) {
        buf_char(out, percent->spec.ptr[i]);
        if (percent->spec.ptr[i] == '*')
            buf_printf(out, "%d$", argument++);
    }
}

static Str rewritten(Arena *arena, const Format *english, Str translation)
{
    Buf out = { .arena = arena };
    for (;;) {
        Percent percent = percent_next(&translation);
        buf_put(&out, percent.before);
        if (percent.kind == PERCENT_NONE)
            return buf_str(&out);
        if (percent.kind == PERCENT_SIGN)
            buf_c(&out, "%%");
        else
            put_numbered(&out, english, percent.number);
    }
}

const char *placeholders_differ(Arena *arena, Str english, Str translation, Str *ret_text)
{
    Format from = format_of(english), to = format_of(translation);
    *ret_text = translation;
    if (from.is_too_long || to.is_too_long)
        return "more than 16 placeholders";
    if (from.numbered)
        return "the English text numbers its placeholders, which is for translations";
    if (from.has_stray)
        return NULL;  // no format, so nothing is read from it
    if (!from.has_percent)
        return to.has_percent ? "the English text has no %" : NULL;
    if (to.has_stray)
        return "a % that stands for itself is written %% here";
    if (to.numbered == 0)
        return same_in_order(&from, &to) ? NULL : "other placeholders than the English text";
    if (to.numbered < to.count)
        return "number all placeholders or none";
    if (!same_by_number(&from, &to))
        return "other placeholders than the English text";
    *ret_text = rewritten(arena, &from, translation);
    return NULL;
}

const char *plural_differs(Str form)
{
    Format format = format_of(form);
    if (format.has_stray)
        return "a % that stands for itself is written %% here";
    if (format.count > 1 || (format.count == 1 && !str_is(format.items[0].spec, "lld")))
        return "a plural form holds %lld, once or not at all";
    return NULL;
}
