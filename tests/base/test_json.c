// test_json.c - JSON in and out: what a tree holds, what a mistake is told, what is written, and
// that what is written reads back as it was. Which texts are JSON at all: test_json_suite.c.
#include "base/json.h"

#include "harness.h"
#include "json_same.h"

#include "base/utf8.h"

static const Json *parsed(Ctx *ctx, const char *text)
{
    static const Json nothing;
    const Json *tree = &nothing;
    CHECK_OK(ctx, json_parse(ctx, str_from(text), &tree));
    return tree;
}

static Str written(Ctx *ctx, const Json *tree)
{
    Buf out = { .arena = ctx->arena };
    json_put_tree(&(JsonOut){ .out = &out }, tree);
    return buf_str(&out);
}

static void test_tree(void)
{
    Ctx *ctx = test_ctx();
    const Json *order =
        parsed(ctx, "{\"number\":\"SO-1\",\"lines\":[{\"net\":12.50},{\"net\":1e2}],"
                    "\"open\":true,\"gift\":false,\"note\":null}");
    CHECK_INT(order->type, JSON_OBJECT);
    CHECK_INT((int64_t)order->count, 5);
    CHECK_STR(order->first->key, "number");
    CHECK_STR(json_str(order, "number"), "SO-1");
    CHECK(json_true(order, "open") && !json_true(order, "gift"));
    CHECK_INT(json_get(order, "note")->type, JSON_NULL);

    const Json *lines = json_get(order, "lines");
    CHECK_INT(lines->type, JSON_ARRAY);
    CHECK_INT((int64_t)lines->count, 2);
    CHECK_STR(json_get(lines->first, "net")->text, "12.50");
    CHECK_STR(json_get(lines->first->next, "net")->text, "1e2");
    CHECK(lines->first->next->next == NULL);
}

static void test_looking_for_what_is_not_there(void)
{
    Ctx *ctx = test_ctx();
    const Json *tree = parsed(ctx, "{\"n\":1,\"s\":\"x\",\"list\":[1]}");
    int64_t number = 7;
    CHECK(json_get(tree, "other") == NULL);
    CHECK(json_get(tree, "N") == NULL);
    CHECK(json_get(NULL, "n") == NULL);
    CHECK(json_get(json_get(tree, "list"), "n") == NULL);
    CHECK_STR(json_str(tree, "other"), "");
    CHECK_STR(json_str(tree, "n"), "");
    CHECK(!json_true(tree, "other") && !json_true(tree, "s"));
    CHECK(!json_int(NULL, &number) && !json_int(json_get(tree, "s"), &number));
    CHECK_INT(number, 7);
}

static void test_texts(void)
{
    // clang-format off
    static const struct {
        const char *json, *text;
    } rows[] = {
        { "\"\"",                                   "" },
        { "\"plain\"",                              "plain" },
        { "\"জুতা 👟\"",                              "জুতা 👟" },
        { "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"",          "\"\\/\b\f\n\r\t" },
        { "\"\\u0041\\u00e9\\u0995\\uFFFF\"",       "Aéক\xEF\xBF\xBF" },
        { "\"\\ud83d\\udc5f and \\uDBFF\\uDFFF\"",  "👟 and \xF4\x8F\xBF\xBF" },
        { "\"\\uD800\\uDC00\"",                     "\xF0\x90\x80\x80" },
        { "\"a\\\\u0041\"",                         "a\\u0041" },
        { "\"ends in a backslash\\\\\"",            "ends in a backslash\\" },
    };
    // clang-format on
    Ctx *ctx = test_ctx();
    for (size_t i = 0; i < COUNT(rows); i++) {
        test_row = rows[i].json;
        CHECK_STR(parsed(ctx, rows[i].json)->text, rows[i].text);
    }
    test_row = NULL;
    Str with_nul = parsed(ctx, "\"a\\u0000b\"")->text;
    CHECK_INT((int64_t)with_nul.len, 3);
    CHECK_INT(with_nul.ptr[1], 0);
}

