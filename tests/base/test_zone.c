// test_zone.c - local time where clocks change, jump and repeat, the files of zones, and agreement
// with the C library, which reads the same files by code of its own.
#include "base/tzif.h"

#include "harness.h"

#include <fcntl.h>
#include <fts.h>
#include <pthread.h>
#include <sys/stat.h>
#include <unistd.h>

static Time instant(const char *text)
{
    Time time = 0;
    CHECK(time_parse(str_from(text), &time));
    return time;
}

static Date day(Str text)
{
    Date date = 0;
    CHECK(date_parse(text, &date));
    return date;
}

static Clock clock_at(Str text)
{
    Clock clock = 0;
    CHECK(clock_parse(text, &clock));
    return clock;
}

static void test_what_the_wall_shows(void)
{
    // clang-format off
    static const struct {
        const char *row, *instant, *date, *clock;
        int offset_s;
    } rows[] = {
        { "UTC",                 "2026-03-29T01:00:00Z", "2026-03-29", "01:00",      0 },
        { "Europe/London",       "2026-03-29T00:59:59Z", "2026-03-29", "00:59",      0 },
        { "Europe/London",       "2026-03-29T01:00:00Z", "2026-03-29", "02:00",   3600 },
        { "Europe/London",       "2026-10-25T00:59:59Z", "2026-10-25", "01:59",   3600 },
        { "Europe/London",       "2026-10-25T01:00:00Z", "2026-10-25", "01:00",      0 },
        { "America/New_York",    "2026-03-08T06:59:59Z", "2026-03-08", "01:59", -18000 },
        { "America/New_York",    "2026-03-08T07:00:00Z", "2026-03-08", "03:00", -14400 },
        { "America/New_York",    "2026-11-01T05:59:59Z", "2026-11-01", "01:59", -14400 },
        { "America/New_York",    "2026-11-01T06:00:00Z", "2026-11-01", "01:00", -18000 },
        { "Asia/Dhaka",          "2026-03-02T18:00:00Z", "2026-03-03", "00:00",  21600 },
        { "Asia/Dhaka",          "2009-06-19T16:59:59Z", "2009-06-19", "22:59",  21600 },
        { "Asia/Dhaka",          "2009-06-19T17:00:00Z", "2009-06-20", "00:00",  25200 },
        { "Asia/Dhaka",          "2009-12-31T16:59:59Z", "2009-12-31", "23:59",  25200 },
        { "Asia/Dhaka",          "2009-12-31T17:00:00Z", "2009-12-31", "23:00",  21600 },
        { "Asia/Dhaka",          "1930-01-01T00:00:00Z", "1930-01-01", "05:53",  21200 },
        { "Australia/Lord_Howe", "2026-04-04T14:59:59Z", "2026-04-05", "01:59",  39600 },
        { "Australia/Lord_Howe", "2026-04-04T15:00:00Z", "2026-04-05", "01:30",  37800 },
        { "Australia/Lord_Howe", "2026-10-03T15:29:59Z", "2026-10-04", "01:59",  37800 },
        { "Australia/Lord_Howe", "2026-10-03T15:30:00Z", "2026-10-04", "02:30",  39600 },
        { "Pacific/Apia",        "2011-12-30T09:59:59Z", "2011-12-29", "23:59", -36000 },
        { "Pacific/Apia",        "2011-12-30T10:00:00Z", "2011-12-31", "00:00",  50400 },
        { "Asia/Kathmandu",      "2026-01-01T18:15:00Z", "2026-01-02", "00:00",  20700 },
        { "Asia/Kathmandu",      "1985-12-31T18:29:59Z", "1985-12-31", "23:59",  19800 },
        { "Asia/Kathmandu",      "1985-12-31T18:30:00Z", "1986-01-01", "00:15",  20700 },
        { "America/New_York",    "2099-07-01T12:00:00Z", "2099-07-01", "08:00", -14400 },
        { "America/New_York",    "2150-07-01T12:00:00Z", "2150-07-01", "07:00", -18000 },
        { "America/New_York",    "1890-07-01T12:00:00Z", "1890-07-01", "07:00", -18000 },
        { "Asia/Dhaka",          "0001-01-01T00:00:00Z", "0001-01-01", "05:53",  21200 },
    };
    // clang-format on
    Ctx *ctx = test_ctx();
    for (size_t i = 0; i < COUNT(rows); i++) {
        const Zone *zone = zone_find(str_from(rows[i].row));
        Time time = instant(rows[i].instant);
        test_row = str_format(ctx->arena, "%s at %s", rows[i].row, rows[i].instant).ptr;
        CHECK_STR(date_text(ctx->arena, zone_date(zone, time)), rows[i].date);
        CHECK_INT(zone_minute(zone, time), clock_at(str_from(rows[i].clock)) - 1);
        CHECK_INT(zone_offset_s(zone, time), rows[i].offset_s);
    }
}

