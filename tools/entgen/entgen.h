// entgen.h - what entgen knows while it works. It runs at build time and turns the modules' `.ent`
// files (docs/entities.md is the language) into C structs and const tables.
//
// All files go through the same rooms together, so that a mistake is told in the files' own words
// and nobody has to run twice:
//     read.c      lines become declarations; a line that makes no sense is told and left out
//     resolve.c   names become pointers, used shapes unfold into fields
//     check*.c    what the language promises
//     write_*.c   headers and tables, only when nothing was wrong
//
// One Model holds everything, in one arena. Texts are C strings there, because they spend their
// lives in printf. What was misread is NULL or "" further on, and is not complained about twice.
#pragma once

#include "base/buf.h"
#include "base/list.h"
#include "base/map.h"

#include <stdio.h>

enum {
    COMPLAINTS_MAX = 50,
    LENGTH_MAX = 1000000,
    SQL_NAME_MAX = 63,  // PostgreSQL cuts longer ones
    SORT_FIELDS_MAX = 6,
    LARGE_TABLE = 100000,  // from here on lists must be served by an index
};

typedef LIST(const char *) Names;
typedef struct Model Model;
typedef struct Module Module;
typedef struct Def Def;
typedef struct Field Field;

// ---- The words of the language (language.c) -----------------------------------------------------
//
// Every table of words begins each row
// with the word, so that one function looks up and one hints.

typedef enum TypeId {
    TYPE_TEXT,
    TYPE_CODE,
    TYPE_RICH,
    TYPE_SECRET,
    TYPE_BOOL,
    TYPE_INT,
    TYPE_MONEY,
    TYPE_PRICE,
    TYPE_QTY,
    TYPE_RATE,
    TYPE_FX,
    TYPE_CURRENCY,
    TYPE_DATE,
    TYPE_TIME,
    TYPE_CLOCK,
    TYPE_ENUM,
    TYPE_STATE,
    TYPE_CHOICE,
    TYPE_REF,
    TYPE_REFS,
    TYPE_LIST,
    TYPE_SHAPE,
    TYPE_SHAPES,
    TYPE_FILE,
    TYPE_GEO,
    TYPE_POINTS,
    TYPE_JSON,
    TYPE_FORMULA,
    TYPE_BYTES,
    TYPE_COUNT,
} TypeId;

typedef enum Takes {  // what follows a type's word
    TAKES_NOTHING,
    TAKES_LENGTH,
    TAKES_ENUM,
    TAKES_CHOICES,
    TAKES_SHAPE,
    TAKES_ENTITY,
    TAKES_SCOPE,
} Takes;

enum {  // what a type is good for; a word after the type asks for one of these
    IS_NUMBER = 1 << 0,
    IS_UNKNOWABLE = 1 << 1,  // has a Maybe type
    IS_MONEY = 1 << 2,
    IS_AMOUNT = 1 << 3,  // money or quantity: in a currency or unit
    IS_TEXT = 1 << 4,    // short text and codes
    IS_PROSE = 1 << 5,   // what translators work on
    IS_WORDS = 1 << 6,   // what people search in
    IS_SEALABLE = 1 << 7,
    IS_FILE = 1 << 8,
    IS_REFERENCE = 1 << 9,  // to one record
    IS_COLUMN = 1 << 10,    // in columns of its own: can be filtered, sorted, indexed
    IS_SHOWN = 1 << 11,     // in a cell of a list
    IS_FACET = 1 << 12,     // few values, counted beside a list
    IS_STARTED = 1 << 13,   // may have a default
    IS_MANY = 1 << 14,      // in a table of its own
};

typedef struct Type {
    const char *word, *c_type;  // c_type NULL: follows from what it takes
    const char *c_maybe;        // with `maybe`
    const char *constant;       // FIELD_...
    Takes takes;
    unsigned traits;
} Type;
extern const Type types[TYPE_COUNT];

typedef enum FlagId {
    FLAG_REQUIRED,
    FLAG_UNIQUE,
    FLAG_READONLY,
    FLAG_INDEX,
    FLAG_POSITIVE,
    FLAG_FIXED,
    FLAG_OPEN,
    FLAG_TRANSLATED,
    FLAG_SORTED,
    FLAG_PERSONAL,
    FLAG_SEALED,
    FLAG_MAYBE,
    FLAG_BASE,
    FLAG_IMAGE,
    FLAG_GAPLESS,
    FLAG_COUNT,
} FlagId;

typedef enum SettingId {
    SET_DEFAULT,
    SET_MIN,
    SET_MAX,
    SET_IN,
    SET_COPY,
    SET_IS,
    SET_AS,
    SET_SERIES,
    SET_READ,
    SETTING_COUNT,
} SettingId;

typedef struct FieldWord {  // a flag or a setting
    const char *word;
    const char *constant;  // flag: its bit's name; setting: the member of FieldMore
    unsigned needs;        // one of these traits; 0: any type
    const char *good_for;  // those types, in words
} FieldWord;
extern const FieldWord flags[FLAG_COUNT];
extern const FieldWord settings[SETTING_COUNT];

