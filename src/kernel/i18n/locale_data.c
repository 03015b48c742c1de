// locale_data.c - marks, digits, names of months and patterns of dates, out of ICU.
//
// What differs from plain ICU, and why:
// - Digits are European unless the tag asks for others ("-u-nu-native"): figures in lists are
//   compared with paper, bank statements and other programs.
// - "en" alone is nobody's country. It gets the order of most of the world, 20 Nov and 14:02; who
//   writes Nov 20 and 2:02 PM says en-US.
// - The calendar is Gregorian everywhere, as documents are dated.
// - Groups begin with the first thousand, also where running text writes 1234 (es, pl, pt): in a
//   column figures line up. ICU calls it "on aligned".
// - Minus is U+2212.
#include "kernel/i18n/locale.h"

#include "base/buf.h"
#include "base/utf8.h"
#include "kernel/i18n/utf16.h"

#include <stdio.h>
#include <unicode/uchar.h>
#include <unicode/udat.h>
#include <unicode/udatpg.h>
#include <unicode/uenum.h>
#include <unicode/uloc.h>
#include <unicode/unum.h>
#include <unicode/ustring.h>

enum {
    ID_MAX = 80,
    UNITS_MAX = 128,  // the longest month and pattern have some 40
    NARROW_BLANK = 0x202F,
    NO_BREAK_BLANK = 0x00A0,
};

// ---- Tags ICU knows -----------------------------------------------------------------------------

void tag_icu(const Tag *tag, char *ret_id, size_t size)
{
    snprintf(ret_id, size, "%s", tag->text);
    for (char *c = ret_id; *c; c++)
        if (*c == '-')
            *c = '_';
}

static bool is_listed(const char *id)
{
    UErrorCode status = U_ZERO_ERROR;
    UEnumeration *all = uloc_openAvailableByType(ULOC_AVAILABLE_WITH_LEGACY_ALIASES, &status);
    bool is_there = false;
    for (const char *one; !is_there && (one = uenum_next(all, NULL, &status));)
        is_there = strcmp(one, id) == 0;
    uenum_close(all);
    return is_there;
}

bool tag_known(Tag *tag)
{
    Tag nearest = *tag;
    do {
        char id[ID_MAX];
        tag_icu(&nearest, id, sizeof id);
        if (is_listed(id)) {
            *tag = nearest;
            return true;
        }
    } while (tag_shorten(&nearest));
    return false;
}

// ---- Reading ------------------------------------------------------------------------------------

// What is opened hangs from `scratch` and is closed with it. ICU's functions do nothing once
// `status` is a failure, so that it is looked at once, at the end.
typedef struct Reader {
    Arena *arena, *scratch;
    char id[ID_MAX];
    UErrorCode status;
} Reader;

static Str text_of(Reader *r, const UChar *units, int32_t len)
{
    if (U_FAILURE(r->status) || len >= UNITS_MAX)
        return S("");
    return text16_to(r->arena, (Text16){ (UChar *)units, len });
}

static void numbers_close(void *numbers)
{
    unum_close(*(UNumberFormat **)numbers);
}

static const UNumberFormat *numbers_open(Reader *r, UNumberFormatStyle style)
{
    UNumberFormat **numbers = NEW(r->scratch, UNumberFormat *);
    arena_defer(r->scratch, numbers_close, numbers);
    *numbers = unum_open(style, NULL, 0, r->id, NULL, &r->status);
    return *numbers;
}

static Str symbol(Reader *r, const UNumberFormat *numbers, UNumberFormatSymbol which)
{
    UChar units[UNITS_MAX];
    int32_t len = unum_getSymbol(numbers, which, units, UNITS_MAX, &r->status);
    return text_of(r, units, len);
}

static Str around(Reader *r, const UNumberFormat *numbers, UNumberFormatTextAttribute which)
{
    UChar units[UNITS_MAX];
    int32_t len = unum_getTextAttribute(numbers, which, units, UNITS_MAX, &r->status);
    return text_of(r, units, len);
}

