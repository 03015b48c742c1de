// test_tzif.c - zone files made byte by byte, their rules against the C library, and damaged ones.
#include "base/tzif.h"

#include "harness.h"

// ---- Files made here ----------------------------------------------------------------------------

typedef struct {
    int64_t at_s;
    int type;
} Instant;

// What a file says; its types have the offsets 21600, 25200 and 19800.
typedef struct {
    const Instant *instants;
    size_t count;
    const char *footer;
} Content;

static const int32_t offsets_s[] = { 21600, 25200, 19800 };

static void put(Buf *out, int64_t value, int len)
{
    for (int i = len - 1; i >= 0; i--)
        buf_char(out, (char)(value >> (8 * i)));
}

static void put_header(Buf *out, size_t instants, size_t types)
{
    buf_put(out, S("TZif2"));
    put(out, 0, 8);
    put(out, 0, 7);  // reserved
    put(out, 0, 4);  // marks for UT
    put(out, 0, 4);  // marks for standard time
    put(out, 0, 4);  // leap seconds
    put(out, (int64_t)instants, 4);
    put(out, (int64_t)types, 4);
    put(out, 4, 4);  // letters
}

static void put_types(Buf *out, size_t types)
{
    for (size_t i = 0; i < types; i++) {
        put(out, offsets_s[i], 4);
        put(out, i == 1, 1);
        put(out, 0, 1);
    }
    buf_put(out, S("ABC\0"));
}

// The block for old readers has one type and no instant, as zic writes it today.
static Str file_of(Arena *arena, Content content)
{
    Buf out = { .arena = arena };
    put_header(&out, 0, 1);
    put_types(&out, 1);
    put_header(&out, content.count, COUNT(offsets_s));
    for (size_t i = 0; i < content.count; i++)
        put(&out, content.instants[i].at_s, 8);
    for (size_t i = 0; i < content.count; i++)
        put(&out, content.instants[i].type, 1);
    put_types(&out, COUNT(offsets_s));
    buf_printf(&out, "\n%s\n", content.footer);
    return buf_str(&out);
}

static int64_t seconds(const char *text)
{
    Time time = 0;
    CHECK(time_parse(str_from(text), &time));
    return time / SECOND;
}

static int32_t offset_at(const ZoneChangeList *changes, Time time)
{
    int32_t offset_s = 0;
    for (size_t i = 0; i < changes->len && changes->items[i].from <= time; i++)
        offset_s = changes->items[i].offset_s;
    return offset_s;
}

static bool is_sound(const ZoneChangeList *changes)
{
    const Time start = seconds("1900-01-01T00:00:00Z") * SECOND;
    const Time end = seconds("2100-01-01T00:00:00Z") * SECOND;
    if (changes->len == 0 || changes->items[0].from != INT64_MIN)
        return false;
    for (size_t i = 1; i < changes->len; i++) {
        const ZoneChange *change = &changes->items[i];
        if (change->from <= change[-1].from || change->from <= start || change->from >= end ||
            change->offset_s == change[-1].offset_s || abs(change->offset_s) > 26 * 3600)
            return false;
    }
    return true;
}

// ---- The table of instants ----------------------------------------------------------------------

static void check_changes(Content content, const ZoneChange *want, size_t count)
{
    Ctx *ctx = test_ctx();
    ZoneChangeList changes = { 0 };
    CHECK(tzif_read(ctx->arena, file_of(ctx->arena, content), &changes));
    CHECK_INT((int64_t)changes.len, (int64_t)count);
    for (size_t i = 0; i < count && i < changes.len; i++) {
        CHECK_INT(changes.items[i].from, want[i].from);
        CHECK_INT(changes.items[i].offset_s, want[i].offset_s);
    }
}

