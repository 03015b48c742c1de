// currency.c - the currencies of the world and their decimals, and amounts as text.
//
// The list is ISO 4217's of active currencies, in order of their codes for the binary search. Left
// out is what nobody invoices in: precious metals, bond units, testing and "no currency", drawing
// rights and units of account, and the codes for funds and index units (CLF, UYI ...). Names are
// those of the standard; each is the key of its translation. VED's alone is ours: the standard
// calls it as it calls VES.
//
// Books are older than the list. A second one holds the codes withdrawn since 1999 in which a
// trading company may have invoiced, with the decimals they had in the standard at the end, so that
// an old amount is still read with its point in the right place. Where such a name has come to mean
// another currency, the year of the withdrawal stands behind it.
#include "base/currency.h"

#include <assert.h>

// clang-format off
static const CurrencyInfo currencies[] = {
    { "AED", "UAE Dirham", 2 },
    { "AFN", "Afghani", 2 },
    { "ALL", "Lek", 2 },
    { "AMD", "Armenian Dram", 2 },
    { "AOA", "Kwanza", 2 },
    { "ARS", "Argentine Peso", 2 },
    { "AUD", "Australian Dollar", 2 },
    { "AWG", "Aruban Florin", 2 },
    { "AZN", "Azerbaijan Manat", 2 },
    { "BAM", "Convertible Mark", 2 },
    { "BBD", "Barbados Dollar", 2 },
    { "BDT", "Taka", 2 },
    { "BHD", "Bahraini Dinar", 3 },
    { "BIF", "Burundi Franc", 0 },
    { "BMD", "Bermudian Dollar", 2 },
    { "BND", "Brunei Dollar", 2 },
    { "BOB", "Boliviano", 2 },
    { "BRL", "Brazilian Real", 2 },
    { "BSD", "Bahamian Dollar", 2 },
    { "BTN", "Ngultrum", 2 },
    { "BWP", "Pula", 2 },
    { "BYN", "Belarusian Ruble", 2 },
    { "BZD", "Belize Dollar", 2 },
    { "CAD", "Canadian Dollar", 2 },
    { "CDF", "Congolese Franc", 2 },
    { "CHF", "Swiss Franc", 2 },
    { "CLP", "Chilean Peso", 0 },
    { "CNY", "Yuan Renminbi", 2 },
    { "COP", "Colombian Peso", 2 },
    { "CRC", "Costa Rican Colon", 2 },
    { "CUP", "Cuban Peso", 2 },
    { "CVE", "Cabo Verde Escudo", 2 },
    { "CZK", "Czech Koruna", 2 },
    { "DJF", "Djibouti Franc", 0 },
    { "DKK", "Danish Krone", 2 },
    { "DOP", "Dominican Peso", 2 },
    { "DZD", "Algerian Dinar", 2 },
    { "EGP", "Egyptian Pound", 2 },
    { "ERN", "Nakfa", 2 },
    { "ETB", "Ethiopian Birr", 2 },
    { "EUR", "Euro", 2 },
    { "FJD", "Fiji Dollar", 2 },
    { "FKP", "Falkland Islands Pound", 2 },
    { "GBP", "Pound Sterling", 2 },
    { "GEL", "Lari", 2 },
    { "GHS", "Ghana Cedi", 2 },
    { "GIP", "Gibraltar Pound", 2 },
    { "GMD", "Dalasi", 2 },
    { "GNF", "Guinean Franc", 0 },
    { "GTQ", "Quetzal", 2 },
    { "GYD", "Guyana Dollar", 2 },
    { "HKD", "Hong Kong Dollar", 2 },
    { "HNL", "Lempira", 2 },
    { "HTG", "Gourde", 2 },
    { "HUF", "Forint", 2 },
    { "IDR", "Rupiah", 2 },
    { "ILS", "New Israeli Sheqel", 2 },
    { "INR", "Indian Rupee", 2 },
    { "IQD", "Iraqi Dinar", 3 },
    { "IRR", "Iranian Rial", 2 },
    { "ISK", "Iceland Krona", 0 },
    { "JMD", "Jamaican Dollar", 2 },
    { "JOD", "Jordanian Dinar", 3 },
    { "JPY", "Yen", 0 },
    { "KES", "Kenyan Shilling", 2 },
    { "KGS", "Som", 2 },
    { "KHR", "Riel", 2 },
    { "KMF", "Comorian Franc", 0 },
    { "KPW", "North Korean Won", 2 },
    { "KRW", "Won", 0 },
    { "KWD", "Kuwaiti Dinar", 3 },
    { "KYD", "Cayman Islands Dollar", 2 },
    { "KZT", "Tenge", 2 },
    { "LAK", "Lao Kip", 2 },
    { "LBP", "Lebanese Pound", 2 },
    { "LKR", "Sri Lanka Rupee", 2 },
    { "LRD", "Liberian Dollar", 2 },
    { "LSL", "Loti", 2 },
    { "LYD", "Libyan Dinar", 3 },
    { "MAD", "Moroccan Dirham", 2 },
    { "MDL", "Moldovan Leu", 2 },
    { "MGA", "Malagasy Ariary", 2 },
    { "MKD", "Denar", 2 },
    { "MMK", "Kyat", 2 },
    { "MNT", "Tugrik", 2 },
    { "MOP", "Pataca", 2 },
    { "MRU", "Ouguiya", 2 },
    { "MUR", "Mauritius Rupee", 2 },
    { "MVR", "Rufiyaa", 2 },
    { "MWK", "Malawi Kwacha", 2 },
    { "MXN", "Mexican Peso", 2 },
    { "MYR", "Malaysian Ringgit", 2 },
    { "MZN", "Mozambique Metical", 2 },
    { "NAD", "Namibia Dollar", 2 },
    { "NGN", "Naira", 2 },
    { "NIO", "Cordoba Oro", 2 },
    { "NOK", "Norwegian Krone", 2 },
    { "NPR", "Nepalese Rupee", 2 },
    { "NZD", "New Zealand Dollar", 2 },
    { "OMR", "Rial Omani", 3 },
    { "PAB", "Balboa", 2 },
    { "PEN", "Sol", 2 },
    { "PGK", "Kina", 2 },
    { "PHP", "Philippine Peso", 2 },
    { "PKR", "Pakistan Rupee", 2 },
    { "PLN", "Zloty", 2 },
    { "PYG", "Guarani", 0 },
    { "QAR", "Qatari Rial", 2 },
    { "RON", "Romanian Leu", 2 },
    { "RSD", "Serbian Dinar", 2 },
    { "RUB", "Russian Ruble", 2 },
    { "RWF", "Rwanda Franc", 0 },
    { "SAR", "Saudi Riyal", 2 },
    { "SBD", "Solomon Islands Dollar", 2 },
    { "SCR", "Seychelles Rupee", 2 },
    { "SDG", "Sudanese Pound", 2 },
    { "SEK", "Swedish Krona", 2 },
    { "SGD", "Singapore Dollar", 2 },
    { "SHP", "Saint Helena Pound", 2 },
    { "SLE", "Leone", 2 },
    { "SOS", "Somali Shilling", 2 },
    { "SRD", "Surinam Dollar", 2 },
    { "SSP", "South Sudanese Pound", 2 },
    { "STN", "Dobra", 2 },
    { "SVC", "El Salvador Colon", 2 },
    { "SYP", "Syrian Pound", 2 },
    { "SZL", "Lilangeni", 2 },
    { "THB", "Baht", 2 },
    { "TJS", "Somoni", 2 },
    { "TMT", "Turkmenistan New Manat", 2 },
    { "TND", "Tunisian Dinar", 3 },
    { "TOP", "Pa’anga", 2 },
    { "TRY", "Turkish Lira", 2 },
    { "TTD", "Trinidad and Tobago Dollar", 2 },
    { "TWD", "New Taiwan Dollar", 2 },
    { "TZS", "Tanzanian Shilling", 2 },
    { "UAH", "Hryvnia", 2 },
    { "UGX", "Uganda Shilling", 0 },
    { "USD", "US Dollar", 2 },
    { "UYU", "Peso Uruguayo", 2 },
    { "UZS", "Uzbekistan Sum", 2 },
    { "VED", "Bolívar Digital", 2 },
    { "VES", "Bolívar Soberano", 2 },
    { "VND", "Dong", 0 },
    { "VUV", "Vatu", 0 },
    { "WST", "Tala", 2 },
    { "XAF", "CFA Franc BEAC", 0 },
    { "XCD", "East Caribbean Dollar", 2 },
    { "XCG", "Caribbean Guilder", 2 },
    { "XOF", "CFA Franc BCEAO", 0 },
    { "XPF", "CFP Franc", 0 },
    { "YER", "Yemeni Rial", 2 },
    { "ZAR", "Rand", 2 },
    { "ZMW", "Zambian Kwacha", 2 },
    { "ZWG", "Zimbabwe Gold", 2 },
};

