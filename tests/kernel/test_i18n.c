// test_i18n.c - catalogues, plurals, and which language a caller gets.
#include "harness.h"

#include "kernel/i18n.h"
#include "kernel/i18n/placeholder.h"
#include "kernel/i18n/po.h"
#include "kernel/tenant.h"

#include <pthread.h>
#include <sys/stat.h>
#include <unistd.h>

#define HEADER(nplurals)                                                                           \
    "msgid \"\"\n"                                                                                 \
    "msgstr \"\"\n"                                                                                \
    "\"Content-Type: text/plain; charset=UTF-8\\n\"\n"                                             \
    "\"Plural-Forms: nplurals=" nplurals "; plural=0;\\n\"\n"

typedef struct Catalogue1 {
    const char *name, *text;
} Catalogue1;

static void write_file(const char *path, const char *text)
{
    FILE *out = fopen(path, "wb");
    CHECK(out != NULL);
    if (out) {
        fwrite(text, 1, strlen(text), out);
        fclose(out);
    }
}

// Starts with a folder that has just these.
static Status start(Ctx *ctx, const Catalogue1 *files, size_t count)
{
    char folder[] = "/tmp/entrepot-lang-XXXXXX";
    CHECK(mkdtemp(folder) != NULL);
    for (size_t i = 0; i < count; i++)
        write_file(str_format(ctx->arena, "%s/%s", folder, files[i].name).ptr, files[i].text);
    Status status = i18n_start(ctx, str_from(folder));
    for (size_t i = 0; i < count; i++)
        unlink(str_format(ctx->arena, "%s/%s", folder, files[i].name).ptr);
    CHECK(rmdir(folder) == 0);
    return status;
}

static void enter(Ctx *ctx, const char *tag)
{
    locale_enter(ctx, locale_best(S(""), str_from(tag)), NULL);
}

// ---- Catalogues ---------------------------------------------------------------------------------

static const Catalogue1 spanish[] = {
    { "es.po", "# Everything a catalogue may have.\n" HEADER(
                   "2") "\n"
                        "#: src/a.c:12\n"
                        "msgid \"Order\"\n"
                        "msgstr \"Pedido\"\n"
                        "\n"
                        "#. For the button.\n"
                        "msgctxt \"verb\"\n"
                        "msgid \"Order\"\n"
                        "msgstr \"Pedir\"\n"
                        "\n"
                        "msgid \"\"\n"
                        "\"short of %.*s \"\n"
                        "\"by %lld\"\n"
                        "msgstr \"\"\n"
                        "\"faltan %2$lld \"\n"
                        "\"de %1$s\"\n"
                        "msgid \"a \\\"quote\\\", a tab\\tand\\\\or a line\\n\"\n"
                        "msgstr \"una \\\"cita\\\", un tab\\ty\\\\o una línea\\n\"\n"
                        "msgid \"%lld order\"\n"
                        "msgid_plural \"%lld orders\"\n"
                        "msgstr[0] \"%lld pedido\"\n"
                        "msgstr[1] \"%lld pedidos\"\n"
                        "msgid \"100 % cotton\"\n"
                        "msgstr \"100 % algodón\"\n"
                        "msgid \"more than %d %%\"\n"
                        "msgstr \"más del %d %%\"\n"
                        "#, fuzzy\n"
                        "msgid \"Stock\"\n"
                        "msgstr \"Media\"\n"
                        "msgid \"Quantity\"\n"
                        "msgstr \"\"\n"
                        "#~ msgid \"Gone\"\n"
                        "#~ msgstr \"Ido\"\n" },
    { "es-CO.po", HEADER("2") "msgid \"Mobile\"\nmsgstr \"Celular\"\n" },
};

