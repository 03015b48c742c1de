// analyse.c - cuts folded text into atoms and compounds.
//
// Words are cut by character class and not by ICU's word rules, because these keep "3.5mm" and
// "can't" whole and cut "TN-2110": here what is written together is kept both ways. ICU cuts only
// the scripts that write without blanks and need a dictionary.
#include "kernel/search/analyse.h"

#include "base/buf.h"

#include <unicode/ubrk.h>
#include <unicode/uchar.h>
#include <unicode/uscript.h>
#include <unicode/ustring.h>
#include <unicode/utf8.h>

enum { PLURAL_MIN = 4 };

typedef enum Class { BLANK, LETTER, DIGIT, PAIRED, UNSPACED, CONNECTOR } Class;

typedef struct Scan {
    Ctx *ctx;
    Str text;
    size_t at;
    Analysis *out;
    UBreakIterator *breaks;  // opened when the first unspaced run comes
} Scan;

// ---- Characters ---------------------------------------------------------------------------------

static Class class_of_script(UChar32 c)
{
    UErrorCode error = U_ZERO_ERROR;
    switch (uscript_getScript(c, &error)) {
    case USCRIPT_HAN:
    case USCRIPT_HIRAGANA:
    case USCRIPT_KATAKANA:
    case USCRIPT_BOPOMOFO:
    case USCRIPT_HANGUL: return PAIRED;
    case USCRIPT_THAI:
    case USCRIPT_LAO:
    case USCRIPT_KHMER:
    case USCRIPT_MYANMAR: return UNSPACED;
    default: return c == 0x30fc ? PAIRED : LETTER;  // the long vowel of katakana
    }
}

static Class class_of(UChar32 c)
{
    if (c < 0x80) {
        if (c >= 'a' && c <= 'z')
            return LETTER;
        if (c >= '0' && c <= '9')
            return DIGIT;
        return c > 0 && strchr("-_./+&'", c) ? CONNECTOR : BLANK;
    }
    if ((c >= 0x2010 && c <= 0x2013) || c == 0x2019 || c == 0x2044)  // dashes, apostrophe, fraction
        return CONNECTOR;
    bool is_mark = (U_GET_GC_MASK(c) & U_GC_M_MASK) != 0;
    return is_mark || u_isalnum(c) ? class_of_script(c) : BLANK;
}

// The class of the character at `at`, and where the next one begins.
static Class peek(const Scan *scan, size_t at, size_t *ret_next)
{
    *ret_next = at;
    if (at >= scan->text.len)
        return BLANK;
    int32_t next = (int32_t)at;
    UChar32 c;
    U8_NEXT_OR_FFFD(scan->text.ptr, next, (int32_t)scan->text.len, c);
    *ret_next = (size_t)next;
    return class_of(c);
}

static size_t skip_class(const Scan *scan, size_t at, Class class)  // not BLANK
{
    size_t next;
    while (peek(scan, at, &next) == class)
        at = next;
    return at;
}

// ---- Plurals ------------------------------------------------------------------------------------

static bool is_latin(Str word)
{
    for (size_t i = 0; i < word.len; i++)
        if (word.ptr[i] < 'a' || word.ptr[i] > 'z')
            return false;
    return true;
}

static bool ends_with_any(Str word, const char *const *ends)
{
    for (; *ends; ends++)
        if (str_ends(word, str_from(*ends)))
            return true;
    return false;
}

Str analyse_stem(Arena *arena, Str word)
{
    static const char *const es[] = { "sses", "xes", "ches", "shes", "zes", NULL };
    static const char *const no_plural[] = { "ss", "us", "is", NULL };
    if (word.len < PLURAL_MIN || !is_latin(word))
        return word;
    if (ends_with_any(word, es))
        word.len -= 2;
    else if (str_ends(word, S("s")) && !ends_with_any(word, no_plural))
        word.len -= 1;
    if (word.len >= PLURAL_MIN + 1 && str_ends(word, S("ie")))
        word.len -= 1;  // movies, movie: movi
    if (word.len >= PLURAL_MIN && str_ends(word, S("y")))
        return str_join(arena, str_sub(word, 0, word.len - 1),
                        S("i"));  // battery, batteries: batteri
    return word;
}