static const CurrencyInfo withdrawn[] = {
    { "AFA", "Afghani (until 2003)", 2 },
    { "ANG", "Netherlands Antillean Guilder", 2 },
    { "ATS", "Schilling", 2 },
    { "AZM", "Azerbaijanian Manat", 2 },
    { "BEF", "Belgian Franc", 0 },
    { "BGL", "Lev", 2 },
    { "BGN", "Bulgarian Lev", 2 },
    { "BYB", "Belarusian Ruble (until 2001)", 0 },
    { "BYR", "Belarusian Ruble (until 2017)", 0 },
    { "CSD", "Serbian Dinar (until 2006)", 2 },
    { "CUC", "Peso Convertible", 2 },
    { "CYP", "Cyprus Pound", 2 },
    { "DEM", "Deutsche Mark", 2 },
    { "EEK", "Kroon", 2 },
    { "ESP", "Spanish Peseta", 0 },
    { "FIM", "Markka", 2 },
    { "FRF", "French Franc", 2 },
    { "GHC", "Cedi", 2 },
    { "GRD", "Drachma", 0 },
    { "HRK", "Kuna", 2 },
    { "IEP", "Irish Pound", 2 },
    { "ITL", "Italian Lira", 0 },
    { "LTL", "Lithuanian Litas", 2 },
    { "LUF", "Luxembourg Franc", 0 },
    { "LVL", "Latvian Lats", 2 },
    { "MGF", "Malagasy Franc", 0 },
    { "MRO", "Ouguiya (until 2017)", 2 },
    { "MTL", "Maltese Lira", 2 },
    { "MZM", "Mozambique Metical (until 2006)", 2 },
    { "NLG", "Netherlands Guilder", 2 },
    { "PTE", "Portuguese Escudo", 0 },
    { "ROL", "Old Leu", 2 },
    { "RUR", "Russian Ruble (until 2004)", 2 },
    { "SDD", "Sudanese Dinar", 2 },
    { "SIT", "Tolar", 2 },
    { "SKK", "Slovak Koruna", 2 },
    { "SLL", "Leone (until 2023)", 2 },
    { "SRG", "Surinam Guilder", 2 },
    { "STD", "Dobra (until 2017)", 2 },
    { "TMM", "Turkmenistan Manat", 2 },
    { "TRL", "Old Turkish Lira", 0 },
    { "VEB", "Bolivar", 2 },
    { "VEF", "Bolivar Fuerte", 2 },
    { "YUM", "New Dinar", 2 },
    { "ZMK", "Zambian Kwacha (until 2012)", 2 },
    { "ZWD", "Zimbabwe Dollar (until 2008)", 2 },
    { "ZWL", "Zimbabwe Dollar (until 2024)", 2 },
};
// clang-format on

