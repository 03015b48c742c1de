// language.c - the words of the `.ent` language, as tables. A type says what it is good for, a word
// after it says what it needs; that is the whole of who may stand beside whom.
#include "entgen.h"

enum {
    TEXT_TRAITS = IS_WORDS | IS_COLUMN | IS_SHOWN | IS_STARTED,
    NUMBER_TRAITS = IS_NUMBER | IS_COLUMN | IS_SHOWN | IS_STARTED,
    PLAIN_TRAITS = IS_COLUMN | IS_SHOWN | IS_STARTED,
    REFERENCE_TRAITS = IS_REFERENCE | PLAIN_TRAITS | IS_FACET,
};

// clang-format off
const Type types[TYPE_COUNT] = {
    [TYPE_TEXT]     = { "text", "Str", NULL, "TEXT", TAKES_LENGTH, TEXT_TRAITS | IS_TEXT | IS_PROSE | IS_SEALABLE },
    [TYPE_CODE]     = { "code", "Str", NULL, "CODE", TAKES_LENGTH, TEXT_TRAITS | IS_TEXT | IS_SEALABLE },
    [TYPE_RICH]     = { "rich", "Str", NULL, "RICH", TAKES_LENGTH, IS_WORDS | IS_SHOWN | IS_STARTED | IS_PROSE | IS_SEALABLE },
    [TYPE_SECRET]   = { "secret", "Secret", NULL, "SECRET", TAKES_LENGTH, 0 },
    [TYPE_BOOL]     = { "bool", "bool", NULL, "BOOL", TAKES_NOTHING, PLAIN_TRAITS | IS_FACET },
    [TYPE_INT]      = { "int", "int64_t", "MaybeInt", "INT", TAKES_NOTHING, NUMBER_TRAITS | IS_UNKNOWABLE },
    [TYPE_MONEY]    = { "money", "Money", "MaybeMoney", "MONEY", TAKES_NOTHING, NUMBER_TRAITS | IS_UNKNOWABLE | IS_AMOUNT | IS_MONEY },
    [TYPE_PRICE]    = { "price", "Price", "MaybePrice", "PRICE", TAKES_NOTHING, NUMBER_TRAITS | IS_UNKNOWABLE | IS_AMOUNT | IS_MONEY },
    [TYPE_QTY]      = { "qty", "Qty", "MaybeQty", "QTY", TAKES_NOTHING, NUMBER_TRAITS | IS_UNKNOWABLE | IS_AMOUNT },
    [TYPE_RATE]     = { "rate", "Rate", "MaybeRate", "RATE", TAKES_NOTHING, NUMBER_TRAITS | IS_UNKNOWABLE },
    [TYPE_FX]       = { "fx", "Fx", NULL, "FX", TAKES_NOTHING, NUMBER_TRAITS },
    [TYPE_CURRENCY] = { "currency", "CurrencyCode", NULL, "CURRENCY", TAKES_NOTHING, PLAIN_TRAITS | IS_FACET },
    [TYPE_DATE]     = { "date", "Date", NULL, "DATE", TAKES_NOTHING, PLAIN_TRAITS },
    [TYPE_TIME]     = { "time", "Time", NULL, "TIME", TAKES_NOTHING, PLAIN_TRAITS },
    [TYPE_CLOCK]    = { "clock", "Clock", NULL, "CLOCK", TAKES_NOTHING, IS_COLUMN | IS_SHOWN },
    [TYPE_ENUM]     = { "enum", NULL, NULL, "ENUM", TAKES_ENUM, PLAIN_TRAITS | IS_FACET },
    [TYPE_STATE]    = { "state", NULL, NULL, "STATE", TAKES_ENUM, IS_COLUMN | IS_SHOWN | IS_FACET },
    [TYPE_CHOICE]   = { "choice", "Id", NULL, "CHOICE", TAKES_CHOICES, REFERENCE_TRAITS },
    [TYPE_REF]      = { "ref", "Id", NULL, "REF", TAKES_ENTITY, REFERENCE_TRAITS },
    [TYPE_REFS]     = { "refs", "IdList", NULL, "REFS", TAKES_ENTITY, IS_SHOWN | IS_FACET | IS_MANY },
    [TYPE_LIST]     = { "list", NULL, NULL, "LIST", TAKES_ENTITY, IS_MANY },
    [TYPE_SHAPE]    = { "shape", NULL, NULL, "SHAPE", TAKES_SHAPE, 0 },
    [TYPE_SHAPES]   = { "shapes", NULL, NULL, "SHAPES", TAKES_SHAPE, 0 },
    [TYPE_FILE]     = { "file", "File", NULL, "FILE", TAKES_NOTHING, IS_FILE | IS_SHOWN | IS_SEALABLE },
    [TYPE_GEO]      = { "geo", "Geo", NULL, "GEO", TAKES_NOTHING, IS_SHOWN },
    [TYPE_POINTS]   = { "points", "PointList", NULL, "POINTS", TAKES_NOTHING, 0 },
    [TYPE_JSON]     = { "json", "Str", NULL, "JSON", TAKES_NOTHING, IS_SEALABLE },
    [TYPE_FORMULA]  = { "formula", "Formula", NULL, "FORMULA", TAKES_SCOPE, 0 },
    [TYPE_BYTES]    = { "bytes", "Bytes", NULL, "BYTES", TAKES_NOTHING, 0 },
};