static void test_instants_become_changes(void)
{
    const int64_t in_1950 = seconds("1950-01-01T00:00:00Z"), in_1960 = in_1950 + 315532800;
    const Instant plain[] = { { in_1950, 1 }, { in_1960, 0 } };
    const Instant renamed[] = { { in_1950, 1 }, { in_1950 + 1, 1 }, { in_1960, 0 } };
    const Instant outside[] = { { INT64_MIN / 2, 1 },
                                { seconds("1890-01-01T00:00:00Z"), 2 },
                                { seconds("1900-01-01T00:00:00Z"), 1 },
                                { in_1960, 0 },
                                { seconds("2100-01-01T00:00:00Z"), 1 },
                                { INT64_MAX, 0 } };
    const ZoneChange two[] = { { INT64_MIN, 21600 },
                               { in_1950 * SECOND, 25200 },
                               { in_1960 * SECOND, 21600 } };
    const ZoneChange one[] = { { INT64_MIN, 25200 }, { in_1960 * SECOND, 21600 } };
    test_row = "plain";
    check_changes((Content){ plain, COUNT(plain), "ABC-6" }, two, COUNT(two));
    test_row = "without a rule";
    check_changes((Content){ plain, COUNT(plain), "" }, two, COUNT(two));
    test_row = "only the name changed";
    check_changes((Content){ renamed, COUNT(renamed), "ABC-6" }, two, COUNT(two));
    test_row = "outside 1900 to 2099";
    check_changes((Content){ outside, COUNT(outside), "ABC-6" }, one, COUNT(one));
    test_row = "no instant, no rule";
    check_changes((Content){ NULL, 0, "" }, two, 1);
}

static void test_rule_follows_the_last_instant(void)
{
    Ctx *ctx = test_ctx();
    const Instant instants[] = { { seconds("1950-01-01T00:00:00Z"), 1 },
                                 { seconds("1960-05-15T00:00:00Z"), 0 } };
    Content content = { instants, COUNT(instants), "ABC-6DEF,M4.1.0,M10.1.0" };
    ZoneChangeList changes = { 0 };
    CHECK(tzif_read(ctx->arena, file_of(ctx->arena, content), &changes));
    CHECK(is_sound(&changes));
    CHECK_INT((int64_t)changes.len, 3 + 2 * 139);
    if (changes.len < 5)
        return;
    CHECK_INT(changes.items[3].from, seconds("1961-04-01T20:00:00Z") * SECOND);
    CHECK_INT(changes.items[4].from, seconds("1961-09-30T19:00:00Z") * SECOND);
    CHECK_INT(list_end(changes)[-1].from, seconds("2099-10-03T19:00:00Z") * SECOND);
}

static void test_rule_must_agree_with_the_last_instant(void)
{
    // clang-format off
    static const struct {
        const char *row;
        bool is_sound;
    } rows[] = {
        { "ABC-6",                   true },   // the last offset is 21600
        { "ABC-6DEF,M3.5.0,M10.5.0", true },
        { "ABC-5DEF,M3.5.0,M10.5.0", true },
        { "ABC-7",                   false },
        { "ABC-5",                   false },
        { "ABC-4DEF,M3.5.0,M10.5.0", false },
    };
    // clang-format on
    static const Instant instants[] = { { 1000000, 2 }, { 2000000, 0 } };
    Ctx *ctx = test_ctx();
    for (size_t i = 0; i < COUNT(rows); i++) {
        ZoneChangeList changes = { 0 };
        Content content = { instants, COUNT(instants), rows[i].row };
        test_row = rows[i].row;
        CHECK(tzif_read(ctx->arena, file_of(ctx->arena, content), &changes) == rows[i].is_sound);
    }
}

// ---- Rules --------------------------------------------------------------------------------------

static bool rule_changes(Ctx *ctx, const char *rule, ZoneChangeList *ret)
{
    return tzif_read(ctx->arena, file_of(ctx->arena, (Content){ NULL, 0, rule }), ret);
}

