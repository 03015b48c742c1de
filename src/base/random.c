// random.c - splitmix64 (Steele, Lea, Flood 2014).
#include "base/random.h"

#include <assert.h>

uint64_t random_next(Random *random)
{
    uint64_t z = random->state += 0x9E3779B97F4A7C15u;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

int64_t random_below(Random *random, int64_t n)
{
    assert(n > 0);
    return (int64_t)(random_next(random) % (uint64_t)n);
}

bool random_chance(Random *random, int64_t one_in)
{
    return random_below(random, one_in) == 0;
}