static void test_texts_without_escapes_are_views(void)
{
    Ctx *ctx = test_ctx();
    Str text = S("[\"view\",\"cop\\u0079\"]");
    const Json *tree = NULL;
    CHECK_OK(ctx, json_parse(ctx, text, &tree));
    CHECK(tree->first->text.ptr == text.ptr + 2);
    const char *copy = tree->first->next->text.ptr;
    CHECK(copy < text.ptr || copy >= text.ptr + text.len);
}

static void test_whole_numbers(void)
{
    // clang-format off
    static const struct {
        const char *json;
        bool is_whole;
        int64_t value;
    } rows[] = {
        { "0",                      true,  0 },
        { "-0",                     true,  0 },
        { "42",                     true,  42 },
        { "-42",                    true,  -42 },
        { "9223372036854775807",    true,  INT64_MAX },
        { "-9223372036854775808",   true,  INT64_MIN },
        { "9223372036854775808",    false, 0 },
        { "-9223372036854775809",   false, 0 },
        { "100000000000000000000",  false, 0 },
        { "5.0",                    true,  5 },
        { "-5.000",                 true,  -5 },
        { "5.5",                    false, 0 },
        { "1e3",                    true,  1000 },
        { "1E+3",                   true,  1000 },
        { "1.25e2",                 true,  125 },
        { "1.255e2",                false, 0 },
        { "1.5e18",                 true,  INT64_C(1500000000000000000) },
        { "1e18",                   true,  INT64_C(1000000000000000000) },
        { "1e19",                   false, 0 },
        { "9.3e18",                 false, 0 },
        { "1500e-2",                true,  15 },
        { "-1500.0e-2",             true,  -15 },
        { "1550e-2",                false, 0 },
        { "15e-2",                  false, 0 },
        { "1e-19",                  false, 0 },
        { "1e99999999999999999999", false, 0 },
        { "1e-99999999999999999999", false, 0 },
        { "1e-9223372036854775808", false, 0 },
    };
    // clang-format on
    Ctx *ctx = test_ctx();
    for (size_t i = 0; i < COUNT(rows); i++) {
        int64_t value = 0;
        test_row = rows[i].json;
        CHECK(json_int(parsed(ctx, rows[i].json), &value) == rows[i].is_whole);
        CHECK_INT(value, rows[i].value);
    }
}

static void test_mistakes_are_explained(void)
{
    // clang-format off
    static const struct {
        const char *json;
        int line, column;
        const char *what;
    } rows[] = {
        { "",                  1, 1, "the text ends too early, expected a value: text in double "
                                     "quotes, a number, true, false, null, [ or {" },
        { "[1, x]",            1, 5, "expected a value: text in double quotes, a number, true, "
                                     "false, null, [ or {" },
        { "{\n  \"a\": 1\n  \"b\": 2\n}", 3, 3, "expected a comma or }" },
        { "[1 2]",             1, 4, "expected a comma or ]" },
        { "[1, 2",             1, 6, "the text ends too early, expected a comma or ]" },
        { "[]\r\n\r\n  x",     3, 3, "expected nothing more behind the value" },
        { "{\"জুতা\" 1}",       1, 9, "expected a colon after the name" },
        { "{'a': 1}",          1, 2, "expected a name in double quotes" },
        { "{\"a\": 1,}",       1, 9, "expected a name in double quotes" },
        { "{\"a\":1,\n \"a\":3}", 2, 2, "the name \"a\" stands twice in one object" },
        { "[\"ab",             1, 5, "the text ends too early, expected a closing quote" },
        { "[\"ab\n\"]",        1, 5, "a control character inside a text, expected an escape such "
                                     "as \\n" },
        { "[\"a\\qb\"]",       1, 4, "expected one of \" \\ / b f n r t u after a backslash" },
        { "[\"\\u12\"]",       1, 3, "expected four hexadecimal digits after \\u" },
        { "[\"a \\ud83d b\"]", 1, 5, "half of a surrogate pair, expected both halves one after "
                                     "the other" },
        { "[007]",             1, 3, "a number may not start with 0" },
        { "[-]",               1, 3, "expected a digit after the minus" },
        { "[1.]",              1, 4, "expected a digit after the decimal point" },
        { "[1e]",              1, 4, "expected a digit in the exponent" },
        { "[1,\n\"caf\xE9\"]", 2, 5, "a byte that is not UTF-8, expected UTF-8 throughout" },
        { "\xEF\xBB\xBF[]",    1, 1, "a byte order mark stands in front, expected plain UTF-8 "
                                     "without one" },
    };
    // clang-format on
    Ctx *ctx = test_ctx();
    for (size_t i = 0; i < COUNT(rows); i++) {
        const Json *tree = NULL;
        Str message = str_format(ctx->arena, "line %d, column %d: %s", rows[i].line, rows[i].column,
                                 rows[i].what);
        test_row = rows[i].json;
        CHECK_INT(json_parse(ctx, str_from(rows[i].json), &tree), E_INVALID);
        CHECK_STR(ctx->failure.message, message.ptr);
        CHECK_FAILS(ctx, "json.syntax", E_INVALID);
        CHECK(tree == NULL);
    }
}

