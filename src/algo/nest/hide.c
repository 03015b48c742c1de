// hide.c - pieces on hides.
//
// A hide is a strip as wide and as long as its box, on which everything that is not leather lies
// pinned: what is outside its edge (cut in two at the leftmost and the rightmost corner, so that
// both parts are simple), its holes and its zones. Then a marker's search does the rest.
#include "algo/nest/hide.h"

#include "algo/nest/separate.h"

#include <math.h>

enum { TRIES = 6, SQUEEZE_ROUNDS = 60 };

static const PlaceEffort LOOKING = { .anywhere = 120, .nearby = 0, .finalists = 6 };
static const PlaceEffort MOVING = { .anywhere = 20, .nearby = 20, .finalists = 2 };

static const double NOTE_TOLERANCE = 2e-6;  // of the root of the hide's area

static const int QUALITY_NONE = -1000000;    // of holes and of what is outside
static const int QUALITY_BEST = 1000000000;  // needed by pieces that say nothing

// ---- The hide as a strip ------------------------------------------------------------------------

typedef struct {
    NestPolygon outline;
    int quality;
} Obstacle;

static int leftmost(NestPolygon p, double sign)
{
    int best = 0;
    for (int i = 1; i < p.count; i++)
        if (sign * p.points[i].x < sign * p.points[best].x)
            best = i;
    return best;
}

// The corners of the edge from one extreme to the other, and then around outside at height `y`.
static NestPolygon outside_part(Arena *arena, NestPolygon outer, int from, int to, double far_from,
                                double far_to, double y)
{
    NestPolygon part = { NEW_ARRAY(arena, NestPoint, (size_t)outer.count + 6), 0 };
    for (int i = from; i != to; i = (i + 1) % outer.count)
        part.points[part.count++] = outer.points[i];
    part.points[part.count++] = outer.points[to];
    part.points[part.count++] = (NestPoint){ far_to, outer.points[to].y };
    part.points[part.count++] = (NestPoint){ far_to, y };
    part.points[part.count++] = (NestPoint){ far_from, y };
    part.points[part.count++] = (NestPoint){ far_from, outer.points[from].y };
    return part;
}

static int obstacles_of(Arena *arena, const Hide *hide, Obstacle *ret)
{
    NestPolygon outer = polygon_clean(arena, hide->outer);
    Box box = polygon_box(outer);
    double margin = 0.2 * (box.x1 - box.x0 + box.y1 - box.y0);
    double left = box.x0 - margin, right = box.x1 + margin;
    int west = leftmost(outer, 1), east = leftmost(outer, -1), count = 0;
    ret[count++] = (Obstacle){ outside_part(arena, outer, west, east, left, right, box.y0 - margin),
                               QUALITY_NONE };
    ret[count++] = (Obstacle){ outside_part(arena, outer, east, west, right, left, box.y1 + margin),
                               QUALITY_NONE };
    for (int i = 0; i < hide->hole_count; i++)
        ret[count++] = (Obstacle){ hide->holes[i], QUALITY_NONE };
    for (int i = 0; i < hide->zone_count; i++)
        ret[count++] = (Obstacle){ hide->zones[i].outline, hide->zones[i].quality };
    return count;
}

static int needed_quality(const HidePiece *piece)
{
    return piece->has_quality ? piece->quality : QUALITY_BEST;
}

// ---- One hide -----------------------------------------------------------------------------------

typedef struct {
    const HideJob *job;
    Budget *budget;
    int64_t steps;
    int *left;  // copies of each piece without a place
    HideLayout layout;
} Tanner;

typedef struct {
    NestJob strip;
    Box box;        // of the hide, in its own coordinates
    int *piece_of;  // the job's piece of each of the strip's; -1: an obstacle
    Shapes shapes;
    Marker marker;
    Pose *kept;
    Separation separation;
} Table;

static bool fits_box(Arena *arena, const HidePiece *piece, double length, double width)
{
    int count = piece->piece.turn_count ? piece->piece.turn_count : 8;
    for (int i = 0; i < count; i++) {
        double degrees = piece->piece.turn_count ? piece->piece.turns[i] : 45.0 * i;
        ArenaMark mark = arena_mark(arena);
        Box box = polygon_box(polygon_turned(arena, piece->piece.outline, turn_of(degrees, false)));
        arena_rewind(arena, mark);
        if (box.x1 - box.x0 <= length && box.y1 - box.y0 <= width)
            return true;
    }
    return false;
}

