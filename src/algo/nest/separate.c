// separate.c - moving pieces until nothing overlaps.
//
// One round moves every copy that overlaps, in random order, to a place that hurts less; then the
// weights of the pairs that still overlap grow. A marker that overlaps less than any before is
// remembered; after some rounds without one, that is a strike, and the search starts again from the
// best with the weights it has learned (Gardeyn, Vanden Berghe and Wauters 2025, after Umetani et
// al. 2009 and Egeblad, Nielsen and Odgaard 2007).
#include "algo/nest/separate.h"

#include <math.h>

static const double PROGRESS = 0.98;  // less loss than this share of the best is progress

bool shift_is_over(const Shift *shift)
{
    const Budget *budget = shift->budget;
    if (shift->last && shift->steps >= shift->last)
        return true;
    if (shift->until > 0 && budget->now(budget->of) >= shift->until)
        return true;
    return budget->stop && atomic_load_explicit(budget->stop, memory_order_relaxed);
}

static int hurt_copies(Marker *marker, int *list)
{
    int count = 0;
    for (int i = 0; i < marker->count; i++)
        if (!marker->shapes->copies[i].is_pinned && marker_is_hurt(marker, i))
            list[count++] = i;
    for (int i = count - 1; i > 0; i--) {
        int other = (int)random_below(&marker->random, i + 1), kept = list[i];
        list[i] = list[other];
        list[other] = kept;
    }
    return count;
}

static void round_of_moves(Marker *marker, PlaceEffort effort)
{
    int count = hurt_copies(marker, marker->order);
    for (int i = 0; i < count; i++)
        if (marker_is_hurt(marker, marker->order[i]))
            place_better(marker, marker->order[i], effort);
    marker_learn(marker);
}

static void remember(Separation *separation, const Marker *marker, double loss)
{
    separation->least = loss;
    memcpy(separation->best, marker->poses, (size_t)marker->count * sizeof *marker->poses);
}

void separate_begin(Separation *separation, Marker *marker)
{
    remember(separation, marker, marker_loss(marker));
    separation->before = separation->least;
    separation->strikes = separation->idle = 0;
}

static void note(Separation *separation, const Marker *marker)
{
    double loss = marker_loss(marker);
    separation->idle++;
    if (loss >= separation->least)
        return;
    if (loss < PROGRESS * separation->least)
        separation->idle = 0;
    remember(separation, marker, loss);
}

static void strike(Separation *separation, Marker *marker)
{
    bool is_further = separation->least < PROGRESS * separation->before;
    separation->strikes = is_further ? 0 : separation->strikes + 1;
    separation->before = separation->least;
    separation->idle = 0;
    marker_restore(marker, separation->best);
}

SeparateEnd separate_go_on(Separation *separation, Marker *marker, SeparateEffort effort,
                           Shift *shift)
{
    while (separation->least > 0 && separation->strikes < effort.strikes) {
        if (shift_is_over(shift))
            return SEPARATE_PAUSED;
        round_of_moves(marker, effort.place);
        shift->steps++;
        note(separation, marker);
        if (separation->least > 0 && separation->idle >= effort.rounds)
            strike(separation, marker);
    }
    return separation->least > 0 ? SEPARATE_STUCK : SEPARATE_APART;
}
