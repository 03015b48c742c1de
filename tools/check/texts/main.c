// main.c - `texts` collects every text of the product that people may see, and says what a
// catalogue lacks (docs/i18n.md).
#include "c.h"

#include "base/utf8.h"
#include "kernel/i18n/placeholder.h"
#include "kernel/i18n/po.h"

#include <errno.h>

enum { EXIT_LACKS = 1, EXIT_USAGE = 2 };

static const char usage[] =
    "usage: texts FILE ...           writes a PO file of all texts, without translations\n"
    "       texts --fill PO FILE ...   the same with the translations that PO has\n"
    "       texts --check PO FILE ...  says what PO lacks and what it no longer needs\n"
    "Files are .c, .h, .html and .ent; which of them stand together in a call does not matter.\n";

// ---- Texts --------------------------------------------------------------------------------------

void text_mistake(Texts *texts, const char *file, int line, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fprintf(stderr, "%s:%d: ", file, line);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
    va_end(args);
    texts->mistakes++;
}

static bool has_letters(Str text)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i] | 0x20;
        if ((c >= 'a' && c <= 'z') || c >= 0x80)
            return true;
    }
    return false;
}

static bool is_translatable(Str text)
{
    for (;;) {
        Percent percent = percent_next(&text);
        if (has_letters(percent.before))
            return true;
        if (percent.kind == PERCENT_NONE)
            return false;
    }
}

void text_add(Texts *texts, const char *file, int line, Str key, Str plural)
{
    if (!is_translatable(key) && !is_translatable(plural))
        return;
    if (!utf8_valid(key) || !utf8_valid(plural)) {
        text_mistake(texts, file, line, "not UTF-8");
        return;
    }
    Text *known = map_get(&texts->by_key, key);
    if (known && !str_eq(known->plural, plural))
        text_mistake(texts, file, line,
                     "\"" STR_FMT "\" stands in %s:%d with another plural: word one of them "
                     "differently, or use TEXT_IN",
                     STR_ARG(key), known->file, known->line);
    if (known)
        return;
    Text *text = NEW(texts->arena, Text);
    *text = (Text){ key, plural, file, line };
    *list_push(texts->arena, &texts->all) = text;
    map_put(&texts->by_key, key, text);
}

// ---- Files --------------------------------------------------------------------------------------

