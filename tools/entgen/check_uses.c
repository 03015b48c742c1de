// check_uses.c - what only the whole shows: things that nobody uses, references that would show
// nothing, and collections of one path.
#include "entgen.h"

static void check_used(Model *model, const Def *d)
{
    if (d->kind == ENTITY || d->is_used || d->is_exported)
        return;
    complain(model, d->module, d->line,
             "%s '%s' is used by nothing: drop it, or say exported where only C code uses it",
             def_words[d->kind].word, d->name);
}

static void check_target(Model *model, const Def *d, const Field *f, const Def *target)
{
    if (target && target->kind == ENTITY && !is_keyed(target) && !title_holder(target))
        complain(model, d->module, f->line,
                 "'%s' would show %s, which has no title: say 'title: FIELD' there", f->name,
                 target->name);
}

// Whoever sees a reference sees the title of what it points at.
static void check_titles(Model *model, const Def *d)
{
    const char *api = d->kind == ENTITY ? api_of(d) : NULL;
    if (api && is(api, "none"))
        return;
    EACH (f, d->fields) {
        if (is_type(f, TYPE_REF) || is_type(f, TYPE_REFS))
            check_target(model, d, f, f->target);
        EACH (target, f->targets)
            check_target(model, d, f, *target);
    }
}

static void check_collection(Model *model, Map *paths, const Def *d)
{
    const char *path = rest_path(model, d);
    const Note *said = note_of(d, NOTE_PATH);
    int line = said ? said->line : d->line;
    if (!path)
        return;
    if (!said && path[strspn(path, "abcdefghijklmnopqrstuvwxyz0123456789-")])
        complain(model, d->module, line, "its path would be '%s': say path:, or another label",
                 path);
    const char *whole = text(model->arena, "%s/%s", d->module->public_name, path);
    const Def *first = known(paths, whole);
    if (first)
        complain(model, d->module, line,
                 "path '%s' is that of %s at %s:%d; say another with path:", path, first->name,
                 first->module->file, first->line);
    remember(paths, whole, d);
}

void check_uses(Model *model)
{
    Map paths = { .arena = model->arena };
    EACH (d, model->defs) {
        check_used(model, *d);
        check_titles(model, *d);
        if ((*d)->kind == ENTITY)
            check_collection(model, &paths, *d);
    }
}