static void test_rules(void)
{
    // clang-format off
    static const struct {
        const char *row, *from;
        int before_s, after_s;  // the offset until a second before, and from then on
    } rows[] = {
        { "EST5EDT,M3.2.0,M11.1.0",               "2026-03-08T07:00:00Z", -18000, -14400 },
        { "EST5EDT,M3.2.0,M11.1.0",               "2026-11-01T06:00:00Z", -14400, -18000 },
        { "EST5EDT4,M3.2.0/2,M11.1.0",            "1900-03-11T07:00:00Z", -18000, -14400 },
        { "AEST-10AEDT,M10.1.0,M4.1.0/3",         "2026-04-04T16:00:00Z",  39600,  36000 },
        { "AEST-10AEDT,M10.1.0,M4.1.0/3",         "2099-10-03T16:00:00Z",  36000,  39600 },
        { "AEST-10AEDT,M10.1.0,M4.1.0/3",         "1900-01-01T00:00:00Z",  39600,  39600 },
        { "IST-1GMT0,M10.5.0,M3.5.0/1",           "2026-10-25T01:00:00Z",   3600,      0 },
        { "IST-1GMT0,M10.5.0,M3.5.0/1",           "2026-03-29T01:00:00Z",      0,   3600 },
        { "IST-2IDT,M3.4.4/26,M10.5.0",           "2026-03-27T00:00:00Z",   7200,  10800 },
        { "EET-2EEST,M3.4.4/50,M10.4.4/50",       "2026-10-23T23:00:00Z",  10800,   7200 },
        { "<-02>2<-01>,M3.5.0/-1,M10.5.0/0",      "2026-03-29T01:00:00Z",  -7200,  -3600 },
        { "<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", "2026-10-03T15:30:00Z",  37800,  39600 },
        { "LMT-0:19:32NST-1:19:32,J60/0,J300/0",  "2024-02-29T23:40:28Z",   1172,   4772 },
        { "AAA0BBB,J59/0,J300/0",                 "2024-02-28T00:00:00Z",      0,   3600 },
        { "AAA0BBB,J60/0,J300/0",                 "2024-03-01T00:00:00Z",      0,   3600 },
        { "AAA0BBB,J60/0,J300/0",                 "2025-03-01T00:00:00Z",      0,   3600 },
        { "AAA0BBB,59/0,299/0",                   "2024-02-29T00:00:00Z",      0,   3600 },
        { "AAA0BBB,59/0,299/0",                   "2025-03-01T00:00:00Z",      0,   3600 },
        { "AAA0BBB,59/0,299/0",                   "2000-02-29T00:00:00Z",      0,   3600 },
        { "AAA0BBB,J60/-167:59:59,J300",          "2025-02-22T00:00:01Z",      0,   3600 },
        { "AAA0BBB,J60/167:59:59,J300",           "2025-03-07T23:59:59Z",      0,   3600 },
        { "AAA0BBB,J1/-1,J100",                   "2024-12-31T23:00:00Z",      0,   3600 },
        { "AAA0BBB,J1/-1,J100",                   "2099-12-31T23:00:00Z",      0,   3600 },
        { "AAA0BBB,J100,365/26",                  "2026-01-02T01:00:00Z",   3600,      0 },
        { "EST5EDT,0/0,J365/25",                  "2026-01-01T05:00:00Z", -14400, -14400 },
        { "EST5EDT,0/0,J365/25",                  "2099-12-31T23:59:59Z", -14400, -14400 },
        { "XXX3EDT4,0/0,J365/23",                 "2024-01-01T03:00:00Z", -14400, -14400 },
        { "CET-1",                                "2150-01-01T00:00:00Z",   3600,   3600 },
        { "<-00>0",                               "2150-01-01T00:00:00Z",      0,      0 },
        { "ABC+24:59:59",                         "2150-01-01T00:00:00Z", -89999, -89999 },
        { "EST5EDT,0/0,J365/25",                  "1899-01-01T00:00:00Z", -14400, -14400 },
    };
    // clang-format on
    Ctx *ctx = test_ctx();
    for (size_t i = 0; i < COUNT(rows); i++) {
        ZoneChangeList changes = { 0 };
        Time from = seconds(rows[i].from) * SECOND;
        test_row = str_format(ctx->arena, "%s at %s", rows[i].row, rows[i].from).ptr;
        CHECK(rule_changes(ctx, rows[i].row, &changes));
        CHECK(is_sound(&changes));
        CHECK_INT(offset_at(&changes, from - SECOND), rows[i].before_s);
        CHECK_INT(offset_at(&changes, from), rows[i].after_s);
    }
}

