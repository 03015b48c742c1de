// series_file.h - series and forecasts as lines of JSON.
//
//     {"id":"A-1","period":12,"h":3,"x":[4,0,7.5,null]}
//     {"id":"A-1","forecast":[..],"lo80":[..],"hi80":[..],"lo95":[..],"hi95":[..],"method":"ets"}
//
// Other members are passed over, so that a file may hold what comes next for whoever scores it.
#pragma once

#include "algo/forecast/forecast.h"
#include "base/json.h"

typedef struct SeriesFile {
    LIST(Series) series;
    LIST(Str) ids;  // as JSON text, number or string, as the file has it
} SeriesFile;

enum { SERIES_MOST = 1000000 };

// Blank lines are skipped. `id` is a text or a number; `period` is 1 when absent, `h` is `ahead`
// when absent; a null in `x` is a value nobody knows and is drawn straight between its neighbours.
// E_INVALID "forecast.file" with the line's number. Views into `text`.
MUST_CHECK Status series_read(Ctx *ctx, Str text, int ahead, SeriesFile *ret);

void forecast_write(Buf *out, Str id, int h, const Forecast *forecast);
