// paths.c - following "customer.name": one word at a time, each step through a reference, a list,
// the parent, or what the entity extends.
#include "entgen.h"

typedef struct Source {  // where a path was written
    const Module *module;
    int line;
    const char *dotted;
} Source;

static bool is_extended(const Path *path)
{
    return path->entity->extends_name && is(path->name, path->entity->extends_name);
}

// The entity that a further step leads into; NULL: there is no way on.
static const Def *way_on(const Path *path)
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

// From what stands there into the entity that it leads to. False after complaining, or when told.
static bool step(Model *model, const Source *source, Path *path)
{
    const Def *next = way_on(path);
    if (!next && !is_told(path))
        complain(model, source->module, source->line, "'%s' cannot be followed further in '%s'",
                 path->name, source->dotted);
    path->is_listed |= path->field && is_type(path->field, TYPE_LIST);
    path->steps++;
    path->entity = next;
    return next != NULL;
}

static bool look_at(Model *model, const Source *source, const char *name, Path *path)
{
    path->name = name;
    path->field = field_named(path->entity, name);
    if (path->field || is_extended(path) || has_builtin(model->arena, path->entity, name))
        return true;
    complain(model, source->module, source->line, "%s has no field '%s'%s", path->entity->name,
             name, nearest_field(model->arena, path->entity, name));
    return false;
}

bool follow(Model *model, const Def *from, int line, const char *dotted, Path *ret)
{
    Source source = { from->module, line, dotted };
    Path path = { .entity = from };
    Names parts = split(model->arena, dotted, '.');
    EACH (part, parts) {
        if (path.name && !step(model, &source, &path))
            return false;
        if (!look_at(model, &source, *part, &path))
            return false;
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
