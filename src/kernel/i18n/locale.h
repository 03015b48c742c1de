// locale.h - what a language or country writes differently: marks, digits, months, orders. Read
// from ICU once per language, kept for the program's life, and from then on only looked at, so that
// a cell of a list costs no call into ICU.
#pragma once

#include "kernel/i18n.h"
#include "kernel/i18n/tag.h"

typedef enum DateStyle {
    DATE_DAY,        // "20 Nov"
    DATE_DAY_YEAR,   // "20 Nov 2026"
    DATE_LONG,       // "20 November 2026"
    DATE_TIME,       // "20 Nov, 14:02"
    DATE_TIME_YEAR,  // "20 Nov 2026, 14:02"
    DATE_MONTH,      // "November 2026"
    DATE_STYLES,
} DateStyle;

enum { MONTHS = 12 };

typedef struct LocaleData {
    Str name;
    Str digits[10];
    Str minus;  // U+2212, behind a direction mark where writing runs right to left
    Str percent_before, percent_after;  // of a number: "" and " %"
    Str patterns[DATE_STYLES];          // of Unicode TR 35, only with letters that date_put knows
    Str months[MONTHS], months_short[MONTHS];
    Str months_alone[MONTHS], months_alone_short[MONTHS];  // without a day: "listopad"
    Str halves[2];                                         // "am", "pm"
    char order[4];  // of a date in figures: "dmy", "mdy", "ymd"
} LocaleData;

// Fills what `locale` and `data` have from ICU. Its texts live in the arena. False when ICU fails.
bool locale_data_read(Arena *arena, const Tag *tag, Locale *locale, LocaleData *data);

// The nearest tag that ICU has data for: es-ZZ gives es. False when it does not know the language.
bool tag_known(Tag *tag);
void tag_icu(const Tag *tag, char *ret_id, size_t size);  // "es_CO"

// The caller's, or English.
const Locale *locale_of(const Ctx *ctx);