static void test_local_times_become_instants(void)
{
    // clang-format off
    static const struct {
        const char *row, *zone, *local, *want;
    } rows[] = {
        { "plain",              "Asia/Dhaka",          "2026-03-03T00:00", "2026-03-02T18:00:00Z" },
        { "three quarters",     "Asia/Kathmandu",      "2026-01-01T00:00", "2025-12-31T18:15:00Z" },
        { "before the gap",     "Europe/London",       "2026-03-29T00:59", "2026-03-29T00:59:00Z" },
        { "the gap's start",    "Europe/London",       "2026-03-29T01:00", "2026-03-29T01:00:00Z" },
        { "in the gap",         "Europe/London",       "2026-03-29T01:30", "2026-03-29T01:30:00Z" },
        { "after the gap",      "Europe/London",       "2026-03-29T02:00", "2026-03-29T01:00:00Z" },
        { "before the double",  "Europe/London",       "2026-10-25T00:59", "2026-10-24T23:59:00Z" },
        { "first of two",       "Europe/London",       "2026-10-25T01:30", "2026-10-25T00:30:00Z" },
        { "after the double",   "Europe/London",       "2026-10-25T02:00", "2026-10-25T02:00:00Z" },
        { "western gap",        "America/New_York",    "2026-03-08T02:30", "2026-03-08T07:30:00Z" },
        { "western double",     "America/New_York",    "2026-11-01T01:30", "2026-11-01T05:30:00Z" },
        { "summer's gap",       "Asia/Dhaka",          "2009-06-19T23:30", "2009-06-19T17:30:00Z" },
        { "that summer",        "Asia/Dhaka",          "2009-08-01T12:00", "2009-08-01T05:00:00Z" },
        { "summer's double",    "Asia/Dhaka",          "2009-12-31T23:30", "2009-12-31T16:30:00Z" },
        { "after that summer",  "Asia/Dhaka",          "2010-01-01T00:00", "2009-12-31T18:00:00Z" },
        { "half hour gap",      "Australia/Lord_Howe", "2026-10-04T02:15", "2026-10-03T15:45:00Z" },
        { "half hour double",   "Australia/Lord_Howe", "2026-04-05T01:45", "2026-04-04T14:45:00Z" },
        { "after half an hour", "Australia/Lord_Howe", "2026-04-05T02:00", "2026-04-04T15:30:00Z" },
        { "before the lost day","Pacific/Apia",        "2011-12-29T23:59", "2011-12-30T09:59:00Z" },
        { "the lost day",       "Pacific/Apia",        "2011-12-30T00:00", "2011-12-30T10:00:00Z" },
        { "its noon",           "Pacific/Apia",        "2011-12-30T12:00", "2011-12-30T22:00:00Z" },
        { "after the lost day", "Pacific/Apia",        "2011-12-31T00:00", "2011-12-30T10:00:00Z" },
        { "no midnight",        "America/Havana",      "2026-03-08T00:00", "2026-03-08T05:00:00Z" },
        { "two midnights",      "America/Havana",      "2026-11-01T00:00", "2026-11-01T04:00:00Z" },
    };
    // clang-format on
    Ctx *ctx = test_ctx();
    for (size_t i = 0; i < COUNT(rows); i++) {
        const Zone *zone = zone_find(str_from(rows[i].zone));
        test_row = rows[i].row;
        Str local = str_from(rows[i].local);
        Date date = day(str_sub(local, 0, 10));
        int minute = clock_at(str_from_at(local, 11)) - 1;
        CHECK_STR(time_text(ctx->arena, zone_time(zone, date, minute)), rows[i].want);
    }
}

