// harness.h - the test framework. A test is a function; a failing check names its file and line
// (and its row, in a table-driven test) and the run goes on.
//
//     static void test_rounding(void) { CHECK(...); CHECK_STR(text, "1.50"); }
//     const Test number_tests[] = { { "rounding", test_rounding }, { 0 } };
#pragma once

#include "base/buf.h"
#include "base/ctx.h"
#include "base/random.h"

typedef struct Test {
    const char *name;
    void (*run)(void);
} Test;

extern const char *test_row;  // set by table-driven tests: which row is being checked

#define CHECK(condition) ((condition) ? (void)0 : test_fail(__FILE__, __LINE__, "%s", #condition))
#define CHECK_STR(actual, wanted)                                                                  \
    test_check_str(__FILE__, __LINE__, #actual, (actual), str_from(wanted))
#define CHECK_INT(actual, wanted) test_check_int(__FILE__, __LINE__, #actual, (actual), (wanted))
#define CHECK_OK(ctx, call)       test_check_status(__FILE__, __LINE__, #call, (ctx), (call), NULL)
#define CHECK_FAILS(ctx, code, call)                                                               \
    test_check_status(__FILE__, __LINE__, #call, (ctx), (call), (code))

void test_fail(const char *file, int line, const char *format, ...) PRINTF(3, 4);
void test_check_str(const char *file, int line, const char *what, Str actual, Str wanted);
void test_check_int(const char *file, int line, const char *what, int64_t actual, int64_t wanted);
// code NULL: the call must succeed; else it must fail with that code. Clears ctx's failure.
void test_check_status(const char *file, int line, const char *what, Ctx *ctx, Status status,
                       const char *code);

// Compares with tests/golden/<name>; UPDATE_GOLDEN=1 rewrites it, the reviewer reads the
// difference.
void test_golden(const char *name, Str actual);

// Says that a test could not run here and why. Counted and printed at the end, never silent.
void test_skip(const char *why);

// A context on an arena of its own, released after the test; its clock stands at
// 2026-03-02T10:00:00Z and its chance starts from the seed (TEST_SEED, printed when a test fails).
Ctx *test_ctx(void);

Str test_read_file(Arena *arena,
                   const char *path);  // from the source root; ends the test run if absent
bool test_file_exists(const char *path);
const char *test_root(void);    // the source tree
const char *test_shared(void);  // ENTREPOT_SHARED or ../shared; NULL when absent: skip visibly