static void test_texts(void)
{
    Ctx *ctx = test_ctx();
    CHECK_OK(ctx, start(ctx, spanish, COUNT(spanish)));
    enter(ctx, "es");
    CHECK_STR(tr(ctx, "Order"), "Pedido");
    CHECK_STR(tr(ctx, TEXT_IN("verb", "Order")), "Pedir");
    CHECK_STR(tr(ctx, TEXT_IN("noun", "Order")), "Order");
    CHECK_STR(tr(ctx, "a \"quote\", a tab\tand\\or a line\n"),
              "una \"cita\", un tab\ty\\o una línea\n");
    CHECK_STR(tr_format(ctx, "short of " STR_FMT " by %lld", STR_ARG(S("sole-42, black")), 3LL),
              "faltan 3 de sole-42, black");
    CHECK_STR(tr(ctx, "100 % cotton"), "100 % algodón");
    CHECK_STR(tr_format(ctx, "more than %d %%", 5), "más del 5 %");
    CHECK_STR(tr(ctx, "Stock"), "Stock");        // a guess nobody has confirmed
    CHECK_STR(tr(ctx, "Quantity"), "Quantity");  // not yet translated
    CHECK_STR(tr(ctx, "Gone"), "Gone");
    CHECK_STR(tr(ctx, "Mobile"), "Mobile");
    CHECK_FAILS(ctx, "stock.short",
                FAIL(ctx, E_CONFLICT, "stock.short", "short of " STR_FMT " by %lld",
                     STR_ARG(S("sole-42")), 3LL));
    CHECK(FAIL(ctx, E_CONFLICT, "a.b", "short of %.*s by %lld", 4, "sole", 3LL) == E_CONFLICT);
    CHECK_STR(ctx->failure.message, "faltan 3 de sole");
}

static void test_fallbacks(void)
{
    Ctx *ctx = test_ctx();
    CHECK_OK(ctx, start(ctx, spanish, COUNT(spanish)));
    enter(ctx, "es-CO");
    CHECK_STR(ctx->locale->language, "es-CO");
    CHECK_STR(tr(ctx, "Mobile"), "Celular");
    CHECK_STR(tr(ctx, "Order"), "Pedido");  // from es
    CHECK_STR(tr(ctx, "Quantity"), "Quantity");
    CHECK_STR(tr_plural(ctx, "%lld order", "%lld orders", 2), "2 pedidos");
    enter(ctx, "es-AR");
    CHECK_STR(ctx->locale->tag, "es-AR");
    CHECK_STR(ctx->locale->language, "es");
    CHECK_STR(tr(ctx, "Mobile"), "Mobile");
    CHECK_STR(tr(ctx, "Order"), "Pedido");
    enter(ctx, "bn");
    CHECK_STR(ctx->locale->language, "en");
    CHECK_STR(tr(ctx, "Order"), "Order");
    CHECK_STR(tr(ctx, TEXT_IN("verb", "Order")), "Order");
    CHECK_STR(tr_plural(ctx, TEXT_IN("sales", "%lld order"), "%lld orders", 1), "1 order");
    ctx->translate = NULL;
    ctx->locale = NULL;
    CHECK_STR(tr(ctx, TEXT_IN("verb", "Order")), "Order");
}

static void test_list_of_languages(void)
{
    Ctx *ctx = test_ctx();
    size_t count;
    CHECK_OK(ctx, start(ctx, spanish, COUNT(spanish)));
    const Locale *const *all = locales_all(&count);
    CHECK_INT((int64_t)count, 3);
    CHECK_STR(all[0]->tag, "en");
    CHECK_STR(all[1]->tag, "es");
    CHECK_STR(all[2]->tag, "es-CO");
    CHECK_STR(locale_name(all[0]), "English");
    CHECK_STR(locale_name(all[2]), "Español (Colombia)");
    CHECK_OK(ctx, start(ctx, NULL, 0));
    CHECK_STR(tr(ctx, "Order"), "Order");
    locales_all(&count);
    CHECK_INT((int64_t)count, 1);
    CHECK_STR(all[2]->tag, "es-CO");  // what was handed out stays
}

