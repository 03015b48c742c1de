// list.h - growing arrays in an arena. Every list in the program is `{ items, len, cap }`, so one
// function serves them all; the macros only put the item's type back.
//
//     SalesLine *line = list_push(arena, &order->lines);   // a new, zeroed item at the end
//     EACH (line, order->lines)                            // SalesLine *line over all of them
#pragma once

#include "base/arena.h"

#define LIST(type)                                                                                 \
    struct {                                                                                       \
        type *items;                                                                               \
        size_t len, cap;                                                                           \
    }

typedef LIST(void) AnyList;

#define list_push(arena, list)                                                                     \
    ((typeof((list)->items))list_push_((arena), (AnyList *)(list), sizeof *(list)->items))
#define list_reserve(arena, list, n)                                                               \
    list_reserve_((arena), (AnyList *)(list), sizeof *(list)->items, (n))
#define list_remove(list, at) list_remove_((AnyList *)(list), sizeof *(list)->items, (at))
#define list_end(list)        ((list).items + (list).len)
#define EACH(item, list)                                                                           \
    for (typeof(&*(list).items) item = (list).items; item != list_end(list); item++)

void *list_push_(Arena *arena, AnyList *list, size_t size);
void list_reserve_(Arena *arena, AnyList *list, size_t size, size_t room);
void list_remove_(AnyList *list, size_t size, size_t at);  // keeps the order of the others
