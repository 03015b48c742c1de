// replay.c - `entrepot replay`: a file of real sales becomes a living company; and whether its
// books say what the file says.
#include "app/commands.h"

#include "app/replay/replay.h"
#include "kernel/auth/actor.h"

enum { THREADS = 8 };

static Status compare(Ctx *ctx, Str path)
{
    int64_t compared, different;
    TRY(replay_compare(ctx, str_c(ctx->arena, path), &compared, &different));
    if (different)
        return FAIL(ctx, E_CONFLICT, "replay.different", "%lld of %lld figures differ",
                    (long long)different, (long long)compared);
    printf("%lld figures compared: all equal\n", (long long)compared);
    return OK;
}

static Status tell_story(Ctx *ctx, const Args *args, Str file)
{
    int64_t threads = THREADS;
    Replay replay = { .tenant = ctx->tenant->code };
    Str refused = arg_option(args, "refused"), wanted = arg_option(args, "threads");
    if (wanted.len && (!str_int(wanted, &threads) || threads < 1))
        return FAIL(ctx, E_INVALID, "cli.threads", "'" STR_FMT "' is no number of threads",
                    STR_ARG(wanted));
    replay.threads = (int)threads;
    refused = refused.len ? refused : S("replay-refused.csv");
    TRY(retail_read(ctx, str_c(ctx->arena, file), str_c(ctx->arena, refused), &replay.retail));
    printf("%lld rows read, %lld refused: " STR_FMT "\n", (long long)replay.retail.rows,
           (long long)replay.retail.refused, STR_ARG(refused));
    retail_match(&replay.retail);
    TRY(replay_run(ctx, &replay));
    printf("%zu invoices replayed into " STR_FMT "\n", replay.retail.invoices.len,
           STR_ARG(ctx->tenant->code));
    return OK;
}

Status command_replay(Ctx *ctx, const Args *args)
{
    Str file = arg_word(args, 0), expected = arg_option(args, "compare");
    Str code = arg_option(args, "tenant");
    ctx->actor = &actor_system;
    TRY(replay_enter(ctx, code.len ? code : S("retail"), S("Online Retail")));
    if (!file.len && !expected.len)
        return FAIL(ctx, E_INVALID, "cli.word", "say which file; --help says more");
    if (file.len)
        TRY(tell_story(ctx, args, file));
    return expected.len ? compare(ctx, expected) : OK;
}
