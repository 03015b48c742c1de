// read.c - numbers as people type them, and as spreadsheets and statements of a dozen countries
// have them.
//
// First what stands around the figures is taken off: blanks, direction marks, a sign, a currency.
// What is left is written down in one alphabet, a character for each: 0-9 for digits of any script,
// '.' and ',' for themselves, and BLANK, QUOTE, DECIMAL, GROUP for the marks that mean only one
// thing. Then the kinds of marks decide what each is; the rules are in i18n.h.
#include "kernel/i18n/locale.h"

#include "base/utf8.h"

#include <unicode/uchar.h>
#include <unicode/ucurr.h>
#include <unicode/ustring.h>

enum {
    SYMBOLS_MAX = 64,
    CAPITALS_MAX = 3,
    BLANK = ' ',
    QUOTE = '\'',
    DECIMAL = 'd',  // U+066B
    GROUP = 'g',    // U+066C
};

typedef struct Typed {
    char symbols[SYMBOLS_MAX];
    size_t len;
    bool is_negative;
    Str currency;  // as written; "" for none
} Typed;

// ---- Characters ---------------------------------------------------------------------------------

// Thin, narrow, figure and ordinary blanks, breaking or not.
static bool is_blank(int32_t c)
{
    return c == '\t' || (c > 0 && u_charType(c) == U_SPACE_SEPARATOR);
}

static bool is_direction_mark(int32_t c)
{
    return c == 0x200E || c == 0x200F || c == 0x061C || (c >= 0x2066 && c <= 0x2069);
}

static bool is_minus(int32_t c)
{
    return c == '-' || c == 0x2212 || c == 0xFF0D || c == 0xFE63;
}

// The symbol of a mark, 0 for other characters.
static char mark_of(int32_t c)
{
    switch (c) {
    case '.':
    case 0xFF0E: return '.';
    case ',':
    case 0x060C:  // Arabic
    case 0x2E41:  // Adlam
    case 0xFF0C: return ',';
    case '\'':
    case 0x2019: return QUOTE;
    case 0x066B: return DECIMAL;
    case 0x066C: return GROUP;
    default: return is_blank(c) ? BLANK : 0;
    }
}

static int32_t first_of(Str s)
{
    return s.len ? utf8_next(&s) : 0;
}

// The last code point, and where it begins.
static int32_t last_of(Str s, size_t *ret_at)
{
    size_t at = s.len;
    while (at > 0 && ((unsigned char)s.ptr[--at] & 0xC0) == 0x80)
        ;
    *ret_at = at;
    return first_of(str_from_at(s, at));
}

static Str trim(Str s)
{
    size_t at;
    while (s.len && (is_blank(first_of(s)) || is_direction_mark(first_of(s))))
        utf8_next(&s);
    while (s.len && (is_blank(last_of(s, &at)) || is_direction_mark(last_of(s, &at))))
        s.len = at;
    return s;
}

// ---- What stands around -------------------------------------------------------------------------

static bool is_currency_char(int32_t c)
{
    return c > 0 && (u_isalpha(c) || u_charType(c) == U_CURRENCY_SYMBOL);
}

// Words that are no code and no symbol of Unicode, and the currencies they may mean.
static const struct {
    const char *word, *codes;
} currency_words[] = {
    { "Rs", "INR PKR LKR NPR MUR SCR" },
    { "Tk", "BDT" },
    { "kr", "SEK NOK DKK ISK" },
    { "Fr", "CHF" },
    { "zł", "PLN" },
    { "Kč", "CZK" },
    { "Ft", "HUF" },
    { "Rp", "IDR" },
    { "RM", "MYR" },
    { "Dh", "AED MAD" },
    { "лв", "BGN" },
    { "lei", "RON MDL" },
};

static const char *word_codes(Str word)
{
    for (size_t i = 0; i < COUNT(currency_words); i++)
        if (str_eq_ascii_nocase(word, str_from(currency_words[i].word)))
            return currency_words[i].codes;
    return NULL;
}

static bool code_read(Str word, CurrencyCode *ret)
{
    char code[4] = { 0 };
    for (size_t i = 0; i < word.len && i < sizeof code - 1; i++)
        code[i] = (char)(word.ptr[i] >= 'a' && word.ptr[i] <= 'z' ? word.ptr[i] - 32 : word.ptr[i]);
    return word.len == 3 && currency_parse(str_from(code), ret);
}

// The letters that tell one dollar from another: "US" of "US$".
static size_t capitals_of(Str word)
{
    size_t len = 0;
    while (len < word.len && word.ptr[len] >= 'A' && word.ptr[len] <= 'Z')
        len++;
    return len;
}

