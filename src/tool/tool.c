// tool.c - what the small command line tools share.
#include "tool/tool.h"

#include <errno.h>
#include <math.h>
#include <pthread.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

// ---- Options ------------------------------------------------------------------------------------

static void help(const ToolSpec *spec)
{
    printf("%s - %s\n\nusage: %s", spec->name, spec->purpose, spec->name);
    for (const ToolOption *o = spec->options; o->target; o++)
        if (!o->name)
            printf(" %s", o->value);
    printf(" [options]\n\n");
    for (const ToolOption *o = spec->options; o->target; o++)
        printf("  %s%s%-*s %s\n", o->name ? o->name : "", o->name && o->value ? " " : "",
               (int)(22 - (o->name ? strlen(o->name) + (o->value ? 1 : 0) : 0)),
               o->value ? o->value : "", o->help);
    printf("  %-22s %s\n", "--help", "this text");
    if (spec->formats)
        printf("\n%s", spec->formats);
}

static bool take_number(const char *text, double *ret)
{
    char *end;
    errno = 0;
    *ret = strtod(text, &end);
    return end != text && *end == '\0' && errno == 0 && isfinite(*ret);
}

static Status take(Ctx *ctx, const ToolOption *option, const char *text)
{
    const char *name = option->name ? option->name : option->value;
    switch (option->kind) {
    case TOOL_TEXT: *(const char **)option->target = text; return OK;
    case TOOL_INT:
        if (!str_int(str_from(text), option->target))
            return FAIL(ctx, E_INVALID, "tool.option", "%s wants a whole number, not \"%s\"", name,
                        text);
        return OK;
    case TOOL_NUMBER:
        if (!take_number(text, option->target))
            return FAIL(ctx, E_INVALID, "tool.option", "%s wants a number, not \"%s\"", name, text);
        return OK;
    case TOOL_SWITCH: *(bool *)option->target = true; return OK;
    }
    return OK;
}

static const ToolOption *option_named(const ToolSpec *spec, const char *word)
{
    for (const ToolOption *o = spec->options; o->target; o++)
        if (o->name && strcmp(o->name, word) == 0)
            return o;
    return NULL;
}

static const ToolOption *option_behind(const ToolSpec *spec, const ToolOption *last)
{
    const ToolOption *o = last ? last + 1 : spec->options;
    while (o->target && o->name)
        o++;
    return o->target ? o : NULL;
}

static Status read_options(Ctx *ctx, const ToolSpec *spec, int argc, char **argv)
{
    const ToolOption *word = option_behind(spec, NULL);
    for (int i = 1; i < argc; i++) {
        bool is_word = argv[i][0] != '-' || argv[i][1] == '\0';
        const ToolOption *option = is_word ? word : option_named(spec, argv[i]);
        if (!option)
            return FAIL(ctx, E_INVALID, "tool.option", "\"%s\" is not known; see --help", argv[i]);
        if (is_word)
            word = option_behind(spec, word);
        else if (option->kind != TOOL_SWITCH && ++i >= argc)
            return FAIL(ctx, E_INVALID, "tool.option", "%s wants %s", option->name, option->value);
        TRY(take(ctx, option, argv[i]));
    }
    if (word)
        return FAIL(ctx, E_INVALID, "tool.option", "%s is missing; see --help", word->value);
    return OK;
}

typedef struct {
    const ToolSpec *spec;
    int argc;
    char **argv;
    bool understood;
} Run;

static Status run_guarded(Ctx *ctx, void *arg)
{
    Run *run = arg;
    TRY(read_options(ctx, run->spec, run->argc, run->argv));
    run->understood = true;
    return run->spec->run(ctx);
}

int tool_main(const ToolSpec *spec, int argc, char **argv)
{
    for (int i = 1; i < argc; i++)
        if (strcmp(argv[i], "--help") == 0) {
            help(spec);
            return 0;
        }
    Arena arena = { 0 };
    Random random = { 1 };
    Ctx ctx = { .arena = &arena, .random = &random };
    Run run = { spec, argc, argv, false };
    Status status = ctx_guard(&ctx, run_guarded, &run);
    if (status != OK)
        fprintf(stderr, "%s: " STR_FMT "\n", spec->name, STR_ARG(ctx.failure.message));
    arena_release(&arena);
    return status == OK ? 0 : run.understood ? 1 : 2;
}

// ---- Files --------------------------------------------------------------------------------------

static void close_gz(void *file)
{
    gzclose(*(gzFile *)file);
}

