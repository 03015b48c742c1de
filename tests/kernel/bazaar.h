// bazaar.h - a bazaar as a module (tests/entgen/bazaar.ent): what is found by words, by whose
// words, and by whom.
#pragma once

#include "kernel/module.h"

extern const Module bazaar_part;
