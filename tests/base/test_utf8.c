// test_utf8.c - UTF-8: each byte pattern that is good or bad, and what is made of it.
#include "base/utf8.h"

#include "harness.h"

#define TEXT(literal)                                                                              \
    {                                                                                              \
        literal, sizeof(literal) - 1                                                               \
    }

static void test_good_and_bad(void)
{
    // clang-format off
    static const struct {
        const char *row;
        Str text;
        int32_t first;  // UTF8_BAD: the text is bad from its first byte on
    } rows[] = {
        { "NUL is a code point",             TEXT("\0"),               0 },
        { "last of ASCII",                   TEXT("\x7F"),             0x7F },
        { "first of two bytes",              TEXT("\xC2\x80"),         0x80 },
        { "last of two bytes",               TEXT("\xDF\xBF"),         0x7FF },
        { "first of three bytes",            TEXT("\xE0\xA0\x80"),     0x800 },
        { "a Bengali letter",                TEXT("ক"),                0x995 },
        { "last before the surrogates",      TEXT("\xED\x9F\xBF"),     0xD7FF },
        { "first behind the surrogates",     TEXT("\xEE\x80\x80"),     0xE000 },
        { "the replacement character",       TEXT("\uFFFD"),           0xFFFD },
        { "a noncharacter is a code point",  TEXT("\xEF\xBF\xBF"),     0xFFFF },
        { "first of four bytes",             TEXT("\xF0\x90\x80\x80"), 0x10000 },
        { "a shoe",                          TEXT("👟"),               0x1F45F },
        { "the very last",                   TEXT("\xF4\x8F\xBF\xBF"), 0x10FFFF },
        { "one beyond the last",             TEXT("\xF4\x90\x80\x80"), UTF8_BAD },
        { "F5 begins nothing",               TEXT("\xF5\x80\x80\x80"), UTF8_BAD },
        { "five bytes, as once allowed",     TEXT("\xF8\x88\x80\x80\x80"), UTF8_BAD },
        { "FE as in a UTF-16 mark",          TEXT("\xFE\xFF"),         UTF8_BAD },
        { "FF as in a UTF-16 mark",          TEXT("\xFF\xFE"),         UTF8_BAD },
        { "a slash in two bytes",            TEXT("\xC0\xAF"),         UTF8_BAD },
        { "NUL in two bytes",                TEXT("\xC0\x80"),         UTF8_BAD },
        { "last of ASCII in two bytes",      TEXT("\xC1\xBF"),         UTF8_BAD },
        { "a slash in three bytes",          TEXT("\xE0\x80\xAF"),     UTF8_BAD },
        { "U+07FF in three bytes",           TEXT("\xE0\x9F\xBF"),     UTF8_BAD },
        { "U+FFFF in four bytes",            TEXT("\xF0\x8F\xBF\xBF"), UTF8_BAD },
        { "first high surrogate",            TEXT("\xED\xA0\x80"),     UTF8_BAD },
        { "last low surrogate",              TEXT("\xED\xBF\xBF"),     UTF8_BAD },
        { "a middle byte alone",             TEXT("\x80"),             UTF8_BAD },
        { "the last middle byte alone",      TEXT("\xBF"),             UTF8_BAD },
        { "two bytes, one missing",          TEXT("\xC3"),             UTF8_BAD },
        { "three bytes, one missing",        TEXT("\xE2\x82"),         UTF8_BAD },
        { "four bytes, one missing",         TEXT("\xF0\x9F\x91"),     UTF8_BAD },
        { "ASCII where a middle is due",     TEXT("\xE2\x82z"),        UTF8_BAD },
        { "a new start where a middle is due", TEXT("\xC3\xC3\xA9"),   UTF8_BAD },
    };
    // clang-format on
    for (size_t i = 0; i < COUNT(rows); i++) {
        test_row = rows[i].row;
        Str rest = rows[i].text;
        CHECK_INT(utf8_next(&rest), rows[i].first);
        CHECK_INT((int64_t)rest.len, rows[i].first == UTF8_BAD ? (int64_t)rows[i].text.len - 1 : 0);
        CHECK(utf8_valid(rows[i].text) == (rows[i].first != UTF8_BAD));
    }
}

// Whatever stands before and behind it, and wherever it falls in the eight bytes that are read at
// once.
static void test_one_bad_byte_is_found_anywhere(void)
{
    char text[40];
    for (size_t len = 1; len < sizeof text; len++)
        for (size_t at = 0; at < len; at++) {
            memset(text, 'a', len);
            CHECK(utf8_valid((Str){ text, len }));
            text[at] = (char)0xE9;
            CHECK(!utf8_valid((Str){ text, len }));
        }
}

