// test_nest.c - markers: what the search promises, against the independent check.
#include "algo/nest/nest.h"
#include "harness.h"

#include <math.h>

// ---- Pieces -------------------------------------------------------------------------------------

static NestPoint square_points[] = { { 0, 0 }, { 10, 0 }, { 10, 10 }, { 0, 10 } };
static NestPoint bar_points[] = { { 0, 0 }, { 24, 0 }, { 24, 6 }, { 0, 6 } };
static NestPoint ell_points[] = { { 0, 0 }, { 20, 0 }, { 20, 8 }, { 8, 8 }, { 8, 20 }, { 0, 20 } };
static NestPoint wedge_points[] = { { 0, 0 }, { 18, 0 }, { 3, 12 } };
static const double half_turns[] = { 0, 180 }, quarter_turns[] = { 0, 90, 180, 270 };

#define POLYGON(points)                                                                            \
    {                                                                                              \
        points, COUNT(points)                                                                      \
    }

static NestPiece piece_of(NestPolygon outline, int demand)
{
    return (
        NestPiece){ .outline = outline, .demand = demand, .turn_count = 2, .turns = half_turns };
}

static const NestPolygon square = POLYGON(square_points), bar = POLYGON(bar_points),
                         ell = POLYGON(ell_points), wedge = POLYGON(wedge_points);

typedef struct {
    NestPiece pieces[4];
    NestJob job;
} Mixed;

static Mixed *mixed_job(Ctx *ctx)
{
    Mixed *mixed = NEW(ctx->arena, Mixed);
    mixed->pieces[0] = piece_of(square, 4);
    mixed->pieces[1] = piece_of(bar, 3);
    mixed->pieces[2] = piece_of(ell, 4);
    mixed->pieces[3] = piece_of(wedge, 6);
    mixed->pieces[2].turn_count = 4;
    mixed->pieces[2].turns = quarter_turns;
    mixed->job = (NestJob){ .width = 40, .piece_count = 4, .pieces = mixed->pieces };
    return mixed;
}

static NestLayout solved(Ctx *ctx, const NestJob *job, int64_t steps)
{
    NestLayout layout = { 0 };
    Budget budget = { .steps = steps, .seed = 7 };
    budget_start(&budget);
    CHECK_OK(ctx, nest_solve(ctx, job, &budget, &layout));
    CHECK_OK(ctx, nest_check(ctx, job, &layout, 1e-5 * job->width));
    return layout;
}

// ---- The search ---------------------------------------------------------------------------------

static void test_shorter(void)
{
    Ctx *ctx = test_ctx();
    Mixed *mixed = mixed_job(ctx);
    NestLayout first = solved(ctx, &mixed->job, 1), better = solved(ctx, &mixed->job, 600);
    CHECK_INT(better.count, 17);
    CHECK(better.length < first.length);
    CHECK(better.density > 0.8 && better.density <= 1);
    double area = nest_area(&mixed->job);
    CHECK(fabs(better.density - area / (40 * better.length)) < 1e-12);
}

static bool is_same(const NestLayout *a, const NestLayout *b)
{
    bool is_same = a->count == b->count && a->length == b->length;
    for (int i = 0; is_same && i < a->count; i++) {
        const NestPlacement *p = &a->placements[i], *q = &b->placements[i];
        is_same = p->piece == q->piece && p->turn == q->turn && p->x == q->x && p->y == q->y;
    }
    return is_same;
}

static void backwards(void *of, int n, void (*work)(void *arg, int i), void *arg)
{
    for (int i = n - 1; i >= 0; i--)
        work(arg, i);
}

