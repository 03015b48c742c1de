// lay.c - lay planning by many quick plans, of which the best is kept.
//
// A plan is made lay by lay. The marker is filled with the sizes of which most is still wanted; the
// plies of each colour are as many as no size of the marker is cut too often (or a little too
// often, when a surplus is allowed); plies are taken from the rolls that they use up best. Chance
// decides how full the markers are and on which width, and a great many plans are made
// (randomised construction, as for cut order planning in Jacobs-Blecha et al. 1998).
#include "algo/nest/lay.h"

#include "base/random.h"

#include <math.h>

typedef struct {
    const LayJob *job;
    Random random;
    int *left;     // wanted and not yet cut
    double *rest;  // of each roll
    double *widths;
    int width_count;
    LayPlan plan;
    double greed;  // how eagerly markers are filled in this plan, 0 to 1
} Planner;

static double chance(Planner *planner)
{
    return (double)(random_next(&planner->random) >> 11) * 0x1p-53;
}

static double marker_length(const LayJob *job, const int *garments, double width)
{
    double area = 0;
    for (int s = 0; s < job->size_count; s++)
        area += garments[s] * job->areas[s];
    return area / (job->density * width);
}

// ---- What cannot be -----------------------------------------------------------------------------

static Status check_numbers(Ctx *ctx, const LayJob *job)
{
    if (job->size_count < 0 || job->size_count > LAY_SIZES_MOST || job->colour_count < 0 ||
        job->colour_count > LAY_COLOURS_MOST || job->roll_count < 0 ||
        job->roll_count > LAY_ROLLS_MOST)
        return FAIL(ctx, E_LIMIT, "lay.job",
                    "at most %d sizes, %d colours and %d rolls are planned", LAY_SIZES_MOST,
                    LAY_COLOURS_MOST, LAY_ROLLS_MOST);
    if (!(job->density > 0 && job->density <= 1))
        return FAIL(ctx, E_INVALID, "lay.job", "the density is not above 0 and at most 1");
    if (!(job->table_length > 0) || job->plies_most < 1 || job->garments_most < 1 ||
        !(job->end_loss >= 0) || !(job->lay_cost >= 0) || job->surplus_most < 0)
        return FAIL(ctx, E_INVALID, "lay.job",
                    "table, plies and garments must be above zero, losses"
                    " and surplus not below");
    for (int i = 0; i < job->size_count * job->colour_count; i++)
        if (job->wanted[i] < 0)
            return FAIL(ctx, E_INVALID, "lay.job", "a wanted quantity is below zero");
    return OK;
}

static Status check_rolls(Ctx *ctx, const LayJob *job)
{
    double widest = 0;
    for (int i = 0; i < job->roll_count; i++) {
        const LayRoll *roll = &job->rolls[i];
        if (roll->colour < 0 || roll->colour >= job->colour_count || !(roll->length >= 0) ||
            !(roll->width > 0))
            return FAIL(ctx, E_INVALID, "lay.roll", "roll %d has no known colour, length or width",
                        i);
        widest = fmax(widest, roll->width);
    }
    for (int s = 0; s < job->size_count && widest > 0; s++) {
        double length = job->areas[s] / (job->density * widest);
        if (!(job->areas[s] > 0) || length > job->table_length)
            return FAIL(ctx, E_INVALID, "lay.size",
                        "size %d has no area, or one garment needs %.6g of a table of %.6g", s,
                        length, job->table_length);
    }
    return OK;
}

// ---- Rolls --------------------------------------------------------------------------------------

static bool is_fit(const LayRoll *roll, int colour, double width)
{
    return roll->colour == colour && roll->width >= width;
}

static int plies_there(const Planner *planner, int colour, double width, double ply)
{
    double plies = 0;
    for (int i = 0; i < planner->job->roll_count; i++)
        if (is_fit(&planner->job->rolls[i], colour, width))
            plies += floor(planner->rest[i] / ply + 1e-9);
    return plies < 1e6 ? (int)plies : 1000000;
}

