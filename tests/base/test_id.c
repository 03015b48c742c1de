// test_id.c - ids: in order, unique, and the same again after a trip through text.
//
// The newest id is kept by the program, so each test starts its clock after all ids drawn before
// it.
#include "base/date.h"
#include "base/id.h"

#include "harness.h"

#include <pthread.h>
#include <sched.h>

static Time later_than_all(void)
{
    return id_time(id_next(0)) + SECOND;
}

static void test_id_carries_its_time(void)
{
    Time now = later_than_all() + 123 * 1000;
    CHECK_INT(id_time(id_next(now)), now);
    CHECK_INT(id_time(id_next(now + 2999)), now + 2000);  // to the millisecond
}

static void test_ids_grow_when_the_clock_goes_back(void)
{
    Ctx *ctx = test_ctx();
    Time now = later_than_all();
    Id before = id_next(now);
    for (int i = 0; i < 20000; i++) {
        now += random_below(ctx->random, 2 * HOUR) - HOUR;
        Id id = id_next(now);
        CHECK(id > before);
        before = id;
    }
    CHECK(id_next(0) > before);
    CHECK(id_next(-HOUR) > before);
}

static void test_burst_in_one_millisecond(void)
{
    Time now = later_than_all();
    Id first = id_next(now), before = first;
    for (int i = 1; i < 100000; i++) {
        Id id = id_next(now);
        CHECK(id > before);
        before = id;
    }
    CHECK_INT(id_time(first), now);
    CHECK_INT(id_time(before), now + 100000 / 4096 * 1000);  // borrowed from the next ones
}

static void test_node_is_part_of_the_id(void)
{
    Time now = later_than_all();
    id_set_node(1023);
    Id high = id_next(now);
    id_set_node(5);
    Id low = id_next(now);
    id_set_node(0);
    CHECK_INT(high >> 12 & 1023, 1023);
    CHECK_INT(low >> 12 & 1023, 5);
    CHECK_INT(id_time(high), now);
    CHECK_INT(id_time(low), now);
}

enum { DRAWS = 1000000 };  // long enough for the scheduler to use two processors

typedef struct {
    _Atomic int *ready;  // how many threads have come to the start
    Time now;
    Id ids[DRAWS];
} Draw;

static void *draw_ids(void *arg)
{
    Draw *draw = arg;
    ++*draw->ready;
    while (*draw->ready < 2)
        sched_yield();  // not a barrier: waking from one takes longer than thousands of draws
    for (int i = 0; i < DRAWS; i++)
        draw->ids[i] = id_next(draw->now);
    return NULL;
}

static void test_threads_never_collide(void)
{
    Ctx *ctx = test_ctx();
    Draw *a = NEW(ctx->arena, Draw), *b = NEW(ctx->arena, Draw);
    _Atomic int ready = 0;
    pthread_t threads[2];
    a->ready = b->ready = &ready;
    a->now = b->now = later_than_all();
    CHECK(pthread_create(&threads[0], NULL, draw_ids, a) == 0);
    CHECK(pthread_create(&threads[1], NULL, draw_ids, b) == 0);
    pthread_join(threads[0], NULL);
    pthread_join(threads[1], NULL);

    int wrong = 0;
    for (int i = 1; i < DRAWS; i++)
        wrong += a->ids[i] <= a->ids[i - 1] || b->ids[i] <= b->ids[i - 1];
    for (int i = 0, k = 0; i < DRAWS; i++) {  // both are in order: walk them side by side
        while (k < DRAWS && b->ids[k] < a->ids[i])
            k++;
        wrong += k < DRAWS && b->ids[k] == a->ids[i];
    }
    CHECK_INT(wrong, 0);
}

static void test_text_round_trips(void)
{
    Ctx *ctx = test_ctx();
    Id before = 1;
    for (int i = 0; i < 20000; i++) {
        Id id = (Id)(random_next(ctx->random) >> (1 + random_below(ctx->random, 62))) | 1, back = 0;
        Str text = id_text(ctx->arena, id);
        CHECK(id_parse(text, &back));
        CHECK_INT(back, id);
        CHECK(id_parse(str_lower_ascii(ctx->arena, text), &back));
        CHECK_INT(back, id);
        // Texts sort as the numbers do.
        int order = str_compare(text, id_text(ctx->arena, before));
        CHECK((order > 0) == (id > before) && (order < 0) == (id < before));
        before = id;
    }
}

static void test_text(void)
{
    Ctx *ctx = test_ctx();
    Id id = 0;
    CHECK_STR(id_text(ctx->arena, 0), "");
    CHECK_STR(id_text(ctx->arena, 1), "0000000000001");
    CHECK_STR(id_text(ctx->arena, 31), "000000000000Z");
    CHECK_STR(id_text(ctx->arena, 32), "0000000000010");
    CHECK_STR(id_text(ctx->arena, INT64_MAX), "7ZZZZZZZZZZZZ");
    CHECK(id_parse(S("oOoOoOoOoOoiL"), &id));
    CHECK_INT(id, 33);
    CHECK(id_parse(S("oOoOoOoOoOolI"), &id));
    CHECK_INT(id, 33);
}

static void test_what_is_no_id_is_refused(void)
{
    static const char *const rows[] = {
        "",
        "1",
        "000000000001",    // twelve
        "00000000000001",  // fourteen
        "0000000000000",   // nothing
        "8000000000000",   // 64 bits
        "ZZZZZZZZZZZZZ",
        "000000000000U",  // the letter that Crockford leaves out
        "00000000000-1",
        " 000000000001",
        "000000000001 ",
        "00000000000\xC3\xA9",
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        Id id = 7;
        test_row = rows[i];
        CHECK(!id_parse(str_from(rows[i]), &id));
        CHECK_INT(id, 7);
    }
    Id id;
    CHECK(!id_parse((Str){ "000000000001\0", ID_TEXT_LEN }, &id));
}

const Test id_tests[] = {
    { "an id carries its time", test_id_carries_its_time },
    { "ids grow when the clock goes back", test_ids_grow_when_the_clock_goes_back },
    { "a burst in one millisecond is unique and in order", test_burst_in_one_millisecond },
    { "the node is part of the id", test_node_is_part_of_the_id },
    { "threads never collide", test_threads_never_collide },
    { "id text round-trips", test_text_round_trips },
    { "id text", test_text },
    { "what is no id is refused", test_what_is_no_id_is_refused },
    { 0 },
};
