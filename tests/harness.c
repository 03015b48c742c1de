// harness.c - runs tables of tests and counts.
#include "harness.h"

#include <unistd.h>

#ifndef TEST_SUITES
#define TEST_SUITES "suites.h"
#endif

#define SUITE(name) extern const Test name##_tests[];
#include TEST_SUITES
#undef SUITE

static const struct {
    const char *name;
    const Test *tests;
} suites[] = {
#define SUITE(name) { #name, name##_tests },
#include TEST_SUITES
#undef SUITE
};

const char *test_row;
static int failures, skips, runs;
static const char *skipped_why;
static Arena ctx_arena;
static Random ctx_random;
static Ctx ctx;

static uint64_t seed(void)
{
    const char *text = getenv("TEST_SEED");
    int64_t value = 42;
    if (text)
        str_int(str_from(text), &value);
    return (uint64_t)value;
}

void test_fail(const char *file, int line, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    failures++;
    printf("%s:%d: ", file, line);
    vprintf(format, args);
    printf("%s%s  (seed %llu)\n", test_row ? "  row: " : "", test_row ? test_row : "",
           (unsigned long long)seed());
    va_end(args);
}

void test_check_str(const char *file, int line, const char *what, Str actual, Str wanted)
{
    if (!str_eq(actual, wanted))
        test_fail(file, line, "%s is \"" STR_FMT "\", not \"" STR_FMT "\"", what, STR_ARG(actual),
                  STR_ARG(wanted));
}

void test_check_int(const char *file, int line, const char *what, int64_t actual, int64_t wanted)
{
    if (actual != wanted)
        test_fail(file, line, "%s is %lld, not %lld", what, (long long)actual, (long long)wanted);
}

void test_check_status(const char *file, int line, const char *what, Ctx *c, Status status,
                       const char *code)
{
    const char *got = status == OK ? "ok" : c->failure.code;
    if (status == OK ? code != NULL : !code || strcmp(got, code) != 0)
        test_fail(file, line, "%s: %s, not %s: " STR_FMT " (%s:%d)", what, got, code ? code : "ok",
                  STR_ARG(c->failure.message), c->failure.file ? c->failure.file : "",
                  c->failure.line);
    ctx_recover(c);
}

const char *test_root(void)
{
    const char *root = getenv("ENTREPOT_SOURCE");
    return root ? root : ".";
}

const char *test_shared(void)
{
    static char path[4096];
    const char *shared = getenv("ENTREPOT_SHARED");
    snprintf(path, sizeof path, "%s/../shared", test_root());
    const char *here = shared ? shared : path;
    return access(here, R_OK) == 0 ? here : NULL;
}

bool test_file_exists(const char *path)
{
    char full[4096];
    snprintf(full, sizeof full, "%s%s%s", path[0] == '/' ? "" : test_root(),
             path[0] == '/' ? "" : "/", path);
    return access(full, R_OK) == 0;
}

Str test_read_file(Arena *arena, const char *path)
{
    char full[4096];
    snprintf(full, sizeof full, "%s%s%s", path[0] == '/' ? "" : test_root(),
             path[0] == '/' ? "" : "/", path);
    FILE *in = fopen(full, "rb");
    if (!in) {
        fprintf(stderr, "cannot read %s\n", full);
        exit(2);
    }
    Buf out = { .arena = arena };
    char piece[65536];
    for (size_t n; (n = fread(piece, 1, sizeof piece, in)) > 0;)
        buf_put(&out, (Str){ piece, n });
    fclose(in);
    return buf_str(&out);
}

void test_golden(const char *name, Str actual)
{
    Arena arena = { 0 };
    Str path = str_format(&arena, "tests/golden/%s", name);
    if (getenv("UPDATE_GOLDEN")) {
        FILE *out = fopen(str_format(&arena, "%s/" STR_FMT, test_root(), STR_ARG(path)).ptr, "wb");
        if (out) {
            fwrite(actual.ptr, 1, actual.len, out);
            fclose(out);
        }
    } else if (!test_file_exists(path.ptr)) {
        test_fail(__FILE__, __LINE__, "no golden file " STR_FMT "; run with UPDATE_GOLDEN=1",
                  STR_ARG(path));
    } else if (!str_eq(test_read_file(&arena, path.ptr), actual)) {
        Str wrong = str_format(&arena, STR_FMT ".actual", STR_ARG(path));
        FILE *out = fopen(str_format(&arena, "%s/" STR_FMT, test_root(), STR_ARG(wrong)).ptr, "wb");
        if (out) {
            fwrite(actual.ptr, 1, actual.len, out);
            fclose(out);
        }
        test_fail(__FILE__, __LINE__, "differs from " STR_FMT "; see " STR_FMT, STR_ARG(path),
                  STR_ARG(wrong));
    }
    arena_release(&arena);
}

void test_skip(const char *why)
{
    skipped_why = why;
}

Ctx *test_ctx(void)
{
    ctx_random = (Random){ seed() };
    ctx = (Ctx){ .arena = &ctx_arena, .now = 1772445600000000, .random = &ctx_random };
    return &ctx;
}

static bool is_wanted(const char *suite, const char *test, int argc, char **argv)
{
    for (int i = 1; i < argc; i++)
        if (strcmp(argv[i], suite) == 0 || strstr(test, argv[i]))
            return true;
    return argc <= 1;
}

int main(int argc, char **argv)
{
    bool list_only = argc > 1 && strcmp(argv[1], "--list") == 0;
    setvbuf(stdout, NULL, _IOLBF, 0);
    for (size_t s = 0; s < COUNT(suites); s++)
        for (const Test *test = suites[s].tests; test->name; test++) {
            if (list_only) {
                printf("%s: %s\n", suites[s].name, test->name);
                continue;
            }
            if (!is_wanted(suites[s].name, test->name, argc, argv))
                continue;
            int before = failures;
            test_row = NULL;
            skipped_why = NULL;
            test->run();
            arena_release(&ctx_arena);
            runs++;
            skips += skipped_why != NULL;
            printf("%-4s %s: %s%s%s\n",
                   failures > before ? "FAIL"
                   : skipped_why     ? "skip"
                                     : "ok",
                   suites[s].name, test->name, skipped_why ? ": " : "",
                   skipped_why ? skipped_why : "");
        }
    if (!list_only)
        printf("%d tests, %d checks failed, %d skipped\n", runs, failures, skips);
    return failures != 0;
}
