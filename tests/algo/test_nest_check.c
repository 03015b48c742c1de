// test_nest_check.c - the independent check, by itself and against the search's own geometry.
#include "algo/nest/convolve.h"
#include "algo/nest/meet.h"
#include "harness.h"

#include <math.h>

static NestPoint square_points[] = { { 0, 0 }, { 10, 0 }, { 10, 10 }, { 0, 10 } };
static NestPoint clockwise_points[] = { { 0, 0 }, { 0, 10 }, { 10, 10 }, { 10, 0 } };
static NestPoint cup_points[] = { { 0, 0 },  { 20, 0 }, { 20, 15 }, { 15, 15 },
                                  { 15, 5 }, { 5, 5 },  { 5, 15 },  { 0, 15 } };
static NestPoint diamond_points[] = { { 5, 0 }, { 10, 5 }, { 5, 10 }, { 0, 5 } };

#define POLYGON(points)                                                                            \
    {                                                                                              \
        points, COUNT(points)                                                                      \
    }

static const NestPolygon SQUARE = POLYGON(square_points), CLOCKWISE = POLYGON(clockwise_points),
                         CUP = POLYGON(cup_points), DIAMOND = POLYGON(diamond_points);

// ---- Two pieces ---------------------------------------------------------------------------------

static const struct {
    const char *name;
    NestPolygon a, b;
    NestPlacement at;  // b's; a lies where it was drawn, at (30, 30)
    bool is_apart;
} pairs[] = {
    { "far away", SQUARE, SQUARE, { .x = 60, .y = 30 }, true },
    { "side by side", SQUARE, SQUARE, { .x = 40, .y = 30 }, true },
    { "side by side, drawn clockwise", SQUARE, CLOCKWISE, { .x = 40, .y = 34 }, true },
    { "corner at corner", SQUARE, SQUARE, { .x = 40, .y = 40 }, true },
    { "corner at side", SQUARE, DIAMOND, { .x = 40, .y = 30 }, true },
    { "one on the other", SQUARE, SQUARE, { .x = 30, .y = 30 }, false },
    { "one on the other, drawn clockwise", SQUARE, CLOCKWISE, { .x = 30, .y = 30 }, false },
    { "one in the other, touching with all corners", SQUARE, DIAMOND, { .x = 30, .y = 30 }, false },
    { "a hair of overlap beyond the tolerance", SQUARE, SQUARE, { .x = 39.98, .y = 30 }, false },
    { "a hair of overlap within the tolerance", SQUARE, SQUARE, { .x = 39.995, .y = 30 }, true },
    { "in the cup", CUP, SQUARE, { .x = 35, .y = 35 }, true },
    { "in the cup, too low", CUP, SQUARE, { .x = 35, .y = 34 }, false },
    { "in the cup, turned", CUP, DIAMOND, { .turn = 45, .x = 35, .y = 35 }, false },
    { "a cross without corners inside", CUP, CUP, { .turn = 90, .x = 47, .y = 25 }, false },
    { "turned by a quarter", SQUARE, SQUARE, { .turn = 90, .x = 50, .y = 30 }, true },
};

static void test_pairs(void)
{
    for (size_t i = 0; i < COUNT(pairs); i++) {
        Ctx *ctx = test_ctx();
        test_row = pairs[i].name;
        NestPiece pieces[] = { { pairs[i].a, 1 }, { pairs[i].b, 1 } };
        NestPlacement placements[] = { { .x = 30, .y = 30 }, pairs[i].at };
        placements[1].piece = 1;
        NestJob job = { .width = 100, .piece_count = 2, .pieces = pieces };
        NestLayout layout = { .length = 100, .count = 2, .placements = placements };
        if (pairs[i].is_apart)
            CHECK_OK(ctx, nest_check(ctx, &job, &layout, 0.01));
        else
            CHECK_FAILS(ctx, "nest.layout", nest_check(ctx, &job, &layout, 0.01));
    }
    test_row = NULL;
}

// ---- Rules --------------------------------------------------------------------------------------

