// country.c - the names of countries, as ICU knows them.
#include "kernel/i18n.h"

#include "kernel/i18n/utf16.h"

#include <unicode/uloc.h>

enum { NAME_UNITS = 128 };

Str show_country(Ctx *ctx, Str code)
{
    UErrorCode status = U_ZERO_ERROR;
    UChar units[NAME_UNITS];
    if (code.len != 2)
        return code;
    Str tag = ctx->locale ? ctx->locale->language : S("en");
    const char *place = str_format(ctx->arena, "und_" STR_FMT, STR_ARG(code)).ptr;
    int32_t len = uloc_getDisplayCountry(place, str_c(ctx->arena, tag), units, NAME_UNITS, &status);
    return U_SUCCESS(status) ? text16_to(ctx->arena, (Text16){ units, len }) : code;
}