// ICU's minus with its direction mark, the hyphen in it made a minus.
static Str minus_of(Reader *r, Str symbol)
{
    ptrdiff_t hyphen = str_find_char(symbol, '-');
    if (hyphen < 0)
        return symbol;
    return str_format(r->arena, STR_FMT "\u2212" STR_FMT,
                      STR_ARG(str_sub(symbol, 0, (size_t)hyphen)),
                      STR_ARG(str_from_at(symbol, (size_t)hyphen + 1)));
}

// Ten in a row from the zero on. Chinese, whose figures are words and stand in no row, keeps 0-9.
static void read_digits(Reader *r, Str zero, LocaleData *data)
{
    int32_t first = zero.len ? utf8_next(&zero) : '0';
    if (u_charDigitValue(first) != 0 || u_charDigitValue(first + 9) != 9)
        first = '0';
    for (int i = 0; i < 10; i++) {
        char bytes[4];
        size_t len;
        utf8_put(bytes, first + i, &len);
        data->digits[i] = str_copy(r->arena, (Str){ bytes, len });
    }
}

static void read_numbers(Reader *r, Locale *locale, LocaleData *data)
{
    const UNumberFormat *plain = numbers_open(r, UNUM_DECIMAL);
    const UNumberFormat *percent = numbers_open(r, UNUM_PERCENT);
    if (U_FAILURE(r->status))
        return;
    locale->decimal = symbol(r, plain, UNUM_DECIMAL_SEPARATOR_SYMBOL);
    locale->group = symbol(r, plain, UNUM_GROUPING_SEPARATOR_SYMBOL);
    locale->groups_lakh = unum_getAttribute(plain, UNUM_SECONDARY_GROUPING_SIZE) == 2;
    data->minus = minus_of(r, symbol(r, plain, UNUM_MINUS_SIGN_SYMBOL));
    data->percent_before = around(r, percent, UNUM_POSITIVE_PREFIX);
    data->percent_after = around(r, percent, UNUM_POSITIVE_SUFFIX);
    read_digits(r, symbol(r, plain, UNUM_ZERO_DIGIT_SYMBOL), data);
}

// ---- Dates --------------------------------------------------------------------------------------

static void patterns_close(void *patterns)
{
    udatpg_close(*(UDateTimePatternGenerator **)patterns);
}

static void dates_close(void *dates)
{
    udat_close(*(UDateFormat **)dates);
}

// Narrow blanks, which newer CLDR has before PM, become ordinary no-break ones: most fonts lack
// them.
static Str pattern(Reader *r, UDateTimePatternGenerator *patterns, const char *skeleton)
{
    UChar wanted[16], units[UNITS_MAX];
    u_uastrncpy(wanted, skeleton, COUNT(wanted));
    int32_t len = udatpg_getBestPattern(patterns, wanted, -1, units, UNITS_MAX, &r->status);
    for (int32_t i = 0; i < len && i < UNITS_MAX; i++)
        if (units[i] == NARROW_BLANK)
            units[i] = NO_BREAK_BLANK;
    return text_of(r, units, len);
}

// Whether show_date.c knows all its letters. ICU has others, as for the parts of a day in a few
// languages.
static bool is_understood(Str pattern)
{
    bool is_quoted = false;
    for (size_t i = 0; i < pattern.len; i++) {
        char c = pattern.ptr[i];
        bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        is_quoted ^= c == '\'';
        if (!is_quoted && is_letter && !strchr("dMLyHhma", c))
            return false;
    }
    return pattern.len > 0;
}

// In which order day, month and year stand; day first where that cannot be seen.
static void read_order(LocaleData *data, Str pattern)
{
    size_t len = 0;
    for (size_t i = 0; i < pattern.len && len < 3; i++) {
        char c = pattern.ptr[i] == 'L' ? 'm' : pattern.ptr[i] == 'M' ? 'm' : pattern.ptr[i];
        if (strchr("dmy", c) && !memchr(data->order, c, len))
            data->order[len++] = c;
    }
    if (len < 3)
        snprintf(data->order, sizeof data->order, "dmy");
}

