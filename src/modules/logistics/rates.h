// rates.h - what a rate card asks and when a parcel arrives. Pure.
#pragma once

#include "modules/logistics/logistics.h"

// Price by weight: the first band that takes it; beyond the last one its price and so much per
// further kilogram begun, where the band says so. False: it is too heavy for the card.
bool band_price(const RateBandList *bands, int64_t weight_g, Money *ret);

// `days` working days (Monday to Friday) after `day`; with 0 the day itself, or the Monday after
// it.
Date working_day(Date day, int64_t days);

// Postcodes as they are compared: capitals, no blanks or hyphens.
Str postcode_key(Arena *arena, Str postcode);
