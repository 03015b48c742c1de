// explore.c - one searcher: tries ever shorter strips, shift by shift.
#include "algo/nest/explore.h"

#include <math.h>

static const double SHRINK_FIRST = 0.02, SHRINK_LEAST = 0.001;
static const double COMPRESS_FIRST = 0.0006, COMPRESS_LAST = 0.00001;

static const double GAIN_LEAST = 1e-8;  // of the length: less is no success

// Rounds of the shortest try while exploring, and how many times as long the longest is.
enum { PATIENCE = 25, PATIENCE_MOST = 8, SETTLE_ROUNDS = 10 };

static const PlaceEffort PLACE = { .anywhere = 40, .nearby = 20, .finalists = 3 };
static const SeparateEffort HURRYING = { .strikes = 1, .rounds = 40 };
static const SeparateEffort COMPRESSING = { .strikes = 2, .rounds = 60 };

static void release(void *arena)
{
    arena_release(arena);
}

void explorer_make(Arena *arena, const Shapes *shapes, const Tables *tables, uint64_t seed,
                   Explorer *ret)
{
    *ret = (Explorer){ .shrink = SHRINK_FIRST };
    marker_make(arena, shapes, tables, &ret->marker);
    ret->marker.random.state = seed;
    size_t n = (size_t)shapes->copy_count + 1;
    ret->best = NEW_ARRAY(arena, Pose, n);
    ret->separation.best = NEW_ARRAY(arena, Pose, n);
    ret->settled = NEW_ARRAY(arena, Pose, n);
    ret->scratch = NEW(arena, Arena);
    arena_defer(arena, release, ret->scratch);
    for (int i = 0; i < EXPLORER_POOL; i++)
        ret->pool[i] = NEW_ARRAY(arena, Pose, n);
}

static void copy_poses(const Marker *marker, Pose *to, const Pose *from)
{
    memcpy(to, from, (size_t)marker->count * sizeof *to);
}

void explorer_adopt(Explorer *explorer, const Pose *poses, double length)
{
    copy_poses(&explorer->marker, explorer->best, poses);
    explorer->best_length = length;
    explorer->is_separating = false;
    explorer->pool_count = 0;
}

// ---- Shorter ------------------------------------------------------------------------------------

static void lay_fitted(Marker *marker, int copy, Pose pose)
{
    if (!marker->shapes->copies[copy].is_pinned)
        marker_fit(marker, copy, &pose);
    marker_lay(marker, copy, pose);
}

// Cuts a slice out of the strip at a random place: what lies to the right moves left.
static void shorten_best(Explorer *explorer, double aim)
{
    Marker *marker = &explorer->marker;
    double cut = chance(&marker->random) * explorer->best_length;
    double by = explorer->best_length - aim;
    marker->length = explorer->aim = aim;
    for (int i = 0; i < marker->count; i++) {
        Pose pose = explorer->best[i];
        if (pose.x + (pose.box.x0 + pose.box.x1) / 2 > cut && !marker->shapes->copies[i].is_pinned)
            pose.x -= by;
        lay_fitted(marker, i, pose);
    }
    marker_forget(marker);
    marker_refresh(marker);
    separate_begin(&explorer->separation, marker);
    explorer->is_separating = true;
}

// ---- Stuck --------------------------------------------------------------------------------------

static void pool_add(Explorer *explorer)
{
    double loss = explorer->separation.least;
    int at = explorer->pool_count < EXPLORER_POOL ? explorer->pool_count++ : EXPLORER_POOL - 1;
    if (explorer->pool_count == EXPLORER_POOL && explorer->pool_loss[at] > 0 &&
        explorer->pool_loss[at] <= loss)
        return;
    Pose *room = explorer->pool[at];
    for (; at > 0 && explorer->pool_loss[at - 1] > loss; at--) {
        explorer->pool[at] = explorer->pool[at - 1];
        explorer->pool_loss[at] = explorer->pool_loss[at - 1];
    }
    explorer->pool[at] = room;
    explorer->pool_loss[at] = loss;
    copy_poses(&explorer->marker, room, explorer->separation.best);
}

// Half a bell curve with a deviation of a quarter, as an index: mostly the best.
static int pool_pick(Explorer *explorer)
{
    Random *random = &explorer->marker.random;
    double bell = sqrt(-2 * log(1 - chance(random))) * cos(2 * M_PI * chance(random));
    int at = (int)(fabs(bell) / 4 * explorer->pool_count);
    return at < explorer->pool_count ? at : 0;
}

static double heft_of(const Marker *marker, int copy)
{
    return marker->shapes->cuts[marker->shapes->shapes[marker->poses[copy].shape].cut].heft;
}

// A random copy among the larger ones: the largest of three.
static int any_large(Marker *marker)
{
    int best = -1;
    for (int i = 0; i < 3; i++) {
        int copy = (int)random_below(&marker->random, marker->count);
        if (marker->shapes->copies[copy].is_pinned)
            continue;
        if (best < 0 || heft_of(marker, copy) > heft_of(marker, best))
            best = copy;
    }
    return best;
}

static void middle_to(Marker *marker, int copy, double x, double y)
{
    Pose pose = marker->poses[copy];
    pose.x = x - (pose.box.x0 + pose.box.x1) / 2;
    pose.y = y - (pose.box.y0 + pose.box.y1) / 2;
    lay_fitted(marker, copy, pose);
}