typedef enum NoteId {  // in the order of EntityDef's members
    NOTE_KEY,
    NOTE_DATED,
    NOTE_TITLE,
    NOTE_SUBTITLE,
    NOTE_COLUMNS,
    NOTE_SEARCH,
    NOTE_FACETS,
    NOTE_SORT,
    NOTE_IMPORT,
    NOTE_PORTAL,
    NOTE_SCOPE,
    NOTE_WHOSE,
    NOTE_KEEP,
    NOTE_API,
    NOTE_READ,
    NOTE_WRITE,
    NOTE_SIZE,
    NOTE_PATH,
    NOTE_ICON,
    NOTE_UNIQUE,
    NOTE_INDEX,
    NOTE_CHECK,
    NOTE_SECTION,
    NOTE_COUNT,
} NoteId;

typedef enum NoteForm {  // what follows a note's colon
    NOTE_OWN_FIELDS,
    NOTE_PATHS,  // fields, also through one reference
    NOTE_PAIRS,  // audience=path
    NOTE_WORD,
    NOTE_FIELDS_WHERE,  // fields [where "sql"]
    NOTE_RULE,          // name "sql" "sentence"
    NOTE_FREE,
} NoteForm;

typedef struct NoteType {
    const char *word;
    const char *member;  // of EntityDef; NULL: written otherwise
    NoteForm form;
    bool is_repeatable;
    unsigned needs;        // traits of the fields that it names; 0: any
    const char *good_for;  // those, in words
} NoteType;
extern const NoteType note_types[NOTE_COUNT];

typedef enum DefKind { ENUM, CHOICES, SHAPE, ENTITY, DEF_KIND_COUNT } DefKind;
typedef struct DefWord {
    const char *word, *with_article;
    const char *table;  // the C type of its table
} DefWord;
extern const DefWord def_words[DEF_KIND_COUNT];

typedef enum RecordKind { MASTER, DOCUMENT, LEDGER, LOG, RECORD_KIND_COUNT } RecordKind;
extern const char *const record_words[RECORD_KIND_COUNT];
extern const char *const tones[6];
extern const char *const formats[9];  // of `is=`

bool is(const char *a, const char *b);
bool starts_with(const char *text, const char *start);
bool is_c_word(const char *word);
bool is_sql_word(const char *word);
bool is_kernel_type(const char *c_type);
bool is_kernel_column(const char *word);

// The row that `word` has in a table of words, or -1.
#define WORD_AT(word, table) word_at((word), (table), sizeof *(table), COUNT(table))
int word_at(const char *word, const void *table, size_t row_size, size_t rows);
// ", did you mean 'money'?" when a word of the table is near; else "".
#define NEAREST(arena, word, table) nearest((arena), (word), (table), sizeof *(table), COUNT(table))
const char *nearest(Arena *arena, const char *word, const void *table, size_t row_size,
                    size_t rows);
const char *nearest_name(Arena *arena, const char *word, const Names *names);

// ---- Text (words.c) -----------------------------------------------------------------------------

typedef struct Token {
    const char *text;
    bool is_quoted;  // "all of it": a label, a sentence, SQL
} Token;
typedef LIST(Token) TokenList;

// The words of a line: a quoted text is one word, so is key="quoted text"; '#' starts a comment.
// False when a quotation mark has no partner.
bool split_line(Arena *arena, Str line, TokenList *ret);

const char *text(Arena *arena, const char *format, ...) PRINTF(2, 3);
const char *join(Arena *arena, const TokenList *tokens);  // with one blank between
Names split(Arena *arena, const char *list, char separator);
bool is_name(const char *word);  // lower case letters, digits and _, a letter first

const char *pascal(Arena *arena, const char *name);    // order_line: OrderLine
const char *upper(Arena *arena, const char *name);     // order_line: ORDER_LINE
const char *label_of(Arena *arena, const char *name);  // order_line: Order line; run_s: Run (s)
const char *plural_of(Arena *arena, const char *label);
const char *path_of(Arena *arena, const char *plural);  // Order lines: order-lines
int64_t rows_of(const char *size);                      // "100k", "10M"; -1: not a size

// ---- Declarations -------------------------------------------------------------------------------

// One file.
struct Module {
    const char *file;  // as given; it stands before every complaint
    const char *name, *public_name, *label;
    int number, line;
    Names required;  // as said
    LIST(const Module *) requires;
};

typedef struct Value {  // of an enum or a choice list
    const char *name, *label, *tone;
    int line;
} Value;

struct Field {
    const char *name, *label;
    const char *section;  // NULL: none
    bool is_folded;
    bool is_use;                          // "use totals": stands for the fields of a shape
    const Type *type;                     // NULL: misread, or is_use
    unsigned flags;                       // 1 << FlagId
    const char *arg;                      // what follows the type's word; "" when nothing does
    const char *settings[SETTING_COUNT];  // NULL: unsaid
    Def *target;                          // what arg names
    LIST(Def *) targets;                  // several kinds: "ref a|b"
    int line;
};

