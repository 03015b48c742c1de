// test_nest_hide.c - pieces on hides: edges, holes and zones are kept, large pieces find a place.
#include "algo/nest/hide.h"
#include "harness.h"

static NestPoint hide_points[] = { { 5, 0 },   { 60, 4 },  { 95, 0 },  { 100, 30 },
                                   { 90, 60 }, { 55, 52 }, { 10, 60 }, { 0, 28 } };
static NestPoint hole_points[] = { { 48, 20 }, { 54, 20 }, { 54, 28 }, { 48, 28 } };
static NestPoint zone_points[] = { { 60, 5 }, { 92, 5 }, { 92, 50 }, { 60, 45 } };
static NestPoint bar_points[] = { { 0, 0 }, { 24, 0 }, { 24, 9 }, { 0, 9 } };
static NestPoint large_points[] = { { 0, 0 }, { 40, 0 }, { 40, 30 }, { 0, 30 } };

#define POLYGON(points)                                                                            \
    {                                                                                              \
        points, COUNT(points)                                                                      \
    }

typedef struct {
    NestPolygon hole;
    HideZone zone;
    Hide hides[1];
    HidePiece pieces[2];
    HideJob job;
} Tannery;

static Tannery *tannery(Ctx *ctx)
{
    Tannery *t = NEW(ctx->arena, Tannery);
    t->hole = (NestPolygon)POLYGON(hole_points);
    t->zone = (HideZone){ 1, POLYGON(zone_points) };
    t->hides[0] = (Hide){ POLYGON(hide_points), 1, &t->hole, 1, &t->zone, 3 };
    t->pieces[0].piece = (NestPiece){ .outline = POLYGON(bar_points), .demand = 6 };
    t->pieces[0].has_quality = true;
    t->pieces[0].quality = 1;
    t->pieces[1].piece = (NestPiece){ .outline = POLYGON(large_points), .demand = 2 };
    t->job = (HideJob){ 1, t->hides, 2, t->pieces };
    return t;
}

static HideLayout nested(Ctx *ctx, const HideJob *job, int64_t steps)
{
    HideLayout layout = { 0 };
    Budget budget = { .steps = steps, .seed = 2 };
    CHECK_OK(ctx, hide_solve(ctx, job, &budget, &layout));
    CHECK_OK(ctx, hide_check(ctx, job, &layout, 1e-3));
    return layout;
}

// The large piece needs flawless leather, of which a hide has room for one; the bars may lie on the
// zone.
static void test_zones(void)
{
    Ctx *ctx = test_ctx();
    Tannery *t = tannery(ctx);
    HideLayout layout = nested(ctx, &t->job, 40);
    CHECK_INT(layout.missing, 0);
    CHECK_INT(layout.use_count, 2);
    CHECK_INT(layout.count, 8);
    CHECK(layout.used == 6 * 24 * 9 + 2 * 40 * 30);

    t->pieces[0].has_quality = false;
    HideLayout flawless = nested(ctx, &t->job, 40);
    CHECK(flawless.use_count >= layout.use_count);
}

// What a zone does outside its hide is nobody's business: neither the search's nor the check's.
static void test_far_zone(void)
{
    Ctx *ctx = test_ctx();
    Tannery *t = tannery(ctx);
    NestPoint far_points[] = { { 60, 5 }, { 92, 5 }, { 20, 9000 } };
    t->zone.outline = (NestPolygon)POLYGON(far_points);
    HideLayout layout = nested(ctx, &t->job, 20);
    CHECK(layout.count > 0);
}

static void test_too_large(void)
{
    Ctx *ctx = test_ctx();
    Tannery *t = tannery(ctx);
    NestPoint huge[] = { { 0, 0 }, { 90, 0 }, { 90, 58 }, { 0, 58 } };
    t->pieces[1].piece.outline = (NestPolygon)POLYGON(huge);
    HideLayout layout = nested(ctx, &t->job, 20);
    CHECK_INT(layout.missing, 2);
}

static void test_check_finds(void)
{
    Ctx *ctx = test_ctx();
    Tannery *t = tannery(ctx);
    HideLayout layout = nested(ctx, &t->job, 20);
    int large = layout.placements[0].at.piece == 1 ? 0 : layout.count - 1;
    while (layout.placements[large].at.piece != 1)
        large--;
    NestPlacement *at = &layout.placements[large].at, kept = *at;
    *at = (NestPlacement){ .piece = 1, .x = 46, .y = 12 };  // on the hole and the zone
    CHECK_FAILS(ctx, "nest.layout", hide_check(ctx, &t->job, &layout, 1e-3));
    *at = (NestPlacement){ .piece = 1, .x = -10, .y = 12 };  // over the edge
    CHECK_FAILS(ctx, "nest.layout", hide_check(ctx, &t->job, &layout, 1e-3));
    *at = (NestPlacement){ .piece = 1, .x = 2000, .y = 12 };  // far away
    CHECK_FAILS(ctx, "nest.layout", hide_check(ctx, &t->job, &layout, 1e-3));
    *at = kept;
    layout.missing = 1;
    CHECK_FAILS(ctx, "nest.layout", hide_check(ctx, &t->job, &layout, 1e-3));
    layout.missing = 0;
    t->hides[0].stock = 1;
    CHECK_FAILS(ctx, "nest.layout", hide_check(ctx, &t->job, &layout, 1e-3));
}

static void test_same_seed(void)
{
    Ctx *ctx = test_ctx();
    Tannery *t = tannery(ctx);
    HideLayout a = nested(ctx, &t->job, 20), b = nested(ctx, &t->job, 20);
    CHECK_INT(a.count, b.count);
    for (int i = 0; i < a.count; i++)
        CHECK(a.placements[i].at.x == b.placements[i].at.x &&
              a.placements[i].at.turn == b.placements[i].at.turn);
}

static void test_crossed_edge(void)
{
    Ctx *ctx = test_ctx();
    Tannery *t = tannery(ctx);
    NestPoint bow[] = { { 0, 0 }, { 100, 60 }, { 100, 0 }, { 0, 50 } };
    t->hides[0].outer = (NestPolygon)POLYGON(bow);
    Budget budget = { .steps = 1 };
    HideLayout layout;
    CHECK_FAILS(ctx, "hide.outer", hide_solve(ctx, &t->job, &budget, &layout));
}

const Test nest_hide_tests[] = {
    { "pieces lie on leather that is good enough, on as many hides as it takes", test_zones },
    { "a zone that reaches far outside its hide is kept like any other", test_far_zone },
    { "what fits on no hide is missing", test_too_large },
    { "the check finds a piece on a hole, over the edge, missing or on a hide too many",
      test_check_finds },
    { "the same seed gives the same layout", test_same_seed },
    { "a hide whose edge crosses itself is refused", test_crossed_edge },
    { 0 },
};
