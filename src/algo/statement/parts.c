// parts.c - what the readers of statements share: amounts, dates, account numbers, character sets.
#include "algo/statement/parts.h"

#include "base/date.h"
#include "base/utf8.h"

#include <ctype.h>

bool digits_only(Str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (!isdigit((unsigned char)s.ptr[i]))
            return false;
    return s.len > 0;
}

int64_t line_at(Str text, size_t offset)
{
    int64_t line = 1;
    for (size_t i = 0; i < offset && i < text.len; i++)
        line += text.ptr[i] == '\n' ||
                (text.ptr[i] == '\r' && str_sub(text, i + 1, 1).len && text.ptr[i + 1] != '\n');
    return line;
}

// ---- Amounts ------------------------------------------------------------------------------------

enum { AMOUNT_DIGITS_MAX = 40 };

bool amount_is_negative(Str amount)
{
    return amount.len && amount.ptr[0] == '-';
}

bool amount_read(Arena *arena, Str digits, char decimal_sign, bool is_debit, Str *ret)
{
    ptrdiff_t sign = str_find_char(digits, decimal_sign);
    Str whole = sign < 0 ? digits : str_sub(digits, 0, (size_t)sign);
    Str part = sign < 0 ? (Str){ 0 } : str_from_at(digits, (size_t)sign + 1);
    if (digits.len > AMOUNT_DIGITS_MAX || whole.len + part.len == 0 ||
        (whole.len && !digits_only(whole)) || (part.len && !digits_only(part)))
        return false;
    while (whole.len > 1 && whole.ptr[0] == '0')
        whole = str_from_at(whole, 1);
    bool is_zero = true;
    for (size_t i = 0; i < digits.len; i++)
        is_zero &= digits.ptr[i] == '0' || digits.ptr[i] == decimal_sign;
    *ret = str_format(arena, "%s" STR_FMT "%s" STR_FMT, is_debit && !is_zero ? "-" : "",
                      STR_ARG(whole.len ? whole : S("0")), part.len ? "." : "", STR_ARG(part));
    return true;
}

// ---- Dates --------------------------------------------------------------------------------------

Str date_from_digits(Arena *arena, Str digits)
{
    int64_t number;
    if ((digits.len != 6 && digits.len != 8) || !digits_only(digits) || !str_int(digits, &number))
        return S("");
    int year = (int)(number / 10000), month = (int)(number / 100 % 100), day = (int)(number % 100);
    if (digits.len == 6)
        year += year < 80 ? 2000 : 1900;
    return date_text(arena, date_from_ymd(year, month, day));
}

// ---- Account numbers ----------------------------------------------------------------------------

enum { IBAN_MIN = 15, IBAN_MAX = 34 };

// The number modulo 97 is 1 with the first four characters behind the rest and letters as 10 to 35.
bool iban_valid(Str iban)
{
    if (iban.len < IBAN_MIN || iban.len > IBAN_MAX || !isupper((unsigned char)iban.ptr[0]) ||
        !isupper((unsigned char)iban.ptr[1]) || !digits_only(str_sub(iban, 2, 2)))
        return false;
    int rest = 0;
    for (size_t i = 0; i < iban.len; i++) {
        char c = iban.ptr[(i + 4) % iban.len];
        if (!isdigit((unsigned char)c) && !isupper((unsigned char)c))
            return false;
        int value = isdigit((unsigned char)c) ? c - '0' : c - 'A' + 10;
        rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
    }
    return rest == 1;
}

// From `at` on, blanks between groups dropped; the longest text that is an IBAN and ends where a
// word ends.
static Str iban_at(Arena *arena, Str text, size_t at)
{
    char found[IBAN_MAX];
    size_t len = 0, best = 0;
    for (size_t i = at; i < text.len && len < IBAN_MAX; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        if (c == ' ' && len >= 4)
            continue;
        if (!isdigit(c) && !isupper(c))
            break;
        found[len++] = (char)c;
        bool ends_word = i + 1 == text.len || !isalnum((unsigned char)text.ptr[i + 1]);
        if (ends_word && iban_valid((Str){ found, len }))
            best = len;
    }
    return best ? str_copy(arena, (Str){ found, best }) : S("");
}

Str iban_find(Arena *arena, Str text)
{
    for (size_t i = 0; i + IBAN_MIN <= text.len; i++) {
        bool begins_word = i == 0 || !isalnum((unsigned char)text.ptr[i - 1]);
        if (!begins_word || !isupper((unsigned char)text.ptr[i]) ||
            !isupper((unsigned char)text.ptr[i + 1]) || !isdigit((unsigned char)text.ptr[i + 2]) ||
            !isdigit((unsigned char)text.ptr[i + 3]))
            continue;
        Str iban = iban_at(arena, text, i);
        if (iban.len)
            return iban;
    }
    return S("");
}

// ---- Character sets -----------------------------------------------------------------------------

// The part of windows-1252 where it differs from Latin-1; 0: no character.
static const uint16_t windows_1252[32] = {
    0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0,      0x017D, 0,      0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178,
};

static void put_character(Buf *out, int32_t c)
{
    char bytes[4];
    size_t len;
    utf8_put(bytes, c, &len);
    buf_put(out, (Str){ bytes, len });
}

static Str from_windows_1252(Arena *arena, Str bytes)
{
    Buf out = { .arena = arena };
    buf_reserve(&out, bytes.len + bytes.len / 8);
    for (size_t i = 0; i < bytes.len; i++) {
        unsigned char c = (unsigned char)bytes.ptr[i];
        bool is_special = c >= 0x80 && c < 0xA0;
        int32_t special = is_special ? windows_1252[c - 0x80] : 0;
        put_character(&out, special ? special : is_special ? 0xFFFD : c);
    }
    return buf_str(&out);
}

static Str from_utf16(Arena *arena, Str bytes, bool is_big)
{
    Buf out = { .arena = arena };
    int32_t high = 0;
    for (size_t i = 0; i + 1 < bytes.len; i += 2) {
        unsigned char a = (unsigned char)bytes.ptr[i], b = (unsigned char)bytes.ptr[i + 1];
        int32_t c = is_big ? a << 8 | b : b << 8 | a;
        if (high && c >= 0xDC00 && c < 0xE000)
            put_character(&out, 0x10000 + ((high - 0xD800) << 10) + (c - 0xDC00));
        else if (c < 0xD800 || c >= 0xE000)
            put_character(&out, c);
        high = c >= 0xD800 && c < 0xDC00 ? c : 0;
    }
    return buf_str(&out);
}

Str charset_to_utf8(Arena *arena, Str bytes, Str *ret_name)
{
    *ret_name = S("utf-16");
    if (str_starts(bytes, S("\xFF\xFE")) || str_starts(bytes, S("\xFE\xFF")))
        return from_utf16(arena, str_from_at(bytes, 2), bytes.ptr[0] == '\xFE');
    *ret_name = S("utf-8");
    if (str_starts(bytes, S("\xEF\xBB\xBF")))
        return utf8_clean(arena, str_from_at(bytes, 3));
    if (utf8_valid(bytes))
        return bytes;
    *ret_name = S("windows-1252");
    return from_windows_1252(arena, bytes);
}
