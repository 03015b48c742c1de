// test_csv.c - CSV as it is met, row by row; and that rows written, cut into pieces and read are
// the same rows.
//
// What was read is shown as text: fields between bars, one row a line with the line number in
// front.
#include "base/csv.h"

#include "harness.h"

#define TEXT(literal)                                                                              \
    {                                                                                              \
        literal, sizeof(literal) - 1                                                               \
    }

static void show(Buf *out, const CsvReader *reader, CsvResult result, StrList fields,
                 const char *why)
{
    buf_printf(out, "%lld", (long long)csv_line(reader));
    if (result == CSV_BAD)
        buf_printf(out, " bad: %s", why);
    else
        EACH (field, fields)
            buf_printf(out, "|" STR_FMT, STR_ARG(*field));
    buf_c(out, "\n");
}

// Everything the reader can say now. False when it has come to the end.
static bool drain(CsvReader *reader, Buf *out)
{
    for (;;) {
        StrList fields = { 0 };
        const char *why = NULL;
        CsvResult result = csv_next(reader, &fields, &why);
        if (result == CSV_MORE || result == CSV_END)
            return result == CSV_MORE;
        show(out, reader, result, fields, why);
    }
}

// Reads the text in pieces of `piece` bytes.
static Str read_in_pieces(Arena *arena, Str text, char separator, size_t piece)
{
    CsvReader *reader = csv_reader(arena, separator);
    Buf out = { .arena = arena };
    for (size_t at = 0; at < text.len; at += piece) {
        csv_feed(reader, str_sub(text, at, piece));
        CHECK(drain(reader, &out));
    }
    csv_finish(reader);
    CHECK(!drain(reader, &out));
    CHECK(!drain(reader, &out));
    return buf_str(&out);
}

static void test_rows(void)
{
    // clang-format off
    static const struct {
        const char *row;
        Str text;
        const char *want;
    } rows[] = {
        { "nothing",                           TEXT(""),                     "" },
        { "one field",                         TEXT("a"),                    "1|a\n" },
        { "one row without a line end",        TEXT("a,b"),                  "1|a|b\n" },
        { "LF",                                TEXT("a,b\nc,d\n"),           "1|a|b\n2|c|d\n" },
        { "CR LF",                             TEXT("a,b\r\nc,d\r\n"),       "1|a|b\n2|c|d\n" },
        { "CR, as old Macs wrote",             TEXT("a,b\rc,d\r"),           "1|a|b\n2|c|d\n" },
        { "all three mixed",                   TEXT("a\rb\nc\r\nd"),
                                               "1|a\n2|b\n3|c\n4|d\n" },
        { "LF CR are two line ends",           TEXT("a\n\rb"),               "1|a\n3|b\n" },
        { "empty lines are skipped",           TEXT("\n\na\n\r\n\nb\n\n"),   "3|a\n6|b\n" },
        { "only empty lines",                  TEXT("\r\n\n\r"),             "" },
        { "a line of one blank is a row",      TEXT(" \n"),                  "1| \n" },
        { "empty fields",                      TEXT(",\n,,\n"),              "1||\n2|||\n" },
        { "a separator at the end",            TEXT("a,"),                   "1|a|\n" },
        { "an empty quoted field is a row",    TEXT("\"\"\n\"\""),           "1|\n2|\n" },
        { "blanks are kept",                   TEXT(" a , b "),              "1| a | b \n" },

        { "quotes go",                         TEXT("\"a\",\"b\""),          "1|a|b\n" },
        { "a separator in quotes",             TEXT("\"a,b\",c"),            "1|a,b|c\n" },
        { "two quotes are one",                TEXT("\"a \"\"b\"\" c\""),    "1|a \"b\" c\n" },
        { "only two quotes in quotes",         TEXT("\"\"\"\",\"\"\"\"\"\""), "1|\"|\"\"\n" },
        { "a LF in quotes, lines count on",    TEXT("\"a\nb\",c\nd"),        "1|a\nb|c\n3|d\n" },
        { "a CR LF in quotes stays as it is",  TEXT("\"a\r\nb\"\nd"),        "1|a\r\nb\n3|d\n" },
        { "a CR in quotes",                    TEXT("\"a\rb\"\nd"),          "1|a\rb\n3|d\n" },
        { "a CR before the closing quote",     TEXT("\"a\r\"\nd"),           "1|a\r\n3|d\n" },
        { "empty lines in quotes",             TEXT("\"\n\n\"\nd"),          "1|\n\n\n4|d\n" },
        { "a quote inside an unquoted field",  TEXT("5\" pipe,6\"\"x"),
                                               "1|5\" pipe|6\"\"x\n" },
        { "a quote behind a blank",            TEXT(" \"a,b\""),             "1| \"a|b\"\n" },
        { "text behind a closing quote stays", TEXT("\"ab\"cd,e"),           "1|abcd|e\n" },
        { "a quote behind that, too",          TEXT("\"ab\"c\"d\",e"),       "1|abc\"d\"|e\n" },
        { "a blank behind a closing quote",    TEXT("\"ab\" ,e"),            "1|ab |e\n" },

        { "a quote that is never closed",      TEXT("a\n\"b\nc\n"),
                                               "1|a\n2 bad: a quote is opened and never closed\n" },
        { "a byte order mark goes",            TEXT("\xEF\xBB\xBF" "a,b"),   "1|a|b\n" },
        { "a quote right behind the mark",     TEXT("\xEF\xBB\xBF\"a\",b"),  "1|a|b\n" },
        { "only a byte order mark",            TEXT("\xEF\xBB\xBF"),         "" },
        { "half a byte order mark stays",      TEXT("\xEF\xBB"),             "1|\xEF\xBB\n" },
        { "a mark further on stays",           TEXT("a,\xEF\xBB\xBF" "b"),
                                               "1|a|\xEF\xBB\xBF" "b\n" },
        { "other separators are characters",   TEXT("a;b\tc|d,e"),           "1|a;b\tc|d|e\n" },
        { "bytes that are no UTF-8 stay",      TEXT("caf\xE9,x"),            "1|caf\xE9|x\n" },
    };
    // clang-format on
    Ctx *ctx = test_ctx();
    for (size_t i = 0; i < COUNT(rows); i++)
        for (size_t piece = 1; piece <= rows[i].text.len + 1; piece++) {
            test_row = rows[i].row;
            CHECK_STR(read_in_pieces(ctx->arena, rows[i].text, ',', piece), rows[i].want);
        }
}

