// tzif.c - reading a zone file: its table of instants, and the rule for what comes after them.
//
// A file says everything twice (RFC 9636, section 3): a block with instants of 32 bits for old
// readers, which is stepped over, and one with instants of 64 bits. Behind it stands one line, the
// footer: a rule as in the environment's TZ ("EST5EDT,M3.2.0,M11.1.0"), for all that comes after
// the last instant. Here the rule is expanded year by year, so that nobody else has to know it.
//
// Nothing in a file is believed: every length is checked against what is left before anything is
// read, and a file with one mistake is refused whole, for half a table of changes would answer with
// a wrong hour instead of not at all.
#include "base/tzif.h"

enum {
    HEADER_LEN = 44,
    COUNTS_AT = 20,
    INSTANT_LEN = 8,
    TYPE_LEN = 6,
    YEAR_FIRST = 1900,
    YEAR_END = 2100,
    HOUR_S = 3600,
    DAY_S = 24 * HOUR_S,
    OFFSET_MIN_S = -25 * HOUR_S + 1,  // section 3.2, "utoff"
    OFFSET_MAX_S = 26 * HOUR_S - 1,
};

// How many there are of each in a block, in the order of the header.
typedef struct {
    uint32_t ut_marks, standard_marks, leaps, instants, types, letters;
} Counts;

// A type is an offset, a mark for summer time and the place of its name.
typedef struct {
    Str instants, type_of, types;
} Block;

typedef struct {
    int64_t at_s;  // since 1970-01-01, UTC
    int32_t offset_s;
} Step;

// ---- The changes --------------------------------------------------------------------------------

static int64_t year_start_s(int year)
{
    return (date_from_ymd(year, 1, 1) - DATE_1970) * (int64_t)DAY_S;
}

// Adds a step that is not before the last one; of two at the same instant the later counts. What is
// before YEAR_FIRST only decides with which offset that year begins, and all time before it:
// nobody's books are older, and before there was a time of the country every town had its own.
static void step_add(Arena *arena, ZoneChangeList *changes, Step step)
{
    if (step.at_s >= year_start_s(YEAR_END))
        return;
    if (step.at_s <= year_start_s(YEAR_FIRST)) {
        changes->items[0].offset_s = step.offset_s;
        return;
    }
    ZoneChange change = { step.at_s * SECOND, step.offset_s };
    if (list_end(*changes)[-1].from == change.from)
        changes->len--;
    if (list_end(*changes)[-1].offset_s != change.offset_s)
        *list_push(arena, changes) = change;
}

// ---- The block ----------------------------------------------------------------------------------

static uint64_t big_endian(const char *bytes, size_t len)
{
    uint64_t value = 0;
    for (size_t i = 0; i < len; i++)
        value = value << 8 | (unsigned char)bytes[i];
    return value;
}

static bool take(Str *rest, uint64_t len, Str *ret)
{
    if (rest->len < len)
        return false;
    *ret = str_sub(*rest, 0, len);
    *rest = str_from_at(*rest, len);
    return true;
}

// Versions are compatible upwards: each later one only adds forms to the footer.
static bool take_header(Str *rest, Counts *ret)
{
    Str header;
    if (!take(rest, HEADER_LEN, &header) || !str_starts(header, S("TZif")) || header.ptr[4] < '2')
        return false;
    uint32_t counts[6];
    for (size_t i = 0; i < COUNT(counts); i++)
        counts[i] = (uint32_t)big_endian(header.ptr + COUNTS_AT + 4 * i, 4);
    *ret = (Counts){ counts[0], counts[1], counts[2], counts[3], counts[4], counts[5] };
    return true;
}

static bool take_block(Str *rest, const Counts *counts, size_t instant_len, Block *ret)
{
    Str skipped;
    uint64_t leaps_len = (uint64_t)counts->leaps * (instant_len + 4);
    uint64_t marks_len = (uint64_t)counts->standard_marks + counts->ut_marks;
    return take(rest, (uint64_t)counts->instants * instant_len, &ret->instants) &&
           take(rest, counts->instants, &ret->type_of) &&
           take(rest, (uint64_t)counts->types * TYPE_LEN, &ret->types) &&
           take(rest, counts->letters, &skipped) && take(rest, leaps_len + marks_len, &skipped);
}

static bool counts_are_sound(const Counts *counts)
{
    return counts->types > 0 && counts->letters > 0 && counts->leaps == 0 &&
           (counts->ut_marks == 0 || counts->ut_marks == counts->types) &&
           (counts->standard_marks == 0 || counts->standard_marks == counts->types);
}

static int32_t type_offset_s(const Block *block, size_t type)
{
    return (int32_t)big_endian(block->types.ptr + type * TYPE_LEN, 4);
}