static void test_what_is_no_rule_is_refused(void)
{
    // clang-format off
    static const char *const refused[] = {
        "EST", "E5", "ES5", "5", " EST5", "EST5 ", "EST 5", "EST5,", "EST-", "EST--5", "EST25",
        "EST5:60", "EST5:", "EST5:30:60", "EST5:30:", "EST5:30:00:00", "EST5555", "<EST5", "<ES>5",
        "<E T>5", "<EST>", "ÄST5", ":America/New_York", "EST5EDT", "EST5EDT4",
        "EST5,M3.2.0,M11.1.0", "EST5EDT,", "EST5EDT,M3.2.0", "EST5EDT,M3.2.0,",
        "EST5EDT,M3.2.0,M11.1.0,", "EST5EDT,M3.2.0,M11.1.0,M11.1.0", "EST5EDT;M3.2.0;M11.1.0",
        "EST5EDT,M0.2.0,M11.1.0", "EST5EDT,M13.2.0,M11.1.0", "EST5EDT,M3.0.0,M11.1.0",
        "EST5EDT,M3.6.0,M11.1.0", "EST5EDT,M3.2.7,M11.1.0", "EST5EDT,M3.2,M11.1.0",
        "EST5EDT,M3.2.-1,M11.1.0", "EST5EDT,m3.2.0,M11.1.0", "EST5EDT,J0,J300", "EST5EDT,J366,J300",
        "EST5EDT,J,J300", "EST5EDT,366,300", "EST5EDT,-1,300", "EST5EDT,1000,300",
        "EST5EDT,M3.2.0/,M11.1.0", "EST5EDT,M3.2.0/168,M11.1.0", "EST5EDT,M3.2.0/-168,M11.1.0",
        "EST5EDT,M3.2.0/2:60,M11.1.0", "EST5EDT,M3.2.0/+-2,M11.1.0", "EST5EDT,J1/-167,J365/167",
        "EST5EDT,M3.2.0,M11.1.0\n", "\nEST5",
    };
    // clang-format on
    Ctx *ctx = test_ctx();
    for (size_t i = 0; i < COUNT(refused); i++) {
        ZoneChangeList changes = { .cap = 7 };
        test_row = refused[i];
        CHECK(!rule_changes(ctx, refused[i], &changes));
        CHECK(changes.items == NULL && changes.cap == 7);
    }
}

static Str random_day(Ctx *ctx, int month_from)
{
    int64_t month = month_from + random_below(ctx->random, 3);
    switch (random_below(ctx->random, 3)) {
    case 0:
        return str_format(ctx->arena, "M%d.%d.%d", (int)month,
                          (int)random_below(ctx->random, 5) + 1, (int)random_below(ctx->random, 7));
    case 1: return str_format(ctx->arena, "J%d", (int)(month * 30 - random_below(ctx->random, 28)));
    default: return str_format(ctx->arena, "%d", (int)(month * 30 - random_below(ctx->random, 28)));
    }
}

// Between February and November, for the C library takes each year for itself.
static Str random_rule(Ctx *ctx)
{
    Str spring = random_day(ctx, 3), autumn = random_day(ctx, 8);
    bool is_northern = random_chance(ctx->random, 2);
    int west = (int)random_below(ctx->random, 26) - 13;
    return str_format(
        ctx->arena, "<S%+03d>%d:%02d<D%+03d>%d," STR_FMT "/%d:%02d," STR_FMT "/%d", west, west,
        (int)random_below(ctx->random, 60), west, west + (int)random_below(ctx->random, 5) - 2,
        STR_ARG(is_northern ? spring : autumn), (int)random_below(ctx->random, 335) - 167,
        (int)random_below(ctx->random, 60), STR_ARG(is_northern ? autumn : spring),
        (int)random_below(ctx->random, 335) - 167);
}

static int libc_offset_s(Time time)
{
    time_t at = time / SECOND;
    struct tm local = { 0 };
    CHECK(localtime_r(&at, &local) != NULL);
    return (int)local.tm_gmtoff;
}

// At random, and around changes of the last 125 years (none where both offsets are the same).
static void compare_with_libc(Random *random, const ZoneChangeList *changes)
{
    const Time start = seconds("1970-02-01T00:00:00Z") * SECOND;
    for (int i = 0; i < 40; i++) {
        Time time = start + random_below(random, 129 * 365 * (DAY / SECOND)) * SECOND;
        CHECK_INT(offset_at(changes, time), libc_offset_s(time));
    }
    for (int i = 0; i < 8 && changes->len > 250; i++) {
        Time at = list_end(*changes)[-1 - random_below(random, 250)].from;
        CHECK_INT(offset_at(changes, at - SECOND), libc_offset_s(at - SECOND));
        CHECK_INT(offset_at(changes, at), libc_offset_s(at));
    }
}

static void test_rules_agree_with_the_c_library(void)
{
    Ctx *ctx = test_ctx();
    for (int i = 0; i < 300; i++) {
        ZoneChangeList changes = { 0 };
        Str rule = random_rule(ctx);
        test_row = rule.ptr;
        CHECK(rule_changes(ctx, rule.ptr, &changes));
        CHECK(is_sound(&changes));
        setenv("TZ", rule.ptr, 1);
        tzset();
        compare_with_libc(ctx->random, &changes);
    }
    unsetenv("TZ");
    tzset();
}

// ---- What is no file ----------------------------------------------------------------------------

