// check_notes.c - what is said about an entity as a whole: every name in it leads to a field that
// is good for it, and what must be found quickly has an index.
#include "entgen.h"

#include <ctype.h>

#define COMPLAIN(...) complain(model, d->module, note->line, __VA_ARGS__)

// ---- Fields -------------------------------------------------------------------------------------

// What the end of a path is good for; those that every record has can be listed and sorted.
static unsigned traits_at(const Path *path)
{
    bool is_id = is(path->name, "id") || is(path->name, "parent") || is(path->name, "above");
    if (path->field)
        return path->field->type->traits;
    return IS_COLUMN | IS_SHOWN | (is_id ? IS_REFERENCE : 0);
}

static void check_path(Model *model, const Def *d, const Note *note, const char *dotted)
{
    const NoteType *type = note->type;
    Path path;
    if (type->form != NOTE_PATHS && type->form != NOTE_PAIRS && strchr(dotted, '.')) {
        COMPLAIN("%s: takes this record's own fields, not '%s'", type->word, dotted);
        return;
    }
    if (!follow(model, d, note->line, dotted, &path))
        return;
    if (!(traits_at(&path) & type->needs))
        COMPLAIN("%s: takes %s, and '%s' is %s", type->word, type->good_for, dotted,
                 path.field ? path.field->type->word : "none");
    else if (path.field && has_flag(path.field, FLAG_SEALED) && type->needs == IS_WORDS)
        COMPLAIN("search: cannot look into '%s', which is sealed", dotted);
    if (path.steps > 1)
        COMPLAIN("%s: goes through one reference at most, and '%s' through %d", type->word, dotted,
                 path.steps);
    bool takes_lists = type->form == NOTE_PAIRS || type == &note_types[NOTE_SEARCH];
    if (path.is_listed && !takes_lists)
        COMPLAIN("%s: '%s' goes through a list, where there are many", type->word, dotted);
}

static bool is_none(const Note *note)
{
    return note->type == &note_types[NOTE_WHOSE] && note->words.len == 1 &&
           is(note->words.items[0].text, "none");
}

static void check_paths(Model *model, const Def *d, const Note *note)
{
    bool is_sort = note->type == &note_types[NOTE_SORT];
    if (is_none(note))
        return;
    EACH (token, note->words)
        check_path(model, d, note, token->text + (is_sort && token->text[0] == '-'));
    if (is_sort && note->words.len > SORT_FIELDS_MAX)
        COMPLAIN("sort: takes %d fields at most, not %zu", SORT_FIELDS_MAX, note->words.len);
}

// ---- Indexes ------------------------------------------------------------------------------------

// Whether rows can be found, or read in the order of `name`, by an index that begins with it.
static bool is_indexed(Arena *arena, const Def *d, const char *name)
{
    const Field *f = field_named(d, name);
    if (f && (!f->type || f->flags & (1u << FLAG_INDEX | 1u << FLAG_UNIQUE)))
        return true;
    if (!f && (is(name, "id") || is(name, "parent") || is(name, "above")))
        return true;
    EACH (note, d->notes) {
        const char *where = NULL;
        bool is_key = note->type == &note_types[NOTE_KEY] || note->type == &note_types[NOTE_DATED];
        if (!is_key && note->type->form != NOTE_FIELDS_WHERE)
            continue;
        Names fields = index_fields(arena, note, &where);
        if (!where && fields.len && is(fields.items[0], name))
            return true;
    }
    return false;
}

static void check_index(Model *model, const Def *d, const Note *note)
{
    const char *where;
    Names fields = index_fields(model->arena, note, &where);
    if (fields.len == 0)
        COMPLAIN("%s: needs fields", note->type->word);
    EACH (name, fields)
        check_path(model, d, note, *name);
    if (where && (note->words.len != fields.len + 2 || !where[0]))
        COMPLAIN("%s: where needs \"a condition\" after it, and nothing more", note->type->word);
    else if (where)
        check_sql(model, d, note->line, "where", where);
    const Field *only = fields.len == 1 && !where ? field_named(d, fields.items[0]) : NULL;
    if (only && only->flags & (1u << FLAG_INDEX | 1u << FLAG_UNIQUE))
        COMPLAIN("'%s' has an index of its own already", only->name);
    for (const Note *other = d->notes.items; other < note; other++)
        if (other->type->form == NOTE_FIELDS_WHERE &&
            is(join(model->arena, &other->words), join(model->arena, &note->words)))
            COMPLAIN("line %d has this index already", other->line);
}

// A large table must not be sorted to show its first page. Ids follow time, and have an index.
static void check_sort(Model *model, const Def *d, const Note *note)
{
    const char *size = note_word(d, NOTE_SIZE);
    const char *first = note->words.items[0].text;
    first += first[0] == '-';
    bool is_time = is(first, "at") || is(first, "created_at");
    if (size && rows_of(size) >= LARGE_TABLE && !is_indexed(model->arena, d, first))
        COMPLAIN("sort: no index serves '%s' for %s rows%s", first, size,
                 is_time ? "; 'id' follows time, and has one" : "");
}

