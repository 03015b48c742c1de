// formats.c - e-mail, phone, web address, slug, GTIN, GSTIN, PAN, colour, IBAN.
#include "kernel/entity/formats.h"

#include "base/utf8.h"

#include <ctype.h>

static bool all(Str s, bool (*is)(unsigned char))
{
    for (size_t i = 0; i < s.len; i++)
        if (!is((unsigned char)s.ptr[i]))
            return false;
    return s.len > 0;
}

static bool is_digit_char(unsigned char c)
{
    return isdigit(c);
}

static bool is_host_char(unsigned char c)
{
    return isalnum(c) || c == '-' || c == '.' ||
           c >= 0x80;  // internationalised names as people write them
}

static bool is_local_char(unsigned char c)
{
    return c > ' ' && c != 0x7f && !strchr("@,;:\\\"<>()[]", c);
}

static bool is_host(Str host)
{
    return all(host, is_host_char) && host.ptr[0] != '.' && host.ptr[0] != '-' &&
           host.ptr[host.len - 1] != '.' && str_find(host, S("..")) < 0;
}

// The addresses people have, not all that RFC 5321 allows: no quoted local parts, no literals.
static bool is_email(Str s)
{
    ptrdiff_t at = str_rfind_char(s, '@');
    if (at < 1 || at > 64 || s.len > 254)
        return false;
    Str local = str_sub(s, 0, (size_t)at), host = str_from_at(s, (size_t)at + 1);
    return all(local, is_local_char) && local.ptr[0] != '.' && is_host(host) &&
           str_find_char(host, '.') > 0;
}

// E.164 with the marks people put between; 6 to 15 digits.
static bool is_phone(Str s)
{
    int digits = 0;
    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];
        digits += isdigit((unsigned char)c) != 0;
        if (!isdigit((unsigned char)c) && !(c == '+' && i == 0) && !strchr(" -()./", c))
            return false;
    }
    return digits >= 6 && digits <= 15;
}

static bool is_url(Str s)
{
    size_t scheme = str_starts(s, S("https://")) ? 8 : str_starts(s, S("http://")) ? 7 : 0;
    Str rest = str_from_at(s, scheme);
    size_t end = 0;
    while (end < rest.len && !strchr("/?#:", rest.ptr[end]))
        end++;
    for (size_t i = 0; i < s.len; i++)
        if ((unsigned char)s.ptr[i] <= ' ' || strchr("<>\"`", s.ptr[i]))
            return false;
    return scheme && utf8_valid(s) && is_host(str_sub(rest, 0, end));
}

static bool is_slug(Str s)
{
    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];
        if (!islower((unsigned char)c) && !isdigit((unsigned char)c) && c != '-' && c != '_')
            return false;
    }
    return s.len && s.ptr[0] != '-' && s.ptr[s.len - 1] != '-';
}

// GTIN-8, -12, -13, -14: the last digit makes the sum of weights 3, 1, 3, ... from the right a
// multiple of ten (GS1 General Specifications 7.9).
static bool is_gtin(Str s)
{
    if (!all(s, is_digit_char) || (s.len != 8 && s.len != 12 && s.len != 13 && s.len != 14))
        return false;
    int sum = 0;
    for (size_t i = 0; i < s.len; i++)
        sum += (s.ptr[s.len - 1 - i] - '0') * (i % 2 ? 3 : 1);
    return sum % 10 == 0;
}

// Five letters, four digits, a letter.
static bool is_pan(Str s)
{
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.ptr[i];
        if (i >= 5 && i < 9 ? !isdigit(c) : !isupper(c))
            return false;
    }
    return s.len == 10;
}

static int base36(char c)
{
    return isdigit((unsigned char)c) ? c - '0' : isupper((unsigned char)c) ? c - 'A' + 10 : -1;
}

// State, PAN, entity, Z, check character: weights 1, 2, 1, 2 ... in base 36, digits of each product
// added.
static bool is_gstin(Str s)
{
    if (s.len != 15 || !isdigit((unsigned char)s.ptr[0]) || !isdigit((unsigned char)s.ptr[1]) ||
        !is_pan(str_sub(s, 2, 10)) || base36(s.ptr[12]) < 1 || s.ptr[13] != 'Z')
        return false;
    int sum = 0;
    for (int i = 0; i < 14; i++) {
        int product = base36(s.ptr[i]) * (i % 2 ? 2 : 1);
        sum += product / 36 + product % 36;
    }
    return base36(s.ptr[14]) == (36 - sum % 36) % 36;
}

static bool is_colour(Str s)
{
    for (size_t i = 1; i < s.len; i++)
        if (!isxdigit((unsigned char)s.ptr[i]))
            return false;
    return s.len == 7 && s.ptr[0] == '#';
}

// ISO 13616: the country and check digits moved behind, letters as 10..35, modulo 97 leaves 1.
static bool is_iban(Str s)
{
    int rest = 0;
    if (s.len < 15 || s.len > 34 || !isupper((unsigned char)s.ptr[0]) ||
        !isupper((unsigned char)s.ptr[1]))
        return false;
    for (size_t i = 0; i < s.len; i++) {
        int value = base36(s.ptr[(i + 4) % s.len]);
        if (value < 0)
            return false;
        rest = (value > 9 ? rest * 100 + value : rest * 10 + value) % 97;
    }
    return rest == 1;
}

const Format *format_named(const char *name)
{
    static const Format formats[] = {
        { "email", is_email, "an e-mail address looks like name@example.com" },
        { "phone", is_phone, "a telephone number has 6 to 15 digits, like +880 2 5566 7788" },
        { "url", is_url, "a web address begins with https:// or http://" },
        { "slug", is_slug, "only small letters, digits, - and _" },
        { "gtin", is_gtin,
          "a GTIN has 8, 12, 13 or 14 digits, the last of which checks the others" },
        { "gstin", is_gstin, "a GSTIN has 15 characters, the last of which checks the others" },
        { "pan", is_pan, "a PAN has five letters, four digits and a letter" },
        { "colour", is_colour, "a colour looks like #1b6e3c" },
        { "iban", is_iban, "this is not a valid IBAN: a digit may be wrong" },
    };
    for (size_t i = 0; i < COUNT(formats); i++)
        if (strcmp(formats[i].name, name) == 0)
            return &formats[i];
    return NULL;
}
