// log.c - writes log lines to standard error, as logfmt:
//
//     time=2026-03-02T10:00:00.000000Z level=warn trace=00000000deadbeef event=job.retry job=mail
//
// A line is put together on the stack and goes out with one write(2), so lines of several threads
// do not mix and nothing is allocated: even a full arena can be logged. Two things stay true
// whatever the values are: a line is one line, because control characters are escaped; and no card
// number is in it, because whatever looks like one is replaced.
//
// This is the one file below the kernel that may ask the clock: some lines are written where there
// is no Ctx yet.
#include "base/log.h"

#include "base/utf8.h"

#include <ctype.h>
#include <errno.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <unistd.h>

// A pipe does not tear a write of up to 4096 bytes apart (PIPE_BUF).
enum { LINE_BYTES_MAX = 4096, MESSAGE_BYTES_MAX = 3072 };
enum { CARD_DIGITS_MIN = 13, CARD_DIGITS_MAX = 19 };  // ISO/IEC 7812-1

static const char *const level_names[] = { "debug", "info", "warn", "error" };

static _Atomic LogLevel least_level = LOG_INFO;

static struct {
    pthread_mutex_t lock;
    void (*fn)(Str line, void *arg);
    void *arg;
} sink = { .lock = PTHREAD_MUTEX_INITIALIZER };

// What the caller says, as it is: neither escaped nor scrubbed yet.
typedef struct Message {
    char bytes[MESSAGE_BYTES_MAX];
    size_t len;
    bool is_cut;  // there was more
} Message;

typedef struct Line {
    char bytes[LINE_BYTES_MAX];
    size_t len;
    bool is_cut;
} Line;

void log_set_level(LogLevel least)
{
    least_level = least;
}

bool log_level_parse(Str text, LogLevel *ret)
{
    for (size_t i = 0; i < COUNT(level_names); i++)
        if (str_eq_ascii_nocase(text, str_from(level_names[i]))) {
            *ret = (LogLevel)i;
            return true;
        }
    return false;
}

void log_set_sink(void (*fn)(Str line, void *arg), void *arg)
{
    pthread_mutex_lock(&sink.lock);
    sink.fn = fn;
    sink.arg = arg;
    pthread_mutex_unlock(&sink.lock);
}

// ---- The line -----------------------------------------------------------------------------------

// All of it or, when the line is full, nothing more.
static void put(Line *line, Str s)
{
    static const char end[] = "...\n";
    line->is_cut |= s.len > sizeof line->bytes - sizeof end - line->len;
    if (line->is_cut)
        return;
    memcpy(line->bytes + line->len, s.ptr, s.len);
    line->len += s.len;
}

PRINTF(2, 3) static void put_format(Line *line, const char *format, ...)
{
    char text[128];
    va_list args;
    va_start(args, format);
    int len = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    put(line, (Str){ text, (size_t)len < sizeof text ? (size_t)len : sizeof text - 1 });
}

static void put_time(Line *line, const Ctx *ctx)
{
    Time now = ctx ? ctx->now : 0;
    if (now == 0) {
        struct timespec wall;
        clock_gettime(CLOCK_REALTIME, &wall);
        now = (Time)wall.tv_sec * 1000000 + wall.tv_nsec / 1000;
    }
    time_t seconds = now / 1000000;
    struct tm utc;
    gmtime_r(&seconds, &utc);
    put_format(line, "time=%04d-%02d-%02dT%02d:%02d:%02d.%06dZ", utc.tm_year + 1900, utc.tm_mon + 1,
               utc.tm_mday, utc.tm_hour, utc.tm_min, utc.tm_sec, (int)(now % 1000000));
}

// One character, taken off the front; what could break the line or steer a terminal, as an escape.
static void put_character(Line *line, Str *rest)
{
    Str here = *rest;
    int32_t c = utf8_next(rest);
    bool is_c1 = c >= 0x80 && c < 0xA0, is_line_separator = c == 0x2028 || c == 0x2029;
    ptrdiff_t named = c > 0 && c < 0x80 ? str_find_char(S("\n\r\t"), (char)c) : -1;
    if (named >= 0)
        put_format(line, "\\%c", "nrt"[named]);
    else if (c < 0x20 || c == 0x7F)  // also bytes that are no UTF-8
        put_format(line, "\\x%02x", (unsigned char)here.ptr[0]);
    else if (is_c1 || is_line_separator)
        put_format(line, "\\u%04x", (unsigned)c);
    else
        put(line, (Str){ here.ptr, here.len - rest->len });
}

// ---- Card numbers -------------------------------------------------------------------------------

// What people, and the programs they copy from, put between the groups of a card number.
static bool is_gap(int32_t c)
{
    bool is_blank = c == ' ' || c == '\t' || c == 0xA0 || c == 0x2009 || c == 0x202F;
    return is_blank || c == '-' || (c >= 0x2010 && c <= 0x2015) || c == 0x2212;
}

