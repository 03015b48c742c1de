// chart.h - charts as SVG from the server: no script, readable as a table too. Private to web.
#pragma once

#include "web/dashboard.h"

enum { CHART_WIDTH = 720, CHART_HEIGHT = 200, CHART_LEFT = 44, CHART_FOOT = 22, CHART_STEPS = 4 };

typedef struct ChartBar {
    int x, y, width, height;
    Str label, shown;
    bool has_label;  // there is room for it below
} ChartBar;
typedef struct ChartLine {
    int y;
    Str label;
} ChartLine;
typedef struct Chart {
    LIST(ChartBar) bars;
    LIST(ChartLine) lines;
} Chart;

void chart_bars(Ctx *ctx, const TileData *data, Chart *ret);
// Points of a small line, "0,20 10,4 ...", in a box of 120 x 28.
Str chart_spark(Arena *arena, const TileData *data);
