// test_str.c - text views and growing text.
#include "base/str.h"

#include "harness.h"

static void test_comparing(void)
{
    // clang-format off
    static const struct {
        const char *a, *b;
        int order;
    } rows[] = {
        { "",     "",     0 },
        { "",     "a",   -1 },
        { "a",    "",     1 },
        { "a",    "a",    0 },
        { "a",    "b",   -1 },
        { "ab",   "a",    1 },
        { "ab",   "b",   -1 },
        { "a",    "A",    1 },
        { "z",    "é",   -1 },  // by bytes: those of é are above 0x7F
    };
    // clang-format on
    for (size_t i = 0; i < COUNT(rows); i++) {
        Str a = str_from(rows[i].a), b = str_from(rows[i].b);
        int order = str_compare(a, b);
        test_row = rows[i].a;
        CHECK_INT((order > 0) - (order < 0), rows[i].order);
        CHECK(str_eq(a, b) == (rows[i].order == 0));
        CHECK(str_is(a, rows[i].b) == (rows[i].order == 0));
    }
    test_row = NULL;
    Str none = { NULL, 0 };
    CHECK(str_eq(none, S("")) && str_compare(none, S("")) == 0 && str_compare(none, S("a")) < 0);
    CHECK(str_eq_ascii_nocase(S("Content-TYPE"), S("content-type")));
    CHECK(!str_eq_ascii_nocase(S("É"), S("é")) && !str_eq_ascii_nocase(S("a"), S("ab")));
}

static void test_starts_and_ends(void)
{
    CHECK(str_starts(S("SO-2026"), S("SO-")) && str_starts(S("a"), S("")) &&
          str_starts(S(""), S("")));
    CHECK(!str_starts(S("SO"), S("SO-")) && !str_starts(S("xSO-"), S("SO-")));
    CHECK(str_ends(S("photo.jpg"), S(".jpg")) && str_ends(S("a"), S("")));
    CHECK(!str_ends(S("jpg"), S(".jpg")) && !str_ends(S("photo.jpgx"), S(".jpg")));
}

static void test_finding(void)
{
    CHECK_INT(str_find(S("abcabc"), S("bc")), 1);
    CHECK_INT(str_find(S("abc"), S("bd")), -1);
    CHECK_INT(str_find(S("abc"), S("")), 0);
    CHECK_INT(str_find((Str){ NULL, 0 }, S("a")), -1);
    CHECK_INT(str_find(S("ab"), S("abc")), -1);
    CHECK_INT(str_find_char(S("abcabc"), 'c'), 2);
    CHECK_INT(str_rfind_char(S("abcabc"), 'b'), 4);
    CHECK_INT(str_find_char(S("abc"), 'x'), -1);
    CHECK_INT(str_rfind_char((Str){ NULL, 0 }, 'x'), -1);
    CHECK_INT(str_find_char((Str){ "a\0b", 3 }, '\0'), 1);
}

static void test_cutting(void)
{
    CHECK_STR(str_sub(S("abcdef"), 2, 3), "cde");
    CHECK_STR(str_sub(S("abcdef"), 4, 9), "ef");
    CHECK_STR(str_sub(S("abcdef"), 6, 1), "");
    CHECK_STR(str_sub(S("abcdef"), 99, 1), "");
    CHECK_STR(str_sub(S("abcdef"), 1, SIZE_MAX), "bcdef");
    CHECK_STR(str_from_at(S("abc"), 0), "abc");
    CHECK_STR(str_from_at(S("abc"), 3), "");
    CHECK_STR(str_trim(S(" \t a b\r\n ")), "a b");
    CHECK_STR(str_trim(S(" \n ")), "");
    CHECK_STR(str_trim((Str){ NULL, 0 }), "");
}

static Str shown_parts(Arena *arena, Str text, char separator)
{
    Buf out = { .arena = arena };
    for (Str part; str_next(&text, separator, &part);)
        buf_printf(&out, "[" STR_FMT "]", STR_ARG(part));
    return buf_str(&out);
}

