// company_module.h - the module's tables, for app/modules.c.
#pragma once

#include "kernel/module.h"

extern const Module company_part;