// The roll that is used up best: begun before fresh, then narrow before wide, then the least left.
static int best_roll(const Planner *planner, int colour, double width, double ply, int plies)
{
    const LayJob *job = planner->job;
    int best = -1;
    double least = INFINITY;
    for (int i = 0; i < job->roll_count; i++) {
        const LayRoll *roll = &job->rolls[i];
        int there = (int)fmin(1e6, floor(planner->rest[i] / ply + 1e-9));
        if (!is_fit(roll, colour, width) || there == 0)
            continue;
        double left = planner->rest[i] - ply * (there < plies ? there : plies);
        bool is_begun = planner->rest[i] < roll->length;
        double badness =
            left + 100 * ply * (roll->width - width) / width - (is_begun ? ply / 2 : 0);
        if (badness < least)
            least = badness, best = i;
    }
    return best;
}

static void spread(Planner *planner, Lay *lay, int colour, double ply)
{
    for (int plies = lay->plies[colour]; plies > 0;) {
        int roll = best_roll(planner, colour, lay->width, ply, plies);
        int there = (int)fmin(1e6, floor(planner->rest[roll] / ply + 1e-9));
        int taken = there < plies ? there : plies;
        planner->rest[roll] = fmax(0, planner->rest[roll] - taken * ply);
        lay->spreads[lay->spread_count++] = (LaySpread){ roll, taken };
        plies -= taken;
    }
}

// ---- One lay ------------------------------------------------------------------------------------

static int left_of(const Planner *planner, int size, int colour)
{
    return planner->left[size * planner->job->colour_count + colour];
}

static double pull_of(Planner *planner, const int *garments, int size)
{
    double pull = 0;
    for (int c = 0; c < planner->job->colour_count; c++)
        pull += fmax(0, left_of(planner, size, c));
    return pull / (garments[size] + 1) * (1 + 0.3 * chance(planner));
}

// Adds the size that pulls most, as long as the table has room and it is worth the plies.
static void fill_marker(Planner *planner, Lay *lay)
{
    const LayJob *job = planner->job;
    for (int count = 0; count < job->garments_most; count++) {
        int best = -1;
        double most = 0;
        for (int s = 0; s < job->size_count; s++) {
            double pull = pull_of(planner, lay->garments, s);
            lay->garments[s]++;
            if (pull > most && marker_length(job, lay->garments, lay->width) <= job->table_length)
                most = pull, best = s;
            lay->garments[s]--;
        }
        if (best < 0 || (count > 0 && chance(planner) > planner->greed))
            break;
        lay->garments[best]++;
    }
    lay->length = marker_length(job, lay->garments, lay->width);
}

static int plies_wanted(const Planner *planner, const Lay *lay, int colour)
{
    int plies = INT32_MAX;
    for (int s = 0; s < planner->job->size_count; s++) {
        int garments = lay->garments[s], left = left_of(planner, s, colour);
        if (garments == 0)
            continue;
        int fit = left <= 0 ? 0 : (left + planner->job->surplus_most) / garments;
        int needed = (left + garments - 1) / garments;
        fit = fit < needed ? fit : needed;
        plies = fit < plies ? fit : plies;
    }
    return plies == INT32_MAX ? 0 : plies;
}

// The plies of each colour; how many in all.
static int count_plies(Planner *planner, Lay *lay)
{
    const LayJob *job = planner->job;
    double ply = lay->length + job->end_loss;
    int room = job->plies_most;
    int first = (int)random_below(&planner->random, job->colour_count);
    for (int i = 0; i < job->colour_count && room > 0; i++) {
        int colour = (first + i) % job->colour_count;
        int plies = plies_wanted(planner, lay, colour);
        int there = plies_there(planner, colour, lay->width, ply);
        plies = plies < there ? plies : there;
        lay->plies[colour] = plies < room ? plies : room;
        room -= lay->plies[colour];
    }
    return job->plies_most - room;
}

static void shrink_to_one(Planner *planner, Lay *lay)
{
    int sizes = planner->job->size_count, first = (int)random_below(&planner->random, sizes);
    memset(lay->garments, 0, (size_t)sizes * sizeof *lay->garments);
    for (int i = 0; i < sizes; i++) {
        int s = (first + i) % sizes;
        for (int c = 0; c < planner->job->colour_count; c++)
            if (left_of(planner, s, c) > 0) {
                lay->garments[s] = 1;
                lay->length = marker_length(planner->job, lay->garments, lay->width);
                if (lay->length <= planner->job->table_length && count_plies(planner, lay) > 0)
                    return;
                lay->garments[s] = 0;
            }
    }
}