static void test_same_seed(void)
{
    Ctx *ctx = test_ctx();
    Mixed *mixed = mixed_job(ctx);
    NestLayout layouts[3];
    for (int i = 0; i < 3; i++) {
        Budget budget = { .steps = 400, .seed = 3, .crew = 2, .each = i == 1 ? backwards : NULL };
        CHECK_OK(ctx, nest_solve(ctx, &mixed->job, &budget, &layouts[i]));
    }
    CHECK(is_same(&layouts[0], &layouts[1]));
    CHECK(is_same(&layouts[0], &layouts[2]));
    Budget other = { .steps = 400, .seed = 4, .crew = 2 };
    NestLayout layout;
    CHECK_OK(ctx, nest_solve(ctx, &mixed->job, &other, &layout));
    CHECK(!is_same(&layouts[0], &layout));
}

typedef struct {
    atomic_bool stop;
    int calls;
    double length;
    bool only_shorter;
} Watch;

static void stop_at_second(void *of, const void *answer)
{
    Watch *watch = of;
    const NestLayout *layout = answer;
    watch->only_shorter &= watch->calls == 0 || layout->length < watch->length;
    watch->length = layout->length;
    if (++watch->calls == 2)
        atomic_store(&watch->stop, true);
}

static void test_stopped(void)
{
    Ctx *ctx = test_ctx();
    Mixed *mixed = mixed_job(ctx);
    Watch watch = { .only_shorter = true };
    Budget budget = { .seed = 1, .stop = &watch.stop, .better = stop_at_second, .of = &watch };
    NestLayout layout;
    CHECK_OK(ctx, nest_solve(ctx, &mixed->job, &budget, &layout));
    CHECK_INT(watch.calls, 2);
    CHECK(watch.only_shorter);
    CHECK(layout.length == watch.length);
    CHECK_OK(ctx, nest_check(ctx, &mixed->job, &layout, 1e-4));
}

static void test_nothing(void)
{
    Ctx *ctx = test_ctx();
    NestPiece none = piece_of(square, 0);
    NestJob job = { .width = 40, .piece_count = 1, .pieces = &none };
    NestLayout layout = solved(ctx, &job, 10);
    CHECK_INT(layout.count, 0);
    CHECK(layout.length == 0);
}

static void test_perfect(void)
{
    Ctx *ctx = test_ctx();
    NestPiece piece = piece_of(square, 4);
    NestJob job = { .width = 10, .piece_count = 1, .pieces = &piece };
    NestLayout layout = solved(ctx, &job, 100000);  // ends by itself
    CHECK(fabs(layout.length - 40) < 1e-3);
}

// ---- Rules of the trade -------------------------------------------------------------------------

static void test_gap(void)
{
    Ctx *ctx = test_ctx();
    Mixed *mixed = mixed_job(ctx);
    mixed->job.gap = 1.5;
    NestLayout layout = solved(ctx, &mixed->job, 100);
    NestJob wider = mixed->job;
    wider.gap = 3;
    CHECK_FAILS(ctx, "nest.layout", nest_check(ctx, &wider, &layout, 1e-4));
}

static void test_pinned(void)
{
    Ctx *ctx = test_ctx();
    Mixed *mixed = mixed_job(ctx);
    NestPlacement pins[] = { { 0, .x = 30, .y = 12 }, { 2, .turn = 37, .x = 13, .y = 1 } };
    mixed->job.pinned = pins;
    mixed->job.pinned_count = 2;
    NestLayout layout = solved(ctx, &mixed->job, 200);
    int found = 0;
    for (int i = 0; i < layout.count; i++)
        for (int k = 0; k < 2; k++)
            found += layout.placements[i].is_pinned && layout.placements[i].x == pins[k].x &&
                     layout.placements[i].y == pins[k].y &&
                     layout.placements[i].turn == pins[k].turn;
    CHECK_INT(found, 2);

    NestPlacement crossed[] = { { 0, .x = 30, .y = 12 }, { 2, .x = 31, .y = 13 } };
    mixed->job.pinned = crossed;
    Budget budget = { .steps = 1 };
    CHECK_FAILS(ctx, "nest.layout", nest_solve(ctx, &mixed->job, &budget, &layout));
}

