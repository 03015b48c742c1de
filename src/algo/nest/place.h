// place.h - a better place for one copy.
#pragma once

#include "algo/nest/marker.h"

typedef struct PlaceEffort {
    int anywhere, nearby;  // places tried all over the strip, and about where the copy lies
    int finalists;         // best of them that are improved step by step; at most FINALISTS_MOST
} PlaceEffort;

enum { FINALISTS_MOST = 8 };

// Looks for a place where the copy hurts less than where it lies, and moves it there. False: none
// was found, nothing has changed.
bool place_better(Marker *marker, int copy, PlaceEffort effort);

// The best place that was found for a copy, wherever it lies now, and how much it hurts there.
float place_find(Marker *marker, int copy, PlaceEffort effort, Pose *ret);
