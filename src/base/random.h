// random.h - chance that can be replayed: splitmix64 from a seed. For keys, tokens and passwords
// use kernel/secrets, which asks the operating system.
#pragma once

#include "base/ctx.h"

uint64_t random_next(Random *random);
int64_t random_below(Random *random, int64_t n);  // 0 <= result < n; n > 0
bool random_chance(Random *random, int64_t one_in);
