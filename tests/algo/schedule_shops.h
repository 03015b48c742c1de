// schedule_shops.h - small job shops and projects by chance, and their best answers by trying all.
#pragma once

#include "algo/schedule/jobshop.h"
#include "algo/schedule/project.h"
#include "base/random.h"

typedef struct ShopWishes {
    int jobs, operations, machines;  // operations: of each job
    int options;                     // most alternatives
    bool calendars, setups, dates;
} ShopWishes;

JobShop *shop_by_chance(Arena *arena, Random *random, ShopWishes wishes);

// The least makespan, or tardiness, of all plans: tries every order and every option.
int64_t shop_best(Arena *arena, const JobShop *shop);

Project *project_by_chance(Arena *arena, Random *random, int activities, int resources,
                           int duration_max);

// The least makespan of all plans: tries every list.
int project_best(Arena *arena, const Project *project);
