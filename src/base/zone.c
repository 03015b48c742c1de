// zone.c - what a clock on the wall shows where.
//
// The rules are ICU's, but ICU is asked only once per zone: zone_find() walks its transitions from
// 1900 to 2100 into sorted arrays, and every look-up after that is a binary search without locks,
// allocation or calls. Before the first transition and after the last their neighbour's offset
// holds: clocks after 2099 show what they showed at its end. The rules are as new as the tables of
// the ICU on the machine (ucal_getTZDataVersion); a directory with newer ones can be named in the
// environment, ICU_TIMEZONE_FILES_DIR.
//
// The registry at the end of the file is the one mutable global in base/. A zone is a fact of the
// world like a currency, only too large to be a const table and not ours to write down; it comes
// from the library on the machine, is the same for every tenant, thread and test, and never changes
// once it is there. Passing it through every Ctx would give each request another copy of one truth.
// It only grows, by at most the 600-odd names that ICU knows, so no input can fill the memory.
#include "base/date.h"

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <unicode/ucal.h>

// In the order of `from`: the offset that holds from an instant on. `from_local` is the first local
// time (as microseconds since 1970-01-01T00:00 on that wall) to be read with that offset.
struct Zone {
    const Zone *next;  // in the registry
    Str name;
    const Time *from, *from_local;  // the first of each is before all times
    const int32_t *offset_s;
    size_t count;
};

enum { NAME_LEN_MAX = 48 };

// ---- Reading ICU --------------------------------------------------------------------------------

typedef struct {
    Time from;
    int32_t offset_s;
} Change;
typedef LIST(Change) ChangeList;

typedef struct {
    UChar text[NAME_LEN_MAX];
    int32_t len;
} IcuName;

// ICU also answers to names that IANA never gave: "BST" is Bangladesh to it and Britain to people.
static bool is_iana(Str name)
{
    static const char *const short_names[] = { "CET", "EET", "EST", "GMT", "HST", "MET", "MST",
                                               "PRC", "ROC", "ROK", "UCT", "UTC", "WET" };
    for (size_t i = 0; i < COUNT(short_names); i++)
        if (str_is(name, short_names[i]))
            return true;
    return name.len > 3 && !str_starts(name, S("SystemV/"));
}

// False for anything that is not a zone of ICU's own table: it takes "GMT+3:17" for a zone made to
// order, and opens an unknown name as GMT without a word.
static bool name_for_icu(Str name, IcuName *ret)
{
    if (name.len > NAME_LEN_MAX || !is_iana(name))
        return false;
    for (size_t i = 0; i < name.len; i++) {
        unsigned char c = (unsigned char)name.ptr[i];
        if (c <= ' ' || c > '~')
            return false;
        ret->text[i] = c;
    }
    ret->len = (int32_t)name.len;

    UChar canonical[2 * NAME_LEN_MAX];
    UBool is_system = false;
    UErrorCode status = U_ZERO_ERROR;
    ucal_getCanonicalTimeZoneID(ret->text, ret->len, canonical, COUNT(canonical), &is_system,
                                &status);
    return U_SUCCESS(status) && is_system;
}

static void calendar_close(void *calendar)
{
    ucal_close(*(UCalendar **)calendar);
}

// Closed with the arena. A zone that ICU lists and cannot open means a broken installation.
static UCalendar *calendar_open(Arena *arena, const IcuName *name)
{
    UCalendar **calendar = NEW(arena, UCalendar *);
    UErrorCode status = U_ZERO_ERROR;
    arena_defer(arena, calendar_close, calendar);
    *calendar = ucal_open(name->text, name->len, "en", UCAL_GREGORIAN, &status);
    assert(U_SUCCESS(status));
    return *calendar;
}

static int32_t calendar_offset_s(UCalendar *calendar, Time at)
{
    UErrorCode status = U_ZERO_ERROR;
    ucal_setMillis(calendar, (UDate)(at / 1000), &status);
    int32_t offset_ms = ucal_get(calendar, UCAL_ZONE_OFFSET, &status) +
                        ucal_get(calendar, UCAL_DST_OFFSET, &status);
    assert(U_SUCCESS(status));
    return offset_ms / 1000;
}

// The first transition after the instant the calendar stands at.
static bool calendar_next(const UCalendar *calendar, Time *ret)
{
    UDate ms;
    UErrorCode status = U_ZERO_ERROR;
    bool found = ucal_getTimeZoneTransitionDate(calendar, UCAL_TZ_TRANSITION_NEXT, &ms, &status);
    assert(U_SUCCESS(status));
    if (found)
        *ret = (Time)ms * 1000;
    return found;
}