static Str many_names(Ctx *ctx, int count, const char *last)
{
    Buf out = { .arena = ctx->arena };
    buf_char(&out, '{');
    for (int i = 0; i < count; i++)
        buf_printf(&out, "\"name number %d\":%d,", i, i);
    buf_printf(&out, "\"%s\":null}", last);
    return buf_str(&out);
}

static void test_a_name_twice_is_found_among_many(void)
{
    static const int counts[] = { 1, 14, 15, 16, 17, 31, 32, 33, 1000, 100000 };
    Ctx *ctx = test_ctx();
    for (size_t i = 0; i < COUNT(counts); i++) {
        int n = counts[i];
        const Json *tree = NULL;
        test_row = str_format(ctx->arena, "%d names", n).ptr;
        CHECK_OK(ctx, json_parse(ctx, many_names(ctx, n, "another"), &tree));
        CHECK_INT((int64_t)tree->count, n + 1);
        CHECK_FAILS(ctx, "json.syntax",
                    json_parse(ctx, many_names(ctx, n, "name number 0"), &tree));
        CHECK_FAILS(ctx, "json.syntax",
                    json_parse(ctx, many_names(ctx, n, "n\\u0061me number 0"), &tree));
        Str newest = str_format(ctx->arena, "name number %d", n - 1);
        CHECK_FAILS(ctx, "json.syntax", json_parse(ctx, many_names(ctx, n, newest.ptr), &tree));
    }
}

static void test_a_long_name_is_shown_short(void)
{
    Ctx *ctx = test_ctx();
    const Json *tree = NULL;
    Buf out = { .arena = ctx->arena };
    buf_c(&out, "{\"");
    for (int i = 0; i < 5000; i++)
        buf_c(&out, "ক");
    Str name = buf_str(&out);
    Str text = str_format(ctx->arena, STR_FMT "\":1,\"" STR_FMT "\":2}", STR_ARG(name),
                          STR_ARG(str_from_at(name, 2)));
    CHECK_INT(json_parse(ctx, text, &tree), E_INVALID);
    CHECK(utf8_len(ctx->failure.message) < 120);
    CHECK(utf8_valid(ctx->failure.message));
}

static void test_writing(void)
{
    Ctx *ctx = test_ctx();
    Buf out = { .arena = ctx->arena };
    JsonOut json = { .out = &out };
    json_open(&json, '{');
    json_key(&json, "number");
    json_put_str(&json, S("SO-1"));
    json_key_str(&json, S("lines"));
    json_open(&json, '[');
    json_put_int(&json, INT64_MIN);
    json_put_bool(&json, true);
    json_put_bool(&json, false);
    json_put_null(&json);
    json_put_raw(&json, S("12.50"));
    json_open(&json, '[');
    json_close(&json, ']');
    json_open(&json, '{');
    json_close(&json, '}');
    json_close(&json, ']');
    json_key(&json, "a \"b\"");
    json_open(&json, '{');
    json_key(&json, "c");
    json_put_int(&json, 0);
    json_close(&json, '}');
    json_close(&json, '}');
    CHECK_STR(buf_str(&out), "{\"number\":\"SO-1\",\"lines\":[-9223372036854775808,true,false,null,"
                             "12.50,[],{}],\"a \\\"b\\\"\":{\"c\":0}}");
}

