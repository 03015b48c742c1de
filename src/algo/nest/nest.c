// nest.c - a marker within a budget: the first one at once, then a crew of explorers.
//
// Each of the crew searches by itself for a shift; then the shortest marker is shown, and who tries
// a longer strip goes on from it. With a budget of steps a shift is a number of steps, so that the
// answer does not depend on the machine; with a budget of seconds it is a slice of time.
#include "algo/nest/explore.h"
#include "algo/nest/first.h"

#include <math.h>

enum { STEPS_A_SHIFT = 100, CREW_MOST = 64, SETTLE_ROUNDS = 20 };

static const double SHIFT_SECONDS = 0.5;
static const double EXPLORE_SHARE = 0.9;   // of the budget; the rest compresses
static const double SEARCH_SHARE = 0.995;  // of the seconds; the rest is for the last settling
static const double CHECK_TOLERANCE = 1e-6, PIN_TOLERANCE = 1e-4;  // of the strip's width

typedef struct {
    const NestJob *job;
    Shapes shapes;
    Tables tables;
    bool has_tables;
    Budget *budget;
    Explorer *crew;
    int crew_count;
    int64_t steps;
    double least;  // no marker can be shorter
    NestLayout best;
    Pose *best_poses;
    double best_length;  // as the explorers see it
} Solver;

// ---- Layouts ------------------------------------------------------------------------------------

static double placement_end(const NestJob *job, const NestPlacement *placement)
{
    Turn turn = turn_of(placement->turn, placement->is_flipped);
    NestPolygon outline = job->pieces[placement->piece].outline;
    double end = 0;
    for (int i = 0; i < outline.count; i++)
        end = fmax(end, placement->x + turn_point(turn, outline.points[i]).x);
    return end;
}

static NestPlacement placement_of(const Solver *solver, int copy, const Pose *pose)
{
    const Shape *shape = &solver->shapes.shapes[pose->shape];
    const Cut *cut = &solver->shapes.cuts[shape->cut];
    return (NestPlacement){ .piece = cut->piece,
                            .turn = pose->degrees,
                            .is_flipped = cut->is_flipped,
                            .is_pinned = solver->shapes.copies[copy].is_pinned,
                            .x = pose->x,
                            .y = pose->y };
}

static NestLayout layout_of(Arena *arena, const Solver *solver, const Pose *poses)
{
    int count = solver->shapes.copy_count;
    NestLayout layout = { .count = count };
    layout.placements = NEW_ARRAY(arena, NestPlacement, (size_t)count + 1);
    for (int i = 0; i < count; i++) {
        layout.placements[i] = placement_of(solver, i, &poses[i]);
        layout.length = fmax(layout.length, placement_end(solver->job, &layout.placements[i]));
    }
    layout.density = solver->shapes.area / (solver->job->width * layout.length);
    return layout;
}

// Shows a marker that the independent check accepts, and keeps it.
static bool show(Ctx *ctx, Solver *solver, const Pose *poses, double length)
{
    ArenaMark mark = arena_mark(ctx->arena);
    NestLayout layout = layout_of(ctx->arena, solver, poses);
    Failure before = ctx->failure;
    if (nest_check(ctx, solver->job, &layout, CHECK_TOLERANCE * solver->job->width) != OK) {
        ctx->failure = before;
        arena_rewind(ctx->arena, mark);
        return false;
    }
    memcpy(solver->best.placements, layout.placements,
           (size_t)layout.count * sizeof *layout.placements);
    solver->best.count = layout.count;
    solver->best.length = layout.length;
    solver->best.density = layout.density;
    solver->best_length = length;
    memcpy(solver->best_poses, poses, (size_t)layout.count * sizeof *poses);
    arena_rewind(ctx->arena, mark);
    if (solver->budget->better)
        solver->budget->better(solver->budget->of, &solver->best);
    return true;
}

// ---- Shifts -------------------------------------------------------------------------------------

static void work(void *arg, int i)
{
    Solver *solver = arg;
    explorer_work(&solver->crew[i], solver->least);
}