static void test_separators(void)
{
    // clang-format off
    static const struct {
        const char *row, *text, *want;
    } rows[] = {
        { "comma",                        "a,b\n1,2\n",                       "1|a|b\n2|1|2\n" },
        { "semicolon",                    "a;b\n1;2\n",                       "1|a|b\n2|1|2\n" },
        { "tab",                          "a\tb\n1\t2\n",                     "1|a|b\n2|1|2\n" },
        { "pipe",                         "a|b\n1|2\n",                       "1|a|b\n2|1|2\n" },
        { "nothing to go by",             "a\nb\n",                           "1|a\n2|b\n" },
        { "nothing at all",               "",                                 "" },
        { "decimal commas",               "sku;price\na;1,50\nb;2,75\n",
                                          "1|sku|price\n2|a|1,50\n3|b|2,75\n" },
        { "decimal commas, no header",    "1,50;2,75\n3,50;4,75\n",
                                          "1|1,50|2,75\n2|3,50|4,75\n" },
        { "sentences with commas",        "a\tnote\n1\tred, blue\n2\tx\n",
                                          "1|a|note\n2|1|red, blue\n3|2|x\n" },
        { "semicolons in some rows",      "a,b\n1;2,x\n3,y\n",
                                          "1|a|b\n2|1;2|x\n3|3|y\n" },
        { "semicolons in quotes only",    "\"a;x\",b\n\"1;2\",3\n",
                                          "1|a;x|b\n2|1;2|3\n" },
        { "line ends in quotes",          "\"a\n;\n;\",b\n1,2\n",
                                          "1|a\n;\n;|b\n4|1|2\n" },
        { "two quotes, then a semicolon", "\"a\"\";\",b\n\"\"\";\",c\n",
                                          "1|a\";|b\n2|\";|c\n" },
        { "a title line first",           "Stock 2026\n\na;b;c\n1;2;3\n",
                                          "1|Stock 2026\n3|a|b|c\n4|1|2|3\n" },
        { "one ragged row",               "a,b,c\n1,2,3\n4,5\n6,7,8\n",
                                          "1|a|b|c\n2|1|2|3\n3|4|5\n4|6|7|8\n" },
        { "a mark before quotes",         "\xEF\xBB\xBF\"a,x\";b\n\"1,2\";3\n",
                                          "1|a,x|b\n2|1,2|3\n" },
        { "CR line ends",                 "a;b\r1;2\r",                       "1|a|b\n2|1|2\n" },
    };
    // clang-format on
    Ctx *ctx = test_ctx();
    for (size_t i = 0; i < COUNT(rows); i++) {
        test_row = rows[i].row;
        for (size_t piece = 1; piece < 40; piece += 3)
            CHECK_STR(read_in_pieces(ctx->arena, str_from(rows[i].text), 0, piece), rows[i].want);
    }
}

