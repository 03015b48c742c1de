// fold.c - what searching needs beside kernel/i18n's folding, which is the one of the program.
//
// Unicode takes the trade mark sign for "tm", which would end a word: it becomes a blank before.
// And it takes the Thai and Lao vowel "am" apart, which ICU's dictionaries know whole only: it is
// put together again afterwards.
#include "kernel/search/analyse.h"

#include "base/buf.h"
#include "base/utf8.h"
#include "kernel/i18n.h"

typedef struct Swap {
    Str from, to;
} Swap;

static const Swap before[] = {
    { { "\u2122", 3 }, { " ", 1 } },  // trade mark
    { { "\u2120", 3 }, { " ", 1 } },  // service mark
};
static const Swap after[] = {
    { { "\u0e4d\u0e32", 6 }, { "\u0e33", 3 } },  // Thai
    { { "\u0ecd\u0eb2", 6 }, { "\u0eb3", 3 } },  // Lao
};

static Str swapped(Arena *arena, Str text, const Swap *swap)
{
    ptrdiff_t at = str_find(text, swap->from);
    if (at < 0)
        return text;
    Buf out = { .arena = arena };
    for (; at >= 0; at = str_find(text, swap->from)) {
        buf_put(&out, str_sub(text, 0, (size_t)at));
        buf_put(&out, swap->to);
        text = str_from_at(text, (size_t)at + swap->from.len);
    }
    buf_put(&out, text);
    return buf_str(&out);
}

Str analyse_fold(Ctx *ctx, Str text)
{
    text = utf8_cut_bytes(text, ANALYSE_BYTES_MAX);
    for (size_t i = 0; i < COUNT(before); i++)
        text = swapped(ctx->arena, text, &before[i]);
    text = fold_text(ctx, text);
    for (size_t i = 0; i < COUNT(after); i++)
        text = swapped(ctx->arena, text, &after[i]);
    return text;
}
