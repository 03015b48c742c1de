// shelves.h - a stockroom of goods whose pieces have numbers: received, adjusted, counted, sold and
// corrected by these, as the API does it. Numbers are given as a line has them: "S1,S2".
#pragma once

#include "modules/stockroom.h"

typedef struct Shelves {
    Stockroom room;
    Scene scene;
    Id variant, supplier, reason, paper, count;
} Shelves;

// A supplier, and goods with numbers; `paper` is the last receipt or adjustment, `count` the count.
void shelves_open(Ctx *ctx, Shelves *s);
typedef struct Kind {
    Shelves *shelves;
    bool has_lots, has_serials;
} Kind;

// In the lane: other goods from here on. A TxFn of a Kind.
Status shelves_goods(Ctx *ctx, void *kind);

typedef struct Look {
    Shelves *shelves;
    Id place;
    Str numbers;  // in order, a blank between two
    Money worth;
} Look;

// Checked there: as many numbers stand in the place as its level says.
Look shelf_look(Ctx *ctx, Shelves *s, Id place);
void shelf_holds(Ctx *ctx, Shelves *s, Id place, const char *numbers);  // "S1 S2", in order
// It was refused with this code and, where people must go and look, these words.
void shelf_refused(Ctx *ctx, Status status, const char *code, const char *words);

// `more`: further members of the line, ",\"lot\":\"...\"".
Status shelves_receive(Ctx *ctx, Shelves *s, Id place, int64_t quantity, const char *numbers,
                       const char *more);
Status shelves_adjust(Ctx *ctx, Shelves *s, Id place, int64_t quantity, const char *numbers,
                      const char *more);
// The last receipt, by the numbers of the difference.
Status shelves_correct(Ctx *ctx, Shelves *s, int64_t quantity, const char *numbers);
void shelves_sell(Ctx *ctx, const Shelves *s, Id from, const char *number);
void shelves_count(Ctx *ctx, Shelves *s, Id place, bool is_blind);  // begins
Status shelves_see(Ctx *ctx, Shelves *s, Id place, const char *numbers, const char *more);
Status shelves_counted(Ctx *ctx, Shelves *s);  // ends