const FieldWord flags[FLAG_COUNT] = {
    [FLAG_REQUIRED]   = { "required", "REQUIRED", 0, NULL },
    [FLAG_UNIQUE]     = { "unique", "UNIQUE", IS_COLUMN, "fields that are one column" },
    [FLAG_READONLY]   = { "readonly", "READONLY", 0, NULL },
    [FLAG_INDEX]      = { "index", "INDEX", IS_COLUMN, "fields that are one column" },
    [FLAG_POSITIVE]   = { "positive", "POSITIVE", IS_NUMBER, "numbers" },
    [FLAG_FIXED]      = { "fixed", "FIXED", 0, NULL },
    [FLAG_OPEN]       = { "open", "OPEN", 0, NULL },
    [FLAG_TRANSLATED] = { "translated", "TRANSLATED", IS_PROSE, "text and rich" },
    [FLAG_SORTED]     = { "sorted", "SORTED", IS_TEXT, "text and code" },
    [FLAG_PERSONAL]   = { "personal", "PERSONAL", 0, NULL },
    [FLAG_SEALED]     = { "sealed", "SEALED", IS_SEALABLE, "words, json and files" },
    [FLAG_MAYBE]      = { "maybe", "MAYBE", IS_UNKNOWABLE, "numbers" },
    [FLAG_BASE]       = { "base", "BASE", IS_MONEY, "money and price" },
    [FLAG_IMAGE]      = { "image", "IMAGE", IS_FILE, "file" },
    [FLAG_GAPLESS]    = { "gapless", "GAPLESS", IS_TEXT, "numbers of documents" },
};

const FieldWord settings[SETTING_COUNT] = {
    [SET_DEFAULT] = { "default", "initial", IS_STARTED, "single values" },
    [SET_MIN]     = { "min", "min", IS_NUMBER, "numbers" },
    [SET_MAX]     = { "max", "max", IS_NUMBER, "numbers" },
    [SET_IN]      = { "in", "in", IS_AMOUNT, "money, price and qty" },
    [SET_COPY]    = { "copy", "copy", 0, NULL },
    [SET_IS]      = { "is", "is", IS_TEXT, "text and code" },
    [SET_AS]      = { "as", "as", IS_NUMBER, "numbers" },
    [SET_SERIES]  = { "series", "series", IS_TEXT, "text and code" },
    [SET_READ]    = { "read", "read", 0, NULL },
};

