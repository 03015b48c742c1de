// finance_module.h - what the module offers, for app/modules.c.
#pragma once

#include "kernel/module.h"

extern const Module finance_part;
