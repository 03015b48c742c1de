// catalogue.c - a hash map of texts, and the plural rules of CLDR.
//
// A PO file numbers its plural forms; which number takes which form is written in its header as a C
// expression, copied from one file to the next for decades. CLDR names the same forms (zero, one,
// two, few, many, other) and ICU knows every language's rules. So the expression is not run: the
// categories that whole numbers of the language fall into, in the order just given, are msgstr[0],
// msgstr[1] and so on, which is also the order of gettext's own tables. Where CLDR has since
// learned of a `many` for round millions (es, fr, it, pt, ca), files without it are taken too:
// their millions are `other`.
#include "kernel/i18n/catalogue.h"

#include "base/buf.h"
#include "kernel/i18n/placeholder.h"

#include <unicode/uloc.h>
#include <unicode/upluralrules.h>

enum { CATEGORIES = PO_FORMS_MAX };
enum { CATEGORY_MANY = 4, CATEGORY_OTHER = 5 };
static const char *const category_names[CATEGORIES] = {
    "zero", "one", "two", "few", "many", "other"
};

typedef struct Text {
    bool is_plural;
    const char *forms[PO_FORMS_MAX];
} Text;

struct Catalogue {
    Str tag;
    const Catalogue *fallback;
    Map texts;                  // of Text
    const UPluralRules *rules;  // ICU's const functions may be called from many threads
    int form_of[CATEGORIES];
};

// ---- Plurals ------------------------------------------------------------------------------------

// Rules look at a number's size and at its last six digits; a double has both of every number below
// ten to the fifteenth, so larger ones are cut.
static double shortened(int64_t n)
{
    const uint64_t round = UINT64_C(1000000000);
    uint64_t size = n < 0 ? 0 - (uint64_t)n : (uint64_t)n;
    return (double)(size < round ? size : round + size % round);
}

static bool is_word(const UChar *word, int32_t len, const char *ascii)
{
    for (int32_t i = 0; i < len; i++)
        if (word[i] != (unsigned char)ascii[i])  // also at the end of a shorter one
            return false;
    return ascii[len] == '\0';
}

static int category_of(const UPluralRules *rules, int64_t n)
{
    UChar word[16];
    UErrorCode status = U_ZERO_ERROR;
    int32_t len = uplrules_select(rules, shortened(n), word, COUNT(word), &status);
    for (int i = 0; U_SUCCESS(status) && i < CATEGORIES; i++)
        if (is_word(word, len, category_names[i]))
            return i;
    return CATEGORY_OTHER;
}

// Which categories whole numbers fall into.
static void find_categories(const UPluralRules *rules, bool ret_used[CATEGORIES])
{
    static const int64_t large[] = { 1000, 10000, 100000, 1000000, 1000001, 2000000, 1000000000 };
    for (int64_t n = 0; n <= 200; n++)
        ret_used[category_of(rules, n)] = true;
    for (size_t i = 0; i < COUNT(large); i++)
        ret_used[category_of(rules, large[i])] = true;
}

// One after the other; a category no whole number is in gets the last form. Returns their number.
static int number_forms(const bool used[CATEGORIES], int ret_form_of[CATEGORIES])
{
    int count = 0;
    for (int i = 0; i < CATEGORIES; i++)
        count += used[i];
    for (int i = 0, next = 0; i < CATEGORIES; i++)
        ret_form_of[i] = used[i] ? next++ : count - 1;
    return count;
}

static Str names_of(Arena *arena, const bool used[CATEGORIES])
{
    Buf out = { .arena = arena };
    for (int i = 0; i < CATEGORIES; i++)
        if (used[i])
            buf_printf(&out, "%s%s", out.len ? ", " : "", category_names[i]);
    return buf_str(&out);
}

static bool take_forms(Arena *arena, Catalogue *catalogue, int in_file, PoMistake *ret_mistake)
{
    bool used[CATEGORIES] = { false };
    find_categories(catalogue->rules, used);
    int count = number_forms(used, catalogue->form_of);
    if (in_file == count || in_file == 0)
        return true;
    if (used[CATEGORY_MANY] && used[CATEGORY_OTHER] && in_file == count - 1) {
        bool older[CATEGORIES];
        memcpy(older, used, sizeof older);
        older[CATEGORY_MANY] = false;
        number_forms(older, catalogue->form_of);
        return true;
    }
    *ret_mistake =
        (PoMistake){ 1, str_format(arena, "nplurals is %d, but the language has " STR_FMT, in_file,
                                   STR_ARG(names_of(arena, used))) };
    return false;
}

