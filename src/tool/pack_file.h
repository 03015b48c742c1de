// pack_file.h - the files of entrepot-pack: bins, containers and cartons.
#pragma once

#include "algo/pack/bins.h"
#include "algo/pack/cartons.h"
#include "base/json.h"

typedef enum { PACK_BINS, PACK_CONTAINER, PACK_CARTONS } PackKind;

// A problem as it stood in the file. Only the struct of its kind is filled.
typedef struct PackFile {
    PackKind kind;
    Str name;
    BinsProblem bins;
    LoadProblem load;
    CartonProblem cartons;
    double scale, weight_scale;  // whole numbers of the problem in one unit of the file
    const Json **item_ids;       // of each box type or item; NULL: by number
    const Json **carton_ids;
    int64_t best_known;  // bins; 0: the file does not say
} PackFile;

MUST_CHECK Status pack_file_read(Ctx *ctx, const Json *json, PackFile *ret);

void pack_write_bins(Buf *out, Arena *arena, const PackFile *file, const BinsPlan *plan);
void pack_write_load(Buf *out, const PackFile *file, const LoadPlan *plan);
void pack_write_cartons(Buf *out, const PackFile *file, const CartonPlan *plan);

// Boxes in a container, seen from in front and above.
void pack_draw_load(Buf *out, const LoadProblem *problem, const LoadPlan *plan);

extern const char PACK_FORMATS[];  // for --help