static void add_pieces(Ctx *ctx, const Tanner *tanner, Table *table, NestPiece *pieces)
{
    double length = table->box.x1 - table->box.x0, width = table->box.y1 - table->box.y0;
    for (int i = 0; i < tanner->job->piece_count; i++) {
        const HidePiece *piece = &tanner->job->pieces[i];
        if (tanner->left[i] == 0 || !fits_box(ctx->arena, piece, length, width))
            continue;
        table->piece_of[table->strip.piece_count] = i;
        pieces[table->strip.piece_count] = piece->piece;
        pieces[table->strip.piece_count++].demand = tanner->left[i];
    }
}

static void add_obstacles(Table *table, const Obstacle *obstacles, int count, NestPiece *pieces,
                          NestPlacement *pins)
{
    static const double as_drawn[1] = { 0 };
    for (int i = 0; i < count; i++) {
        int at = table->strip.piece_count++;
        table->piece_of[at] = -1 - i;
        pieces[at] = (NestPiece){ obstacles[i].outline, 1, 1, as_drawn };
        pins[table->strip.pinned_count++] = (NestPlacement){
            .piece = at, .is_pinned = true, .x = -table->box.x0, .y = -table->box.y0
        };
    }
}

static void mark_copies(const Tanner *tanner, Table *table, const Obstacle *obstacles)
{
    table->shapes.is_hide = true;
    table->shapes.is_free = true;
    for (int i = 0; i < table->shapes.copy_count; i++) {
        Copy *copy = &table->shapes.copies[i];
        int of = table->piece_of[copy->piece];
        copy->is_obstacle = of < 0;
        copy->quality =
            of < 0 ? obstacles[-1 - of].quality : needed_quality(&tanner->job->pieces[of]);
    }
}

static Status spread_out(Ctx *ctx, const Tanner *tanner, const Hide *hide, Table *table)
{
    size_t flaws = (size_t)(hide->hole_count + hide->zone_count) + 2;
    size_t all = (size_t)tanner->job->piece_count + flaws;
    Obstacle *obstacles = NEW_ARRAY(ctx->arena, Obstacle, flaws);
    NestPiece *pieces = NEW_ARRAY(ctx->arena, NestPiece, all);
    NestPlacement *pins = NEW_ARRAY(ctx->arena, NestPlacement, flaws);
    int count = obstacles_of(ctx->arena, hide, obstacles);
    *table =
        (Table){ .box = polygon_box(hide->outer), .piece_of = NEW_ARRAY(ctx->arena, int, all) };
    table->strip = (NestJob){ .width = table->box.y1 - table->box.y0,
                              .gap = tanner->job->gap,
                              .pieces = pieces,
                              .pinned = pins };
    add_pieces(ctx, tanner, table, pieces);
    add_obstacles(table, obstacles, count, pieces, pins);
    TRY(shapes_make(ctx, &table->strip, &table->shapes));
    mark_copies(tanner, table, obstacles);
    marker_make(ctx->arena, &table->shapes, NULL, &table->marker);
    table->marker.length = table->box.x1 - table->box.x0;
    table->marker.random.state = tanner->budget->seed + (uint64_t)tanner->layout.use_count;
    size_t copies = (size_t)table->shapes.copy_count + 1;
    table->kept = NEW_ARRAY(ctx->arena, Pose, copies);
    table->separation.best = NEW_ARRAY(ctx->arena, Pose, copies);
    return OK;
}

// ---- Filling ------------------------------------------------------------------------------------

static void lay_obstacles(Marker *marker)
{
    for (int i = 0; i < marker->count; i++) {
        const Copy *copy = &marker->shapes->copies[i];
        double degrees = marker->shapes->shapes[copy->shape_from].degrees;
        Pose pose = marker_pose(marker, i, copy->shape_from, degrees);
        pose.x = copy->is_obstacle ? copy->x : INFINITY;
        pose.y = copy->y;
        marker_lay(marker, i, pose);
    }
    marker_refresh(marker);
}

static double area_of(const Marker *marker, int copy)
{
    return marker->shapes->cuts[marker->shapes->shapes[marker->shapes->copies[copy].shape_from].cut]
        .area;
}

// Insertion sort, largest first: there are few.
static int waiting_copies(const Marker *marker, int *list)
{
    int count = 0;
    for (int i = 0; i < marker->count; i++) {
        if (!isinf(marker->poses[i].x))
            continue;
        int at = count++;
        for (; at > 0 && area_of(marker, list[at - 1]) < area_of(marker, i); at--)
            list[at] = list[at - 1];
        list[at] = i;
    }
    return count;
}