static void read_patterns(Reader *r, LocaleData *data)
{
    static const struct {
        const char *skeleton, *otherwise;
    } styles[DATE_STYLES] = {
        [DATE_DAY] = { "MMMd", "d MMM" },
        [DATE_DAY_YEAR] = { "yMMMd", "d MMM y" },
        [DATE_LONG] = { "yMMMMd", "d MMMM y" },
        [DATE_TIME] = { "MMMdjm", "d MMM, HH:mm" },
        [DATE_TIME_YEAR] = { "yMMMdjm", "d MMM y, HH:mm" },
        [DATE_MONTH] = { "yMMMM", "LLLL y" },
    };
    UDateTimePatternGenerator **patterns = NEW(r->scratch, UDateTimePatternGenerator *);
    arena_defer(r->scratch, patterns_close, patterns);
    *patterns = udatpg_open(r->id, &r->status);
    for (int i = 0; i < DATE_STYLES && U_SUCCESS(r->status); i++) {
        Str best = pattern(r, *patterns, styles[i].skeleton);
        data->patterns[i] = is_understood(best) ? best : str_from(styles[i].otherwise);
    }
    if (U_SUCCESS(r->status))
        read_order(data, pattern(r, *patterns, "yMd"));
}

static void read_list(Reader *r, const UDateFormat *dates, UDateFormatSymbolType type, Str *ret,
                      int count)
{
    for (int i = 0; i < count; i++) {
        UChar units[UNITS_MAX];
        int32_t len = udat_getSymbols(dates, type, i, units, UNITS_MAX, &r->status);
        ret[i] = text_of(r, units, len);
    }
}

static void read_names(Reader *r, LocaleData *data)
{
    UDateFormat **dates = NEW(r->scratch, UDateFormat *);
    arena_defer(r->scratch, dates_close, dates);
    *dates = udat_open(UDAT_MEDIUM, UDAT_MEDIUM, r->id, NULL, 0, NULL, 0, &r->status);
    if (U_FAILURE(r->status))
        return;
    read_list(r, *dates, UDAT_MONTHS, data->months, MONTHS);
    read_list(r, *dates, UDAT_SHORT_MONTHS, data->months_short, MONTHS);
    read_list(r, *dates, UDAT_STANDALONE_MONTHS, data->months_alone, MONTHS);
    read_list(r, *dates, UDAT_STANDALONE_SHORT_MONTHS, data->months_alone_short, MONTHS);
    read_list(r, *dates, UDAT_AM_PMS, data->halves, COUNT(data->halves));
}

// "español (Colombia)", as a choice in a menu begins: with a capital.
static void read_name(Reader *r, const Tag *tag, LocaleData *data)
{
    UChar units[UNITS_MAX], first[UNITS_MAX];
    char id[ID_MAX];
    tag_icu(tag, id, sizeof id);
    int32_t len = uloc_getDisplayName(id, id, units, UNITS_MAX, &r->status);
    if (U_FAILURE(r->status) || len == 0)
        return;
    int32_t head = U16_IS_LEAD(units[0]) ? 2 : 1;
    int32_t first_len = u_strToUpper(first, UNITS_MAX, units, head, id, &r->status);
    data->name =
        str_join(r->arena, text_of(r, first, first_len), text_of(r, units + head, len - head));
}

bool locale_data_read(Arena *arena, const Tag *tag, Locale *locale, LocaleData *data)
{
    Arena scratch = { 0 };
    Reader r = { .arena = arena, .scratch = &scratch, .status = U_ZERO_ERROR };
    tag_icu(tag, r.id, sizeof r.id);
    locale->is_rtl = uloc_isRightToLeft(r.id);
    read_name(&r, tag, data);
    if (strcmp(r.id, "en") == 0)
        snprintf(r.id, sizeof r.id, "en_GB");
    size_t len = strlen(r.id);
    snprintf(r.id + len, sizeof r.id - len, "@calendar=gregorian;numbers=%s",
             tag->has_native_digits ? "native" : "latn");
    read_numbers(&r, locale, data);
    read_patterns(&r, data);
    read_names(&r, data);
    arena_release(&scratch);
    return U_SUCCESS(r.status);
}
