// sort.c - sort keys: bytes that compare as people of a language sort, written as hex so that both
// engines keep and compare them as text.
//
// A collator takes long to open and is small, so each language's is opened once and kept. ICU lets
// many threads use one through its const functions (ICU User Guide, "Thread-safe const APIs"), so
// there is no lock on the way. There are as many as ICU knows languages.
#include "kernel/i18n/locale.h"

#include "base/buf.h"
#include "base/utf8.h"
#include "kernel/i18n/utf16.h"
#include "kernel/tenant.h"

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <unicode/uchar.h>
#include <unicode/ucol.h>

enum {
    FOLD_VERSION = 1,  // of the tables in fold.c
    KEY_BYTES = SORT_KEY_MAX / 2,
    TEXT_MAX = 200,  // characters that are looked at
    UNITS_MAX = 2 * TEXT_MAX,
};

typedef struct Sorting {
    Tag tag;  // "" for no language
    const UCollator *collator;
    const struct Sorting *next;
} Sorting;

static _Atomic(const Sorting *) newest;
static pthread_mutex_t creating = PTHREAD_MUTEX_INITIALIZER;  // one thread at a time; owns `memory`
static Arena memory;

static const Sorting *registered(Str language)
{
    const Sorting *sorting = newest;
    while (sorting && !str_eq(tag_text(&sorting->tag), language))
        sorting = sorting->next;
    return sorting;
}

static void collator_close(void *collator)
{
    ucol_close(*(UCollator **)collator);
}

// ICU's root order for "" and where a language sorts as that does.
static const Sorting *make(const Tag *tag)
{
    UErrorCode status = U_ZERO_ERROR;
    char id[TAG_LEN_MAX + 1];
    tag_icu(tag, id, sizeof id);
    Sorting *sorting = NEW(&memory, Sorting);
    UCollator **collator = NEW(&memory, UCollator *);
    arena_defer(&memory, collator_close, collator);
    *collator = ucol_open(id, &status);
    assert(U_SUCCESS(status));  // the root is always there
    *sorting = (Sorting){ *tag, *collator, newest };
    return sorting;
}

static const Sorting *sorting_of(const Ctx *ctx)
{
    Str language = ctx->tenant ? ctx->tenant->language : S("");
    const Sorting *sorting = registered(language);
    Tag tag = { 0 };
    if (sorting)
        return sorting;
    if (!tag_parse(language, &tag) || !tag_known(&tag))
        tag = (Tag){ 0 };
    pthread_mutex_lock(&creating);
    sorting = registered(tag_text(&tag));
    if (!sorting)
        newest = sorting = make(&tag);
    pthread_mutex_unlock(&creating);
    return sorting;
}

static void put_hex(char *to, uint8_t byte)
{
    static const char figures[] = "0123456789abcdef";
    to[0] = figures[byte >> 4];
    to[1] = figures[byte & 15];
}

// The key's own last byte, a zero, is left out. Where it is cut, what comes before still sorts
// right.
Str sort_key(Ctx *ctx, Str text)
{
    UChar room[UNITS_MAX];
    uint8_t key[1024];
    Text16 units = text16_from(ctx->arena, utf8_cut(text, TEXT_MAX), room, UNITS_MAX);
    int32_t len = ucol_getSortKey(sorting_of(ctx)->collator, units.ptr, units.len, key, sizeof key);
    assert(len > 0);
    size_t count = (size_t)len - 1 < KEY_BYTES ? (size_t)len - 1 : KEY_BYTES;
    char *hex = arena_alloc(ctx->arena, 2 * count + 1);
    for (size_t i = 0; i < count; i++)
        put_hex(hex + 2 * i, key[i]);
    return (Str){ hex, 2 * count };
}

Str keys_version(Ctx *ctx)
{
    UVersionInfo unicode, collation;
    char unicode_text[U_MAX_VERSION_STRING_LENGTH], collation_text[U_MAX_VERSION_STRING_LENGTH];
    u_getUnicodeVersion(unicode);
    ucol_getVersion(sorting_of(ctx)->collator, collation);
    u_versionToString(unicode, unicode_text);
    u_versionToString(collation, collation_text);
    return str_format(ctx->arena, "fold %d, unicode %s, collation %s", FOLD_VERSION, unicode_text,
                      collation_text);
}