static void give_shift(Solver *solver, Explorer *explorer, bool is_short)
{
    const Budget *budget = solver->budget;
    Shift shift = { .budget = budget };
    if (budget->steps) {
        int64_t left = (budget->steps - solver->steps) / solver->crew_count;
        shift.last = left < 1 ? 1 : left < STEPS_A_SHIFT ? left : STEPS_A_SHIFT;
    }
    if (budget->seconds > 0) {
        double now = budget->now(budget->of);
        double end = budget->started + SEARCH_SHARE * budget->seconds;
        shift.until = fmin(end, now + (is_short ? SHIFT_SECONDS / 5 : SHIFT_SECONDS));
    }
    if (!shift.last && shift.until <= 0)
        shift.last = STEPS_A_SHIFT;
    explorer->shift = shift;
}

static Explorer *shortest(Solver *solver)
{
    Explorer *best = &solver->crew[0];
    for (int i = 1; i < solver->crew_count; i++)
        if (solver->crew[i].best_length < best->best_length)
            best = &solver->crew[i];
    return best;
}

// A marker that the check refuses (rounding, at most) is forgotten.
static void share_best(Ctx *ctx, Solver *solver)
{
    Explorer *best = shortest(solver);
    for (int i = 0; i < solver->crew_count; i++)
        solver->steps += solver->crew[i].shift.steps;
    if (best->best_length < solver->best_length &&
        !show(ctx, solver, best->best, best->best_length))
        explorer_adopt(best, solver->best_poses, solver->best_length);
    best = shortest(solver);
    for (int i = 0; i < solver->crew_count; i++) {
        Explorer *other = &solver->crew[i];
        bool is_behind = other->is_separating && other->aim >= best->best_length;
        if (other != best && other->best_length > best->best_length &&
            (is_behind || !other->is_separating || other->is_compressing))
            explorer_adopt(other, best->best, best->best_length);
    }
}

static bool is_late(const Budget *budget)
{
    double share = SEARCH_SHARE * budget->seconds;
    return budget->seconds > 0 && budget->now(budget->of) - budget->started >= share;
}

static bool is_done(const Solver *solver)
{
    return budget_over(solver->budget, solver->steps) || is_late(solver->budget) ||
           solver->best_length <= solver->least * (1 + 1e-8);
}

static void search(Ctx *ctx, Solver *solver)
{
    for (int shifts = 0; !is_done(solver); shifts++) {
        double used = budget_used(solver->budget, solver->steps);
        for (int i = 0; i < solver->crew_count; i++) {
            if (used >= EXPLORE_SHARE)
                explorer_compress(&solver->crew[i], (used - EXPLORE_SHARE) / (1 - EXPLORE_SHARE));
            give_shift(solver, &solver->crew[i], shifts < 5);
        }
        budget_each(solver->budget, solver->crew_count, work, solver);
        share_best(ctx, solver);
    }
}

// All pieces at once to the shortest strip around them, where there is one.
static bool show_settled(Ctx *ctx, Solver *solver, const Pose *poses, double length, bool as_drawn)
{
    size_t count = (size_t)solver->shapes.copy_count;
    Settling settling = { .shapes = &solver->shapes,
                          .poses = NEW_ARRAY(ctx->arena, Pose, count + 1),
                          .length = length,
                          .is_rough = !solver->has_tables,
                          .as_drawn = as_drawn,
                          .rounds = SETTLE_ROUNDS,
                          .budget = solver->budget };
    memcpy(settling.poses, poses, count * sizeof *poses);
    return settle(ctx->arena, &settling) && settling.length < length &&
           show(ctx, solver, settling.poses, settling.length);
}

// ---- Before the search --------------------------------------------------------------------------