static void test_parts(void)
{
    // clang-format off
    static const struct {
        const char *text, *parts;
    } rows[] = {
        { "",       "" },
        { "a",      "[a]" },
        { "a,b",    "[a][b]" },
        { "a,,b",   "[a][][b]" },
        { ",a",     "[][a]" },
        { "a,",     "[a]" },
        { ",",      "[]" },
        { ",,",     "[][]" },
        { "a;b,c",  "[a;b][c]" },
    };
    // clang-format on
    Ctx *ctx = test_ctx();
    for (size_t i = 0; i < COUNT(rows); i++) {
        test_row = rows[i].text;
        CHECK_STR(shown_parts(ctx->arena, str_from(rows[i].text), ','), rows[i].parts);
    }
}

static void test_words(void)
{
    // clang-format off
    static const struct {
        const char *text, *words;
    } rows[] = {
        { "",                    "" },
        { " \t\n ",              "" },
        { "one",                 "[one]" },
        { "  one\ttwo \r\n 3 ",  "[one][two][3]" },
    };
    // clang-format on
    Ctx *ctx = test_ctx();
    for (size_t i = 0; i < COUNT(rows); i++) {
        Buf out = { .arena = ctx->arena };
        Str rest = str_from(rows[i].text);
        test_row = rows[i].text;
        for (Str word; str_next_word(&rest, &word);)
            buf_printf(&out, "[" STR_FMT "]", STR_ARG(word));
        CHECK_STR(buf_str(&out), rows[i].words);
    }
}

static void test_whole_numbers(void)
{
    // clang-format off
    static const struct {
        const char *text;
        bool is_number;
        int64_t value;
    } rows[] = {
        { "0",                     true,  0 },
        { "-0",                    true,  0 },
        { "007",                   true,  7 },
        { "-42",                   true,  -42 },
        { "9223372036854775807",   true,  INT64_MAX },
        { "-9223372036854775808",  true,  INT64_MIN },
        { "9223372036854775808",   false, 0 },
        { "-9223372036854775809",  false, 0 },
        { "99999999999999999999",  false, 0 },
        { "",                      false, 0 },
        { "-",                     false, 0 },
        { "--1",                   false, 0 },
        { "+1",                    false, 0 },
        { " 1",                    false, 0 },
        { "1 ",                    false, 0 },
        { "1.0",                   false, 0 },
        { "0x10",                  false, 0 },
        { "১২",                    false, 0 },
    };
    // clang-format on
    for (size_t i = 0; i < COUNT(rows); i++) {
        int64_t value = 0;
        test_row = rows[i].text;
        CHECK(str_int(str_from(rows[i].text), &value) == rows[i].is_number);
        CHECK_INT(value, rows[i].value);
    }
}

static void test_copies_end_in_nul(void)
{
    Ctx *ctx = test_ctx();
    Str part = str_sub(S("abcdef"), 1, 3);
    const Str made[] = {
        str_copy(ctx->arena, part),
        str_join(ctx->arena, S("b"), S("cd")),
        str_lower_ascii(ctx->arena, S("BcD")),
        str_format(ctx->arena, "%s" STR_FMT, "b", STR_ARG(S("cd"))),
        str_replace_char(ctx->arena, S("b-d"), '-', 'c'),
        str_from(str_c(ctx->arena, part)),
    };
    for (size_t i = 0; i < COUNT(made); i++) {
        CHECK_STR(made[i], "bcd");
        CHECK_INT(made[i].ptr[3], 0);
    }
    CHECK_STR(part, "bcd");
}

static void test_copies_of_nothing(void)
{
    Ctx *ctx = test_ctx();
    Str none = { NULL, 0 };
    CHECK_STR(str_copy(ctx->arena, none), "");
    CHECK_STR(str_join(ctx->arena, none, none), "");
    CHECK_STR(str_upper_ascii(ctx->arena, none), "");
    CHECK_STR(str_replace_char(ctx->arena, none, 'a', 'b'), "");
    CHECK_STR(str_from(NULL), "");
    CHECK_STR(str_from(str_c(ctx->arena, none)), "");
}

