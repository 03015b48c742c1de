// ctx.c - failures, and the boundary that an exhausted arena unwinds to.
#include "base/ctx.h"

#include "base/buf.h"

#include <setjmp.h>

const char *status_name(Status status)
{
    static const char *const names[] = { "ok",       "invalid", "denied", "not_found",
                                         "conflict", "limit",   "busy",   "internal" };
    return names[status];
}

const char *text_english(const char *key)
{
    const char *end = strchr(key, '\4');
    return end ? end + 1 : key;
}

const char *ctx_text(const Ctx *ctx, const char *english)
{
    return ctx->translate ? ctx->translate(ctx, english) : text_english(english);
}

// The sentence in the caller's language. Catalogues are checked when loaded: a translated format
// has the conversions of the English one, so the arguments fit.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
static Str sentence(Ctx *ctx, const char *format, va_list args)
{
    Buf out = { .arena = ctx->arena };
    buf_vprintf(&out, ctx_text(ctx, format), args);
    return buf_str(&out);
}
#pragma GCC diagnostic pop

Status ctx_fail(Ctx *ctx, Status status, const char *code, const char *file, int line,
                const char *format, ...)
{
    va_list args;
    va_start(args, format);
    ctx->failure = (Failure){ .status = status,
                              .code = code,
                              .message = sentence(ctx, format, args),
                              .problems = ctx->failure.problems,
                              .file = file,
                              .line = line };
    va_end(args);
    return status;
}

void ctx_problem(Ctx *ctx, Str path, const char *code, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    Problem *problem = list_push(ctx->arena, &ctx->failure.problems);
    *problem = (Problem){ str_copy(ctx->arena, path), code, sentence(ctx, format, args) };
    va_end(args);
}

Status ctx_problems(Ctx *ctx)
{
    const ProblemList *problems = &ctx->failure.problems;
    if (problems->len == 0)
        return OK;
    const Problem *first = problems->items;
    if (problems->len == 1)
        return FAIL(ctx, E_INVALID, first->code, STR_FMT, STR_ARG(first->message));
    return FAIL(ctx, E_INVALID, "input.invalid", "%zu fields need your attention", problems->len);
}

void ctx_recover(Ctx *ctx)
{
    ctx->failure = (Failure){ 0 };
}

static void unwind(void *boundary)
{
    longjmp(*(jmp_buf *)boundary, 1);
}

// Nothing that changes between setjmp and longjmp lives in this frame but the saved boundary, and
// that is only read after the jump, so no local is in doubt.
Status ctx_guard(Ctx *ctx, Status (*fn)(Ctx *ctx, void *arg), void *arg)
{
    jmp_buf boundary;
    Arena *volatile arena = ctx->arena;
    void (*volatile outer)(void *) = arena->on_limit;
    void *volatile outer_arg = arena->on_limit_arg;
    volatile Status status;

    arena->on_limit = unwind;
    arena->on_limit_arg = &boundary;
    if (setjmp(boundary) == 0) {
        status = fn(ctx, arg);
    } else {
        // No allocation may happen here: the arena is full. The message is a literal.
        ctx->failure = (Failure){ .status = E_LIMIT,
                                  .code = "memory.limit",
                                  .message = S("this needs more memory than one request may use"),
                                  .file = __FILE__,
                                  .line = __LINE__ };
        status = E_LIMIT;
    }
    arena->on_limit = outer;
    arena->on_limit_arg = outer_arg;
    return status;
}
