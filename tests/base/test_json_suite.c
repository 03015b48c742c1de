// test_json_suite.c - what is JSON and what is not, row by row. The rows follow the classes of the
// public JSON Parsing Test Suite (N. Seriot, "Parsing JSON is a minefield"): texts every reader
// must accept, texts every reader must refuse, and texts for which RFC 8259 leaves the choice;
// there each row states what we choose.
#include "base/json.h"

#include "harness.h"

#define TEXT(literal)                                                                              \
    {                                                                                              \
        literal, sizeof(literal) - 1                                                               \
    }

typedef struct Row {
    const char *row;
    Str text;
} Row;

// clang-format off
static const Row accepted[] = {
    { "an empty array",                     TEXT("[]") },
    { "an empty array with a space",        TEXT("[ ]") },
    { "an array in an array",               TEXT("[[]   ]") },
    { "an array with an empty text",        TEXT("[\"\"]") },
    { "an array ending in a line end",      TEXT("[\"a\"]\n") },
    { "an array with false",                TEXT("[false]") },
    { "an array of several kinds",          TEXT("[null, 1, \"1\", {}]") },
    { "an array with null",                 TEXT("[null]") },
    { "a line end inside an array",         TEXT("[1\n]") },
    { "a space before an array",            TEXT(" [1]") },
    { "several nulls",                      TEXT("[1,null,null,null,2]") },
    { "a space behind an array",            TEXT("[2] ") },
    { "all four blanks everywhere",
      TEXT(" \t\r\n[ \t\r\n1 \t\r\n, \t\r\n2 \t\r\n] \t\r\n") },

    { "a number",                           TEXT("[123e65]") },
    { "0 with an exponent",                 TEXT("[0e+1]") },
    { "0 with a plain exponent",            TEXT("[0e1]") },
    { "a space before a number",            TEXT("[ 4]") },
    { "a very small number",
      TEXT("[-0.0000000000000000000000000000000000000000000001]") },
    { "a number with an exponent",          TEXT("[20e1]") },
    { "minus zero",                         TEXT("[-0]") },
    { "a negative whole number",            TEXT("[-123]") },
    { "minus one",                          TEXT("[-1]") },
    { "a capital E",                        TEXT("[1E22]") },
    { "a capital E and a minus",            TEXT("[1E-2]") },
    { "a capital E and a plus",             TEXT("[1E+2]") },
    { "a fraction and an exponent",         TEXT("[123.456e78]") },
    { "a small e and a minus",              TEXT("[1e-2]") },
    { "a small e and a plus",               TEXT("[1e+2]") },
    { "a whole number",                     TEXT("[123]") },
    { "a fraction",                         TEXT("[123.456789]") },
    { "an exponent may start with 0",       TEXT("[1e007]") },
    { "a fraction may end in 0",            TEXT("[1.500]") },

    { "an object",                          TEXT("{\"asd\":\"sdf\", \"dfg\":\"fgh\"}") },
    { "an object with one member",          TEXT("{\"asd\":\"sdf\"}") },
    { "an empty object",                    TEXT("{}") },
    { "an empty name",                      TEXT("{\"\":0}") },
    { "a NUL in a name",                    TEXT("{\"foo\\u0000bar\": 42}") },
    { "names that differ in case only",     TEXT("{\"a\":1,\"A\":2}") },
    { "extreme numbers",                    TEXT("{ \"min\": -1.0e+28, \"max\": 1.0e+28 }") },
    { "long texts",
      TEXT("{\"x\":[{\"id\": \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"}],"
           " \"id\": \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"}") },
    { "a simple object",                    TEXT("{\"a\":[]}") },
    { "names and texts in escapes",
      TEXT("{\"title\":\"\\u041f\\u043e\\u043b\\u0442\\u043e\\u0440\\u0430\" }") },
    { "line ends inside an object",         TEXT("{\n\"a\": \"b\"\n}") },
    { "the same name in two objects",       TEXT("[{\"a\":1},{\"a\":2}]") },
    { "the same name one level down",       TEXT("{\"a\":{\"a\":1}}") },

    { "escapes of one to three bytes",      TEXT("[\"\\u0060\\u012a\\u12AB\"]") },
    { "a surrogate pair",                   TEXT("[\"\\uD801\\udc37\"]") },
    { "two surrogate pairs",                TEXT("[\"\\ud83d\\ude39\\ud83d\\udc8d\"]") },
    { "the last code point, as a pair",     TEXT("[\"\\uDBFF\\uDFFF\"]") },
    { "all short escapes",                  TEXT("[\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"]") },
    { "a backslash and a u that is text",   TEXT("[\"\\\\u0000\"]") },
    { "an escaped quote",                   TEXT("[\"\\\"\"]") },
    { "comment signs inside a text",        TEXT("[\"a/*b*/c/*d//e\"]") },
    { "an escaped backslash before the end", TEXT("[\"\\\\a\"]") },
    { "an escaped backslash at the end",    TEXT("[\"a\\\\\"]") },
    { "an escaped control character",       TEXT("[\"\\u0012\"]") },
    { "an escaped noncharacter U+FFFF",     TEXT("[\"\\uFFFF\"]") },
    { "an escaped noncharacter U+FDD0",     TEXT("[\"\\uFDD0\"]") },
    { "an escaped noncharacter U+10FFFE",   TEXT("[\"\\uDBFF\\uDFFE\"]") },
    { "an escaped noncharacter U+1FFFE",    TEXT("[\"\\uD83F\\uDFFE\"]") },
    { "a text in an array",                 TEXT("[\"asd\"]") },
    { "a space before a text",              TEXT("[ \"asd\"]") },
    { "noncharacters as they are",          TEXT("[\"\xF4\x8F\xBF\xBF\",\"\xEF\xBF\xBF\"]") },
    { "an escaped no-break space",          TEXT("[\"new\\u00A0line\"]") },
    { "an escaped NUL",                     TEXT("[\"\\u0000\"]") },
    { "one byte as an escape",              TEXT("[\"\\u002c\"]") },
    { "pi as it is",                        TEXT("[\"\xCF\x80\"]") },
    { "U+1BFFF as it is",                   TEXT("[\"asd \xF0\x9B\xBF\xBF\"]") },
    { "an escaped DEL",                     TEXT("[\"\\u007F\"]") },
    { "DEL as it is",                       TEXT("[\"\x7F\"]") },
    { "three bytes as an escape",           TEXT("[\"\\u0821\"]") },
    { "two bytes as an escape",             TEXT("[\"\\u0123\"]") },
    { "a line separator as it is",          TEXT("[\"\xE2\x80\xA8\"]") },
    { "a paragraph separator as it is",     TEXT("[\"\xE2\x80\xA9\"]") },
    { "escaped hexadecimal in both cases",  TEXT("[\"\\uA66D\\ua66d\"]") },
    { "an escaped zero-width space",        TEXT("[\"\\u200B\"]") },
    { "a byte order mark inside a text",    TEXT("[\"\xEF\xBB\xBF\"]") },
    { "an escaped byte order mark",         TEXT("[\"\\uFEFF\"]") },
    { "Japanese and Bengali",               TEXT("[\"€𝄞 靴 জুতা\"]") },

    { "false alone",                        TEXT("false") },
    { "a whole number alone",               TEXT("42") },
    { "a negative number alone",            TEXT("-0.1") },
    { "null alone",                         TEXT("null") },
    { "a text alone",                       TEXT("\"asd\"") },
    { "true alone",                         TEXT("true") },
    { "an empty text alone",                TEXT("\"\"") },
    { "a line end behind all",              TEXT("[\"a\"]\n") },
};

