// ets.c - the exponential smoothing family.
//
// The states of a model with additive error and of its twin with relative error move alike when
// both are written with the raw error d = x - forecast; only what is minimised differs. So there
// are nine recursions (three trends, three seasons), of which the compiler makes one loop each.
#include "algo/forecast/ets.h"

#include "algo/forecast/minimise.h"

#include <math.h>
#include <string.h>

typedef struct {
    double level, trend;
    double *index;
} State;

typedef struct {
    EtsModel model;
    const double *x;
    int n, period;
    State first;
    double *index;  // work: the season's indices as they change
} Data;

typedef struct {
    double alpha, beta, gamma, phi;
} Weights;

#define INLINE static inline __attribute__((always_inline))

// ---- One run over the data ----------------------------------------------------------------------

// Sums the logarithms of positive numbers by multiplying them up: one logarithm in many steps.
typedef struct {
    double product, sum;
} LogSum;

INLINE void log_add(LogSum *logs, double value)
{
    logs->product *= value;
    if (logs->product < 1e-100 || logs->product > 1e100) {
        logs->sum += log(logs->product);
        logs->product = 1;
    }
}

// Twice the negative logarithm of the likelihood, without constants; the last states in *state.
INLINE double run(const Data *data, const Weights *w, State *state, char error, char trend,
                  char season)
{
    double squares = 0, level = state->level, slope = state->trend;
    LogSum logs = { 1, 0 };
    bool needs_positive = error == 'M' || season == 'M';
    for (int t = 0, j = 0; t < data->n; t++) {
        if (trend != 'N')
            slope *= w->phi;
        double base = trend == 'N' ? level : level + slope;
        double index = season == 'N' ? 0 : state->index[j];
        double ahead = season == 'M' ? base * index : base + index;
        if (needs_positive && !(base > 0 && ahead > 1e-12))
            return INFINITY;
        double d = data->x[t] - ahead, inverse = needs_positive ? 1 / ahead : 0;
        double relative = error == 'M' ? d * inverse : d;
        squares += relative * relative;
        if (error == 'M')
            log_add(&logs, ahead);
        double change = season == 'M' ? d * base * inverse : d;
        level = base + w->alpha * change;
        if (trend != 'N')
            slope += w->beta * change;
        if (season != 'N') {
            state->index[j] = index + w->gamma * (season == 'M' ? d * index * inverse : d);
            j = j + 1 == data->period ? 0 : j + 1;
        }
    }
    state->level = level;
    state->trend = slope;
    return data->n * log(squares / data->n + 1e-300) + 2 * (logs.sum + log(logs.product));
}

#define RUN(e, t, s)                                                                               \
    if (model.error == (e) && model.trend == (t) && model.season == (s))                           \
        return run(data, weights, state, (e), (t), (s));

static double run_model(const Data *data, const Weights *given, State *state)
{
    EtsModel model = data->model;
    Weights copy = *given, *weights = &copy;
    if (model.trend == 'D')  // the same loop; an undamped trend has phi 1
        model.trend = 'A';
    RUN('A', 'N', 'N')
    RUN('A', 'A', 'N')
    RUN('M', 'N', 'N')
    RUN('M', 'A', 'N')
    RUN('A', 'N', 'A')
    RUN('A', 'A', 'A')
    RUN('M', 'N', 'A')
    RUN('M', 'A', 'A')
    RUN('M', 'N', 'M')
    RUN('M', 'A', 'M')
    return INFINITY;
}

// ---- The search ---------------------------------------------------------------------------------

// The numbers searched for, in this order: alpha, then those that the model has of beta / alpha,
// gamma / (1 - alpha), phi, the first level and the first trend.
static Weights weights_of(EtsModel model, const double *at)
{
    Weights w = { .alpha = at[0], .phi = 1 };
    int i = 1;
    if (model.trend != 'N')
        w.beta = at[i++] * w.alpha;
    if (model.season != 'N')
        w.gamma = at[i++] * (1 - w.alpha);
    if (model.trend == 'D')
        w.phi = at[i++];
    return w;
}

static double start(const Data *data, const double *at, State *state)
{
    Weights weights = weights_of(data->model, at);
    *state = data->first;
    if (data->model.season != 'N') {
        memcpy(data->index, data->first.index, (size_t)data->period * sizeof *data->index);
        state->index = data->index;
    }
    return run_model(data, &weights, state);
}

static double likelihood(const void *of, const double *at)
{
    State state;
    double value = start(of, at, &state);
    return isfinite(value) ? value : INFINITY;
}

static Box box_of(EtsModel model, double *at)
{
    Box box = { 1, { 0.0001 }, { 0.9999 } };
    at[0] = model.season == 'N' ? 0.4 : 0.25;
    if (model.trend != 'N') {
        box.lo[box.dims] = 0.0001, box.hi[box.dims] = 0.9999;
        at[box.dims++] = 0.1;
    }
    if (model.season != 'N') {
        box.lo[box.dims] = 0.0001, box.hi[box.dims] = 0.9999;
        at[box.dims++] = 0.1;
    }
    if (model.trend == 'D') {
        box.lo[box.dims] = 0.8, box.hi[box.dims] = 0.98;
        at[box.dims++] = 0.95;
    }
    return box;
}

static double corrected(double criterion, int parameters, int n)
{
    if (n - parameters - 1 <= 0)
        return INFINITY;
    return criterion + 2.0 * parameters * n / (n - parameters - 1);
}

EtsFit ets_fit(Arena *arena, EtsModel model, const double *x, int n, const Season *season,
               EtsStart first)
{
    Data data = { .model = model, .x = x, .n = n, .first = { first.level, first.trend, NULL } };
    if (model.season != 'N') {
        data.period = season->period;
        data.first.index = season->index;
        data.index = NEW_ARRAY(arena, double, (size_t)season->period);
    }
    double at[MINIMISE_DIMS];
    Box box = box_of(model, at);
    double least = minimise(&box, at, 25 + 25 * box.dims, likelihood, &data);
    State state;
    start(&data, at, &state);
    Weights w = weights_of(model, at);
    int states = 1 + (model.trend != 'N') + (model.season != 'N' ? data.period - 1 : 0);
    return (EtsFit){ .model = model,
                     .alpha = w.alpha,
                     .beta = w.beta,
                     .gamma = w.gamma,
                     .phi = w.phi,
                     .level = state.level,
                     .trend = state.trend,
                     .index = data.index,
                     .period = data.period,
                     .criterion = corrected(least, box.dims + states + 1, n) };
}

void ets_ahead(const EtsFit *fit, int n, double *ret, int h)
{
    double level = fit->level, trend = fit->trend;
    for (int i = 0; i < h; i++) {
        trend *= fit->phi;
        level += fit->model.trend == 'N' ? 0 : trend;
        ret[i] = level;
        if (fit->model.season == 'A')
            ret[i] += fit->index[(n + i) % fit->period];
        else if (fit->model.season == 'M')
            ret[i] *= fit->index[(n + i) % fit->period];
    }
}
