// tool.h - what the small command line tools share: options, --help, files, numbers in JSON, time
// and threads.
//
// A tool is one file with one ToolSpec. tool_main() reads the options into the places that the
// table names, opens a context on an arena without cap, runs the tool under ctx_guard() and turns a
// failure into one line on stderr and exit code 1; wrong use is exit code 2.
//
//     static struct { const char *in, *out; int64_t seed; } opts = { .seed = 1 };
//     static const ToolOption options[] = {
//         { NULL, "IN.json", TOOL_TEXT, &opts.in, "the pieces" },          // a word, not an option
//         { "-o", "OUT.json", TOOL_TEXT, &opts.out, "where the layout goes (default: stdout)" },
//         { "--seed", "N", TOOL_INT, &opts.seed, "of the search's chance (1)" },
//         { 0 },
//     };
#pragma once

#include "algo/budget.h"
#include "base/json.h"

typedef enum { TOOL_TEXT, TOOL_INT, TOOL_NUMBER, TOOL_SWITCH } ToolKind;

// `target` is a const char *, int64_t, double or bool. Words without a name are taken in the
// table's order and must be there; what is named may be absent.
typedef struct ToolOption {
    const char *name, *value;
    ToolKind kind;
    void *target;
    const char *help;
} ToolOption;

typedef struct ToolSpec {
    const char *name;     // "entrepot-nest"
    const char *purpose;  // one line
    const ToolOption *options;
    const char *formats;  // for --help: what the files look like, with an example
    Status (*run)(Ctx *ctx);
} ToolSpec;

int tool_main(const ToolSpec *spec, int argc, char **argv);

// ---- Files --------------------------------------------------------------------------------------
// "-" is stdin or stdout; a path that ends in .gz is unpacked.
MUST_CHECK Status tool_read(Ctx *ctx, const char *path, Str *ret);
MUST_CHECK Status tool_write(Ctx *ctx, const char *path, Str text);  // whole or not at all

// ---- JSON numbers -------------------------------------------------------------------------------
bool tool_double(const Json *value, double *ret);  // false: not a number, or not finite
void tool_put_double(JsonOut *json, double value,
                     int decimals);  // without trailing zeros; null when not finite

// ---- Time and threads ---------------------------------------------------------------------------
// A budget of so many seconds by the monotonic clock, with a crew of threads, and Ctrl-C for
// "enough". With TOOL_CLOCK=cpu in the environment the seconds are the process's processor time,
// shared by its threads: on a machine with other work a search then gets as far as on one at rest.
void tool_budget(Budget *budget, double seconds, int threads, uint64_t seed);
double tool_now(void);