static const Row refused[] = {
    { "true without a comma",               TEXT("[1 true]") },
    { "a byte that is not UTF-8 behind a",  TEXT("[a\xE5]") },
    { "a colon instead of a comma",         TEXT("[\"\": 1]") },
    { "a comma behind the array",           TEXT("[\"\"],") },
    { "a comma in front",                   TEXT("[,1]") },
    { "a comma too many inside",            TEXT("[1,,2]") },
    { "a comma too many at the end",        TEXT("[\"x\",,]") },
    { "a bracket too many",                 TEXT("[\"x\"]]") },
    { "a comma before the end",             TEXT("[\"\",]") },
    { "an array that is not closed",        TEXT("[\"x\"") },
    { "a word in an array",                 TEXT("[x") },
    { "an array without a comma inside",    TEXT("[3[4]]") },
    { "a byte that is not UTF-8",           TEXT("[\xFF]") },
    { "only a comma",                       TEXT("[,]") },
    { "only a minus",                       TEXT("[-]") },
    { "a missing value",                    TEXT("[   , \"\"]") },
    { "a line end and no end",              TEXT("[\"a\",\n4\n,1,") },
    { "a comma before the end of numbers",  TEXT("[1,]") },
    { "two commas before the end",          TEXT("[1,,]") },
    { "a vertical tab inside an array",     TEXT("[\"\va\"\\f]") },
    { "a star",                             TEXT("[*]") },
    { "one text and no end",                TEXT("[\"\"") },
    { "a comma and no end",                 TEXT("[1,") },
    { "line ends and no end",               TEXT("[1,\n1\n,1") },
    { "an object inside and no end",        TEXT("[{}") },
    { "false cut short",                    TEXT("[fals]") },
    { "null cut short",                     TEXT("[nul]") },
    { "true cut short",                     TEXT("[tru]") },
    { "a word that goes on",                TEXT("[nullx]") },
    { "a NUL behind a number",              TEXT("123\0") },

    { "two pluses",                         TEXT("[++1234]") },
    { "a plus",                             TEXT("[+1]") },
    { "a plus and infinity",                TEXT("[+Inf]") },
    { "-01",                                TEXT("[-01]") },
    { "-1.0.",                              TEXT("[-1.0.]") },
    { "-2.",                                TEXT("[-2.]") },
    { "-NaN",                               TEXT("[-NaN]") },
    { "a minus and a point",                TEXT("[-.5]") },
    { "a point first",                      TEXT("[.-1]") },
    { "a fraction without a whole part",    TEXT("[.2e-3]") },
    { "0.1.2",                              TEXT("[0.1.2]") },
    { "0.3e",                               TEXT("[0.3e]") },
    { "0.3e+",                              TEXT("[0.3e+]") },
    { "0E",                                 TEXT("[0E]") },
    { "0E+",                                TEXT("[0E+]") },
    { "0.e1",                               TEXT("[0.e1]") },
    { "0e",                                 TEXT("[0e]") },
    { "0e+",                                TEXT("[0e+]") },
    { "1_000 as in C",                      TEXT("[1_000]") },
    { "a blank inside a number",            TEXT("[1 000.0]") },
    { "a comma inside a number",            TEXT("[1,000 000]") },
    { "1.0e",                               TEXT("[1.0e]") },
    { "1.0e-",                              TEXT("[1.0e-]") },
    { "1.0e+",                              TEXT("[1.0e+]") },
    { "1eE2",                               TEXT("[1eE2]") },
    { "2.e+3",                              TEXT("[2.e+3]") },
    { "2.e-3",                              TEXT("[2.e-3]") },
    { "2.e3",                               TEXT("[2.e3]") },
    { "9.e+",                               TEXT("[9.e+]") },
    { "an expression",                      TEXT("[1+2]") },
    { "hexadecimal, one digit",             TEXT("[0x1]") },
    { "hexadecimal, two digits",            TEXT("[0x42]") },
    { "infinity",                           TEXT("[Infinity]") },
    { "minus infinity",                     TEXT("[-Infinity]") },
    { "Inf",                                TEXT("[Inf]") },
    { "NaN",                                TEXT("[NaN]") },
    { "nan",                                TEXT("[nan]") },
    { "a digit of another script",          TEXT("[\xEF\xBC\x91]") },
    { "a Bengali digit",                    TEXT("[১]") },
    { "0 and letters",                      TEXT("[0e1x]") },
    { "-0 and a digit",                     TEXT("[-012]") },
    { "a minus and a blank",                TEXT("[- 1]") },
    { "a minus and a letter",               TEXT("[-foo]") },
    { "a negative number with letters",     TEXT("[-1x]") },
    { "letters behind an exponent",         TEXT("[1ea]") },
    { "a letter behind a number",           TEXT("[1.2a-3]") },
    { "1.8011670033376514H-308",            TEXT("[1.8011670033376514H-308]") },
    { "a 0 before a whole number",          TEXT("[012]") },
    { "00",                                 TEXT("[00]") },
    { "00.0",                               TEXT("[00.0]") },
    { "-00.0",                              TEXT("[-00.0]") },
    { "00e0",                               TEXT("[00e0]") },
    { "a number that ends in a bad byte",   TEXT("[123\xE5]") },
    { "an exponent that ends in a bad byte", TEXT("[1e1\xE5]") },
    { "a 0 that ends in a bad byte",        TEXT("[0\xE5]\n") },
    { "two minuses",                        TEXT("[--1]") },
    { "two points",                         TEXT("[1..2]") },
    { "two signs in an exponent",           TEXT("[1e+-2]") },
    { "a fraction in an exponent",          TEXT("[1e2.5]") },

    { "a name that is not text",            TEXT("[{1:1}]") },
    { "a comma instead of a colon",         TEXT("{\"x\", null}") },
    { "two colons",                         TEXT("{\"x\"::\"b\"}") },
    { "an emoji as a name",                 TEXT("{🇨🇭}") },
    { "a bracket instead of a brace",       TEXT("{\"a\":1]") },
    { "a brace instead of a bracket",       TEXT("[1}") },
    { "a name without quotes",              TEXT("{a: \"b\"}") },
    { "a name that is a number",            TEXT("{9999E9999:1}") },
    { "no colon",                           TEXT("{\"a\" b}") },
    { "no colon before a value",            TEXT("{\"a\" \"b\"}") },
    { "no name",                            TEXT("{:\"b\"}") },
    { "no value",                           TEXT("{\"a\":") },
    { "no value before a comma",            TEXT("{\"a\":,\"b\":1}") },
    { "only a name",                        TEXT("{\"a\"") },
    { "null as a name",                     TEXT("{null:null,null:null}") },
    { "five commas",                        TEXT("{\"id\":0,,,,,}") },
    { "single quotes",                      TEXT("{'a':0}") },
    { "a comma before the end, object",     TEXT("{\"id\":0,}") },
    { "a comment behind",                   TEXT("{\"a\":\"b\"}/**/") },
    { "a comment that is not closed",       TEXT("{\"a\":\"b\"}/**//") },
    { "a line comment",                     TEXT("{\"a\":\"b\"}//") },
    { "half a line comment",                TEXT("{\"a\":\"b\"}/") },
    { "two commas between members",         TEXT("{\"a\":\"b\",,\"c\":\"d\"}") },
    { "a word as a name",                   TEXT("{a:\"b\"}") },
    { "a name that is not closed",          TEXT("{\"a\":\"a") },
    { "a text that is not a member",        TEXT("{ \"foo\" : \"bar\", \"a\" }") },
    { "something behind an object",         TEXT("{\"a\":\"b\"}#") },
    { "a lone brace",                       TEXT("{") },
    { "a comma as the only member",         TEXT("{,}") },
    { "an object not closed",               TEXT("{\"a\":1") },
    { "a comma and no end, object",         TEXT("{\"a\":1,") },

    { "a lone blank",                       TEXT(" ") },
    { "nothing",                            TEXT("") },
    { "half a pair, then an escape cut short", TEXT("[\"\\uD800\\\"]") },
    { "half a pair, then \\u",              TEXT("[\"\\uD800\\u\"]") },
    { "half a pair, then \\u1",             TEXT("[\"\\uD800\\u1\"]") },
    { "half a pair, then \\u1x",            TEXT("[\"\\uD800\\u1x\"]") },
    { "an accent without quotes",           TEXT("[\xC3\xA9]") },
    { "a NUL behind a backslash",           TEXT("[\"\\\0\"]") },
    { "an escape that is not closed",       TEXT("[\"\\\"]") },
    { "a backslash and x",                  TEXT("[\"\\x00\"]") },
    { "three backslashes and no end",       TEXT("[\"\\\\\\\"]") },
    { "a backslash and a tab",              TEXT("[\"\\\t\"]") },
    { "a backslash and an emoji",           TEXT("[\"\\🌀\"]") },
    { "a backslash and a",                  TEXT("[\"\\a\"]") },
    { "a backslash and a capital N",        TEXT("[\"\\N\"]") },
    { "an octal escape",                    TEXT("[\"\\101\"]") },
    { "an escape of three digits",          TEXT("[\"\\u00A\"]") },
    { "an escape cut by the text's end",    TEXT("[\"\\uD834\\uDd\"]") },
    { "a pair cut by the text's end",       TEXT("[\"\\uD800\\uD800\\x\"]") },
    { "a backslash and a bad byte",         TEXT("[\"\\\xE5\"]") },
    { "an escape with a letter too far",    TEXT("[\"\\uqqqq\"]") },
    { "an escape with a bad byte",          TEXT("[\"\\u\xE5\"]") },
    { "a capital U",                        TEXT("[\"\\U0041\"]") },
    { "an escaped blank without quotes",    TEXT("[\\u0020\"asd\"]") },
    { "letters without quotes",             TEXT("[\\n]") },
    { "one quote",                          TEXT("\"") },
    { "single quotes in an array",          TEXT("['single quote']") },
    { "one letter",                         TEXT("abc") },
    { "a text that begins with an escape",  TEXT("[\"\\") },
    { "a NUL inside a text",                TEXT("[\"a\0a\"]") },
    { "a line end inside a text",           TEXT("[\"new\nline\"]") },
    { "a tab inside a text",                TEXT("[\"\t\"]") },
    { "the last control character",         TEXT("[\"\x1F\"]") },
    { "a capital escape",                   TEXT("\"\\UA66D\"") },
    { "something behind a text",            TEXT("\"\"x") },

    { "angle brackets",                     TEXT("<.>") },
    { "angle brackets around null",         TEXT("[<null>]") },
    { "two empty things",                   TEXT("[1]x") },
    { "a bracket too many behind",          TEXT("[1]]") },
    { "a word in capitals",                 TEXT("[True]") },
    { "NULL in capitals",                   TEXT("NULL") },
    { "two brackets the wrong way",         TEXT("1]") },
    { "a word and a brace",                 TEXT("{\"x\": true,") },
    { "two arrays",                         TEXT("[][]") },
    { "a closing bracket alone",            TEXT("]") },
    { "a closing brace alone",              TEXT("}") },
    { "a byte order mark cut short",        TEXT("\xEF\xBB{}") },
    { "a bad byte alone",                   TEXT("\xE5") },
    { "an opening bracket alone",           TEXT("[") },
    { "a NUL in front",                     TEXT("\0[]") },
    { "a NUL between",                      TEXT("[\0]") },
    { "a number and a comma",               TEXT("2@") },
    { "something behind an object",         TEXT("{}}") },
    { "an object behind a name",            TEXT("{\"\":") },
    { "an object, a comment, no end",       TEXT("{\"a\":/*comment*/\"b\"") },
    { "a comment inside",                   TEXT("{\"a\":/*comment*/\"b\"}") },
    { "an object and a text",               TEXT("{\"a\": true} \"x\"") },
    { "an array, an apostrophe",            TEXT("['") },
    { "an array and a comma",               TEXT("[,") },
    { "an array, an object, no end",        TEXT("[{") },
    { "an array, a text, no end",           TEXT("[\"a") },
    { "an array, a whole text, no end",     TEXT("[\"a\"") },
    { "an object and a bracket",            TEXT("{[") },
    { "an object and a comma",              TEXT("{,") },
    { "an object and an object",            TEXT("{{") },
    { "an object and a text, no end",       TEXT("{\"a") },
    { "an object and an apostrophe",        TEXT("{'a'") },
    { "brackets and escapes at random",     TEXT("[\"\\{[\"\\{[\"\\{[\"\\{") },
    { "an accent alone",                    TEXT("\xC3\xA9") },
    { "a star alone",                       TEXT("*") },
    { "something behind a closed object",   TEXT("{\"a\":\"b\"}#{}") },
    { "an escaped line end outside",        TEXT("[\\u000A\"\"]") },
    { "false cut short, no end",            TEXT("[ false, nul") },
    { "false cut short, one letter",        TEXT("[ true, fals") },
    { "true cut short, no end",             TEXT("[ false, tru") },
    { "a quote in capitals",                TEXT("[\"asd]") },
    { "a form feed as a blank",             TEXT("[\f]") },
    { "a vertical tab as a blank",          TEXT("[\v]") },
    { "a word joiner as a blank",           TEXT("[\xE2\x81\xA0]") },
    { "a no-break space as a blank",        TEXT("[\xC2\xA0]") },
    { "a line separator as a blank",        TEXT("[\xE2\x80\xA8]") },
};