static bool any_plies(const Planner *planner, const Lay *lay)
{
    for (int c = 0; c < planner->job->colour_count; c++)
        if (lay->plies[c] > 0)
            return true;
    return false;
}

static bool add_lay(Arena *arena, Planner *planner)
{
    const LayJob *job = planner->job;
    Lay lay = { .width = planner->widths[random_below(&planner->random, planner->width_count)],
                .garments = NEW_ARRAY(arena, int, (size_t)job->size_count),
                .plies = NEW_ARRAY(arena, int, (size_t)job->colour_count),
                .spreads = NEW_ARRAY(arena, LaySpread, (size_t)job->roll_count) };
    fill_marker(planner, &lay);
    if (count_plies(planner, &lay) == 0)
        shrink_to_one(planner, &lay);
    if (!any_plies(planner, &lay))
        return false;
    for (int c = 0; c < job->colour_count; c++) {
        spread(planner, &lay, c, lay.length + job->end_loss);
        for (int s = 0; s < job->size_count; s++)
            planner->left[s * job->colour_count + c] -= lay.plies[c] * lay.garments[s];
        planner->plan.fabric += lay.plies[c] * (lay.length + job->end_loss);
    }
    planner->plan.lays[planner->plan.lay_count++] = lay;
    return true;
}

// ---- One plan -----------------------------------------------------------------------------------

static bool is_wanting(const Planner *planner)
{
    for (int i = 0; i < planner->job->size_count * planner->job->colour_count; i++)
        if (planner->left[i] > 0)
            return true;
    return false;
}

static void count_rest(Planner *planner)
{
    const LayJob *job = planner->job;
    for (int i = 0; i < job->roll_count; i++)
        if (planner->rest[i] < job->rolls[i].length)
            planner->plan.remnants += planner->rest[i];
    for (int i = 0; i < job->size_count * job->colour_count; i++) {
        planner->plan.missing[i] = planner->left[i] > 0 ? planner->left[i] : 0;
        planner->plan.missing_count += planner->plan.missing[i];
    }
}

// A lay that comes to nothing may have been on the wrong width: some more tries.
static void make_plan(Arena *arena, Planner *planner)
{
    const LayJob *job = planner->job;
    size_t cells = (size_t)job->size_count * (size_t)job->colour_count;
    planner->plan = (LayPlan){ .lays = NEW_ARRAY(arena, Lay, LAY_LAYS_MOST),
                               .missing = NEW_ARRAY(arena, int, cells + 1) };
    memcpy(planner->left, job->wanted, cells * sizeof *planner->left);
    for (int i = 0; i < job->roll_count; i++)
        planner->rest[i] = job->rolls[i].length;
    planner->greed = 0.5 + 0.5 * sqrt(chance(planner));
    int tries = 3 * planner->width_count;
    while (is_wanting(planner) && planner->plan.lay_count < LAY_LAYS_MOST && tries > 0)
        tries = add_lay(arena, planner) ? 3 * planner->width_count : tries - 1;
    count_rest(planner);
}

// Missing garments weigh more than any fabric.
static double cost_of(const LayJob *job, const LayPlan *plan)
{
    double per_garment = 100 * (job->table_length + job->end_loss + job->lay_cost);
    return plan->missing_count * per_garment + plan->fabric + job->lay_cost * plan->lay_count;
}

static void find_widths(Ctx *ctx, Planner *planner)
{
    const LayJob *job = planner->job;
    planner->widths = NEW_ARRAY(ctx->arena, double, (size_t)job->roll_count + 1);
    for (int i = 0; i < job->roll_count; i++) {
        bool is_known = false;
        for (int k = 0; k < planner->width_count; k++)
            is_known |= planner->widths[k] == job->rolls[i].width;
        if (!is_known)
            planner->widths[planner->width_count++] = job->rolls[i].width;
    }
}

static void release(void *arena)
{
    arena_release(arena);
}

