// test_nest_settle.c - linear programmes, regions beside a convolution, and pieces that settle.
#include "algo/nest/linear.h"
#include "algo/nest/nest.h"
#include "algo/nest/region.h"
#include "algo/nest/settle.h"
#include "harness.h"

#include <math.h>

// ---- Linear programmes --------------------------------------------------------------------------

// x + y at x >= 1, y >= 2, x + 2y >= 8: the least is 4.5 at (1, 3.5).
static void test_linear(void)
{
    static const LinearRow rows[] = { { { { 0, 1 } }, 1, 1 },
                                      { { { 1, 1 } }, 1, 2 },
                                      { { { 0, 1 }, { 1, 2 } }, 2, 8 } };
    static const double cost[] = { 1, 1 };
    double values[2] = { 0 };
    LinearProgram program = { 2, COUNT(rows), cost, rows };
    CHECK(linear_solve(test_ctx()->arena, &program, values));
    CHECK(fabs(values[0] - 1) < 1e-7 && fabs(values[1] - 3.5) < 1e-7);
}

static void test_linear_none(void)
{
    static const LinearRow rows[] = { { { { 0, 1 } }, 1, 1 }, { { { 0, -1 } }, 1, 0 } };
    static const double cost[] = { 1 };
    double values[1] = { 0 };
    LinearProgram program = { 1, COUNT(rows), cost, rows };
    CHECK(!linear_solve(test_ctx()->arena, &program, values));
}

static double random_share(Random *random)
{
    return (double)random_below(random, 1001) / 1000;
}

// Weak duality is what proves an optimum: here the cost is a sum of rows, so no values can be below
// the same sum of what the rows ask for.
static void test_linear_random(void)
{
    enum { VARIABLES = 12, ROWS = 40 };
    Random random = { 5 };
    for (int round = 0; round < 30; round++) {
        LinearRow rows[ROWS + 2 * VARIABLES];
        double cost[VARIABLES] = { 0 }, values[VARIABLES] = { 0 }, bound = 0;
        int count = 0;
        for (; count < ROWS; count++) {
            LinearRow *row = &rows[count];
            *row = (LinearRow){ .count = 2, .least = random_share(&random) - 1 };
            double price = count < VARIABLES ? random_share(&random) : 0;
            int at = (int)random_below(&random, VARIABLES - 1);
            for (int k = 0; k < 2; k++) {
                row->terms[k] = (LinearTerm){ at + k, random_share(&random) - 0.5 };
                cost[at + k] += price * row->terms[k].factor;
            }
            bound += price * row->least;
        }
        for (int i = 0; i < VARIABLES; i++)
            for (int sign = -1; sign <= 1; sign += 2)
                rows[count++] = (LinearRow){ { { i, sign } }, 1, -100 };
        LinearProgram program = { VARIABLES, count, cost, rows };
        CHECK(linear_solve(test_ctx()->arena, &program, values));
        double sum = 0;
        for (int i = 0; i < VARIABLES; i++)
            sum += cost[i] * values[i];
        CHECK(sum >= bound - 1e-7);
        for (int r = 0; r < count; r++) {
            double value = -rows[r].least;
            for (int k = 0; k < rows[r].count; k++)
                value += rows[r].terms[k].factor * values[rows[r].terms[k].variable];
            CHECK(value > -1e-8);
        }
    }
}

// ---- Regions ------------------------------------------------------------------------------------

static NestPolygon random_star(Arena *arena, Random *random)
{
    int count = 3 + (int)random_below(random, 10);
    NestPolygon star = { NEW_ARRAY(arena, NestPoint, (size_t)count), count };
    for (int i = 0; i < count; i++) {
        double radius = 3 + 20 * random_share(random);
        double angle = 2 * M_PI * (i + 0.8 * random_share(random)) / count;
        star.points[i] = (NestPoint){ radius * cos(angle), radius * sin(angle) };
    }
    return polygon_clean(arena, star);
}

static bool is_behind(const Wall *walls, int count, NestPoint p, double slack)
{
    for (int i = 0; i < count; i++)
        if (walls[i].along.x * p.x + walls[i].along.y * p.y < walls[i].least + slack)
            return false;
    return true;
}

// Wherever a shift lies behind all walls and in reach, the convolution does not wind around it.
static void test_regions(void)
{
    Random random = { 3 };
    int free_shifts = 0, exits = 0;
    for (int round = 0; round < 200; round++) {
        Ctx *ctx = test_ctx();
        NestPolygon a = random_star(ctx->arena, &random), b = random_star(ctx->arena, &random);
        NestPoint shift = { 70 * random_share(&random) - 35, 70 * random_share(&random) - 35 };
        NestPoint from = shift;
        Segment *all;
        int all_count = convolve(ctx->arena, a, b, &all);
        double reach = 8;
        Near near = { .arena = ctx->arena };
        convolve_near(&near, convolve_corners(ctx->arena, a, 1), a.count,
                      convolve_corners(ctx->arena, b, -1), b.count,
                      (Box){ shift.x - reach, shift.y - reach, INFINITY, shift.y + reach });
        Segments segments = { near.segments, near.count };
        int winding = convolution_winding(all, all_count, shift);
        CHECK_INT(convolution_winding(near.segments, near.count, shift), winding);
        if (winding > 0 && !region_exit(ctx->arena, segments, winding, reach, shift, &from))
            continue;
        exits += winding > 0;
        CHECK_INT(convolution_winding(all, all_count, from), 0);
        Wall walls[WALLS_MOST];
        int count = region_cut(segments, from, shift, reach, walls);
        if (count < 0)
            continue;
        CHECK(is_behind(walls, count, from, -1e-6));
        for (int i = 0; i < 100; i++) {
            NestPoint p = { shift.x + reach * (2 * random_share(&random) - 1),
                            shift.y + reach * (2 * random_share(&random) - 1) };
            if (!is_behind(walls, count, p, 1e-6))
                continue;
            free_shifts++;
            CHECK_INT(convolution_winding(all, all_count, p), 0);
        }
    }
    CHECK(free_shifts > 1000 && exits > 10);
}

