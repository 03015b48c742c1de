// write_tables.c - NAME.gen.c: the const tables from which the kernel does everything that is done
// to all records alike. Data only; what is unsaid is left out, so that a line shows what was
// declared.
#include "entgen.h"

enum { LINE_MAX_CHARS = 100 };

// A C file being written: initialisers fill a line, then go on in the next.
typedef struct Writer {
    Model *model;
    Arena *arena;
    Buf *out;
    const char *indent;
    bool is_first;
} Writer;

// Initialisers follow, in lines that begin with `indent`.
static void begin(Writer *w, const char *head, const char *indent)
{
    buf_c(w->out, head);
    w->indent = indent;
    w->is_first = true;
}

static size_t column_of(const Buf *out)
{
    ptrdiff_t newline = str_rfind_char(buf_str(out), '\n');
    return out->len - (size_t)(newline + 1);
}

// One more initialiser: ".name = value".
PRINTF(2, 3) static void item(Writer *w, const char *format, ...)
{
    Buf one = { .arena = w->arena };
    va_list args;
    va_start(args, format);
    buf_vprintf(&one, format, args);
    va_end(args);
    size_t with_ends = strlen(", ") + one.len + strlen(" },");
    if (!w->is_first && column_of(w->out) + with_ends > LINE_MAX_CHARS)
        buf_printf(w->out, ",\n%s", w->indent);
    else if (!w->is_first)
        buf_c(w->out, ", ");
    w->is_first = false;
    buf_c(w->out, one.ptr);
}

// As a C literal.
static const char *quoted(Arena *arena, const char *s)
{
    Buf out = { .arena = arena };
    buf_char(&out, '"');
    for (; *s; s++) {
        if (*s == '"' || *s == '\\')
            buf_char(&out, '\\');
        buf_char(&out, *s);
    }
    buf_char(&out, '"');
    return out.ptr;
}

// ---- Enums and choice lists ---------------------------------------------------------------------

static void write_values(Writer *w, const Def *d)
{
    buf_printf(w->out, "\nstatic const EnumValue %s_values[] = {\n    { \"\", \"\", NULL },\n",
               d->name);
    EACH (value, d->values)
        buf_printf(w->out, "    { \"%s\", %s, %s },\n", value->name, quoted(w->arena, value->label),
                   value->tone ? quoted(w->arena, value->tone) : "NULL");
    buf_printf(w->out, "};\nconst EnumDef %s_%s = {\n", d->name, def_words[d->kind].word);
    begin(w, "    ", "    ");
    item(w, ".name = \"%s\"", d->name);
    item(w, ".label = %s", quoted(w->arena, d->label));
    item(w, ".values = %s_values", d->name);
    item(w, ".count = COUNT(%s_values)", d->name);
    buf_c(w->out, ",\n};\n");
}

// ---- Fields -------------------------------------------------------------------------------------

static const char *constant_of(const Field *f)
{
    if (is_link(f))
        return "LINK";
    if (is_type(f, TYPE_REFS) && f->target->kind == CHOICES)
        return "CHOICES";
    return f->type->constant;
}

// "REQUIRED | INDEX"; "" for none.
static const char *flags_of(Arena *arena, const Leaf *leaf)
{
    Buf out = { .arena = arena };
    for (int i = 0; i < FLAG_COUNT; i++)
        if (has_flag(leaf->field, i))
            buf_printf(&out, "%s%s", out.len ? " | " : "", flags[i].constant);
    if (leaf->use ? leaf->use->is_folded : leaf->field->is_folded)
        buf_printf(&out, "%sFOLDED", out.len ? " | " : "");
    return buf_str(&out).ptr;
}

static void write_of(Writer *w, const Field *f)
{
    bool is_named = (is_link(f) && f->targets.len) || f->type->takes == TAKES_SCOPE;
    if (is_named)
        item(w, ".of = \"%s\"", f->arg);
    else if (f->target)
        item(w, ".of = &%s_%s", f->target->name, def_words[f->target->kind].word);
}

static void write_more(Writer *w, const Leaf *leaf)
{
    Buf more = { .arena = w->arena };
    for (int i = 0; i < SETTING_COUNT; i++) {
        const char *value = i == SET_IN && leaf->in ? leaf->in : leaf->field->settings[i];
        if (value)
            buf_printf(&more, "%s.%s = %s", more.len ? ", " : "", settings[i].constant,
                       quoted(w->arena, value));
    }
    if (more.len)
        item(w, ".more = &(const FieldMore){ %s }", more.ptr);
}

static void write_leaf(Writer *w, const Def *d, const Leaf *leaf)
{
    const Field *f = leaf->field;
    const char *section = leaf->use ? leaf->use->section : f->section;
    const char *flag_words = flags_of(w->arena, leaf);
    begin(w, "    { ", "      ");
    item(w, ".name = \"%s\"", f->name);
    item(w, ".label = %s", quoted(w->arena, f->label));
    if (section)
        item(w, ".section = %s", quoted(w->arena, section));
    item(w, ".type = FIELD_%s", constant_of(f));
    if (flag_words[0])
        item(w, ".flags = %s", flag_words);
    item(w, ".offset = offsetof(%s, %s)", pascal(w->arena, d->name), leaf->member);
    if (f->type->takes == TAKES_LENGTH)
        item(w, ".max = %s", f->arg);
    write_of(w, f);
    write_more(w, leaf);
    buf_c(w->out, " },\n");
}