// Where the standard leaves a choice.
static const struct {
    const char *row;
    Str text;
    bool is_accepted;
} chosen[] = {
    { "a huge exponent stays text",
      TEXT("[0.4e00669999999999999999999999999999999999999999999999"
           "99999999999999999999999999999999969999999006]"), true },
    { "-1e+9999 stays text",                TEXT("[-1e+9999]"),           true },
    { "1.5e+9999 stays text",               TEXT("[1.5e+9999]"),          true },
    { "-123123e100000 stays text",          TEXT("[-123123e100000]"),     true },
    { "123123e100000 stays text",           TEXT("[123123e100000]"),      true },
    { "123e-10000000 stays text",           TEXT("[123e-10000000]"),      true },
    { "a very big negative whole number",   TEXT("[-123123123123123123123123123123]"), true },
    { "a very big whole number",            TEXT("[100000000000000000000]"), true },
    { "more digits than a double has",
      TEXT("[-237462374673276894279832749832423479823246327846]"), true },

    { "an escaped high half alone",         TEXT("[\"\\uDADA\"]"),        false },
    { "an escaped low half alone",          TEXT("[\"\\uDd1e\"]"),        false },
    { "a high half as the first name",      TEXT("{\"\\uDFAA\":0}"),      false },
    { "a high half and a letter",           TEXT("[\"\\ud800abc\"]"),     false },
    { "a high half and an escape",          TEXT("[\"\\uD800\\n\"]"),     false },
    { "a high half and no low half",        TEXT("[\"\\uD888\\u1234\"]"), false },
    { "a high half and a whole character",  TEXT("[\"\\uD800\\uE000\"]"), false },
    { "two high halves",                    TEXT("[\"\\uD800\\uD800\"]"), false },
    { "the halves the wrong way round",     TEXT("[\"\\uDd1e\\uD834\"]"), false },
    { "a low half, then text",              TEXT("[\"\\uDFAA and on\"]"), false },

    { "Latin-1",                            TEXT("[\"\xE9\"]"),           false },
    { "bytes that are no UTF-8",            TEXT("[\"\xFF\"]"),           false },
    { "a surrogate in UTF-8",               TEXT("[\"\xED\xA0\x80\"]"),   false },
    { "Japanese in Shift-JIS",              TEXT("[\"\x93\xFA\x8C\xEA\"]"), false },
    { "a middle byte alone",                TEXT("[\"\x81\"]"),           false },
    { "a character cut short",              TEXT("[\"\xE0\xFF\"]"),       false },
    { "longer than needed, two bytes",      TEXT("[\"\xC0\xAF\"]"),       false },
    { "longer than needed, six bytes",      TEXT("[\"\xFC\x83\xBF\xBF\xBF\xBF\"]"), false },
    { "beyond the last code point",         TEXT("[\"\xF4\xBF\xBF\xBF\"]"), false },
    { "UTF-16 little-endian with a mark",   TEXT("\xFF\xFE[\0\"\0\xE9\0\"\0]\0"), false },
    { "UTF-16 little-endian",               TEXT("[\0\"\0\xE9\0\"\0]\0"), false },
    { "UTF-16 big-endian",                  TEXT("\0[\0\"\0\xE9\0\"\0]"), false },
    { "a byte order mark in front",         TEXT("\xEF\xBB\xBF{}"),       false },
    { "a byte order mark and nothing",      TEXT("\xEF\xBB\xBF"),         false },

    { "a name twice",                       TEXT("{\"a\":\"b\",\"a\":\"c\"}"), false },
    { "a name twice with the same value",   TEXT("{\"a\":\"b\",\"a\":\"b\"}"), false },
    { "a name twice, once in escapes",      TEXT("{\"ab\":1,\"\\u0061b\":2}"), false },
    { "an empty name twice",                TEXT("{\"\":1,\"\":2}"),      false },
};
// clang-format on

