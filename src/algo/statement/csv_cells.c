// csv_cells.c - dates and amounts as spreadsheets have them.
//
// One cell seldom tells which order its date has or what its comma means, but a column does: the
// guesses collect what each cell rules out.
#include "algo/statement/csv_cells.h"

#include "algo/statement/parts.h"
#include "base/date.h"

#include <ctype.h>

// ---- Dates --------------------------------------------------------------------------------------

static const char *const months[12] = { "jan", "feb", "mar", "apr", "may", "jun",
                                        "jul", "aug", "sep", "oct", "nov", "dec" };

// "2026-03-01 10:15", "01.03.26", "1/3/2026", "01-Mar-2026", "20260301": three numbers, and how
// many digits the first has. The time behind is ignored.
typedef struct {
    int part[3];
    int first_digits;
    bool has_month_name;
} DateParts;

static int month_named(Str word)
{
    for (int i = 0; i < 12; i++)
        if (word.len >= 3 && str_eq_ascii_nocase(str_sub(word, 0, 3), str_from(months[i])))
            return i + 1;
    return 0;
}

static Str take_run(Str *rest, bool digits)
{
    size_t len = 0;
    while (len < rest->len && (digits ? isdigit((unsigned char)rest->ptr[len]) != 0
                                      : isalpha((unsigned char)rest->ptr[len]) != 0))
        len++;
    Str run = str_sub(*rest, 0, len);
    *rest = str_from_at(*rest, len);
    return run;
}

static bool compact_date(Str cell, DateParts *ret)
{
    int64_t number;
    if (cell.len != 8 || !digits_only(cell) || !str_int(cell, &number))
        return false;
    *ret = (DateParts){ { (int)(number / 10000), (int)(number / 100 % 100), (int)(number % 100) },
                        4,
                        false };
    return ret->part[0] >= 1900 && ret->part[0] < 2200;
}

static bool split_date(Str cell, DateParts *ret)
{
    Str rest = str_trim(cell);
    *ret = (DateParts){ 0 };
    if (compact_date(rest, ret))
        return true;
    for (int i = 0; i < 3; i++) {
        int64_t number = 0;
        Str run = take_run(&rest, true);
        if (run.len == 0 && i == 1 && (run = take_run(&rest, false)).len) {
            number = month_named(run);
            ret->has_month_name = true;
        } else if (!str_int(run, &number)) {
            return false;
        }
        if (run.len > 9 || number > 9999)
            return false;
        if (i == 0)
            ret->first_digits = (int)run.len;
        ret->part[i] = (int)number;
        bool has_sign = rest.len && str_find_char(S("-./ "), rest.ptr[0]) >= 0;
        if (i < 2 && !has_sign)
            return false;
        if (i < 2)
            rest = str_from_at(rest, 1);
    }
    return rest.len == 0 || rest.ptr[0] == ' ' || rest.ptr[0] == 'T' || rest.ptr[0] == ',';
}

static Date ordered(const DateParts *parts, DateOrder order)
{
    int a = parts->part[0], b = parts->part[1], c = parts->part[2];
    int year = order == ORDER_YMD ? a : c, month = order == ORDER_MDY ? a : b;
    int day = order == ORDER_YMD ? c : order == ORDER_MDY ? b : a;
    if (parts->has_month_name && order == ORDER_MDY)
        return 0;
    if ((parts->first_digits == 4) != (order == ORDER_YMD))
        return 0;
    if (year < 100)
        year += year < 80 ? 2000 : 1900;
    return date_from_ymd(year, month, day);
}

void date_guess_add(DateGuess *guess, Str cell)
{
    DateParts parts;
    if (str_trim(cell).len == 0)
        return;
    guess->cells++;
    if (!split_date(cell, &parts))
        return;
    bool ymd = ordered(&parts, ORDER_YMD), dmy = ordered(&parts, ORDER_DMY);
    bool mdy = ordered(&parts, ORDER_MDY);
    if (!ymd && !dmy && !mdy)
        return;
    guess->dates++;
    guess->ymd &= ymd;
    guess->dmy &= dmy;
    guess->mdy &= mdy;
}

