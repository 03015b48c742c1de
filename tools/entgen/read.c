// read.c - a file's lines become declarations. Column 0 opens something, an indented line belongs
// to it. What a line names is only noted here; resolve.c finds it when all files have been read.
//
// A line that makes no sense is told and left out, so that the next ones can still be judged.
#include "entgen.h"

#include <ctype.h>

typedef struct Reader {
    Model *model;
    Arena *arena;
    Module *module;
    Def *def;  // what indented lines belong to; NULL: nothing yet, or a head that made no sense
    bool has_head;
    const char *section;
    bool is_folded;
    TokenList words;  // of the line
    size_t at;        // the next word
    int line;
} Reader;

#define COMPLAIN(r, ...) complain((r)->model, (r)->module, (r)->line, __VA_ARGS__)

static const Token *peek(const Reader *r)
{
    return r->at < r->words.len ? &r->words.items[r->at] : NULL;
}

static const Token *take(Reader *r)
{
    const Token *token = peek(r);
    r->at += token != NULL;
    return token;
}

static bool take_if(Reader *r, const char *word)
{
    const Token *token = peek(r);
    bool is_it = token && !token->is_quoted && is(token->text, word);
    r->at += is_it;
    return is_it;
}

static const char *take_label(Reader *r)
{
    const Token *token = peek(r);
    return token && token->is_quoted ? take(r)->text : NULL;
}

// The next word where one must follow; NULL after complaining.
static const char *need_word(Reader *r, const char *before, const char *what)
{
    const Token *token = peek(r);
    if (token && !token->is_quoted)
        return take(r)->text;
    COMPLAIN(r, "%s needs %s after it", before, what);
    return NULL;
}

// The next word where a new name must follow; told when it is none, and taken all the same.
static const char *need_name(Reader *r, const char *before)
{
    const char *name = need_word(r, before, "a name");
    if (name && !is_name(name))
        COMPLAIN(r, "'%s' is not a name: lower case letters, digits and _", name);
    return name;
}

// ---- Heads --------------------------------------------------------------------------------------

static const char *file_stem(Arena *arena, const char *path)
{
    const char *slash = strrchr(path, '/');
    Str name = str_from(slash ? slash + 1 : path);
    if (str_ends(name, S(".ent")))
        name.len -= strlen(".ent");
    return str_c(arena, name);
}

// module NAME [as PUBLIC] ["Label"] [requires A B ...]
static void read_module(Reader *r)
{
    static const char *const words[] = { "as", "requires" };
    Module *m = r->module;
    m->line = r->line;
    const char *name = need_name(r, "module"), *stem = m->name;
    if (name && !is(name, stem))
        COMPLAIN(r, "module '%s' belongs in a file %s.ent", name, name);
    if (name)
        m->name = m->public_name = name;
    if (take_if(r, "as")) {
        const char *public_name = need_name(r, "as");
        m->public_name = public_name ? public_name : m->name;
    }
    const char *label = take_label(r);
    m->label = label ? label : label_of(r->arena, m->public_name);
    if (take_if(r, "requires"))
        for (const Token *token; (token = take(r));)
            *list_push(r->arena, &m->required) = token->text;
    for (const Token *token; (token = take(r));)
        COMPLAIN(r, "'%s' means nothing after module %s%s", token->text, m->name,
                 NEAREST(r->arena, token->text, words));
}

static void read_entity_word(Reader *r, Def *d, const char *word)
{
    static const char *const words[] = { "master", "document", "ledger",  "log",
                                         "tree",   "of",       "ordered", "extends" };
    int record = WORD_AT(word, record_words);
    if (record >= 0)
        d->record = (RecordKind)record;
    else if (is(word, "tree"))
        d->is_tree = true;
    else if (is(word, "ordered"))
        d->is_ordered = true;
    else if (is(word, "of"))
        d->parent_name = need_word(r, "of", "an entity");
    else if (is(word, "extends"))
        d->extends_name = need_word(r, "extends", "an entity");
    else
        COMPLAIN(r, "'%s' means nothing after entity %s%s", word, d->name,
                 NEAREST(r->arena, word, words));
}

static void read_parts(Reader *r, Def *d)
{
    if (!take_if(r, "of") || !peek(r))
        COMPLAIN(r, "one needs 'of' and its shapes after it");
    for (const Token *token; (token = take(r));)
        *list_push(r->arena, &d->part_names) = token->text;
}

