// test_i18n_words.c - texts folded for searching, and keys that sort them as people do.
#include "harness.h"

#include "base/utf8.h"
#include "kernel/i18n.h"
#include "kernel/tenant.h"

// ---- Folding ------------------------------------------------------------------------------------

static void test_folded(void)
{
    static const struct {
        const char *text, *folded;
    } rows[] = {
        { "", "" },
        { "SOLE-42 Black", "sole-42 black" },
        { "Ångström", "angstrom" },
        { "A\u030Angstro\u0308m", "angstrom" },  // accents as characters of their own
        { "Étude Œuvre", "etude oeuvre" },
        { "STRASSE Straße", "strasse strasse" },
        { "Łódź Ørsted Đorđe", "lodz orsted dorde" },
        { "Þórður Ægir", "thordur aegir" },
        { "İstanbul ISPARTA ısı", "istanbul isparta isi" },
        { "Ñandú", "nandu" },
        { "ΟΔΥΣΣΕΥΣ Οδυσσεύς", "οδυσσευσ οδυσσευσ" },
        { "ЁЛКА Ёлка", "елка елка" },
        { "ＡＢＣ１２３", "abc123" },  // full width
        { "ﬁne № ½ ㎏", "fine no 1⁄2 kg" },
        { "x² H₂O", "x2 h2o" },
        { "O’Brien “black” 5–6", "o'brien \"black\" 5-6" },
        { "non\u2011breaking soft\u00ADhyphen a\u00A0b", "non-breaking softhyphen a b" },
        { "zero\u200Bwidth\u200D", "zerowidth" },
        // Vowel signs and viramas are letters, not accents.
        { "রহিম ট্রেডার্স", "রহিম ট্রেডার্স" },
        { "বড়", "বড\u09BC" },
        { "ব\u09A1\u09BC", "ব\u09A1\u09BC" },
        { "हिन्दी", "हिन्दी" },
        { "ज़िला", "ज\u093Cिला" },
        { "ไทย ที่", "ไทย ที่" },
        // Harakat and tatweel are left out by most who write; hamzas on alef, too.
        { "مُحَمَّد", "محمد" },
        { "كتـــاب", "كتاب" },
        { "أحمد", "احمد" },
        { "שָׁלוֹם", "שלום" },
        // Kana keep their voicing; half width becomes whole.
        { "カ\u3099", "ガ" },
        { "ｶﾞ", "ガ" },
        { "한국어", "한국어" },
        { "\u1112\u1161\u11AB", "한" },
        { "中文 標準", "中文 標準" },
        // Digits of all scripts.
        { "১২৩ ४५६ ٧٨٩ ๑๒", "123 456 789 12" },
        { "🙂 Ok", "🙂 ok" },
        { "a\xff"
          "b",
          "a\uFFFD"
          "b" },
    };
    Ctx *ctx = test_ctx();
    for (size_t i = 0; i < COUNT(rows); i++) {
        test_row = rows[i].text;
        Str folded = fold_text(ctx, str_from(rows[i].text));
        CHECK_STR(folded, rows[i].folded);
        CHECK_STR(fold_text(ctx, folded), rows[i].folded);
        CHECK(folded.ptr[folded.len] == '\0');
    }
}

// A character of any kind: every script, marks, controls, emoji; never a surrogate.
static int32_t random_character(Random *random)
{
    static const struct {
        int32_t first, count;
    } blocks[] = {
        { 0x20, 0x60 },    { 0xA0, 0x260 },   { 0x300, 0x70 },    { 0x370, 0x190 },
        { 0x590, 0x1B0 },  { 0x900, 0x500 },  { 0xE00, 0x80 },    { 0x1100, 0x100 },
        { 0x1E00, 0x200 }, { 0x2000, 0x200 }, { 0x3040, 0xC0 },   { 0x4E00, 0x100 },
        { 0xF900, 0x100 }, { 0xFB00, 0x500 }, { 0x1D400, 0x100 }, { 0x10000, 0xFFFFF },
    };
    size_t block = (size_t)random_below(random, COUNT(blocks));
    return blocks[block].first + (int32_t)random_below(random, blocks[block].count);
}

static Str random_text(Ctx *ctx, size_t characters)
{
    Buf text = { .arena = ctx->arena };
    for (size_t i = 0; i < characters; i++) {
        char bytes[4];
        size_t len;
        utf8_put(bytes, random_character(ctx->random), &len);
        buf_put(&text, (Str){ bytes, len });
    }
    return buf_str(&text);
}