// A field as a record has it, used shapes unfolded.
typedef struct Leaf {
    Field *field;
    const char *member;  // in C: "totals.net"
    const Field *use;    // the line that brought it; NULL: the record's own
    const char *in;      // where its currency or unit is found, worked out; NULL: nowhere
} Leaf;

typedef struct Note {
    const NoteType *type;
    TokenList words;
    int line;
} Note;

struct Def {
    DefKind kind;
    const char *name, *label, *plural;
    const Module *module;
    int line;
    bool is_exported, is_used;

    LIST(Value) values;  // ENUM, CHOICES

    LIST(Field) fields;  // SHAPE, ENTITY: as written
    LIST(Leaf) leaves;   // and as the record has them
    enum { UNSEEN, OPENED, UNFOLDED } state;
    Names part_names;  // SHAPE "one of"
    LIST(Def *) parts;

    LIST(Note) notes;  // ENTITY
    RecordKind record;
    bool is_tree, is_ordered;
    const char *parent_name, *extends_name;  // NULL: none
    Def *parent, *extends;
};
typedef LIST(Def *) DefList;

typedef struct Complaint {
    const Module *module;
    int line;
    size_t number;  // in the order of finding
    const char *text;
} Complaint;

struct Model {
    Arena *arena;
    LIST(Module *) modules;  // needs before needers
    DefList defs;            // in the order of the files
    Map names;               // name -> Def; the first of that name
    DefList shapes;          // those held by value before their holders
    LIST(Complaint) complaints;
};

// ---- Questions (model.c) ------------------------------------------------------------------------

void complain(Model *model, const Module *module, int line, const char *format, ...) PRINTF(4, 5);
// In the order of the files, at most COMPLAINTS_MAX, with the number of the others.
void complaints_print(Model *model, FILE *out);

// Maps of names to what has them.
Def *known(const Map *names, const char *name);
bool remember(Map *names, const char *name, const Def *d);  // false: another was first

Def *def_named(const Model *model, DefKind kind, const char *name);  // NULL: none of that kind
const Leaf *leaf_named(const Def *d, const char *name);
const Field *field_named(const Def *d, const char *name);  // also in used shapes; NULL: none
const Note *note_of(const Def *d, NoteId id);              // the first one; NULL: none
const char *note_word(const Def *d, NoteId id);            // its first word; NULL: none

bool has_flag(const Field *f, FlagId flag);
bool has_trait(const Field *f, unsigned traits);
bool is_type(const Field *f, TypeId type);
bool is_link(const Field *f);  // to one of several kinds of record
int leaf_line(const Leaf *leaf);

bool is_keyed(const Def *d);
bool is_entry(const Def *d);
bool is_child(const Def *d);
bool is_root(const Def *d);      // has a version, an audit, a page
const Def *above(const Def *d);  // its parent, or what it extends; NULL: it stands for itself
// Whose `title:` shows it: its own, or that of what it extends; NULL: none.
const Def *title_holder(const Def *d);
const char *api_of(const Def *d);  // "full", "read" or "none"; NULL: goes with its parent
const char *rest_path(const Model *model, const Def *d);  // NULL: no collection
// What every such record has without saying so: id, at, parent, version ...
bool has_builtin(Arena *arena, const Def *d, const char *name);
bool is_visible(const Module *from, const Module *to);
bool names_have(const Names *names, const char *name);

// The columns of a field in the database, none for lists.
Names columns_of(Arena *arena, const Field *f);
Names builtin_columns(Arena *arena, const Def *d);  // what it has without saying so
Names columns_of_all(Arena *arena, const Def *d);   // both
// "where" and what follows it, cut off the fields of `index:` and `unique:`.
Names index_fields(Arena *arena, const Note *note, const char **ret_where);

// Where a dotted path leads.
typedef struct Path {
    const Def *entity;   // whose field it is
    const Field *field;  // NULL: one that every such record has
    const char *name;
    int steps;       // references on the way
    bool is_listed;  // passed a list: several records
} Path;
// False after complaining, or when something on the way was misread.
bool follow(Model *model, const Def *from, int line, const char *dotted, Path *ret);
// How a record finds its currency or unit: "currency", "parent.variant.unit"; NULL: it does not.
const char *currency_path(Arena *arena, const Def *d);
const char *unit_path(Arena *arena, const Def *d);

// ---- The rooms ----------------------------------------------------------------------------------

bool read_file(Model *model, const char *path);  // false: it cannot be opened
void resolve(Model *model);
void check(Model *model);
void check_names(Model *model);
void check_field(Model *model, const Def *d, Field *f);
void check_entity(Model *model, Def *d);
void check_notes(Model *model, const Def *d);
void check_permission(Model *model, const Def *d, int line, const char *permission);
void check_sql(Model *model, const Def *d, int line, const char *what, const char *sql);
void check_uses(Model *model);
void write_header(Model *model, const Module *module, Buf *out);
void write_tables(Model *model, const Module *module, Buf *out);
