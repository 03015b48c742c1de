// whole.c - all that whole.po has.
static void all(Ctx *ctx)
{
    tr(ctx, "a");
    tr_format(ctx, "b %s of %d", "x", 1);
    tr_plural(ctx, "%lld c", "%lld cs", 1);
}