static void test_none_stays_none(void)
{
    const Zone *zone = zone_find(S("Asia/Dhaka"));
    CHECK_INT(zone_date(zone, 0), 0);
    CHECK_INT(zone_date(zone, INT64_MIN), 0);
    CHECK_INT(zone_date(zone, INT64_MAX), 0);
    CHECK_INT(zone_minute(zone, INT64_MAX), 0);
    CHECK_INT(zone_date(zone, instant("9999-12-31T23:00:00Z")), 0);
    CHECK_INT(zone_time(zone, 0, 720), 0);
    CHECK_INT(zone_time(zone, DATE_MAX + 1, 0), 0);
}

static void test_names(void)
{
    static const char *const known[] = { "UTC",
                                         "EST",
                                         "Asia/Kolkata",
                                         "Asia/Calcutta",
                                         "Europe/Kyiv",
                                         "Etc/GMT+5",
                                         "America/Argentina/ComodRivadavia" };
    // clang-format off
    static const char *const unknown[] = {
        "", "Nope/Nope", "asia/dhaka", "ASIA/DHAKA", " Asia/Dhaka", "Asia/Dhaka ", "Asia",
        "Etc/Unknown", "GMT+5:30", "GMT+3", "+06:00", "UTC+6", "BST", "IST", "PST", "Dhaka",
        "SystemV/EST5EDT", "Asia/", "Asia/Дака", "Asia/D\nhaka", "Asia//Dhaka", "/Asia/Dhaka",
        "./UTC", "../zoneinfo/UTC", "Asia/../UTC", "posix/UTC", "right/UTC",
        "/usr/share/zoneinfo/UTC", "localtime", "posixrules", "leapseconds", "zone.tab",
        "tzdata.zi", "Asia/Dhaka/", "EST5EDT,M3.2.0,M11.1.0",
    };
    // clang-format on
    for (size_t i = 0; i < COUNT(known); i++) {
        test_row = known[i];
        const Zone *zone = zone_find(str_from(known[i]));
        CHECK(zone != NULL);
        if (zone)
            CHECK_STR(zone_name(zone), known[i]);
        CHECK(zone_find(str_from(known[i])) == zone);
    }
    for (size_t i = 0; i < COUNT(unknown); i++) {
        test_row = unknown[i];
        CHECK(zone_find(str_from(unknown[i])) == NULL);
    }
    char long_name[4000];
    memset(long_name, 'A', sizeof long_name);
    test_row = NULL;
    CHECK(zone_find((Str){ long_name, sizeof long_name }) == NULL);
    CHECK(zone_find((Str){ "UTC\0", 4 }) == NULL);
}

// ---- Files --------------------------------------------------------------------------------------

static const char *zone_folder(void)
{
    const char *folder = getenv("TZDIR");
    return folder && folder[0] ? folder : "/usr/share/zoneinfo";
}

static void write_file(const char *path, Str content)
{
    FILE *out = fopen(path, "wb");
    CHECK(out && fwrite(content.ptr, 1, content.len, out) == content.len && fclose(out) == 0);
}

// A folder "Test" with one sound zone under two names and all that is none. Removed from the end.
static const char *const made[] = { "Test",         "Test/Sound",  "Test/Link",
                                    "Test/Half",    "Test/Folder", "Test/Pipe",
                                    "Test/Nowhere", "Test/Empty",  "Test/Long" };

static void make_zones(Str sound)
{
    CHECK(mkdir("Test", 0700) == 0);
    write_file("Test/Sound", sound);
    CHECK(symlink("Sound", "Test/Link") == 0);
    write_file("Test/Half", str_sub(sound, 0, sound.len / 2));
    CHECK(mkdir("Test/Folder", 0700) == 0);
    CHECK(mkfifo("Test/Pipe", 0600) == 0);
    CHECK(symlink("Gone", "Test/Nowhere") == 0);
    write_file("Test/Empty", S(""));
    write_file("Test/Long", sound);
    CHECK(truncate("Test/Long", TZIF_LEN_MAX + 1) == 0);
}

