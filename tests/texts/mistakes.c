// mistakes.c - texts that cannot be translated as they stand.
static void all(Ctx *ctx)
{
    tr(ctx, "a");
    tr_plural(ctx, "a", "%lld as", 1);
    tr_plural(ctx, "%s b", "%lld bs", 1);
    tr_plural(ctx, "a c", "%lld of %lld cs", 1);
    tr(ctx, "d\xff");
}
