// series_file.h - series and forecasts as lines of JSON.
//
//     {"id":"A-1","period":12,"h":3,"x":[4,0,7.5,null]}
//     {"id":"B","period":7,"h":2,"x":[9,8,0],"calendar":[0,0,2,0,2],"parent":"all"}
//     {"id":"A-1","forecast":[..],"lo80":[..],"hi80":[..],"lo95":[..],"hi95":[..],"method":"ets"}
//
// Other members are passed over, so that a file may hold what comes next for whoever scores it.
#pragma once

#include "algo/forecast/forecast.h"
#include "base/json.h"

// What a line says beside its series.
typedef struct SeriesLine {
    Str id;                      // as JSON text, number or string, as the file has it
    Str parent;                  // likewise, of the series that this one is a part of; "" without
    const unsigned char *kinds;  // of days, n + h of them (calendar.h); NULL without
} SeriesLine;

typedef struct SeriesFile {
    LIST(Series) series;
    LIST(SeriesLine) lines;  // of the same index
} SeriesFile;

enum { SERIES_MOST = 1000000 };

// Blank lines are skipped. `id` is a text or a number; `period` is 1 when absent, `h` is `ahead`
// when absent; a null in `x` is a value nobody knows and is drawn straight between its neighbours.
// `calendar` holds the kinds of the days of x and of those ahead, whole numbers below 16.
// E_INVALID "forecast.file" with the line's number. Views into `text`.
MUST_CHECK Status series_read(Ctx *ctx, Str text, int ahead, SeriesFile *ret);

void forecast_write(Buf *out, Str id, int h, const Forecast *forecast);
