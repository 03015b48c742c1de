// main.c - `entrepot COMMAND ...`: finds the command, starts what it needs, runs it, says in one
// line what went wrong.
#include "app/app.h"

#include "base/log.h"
#include "kernel/auth/actor.h"
#include "kernel/config.h"
#include "kernel/files.h"
#include "kernel/job/queue.h"
#include "kernel/secrets.h"

static void print_commands(FILE *out)
{
    fputs("usage: entrepot COMMAND [options]\n\n", out);
    for (const Command *c = commands; c->name; c++)
        fprintf(out, "  %-10s %s\n", c->name, c->summary);
    fputs("\n--config FILE reads the configuration; every key is also an environment variable.\n"
          "entrepot COMMAND --help says more.\n",
          out);
}

static const Command *find_command(const char *name)
{
    for (const Command *c = commands; c->name; c++)
        if (strcmp(c->name, name) == 0)
            return c;
    return NULL;
}

typedef struct Run {
    const Command *command;
    Args args;
    Config config;
} Run;

static Status run_command(Ctx *ctx, void *arg)
{
    Run *run = arg;
    TRY(args_check(ctx, &run->args, run->command->known));
    TRY(config_read(ctx, arg_option(&run->args, "config"), &run->config));
    config_use(&run->config);
    TRY(app_start(ctx, run->command->needs));
    return run->command->run(ctx, &run->args);
}

static void print_failure(const Ctx *ctx)
{
    fprintf(stderr, "entrepot: " STR_FMT "\n", STR_ARG(ctx->failure.message));
    EACH (p, ctx->failure.problems)
        fprintf(stderr, "  " STR_FMT ": " STR_FMT "\n", STR_ARG(p->path), STR_ARG(p->message));
}

int main(int argc, char **argv)
{
    if (argc > 0 && strcmp(argv[0], IMAGE_WORKER_NAME) == 0)
        return image_worker_main();
    const Command *command = argc > 1 ? find_command(argv[1]) : NULL;
    if (!command) {
        bool asked = argc > 1 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0);
        if (argc > 1 && !asked)
            fprintf(stderr, "entrepot: there is no command '%s'\n\n", argv[1]);
        print_commands(asked ? stdout : stderr);
        return asked ? 0 : 2;
    }
    Arena arena = { 0 };
    Random random = { 0 };
    Run run = { .command = command, .args = { argc - 2, (const char *const *)argv + 2 } };
    if (arg_flag(&run.args, "help")) {
        fputs(command->help, stdout);
        return 0;
    }
    Ctx ctx = { .arena = &arena, .now = clock_now(), .random = &random, .actor = &actor_system };
    secret_random(&random.state, sizeof random.state);
    Status status = ctx_guard(&ctx, run_command, &run);
    if (status != OK)
        print_failure(&ctx);
    arena_clear(&arena);
    app_stop();
    arena_release(&arena);
    return status == OK ? 0 : 1;
}
