// locale.c - which languages there are, and which one a caller gets.
//
// Catalogues are read once, when the program starts. A Locale is made when it is first asked for
// and then kept: there are as many as ICU knows tags, twice where digits of the language's own are
// wanted, so no input can fill the memory. Reading needs no lock, since a Locale is complete before
// it is linked and never changes. Starting once more (tests do) begins another world; what was
// handed out of the old one stays as it was.
#include "kernel/i18n/locale.h"

#include "base/buf.h"
#include "kernel/i18n/catalogue.h"
#include "kernel/i18n/text.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

typedef struct Known {
    Locale locale;
    LocaleData data;
    Tag tag;
    const struct Known *next;
} Known;

typedef struct World {
    struct World *older;  // kept in sight of leak checks
    LIST(Catalogue *) catalogues;
    LIST(const Locale *) offered;  // English, then those with a catalogue
    _Atomic(const Known *) newest;
} World;

static World before_start;  // knows English only
static _Atomic(World *) current = &before_start;
static pthread_mutex_t creating = PTHREAD_MUTEX_INITIALIZER;  // one thread at a time; owns `memory`
static Arena memory;

// ---- Locales ------------------------------------------------------------------------------------

static const Catalogue *catalogue_of(const World *world, Tag tag)
{
    do {
        EACH (catalogue, world->catalogues)
            if (str_eq(catalogue_tag(*catalogue), tag_text(&tag)))
                return *catalogue;
    } while (tag_shorten(&tag));
    return NULL;
}

static const Known *registered(World *world, const Tag *tag)
{
    const Known *known = world->newest;
    while (known && (known->tag.has_native_digits != tag->has_native_digits ||
                     strcmp(known->tag.text, tag->text) != 0))
        known = known->next;
    return known;
}

static const Known *make(World *world, const Tag *tag)
{
    const Catalogue *catalogue = catalogue_of(world, *tag);
    Known *known = NEW(&memory, Known);
    known->tag = *tag;
    known->next = world->newest;
    known->locale = (Locale){ .tag = tag_text(&known->tag),
                              .language = catalogue ? catalogue_tag(catalogue) : S("en"),
                              .catalogue = catalogue,
                              .data = &known->data };
    return locale_data_read(&memory, tag, &known->locale, &known->data) ? known : NULL;
}

// NULL: a language that ICU does not know.
static const Locale *locale_get(World *world, Tag tag)
{
    const Known *known = registered(world, &tag);
    if (known)
        return &known->locale;
    if (!tag_known(&tag))
        return NULL;
    pthread_mutex_lock(&creating);
    known = registered(world, &tag);  // under its nearest tag, or by a faster thread
    if (!known && (known = make(world, &tag)))
        world->newest = known;
    pthread_mutex_unlock(&creating);
    return known ? &known->locale : NULL;
}

static const Locale *english(World *world)
{
    const Locale *locale = locale_get(world, (Tag){ .text = "en" });
    assert(locale);  // ICU is here without its data
    return locale;
}

const Locale *locale_of(const Ctx *ctx)
{
    return ctx->locale ? ctx->locale : english(current);
}

// ---- Choosing -----------------------------------------------------------------------------------

typedef struct Choice {
    World *world;
    const Locale *locale;
} Choice;

// A browser's languages are taken only where there is a catalogue for them: nobody gets English
// with Japanese dates without having asked.
static bool choose(const Tag *tag, void *arg)
{
    Choice *choice = arg;
    Tag language = *tag;
    while (tag_shorten(&language))
        ;
    if (strcmp(language.text, "en") != 0 && !catalogue_of(choice->world, *tag))
        return false;
    choice->locale = locale_get(choice->world, *tag);
    return choice->locale != NULL;
}

const Locale *locale_best(Str accept_language, Str wanted)
{
    Tag tag;
    Choice choice = { .world = current };
    if (tag_parse(wanted, &tag))
        choice.locale = locale_get(choice.world, tag);
    if (choice.locale || accept_language_each(accept_language, choose, &choice))
        return choice.locale;
    return english(choice.world);
}

const Locale *const *locales_all(size_t *ret_count)
{
    const World *world = current;
    assert(world->offered.len > 0);  // i18n_start comes first
    *ret_count = world->offered.len;
    return world->offered.items;
}

Str locale_name(const Locale *locale)
{
    return locale->data->name;
}

void locale_enter(Ctx *ctx, const Locale *locale, const Zone *zone)
{
    Locale *own = NEW(ctx->arena, Locale);
    *own = *locale;
    own->zone = zone;
    ctx->locale = own;
    ctx->translate = text_translate;
}