enum { DIGITS_NONE = 2, DIGITS_EXACT = 12 };

// Codes may come out of a database unchecked, so the NUL is compared and not relied on.
static int compare_code(const void *code, const void *info)
{
    return memcmp(code, ((const CurrencyInfo *)info)->code, sizeof(CurrencyCode));
}

// NULL when the list has no such code; "none" is in neither list.
static const CurrencyInfo *lookup(const CurrencyInfo *list, size_t count, CurrencyCode currency)
{
    return bsearch(currency.code, list, count, sizeof *list, compare_code);
}

static const CurrencyInfo *current(CurrencyCode currency)
{
    return lookup(currencies, COUNT(currencies), currency);
}

static const CurrencyInfo *current_or_withdrawn(CurrencyCode currency)
{
    const CurrencyInfo *info = current(currency);
    return info ? info : lookup(withdrawn, COUNT(withdrawn), currency);
}

bool currency_parse(Str text, CurrencyCode *ret)
{
    CurrencyCode currency = currency_stored(text);
    if (text.len != sizeof currency.code - 1 || !current(currency))
        return false;
    *ret = currency;
    return true;
}

CurrencyCode currency_stored(Str text)
{
    CurrencyCode currency = { 0 };
    Str code = str_sub(text, 0, sizeof currency.code - 1);
    if (code.len > 0)
        memcpy(currency.code, code.ptr, code.len);
    return currency;
}

