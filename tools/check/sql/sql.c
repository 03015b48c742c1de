// sql.c - whose tables the SQL in the source touches: `sql ALLOWED FILE ...`, files being .ent, .c
// and .h.
//
// A table belongs to the module whose .ent file declares its entity (or the many-to-many field that
// it stands for), or whose code creates it. app and web count as kernel. A module's
// statements may name its own tables, statements of the kernel the kernel's. A report (`.sql =
// "..."`) names seen_X instead of X, which is what the kernel shows of X to whoever asks; X may
// then be of any module that it requires. ALLOWED lists exceptions, one a line: file (or *), table,
// reason.
//
// Statements are literals, so looking at them is enough: neighbouring strings and the macros
// between them (taken for text without tables) are joined, and the words behind FROM, JOIN, INTO
// and UPDATE looked up.
#include "../texts/c.h"

#include <ctype.h>
#include <errno.h>
#include <fnmatch.h>

enum { EXIT_FOUND = 1, EXIT_USAGE = 2 };

typedef struct Exception {
    const char *file, *table;  // patterns: "src/modules/*/check.c", "ledger/*"
} Exception;

typedef struct Check {
    Arena *arena;
    Map owners;  // table -> module's name, as Str
    Map needs;   // "oms party" -> anything
    LIST(Exception) allowed;
    int findings;
} Check;

typedef struct Place {
    const char *file;
    int line;
    Str module;
    bool is_report, is_write;
} Place;

// ---- Files --------------------------------------------------------------------------------------

static bool read_whole(Arena *arena, const char *path, Str *ret)
{
    FILE *in = fopen(path, "rb");
    if (!in) {
        fprintf(stderr, "sql: cannot read %s: %s\n", path, strerror(errno));
        return false;
    }
    Buf out = { .arena = arena };
    char piece[65536];
    for (size_t n; (n = fread(piece, 1, sizeof piece, in)) > 0;)
        buf_put(&out, (Str){ piece, n });
    fclose(in);
    *ret = buf_str(&out);
    return true;
}

// "oms" of "src/modules/oms/order.c", "kernel" of "src/kernel/verify.c".
static Str module_of(Str path)
{
    Str part, module = S("");
    while (str_next(&path, '/', &part)) {
        if (str_is(part, "src"))
            str_next(&path, '/', &module);
        if (str_is(module, "modules"))
            str_next(&path, '/', &module);
        if (module.len)
            return module;
    }
    return module;
}

// The frame around the kernel and the shell of pages have no tables of their own.
static Str owner_of(Str path)
{
    Str module = module_of(path);
    return str_is(module, "app") || str_is(module, "web") ? S("kernel") : module;
}

static Str pair(Arena *arena, Str a, Str b)
{
    return str_format(arena, STR_FMT " " STR_FMT, STR_ARG(a), STR_ARG(b));
}

// ---- What is declared ---------------------------------------------------------------------------

static void learn_needs(Check *check, Str module, Str rest)
{
    Str word;
    bool is_behind = false;
    while (str_next_word(&rest, &word)) {
        if (is_behind)
            map_put(&check->needs, pair(check->arena, module, word), check);
        is_behind |= str_is(word, "requires");
    }
}

static void own(Check *check, Str module, Str table)
{
    Str *owner = NEW(check->arena, Str);
    *owner = module;
    map_put(&check->owners, table, owner);
}

// "entity price_list", and of its field "channels refs channel" the table price_list_channels.
static void learn_entities(Check *check, Str module, Str text)
{
    Str line, word, type, entity = S("");
    while (str_next(&text, '\n', &line)) {
        Str rest = line;
        if (!str_next_word(&rest, &word))
            continue;
        if (str_is(word, "module"))
            learn_needs(check, module, rest);
        if (str_is(word, "entity") && str_next_word(&rest, &entity))
            own(check, module, entity);
        else if (str_next_word(&rest, &type) && str_is(type, "refs"))
            own(check, module,
                str_format(check->arena, STR_FMT "_" STR_FMT, STR_ARG(entity), STR_ARG(word)));
    }
}