static void test_refused_catalogues(void)
{
    static const struct {
        const char *row, *name, *text, *said;
    } rows[] = {
        { "no header", "es.po", "msgid \"a\"\nmsgstr \"b\"\n",
          "es.po:1: the first entry must be the header: msgid \"\"" },
        { "empty", "es.po", "", "es.po:1: the header is missing: msgid \"\"" },
        { "charset", "es.po", "msgid \"\"\nmsgstr \"Content-Type: text/plain; charset=ASCII\\n\"\n",
          "es.po:1: the header must say Content-Type: text/plain; charset=UTF-8" },
        { "bytes", "es.po", HEADER("2") "msgid \"\xff\"\n", "es.po:5: not UTF-8" },
        { "name", "spanish.po", HEADER("2"),
          "spanish.po:1: a catalogue is called by its language's tag, as es or es-CO" },
        { "case of the name", "es-co.po", HEADER("2"),
          "es-co.po:1: a catalogue is called by its language's tag, as es or es-CO" },
        { "unknown language", "qq.po", HEADER("2"),
          "qq.po:1: a catalogue is called by its language's tag, as es or es-CO" },
        { "unknown country", "es-QQ.po", HEADER("2"),
          "es-QQ.po:1: a catalogue is called by its language's tag, as es or es-CO" },
        { "number of forms", "ar.po", HEADER("2"),
          "ar.po:1: nplurals is 2, but the language has zero, one, two, few, many, other" },
        { "too many forms", "ja.po", HEADER("2"),
          "ja.po:1: nplurals is 2, but the language has other" },
        { "nplurals", "es.po", HEADER("7"), "es.po:1: nplurals is 1 to 6" },
        { "word", "es.po", HEADER("2") "msg \"a\"\n",
          "es.po:5: not msgctxt, msgid, msgid_plural, msgstr, a text in quotes or a comment" },
        { "no quotes", "es.po", HEADER("2") "msgid a\n",
          "es.po:5: a text stands in quotes, on one line" },
        { "open quote", "es.po", HEADER("2") "msgid \"a\n",
          "es.po:5: a text stands in quotes, on one line" },
        { "two texts", "es.po", HEADER("2") "msgid \"a\" \"b\"\n",
          "es.po:5: a quote inside a text is written \\\"" },
        { "escaped end", "es.po", HEADER("2") "msgid \"a\\\"\n",
          "es.po:5: a quote inside a text is written \\\"" },
        { "escape", "es.po", HEADER("2") "msgid \"a\\q\"\n",
          "es.po:5: unknown escape: only \\n, \\t, \\\" and \\\\ are" },
        { "stray text", "es.po", "\"a\"\n", "es.po:1: a text without msgid or msgstr before it" },
        { "no msgstr", "es.po", HEADER("2") "msgid \"a\"\n\nmsgid \"b\"\nmsgstr \"c\"\n",
          "es.po:7: the entry in line 5 has no msgstr" },
        { "no msgstr at the end", "es.po", HEADER("2") "msgid \"a\"\n",
          "es.po:6: the entry in line 5 has no msgstr" },
        { "msgstr first", "es.po", HEADER("2") "msgctxt \"a\"\nmsgstr \"b\"\n",
          "es.po:6: msgstr belongs behind msgid" },
        { "two msgstr", "es.po", HEADER("2") "msgid \"a\"\nmsgstr \"b\"\nmsgstr \"c\"\n",
          "es.po:7: msgstr belongs behind msgid" },
        { "plural first", "es.po", HEADER("2") "msgid_plural \"a\"\n",
          "es.po:5: msgid_plural belongs behind msgid" },
        { "numbered without plural", "es.po", HEADER("2") "msgid \"a\"\nmsgstr[0] \"b\"\n",
          "es.po:6: msgstr[] belongs behind msgid_plural" },
        { "plural without number", "es.po",
          HEADER("2") "msgid \"a\"\nmsgid_plural \"b\"\nmsgstr \"c\"\n",
          "es.po:7: msgstr belongs behind msgid" },
        { "wrong number", "es.po", HEADER("2") "msgid \"a\"\nmsgid_plural \"b\"\nmsgstr[1] \"c\"\n",
          "es.po:7: msgstr[0] should be next" },
        { "too few forms", "es.po",
          HEADER("2") "msgid \"a\"\nmsgid_plural \"b\"\nmsgstr[0] \"c\"\n",
          "es.po:5: 1 plural forms, but nplurals is 2" },
        { "empty msgid", "es.po", HEADER("2") "msgid \"\"\nmsgstr \"a\"\n",
          "es.po:5: msgid is empty" },
        { "twice", "es.po", HEADER("2") "msgid \"a\"\nmsgstr \"b\"\nmsgid \"a\"\nmsgstr \"c\"\n",
          "es.po:7: this msgid is there already" },
        { "placeholder missing", "es.po", HEADER("2") "msgid \"a %s\"\nmsgstr \"b\"\n",
          "es.po:5: other placeholders than the English text" },
        { "placeholder too many", "es.po", HEADER("2") "msgid \"a\"\nmsgstr \"b %s\"\n",
          "es.po:5: the English text has no %" },
        { "number in plural", "es.po",
          HEADER("2") "msgid \"%lld a\"\nmsgid_plural \"%lld b\"\n"
                      "msgstr[0] \"%lld c\"\nmsgstr[1] \"%s d\"\n",
          "es.po:5: a plural form holds %lld, once or not at all" },
    };
    Ctx *ctx = test_ctx();
    CHECK_OK(ctx, start(ctx, spanish, COUNT(spanish)));
    for (size_t i = 0; i < COUNT(rows); i++) {
        test_row = rows[i].row;
        CHECK(start(ctx, &(Catalogue1){ rows[i].name, rows[i].text }, 1) == E_INVALID);
        CHECK_STR(str_from(ctx->failure.code), "i18n.catalogue");
        Str said = ctx->failure.message;
        ptrdiff_t slash =
            str_rfind_char(str_sub(said, 0, str_from("/tmp/entrepot-lang-XXXXXX/").len), '/');
        CHECK_STR(str_from_at(said, (size_t)slash + 1), rows[i].said);
        ctx_recover(ctx);
    }
    CHECK_FAILS(ctx, "i18n.catalogue", i18n_start(ctx, S("/nowhere")));
    enter(ctx, "es");
    CHECK_STR(tr(ctx, "Order"), "Pedido");  // what was refused has changed nothing
}

