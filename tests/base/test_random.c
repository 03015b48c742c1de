// test_random.c - chance: the published sequence, inside its bounds, and even.
#include "base/random.h"

#include "harness.h"

// The first numbers of splitmix64 from this seed, as Vigna's reference program prints them.
static void test_sequence_is_splitmix64(void)
{
    static const uint64_t wanted[] = { 6457827717110365317u, 3203168211198807973u,
                                       9817491932198370423u, 4593380528125082431u,
                                       16408922859458223821u };
    Random random = { 1234567 };
    for (size_t i = 0; i < COUNT(wanted); i++)
        CHECK(random_next(&random) == wanted[i]);
}

static void test_same_seed_replays(void)
{
    Random a = { 7 }, b = { 7 }, other = { 8 };
    int same = 0;
    for (int i = 0; i < 1000; i++) {
        uint64_t number = random_next(&a);
        CHECK(random_next(&b) == number);
        same += random_next(&other) == number;
    }
    CHECK_INT(same, 0);
}

static void test_below_stays_below(void)
{
    static const int64_t bounds[] = { 1, 2, 3, 1000, INT64_C(1) << 40, INT64_MAX };
    Ctx *ctx = test_ctx();
    for (size_t b = 0; b < COUNT(bounds); b++)
        for (int i = 0; i < 2000; i++) {
            int64_t number = random_below(ctx->random, bounds[b]);
            CHECK(number >= 0 && number < bounds[b]);
        }
}

// 60,000 throws of a die: each side 10,000 times, give or take five standard deviations (91 each).
static void test_below_is_even(void)
{
    Ctx *ctx = test_ctx();
    int sides[6] = { 0 };
    for (int i = 0; i < 60000; i++)
        sides[random_below(ctx->random, 6)]++;
    for (size_t i = 0; i < COUNT(sides); i++)
        CHECK(sides[i] > 9540 && sides[i] < 10460);
}

static void test_chance_is_one_in_n(void)
{
    Ctx *ctx = test_ctx();
    int hits = 0;
    for (int i = 0; i < 40000; i++) {
        hits += random_chance(ctx->random, 4);
        CHECK(random_chance(ctx->random, 1));
    }
    CHECK(hits > 9560 && hits < 10440);
}

const Test random_tests[] = {
    { "the sequence is splitmix64", test_sequence_is_splitmix64 },
    { "the same seed replays", test_same_seed_replays },
    { "below stays below", test_below_stays_below },
    { "below is even", test_below_is_even },
    { "a chance is one in n", test_chance_is_one_in_n },
    { 0 },
};
