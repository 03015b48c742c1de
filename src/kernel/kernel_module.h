// kernel_module.h - the kernel's own tables as modules: the tenant's and the control database's.
#pragma once

#include "kernel/module.h"

extern const Module kernel_part, control_part;
extern const Route kernel_routes[];  // kernel_routes.c
