// route_file.h - the files of entrepot-route: reading problems, writing plans and pictures.
#pragma once

#include "algo/route/route.h"
#include "base/json.h"

// A problem as it stood in the file, with what the plan needs to be told in the same words.
typedef struct RouteFile {
    Str name;
    RouteProblem problem;
    double scale;              // whole numbers of the problem in one unit of the file: 10 is tenths
    bool is_clock;             // times were written as "08:30"
    const Json **stop_ids;     // of each stop, as written
    const Str *vehicle_names;  // of each vehicle
    const double *x, *y;       // of each place; NULL when there are only matrices
    double best_known;         // 0: the file does not say
} RouteFile;

// Reads one problem: Solomon's, or our own (ROUTE_FORMATS). E_INVALID "route.file" otherwise.
MUST_CHECK Status route_file_read(Ctx *ctx, const Json *json, RouteFile *ret);

void route_file_write(Buf *out, const RouteFile *file, const RoutePlan *plan);
void route_file_draw(Buf *out, const RouteFile *file, const RoutePlan *plan);

extern const char ROUTE_FORMATS[];  // for --help
