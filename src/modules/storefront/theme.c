// theme.c - a shop's own tokens as a style sheet: accent, roundness. An accent that words could not
// be read on is shifted towards black (light theme) or white (dark) until they can: 4.5 to 1, by
// WCAG 2.2's relative luminance, in whole numbers.
#include "modules/storefront/theme.h"

#include "modules/storefront/shop.h"

enum { CHANNEL = 255, STEPS = 32, CONTRAST_X10 = 45 };

// Linear light of an sRGB channel, in 1/65535: ((c + 0.055) / 1.055) ^ 2.4 at 0, 8, 16 ... 256;
// between two of these a straight line is near enough.
static const int64_t linear_at[33] = {
    0,     159,   340,   599,   947,   1391,  1937,  2592,  3360,  4247,  5257,
    6395,  7666,  9072,  10619, 12309, 14146, 16135, 18277, 20577, 23038, 25662,
    28452, 31412, 34544, 37852, 41337, 45002, 48850, 52884, 57105, 61517, 66121,
};

static int64_t linear(int channel)
{
    int at = channel / 8, within = channel % 8;
    int64_t value = linear_at[at] + (linear_at[at + 1] - linear_at[at]) * within / 8;
    return value < 65535 ? value : 65535;
}

static int64_t luminance(Rgb c)  // 0 to 65535
{
    return (2126 * linear(c.r) + 7152 * linear(c.g) + 722 * linear(c.b)) / 10000;
}

int contrast_x10(Rgb a, Rgb b)
{
    int64_t x = luminance(a) + 3277, y = luminance(b) + 3277;  // + 0.05
    return (int)(x > y ? x * 10 / y : y * 10 / x);
}

static Rgb mix(Rgb c, Rgb towards, int step)
{
    return (Rgb){ c.r + (towards.r - c.r) * step / STEPS, c.g + (towards.g - c.g) * step / STEPS,
                  c.b + (towards.b - c.b) * step / STEPS };
}

Rgb readable(Rgb colour, Rgb ground, Rgb towards)
{
    for (int step = 0; step < STEPS; step++) {
        Rgb shifted = mix(colour, towards, step);
        if (contrast_x10(shifted, ground) >= CONTRAST_X10)
            return shifted;
    }
    return towards;
}

static int hex_digit(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : (c | 32) - 'a' + 10;
}

bool rgb_parse(Str text, Rgb *ret)
{
    int v[6];
    if (text.len != 7 || text.ptr[0] != '#')
        return false;
    for (int i = 0; i < 6; i++) {
        v[i] = hex_digit(text.ptr[i + 1]);
        if (v[i] < 0 || v[i] > 15)
            return false;
    }
    *ret = (Rgb){ v[0] * 16 + v[1], v[2] * 16 + v[3], v[4] * 16 + v[5] };
    return true;
}

// ---- The sheet ----------------------------------------------------------------------------------

static const Rgb white = { CHANNEL, CHANNEL, CHANNEL }, black = { 0, 0, 0 };
static const Rgb dark_ground = { 0x16, 0x1b, 0x1a }, dark_words = { 0x04, 0x21, 0x1c };

static void put_colour(Buf *out, const char *token, Rgb c)
{
    buf_printf(out, "--%s:#%02x%02x%02x;", token, c.r, c.g, c.b);
}

static void put_accent(Buf *out, Rgb accent, bool is_dark)
{
    Rgb shown = is_dark ? readable(accent, dark_ground, white) : readable(accent, white, black);
    put_colour(out, "accent", shown);
    put_colour(out, "accent-hi", mix(shown, is_dark ? white : black, STEPS / 6));
    put_colour(out, "accent-ink", shown);
    put_colour(out, "on-accent", is_dark ? readable(dark_words, shown, black) : white);
}

static void put_sheet(Buf *out, const Store *store)
{
    Rgb accent;
    bool has_accent = rgb_parse(store->accent, &accent);
    buf_printf(out, ":root{--r3:%dpx;--r4:%dpx;", (int)store->radius, (int)store->radius * 3 / 2);
    if (has_accent)
        put_accent(out, accent, false);
    buf_c(out, "}");
    if (!has_accent)
        return;
    buf_c(out, "@media (prefers-color-scheme:dark){:root:not([data-theme=light]){");
    put_accent(out, accent, true);
    buf_c(out, "}}:root[data-theme=dark]{");
    put_accent(out, accent, true);
    buf_c(out, "}");
}

static bool is_plain(const Store *store)
{
    return store->accent.len == 0 && store->radius == 12;
}

const char *shop_face(const Shop *shop)
{
    HeadingFace face = shop->store.face ? shop->store.face : HEADING_FACE_SERIF;
    return heading_face_enum.values[face].name;
}

Url shop_theme(Ctx *ctx, const Shop *shop)
{
    if (is_plain(&shop->store))
        return (Url){ S("") };
    return shop_url(ctx, shop, "/theme.css?v={}",
                    str_format(ctx->arena, "%lld", (long long)shop->store.record.version));
}

// The version is part of the address, so whoever has it may keep it.
Status theme_get(Ctx *ctx)
{
    Shop shop;
    TRY(shop_enter(ctx, &shop));
    put_sheet(&ctx->request->out, &shop.store);
    ctx->request->status = 200;
    ctx->request->out_type = S("text/css; charset=utf-8");
    respond_header(ctx, "cache-control", S("public, max-age=31536000, immutable"));
    return OK;
}