static bool types_are_sound(const Block *block, const Counts *counts)
{
    for (size_t i = 0; i < counts->types; i++) {
        int32_t offset_s = type_offset_s(block, i);
        const char *rest = block->types.ptr + i * TYPE_LEN + 4;
        if (offset_s < OFFSET_MIN_S || offset_s > OFFSET_MAX_S || big_endian(rest, 1) > 1 ||
            big_endian(rest + 1, 1) >= counts->letters)
            return false;
    }
    return true;
}

// Before the first instant the first type holds. Leaves *last_s alone where there is no instant.
static bool block_read(Arena *arena, const Block *block, ZoneChangeList *changes, int64_t *last_s)
{
    *list_push(arena, changes) = (ZoneChange){ INT64_MIN, type_offset_s(block, 0) };
    for (size_t i = 0; i < block->type_of.len; i++) {
        int64_t at_s = (int64_t)big_endian(block->instants.ptr + i * INSTANT_LEN, INSTANT_LEN);
        size_t type = (unsigned char)block->type_of.ptr[i];
        if ((i > 0 && at_s <= *last_s) || type >= block->types.len / TYPE_LEN)
            return false;
        step_add(arena, changes, (Step){ at_s, type_offset_s(block, type) });
        *last_s = at_s;
    }
    return true;
}

// ---- The rule: reading it -----------------------------------------------------------------------
// POSIX, Base Definitions, section 8.3, "TZ", with the longer times of RFC 9636, section 3.3.2.
// Each take_ function takes one part off the front of *rest, or returns false.

typedef enum {
    WEEKDAY_OF_MONTH,  // "M10.5.0": the fifth, or else last, Sunday of October
    DAY_BUT_LEAP_DAY,  // "J60": 1 March in every year; 1 to 365
    DAY_OF_YEAR,       // "59": the sixtieth day, whichever that is; 0 to 365
} DayForm;

typedef struct {
    DayForm form;
    int month, week, day;  // day: of the week from Sunday 0, or of the year
    int32_t time_s;        // since midnight on the wall; below 0 or above 24 h is another day
} RuleDay;

typedef struct {
    int32_t standard_s, summer_s;  // offsets
    bool has_summer;
    RuleDay start, end;  // of summer time; where it spans the new year, end comes first
} Rule;