static ChangeList changes_read(Arena *arena, const IcuName *name)
{
    const Time start = (date_from_ymd(1900, 1, 1) - DATE_1970) * DAY;
    const Time end = (date_from_ymd(2100, 1, 1) - DATE_1970) * DAY;
    UCalendar *calendar = calendar_open(arena, name);
    ChangeList changes = { 0 };
    Change current = { INT64_MIN, calendar_offset_s(calendar, start) };
    *list_push(arena, &changes) = current;
    for (Time at; calendar_next(calendar, &at) && at < end;) {
        int32_t offset_s = calendar_offset_s(calendar, at);
        if (offset_s == current.offset_s)
            continue;  // only the name of the time changed
        current = (Change){ at, offset_s };
        *list_push(arena, &changes) = current;
    }
    return changes;
}

// ---- Looking up ---------------------------------------------------------------------------------

// The last place whose value is not after `time`; the first value is before all times.
static size_t last_not_after(const Time *sorted, size_t count, Time time)
{
    size_t low = 0, high = count;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (sorted[middle] <= time)
            low = middle;
        else
            high = middle;
    }
    return low;
}

Str zone_name(const Zone *zone)
{
    return zone->name;
}

int zone_offset_s(const Zone *zone, Time time)
{
    return zone->offset_s[last_not_after(zone->from, zone->count, time)];
}

// The local day and the microseconds since its midnight. An instant outside the calendar is split
// first, so that the sum cannot overflow.
static Date local_split(const Zone *zone, Time time, Time *ret_since)
{
    if (time_split(time, ret_since) == 0)
        return 0;
    return time_split(time + zone_offset_s(zone, time) * SECOND, ret_since);
}

Date zone_date(const Zone *zone, Time time)
{
    Time since;
    return time == 0 ? 0 : local_split(zone, time, &since);
}

int zone_minute(const Zone *zone, Time time)
{
    Time since;
    local_split(zone, time, &since);
    return (int)(since / MINUTE);
}

Time zone_time(const Zone *zone, Date date, int minute)
{
    if (date < 1 || date > DATE_MAX)
        return 0;
    Time local = (date - DATE_1970) * DAY + minute * MINUTE;
    size_t at = last_not_after(zone->from_local, zone->count, local);
    return local - zone->offset_s[at] * SECOND;
}

// ---- The registry -------------------------------------------------------------------------------

// A list that only grows at its head: reading needs no lock, since a zone is complete before it is
// linked and stays for ever. `creating` lets one thread at a time make one, and owns `memory`.
static _Atomic(const Zone *) newest;
static pthread_mutex_t creating = PTHREAD_MUTEX_INITIALIZER;
static Arena memory;

static const Zone *registered(Str name)
{
    const Zone *zone = newest;
    while (zone && !str_eq(zone->name, name))
        zone = zone->next;
    return zone;
}

// A change opens a gap of local times (forward) or repeats some (backward). Both belong to the
// offset before the change, as RFC 5545, section 3.3.5 has it: the gap's end, or the end of the
// repeated times, is where the new offset starts to govern. Either is the instant of the change as
// the wall shows it under the greater of the two offsets.
static const Zone *zone_make(Str name, const ChangeList *changes)
{
    Zone *zone = NEW(&memory, Zone);
    Time *from = NEW_ARRAY(&memory, Time, changes->len);
    Time *from_local = NEW_ARRAY(&memory, Time, changes->len);
    int32_t *offset_s = NEW_ARRAY(&memory, int32_t, changes->len);
    from[0] = from_local[0] = INT64_MIN;
    offset_s[0] = changes->items[0].offset_s;
    for (size_t i = 1; i < changes->len; i++) {
        from[i] = changes->items[i].from;
        offset_s[i] = changes->items[i].offset_s;
        int32_t greater_s = offset_s[i] > offset_s[i - 1] ? offset_s[i] : offset_s[i - 1];
        from_local[i] = from[i] + greater_s * SECOND;
    }
    *zone = (Zone){
        .next = newest,
        .name = str_copy(&memory, name),
        .from = from,
        .from_local = from_local,
        .offset_s = offset_s,
        .count = changes->len,
    };
    return zone;
}

const Zone *zone_find(Str name)
{
    const Zone *zone = registered(name);
    IcuName icu_name;
    if (zone || !name_for_icu(name, &icu_name))
        return zone;

    Arena scratch = { 0 };
    ChangeList changes = changes_read(&scratch, &icu_name);
    pthread_mutex_lock(&creating);
    zone = registered(name);  // another thread may have been faster
    if (!zone)
        newest = zone = zone_make(name, &changes);
    pthread_mutex_unlock(&creating);
    arena_release(&scratch);
    return zone;
}
