// library.h - a lending library as modules (tests/entgen/shelf.ent, loan.ent, bazaar.ent): every kind of field, for
// testing what the kernel does with declarations.
#pragma once

#include "kernel/module.h"

extern const Module shelf_part, loan_part, bazaar_part;
