// region.h - which countries and regions are one for taxes. Private to the module.
#pragma once

#include "base/ctx.h"

// The code of a region as the country's tax office knows it: in India the state's two digits, from
// digits, letters ("KA") or name ("Karnataka"), elsewhere the text itself. "" for none and, in
// India, for what is no state.
Str region_code(Str country, Str region);
bool region_same(Str country, Str a, Str b);

bool country_in_eu(Str country);