static void test_folding_twice(void)
{
    for (int i = 0; i < 3000; i++) {
        Ctx *ctx = test_ctx();
        ctx->random->state += (uint64_t)i;
        Str folded = fold_text(ctx, random_text(ctx, 1 + (size_t)random_below(ctx->random, 12)));
        CHECK(utf8_valid(folded));
        if (!str_eq(fold_text(ctx, folded), folded))
            test_fail(__FILE__, __LINE__, "'" STR_FMT "' is folded further", STR_ARG(folded));
        arena_clear(ctx->arena);
    }
}

// Longer than the room on the stack, and what grows most: one character that becomes eighteen.
static void test_folding_long_texts(void)
{
    Ctx *ctx = test_ctx();
    Buf text = { .arena = ctx->arena }, parts = { .arena = ctx->arena };
    for (int i = 0; i < 3000; i++) {
        Str one = i % 3 ? S("Ä") : S("\uFDFA");
        buf_put(&text, one);
        buf_put(&parts, fold_text(ctx, one));
    }
    CHECK(str_eq(fold_text(ctx, buf_str(&text)), buf_str(&parts)));
}

// ---- Sorting ------------------------------------------------------------------------------------

static Ctx *in(const char *language)
{
    static Tenant tenant;
    Ctx *ctx = test_ctx();
    tenant = (Tenant){ .language = str_from(language) };
    ctx->tenant = &tenant;
    return ctx;
}

static void test_sorted(void)
{
    static const struct {
        const char *language, *words;  // in order
    } rows[] = {
        { "en", "1 10 2 apple Apple äpple banana Zebra" },
        { "en", "co co-op coop Coop cop" },
        { "sv", "adam zebra ål ärt öl" },
        { "de", "Affe Äpfel Apfelbaum Ofen öffnen Straße Zebra" },
        { "es", "chile cosa llama luz nube ñandú ñoño oca" },
        { "es-CO", "nube ñandú oca" },
        { "es-QQ", "nube ñandú oca" },  // a country nobody knows sorts as its language
        { "da", "Zebra Ærø Østerbro Århus" },
        { "bn", "অজয় আম ইলিশ কলা খাতা গম চাল রহিম" },
        { "hi", "अमर आम कमल खेत गाय" },
        { "ru", "арбуз ёлка жук яблоко" },
        { "ar", "أحمد باسم تامر" },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        Ctx *ctx = in(rows[i].language);
        Str rest = str_from(rows[i].words), word, before = S("");
        while (str_next_word(&rest, &word)) {
            Str key = sort_key(ctx, word);
            test_row = str_format(ctx->arena, "%s " STR_FMT, rows[i].language, STR_ARG(word)).ptr;
            CHECK(str_compare(before, key) < 0);
            before = key;
        }
    }
}

static void test_root_order(void)
{
    Ctx *ctx = test_ctx();  // without a tenant
    CHECK(str_compare(sort_key(ctx, S("ä")), sort_key(ctx, S("z"))) < 0);
    CHECK(str_compare(sort_key(ctx, S("")), sort_key(ctx, S("a"))) < 0);
    CHECK(str_eq(sort_key(ctx, S("ä")), sort_key(in("no such language"), S("ä"))));
    CHECK(str_eq(sort_key(ctx, S("ä")), sort_key(in("en"), S("a\u0308"))));
    CHECK(str_compare(sort_key(in("sv"), S("ä")), sort_key(in("sv"), S("z"))) > 0);
}

static void test_keys_have_limits(void)
{
    Ctx *ctx = in("en");
    Buf text = { .arena = ctx->arena };
    Str before = S("");
    for (int i = 0; i < 5000; i++) {
        buf_c(&text, i % 2 ? "字" : "\uFDFA");
        if (i < 20 || i > 4990) {
            Str key = sort_key(ctx, buf_str(&text));
            CHECK(key.len <= SORT_KEY_MAX);
            CHECK(str_compare(before, key) <= 0);
            before = key;
        }
    }
    for (size_t i = 0; i < before.len; i++)
        CHECK(strchr("0123456789abcdef", before.ptr[i]) != NULL);
    CHECK_INT((int64_t)before.len, SORT_KEY_MAX);
    CHECK(sort_key(ctx, S("\xff\xfe broken")).len > 0);
}

// Keys say what they were made with; another language's are others.
static void test_versions(void)
{
    Ctx *ctx = in("en");
    Str english = keys_version(ctx);
    CHECK(str_starts(english, S("fold 1, unicode ")));
    CHECK(!str_eq(english, keys_version(in("sv"))));
}

const Test i18n_words_tests[] = {
    { "texts are folded in all scripts", test_folded },
    { "folding twice changes nothing", test_folding_twice },
    { "long texts are folded whole", test_folding_long_texts },
    { "words sort as their language does", test_sorted },
    { "without a language the root order holds", test_root_order },
    { "sort keys have limits", test_keys_have_limits },
    { "keys have a version", test_versions },
    { 0 },
};
