// shape.c - seasons of short histories.
//
// With one year of weeks or less, no series shows a season by itself. But the weeks ahead have a
// counterpart: the weeks one season earlier, or, when the past does not reach that far, the first
// weeks there are, which come a little later in the year than those to be forecast. Between now and
// there the season is interpolated.
#include "algo/forecast/shape.h"

#include <math.h>

enum { WINDOW = 3 };                  // periods that are averaged about a place
static const double yearly_loss = 0.6;  // what of an article's own shape is still there a year later
static const double most = 3;           // a season changes demand by no more than this

int shape_is_needed(const Series *series)
{
    return series->period > 12 && series->n < 2 * series->period &&
           series->n + series->h >= series->period;
}

static double mean_of(const double *x, int n)
{
    double sum = 0;
    for (int i = 0; i < n; i++)
        sum += x[i];
    return sum / n;
}

// A season before step k (0 is the first ahead), or the first place there is.
static int counterpart(const Series *series, int k)
{
    int place = series->n - series->period + k;
    return place < 0 ? 0 : place;
}

double shape_reliability(const Series *series, const int *members, int count)
{
    double sx = 0, sy = 0, sxx = 0, syy = 0, sxy = 0;
    int used = 0;
    for (int i = 0; i < count; i++) {
        const Series *s = &series[members[i]];
        double mean = mean_of(s->x, s->n);
        int at = counterpart(s, s->h - 1);
        if (!shape_is_needed(s) || mean <= 0 || at + 4 > s->n)
            continue;
        const double *x = s->x + at;
        double a = log((x[0] + x[2] + 0.6 * mean) / (2.6 * mean));
        double b = log((x[1] + x[3] + 0.6 * mean) / (2.6 * mean));
        sx += a, sy += b, sxx += a * a, syy += b * b, sxy += a * b, used++;
    }
    if (used < 30)
        return 0;
    double covariance = sxy - sx * sy / used;
    double spread = (sxx - sx * sx / used) * (syy - sy * sy / used);
    return spread > 0 ? fmin(fmax(covariance / sqrt(spread), 0), 1) : 0;
}

void shape_apply(const Series *s, double reliability, double *mean)
{
    double level = mean_of(s->x, s->n);
    if (!shape_is_needed(s) || level <= 0)
        return;
    int unseen = s->period - s->n;  // steps ahead before the first whose counterpart is known
    for (int k = 0; k < s->h; k++) {
        int at = counterpart(s, k);
        int from = at > 0 ? at - 1 : 0, count = from + WINDOW <= s->n ? WINDOW : s->n - from;
        double ratio = (mean_of(s->x + from, count) + 0.3 * level) / (1.3 * level);
        double way = k < unseen ? (k + 1.0) / (unseen + 1) : 1;
        double factor = pow(fmax(ratio, 1e-9), yearly_loss * reliability * way);
        mean[k] *= fmin(fmax(factor, 1 / most), most);
    }
}
