// i18n_bench.c - what languages cost: nanoseconds of CPU for a cell of a list, a text, a folded
// name, a sort key.
//
//     build/release/bench/i18n-bench
#include "frame.h"

#include "kernel/i18n.h"

enum { TURNS = 21, NS = 1000, REPEATS = 20000, ARENA_LIMIT = 64 << 20 };

static const Str latin = { "Ångström Müller 2000", 22 }, ascii = { "Angstrom Muller 2000", 20 },
                 bengali = { "রহিম ট্রেডার্স ঢাকা", 53 };

static void money(Ctx *ctx, int i)
{
    show_money(ctx, (Money){ 123456789 + i }, (CurrencyCode){ "EUR" });
}

static void number_typed(Ctx *ctx, int i)
{
    int64_t value;
    if (!read_number(ctx, S("1,234,567.89"), 2, &value))
        abort();
}

static void day(Ctx *ctx, int i)
{
    show_date(ctx, 740000 + i % 365);
}

static void instant(Ctx *ctx, int i)
{
    show_time(ctx, ctx->now + i * MINUTE);
}

static void text(Ctx *ctx, int i)
{
    tr(ctx, "Yes");
}

static void plural(Ctx *ctx, int i)
{
    tr_plural(ctx, "%lld order", "%lld orders", i);
}

static void fold_ascii(Ctx *ctx, int i)
{
    fold_text(ctx, ascii);
}

static void fold_latin(Ctx *ctx, int i)
{
    fold_text(ctx, latin);
}

static void fold_bengali(Ctx *ctx, int i)
{
    fold_text(ctx, bengali);
}

static void key_latin(Ctx *ctx, int i)
{
    sort_key(ctx, latin);
}

static void key_bengali(Ctx *ctx, int i)
{
    sort_key(ctx, bengali);
}

static void best(Ctx *ctx, int i)
{
    locale_best(S("de-DE,de;q=0.9,es;q=0.8,en;q=0.7"), S(""));
}

typedef struct Piece {
    Ctx *ctx;
    void (*fn)(Ctx *ctx, int i);
    int i;
} Piece;

static void once(void *arg)
{
    Piece *piece = arg;
    ArenaMark mark = arena_mark(piece->ctx->arena);
    piece->fn(piece->ctx, piece->i++);
    arena_rewind(piece->ctx->arena, mark);
}

static void measure(Ctx *ctx, const char *tag, const char *what, void (*fn)(Ctx *ctx, int i))
{
    char label[80];
    Piece piece = { ctx, fn, 0 };
    snprintf(label, sizeof label, "%-15s %s", tag, what);
    locale_enter(ctx, locale_best(S(""), str_from(tag)), zone_find(S("Asia/Dhaka")));
    once(&piece);
    frame_measure(&(Work){ .what = label,
                           .ours = once,
                           .arg = &piece,
                           .repeats = REPEATS,
                           .turns = TURNS,
                           .scale = NS });
    arena_clear(ctx->arena);
}

int main(void)
{
    Arena arena = { .limit = ARENA_LIMIT };
    Ctx ctx = { .arena = &arena, .now = 1772445600000000 };
    if (i18n_start(&ctx, S("lang")) != OK) {
        fprintf(stderr, STR_FMT "\n", STR_ARG(ctx.failure.message));
        return 1;
    }
    frame_head("languages, ns CPU");
    measure(&ctx, "en", "show_money 1,234,567.89", money);
    measure(&ctx, "es", "show_money 1.234.567,89", money);
    measure(&ctx, "bn-u-nu-native", "show_money 12,34,567.89", money);
    measure(&ctx, "en", "read_number", number_typed);
    measure(&ctx, "es", "show_date", day);
    measure(&ctx, "es", "show_time", instant);
    measure(&ctx, "es", "tr", text);
    measure(&ctx, "es", "tr_plural", plural);
    measure(&ctx, "en", "fold_text, 20 ASCII", fold_ascii);
    measure(&ctx, "en", "fold_text, 20 with 3 accents", fold_latin);
    measure(&ctx, "en", "fold_text, 19 Bengali", fold_bengali);
    measure(&ctx, "en", "sort_key, 20 Latin", key_latin);
    measure(&ctx, "en", "sort_key, 19 Bengali", key_bengali);
    measure(&ctx, "en", "locale_best, 4 ranges", best);
    arena_release(&arena);
    return 0;
}
