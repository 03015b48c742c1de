// date.h - days, instants and zones.
//
// A Date is a day without a zone: what people agree on. A Time is an instant: what happened. They
// meet only through a Zone. Proleptic Gregorian calendar (Hinnant's algorithms).
#pragma once

#include "base/ctx.h"

typedef int32_t Date;   // 1 is 0001-01-01, so that 0 can mean "no date" and 1970-01-01 is a day
typedef int16_t Clock;  // minute of the day plus one; 0 is "none"

enum { DATE_1970 = 719163, DATE_MAX = 3652059 };  // 1970-01-01, 9999-12-31
#define SECOND INT64_C(1000000)
#define MINUTE (60 * SECOND)
#define HOUR   (60 * MINUTE)
#define DAY    (24 * HOUR)

typedef struct {
    int year, month, day;  // 1..9999, 1..12, 1..31
} Ymd;

// None for none: what is no day (0, or outside the years 1 to 9999) gives 0, {0} or "".
Date date_from_ymd(int year, int month, int day);  // 0 when there is no such day
Ymd date_ymd(Date date);
int date_weekday(Date date);  // 1 Monday .. 7 Sunday (ISO 8601)
int date_iso_week(Date date, int *ret_year);
Date date_add_months(Date date, int n);  // 31 January + 1 month = the last day of February
Date date_month_start(Date date);
Date date_month_end(Date date);
int date_days_in_month(int year, int month);

bool date_parse(Str text, Date *ret);    // "2026-11-21"
Str date_text(Arena *arena, Date date);  // "2026-11-21"; "" for none

bool clock_parse(Str text, Clock *ret);  // "14:05"
Str clock_text(Arena *arena, Clock clock);

// RFC 3339: "2026-11-21T14:05:00Z", with an offset, with up to six decimals of a second. The one
// instant that reads as "none" is 1970-01-01T00:00:00Z, as everywhere.
bool time_parse(Str text, Time *ret);
Str time_text(Arena *arena, Time time);  // always in Z; decimals only where there are any

// The day of an instant in UTC and the microseconds since its midnight; both 0 outside the years 1
// to 9999.
Date time_split(Time time, Time *ret_since);

// ---- Zones --------------------------------------------------------------------------------------

typedef struct Zone Zone;

// The zone of an IANA name ("Asia/Dhaka"), kept for the life of the program; NULL for an unknown
// name, or one whose file is unreadable or damaged. Thread-safe. The rules are those of the
// system's zone files when the zone is first asked for. NULL for "UTC" means that these are missing
// (package tzdata): a program that needs zones asks for it at its start and says so.
const Zone *zone_find(Str name);
Str zone_name(const Zone *zone);

Date zone_date(const Zone *zone, Time time);  // which day it is there; 0 for none
// Minutes since local midnight, 0..1439.
int zone_minute(const Zone *zone, Time time);
int zone_offset_s(const Zone *zone, Time time);  // local minus UTC, seconds
// The instant a local day and minute begins; 0 for no day. A time skipped by a clock change reads
// as the later side, one that happens twice as the first: both take the offset before the change,
// so that 01:30 on a night without an hour from 01:00 is the instant that reads 02:30.
Time zone_time(const Zone *zone, Date date, int minute);