// "EUR", "€", "US$", "Tk"; not "pcs".
static bool is_currency(Str word)
{
    CurrencyCode code;
    size_t at;
    return code_read(word, &code) || word_codes(word) ||
           (u_charType(last_of(word, &at)) == U_CURRENCY_SYMBOL && at == capitals_of(word) &&
            at <= CAPITALS_MAX);
}

// A run of letters and symbols at either end. The dot of "Rs. 500" belongs to the word: it must not
// become the decimal mark of "Rs.500".
static bool take_currency_front(Str *rest, Typed *typed)
{
    Str s = *rest;
    while (is_currency_char(first_of(s)))
        utf8_next(&s);
    Str word = str_sub(*rest, 0, rest->len - s.len);
    if (word.len == 0 || typed->currency.len || !is_currency(word))
        return false;
    if (word_codes(word) && str_starts(s, S(".")))
        s = str_from_at(s, 1);
    typed->currency = word;
    *rest = trim(s);
    return true;
}

static bool take_currency_back(Str *rest, Typed *typed)
{
    Str s = *rest;
    size_t at;
    if (str_ends(s, S(".")))
        s.len--;
    size_t end = s.len;
    while (s.len && is_currency_char(last_of(s, &at)))
        s.len = at;
    Str word = str_sub(*rest, s.len, end - s.len);
    bool has_dot = end < rest->len;
    if (word.len == 0 || typed->currency.len || !is_currency(word) ||
        (has_dot && !word_codes(word)))
        return false;
    typed->currency = word;
    *rest = trim(s);
    return true;
}

static bool take_sign(Str *rest, Typed *typed, bool *has_sign)
{
    int32_t c = first_of(*rest);
    if (*has_sign || (!is_minus(c) && c != '+'))
        return false;
    utf8_next(rest);
    typed->is_negative = is_minus(c);
    *has_sign = true;
    *rest = trim(*rest);
    return true;
}

// ---- The figures --------------------------------------------------------------------------------

// Digits of one script only: a Bengali four looks like a European eight.
static bool put_digit(Typed *typed, int32_t c, int32_t *zero)
{
    int32_t digit = u_charDigitValue(c);
    if (digit < 0 || (*zero && c - digit != *zero))
        return false;
    *zero = c - digit;
    typed->symbols[typed->len++] = (char)('0' + digit);
    return true;
}

static bool put_symbols(Str rest, Typed *typed)
{
    int32_t zero = 0;
    while (rest.len) {
        int32_t c = utf8_next(&rest);
        if (c == UTF8_BAD || typed->len == SYMBOLS_MAX)
            return false;
        char mark = mark_of(c);
        if (is_direction_mark(c))
            continue;
        if (mark)
            typed->symbols[typed->len++] = mark;
        else if (!put_digit(typed, c, &zero))
            return false;
    }
    return typed->len > 0;
}

