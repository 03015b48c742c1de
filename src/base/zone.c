// zone.c - what a clock on the wall shows where.
//
// The rules are the system's: the zone files in /usr/share/zoneinfo (or the folder that TZDIR in
// the environment names), which its package tzdata keeps up to date. A file is read once:
// zone_find() makes sorted arrays of it for 1900 to 2099, and every look-up after that is a binary
// search without locks, allocation or calls. Before 1900 and after 2099 the neighbour's offset
// holds. Newer files count from the program's next start.
//
// The registry at the end of the file is the one mutable global in base/. A zone is a fact of the
// world like a currency, only too large to be a const table and not ours to write down; it comes
// from the files on the machine, is the same for every tenant, thread and test, and never changes
// once it is there. Passing it through every Ctx would give each request another copy of one truth.
// It only grows, by at most the 600-odd files there are, so no input can fill the memory.
#include "base/tzif.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

// In the order of `from`: the offset that holds from an instant on. `from_local` is the first local
// time (as microseconds since 1970-01-01T00:00 on that wall) to be read with that offset.
struct Zone {
    const Zone *next;  // in the registry
    Str name;
    const Time *from, *from_local;  // the first of each is before all times
    const int32_t *offset_s;
    size_t count;
};

// ---- Files --------------------------------------------------------------------------------------

enum { NAME_LEN_MAX = 48 };

static bool is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

static bool is_name_char(char c)
{
    return is_upper(c) || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-' || c == '+' || c == '/';
}

// IANA's names start with a capital. What else that folder holds is no zone of the world: posix/
// and right/ have them all again, the latter with leap seconds, localtime and posixrules are the
// machine's own choice, and the rest are lists. Without a dot no name can climb out of the folder.
static bool is_name(Str name)
{
    if (name.len == 0 || name.len > NAME_LEN_MAX || !is_upper(name.ptr[0]))
        return false;
    for (size_t i = 0; i < name.len; i++)
        if (!is_name_char(name.ptr[i]))
            return false;
    return str_find(name, S("//")) < 0 && !str_ends(name, S("/"));
}

static Str path_of(Arena *arena, Str name)
{
    const char *folder = getenv("TZDIR");
    if (!folder || !folder[0])
        folder = "/usr/share/zoneinfo";
    return str_format(arena, "%s/" STR_FMT, folder, STR_ARG(name));
}

static void file_close(void *file)
{
    if (*(int *)file >= 0)
        close(*(int *)file);
}

// Closed with the arena. Only a plain file of a zone file's size is read; a pipe is not waited for.
static bool file_read(Arena *arena, Str path, Str *ret)
{
    int *file = NEW(arena, int);
    *file = -1;
    arena_defer(arena, file_close, file);
    *file = open(path.ptr, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    struct stat info;
    if (*file < 0 || fstat(*file, &info) != 0 || !S_ISREG(info.st_mode) ||
        info.st_size > TZIF_LEN_MAX)
        return false;
    size_t len = (size_t)info.st_size;
    char *bytes = NEW_ARRAY(arena, char, len);
    *ret = (Str){ bytes, len };
    return read(*file, bytes, len) == info.st_size;
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
static const Zone *zone_make(Str name, const ZoneChangeList *changes)
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
    if (zone || !is_name(name))
        return zone;

    Arena scratch = { 0 };
    Str bytes;
    ZoneChangeList changes;
    if (file_read(&scratch, path_of(&scratch, name), &bytes) &&
        tzif_read(&scratch, bytes, &changes)) {
        pthread_mutex_lock(&creating);
        zone = registered(name);  // another thread may have been faster
        if (!zone)
            newest = zone = zone_make(name, &changes);
        pthread_mutex_unlock(&creating);
    }
    arena_release(&scratch);
    return zone;
}
