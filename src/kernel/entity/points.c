// points.c - outlines as text.
#include "kernel/entity/points.h"

#include "base/buf.h"

Str points_text(Arena *arena, PointList points)
{
    Buf out = { .arena = arena };
    EACH (p, points)
        buf_printf(&out, "%s%d,%d", p == points.items ? "" : " ", p->x, p->y);
    return buf_str(&out);
}

static bool parse_coordinate(Str text, int32_t *ret)
{
    int64_t value;
    if (!str_int(text, &value) || value > INT32_MAX || value < INT32_MIN)
        return false;
    *ret = (int32_t)value;
    return true;
}

bool points_parse(Arena *arena, Str text, PointList *ret)
{
    Str pair;
    while (str_next_word(&text, &pair)) {
        ptrdiff_t comma = str_find_char(pair, ',');
        Point point;
        if (comma < 0 || !parse_coordinate(str_sub(pair, 0, (size_t)comma), &point.x) ||
            !parse_coordinate(str_from_at(pair, (size_t)comma + 1), &point.y))
            return false;
        *list_push(arena, ret) = point;
    }
    return true;
}