enum {  // places in the file of sample()
    FIRST_HEADER = 0,
    SECOND_HEADER = 44 + 6 + 4,
    COUNTS = SECOND_HEADER + 20,
    INSTANTS = SECOND_HEADER + 44,
    TYPE_OF = INSTANTS + 2 * 8,
    TYPES = TYPE_OF + 2,
    LETTERS = TYPES + 3 * 6,
    FOOTER = LETTERS + 4,
};

static char *sample(Arena *arena, Str *ret)
{
    static const Instant instants[] = { { 1000000, 1 }, { 2000000, 0 } };
    *ret = file_of(arena, (Content){ instants, COUNT(instants), "ABC-6" });
    return (char *)ret->ptr;
}

static void test_what_is_no_file_is_refused(void)
{
    // clang-format off
    static const struct {
        const char *row;
        int at, byte;
    } rows[] = {
        { "no magic",                         FIRST_HEADER,      'Z' },
        { "version 1",                        FIRST_HEADER + 4,  0 },
        { "no version",                       FIRST_HEADER + 4,  '1' },
        { "a version beyond ASCII",           FIRST_HEADER + 4,  0xb2 },
        { "4 billion old instants",           FIRST_HEADER + 32, 0xff },
        { "4 billion old leap seconds",       FIRST_HEADER + 28, 0xff },
        { "4 billion old letters",            FIRST_HEADER + 40, 0xff },
        { "no old type, but its bytes",       FIRST_HEADER + 39, 0 },
        { "no second magic",                  SECOND_HEADER + 3, 'F' },
        { "second version 1",                 SECOND_HEADER + 4, 0 },
        { "too many marks for UT",            COUNTS + 3,        2 },
        { "marks for UT that are not there",  COUNTS + 3,        3 },
        { "4 billion marks for UT",           COUNTS,            0xff },
        { "too many marks for standard time", COUNTS + 7,        1 },
        { "a leap second",                    COUNTS + 11,       1 },
        { "4 billion instants",               COUNTS + 12,       0xff },
        { "an instant too many",              COUNTS + 15,       3 },
        { "an instant too few",               COUNTS + 15,       1 },
        { "no types",                         COUNTS + 19,       0 },
        { "4 billion types",                  COUNTS + 16,       0xff },
        { "no letters",                       COUNTS + 23,       0 },
        { "a letter too many",                COUNTS + 23,       5 },
        { "instants that descend",            INSTANTS + 8,      0x80 },
        { "an unknown type",                  TYPE_OF,           3 },
        { "an offset beyond 26 hours",        TYPES + 1,         0x02 },
        { "an offset beyond -25 hours",       TYPES,             0xff },
        { "neither summer time nor not",      TYPES + 4,         2 },
        { "a name beyond the letters",        TYPES + 5,         4 },
        { "no line before the rule",          FOOTER,            ' ' },
        { "no line after the rule",           FOOTER + 6,        ' ' },
        { "NUL in the rule",                  FOOTER + 2,        0 },
    };
    // clang-format on
    Ctx *ctx = test_ctx();
    for (size_t i = 0; i < COUNT(rows); i++) {
        Str bytes;
        ZoneChangeList changes = { .cap = 7 };
        char *file = sample(ctx->arena, &bytes);
        test_row = rows[i].row;
        CHECK(tzif_read(ctx->arena, bytes, &(ZoneChangeList){ 0 }));
        file[rows[i].at] = (char)rows[i].byte;
        CHECK(!tzif_read(ctx->arena, bytes, &changes));
        CHECK(changes.items == NULL && changes.cap == 7);
    }
}

static void test_later_versions_are_read(void)
{
    static const char versions[] = { '2', '3', '4', '5' };
    Ctx *ctx = test_ctx();
    for (size_t i = 0; i < COUNT(versions); i++) {
        Str bytes;
        ZoneChangeList changes = { 0 };
        char *file = sample(ctx->arena, &bytes);
        file[FIRST_HEADER + 4] = file[SECOND_HEADER + 4] = versions[i];
        CHECK(tzif_read(ctx->arena, bytes, &changes));
        CHECK_INT((int64_t)changes.len, 3);
    }
}

