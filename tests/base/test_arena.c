// test_arena.c - arenas and the boundary that a full one unwinds to: what was opened is closed, in
// order, however the work ends.
#include "base/arena.h"

#include "harness.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

// ---- Memory -------------------------------------------------------------------------------------

static bool is_zero(const char *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (bytes[i])
            return false;
    return true;
}

static void test_memory_is_zeroed_and_aligned(void)
{
    static const size_t sizes[] = { 0, 1, 15, 16, 17, 1000, 8192, 100000, 2000000 };
    Arena arena = { 0 };
    for (int round = 0; round < 3; round++) {
        for (size_t i = 0; i < COUNT(sizes); i++) {
            char *bytes = arena_alloc(&arena, sizes[i]);
            CHECK(bytes && (uintptr_t)bytes % 16 == 0);
            CHECK(is_zero(bytes, sizes[i]));
            memset(bytes, 'x', sizes[i]);
        }
        arena_clear(&arena);  // the next round gets used memory
        CHECK_INT((int64_t)arena.used, 0);
    }
    arena_release(&arena);
}

static void test_growing_keeps_what_was_there(void)
{
    Arena arena = { 0 };
    for (int has_neighbour = 0; has_neighbour < 2; has_neighbour++) {
        char *bytes = NULL;
        size_t had = 0;
        for (size_t size = 1; size < 300000; size = size * 2 + 1) {
            bytes = arena_grow(&arena, bytes, had, size);
            CHECK(is_zero(bytes + had, size - had));
            CHECK(had == 0 || (bytes[0] == 'x' && bytes[had - 1] == 'x'));
            memset(bytes, 'x', size);
            had = size;
            if (has_neighbour)
                *NEW(&arena, char) = 'n';
        }
    }
    arena_release(&arena);
}

static void test_clear_keeps_a_block_for_reuse(void)
{
    Arena arena = { 0 };
    arena_alloc(&arena, 100);
    const ArenaBlock *first = arena.block;
    for (int i = 0; i < 100; i++)
        arena_alloc(&arena, 10000);
    CHECK(arena.block != first);
    arena_clear(&arena);
    CHECK(arena.block == first);
    arena_release(&arena);
    CHECK(arena.block == NULL && arena.used == 0);
}

// ---- What is deferred ---------------------------------------------------------------------------

static char closed[16];  // names of what was closed, in order

static void close_named(void *name)
{
    size_t len = strlen(closed);
    closed[len] = *(const char *)name;
    closed[len + 1] = '\0';
}

static void open_named(Arena *arena, const char *name)
{
    arena_defer(arena, close_named, (void *)name);
}

static void test_what_is_deferred_runs_newest_first_and_once(void)
{
    Arena arena = { 0 };
    closed[0] = '\0';
    open_named(&arena, "a");
    open_named(&arena, "b");
    open_named(&arena, "c");
    arena_clear(&arena);
    CHECK_STR(str_from(closed), "cba");
    open_named(&arena, "d");
    arena_release(&arena);
    CHECK_STR(str_from(closed), "cbad");
    arena_release(&arena);
    CHECK_STR(str_from(closed), "cbad");
}

static void test_going_back_to_a_mark(void)
{
    Arena arena = { 0 };
    closed[0] = '\0';
    open_named(&arena, "a");
    char *kept = arena_alloc(&arena, 100);
    memset(kept, 'k', 100);

    ArenaMark outer = arena_mark(&arena);
    size_t used = arena.used;
    open_named(&arena, "b");
    arena_alloc(&arena, 50000);
    ArenaMark inner = arena_mark(&arena);
    open_named(&arena, "c");
    arena_alloc(&arena, 2000000);
    open_named(&arena, "d");

    arena_rewind(&arena, inner);
    CHECK_STR(str_from(closed), "dc");
    arena_rewind(&arena, inner);
    CHECK_STR(str_from(closed), "dc");
    open_named(&arena, "e");
    arena_rewind(&arena, outer);
    CHECK_STR(str_from(closed), "dceb");
    CHECK_INT((int64_t)arena.used, (int64_t)used);
    CHECK(kept[0] == 'k' && kept[99] == 'k');
    CHECK(is_zero(arena_alloc(&arena, 3000), 3000));

    arena_release(&arena);
    CHECK_STR(str_from(closed), "dceba");
}

static void test_going_back_to_the_very_beginning(void)
{
    Arena arena = { 0 };
    ArenaMark mark = arena_mark(&arena);
    arena_alloc(&arena, 100000);
    arena_rewind(&arena, mark);
    CHECK(arena.block == NULL && arena.used == 0);
    arena_release(&arena);
}

// A loop that goes back each time needs no more than its largest step.
static void test_a_rewinding_loop_stays_within_a_limit(void)
{
    Arena arena = { .limit = 100000 };
    arena_alloc(&arena, 1000);
    for (int i = 0; i < 1000; i++) {
        ArenaMark mark = arena_mark(&arena);
        arena_alloc(&arena, 60000);
        arena_rewind(&arena, mark);
    }
    CHECK_INT((int64_t)arena.used, 1008);
    arena_release(&arena);
}

// ---- The boundary -------------------------------------------------------------------------------

static Status take_bytes(Ctx *ctx, void *size)
{
    arena_alloc(ctx->arena, *(const size_t *)size);
    return OK;
}

static Status take_array(Ctx *ctx, void *count)
{
    NEW_ARRAY(ctx->arena, int64_t, *(const size_t *)count);
    return OK;
}

