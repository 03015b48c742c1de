// first.h - the first marker: at once, without search.
#pragma once

#include "algo/nest/marker.h"

// Lays every copy, the largest first, where its right end comes as far left as a scan over heights
// finds (bottom-left fill). Sets the marker's length. What is pinned lies already. Nothing overlaps
// afterwards.
void first_marker(Arena *arena, Marker *marker);