static void test_pairs(void)
{
    Ctx *ctx = test_ctx();
    Mixed *mixed = mixed_job(ctx);
    mixed->pieces[2].flip = NEST_IN_PAIRS;
    mixed->pieces[3].flip = NEST_EITHER_WAY;
    NestLayout layout = solved(ctx, &mixed->job, 200);
    int mirrored = 0;
    for (int i = 0; i < layout.count; i++)
        mirrored += layout.placements[i].piece == 2 && layout.placements[i].is_flipped;
    CHECK_INT(mirrored, 2);
}

static void test_sections(void)
{
    Ctx *ctx = test_ctx();
    Mixed *mixed = mixed_job(ctx);
    mixed->job.section = 26;
    NestLayout layout = solved(ctx, &mixed->job, 200);  // the check knows the rule
    CHECK(layout.length > 26);
}

static void test_band_and_repeat(void)
{
    Ctx *ctx = test_ctx();
    Mixed *mixed = mixed_job(ctx);
    mixed->pieces[0].has_band = true;
    mixed->pieces[0].band_from = 5;
    mixed->pieces[0].band_to = 21;
    mixed->pieces[1].is_matched = true;
    mixed->pieces[1].match = (NestPoint){ 3, 2 };
    mixed->job.repeat_x = 7;
    mixed->job.repeat_y = 4;
    solved(ctx, &mixed->job, 200);
}

static void test_any_angle(void)
{
    Ctx *ctx = test_ctx();
    Mixed *mixed = mixed_job(ctx);
    for (int i = 0; i < 4; i++)
        mixed->pieces[i].turn_count = 0;
    solved(ctx, &mixed->job, 60);
}

// ---- What is refused ----------------------------------------------------------------------------

static NestPoint bow_points[] = { { 0, 0 }, { 10, 10 }, { 10, 0 }, { 0, 10 } };
static NestPoint flat_points[] = { { 0, 0 }, { 10, 0 }, { 20, 0 } };

static void test_refusals(void)
{
    static const struct {
        const char *name, *code;
        NestPolygon outline;
        double width;
        int demand;
    } rows[] = {
        { "crosses itself", "nest.piece", POLYGON(bow_points), 40, 1 },
        { "no area", "nest.piece", POLYGON(flat_points), 40, 1 },
        { "two corners", "nest.piece", { square_points, 2 }, 40, 1 },
        { "wider than the fabric", "nest.piece", POLYGON(square_points), 9, 1 },
        { "no fabric", "nest.width", POLYGON(square_points), 0, 1 },
        { "one too many", "nest.copies", POLYGON(square_points), 40, NEST_COPIES_MOST + 1 },
        { "less than none", "nest.piece", POLYGON(square_points), 40, -1 },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        Ctx *ctx = test_ctx();
        test_row = rows[i].name;
        NestPiece piece = piece_of(rows[i].outline, rows[i].demand);
        NestJob job = { .width = rows[i].width, .piece_count = 1, .pieces = &piece };
        Budget budget = { .steps = 1 };
        NestLayout layout;
        CHECK_FAILS(ctx, rows[i].code, nest_solve(ctx, &job, &budget, &layout));
    }
    test_row = NULL;
}

const Test nest_tests[] = {
    { "more steps make a shorter marker", test_shorter },
    { "the same seed gives the same marker, whoever does the work", test_same_seed },
    { "a search that is told to stop answers its best", test_stopped },
    { "no pieces need no fabric", test_nothing },
    { "a search that cannot gain more ends by itself", test_perfect },
    { "pieces keep their distance", test_gap },
    { "pinned pieces stay where they are, and may not lie on each other", test_pinned },
    { "pairs are mirrored, one by one", test_pairs },
    { "no piece crosses the end of a section", test_sections },
    { "pieces keep to their band and to the fabric's repeat", test_band_and_repeat },
    { "pieces may be turned by any angle", test_any_angle },
    { "what cannot be is refused", test_refusals },
    { 0 },
};