static void test_quoting(void)
{
    // clang-format off
    static const struct {
        const char *text, *quoted;
    } rows[] = {
        { "",                    "\"\"" },
        { "plain",               "\"plain\"" },
        { "জুতা 👟",               "\"জুতা 👟\"" },
        { "say \"hi\"",          "\"say \\\"hi\\\"\"" },
        { "\"",                  "\"\\\"\"" },
        { "c:\\temp/x",          "\"c:\\\\temp/x\"" },
        { "\b\f\n\r\t",          "\"\\b\\f\\n\\r\\t\"" },
        { "\x01\x1F\x7F",        "\"\\u0001\\u001f\x7F\"" },
        { "জু\nতা",                "\"জু\\nতা\"" },
        { "caf\xE9\"",           "\"caf\uFFFD\\\"\"" },
        { "\xED\xA0\x80",        "\"\uFFFD\uFFFD\uFFFD\"" },
    };
    // clang-format on
    Ctx *ctx = test_ctx();
    for (size_t i = 0; i < COUNT(rows); i++) {
        Buf out = { .arena = ctx->arena };
        json_quote(&out, str_from(rows[i].text));
        test_row = rows[i].quoted;
        CHECK_STR(buf_str(&out), rows[i].quoted);
    }
    Buf out = { .arena = ctx->arena };
    json_quote(&out, (Str){ "a\0b", 3 });
    json_quote(&out, (Str){ NULL, 0 });
    CHECK_STR(buf_str(&out), "\"a\\u0000b\"\"\"");
}

static void test_a_full_buffer_stays_within_its_cap(void)
{
    Ctx *ctx = test_ctx();
    const Json *tree = parsed(ctx, "{\"name\":\"a longer text\",\"list\":[1,2,3,\"x\\ny\"]}");
    size_t whole = written(ctx, tree).len;
    for (size_t max = 1; max <= whole; max++) {
        Buf out = { .arena = ctx->arena, .max = max };
        json_put_tree(&(JsonOut){ .out = &out }, tree);
        CHECK(out.len <= max);
        CHECK(out.is_full == (max < whole));
    }
}

// ---- The law: written and read again, it is the same --------------------------------------------

static Str random_text(Ctx *ctx)
{
    Buf out = { .arena = ctx->arena };
    for (int64_t left = random_below(ctx->random, 30); left > 0; left--) {
        char bytes[4];
        size_t len;
        int32_t c =
            (int32_t)random_below(ctx->random, random_chance(ctx->random, 4) ? 0x110000 : 0x80);
        utf8_put(bytes, c >= 0xD800 && c <= 0xDFFF ? 0xFFFD : c, &len);
        buf_put(&out, (Str){ bytes, len });
    }
    return buf_str(&out);
}

static void put_random(Ctx *ctx, JsonOut *json, int depth)
{
    static const char *const numbers[] = { "0", "-0", "12.50", "1e400", "-3.0E-7", "7" };
    int64_t kind = random_below(ctx->random, depth < 6 ? 8 : 6);
    if (kind >= 6) {
        bool is_object = kind == 6;
        json_open(json, is_object ? '{' : '[');
        for (int64_t i = random_below(ctx->random, 40); i > 0; i--) {
            if (is_object)
                json_key_str(
                    json, str_format(ctx->arena, "%d " STR_FMT, (int)i, STR_ARG(random_text(ctx))));
            put_random(ctx, json, depth + 2);
        }
        json_close(json, is_object ? '}' : ']');
    } else if (kind >= 3) {
        json_put_str(json, random_text(ctx));
    } else if (kind == 2) {
        json_put_raw(json, str_from(numbers[random_below(ctx->random, COUNT(numbers))]));
    } else if (kind == 1) {
        json_put_bool(json, random_chance(ctx->random, 2));
    } else {
        json_put_null(json);
    }
}