// Two arenas take turns: one holds the best plan, the other the next one.
static void search(Ctx *ctx, Planner *planner, Budget *budget, LayPlan *best)
{
    Arena *rooms = NEW_ARRAY(ctx->arena, Arena, 2);
    arena_defer(ctx->arena, release, &rooms[0]);
    arena_defer(ctx->arena, release, &rooms[1]);
    int64_t steps = 0;
    for (int room = 0; steps == 0 || !budget_over(budget, steps); steps++) {
        arena_clear(&rooms[room]);
        make_plan(&rooms[room], planner);
        if (steps > 0 && cost_of(planner->job, &planner->plan) >= cost_of(planner->job, best))
            continue;
        *best = planner->plan;
        room = 1 - room;
        if (budget->better)
            budget->better(budget->of, best);
    }
}

Status lay_plan(Ctx *ctx, const LayJob *job, Budget *budget, LayPlan *ret)
{
    TRY(check_numbers(ctx, job));
    TRY(check_rolls(ctx, job));
    size_t cells = (size_t)job->size_count * (size_t)job->colour_count;
    Planner planner = { .job = job,
                        .random = { budget->seed },
                        .left = NEW_ARRAY(ctx->arena, int, cells + 1),
                        .rest = NEW_ARRAY(ctx->arena, double, (size_t)job->roll_count + 1) };
    find_widths(ctx, &planner);
    search(ctx, &planner, budget, ret);
    return OK;
}

// ---- The check ----------------------------------------------------------------------------------

static Status check_lay(Ctx *ctx, const LayJob *job, const Lay *lay, double *used, int number)
{
    int plies = 0, garments = 0, rest[LAY_COLOURS_MOST] = { 0 };
    for (int c = 0; c < job->colour_count; c++) {
        plies += lay->plies[c];
        rest[c] = lay->plies[c];
    }
    for (int s = 0; s < job->size_count; s++)
        garments += lay->garments[s];
    if (plies > job->plies_most || garments > job->garments_most ||
        lay->length > job->table_length * (1 + 1e-9))
        return FAIL(ctx, E_INVALID, "lay.plan", "lay %d has %d plies of %d garments, %.6g long",
                    number, plies, garments, lay->length);
    for (int i = 0; i < lay->spread_count; i++) {
        const LaySpread *from = &lay->spreads[i];
        if (job->rolls[from->roll].width < lay->width)
            return FAIL(ctx, E_INVALID, "lay.plan", "lay %d is wider than roll %d", number,
                        from->roll);
        used[from->roll] += from->plies * (lay->length + job->end_loss);
        rest[job->rolls[from->roll].colour] -= from->plies;
    }
    for (int c = 0; c < job->colour_count; c++)
        if (rest[c] != 0)
            return FAIL(ctx, E_INVALID, "lay.plan", "lay %d lacks %d plies of colour %d", number,
                        rest[c], c);
    return OK;
}

static Status check_cut(Ctx *ctx, const LayJob *job, const LayPlan *plan)
{
    for (int s = 0; s < job->size_count; s++)
        for (int c = 0; c < job->colour_count; c++) {
            int at = s * job->colour_count + c, cut = 0;
            for (int i = 0; i < plan->lay_count; i++)
                cut += plan->lays[i].garments[s] * plan->lays[i].plies[c];
            int wanted = job->wanted[at] - plan->missing[at];
            if (cut < wanted || cut > wanted + job->surplus_most)
                return FAIL(ctx, E_INVALID, "lay.plan",
                            "of size %d in colour %d %d garments are cut, wanted are %d", s, c, cut,
                            wanted);
        }
    return OK;
}

Status lay_check(Ctx *ctx, const LayJob *job, const LayPlan *plan)
{
    double *used = NEW_ARRAY(ctx->arena, double, (size_t)job->roll_count + 1);
    for (int i = 0; i < plan->lay_count; i++)
        TRY(check_lay(ctx, job, &plan->lays[i], used, i));
    for (int i = 0; i < job->roll_count; i++)
        if (used[i] > job->rolls[i].length * (1 + 1e-6) + 1e-9)
            return FAIL(ctx, E_INVALID, "lay.plan", "%.6g are spread from roll %d, which has %.6g",
                        used[i], i, job->rolls[i].length);
    return check_cut(ctx, job, plan);
}