// zlib reads what is not packed as it is.
Status tool_read(Ctx *ctx, const char *path, Str *ret)
{
    gzFile *file = NEW(ctx->arena, gzFile);
    arena_defer(ctx->arena, close_gz, file);
    *file = strcmp(path, "-") == 0 ? gzdopen(dup(STDIN_FILENO), "rb") : gzopen(path, "rb");
    if (!*file)
        return FAIL(ctx, E_INVALID, "tool.file", "cannot read %s: %s", path, strerror(errno));
    Buf out = { .arena = ctx->arena };
    char piece[65536];
    int n;
    while ((n = gzread(*file, piece, sizeof piece)) > 0)
        buf_put(&out, (Str){ piece, (size_t)n });
    if (n < 0)
        return FAIL(ctx, E_INVALID, "tool.file", "%s breaks off: %s", path, gzerror(*file, &n));
    *ret = buf_str(&out);
    return OK;
}

static Status write_to(Ctx *ctx, FILE *out, const char *path, Str text)
{
    bool is_written = fwrite(text.ptr, 1, text.len, out) == text.len && fflush(out) == 0;
    if (out != stdout)
        is_written = fclose(out) == 0 && is_written;
    if (!is_written)
        return FAIL(ctx, E_INVALID, "tool.file", "cannot write %s: %s", path, strerror(errno));
    return OK;
}

Status tool_write(Ctx *ctx, const char *path, Str text)
{
    if (!path || strcmp(path, "-") == 0)
        return write_to(ctx, stdout, "the answer", text);
    // What is no file, a device or a pipe, is written to; a file appears under its name when it is
    // whole.
    struct stat is;
    bool is_file = stat(path, &is) != 0 || S_ISREG(is.st_mode);
    const char *half = is_file ? str_format(ctx->arena, "%s.part", path).ptr : path;
    FILE *out = fopen(half, "wb");
    if (!out)
        return FAIL(ctx, E_INVALID, "tool.file", "cannot write %s: %s", path, strerror(errno));
    TRY(write_to(ctx, out, path, text));
    if (is_file && rename(half, path) != 0)
        return FAIL(ctx, E_INVALID, "tool.file", "cannot write %s: %s", path, strerror(errno));
    return OK;
}

// ---- JSON numbers -------------------------------------------------------------------------------

bool tool_double(const Json *value, double *ret)
{
    char text[64];
    if (!value || value->type != JSON_NUMBER || value->text.len >= sizeof text)
        return false;
    memcpy(text, value->text.ptr, value->text.len);
    text[value->text.len] = '\0';
    return take_number(text, ret);
}

void tool_put_double(JsonOut *json, double value, int decimals)
{
    if (!isfinite(value)) {
        json_put_null(json);
        return;
    }
    char text[400];
    int len = snprintf(text, sizeof text, "%.*f", decimals, value);
    while (decimals > 0 && text[len - 1] == '0')
        len--;
    if (decimals > 0 && text[len - 1] == '.')
        len--;
    Str number = { text, (size_t)len };
    json_put_raw(json, str_eq(number, S("-0")) ? S("0") : number);
}

// ---- Time and threads ---------------------------------------------------------------------------

double tool_now(void)
{
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    return (double)at.tv_sec + 1e-9 * (double)at.tv_nsec;
}

// Threads of which each is to have its seconds of processor time; 0: seconds are the wall's.
static int cpu_crew;

static double now_of(void *of)
{
    struct timespec at;
    if (cpu_crew == 0)
        return tool_now();
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &at);
    return ((double)at.tv_sec + 1e-9 * (double)at.tv_nsec) / cpu_crew;
}

static atomic_bool is_stopped;

static void on_interrupt(int signal)
{
    atomic_store(&is_stopped, true);
}

typedef struct {
    void (*work)(void *arg, int i);
    void *arg;
    int i;
} Share;

static void *do_share(void *arg)
{
    Share *share = arg;
    share->work(share->arg, share->i);
    return NULL;
}

enum { CREW_MOST = 64 };

// Where a thread cannot be had, the caller does that share itself.
static void each_in_threads(void *of, int n, void (*work)(void *arg, int i), void *arg)
{
    for (int from = 0; from < n; from += CREW_MOST) {
        pthread_t threads[CREW_MOST];
        Share shares[CREW_MOST];
        bool is_running[CREW_MOST] = { false };
        int count = n - from < CREW_MOST ? n - from : CREW_MOST;
        for (int i = 1; i < count; i++) {
            shares[i] = (Share){ work, arg, from + i };
            is_running[i] = pthread_create(&threads[i], NULL, do_share, &shares[i]) == 0;
        }
        work(arg, from);
        for (int i = 1; i < count; i++) {
            if (is_running[i])
                pthread_join(threads[i], NULL);
            else
                work(arg, from + i);
        }
    }
}

void tool_budget(Budget *budget, double seconds, int threads, uint64_t seed)
{
    const char *clock = getenv("TOOL_CLOCK");
    signal(SIGINT, on_interrupt);
    if (clock && strcmp(clock, "cpu") == 0)
        cpu_crew = threads > 1 ? threads : 1;
    *budget = (Budget){ .seconds = seconds,
                        .seed = seed,
                        .now = now_of,
                        .stop = &is_stopped,
                        .each = threads > 1 ? each_in_threads : NULL,
                        .crew = threads };
    budget_start(budget);
}