static void test_every_code_point_comes_back(void)
{
    for (int32_t c = 0; c <= 0x10FFFF; c++) {
        if (c == 0xD800)
            c = 0xE000;
        char bytes[4];
        size_t len = 0;
        utf8_put(bytes, c, &len);
        Str text = { bytes, len };
        if (!utf8_valid(text) || utf8_len(text) != 1 || utf8_next(&text) != c || text.len != 0) {
            test_fail(__FILE__, __LINE__, "U+%04X does not come back", c);
            return;
        }
    }
}

static void test_counting_and_cutting(void)
{
    Str shoe = S("শু👟é!");
    CHECK_INT((int64_t)utf8_len(shoe), 5);
    CHECK_INT((int64_t)utf8_len(S("")), 0);
    CHECK_INT((int64_t)utf8_len((Str){ NULL, 0 }), 0);
    CHECK_INT((int64_t)utf8_len(S("a\xFF\xFE")), 3);
    CHECK_INT((int64_t)utf8_len(S("0123456789abcdef-é-0123456789abcdef")), 35);
    CHECK_STR(utf8_cut(shoe, 0), "");
    CHECK_STR(utf8_cut(shoe, 3), "শু👟");
    CHECK_STR(utf8_cut(shoe, 4), "শু👟é");
    CHECK_STR(utf8_cut(shoe, 5), "শু👟é!");
    CHECK_STR(utf8_cut(shoe, 500), "শু👟é!");
    CHECK_STR(utf8_cut((Str){ NULL, 0 }, 3), "");
    CHECK_STR(utf8_cut_bytes(S("aé👟"), 7), "aé👟");
    CHECK_STR(utf8_cut_bytes(S("aé👟"), 6), "aé");
    CHECK_STR(utf8_cut_bytes(S("aé👟"), 3), "aé");
    CHECK_STR(utf8_cut_bytes(S("aé👟"), 2), "a");
    CHECK_STR(utf8_cut_bytes(S("é"), 1), "");
    CHECK_STR(utf8_cut_bytes((Str){ NULL, 0 }, 3), "");
}

static void test_cleaning(void)
{
    // clang-format off
    static const struct {
        const char *row;
        Str text;
        const char *clean;
    } rows[] = {
        { "good text stays",            TEXT("শু é"),               "শু é" },
        { "nothing stays nothing",      TEXT(""),                   "" },
        { "in front",                   TEXT("\x80shoe"),           "\uFFFDshoe" },
        { "in the middle",              TEXT("sh\xFFoe"),           "sh\uFFFDoe" },
        { "at the end",                 TEXT("shoe\xE2\x82"),       "shoe\uFFFD\uFFFD" },
        { "one mark for each bad byte", TEXT("\xED\xA0\x80"),       "\uFFFD\uFFFD\uFFFD" },
        { "Latin-1 between good text",  TEXT("caf\xE9 für é"),      "caf\uFFFD für é" },
    };
    // clang-format on
    Ctx *ctx = test_ctx();
    for (size_t i = 0; i < COUNT(rows); i++) {
        test_row = rows[i].row;
        Str clean = utf8_clean(ctx->arena, rows[i].text);
        CHECK_STR(clean, rows[i].clean);
        CHECK(!utf8_valid(rows[i].text) || clean.ptr == rows[i].text.ptr);
    }
}

static void test_any_bytes_can_be_cleaned(void)
{
    Ctx *ctx = test_ctx();
    for (int round = 0; round < 5000; round++) {
        char bytes[24];
        size_t len = (size_t)random_below(ctx->random, sizeof bytes);
        for (size_t i = 0; i < len; i++)
            bytes[i] = (char)(random_chance(ctx->random, 3) ? 'a' : random_below(ctx->random, 256));
        Str text = { bytes, len }, clean = utf8_clean(ctx->arena, text);
        CHECK(utf8_valid(clean));
        CHECK_INT((int64_t)utf8_len(clean), (int64_t)utf8_len(text));
        CHECK(utf8_valid(text) == str_eq(clean, text));
        arena_clear(ctx->arena);
    }
}

const Test utf8_tests[] = {
    { "good and bad sequences", test_good_and_bad },
    { "one bad byte is found anywhere", test_one_bad_byte_is_found_anywhere },
    { "every code point comes back", test_every_code_point_comes_back },
    { "counting and cutting", test_counting_and_cutting },
    { "cleaning", test_cleaning },
    { "any bytes can be cleaned", test_any_bytes_can_be_cleaned },
    { 0 },
};