static void test_large_catalogues(void)
{
    Ctx *ctx = test_ctx();
    Buf text = { .arena = ctx->arena };
    PoMistake mistake;
    buf_c(&text, HEADER("2"));
    for (int i = 0; i < PO_ENTRIES_MAX; i++)
        buf_printf(&text, "msgid \"%d\"\nmsgstr \"%d\"\n", i, i);
    const Po *po = po_read(ctx->arena, buf_str(&text), &mistake);
    CHECK(po && po->entries.len == PO_ENTRIES_MAX);
    buf_c(&text, "msgid \"one more\"\nmsgstr \"\"\n");
    CHECK(!po_read(ctx->arena, buf_str(&text), &mistake));
    CHECK_STR(mistake.why, "at most 50000 entries");
    buf_clear(&text);
    buf_c(&text, HEADER("2") "msgid \"");
    for (int i = 0; i <= PO_TEXT_MAX; i++)
        buf_char(&text, 'x');
    buf_c(&text, "\"\n");
    CHECK(!po_read(ctx->arena, buf_str(&text), &mistake));
    CHECK_STR(mistake.why, "a text has at most 8000 bytes");
    char *zeros = NEW_ARRAY(ctx->arena, char, PO_BYTES_MAX + 1);
    CHECK(!po_read(ctx->arena, (Str){ zeros, PO_BYTES_MAX + 1 }, &mistake));
    CHECK_STR(mistake.why, "a catalogue has at most 4194304 bytes");
}

