// json_same.c - compares JSON trees, value by value.
#include "json_same.h"

bool json_same(const Json *a, const Json *b)
{
    if (a->type != b->type || a->boolean != b->boolean || a->count != b->count ||
        !str_eq(a->text, b->text) || !str_eq(a->key, b->key))
        return false;
    const Json *other = b->first;
    JSON_EACH (item, a) {
        if (!other || !json_same(item, other))
            return false;
        other = other->next;
    }
    return other == NULL;
}
