// fuzz_typed.c - any bytes where people type numbers, days and words, and where browsers send
// languages. Laws: a number that was read is shown so that it reads as itself, in every language; a
// day likewise as ISO; a folded text is UTF-8 and is not folded further.
#include "fuzz.h"

#include "base/utf8.h"
#include "kernel/i18n.h"

static void check_number(Ctx *ctx, Str text)
{
    for (int digits = 0; digits <= 9; digits += 3) {
        int64_t value, again;
        if (!read_number(ctx, text, digits, &value))
            continue;
        LAW(read_number(ctx, show_number(ctx, value, digits), digits, &again));
        LAW(again == value);
    }
}

static void check_day(Ctx *ctx, Str text)
{
    Date day, again;
    if (read_date(ctx, text, &day)) {
        LAW(read_date(ctx, date_text(ctx->arena, day), &again));
        LAW(again == day);
    }
}

static void check_words(Ctx *ctx, Str text)
{
    Str folded = fold_text(ctx, text);
    LAW(utf8_valid(folded));
    LAW(str_eq(fold_text(ctx, folded), folded));
    LAW(sort_key(ctx, text).len <= SORT_KEY_MAX);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const wanted[] = { "en", "en-IN", "de", "de-CH", "fr", "ar-u-nu-native" };
    Arena arena = { .limit = FUZZ_ARENA_LIMIT };
    Ctx ctx = { .arena = &arena };
    Str text = { (const char *)data, size };
    for (size_t i = 0; i < COUNT(wanted); i++) {
        locale_enter(&ctx, locale_best(S(""), str_from(wanted[i])), NULL);
        check_number(&ctx, text);
        check_day(&ctx, text);
    }
    check_words(&ctx, text);
    LAW(locale_best(text, S("")) != NULL);
    LAW(locale_best(S(""), text) != NULL);
    arena_release(&arena);
    return 0;
}