const NoteType note_types[NOTE_COUNT] = {
    [NOTE_TITLE]    = { "title", "title", NOTE_PATHS, false, IS_SHOWN, "fields with a short text" },
    [NOTE_SUBTITLE] = { "subtitle", "subtitle", NOTE_PATHS, false, IS_SHOWN, "fields with a short text" },
    [NOTE_COLUMNS]  = { "columns", "columns", NOTE_PATHS, false, IS_SHOWN, "fields that fit in a cell" },
    [NOTE_SEARCH]   = { "search", "search", NOTE_PATHS, false, IS_WORDS, "words" },
    [NOTE_FACETS]   = { "facets", "facets", NOTE_OWN_FIELDS, false, IS_FACET, "fields with few values" },
    [NOTE_SORT]     = { "sort", "sort", NOTE_PATHS, false, IS_COLUMN, "fields that are one column" },
    [NOTE_IMPORT]   = { "import", "import", NOTE_OWN_FIELDS, false, IS_COLUMN, "fields that are one column" },
    [NOTE_PORTAL]   = { "portal", "portal", NOTE_PAIRS, false, IS_REFERENCE, "references" },
    [NOTE_SCOPE]    = { "scope", "scope", NOTE_OWN_FIELDS, false, IS_REFERENCE, "references" },
    [NOTE_WHOSE]    = { "whose", "whose", NOTE_OWN_FIELDS, false, IS_REFERENCE, "references" },
    [NOTE_KEEP]     = { "keep", "keep", NOTE_WORD, false, 0, NULL },
    [NOTE_API]      = { "api", "api", NOTE_WORD, false, 0, NULL },
    [NOTE_READ]     = { "read", "read", NOTE_WORD, false, 0, NULL },
    [NOTE_WRITE]    = { "write", "write", NOTE_WORD, false, 0, NULL },
    [NOTE_SIZE]     = { "size", "rows", NOTE_WORD, false, 0, NULL },
    [NOTE_PATH]     = { "path", "path", NOTE_WORD, false, 0, NULL },
    [NOTE_ICON]     = { "icon", "icon", NOTE_WORD, false, 0, NULL },
    [NOTE_KEY]      = { "key", "key", NOTE_OWN_FIELDS, false, IS_COLUMN, "fields that are one column" },
    [NOTE_DATED]    = { "dated", "dated", NOTE_OWN_FIELDS, false, IS_COLUMN, "fields that are one column" },
    [NOTE_UNIQUE]   = { "unique", NULL, NOTE_FIELDS_WHERE, true, IS_COLUMN, "fields that are one column" },
    [NOTE_INDEX]    = { "index", NULL, NOTE_FIELDS_WHERE, true, IS_COLUMN, "fields that are one column" },
    [NOTE_CHECK]    = { "check", NULL, NOTE_RULE, true, 0, NULL },
    [NOTE_SECTION]  = { "section", NULL, NOTE_FREE, true, 0, NULL },
};

const DefWord def_words[DEF_KIND_COUNT] = {
    [ENUM]    = { "enum", "an enum", "EnumDef" },
    [CHOICES] = { "choices", "a choice list", "EnumDef" },
    [SHAPE]   = { "shape", "a shape", "ShapeDef" },
    [ENTITY]  = { "entity", "an entity", "EntityDef" },
};
// clang-format on

const char *const record_words[RECORD_KIND_COUNT] = { "master", "document", "ledger", "log" };
const char *const tones[6] = { "mute", "info", "make", "warn", "ok", "bad" };
const char *const formats[9] = { "email", "phone", "url",    "slug", "gtin",
                                 "gstin", "pan",   "colour", "iban" };

// clang-format off
// Words of C, its headers' macros, what banned.h poisons, and the member that every record begins
// with.
static const char *const c_words[] = {
    "assert", "auto", "bool", "break", "case", "char", "const", "continue", "ctx", "do",
    "double", "else", "enum", "errno", "extern", "false", "float", "for", "goto", "if",
    "inline", "int", "linux", "long", "rand", "return", "register", "restrict", "short",
    "signed", "sizeof", "static", "stderr", "stdin", "stdout", "struct", "switch", "true",
    "typedef", "typeof", "union", "unix", "unsigned", "void", "while", "volatile", "default",
    "record",
};

// What cannot name a column or a table: the reserved words of PostgreSQL 15 (pg_get_keywords: R and
// T), its system columns, and what SQLite 3.40 refuses (each tried).
static const char *const sql_words[] = {
    "add", "all", "alter", "analyse", "analyze", "and", "any", "array", "as", "asc",
    "asymmetric", "authorization", "between", "binary", "both", "case", "cast", "check", "cmax",
    "cmin", "collate", "collation", "column", "commit", "concurrently", "constraint", "create",
    "cross", "ctid", "current_catalog", "current_date", "current_role", "current_schema",
    "current_time", "current_timestamp", "current_user", "default", "deferrable", "delete",
    "desc", "distinct", "do", "drop", "else", "end", "escape", "except", "exists", "false",
    "fetch", "for", "foreign", "freeze", "from", "full", "grant", "group", "having", "if",
    "ilike", "in", "index", "initially", "inner", "insert", "intersect", "into", "is", "isnull",
    "join", "lateral", "leading", "left", "like", "limit", "localtime", "localtimestamp",
    "natural", "not", "nothing", "notnull", "null", "offset", "on", "only", "or", "order",
    "outer", "overlaps", "placing", "primary", "raise", "references", "returning", "right",
    "rowid", "select", "session_user", "set", "similar", "some", "symmetric", "table",
    "tableoid", "tablesample", "then", "to", "trailing", "transaction", "true", "union",
    "unique", "update", "user", "using", "values", "variadic", "verbose", "when", "where",
    "window", "with", "xmax", "xmin",
};