// ---- Placeholders -------------------------------------------------------------------------------

static void test_placeholders(void)
{
    static const struct {
        const char *english, *translation;
        const char *used;  // NULL: refused
    } rows[] = {
        { "Order", "Pedido", "Pedido" },
        { "%s by %lld", "%s por %lld", "%s por %lld" },
        { "%s by %lld", "%1$s por %2$lld", "%1$s por %2$lld" },
        { "%s by %lld", "%2$lld por %1$s", "%2$lld por %1$s" },
        { "%.*s by %lld", "%2$lld por %1$s", "%3$lld por %2$.*1$s" },
        { "%.*s by %lld", "%2$lld por %1$.*s", "%3$lld por %2$.*1$s" },
        { "%.*s of %.*s", "%2$s %1$s", "%4$.*3$s %2$.*1$s" },
        { "%s", "%1$s y %1$s", "%1$s y %1$s" },
        { "%02d:%02d", "%02dh%02d", "%02dh%02d" },
        { "%d %%", "%d %%", "%d %%" },
        { "%d %% of %s", "%2$s: %1$d %%", "%2$s: %1$d %%" },
        { "off by 5 %", "100 % de %s", "100 % de %s" },  // a label: nobody reads arguments
        { "Order", "100 %", NULL },
        { "Order", "%s", NULL },
        { "Order", "%%", NULL },
        { "%s", "a", NULL },
        { "%s", "%s %s", NULL },
        { "%s", "%d", NULL },
        { "%s", "%n", NULL },
        { "%s", "%1$n", NULL },
        { "%lld", "%d", NULL },
        { "%d", "%lld", NULL },
        { "%.*s", "%s", NULL },
        { "%s %d", "%d %s", NULL },
        { "%s %d", "%1$s", NULL },
        { "%s %d", "%1$s %2$s", NULL },
        { "%s %d", "%1$s %3$d", NULL },
        { "%s %d", "%1$s %d", NULL },
        { "%s", "%0$s", NULL },
        { "%s", "%123$s", NULL },
        { "%s", "%s al 5 %", NULL },
        { "%s", "%s al 5 % d", NULL },
        { "%1$s", "%1$s", NULL },
        { "%s%s%s%s%s%s%s%s%s%s%s%s%s%s%s%s%s", "%s", NULL },
    };
    Ctx *ctx = test_ctx();
    for (size_t i = 0; i < COUNT(rows); i++) {
        Str used;
        test_row = str_format(ctx->arena, "'%s' '%s'", rows[i].english, rows[i].translation).ptr;
        const char *why = placeholders_differ(ctx->arena, str_from(rows[i].english),
                                              str_from(rows[i].translation), &used);
        CHECK((why == NULL) == (rows[i].used != NULL));
        if (!why && rows[i].used)
            CHECK_STR(used, rows[i].used);
    }
}

// ---- Plurals ------------------------------------------------------------------------------------

static Catalogue1 forms(Ctx *ctx, const char *name, const char *header, int count)
{
    Buf text = { .arena = ctx->arena };
    buf_printf(&text, "%smsgid \"%%lld order\"\nmsgid_plural \"%%lld orders\"\n", header);
    for (int i = 0; i < count; i++)
        buf_printf(&text, "msgstr[%d] \"form %d\"\n", i, i);
    return (Catalogue1){ name, buf_str(&text).ptr };
}

