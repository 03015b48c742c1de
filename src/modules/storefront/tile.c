// tile.c - what a product looks like of which nobody has taken a picture: a drawing of the thing
// that its name speaks of, in the colour that its name says, on the shop's paper. The drawings are
// in assets/tiles.svg; names that speak of nothing we can draw get the crate.
#include "modules/storefront/shop.h"

#include "kernel/files.h"

typedef struct Word {
    const char *word, *value;
} Word;

// The first that occurs as a beginning of a word counts, so the more telling ones come first.
static const Word motifs[] = {
    { "cakestand", "stand" },  { "cake case", "cupcake" }, { "cupcake", "cupcake" },
    { "fairy", "cupcake" },    { "cookie", "cutter" },     { "t-light", "light" },
    { "tlight", "light" },     { "lantern", "light" },     { "candle", "candle" },
    { "teacup", "cup" },       { "mug", "cup" },           { "cup", "cup" },
    { "lunch bag", "lunch" },  { "lunch box", "box" },     { "bag", "tote" },
    { "shopper", "tote" },     { "jar", "jar" },           { "jam", "jar" },
    { "tin", "tin" },          { "mould", "mould" },       { "popcorn", "cone" },
    { "napkin", "napkin" },    { "bunting", "bunting" },   { "chain", "chain" },
    { "bird", "bird" },        { "bowl", "bowl" },         { "doormat", "mat" },
    { "mat", "mat" },          { "clock", "clock" },       { "sign", "sign" },
    { "chalkboard", "slate" }, { "slate", "slate" },       { "ribbon", "ribbon" },
    { "block", "block" },      { "frame", "frame" },       { "peg", "peg" },
    { "baking", "whisk" },     { "heart", "heart" },       { "trinket", "box" },
    { "box", "box" },          { "set", "box" },
};
static const Word tints[] = {
    { "red", "t-red" },       { "rose", "t-rose" },      { "strawberry", "t-rose" },
    { "pink", "t-rose" },     { "green", "t-green" },    { "woodland", "t-green" },
    { "blue", "t-blue" },     { "spaceboy", "t-blue" },  { "black", "t-ink" },
    { "baroque", "t-ink" },   { "slate", "t-ink" },      { "white", "t-cream" },
    { "antique", "t-cream" }, { "yellow", "t-gold" },    { "wicker", "t-gold" },
    { "wood", "t-gold" },     { "vintage", "t-violet" }, { "purple", "t-violet" },
    { "retrospot", "t-red" },
};
static const char *const other_tints[] = { "t-green", "t-blue", "t-gold", "t-rose", "t-violet" };

static bool begins_a_word(Str text, Str word)
{
    for (size_t from = 0;;) {
        ptrdiff_t at = str_find(str_from_at(text, from), word);
        if (at < 0)
            return false;
        size_t place = from + (size_t)at;
        if (place == 0 || text.ptr[place - 1] == ' ' || text.ptr[place - 1] == '/')
            return true;
        from = place + 1;
    }
}

static const char *look_up(const Word *words, size_t count, Str name, const char *otherwise)
{
    for (size_t i = 0; i < count; i++)
        if (begins_a_word(name, str_from(words[i].word)))
            return words[i].value;
    return otherwise;
}

void picture_drawn(Ctx *ctx, Str name, Picture *ret)
{
    Str lower = str_lower_ascii(ctx->arena, name);
    const char *other = other_tints[str_hash(lower) % COUNT(other_tints)];
    *ret = (Picture){ .alt = name,
                      .motif = look_up(motifs, COUNT(motifs), lower, "crate"),
                      .tint = look_up(tints, COUNT(tints), lower, other) };
}

Status picture_of(Ctx *ctx, Id file, Str name, int width, Picture *ret)
{
    StoredFile stored;
    picture_drawn(ctx, name, ret);
    if (!file)
        return OK;
    TRY(file_find(ctx, file, &stored));
    TRY(url_local(ctx, file_thumbnail_link(ctx, &stored, width), &ret->url));
    ret->width = width;
    ret->height = stored.width > 0 ? (int)((int64_t)width * stored.height / stored.width) : width;
    return OK;
}
