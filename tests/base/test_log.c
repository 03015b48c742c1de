// test_log.c - log lines: their shape, what may not be in them, and that each is one write.
//
// Standard error is a socket that keeps every write apart while a line is caught, so that what the
// test sees is what a log reader would.
#include "base/log.h"

#include "harness.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

#define TEXT(literal)                                                                              \
    {                                                                                              \
        literal, sizeof(literal) - 1                                                               \
    }

typedef struct Capture {
    int standard_error, ends[2];
} Capture;

static Capture capture_begin(void)
{
    Capture capture = { .standard_error = dup(STDERR_FILENO) };
    if (socketpair(AF_UNIX, SOCK_SEQPACKET, 0, capture.ends) != 0)
        abort();
    dup2(capture.ends[1], STDERR_FILENO);
    return capture;
}

// The next write that was made; false when there was none.
static bool capture_next(const Capture *capture, Arena *arena, Str *ret)
{
    char *bytes = arena_alloc(arena, 65536);
    ssize_t len = recv(capture->ends[0], bytes, 65536, MSG_DONTWAIT);
    *ret = (Str){ bytes, len > 0 ? (size_t)len : 0 };
    return len > 0;
}

static void capture_end(const Capture *capture)
{
    dup2(capture->standard_error, STDERR_FILENO);
    close(capture->standard_error);
    close(capture->ends[0]);
    close(capture->ends[1]);
}

// The line for one value, from behind "event=e v=" on, without its end.
static Str logged(Ctx *ctx, Str value)
{
    Capture capture = capture_begin();
    log_line(LOG_WARN, ctx, "e", "v=%s", str_c(ctx->arena, value));
    Str line, second, start = S("time=2026-03-02T10:00:00.000000Z level=warn event=e v=");
    CHECK(capture_next(&capture, ctx->arena, &line));
    CHECK(!capture_next(&capture, ctx->arena, &second));
    capture_end(&capture);
    CHECK(str_starts(line, start));
    CHECK_INT(str_find_char(line, '\n'), (int64_t)line.len - 1);
    return str_sub(line, start.len, line.len - start.len - 1);
}

static void test_a_line(void)
{
    Ctx *ctx = test_ctx();
    ctx->trace = 0xdeadbeef;
    ctx->now += 1234;
    Capture capture = capture_begin();
    log_line(LOG_ERROR, ctx, "job.retry", "job=%s wait_s=%d note=\"%s\"", "mail", 30, "two words");
    Str line = { 0 };
    CHECK(capture_next(&capture, ctx->arena, &line));
    capture_end(&capture);
    CHECK_STR(line, "time=2026-03-02T10:00:00.001234Z level=error trace=00000000deadbeef "
                    "event=job.retry job=mail wait_s=30 note=\"two words\"\n");
}

static void test_levels(void)
{
    Ctx *ctx = test_ctx();
    Str line;
    Capture capture = capture_begin();
    for (LogLevel least = LOG_DEBUG; least <= LOG_ERROR; least++) {
        log_set_level(least);
        for (LogLevel level = LOG_DEBUG; level <= LOG_ERROR; level++) {
            log_line(level, ctx, "e", "n=%d", 1);
            CHECK(capture_next(&capture, ctx->arena, &line) == (level >= least));
            ctx_fail(ctx, E_BUSY, "c", "f.c", 1, "m");
            log_failure(level, ctx, "e");
            CHECK(capture_next(&capture, ctx->arena, &line) == (level >= least));
        }
    }
    log_set_level(LOG_INFO);
    capture_end(&capture);
}

static void test_level_names(void)
{
    LogLevel level = LOG_DEBUG;
    CHECK(log_level_parse(S("error"), &level) && level == LOG_ERROR);
    CHECK(log_level_parse(S("Warn"), &level) && level == LOG_WARN);
    CHECK(log_level_parse(S("INFO"), &level) && level == LOG_INFO);
    CHECK(log_level_parse(S("debug"), &level) && level == LOG_DEBUG);
    CHECK(!log_level_parse(S("loud"), &level) && !log_level_parse(S(""), &level));
    CHECK(!log_level_parse(S("errors"), &level) && level == LOG_DEBUG);
}