typedef struct {
    NestPiece piece;
    NestJob job;
    NestPlacement placements[2];
    NestLayout layout;
} Case;

static const double half_turns[] = { 0, 180 };

static void missing(Case *c)
{
    c->layout.count = 1;
}
static void unknown(Case *c)
{
    c->placements[1].piece = 7;
}
static void turned(Case *c)
{
    c->placements[1].turn = 90, c->placements[1].x = 40;
}
static void flipped(Case *c)
{
    c->placements[1].is_flipped = true;
}
static void unpaired(Case *c)
{
    c->piece.flip = NEST_IN_PAIRS;
}
static void too_long(Case *c)
{
    c->layout.length = 39.9;
}
static void too_low(Case *c)
{
    c->placements[0].y = -0.1;
}
static void too_high(Case *c)
{
    c->placements[0].y = 90.1;
}
static void too_far(Case *c)
{
    c->placements[0].x = 1e300;
}
static void too_near(Case *c)
{
    c->job.gap = 10.5;
}
static void off_band(Case *c)
{
    c->piece.has_band = true, c->piece.band_to = 19;
}
static void off_section(Case *c)
{
    c->job.section = 35;
}
static void off_repeat(Case *c)
{
    c->piece.is_matched = true, c->job.repeat_x = 7;
}

static Case *good_case(Ctx *ctx)
{
    Case *c = NEW(ctx->arena, Case);
    c->piece = (NestPiece){ .outline = SQUARE, .demand = 2, .turn_count = 2, .turns = half_turns };
    c->job = (NestJob){ .width = 100, .piece_count = 1, .pieces = &c->piece };
    c->placements[0] = (NestPlacement){ .x = 10, .y = 10 };
    c->placements[1] = (NestPlacement){ .turn = 540, .x = 40, .y = 20 };
    c->layout = (NestLayout){ .length = 40, .count = 2, .placements = c->placements };
    return c;
}

static void test_rules(void)
{
    static void (*const faults[])(Case *) = { missing,  unknown,     turned,    flipped, unpaired,
                                              too_long, too_low,     too_high,  too_far, too_near,
                                              off_band, off_section, off_repeat };
    Ctx *good = test_ctx();
    Case *clean = good_case(good);
    CHECK_OK(good, nest_check(good, &clean->job, &clean->layout, 1e-3));
    for (size_t i = 0; i < COUNT(faults); i++) {
        Ctx *ctx = test_ctx();
        Case *c = good_case(ctx);
        test_row = str_format(ctx->arena, "fault %zu", i).ptr;
        faults[i](c);
        CHECK_FAILS(ctx, "nest.layout", nest_check(ctx, &c->job, &c->layout, 1e-3));
    }
    test_row = NULL;
}

// ---- Against the search's geometry --------------------------------------------------------------

// A star of random radii: simple, and as a rule far from convex.
static NestPolygon random_star(Arena *arena, Random *random)
{
    int count = 3 + (int)random_below(random, 10);
    NestPolygon star = { NEW_ARRAY(arena, NestPoint, (size_t)count), count };
    for (int i = 0; i < count; i++) {
        double radius = 3 + (double)random_below(random, 1000) / 50;
        double angle = 2 * M_PI * (i + (double)random_below(random, 80) / 100) / count;
        star.points[i] = (NestPoint){ radius * cos(angle), radius * sin(angle) };
    }
    return polygon_clean(arena, star);
}

static bool check_says_apart(Ctx *ctx, NestPolygon a, NestPolygon b, NestPoint shift, double slack)
{
    NestPiece pieces[] = { { a, 1 }, { b, 1 } };
    NestPlacement placements[] = { { .x = 100, .y = 100 },
                                   { 1, .x = 100 + shift.x, .y = 100 + shift.y } };
    NestJob job = { .width = 200, .piece_count = 2, .pieces = pieces };
    NestLayout layout = { .length = 200, .count = 2, .placements = placements };
    bool is_apart = nest_check(ctx, &job, &layout, slack) == OK;
    ctx_recover(ctx);
    return is_apart;
}

