// chart.c - where bars and lines stand. Whole units of the drawing; the browser scales it.
#include "web/chart.h"

#include "kernel/i18n.h"

enum { LABEL_EVERY_PX = 46, SPARK_WIDTH = 120, SPARK_HEIGHT = 28, GAP_PER_CENT = 28 };

static int64_t largest(const TileData *data)
{
    int64_t max = 1;
    EACH (point, data->points)
        if (point->value > max)
            max = point->value;
    return max;
}

// The next round number above: 1, 2 or 5 with zeros, so that the axis has plain labels.
static int64_t round_up(int64_t value)
{
    for (int64_t unit = 1; unit < INT64_MAX / 100; unit *= 10) {
        static const int steps[] = { 1, 2, 4, 8 };
        for (size_t i = 0; i < COUNT(steps); i++)
            if (value <= unit * steps[i])
                return unit * steps[i];
    }
    return value;
}

void chart_bars(Ctx *ctx, const TileData *data, Chart *ret)
{
    int64_t top = round_up(largest(data));
    if (top < CHART_STEPS)
        top = CHART_STEPS;  // also where nothing happened there is an axis
    int count = (int)data->points.len, plot = CHART_HEIGHT - CHART_FOOT - 8;
    int room = (CHART_WIDTH - CHART_LEFT) / (count ? count : 1);
    int every = room < LABEL_EVERY_PX ? (LABEL_EVERY_PX + room - 1) / (room ? room : 1) : 1;
    *ret = (Chart){ 0 };
    for (int i = 0; i <= CHART_STEPS; i++)
        *list_push(ctx->arena, &ret->lines) =
            (ChartLine){ .y = 8 + plot - plot * i / CHART_STEPS,
                         .label = show_number(ctx, top * i / CHART_STEPS, 0) };
    for (int i = 0; i < count; i++) {
        const TilePoint *point = &data->points.items[i];
        int height = (int)((Wide)point->value * plot / top);
        *list_push(ctx->arena, &ret->bars) =
            (ChartBar){ .x = CHART_LEFT + i * room + room * GAP_PER_CENT / 200,
                        .y = 8 + plot - height,
                        .width = room - room * GAP_PER_CENT / 100,
                        .height = height,
                        .label = point->label,
                        .shown = point->shown,
                        .has_label = (count - 1 - i) % every == 0 };
    }
}

Str chart_spark(Arena *arena, const TileData *data)
{
    Buf out = { .arena = arena };
    int64_t top = largest(data);
    int last = (int)data->points.len - 1;
    for (int i = 0; i <= last; i++) {
        int x = last ? SPARK_WIDTH * i / last : 0;
        int y =
            SPARK_HEIGHT - 2 - (int)((Wide)data->points.items[i].value * (SPARK_HEIGHT - 4) / top);
        buf_printf(&out, "%s%d,%d", i ? " " : "", x, y);
    }
    return buf_str(&out);
}