static void test_without_a_context_the_wall_clock_is_asked(void)
{
    Ctx *ctx = test_ctx();
    Str line = { 0 };
    Capture capture = capture_begin();
    log_line(LOG_INFO, NULL, "start", "pid=%d", 7);
    CHECK(capture_next(&capture, ctx->arena, &line));
    capture_end(&capture);
    int64_t year = 0;
    CHECK(str_starts(line, S("time=")));
    CHECK(str_int(str_sub(line, 5, 4), &year) && year >= 2026);
    CHECK_STR(str_from_at(line, 32), " level=info event=start pid=7\n");
}

static void test_failures(void)
{
    Ctx *ctx = test_ctx();
    Str line = { 0 };
    Capture capture = capture_begin();
    ctx_fail(ctx, E_CONFLICT, "stock.short", "src/stock.c", 42,
             "short of \"sole\\42\" by %d\npairs", 3);
    log_failure(LOG_WARN, ctx, "request.failed");
    CHECK(capture_next(&capture, ctx->arena, &line));
    CHECK_STR(str_from_at(line, 32),
              " level=warn event=request.failed code=stock.short at=src/stock.c:42 "
              "message=\"short of \\\"sole\\\\42\\\" by 3\\npairs\"\n");
    ctx_fail(ctx, E_INVALID, "card.bad", "c.c", 1, "card 4111 1111 1111 1111 is refused");
    log_failure(LOG_WARN, ctx, "e");
    CHECK(capture_next(&capture, ctx->arena, &line));
    CHECK_STR(str_from_at(line, 32),
              " level=warn event=e code=card.bad at=c.c:1 message=\"card [card] is refused\"\n");
    ctx_recover(ctx);
    log_failure(LOG_WARN, ctx, "e");
    CHECK(capture_next(&capture, ctx->arena, &line));
    CHECK_STR(str_from_at(line, 32), " level=warn event=e code=none at=:0 message=\"\"\n");
    capture_end(&capture);
}

static void test_values_cannot_break_the_line(void)
{
    // clang-format off
    static const struct {
        const char *value, *want;
    } rows[] = {
        { "plain",                        "plain" },
        { "two words",                    "two words" },
        { "জুতা 👟",                        "জুতা 👟" },
        { "a\nlevel=error event=forged",  "a\\nlevel=error event=forged" },
        { "a\r\nb",                       "a\\r\\nb" },
        { "a\tb",                         "a\\tb" },
        { "\x1B[31mred",                  "\\x1b[31mred" },
        { "bell \a, DEL \x7F",            "bell \\x07, DEL \\x7f" },
        { "C1 \xC2\x9B" "31m",            "C1 \\u009b31m" },
        { "next line \xC2\x85.",          "next line \\u0085." },
        { "separators \u2028\u2029",      "separators \\u2028\\u2029" },
        { "caf\xE9",                      "caf\\xe9" },
        { "half \xE2\x82",                "half \\xe2\\x82" },
    };
    // clang-format on
    Ctx *ctx = test_ctx();
    for (size_t i = 0; i < COUNT(rows); i++) {
        test_row = rows[i].want;
        CHECK_STR(logged(ctx, str_from(rows[i].value)), rows[i].want);
    }
}