static bool read_whole(Arena *arena, const char *path, Str *ret)
{
    FILE *in = fopen(path, "rb");
    if (!in) {
        fprintf(stderr, "texts: cannot read %s: %s\n", path, strerror(errno));
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

static bool ends_in(const char *path, const char *end)
{
    return str_ends(str_from(path), str_from(end));
}

// C files first: what is learned from them is used in pages, too.
static bool collect(Texts *texts, char **paths, int count)
{
    Arena *arena = texts->arena;
    World world = { .arena = arena,
                    .strings = { .arena = arena },
                    .takers = { .arena = arena },
                    .givers = { .arena = arena },
                    .structs = { .arena = arena } };
    SourceList c = { 0 }, pages = { 0 };
    for (int i = 0; i < count; i++) {
        Source source = { .path = paths[i] };
        if (ends_in(paths[i], ".ent"))
            continue;
        if (!read_whole(arena, paths[i], &source.content))
            return false;
        bool is_page = ends_in(paths[i], ".html");
        if (!is_page)
            source.tokens = tokens_of(arena, source.content, 1);
        *list_push(arena, is_page ? &pages : &c) = source;
    }
    learn(&world, &c);
    EACH (source, c)
        c_texts(texts, &world, source->path, &source->tokens);
    EACH (page, pages)
        page_texts(texts, &world, page);
    for (int i = 0; i < count; i++)
        if (ends_in(paths[i], ".ent") && !ent_texts(texts, paths[i]))
            return false;
    return true;
}

static const Po *catalogue(Arena *arena, const char *path)
{
    Str text;
    PoMistake mistake;
    if (!read_whole(arena, path, &text))
        return NULL;
    const Po *po = po_read(arena, text, &mistake);
    if (!po)
        fprintf(stderr, "%s:%d: " STR_FMT "\n", path, mistake.line, STR_ARG(mistake.why));
    return po;
}

static Map entries_of(Arena *arena, const Po *po)
{
    Map entries = { .arena = arena };
    for (size_t i = 0; po && i < po->entries.len; i++)
        map_put(&entries, po->entries.items[i].key, &po->entries.items[i]);
    return entries;
}

// ---- A catalogue checked ------------------------------------------------------------------------

static void print_quoted(FILE *out, Str text)
{
    fputc('"', out);
    for (size_t i = 0; i < text.len; i++)
        switch (text.ptr[i]) {
        case '\n': fputs("\\n", out); break;
        case '\t': fputs("\\t", out); break;
        case '"': fputs("\\\"", out); break;
        case '\\': fputs("\\\\", out); break;
        default: fputc(text.ptr[i], out);
        }
    fputs("\"\n", out);
}

// The English text, without its context.
static Str english(Str key)
{
    return str_from_at(key, (size_t)(str_find_char(key, '\4') + 1));
}

static const char *what_is_wrong(Arena *arena, const Text *text, const PoEntry *entry)
{
    Str used;
    if (!entry)
        return "is missing";
    if (!po_is_translated(entry))
        return entry->is_fuzzy ? "is marked fuzzy" : "is not translated";
    if (!str_eq(entry->plural, text->plural))
        return "has another plural";
    const char *why = text->plural.len
                        ? plural_differs(entry->forms[0])
                        : placeholders_differ(arena, english(text->key), entry->forms[0], &used);
    for (int i = 1; text->plural.len && !why && i < entry->form_count; i++)
        why = plural_differs(entry->forms[i]);
    return why;
}

static int check(const Texts *texts, const char *path, const Po *po)
{
    Map entries = entries_of(texts->arena, po);
    size_t lacks = 0, obsolete = 0;
    EACH (text, texts->all) {
        const char *why = what_is_wrong(texts->arena, *text, map_get(&entries, (*text)->key));
        if (!why)
            continue;
        printf("%s:%d: %s in %s: ", (*text)->file, (*text)->line, why, path);
        print_quoted(stdout, english((*text)->key));
        lacks++;
    }
    EACH (entry, po->entries)
        if (!map_get(&texts->by_key, entry->key)) {
            printf("%s:%d: no longer used: ", path, entry->line);
            print_quoted(stdout, english(entry->key));
            obsolete++;
        }
    printf("%s: %zu texts, %zu lacking, %zu no longer used\n", path, texts->all.len, lacks,
           obsolete);
    return lacks || texts->mistakes ? EXIT_LACKS : EXIT_SUCCESS;
}

// ---- A catalogue written ------------------------------------------------------------------------

static int by_key(const void *a, const void *b)
{
    const Text *const *x = a, *const *y = b;
    return str_compare((*x)->key, (*y)->key);
}

static void print_field(const char *keyword, Str text)
{
    printf("%s ", keyword);
    print_quoted(stdout, text);
}

static void print_forms(const Text *text, const PoEntry *entry, int forms)
{
    static const char *const keywords[PO_FORMS_MAX] = { "msgstr[0]", "msgstr[1]", "msgstr[2]",
                                                        "msgstr[3]", "msgstr[4]", "msgstr[5]" };
    bool is_same = entry && str_eq(entry->plural, text->plural);
    if (text->plural.len == 0)
        print_field("msgstr", is_same ? entry->forms[0] : S(""));
    for (int i = 0; text->plural.len && i < forms; i++)
        print_field(keywords[i], is_same && i < entry->form_count ? entry->forms[i] : S(""));
}

static void print_entry(const Text *text, const PoEntry *entry, int forms)
{
    ptrdiff_t context = str_find_char(text->key, '\4');
    putchar('\n');
    if (entry && entry->is_fuzzy)
        puts("#, fuzzy");
    if (context >= 0)
        print_field("msgctxt", str_sub(text->key, 0, (size_t)context));
    print_field("msgid", english(text->key));
    if (text->plural.len)
        print_field("msgid_plural", text->plural);
    print_forms(text, entry, forms);
}

static void print_header(Arena *arena, const Po *po)
{
    Str header = po ? po->header
                    : S("Content-Type: text/plain; charset=UTF-8\n"
                        "Content-Transfer-Encoding: 8bit\n"
                        "Plural-Forms: nplurals=2;\n"),
        line;
    puts("msgid \"\"\nmsgstr \"\"");
    while (str_next(&header, '\n', &line))
        print_quoted(stdout, str_join(arena, line, S("\n")));
}

// In the order of the texts, so that two people's additions seldom meet. Where each stands is not
// written down: it would change with every line of code.
static int write(Texts *texts, const Po *po)
{
    Map entries = entries_of(texts->arena, po);
    if (texts->all.len)
        qsort(texts->all.items, texts->all.len, sizeof *texts->all.items, by_key);
    print_header(texts->arena, po);
    EACH (text, texts->all)
        print_entry(*text, map_get(&entries, (*text)->key),
                    po && po->form_count ? po->form_count : 2);
    return texts->mistakes ? EXIT_LACKS : EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
    Arena arena = { 0 };
    Texts texts = { .arena = &arena, .by_key = { .arena = &arena } };
    bool is_check = argc > 1 && strcmp(argv[1], "--check") == 0;
    bool is_fill = argc > 1 && strcmp(argv[1], "--fill") == 0;
    int first = is_check || is_fill ? 3 : 1, status = EXIT_USAGE;
    if (argc <= first || (first == 1 && argv[1][0] == '-')) {
        fputs(usage, stderr);
        return EXIT_USAGE;
    }
    const Po *po = first == 3 ? catalogue(&arena, argv[2]) : NULL;
    if ((first == 1 || po) && collect(&texts, argv + first, argc - first))
        status = is_check ? check(&texts, argv[2], po) : write(&texts, po);
    arena_release(&arena);
    return status;
}
