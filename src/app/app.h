// app.h - the program: what starts and stops around every command, and the commands.
#pragma once

#include "kernel/tenant.h"

extern const Module *const app_modules[];  // modules.c
struct Gateway;
extern const struct Gateway *const app_gateways[];  // gateways.c: payment providers
extern const Route *const app_routes[];             // of files and pages

typedef struct Args {  // of a command: words and --options
    int count;
    const char *const *words;
} Args;

// "--name=value" or "--name value"; "" when it is not given. A flag's value is "1".
Str arg_option(const Args *args, const char *name);
bool arg_flag(const Args *args, const char *name);
// The n-th word that is no option; "" when there are not so many.
Str arg_word(const Args *args, int n);
// E_INVALID for an option that the command does not know, naming the nearest.
MUST_CHECK Status args_check(Ctx *ctx, const Args *args, const char *known);

typedef struct Command {
    const char *name, *summary;
    const char *help;   // usage and options, as --help prints it
    const char *known;  // its options, blank-separated
    Status (*run)(Ctx *ctx, const Args *args);
    unsigned needs;  // what must be running
} Command;
enum {
    NEEDS_STORAGE = 1,  // keys, lanes, the control database
    NEEDS_LANGUAGES = 2,
};
extern const Command commands[];  // all, NULL name at the end

// Starts what `needs` says; app_stop() ends it in the opposite order.
MUST_CHECK Status app_start(Ctx *ctx, unsigned needs);
void app_stop(void);

// The tenant that --tenant names, entered; where there is only one, it.
MUST_CHECK Status app_tenant(Ctx *ctx, const Args *args);
// Runs fn in the tenant's lane as the program itself.
MUST_CHECK Status app_transact(Ctx *ctx, TxFn fn, void *arg);

void app_progress(const char *what, int64_t done,
                  int64_t total);  // one line on a terminal, rewritten