// The numbers are the test numbers that card networks and payment services publish.
static void test_cards(void)
{
    // clang-format off
    static const struct {
        const char *row, *value, *want;
    } rows[] = {
        { "sixteen digits",             "4111111111111111",            "[card]" },
        { "in groups of four",          "4111 1111 1111 1111",         "[card]" },
        { "with dashes",                "5555-5555-5555-4444",         "[card]" },
        { "fifteen, as 4-6-5",          "3782 822463 10005",           "[card]" },
        { "fourteen",                   "30569309025904",              "[card]" },
        { "thirteen",                   "4222222222222",               "[card]" },
        { "nineteen that do not pass",                   "6304000000000000001",
                                                         "6304000000000000001" },
        { "nineteen that pass",         "6205500000000000004",         "[card]" },
        { "one digit changed",          "4111111111111112",            "4111111111111112" },
        { "two digits swapped",         "4111111111111191",            "4111111111111191" },
        { "twelve digits",              "400000000002",                "400000000002" },
        { "twenty zeros",               "00000000000000000000",        "00000000000000000000" },
        { "inside a sentence",          "card 4111111111111111, soon", "card [card], soon" },
        { "a name right before it",     "card=4111111111111111",       "card=[card]" },
        { "a letter right behind it",   "4111111111111111x",           "[card]x" },
        { "two of them",                "4111111111111111 5555555555554444", "[card] [card]" },
        { "a number before it",         "5 4111111111111111",          "5 [card]" },
        { "a number behind it",         "4111111111111111 12",         "[card] 12" },
        { "expiry and code behind it",  "4111 1111 1111 1111 12/29 123", "[card] 12/29 123" },
        { "blanks and dashes mixed",    "4111 - 1111 - 1111 - 1111",   "[card]" },
        { "tabs between",               "4111\t1111\t1111\t1111",      "[card]" },
        { "no-break spaces between",    "4111\xC2\xA0" "1111\xC2\xA0" "1111\xC2\xA0" "1111",
                                        "[card]" },
        { "en dashes between",          "4111–1111–1111–1111",         "[card]" },
        { "points are no gap",          "4111.1111.1111.1111",         "4111.1111.1111.1111" },
        { "a line end is no gap",       "41111111\n11111111",          "41111111\\n11111111" },
        { "a card in two values",       "a=41111111 b=11111111",       "a=41111111 b=11111111" },
        { "a date and a time",          "2026-03-02 10:00:00",         "2026-03-02 10:00:00" },
        { "letters between",            "4111a1111a1111a1111",         "4111a1111a1111a1111" },
        { "an id of ours",              "01JBX4N0Q70AC",               "01JBX4N0Q70AC" },
    };
    // clang-format on
    Ctx *ctx = test_ctx();
    for (size_t i = 0; i < COUNT(rows); i++) {
        test_row = rows[i].row;
        CHECK_STR(logged(ctx, str_from(rows[i].value)), rows[i].want);
    }
}

static int luhn_digit(const char *digits, int count)
{
    int sum = 0;
    for (int i = 0; i < count; i++) {
        int digit = (digits[count - 1 - i] - '0') * (2 - i % 2);
        sum += digit / 10 + digit % 10;
    }
    return (10 - sum % 10) % 10;
}

// Any number that passes, grouped in any way, is gone.
static void test_every_card_is_scrubbed(void)
{
    Ctx *ctx = test_ctx();
    for (int round = 0; round < 500; round++) {
        char digits[19];
        int count = 13 + (int)random_below(ctx->random, 7);
        for (int i = 0; i < count - 1; i++)
            digits[i] = (char)('0' + random_below(ctx->random, 10));
        digits[count - 1] = (char)('0' + luhn_digit(digits, count - 1));
        Buf value = { .arena = ctx->arena };
        for (int i = 0; i < count; i++) {
            buf_char(&value, digits[i]);
            if (i + 1 < count && random_chance(ctx->random, 4))
                buf_c(&value, random_chance(ctx->random, 2) ? " " : "-");
        }
        CHECK_STR(logged(ctx, buf_str(&value)), "[card]");
        arena_clear(ctx->arena);
    }
}

static Str long_text(Ctx *ctx, const char *end, size_t len)
{
    Buf out = { .arena = ctx->arena };
    while (out.len + strlen(end) < len)
        buf_char(&out, 'x');
    buf_c(&out, end);
    return buf_str(&out);
}

// Wherever a card number falls on the place where a long line is cut, none of it comes through.
static void test_a_long_line_is_cut_but_never_inside_a_card(void)
{
    Ctx *ctx = test_ctx();
    Str longest = logged(ctx, long_text(ctx, "", 100000));
    CHECK(str_ends(longest, S("xxx...")));
    CHECK(longest.len > 2000 && longest.len < 4096);
    for (size_t len = 3000; len < 3200; len++) {
        Str line = logged(ctx, long_text(ctx, " 4111 1111 1111 1111", len));
        CHECK(str_find(line, S("41")) < 0 && str_find(line, S("11")) < 0);
        CHECK(str_ends(line, S("[card]")) || str_ends(line, S("...")));
        arena_clear(ctx->arena);
    }
    for (size_t len = 3060; len < 3120; len++) {
        Str line = logged(ctx, long_text(ctx, "\n4111\u00A01111\u00A01111\u00A01111", len));
        CHECK(str_find(line, S("41")) < 0 && str_find(line, S("11")) < 0);
        arena_clear(ctx->arena);
    }
    Str escaped = logged(ctx, (Str){ memset(arena_alloc(ctx->arena, 3000), 1, 3000), 3000 });
    CHECK(str_ends(escaped, S("\\x01...")));
    CHECK(escaped.len < 4096);
}