// The text stands at the very end of its own memory, so that reading on is seen by the sanitizer.
static void check(const Row *row, bool is_accepted)
{
    Ctx *ctx = test_ctx();
    const Json *tree = NULL;
    char *exact = malloc(row->text.len ? row->text.len : 1);
    memcpy(exact, row->text.ptr, row->text.len);
    Str text = { exact, row->text.len };

    test_row = row->row;
    if (is_accepted)
        CHECK_OK(ctx, json_parse(ctx, text, &tree));
    else
        CHECK_FAILS(ctx, "json.syntax", json_parse(ctx, text, &tree));
    CHECK(is_accepted == (tree != NULL));
    free(exact);
    arena_clear(ctx->arena);
}

static void test_accepted(void)
{
    for (size_t i = 0; i < COUNT(accepted); i++)
        check(&accepted[i], true);
}

static void test_refused(void)
{
    for (size_t i = 0; i < COUNT(refused); i++)
        check(&refused[i], false);
}

static void test_chosen(void)
{
    for (size_t i = 0; i < COUNT(chosen); i++)
        check(&(Row){ chosen[i].row, chosen[i].text }, chosen[i].is_accepted);
}

// Every text that was accepted, cut anywhere, is either refused or a shorter document ("42" to
// "4").
static void test_cut_anywhere(void)
{
    for (size_t i = 0; i < COUNT(accepted); i++) {
        Str text = str_trim(accepted[i].text);
        bool is_bracketed = text.ptr[0] == '[' || text.ptr[0] == '{' || text.ptr[0] == '"';
        for (size_t len = 0; is_bracketed && len < text.len; len++)
            check(&(Row){ accepted[i].row, { text.ptr, len } }, false);
    }
}