static void test_case_is_changed_in_ascii_only(void)
{
    Ctx *ctx = test_ctx();
    CHECK_STR(str_lower_ascii(ctx->arena, S("ÉA[Z]@জ")), "Éa[z]@জ");
    CHECK_STR(str_upper_ascii(ctx->arena, S("éa{z}`জ")), "éA{Z}`জ");
}

// ---- Growing text -------------------------------------------------------------------------------

static void test_growing_text(void)
{
    Ctx *ctx = test_ctx();
    Buf out = { .arena = ctx->arena };
    CHECK_STR(buf_str(&out), "");
    buf_put(&out, S(""));
    buf_c(&out, "a");
    buf_char(&out, 'b');
    buf_int(&out, 0);
    buf_int(&out, INT64_MIN);
    buf_int(&out, INT64_MAX);
    buf_printf(&out, "%5.2f|%s", 1.5, "x");
    CHECK_STR(buf_str(&out), "ab0-92233720368547758089223372036854775807 1.50|x");
    buf_cut(&out, 2);
    CHECK_STR(str_from(out.ptr), "ab");
    buf_clear(&out);
    CHECK_STR(buf_str(&out), "");
    char *room = buf_room(&out, 3);
    memcpy(room, "xyz", 3);
    CHECK_STR(str_from(out.ptr), "xyz");
}

static void test_long_text_in_small_steps(void)
{
    Ctx *ctx = test_ctx();
    Buf out = { .arena = ctx->arena };
    for (int i = 0; i < 20000; i++) {
        buf_printf(&out, "%d,", i);
        if (i % 1000 == 0)
            arena_alloc(ctx->arena, 1);  // no longer the arena's last: it has to move
    }
    Str rest = buf_str(&out);
    int64_t expected = 0, number;
    for (Str part; str_next(&rest, ',', &part); expected++)
        CHECK(str_int(part, &number) && number == expected);
    CHECK_INT(expected, 20000);
    Str wide = str_format(ctx->arena, "%5000d", 7);
    CHECK_INT((int64_t)wide.len, 5000);
    CHECK(str_ends(wide, S(" 7")) && wide.ptr[5000] == '\0');
}

// At its cap a buffer keeps what it has, takes nothing more, and says so.
static void test_a_cap(void)
{
    Ctx *ctx = test_ctx();
    Buf out = { .arena = ctx->arena, .max = 5 };
    buf_c(&out, "abc");
    buf_c(&out, "de");
    CHECK(!out.is_full);
    buf_char(&out, 'f');
    CHECK(out.is_full && buf_room(&out, 1) == NULL);
    buf_int(&out, 1);
    buf_printf(&out, "%d", 2);
    CHECK_STR(buf_str(&out), "abcde");
    CHECK_STR(str_from(out.ptr), "abcde");
    buf_cut(&out, 4);
    CHECK(!out.is_full);
    buf_printf(&out, "%d", 34);
    CHECK(out.is_full);
    CHECK_STR(buf_str(&out), "abcd");
    CHECK_STR(str_from(out.ptr), "abcd");
}

const Test str_tests[] = {
    { "comparing", test_comparing },
    { "starts and ends", test_starts_and_ends },
    { "finding", test_finding },
    { "cutting", test_cutting },
    { "parts between separators", test_parts },
    { "words", test_words },
    { "whole numbers", test_whole_numbers },
    { "copies end in NUL", test_copies_end_in_nul },
    { "copies of nothing", test_copies_of_nothing },
    { "case is changed in ASCII only", test_case_is_changed_in_ascii_only },
    { "growing text", test_growing_text },
    { "long text in small steps", test_long_text_in_small_steps },
    { "a cap stops growing", test_a_cap },
    { 0 },
};
