// map.c - open addressing over an array that keeps insertion order.
#include "base/map.h"

static size_t place(const Map *map, Str key)
{
    size_t mask = map->slot_count - 1, at = str_hash(key) & mask;
    while (map->slots[at] && !str_eq(map->keys[map->slots[at] - 1], key))
        at = (at + 1) & mask;
    return at;
}

void *map_get(const Map *map, Str key)
{
    if (map->len == 0)
        return NULL;
    uint32_t slot = map->slots[place(map, key)];
    return slot ? map->values[slot - 1] : NULL;
}

static void grow(Map *map)
{
    size_t cap = map->cap ? map->cap * 2 : 8;
    Str *keys = NEW_ARRAY(map->arena, Str, cap);
    void **values = NEW_ARRAY(map->arena, void *, cap);
    if (map->len) {
        memcpy(keys, map->keys, map->len * sizeof *keys);
        memcpy(values, map->values, map->len * sizeof *values);
    }
    map->keys = keys;
    map->values = values;
    map->cap = cap;
    map->slot_count = cap * 2;
    map->slots = NEW_ARRAY(map->arena, uint32_t, map->slot_count);
    for (size_t i = 0; i < map->len; i++)
        map->slots[place(map, keys[i])] = (uint32_t)i + 1;
}

bool map_put(Map *map, Str key, void *value)
{
    if (map->len == map->cap)
        grow(map);
    size_t at = place(map, key);
    if (map->slots[at])
        return false;
    map->keys[map->len] = key;
    map->values[map->len] = value;
    map->slots[at] = (uint32_t)++map->len;
    return true;
}

void map_set(Map *map, Str key, void *value)
{
    if (!map_put(map, key, value))
        map->values[map->slots[place(map, key)] - 1] = value;
}