static void write_fields(Writer *w, const Def *d)
{
    buf_printf(w->out, "\nstatic const FieldDef %s_fields[] = {\n", d->name);
    EACH (leaf, d->leaves)
        write_leaf(w, d, leaf);
    buf_c(w->out, "};\n");
}

// ---- Shapes -------------------------------------------------------------------------------------

static void write_shape(Writer *w, const Def *d)
{
    const char *c_type = pascal(w->arena, d->name);
    if (d->parts.len == 0)
        write_fields(w, d);
    buf_printf(w->out, "%sconst ShapeDef %s_shape = {\n", d->parts.len ? "\n" : "", d->name);
    begin(w, "    ", "    ");
    item(w, ".name = \"%s\"", d->name);
    item(w, ".label = %s", quoted(w->arena, d->label));
    item(w, ".size = sizeof(%s)", c_type);
    if (d->parts.len == 0) {
        item(w, ".fields = %s_fields", d->name);
        item(w, ".count = COUNT(%s_fields)", d->name);
    } else {
        item(w, ".union_offset = offsetof(%s, %s)", c_type, d->parts.items[0]->name);
        item(w, ".one_of = (const ShapeDef *const[]){ &%s_shape", d->parts.items[0]->name);
        for (size_t i = 1; i < d->parts.len; i++)
            item(w, "&%s_shape", d->parts.items[i]->name);
        item(w, "NULL }");
    }
    buf_c(w->out, ",\n};\n");
}

// ---- Entities -----------------------------------------------------------------------------------

// "ENTITY_FIELD_FIELD", with "_some" where it holds some rows only. A longer one than the database
// keeps ends in a number that follows from the whole.
static const char *index_name(Arena *arena, const Def *d, const Names *fields, const char *where)
{
    Buf name = { .arena = arena };
    buf_c(&name, d->name);
    EACH (field, *fields)
        buf_printf(&name, "_%s", *field);
    if (where)
        buf_c(&name, "_some");
    if (name.len <= SQL_NAME_MAX)
        return name.ptr;
    return text(arena, "%.*s_%08x", SQL_NAME_MAX - 9, name.ptr,
                (unsigned)(str_hash(buf_str(&name)) & 0xffffffff));
}

static const char *join_names(Arena *arena, const Names *names)
{
    Buf out = { .arena = arena };
    EACH (name, *names)
        buf_printf(&out, "%s%s", name == names->items ? "" : " ", *name);
    return out.ptr;
}

static void write_index(Writer *w, const Def *d, const Note *note)
{
    const char *where;
    Names fields = index_fields(w->arena, note, &where);
    begin(w, "    { ", "      ");
    if (note->type == &note_types[NOTE_UNIQUE])
        item(w, ".unique = true");
    item(w, ".name = \"%s\"", index_name(w->arena, d, &fields, where));
    item(w, ".fields = \"%s\"", join_names(w->arena, &fields));
    if (where)
        item(w, ".where = %s", quoted(w->arena, where));
    buf_c(w->out, " },\n");
}

static void write_rule(Writer *w, const Def *d, const Note *note)
{
    const Token *words = note->words.items;
    begin(w, "    { ", "      ");
    item(w, ".name = \"%s\"", words[0].text);
    item(w, ".condition = %s", quoted(w->arena, words[1].text));
    item(w, ".message = %s", quoted(w->arena, words[2].text));
    buf_c(w->out, " },\n");
}

typedef struct NoteTable {
    NoteForm form;
    const char *c_type, *ending;
    void (*write)(Writer *w, const Def *d, const Note *note);
} NoteTable;
static const NoteTable index_table = { NOTE_FIELDS_WHERE, "IndexDef", "indexes", write_index };
static const NoteTable check_table = { NOTE_RULE, "CheckDef", "checks", write_rule };

// A table of all notes of one form; false when there are none.
static bool write_note_table(Writer *w, const Def *d, const NoteTable *table)
{
    bool has_any = false;
    EACH (note, d->notes) {
        if (note->type->form != table->form)
            continue;
        if (!has_any)
            buf_printf(w->out, "static const %s %s_%s[] = {\n", table->c_type, d->name,
                       table->ending);
        has_any = true;
        table->write(w, d, note);
    }
    buf_c(w->out, has_any ? "};\n" : "");
    return has_any;
}

// What follows from other things when it is not said.
static const char *unsaid(Writer *w, const Def *d, NoteId id)
{
    switch (id) {
    case NOTE_API: return api_of(d);
    case NOTE_PATH: return rest_path(w->model, d);
    case NOTE_READ:
    case NOTE_WRITE:
        if (d->parent)
            return note_word(d->parent, id) ? note_word(d->parent, id) : unsaid(w, d->parent, id);
        return text(w->arena, "%s.%s", d->module->public_name, id == NOTE_READ ? "view" : "edit");
    default: return NULL;
    }
}

