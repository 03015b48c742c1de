// method.c - the methods' names.
#include "algo/forecast/forecast.h"

#include "base/buf.h"

// clang-format off
static const char *const names[FORECAST_METHODS] = {
    [FORECAST_AUTO] = "auto",
    [FORECAST_NAIVE] = "naive",
    [FORECAST_SEASONAL_NAIVE] = "seasonal-naive",
    [FORECAST_SES] = "ses",
    [FORECAST_HOLT] = "holt",
    [FORECAST_DAMPED] = "damped",
    [FORECAST_THETA] = "theta",
    [FORECAST_THETA_OPTIMISED] = "theta-optimised",
    [FORECAST_THETA_DYNAMIC] = "theta-dynamic",
    [FORECAST_COMPLEX] = "complex",
    [FORECAST_AUTOREGRESSION] = "autoregression",
    [FORECAST_ETS] = "ets",
    [FORECAST_ETS_FEW] = "ets-few",
    [FORECAST_CROSTON] = "croston",
    [FORECAST_SBA] = "sba",
    [FORECAST_TSB] = "tsb",
    [FORECAST_ADIDA] = "adida",
};
// clang-format on

const char *forecast_method_name(ForecastMethod method)
{
    return names[method];
}

Status forecast_method_named(Ctx *ctx, Str name, ForecastMethod *ret)
{
    Buf known = { .arena = ctx->arena };
    for (int i = 0; i < FORECAST_METHODS; i++) {
        if (str_is(name, names[i])) {
            *ret = (ForecastMethod)i;
            return OK;
        }
        buf_printf(&known, "%s%s", i ? ", " : "", names[i]);
    }
    return FAIL(ctx, E_INVALID, "forecast.method",
                "there is no method \"" STR_FMT "\"; known are %s", STR_ARG(name), known.ptr);
}
