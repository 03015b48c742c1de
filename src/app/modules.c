// modules.c - what the program is made of, needs before needers. A new module is one line here.
#include "app/app.h"

#include "kernel/http/assets.h"
#include "kernel/kernel_module.h"

const Module *const app_modules[] = {
    &control_part,
    &kernel_part,
    NULL,
};

const Route *const app_routes[] = {
    asset_routes,
    NULL,
};