static bool try_shift(Marker *marker, int copy, Pose *pose, double dx, double dy)
{
    Pose moved = *pose;
    moved.x += dx, moved.y += dy;
    marker_fit(marker, copy, &moved);
    bool is_moved = moved.x != pose->x || moved.y != pose->y;
    if (!is_moved || marker_look(marker, copy, &moved, 0, 0) > 0)
        return false;
    *pose = moved;
    return true;
}

// Left as far as it goes, then down, with halving steps.
static void slide(Marker *marker, int copy, Pose *pose)
{
    double from = pose->box.x1 - pose->box.x0, to = 0.002 * from;
    for (double step = from / 4; step > to; step /= 2) {
        while (try_shift(marker, copy, pose, -step, 0))
            continue;
        while (try_shift(marker, copy, pose, 0, -step))
            continue;
    }
}

// The leftmost of some free places.
static bool lay_free(Marker *marker, int copy)
{
    Pose best = { .x = INFINITY };
    for (int i = 0; i < TRIES; i++) {
        Pose pose;
        if (place_find(marker, copy, LOOKING, &pose) > 0)
            continue;
        slide(marker, copy, &pose);
        if (pose.x + pose.box.x1 < best.x + best.box.x1)
            best = pose;
    }
    if (isinf(best.x))
        return false;
    marker_move(marker, copy, best);
    return true;
}

static void keep_poses(Table *table)
{
    memcpy(table->kept, table->marker.poses, (size_t)table->marker.count * sizeof *table->kept);
}

// Lays a copy where it hurts least and lets everything make room for it.
static bool squeeze_in(Tanner *tanner, Table *table, int copy)
{
    Marker *marker = &table->marker;
    SeparateEffort effort = { .strikes = 1, .rounds = SQUEEZE_ROUNDS, .place = MOVING };
    Shift shift = { .budget = tanner->budget };
    Pose pose;
    keep_poses(table);
    marker_forget(marker);
    place_find(marker, copy, LOOKING, &pose);
    marker_move(marker, copy, pose);
    separate_begin(&table->separation, marker);
    SeparateEnd end = SEPARATE_PAUSED;
    while (end == SEPARATE_PAUSED && !budget_over(tanner->budget, tanner->steps)) {
        shift.steps = 0, shift.last = 10;
        end = separate_go_on(&table->separation, marker, effort, &shift);
        tanner->steps += shift.steps;
    }
    if (end != SEPARATE_APART)
        marker_restore(marker, table->kept);
    return end == SEPARATE_APART;
}

// How much of the budget may be used once this hide is done: as much as its share of the leather
// that is still needed.
static double fair_share(const Tanner *tanner, const Hide *hide)
{
    double needed = 0, used = budget_used(tanner->budget, tanner->steps);
    for (int i = 0; i < tanner->job->piece_count; i++)
        needed += tanner->left[i] * fabs(polygon_area(tanner->job->pieces[i].piece.outline));
    double share = fabs(polygon_area(hide->outer)) * 0.7 / (needed + 1e-300);
    return used + (1 - used) * (share < 1 ? share : 1);
}

static bool is_over(const Tanner *tanner, double share)
{
    return budget_over(tanner->budget, tanner->steps) ||
           budget_used(tanner->budget, tanner->steps) > share;
}

static void fill(Tanner *tanner, const Hide *hide, Table *table, int *waiting)
{
    Marker *marker = &table->marker;
    double share = fair_share(tanner, hide);
    lay_obstacles(marker);
    int count = waiting_copies(marker, waiting);
    for (int i = 0; i < count; i++)
        lay_free(marker, waiting[i]);
    bool has_limit = tanner->budget->steps || tanner->budget->seconds > 0;
    for (bool is_gaining = true; is_gaining && !is_over(tanner, share);) {
        is_gaining = has_limit;
        count = waiting_copies(marker, waiting);
        is_gaining &= count > 0;
        for (int i = 0; i < count && !is_over(tanner, share); i++)
            squeeze_in(tanner, table, waiting[i]);
    }
}

// ---- The check of one piece ---------------------------------------------------------------------

// Two pieces alone, where they lie on the hide. Zones and holes may reach far outside it.
static Status check_two(Ctx *ctx, NestPiece a, NestPlacement at_a, NestPiece b, NestPlacement at_b,
                        double gap, Box box, double tolerance)
{
    NestPiece pieces[] = { a, b };
    NestPlacement at[] = { at_a, at_b };
    at[0].piece = 0, at[1].piece = 1;
    NestJob job = { .width = 3 * (box.x1 - box.x0 + box.y1 - box.y0),
                    .piece_count = 2,
                    .pieces = pieces,
                    .gap = gap };
    return nest_check_two(ctx, &job, at, tolerance);
}

