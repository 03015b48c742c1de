// series_file.c - reads series, writes forecasts.
#include "algo/forecast/series_file.h"

#include "algo/forecast/calendar.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

// ---- Reading ------------------------------------------------------------------------------------

// NaN stands for null. False for anything else that is no finite number.
static bool read_number(const Json *value, double *ret)
{
    if (value->type == JSON_NULL) {
        *ret = NAN;
        return true;
    }
    char text[64], *end;
    if (value->type != JSON_NUMBER || value->text.len >= sizeof text)
        return false;
    memcpy(text, value->text.ptr, value->text.len);
    text[value->text.len] = '\0';
    *ret = strtod(text, &end);
    return *end == '\0' && isfinite(*ret);
}

// Straight lines between known neighbours; level before the first and behind the last of them.
static bool draw_gaps(double *x, int n)
{
    int last = -1;
    for (int i = 0; i < n; i++) {
        if (isnan(x[i]))
            continue;
        for (int k = last + 1; k < i; k++)
            x[k] = last < 0 ? x[i] : x[last] + (x[i] - x[last]) * (k - last) / (i - last);
        last = i;
    }
    for (int k = last + 1; last >= 0 && k < n; k++)
        x[k] = x[last];
    return last >= 0;
}

static Status read_values(Ctx *ctx, const Json *values, int line, Series *series)
{
    if (!values || values->type != JSON_ARRAY || values->count == 0)
        return FAIL(ctx, E_INVALID, "forecast.file", "line %d: x has no values", line);
    if (values->count > FORECAST_VALUES_MOST)
        return FAIL(ctx, E_INVALID, "forecast.file", "line %d: x has %zu values; at most %d", line,
                    values->count, FORECAST_VALUES_MOST);
    double *x = NEW_ARRAY(ctx->arena, double, values->count);
    int n = 0;
    JSON_EACH (value, values)
        if (!read_number(value, &x[n++]))
            return FAIL(ctx, E_INVALID, "forecast.file", "line %d: value %d of x is no number",
                        line, n);
    if (!draw_gaps(x, n))
        return FAIL(ctx, E_INVALID, "forecast.file", "line %d: x has no values", line);
    series->x = x;
    series->n = n;
    return OK;
}

static Status read_whole(Ctx *ctx, const Json *object, const char *name, int usual, int most,
                         int line, int *ret)
{
    const Json *value = json_get(object, name);
    int64_t number = usual;
    if (value && !json_int(value, &number))
        return FAIL(ctx, E_INVALID, "forecast.file", "line %d: %s is no whole number", line, name);
    if (number < 1 || number > most)
        return FAIL(ctx, E_INVALID, "forecast.file", "line %d: %s must be 1 to %d", line, name,
                    most);
    *ret = (int)number;
    return OK;
}

// A text or a number; "" when it is absent.
static Status read_name(Ctx *ctx, const Json *object, const char *name, int line, Str *ret)
{
    const Json *value = json_get(object, name);
    *ret = S("");
    if (!value)
        return OK;
    if (value->type != JSON_STRING && value->type != JSON_NUMBER)
        return FAIL(ctx, E_INVALID, "forecast.file", "line %d: %s is no text", line, name);
    Buf text = { .arena = ctx->arena };
    json_put_tree(&(JsonOut){ .out = &text }, value);
    *ret = buf_str(&text);
    return OK;
}

static Status read_kinds(Ctx *ctx, const Json *kinds, int line, size_t count,
                         const unsigned char **ret)
{
    *ret = NULL;
    if (!kinds)
        return OK;
    if (kinds->type != JSON_ARRAY || kinds->count != count)
        return FAIL(ctx, E_INVALID, "forecast.file",
                    "line %d: calendar has not the %zu days of x and of h", line, count);
    unsigned char *days = NEW_ARRAY(ctx->arena, unsigned char, count), *day = days;
    JSON_EACH (kind, kinds) {
        int64_t number;
        if (!json_int(kind, &number) || number < 0 || number >= CALENDAR_KINDS)
            return FAIL(ctx, E_INVALID, "forecast.file",
                        "line %d: the calendar's days are whole numbers from 0 to %d", line,
                        CALENDAR_KINDS - 1);
        *day++ = (unsigned char)number;
    }
    *ret = days;
    return OK;
}

static Status read_line(Ctx *ctx, Str text, int line, int ahead, Series *series, SeriesLine *ret)
{
    const Json *object;
    if (json_parse(ctx, text, &object) != OK || object->type != JSON_OBJECT) {
        ctx_recover(ctx);
        return FAIL(ctx, E_INVALID, "forecast.file", "line %d is not a JSON object", line);
    }
    TRY(read_name(ctx, object, "id", line, &ret->id));
    if (ret->id.len == 0)
        return FAIL(ctx, E_INVALID, "forecast.file", "line %d: there is no id", line);
    TRY(read_name(ctx, object, "parent", line, &ret->parent));
    TRY(read_whole(ctx, object, "period", 1, FORECAST_VALUES_MOST, line, &series->period));
    TRY(read_whole(ctx, object, "h", ahead, FORECAST_AHEAD_MOST, line, &series->h));
    TRY(read_values(ctx, json_get(object, "x"), line, series));
    size_t days = (size_t)series->n + (size_t)series->h;
    return read_kinds(ctx, json_get(object, "calendar"), line, days, &ret->kinds);
}

Status series_read(Ctx *ctx, Str text, int ahead, SeriesFile *ret)
{
    *ret = (SeriesFile){ 0 };
    Str piece;
    for (int line = 1; str_next(&text, '\n', &piece); line++) {
        piece = str_trim(piece);
        if (piece.len == 0)
            continue;
        if (ret->series.len == SERIES_MOST)
            return FAIL(ctx, E_LIMIT, "forecast.file", "more than %d series", SERIES_MOST);
        Series series = { 0 };
        SeriesLine one = { 0 };
        TRY(read_line(ctx, piece, line, ahead, &series, &one));
        *list_push(ctx->arena, &ret->series) = series;
        *list_push(ctx->arena, &ret->lines) = one;
    }
    return OK;
}

// ---- Writing ------------------------------------------------------------------------------------

// Seven digits that count: enough to score by, few enough to read.
static void put_values(Buf *out, const char *name, const double *values, int h)
{
    buf_printf(out, ",\"%s\":[", name);
    for (int i = 0; i < h; i++)
        buf_printf(out, "%s%.7g", i ? "," : "", values[i] == 0 ? 0 : values[i]);
    buf_char(out, ']');
}

void forecast_write(Buf *out, Str id, int h, const Forecast *forecast)
{
    buf_c(out, "{\"id\":");
    buf_put(out, id);
    put_values(out, "forecast", forecast->mean, h);
    put_values(out, "lo80", forecast->lo80, h);
    put_values(out, "hi80", forecast->hi80, h);
    put_values(out, "lo95", forecast->lo95, h);
    put_values(out, "hi95", forecast->hi95, h);
    buf_c(out, ",\"method\":");
    json_quote(out, str_from(forecast->method));
    buf_c(out, "}\n");
}