// ---- Atoms --------------------------------------------------------------------------------------

static Str cut_word(Str word)
{
    if (word.len <= WORD_BYTES_MAX)
        return word;
    size_t len = WORD_BYTES_MAX;
    while (len > 0 && ((unsigned char)word.ptr[len] & 0xc0) == 0x80)
        len--;
    return str_sub(word, 0, len);
}

static void put_atom(Scan *scan, Str word, bool is_exact)
{
    *list_push(scan->ctx->arena, &scan->out->atoms) =
        (Atom){ .word = cut_word(word), .is_exact = is_exact };
}

static size_t end_of_letters(const Scan *scan, size_t at)
{
    return skip_class(scan, at, LETTER);
}

// Digits, with single marks between them: "3.5", "1,299.00".
static size_t end_of_digits(const Scan *scan, size_t at)
{
    const char *text = scan->text.ptr;
    size_t end = skip_class(scan, at, DIGIT);
    while (end + 1 < scan->text.len && (text[end] == '.' || text[end] == ',') &&
           class_of(text[end + 1]) == DIGIT)
        end = skip_class(scan, end + 1, DIGIT);
    return end;
}

// The end of the piece of letters or digits that begins at `at`.
static size_t end_of_piece(const Scan *scan, size_t at)
{
    size_t next;
    return peek(scan, at, &next) == DIGIT ? end_of_digits(scan, at) : end_of_letters(scan, at);
}

static bool is_piece(const Scan *scan, size_t at)
{
    size_t next;
    Class class = peek(scan, at, &next);
    return class == LETTER || class == DIGIT;
}

static void put_piece(Scan *scan, size_t from, size_t to)
{
    Str piece = str_sub(scan->text, from, to - from);
    size_t next;
    if (peek(scan, from, &next) == DIGIT)
        put_atom(scan, str_replace_char(scan->ctx->arena, piece, ',', '.'), true);
    else
        put_atom(scan, analyse_stem(scan->ctx->arena, piece), false);
}

// Letters and digits without anything between: an atom each, or one for all where they alternate
// too often to mean anything ("8a3f9c21").
static void take_run(Scan *scan)
{
    size_t from = scan->at, end = from, pieces = 0;
    for (; is_piece(scan, end); pieces++)
        end = end_of_piece(scan, end);
    if (pieces > COMPOUND_ATOMS_MAX)
        put_atom(scan, str_sub(scan->text, from, end - from), true);
    else
        for (size_t at = from, to; at < end; at = to) {
            to = end_of_piece(scan, at);
            put_piece(scan, at, to);
        }
    scan->at = end;
}

// An apostrophe and one letter behind a word are grammar: "men's", "don't".
static void skip_possessive(Scan *scan)
{
    Str rest = str_from_at(scan->text, scan->at);
    size_t mark = str_starts(rest, S("'")) ? 1 : str_starts(rest, S("\u2019")) ? 3 : 0, end;
    if (mark && peek(scan, scan->at + mark, &end) == LETTER && !is_piece(scan, end))
        scan->at = end;
}

// True, and the connector skipped, when another run follows right behind it.
static bool take_connector(Scan *scan)
{
    size_t next;
    if (peek(scan, scan->at, &next) != CONNECTOR || !is_piece(scan, next))
        return false;
    scan->at = next;
    return true;
}

static Str joined(Scan *scan, size_t from)
{
    Buf out = { .arena = scan->ctx->arena };
    for (size_t i = from; i < scan->out->atoms.len; i++)
        buf_put(&out, scan->out->atoms.items[i].word);
    return cut_word(analyse_stem(scan->ctx->arena, buf_str(&out)));
}

static void close_compound(Scan *scan, size_t from)
{
    size_t count = scan->out->atoms.len - from;
    bool is_joined = count > 1 && count <= COMPOUND_ATOMS_MAX;
    Compound compound = { (uint32_t)from, (uint32_t)count, S("") };
    if (is_joined)
        compound.word = joined(scan, from);
    *list_push(scan->ctx->arena, &scan->out->compounds) = compound;
}

