// company.h - places and channels, for the modules that sell from them.
#pragma once

#include "gen/company.gen.h"

// The address of a place, or of the nearest one above it that has one; of place 0, and where none
// has, the company's seat. Empty when there is none at all.
MUST_CHECK Status place_address(Ctx *ctx, Id place, Postal *ret);