// Columns that records have without saying so, and words that notes use for them.
static const char *const kernel_columns[] = {
    "id", "at", "parent", "version", "created_at", "updated_at", "archived", "is_archived",
    "extra", "position", "path",
};

// The C types that stand beside the generated ones wherever those are used.
static const char *const kernel_types[] = {
    "Action", "Actor", "AnyList", "Arena", "ArenaBlock", "ArenaDefer", "ArenaMark", "Arg",
    "ArgType", "Buf", "Bytes", "Cell", "CheckDef", "Child", "Clock", "Column", "ColumnList",
    "Conn", "Ctx", "CurrencyCode", "CurrencyInfo", "Date", "Db", "Effects", "Engine",
    "EntityDef", "EntityInfo", "EntityKind", "EntityModule", "EntityQuery", "Entry", "EnumDef",
    "EnumValue", "EventDef", "Facet", "Failure", "FieldDef", "FieldMore", "FieldPath",
    "FieldType", "File", "FilePart", "Filter", "FilterList", "Formula", "Fx", "Geo", "Hook",
    "Id", "IdList", "IndexDef", "JobDef", "JobRun", "JobSpec", "Json", "Link", "Locale",
    "Machine", "Mail", "Map", "MaybeInt", "MaybeMoney", "MaybePrice", "MaybeQty", "MaybeRate",
    "Migration", "Module", "Money", "Out", "OutType", "Permission", "Point", "PointList",
    "Price", "Problem", "ProblemList", "Qty", "Query", "Random", "Rate", "Record", "Referrer",
    "ReferrerList", "Report", "Request", "Rounding", "Route", "Rows", "Secret", "Setting",
    "ShapeDef", "Sort", "Status", "Step", "StepList", "StoredFile", "Str", "StrList", "Stream",
    "Subscription", "Table", "TableList", "Tenant", "Tile", "Time", "Wide", "Ymd", "Zone",
};
// clang-format on

bool is(const char *a, const char *b)
{
    return strcmp(a, b) == 0;
}

bool starts_with(const char *text, const char *start)
{
    return strncmp(text, start, strlen(start)) == 0;
}

static const char *word_of(const void *table, size_t row_size, size_t row)
{
    return *(const char *const *)((const char *)table + row * row_size);
}

int word_at(const char *word, const void *table, size_t row_size, size_t rows)
{
    for (size_t i = 0; i < rows; i++)
        if (is(word_of(table, row_size, i), word))
            return (int)i;
    return -1;
}

bool is_c_word(const char *word)
{
    return WORD_AT(word, c_words) >= 0;
}

bool is_sql_word(const char *word)
{
    return WORD_AT(word, sql_words) >= 0;
}

bool is_kernel_type(const char *c_type)
{
    return WORD_AT(c_type, kernel_types) >= 0;
}

bool is_kernel_column(const char *word)
{
    return WORD_AT(word, kernel_columns) >= 0;
}

// How many letters must be changed, added or taken away (Levenshtein), for words of up to 63.
static int distance(const char *a, const char *b)
{
    int row[64], n = (int)strlen(b);
    if (n >= (int)COUNT(row))
        return n;
    for (int j = 0; j <= n; j++)
        row[j] = j;
    for (int i = 1; a[i - 1]; i++) {
        int diagonal = row[0];
        row[0] = i;
        for (int j = 1; j <= n; j++) {
            int best = diagonal + (a[i - 1] != b[j - 1]);
            diagonal = row[j];
            if (row[j] + 1 < best)
                best = row[j] + 1;
            if (row[j - 1] + 1 < best)
                best = row[j - 1] + 1;
            row[j] = best;
        }
    }
    return row[n];
}

const char *nearest(Arena *arena, const char *word, const void *table, size_t row_size, size_t rows)
{
    const char *best = NULL;
    int least = strlen(word) <= 3 ? 2 : 3;  // a short word is near to everything
    for (size_t i = 0; i < rows; i++) {
        int far = distance(word, word_of(table, row_size, i));
        if (far < least)
            least = far, best = word_of(table, row_size, i);
    }
    return best ? text(arena, ", did you mean '%s'?", best) : "";
}

const char *nearest_name(Arena *arena, const char *word, const Names *names)
{
    return nearest(arena, word, names->items, sizeof *names->items, names->len);
}
