// model.c - complaints, and the questions that the checks and the writers ask about declarations.
#include "entgen.h"

#include <stdlib.h>

// ---- Complaints ---------------------------------------------------------------------------------

void complain(Model *model, const Module *module, int line, const char *format, ...)
{
    Buf out = { .arena = model->arena };
    va_list args;
    va_start(args, format);
    buf_vprintf(&out, format, args);
    va_end(args);
    EACH (c, model->complaints)  // a shape used twice is wrong once
        if (c->module == module && c->line == line && is(c->text, out.ptr))
            return;
    Complaint *complaint = list_push(model->arena, &model->complaints);
    *complaint = (Complaint){ module, line, model->complaints.len, out.ptr };
}

static int by_place(const void *a, const void *b)
{
    const Complaint *x = a, *y = b;
    if (x->module != y->module)
        return x->module->number - y->module->number;
    if (x->line != y->line)
        return x->line - y->line;
    return x->number < y->number ? -1 : 1;
}

void complaints_print(Model *model, FILE *out)
{
    size_t count = model->complaints.len;
    if (count)
        qsort(model->complaints.items, count, sizeof *model->complaints.items, by_place);
    for (size_t i = 0; i < count && i < COMPLAINTS_MAX; i++) {
        const Complaint *c = &model->complaints.items[i];
        fprintf(out, "%s:%d: error: %s\n", c->module->file, c->line, c->text);
    }
    if (count > COMPLAINTS_MAX)
        fprintf(out, "... and %zu more\n", count - COMPLAINTS_MAX);
}

// ---- Finding ------------------------------------------------------------------------------------

Def *known(const Map *names, const char *name)
{
    return map_get(names, str_from(name));
}

bool remember(Map *names, const char *name, const Def *d)
{
    return map_put(names, str_from(name), (Def *)d);
}

Def *def_named(const Model *model, DefKind kind, const char *name)
{
    Def *d = known(&model->names, name);
    return d && d->kind == kind ? d : NULL;
}

const Leaf *leaf_named(const Def *d, const char *name)
{
    EACH (leaf, d->leaves)
        if (is(leaf->field->name, name))
            return leaf;
    return NULL;
}

const Field *field_named(const Def *d, const char *name)
{
    const Leaf *leaf = leaf_named(d, name);
    return leaf ? leaf->field : NULL;
}

const Note *note_of(const Def *d, NoteId id)
{
    EACH (note, d->notes)
        if (note->type == &note_types[id])
            return note;
    return NULL;
}

const char *note_word(const Def *d, NoteId id)
{
    const Note *note = note_of(d, id);
    return note && note->words.len ? note->words.items[0].text : NULL;
}

Names index_fields(Arena *arena, const Note *note, const char **ret_where)
{
    Names fields = { 0 };
    *ret_where = NULL;
    EACH (token, note->words) {
        if (is(token->text, "where")) {
            *ret_where = token + 1 < list_end(note->words) ? token[1].text : "";
            break;
        }
        *list_push(arena, &fields) = token->text;
    }
    return fields;
}

bool names_have(const Names *names, const char *name)
{
    return word_at(name, names->items, sizeof *names->items, names->len) >= 0;
}

bool is_visible(const Module *from, const Module *to)
{
    if (from == to)
        return true;
    EACH (module, from->requires)
        if (*module == to)
            return true;
    return false;
}

// ---- Fields -------------------------------------------------------------------------------------

bool has_flag(const Field *f, FlagId flag)
{
    return f->flags >> flag & 1;
}

bool has_trait(const Field *f, unsigned traits)
{
    return f->type && f->type->traits & traits;
}

bool is_type(const Field *f, TypeId type)
{
    return f->type == &types[type];
}

bool is_link(const Field *f)
{
    return is_type(f, TYPE_REF) && (is(f->arg, "any") || strchr(f->arg, '|'));
}

int leaf_line(const Leaf *leaf)
{
    return leaf->use ? leaf->use->line : leaf->field->line;
}

// What its columns' names end in.
static const char *const *endings_of(const Field *f)
{
    static const char *const none[] = { NULL };
    static const char *const plain[] = { "", NULL };
    static const char *const id[] = { "_id", NULL };
    static const char *const link[] = { "_kind", "_id", NULL };
    static const char *const geo[] = { "_lat", "_lon", NULL };
    static const char *const sorted[] = { "", "_key", NULL };
    if (!f->type || has_trait(f, IS_MANY))
        return none;
    if (is_link(f))
        return link;
    if (has_trait(f, IS_REFERENCE | IS_FILE))
        return id;
    if (is_type(f, TYPE_GEO))
        return geo;
    return has_flag(f, FLAG_SORTED) ? sorted : plain;
}

Names columns_of(Arena *arena, const Field *f)
{
    Names names = { 0 };
    for (const char *const *ending = endings_of(f); *ending; ending++)
        *list_push(arena, &names) = text(arena, "%s%s", f->name, *ending);
    return names;
}

// ---- Entities -----------------------------------------------------------------------------------

bool is_keyed(const Def *d)
{
    return note_of(d, NOTE_KEY) != NULL;
}

bool is_entry(const Def *d)
{
    return d->record == LEDGER || d->record == LOG;
}

bool is_child(const Def *d)
{
    return d->parent_name && !is_entry(d);
}

bool is_root(const Def *d)
{
    return !d->parent_name && !is_entry(d) && !is_keyed(d);
}

const Def *above(const Def *d)
{
    return d->parent ? d->parent : d->extends;
}

const Def *title_holder(const Def *d)
{
    while (d && !note_of(d, NOTE_TITLE))
        d = d->extends;
    return d;
}

const char *api_of(const Def *d)
{
    const char *said = note_word(d, NOTE_API);
    if (said)
        return said;
    if (is_child(d))
        return d->parent ? api_of(d->parent) : NULL;
    return is_root(d) ? "full" : "read";
}

const char *rest_path(const Model *model, const Def *d)
{
    const char *api = api_of(d), *said = note_word(d, NOTE_PATH);
    if (is_child(d) || !api || is(api, "none"))
        return NULL;
    return said ? said : path_of(model->arena, d->plural);
}

Names builtin_columns(Arena *arena, const Def *d)
{
    const struct {
        bool has;
        const char *names;
    } groups[] = {
        { !is_keyed(d), "id" },
        { d->parent_name != NULL, text(arena, "%s_id", d->parent_name ? d->parent_name : "") },
        { is_entry(d), "at" },
        { is_child(d), "position extra" },
        { is_root(d), "version created_at updated_at archived is_archived extra" },
        { d->is_tree, "above_id path position" },
        { d->is_ordered, "position" },
        { note_of(d, NOTE_DATED) != NULL, "valid_from valid_to" },
    };
    Names all = { 0 };
    for (size_t i = 0; i < COUNT(groups); i++) {
        Names names = split(arena, groups[i].has ? groups[i].names : "", ' ');
        EACH (name, names)
            *list_push(arena, &all) = *name;
    }
    return all;
}

Names columns_of_all(Arena *arena, const Def *d)
{
    Names all = builtin_columns(arena, d);
    EACH (leaf, d->leaves) {
        Names own = columns_of(arena, leaf->field);
        EACH (name, own)
            *list_push(arena, &all) = *name;
    }
    return all;
}

bool has_builtin(Arena *arena, const Def *d, const char *name)
{
    if (d->kind != ENTITY)
        return false;
    if (is(name, "parent"))
        return d->parent_name != NULL;
    if (is(name, "above"))
        return d->is_tree;
    Names names = builtin_columns(arena, d);
    return names_have(&names, name);
}