// ---- Starting -----------------------------------------------------------------------------------

typedef struct Loading {
    World *world;
    Str folder, file;
    PoMistake mistake;
} Loading;

static bool file_read(Arena *arena, Str path, Str *ret)
{
    FILE *in = fopen(path.ptr, "rb");
    if (!in)
        return false;
    Buf out = { .arena = arena, .max = PO_BYTES_MAX };
    char piece[16384];
    for (size_t n; !out.is_full && (n = fread(piece, 1, sizeof piece, in)) > 0;)
        buf_put(&out, (Str){ piece, n });
    bool is_well = !ferror(in) && !out.is_full;
    if (out.is_full)
        errno = EFBIG;
    fclose(in);
    *ret = buf_str(&out);
    return is_well;
}

static bool refuse(Loading *loading, const char *why)
{
    loading->mistake = (PoMistake){ 1, str_from(why) };
    return false;
}

static bool load_file(Loading *loading)
{
    Str name = str_sub(loading->file, 0, loading->file.len - strlen(".po")), text;
    Tag tag;
    if (!tag_parse(name, &tag) || !str_eq(tag_text(&tag), name) || !tag_known(&tag) ||
        !str_eq(tag_text(&tag), name))
        return refuse(loading, "a catalogue is called by its language's tag, as es or es-CO");
    Arena scratch = { 0 };
    Str path =
        str_format(&scratch, STR_FMT "/" STR_FMT, STR_ARG(loading->folder), STR_ARG(loading->file));
    const Po *po = NULL;
    if (file_read(&scratch, path, &text))
        po = po_read(&memory, text, &loading->mistake);
    else
        refuse(loading, strerror(errno));
    arena_release(&scratch);
    Catalogue *catalogue = po ? catalogue_make(&memory, name, po, &loading->mistake) : NULL;
    if (catalogue)
        *list_push(&memory, &loading->world->catalogues) = catalogue;
    return catalogue != NULL;
}

static int is_catalogue(const struct dirent *entry)
{
    return entry->d_name[0] != '.' && str_ends(str_from(entry->d_name), S(".po"));
}

static Str stem(const struct dirent *entry)
{
    return str_sub(str_from(entry->d_name), 0, strlen(entry->d_name) - strlen(".po"));
}

static int by_stem(const struct dirent **a, const struct dirent **b)
{
    return str_compare(stem(*a), stem(*b));
}

// In order of their tags, so that every machine offers the same list.
static bool load_files(Loading *loading)
{
    struct dirent **entries = NULL;
    int count = scandir(str_c(&memory, loading->folder), &entries, is_catalogue, by_stem);
    bool is_well = count >= 0 || refuse(loading, strerror(errno));
    for (int i = 0; i < count; i++) {
        if (is_well) {
            loading->file = str_copy(&memory, str_from(entries[i]->d_name));
            is_well = load_file(loading);
        }
        free(entries[i]);
    }
    free(entries);
    return is_well;
}

// es-CO falls back to es.
static void link_catalogues(World *world)
{
    EACH (catalogue, world->catalogues) {
        Tag tag;
        if (tag_parse(catalogue_tag(*catalogue), &tag) && tag_shorten(&tag))
            catalogue_fall_back(*catalogue, catalogue_of(world, tag));
    }
}

static void offer(World *world, const Locale *locale)
{
    pthread_mutex_lock(&creating);
    *list_push(&memory, &world->offered) = locale;
    pthread_mutex_unlock(&creating);
}

static void offer_all(World *world)
{
    offer(world, english(world));
    EACH (catalogue, world->catalogues) {
        Tag tag;
        const Locale *locale = NULL;
        if (tag_parse(catalogue_tag(*catalogue), &tag))
            locale = locale_get(world, tag);
        if (locale && locale != english(world))
            offer(world, locale);
    }
}

// Nothing is taken from ctx->arena while the lock is held: that may not return.
Status i18n_start(Ctx *ctx, Str folder)
{
    Loading loading = { .folder = folder };
    pthread_mutex_lock(&creating);
    loading.world = NEW(&memory, World);
    bool is_well = load_files(&loading);
    pthread_mutex_unlock(&creating);
    if (!is_well)
        return FAIL(ctx, E_INVALID, "i18n.catalogue", STR_FMT "/" STR_FMT ":%d: " STR_FMT,
                    STR_ARG(folder), STR_ARG(loading.file), loading.mistake.line,
                    STR_ARG(loading.mistake.why));
    link_catalogues(loading.world);
    offer_all(loading.world);
    loading.world->older = current;
    current = loading.world;
    return OK;
}
