// test_collections.c - lists and maps, each also against the simplest thing that could do the same.
#include "base/list.h"
#include "base/map.h"

#include "harness.h"

typedef struct Item {
    int64_t number;
    char name[12];  // so that the size is no power of two
} Item;
typedef LIST(Item) ItemList;

static void test_list_grows(void)
{
    Ctx *ctx = test_ctx();
    ItemList list = { 0 };
    int64_t sum = 0;
    EACH (item, list)
        sum++;
    CHECK_INT(sum, 0);
    for (int i = 0; i < 1000; i++) {
        Item *item = list_push(ctx->arena, &list);
        CHECK(item->number == 0 && item->name[0] == '\0');
        *item = (Item){ i, "x" };
    }
    CHECK_INT((int64_t)list.len, 1000);
    EACH (item, list)
        sum += item->number;
    CHECK_INT(sum, 1000 * 999 / 2);
}

static void test_list_reserved_does_not_move(void)
{
    Ctx *ctx = test_ctx();
    ItemList list = { 0 };
    list_reserve(ctx->arena, &list, 500);
    const Item *items = list.items;
    CHECK_INT((int64_t)list.len, 0);
    for (int i = 0; i < 500; i++)
        list_push(ctx->arena, &list);
    list_reserve(ctx->arena, &list, 10);
    CHECK(list.items == items);
    list_push(ctx->arena, &list);
    CHECK(list.items != items);
}

// What was removed or cleared before is gone when its place is used again.
static void test_list_pushes_zeroed_items_again(void)
{
    Ctx *ctx = test_ctx();
    ItemList list = { 0 };
    *(Item *)list_push(ctx->arena, &list) = (Item){ 7, "old" };
    list.len = 0;
    const Item *again = list_push(ctx->arena, &list);
    CHECK(again->number == 0 && again->name[0] == '\0');
}

static void test_list_remove_keeps_the_order(void)
{
    Ctx *ctx = test_ctx();
    for (size_t len = 1; len <= 5; len++)
        for (size_t at = 0; at < len; at++) {
            ItemList list = { 0 };
            for (size_t i = 0; i < len; i++)
                *list_push(ctx->arena, &list) = (Item){ (int64_t)i, "x" };
            list_remove(&list, at);
            CHECK_INT((int64_t)list.len, (int64_t)len - 1);
            for (size_t i = 0; i < list.len; i++)
                CHECK_INT(list.items[i].number, (int64_t)(i < at ? i : i + 1));
        }
}

static void test_map(void)
{
    Ctx *ctx = test_ctx();
    Map map = { .arena = ctx->arena };
    int one = 1, two = 2, three = 3;
    CHECK(map_get(&map, S("a")) == NULL);
    CHECK(map_put(&map, S("a"), &one));
    CHECK(map_put(&map, S(""), &two));
    CHECK(!map_put(&map, S("a"), &three));
    CHECK(map_get(&map, S("a")) == &one);
    CHECK(map_get(&map, (Str){ NULL, 0 }) == &two);
    CHECK(map_get(&map, S("A")) == NULL);
    map_set(&map, S("a"), &three);
    map_set(&map, S("b"), &one);
    CHECK(map_get(&map, S("a")) == &three);
    CHECK_INT((int64_t)map.len, 3);
    CHECK_STR(map.keys[0], "a");
    CHECK_STR(map.keys[1], "");
    CHECK_STR(map.keys[2], "b");
    CHECK(map.values[0] == &three && map.values[1] == &two && map.values[2] == &one);
}

static void test_map_of_nothing_to_say(void)
{
    Ctx *ctx = test_ctx();
    Map set = { .arena = ctx->arena };
    CHECK(map_put(&set, S("sku"), NULL));
    CHECK(!map_put(&set, S("sku"), NULL));
    CHECK_INT((int64_t)set.len, 1);
}

static void test_map_grows(void)
{
    Ctx *ctx = test_ctx();
    Map map = { .arena = ctx->arena };
    enum { KEYS = 20000 };
    for (uintptr_t i = 0; i < KEYS; i++)
        CHECK(map_put(&map, str_format(ctx->arena, "key %zu", (size_t)i), (void *)(i + 1)));
    CHECK_INT((int64_t)map.len, KEYS);
    for (uintptr_t i = 0; i < KEYS; i++) {
        Str key = str_format(ctx->arena, "key %zu", (size_t)i);
        CHECK(map_get(&map, key) == (void *)(i + 1));
        CHECK(str_eq(map.keys[i], key));
    }
    CHECK(map_get(&map, S("key 20000")) == NULL);
}

// Few keys, many calls: the map says what an array of values by key says.
static void test_map_against_an_array(void)
{
    enum { KEYS = 40 };
    Ctx *ctx = test_ctx();
    for (int round = 0; round < 50; round++) {
        Map map = { .arena = ctx->arena };
        void *values[KEYS] = { NULL };
        for (uintptr_t i = 1; i < 200; i++) {
            size_t at = (size_t)random_below(ctx->random, KEYS);
            Str key = str_format(ctx->arena, "%zu", at);
            bool is_new = values[at] == NULL;
            if (random_chance(ctx->random, 2)) {
                CHECK(map_put(&map, key, (void *)i) == is_new);
                values[at] = is_new ? (void *)i : values[at];
            } else {
                map_set(&map, key, (void *)i);
                values[at] = (void *)i;
            }
            CHECK(map_get(&map, key) == values[at]);
        }
        size_t present = 0;
        for (size_t at = 0; at < KEYS; at++) {
            CHECK(map_get(&map, str_format(ctx->arena, "%zu", at)) == values[at]);
            present += values[at] != NULL;
        }
        CHECK_INT((int64_t)map.len, (int64_t)present);
        arena_clear(ctx->arena);
    }
}

const Test collections_tests[] = {
    { "a list grows", test_list_grows },
    { "a list with room does not move", test_list_reserved_does_not_move },
    { "a list pushes zeroed items, again too", test_list_pushes_zeroed_items_again },
    { "removing keeps the order", test_list_remove_keeps_the_order },
    { "a map keeps keys, values and their order", test_map },
    { "a map can be a set", test_map_of_nothing_to_say },
    { "a map grows", test_map_grows },
    { "a map says what an array says", test_map_against_an_array },
    { 0 },
};