// ---- Making -------------------------------------------------------------------------------------

static const char *take_single(Arena *arena, const PoEntry *entry, Text *text)
{
    Str english = entry->key, form;
    ptrdiff_t context = str_find_char(english, '\4');
    const char *why = placeholders_differ(arena, str_from_at(english, (size_t)(context + 1)),
                                          entry->forms[0], &form);
    text->forms[0] = form.ptr;
    return why;
}

static const char *take_plural(const PoEntry *entry, Text *text)
{
    const char *why = NULL;
    text->is_plural = true;
    for (int i = 0; i < entry->form_count && !why; i++) {
        why = plural_differs(entry->forms[i]);
        text->forms[i] = entry->forms[i].ptr;
    }
    return why;
}

static bool take_entries(Arena *arena, Catalogue *catalogue, const Po *po, PoMistake *ret_mistake)
{
    EACH (entry, po->entries) {
        if (!po_is_translated(entry))
            continue;
        Text *text = NEW(arena, Text);
        const char *why =
            entry->plural.len ? take_plural(entry, text) : take_single(arena, entry, text);
        if (why) {
            *ret_mistake = (PoMistake){ entry->line, str_from(why) };
            return false;
        }
        map_put(&catalogue->texts, entry->key, text);
    }
    return true;
}

static void rules_close(void *rules)
{
    uplrules_close(*(UPluralRules **)rules);
}

static const UPluralRules *rules_of(Arena *arena, Str tag, PoMistake *ret_mistake)
{
    UErrorCode status = U_ZERO_ERROR;
    char id[ULOC_FULLNAME_CAPACITY];
    uloc_forLanguageTag(str_c(arena, tag), id, sizeof id, NULL, &status);
    UPluralRules **rules = NEW(arena, UPluralRules *);
    arena_defer(arena, rules_close, rules);
    *rules = uplrules_open(id, &status);
    if (U_FAILURE(status))
        *ret_mistake =
            (PoMistake){ 1, str_format(arena, "no plural rules: %s", u_errorName(status)) };
    return U_SUCCESS(status) ? *rules : NULL;
}

Catalogue *catalogue_make(Arena *arena, Str tag, const Po *po, PoMistake *ret_mistake)
{
    Catalogue *catalogue = NEW(arena, Catalogue);
    *catalogue = (Catalogue){ .tag = str_copy(arena, tag),
                              .texts = { .arena = arena },
                              .rules = rules_of(arena, tag, ret_mistake) };
    bool is_well = catalogue->rules && take_forms(arena, catalogue, po->form_count, ret_mistake) &&
                   take_entries(arena, catalogue, po, ret_mistake);
    return is_well ? catalogue : NULL;
}

void catalogue_fall_back(Catalogue *catalogue, const Catalogue *to)
{
    catalogue->fallback = to;
}

// ---- Looking up ---------------------------------------------------------------------------------

Str catalogue_tag(const Catalogue *catalogue)
{
    return catalogue->tag;
}

// Of the nearest catalogue that has it. What is written as a plural is not found as a plain text:
// its forms may hold the number, which nobody would pass.
static const Text *text_find(const Catalogue **catalogue, const char *english, bool is_plural)
{
    Str key = str_from(english);
    for (; *catalogue; *catalogue = (*catalogue)->fallback) {
        const Text *text = map_get(&(*catalogue)->texts, key);
        if (text && text->is_plural == is_plural)
            return text;
    }
    return NULL;
}

const char *catalogue_text(const Catalogue *catalogue, const char *english)
{
    const Text *text = text_find(&catalogue, english, false);
    return text ? text->forms[0] : NULL;
}

const char *catalogue_plural(const Catalogue *catalogue, const char *one, int64_t n)
{
    const Text *text = text_find(&catalogue, one, true);
    return text ? text->forms[catalogue->form_of[category_of(catalogue->rules, n)]] : NULL;
}
