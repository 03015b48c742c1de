// paths.c - following "customer.name": one word at a time, each step through a reference, a list,
// the parent, or what the entity extends.
#include "entgen.h"

static bool is_extended(const Path *path)
{
    return path->entity->extends_name && is(path->name, path->entity->extends_name);
}

// Where the path stands becomes the entity that it steps into. NULL: no way on.
static const Def *step(const Path *path)
{
    if (is(path->name, "parent"))
        return path->entity->parent;
    if (is_extended(path))
        return path->entity->extends;
    if (!path->field || is_link(path->field))
        return NULL;
    bool is_way = is_type(path->field, TYPE_REF) || is_type(path->field, TYPE_LIST);
    return is_way ? path->field->target : NULL;
}

// Whether what stands there was misread or not found, which has been told already.
static bool is_told(const Path *path)
{
    const Field *f = path->field;
    if (!f)
        return is(path->name, "parent") || is_extended(path);
    bool is_way = is_type(f, TYPE_REF) || is_type(f, TYPE_LIST);
    return !f->type || (is_way && !is_link(f) && !f->target);
}

static const char *nearest_field(Arena *arena, const Def *d, const char *word)
{
    Names names = { 0 };
    EACH (leaf, d->leaves)
        *list_push(arena, &names) = leaf->field->name;
    return nearest_name(arena, word, &names);
}

bool follow(Model *model, const Def *from, int line, const char *dotted, Path *ret)
{
    Path path = { .entity = from };
    Names parts = split(model->arena, dotted, '.');
    EACH (part, parts) {
        if (path.name) {
            path.is_listed |= path.field && is_type(path.field, TYPE_LIST);
            path.steps++;
            const Def *next = step(&path);
            if (!next && !is_told(&path))
                complain(model, from->module, line, "'%s' cannot be followed further in '%s'",
                         path.name, dotted);
            if (!next)
                return false;
            path.entity = next;
        }
        path.name = *part;
        path.field = field_named(path.entity, *part);
        if (!path.field && !is_extended(&path) && !has_builtin(model->arena, path.entity, *part)) {
            complain(model, from->module, line, "%s has no field '%s'%s", path.entity->name, *part,
                     nearest_field(model->arena, path.entity, *part));
            return false;
        }
    }
    *ret = path;
    return parts.len > 0 && (!path.field || path.field->type);
}

static const char *above_path(Arena *arena, const Def *d, const char *rest)
{
    return rest ? text(arena, "%s.%s", d->parent ? "parent" : d->extends_name, rest) : NULL;
}

const char *currency_path(Arena *arena, const Def *d)
{
    const Field *own = field_named(d, "currency");
    if (own && (!own->type || is_type(own, TYPE_CURRENCY)))
        return own->name;
    return above(d) ? above_path(arena, d, currency_path(arena, above(d))) : NULL;
}

// A unit is the record's own, or that of what it counts, or its parent's. `depth` ends circles of
// references.
static const char *unit_path_within(Arena *arena, const Def *d, int depth)
{
    static const char *const holders[] = { "variant", "product", "component" };
    const Field *own = field_named(d, "unit");
    if (own && (!own->type || is_type(own, TYPE_REF)))
        return own->name;
    for (size_t i = 0; i < COUNT(holders) && depth > 0; i++) {
        const Field *holder = field_named(d, holders[i]);
        if (!holder || !is_type(holder, TYPE_REF) || !holder->target)
            continue;
        const char *rest = unit_path_within(arena, holder->target, depth - 1);
        if (rest)
            return text(arena, "%s.%s", holder->name, rest);
    }
    if (!above(d) || depth == 0)
        return NULL;
    return above_path(arena, d, unit_path_within(arena, above(d), depth - 1));
}

const char *unit_path(Arena *arena, const Def *d)
{
    return unit_path_within(arena, d, 4);
}