static Cut cut_of(Arena *arena, NestPolygon outline)
{
    Cut cut = { .outline = outline, .area = 1, .heft = 1, .diameter = 40 };
    cut.pole_count = polygon_poles(arena, outline, POLES_MOST, cut.poles);
    return cut;
}

static void test_convolution(void)
{
    Random random = { 11 };
    int apart = 0, together = 0;
    for (int round = 0; round < 60; round++) {
        Ctx *ctx = test_ctx();
        Cut a = cut_of(ctx->arena, random_star(ctx->arena, &random));
        Cut b = cut_of(ctx->arena, random_star(ctx->arena, &random));
        Segment *segments;
        int count = convolve(ctx->arena, a.outline, b.outline, &segments);
        Meet meet;
        meet_make(ctx->arena, ctx->arena, &a, &b, b.outline, &meet);
        meet_measure(&meet, &a, &b, turn_of(0, false));
        for (int i = 0; i < 40; i++) {
            NestPoint shift = { (double)random_below(&random, 8000) / 100 - 40,
                                (double)random_below(&random, 8000) / 100 - 40 };
            bool is_apart = check_says_apart(ctx, a.outline, b.outline, shift, 0);
            if (!is_apart && check_says_apart(ctx, a.outline, b.outline, shift, 1e-4))
                continue;  // touching, to within rounding
            CHECK((convolution_winding(segments, count, shift) <= 0) == is_apart);
            MeetSpot spot;
            bool may_meet = meet_spot(&meet, shift.x, shift.y, &spot);
            CHECK((!may_meet || meet_loss(&spot) <= 0) == is_apart);
            apart += is_apart, together += !is_apart;
        }
    }
    CHECK(apart > 500 && together > 500);
}

static void test_eased(void)
{
    Random random = { 5 };
    for (int round = 0; round < 40; round++) {
        Ctx *ctx = test_ctx();
        NestPolygon star = random_star(ctx->arena, &random);
        double area = polygon_area(star);
        NestPolygon copy = polygon_turned(ctx->arena, star, turn_of(0, false));
        NestPolygon eased = polygon_eased(ctx->arena, copy, 0.2);
        CHECK(polygon_is_simple(eased));
        CHECK(polygon_area(eased) >= area - 1e-9 && polygon_area(eased) <= 1.2 * area + 1e-9);
        NestPolygon grown = polygon_grown(ctx->arena, star, 0.5);
        CHECK(polygon_is_simple(grown));
        for (int i = 0; i < star.count; i++) {
            NestPoint p = star.points[i];
            CHECK(polygon_holds(eased, p) || polygon_distance(eased, p) < 1e-6);
            CHECK(polygon_holds(grown, p) && polygon_distance(grown, p) > 0.5 - 1e-6);
        }
    }
}

static void test_poles(void)
{
    Random random = { 9 };
    for (int round = 0; round < 20; round++) {
        Ctx *ctx = test_ctx();
        NestPolygon star = random_star(ctx->arena, &random);
        Circle poles[POLES_MOST];
        int count = polygon_poles(ctx->arena, star, POLES_MOST, poles);
        CHECK(count >= 1 && count <= POLES_MOST);
        for (int i = 0; i < count; i++) {
            CHECK(polygon_holds(star, (NestPoint){ poles[i].x, poles[i].y }));
            CHECK(polygon_distance(star, (NestPoint){ poles[i].x, poles[i].y }) >=
                  poles[i].r - 1e-9);
            for (int k = 0; k < i; k++)
                CHECK(hypot(poles[i].x - poles[k].x, poles[i].y - poles[k].y) >=
                      poles[i].r + poles[k].r - 1e-9);
        }
    }
}

const Test nest_check_tests[] = {
    { "two pieces are apart, or they are not", test_pairs },
    { "every broken rule is found", test_rules },
    { "the search sees overlaps where the check sees them", test_convolution },
    { "eased and grown outlines hold the old one", test_eased },
    { "poles lie inside, apart from each other", test_poles },
    { 0 },
};