// Tables that code makes itself: "CREATE TABLE [IF NOT EXISTS] name".
static void learn_created(Check *check, Str module, const TokenList *tokens)
{
    static const char *const lead[] = { "CREATE TABLE IF NOT EXISTS ", "CREATE TABLE " };
    EACH (token, *tokens)
        for (size_t i = 0; token->kind == TOKEN_STRING && i < COUNT(lead); i++) {
            Str rest = token->text, name;
            if (!str_starts(rest, str_from(lead[i])))
                continue;
            rest = str_from_at(rest, strlen(lead[i]));
            if (str_next(&rest, ' ', &name))
                own(check, module, name);
            break;
        }
}

static void learn_allowed(Check *check, Str text)
{
    Str line, file, table;
    while (str_next(&text, '\n', &line))
        if (!str_starts(line, S("#")) && str_next_word(&line, &file) &&
            str_next_word(&line, &table))
            *list_push(check->arena, &check->allowed) =
                (Exception){ str_c(check->arena, file), str_c(check->arena, table) };
}

// ---- A statement --------------------------------------------------------------------------------

static bool is_allowed(const Check *check, const Place *place, Str module, Str table)
{
    Str full = str_format(check->arena, STR_FMT "/" STR_FMT, STR_ARG(module), STR_ARG(table));
    EACH (one, check->allowed)
        if (fnmatch(one->file, place->file, 0) == 0 && fnmatch(one->table, full.ptr, 0) == 0)
            return true;
    return false;
}

static void complain(Check *check, const Place *place, Str table, const char *why)
{
    printf("%s:%d: " STR_FMT ": %s\n", place->file, place->line, STR_ARG(table), why);
    check->findings++;
}

static void check_seen(Check *check, const Place *place, Str name)
{
    Str table = str_from_at(name, strlen("seen_"));
    const Str *owner = map_get(&check->owners, table);
    if (!owner)
        complain(check, place, name, "there is no such entity");
    else if (!str_eq(*owner, place->module) &&
             !map_get(&check->needs, pair(check->arena, place->module, *owner)))
        complain(check, place, name, "is of a module that this one does not require");
}

static void check_table(Check *check, const Place *place, Str table)
{
    const Str *owner = map_get(&check->owners, table);
    if (str_starts(table, S("seen_"))) {
        check_seen(check, place, table);
    } else if (place->is_report) {
        complain(check, place, table,
                 "a report names seen_ENTITY, which is what its reader may see");
    } else if (!owner) {
        complain(check, place, table, "no .ent file declares this table");
    } else if (!str_eq(*owner, place->module) && place->is_write) {
        complain(check, place, table, "is another module's table, and only that one writes it");
    } else if (!str_eq(*owner, place->module) && !is_allowed(check, place, *owner, table)) {
        complain(check, place, table,
                 "is another module's table; ask that module, through its header");
    }
}

typedef LIST(Str) Words;

// Words in letters and figures, and each mark for itself; what stands between quotes is left out.
static Words words_of(Arena *arena, Str sql)
{
    Words words = { 0 };
    for (size_t i = 0; i < sql.len;) {
        size_t from = i;
        while (i < sql.len && (isalnum((unsigned char)sql.ptr[i]) || sql.ptr[i] == '_'))
            i++;
        if (i == from && sql.ptr[i++] == '\'')
            while (i < sql.len && sql.ptr[i++] != '\'')
                ;
        if (!isspace((unsigned char)sql.ptr[from]))
            *list_push(arena, &words) = str_sub(sql, from, i - from);
    }
    return words;
}

static bool word_is(const Words *words, size_t at, const char *word)
{
    return at < words->len && str_eq_ascii_nocase(words->items[at], str_from(word));
}

static bool is_name(const Words *words, size_t at)
{
    return at < words->len &&
           (isalpha((unsigned char)words->items[at].ptr[0]) || words->items[at].ptr[0] == '_');
}

// WITH name AS (...), name (columns) AS (...): names of this statement only.
static Map names_given(Arena *arena, const Words *words)
{
    Map given = { .arena = arena };
    for (size_t i = 0; i + 1 < words->len; i++) {
        size_t next = i + 1;
        if (word_is(words, next, "("))
            while (next < words->len && !word_is(words, next++, ")"))
                ;
        if (is_name(words, i) && word_is(words, next, "AS") && word_is(words, next + 1, "("))
            map_put(&given, words->items[i], arena);
    }
    return given;
}