// Sound in all else: the twelve bytes of the leap second are there.
static void test_leap_seconds_are_refused(void)
{
    Ctx *ctx = test_ctx();
    Str bytes;
    char *file = sample(ctx->arena, &bytes);
    file[COUNTS + 11] = 1;
    Buf out = { .arena = ctx->arena };
    buf_put(&out, str_sub(bytes, 0, FOOTER));
    put(&out, 78796800, 8);
    put(&out, 1, 4);
    buf_put(&out, str_from_at(bytes, FOOTER));
    CHECK(!tzif_read(ctx->arena, buf_str(&out), &(ZoneChangeList){ 0 }));
    out.ptr[COUNTS + 11] = 0;
    CHECK(!tzif_read(ctx->arena, buf_str(&out), &(ZoneChangeList){ 0 }));
}

static void test_repeated_instants_are_refused(void)
{
    static const Instant instants[] = { { 1000000, 1 }, { 1000000, 0 } };
    Ctx *ctx = test_ctx();
    Content content = { instants, COUNT(instants), "" };
    CHECK(!tzif_read(ctx->arena, file_of(ctx->arena, content), &(ZoneChangeList){ 0 }));
}

static void test_cut_and_overlong_files_are_refused(void)
{
    Ctx *ctx = test_ctx();
    Str bytes;
    sample(ctx->arena, &bytes);
    for (size_t len = 0; len < bytes.len; len++) {
        // A copy of its own, so that the sanitizer sees the first byte read behind the end.
        Str cut = str_copy(ctx->arena, str_sub(bytes, 0, len));
        CHECK(!tzif_read(ctx->arena, cut, &(ZoneChangeList){ 0 }));
    }
    CHECK(!tzif_read(ctx->arena, str_join(ctx->arena, bytes, S("\n")), &(ZoneChangeList){ 0 }));
    CHECK(!tzif_read(ctx->arena, str_join(ctx->arena, bytes, S("X\n")), &(ZoneChangeList){ 0 }));

    // A table that would be sound, were it not so long.
    enum { MANY = TZIF_LEN_MAX / 9 + 1 };
    Instant *instants = NEW_ARRAY(ctx->arena, Instant, MANY);
    for (int i = 0; i < MANY; i++)
        instants[i] = (Instant){ i * INT64_C(1000000), i % 2 };
    Str few = file_of(ctx->arena, (Content){ instants, MANY - 20, "" });
    Str many = file_of(ctx->arena, (Content){ instants, MANY, "" });
    CHECK(few.len < TZIF_LEN_MAX && tzif_read(ctx->arena, few, &(ZoneChangeList){ 0 }));
    CHECK(many.len > TZIF_LEN_MAX && !tzif_read(ctx->arena, many, &(ZoneChangeList){ 0 }));
}

static void test_damaged_files_are_refused_or_sound(void)
{
    Ctx *ctx = test_ctx();
    const Instant instants[] = { { 1000000, 1 }, { 2000000, 0 } };
    Str sound =
        file_of(ctx->arena, (Content){ instants, COUNT(instants), "ABC-6DEF,M3.5.0,M10.5.0/-1" });
    ArenaMark mark = arena_mark(ctx->arena);
    int refused = 0, rounds = 20000;
    for (int i = 0; i < rounds; i++) {
        Str bytes = str_copy(ctx->arena, sound);
        ZoneChangeList changes = { 0 };
        for (int64_t n = random_below(ctx->random, 4); n >= 0; n--) {
            int64_t at = random_below(ctx->random, (int64_t)bytes.len);
            ((char *)bytes.ptr)[at] = (char)random_next(ctx->random);
        }
        if (tzif_read(ctx->arena, bytes, &changes))
            CHECK(is_sound(&changes));
        else
            refused++;
        arena_rewind(ctx->arena, mark);
    }
    CHECK(refused > rounds / 4 && refused < rounds);
}

const Test tzif_tests[] = {
    { "instants become changes", test_instants_become_changes },
    { "the rule follows the last instant", test_rule_follows_the_last_instant },
    { "the rule must agree with the last instant", test_rule_must_agree_with_the_last_instant },
    { "rules", test_rules },
    { "what is no rule is refused", test_what_is_no_rule_is_refused },
    { "rules agree with the C library", test_rules_agree_with_the_c_library },
    { "what is no file is refused", test_what_is_no_file_is_refused },
    { "later versions are read", test_later_versions_are_read },
    { "leap seconds are refused", test_leap_seconds_are_refused },
    { "repeated instants are refused", test_repeated_instants_are_refused },
    { "cut and overlong files are refused", test_cut_and_overlong_files_are_refused },
    { "damaged files are refused or sound", test_damaged_files_are_refused_or_sound },
    { 0 },
};