static void test_plurals(void)
{
    static const struct {
        const char *tag;
        int64_t n;
        const char *shown;
    } rows[] = {
        // zero, one, two, few, many, other
        { "ar", 0, "form 0" },
        { "ar", 1, "form 1" },
        { "ar", 2, "form 2" },
        { "ar", 3, "form 3" },
        { "ar", 10, "form 3" },
        { "ar", 103, "form 3" },
        { "ar", 11, "form 4" },
        { "ar", 99, "form 4" },
        { "ar", 111, "form 4" },
        { "ar", 100, "form 5" },
        { "ar", 102, "form 5" },
        { "ar", -2, "form 2" },
        { "ar", 1000000000000000103, "form 3" },
        { "ar", INT64_MIN, "form 3" },  // ...808
        // one, few, many; CLDR's `other` is for fractions
        { "ru", 1, "form 0" },
        { "ru", 21, "form 0" },
        { "ru", 2, "form 1" },
        { "ru", 24, "form 1" },
        { "ru", 5, "form 2" },
        { "ru", 11, "form 2" },
        { "ru", 112, "form 2" },
        { "ru", 1000000, "form 2" },
        // one, many, other
        { "es", 1, "form 0" },
        { "es", 0, "form 2" },
        { "es", 2, "form 2" },
        { "es", 1000000, "form 1" },
        { "es", 3000000, "form 1" },
        { "es", 3000001, "form 2" },
        // one, other, as older files have it
        { "fr", 0, "form 0" },
        { "fr", 1, "form 0" },
        { "fr", 2, "form 1" },
        { "fr", 1000000, "form 1" },
        { "bn", 0, "form 0" },
        { "bn", 1, "form 0" },
        { "bn", 2, "form 1" },
        { "ja", 0, "form 0" },
        { "ja", 7, "form 0" },
        // one, two, few, other
        { "sl", 1, "form 0" },
        { "sl", 102, "form 1" },
        { "sl", 3, "form 2" },
        { "sl", 5, "form 3" },
    };
    Ctx *ctx = test_ctx();
    const Catalogue1 files[] = {
        forms(ctx, "ar.po", HEADER("6"), 6), forms(ctx, "ru.po", HEADER("3"), 3),
        forms(ctx, "es.po", HEADER("3"), 3), forms(ctx, "fr.po", HEADER("2"), 2),
        forms(ctx, "bn.po", HEADER("2"), 2), forms(ctx, "ja.po", HEADER("1"), 1),
        forms(ctx, "sl.po", HEADER("4"), 4),
    };
    CHECK_OK(ctx, start(ctx, files, COUNT(files)));
    for (size_t i = 0; i < COUNT(rows); i++) {
        test_row = str_format(ctx->arena, "%s %lld", rows[i].tag, (long long)rows[i].n).ptr;
        enter(ctx, rows[i].tag);
        CHECK_STR(tr_plural(ctx, "%lld order", "%lld orders", rows[i].n), rows[i].shown);
    }
    // A plural is not found as a plain text, whose English has other arguments.
    CHECK_STR(tr(ctx, "%lld order"), "%lld order");
}

static void test_numbers_in_plurals(void)
{
    Ctx *ctx = test_ctx();
    CHECK_OK(ctx, start(ctx, spanish, COUNT(spanish)));
    enter(ctx, "en");
    CHECK_STR(tr_plural(ctx, "%lld order", "%lld orders", 1), "1 order");
    CHECK_STR(tr_plural(ctx, "%lld order", "%lld orders", 0), "0 orders");
    CHECK_STR(tr_plural(ctx, "%lld order", "%lld orders", 1284), "1,284 orders");
    CHECK_STR(tr_plural(ctx, "one order", "%lld orders, 5 %%", 1), "one order");
    CHECK_STR(tr_plural(ctx, "one order", "%lld orders, 5 %%", 2), "2 orders, 5 %");
    enter(ctx, "es");
    CHECK_STR(tr_plural(ctx, "%lld order", "%lld orders", 1284), "1.284 pedidos");
    enter(ctx, "bn-u-nu-native");
    CHECK_STR(tr_plural(ctx, "%lld order", "%lld orders", 123456), "১,২৩,৪৫৬ orders");
}

