// sample.c - each way in which a text may stand in C. "found N" is a text; "not ..." is none.
#include "sample.h"

static const Permission permissions[] = {
    { "not a label", "found 01 in a row" },
    { .label = "found 02 by name", .name = "not this" },
    { "not a label" },
    { 0 },
};
static const struct Action act = {
    "not", "found 03", { "not", "not" }, not_run, { "not", "not without a type" }, "found 04, behind",
    .permission = &(const Permission){ "not", "found 05 inside" },
};
static const Report reports[2] = {
    [1] = { "not", "found 06 of a report", { { "not", "found 07 in rows of rows" } } },
};
static const struct {
    const char *word, *hint;
} words[] = { { "not", "found 08 without a type's name" }, { "not", NULL } };

/* tr(ctx, "not in a comment") */
// tr(ctx, "nor here")
static const char *const marked[] = { TEXT("found 09 marked"), "not marked" };

static Status refuse(Ctx *ctx, int n, const char *why)
{
    return FAIL(ctx, E_INVALID, "not.a.code", "found 10: %s", ctx_text(ctx, (why)));
}

static void note(Failure *failure, const char *why)
{
    *failure = (Failure){ .code = "not", .sentence = why };
}

void hands_on(Ctx *ctx, int number, const char *format, ...)
{
    put(ctx_text(ctx, format));
}

static const char *title(int n)
{
    switch (n) {
    case 1: return "found 11, returned";
    default: return n > 5 ? "found 12, returned" : other("not this");
    }
}

static const char *not_given(int n)
{
    return "not given to anybody";
}

static Status all(Ctx *ctx, Str name, int n)
{
    tr(ctx, "found 13");
    tr(ctx, "found " "14, " SAMPLE_FMT "joined" "\n\t\"\\\x41\101\u00e9");
    tr(ctx, n ? "found 15, chosen" : "found 16, chosen");
    tr(ctx, TEXT_IN("verb", "found 17"));
    tr(ctx, title(n));
    tr(ctx, act.label);
    tr_format(ctx, "found 18 of " SAMPLE_FMT, name);
    tr_plural(ctx, "%lld found 19", "%lld found 19s", n);
    ctx_problem(ctx, path("not a path"), "not.a.code", "found 20: %d", n);
    refuse(ctx, n, "found 21, handed on");
    note(&ctx->failure, "found 22, put into a struct");
    hands_on(ctx, 1, "found 23 at %s", "not an argument");
    str_format(ctx->arena, "not translated");
    FAIL(ctx, E_INTERNAL, "not", "not for people: %d", n);
    tr_format(ctx, "%s: %lld", "not", 1);  // nothing to translate in it
    return REFUSE(ctx, "not.a.code", "found 24 by a macro of a macro");
}