static void read_head_word(Reader *r, Def *d)
{
    static const char *const words[] = { "exported", "one" };
    const Token *token = take(r);
    if (token->is_quoted && !d->label)
        d->label = token->text;
    else if (token->is_quoted && !d->plural && d->kind == ENTITY)
        d->plural = token->text;
    else if (!token->is_quoted && d->kind == ENTITY)
        read_entity_word(r, d, token->text);
    else if (!token->is_quoted && is(token->text, "exported"))
        d->is_exported = true;
    else if (!token->is_quoted && d->kind == SHAPE && is(token->text, "one"))
        read_parts(r, d);
    else
        COMPLAIN(r, "'%s' means nothing after %s %s%s", token->text, def_words[d->kind].word,
                 d->name, NEAREST(r->arena, token->text, words));
}

static void note_name(Reader *r, Def *d)
{
    if (remember(&r->model->names, d->name, d))
        return;
    const Def *first = known(&r->model->names, d->name);
    COMPLAIN(r, "'%s' is already declared at %s:%d", d->name, first->module->file, first->line);
}

static void read_head(Reader *r)
{
    const Token *head = take(r);
    int kind = WORD_AT(head->text, def_words);
    r->def = NULL;
    r->has_head = true;
    r->section = NULL;
    r->is_folded = false;
    if (kind < 0) {
        COMPLAIN(r, "expected enum, choices, shape or entity, not '%s'%s", head->text,
                 NEAREST(r->arena, head->text, def_words));
        return;
    }
    const char *name = need_name(r, head->text);
    if (!name)
        return;
    Def *d = r->def = NEW(r->arena, Def);
    *d = (Def){ .kind = (DefKind)kind, .name = name, .module = r->module, .line = r->line };
    *list_push(r->arena, &r->model->defs) = d;
    note_name(r, d);
    while (peek(r))
        read_head_word(r, d);
    if (!d->label)
        d->label = label_of(r->arena, name);
    if (!d->plural)
        d->plural = plural_of(r->arena, d->label);
}

// ---- Indented lines -----------------------------------------------------------------------------

// NAME ["Label"] [tone]
static void read_value(Reader *r)
{
    const char *name = need_name(r, def_words[r->def->kind].word);
    if (!name)
        return;
    Value *value = list_push(r->arena, &r->def->values);
    *value = (Value){ .name = name, .line = r->line };
    for (const Token *token; (token = take(r));) {
        if (token->is_quoted)
            value->label = token->text;
        else if (WORD_AT(token->text, tones) >= 0)
            value->tone = token->text;
        else
            COMPLAIN(r, "unknown tone '%s'%s", token->text, NEAREST(r->arena, token->text, tones));
    }
    if (!value->label)
        value->label = label_of(r->arena, name);
}

// section: ["Label"] [closed]
static void read_section(Reader *r)
{
    r->section = take_label(r);
    r->is_folded = take_if(r, "closed");
    if (peek(r))
        COMPLAIN(r, "'%s' means nothing after section:", peek(r)->text);
}

static void read_note(Reader *r, const char *word)
{
    int id = WORD_AT(word, note_types);
    if (id < 0) {
        COMPLAIN(r, "unknown note '%s:'%s", word, NEAREST(r->arena, word, note_types));
        return;
    }
    if (id == NOTE_SECTION) {
        read_section(r);
        return;
    }
    if (r->def->kind != ENTITY)
        COMPLAIN(r, "%s: is for entities; a shape has fields only", word);
    if (!peek(r))
        COMPLAIN(r, "%s: says nothing", word);
    else if (note_of(r->def, (NoteId)id) && !note_types[id].is_repeatable)
        COMPLAIN(r, "%s: is said twice", word);
    Note *note = list_push(r->arena, &r->def->notes);
    *note = (Note){ .type = &note_types[id], .line = r->line };
    for (const Token *token; (token = take(r));)
        *list_push(r->arena, &note->words) = *token;
}

// The word after the type, where it has one. False when it is not there.
static bool read_arg(Reader *r, Field *f)
{
    static const char *const what[] = {
        [TAKES_ENUM] = "an enum",     [TAKES_CHOICES] = "a choice list", [TAKES_SHAPE] = "a shape",
        [TAKES_ENTITY] = "an entity", [TAKES_SCOPE] = "a scope",
    };
    const Token *token = peek(r);
    bool is_word = token && !token->is_quoted && !strchr(token->text, '=');
    if (!is_word)
        COMPLAIN(r, "%s needs %s after it", f->type->word, what[f->type->takes]);
    else
        f->arg = take(r)->text;
    return is_word;
}

static bool read_length(Reader *r, Field *f)
{
    const Token *token = peek(r);
    bool is_number = token && isdigit((unsigned char)token->text[0]);
    int64_t length = 0;
    if (is_number)
        f->arg = take(r)->text;
    if (!str_int(str_from(f->arg), &length) || length < 1 || length > LENGTH_MAX)
        COMPLAIN(r, "%s needs its greatest length, as in '%s 80'", f->type->word, f->type->word);
    return length > 0;
}

