// ent_texts.c - the labels of declarations, read by entgen's own reader, so that a label which
// follows from a name follows here in the same way. What is wrong in a file is entgen's to say.
#include "texts.h"

#include "../../entgen/entgen.h"

static void add(Texts *texts, const Module *module, int line, const char *label)
{
    text_add(texts, module->file, line, str_from(label), S(""));
}

static void add_field(Texts *texts, const Module *module, const Field *f)
{
    if (f->section)
        add(texts, module, f->line, f->section);
    if (!f->is_use)
        add(texts, module, f->line, f->label);
}

static void add_note(Texts *texts, const Module *module, const Note *note)
{
    enum { SENTENCE = 2 };  // check: NAME "SQL" "sentence"
    if (note->type == &note_types[NOTE_CHECK] && note->words.len > SENTENCE)
        add(texts, module, note->line, note->words.items[SENTENCE].text);
}

static void add_def(Texts *texts, const Def *d)
{
    add(texts, d->module, d->line, d->label);
    if (d->kind == ENTITY)
        add(texts, d->module, d->line, d->plural);
    EACH (value, d->values)
        add(texts, d->module, value->line, value->label);
    EACH (f, d->fields)
        add_field(texts, d->module, f);
    EACH (note, d->notes)
        add_note(texts, d->module, note);
}

bool ent_texts(Texts *texts, char *path)
{
    Model model = { .arena = texts->arena, .names = { .arena = texts->arena } };
    if (!read_file(&model, path)) {
        fprintf(stderr, "texts: cannot read %s\n", path);
        return false;
    }
    EACH (module, model.modules)
        add(texts, *module, (*module)->line, (*module)->label);
    EACH (d, model.defs)
        add_def(texts, *d);
    return true;
}