// ---- Which language -----------------------------------------------------------------------------

static void test_accepted_languages(void)
{
    static const struct {
        const char *accept, *wanted, *tag, *language;
    } rows[] = {
        { "", "", "en", "en" },
        { "es", "", "es", "es" },
        { "es-CO", "", "es-CO", "es-CO" },
        { "es-MX,en;q=0.5", "", "es-MX", "es" },
        { "ES-mx", "", "es-MX", "es" },
        { "es-419", "", "es-419", "es" },
        { "es-ZZ", "", "es", "es" },
        { "en-US,en;q=0.9,es;q=0.8", "", "en-US", "en" },
        { "en;q=0.5, es", "", "es", "es" },
        { "en;q=0.5,es;q=0.501", "", "es", "es" },
        { "es;q=0.8,en;q=0.8", "", "es", "es" },  // of equals the first
        { "de-DE,de;q=0.9,es;q=0.5", "", "es", "es" },
        { "de,ja", "", "en", "en" },  // nobody gets English with German dates unasked
        { "es;q=0", "", "en", "en" },
        { "es;q=0,en-GB;q=0.1", "", "en-GB", "en" },
        { "*", "", "en", "en" },
        { "*;q=0.5,es;q=0.1", "", "es", "es" },
        { "es ; q=0.5 , en;q=0.4", "", "es", "es" },
        { "es;Q=1.000,en", "", "es", "es" },
        { "es;q=2,en-GB;q=0.1", "", "en-GB", "en" },  // no weight: passed over
        { "es;q=0.1234,en-GB;q=0.1", "", "en-GB", "en" },
        { "es;level=1,en-GB;q=0.1", "", "en-GB", "en" },
        { "es;q=,en-GB;q=0.1", "", "en-GB", "en" },
        { ",,;,es", "", "es", "es" },
        { "e,spanish,es_CO,12,\xff", "", "en", "en" },
        { "a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,es", "", "es", "es" },
        { "a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,es", "", "en", "en" },  // the 21st
        // An explicit choice is any language there is.
        { "es", "de", "de", "en" },
        { "es", "en-IN", "en-IN", "en" },
        { "es", "bn-u-nu-beng", "bn", "en" },
        { "en", "es-CO", "es-CO", "es-CO" },
        { "es", "zh-Hant-TW", "zh-Hant-TW", "en" },
        { "es", "zh-hant-hk-u-nu-latn", "zh-Hant-HK", "en" },
        { "es", "sl-rozaj-biske", "sl", "en" },  // variants are passed over
        { "es", "qq", "es", "es" },
        { "es", "klingon", "es", "es" },
        { "es", "", "es", "es" },
    };
    Ctx *ctx = test_ctx();
    CHECK_OK(ctx, start(ctx, spanish, COUNT(spanish)));
    for (size_t i = 0; i < COUNT(rows); i++) {
        test_row = str_format(ctx->arena, "'%s' '%s'", rows[i].accept, rows[i].wanted).ptr;
        const Locale *locale = locale_best(str_from(rows[i].accept), str_from(rows[i].wanted));
        CHECK_STR(locale->tag, rows[i].tag);
        CHECK_STR(locale->language, rows[i].language);
    }
}