// Two large pieces that differ change places.
static void shake(Marker *marker)
{
    int a = any_large(marker), b = any_large(marker);
    for (int i = 0; i < 20 && b >= 0 && a >= 0; i++) {
        if (marker->shapes->copies[a].piece != marker->shapes->copies[b].piece)
            break;
        b = any_large(marker);
    }
    if (a < 0 || b < 0 || a == b)
        return;
    Pose pa = marker->poses[a], pb = marker->poses[b];
    middle_to(marker, a, pb.x + (pb.box.x0 + pb.box.x1) / 2, pb.y + (pb.box.y0 + pb.box.y1) / 2);
    middle_to(marker, b, pa.x + (pa.box.x0 + pa.box.x1) / 2, pa.y + (pa.box.y0 + pa.box.y1) / 2);
}

static void try_from_pool(Explorer *explorer)
{
    Marker *marker = &explorer->marker;
    explorer->tries++;
    pool_add(explorer);
    copy_poses(marker, marker->poses, explorer->pool[pool_pick(explorer)]);
    marker_restore(marker, marker->poses);
    shake(marker);
    marker_forget(marker);
    marker_refresh(marker);
    separate_begin(&explorer->separation, marker);
}

// ---- Work ---------------------------------------------------------------------------------------

// How long a try should last nobody knows: every second try is twice as long as the shortest, every
// fourth four times, and so on (Luby, Sinclair, Zuckerman 1993).
static SeparateEffort effort_of(const Explorer *explorer)
{
    SeparateEffort effort = explorer->is_compressing ? COMPRESSING : HURRYING;
    effort.place = PLACE;
    if (explorer->is_compressing || explorer->shrink > SHRINK_LEAST)
        return effort;
    int times = explorer->tries & -explorer->tries;
    effort.rounds = PATIENCE * (times < 1 ? 1 : times < PATIENCE_MOST ? times : PATIENCE_MOST);
    return effort;
}

// After a separation, which leaves its best on the marker: all pieces at once to the shortest strip
// around. False: there is none near by, nothing changes.
static bool settle_marker(Explorer *explorer)
{
    Marker *marker = &explorer->marker;
    copy_poses(marker, explorer->settled, marker->poses);
    Settling settling = { .shapes = marker->shapes,
                          .poses = explorer->settled,
                          .length = marker->length,
                          .loss = marker->loss,
                          .is_rough = !marker->tables,
                          .rounds = SETTLE_ROUNDS,
                          .budget = explorer->shift.budget };
    if (!settle(explorer->scratch, &settling))
        return false;
    double before = marker->length;
    marker->length = settling.length;
    marker_restore(marker, explorer->settled);
    if (marker_loss(marker) <= 0)
        return true;
    marker->length = before;
    marker_restore(marker, explorer->separation.best);
    return false;
}

// A marker held by what is pinned may not be shorter although nothing overlaps: then time is what
// ends the search.
static void note_best(Explorer *explorer)
{
    double extent = marker_extent(&explorer->marker);
    if (extent >= explorer->best_length)
        return;
    explorer->pool_count = 0;
    copy_poses(&explorer->marker, explorer->best, explorer->marker.poses);
    explorer->best_length = extent;
}

static void succeed(Explorer *explorer)
{
    settle_marker(explorer);
    note_best(explorer);
    explorer->is_separating = false;
    explorer->shift.steps++;
}

// What overlaps least may settle to a shorter strip than the best, though a longer one than was
// aimed at.
static bool succeed_after_all(Explorer *explorer)
{
    double aim = explorer->marker.length;
    if (!settle_marker(explorer))
        return false;
    if (marker_extent(&explorer->marker) < explorer->best_length * (1 - GAIN_LEAST)) {
        note_best(explorer);
        explorer->is_separating = false;
        return true;
    }
    explorer->marker.length = aim;
    marker_restore(&explorer->marker, explorer->separation.best);
    return false;
}

static void fail(Explorer *explorer)
{
    if (succeed_after_all(explorer))
        return;
    bool is_large_step = explorer->shrink > SHRINK_LEAST;
    if (is_large_step && !explorer->is_compressing)
        explorer->shrink = fmax(SHRINK_LEAST, explorer->shrink / 2);
    if (is_large_step || explorer->is_compressing)
        explorer->is_separating = false;
    else
        try_from_pool(explorer);
}

static double next_aim(const Explorer *explorer, double least)
{
    double aim = explorer->best_length * (1 - explorer->shrink);
    return aim > least ? aim : least;
}

void explorer_work(Explorer *explorer, double least)
{
    while (!shift_is_over(&explorer->shift)) {
        if (!explorer->is_separating) {
            double aim = next_aim(explorer, least);
            if (aim >= explorer->best_length)
                return;
            shorten_best(explorer, aim);
        }
        SeparateEnd end = separate_go_on(&explorer->separation, &explorer->marker,
                                         effort_of(explorer), &explorer->shift);
        if (end == SEPARATE_APART)
            succeed(explorer);
        else if (end == SEPARATE_STUCK)
            fail(explorer);
    }
}

void explorer_compress(Explorer *explorer, double share)
{
    if (!explorer->is_compressing)
        explorer->is_separating = false;
    explorer->is_compressing = true;
    explorer->shrink = COMPRESS_FIRST + share * (COMPRESS_LAST - COMPRESS_FIRST);
}