static Status check_pinned(Ctx *ctx, const NestJob *job)
{
    if (!job->pinned_count)
        return OK;
    NestPiece *pieces = NEW_ARRAY(ctx->arena, NestPiece, (size_t)job->piece_count);
    for (int i = 0; i < job->piece_count; i++) {
        pieces[i] = job->pieces[i];
        pieces[i].demand = 0;
        pieces[i].flip = NEST_EITHER_WAY;
    }
    NestPlacement *pins = NEW_ARRAY(ctx->arena, NestPlacement, (size_t)job->pinned_count);
    double length = 0;
    for (int i = 0; i < job->pinned_count; i++) {
        pins[i] = job->pinned[i];
        pins[i].is_pinned = true;
        pieces[pins[i].piece].demand++;
        length = fmax(length, placement_end(job, &pins[i]));
    }
    NestJob only = *job;
    only.pieces = pieces;
    NestLayout layout = { .length = length, .count = job->pinned_count, .placements = pins };
    return nest_check(ctx, &only, &layout, PIN_TOLERANCE * job->width);
}

// No marker is shorter than its pieces' area, than its shortest-lying longest piece, or than what
// is pinned.
static double least_length(const Solver *solver)
{
    double least = solver->shapes.area / solver->job->width;
    for (int i = 0; i < solver->shapes.copy_count; i++) {
        const Copy *copy = &solver->shapes.copies[i];
        double shortest_lying = INFINITY;
        for (int k = 0; k < copy->shape_count; k++) {
            const Box *box = &solver->shapes.shapes[copy->shape_from + k].box;
            double length = box->x1 - box->x0 - solver->job->gap;
            if (copy->is_pinned)
                length = copy->x + box->x1 - solver->job->gap / 2;
            shortest_lying = fmin(shortest_lying, length);
        }
        least = fmax(least, shortest_lying);
    }
    return least;
}

static void hire(Ctx *ctx, Solver *solver)
{
    int count = solver->budget->crew > 1 ? solver->budget->crew : 1;
    solver->crew_count = count < CREW_MOST ? count : CREW_MOST;
    solver->crew = NEW_ARRAY(ctx->arena, Explorer, (size_t)solver->crew_count);
    Random seeds = { solver->budget->seed };
    for (int i = 0; i < solver->crew_count; i++)
        explorer_make(ctx->arena, &solver->shapes, solver->has_tables ? &solver->tables : NULL,
                      random_next(&seeds), &solver->crew[i]);
}

static Status lay_first(Ctx *ctx, Solver *solver)
{
    Marker *marker = &solver->crew[0].marker;
    first_marker(ctx->arena, marker);
    if (!show_settled(ctx, solver, marker->poses, marker->length, false) &&
        !show(ctx, solver, marker->poses, marker->length))
        return FAIL(ctx, E_INVALID, "nest.first", "no marker could be made that keeps all rules");
    for (int i = 0; i < solver->crew_count; i++)
        explorer_adopt(&solver->crew[i], solver->best_poses, solver->best_length);
    return OK;
}

Status nest_solve(Ctx *ctx, const NestJob *job, Budget *budget, NestLayout *ret)
{
    Solver solver = { .job = job, .budget = budget };
    TRY(shapes_make(ctx, job, &solver.shapes));
    TRY(check_pinned(ctx, job));
    solver.best.placements =
        NEW_ARRAY(ctx->arena, NestPlacement, (size_t)solver.shapes.copy_count + 1);
    solver.best_poses = NEW_ARRAY(ctx->arena, Pose, (size_t)solver.shapes.copy_count + 1);
    if (solver.shapes.copy_count > 0) {
        solver.least = least_length(&solver);
        solver.has_tables = tables_pay(&solver.shapes);
        if (solver.has_tables)
            tables_make(ctx->arena, &solver.shapes, &solver.tables);
        hire(ctx, &solver);
        TRY(lay_first(ctx, &solver));
        if (solver.has_tables)
            tables_measure(&solver.tables, budget);
        search(ctx, &solver);
        // The search leaves out corners; the pieces as drawn may lie a little closer.
        show_settled(ctx, &solver, solver.best_poses, solver.best_length, true);
    }
    *ret = solver.best;
    return OK;
}