static void read_setting(Reader *r, Field *f, const char *word)
{
    size_t equals = strcspn(word, "=");
    const char *name = text(r->arena, "%.*s", (int)equals, word);
    int id = WORD_AT(name, settings);
    if (id < 0)
        COMPLAIN(r, "unknown setting '%s='%s", name, NEAREST(r->arena, name, settings));
    else if (word[equals + 1] == '\0')
        COMPLAIN(r, "%s= says nothing", name);
    else
        f->settings[id] = word + equals + 1;
}

static void read_field_word(Reader *r, Field *f)
{
    const Token *token = take(r);
    int flag = WORD_AT(token->text, flags);
    if (token->is_quoted)
        f->label = token->text;
    else if (flag >= 0)
        f->flags |= 1u << flag;
    else if (strchr(token->text, '='))
        read_setting(r, f, token->text);
    else
        COMPLAIN(r, "unknown word '%s'%s", token->text, NEAREST(r->arena, token->text, flags));
}

static void read_use(Reader *r, Field *f)
{
    f->is_use = true;
    f->name = need_word(r, "use", "a shape");
    if (!f->name)
        r->def->fields.len--;
    if (peek(r))
        COMPLAIN(r, "'%s' means nothing after use", peek(r)->text);
}

// NAME TYPE [ARG] words, settings, "Label"
static void read_field(Reader *r, const char *name)
{
    Field *f = list_push(r->arena, &r->def->fields);
    *f = (Field){ .name = name,
                  .line = r->line,
                  .arg = "",
                  .section = r->section,
                  .is_folded = r->section && r->is_folded };
    if (is(name, "use")) {
        read_use(r, f);
        return;
    }
    f->label = label_of(r->arena, name);
    if (!is_name(name))
        COMPLAIN(r, "'%s' is not a name: lower case letters, digits and _", name);
    const char *word = need_word(r, text(r->arena, "'%s'", name), "a type");
    int type = word ? WORD_AT(word, types) : -1;
    if (word && type < 0)
        COMPLAIN(r, "unknown field type '%s'%s", word, NEAREST(r->arena, word, types));
    if (type < 0)
        return;
    f->type = &types[type];
    if (f->type->takes != TAKES_NOTHING &&
        !(f->type->takes == TAKES_LENGTH ? read_length : read_arg)(r, f))
        f->type = NULL;
    while (peek(r))
        read_field_word(r, f);
}

static void read_indented(Reader *r)
{
    if (!r->has_head)
        COMPLAIN(r, "'%s' stands before any entity", peek(r)->text);
    if (!r->def)
        return;
    if (r->def->kind == ENUM || r->def->kind == CHOICES) {
        read_value(r);
        return;
    }
    const char *word = take(r)->text;
    size_t len = strlen(word);
    if (len > 1 && word[len - 1] == ':')
        read_note(r, text(r->arena, "%.*s", (int)len - 1, word));
    else
        read_field(r, word);
}

static void read_line(Reader *r, Str line)
{
    r->words = (TokenList){ 0 };
    r->at = 0;
    bool is_indented = line.len && isspace((unsigned char)line.ptr[0]);
    if (!split_line(r->arena, line, &r->words))
        COMPLAIN(r, "a quotation mark has no partner");
    if (r->words.len == 0)
        return;
    if (str_find_char(line, '\t') >= 0)
        COMPLAIN(r, "blanks, please, not tabs");
    if (is_indented)
        read_indented(r);
    else if (!r->module->line && take_if(r, "module"))
        read_module(r);
    else if (take_if(r, "module"))
        COMPLAIN(r, "a file is one module; this is its second");
    else
        read_head(r);
}

static bool read_whole(Arena *arena, const char *path, Str *ret)
{
    FILE *in = fopen(path, "rb");
    if (!in)
        return false;
    Buf out = { .arena = arena };
    char piece[16384];
    for (size_t n; (n = fread(piece, 1, sizeof piece, in)) > 0;)
        buf_put(&out, (Str){ piece, n });
    bool is_well = !ferror(in);
    fclose(in);
    *ret = buf_str(&out);
    return is_well;
}

bool read_file(Model *model, const char *path)
{
    Str rest, line;
    if (!read_whole(model->arena, path, &rest))
        return false;
    Module *m = NEW(model->arena, Module);
    m->file = path;
    m->name = m->public_name = m->label = file_stem(model->arena, path);
    m->number = (int)model->modules.len;
    *list_push(model->arena, &model->modules) = m;
    Reader r = { .model = model, .arena = model->arena, .module = m };
    for (r.line = 1; str_next(&rest, '\n', &line); r.line++)
        read_line(&r, line);
    if (!m->line)
        complain(model, m, 1, "the file must begin with 'module %s'", m->name);
    return true;
}