static void take_compound(Scan *scan)
{
    size_t from = scan->out->atoms.len;
    do {
        take_run(scan);
        skip_possessive(scan);
    } while (take_connector(scan));
    close_compound(scan, from);
}

// ---- Scripts without blanks ---------------------------------------------------------------------

// Each character, and each with its neighbour.
static void take_pairs(Scan *scan)
{
    size_t end = skip_class(scan, scan->at, PAIRED), before = scan->at, at = before, next;
    size_t from = scan->out->atoms.len;
    for (; at < end; before = at, at = next) {
        peek(scan, at, &next);
        if (at > before)
            put_atom(scan, str_sub(scan->text, before, next - before), true);
        put_atom(scan, str_sub(scan->text, at, next - at), true);
        list_end(scan->out->atoms)[-1].is_single = at > scan->at || next < end;
    }
    scan->at = end;
    for (size_t i = from; i < scan->out->atoms.len; i++)
        *list_push(scan->ctx->arena, &scan->out->compounds) = (Compound){ (uint32_t)i, 1, S("") };
}

static void close_breaks(void *breaks)
{
    if (*(UBreakIterator **)breaks)
        ubrk_close(*(UBreakIterator **)breaks);
}

static Status open_breaks(Scan *scan)
{
    if (scan->breaks)
        return OK;
    UErrorCode error = U_ZERO_ERROR;
    UBreakIterator **slot = NEW(scan->ctx->arena, UBreakIterator *);
    arena_defer(scan->ctx->arena, close_breaks, slot);
    *slot = scan->breaks = ubrk_open(UBRK_WORD, "th", NULL, 0, &error);
    return U_SUCCESS(error) ? OK
                            : FAIL(scan->ctx, E_INTERNAL, "search.breaks",
                                   "words cannot be cut: %s", u_errorName(error));
}

static void put_unspaced(Scan *scan, const UChar *wide, int32_t from, int32_t to)
{
    UErrorCode error = U_ZERO_ERROR;
    int32_t room = (to - from) * 3 + 1, len = 0;
    char *word = arena_alloc(scan->ctx->arena, (size_t)room);
    u_strToUTF8(word, room, &len, wide + from, to - from, &error);
    uint32_t at = (uint32_t)scan->out->atoms.len;
    put_atom(scan, (Str){ word, (size_t)len }, false);
    *list_push(scan->ctx->arena, &scan->out->compounds) = (Compound){ at, 1, S("") };
}

static Status take_unspaced(Scan *scan)
{
    TRY(open_breaks(scan));
    size_t end = skip_class(scan, scan->at, UNSPACED);
    Str run = str_sub(scan->text, scan->at, end - scan->at);
    UErrorCode error = U_ZERO_ERROR;
    int32_t len = 0;
    UChar *wide = NEW_ARRAY(scan->ctx->arena, UChar, run.len + 1);
    u_strFromUTF8(wide, (int32_t)run.len + 1, &len, run.ptr, (int32_t)run.len, &error);
    ubrk_setText(scan->breaks, wide, len, &error);
    if (U_FAILURE(error))
        return FAIL(scan->ctx, E_INTERNAL, "search.breaks", "words cannot be cut: %s",
                    u_errorName(error));
    int32_t from = 0;
    for (int32_t to = ubrk_next(scan->breaks); to != UBRK_DONE;
         from = to, to = ubrk_next(scan->breaks))
        put_unspaced(scan, wide, from, to);
    scan->at = end;
    return OK;
}

// ---- All of it ----------------------------------------------------------------------------------

Status analyse(Ctx *ctx, Str text, Analysis *ret)
{
    *ret = (Analysis){ 0 };
    Scan scan = { .ctx = ctx, .out = ret };
    scan.text = analyse_fold(ctx, text);
    while (scan.at < scan.text.len) {
        size_t next;
        Class class = peek(&scan, scan.at, &next);
        ret->ends_open = class == LETTER || class == DIGIT || class == UNSPACED;
        if (class == LETTER || class == DIGIT)
            take_compound(&scan);
        else if (class == PAIRED)
            take_pairs(&scan);
        else if (class == UNSPACED)
            TRY(take_unspaced(&scan));
        else
            scan.at = next;
    }
    return OK;
}