static bool typed_read(Str text, Typed *ret)
{
    bool has_sign = false;
    *ret = (Typed){ 0 };
    Str rest = trim(text);
    while (take_sign(&rest, ret, &has_sign) || take_currency_front(&rest, ret))
        ;
    take_currency_back(&rest, ret);
    return put_symbols(rest, ret);
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

// ---- Which mark is what -------------------------------------------------------------------------

typedef struct Marks {
    char decimal, group;  // 0: the text has none
} Marks;

static char mark_in_use(Str mark)
{
    return mark_of(first_of(mark));
}

static size_t count_of(const Typed *typed, char c)
{
    size_t count = 0;
    for (size_t i = 0; i < typed->len; i++)
        count += typed->symbols[i] == c;
    return count;
}

// A mark that stands but once: the locale decides where it could be either.
static bool decide_single(const Locale *locale, const Typed *typed, char mark, Marks *ret)
{
    size_t at = (size_t)((const char *)memchr(typed->symbols, mark, typed->len) - typed->symbols);
    bool could_group = at >= 1 && at <= 3 && typed->len - at == 4 && typed->symbols[0] != '0';
    bool is_decimal = mark == DECIMAL || mark == mark_in_use(locale->decimal);
    bool is_group = mark != '.' && mark != ',';
    if (is_decimal || (!is_group && !could_group))
        ret->decimal = mark;
    else if (is_group || mark == mark_in_use(locale->group))
        ret->group = mark;
    else
        return false;
    return true;
}

static bool decide(const Locale *locale, const Typed *typed, Marks *ret)
{
    char kinds[2];
    int count = 0;
    for (size_t i = 0; i < typed->len; i++) {
        char c = typed->symbols[i];
        if (is_digit(c) || (count && memchr(kinds, c, (size_t)count)))
            continue;
        if (count == 2)
            return false;
        kinds[count++] = c;
    }
    *ret = (Marks){ 0 };
    if (count == 0)
        return true;
    char last = kinds[count - 1];
    if (count == 2) {
        *ret = (Marks){ .decimal = last, .group = kinds[0] };
        return kinds[0] != DECIMAL && (last == '.' || last == ',' || last == DECIMAL);
    }
    if (count_of(typed, last) == 1)
        return decide_single(locale, typed, last, ret);
    ret->group = last;
    return last != DECIMAL;
}

// ---- The value ----------------------------------------------------------------------------------

// How many digits stand between the marks, from the end of the whole part: 3, then 3 or, with
// lakhs, 2; the first group may be shorter. No number in groups begins with a zero.
static bool groups_stand(const Locale *locale, const char *whole, size_t len, char group)
{
    for (int size = 3; size >= (locale->groups_lakh ? 2 : 3); size--) {
        size_t left = len, due = 3;
        while (left > due && whole[left - due - 1] == group &&
               !memchr(whole + left - due, group, due)) {
            left -= due + 1;
            due = (size_t)size;
        }
        if (left >= 1 && left <= due && !memchr(whole, group, left) && whole[0] != '0')
            return true;
    }
    return false;
}

static bool add_figure(int64_t *value, char figure)
{
    return !__builtin_mul_overflow(*value, 10, value) &&
           !__builtin_add_overflow(*value, figure - '0', value);
}

static bool value_of(const Locale *locale, const Typed *typed, Marks marks, int digits,
                     int64_t *ret)
{
    const char *s = typed->symbols;
    const char *point = marks.decimal ? memchr(s, marks.decimal, typed->len) : NULL;
    size_t whole = point ? (size_t)(point - s) : typed->len;
    size_t decimals = point ? typed->len - whole - 1 : 0;
    if (point && decimals == 0)
        return false;
    if (marks.group && !groups_stand(locale, s, whole, marks.group))
        return false;
    int64_t value = 0;
    for (size_t i = 0; i < whole; i++)
        if (s[i] != marks.group && !add_figure(&value, s[i]))
            return false;
    for (size_t i = 0; i < decimals || i < (size_t)digits; i++) {
        char c = i < decimals ? point[1 + i] : '0';
        if (!is_digit(c) || (i >= (size_t)digits && c != '0') ||
            (i < (size_t)digits && !add_figure(&value, c)))
            return false;
    }
    *ret = typed->is_negative ? -value : value;
    return true;
}

static bool read_typed(const Ctx *ctx, const Typed *typed, int digits, int64_t *ret)
{
    const Locale *locale = locale_of(ctx);
    Marks marks;
    return decide(locale, typed, &marks) && value_of(locale, typed, marks, digits, ret);
}

bool read_number(const Ctx *ctx, Str text, int digits, int64_t *ret)
{
    Typed typed;
    return typed_read(text, &typed) && read_typed(ctx, &typed, digits, ret);
}

// ---- Money --------------------------------------------------------------------------------------

static bool is_icu_name(CurrencyCode currency, UCurrNameStyle style, Str written)
{
    UChar code[4], units[SYMBOLS_MAX];
    UErrorCode status = U_ZERO_ERROR;
    UBool is_choice;
    int32_t len = 0, units_len = 0;
    u_charsToUChars(currency.code, code, 4);
    u_strFromUTF8(units, SYMBOLS_MAX, &units_len, written.ptr, (int32_t)written.len, &status);
    const UChar *name = ucurr_getName(code, "en", style, &is_choice, &len, &status);
    return U_SUCCESS(status) && len == units_len && u_memcmp(name, units, len) == 0;
}

// "CA$" as English has it, "$" as it is short at home, "US$" as letters of the code before that.
static bool is_symbol_of(CurrencyCode currency, Str written)
{
    size_t capitals = capitals_of(written);
    return is_icu_name(currency, UCURR_SYMBOL_NAME, written) ||
           is_icu_name(currency, UCURR_NARROW_SYMBOL_NAME, written) ||
           (str_starts(currency_text(&currency), str_sub(written, 0, capitals)) &&
            is_icu_name(currency, UCURR_NARROW_SYMBOL_NAME, str_from_at(written, capitals)));
}

static bool means(Str written, CurrencyCode currency)
{
    CurrencyCode code;
    if (written.len == 0)
        return true;
    if (code_read(written, &code))
        return currency_eq(code, currency);
    const char *codes = word_codes(written);
    if (codes && str_find(str_from(codes), currency_text(&currency)) >= 0)
        return true;
    return is_symbol_of(currency, written);
}

bool read_money(const Ctx *ctx, Str text, CurrencyCode currency, Money *ret)
{
    Typed typed;
    return typed_read(text, &typed) && means(typed.currency, currency) &&
           read_typed(ctx, &typed, currency_digits(currency), &ret->minor);
}
