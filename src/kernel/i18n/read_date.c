// read_date.c - days as people type them: three numbers in an order that the locale knows, unless
// the year stands first, which can only be read one way.
#include "kernel/i18n/locale.h"

#include "base/utf8.h"

#include <unicode/uchar.h>

enum { TEXT_MAX = 40, YEAR_FIGURES = 4, PARTS = 3 };

typedef struct Part {
    int figures, value;
} Part;

// Figures of any script become 0-9, blanks of any width ' ', the signs of East Asia the separator
// that they are; direction marks go.
static char plain(int32_t c)
{
    int32_t digit = u_charDigitValue(c);
    if (digit >= 0 && digit <= 9)
        return (char)('0' + digit);
    if (c == 0x5E74 || c == 0x6708 || c == 0x65E5)  // year, month, day
        return '/';
    if (u_charType(c) == U_SPACE_SEPARATOR)
        return ' ';
    return c > 0 && c < 0x80 ? (char)c : 0;
}

static bool is_direction_mark(int32_t c)
{
    return c == 0x200E || c == 0x200F || c == 0x061C;
}

static bool plain_text(Str text, char *room, Str *ret)
{
    size_t len = 0;
    while (text.len) {
        int32_t c = utf8_next(&text);
        if (is_direction_mark(c))
            continue;
        if (len == TEXT_MAX || c == UTF8_BAD || !(room[len] = plain(c)))
            return false;
        len++;
    }
    *ret = str_trim((Str){ room, len });
    return true;
}

static bool take_part(Str *rest, Part *part)
{
    *part = (Part){ 0 };
    while (rest->len && rest->ptr[0] >= '0' && rest->ptr[0] <= '9' &&
           part->figures < YEAR_FIGURES) {
        part->value = part->value * 10 + (rest->ptr[0] - '0');
        part->figures++;
        *rest = str_from_at(*rest, 1);
    }
    return part->figures > 0;
}

// One of "./-", with blanks around or not; or blanks only.
static char take_separator(Str *rest)
{
    char separator = 0;
    Str s = str_trim(*rest);
    if (s.len < rest->len)
        separator = ' ';
    if (s.len && strchr("./-", s.ptr[0])) {
        separator = s.ptr[0];
        s = str_trim(str_from_at(s, 1));
    }
    *rest = s;
    return separator;
}

// Two equal separators between three numbers; the last may be followed by one, as the dot in
// Hungarian and the sign for day in Japanese.
static bool take_parts(Str text, Part parts[PARTS])
{
    char separators[PARTS];
    for (int i = 0; i < PARTS; i++) {
        if (!take_part(&text, &parts[i]))
            return false;
        separators[i] = take_separator(&text);
    }
    return text.len == 0 && separators[0] && separators[0] == separators[1] &&
           (separators[2] == 0 || separators[2] == separators[0]);
}

static bool is_year(Part part)
{
    return part.figures == YEAR_FIGURES && part.value >= 1000;
}

bool read_date(const Ctx *ctx, Str text, Date *ret)
{
    char room[TEXT_MAX];
    Part parts[PARTS];
    if (!plain_text(text, room, &text))
        return false;
    if (date_parse(text, ret))
        return true;
    if (!take_parts(text, parts))
        return false;
    const char *order = is_year(parts[0]) ? "ymd" : locale_of(ctx)->data->order;
    Part by[256] = { 0 };
    for (int i = 0; i < PARTS; i++)
        by[(unsigned char)order[i]] = parts[i];
    if (!is_year(by['y']) || by['m'].figures > 2 || by['d'].figures > 2)
        return false;
    Date date = date_from_ymd(by['y'].value, by['m'].value, by['d'].value);
    if (date)
        *ret = date;
    return date != 0;
}