static bool take_char(Str *rest, char c)
{
    if (rest->len == 0 || rest->ptr[0] != c)
        return false;
    *rest = str_from_at(*rest, 1);
    return true;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static bool take_number(Str *rest, int min, int max, int *ret)
{
    size_t len = 0;
    int value = 0;
    for (; len < rest->len && len < 3 && is_digit(rest->ptr[len]); len++)
        value = value * 10 + (rest->ptr[len] - '0');
    *rest = str_from_at(*rest, len);
    *ret = value;
    return len > 0 && value >= min && value <= max;
}

// "EST", or "<+0330>" for a name that is not all letters; nobody asks for it.
static bool take_name(Str *rest)
{
    bool is_quoted = take_char(rest, '<');
    size_t len = 0;
    for (; len < rest->len; len++) {
        char c = rest->ptr[len];
        if (!is_letter(c) && !(is_quoted && (is_digit(c) || c == '+' || c == '-')))
            break;
    }
    *rest = str_from_at(*rest, len);
    return len >= 3 && (!is_quoted || take_char(rest, '>'));
}

// "-3", "+12:45", "167:59:59".
static bool take_seconds(Str *rest, int hours_max, int32_t *ret)
{
    int sign = take_char(rest, '-') ? -1 : 1, hours, minutes = 0, seconds = 0;
    if (sign > 0)
        take_char(rest, '+');
    if (!take_number(rest, 0, hours_max, &hours))
        return false;
    if (take_char(rest, ':')) {
        if (!take_number(rest, 0, 59, &minutes))
            return false;
        if (take_char(rest, ':') && !take_number(rest, 0, 59, &seconds))
            return false;
    }
    *ret = sign * (hours * HOUR_S + minutes * 60 + seconds);
    return true;
}

// POSIX counts westwards.
static bool take_offset(Str *rest, int32_t *ret)
{
    int32_t west_s;
    if (!take_seconds(rest, 24, &west_s))
        return false;
    *ret = -west_s;
    return true;
}

static bool take_date(Str *rest, RuleDay *ret)
{
    if (take_char(rest, 'M')) {
        ret->form = WEEKDAY_OF_MONTH;
        return take_number(rest, 1, 12, &ret->month) && take_char(rest, '.') &&
               take_number(rest, 1, 5, &ret->week) && take_char(rest, '.') &&
               take_number(rest, 0, 6, &ret->day);
    }
    if (take_char(rest, 'J')) {
        ret->form = DAY_BUT_LEAP_DAY;
        return take_number(rest, 1, 365, &ret->day);
    }
    ret->form = DAY_OF_YEAR;
    return take_number(rest, 0, 365, &ret->day);
}

static bool take_day(Str *rest, RuleDay *ret)
{
    *ret = (RuleDay){ .time_s = 2 * HOUR_S };
    return take_char(rest, ',') && take_date(rest, ret) &&
           (!take_char(rest, '/') || take_seconds(rest, 167, &ret->time_s));
}

static bool rule_read(Str text, Rule *ret)
{
    *ret = (Rule){ 0 };
    if (!take_name(&text) || !take_offset(&text, &ret->standard_s))
        return false;
    if (text.len == 0)
        return true;

    ret->has_summer = true;
    ret->summer_s = ret->standard_s + HOUR_S;
    if (!take_name(&text) || text.len == 0)
        return false;
    if (text.ptr[0] != ',' && !take_offset(&text, &ret->summer_s))
        return false;
    return take_day(&text, &ret->start) && take_day(&text, &ret->end) && text.len == 0;
}

// ---- The rule: expanding it ---------------------------------------------------------------------

// Sunday is 0 to the rule and 7 to date_weekday(), which is the same in a week of seven days.
static Date weekday_of_month(int year, int month, int week, int weekday)
{
    Date first = date_from_ymd(year, month, 1);
    Date date = first + (weekday - date_weekday(first) + 7) % 7 + 7 * (week - 1);
    return date > date_month_end(first) ? date - 7 : date;
}

static Date rule_date(const RuleDay *day, int year)
{
    Date first = date_from_ymd(year, 1, 1);
    if (day->form == WEEKDAY_OF_MONTH)
        return weekday_of_month(year, day->month, day->week, day->day);
    if (day->form == DAY_OF_YEAR)
        return first + day->day;
    bool is_after_leap_day = day->day >= 60 && date_days_in_month(year, 2) == 29;
    return first + day->day - 1 + is_after_leap_day;
}

// `before_s` is the offset by which the wall shows the time of the change.
static int64_t rule_instant_s(const RuleDay *day, int year, int32_t before_s)
{
    return (rule_date(day, year) - DATE_1970) * (int64_t)DAY_S + day->time_s - before_s;
}

static void rule_steps(const Rule *rule, int year, Step ret_ordered[2])
{
    Step start = { rule_instant_s(&rule->start, year, rule->standard_s), rule->summer_s };
    Step end = { rule_instant_s(&rule->end, year, rule->summer_s), rule->standard_s };
    bool starts_first = start.at_s <= end.at_s;
    ret_ordered[0] = starts_first ? start : end;
    ret_ordered[1] = starts_first ? end : start;
}

// Adds the changes after last_s. The years beside the first and the last count, for their changes
// may fall into these. Summer time all year round (RFC 9636, section 3.3.1) is written as an end at
// the instant of the next year's start; a rule whose changes overtake each other has no meaning.
static bool rule_expand(Arena *arena, const Rule *rule, int64_t last_s, ZoneChangeList *changes)
{
    int64_t before_s = INT64_MIN;
    for (int year = YEAR_FIRST - 1; year <= YEAR_END; year++) {
        Step steps[2];
        rule_steps(rule, year, steps);
        for (size_t i = 0; i < COUNT(steps); i++) {
            if (steps[i].at_s < before_s)
                return false;
            before_s = steps[i].at_s;
            if (before_s > last_s)
                step_add(arena, changes, steps[i]);
        }
    }
    return true;
}

// The footer is a line that may be empty: then what held last holds on. Without an instant before
// it the rule holds for all time; else it must agree with what the last one brought.
static bool footer_read(Arena *arena, Str footer, int64_t last_s, ZoneChangeList *changes)
{
    if (!take_char(&footer, '\n') || !str_ends(footer, S("\n")))
        return false;
    footer.len--;
    Rule rule;
    if (footer.len == 0)
        return true;
    if (!rule_read(footer, &rule))
        return false;

    int32_t offset_s = list_end(*changes)[-1].offset_s;
    if (last_s == INT64_MIN)
        changes->items[0].offset_s = rule.standard_s;
    else if (offset_s != rule.standard_s && !(rule.has_summer && offset_s == rule.summer_s))
        return false;
    return !rule.has_summer || rule_expand(arena, &rule, last_s, changes);
}

bool tzif_read(Arena *arena, Str bytes, ZoneChangeList *ret)
{
    Counts counts;
    Block block;
    if (bytes.len > TZIF_LEN_MAX || !take_header(&bytes, &counts) ||
        !take_block(&bytes, &counts, 4, &block))
        return false;
    if (!take_header(&bytes, &counts) || !counts_are_sound(&counts) ||
        !take_block(&bytes, &counts, INSTANT_LEN, &block) || !types_are_sound(&block, &counts))
        return false;

    ZoneChangeList changes = { 0 };
    int64_t last_s = INT64_MIN;
    if (!block_read(arena, &block, &changes, &last_s) ||
        !footer_read(arena, bytes, last_s, &changes))
        return false;
    *ret = changes;
    return true;
}
