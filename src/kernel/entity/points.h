// points.h - outlines as text in a column: "x,y x,y ..." in micrometres.
#pragma once

#include "kernel/entity/entity.h"

Str points_text(Arena *arena, PointList points);
bool points_parse(Arena *arena, Str text, PointList *ret);