static void test_locales(void)
{
    static const struct {
        const char *wanted, *decimal, *group;
        bool groups_lakh, is_rtl;
    } rows[] = {
        { "en", ".", ",", false, false },
        { "en-GB", ".", ",", false, false },
        { "en-IN", ".", ",", true, false },
        { "de", ",", ".", false, false },
        { "bn", ".", ",", true, false },
        { "bn-IN", ".", ",", true, false },
        { "hi", ".", ",", true, false },
        { "ar", ".", ",", false, true },
        { "ar-u-nu-native", "٫", "٬", false, true },
        { "es-CO", ",", ".", false, false },
        { "ja", ".", ",", false, false },
        { "he", ".", ",", false, true },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        test_row = rows[i].wanted;
        const Locale *locale = locale_best(S(""), str_from(rows[i].wanted));
        CHECK_STR(locale->decimal, rows[i].decimal);
        CHECK_STR(locale->group, rows[i].group);
        CHECK(locale->groups_lakh == rows[i].groups_lakh);
        CHECK(locale->is_rtl == rows[i].is_rtl);
        CHECK(locale == locale_best(S(""), str_from(rows[i].wanted)));  // made once
    }
    CHECK(locale_best(S(""), S("bn")) != locale_best(S(""), S("bn-u-nu-native")));
    Ctx *ctx = test_ctx();
    enter(ctx, "bn");
    CHECK(ctx->locale != locale_best(S(""), S("bn")));  // a request's own
}

// ---- Threads ------------------------------------------------------------------------------------

static void *use_languages(void *failures)
{
    static const char *const wanted[] = { "en", "de", "bn-u-nu-native", "ar", "sv", "ja", "es-CO" };
    Arena arena = { .limit = 64 << 20 };
    Random random = { (uintptr_t)failures };
    Tenant tenant = { 0 };
    Ctx ctx = { .arena = &arena, .now = 1, .random = &random, .tenant = &tenant };
    for (int i = 0; i < 300; i++) {
        Str language = str_from(wanted[i % COUNT(wanted)]);
        tenant.language = language;
        locale_enter(&ctx, locale_best(S(""), language), NULL);
        int64_t value = random_below(&random, 1000000000), again;
        bool is_right = read_number(&ctx, show_number(&ctx, value, 2), 2, &again) && again == value;
        is_right &= show_time(&ctx, SECOND * value).len > 0;
        is_right &= str_eq(fold_text(&ctx, S("Ångström")), S("angstrom"));
        is_right &= sort_key(&ctx, S("Ångström")).len > 0;
        is_right &= tr_plural(&ctx, "%lld order", "%lld orders", value).len > 0;
        is_right &= tr(&ctx, "Order").len > 0;
        *(int *)failures += !is_right;
        arena_clear(&arena);
    }
    arena_release(&arena);
    return NULL;
}

static void test_threads(void)
{
    enum { THREADS = 4 };
    Ctx *ctx = test_ctx();
    pthread_t threads[THREADS];
    int failures[THREADS] = { 0 };
    CHECK_OK(ctx, start(ctx, spanish, COUNT(spanish)));
    for (int i = 0; i < THREADS; i++)
        CHECK(pthread_create(&threads[i], NULL, use_languages, &failures[i]) == 0);
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        CHECK_INT(failures[i], 0);
    }
}

// ---- The product's own --------------------------------------------------------------------------

static void test_own_catalogues(void)
{
    Ctx *ctx = test_ctx();
    size_t count;
    CHECK_OK(ctx, i18n_start(ctx, str_format(ctx->arena, "%s/lang", test_root())));
    locales_all(&count);
    CHECK(count >= 2);
    enter(ctx, "es");
    CHECK_STR(tr(ctx, "Yes"), "Sí");
}

const Test i18n_tests[] = {
    { "texts are found in the caller's language", test_texts },
    { "a country falls back to its language, a language to English", test_fallbacks },
    { "languages with a catalogue are offered", test_list_of_languages },
    { "a catalogue with a mistake is refused with its line", test_refused_catalogues },
    { "catalogues have limits", test_large_catalogues },
    { "a translation has the placeholders of its English", test_placeholders },
    { "each number gets its plural form", test_plurals },
    { "numbers in plurals are shown as the language does", test_numbers_in_plurals },
    { "the best language is found", test_accepted_languages },
    { "marks and direction", test_locales },
    { "threads share languages", test_threads },
    { "the product's catalogues load", test_own_catalogues },
    { 0 },
};