static void check_made_zones(const char *folder)
{
    CHECK(setenv("TZDIR", "/nonexistent", 1) == 0);
    CHECK(zone_find(S("Test/Sound")) == NULL);
    CHECK(setenv("TZDIR", folder, 1) == 0);
    for (size_t i = 0; i < COUNT(made); i++) {
        bool is_sound = strcmp(made[i], "Test/Sound") == 0 || strcmp(made[i], "Test/Link") == 0;
        test_row = made[i];
        CHECK((zone_find(str_from(made[i])) != NULL) == is_sound);
    }
    test_row = NULL;
    CHECK_INT(zone_offset_s(zone_find(S("Test/Sound")), instant("2026-07-01T00:00:00Z")), 7200);
}

static void test_only_sound_files_are_zones(void)
{
    Ctx *ctx = test_ctx();
    Str sound =
        test_read_file(ctx->arena, str_format(ctx->arena, "%s/Europe/Oslo", zone_folder()).ptr);
    const char *tzdir = getenv("TZDIR") ? str_c(ctx->arena, str_from(getenv("TZDIR"))) : NULL;
    char folder[] = "/tmp/entrepot-zones-XXXXXX";
    int home = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);
    CHECK(home >= 0 && mkdtemp(folder) && chdir(folder) == 0);
    make_zones(sound);
    check_made_zones(folder);
    for (size_t i = COUNT(made); i-- > 0;)
        CHECK(remove(made[i]) == 0);
    CHECK(tzdir ? setenv("TZDIR", tzdir, 1) == 0 : unsetenv("TZDIR") == 0);
    CHECK(fchdir(home) == 0 && close(home) == 0 && rmdir(folder) == 0);
}

static const char *const shared_names[] = { "Europe/Oslo",   "Asia/Tokyo",     "Africa/Lagos",
                                            "Asia/Karachi",  "America/Bogota", "Europe/Rome",
                                            "Asia/Shanghai", "America/Denver", "Pacific/Auckland",
                                            "Asia/Manila",   "Europe/Vienna",  "Asia/Colombo" };

static void *find_all(void *found)
{
    const Zone **zones = found;
    for (size_t i = 0; i < COUNT(shared_names); i++)
        zones[i] = zone_find(str_from(shared_names[i]));
    return NULL;
}

static void test_threads_find_the_same_zones(void)
{
    enum { THREADS = 4, NAMES = COUNT(shared_names) };
    pthread_t threads[THREADS];
    const Zone *zones[THREADS][NAMES] = { 0 };
    for (size_t t = 0; t < THREADS; t++)
        CHECK(pthread_create(&threads[t], NULL, find_all, zones[t]) == 0);
    for (size_t t = 0; t < THREADS; t++)
        pthread_join(threads[t], NULL);
    for (size_t i = 0; i < NAMES; i++)
        for (size_t t = 0; t < THREADS; t++)
            CHECK(zones[t][i] != NULL && zones[t][i] == zones[0][i]);
}

// ---- Against the C library ----------------------------------------------------------------------

static int libc_offset_s(Time time)
{
    time_t at = time / SECOND;
    struct tm local = { 0 };
    CHECK(localtime_r(&at, &local) != NULL);
    return (int)local.tm_gmtoff;
}

// The instant of a local time (microseconds since 1970-01-01T00:00 on that wall). Nowhere have
// clocks changed twice within 32 hours, so there is one offset before and one after. The one before
// counts wherever it can, and where neither shows the time: in the gap between them.
static Time libc_instant(Time local)
{
    int before_s = libc_offset_s(local - 16 * HOUR), after_s = libc_offset_s(local + 16 * HOUR);
    Time by_before = local - before_s * SECOND, by_after = local - after_s * SECOND;
    bool is_shown_after = libc_offset_s(by_after) == after_s;
    return libc_offset_s(by_before) != before_s && is_shown_after ? by_after : by_before;
}

