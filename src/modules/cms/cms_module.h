// cms_module.h - the module's part, for app/modules.c.
#pragma once

#include "kernel/module.h"

extern const Module cms_part;
