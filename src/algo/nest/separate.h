// separate.h - moving pieces until nothing overlaps.
#pragma once

#include "algo/nest/place.h"

typedef struct SeparateEffort {
    int strikes;  // how often in a row it may come no further
    int rounds;   // without progress before that counts
    PlaceEffort place;
} SeparateEffort;

// Until when to work; what is not done then can go on later.
typedef struct Shift {
    const Budget *budget;
    int64_t steps, last;  // done, and when to pause; 0: never
    double until;         // by the budget's clock; 0: never
} Shift;

bool shift_is_over(const Shift *shift);

typedef enum {
    SEPARATE_APART,  // nothing overlaps
    SEPARATE_STUCK,  // given up: the marker is the one that overlapped least
    SEPARATE_PAUSED  // the shift is over; another call goes on
} SeparateEnd;

typedef struct Separation {
    Pose *best;  // room for the marker's poses, from the caller
    double least, before;
    int strikes, idle;
} Separation;

void separate_begin(Separation *separation, Marker *marker);
SeparateEnd separate_go_on(Separation *separation, Marker *marker, SeparateEffort effort,
                           Shift *shift);