// What is outside the hide is pinned only so far around it.
static Status check_in_box(Ctx *ctx, const HidePiece *piece, const NestPlacement *at, Box box,
                           double tolerance)
{
    Turn turn = turn_of(at->turn, at->is_flipped);
    for (int i = 0; i < piece->piece.outline.count; i++) {
        NestPoint p = turn_point(turn, piece->piece.outline.points[i]);
        double out = fmax(fmax(box.x0 - at->x - p.x, at->x + p.x - box.x1),
                          fmax(box.y0 - at->y - p.y, at->y + p.y - box.y1));
        if (!(out <= tolerance))
            return FAIL(ctx, E_INVALID, "nest.layout", "piece %d at (%.6g, %.6g) leaves its hide",
                        at->piece, at->x, at->y);
    }
    return OK;
}

static Status check_on_hide(Ctx *ctx, const HideJob *job, const HideLayout *layout, int which,
                            double tolerance)
{
    const HidePlacement *placement = &layout->placements[which];
    const HidePiece *piece = &job->pieces[placement->at.piece];
    const Hide *hide = &job->hides[layout->hides[placement->use]];
    size_t flaws = (size_t)(hide->hole_count + hide->zone_count) + 2;
    Obstacle *obstacles = NEW_ARRAY(ctx->arena, Obstacle, flaws);
    int count = obstacles_of(ctx->arena, hide, obstacles);
    Box box = polygon_box(hide->outer);
    TRY(check_in_box(ctx, piece, &placement->at, box, tolerance));
    for (int i = 0; i < count; i++)
        if (obstacles[i].quality < needed_quality(piece))
            TRY(check_two(ctx, piece->piece, placement->at, (NestPiece){ obstacles[i].outline },
                          (NestPlacement){ 0 }, 0, box, tolerance));
    for (int i = 0; i < which; i++)
        if (layout->placements[i].use == placement->use)
            TRY(check_two(ctx, piece->piece, placement->at,
                          job->pieces[layout->placements[i].at.piece].piece,
                          layout->placements[i].at, job->gap, box, tolerance));
    return OK;
}

// ---- All hides ----------------------------------------------------------------------------------

static double leather_of(const Hide *hide)
{
    double area = fabs(polygon_area(hide->outer));
    for (int i = 0; i < hide->hole_count; i++)
        area -= fabs(polygon_area(hide->holes[i]));
    return area;
}

// Where the search's numbers and exact ones disagree (rounding, beside what reaches far outside),
// the piece goes back to those that wait.
static bool note_placement(Ctx *ctx, Tanner *tanner, HidePlacement placement, double tolerance)
{
    HideLayout *layout = &tanner->layout;
    ArenaMark mark = arena_mark(ctx->arena);
    Failure before = ctx->failure;
    layout->placements[layout->count] = placement;
    bool is_kept = check_on_hide(ctx, tanner->job, layout, layout->count, tolerance) == OK;
    ctx->failure = before;
    arena_rewind(ctx->arena, mark);
    layout->count += is_kept;
    return is_kept;
}

static int note_placements(Ctx *ctx, Tanner *tanner, const Table *table, int hide)
{
    HideLayout *layout = &tanner->layout;
    double tolerance = NOTE_TOLERANCE * sqrt(fabs(polygon_area(tanner->job->hides[hide].outer)));
    int before = layout->count;
    layout->hides[layout->use_count] = hide;
    for (int i = 0; i < table->marker.count; i++) {
        const Pose *pose = &table->marker.poses[i];
        int piece = table->piece_of[table->shapes.copies[i].piece];
        if (piece < 0 || isinf(pose->x))
            continue;
        NestPlacement at = { .piece = piece,
                             .turn = pose->degrees,
                             .x = pose->x + table->box.x0,
                             .y = pose->y + table->box.y0 };
        if (!note_placement(ctx, tanner, (HidePlacement){ layout->use_count, at }, tolerance))
            continue;
        tanner->left[piece]--;
        layout->missing--;
        layout->used += fabs(polygon_area(tanner->job->pieces[piece].piece.outline));
    }
    return layout->count - before;
}

static int *largest_hides_first(Arena *arena, const HideJob *job)
{
    int *order = NEW_ARRAY(arena, int, (size_t)job->hide_count + 1);
    for (int i = 0; i < job->hide_count; i++) {
        int at = i;
        for (; at > 0 && leather_of(&job->hides[order[at - 1]]) < leather_of(&job->hides[i]); at--)
            order[at] = order[at - 1];
        order[at] = i;
    }
    return order;
}

