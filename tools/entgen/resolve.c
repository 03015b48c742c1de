// resolve.c - names become pointers, once all files have been read: modules that are required, what
// fields, parents and unions name; then used shapes unfold into the fields of their holders.
#include "entgen.h"

// ---- Modules ------------------------------------------------------------------------------------

static bool is_module(const Module *m, const char *name)
{
    return is(m->name, name) || is(m->public_name, name);
}

static void check_module_names(Model *model, const Module *m)
{
    EACH (other, model->modules) {
        if (*other == m)
            return;
        if (is_module(*other, m->name) || is_module(*other, m->public_name))
            complain(model, m, m->line, "module '%s' is already declared in %s", m->public_name,
                     (*other)->file);
    }
}

static const Module *module_named(const Model *model, const char *name)
{
    EACH (m, model->modules)
        if (is_module(*m, name))
            return *m;
    return NULL;
}

static void require(Model *model, Module *m, const char *name)
{
    const Module *needed = module_named(model, name);
    Names names = { 0 };
    EACH (other, model->modules)
        *list_push(model->arena, &names) = (*other)->name;
    if (!needed)
        complain(model, m, m->line, "there is no module '%s'%s", name,
                 nearest_name(model->arena, name, &names));
    else if (needed->number >= m->number)
        complain(model, m, m->line, "module '%s' must be listed before '%s'", name, m->name);
    else if (is(needed->name, "control") || is(m->name, "control"))
        complain(model, m, m->line,
                 "control is a database of its own: it requires nothing, and nothing requires it");
    else if (!is_visible(m, needed))
        *list_push(model->arena, &m->requires) = needed;
}

// Every module stands on the kernel without saying so.
static void resolve_modules(Model *model)
{
    const Module *kernel = module_named(model, "kernel");
    EACH (m, model->modules) {
        check_module_names(model, *m);
        if (kernel && kernel != *m && !is((*m)->name, "control"))
            require(model, *m, kernel->name);
        EACH (name, (*m)->required)
            require(model, *m, *name);
    }
}

// ---- What is named ------------------------------------------------------------------------------

static const char *nearest_def(Model *model, DefKind kind, const char *name)
{
    Names names = { 0 };
    EACH (d, model->defs)
        if ((*d)->kind == kind)
            *list_push(model->arena, &names) = (*d)->name;
    return nearest_name(model->arena, name, &names);
}

// What `name` stands for, as seen from d; NULL after complaining.
static Def *find(Model *model, const Def *d, int line, DefKind kind, const char *name)
{
    Def *found = known(&model->names, name);
    if (!found) {
        complain(model, d->module, line, "there is no %s '%s'%s", def_words[kind].word, name,
                 nearest_def(model, kind, name));
        return NULL;
    }
    if (found->kind != kind) {
        complain(model, d->module, line, "'%s' is %s, not %s", name,
                 def_words[found->kind].with_article, def_words[kind].with_article);
        return NULL;
    }
    if (!is_visible(d->module, found->module)) {
        complain(model, d->module, line,
                 "'%s' belongs to %s, which %s does not require; use 'ref any', or declare this in "
                 "a module that requires both",
                 name, found->module->name, d->module->name);
        return NULL;
    }
    found->is_used = true;
    return found;
}

static void resolve_field(Model *model, const Def *d, Field *f)
{
    static const DefKind kinds[] = { [TAKES_ENUM] = ENUM,
                                     [TAKES_CHOICES] = CHOICES,
                                     [TAKES_SHAPE] = SHAPE,
                                     [TAKES_ENTITY] = ENTITY };
    Takes takes = f->is_use ? TAKES_SHAPE : f->type ? f->type->takes : TAKES_NOTHING;
    if (takes == TAKES_NOTHING || takes == TAKES_LENGTH || takes == TAKES_SCOPE)
        return;
    if (is_link(f)) {
        Names names = split(model->arena, is(f->arg, "any") ? "" : f->arg, '|');
        EACH (name, names)
            *list_push(model->arena, &f->targets) = find(model, d, f->line, ENTITY, *name);
        return;
    }
    bool is_choices = is_type(f, TYPE_REFS) && def_named(model, CHOICES, f->arg);
    f->target =
        find(model, d, f->line, is_choices ? CHOICES : kinds[takes], f->is_use ? f->name : f->arg);
}

// A chain of parents that comes back is cut, so that nobody walks it for ever.
static void cut_circle(Model *model, Def *d)
{
    const Def *up = above(d);
    for (size_t steps = 0; up && up != d && steps < model->defs.len; steps++)
        up = above(up);
    if (up != d)
        return;
    complain(model, d->module, d->line, "%s would belong to itself", d->name);
    d->parent = d->extends = NULL;
}

static void resolve_def(Model *model, Def *d)
{
    EACH (f, d->fields)
        resolve_field(model, d, f);
    EACH (name, d->part_names) {
        Def *part = find(model, d, d->line, SHAPE, *name);
        if (part)
            *list_push(model->arena, &d->parts) = part;
    }
    if (d->parent_name)
        d->parent = find(model, d, d->line, ENTITY, d->parent_name);
    if (d->extends_name)
        d->extends = find(model, d, d->line, ENTITY, d->extends_name);
}

// ---- Unfolding ----------------------------------------------------------------------------------

static void add_leaf(Model *model, Def *d, Field *f)
{
    *list_push(model->arena, &d->leaves) = (Leaf){ .field = f, .member = f->name };
}

static void add_used_leaves(Model *model, Def *d, const Field *use)
{
    EACH (inner, use->target->leaves)
        *list_push(model->arena, &d->leaves) = (Leaf){
            .field = inner->field,
            .member = text(model->arena, "%s.%s", use->target->name, inner->member),
            .use = use,
        };
}

static void unfold(Model *model, Def *d)
{
    EACH (f, d->fields) {
        if (!f->is_use)
            add_leaf(model, d, f);
        else if (f->target && f->target->state == UNFOLDED)
            add_used_leaves(model, d, f);
    }
}

// Shapes that a shape holds by value come before it, in the headers too.
static void unfold_shape(Model *model, Def *d)
{
    if (d->state == OPENED)
        complain(model, d->module, d->line,
                 "%s would hold itself; a list of them, 'shapes %s', may", d->name, d->name);
    if (d->state != UNSEEN)
        return;
    d->state = OPENED;
    EACH (f, d->fields)
        if (f->target && (f->is_use || is_type(f, TYPE_SHAPE)))
            unfold_shape(model, f->target);
    EACH (part, d->parts)
        unfold_shape(model, *part);
    unfold(model, d);
    d->state = UNFOLDED;
    *list_push(model->arena, &model->shapes) = d;
}

void resolve(Model *model)
{
    resolve_modules(model);
    EACH (d, model->defs)
        resolve_def(model, *d);
    EACH (d, model->defs)
        cut_circle(model, *d);
    EACH (d, model->defs)
        if ((*d)->kind == SHAPE)
            unfold_shape(model, *d);
    EACH (d, model->defs)
        if ((*d)->kind == ENTITY)
            unfold(model, *d);
}