static void test_errno_is_left_alone(void)
{
    Ctx *ctx = test_ctx();
    Capture capture = capture_begin();
    close(STDERR_FILENO);
    errno = ENOENT;
    log_line(LOG_WARN, ctx, "e", "n=%d", 1);
    CHECK_INT(errno, ENOENT);
    capture_end(&capture);
}

static void keep_line(Str line, void *arg)
{
    Buf *lines = arg;
    buf_put(lines, line);
    buf_char(lines, '\n');
}

static void test_the_sink_sees_each_line(void)
{
    Ctx *ctx = test_ctx();
    Buf lines = { .arena = ctx->arena };
    Capture capture = capture_begin();
    log_set_sink(keep_line, &lines);
    log_line(LOG_INFO, ctx, "one", "n=%d", 1);
    log_line(LOG_DEBUG, ctx, "hidden", "n=%d", 2);
    log_set_sink(NULL, NULL);
    log_line(LOG_INFO, ctx, "three", "n=%d", 3);
    capture_end(&capture);
    CHECK_STR(buf_str(&lines), "time=2026-03-02T10:00:00.000000Z level=info event=one n=1\n");
}

enum { THREADS = 4, LINES_EACH = 200 };

static void *log_many(void *name)
{
    for (int i = 0; i < LINES_EACH; i++)
        log_line(LOG_INFO, NULL, "thread", "name=%s", (const char *)name);
    return NULL;
}

static void test_threads_do_not_mix(void)
{
    static char names[THREADS][4] = { "aaa", "bbb", "ccc", "ddd" };
    Ctx *ctx = test_ctx();
    pthread_t threads[THREADS];
    FILE *file = tmpfile();
    int standard_error = dup(STDERR_FILENO), whole = 0;
    dup2(fileno(file), STDERR_FILENO);
    fcntl(STDERR_FILENO, F_SETFL, O_APPEND);
    for (int i = 0; i < THREADS; i++)
        pthread_create(&threads[i], NULL, log_many, names[i]);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    dup2(standard_error, STDERR_FILENO);
    close(standard_error);

    enum { ROOM = 1 << 20 };
    char *bytes = arena_alloc(ctx->arena, ROOM);
    rewind(file);
    Str lines = { bytes, fread(bytes, 1, ROOM, file) };
    for (Str line; str_next(&lines, '\n', &line);) {
        Str name = str_from_at(line, (size_t)str_rfind_char(line, '=') + 1);
        CHECK(str_starts(line, S("time=")) && str_find(str_from_at(line, 5), S("time=")) < 0);
        whole += name.len == 3 && name.ptr[0] == name.ptr[1] && name.ptr[1] == name.ptr[2];
    }
    CHECK_INT(whole, THREADS * LINES_EACH);
    fclose(file);
}

const Test log_tests[] = {
    { "a line", test_a_line },
    { "levels", test_levels },
    { "level names", test_level_names },
    { "without a context the wall clock is asked", test_without_a_context_the_wall_clock_is_asked },
    { "failures", test_failures },
    { "values cannot break the line", test_values_cannot_break_the_line },
    { "card numbers", test_cards },
    { "every card is scrubbed", test_every_card_is_scrubbed },
    { "a long line is cut but never inside a card",
      test_a_long_line_is_cut_but_never_inside_a_card },
    { "errno is left alone", test_errno_is_left_alone },
    { "the sink sees each line", test_the_sink_sees_each_line },
    { "threads do not mix", test_threads_do_not_mix },
    { 0 },
};