static void write_notes(Writer *w, const Def *d)
{
    for (int id = 0; id < NOTE_COUNT; id++) {
        const Note *note = note_of(d, id);
        const char *said = note ? join(w->arena, &note->words) : unsaid(w, d, id);
        if (note_types[id].member && said)
            buf_printf(w->out, "    .%s = %s,\n", note_types[id].member, quoted(w->arena, said));
    }
}

// What its head says, and where in the struct that stands.
static void write_head(Writer *w, const Def *d, const char *c_type)
{
    if (d->parent)
        item(w, ".parent = &%s_entity", d->parent->name);
    if (d->extends)
        item(w, ".extends = &%s_entity", d->extends->name);
    if (d->is_tree) {
        item(w, ".tree = true");
        item(w, ".above_at = offsetof(%s, above)", c_type);
        item(w, ".path_at = offsetof(%s, path)", c_type);
    }
    if (d->is_tree || d->is_ordered)
        item(w, ".ordered = true");
    if (is_child(d))
        item(w, ".position_at = offsetof(%s, record.position)", c_type);
    else if (d->is_tree || d->is_ordered)
        item(w, ".position_at = offsetof(%s, position)", c_type);
    if (note_of(d, NOTE_DATED)) {
        item(w, ".valid_from_at = offsetof(%s, valid_from)", c_type);
        item(w, ".valid_to_at = offsetof(%s, valid_to)", c_type);
    }
}

static void write_entity(Writer *w, const Def *d)
{
    const char *c_type = pascal(w->arena, d->name);
    write_fields(w, d);
    bool has_indexes = write_note_table(w, d, &index_table);
    bool has_checks = write_note_table(w, d, &check_table);
    buf_printf(w->out, "static EntityInfo %s_info;\nconst EntityDef %s_entity = {\n", d->name,
               d->name);
    begin(w, "    ", "    ");
    item(w, ".name = \"%s\"", d->name);
    item(w, ".label = %s", quoted(w->arena, d->label));
    item(w, ".plural = %s", quoted(w->arena, d->plural));
    item(w, ".module = \"%s\"", d->module->public_name);
    item(w, ".kind = %s", upper(w->arena, record_words[d->record]));
    item(w, ".size = sizeof(%s)", c_type);
    item(w, ".fields = %s_fields", d->name);
    item(w, ".count = COUNT(%s_fields)", d->name);
    if (has_indexes) {
        item(w, ".indexes = %s_indexes", d->name);
        item(w, ".index_count = COUNT(%s_indexes)", d->name);
    }
    if (has_checks) {
        item(w, ".checks = %s_checks", d->name);
        item(w, ".check_count = COUNT(%s_checks)", d->name);
    }
    write_head(w, d, c_type);
    item(w, ".info = &%s_info", d->name);
    buf_c(w->out, ",\n");
    write_notes(w, d);
    buf_c(w->out, "};\n");
}

// ---- The file -----------------------------------------------------------------------------------

static void write_def(Writer *w, const Def *d)
{
    switch (d->kind) {
    case ENTITY: write_entity(w, d); break;
    case SHAPE: write_shape(w, d); break;
    default: write_values(w, d); break;
    }
}

// All of one kind, as a list that ends in NULL.
static void write_list(Writer *w, const Module *m, const char *member, DefKind kind)
{
    buf_printf(w->out, "    .%s = (const %s *const[]){\n", member, def_words[kind].table);
    begin(w, "        ", "        ");
    EACH (d, w->model->defs)
        if ((*d)->module == m && (*d)->kind == kind)
            item(w, "&%s_%s", (*d)->name, def_words[kind].word);
    item(w, "NULL");
    buf_c(w->out, ",\n    },\n");
}

static void write_module(Writer *w, const Module *m)
{
    buf_printf(w->out, "\nconst EntityModule %s_module = {\n", m->name);
    begin(w, "    ", "    ");
    item(w, ".name = \"%s\"", m->public_name);
    item(w, ".label = %s", quoted(w->arena, m->label));
    buf_c(w->out, ",\n    .requires = (const char *const[]){");
    EACH (required, m->requires)
        buf_printf(w->out, " \"%s\",", (*required)->public_name);
    buf_c(w->out, " NULL },\n");
    write_list(w, m, "entities", ENTITY);
    write_list(w, m, "choices", CHOICES);
    write_list(w, m, "shapes", SHAPE);
    write_list(w, m, "enums", ENUM);
    buf_c(w->out, "};\n");
}

void write_tables(Model *model, const Module *m, Buf *out)
{
    Writer w = { .model = model, .arena = model->arena, .out = out };
    buf_printf(out,
               "// Generated by entgen from %s.ent: change that file, not this one.\n"
               "#include \"gen/%s.gen.h\"\n\n#include \"kernel/entity/info.h\"\n",
               m->name, m->name);
    EACH (d, model->defs)
        if ((*d)->module == m)
            write_def(&w, *d);
    write_module(&w, m);
}