static Str nested(Ctx *ctx, const char *open, const char *close, int levels)
{
    Buf out = { .arena = ctx->arena };
    for (int i = 0; i < levels; i++)
        buf_c(&out, open);
    buf_c(&out, "null");
    for (int i = 0; i < levels; i++)
        buf_c(&out, close);
    return buf_str(&out);
}

static void test_nesting(void)
{
    // clang-format off
    static const struct {
        const char *row, *open, *close;
        int levels;
        const char *code;
    } rows[] = {
        { "arrays, at the limit",            "[",       "]", JSON_DEPTH,     NULL },
        { "arrays, one beyond",              "[",       "]", JSON_DEPTH + 1, "json.syntax" },
        { "objects, at the limit",           "{\"a\":", "}", JSON_DEPTH,     NULL },
        { "objects, one beyond",             "{\"a\":", "}", JSON_DEPTH + 1, "json.syntax" },
        { "many brackets, never closed",     "[",       "",  100000,         "json.syntax" },
        { "many objects, never closed",      "[{\"\":", "",  50000,          "json.syntax" },
    };
    // clang-format on
    Ctx *ctx = test_ctx();
    for (size_t i = 0; i < COUNT(rows); i++) {
        const Json *tree;
        Str text = nested(ctx, rows[i].open, rows[i].close, rows[i].levels);
        test_row = rows[i].row;
        test_check_status(__FILE__, __LINE__, "json_parse", ctx, json_parse(ctx, text, &tree),
                          rows[i].code);
    }
}

// Nesting side by side is no depth.
static void test_wide_is_not_deep(void)
{
    Ctx *ctx = test_ctx();
    Buf out = { .arena = ctx->arena };
    const Json *tree = NULL;
    buf_char(&out, '[');
    for (int i = 0; i < 1000; i++)
        buf_c(&out, i ? ",[{}]" : "[{}]");
    buf_char(&out, ']');
    CHECK_OK(ctx, json_parse(ctx, buf_str(&out), &tree));
    CHECK_INT((int64_t)tree->count, 1000);
}

const Test json_suite_tests[] = {
    { "what every reader accepts", test_accepted },
    { "what every reader refuses", test_refused },
    { "what the standard leaves open", test_chosen },
    { "a document cut anywhere is refused", test_cut_anywhere },
    { "nesting has a limit", test_nesting },
    { "wide is not deep", test_wide_is_not_deep },
    { 0 },
};
