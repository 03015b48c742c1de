// region.c - Indian states as the GST Council numbers them (the first two digits of a GSTIN), and
// the European Union's VAT area (Directive 2006/112/EC, article 5).
#include "modules/tax/region.h"

#include "base/str.h"

typedef struct State {
    const char *code, *letters, *name;
} State;

// clang-format off
static const State indian_states[] = {
    { "01", "JK", "Jammu and Kashmir" },  { "02", "HP", "Himachal Pradesh" },
    { "03", "PB", "Punjab" },             { "04", "CH", "Chandigarh" },
    { "05", "UK", "Uttarakhand" },        { "06", "HR", "Haryana" },
    { "07", "DL", "Delhi" },              { "08", "RJ", "Rajasthan" },
    { "09", "UP", "Uttar Pradesh" },      { "10", "BR", "Bihar" },
    { "11", "SK", "Sikkim" },             { "12", "AR", "Arunachal Pradesh" },
    { "13", "NL", "Nagaland" },           { "14", "MN", "Manipur" },
    { "15", "MZ", "Mizoram" },            { "16", "TR", "Tripura" },
    { "17", "ML", "Meghalaya" },          { "18", "AS", "Assam" },
    { "19", "WB", "West Bengal" },        { "20", "JH", "Jharkhand" },
    { "21", "OD", "Odisha" },             { "22", "CT", "Chhattisgarh" },
    { "23", "MP", "Madhya Pradesh" },     { "24", "GJ", "Gujarat" },
    { "26", "DH", "Dadra and Nagar Haveli and Daman and Diu" },
    { "27", "MH", "Maharashtra" },        { "29", "KA", "Karnataka" },
    { "30", "GA", "Goa" },                { "31", "LD", "Lakshadweep" },
    { "32", "KL", "Kerala" },             { "33", "TN", "Tamil Nadu" },
    { "34", "PY", "Puducherry" },         { "35", "AN", "Andaman and Nicobar Islands" },
    { "36", "TS", "Telangana" },          { "37", "AP", "Andhra Pradesh" },
    { "38", "LA", "Ladakh" },             { "97", "OT", "Other Territory" },
};
static const char eu_countries[] =
    "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK";
// clang-format on

static Str indian_state(Str region)
{
    for (size_t i = 0; i < COUNT(indian_states); i++) {
        const State *state = &indian_states[i];
        if (str_is(region, state->code) || str_eq_ascii_nocase(region, str_from(state->letters)) ||
            str_eq_ascii_nocase(region, str_from(state->name)))
            return str_from(state->code);
    }
    return S("");
}

Str region_code(Str country, Str region)
{
    region = str_trim(region);
    return str_is(country, "IN") ? indian_state(region) : region;
}

bool region_same(Str country, Str a, Str b)
{
    return str_eq_ascii_nocase(region_code(country, a), region_code(country, b));
}

bool country_in_eu(Str country)
{
    Str rest = str_from(eu_countries), one;
    while (str_next_word(&rest, &one))
        if (str_eq(one, country))
            return true;
    return false;
}