// The separator of a long input is found from its beginning, before the rest has come.
static void test_separator_of_a_long_input(void)
{
    Ctx *ctx = test_ctx();
    Buf text = { .arena = ctx->arena }, shown = { .arena = ctx->arena };
    for (int i = 0; i < 3000; i++)
        buf_printf(&text, "%d;a,b;c\n", i);
    CsvReader *reader = csv_reader(ctx->arena, 0);
    csv_feed(reader, buf_str(&text));
    CHECK(drain(reader, &shown));
    CHECK(str_starts(buf_str(&shown), S("1|0|a,b|c\n2|1|a,b|c\n")));
    CHECK(str_ends(buf_str(&shown), S("\n3000|2999|a,b|c\n")));
}

static Str repeated(Arena *arena, const char *what, size_t times)
{
    Buf out = { .arena = arena };
    while (times-- > 0)
        buf_c(&out, what);
    return buf_str(&out);
}

// What lies behind the sample, or is cut off by its end, does not count, however much came at once.
static void test_the_sample_does_not_depend_on_the_pieces(void)
{
    static const size_t pieces[] = { 1000, 16384, 16385, 1 << 20 };
    Ctx *ctx = test_ctx();
    Str text = str_format(ctx->arena, "sku,note\na;%s\n%s", repeated(ctx->arena, "x", 20000).ptr,
                          repeated(ctx->arena, "b;c\n", 100).ptr);
    for (size_t i = 0; i < COUNT(pieces); i++)
        CHECK(str_starts(read_in_pieces(ctx->arena, text, 0, pieces[i]), S("1|sku|note\n2|a;xx")));
}

static void test_limits(void)
{
    Ctx *ctx = test_ctx();
    Str field = repeated(ctx->arena, "x", CSV_FIELD_MAX);
    Str fields = repeated(ctx->arena, ",", CSV_FIELDS_MAX - 1);
    const struct {
        const char *row;
        Str text;
        const char *bad;  // NULL: the row is read
    } rows[] = {
        { "a field at the limit", str_format(ctx->arena, "%s\nnext", field.ptr), NULL },
        { "a field one beyond", str_format(ctx->arena, "%sx\nnext", field.ptr),
          "a field holds more than 1 MB" },
        { "a quoted field one beyond", str_format(ctx->arena, "\"%sx\"\nnext", field.ptr),
          "a field holds more than 1 MB" },
        { "fields at the limit", str_format(ctx->arena, "%s\nnext", fields.ptr), NULL },
        { "fields one beyond", str_format(ctx->arena, "%s,\nnext", fields.ptr),
          "a row has more than 1000 fields" },
        { "fields far beyond", str_format(ctx->arena, "%s%s\nnext", fields.ptr, fields.ptr),
          "a row has more than 1000 fields" },
        { "a row one beyond",
          str_format(ctx->arena, "%s,%s,%s,%s,x\nnext", field.ptr, field.ptr, field.ptr, field.ptr),
          "a row holds more than 4 MB" },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        Str shown = read_in_pieces(ctx->arena, rows[i].text, ',', 100000);
        Str bad = str_format(ctx->arena, "1 bad: %s\n2|next\n", rows[i].bad ? rows[i].bad : "");
        test_row = rows[i].row;
        CHECK(str_eq(shown, bad) == (rows[i].bad != NULL));
        CHECK(str_ends(shown, S("\n2|next\n")));
    }
}