// Behind FROM: a, b x, c AS y. Functions and what is in brackets are no tables; but a bracket
// behind INTO opens the columns.
static void check_list(Check *check, Place place, const Words *words, const Map *given, size_t at)
{
    bool is_into = word_is(words, at - 1, "INTO");
    place.is_write = is_into || word_is(words, at - 1, "UPDATE") ||
                     (at >= 2 && word_is(words, at - 2, "DELETE"));
    for (;;) {
        if (is_name(words, at) && (is_into || !word_is(words, at + 1, "(")) &&
            !map_get(given, words->items[at]))
            check_table(check, &place, words->items[at]);
        at++;
        if (word_is(words, at, "AS"))
            at++;
        if (is_name(words, at))
            at++;
        if (!word_is(words, at, ","))
            return;
        at++;
    }
}

static bool names_table(const Words *words, size_t at)
{
    if (word_is(words, at, "FROM"))
        return at == 0 || !word_is(words, at - 1, "DISTINCT");
    if (word_is(words, at, "UPDATE"))
        return !word_is(words, at + 1, "SET") && (at == 0 || !word_is(words, at - 1, "FOR"));
    return word_is(words, at, "JOIN") || word_is(words, at, "INTO");
}

static bool is_statement(const Words *words)
{
    return word_is(words, 0, "SELECT") || word_is(words, 0, "WITH") ||
           word_is(words, 0, "INSERT") || word_is(words, 0, "UPDATE") ||
           word_is(words, 0, "DELETE");
}

static void check_statement(Check *check, const Place *place, Str sql)
{
    Words words = words_of(check->arena, sql);
    if (!is_statement(&words))
        return;
    Map given = names_given(check->arena, &words);
    for (size_t i = 0; i + 1 < words.len; i++)
        if (names_table(&words, i))
            check_list(check, *place, &words, &given, i + 1);
}

// ---- A file -------------------------------------------------------------------------------------

static bool is_capital_word(const Token *token)
{
    bool yes = token->kind == TOKEN_WORD;
    for (size_t i = 0; i < token->text.len; i++)
        yes &= !islower((unsigned char)token->text.ptr[i]);
    return yes;
}

// The strings from `at` on that are one to the compiler, joined; *ret_end is behind them.
static Str joined(Arena *arena, const TokenList *tokens, size_t at, size_t *ret_end)
{
    Buf out = { .arena = arena };
    for (; at < tokens->len; at++) {
        const Token *token = &tokens->items[at];
        if (token->kind == TOKEN_STRING)
            buf_put(&out, token->text);
        else if (is_capital_word(token))
            buf_put(&out, S(" _macro_ "));
        else
            break;
    }
    *ret_end = at;
    return buf_str(&out);
}

static void check_file(Check *check, const char *path, const TokenList *tokens)
{
    for (size_t i = 0, end; i < tokens->len; i = end) {
        end = i + 1;
        if (tokens->items[i].kind != TOKEN_STRING)
            continue;
        Place place = { path, tokens->items[i].line, owner_of(str_from(path)),
                        i >= 2 && token_is(tokens, i - 1, "=") && token_is(tokens, i - 2, "sql"),
                        false };
        check_statement(check, &place, joined(check->arena, tokens, i, &end));
    }
}

static int run(Check *check, char **paths, int count)
{
    Str text;
    if (!read_whole(check->arena, paths[0], &text))
        return EXIT_USAGE;
    learn_allowed(check, text);
    TokenList *files = NEW_ARRAY(check->arena, TokenList, count);
    for (int i = 1; i < count; i++) {
        Str path = str_from(paths[i]);
        if (!read_whole(check->arena, paths[i], &text))
            return EXIT_USAGE;
        if (str_ends(path, S(".ent"))) {
            learn_entities(check, owner_of(path), text);
        } else {
            files[i] = tokens_of(check->arena, text, 1);
            learn_created(check, owner_of(path), &files[i]);
        }
    }
    for (int i = 1; i < count; i++)
        check_file(check, paths[i], &files[i]);
    return check->findings ? EXIT_FOUND : 0;
}

int main(int argc, char **argv)
{
    if (argc < 3) {
        fputs("usage: sql ALLOWED FILE ...\n", stderr);
        return EXIT_USAGE;
    }
    Arena arena = { 0 };
    Check check = { .arena = &arena, .owners = { .arena = &arena }, .needs = { .arena = &arena } };
    int status = run(&check, argv + 1, argc - 1);
    arena_release(&arena);
    return status;
}
