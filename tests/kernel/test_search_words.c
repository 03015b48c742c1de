// test_search_words.c - from text to the words that are looked up: the rows are the specification.
#include "kernel/search/analyse.h"
#include "kernel/search/score.h"

#include "harness.h"

// "atom atom", exact atoms with "=", single characters of pairs in "( )"; compounds behind "+".
static Str shown(Ctx *ctx, const Analysis *words)
{
    Buf out = { .arena = ctx->arena };
    EACH (atom, words->atoms)
        buf_printf(&out, atom->is_single ? "%s(" STR_FMT ")" : "%s" STR_FMT "%s",
                   out.len ? " " : "", STR_ARG(atom->word), atom->is_exact ? "=" : "");
    EACH (compound, words->compounds)
        if (compound->word.len)
            buf_printf(&out, " +" STR_FMT, STR_ARG(compound->word));
    return buf_str(&out);
}

static void test_analysis(void)
{
    // clang-format off
    static const struct { const char *row, *text, *words; } rows[] = {
        { "nothing",                     "",                         "" },
        { "only marks",                  " -- ... !",                "" },
        { "case and blanks",             "  Brown  WALLET ",         "brown wallet" },
        { "a code in three parts",       "KN-1182-NVY",              "kn 1182= nvy +kn1182nvy" },
        { "the same, run together",      "kn1182nvy",                "kn 1182= nvy +kn1182nvy" },
        { "the same, with blanks",       "KN 1182 NVY",              "kn 1182= nvy" },
        { "too many parts to join",      "a-b-c-d-e",                "a b c d e" },
        { "letters and digits mixed up", "8a3f9c21",                 "8a3f9c21=" },
        { "number and unit",             "16GB",                     "16= gb +16gb" },
        { "number, blank, unit",         "16 GB",                    "16= gb" },
        { "decimal point",               "3.5mm",                    "3.5= mm +3.5mm" },
        { "decimal comma",               "3,5 mm",                   "3.5= mm" },
        { "a full stop ends a number",   "size 42. New",             "size 42= new" },
        { "thousands",                   "1,299.00",                 "1.299.00=" },
        { "a hyphen joins words",        "Wi-Fi",                    "wi fi +wifi" },
        { "a dash with blanks does not", "wallet - brown",           "wallet brown" },
        { "soft and non-breaking hyphen", "Wi\u2011Fi",              "wi fi +wifi" },
        { "possessive",                  "men's shoes",              "men shoe" },
        { "possessive, typographic",     "women\u2019s shoe",        "women shoe" },
        { "elision",                     "l'eau",                    "l eau +leau" },
        { "e-mail address",              "anna@acme.com",            "anna acme com +acmecom" },
        { "trade mark",                  "Contour\u2122 case",       "contour case" },
        { "registered",                  "Micro\u00aeSaver",         "micro saver" },
        { "plural s",                    "wallets",                  "wallet" },
        { "plural ies",                  "batteries",                "batteri" },
        { "its singular",                "battery",                  "batteri" },
        { "plural ie-s",                 "movies",                   "movi" },
        { "its singular",                "movie",                    "movi" },
        { "plural es",                   "boxes brushes",            "box brush" },
        { "no plural",                   "glass bus this",           "glass bus this" },
        { "Spanish plural",              "zapatos",                  "zapato" },
        { "accents",                     "\u00c9l\u00e9gant na\u00efve \u00e5ngstr\u00f6m", "elegant naive angstrom" },
        { "accents apart from letters",  "e\u0301te\u0301",          "ete" },
        { "letters that do not decompose", "\u00d8re \u0141\u00f3d\u017a \u0152uvre stra\u00dfe", "ore lodz oeuvre strasse" },
        { "Turkish dotted I",            "\u0130stanbul \u0131s\u0131", "istanbul isi" },
        { "Greek, final sigma, accent",  "\u039f\u03b4\u03cc\u03c2", "\u03bf\u03b4\u03bf\u03c3" },
        { "Cyrillic",                    "\u041a\u041e\u0428\u0415\u041b\u0401\u041a", "\u043a\u043e\u0448\u0435\u043b\u0435\u043a" },
        { "full width",                  "\uff21\uff22\uff23\uff11\uff12\uff13", "abc 123= +abc123" },
        { "ligature and superscript",    "o\ufb03ce m\u00b2",        "office m 2= +m2" },
        { "Arabic points and hamza",     "\u0645\u064f\u062d\u064e\u0645\u0651\u062f \u0623\u062d\u0645\u062f", "\u0645\u062d\u0645\u062f \u0627\u062d\u0645\u062f" },
        { "Arabic digits",               "\u0661\u0662\u0663",       "123=" },
        { "Hebrew points",               "\u05e9\u05b8\u05c1\u05dc\u05d5\u05b9\u05dd", "\u05e9\u05dc\u05d5\u05dd" },
        { "Bengali keeps its vowel signs", "\u09ac\u09be\u0982\u09b2\u09be", "\u09ac\u09be\u0982\u09b2\u09be" },
        { "Bengali digits",              "\u09e7\u09e8",             "12=" },
        { "Hindi keeps its vowel signs", "\u0939\u093f\u0928\u094d\u0926\u0940", "\u0939\u093f\u0928\u094d\u0926\u0940" },
        { "Tamil",                       "\u0ba4\u0bae\u0bbf\u0bb4\u0bcd", "\u0ba4\u0bae\u0bbf\u0bb4\u0bcd" },
        { "Thai by dictionary",          "\u0e01\u0e23\u0e30\u0e40\u0e1b\u0e4b\u0e32\u0e2a\u0e15\u0e32\u0e07\u0e04\u0e4c", "\u0e01\u0e23\u0e30\u0e40\u0e1b\u0e4b\u0e32 \u0e2a\u0e15\u0e32\u0e07\u0e04\u0e4c" },
        { "Thai vowel am",               "\u0e19\u0e49\u0e33",       "\u0e19\u0e49\u0e33" },
        { "Chinese in pairs",            "\u8fd0\u52a8\u978b",       "(\u8fd0) \u8fd0\u52a8= (\u52a8) \u52a8\u978b= (\u978b)" },
        { "one Chinese character",       "\u978b",                   "\u978b=" },
        { "kana keep their voicing",     "\u304c\u304b",             "(\u304c) \u304c\u304b= (\u304b)" },
        { "half-width kana",             "\uff76\uff9e",             "\u30ac=" },
        { "Korean in pairs",             "\uc9c0\uac11",             "(\uc9c0) \uc9c0\uac11= (\uac11)" },
        { "Latin beside Chinese",        "usb\u7ebf",                "usb \u7ebf=" },
        { "not UTF-8",                   "wal\xfflet",               "wal let" },
        { "a NUL and other controls",    "red\x01hat\tcap",          "red hat cap" },
    };
    // clang-format on
    Ctx *ctx = test_ctx();
    for (size_t i = 0; i < COUNT(rows); i++) {
        Analysis words;
        test_row = rows[i].row;
        CHECK_OK(ctx, analyse(ctx, str_from(rows[i].text), &words));
        CHECK_STR(shown(ctx, &words), rows[i].words);
    }
}

