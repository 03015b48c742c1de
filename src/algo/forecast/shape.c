// shape.c - seasons of short histories.
//
// With one year of weeks or less, no series shows a season by itself. But the weeks ahead have a
// counterpart: the weeks one season earlier, or, when the past does not reach that far, the first
// weeks there are, which come a little later in the year than those to be forecast. Between now and
// there the season is interpolated.
#include "algo/forecast/shape.h"

#include <math.h>

enum { WINDOW = 3, ARTICLES_LEAST = 30, RECENT = 8 };
static const double most = 3;  // a season changes demand by no more than this

bool shape_is_needed(const Series *series)
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

// The mean about a place, of WINDOW values where there are as many.
static double mean_about(const Series *s, int at)
{
    int from = at > 0 ? at - 1 : 0, count = from + WINDOW <= s->n ? WINDOW : s->n - from;
    return mean_of(s->x + from, count);
}

// A part against the whole, pulled a little towards it so that nothing is nothing.
static double ratio_log(double part, double whole)
{
    return log((part + 0.3 * whole) / (1.3 * whole));
}

typedef struct {
    double n, x, y, xx, yy, xy;
} Moments;

static double correlation(const Moments *m)
{
    double spread = (m->xx - m->x * m->x / m->n) * (m->yy - m->y * m->y / m->n);
    return spread > 0 ? (m->xy - m->x * m->y / m->n) / sqrt(spread) : 0;
}

Shape shape_learn(const Series *series, const int *members, int count)
{
    Moments m = { 0 };
    double logs = 0, then = 0, now = 0;
    for (int i = 0; i < count; i++) {
        const Series *s = &series[members[i]];
        double mean = mean_of(s->x, s->n);
        int at = counterpart(s, s->h - 1);
        if (!shape_is_needed(s) || mean <= 0 || at + 4 > s->n || s->n < RECENT)
            continue;
        double a = ratio_log((s->x[at] + s->x[at + 2]) / 2, mean);
        double b = ratio_log((s->x[at + 1] + s->x[at + 3]) / 2, mean);
        m.n++, m.x += a, m.y += b, m.xx += a * a, m.yy += b * b, m.xy += a * b;
        logs += ratio_log(mean_about(s, at), mean);
        then += mean_about(s, at);
        now += mean_of(s->x + s->n - RECENT, RECENT);
    }
    if (m.n < ARTICLES_LEAST || now <= 0 || then <= 0)
        return (Shape){ 0 };
    double half = fmax(correlation(&m), 0);  // Spearman and Brown's formula steps it up
    return (Shape){ 2 * half / (1 + half), logs / m.n, log(then / now) };
}

void shape_apply(const Series *s, const Shape *shape, double *ahead)
{
    double mean = mean_of(s->x, s->n);
    if (!shape_is_needed(s) || mean <= 0)
        return;
    int unseen = s->period - s->n;  // steps ahead before the first whose counterpart is known
    for (int k = 0; k < s->h; k++) {
        double own = ratio_log(mean_about(s, counterpart(s, k)), mean) - shape->usual;
        double way = k < unseen ? (k + 1.0) / (unseen + 1) : 1;
        double factor = exp(way * (shape->reliability * own + shape->uplift));
        ahead[k] *= fmin(fmax(factor, 1 / most), most);
    }
}