static Status use_hide(Ctx *ctx, Tanner *tanner, int hide)
{
    Table table;
    HideLayout *layout = &tanner->layout;
    ArenaMark mark = arena_mark(ctx->arena);
    TRY(spread_out(ctx, tanner, &tanner->job->hides[hide], &table));
    int *waiting = NEW_ARRAY(ctx->arena, int, (size_t)table.shapes.copy_count + 1);
    fill(tanner, &tanner->job->hides[hide], &table, waiting);
    if (note_placements(ctx, tanner, &table, hide) > 0) {
        layout->use_count++;
        layout->leather += leather_of(&tanner->job->hides[hide]);
        if (tanner->budget->better)
            tanner->budget->better(tanner->budget->of, layout);
    }
    arena_rewind(ctx->arena, mark);
    return OK;
}

static Status check_hides(Ctx *ctx, const HideJob *job)
{
    int64_t uses = 0, copies = 0;
    for (int i = 0; i < job->hide_count; i++) {
        const Hide *hide = &job->hides[i];
        uses += hide->stock > 0 ? hide->stock : 0;
        NestPolygon outer = polygon_clean(ctx->arena, hide->outer);
        if (hide->hole_count + hide->zone_count > HIDE_FLAWS_MOST)
            return FAIL(ctx, E_LIMIT, "hide.flaws", "hide %d has more than %d holes and zones", i,
                        HIDE_FLAWS_MOST);
        if (outer.count < 3 || polygon_area(outer) <= 0 || !polygon_is_simple(outer))
            return FAIL(ctx, E_INVALID, "hide.outer", "the edge of hide %d crosses itself", i);
    }
    for (int i = 0; i < job->piece_count; i++)
        copies += job->pieces[i].piece.demand;
    if (uses > HIDES_MOST || copies > NEST_COPIES_MOST)
        return FAIL(ctx, E_LIMIT, "hide.job", "at most %d hides and %d pieces are nested",
                    HIDES_MOST, NEST_COPIES_MOST);
    return OK;
}

Status hide_solve(Ctx *ctx, const HideJob *job, Budget *budget, HideLayout *ret)
{
    TRY(check_hides(ctx, job));
    Tanner tanner = { .job = job, .budget = budget };
    tanner.left = NEW_ARRAY(ctx->arena, int, (size_t)job->piece_count + 1);
    tanner.layout.hides = NEW_ARRAY(ctx->arena, int, HIDES_MOST + 1);
    tanner.layout.placements = NEW_ARRAY(ctx->arena, HidePlacement, NEST_COPIES_MOST + 1);
    for (int i = 0; i < job->piece_count; i++) {
        tanner.left[i] = job->pieces[i].piece.demand;
        tanner.layout.missing += tanner.left[i];
    }
    int *order = largest_hides_first(ctx->arena, job);
    for (int i = 0; i < job->hide_count; i++)
        for (int k = 0; k < job->hides[order[i]].stock && tanner.layout.missing > 0; k++)
            TRY(use_hide(ctx, &tanner, order[i]));
    *ret = tanner.layout;
    return OK;
}

// ---- The check ----------------------------------------------------------------------------------

static Status check_counts(Ctx *ctx, const HideJob *job, const HideLayout *layout)
{
    int *pieces = NEW_ARRAY(ctx->arena, int, (size_t)job->piece_count + 1);
    int *hides = NEW_ARRAY(ctx->arena, int, (size_t)job->hide_count + 1);
    for (int i = 0; i < layout->use_count; i++)
        if (++hides[layout->hides[i]] > job->hides[layout->hides[i]].stock)
            return FAIL(ctx, E_INVALID, "nest.layout", "hide %d is used too often",
                        layout->hides[i]);
    int missing = 0;
    for (int i = 0; i < layout->count; i++)
        pieces[layout->placements[i].at.piece]++;
    for (int i = 0; i < job->piece_count; i++) {
        int left = job->pieces[i].piece.demand - pieces[i];
        missing += left;
        if (left < 0)
            return FAIL(ctx, E_INVALID, "nest.layout", "piece %d is there too often", i);
    }
    if (missing != layout->missing)
        return FAIL(ctx, E_INVALID, "nest.layout", "%d pieces are missing, not %d", missing,
                    layout->missing);
    return OK;
}

Status hide_check(Ctx *ctx, const HideJob *job, const HideLayout *layout, double tolerance)
{
    TRY(check_counts(ctx, job, layout));
    for (int i = 0; i < layout->count; i++)
        TRY(check_on_hide(ctx, job, layout, i, tolerance));
    return OK;
}