// Where both could be, the day comes first: so it is nearly everywhere.
DateOrder date_guess_order(const DateGuess *guess)
{
    if (guess->dates == 0 || guess->dates * 2 < guess->cells)
        return ORDER_NONE;
    return guess->ymd ? ORDER_YMD : guess->dmy ? ORDER_DMY : guess->mdy ? ORDER_MDY : ORDER_NONE;
}

Str date_cell(Arena *arena, Str cell, DateOrder order)
{
    DateParts parts;
    return split_date(cell, &parts) ? date_text(arena, ordered(&parts, order)) : S("");
}

// ---- Amounts ------------------------------------------------------------------------------------

enum { CELL_MAX = 64 };

// A cell without what is not number: currency words and signs, blanks, apostrophes.
typedef struct {
    char text[CELL_MAX];
    size_t len;
    bool is_negative;
    bool is_amount;
} Cleaned;

static bool is_word(Str word)
{
    static const char *const words[] = { "cr", "dr", "c", "d", "h", "s" };
    for (size_t i = 0; i < COUNT(words); i++)
        if (str_eq_ascii_nocase(word, str_from(words[i])))
            return true;
    bool is_currency = word.len == 3;
    for (size_t i = 0; i < word.len; i++)
        is_currency &= isupper((unsigned char)word.ptr[i]) != 0;
    return is_currency || str_is(word, "Rs") || str_is(word, "kr");
}

static bool means_debit(Str word)
{
    return str_eq_ascii_nocase(word, S("dr")) || str_eq_ascii_nocase(word, S("d")) ||
           str_eq_ascii_nocase(word, S("s"));
}

static Cleaned clean(Str cell)
{
    Cleaned out = { .is_amount = true };
    Str rest = str_trim(cell);
    while (rest.len && out.is_amount) {
        unsigned char c = (unsigned char)rest.ptr[0];
        Str word = take_run(&rest, false);
        if (word.len) {
            out.is_amount = is_word(word);
            out.is_negative |= means_debit(word);
            if (rest.len && rest.ptr[0] == '.' && str_is(word, "Rs"))
                rest = str_from_at(rest, 1);
            continue;
        }
        rest = str_from_at(rest, 1);
        if (c == '-' || c == '(')
            out.is_negative = true;
        else if ((isdigit(c) || c == '.' || c == ',') && out.len < CELL_MAX)
            out.text[out.len++] = (char)c;
        else if (c < 0x80 && str_find_char(S(" +)'$"), (char)c) < 0)
            out.is_amount = false;
    }
    bool has_digit = false;
    for (size_t i = 0; i < out.len; i++)
        has_digit |= isdigit((unsigned char)out.text[i]) != 0;
    out.is_amount &= has_digit && out.len < CELL_MAX;
    return out;
}

void amount_guess_add(AmountGuess *guess, Str cell)
{
    if (str_trim(cell).len == 0)
        return;
    guess->cells++;
    Cleaned number = clean(cell);
    if (!number.is_amount)
        return;
    guess->amounts++;
    Str text = { number.text, number.len };
    ptrdiff_t point = str_rfind_char(text, '.'), comma = str_rfind_char(text, ',');
    ptrdiff_t last = point > comma ? point : comma;
    if (last < 0)
        return;
    // Three digits behind may be a group of thousands; a sign that comes twice is one for sure.
    bool is_group = text.len - (size_t)last - 1 == 3 && (point < 0 || comma < 0);
    if (!is_group)
        *(last == point ? &guess->points : &guess->commas) += 1;
}

char amount_guess_sign(const AmountGuess *guess)
{
    return guess->commas > guess->points ? ',' : '.';
}

bool amount_cell(Arena *arena, Str cell, char decimal_sign, Str *ret)
{
    Cleaned number = clean(cell);
    char group = decimal_sign == '.' ? ',' : '.';
    size_t len = 0;
    for (size_t i = 0; i < number.len; i++)
        if (number.text[i] != group)
            number.text[len++] = number.text[i];
    return number.is_amount &&
           amount_read(arena, (Str){ number.text, len }, decimal_sign, number.is_negative, ret);
}