// A quote that nobody closes costs the rows up to the limit, not the whole file, and says where it
// is.
static void test_reading_goes_on_behind_a_bad_row(void)
{
    Ctx *ctx = test_ctx();
    Buf text = { .arena = ctx->arena };
    buf_c(&text, "a,b\n1,\"inch\n");
    for (int i = 0; i < 70000; i++)
        buf_printf(&text, "%d,some more text\n", i);
    Str shown = read_in_pieces(ctx->arena, buf_str(&text), ',', 4096);
    CHECK(str_starts(shown, S("1|a|b\n2 bad: a field holds more than 1 MB\n")));
    CHECK(str_ends(shown, S("\n70002|69999|some more text\n")));
}

// Rows by the thousand and a piece of any size: memory follows the longest row only.
static void test_memory_does_not_follow_the_input(void)
{
    Arena arena = { .limit = 1 << 20 };
    CsvReader *reader = csv_reader(&arena, ',');
    int64_t rows = 0;
    for (int i = 0; i < 20000; i++) {
        StrList fields;
        const char *why;
        csv_feed(reader, S("one,\"two, and a half\",three,a field of a usual length\r\n"));
        while (csv_next(reader, &fields, &why) == CSV_ROW)
            rows += fields.len == 4;
    }
    CHECK_INT(rows, 20000);
    CHECK(arena.used < 16384);
    arena_release(&arena);
}

static void test_writing(void)
{
    // clang-format off
    static const struct {
        const char *row, *field, *want;  // as the second field of a row
    } rows[] = {
        { "plain",                       "shoe",             "shoe" },
        { "nothing",                     "",                 "" },
        { "a comma",                     "red, blue",        "\"red, blue\"" },
        { "a quote",                     "5\" pipe",         "\"5\"\" pipe\"" },
        { "only quotes",                 "\"\"",             "\"\"\"\"\"\"" },
        { "a line end",                  "a\nb",             "\"a\nb\"" },
        { "a CR",                        "a\rb",             "\"a\rb\"" },
        { "another separator",           "a;b",              "\"a;b\"" },
        { "a blank in front",            " a",               "\" a\"" },
        { "a blank behind",              "a ",               "\"a \"" },
        { "a blank inside",              "a b",              "a b" },
        { "a formula",                   "=1+1",             "'=1+1" },
        { "a formula with a comma",      "=HYPERLINK(\"x\",\"y\")",
                                         "\"'=HYPERLINK(\"\"x\"\",\"\"y\"\")\"" },
        { "a plus formula",              "+cmd|' /C calc'!A0", "\"'+cmd|' /C calc'!A0\"" },
        { "a minus formula",             "-1+1",             "'-1+1" },
        { "an at formula",               "@SUM(A1)",         "'@SUM(A1)" },
        { "a tab in front",              "\t=1",             "\"'\t=1\"" },
        { "a CR in front",               "\r=1",             "\"'\r=1\"" },
        { "= behind other text",         "a=1",              "a=1" },
        { "a negative number",           "-12",              "-12" },
        { "a negative decimal",          "-12.50",           "-12.50" },
        { "a negative decimal comma",    "-12,50",           "\"-12,50\"" },
        { "a phone number",              "+8801712345678",   "+8801712345678" },
        { "a phone number with a blank", "+880 1712 345678", "'+880 1712 345678" },
        { "a minus alone",               "-",                "'-" },
        { "two points",                  "-1.2.3",           "'-1.2.3" },
        { "a point at the end",          "-1.",              "'-1." },
        { "a point in front",            "-.5",              "'-.5" },
        { "an exponent",                 "-1e5",             "'-1e5" },
    };
    // clang-format on
    Ctx *ctx = test_ctx();
    for (size_t i = 0; i < COUNT(rows); i++) {
        Buf out = { .arena = ctx->arena };
        csv_put(&out, S("1"), true);
        csv_put(&out, str_from(rows[i].field), false);
        csv_end_row(&out);
        test_row = rows[i].row;
        CHECK_STR(buf_str(&out), str_format(ctx->arena, "1,%s\r\n", rows[i].want).ptr);
    }
}

static void test_first_fields(void)
{
    Ctx *ctx = test_ctx();
    Buf out = { .arena = ctx->arena };
    csv_put(&out, S(""), true);
    csv_end_row(&out);
    csv_put(&out,
            S("\xEF\xBB\xBF"
              "a"),
            true);
    csv_end_row(&out);
    CHECK_STR(buf_str(&out), "\"\"\r\n\"\xEF\xBB\xBF"
                             "a\"\r\n");
}

