// map.h - a hash map from text to anything, in an arena. Keys are views: they must live as long as
// the map. Insertion order is kept, so walking a map is deterministic.
//
//     Map seen = { .arena = arena };
//     if (map_put(&seen, sku, line)) ...       // false: the key was there already
//     Product *product = map_get(&products, sku);
//     for (size_t i = 0; i < seen.len; i++) ... seen.keys[i], seen.values[i]
#pragma once

#include "base/str.h"

typedef struct Map {
    Arena *arena;
    Str *keys;
    void **values;
    uint32_t *slots;  // index + 1 into keys; 0 is free
    size_t len, cap, slot_count;
} Map;

void *map_get(const Map *map, Str key);        // NULL when absent
bool map_put(Map *map, Str key, void *value);  // false and unchanged when the key is there
void map_set(Map *map, Str key, void *value);  // puts or replaces
