// fold.c - texts made alike for searching and comparing.
//
// Four steps: compatibility forms, width and case go by NFKC_Casefold; what is left is taken apart
// (NFD), accents go and a few letters get plain twins by the tables below; digits of all scripts
// become 0-9; then it is put together again (NFC).
//
// Folded text is stored, so it must come out the same on every machine and in ten years. Unicode
// promises that for normalization and case folding of every character once assigned; which marks
// are accents is not promised, hence the table here instead of a character property. A newer ICU
// only differs on characters that an older one did not know. Changing a table here changes stored
// text: then FOLD_VERSION in sort.c goes up.
#include "kernel/i18n.h"

#include "kernel/i18n/utf16.h"

#include <assert.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/utf16.h>

enum { ROOM = 256 };

typedef struct Range {
    UChar32 first, last;
} Range;

// Marks that many people leave out when they type. Not those that make another letter: the vowels,
// viramas and nuktas of India, the voicing marks of kana, the vowels of Thai.
// clang-format off
static const Range accents[] = {
    { 0x0300, 0x036F },  // Latin, Greek, Cyrillic
    { 0x0483, 0x0487 },  // Old Cyrillic
    { 0x0591, 0x05BD }, { 0x05BF, 0x05BF }, { 0x05C1, 0x05C2 }, { 0x05C4, 0x05C5 },
    { 0x05C7, 0x05C7 },  // Hebrew points
    { 0x0610, 0x061A }, { 0x0640, 0x0640 }, { 0x064B, 0x065F }, { 0x0670, 0x0670 },
    { 0x06D6, 0x06DC }, { 0x06DF, 0x06E4 }, { 0x06E7, 0x06E8 }, { 0x06EA, 0x06ED },  // Arabic
    { 0x1AB0, 0x1AFF }, { 0x1DC0, 0x1DFF }, { 0x20D0, 0x20F0 }, { 0xFE20, 0xFE2F },
};

// Letters whose stroke or shape Unicode does not take apart, and marks that keyboards do not have.
static const struct {
    UChar from;
    char to[3];
} twins[] = {
    { 0x00E6, "ae" }, { 0x00F0, "d" },  { 0x00F8, "o" },  { 0x00FE, "th" }, { 0x0111, "d" },
    { 0x0127, "h" },  { 0x0131, "i" },  { 0x0142, "l" },  { 0x0153, "oe" }, { 0x0167, "t" },
    { 0x02BC, "'" },  { 0x2010, "-" },  { 0x2012, "-" },  { 0x2013, "-" },  { 0x2014, "-" },
    { 0x2018, "'" },  { 0x2019, "'" },  { 0x201C, "\"" }, { 0x201D, "\"" }, { 0x2212, "-" },
};
// clang-format on

static bool is_accent(UChar32 c)
{
    for (size_t i = 0; i < COUNT(accents) && c >= accents[i].first; i++)
        if (c <= accents[i].last)
            return true;
    return false;
}

static const char *twin_of(UChar32 c)
{
    for (size_t i = 0; i < COUNT(twins) && c >= twins[i].from; i++)
        if (c == twins[i].from)
            return twins[i].to;
    return NULL;
}

// Nothing gets longer than "th" for one letter, for which the caller leaves room.
static Text16 without_accents(Text16 from, UChar *to)
{
    Text16 text = { to, 0 };
    for (int32_t i = 0; i < from.len;) {
        UChar32 c;
        U16_NEXT(from.ptr, i, from.len, c);
        const char *twin = c < 0x80 ? NULL : twin_of(c);
        int32_t digit = c < 0x80 ? -1 : u_charDigitValue(c);
        if (twin)
            for (; *twin; twin++)
                to[text.len++] = (UChar)*twin;
        else if (digit >= 0)
            to[text.len++] = (UChar)('0' + digit);
        else if (c < 0x80 || !is_accent(c))
            U16_APPEND_UNSAFE(to, text.len, c);
    }
    return text;
}

// Into `room` when that holds it, else into the arena.
static Text16 normalized(Arena *arena, const UNormalizer2 *form, Text16 from, UChar *room)
{
    UErrorCode status = U_ZERO_ERROR;
    Text16 text = { room, 0 };
    text.len = unorm2_normalize(form, from.ptr, from.len, room, ROOM, &status);
    if (status == U_BUFFER_OVERFLOW_ERROR) {
        status = U_ZERO_ERROR;
        text.ptr = NEW_ARRAY(arena, UChar, (size_t)text.len);
        text.len = unorm2_normalize(form, from.ptr, from.len, text.ptr, text.len, &status);
    }
    assert(U_SUCCESS(status) || status == U_STRING_NOT_TERMINATED_WARNING);
    return text;
}

static Text16 folded(Arena *arena, Text16 text, UChar rooms[3][2 * ROOM])
{
    UErrorCode status = U_ZERO_ERROR;
    const UNormalizer2 *casefold = unorm2_getNFKCCasefoldInstance(&status);
    const UNormalizer2 *apart = unorm2_getNFDInstance(&status);
    const UNormalizer2 *together = unorm2_getNFCInstance(&status);
    assert(U_SUCCESS(status));
    text = normalized(arena, casefold, text, rooms[0]);
    text = normalized(arena, apart, text, rooms[1]);
    UChar *plain = text.len <= ROOM ? rooms[2] : NEW_ARRAY(arena, UChar, (size_t)text.len * 2);
    return normalized(arena, together, without_accents(text, plain), rooms[0]);
}

static bool is_ascii(Str s)
{
    unsigned char any = 0;
    for (size_t i = 0; i < s.len; i++)
        any |= (unsigned char)s.ptr[i];
    return any < 0x80;
}

Str fold_text(Ctx *ctx, Str text)
{
    if (is_ascii(text))
        return str_lower_ascii(ctx->arena, text);
    UChar room[ROOM], rooms[3][2 * ROOM];
    return text16_to(ctx->arena,
                     folded(ctx->arena, text16_from(ctx->arena, text, room, ROOM), rooms));
}