// ---- The law: written, cut anywhere and read, the rows are the same -----------------------------

// Any text that the guard against formulas leaves alone: what it adds does not come back.
static Str random_field(Ctx *ctx)
{
    static const char *const parts[] = { "a",  "bc",   "12",           ",",    ";",    "\t", "|",
                                         "\"", "\"\"", "\n",           "\r",   "\r\n", " ",  "=",
                                         "-",  "জুতা",  "\xEF\xBB\xBF", "\xFF", "'" };
    Buf out = { .arena = ctx->arena };
    for (int64_t left = random_below(ctx->random, 6); left > 0; left--)
        buf_c(&out, parts[random_below(ctx->random, COUNT(parts))]);
    bool may_be_guarded = out.len && strchr("=+-@\t\r", out.ptr[0]);
    return may_be_guarded ? str_join(ctx->arena, S("a"), buf_str(&out)) : buf_str(&out);
}

static void write_random(Ctx *ctx, Buf *text, Buf *want)
{
    int64_t line = 1;
    for (int64_t rows = random_below(ctx->random, 6); rows > 0; rows--) {
        size_t row_at = text->len;
        buf_printf(want, "%lld", (long long)line);
        for (int64_t i = 0, fields = 1 + random_below(ctx->random, 5); i < fields; i++) {
            Str field = random_field(ctx);
            csv_put(text, field, i == 0);
            buf_printf(want, "|" STR_FMT, STR_ARG(field));
        }
        csv_end_row(text);
        buf_c(want, "\n");
        for (const char *c = text->ptr + row_at; *c; c++)
            line += *c == '\r' || (*c == '\n' && c[-1] != '\r');
    }
}

static Str read_randomly(Ctx *ctx, Str text)
{
    CsvReader *reader = csv_reader(ctx->arena, ',');
    Buf shown = { .arena = ctx->arena };
    while (text.len) {
        size_t piece = 1 + (size_t)random_below(ctx->random, 20);
        csv_feed(reader, str_sub(text, 0, piece));
        if (random_chance(ctx->random, 2))  // or more is fed before anything is read
            drain(reader, &shown);
        text = str_from_at(text, piece);
    }
    csv_finish(reader);
    drain(reader, &shown);
    return buf_str(&shown);
}

static void test_written_and_read_again(void)
{
    Ctx *ctx = test_ctx();
    for (int round = 0; round < 5000; round++) {
        Buf text = { .arena = ctx->arena }, want = { .arena = ctx->arena };
        write_random(ctx, &text, &want);
        Str shown = read_randomly(ctx, buf_str(&text));
        CHECK(str_eq(shown, buf_str(&want)));
        arena_clear(ctx->arena);
    }
}

// Any bytes at all, cut anywhere, are the same rows.
static void test_pieces_do_not_matter(void)
{
    static const char bytes[] = "\",;\n\ra b\"";
    Ctx *ctx = test_ctx();
    for (int round = 0; round < 5000; round++) {
        char text[40];
        size_t len = (size_t)random_below(ctx->random, sizeof text);
        for (size_t i = 0; i < len; i++)
            text[i] = bytes[random_below(ctx->random, sizeof bytes - 1)];
        Str all = { text, len };
        CHECK_STR(read_randomly(ctx, all), read_in_pieces(ctx->arena, all, ',', 100).ptr);
        arena_clear(ctx->arena);
    }
}

const Test csv_tests[] = {
    { "rows as they are met", test_rows },
    { "the separator is found", test_separators },
    { "the separator of a long input is found early", test_separator_of_a_long_input },
    { "the sample does not depend on the pieces", test_the_sample_does_not_depend_on_the_pieces },
    { "fields and rows have limits", test_limits },
    { "reading goes on behind a bad row", test_reading_goes_on_behind_a_bad_row },
    { "memory does not follow the input", test_memory_does_not_follow_the_input },
    { "writing", test_writing },
    { "first fields that would be misread are quoted", test_first_fields },
    { "written and read again, rows are the same", test_written_and_read_again },
    { "pieces do not matter", test_pieces_do_not_matter },
    { 0 },
};