// An import finds what is there by these fields, so no two rows may have the same.
static void check_import(Model *model, const Def *d, const Note *note)
{
    const char *wanted = join(model->arena, &note->words);
    const Field *only = note->words.len == 1 ? field_named(d, wanted) : NULL;
    bool is_unique = is(wanted, "id") || (only && (!only->type || has_flag(only, FLAG_UNIQUE)));
    EACH (other, d->notes)
        is_unique |=
            (other->type == &note_types[NOTE_UNIQUE] || other->type == &note_types[NOTE_KEY]) &&
            is(join(model->arena, &other->words), wanted);
    if (!is_unique)
        COMPLAIN("import: finds rows by '%s', which is not unique", wanted);
}

// A portal shows "my rows" on every page, so they must be found by an index.
static void check_portal(Model *model, const Def *d, const Note *note)
{
    EACH (token, note->words) {
        const char *equals = strchr(token->text, '=');
        if (!equals || equals == token->text || !equals[1]) {
            COMPLAIN("portal: takes audience=field, as in customer=buyer, not '%s'", token->text);
            continue;
        }
        check_path(model, d, note, equals + 1);
        if (field_named(d, equals + 1) && !is_indexed(model->arena, d, equals + 1))
            COMPLAIN("portal: finds rows by '%s', which needs an index", equals + 1);
    }
}

// ---- Others -------------------------------------------------------------------------------------

static void check_rule(Model *model, const Def *d, const Note *note)
{
    const Token *words = note->words.items;
    if (note->words.len != 3 || words[0].is_quoted || !words[1].is_quoted || !words[2].is_quoted) {
        COMPLAIN("check: needs a name, \"a condition\" and \"a sentence\"");
        return;
    }
    if (!is_name(words[0].text))
        COMPLAIN("'%s' is not a name: lower case letters, digits and _", words[0].text);
    if (strlen(d->name) + 1 + strlen(words[0].text) > SQL_NAME_MAX)
        COMPLAIN("'%s_%s' is longer than %d letters, the most that a database keeps", d->name,
                 words[0].text, SQL_NAME_MAX);
    for (const Note *other = d->notes.items; other < note; other++)
        if (other->type == note->type && other->words.len &&
            is(other->words.items[0].text, words[0].text))
            COMPLAIN("check: '%s' is the name of line %d already", words[0].text, other->line);
    check_sql(model, d, note->line, "check", words[1].text);
}

// "10y", "90d"
static bool is_span(const char *word)
{
    size_t digits = strspn(word, "0123456789");
    return digits > 0 && word[0] != '0' && (is(word + digits, "d") || is(word + digits, "y"));
}

static bool is_path(const char *word)
{
    return islower((unsigned char)word[0]) &&
           word[strspn(word, "abcdefghijklmnopqrstuvwxyz0123456789-")] == '\0';
}

static void check_word(Model *model, const Def *d, const Note *note)
{
    static const char *const apis[] = { "full", "read", "none" };
    const char *word = note->words.items[0].text;
    NoteId id = (NoteId)(note->type - note_types);
    if (note->words.len != 1)
        COMPLAIN("%s: takes one word", note->type->word);
    else if (id == NOTE_KEEP && !is_span(word))
        COMPLAIN("keep: takes days or years, as in 90d or 10y, not '%s'", word);
    else if (id == NOTE_SIZE && rows_of(word) < 0)
        COMPLAIN("size: takes a number of rows, as in 500, 20k or 10M, not '%s'", word);
    else if (id == NOTE_PATH && !is_path(word))
        COMPLAIN("path: takes lower case letters, digits and -, not '%s'", word);
    else if (id == NOTE_ICON && !is_name(word))
        COMPLAIN("'%s' is not a name: lower case letters, digits and _", word);
    else if (id == NOTE_API && WORD_AT(word, apis) < 0)
        COMPLAIN("api: is full, read or none, not '%s'%s", word, NEAREST(model->arena, word, apis));
    else if (id == NOTE_API && d->record == LEDGER && is(word, "full"))
        COMPLAIN("api: a ledger is written by code: read or none");
    else if (id == NOTE_READ || id == NOTE_WRITE)
        check_permission(model, d, note->line, word);
}

static void check_note(Model *model, const Def *d, const Note *note)
{
    switch (note->type->form) {
    case NOTE_OWN_FIELDS:
    case NOTE_PATHS: check_paths(model, d, note); break;
    case NOTE_PAIRS: check_portal(model, d, note); break;
    case NOTE_WORD: check_word(model, d, note); break;
    case NOTE_FIELDS_WHERE: check_index(model, d, note); break;
    case NOTE_RULE: check_rule(model, d, note); break;
    case NOTE_FREE: break;
    }
    if (note->type == &note_types[NOTE_SORT])
        check_sort(model, d, note);
    if (note->type == &note_types[NOTE_IMPORT])
        check_import(model, d, note);
}

void check_notes(Model *model, const Def *d)
{
    EACH (note, d->notes)
        if (note->words.len)
            check_note(model, d, note);
}