static void test_the_limit_unwinds(void)
{
    // clang-format off
    static const struct {
        const char *row;
        Status (*fn)(Ctx *ctx, void *arg);
        size_t size;
        const char *code;
    } rows[] = {
        { "up to the limit",            take_bytes, 1 << 20,           NULL },
        { "one beyond",                 take_bytes, (1 << 20) + 1,     "memory.limit" },
        { "a size no machine has",      take_bytes, SIZE_MAX - 5,      "memory.limit" },
        { "an array within the limit",  take_array, 1 << 17,           NULL },
        { "an array beyond it",         take_array, (1 << 17) + 1,     "memory.limit" },
        { "a product that overflows",   take_array, SIZE_MAX / 8 + 2,  "memory.limit" },
    };
    // clang-format on
    Arena arena = { .limit = 1 << 20 };
    Ctx ctx = { .arena = &arena };
    for (size_t i = 0; i < COUNT(rows); i++) {
        size_t size = rows[i].size;
        test_row = rows[i].row;
        test_check_status(__FILE__, __LINE__, "ctx_guard", &ctx, ctx_guard(&ctx, rows[i].fn, &size),
                          rows[i].code);
        CHECK(arena.on_limit == NULL && arena.on_limit_arg == NULL);
        arena_clear(&arena);
    }
    arena_release(&arena);
}

static Status fail_with(Ctx *ctx, void *how_many)
{
    return FAIL(ctx, E_CONFLICT, "some.code", "short by %d", *(int *)how_many);
}

static void test_other_failures_pass_through(void)
{
    Ctx *ctx = test_ctx();
    int how_many = 3;
    CHECK_INT(ctx_guard(ctx, fail_with, &how_many), E_CONFLICT);
    CHECK_STR(ctx->failure.message, "short by 3");
    CHECK_FAILS(ctx, "some.code", E_CONFLICT);
}

// Opens three things, each registered before it is acquired, with memory taken in between.
static int open_now;

static void close_one(void *is_open)
{
    open_now -= *(bool *)is_open;
}

static Status open_three(Ctx *ctx, void *ret_done)
{
    for (int i = 0; i < 3; i++) {
        bool *is_open = NEW(ctx->arena, bool);
        arena_defer(ctx->arena, close_one, is_open);
        *is_open = true;
        open_now++;
        arena_alloc(ctx->arena, 5000);
    }
    *(bool *)ret_done = true;
    return OK;
}

// The n-th allocation fails, for every n until none does; nothing may stay open.
static void test_whatever_allocation_fails_all_is_closed(void)
{
    Arena arena = { 0 };
    Ctx ctx = { .arena = &arena };
    Status status = E_LIMIT;
    long tries = 0;
    while (status != OK) {
        bool is_done = false;
        arena.fail_after = ++tries;
        status = ctx_guard(&ctx, open_three, &is_done);
        CHECK(is_done == (status == OK) && (status == OK || status == E_LIMIT));
        arena.fail_after = 0;
        arena_clear(&arena);
        CHECK_INT(open_now, 0);
    }
    CHECK_INT(tries, 3 * 3 + 1);
    arena_release(&arena);
}

// One guard inside another: the inner one answers for what happens inside it, the outer one for the
// rest.
typedef struct Nest {
    size_t inner, after;  // bytes taken inside the inner guard, and behind it
    Status inner_status;
} Nest;

static Status take_nested(Ctx *ctx, void *arg)
{
    Nest *nest = arg;
    nest->inner_status = ctx_guard(ctx, take_bytes, &nest->inner);
    ctx_recover(ctx);
    return take_bytes(ctx, &nest->after);
}

static void test_nested_guards(void)
{
    // clang-format off
    static const struct {
        const char *row;
        size_t inner, after;
        Status inner_status;
        const char *code;
    } rows[] = {
        { "all is well",              10,   10,   OK,      NULL },
        { "the inner one is full",    2000, 10,   E_LIMIT, NULL },
        { "the outer one is full",    10,   2000, OK,      "memory.limit" },
        { "first inner, then outer",  2000, 2000, E_LIMIT, "memory.limit" },
    };
    // clang-format on
    Arena arena = { .limit = 1000 };
    Ctx ctx = { .arena = &arena };
    for (size_t i = 0; i < COUNT(rows); i++) {
        Nest nest = { rows[i].inner, rows[i].after, E_INTERNAL };
        test_row = rows[i].row;
        test_check_status(__FILE__, __LINE__, "ctx_guard", &ctx,
                          ctx_guard(&ctx, take_nested, &nest), rows[i].code);
        CHECK_INT(nest.inner_status, rows[i].inner_status);
        arena_clear(&arena);
    }
    arena_release(&arena);
}

static void test_without_a_boundary_the_program_ends(void)
{
    int status = 0;
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        Arena arena = { .limit = 10 };
        close(STDERR_FILENO);
        arena_alloc(&arena, 11);
        _exit(0);
    }
    waitpid(child, &status, 0);
    CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
}

const Test arena_tests[] = {
    { "memory is zeroed and aligned", test_memory_is_zeroed_and_aligned },
    { "growing keeps what was there", test_growing_keeps_what_was_there },
    { "clear keeps a block for reuse", test_clear_keeps_a_block_for_reuse },
    { "what is deferred runs newest first and once",
      test_what_is_deferred_runs_newest_first_and_once },
    { "going back to a mark", test_going_back_to_a_mark },
    { "going back to the very beginning", test_going_back_to_the_very_beginning },
    { "a rewinding loop stays within a limit", test_a_rewinding_loop_stays_within_a_limit },
    { "the limit unwinds", test_the_limit_unwinds },
    { "other failures pass through", test_other_failures_pass_through },
    { "whatever allocation fails, all is closed", test_whatever_allocation_fails_all_is_closed },
    { "nested guards", test_nested_guards },
    { "without a boundary the program ends", test_without_a_boundary_the_program_ends },
    { 0 },
};