static void test_open_end(void)
{
    // clang-format off
    static const struct { const char *text; bool is_open; } rows[] = {
        { "wall", true }, { "brown wall", true }, { "wall ", false }, { "wall-", false },
        { "", false }, { "16", true }, { "\u978b", false },
    };
    // clang-format on
    Ctx *ctx = test_ctx();
    for (size_t i = 0; i < COUNT(rows); i++) {
        Analysis words;
        test_row = rows[i].text;
        CHECK_OK(ctx, analyse(ctx, str_from(rows[i].text), &words));
        CHECK_INT(words.ends_open, rows[i].is_open);
    }
}

static void test_limits(void)
{
    Ctx *ctx = test_ctx();
    Buf text = { .arena = ctx->arena };
    for (int i = 0; i < 30; i++)
        buf_c(&text, "\u00e9\u4e00x");  // no run of one kind is long
    buf_char(&text, ' ');
    for (int i = 0; i < 60; i++)
        buf_c(&text, "\u043b");
    Analysis words;
    CHECK_OK(ctx, analyse(ctx, buf_str(&text), &words));
    CHECK_INT((int64_t)list_end(words.atoms)[-1].word.len, WORD_BYTES_MAX);

    buf_clear(&text);
    while (text.len < ANALYSE_BYTES_MAX + 10)
        buf_c(&text, "word ");
    CHECK_OK(ctx, analyse(ctx, buf_str(&text), &words));
    CHECK_INT((int64_t)words.atoms.len, ANALYSE_BYTES_MAX / 5 + 1);  // the last one is cut
}

