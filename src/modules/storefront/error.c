// error.c - what goes wrong inside a shop, said in the shop's own frame: a customer is never shown
// the office. What went wrong inside stays in the log; the page names the number to ask about.
#include "gen/pages/storefront_shell.h"
#include "kernel/i18n.h"
#include "modules/storefront/shop.h"
#include "modules/storefront/storefront_module.h"

static const struct {
    int status;
    const char *title, *advice;
} kinds[] = {
    { 403, TEXT("This form has become too old"),
      TEXT("Nothing was changed. Load the page again and send it anew.") },
    { 404, TEXT("Nothing is here"),
      TEXT("The address may be mistyped, or what stood here has moved.") },
    { 409, TEXT("This does not fit together"),
      TEXT("Nothing was changed. Go back and look at it again.") },
    { 413, TEXT("This is too large"), TEXT("Nothing was changed. Try it with less.") },
    { 429, TEXT("That was too often"), TEXT("Wait a little, then try again.") },
    { 503, TEXT("Busy just now"), TEXT("Nothing was changed. Try again in a moment.") },
    { 400, TEXT("This cannot be read"), TEXT("Go back and try it again from the page.") },
    { 500, TEXT("That was our fault"),
      TEXT("Nothing was changed, and it has been noted. Try again; if it stays, tell us the number "
           "below.") },
};

typedef struct Trouble {
    int status;
    bool is_drawn;
} Trouble;

static size_t kind_of(int status)
{
    size_t i = 0;
    int shown = status == 422 || status == 405 ? 400 : status;
    while (i + 1 < COUNT(kinds) && kinds[i].status != shown)
        i++;
    return i;
}

static Status draw(Ctx *ctx, void *arg)
{
    Trouble *trouble = arg;
    Shop shop;
    bool found;
    TRY(shop_of_request(ctx, &shop, &found));
    if (!found)
        return OK;
    size_t kind = kind_of(trouble->status);
    Str number = str_format(ctx->arena, "%016llx", (unsigned long long)ctx->trace);
    buf_clear(&ctx->request->out);
    size_t body = html_begin(&ctx->request->out);
    storefront_trouble(&ctx->request->out, ctx, &shop, tr(ctx, kinds[kind].title),
                       tr(ctx, kinds[kind].advice), trouble->status >= 500 ? number : S(""));
    ShopHead head = { .title = tr(ctx, kinds[kind].title) };
    trouble->is_drawn = true;
    return shop_answer(ctx, &shop, &head, body, trouble->status);
}

// What fails in drawing it matters less than why it had to be drawn.
bool shop_error(Ctx *ctx, int status)
{
    Trouble trouble = { .status = status };
    Failure failure = ctx->failure;
    bool is_ours = ctx->tenant && tenant_has_module(ctx->tenant, "storefront") &&
                   !str_starts(ctx->request->path, S("/admin"));
    if (!is_ours || failure.status == E_LIMIT)
        return false;
    ctx_recover(ctx);
    Status drawn = tenant_read(ctx, draw, &trouble);
    ctx->failure = failure;
    return drawn == OK && trouble.is_drawn;
}