// ---- Settling -----------------------------------------------------------------------------------

static NestPoint square_points[] = { { 0, 0 }, { 10, 0 }, { 10, 10 }, { 0, 10 } };
static NestPoint tip_points[] = { { 0, 0 }, { 20, 0 }, { 0, 20 } };
static const double as_drawn[] = { 0 };
static const NestPolygon square = { square_points, 4 }, tip = { tip_points, 3 };

typedef struct {
    NestPiece pieces[1];
    NestJob job;
    Shapes shapes;
    Tables tables;
    Marker marker;
    Arena scratch;
} Floor;

static Floor *floor_of(Ctx *ctx, NestPolygon outline, const NestPoint *at, int count, double width)
{
    Floor *f = NEW(ctx->arena, Floor);
    f->pieces[0] = (NestPiece){ outline, count, 1, as_drawn };
    f->job = (NestJob){ .width = width, .piece_count = 1, .pieces = f->pieces };
    CHECK_OK(ctx, shapes_make(ctx, &f->job, &f->shapes));
    Budget budget = { 0 };
    tables_make(ctx->arena, &f->shapes, &f->tables);
    tables_measure(&f->tables, &budget);
    marker_make(ctx->arena, &f->shapes, &f->tables, &f->marker);
    f->marker.length = 100;
    for (int i = 0; i < count; i++) {
        Pose pose = marker_pose(&f->marker, i, 0, 0);
        pose.x = at[i].x, pose.y = at[i].y;
        marker_lay(&f->marker, i, pose);
    }
    marker_refresh(&f->marker);
    return f;
}

static bool settled(Floor *f, double *length)
{
    Budget budget = { 0 };
    Settling settling = { .shapes = &f->shapes,
                          .poses = f->marker.poses,
                          .length = f->marker.length,
                          .loss = f->marker.loss,
                          .rounds = 100,
                          .budget = &budget };
    bool is_settled = settle(&f->scratch, &settling);
    arena_release(&f->scratch);
    marker_restore(&f->marker, f->marker.poses);
    *length = settling.length;
    return is_settled;
}

// Four squares fill two columns of the strip; two of them overlap a little at first.
static void test_settle(void)
{
    static const NestPoint at[] = { { 1, 0 }, { 2, 9.8 }, { 21, 0 }, { 25, 10 } };
    Ctx *ctx = test_ctx();
    double length;
    Floor *f = floor_of(ctx, square, at, COUNT(at), 20.001);
    CHECK(marker_loss(&f->marker) > 0);
    CHECK(settled(f, &length));
    CHECK(marker_loss(&f->marker) <= 0);
    CHECK(fabs(length - 20) < 1e-5);
}

// One piece lies on the other: no way out is near.
static void test_settle_none(void)
{
    static const NestPoint at[] = { { 1, 1 }, { 1.5, 1.2 } };
    Ctx *ctx = test_ctx();
    double length;
    Floor *f = floor_of(ctx, tip, at, COUNT(at), 30);
    CHECK(!settled(f, &length));
    CHECK(f->marker.poses[1].x == 1.5 && length == 100);
}

// What is pinned stays, and others settle beside it.
static void test_settle_pinned(void)
{
    static const NestPoint at[] = { { 4, 2 }, { 30, 1 } };
    Ctx *ctx = test_ctx();
    double length;
    Floor *f = floor_of(ctx, square, at, COUNT(at), 15);
    f->shapes.copies[0].is_pinned = true;
    CHECK(settled(f, &length));
    CHECK(f->marker.poses[0].x == 4 && f->marker.poses[0].y == 2);
    CHECK(fabs(length - 24) < 1e-5);
}

// A square cut into four: the search finds the way, settling closes it.
static void test_jigsaw(void)
{
    static NestPoint cuts[4][4] = { { { 0, 0 }, { 11, 0 }, { 8, 9 }, { 0, 7 } },
                                    { { 11, 0 }, { 20, 0 }, { 20, 12 }, { 8, 9 } },
                                    { { 0, 7 }, { 8, 9 }, { 10, 20 }, { 0, 20 } },
                                    { { 8, 9 }, { 20, 12 }, { 20, 20 }, { 10, 20 } } };
    Ctx *ctx = test_ctx();
    NestPiece pieces[4];
    for (int i = 0; i < 4; i++)
        pieces[i] = (NestPiece){ { cuts[i], 4 }, 1, 1, as_drawn };
    NestJob job = { .width = 20, .piece_count = 4, .pieces = pieces };
    Budget budget = { .steps = 2000, .seed = 1 };
    NestLayout layout = { 0 };
    CHECK_OK(ctx, nest_solve(ctx, &job, &budget, &layout));
    CHECK_OK(ctx, nest_check(ctx, &job, &layout, 1e-5 * job.width));
    CHECK(fabs(layout.density - 1) < 1e-6);
}

const Test nest_settle_tests[] = {
    { "a linear programme is solved", test_linear },
    { "a linear programme without an answer has none", test_linear_none },
    { "random linear programmes keep their rows and their bound", test_linear_random },
    { "a region beside a convolution is free", test_regions },
    { "pieces that overlap a little settle side by side", test_settle },
    { "pieces that lie on each other do not settle", test_settle_none },
    { "pieces settle beside one that is pinned", test_settle_pinned },
    { "a jigsaw closes exactly", test_jigsaw },
    { 0 },
};