// Whatever the bytes: folding twice changes nothing more, and a word that was found finds itself.
static void test_folding_law(void)
{
    static const char *const pieces[] = { "\u00c9", "A",  "\u0e33", "\u304c", "\xff",
                                          " ",      "-",  "7",      "\u0661", "\ufb03",
                                          "\u1e9e", "'s", "\u0301" };
    Ctx *ctx = test_ctx();
    for (int round = 0; round < 3000; round++) {
        Buf text = { .arena = ctx->arena };
        for (int64_t n = random_below(ctx->random, 12); n > 0; n--)
            buf_c(&text, pieces[random_below(ctx->random, COUNT(pieces))]);
        Str once, twice;
        Analysis words, again;
        once = analyse_fold(ctx, buf_str(&text));
        twice = analyse_fold(ctx, once);
        CHECK(str_eq(once, twice));
        CHECK_OK(ctx, analyse(ctx, buf_str(&text), &words));
        EACH (atom, words.atoms) {
            CHECK_OK(ctx, analyse(ctx, atom->word, &again));
            CHECK(again.atoms.len >= 1);
        }
        arena_clear(ctx->arena);
    }
}

static int level(int times_first, int times_third, uint32_t first, uint32_t third)
{
    uint32_t words[SCORE_FIELDS] = { [0] = first, [2] = third };
    ScoreCounts counts = { .words = words,
                           .times = { [0] = (uint16_t)times_first, [2] = (uint16_t)times_third } };
    return score_level(&counts);
}

static void test_levels(void)
{
    CHECK(level(1, 0, 4, 0) > level(1, 0, 40, 0));  // in a short name it says more
    CHECK(level(1, 0, 8, 0) > level(0, 1, 0, 8));   // earlier fields weigh more
    CHECK(level(2, 0, 8, 0) > level(1, 0, 8, 0));   // twice is more than once
    CHECK(level(1, 1, 8, 8) > level(1, 0, 8, 8));   // as is another field
    CHECK_INT(level(0, 1, 0, 1000000), 1);          // never nothing
    CHECK_INT(level(UINT16_MAX, 0, 1, 0), SCORE_LEVELS);
}

static void test_rarity(void)
{
    CHECK_INT(score_rarity(0, 0), 16);  // log2(2) x 16
    CHECK_INT(score_rarity(100000, 100000), 1);
    CHECK(score_rarity(1, 100000) > score_rarity(2, 100000));
    CHECK_INT(score_rarity(1000, 100000), 106);  // log2(200002 / 2001) is 6.64; 16ths, rounded down
    for (int64_t found = 0; found < 1000; found++)
        CHECK(score_rarity(found, 1000) >= score_rarity(found + 1, 1000));
}

const Test search_words_tests[] = {
    { "texts of many languages become the words they are looked up by", test_analysis },
    { "a text may end within a word", test_open_end },
    { "long words and long texts are cut", test_limits },
    { "folding twice changes nothing", test_folding_law },
    { "a level says how much a word matters in its record", test_levels },
    { "rarity grows as fewer records have the word", test_rarity },
    { 0 },
};