// Within 3 hours of the next change of the clock that is found by looking week by week, or `time`
// when there is none in a year.
static Time near_change(Random *random, Time time)
{
    int offset_s = libc_offset_s(time);
    Time end = time + 371 * DAY, low = time;
    while (low < end && libc_offset_s(low + 7 * DAY) == offset_s)
        low += 7 * DAY;
    if (low >= end)
        return time;
    Time high = low + 7 * DAY;
    while (high - low > MINUTE) {
        Time middle = low + (high - low) / (2 * SECOND) * SECOND;
        if (libc_offset_s(middle) == offset_s)
            low = middle;
        else
            high = middle;
    }
    return (low / MINUTE + random_below(random, 361) - 180) * MINUTE;
}

// Any minute from 1900 to 2099; every other time one near a change of the clock.
static Time random_instant(Random *random)
{
    Time start = instant("1900-01-03T00:00:00Z"), end = instant("2099-12-29T00:00:00Z");
    Time time = start + random_below(random, (end - start) / MINUTE) * MINUTE;
    if (random_chance(random, 2) || time > end - 400 * DAY)
        return time;
    return near_change(random, time);
}

static void compare_with_libc(const Zone *zone, Random *random)
{
    Time time = random_instant(random);
    CHECK_INT(zone_offset_s(zone, time), libc_offset_s(time));

    Date date = zone_date(zone, time);
    int minute = zone_minute(zone, time);
    Time local = (date - DATE_1970) * DAY + minute * MINUTE, back = zone_time(zone, date, minute);
    CHECK_INT(back, libc_instant(local));

    // What a wall has shown leads back to an instant at which it shows just that; old clocks also
    // changed within a minute, whose start may then never have been shown.
    Time start = local - zone_offset_s(zone, time) * SECOND;
    if (zone_offset_s(zone, start) == zone_offset_s(zone, time)) {
        CHECK(back <= start && start - back <= DAY);
        CHECK_INT(zone_date(zone, back), date);
        CHECK_INT(zone_minute(zone, back), minute);
    }

    // A local time taken at random may also be one that no wall has shown.
    int any = (int)random_below(random, 1440);
    local = (date - DATE_1970) * DAY + any * MINUTE;
    CHECK_INT(zone_time(zone, date, any), libc_instant(local));
}

static void check_zone(const char *name, Random *random)
{
    const Zone *zone = zone_find(str_from(name));
    CHECK(zone != NULL);
    if (!zone)
        return;
    setenv("TZ", name, 1);
    tzset();
    for (int i = 0; i < 12; i++)
        compare_with_libc(zone, random);
}

// What stands in the folder and begins with a capital is a zone, all else is none.
static void test_every_zone_agrees_with_the_c_library(void)
{
    Ctx *ctx = test_ctx();
    const char *folder = zone_folder();
    char *const roots[] = { (char *)str_c(ctx->arena, str_from(folder)), NULL };
    FTS *walk = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
    int zones = 0;
    for (FTSENT *entry; (entry = fts_read(walk)) != NULL;) {
        if (entry->fts_info != FTS_F && entry->fts_info != FTS_SL)
            continue;
        const char *name = entry->fts_path + strlen(folder) + 1;
        bool is_zone = name[0] >= 'A' && name[0] <= 'Z';
        test_row = name;
        if (is_zone)
            check_zone(name, ctx->random);
        else
            CHECK(zone_find(str_from(name)) == NULL);
        zones += is_zone;
    }
    fts_close(walk);
    unsetenv("TZ");
    tzset();
    test_row = NULL;
    CHECK(zones > 300);
}

const Test zone_tests[] = {
    { "only IANA's names are known", test_names },
    { "what the wall shows", test_what_the_wall_shows },
    { "local times become instants", test_local_times_become_instants },
    { "none stays none", test_none_stays_none },
    { "only sound files are zones", test_only_sound_files_are_zones },
    { "threads find the same zones", test_threads_find_the_same_zones },
    { "every zone agrees with the C library", test_every_zone_agrees_with_the_c_library },
    { 0 },
};