// ISO/IEC 7812-1, annex B: from the right, every second digit doubled, the digits' sum ends in 0.
static bool passes_luhn(const int *digits, int count)
{
    int sum = 0;
    for (int i = 0; i < count; i++) {
        int digit = digits[count - 1 - i] * (1 + i % 2);
        sum += digit > 9 ? digit - 9 : digit;
    }
    return sum % 10 == 0;
}

// The bytes of the longest card number at the front, where a group of digits begins; it ends where
// a group ends. 0 when there is none. Also whether the digits go on to the end of `s`.
static size_t card_len(Str s, bool *ret_reaches_end)
{
    int digits[CARD_DIGITS_MAX], count = 0;
    size_t found = 0;
    Str rest = s;
    while (rest.len) {
        int32_t c = utf8_next(&rest);
        bool is_digit = c >= '0' && c <= '9';
        if (is_digit ? count == CARD_DIGITS_MAX : !is_gap(c))
            break;
        if (is_digit)
            digits[count++] = c - '0';
        bool ends_group = is_digit && !(rest.len && isdigit((unsigned char)rest.ptr[0]));
        if (ends_group && count >= CARD_DIGITS_MIN && passes_luhn(digits, count))
            found = s.len - rest.len;
        *ret_reaches_end = rest.len == 0;
    }
    return found;
}

// Where the message was cut, digits at its end may begin a card number: they are left out.
static void put_message(Line *line, const Message *message)
{
    Str rest = { message->bytes, message->len };
    bool in_group = false;
    for (int i = 0; i < 3 && message->is_cut && rest.len; i++)
        rest.len -= (unsigned char)rest.ptr[rest.len - 1] >= 0x80;  // may be half a character
    while (rest.len) {
        bool is_digit = isdigit((unsigned char)rest.ptr[0]), reaches_end = false;
        size_t card = is_digit && !in_group ? card_len(rest, &reaches_end) : 0;
        if (message->is_cut && reaches_end)
            break;
        in_group = is_digit;
        if (card) {
            put(line, S("[card]"));
            rest = str_from_at(rest, card);
        } else {
            put_character(line, &rest);
        }
    }
    line->is_cut |= message->is_cut;
}

// ---- Writing ------------------------------------------------------------------------------------

// Standard error that does not take the line loses it: there is nowhere else to complain.
static void send(Line *line)
{
    int errno_before = errno;
    if (line->is_cut) {
        memcpy(line->bytes + line->len, "...", 3);
        line->len += 3;
    }
    line->bytes[line->len] = '\n';
    while (write(STDERR_FILENO, line->bytes, line->len + 1) < 0 && errno == EINTR)
        ;
    pthread_mutex_lock(&sink.lock);
    if (sink.fn)
        sink.fn((Str){ line->bytes, line->len }, sink.arg);
    pthread_mutex_unlock(&sink.lock);
    errno = errno_before;
}

static void write_line(LogLevel level, const Ctx *ctx, const char *event, const Message *message)
{
    Line line = { .len = 0 };
    put_time(&line, ctx);
    put_format(&line, " level=%s", level_names[level]);
    if (ctx && ctx->trace)
        put_format(&line, " trace=%016llx", (unsigned long long)ctx->trace);
    put(&line, S(" event="));
    for (Str rest = str_from(event); rest.len;)
        put_character(&line, &rest);
    if (message->len)
        put(&line, S(" "));
    put_message(&line, message);
    send(&line);
}

void log_line(LogLevel level, const Ctx *ctx, const char *event, const char *format, ...)
{
    if (level < least_level)
        return;
    Message message;
    va_list args;
    va_start(args, format);
    int len = vsnprintf(message.bytes, sizeof message.bytes, format, args);
    va_end(args);
    message.is_cut = len >= (int)sizeof message.bytes;
    message.len = message.is_cut ? sizeof message.bytes - 1 : (size_t)len;
    write_line(level, ctx, event, &message);
}

static void add_byte(Message *message, char c)
{
    if (message->len < sizeof message->bytes)
        message->bytes[message->len++] = c;
    else
        message->is_cut = true;
}

static void add(Message *message, const char *text)
{
    for (; *text; text++)
        add_byte(message, *text);
}

static void add_quoted(Message *message, Str text)
{
    add_byte(message, '"');
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '"' || text.ptr[i] == '\\')
            add_byte(message, '\\');
        add_byte(message, text.ptr[i]);
    }
    add_byte(message, '"');
}

void log_failure(LogLevel level, const Ctx *ctx, const char *event)
{
    if (level < least_level)
        return;
    const Failure *failure = &ctx->failure;
    Message message = { .len = 0 };
    char line[16];
    snprintf(line, sizeof line, "%d", failure->line);
    add(&message, "code=");
    add(&message, failure->code ? failure->code : "none");
    add(&message, " at=");
    add(&message, failure->file ? failure->file : "");
    add(&message, ":");
    add(&message, line);
    add(&message, " message=");
    add_quoted(&message, failure->message);
    write_line(level, ctx, event, &message);
}