bool currency_is_known(CurrencyCode currency)
{
    return currency_eq(currency, (CurrencyCode){ 0 }) || current_or_withdrawn(currency);
}

int currency_digits(CurrencyCode currency)
{
    const CurrencyInfo *info = current_or_withdrawn(currency);
    return info ? info->digits : DIGITS_NONE;
}

const char *currency_name(CurrencyCode currency)
{
    const CurrencyInfo *info = current_or_withdrawn(currency);
    return info ? info->name : "";
}

Str currency_text(CurrencyCode const *currency)
{
    return (Str){ currency->code, strnlen(currency->code, sizeof currency->code - 1) };
}

bool currency_eq(CurrencyCode a, CurrencyCode b)
{
    return memcmp(a.code, b.code, sizeof a.code) == 0;
}

int64_t currency_minor(CurrencyCode currency)
{
    return power10(DIGITS_EXACT - currency_digits(currency));
}

const CurrencyInfo *currency_list(size_t *ret_count)
{
    *ret_count = COUNT(currencies);
    return currencies;
}

// ---- Amounts ------------------------------------------------------------------------------------

Str money_text(Arena *arena, Money amount, CurrencyCode currency)
{
    return decimal_text(arena, amount.minor, currency_digits(currency));
}

bool money_parse(Str text, CurrencyCode currency, Money *ret)
{
    return decimal_parse(text, currency_digits(currency), &ret->minor);
}

// amount / 10^from x rate / 10^9 x 10^to, or divided by the rate; the powers of ten of the two
// currencies are cancelled first. Then the divisor always has room, and a product that leaves 128
// bits stands for a result that leaves 64.
Status money_convert(Ctx *ctx, Money amount, CurrencyCode from, CurrencyCode to, Fx rate,
                     Money *ret)
{
    if (rate.nano == 0) {
        assert(currency_eq(from, to));
        *ret = amount;
        return OK;
    }
    int finer = currency_digits(to) - currency_digits(from);
    Wide product = (Wide)amount.minor * (rate.nano > 0 ? rate.nano : NANO);
    Wide unit = rate.nano > 0 ? NANO : -(Wide)rate.nano;
    if (finer < 0)
        unit *= power10(-finer);
    else if (__builtin_mul_overflow(product, (Wide)power10(finer), &product))
        return FAIL(ctx, E_INVALID, "number.range", "the number is too large");
    return money_from_wide(ctx, product, unit, ROUND_HALF_UP, ret);
}
