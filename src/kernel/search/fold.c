// fold.c - texts that people take for the same become the same: NFKC_Casefold (case, width,
// compatibility forms), then accents off, then what Unicode does not decompose but people do ("ø",
// "ß", native digits).
//
// Vowel signs of Indic scripts and the voicing marks of kana are marks too, but make another word:
// only marks that belong to no script of their own, and Hebrew and Arabic points, are taken off.
#include "kernel/search/analyse.h"

#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/uscript.h>
#include <unicode/ustring.h>

typedef struct Wide16 {  // UTF-16
    UChar *text;
    int32_t len;
} Wide16;

static Status failed(Ctx *ctx, UErrorCode error)
{
    return FAIL(ctx, E_INTERNAL, "search.fold", "the text cannot be folded: %s",
                u_errorName(error));
}

static Status widen(Ctx *ctx, Str text, Wide16 *ret)
{
    UErrorCode error = U_ZERO_ERROR;
    int32_t room = (int32_t)text.len + 1;
    UChar *wide = NEW_ARRAY(ctx->arena, UChar, (size_t)room);
    u_strFromUTF8WithSub(wide, room, &ret->len, text.ptr, (int32_t)text.len, ' ', NULL, &error);
    ret->text = wide;
    return U_FAILURE(error) ? failed(ctx, error) : OK;
}

static Status narrow(Ctx *ctx, Wide16 wide, Str *ret)
{
    UErrorCode error = U_ZERO_ERROR;
    int32_t room = wide.len * 3 + 1, len = 0;
    char *text = NEW_ARRAY(ctx->arena, char, (size_t)room);
    u_strToUTF8(text, room, &len, wide.text, wide.len, &error);
    *ret = (Str){ text, (size_t)len };
    return U_FAILURE(error) ? failed(ctx, error) : OK;
}

static Status normalize(Ctx *ctx, const UNormalizer2 *how, Wide16 *text)
{
    UErrorCode error = U_ZERO_ERROR;
    int32_t len = unorm2_normalize(how, text->text, text->len, NULL, 0, &error);
    if (error != U_BUFFER_OVERFLOW_ERROR && U_FAILURE(error))
        return failed(ctx, error);
    error = U_ZERO_ERROR;
    UChar *out = NEW_ARRAY(ctx->arena, UChar, (size_t)len + 1);
    text->len = unorm2_normalize(how, text->text, text->len, out, len + 1, &error);
    text->text = out;
    return U_FAILURE(error) ? failed(ctx, error) : OK;
}

static bool is_accent(UChar32 c)
{
    if (u_charType(c) != U_NON_SPACING_MARK)
        return c == 0x640;  // the Arabic stretching line
    UErrorCode error = U_ZERO_ERROR;
    UScriptCode script = uscript_getScript(c, &error);
    if (script == USCRIPT_INHERITED)
        return c != 0x3099 && c != 0x309a;  // voicing marks of kana
    return script == USCRIPT_HEBREW || script == USCRIPT_ARABIC;
}

// Letters that stand for others but do not decompose into them.
static const struct {
    UChar32 letter;
    const char *as;
} look_alikes[] = {
    { 0x00e6, "ae" }, { 0x00f0, "d" }, { 0x00f8, "o" }, { 0x00fe, "th" }, { 0x0111, "d" },
    { 0x0127, "h" },  { 0x0131, "i" }, { 0x0142, "l" }, { 0x0153, "oe" }, { 0x0167, "t" },
    { 0x2122, " " },  { 0x2120, " " },  // trade and service mark: not "tm" at the end of a word
};

static const char *look_alike(UChar32 c)
{
    for (size_t i = 0; i < COUNT(look_alikes); i++)
        if (look_alikes[i].letter == c)
            return look_alikes[i].as;
    return NULL;
}

// One character as it shall be, at most two units at `to`; how many.
static int32_t fold_one(UChar32 c, UChar32 before, UChar *to)
{
    // ICU's dictionaries know the Thai and Lao vowel "am" whole only.
    if ((before == 0xe4d && c == 0xe32) || (before == 0xecd && c == 0xeb2)) {
        to[-1] = (UChar)(c + 1);
        return 0;
    }
    if (is_accent(c))
        return 0;
    const char *as = look_alike(c);
    int32_t digit = u_charType(c) == U_DECIMAL_DIGIT_NUMBER ? u_charDigitValue(c) : -1;
    int32_t len = 0;
    if (as)
        for (; *as; as++)
            to[len++] = (UChar)*as;
    else if (digit >= 0)
        to[len++] = (UChar)('0' + digit);
    else
        U16_APPEND_UNSAFE(to, len, c);
    return len;
}

static void fold_letters(Ctx *ctx, Wide16 *text)
{
    UChar *out = NEW_ARRAY(ctx->arena, UChar, (size_t)text->len * 2 + 1);
    int32_t len = 0;
    UChar32 before = 0, c = 0;
    for (int32_t at = 0; at < text->len; before = c) {
        U16_NEXT(text->text, at, text->len, c);
        len += fold_one(c, before, out + len);
    }
    *text = (Wide16){ out, len };
}

static Str lower_ascii(Ctx *ctx, Str text)
{
    char *out = arena_alloc(ctx->arena, text.len + 1);
    for (size_t i = 0; i < text.len; i++)
        out[i] =
            (char)(text.ptr[i] >= 'A' && text.ptr[i] <= 'Z' ? text.ptr[i] | 0x20 : text.ptr[i]);
    return (Str){ out, text.len };
}

static bool is_ascii(Str text)
{
    unsigned char all = 0;
    for (size_t i = 0; i < text.len; i++)
        all |= (unsigned char)text.ptr[i];
    return all < 0x80;
}

Status analyse_fold(Ctx *ctx, Str text, Str *ret)
{
    text = str_sub(text, 0, ANALYSE_BYTES_MAX);
    if (is_ascii(text)) {
        *ret = lower_ascii(ctx, text);
        return OK;
    }
    UErrorCode error = U_ZERO_ERROR;
    const UNormalizer2 *casefold = unorm2_getNFKCCasefoldInstance(&error);
    const UNormalizer2 *apart = unorm2_getNFDInstance(&error);
    const UNormalizer2 *together = unorm2_getNFCInstance(&error);
    if (U_FAILURE(error))
        return failed(ctx, error);

    Wide16 wide;
    TRY(widen(ctx, text, &wide));
    fold_letters(ctx, &wide);  // trade marks, before they turn into letters
    TRY(normalize(ctx, casefold, &wide));
    TRY(normalize(ctx, apart, &wide));
    fold_letters(ctx, &wide);
    TRY(normalize(ctx, together, &wide));
    return narrow(ctx, wide, ret);
}