static void test_written_and_read_again(void)
{
    Ctx *ctx = test_ctx();
    for (int round = 0; round < 200; round++) {
        Buf out = { .arena = ctx->arena };
        put_random(ctx, &(JsonOut){ .out = &out }, 0);
        const Json *first = parsed(ctx, buf_str(&out).ptr);
        Str again = written(ctx, first);
        CHECK(str_eq(again, buf_str(&out)));
        CHECK(json_same(first, parsed(ctx, again.ptr)));
        arena_clear(ctx->arena);
    }
}

// Bytes changed, lost and doubled at random: refused or read, never anything worse.
static void test_damaged_documents(void)
{
    static const char bytes[] = "{}[]\",:\\u019eE+-.truefalsn \n\t\x80\xE0";
    static const char document[] =
        "{\"number\":\"SO-1\",\"lines\":[{\"net\":-12.50e+1,\"n\":null},true,"
        "\"\\ud83d\\udc5f\\n\"],\"জুতা\":false}";
    Ctx *ctx = test_ctx();
    for (int round = 0; round < 20000; round++) {
        Str text = str_copy(ctx->arena, str_from(document));
        char *at = (char *)text.ptr;
        for (int64_t left = 1 + random_below(ctx->random, 4); left > 0; left--)
            at[random_below(ctx->random, (int64_t)text.len)] =
                bytes[random_below(ctx->random, sizeof bytes - 1)];
        const Json *first = NULL, *second = NULL;
        if (json_parse(ctx, str_sub(text, (size_t)random_below(ctx->random, 2), text.len),
                       &first) == OK) {
            CHECK_OK(ctx, json_parse(ctx, written(ctx, first), &second));
            CHECK(json_same(first, second));
        } else {
            CHECK_FAILS(ctx, "json.syntax", E_INVALID);
        }
        arena_clear(ctx->arena);
    }
}

// ---- Memory -------------------------------------------------------------------------------------

typedef struct Work {
    Str text;
    const Json *tree;
} Work;

static Status parse_work(Ctx *ctx, void *arg)
{
    Work *work = arg;
    return json_parse(ctx, work->text, &work->tree);
}

static void test_every_allocation_may_fail(void)
{
    Ctx *ctx = test_ctx();
    Arena texts = { 0 };
    Ctx outside = { .arena = &texts };
    Work work = { .text = many_names(&outside, 40, "esc\\u0061ped") };
    Status status = E_LIMIT;
    for (long n = 1; status != OK; n++) {
        ctx->arena->fail_after = n;
        status = ctx_guard(ctx, parse_work, &work);
        CHECK((status == OK) == (work.tree != NULL));
        CHECK(status == OK || status == E_LIMIT);
        ctx->arena->fail_after = 0;
        ctx_recover(ctx);
        arena_clear(ctx->arena);
    }
    arena_release(&texts);
}

static void test_a_hostile_text_meets_the_cap(void)
{
    Ctx *ctx = test_ctx();
    Arena texts = { 0 };
    Buf out = { .arena = &texts };
    buf_char(&out, '[');
    for (int i = 0; i < 100000; i++)
        buf_c(&out, "0,");
    buf_c(&out, "0]");
    Work work = { .text = buf_str(&out) };
    ctx->arena->limit = 1 << 20;
    CHECK_FAILS(ctx, "memory.limit", ctx_guard(ctx, parse_work, &work));
    ctx->arena->limit = 0;
    arena_release(&texts);
}

const Test json_tests[] = {
    { "a tree holds what the text says", test_tree },
    { "looking for what is not there", test_looking_for_what_is_not_there },
    { "texts and their escapes", test_texts },
    { "texts without escapes are views", test_texts_without_escapes_are_views },
    { "whole numbers", test_whole_numbers },
    { "mistakes are explained", test_mistakes_are_explained },
    { "a name twice is found among many", test_a_name_twice_is_found_among_many },
    { "a long name is shown short", test_a_long_name_is_shown_short },
    { "writing", test_writing },
    { "quoting", test_quoting },
    { "a full buffer stays within its cap", test_a_full_buffer_stays_within_its_cap },
    { "written and read again it is the same", test_written_and_read_again },
    { "damaged documents are refused or read", test_damaged_documents },
    { "every allocation may fail", test_every_allocation_may_fail },
    { "a hostile text meets the cap", test_a_hostile_text_meets_the_cap },
    { 0 },
};
