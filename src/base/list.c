// list.c - growing arrays.
#include "base/list.h"

#include <string.h>

void list_reserve_(Arena *arena, AnyList *list, size_t size, size_t room)
{
    if (room <= list->cap)
        return;
    size_t cap = list->cap ? list->cap * 2 : 4;
    if (cap < room)
        cap = room;
    void *grown = arena_alloc_array(arena, size, cap);
    if (list->len)
        memcpy(grown, list->items, list->len * size);
    list->items = grown;
    list->cap = cap;
}

void *list_push_(Arena *arena, AnyList *list, size_t size)
{
    list_reserve_(arena, list, size, list->len + 1);
    return memset((char *)list->items + list->len++ * size, 0, size);
}

void list_remove_(AnyList *list, size_t size, size_t at)
{
    char *here = (char *)list->items + at * size;
    memmove(here, here + size, (list->len - at - 1) * size);
    list->len--;
}
